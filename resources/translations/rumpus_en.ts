<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
<context>
    <name></name>
    <message numerus="yes">
        <source>%Ln are ready.</source>
        <translation>
            <numerusform>%Ln is ready.</numerusform>
            <numerusform>%Ln are ready.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln deleted files are still known on {name}.</source>
        <translation>
            <numerusform>%Ln deleted file is still known on {name}.</numerusform>
            <numerusform>%Ln deleted files are still known on {name}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln file</numerusform>
            <numerusform>%Ln files</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are not the same on both sides.</source>
        <translation>
            <numerusform>%Ln file is not the same on both sides.</numerusform>
            <numerusform>%Ln files are not the same on both sides.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are on this computer, whole.</source>
        <translation>
            <numerusform>%Ln file is on this computer, whole.</numerusform>
            <numerusform>%Ln files are on this computer, whole.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are the same on both sides.</source>
        <translation>
            <numerusform>%Ln file is the same on both sides.</numerusform>
            <numerusform>%Ln files are the same on both sides.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files did not arrive: {names}. No half file was left on this computer.</source>
        <translation>
            <numerusform>%Ln file did not arrive: {names}. No half file was left on this computer.</numerusform>
            <numerusform>%Ln files did not arrive: {names}. No half file was left on this computer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files did not get there whole: {names}. No half file passes for a whole one.</source>
        <translation>
            <numerusform>%Ln file did not get there whole: {names}. No half file passes for a whole one.</numerusform>
            <numerusform>%Ln files did not get there whole: {names}. No half file passes for a whole one.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files need {needed}, and {free} are free. {more} more are needed. Nothing was copied.</source>
        <translation>
            <numerusform>%Ln file needs {needed}, and {free} are free. {more} more are needed. Nothing was copied.</numerusform>
            <numerusform>%Ln files need {needed}, and {free} are free. {more} more are needed. Nothing was copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files read back from {stick}: all the same.</source>
        <translation>
            <numerusform>%Ln file read back from {stick}: the same.</numerusform>
            <numerusform>%Ln files read back from {stick}: all the same.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files that were being copied to it are on it, whole.</source>
        <translation>
            <numerusform>%Ln file that was being copied to it is on it, whole.</numerusform>
            <numerusform>%Ln files that were being copied to it are on it, whole.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files were not compared: {names}.</source>
        <translation>
            <numerusform>%Ln file was not compared: {names}.</numerusform>
            <numerusform>%Ln files were not compared: {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders</source>
        <translation>
            <numerusform>%Ln folder</numerusform>
            <numerusform>%Ln folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders could not be looked into.</source>
        <translation>
            <numerusform>%Ln folder could not be looked into.</numerusform>
            <numerusform>%Ln folders could not be looked into.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hidden items</source>
        <translation>
            <numerusform>%Ln hidden item</numerusform>
            <numerusform>%Ln hidden items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln item</numerusform>
            <numerusform>%Ln items</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items are gone already.</source>
        <translation>
            <numerusform>%Ln item is gone already.</numerusform>
            <numerusform>%Ln items are gone already.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items are gone, or a part of them: {names}.</source>
        <translation>
            <numerusform>%Ln item is gone, or a part of it: {names}.</numerusform>
            <numerusform>%Ln items are gone, or a part of them: {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items cannot be on {stick} as they are.</source>
        <translation>
            <numerusform>%Ln item cannot be on {stick} as it is.</numerusform>
            <numerusform>%Ln items cannot be on {stick} as they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items so far</source>
        <translation>
            <numerusform>%Ln item so far</numerusform>
            <numerusform>%Ln items so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items that were to be deleted are still there.</source>
        <translation>
            <numerusform>%Ln item that was to be deleted is still there.</numerusform>
            <numerusform>%Ln items that were to be deleted are still there.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more are not listed.</source>
        <translation>
            <numerusform>%Ln more is not listed.</numerusform>
            <numerusform>%Ln more are not listed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names</source>
        <translation>
            <numerusform>%Ln name</numerusform>
            <numerusform>%Ln names</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names for the same file</source>
        <translation>
            <numerusform>%Ln name for the same file</numerusform>
            <numerusform>%Ln names for the same file</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need a look: {names}.</source>
        <translation>
            <numerusform>%Ln needs a look: {names}.</numerusform>
            <numerusform>%Ln need a look: {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts of it could not be read</source>
        <translation>
            <numerusform>%Ln part of it could not be read</numerusform>
            <numerusform>%Ln parts of it could not be read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln problem</numerusform>
            <numerusform>%Ln problems</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln seconds</source>
        <translation>
            <numerusform>%Ln second</numerusform>
            <numerusform>%Ln seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sticks were plugged in</source>
        <translation>
            <numerusform>%Ln stick was plugged in</numerusform>
            <numerusform>%Ln sticks were plugged in</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sticks were pulled out too early</source>
        <translation>
            <numerusform>%Ln stick was pulled out too early</numerusform>
            <numerusform>%Ln sticks were pulled out too early</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are still under way.</source>
        <translation>
            <numerusform>Something is still under way.</numerusform>
            <numerusform>%Ln things are still under way.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are wrong that a repair leaves.</source>
        <translation>
            <numerusform>%Ln thing is wrong that a repair leaves.</numerusform>
            <numerusform>%Ln things are wrong that a repair leaves.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are wrong with {name}.</source>
        <translation>
            <numerusform>%Ln thing is wrong with {name}.</numerusform>
            <numerusform>%Ln things are wrong with {name}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln volumes</source>
        <translation>
            <numerusform>%Ln volume</numerusform>
            <numerusform>%Ln volumes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln attempts to break out were refused.</source>
        <translation>
            <numerusform>The attempt to break out was refused.</numerusform>
            <numerusform>All %Ln attempts to break out were refused.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Everything in the %Ln folders goes with them.</source>
        <translation>
            <numerusform>Everything in the folder goes with it.</numerusform>
            <numerusform>Everything in the folders goes with them.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>So do %Ln more.</source>
        <translation>
            <numerusform>So does %Ln more.</numerusform>
            <numerusform>So do %Ln more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The same for %Ln other files that are there already</source>
        <translation>
            <numerusform>The same for %Ln other file that is there already</numerusform>
            <numerusform>The same for %Ln other files that are there already</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Try the %Ln files again</source>
        <translation>
            <numerusform>Try the file again</numerusform>
            <numerusform>Try the %Ln files again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{names} and %Ln others</source>
        <translation>
            <numerusform>{names} and %Ln other</numerusform>
            <numerusform>{names} and %Ln others</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{name} is read behind %Ln walls.</source>
        <translation>
            <numerusform>{name} is read behind %Ln wall.</numerusform>
            <numerusform>{name} is read behind %Ln walls.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{name} is repaired, but %Ln things are wrong still.</source>
        <translation>
            <numerusform>{name} is repaired, but %Ln thing is wrong still.</numerusform>
            <numerusform>{name} is repaired, but %Ln things are wrong still.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{through} of %Ln attempts to break out went through. Open no stick that you do not trust on this computer.</source>
        <translation>
            <numerusform>The attempt to break out went through. Open no stick that you do not trust on this computer.</numerusform>
            <numerusform>{through} of %Ln attempts to break out went through. Open no stick that you do not trust on this computer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{what} and %Ln other folders</source>
        <translation>
            <numerusform>{what} and %Ln other folder</numerusform>
            <numerusform>{what} and %Ln other folders</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>… and %Ln more</numerusform>
            <numerusform>… and %Ln more</numerusform>
        </translation>
    </message>
</context>
</TS>
