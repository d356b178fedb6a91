<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name></name>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are not the same on both sides.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files need {needed}, and {free} are free. {more} more would have to be. Nothing was copied.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files read back from {stick}: all the same.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hidden items</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items are gone already.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items cannot be on {stick} as they are.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items so far</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names for the same file</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts of it could not be read</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln seconds</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are still under way.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are wrong that a repair leaves.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are wrong with {name}.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln volumes</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;File system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>&amp;What</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>(the first {taken} of {size} bytes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A file of {size} is larger than {it} can hold.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A name there does not end with a dot or a space.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A name there has 255 characters at most.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of it belongs to another file too.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of it cannot be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A part of {it} can no longer be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A path on this stick, such as /Photos/2026</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A program of its own (process {pid}) reads this stick and does nothing else. Should what is on the stick take it over, these walls stand around it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A repair writes to the stick: make a copy of the whole of it before you try one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>A repair writes {size}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Accessed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After {done} of {files}. The copy itself is not touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>After {done} of {files}. Whole files stay, no half file was left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>All %Ln attempts to break out were refused.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>All {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Another one has the same name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ask whoever looks after this computer to install the access rule that comes with Rumpus, then plug the stick in again. If a password was asked for, you can also try again and enter it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Back to the files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Being read back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cannot be read yet</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Capsule, with what it takes to see this again; no file&apos;s content (*.zip)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Changed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Check…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose a folder outside it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another file system for it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name, or take the other one away first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the preview</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Close without ejecting</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied {what} to {to}, but not all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied {what} to {to}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy here</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy out first what you cannot do without.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy the technical details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy to</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy to…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what can be read…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what matters to you first. Pieces that cannot be read are left empty and listed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy what matters to you off it, and put the rest on another stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copy with changed names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Copying {what} to {to}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Counting: {files} so far</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Created</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Cut</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete {what} from {stick}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted {what} from {at}, but not all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleted {what} from {at}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Deleting {what} from {at}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Destination</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Device or pipe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Disk images (*.img *.iso *.dd *.raw *.bin *.ima *.vfd)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not plug it into another computer before you know which.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Do not plug it into another computer. Give it to whoever looks after security here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop a disk image here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Drop it here to look inside</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Either the stick is failing, or what it holds leads Rumpus astray.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Eject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Eject it there, or close that program, and try again. Rumpus opens a stick only when nobody else can change it meanwhile.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Eject when it is done</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Ejecting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Empty</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>End that and eject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase {name}, {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Erase {name}?</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Everything in the %Ln folders goes with them.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Everything on it will be lost, and nothing brings it back. Look at what it is before you go on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Everything that was copied to it is on it, and no program holds it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Expected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Failed {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Feature</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>File system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Files that were hidden by it will be shown again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter this folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Filter this folder. Click to look in the whole stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>First byte</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Folders above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forbidden call</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Formatting…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Format…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Forward</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Found instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Getting {what} ready to be dragged</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Go to the folder above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Gone</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Hide the history</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Icons</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In use elsewhere</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In {folder}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>In {folder}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Is no folder, and will be a file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Isolated</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can ask the system for almost nothing</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It can never gain rights</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It cannot use this computer up</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It could not be switched off, which does no harm.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It gave up being the administrator before it read anything.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has no administrator&apos;s powers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It has no network</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It may be new, erased, encrypted as a whole, or made for a camera or another device. If a file manager offers to format it, that would erase what is there.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It runs as nobody</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It sees no other program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It shares no memory</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It takes more space than it needs.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It tried to {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was in use: {lost}. {safe} Not safe: {unsafe}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was neither read nor changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was not read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was pulled out while something was written, or errors were met on it before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was refused.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was stopped before it took effect: none of your files and no network was reached.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It was stopped, as you asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>It went through: this wall has a hole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its entry in the folder is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its file system stops at {limit}. One with exFAT can hold larger files.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its memory and files are bounded, and it can start nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its memory is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Its pieces cannot be followed to their end.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep going</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep it in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep running when the window is closed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Kind of error</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Largest</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave it plugged in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Length</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Limit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Look around the sample stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looked for</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Looking at {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make files of what belongs to no file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Make room there, or choose a folder elsewhere.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Menu (F10)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Missing wall</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Modified</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>More than {text}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moved {what} to {to}, but not all of it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moved {what} to {to}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Moving {what} to {to}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Names</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Needed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>New name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No access</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No file is within its reach</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No label</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No name</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No other program looks into it, and it ends together with Rumpus.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No preview: the walls for it could not be put up.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No preview: this file made what unpacked it try what it must not. It was ended, and nothing else was touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No preview: unpacking this file took too long, and was ended.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No preview: what unpacked this file failed at it. Nothing else was touched.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No program on this computer says that it opens this.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No stick is plugged in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>No user of this computer exists in it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not a single one of them is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not copied</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not copied, as its folder could not be made</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not in force: “{title}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not opened</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not recognised</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not safe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not saved: {why}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not switched off because</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not the same from byte {offset} on</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Not yours, not the system&apos;s: only this one stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be sent anywhere, not even on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing can be written to {it}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing has been copied yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in it belongs to you.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing in this folder is called “{text}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is changed by that.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing is wrong with {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing of {what} could be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing on it was changed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing on the stick can become a program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing on this stick is called “{text}”.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Nothing was copied yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Of the two copies of what says where everything lies, one is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On it now</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On the stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>On {stick}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a part of this folder is shown. The rest of it can no longer be read.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a part of this folder is shown. The rest of it is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only a part of this folder is shown. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only files that are on this computer can be copied to a stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the first {number} are shown: type more to find fewer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the first {number} entries of this folder are shown.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the first {number} names of this stick were looked at.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Only the volume {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a disk image</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open a disk image…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it safely</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Open it safely instead</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened at</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opened by the desktop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening a file, reaching a network or starting a program is not among the few requests it has left. A try ends it at once.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Operation</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Other files lie where a part of {it} was before it was deleted.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Owner, group</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paste</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pause</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Paused · {done} · the stick is still in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Picture: {facts}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pieces of a long name belong to no file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Place</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plug in a stick, or drop a disk image here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Plug one in, and it shows up here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview beside the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Preview of {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Programs talk through shared memory; it has none to share.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Progress</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Properties</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Properties of {title}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Pulled out</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put it back, and it opens again by itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Put it into another folder of the stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quick look (Space)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Quit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Read again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading back was stopped, as you asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading once more what led to this…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {it} took too long, and was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading {what} back to compare</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reading… {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Reason</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipt</source>
        <comment>the beginning of a file name</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Receipts (*.json)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Remove what is in it first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repair</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Repairing {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Resume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus can only read what is on it, not change it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus can take it from the desktop, and open it behind its walls.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus cannot read {it} yet: {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus has not touched it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus is {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus made a mistake while it was reading {it}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus never runs anything from a stick. Its text can be shown here, where it can do nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Rumpus recognises nothing on {it}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Safe</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Safe to remove</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save receipt…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save report</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the receipt</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Save the technical details as a text file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search this stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Search this stick. Click to look in this folder only.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searched {names}, {found} found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Searching… {names}, {found} found</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>See whether you may open it, and try again.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select a file to look into it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Select all</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show Rumpus</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show hidden files</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show it as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the walls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Show the walls around this stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skip it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skipped {number}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Skipped: one of that name was there</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>So do %Ln more.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>So it cannot stop one or listen to one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Some sticks have a switch at the side that protects them. Reading works as before.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something is built on it: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something is wrong</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something lies behind the end of the folder, where nobody looks.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something on {it} is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Something went wrong with {it}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space is taken that belongs to no file.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Space of files is marked as free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Special file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Speed over time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Start with the session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>State</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stays as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sticks</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sticks and images</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Sticks are not noticed on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stop it and eject</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Stopped, as you asked.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Structure</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test the walls</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Test the walls again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Text of the file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The copy with fewer faults will replace the other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The count of free space is wrong.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desktop has opened it at {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The desktop has opened {it} itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The end of it is missing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file as text</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The file that was being written. No half file was left behind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The first folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder does not begin as folders do.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder where {it} should go is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {name} on {it}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {what} can hold no more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {what} cannot be moved into itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The folder {what} is not empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The new one</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The originals stay where they are. Delete them there once the copy is complete.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The other parts of it can still be copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The other way round</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The process that read it was ended, and nothing it said last was believed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The program {what} has it open.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The reason is {reason}. Reading works.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The receipt was not saved. {why}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The receipt was saved as {path}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The rest will be cut off. No byte of it is lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>The same for %Ln other files that are there already</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>The same on both sides</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The sound copy will replace the other.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stick is unchanged. Files that were copied whole are whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stick is unchanged. No half file was left behind.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stick itself. What it holds may have been made to take over computers.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The stick itself: this can be a fault of ours, and it can be an attack.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The system of this computer does not give this wall. The others stand without it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The table by which names are compared is missing or broken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The test</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The two copies of the table that tells where files lie differ.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>The whole stick, as one volume</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There are no files on the clipboard.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no room left for {it} where it should go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is no sign of damage. {untouched}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough room on {it}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is not enough room on {stick}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>There is something named {what} already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These are the results of a search. Drop it onto one of the folders, or into one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>These signs cannot be in a name there: &quot; * / : &lt; &gt; ? \ |</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>They have the same size and date.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This cannot be undone: a stick has no rubbish bin.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer does not let you open {it}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer uses it as memory (swap).</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This computer&apos;s system lacks the protection named below. A newer one has it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file cannot be read from the stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This file is locked with a password.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This folder is empty.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is a fault of ours. The report says what happened; it may contain names of files, so look through it before you pass it on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This is too much to drag. Copy it to a folder instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This name contains characters that cannot be seen. Signs stand in their place.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This name is very long; its middle is left out here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This picture is damaged.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This picture is too large for a preview.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>This stick was not ejected properly the last time. What was being written then may be damaged. Copy what matters from it before you put anything new on it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Times are</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Transfers of this session</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Try again</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>Try the %Ln files again</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>Type</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Type a path</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Unit</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Up to the folder above</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Verify every copy</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waited</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting for your answer above.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Waiting until this computer&apos;s disk has all of it…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What came from reading {it} made no sense, and nothing more is taken from it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What failed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What has arrived whole stays. What is on its way is stopped, and no half file is left.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is stored in that part. A stick that begins to fail usually goes on failing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is too large is left out in any case.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What is written to its memory can never be run.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What it is about</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What protects you here does not there: the system itself reads what is on it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What tells which space is taken is missing or broken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What the damaged part should lead to may be lost.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What to do</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was being copied when it went. No half file passes for a whole one.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was being written. A stick that stops taking data is usually worn out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was on it before, and every file that was copied whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was on it before. Nothing that failed is shown as done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was overwritten does not come back.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>What was said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whatever is on it is read by a program of its own, which can open no file of yours, reach no network and start nothing.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whatever it does, it stays as weak as it is.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Whatever lies elsewhere on it can still be copied.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where on it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Where to look</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>While {it} was being read, something was tried that is forbidden, and was stopped.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be an empty file: none of its bytes can be found.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be counted anew.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be free. What is in it is lost then.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be marked as clean.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be marked as taken.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be removed.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be removed: nothing can be found through it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will be set right.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will become files on the stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will become files on the stick: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will end where its sound part does.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will get a copy of that part for itself.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will get another name.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Will get another name: {names}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing the last {size} to {stick}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing what is left, and ejecting {name}…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>Writing. Leave it plugged in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>You may not write where {it} should go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a few seconds</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a folder</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>a link</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>and</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another one has the same name there, but for capital letters</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>another program</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>as the clock of whoever wrote them showed it</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>at the top</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>changed since the last backup</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>compressed</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a date, as QLocale.toString takes it</comment>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>encrypted</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>every computer and camera; files up to 4.3 GB</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>folded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in question</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>in the time of this computer</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>it became shorter meanwhile (0)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>like that</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>newer devices; files of any size</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not known</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>not said</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>nothing that Rumpus knows</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>old devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>read-only</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>something unknown</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>that was given</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the first {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>the stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this file system</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>this stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>unfolded</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>very old devices</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>was ejected properly</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>was not ejected properly last time</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>what was expected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{done} of {files} are safe and are not copied again</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{extension} file</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{files_done} of {files}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} free</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{free} free of {size}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} can be pulled out now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} cannot hold the name {name}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} could not be made a folder of this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} could not be written to its destination.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} did not take what was written to it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} has no size that {system} can have.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} is in use by {who}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} is larger than a file may be where it should go.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} was not opened, because a wall that must stand around it is missing here.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{it} was pulled out.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{left} left</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{length} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{names}. Copy again; if that does not help, do not trust this stick.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} (folder)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} cannot be pulled out yet.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} could not be read on this computer.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is being read or written. Wait, or stop that first.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is ejected when that is done.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is empty now: {what}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is never formatted: this computer runs from it.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{name} is read behind %Ln walls.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} is repaired, and nothing is wrong with it now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{name} is repaired, but %Ln things are wrong still.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} stays closed. {sentence}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was not ejected.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was plugged in</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{name} was pulled out too early</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{now}/s now, {highest}/s at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{number} hidden</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{path}: {why}; would be {name}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} ({bytes} bytes)</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} are too much to drag. Copy them to a folder instead.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} bytes</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} compared, byte by byte, from both media.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} in {time}, {rate}/s</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} more would have to be free.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size} written. Leave it plugged in.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, and files there have {limit} at most</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, in use: {what}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, open</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}, ready</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{size}. It is read behind walls, in a process of its own.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{stick} was pulled out: put it back and the copy goes on.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{text}, {used} of {size} in use</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{through} of %Ln attempts to break out went through. Open no stick that you do not trust on this computer.</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{title}: in force. {meaning}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{title}: not in force. {meaning}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{untouched} The mistake stayed within this stick&apos;s own process.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{untouched} The other folders may well be whole.</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>{what} and %Ln other folders</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
    <message>
        <source>{what} can be dragged from here now.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} could not be searched to the end: damaged or unreadable.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} is damaged, and cannot be shown as it stands.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} is not there any more.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} is not {wanted}.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} selected</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} was opened, with gaps.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} was opened.</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what} · to be read back</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>{what}, all of it on the stick</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <source>“{name}”</source>
        <translation type="unfinished"></translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation type="unfinished">
            <numerusform></numerusform>
            <numerusform></numerusform>
        </translation>
    </message>
</context>
</TS>
