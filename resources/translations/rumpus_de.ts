<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de">
<context>
    <name></name>
    <message numerus="yes">
        <source>%Ln are ready.</source>
        <translation>
            <numerusform>%Ln ist bereit.</numerusform>
            <numerusform>%Ln sind bereit.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln deleted files are still known on {name}.</source>
        <translation>
            <numerusform>%Ln gelöschte Datei ist auf {name} noch bekannt.</numerusform>
            <numerusform>%Ln gelöschte Dateien sind auf {name} noch bekannt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files</source>
        <translation>
            <numerusform>%Ln Datei</numerusform>
            <numerusform>%Ln Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are not the same on both sides.</source>
        <translation>
            <numerusform>%Ln Datei ist nicht auf beiden Seiten gleich.</numerusform>
            <numerusform>%Ln Dateien sind nicht auf beiden Seiten gleich.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are on this computer, whole.</source>
        <translation>
            <numerusform>%Ln Datei ist vollständig auf diesem Computer.</numerusform>
            <numerusform>%Ln Dateien sind vollständig auf diesem Computer.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files are the same on both sides.</source>
        <translation>
            <numerusform>%Ln Datei ist auf beiden Seiten gleich.</numerusform>
            <numerusform>%Ln Dateien sind auf beiden Seiten gleich.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files did not arrive: {names}. No half file was left on this computer.</source>
        <translation>
            <numerusform>%Ln Datei kam nicht an: {names}. Auf diesem Computer blieb keine halbe Datei zurück.</numerusform>
            <numerusform>%Ln Dateien kamen nicht an: {names}. Auf diesem Computer blieb keine halbe Datei zurück.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files did not get there whole: {names}. No half file passes for a whole one.</source>
        <translation>
            <numerusform>%Ln Datei kam nicht vollständig an: {names}. Keine halbe Datei gibt sich als ganze aus.</numerusform>
            <numerusform>%Ln Dateien kamen nicht vollständig an: {names}. Keine halbe Datei gibt sich als ganze aus.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files need {needed}, and {free} are free. {more} more are needed. Nothing was copied.</source>
        <translation>
            <numerusform>%Ln Datei braucht {needed}, und {free} sind frei. Es fehlen {more}. Es wurde nichts kopiert.</numerusform>
            <numerusform>%Ln Dateien brauchen {needed}, und {free} sind frei. Es fehlen {more}. Es wurde nichts kopiert.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files read back from {stick}: all the same.</source>
        <translation>
            <numerusform>%Ln Datei von {stick} zurückgelesen: gleich.</numerusform>
            <numerusform>%Ln Dateien von {stick} zurückgelesen: alle gleich.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files that were being copied to it are on it, whole.</source>
        <translation>
            <numerusform>%Ln Datei, die gerade kopiert wurde, ist vollständig darauf.</numerusform>
            <numerusform>%Ln Dateien, die gerade kopiert wurden, sind vollständig darauf.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files were not compared: {names}.</source>
        <translation>
            <numerusform>%Ln Datei wurde nicht verglichen: {names}.</numerusform>
            <numerusform>%Ln Dateien wurden nicht verglichen: {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders</source>
        <translation>
            <numerusform>%Ln Ordner</numerusform>
            <numerusform>%Ln Ordner</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln folders could not be looked into.</source>
        <translation>
            <numerusform>%Ln Ordner ließ sich nicht durchsehen.</numerusform>
            <numerusform>%Ln Ordner ließen sich nicht durchsehen.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hidden items</source>
        <translation>
            <numerusform>%Ln verborgenes Element</numerusform>
            <numerusform>%Ln verborgene Elemente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items</source>
        <translation>
            <numerusform>%Ln Element</numerusform>
            <numerusform>%Ln Elemente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items are gone already.</source>
        <translation>
            <numerusform>%Ln Element ist schon gelöscht.</numerusform>
            <numerusform>%Ln Elemente sind schon gelöscht.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items are gone, or a part of them: {names}.</source>
        <translation>
            <numerusform>%Ln Element ist ganz oder zum Teil gelöscht: {names}.</numerusform>
            <numerusform>%Ln Elemente sind ganz oder zum Teil gelöscht: {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items cannot be on {stick} as they are.</source>
        <translation>
            <numerusform>%Ln Element kann so nicht auf {stick} abgelegt werden.</numerusform>
            <numerusform>%Ln Elemente können so nicht auf {stick} abgelegt werden.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items so far</source>
        <translation>
            <numerusform>Bisher %Ln Element</numerusform>
            <numerusform>Bisher %Ln Elemente</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items that were to be deleted are still there.</source>
        <translation>
            <numerusform>%Ln Element, das gelöscht werden sollte, ist noch da.</numerusform>
            <numerusform>%Ln Elemente, die gelöscht werden sollten, sind noch da.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more are not listed.</source>
        <translation>
            <numerusform>%Ln weitere ist nicht aufgeführt.</numerusform>
            <numerusform>%Ln weitere sind nicht aufgeführt.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names</source>
        <translation>
            <numerusform>%Ln Name</numerusform>
            <numerusform>%Ln Namen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln names for the same file</source>
        <translation>
            <numerusform>%Ln Name für dieselbe Datei</numerusform>
            <numerusform>%Ln Namen für dieselbe Datei</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need a look: {names}.</source>
        <translation>
            <numerusform>%Ln braucht einen Blick: {names}.</numerusform>
            <numerusform>%Ln brauchen einen Blick: {names}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln parts of it could not be read</source>
        <translation>
            <numerusform>%Ln Teil davon war nicht lesbar</numerusform>
            <numerusform>%Ln Teile davon waren nicht lesbar</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln problems</source>
        <translation>
            <numerusform>%Ln Problem</numerusform>
            <numerusform>%Ln Probleme</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln seconds</source>
        <translation>
            <numerusform>%Ln Sekunde</numerusform>
            <numerusform>%Ln Sekunden</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sticks were plugged in</source>
        <translation>
            <numerusform>%Ln Stick wurde eingesteckt</numerusform>
            <numerusform>%Ln Sticks wurden eingesteckt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sticks were pulled out too early</source>
        <translation>
            <numerusform>%Ln Stick wurde zu früh abgezogen</numerusform>
            <numerusform>%Ln Sticks wurden zu früh abgezogen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are still under way.</source>
        <translation>
            <numerusform>Ein Vorgang läuft noch.</numerusform>
            <numerusform>%Ln Vorgänge laufen noch.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are wrong that a repair leaves.</source>
        <translation>
            <numerusform>%Ln Fehler bleibt auch nach einer Reparatur.</numerusform>
            <numerusform>%Ln Fehler bleiben auch nach einer Reparatur.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln things are wrong with {name}.</source>
        <translation>
            <numerusform>{name} hat %Ln Fehler.</numerusform>
            <numerusform>{name} hat %Ln Fehler.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln volumes</source>
        <translation>
            <numerusform>%Ln Datenträger</numerusform>
            <numerusform>%Ln Datenträger</numerusform>
        </translation>
    </message>
    <message>
        <source>&amp;File system</source>
        <translation>&amp;Dateisystem</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;What</source>
        <translation>&amp;Was</translation>
    </message>
    <message>
        <source>(the first {taken} of {size} bytes)</source>
        <translation>(die ersten {taken} von {size} Bytes)</translation>
    </message>
    <message>
        <source>1 page</source>
        <translation>1 Seite</translation>
    </message>
    <message>
        <source>A Java program</source>
        <translation>Ein Java-Programm</translation>
    </message>
    <message>
        <source>A Java program.</source>
        <translation>Ein Java-Programm.</translation>
    </message>
    <message>
        <source>A Linux program</source>
        <translation>Ein Linux-Programm</translation>
    </message>
    <message>
        <source>A Linux program.</source>
        <translation>Ein Linux-Programm.</translation>
    </message>
    <message>
        <source>A Windows help file</source>
        <translation>Eine Windows-Hilfedatei</translation>
    </message>
    <message>
        <source>A Windows help file, which can start a program.</source>
        <translation>Eine Windows-Hilfedatei, die ein Programm starten kann.</translation>
    </message>
    <message>
        <source>A Windows program</source>
        <translation>Ein Windows-Programm</translation>
    </message>
    <message>
        <source>A Windows program.</source>
        <translation>Ein Windows-Programm.</translation>
    </message>
    <message>
        <source>A Windows script</source>
        <translation>Ein Windows-Skript</translation>
    </message>
    <message>
        <source>A Windows script.</source>
        <translation>Ein Windows-Skript.</translation>
    </message>
    <message>
        <source>A Windows shortcut</source>
        <translation>Eine Windows-Verknüpfung</translation>
    </message>
    <message>
        <source>A Windows shortcut, which can start a program.</source>
        <translation>Eine Windows-Verknüpfung, die ein Programm starten kann.</translation>
    </message>
    <message>
        <source>A disk image</source>
        <translation>Ein Datenträgerabbild</translation>
    </message>
    <message>
        <source>A disk image, which the desktop would open without any walls.</source>
        <translation>Ein Datenträgerabbild, das der Desktop ganz ohne Schutzwände öffnen würde.</translation>
    </message>
    <message>
        <source>A document with programs in it</source>
        <translation>Ein Dokument mit Makros</translation>
    </message>
    <message>
        <source>A document with programs in it.</source>
        <translation>Ein Dokument mit Programmen darin (Makros).</translation>
    </message>
    <message>
        <source>A file</source>
        <translation>Eine Datei</translation>
    </message>
    <message>
        <source>A file of {size} is larger than {it} can hold.</source>
        <translation>{it} kann keine Datei von {size} aufnehmen.</translation>
    </message>
    <message>
        <source>A file that changes the settings of Windows</source>
        <translation>Eine Datei, die Einstellungen von Windows ändert,</translation>
    </message>
    <message>
        <source>A file that changes the settings of Windows.</source>
        <translation>Eine Datei, die Einstellungen von Windows ändert.</translation>
    </message>
    <message>
        <source>A file.</source>
        <translation>Eine Datei.</translation>
    </message>
    <message>
        <source>A folder</source>
        <translation>Ein Ordner</translation>
    </message>
    <message>
        <source>A launcher</source>
        <translation>Ein Starter</translation>
    </message>
    <message>
        <source>A launcher, which can start a program.</source>
        <translation>Ein Starter, der ein Programm starten kann.</translation>
    </message>
    <message>
        <source>A link</source>
        <translation>Ein Link</translation>
    </message>
    <message>
        <source>A list of orders</source>
        <translation>Eine Befehlsliste</translation>
    </message>
    <message>
        <source>A list of orders, which some computers carry out when a stick is plugged in.</source>
        <translation>Eine Befehlsliste, die manche Computer ausführen, wenn ein Stick eingesteckt wird.</translation>
    </message>
    <message>
        <source>A name there does not end with a dot or a space.</source>
        <translation>Ein Name endet dort nicht mit einem Punkt oder Leerzeichen.</translation>
    </message>
    <message>
        <source>A name there has 255 characters at most.</source>
        <translation>Ein Name hat dort höchstens 255 Zeichen.</translation>
    </message>
    <message>
        <source>A package that installs programs</source>
        <translation>Ein Paket, das Programme installiert,</translation>
    </message>
    <message>
        <source>A package that installs programs.</source>
        <translation>Ein Paket, das Programme installiert.</translation>
    </message>
    <message>
        <source>A part of it</source>
        <translation>Ein Teil davon</translation>
    </message>
    <message>
        <source>A part of it belongs to another file too.</source>
        <translation>Ein Teil davon gehört auch zu einer anderen Datei.</translation>
    </message>
    <message>
        <source>A part of it cannot be read.</source>
        <translation>Ein Teil davon ist nicht lesbar.</translation>
    </message>
    <message>
        <source>A part of {it} can no longer be read.</source>
        <translation>{it} ist zum Teil nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>A path on this stick, such as /Photos/2026</source>
        <translation>Ein Pfad auf diesem Stick, etwa /Fotos/2026</translation>
    </message>
    <message>
        <source>A program of its own (process {pid}) reads this stick and does nothing else. Should what is on the stick take it over, these walls stand around it.</source>
        <translation>Ein eigenes Programm (Prozess {pid}) liest diesen Stick und tut nichts anderes. Sollte der Inhalt des Sticks es unter Kontrolle bringen, halten es diese Schutzwände auf.</translation>
    </message>
    <message>
        <source>A repair writes to the stick: make a copy of the whole of it before you try one.</source>
        <translation>Eine Reparatur schreibt auf den Stick: Kopieren Sie vorher alles, was darauf ist.</translation>
    </message>
    <message>
        <source>A repair writes {size}.</source>
        <translation>Eine Reparatur schreibt {size}.</translation>
    </message>
    <message>
        <source>A script</source>
        <translation>Ein Skript</translation>
    </message>
    <message>
        <source>A script.</source>
        <translation>Ein Skript.</translation>
    </message>
    <message>
        <source>A web page</source>
        <translation>Eine Webseite</translation>
    </message>
    <message>
        <source>A web page, which a browser would run and which can tell its author that you opened it.</source>
        <translation>Eine Webseite, die ein Browser ausführen würde und die ihrem Urheber verraten kann, dass Sie sie geöffnet haben.</translation>
    </message>
    <message>
        <source>Accessed</source>
        <translation>Zugriff</translation>
    </message>
    <message>
        <source>After {done} of {files}. The copy itself is not touched.</source>
        <translation>Nach {done} von {files}. Die Kopie selbst bleibt unberührt.</translation>
    </message>
    <message>
        <source>After {done} of {files}. Whole files stay, no half file was left.</source>
        <translation>Nach {done} von {files}. Vollständige Dateien bleiben, keine halbe Datei blieb zurück.</translation>
    </message>
    <message numerus="yes">
        <source>All %Ln attempts to break out were refused.</source>
        <translation>
            <numerusform>Der Ausbruchsversuch wurde abgewehrt.</numerusform>
            <numerusform>Alle %Ln Ausbruchsversuche wurden abgewehrt.</numerusform>
        </translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>All {number}</source>
        <translation>Alle {number}</translation>
    </message>
    <message>
        <source>Allocation</source>
        <translation>Belegung</translation>
    </message>
    <message>
        <source>Allocation tables</source>
        <translation>Belegungstabellen</translation>
    </message>
    <message>
        <source>Also on it</source>
        <translation>Außerdem darauf</translation>
    </message>
    <message>
        <source>Another one has the same name.</source>
        <translation>Ein anderer Eintrag hat denselben Namen.</translation>
    </message>
    <message>
        <source>Application</source>
        <translation>Anwendung</translation>
    </message>
    <message>
        <source>As the desktop has it</source>
        <translation>Wie die Arbeitsumgebung</translation>
    </message>
    <message>
        <source>Ask whoever looks after this computer to install the access rule that comes with Rumpus, then plug the stick in again. If a password was asked for, you can also try again and enter it.</source>
        <translation>Bitten Sie die Person, die diesen Computer betreut, die mit Rumpus gelieferte Zugriffsregel zu installieren, und stecken Sie den Stick dann neu ein. Wenn ein Passwort verlangt wurde, können Sie es auch noch einmal versuchen und das Passwort eingeben.</translation>
    </message>
    <message>
        <source>Attributes</source>
        <translation>Attribute</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Back to the files</source>
        <translation>Zurück zu den Dateien</translation>
    </message>
    <message>
        <source>Backed up</source>
        <translation>Gesichert</translation>
    </message>
    <message>
        <source>Being copied</source>
        <translation>Wird kopiert</translation>
    </message>
    <message>
        <source>Being read back</source>
        <translation>Wird zurückgelesen</translation>
    </message>
    <message>
        <source>Block groups</source>
        <translation>Blockgruppen</translation>
    </message>
    <message>
        <source>Block size</source>
        <translation>Blockgröße</translation>
    </message>
    <message>
        <source>Boots</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Byte order</source>
        <translation>Bytereihenfolge</translation>
    </message>
    <message>
        <source>Bytes written</source>
        <translation>Geschriebene Bytes</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cannot be read yet</source>
        <translation>Noch nicht lesbar</translation>
    </message>
    <message>
        <source>Capsule for strangers, in which every name is scrambled (*.zip)</source>
        <translation>Kapsel für Fremde, in der jeder Name unkenntlich ist (*.zip)</translation>
    </message>
    <message>
        <source>Capsule, with what it takes to see this again; no file&apos;s content (*.zip)</source>
        <translation>Kapsel, mit allem, um dies nachzustellen; ohne Dateiinhalte (*.zip)</translation>
    </message>
    <message>
        <source>Catalog number</source>
        <translation>Katalognummer</translation>
    </message>
    <message>
        <source>Cause</source>
        <translation>Ursache</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Status geändert</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>Prüfen</translation>
    </message>
    <message>
        <source>Checkpoint</source>
        <translation>Sicherungspunkt</translation>
    </message>
    <message>
        <source>Check…</source>
        <translation>Prüfen…</translation>
    </message>
    <message>
        <source>Choose a folder outside it.</source>
        <translation>Wählen Sie einen Ordner außerhalb davon.</translation>
    </message>
    <message>
        <source>Choose all</source>
        <translation>Alle auswählen</translation>
    </message>
    <message>
        <source>Choose another file system for it.</source>
        <translation>Wählen Sie ein anderes Dateisystem dafür.</translation>
    </message>
    <message>
        <source>Choose another folder…</source>
        <translation>Anderen Ordner wählen…</translation>
    </message>
    <message>
        <source>Choose another name, or take the other one away first.</source>
        <translation>Wählen Sie einen anderen Namen, oder entfernen Sie zuerst, was so heißt.</translation>
    </message>
    <message>
        <source>Choose another name.</source>
        <translation>Wählen Sie einen anderen Namen.</translation>
    </message>
    <message>
        <source>Clean segments</source>
        <translation>Saubere Segmente</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>Leeren</translation>
    </message>
    <message>
        <source>Clear the history</source>
        <translation>Verlauf leeren</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close (Ctrl+W)</source>
        <translation>Schließen (Strg+W)</translation>
    </message>
    <message>
        <source>Close (Space)</source>
        <translation>Schließen (Leertaste)</translation>
    </message>
    <message>
        <source>Close the preview</source>
        <translation>Vorschau schließen</translation>
    </message>
    <message>
        <source>Close the tab</source>
        <translation>Reiter schließen</translation>
    </message>
    <message>
        <source>Close without ejecting</source>
        <translation>Schließen ohne Auswerfen</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>Cluster</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Copied {what} to {to}, but not all of it.</source>
        <translation>Nach {to} kopiert, aber nicht alles: {what}.</translation>
    </message>
    <message>
        <source>Copied {what} to {to}.</source>
        <translation>Nach {to} kopiert: {what}.</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Kopiert.</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy here</source>
        <translation>Hierher kopieren</translation>
    </message>
    <message>
        <source>Copy out first what you cannot do without.</source>
        <translation>Kopieren Sie vorher heraus, worauf Sie nicht verzichten können.</translation>
    </message>
    <message>
        <source>Copy the technical details</source>
        <translation>Technische Einzelheiten kopieren</translation>
    </message>
    <message>
        <source>Copy to</source>
        <translation>Kopieren nach</translation>
    </message>
    <message>
        <source>Copy to…</source>
        <translation>Kopieren nach…</translation>
    </message>
    <message>
        <source>Copy what can be read…</source>
        <translation>Lesbares kopieren…</translation>
    </message>
    <message>
        <source>Copy what matters to you first. Pieces that cannot be read are left empty and listed.</source>
        <translation>Kopieren Sie zuerst, was Ihnen wichtig ist. Unlesbare Stellen bleiben leer und werden aufgelistet.</translation>
    </message>
    <message>
        <source>Copy what matters to you off it, and put the rest on another stick.</source>
        <translation>Kopieren Sie herunter, was Ihnen wichtig ist, und nehmen Sie für den Rest einen anderen Stick.</translation>
    </message>
    <message>
        <source>Copy with changed names</source>
        <translation>Mit geänderten Namen kopieren</translation>
    </message>
    <message>
        <source>Copying {what} to {to}</source>
        <translation>Kopieren nach {to}: {what}</translation>
    </message>
    <message>
        <source>Counting: {files} so far</source>
        <translation>Zählen: bisher {files}</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>Erstellt</translation>
    </message>
    <message>
        <source>Created by</source>
        <translation>Erstellt von</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Cylinder groups</source>
        <translation>Zylindergruppen</translation>
    </message>
    <message>
        <source>Damage</source>
        <translation>Schaden</translation>
    </message>
    <message>
        <source>Damaged</source>
        <translation>Beschädigt</translation>
    </message>
    <message>
        <source>Delete {what}</source>
        <translation>{what} löschen</translation>
    </message>
    <message>
        <source>Delete {what} from {stick}?</source>
        <translation>{what} von {stick} löschen?</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Gelöscht</translation>
    </message>
    <message>
        <source>Deleted files</source>
        <translation>Gelöschte Dateien</translation>
    </message>
    <message>
        <source>Deleted files…</source>
        <translation>Gelöschte Dateien…</translation>
    </message>
    <message>
        <source>Deleted {what} from {at}, but not all of it.</source>
        <translation>Auf {at} gelöscht, aber nicht alles: {what}.</translation>
    </message>
    <message>
        <source>Deleted {what} from {at}.</source>
        <translation>Auf {at} gelöscht: {what}.</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen…</translation>
    </message>
    <message>
        <source>Deleting {what} from {at}</source>
        <translation>Löschen auf {at}: {what}</translation>
    </message>
    <message>
        <source>Destination</source>
        <translation>Ziel</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>Details</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Gerät</translation>
    </message>
    <message>
        <source>Device or pipe</source>
        <translation>Gerätedatei oder Pipe</translation>
    </message>
    <message>
        <source>Did not arrive:</source>
        <translation>Nicht angekommen:</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>Abmessungen</translation>
    </message>
    <message>
        <source>Disk images (*.img *.iso *.dd *.raw *.bin *.ima *.vfd)</source>
        <translation>Datenträgerabbilder (*.img *.iso *.dd *.raw *.bin *.ima *.vfd)</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Verwerfen</translation>
    </message>
    <message>
        <source>Do not copy</source>
        <translation>Nicht kopieren</translation>
    </message>
    <message>
        <source>Do not plug it into another computer before you know which.</source>
        <translation>Stecken Sie ihn an keinen anderen Computer, bevor Sie wissen, was davon zutrifft.</translation>
    </message>
    <message>
        <source>Do not plug it into another computer. Give it to whoever looks after security here.</source>
        <translation>Stecken Sie ihn an keinen anderen Computer. Geben Sie ihn der Person, die sich hier um die Sicherheit kümmert.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Double-click, or press Enter, to try again.</source>
        <translation>Ein Doppelklick oder die Eingabetaste versucht es noch einmal.</translation>
    </message>
    <message>
        <source>Driver</source>
        <translation>Treiber</translation>
    </message>
    <message>
        <source>Drop a disk image here.</source>
        <translation>Ziehen Sie ein Datenträgerabbild hierher.</translation>
    </message>
    <message>
        <source>Drop files here, or paste them.</source>
        <translation>Ziehen Sie Dateien hierher, oder fügen Sie sie ein.</translation>
    </message>
    <message>
        <source>Drop it here to look inside</source>
        <translation>Hier ablegen, um hineinzusehen</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>Either the stick is failing, or what it holds leads Rumpus astray.</source>
        <translation>Entweder ist der Stick defekt, oder sein Inhalt führt Rumpus in die Irre.</translation>
    </message>
    <message>
        <source>Eject</source>
        <translation>Auswerfen</translation>
    </message>
    <message>
        <source>Eject it there, or close that program, and try again. Rumpus opens a stick only when nobody else can change it meanwhile.</source>
        <translation>Werfen Sie ihn dort aus, oder schließen Sie das Programm, und versuchen Sie es noch einmal. Rumpus öffnet einen Stick nur, wenn niemand anders ihn währenddessen ändern kann.</translation>
    </message>
    <message>
        <source>Eject when it is done</source>
        <translation>Auswerfen, sobald fertig</translation>
    </message>
    <message>
        <source>Ejecting…</source>
        <translation>Wird ausgeworfen…</translation>
    </message>
    <message>
        <source>Empty</source>
        <translation>Leer</translation>
    </message>
    <message>
        <source>Encrypted</source>
        <translation>Verschlüsselt</translation>
    </message>
    <message>
        <source>End that and eject</source>
        <translation>Beenden und auswerfen</translation>
    </message>
    <message>
        <source>Erase {name}, {size}</source>
        <translation>{name} löschen ({size})</translation>
    </message>
    <message>
        <source>Erase {name}?</source>
        <translation>Alles auf {name} löschen?</translation>
    </message>
    <message numerus="yes">
        <source>Everything in the %Ln folders goes with them.</source>
        <translation>
            <numerusform>Alles in dem Ordner wird mitgelöscht.</numerusform>
            <numerusform>Alles in den Ordnern wird mitgelöscht.</numerusform>
        </translation>
    </message>
    <message>
        <source>Everything on it will be lost, and nothing brings it back. Look at what it is before you go on.</source>
        <translation>Alles darauf geht verloren, und nichts bringt es zurück. Sehen Sie nach, was es ist, bevor Sie weitermachen.</translation>
    </message>
    <message>
        <source>Everything that was copied to it is on it, and no program holds it.</source>
        <translation>Alles, was darauf kopiert wurde, ist gespeichert, und kein Programm greift mehr darauf zu.</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>Erwartet</translation>
    </message>
    <message>
        <source>Extended attributes</source>
        <translation>Erweiterte Attribute</translation>
    </message>
    <message>
        <source>Extents</source>
        <translation>Extents</translation>
    </message>
    <message>
        <source>Failed {number}</source>
        <translation>Fehlgeschlagen {number}</translation>
    </message>
    <message>
        <source>Feature</source>
        <translation>Funktion</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>Funktionen</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>File entry</source>
        <translation>Dateieintrag</translation>
    </message>
    <message>
        <source>File record</source>
        <translation>Dateidatensatz</translation>
    </message>
    <message>
        <source>File records</source>
        <translation>Dateidatensätze</translation>
    </message>
    <message>
        <source>File system</source>
        <translation>Dateisystem</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Files that were hidden by it will be shown again.</source>
        <translation>Dateien, die dadurch verborgen waren, werden wieder angezeigt.</translation>
    </message>
    <message>
        <source>Filter this folder</source>
        <translation>Ordner filtern</translation>
    </message>
    <message>
        <source>Filter this folder. Click to look in the whole stick.</source>
        <translation>Diesen Ordner filtern. Klicken Sie, um den ganzen Stick zu durchsuchen.</translation>
    </message>
    <message>
        <source>Finder flags</source>
        <translation>Finder-Kennzeichen</translation>
    </message>
    <message>
        <source>First block</source>
        <translation>Erster Block</translation>
    </message>
    <message>
        <source>First byte</source>
        <translation>Erstes Byte</translation>
    </message>
    <message>
        <source>First cluster</source>
        <translation>Erster Cluster</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Kennzeichen</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folders</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Folders above</source>
        <translation>Übergeordnete Ordner</translation>
    </message>
    <message>
        <source>Forbidden call</source>
        <translation>Verbotener Aufruf</translation>
    </message>
    <message>
        <source>Format</source>
        <comment>of a picture or a document</comment>
        <translation>Format</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Formatieren</translation>
    </message>
    <message>
        <source>Formatted by</source>
        <translation>Formatiert von</translation>
    </message>
    <message>
        <source>Formatting…</source>
        <translation>Wird formatiert…</translation>
    </message>
    <message>
        <source>Format…</source>
        <translation>Formatieren…</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>Vor</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Gefunden</translation>
    </message>
    <message>
        <source>Found instead</source>
        <translation>Stattdessen gefunden</translation>
    </message>
    <message>
        <source>Fragment size</source>
        <translation>Fragmentgröße</translation>
    </message>
    <message>
        <source>Free</source>
        <translation>Frei</translation>
    </message>
    <message>
        <source>Generation</source>
        <translation>Generation</translation>
    </message>
    <message>
        <source>Getting {what} ready to be dragged</source>
        <translation>Wird zum Ziehen vorbereitet: {what}</translation>
    </message>
    <message>
        <source>Go to the folder above</source>
        <translation>Zum übergeordneten Ordner</translation>
    </message>
    <message>
        <source>Going places</source>
        <translation>Bewegen</translation>
    </message>
    <message>
        <source>Gone</source>
        <translation>Nicht mehr da</translation>
    </message>
    <message>
        <source>Gone, or a part of them:</source>
        <translation>Ganz oder zum Teil gelöscht:</translation>
    </message>
    <message>
        <source>Grown</source>
        <translation>Vergrößert</translation>
    </message>
    <message>
        <source>Hide the history</source>
        <translation>Verlauf ausblenden</translation>
    </message>
    <message>
        <source>Icons</source>
        <translation>Symbole</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Abbild</translation>
    </message>
    <message>
        <source>Images</source>
        <translation>Abbilder</translation>
    </message>
    <message>
        <source>In use by</source>
        <translation>Benutzt von</translation>
    </message>
    <message>
        <source>In use elsewhere</source>
        <translation>Anderswo in Benutzung</translation>
    </message>
    <message>
        <source>In {folder}</source>
        <translation>In {folder}</translation>
    </message>
    <message>
        <source>In {folder}.</source>
        <translation>In {folder}.</translation>
    </message>
    <message>
        <source>Inode</source>
        <translation>Inode</translation>
    </message>
    <message>
        <source>Inode size</source>
        <translation>Inode-Größe</translation>
    </message>
    <message>
        <source>Inodes</source>
        <translation>Inodes</translation>
    </message>
    <message>
        <source>Is no folder, and will be a file.</source>
        <translation>Ist kein Ordner und wird zu einer Datei.</translation>
    </message>
    <message>
        <source>Isolated</source>
        <translation>Isoliert</translation>
    </message>
    <message>
        <source>It can ask the system for almost nothing</source>
        <translation>Es kann vom System fast nichts verlangen</translation>
    </message>
    <message>
        <source>It can be pasted here, but not in other programs: this computer cannot show them the stick. Drag it there, or use “Copy to…”.</source>
        <translation>Es kann hier eingefügt werden, aber nicht in anderen Programmen: Dieser Computer kann ihnen den Stick nicht zeigen. Ziehen Sie es dorthin, oder benutzen Sie „Kopieren nach…“.</translation>
    </message>
    <message>
        <source>It can never gain rights</source>
        <translation>Es kann nie mehr Rechte bekommen</translation>
    </message>
    <message>
        <source>It cannot use this computer up</source>
        <translation>Es kann den Computer nicht überlasten</translation>
    </message>
    <message>
        <source>It could not be switched off, which does no harm.</source>
        <translation>Er ließ sich nicht abschalten, was nicht schadet.</translation>
    </message>
    <message>
        <source>It gave up being the administrator before it read anything.</source>
        <translation>Es hat die Administratorrechte abgegeben, bevor es irgendetwas las.</translation>
    </message>
    <message>
        <source>It has no administrator&apos;s powers</source>
        <translation>Es hat keine Administratorrechte</translation>
    </message>
    <message>
        <source>It has no network</source>
        <translation>Es hat kein Netzwerk</translation>
    </message>
    <message>
        <source>It may be new, erased, encrypted as a whole, or made for a camera or another device. If a file manager offers to format it, that would erase what is there.</source>
        <translation>Er kann neu, gelöscht, vollständig verschlüsselt oder für eine Kamera oder ein anderes Gerät gemacht sein. Wenn eine Dateiverwaltung anbietet, ihn zu formatieren, würde das löschen, was darauf ist.</translation>
    </message>
    <message>
        <source>It runs as nobody</source>
        <translation>Es läuft als Niemand (nobody)</translation>
    </message>
    <message>
        <source>It sees no other program</source>
        <translation>Es sieht kein anderes Programm</translation>
    </message>
    <message>
        <source>It shares no memory</source>
        <translation>Es teilt keinen Speicher</translation>
    </message>
    <message>
        <source>It takes more space than it needs.</source>
        <translation>Belegt mehr Platz als nötig.</translation>
    </message>
    <message>
        <source>It tried to {name}</source>
        <translation>Versuch: {name}</translation>
    </message>
    <message>
        <source>It was neither read nor changed.</source>
        <translation>Nichts davon wurde gelesen oder geändert.</translation>
    </message>
    <message>
        <source>It was not read.</source>
        <translation>Es wurde nichts gelesen.</translation>
    </message>
    <message>
        <source>It was pulled out while something was written, or errors were met on it before.</source>
        <translation>Der Stick wurde während des Schreibens abgezogen, oder es gab schon früher Fehler darauf.</translation>
    </message>
    <message>
        <source>It was refused.</source>
        <translation>Abgewehrt.</translation>
    </message>
    <message>
        <source>It was stopped before it took effect: none of your files and no network was reached.</source>
        <translation>Es wurde gestoppt, bevor es wirkte: Keine Ihrer Dateien und kein Netzwerk wurde erreicht.</translation>
    </message>
    <message>
        <source>It was stopped, as you asked.</source>
        <translation>Wie gewünscht abgebrochen.</translation>
    </message>
    <message>
        <source>It went through: this wall has a hole.</source>
        <translation>Gelungen: Diese Schutzwand hat eine Lücke.</translation>
    </message>
    <message>
        <source>Its entry in the folder is damaged.</source>
        <translation>Der Eintrag im Ordner ist beschädigt.</translation>
    </message>
    <message>
        <source>Its file system stops at {limit}. One with exFAT can hold larger files.</source>
        <translation>Sein Dateisystem erlaubt höchstens {limit}. Mit exFAT sind größere Dateien möglich.</translation>
    </message>
    <message>
        <source>Its memory and files are bounded, and it can start nothing.</source>
        <translation>Sein Speicher und seine Dateien sind begrenzt, und es kann nichts starten.</translation>
    </message>
    <message>
        <source>Its memory is closed</source>
        <translation>Sein Speicher ist verschlossen</translation>
    </message>
    <message>
        <source>Its pieces cannot be followed to their end.</source>
        <translation>Die Teile lassen sich nicht bis zum Ende verfolgen.</translation>
    </message>
    <message>
        <source>Journal</source>
        <translation>Journal</translation>
    </message>
    <message>
        <source>Keep both</source>
        <translation>Beide behalten</translation>
    </message>
    <message>
        <source>Keep going</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Keep it</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep it closed</source>
        <translation>Geschlossen lassen</translation>
    </message>
    <message>
        <source>Keep it in</source>
        <translation>Eingesteckt lassen</translation>
    </message>
    <message>
        <source>Keep running when the window is closed</source>
        <translation>Weiterlaufen, wenn das Fenster geschlossen wird</translation>
    </message>
    <message>
        <source>Keep them</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tastenkürzel</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Art</translation>
    </message>
    <message>
        <source>Kind of error</source>
        <translation>Art des Fehlers</translation>
    </message>
    <message>
        <source>LFS with numbers of 64 bits</source>
        <translation>LFS mit Zahlen von 64 Bit</translation>
    </message>
    <message>
        <source>Label in the boot sector</source>
        <translation>Bezeichnung im Bootsektor</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache (Language)</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>Höchstens</translation>
    </message>
    <message>
        <source>Last mounted by</source>
        <translation>Zuletzt eingehängt von</translation>
    </message>
    <message>
        <source>Last mounted on</source>
        <translation>Zuletzt eingehängt unter</translation>
    </message>
    <message>
        <source>Last written</source>
        <translation>Zuletzt geschrieben</translation>
    </message>
    <message>
        <source>Last written by</source>
        <translation>Zuletzt geschrieben von</translation>
    </message>
    <message>
        <source>Leave it</source>
        <translation>So lassen</translation>
    </message>
    <message>
        <source>Leave it plugged in.</source>
        <translation>Lassen Sie ihn eingesteckt.</translation>
    </message>
    <message>
        <source>Leave them out</source>
        <translation>Weglassen</translation>
    </message>
    <message>
        <source>Length</source>
        <translation>Länge</translation>
    </message>
    <message>
        <source>Let other programs read open sticks</source>
        <translation>Andere Programme geöffnete Sticks lesen lassen</translation>
    </message>
    <message>
        <source>Limit</source>
        <translation>Grenze</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>Grenzen</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>Link</translation>
    </message>
    <message>
        <source>Linux swap space, which holds no files</source>
        <translation>Linux-Auslagerungsbereich (Swap), der keine Dateien enthält</translation>
    </message>
    <message>
        <source>Locked</source>
        <translation>Gesperrt</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>Look around the sample stick</source>
        <translation>Im Beispiel-Stick umsehen</translation>
    </message>
    <message>
        <source>Looked for</source>
        <translation>Gesucht</translation>
    </message>
    <message>
        <source>Looking</source>
        <translation>Ansehen</translation>
    </message>
    <message>
        <source>Looking at it…</source>
        <translation>Wird untersucht…</translation>
    </message>
    <message>
        <source>Looking at the others…</source>
        <translation>Die anderen werden untersucht…</translation>
    </message>
    <message>
        <source>Looking at them…</source>
        <translation>Sie werden untersucht…</translation>
    </message>
    <message>
        <source>Looking at {name}</source>
        <translation>{name} wird untersucht</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>Gemacht von</translation>
    </message>
    <message>
        <source>Make files of what belongs to no file</source>
        <translation>Als Dateien behalten, was zu keiner Datei gehört</translation>
    </message>
    <message>
        <source>Make room there, or choose a folder elsewhere.</source>
        <translation>Schaffen Sie dort Platz, oder wählen Sie einen anderen Ordner.</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Menu (F10)</source>
        <translation>Menü (F10)</translation>
    </message>
    <message>
        <source>Menu of what is selected</source>
        <translation>Menü der Auswahl</translation>
    </message>
    <message>
        <source>Missing wall</source>
        <translation>Fehlende Schutzwand</translation>
    </message>
    <message>
        <source>Modified</source>
        <translation>Geändert</translation>
    </message>
    <message>
        <source>More than {text}</source>
        <translation>Mehr als {text}</translation>
    </message>
    <message>
        <source>Moved {what} to {to}, but not all of it.</source>
        <translation>Nach {to} verschoben, aber nicht alles: {what}.</translation>
    </message>
    <message>
        <source>Moved {what} to {to}.</source>
        <translation>Nach {to} verschoben: {what}.</translation>
    </message>
    <message>
        <source>Moving {what} to {to}</source>
        <translation>Verschieben nach {to}: {what}</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Names</source>
        <translation>Namen</translation>
    </message>
    <message>
        <source>Needed</source>
        <translation>Benötigt</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>New name</source>
        <translation>Neuer Name</translation>
    </message>
    <message>
        <source>New tab</source>
        <translation>Neuer Reiter</translation>
    </message>
    <message>
        <source>Next tab</source>
        <translation>Nächster Reiter</translation>
    </message>
    <message>
        <source>No access</source>
        <translation>Kein Zugriff</translation>
    </message>
    <message>
        <source>No deleted file is known on {name}.</source>
        <translation>Auf {name} ist keine gelöschte Datei bekannt.</translation>
    </message>
    <message>
        <source>No file is within its reach</source>
        <translation>Keine Datei ist in seiner Reichweite</translation>
    </message>
    <message>
        <source>No file that was being copied.</source>
        <translation>Keine Datei, die gerade kopiert wurde.</translation>
    </message>
    <message>
        <source>No file that was being copied: the last of them was on it.</source>
        <translation>Keine Datei, die kopiert werden sollte: Die letzte war schon darauf.</translation>
    </message>
    <message>
        <source>No file: all of them were compared.</source>
        <translation>Keine Datei: Alle wurden verglichen.</translation>
    </message>
    <message>
        <source>No label</source>
        <translation>Keine Bezeichnung</translation>
    </message>
    <message>
        <source>No name</source>
        <translation>Kein Name</translation>
    </message>
    <message>
        <source>No other program looks into it, and it ends together with Rumpus.</source>
        <translation>Kein anderes Programm sieht hinein, und es endet zusammen mit Rumpus.</translation>
    </message>
    <message>
        <source>No preview: the walls for it could not be put up.</source>
        <translation>Keine Vorschau: Die Schutzwände dafür ließen sich nicht aufstellen.</translation>
    </message>
    <message>
        <source>No preview: this file made what unpacked it try what it must not. It was ended, and nothing else was touched.</source>
        <translation>Keine Vorschau: Diese Datei brachte das Programm, das sie entpackte, dazu, Verbotenes zu versuchen. Es wurde beendet, sonst ist nichts betroffen.</translation>
    </message>
    <message>
        <source>No preview: unpacking this file took too long, and was ended.</source>
        <translation>Keine Vorschau: Das Entpacken dieser Datei dauerte zu lange und wurde beendet.</translation>
    </message>
    <message>
        <source>No preview: what unpacked this file failed at it. Nothing else was touched.</source>
        <translation>Keine Vorschau: Das Programm, das diese Datei entpackte, ist daran gescheitert. Sonst ist nichts betroffen.</translation>
    </message>
    <message>
        <source>No program on this computer says that it opens this.</source>
        <translation>Kein Programm auf diesem Computer gibt an, dies zu öffnen.</translation>
    </message>
    <message>
        <source>No stick is plugged in</source>
        <translation>Kein Stick eingesteckt</translation>
    </message>
    <message>
        <source>No user of this computer exists in it</source>
        <translation>Kein Benutzer dieses Computers existiert darin</translation>
    </message>
    <message>
        <source>Not a single one of them is left.</source>
        <translation>Kein einziges davon ist übrig.</translation>
    </message>
    <message>
        <source>Not compared:</source>
        <translation>Nicht verglichen:</translation>
    </message>
    <message>
        <source>Not copied</source>
        <translation>Nicht kopiert</translation>
    </message>
    <message>
        <source>Not copied, as its folder could not be made</source>
        <translation>Nicht kopiert, weil der Ordner dafür nicht angelegt werden konnte</translation>
    </message>
    <message>
        <source>Not in force: “{title}”</source>
        <translation>Nicht wirksam: „{title}“</translation>
    </message>
    <message>
        <source>Not on the stick, or not whole:</source>
        <translation>Nicht oder nicht vollständig auf dem Stick:</translation>
    </message>
    <message>
        <source>Not opened</source>
        <translation>Nicht geöffnet</translation>
    </message>
    <message>
        <source>Not recognised</source>
        <translation>Nicht erkannt</translation>
    </message>
    <message>
        <source>Not safe</source>
        <translation>Nicht sicher</translation>
    </message>
    <message>
        <source>Not safe: {unsafe} Safe: {safe}</source>
        <translation>Nicht sicher: {unsafe} Sicher: {safe}</translation>
    </message>
    <message>
        <source>Not saved: {why}</source>
        <translation>Nicht gespeichert: {why}</translation>
    </message>
    <message>
        <source>Not saved: {why}.</source>
        <translation>Nicht gespeichert: {why}.</translation>
    </message>
    <message>
        <source>Not switched off because</source>
        <translation>Nicht abgeschaltet, weil</translation>
    </message>
    <message>
        <source>Not the same from byte {offset} on</source>
        <translation>Ab Byte {offset} nicht gleich</translation>
    </message>
    <message>
        <source>Not yours, not the system&apos;s: only this one stick.</source>
        <translation>Keine von Ihnen, keine des Systems: nur dieser eine Stick.</translation>
    </message>
    <message>
        <source>Nothing can be sent anywhere, not even on this computer.</source>
        <translation>Nichts kann irgendwohin gesendet werden, auch nicht auf diesem Computer.</translation>
    </message>
    <message>
        <source>Nothing can be written to {it}.</source>
        <translation>{it} kann nicht beschrieben werden.</translation>
    </message>
    <message>
        <source>Nothing has been copied yet.</source>
        <translation>Noch wurde nichts kopiert.</translation>
    </message>
    <message>
        <source>Nothing in it belongs to you.</source>
        <translation>Nichts darin gehört Ihnen.</translation>
    </message>
    <message>
        <source>Nothing in this folder is called “{text}”.</source>
        <translation>In diesem Ordner heißt nichts „{text}“.</translation>
    </message>
    <message>
        <source>Nothing is changed by that.</source>
        <translation>Dabei wird nichts geändert.</translation>
    </message>
    <message>
        <source>Nothing is wrong with {name}.</source>
        <translation>{name} ist in Ordnung.</translation>
    </message>
    <message>
        <source>Nothing of {what} could be read.</source>
        <translation>Nichts davon war lesbar: {what}.</translation>
    </message>
    <message>
        <source>Nothing on it was changed.</source>
        <translation>Nichts darauf wurde geändert.</translation>
    </message>
    <message>
        <source>Nothing on the stick can become a program</source>
        <translation>Nichts auf dem Stick kann zu einem Programm werden</translation>
    </message>
    <message>
        <source>Nothing on the stick is changed by that.</source>
        <translation>Auf dem Stick wird dadurch nichts verändert.</translation>
    </message>
    <message>
        <source>Nothing on this stick is called “{text}”.</source>
        <translation>Auf diesem Stick heißt nichts „{text}“.</translation>
    </message>
    <message>
        <source>Nothing opened</source>
        <translation>Nichts geöffnet</translation>
    </message>
    <message>
        <source>Nothing was copied yet.</source>
        <translation>Noch wurde nichts kopiert.</translation>
    </message>
    <message>
        <source>Nothing: it was pulled out before the first item was deleted.</source>
        <translation>Nichts: Er wurde abgezogen, bevor das erste Element gelöscht war.</translation>
    </message>
    <message>
        <source>Object identifier</source>
        <translation>Objektkennung</translation>
    </message>
    <message>
        <source>Of the two copies of what says where everything lies, one is damaged.</source>
        <translation>Von den zwei Kopien der Angaben, wo alles liegt, ist eine beschädigt.</translation>
    </message>
    <message>
        <source>On it now</source>
        <translation>Jetzt darauf</translation>
    </message>
    <message>
        <source>On the stick</source>
        <translation>Auf dem Stick</translation>
    </message>
    <message>
        <source>On the stick, whole:</source>
        <translation>Vollständig auf dem Stick:</translation>
    </message>
    <message>
        <source>On this computer, whole:</source>
        <translation>Vollständig auf diesem Computer:</translation>
    </message>
    <message>
        <source>On {stick}</source>
        <translation>Auf {stick}</translation>
    </message>
    <message>
        <source>Only a part of this folder is shown. The rest of it can no longer be read.</source>
        <translation>Nur ein Teil dieses Ordners wird angezeigt. Der Rest ist nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>Only a part of this folder is shown. The rest of it is damaged.</source>
        <translation>Nur ein Teil dieses Ordners wird angezeigt. Der Rest ist beschädigt.</translation>
    </message>
    <message>
        <source>Only a part of this folder is shown. {why}</source>
        <translation>Nur ein Teil dieses Ordners wird angezeigt. {why}</translation>
    </message>
    <message>
        <source>Only files that are on this computer can be copied to a stick.</source>
        <translation>Nur Dateien auf diesem Computer können auf einen Stick kopiert werden.</translation>
    </message>
    <message>
        <source>Only the first {number} are shown: type more to find fewer.</source>
        <translation>Nur die ersten {number} werden angezeigt: Tippen Sie weiter, um die Auswahl einzugrenzen.</translation>
    </message>
    <message>
        <source>Only the first {number} entries of this folder are shown.</source>
        <translation>Nur die ersten {number} Einträge dieses Ordners werden angezeigt.</translation>
    </message>
    <message>
        <source>Only the first {number} names of this stick were looked at.</source>
        <translation>Nur die ersten {number} Namen auf diesem Stick wurden durchsucht.</translation>
    </message>
    <message>
        <source>Only the volume {name}</source>
        <translation>Nur der Datenträger {name}</translation>
    </message>
    <message>
        <source>Only what was being written to it just then, if anything was.</source>
        <translation>Nur was in diesem Augenblick darauf geschrieben wurde, falls etwas geschrieben wurde.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Open a disk image</source>
        <translation>Datenträgerabbild öffnen</translation>
    </message>
    <message>
        <source>Open a disk image…</source>
        <translation>Datenträgerabbild öffnen…</translation>
    </message>
    <message>
        <source>Open beside</source>
        <translation>Daneben öffnen</translation>
    </message>
    <message>
        <source>Open in a new tab</source>
        <translation>In neuem Reiter öffnen</translation>
    </message>
    <message>
        <source>Open it again</source>
        <translation>Wieder öffnen</translation>
    </message>
    <message>
        <source>Open it safely</source>
        <translation>Sicher öffnen</translation>
    </message>
    <message>
        <source>Open it safely instead</source>
        <translation>Stattdessen sicher öffnen</translation>
    </message>
    <message>
        <source>Opened at</source>
        <translation>Geöffnet unter</translation>
    </message>
    <message>
        <source>Opened by the desktop</source>
        <translation>Vom Desktop geöffnet</translation>
    </message>
    <message>
        <source>Opening a file, reaching a network or starting a program is not among the few requests it has left. A try ends it at once.</source>
        <translation>Eine Datei öffnen, ein Netzwerk erreichen, ein Programm starten: All das ist ihm verwehrt. Schon ein Versuch beendet es sofort.</translation>
    </message>
    <message>
        <source>Opening {name}…</source>
        <translation>{name} wird geöffnet…</translation>
    </message>
    <message>
        <source>Opening {what}</source>
        <translation>{what} wird geöffnet</translation>
    </message>
    <message>
        <source>Opening…</source>
        <translation>Wird geöffnet…</translation>
    </message>
    <message>
        <source>Operation</source>
        <translation>Vorgang</translation>
    </message>
    <message>
        <source>Orphaned files</source>
        <translation>Verwaiste Dateien</translation>
    </message>
    <message>
        <source>Other files lie where a part of {it} was before it was deleted.</source>
        <translation>{it} wurde nach dem Löschen zum Teil von anderen Dateien überschrieben.</translation>
    </message>
    <message>
        <source>Other programs cannot read {name} any more.</source>
        <translation>Andere Programme können {name} nicht mehr lesen.</translation>
    </message>
    <message>
        <source>Overwritten</source>
        <translation>Überschrieben</translation>
    </message>
    <message>
        <source>Owner, group</source>
        <translation>Besitzer, Gruppe</translation>
    </message>
    <message>
        <source>Pack</source>
        <translation>Pack</translation>
    </message>
    <message>
        <source>Packed</source>
        <translation>Gepackt</translation>
    </message>
    <message>
        <source>Pages</source>
        <translation>Seiten</translation>
    </message>
    <message>
        <source>Partition beside it</source>
        <translation>Partition daneben</translation>
    </message>
    <message>
        <source>Partitions</source>
        <translation>Partitionen</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>Pfad</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Paused · {done} · the stick is still in use</source>
        <translation>Angehalten · {done} · der Stick wird noch benutzt</translation>
    </message>
    <message>
        <source>Perhaps something else</source>
        <translation>Vielleicht etwas anderes</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>Zugriffsrechte</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Picture: {facts}</source>
        <translation>Bild: {facts}</translation>
    </message>
    <message>
        <source>Pieces of a long name belong to no file.</source>
        <translation>Teile eines langen Namens gehören zu keiner Datei.</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>Stelle</translation>
    </message>
    <message>
        <source>Plain name</source>
        <translation>Einfacher Name</translation>
    </message>
    <message>
        <source>Plug in a stick, or drop a disk image here.</source>
        <translation>Stecken Sie einen Stick ein, oder ziehen Sie ein Datenträgerabbild hierher.</translation>
    </message>
    <message>
        <source>Plug one in, and it shows up here.</source>
        <translation>Stecken Sie einen ein, dann erscheint er hier.</translation>
    </message>
    <message>
        <source>Prepared by</source>
        <translation>Vorbereitet von</translation>
    </message>
    <message>
        <source>Preview beside the list</source>
        <translation>Vorschau neben der Liste</translation>
    </message>
    <message>
        <source>Preview of {name}</source>
        <translation>Vorschau von {name}</translation>
    </message>
    <message>
        <source>Previous tab</source>
        <translation>Voriger Reiter</translation>
    </message>
    <message>
        <source>Programs talk through shared memory; it has none to share.</source>
        <translation>Programme tauschen sich über geteilten Speicher aus; es hat keinen.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projekt</translation>
    </message>
    <message>
        <source>Properties</source>
        <translation>Eigenschaften</translation>
    </message>
    <message>
        <source>Properties of {title}</source>
        <translation>Eigenschaften von {title}</translation>
    </message>
    <message>
        <source>Publisher</source>
        <translation>Herausgeber</translation>
    </message>
    <message>
        <source>Pulled out</source>
        <translation>Abgezogen</translation>
    </message>
    <message>
        <source>Put into it</source>
        <translation>Darin ablegen</translation>
    </message>
    <message>
        <source>Put it back, and check it once more.</source>
        <translation>Stecken Sie ihn wieder ein, und prüfen Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>Put it back, and format it once more.</source>
        <translation>Stecken Sie ihn wieder ein, und formatieren Sie ihn noch einmal.</translation>
    </message>
    <message>
        <source>Put it back, and it opens again by itself.</source>
        <translation>Stecken Sie ihn wieder ein, dann öffnet er sich von selbst.</translation>
    </message>
    <message>
        <source>Put it into another folder of the stick.</source>
        <translation>Legen Sie es in einen anderen Ordner des Sticks.</translation>
    </message>
    <message>
        <source>Quick look</source>
        <translation>Schnellansicht</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>Neu einlesen</translation>
    </message>
    <message>
        <source>Reading back was stopped, as you asked.</source>
        <translation>Das Zurücklesen wurde wie gewünscht abgebrochen.</translation>
    </message>
    <message>
        <source>Reading once more what led to this…</source>
        <translation>Liest noch einmal, was dazu geführt hat…</translation>
    </message>
    <message>
        <source>Reading {it} took too long, and was stopped.</source>
        <translation>Das Lesen dauerte zu lange und wurde abgebrochen: {it}</translation>
    </message>
    <message>
        <source>Reading {what} back to compare</source>
        <translation>Zurücklesen zum Vergleich: {what}</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Wird gelesen…</translation>
    </message>
    <message>
        <source>Reading… {what}</source>
        <translation>Wird gelesen… {what}</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>Receipt</source>
        <comment>the beginning of a file name</comment>
        <translation>Beleg</translation>
    </message>
    <message>
        <source>Receipts (*.json)</source>
        <translation>Belege (*.json)</translation>
    </message>
    <message>
        <source>Recover to…</source>
        <translation>Wiederherstellen nach…</translation>
    </message>
    <message>
        <source>Remove what is in it first.</source>
        <translation>Entfernen Sie zuerst, was darin ist.</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen…</translation>
    </message>
    <message>
        <source>Repair</source>
        <translation>Reparieren</translation>
    </message>
    <message>
        <source>Repairing {name}</source>
        <translation>{name} wird repariert</translation>
    </message>
    <message>
        <source>Reparse point</source>
        <translation>Analysepunkt</translation>
    </message>
    <message>
        <source>Replace it</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Bericht</translation>
    </message>
    <message>
        <source>Resource fork</source>
        <translation>Ressourcenzweig</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>Fortsetzen</translation>
    </message>
    <message>
        <source>Revision</source>
        <translation>Revision</translation>
    </message>
    <message>
        <source>Roll-forward</source>
        <translation>Roll-forward</translation>
    </message>
    <message>
        <source>Rumpus can only read this file system</source>
        <translation>Rumpus kann dieses Dateisystem nur lesen</translation>
    </message>
    <message>
        <source>Rumpus can only read what is on it, not change it.</source>
        <translation>Rumpus kann nur lesen, was darauf ist, und es nicht ändern.</translation>
    </message>
    <message>
        <source>Rumpus can take it from the desktop, and open it behind its walls.</source>
        <translation>Rumpus kann ihn vom Desktop übernehmen und hinter Schutzwänden öffnen.</translation>
    </message>
    <message>
        <source>Rumpus cannot do that on {system}</source>
        <translation>bei {system} kann Rumpus das nicht</translation>
    </message>
    <message>
        <source>Rumpus cannot read {it} yet: {name}.</source>
        <translation>{it} ist für Rumpus noch nicht lesbar: {name}.</translation>
    </message>
    <message>
        <source>Rumpus cannot unlock it. A file manager that asks for its password can, but then the system itself reads what is on it, without the walls that stand around it here.</source>
        <translation>Rumpus kann ihn nicht entsperren. Ein Dateimanager, der nach dem Passwort fragt, kann es; dann liest ihn jedoch das System selbst, ohne die Schutzwände, die hier um ihn stehen.</translation>
    </message>
    <message>
        <source>Rumpus has not touched it.</source>
        <translation>Rumpus hat ihn nicht angerührt.</translation>
    </message>
    <message>
        <source>Rumpus is {what}.</source>
        <translation>Rumpus ist beschäftigt: {what}.</translation>
    </message>
    <message>
        <source>Rumpus made a mistake while it was reading {it}.</source>
        <translation>Rumpus hat einen Fehler gemacht, während {it} gelesen wurde.</translation>
    </message>
    <message>
        <source>Rumpus never runs anything from a stick. Its text can be shown here, where it can do nothing.</source>
        <translation>Rumpus führt nie etwas von einem Stick aus. Der Text kann hier angezeigt werden, wo er nichts anrichten kann.</translation>
    </message>
    <message>
        <source>Rumpus recognises nothing on {it}.</source>
        <translation>{it} enthält nichts, was Rumpus erkennt.</translation>
    </message>
    <message>
        <source>Rumpus speaks it when it is started again.</source>
        <translation>Rumpus spricht sie nach dem nächsten Start.</translation>
    </message>
    <message>
        <source>Safe</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Safe to remove</source>
        <translation>Kann abgezogen werden</translation>
    </message>
    <message>
        <source>Save receipt…</source>
        <translation>Beleg speichern…</translation>
    </message>
    <message>
        <source>Save report</source>
        <translation>Bericht speichern</translation>
    </message>
    <message>
        <source>Save report…</source>
        <translation>Bericht speichern…</translation>
    </message>
    <message>
        <source>Save the receipt</source>
        <translation>Beleg speichern</translation>
    </message>
    <message>
        <source>Save the technical details as a text file</source>
        <translation>Technische Einzelheiten als Textdatei speichern</translation>
    </message>
    <message>
        <source>Saved as {name}.</source>
        <translation>Als {name} gespeichert.</translation>
    </message>
    <message>
        <source>Saved without that, it tells the names of files and folders.</source>
        <translation>Ohne das gespeichert, verrät sie die Namen von Dateien und Ordnern.</translation>
    </message>
    <message>
        <source>Search this stick</source>
        <translation>Stick durchsuchen</translation>
    </message>
    <message>
        <source>Search this stick. Click to look in this folder only.</source>
        <translation>Diesen Stick durchsuchen. Klicken Sie, um nur in diesem Ordner zu suchen.</translation>
    </message>
    <message>
        <source>Searched {names}, {found} found</source>
        <translation>{names} durchsucht, {found} gefunden</translation>
    </message>
    <message>
        <source>Searching… {names}, {found} found</source>
        <translation>Suche läuft… {names}, {found} gefunden</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Abschnitte</translation>
    </message>
    <message>
        <source>Sector size</source>
        <translation>Sektorgröße</translation>
    </message>
    <message>
        <source>See whether you may open it, and try again.</source>
        <translation>Sehen Sie nach, ob Sie sie öffnen dürfen, und versuchen Sie es noch einmal.</translation>
    </message>
    <message>
        <source>Segments</source>
        <translation>Segmente</translation>
    </message>
    <message>
        <source>Select a file to look into it.</source>
        <translation>Wählen Sie eine Datei aus, um hineinzusehen.</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Sequence number</source>
        <translation>Folgenummer</translation>
    </message>
    <message>
        <source>Serial number</source>
        <translation>Seriennummer</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Short name</source>
        <translation>Kurzer Name</translation>
    </message>
    <message>
        <source>Show Rumpus</source>
        <translation>Rumpus anzeigen</translation>
    </message>
    <message>
        <source>Show details</source>
        <translation>Einzelheiten anzeigen</translation>
    </message>
    <message>
        <source>Show hidden files</source>
        <translation>Verborgene Dateien anzeigen</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner anzeigen</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>In seinem Ordner anzeigen</translation>
    </message>
    <message>
        <source>Show it as text</source>
        <translation>Als Text anzeigen</translation>
    </message>
    <message>
        <source>Show it to them again</source>
        <translation>Ihnen wieder zeigen</translation>
    </message>
    <message>
        <source>Show the walls</source>
        <translation>Schutzwände anzeigen</translation>
    </message>
    <message>
        <source>Show the walls around this stick</source>
        <translation>Die Schutzwände um diesen Stick anzeigen</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>Anzeigen</translation>
    </message>
    <message>
        <source>Side by side</source>
        <translation>Nebeneinander</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Größe</translation>
    </message>
    <message>
        <source>Skip it</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>Skipped {number}</source>
        <translation>Übersprungen {number}</translation>
    </message>
    <message>
        <source>Skipped: one of that name was there</source>
        <translation>Übersprungen: Eine dieses Namens war schon da</translation>
    </message>
    <message numerus="yes">
        <source>So do %Ln more.</source>
        <translation>
            <numerusform>Und noch %Ln weiteres.</numerusform>
            <numerusform>Und noch %Ln weitere.</numerusform>
        </translation>
    </message>
    <message>
        <source>So it cannot stop one or listen to one.</source>
        <translation>Also kann es keines beenden und keines belauschen.</translation>
    </message>
    <message>
        <source>Some sticks have a switch at the side that protects them. Reading works as before.</source>
        <translation>Manche Sticks haben an der Seite einen Schalter als Schreibschutz. Lesen geht weiterhin.</translation>
    </message>
    <message>
        <source>Something is built on it: {what}.</source>
        <translation>Etwas ist darauf aufgebaut: {what}.</translation>
    </message>
    <message>
        <source>Something is wrong</source>
        <translation>Etwas stimmt nicht</translation>
    </message>
    <message>
        <source>Something lies behind the end of the folder, where nobody looks.</source>
        <translation>Hinter dem Ende des Ordners liegt etwas, wo niemand nachsieht.</translation>
    </message>
    <message>
        <source>Something on {it} is not there any more.</source>
        <translation>{it} enthält etwas nicht mehr, das vorher da war.</translation>
    </message>
    <message>
        <source>Something went wrong with {it}.</source>
        <translation>{it}: Etwas ist schiefgegangen.</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>Sortieren nach</translation>
    </message>
    <message>
        <source>Space is taken that belongs to no file.</source>
        <translation>Es ist Platz belegt, der zu keiner Datei gehört.</translation>
    </message>
    <message>
        <source>Space of files is marked as free.</source>
        <translation>Platz von Dateien ist als frei markiert.</translation>
    </message>
    <message>
        <source>Special file</source>
        <translation>Spezialdatei</translation>
    </message>
    <message>
        <source>Speed over time</source>
        <translation>Geschwindigkeit im Verlauf</translation>
    </message>
    <message>
        <source>Start with the session</source>
        <translation>Mit der Sitzung starten</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Stays as it is.</source>
        <translation>Bleibt, wie es ist.</translation>
    </message>
    <message>
        <source>Stick</source>
        <translation>Stick</translation>
    </message>
    <message>
        <source>Sticks</source>
        <translation>Sticks</translation>
    </message>
    <message>
        <source>Sticks and images</source>
        <translation>Sticks und Abbilder</translation>
    </message>
    <message>
        <source>Sticks are not noticed on this computer.</source>
        <translation>Sticks werden auf diesem Computer nicht bemerkt.</translation>
    </message>
    <message>
        <source>Still there:</source>
        <translation>Noch da:</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop and close</source>
        <translation>Abbrechen und schließen</translation>
    </message>
    <message>
        <source>Stop it and eject</source>
        <translation>Abbrechen und auswerfen</translation>
    </message>
    <message>
        <source>Stopped, as you asked.</source>
        <translation>Wie gewünscht abgebrochen.</translation>
    </message>
    <message>
        <source>Stream {name}</source>
        <translation>Datenstrom {name}</translation>
    </message>
    <message>
        <source>Streams</source>
        <translation>Datenströme</translation>
    </message>
    <message>
        <source>Structure</source>
        <translation>Struktur</translation>
    </message>
    <message>
        <source>Superblock at</source>
        <translation>Superblock bei</translation>
    </message>
    <message>
        <source>System streams</source>
        <translation>Systemdatenströme</translation>
    </message>
    <message>
        <source>System use</source>
        <translation>Systemangaben</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>Reiter</translation>
    </message>
    <message>
        <source>Take it off the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Take off the list</source>
        <translation>Aus der Liste entfernen</translation>
    </message>
    <message>
        <source>Taken</source>
        <translation>Aufgenommen</translation>
    </message>
    <message>
        <source>Technical details</source>
        <translation>Technische Einzelheiten</translation>
    </message>
    <message>
        <source>Test the walls</source>
        <translation>Schutzwände testen</translation>
    </message>
    <message>
        <source>Test the walls again</source>
        <translation>Schutzwände noch einmal testen</translation>
    </message>
    <message>
        <source>Testing…</source>
        <translation>Wird getestet…</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>Text (*.txt)</translation>
    </message>
    <message>
        <source>Text of the file</source>
        <translation>Text der Datei</translation>
    </message>
    <message>
        <source>The copy with fewer faults will replace the other.</source>
        <translation>Die Kopie mit weniger Fehlern ersetzt die andere.</translation>
    </message>
    <message>
        <source>The count of free space is wrong.</source>
        <translation>Der freie Platz ist falsch gezählt.</translation>
    </message>
    <message>
        <source>The desktop has opened it at {what}.</source>
        <translation>Der Desktop hat ihn unter {what} geöffnet.</translation>
    </message>
    <message>
        <source>The desktop has opened {it} itself.</source>
        <translation>{it} wurde schon vom Desktop geöffnet.</translation>
    </message>
    <message>
        <source>The end of it is missing.</source>
        <translation>Das Ende fehlt.</translation>
    </message>
    <message>
        <source>The file</source>
        <translation>Die Datei</translation>
    </message>
    <message>
        <source>The file as text</source>
        <translation>Die Datei als Text</translation>
    </message>
    <message>
        <source>The file that was being written. No half file was left behind.</source>
        <translation>Die Datei, die gerade geschrieben wurde. Keine halbe Datei blieb zurück.</translation>
    </message>
    <message>
        <source>The first folder</source>
        <translation>der oberste Ordner</translation>
    </message>
    <message>
        <source>The folder does not begin as folders do.</source>
        <translation>Der Ordner beginnt nicht, wie Ordner beginnen.</translation>
    </message>
    <message>
        <source>The folder where {it} should go is not there any more.</source>
        <translation>Den Zielordner für {it} gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>The folder {name} on {it}</source>
        <translation>Der Ordner {name} auf {it}</translation>
    </message>
    <message>
        <source>The folder {what} can hold no more.</source>
        <translation>Der Ordner {what} kann nichts mehr aufnehmen.</translation>
    </message>
    <message>
        <source>The folder {what} cannot be moved into itself.</source>
        <translation>Der Ordner {what} kann nicht in sich selbst verschoben werden.</translation>
    </message>
    <message>
        <source>The folder {what} is not empty.</source>
        <translation>Der Ordner {what} ist nicht leer.</translation>
    </message>
    <message>
        <source>The names in it cannot be scrambled.</source>
        <translation>Die Namen darin lassen sich nicht unkenntlich machen.</translation>
    </message>
    <message>
        <source>The new one</source>
        <translation>Die neue Fassung</translation>
    </message>
    <message>
        <source>The originals stay where they are. Delete them there once the copy is complete.</source>
        <translation>Die Originale bleiben, wo sie sind. Löschen Sie sie dort, sobald die Kopie vollständig ist.</translation>
    </message>
    <message>
        <source>The other parts of it can still be copied.</source>
        <translation>Die übrigen Teile können noch kopiert werden.</translation>
    </message>
    <message>
        <source>The other way round</source>
        <translation>Umgekehrt</translation>
    </message>
    <message>
        <source>The process that read it was ended, and nothing it said last was believed.</source>
        <translation>Der Prozess, der ihn las, wurde beendet, und nichts von seinen letzten Angaben wurde geglaubt.</translation>
    </message>
    <message>
        <source>The program {what} has it open.</source>
        <translation>Das Programm {what} hat ihn geöffnet.</translation>
    </message>
    <message>
        <source>The reason is {reason}. Reading works.</source>
        <translation>Der Grund: {reason}. Lesen geht weiterhin.</translation>
    </message>
    <message>
        <source>The receipt was not saved. {why}</source>
        <translation>Der Beleg wurde nicht gespeichert. {why}</translation>
    </message>
    <message>
        <source>The receipt was saved as {path}.</source>
        <translation>Der Beleg wurde als {path} gespeichert.</translation>
    </message>
    <message>
        <source>The repair, of which only a part was made.</source>
        <translation>Die Reparatur, die nur zum Teil ausgeführt wurde.</translation>
    </message>
    <message>
        <source>The rest is not shown. {why}</source>
        <translation>Der Rest wird nicht angezeigt. {why}</translation>
    </message>
    <message>
        <source>The rest of this folder can no longer be read.</source>
        <translation>Der Rest dieses Ordners ist nicht mehr lesbar.</translation>
    </message>
    <message>
        <source>The rest of this folder is damaged.</source>
        <translation>Der Rest dieses Ordners ist beschädigt.</translation>
    </message>
    <message>
        <source>The rest will be cut off. No byte of it is lost.</source>
        <translation>Der Rest wird abgeschnitten. Kein Byte davon geht verloren.</translation>
    </message>
    <message numerus="yes">
        <source>The same for %Ln other files that are there already</source>
        <translation>
            <numerusform>Ebenso für %Ln weitere Datei, die schon da ist</numerusform>
            <numerusform>Ebenso für %Ln weitere Dateien, die schon da sind</numerusform>
        </translation>
    </message>
    <message>
        <source>The same on both sides</source>
        <translation>Auf beiden Seiten gleich</translation>
    </message>
    <message>
        <source>The same on both sides:</source>
        <translation>Auf beiden Seiten gleich:</translation>
    </message>
    <message>
        <source>The sound copy will replace the other.</source>
        <translation>Die heile Kopie ersetzt die andere.</translation>
    </message>
    <message>
        <source>The stick</source>
        <translation>Der Stick</translation>
    </message>
    <message>
        <source>The stick is unchanged. Files that were copied whole are whole.</source>
        <translation>Der Stick ist unverändert. Vollständig kopierte Dateien sind vollständig.</translation>
    </message>
    <message>
        <source>The stick is unchanged. No half file was left behind.</source>
        <translation>Der Stick ist unverändert. Keine halbe Datei blieb zurück.</translation>
    </message>
    <message>
        <source>The stick itself. What it holds may have been made to take over computers.</source>
        <translation>Der Stick selbst. Sein Inhalt kann dazu gemacht sein, Computer zu übernehmen.</translation>
    </message>
    <message>
        <source>The stick itself: this can be a fault of ours, and it can be an attack.</source>
        <translation>Der Stick selbst: Dies kann ein Fehler von uns sein, und es kann ein Angriff sein.</translation>
    </message>
    <message>
        <source>The system of this computer does not give this wall. The others stand without it.</source>
        <translation>Das System dieses Computers bietet diese Schutzwand nicht. Die anderen stehen auch ohne sie.</translation>
    </message>
    <message>
        <source>The table by which names are compared is missing or broken.</source>
        <translation>Die Tabelle, nach der Namen verglichen werden, fehlt oder ist kaputt.</translation>
    </message>
    <message>
        <source>The test</source>
        <translation>Der Test</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Die beiden sind nicht gleich.</translation>
    </message>
    <message>
        <source>The two copies of the table that tells where files lie differ.</source>
        <translation>Die zwei Kopien der Tabelle, die sagt, wo Dateien liegen, unterscheiden sich.</translation>
    </message>
    <message>
        <source>The usual columns</source>
        <translation>Übliche Spalten</translation>
    </message>
    <message>
        <source>The usual one will take its place.</source>
        <translation>Die übliche tritt an ihre Stelle.</translation>
    </message>
    <message>
        <source>The whole stick</source>
        <translation>Der ganze Stick</translation>
    </message>
    <message>
        <source>The whole stick, as one volume</source>
        <translation>Der ganze Stick, als ein Datenträger</translation>
    </message>
    <message>
        <source>The window is too narrow to show that beside the files.</source>
        <translation>Das Fenster ist zu schmal, um das neben den Dateien zu zeigen.</translation>
    </message>
    <message>
        <source>There are no files on the clipboard.</source>
        <translation>In der Zwischenablage sind keine Dateien.</translation>
    </message>
    <message>
        <source>There is no room left for {it} where it should go.</source>
        <translation>Für {it} ist am Ziel kein Platz mehr.</translation>
    </message>
    <message>
        <source>There is no sign of damage. {untouched}</source>
        <translation>Es gibt kein Anzeichen von Schäden. {untouched}</translation>
    </message>
    <message>
        <source>There is no {path} on {stick}.</source>
        <translation>{path} gibt es auf {stick} nicht.</translation>
    </message>
    <message>
        <source>There is not enough room on {it}.</source>
        <translation>{it} hat nicht genug freien Platz.</translation>
    </message>
    <message>
        <source>There is not enough room on {stick}.</source>
        <translation>{stick} hat nicht genug freien Platz.</translation>
    </message>
    <message>
        <source>There is something named {what} already.</source>
        <translation>Es gibt schon etwas mit dem Namen {what}.</translation>
    </message>
    <message>
        <source>These are the results of a search. Drop it onto one of the folders, or into one.</source>
        <translation>Dies sind Suchergebnisse. Ziehen Sie es auf einen der Ordner oder in einen hinein.</translation>
    </message>
    <message>
        <source>These signs cannot be in a name there: &quot; * / : &lt; &gt; ? \ |</source>
        <translation>Diese Zeichen sind dort in Namen nicht erlaubt: &quot; * / : &lt; &gt; ? \ |</translation>
    </message>
    <message>
        <source>They have the same size and date.</source>
        <translation>Sie haben dieselbe Größe und dasselbe Datum.</translation>
    </message>
    <message>
        <source>They were in use: {names}.</source>
        <translation>Sie wurden gerade benutzt: {names}.</translation>
    </message>
    <message>
        <source>This cannot be undone: a stick has no rubbish bin.</source>
        <translation>Das lässt sich nicht rückgängig machen: Ein Stick hat keinen Papierkorb.</translation>
    </message>
    <message>
        <source>This computer does not let you open {it}.</source>
        <translation>{it} darf von Ihnen auf diesem Computer nicht geöffnet werden.</translation>
    </message>
    <message>
        <source>This computer uses it as memory (swap).</source>
        <translation>Dieser Computer benutzt ihn als Speicher (Swap).</translation>
    </message>
    <message>
        <source>This computer&apos;s system lacks the protection named below. A newer one has it.</source>
        <translation>Dem System dieses Computers fehlt der unten genannte Schutz. Ein neueres hat ihn.</translation>
    </message>
    <message>
        <source>This file cannot be read from the stick.</source>
        <translation>Diese Datei lässt sich nicht vom Stick lesen.</translation>
    </message>
    <message>
        <source>This file is empty.</source>
        <translation>Diese Datei ist leer.</translation>
    </message>
    <message>
        <source>This file is locked with a password.</source>
        <translation>Diese Datei ist mit einem Passwort gesperrt.</translation>
    </message>
    <message>
        <source>This folder is empty.</source>
        <translation>Dieser Ordner ist leer.</translation>
    </message>
    <message>
        <source>This is a fault of ours. The report says what happened; it may contain names of files, so look through it before you pass it on.</source>
        <translation>Das ist ein Fehler von uns. Der Bericht sagt, was geschehen ist; er kann Dateinamen enthalten, sehen Sie ihn also durch, bevor Sie ihn weitergeben.</translation>
    </message>
    <message>
        <source>This is too much to drag. Copy it to a folder instead.</source>
        <translation>Das ist zu viel zum Ziehen. Kopieren Sie es stattdessen in einen Ordner.</translation>
    </message>
    <message>
        <source>This name contains characters that cannot be seen. Signs stand in their place.</source>
        <translation>Dieser Name enthält unsichtbare Zeichen. An ihrer Stelle stehen Ersatzzeichen.</translation>
    </message>
    <message>
        <source>This name is very long; its middle is left out here.</source>
        <translation>Dieser Name ist sehr lang; seine Mitte ist hier weggelassen.</translation>
    </message>
    <message>
        <source>This picture is damaged.</source>
        <translation>Dieses Bild ist beschädigt.</translation>
    </message>
    <message>
        <source>This picture is too large for a preview.</source>
        <translation>Dieses Bild ist zu groß für eine Vorschau.</translation>
    </message>
    <message>
        <source>This stick</source>
        <translation>Dieser Stick</translation>
    </message>
    <message>
        <source>This stick was not ejected properly the last time. What was being written then may be damaged. Copy what matters from it before you put anything new on it.</source>
        <translation>Dieser Stick wurde beim letzten Mal nicht richtig ausgeworfen. Was dabei geschrieben wurde, kann beschädigt sein. Kopieren Sie herunter, was wichtig ist, bevor Sie etwas Neues darauf legen.</translation>
    </message>
    <message>
        <source>Times are</source>
        <translation>Zeiten sind</translation>
    </message>
    <message>
        <source>Title</source>
        <translation>Titel</translation>
    </message>
    <message>
        <source>To the other side</source>
        <translation>Zur anderen Seite</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>Übertragungen</translation>
    </message>
    <message>
        <source>Transfers of this session</source>
        <translation>Bisherige Übertragungen</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Noch einmal versuchen</translation>
    </message>
    <message numerus="yes">
        <source>Try the %Ln files again</source>
        <translation>
            <numerusform>Die Datei noch einmal versuchen</numerusform>
            <numerusform>Die %Ln Dateien noch einmal versuchen</numerusform>
        </translation>
    </message>
    <message>
        <source>Two places side by side</source>
        <translation>Zwei Orte nebeneinander</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Typ</translation>
    </message>
    <message>
        <source>Type a path</source>
        <translation>Pfad eingeben</translation>
    </message>
    <message>
        <source>Type and creator</source>
        <translation>Typ und Erzeuger</translation>
    </message>
    <message>
        <source>Unique number</source>
        <translation>Eindeutige Nummer</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>Up to the folder above</source>
        <translation>Zum übergeordneten Ordner</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>Überprüfen</translation>
    </message>
    <message>
        <source>Verify again</source>
        <translation>Noch einmal überprüfen</translation>
    </message>
    <message>
        <source>Verify every copy</source>
        <translation>Jede Kopie überprüfen</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
    <message>
        <source>Volume</source>
        <translation>Datenträger</translation>
    </message>
    <message>
        <source>Volume GUID</source>
        <translation>GUID des Datenträgers</translation>
    </message>
    <message>
        <source>Volume identifier</source>
        <translation>Datenträgerkennung</translation>
    </message>
    <message>
        <source>Volume set</source>
        <translation>Datenträgersatz</translation>
    </message>
    <message>
        <source>Waited</source>
        <translation>Gewartet</translation>
    </message>
    <message>
        <source>Waiting for your answer above.</source>
        <translation>Wartet oben auf Ihre Antwort.</translation>
    </message>
    <message>
        <source>Waiting until this computer&apos;s disk has all of it…</source>
        <translation>Wartet, bis alles auf der Festplatte dieses Computers ist…</translation>
    </message>
    <message>
        <source>Wanted</source>
        <translation>Gewünscht</translation>
    </message>
    <message>
        <source>What came from reading {it} made no sense, and nothing more is taken from it.</source>
        <translation>{it} hat beim Lesen nichts Sinnvolles ergeben; von dort wird nichts mehr angenommen.</translation>
    </message>
    <message>
        <source>What could be read before can be read still: a repair writes in that order.</source>
        <translation>Was vorher lesbar war, ist es noch: Eine Reparatur schreibt in solcher Reihenfolge.</translation>
    </message>
    <message>
        <source>What failed</source>
        <translation>Was fehlschlug</translation>
    </message>
    <message>
        <source>What has arrived whole stays. What is on its way is stopped, and no half file is left.</source>
        <translation>Was vollständig angekommen ist, bleibt. Was unterwegs ist, wird abgebrochen; keine halbe Datei bleibt zurück.</translation>
    </message>
    <message>
        <source>What is left</source>
        <translation>Was übrig ist</translation>
    </message>
    <message>
        <source>What is on it.</source>
        <translation>Was darauf ist.</translation>
    </message>
    <message>
        <source>What is stored in that part. A stick that begins to fail usually goes on failing.</source>
        <translation>Was in diesem Teil gespeichert ist. Ein Stick, der zu versagen beginnt, versagt meist weiter.</translation>
    </message>
    <message>
        <source>What is too large is left out in any case.</source>
        <translation>Was zu groß ist, wird auf jeden Fall weggelassen.</translation>
    </message>
    <message>
        <source>What is written to its memory can never be run.</source>
        <translation>Was in seinen Speicher geschrieben wird, kann nie ausgeführt werden.</translation>
    </message>
    <message>
        <source>What is written to the stick now may take their place.</source>
        <translation>Was jetzt auf den Stick geschrieben wird, kann ihren Platz einnehmen.</translation>
    </message>
    <message>
        <source>What it is about</source>
        <translation>Worum es geht</translation>
    </message>
    <message>
        <source>What protects you here does not there: the system itself reads what is on it.</source>
        <translation>Was Sie hier schützt, schützt dort nicht: Das System selbst liest, was darauf ist.</translation>
    </message>
    <message>
        <source>What showed it to them has stopped. It can be shown to them again.</source>
        <translation>Was ihn zeigte, hat aufgehört. Er kann ihnen wieder gezeigt werden.</translation>
    </message>
    <message>
        <source>What showed it to them has stopped. Programs that had files of it open were told of an error. The stick itself was only read.</source>
        <translation>Was ihn zeigte, hat aufgehört. Programmen, die Dateien davon geöffnet hatten, wurde ein Fehler gemeldet. Der Stick selbst wurde nur gelesen.</translation>
    </message>
    <message>
        <source>What tells which space is taken is missing or broken.</source>
        <translation>Die Angabe, welcher Platz belegt ist, fehlt oder ist kaputt.</translation>
    </message>
    <message>
        <source>What the damaged part should lead to may be lost.</source>
        <translation>Worauf der beschädigte Teil verweisen sollte, kann verloren sein.</translation>
    </message>
    <message>
        <source>What the link {name} leads to is not there.</source>
        <translation>Das Ziel des Links {name} ist nicht da.</translation>
    </message>
    <message>
        <source>What to do</source>
        <translation>Was tun</translation>
    </message>
    <message>
        <source>What was being written. A stick that stops taking data is usually worn out.</source>
        <translation>Was gerade geschrieben wurde. Ein Stick, der keine Daten mehr annimmt, ist meist verschlissen.</translation>
    </message>
    <message>
        <source>What was not to be deleted.</source>
        <translation>Was nicht gelöscht werden sollte.</translation>
    </message>
    <message>
        <source>What was on it before, and every file that was copied whole.</source>
        <translation>Was vorher darauf war, und jede Datei, die vollständig kopiert wurde.</translation>
    </message>
    <message>
        <source>What was on it before.</source>
        <translation>Was vorher darauf war.</translation>
    </message>
    <message>
        <source>What was on it before. Nothing that failed is shown as done.</source>
        <translation>Was vorher darauf war. Nichts Fehlgeschlagenes wird als erledigt angezeigt.</translation>
    </message>
    <message>
        <source>What was on it before: it was to be erased. It may not open until it is formatted anew.</source>
        <translation>Was vorher darauf war: Es sollte gelöscht werden. Vielleicht lässt er sich erst öffnen, wenn er neu formatiert ist.</translation>
    </message>
    <message>
        <source>What was overwritten does not come back.</source>
        <translation>Was überschrieben wurde, kommt nicht zurück.</translation>
    </message>
    <message>
        <source>What was said</source>
        <translation>Die Angabe</translation>
    </message>
    <message>
        <source>Whatever is on it is read by a program of its own, which can open no file of yours, reach no network and start nothing.</source>
        <translation>Was darauf ist, liest ein eigenes Programm, das keine Ihrer Dateien öffnen, kein Netzwerk erreichen und nichts starten kann.</translation>
    </message>
    <message>
        <source>Whatever it does, it stays as weak as it is.</source>
        <translation>Was es auch tut, es bleibt so schwach, wie es ist.</translation>
    </message>
    <message>
        <source>Whatever lies elsewhere on it can still be copied.</source>
        <translation>Was anderswo darauf liegt, kann noch kopiert werden.</translation>
    </message>
    <message>
        <source>Where on it</source>
        <translation>Wo darauf</translation>
    </message>
    <message>
        <source>Where to look</source>
        <translation>Wo gesucht wird</translation>
    </message>
    <message>
        <source>While {it} was being read, something was tried that is forbidden, and was stopped.</source>
        <translation>Während {it} gelesen wurde, wurde etwas Verbotenes versucht und gestoppt.</translation>
    </message>
    <message>
        <source>Whole</source>
        <translation>Vollständig</translation>
    </message>
    <message>
        <source>Whole, most likely</source>
        <translation>Sehr wahrscheinlich vollständig</translation>
    </message>
    <message>
        <source>Will be an empty file: none of its bytes can be found.</source>
        <translation>Wird eine leere Datei: Keines ihrer Bytes ist auffindbar.</translation>
    </message>
    <message>
        <source>Will be counted anew.</source>
        <translation>Wird neu gezählt.</translation>
    </message>
    <message>
        <source>Will be free. What is in it is lost then.</source>
        <translation>Wird freigegeben. Was darin ist, ist dann verloren.</translation>
    </message>
    <message>
        <source>Will be marked as clean.</source>
        <translation>Wird als sauber markiert.</translation>
    </message>
    <message>
        <source>Will be marked as taken.</source>
        <translation>Wird als belegt markiert.</translation>
    </message>
    <message>
        <source>Will be removed.</source>
        <translation>Wird entfernt.</translation>
    </message>
    <message>
        <source>Will be removed: nothing can be found through it.</source>
        <translation>Wird entfernt: Darüber ist nichts zu finden.</translation>
    </message>
    <message>
        <source>Will be set right.</source>
        <translation>Wird richtiggestellt.</translation>
    </message>
    <message>
        <source>Will become files on the stick.</source>
        <translation>Wird zu Dateien auf dem Stick.</translation>
    </message>
    <message>
        <source>Will become files on the stick: {names}.</source>
        <translation>Wird zu Dateien auf dem Stick: {names}.</translation>
    </message>
    <message>
        <source>Will end where its sound part does.</source>
        <translation>Endet dann, wo der heile Teil endet.</translation>
    </message>
    <message>
        <source>Will get a copy of that part for itself.</source>
        <translation>Bekommt eine eigene Kopie dieses Teils.</translation>
    </message>
    <message>
        <source>Will get another name.</source>
        <translation>Bekommt einen anderen Namen.</translation>
    </message>
    <message>
        <source>Will get another name: {names}.</source>
        <translation>Bekommt einen anderen Namen: {names}.</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Wrapped</source>
        <translation>Eingebettet</translation>
    </message>
    <message>
        <source>Writing the last {size} to {stick}…</source>
        <translation>Die letzten {size} werden auf {stick} geschrieben…</translation>
    </message>
    <message>
        <source>Writing what is left, and ejecting {name}…</source>
        <translation>Schreibt den Rest und wirft {name} aus…</translation>
    </message>
    <message>
        <source>Writing. Leave it plugged in.</source>
        <translation>Wird geschrieben. Lassen Sie ihn eingesteckt.</translation>
    </message>
    <message>
        <source>You may not write where {it} should go.</source>
        <translation>Für {it} haben Sie am Ziel keine Schreibrechte.</translation>
    </message>
    <message>
        <source>a BeOS volume</source>
        <translation>ein BeOS-Datenträger</translation>
    </message>
    <message>
        <source>a Linux bcache device</source>
        <translation>ein bcache-Gerät von Linux</translation>
    </message>
    <message>
        <source>a Linux volume encrypted with LUKS</source>
        <translation>ein mit LUKS verschlüsselter Linux-Datenträger</translation>
    </message>
    <message>
        <source>a Linux {name} image</source>
        <translation>ein {name}-Abbild von Linux</translation>
    </message>
    <message>
        <source>a Linux {name} volume</source>
        <translation>ein {name}-Datenträger von Linux</translation>
    </message>
    <message>
        <source>a Minix volume</source>
        <translation>ein Minix-Datenträger</translation>
    </message>
    <message>
        <source>a NetBSD {name} volume</source>
        <translation>ein {name}-Datenträger von NetBSD</translation>
    </message>
    <message>
        <source>a PDF</source>
        <translation>ein PDF</translation>
    </message>
    <message>
        <source>a System V boot file system</source>
        <translation>ein Boot-Dateisystem von System V</translation>
    </message>
    <message>
        <source>a VMware {name} volume</source>
        <translation>ein {name}-Datenträger von VMware</translation>
    </message>
    <message>
        <source>a Windows volume encrypted with BitLocker</source>
        <translation>ein mit BitLocker verschlüsselter Windows-Datenträger</translation>
    </message>
    <message>
        <source>a Windows {name} volume</source>
        <translation>ein {name}-Datenträger von Windows</translation>
    </message>
    <message>
        <source>a character in it is not allowed</source>
        <translation>ein Zeichen darin ist nicht erlaubt</translation>
    </message>
    <message>
        <source>a classic Mac {name} volume</source>
        <translation>ein {name}-Datenträger eines klassischen Mac</translation>
    </message>
    <message>
        <source>a compaction that was interrupted is not finished</source>
        <translation>Eine unterbrochene Verdichtung wird nicht beendet</translation>
    </message>
    <message>
        <source>a compressed stream of system compression</source>
        <translation>ein komprimierter Datenstrom der Systemkompression</translation>
    </message>
    <message>
        <source>a copy of more than {number} files</source>
        <translation>eine Kopie von mehr als {number} Dateien</translation>
    </message>
    <message>
        <source>a document</source>
        <translation>ein Dokument</translation>
    </message>
    <message>
        <source>a few seconds</source>
        <translation>ein paar Sekunden</translation>
    </message>
    <message>
        <source>a file</source>
        <translation>eine Datei</translation>
    </message>
    <message>
        <source>a file that is kept in the cloud only</source>
        <translation>eine Datei, die nur in der Cloud liegt</translation>
    </message>
    <message>
        <source>a file that was being written when the volume was pulled out is shown as it was before</source>
        <translation>Eine Datei, die gerade geschrieben wurde, als der Datenträger herausgezogen wurde, wird gezeigt, wie sie davor war</translation>
    </message>
    <message>
        <source>a film</source>
        <translation>ein Film</translation>
    </message>
    <message>
        <source>a folder</source>
        <translation>ein Ordner</translation>
    </message>
    <message>
        <source>a journal in more than 65536 pieces</source>
        <translation>ein Journal in mehr als 65536 Stücken</translation>
    </message>
    <message>
        <source>a journal of more than {number} changed blocks</source>
        <translation>ein Journal mit mehr als {number} geänderten Blöcken</translation>
    </message>
    <message>
        <source>a journal of so many blocks</source>
        <translation>ein Journal mit so vielen Blöcken</translation>
    </message>
    <message>
        <source>a link</source>
        <translation>ein Link</translation>
    </message>
    <message>
        <source>a part of a Linux LVM volume group</source>
        <translation>ein Teil einer LVM-Gruppe von Linux</translation>
    </message>
    <message>
        <source>a part of a Linux RAID</source>
        <translation>ein Teil eines RAID von Linux</translation>
    </message>
    <message>
        <source>a part of a Linux Stratis pool</source>
        <translation>ein Teil eines Stratis-Pools von Linux</translation>
    </message>
    <message>
        <source>a part of a ZFS pool</source>
        <translation>ein Teil eines ZFS-Pools</translation>
    </message>
    <message>
        <source>a partition table</source>
        <translation>eine Partitionstabelle</translation>
    </message>
    <message>
        <source>a partition table ({kind}) with {number} partitions</source>
        <translation>eine Partitionstabelle ({kind}) mit {number} Partitionen</translation>
    </message>
    <message>
        <source>a picture</source>
        <translation>ein Bild</translation>
    </message>
    <message>
        <source>a presentation</source>
        <translation>eine Präsentation</translation>
    </message>
    <message>
        <source>a spreadsheet</source>
        <translation>eine Tabelle</translation>
    </message>
    <message>
        <source>a text</source>
        <translation>ein Text</translation>
    </message>
    <message>
        <source>a volume of {name}</source>
        <translation>ein Datenträger mit {name}</translation>
    </message>
    <message>
        <source>a volume whose making was not finished</source>
        <translation>ein Datenträger, der nicht fertig angelegt wurde</translation>
    </message>
    <message>
        <source>access control lists and vendors&apos; extensions are not read</source>
        <translation>Zugriffslisten und Erweiterungen der Hersteller werden nicht gelesen</translation>
    </message>
    <message>
        <source>allocate 8 GiB</source>
        <translation>8 GiB Speicher belegen</translation>
    </message>
    <message>
        <source>an Apple {name} volume</source>
        <translation>ein {name}-Datenträger von Apple</translation>
    </message>
    <message>
        <source>an OS/2 {name} volume</source>
        <translation>ein {name}-Datenträger von OS/2</translation>
    </message>
    <message>
        <source>an SGI {name} volume</source>
        <translation>ein {name}-Datenträger von SGI</translation>
    </message>
    <message>
        <source>an archive</source>
        <translation>ein Archiv</translation>
    </message>
    <message>
        <source>and</source>
        <translation>und</translation>
    </message>
    <message>
        <source>another one has the same name there, but for capital letters</source>
        <translation>ein anderes Element heißt dort ebenso, bis auf Groß- und Kleinschreibung</translation>
    </message>
    <message>
        <source>another program</source>
        <translation>einem anderen Programm</translation>
    </message>
    <message>
        <source>as the clock of whoever wrote them showed it</source>
        <translation>nach der Uhr des Geräts, das sie schrieb</translation>
    </message>
    <message>
        <source>at block {number}</source>
        <translation>bei Block {number}</translation>
    </message>
    <message>
        <source>at the top</source>
        <translation>ganz oben</translation>
    </message>
    <message>
        <source>block {number} of partition {partition}</source>
        <translation>Block {number} von Partition {partition}</translation>
    </message>
    <message>
        <source>by hardware</source>
        <translation>durch Hardware</translation>
    </message>
    <message>
        <source>by software</source>
        <translation>durch Software</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>Bytes</translation>
    </message>
    <message>
        <source>case does not matter</source>
        <translation>Groß- und Kleinschreibung egal</translation>
    </message>
    <message>
        <source>case matters</source>
        <translation>Groß- und Kleinschreibung zählt</translation>
    </message>
    <message>
        <source>changed since the last backup</source>
        <translation>seit der letzten Sicherung geändert</translation>
    </message>
    <message>
        <source>checking</source>
        <translation>prüft</translation>
    </message>
    <message>
        <source>checking so many folders</source>
        <translation>so viele Ordner prüfen</translation>
    </message>
    <message>
        <source>checking {name}</source>
        <translation>prüft {name}</translation>
    </message>
    <message>
        <source>checking {number} clusters</source>
        <translation>{number} Cluster prüfen</translation>
    </message>
    <message>
        <source>checking {system}</source>
        <translation>{system} prüfen</translation>
    </message>
    <message>
        <source>clean</source>
        <translation>sauber</translation>
    </message>
    <message>
        <source>cluster chain</source>
        <translation>Clusterkette</translation>
    </message>
    <message>
        <source>compressed</source>
        <translation>komprimiert</translation>
    </message>
    <message>
        <source>compressed and encrypted files are named and not read; fast commits are not replayed</source>
        <translation>Komprimierte und verschlüsselte Dateien werden genannt und nicht gelesen; schnelle Commits werden nicht nachgeholt</translation>
    </message>
    <message>
        <source>compressed and transformed files are named and not read</source>
        <translation>Komprimierte und umgewandelte Dateien werden genannt und nicht gelesen</translation>
    </message>
    <message>
        <source>compressed extents</source>
        <translation>komprimierte Extents</translation>
    </message>
    <message>
        <source>compression</source>
        <translation>Kompression</translation>
    </message>
    <message>
        <source>compression method {method}</source>
        <translation>Kompressionsverfahren {method}</translation>
    </message>
    <message>
        <source>contiguous</source>
        <translation>zusammenhängend</translation>
    </message>
    <message>
        <source>copying</source>
        <translation>kopiert</translation>
    </message>
    <message>
        <source>copying {name}</source>
        <translation>kopiert {name}</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a date, as QLocale.toString takes it</comment>
        <translation>d. MMM yyyy</translation>
    </message>
    <message>
        <source>deleted files of {system}</source>
        <translation>gelöschte Dateien von {system}</translation>
    </message>
    <message>
        <source>deleting</source>
        <translation>löscht</translation>
    </message>
    <message>
        <source>deleting {name}</source>
        <translation>löscht {name}</translation>
    </message>
    <message>
        <source>doubtful</source>
        <translation>zweifelhaft</translation>
    </message>
    <message>
        <source>encrypt</source>
        <translation>Verschlüsselung (encrypt)</translation>
    </message>
    <message>
        <source>encrypted</source>
        <translation>verschlüsselt</translation>
    </message>
    <message>
        <source>encrypted files are named and not read; the log is not replayed</source>
        <translation>Verschlüsselte Dateien werden genannt und nicht gelesen; das Protokoll wird nicht nachgeholt</translation>
    </message>
    <message>
        <source>encryption (EFS)</source>
        <translation>Verschlüsselung (EFS)</translation>
    </message>
    <message>
        <source>every computer and camera; files up to 4.3 GB</source>
        <translation>jeder Computer, jede Kamera; Dateien bis 4,3 GB</translation>
    </message>
    <message>
        <source>extended attributes are counted and not read; snapshots are shown as they lie</source>
        <translation>Erweiterte Attribute werden gezählt und nicht gelesen; Schnappschüsse werden gezeigt, wie sie liegen</translation>
    </message>
    <message>
        <source>extended attributes of OS/2 are not read</source>
        <translation>Erweiterte Attribute von OS/2 werden nicht gelesen</translation>
    </message>
    <message>
        <source>external journal</source>
        <translation>externes Journal</translation>
    </message>
    <message>
        <source>files packed by LZVN or LZFSE are named and not read; a journal on another device is not replayed</source>
        <translation>Mit LZVN oder LZFSE gepackte Dateien werden genannt und nicht gelesen; ein Journal auf einem anderen Gerät wird nicht nachgeholt</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>zugeklappt</translation>
    </message>
    <message>
        <source>free space is what the superblock counts</source>
        <translation>Freier Platz ist, was der Superblock zählt</translation>
    </message>
    <message>
        <source>good</source>
        <translation>gut</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>verborgen</translation>
    </message>
    <message>
        <source>in an HFS volume, {number} bytes behind its start</source>
        <translation>in einem HFS-Datenträger, {number} Bytes hinter dessen Anfang</translation>
    </message>
    <message>
        <source>in question</source>
        <translation>ohne Namen</translation>
    </message>
    <message>
        <source>in the file record</source>
        <translation>im Dateidatensatz</translation>
    </message>
    <message>
        <source>in the time of this computer</source>
        <translation>in der Zeit dieses Computers</translation>
    </message>
    <message>
        <source>it became shorter meanwhile (0)</source>
        <translation>sie wurde inzwischen kürzer (0)</translation>
    </message>
    <message>
        <source>it ends with a dot or a space</source>
        <translation>er endet mit einem Punkt oder Leerzeichen</translation>
    </message>
    <message>
        <source>it has no characters</source>
        <translation>er hat keine Zeichen</translation>
    </message>
    <message>
        <source>it is being changed; open it anew to repair it</source>
        <translation>er wird gerade geändert; öffnen Sie ihn neu, um ihn zu reparieren</translation>
    </message>
    <message>
        <source>it is not known where it lies</source>
        <translation>es ist nicht bekannt, wo es liegt</translation>
    </message>
    <message>
        <source>it is not open</source>
        <translation>er ist nicht geöffnet</translation>
    </message>
    <message>
        <source>it is too long</source>
        <translation>er ist zu lang</translation>
    </message>
    <message>
        <source>it is write-protected</source>
        <translation>Schreibschutz</translation>
    </message>
    <message>
        <source>it means something else there</source>
        <translation>er bedeutet dort etwas anderes</translation>
    </message>
    <message>
        <source>it was opened for reading only</source>
        <translation>nur zum Lesen geöffnet</translation>
    </message>
    <message>
        <source>it went through</source>
        <translation>gelungen</translation>
    </message>
    <message>
        <source>its allocation bitmap is damaged</source>
        <translation>die Belegungstabelle ist beschädigt</translation>
    </message>
    <message>
        <source>its boot region cannot be trusted, so that a repair would do harm</source>
        <translation>dem Bootbereich ist nicht zu trauen, sodass eine Reparatur schaden würde</translation>
    </message>
    <message>
        <source>its boot sector cannot be trusted, so that a repair would do harm</source>
        <translation>dem Bootsektor ist nicht zu trauen, sodass eine Reparatur schaden würde</translation>
    </message>
    <message>
        <source>its boot sector is damaged</source>
        <translation>der Bootsektor ist beschädigt</translation>
    </message>
    <message>
        <source>its root directory is damaged</source>
        <translation>der oberste Ordner ist beschädigt</translation>
    </message>
    <message>
        <source>its up-case table is damaged</source>
        <translation>die Tabelle für Großbuchstaben ist beschädigt</translation>
    </message>
    <message>
        <source>libfuse3 is not installed (on Debian and Ubuntu: the package fuse3)</source>
        <translation>libfuse3 ist nicht installiert (bei Debian und Ubuntu: das Paket fuse3)</translation>
    </message>
    <message>
        <source>like that</source>
        <translation>(leer)</translation>
    </message>
    <message>
        <source>likely</source>
        <translation>wahrscheinlich</translation>
    </message>
    <message>
        <source>logical volumes of several disks are not joined</source>
        <translation>Logische Datenträger aus mehreren Platten werden nicht verbunden</translation>
    </message>
    <message>
        <source>make a network connection</source>
        <translation>eine Netzwerkverbindung aufbauen</translation>
    </message>
    <message>
        <source>map executable memory</source>
        <translation>ausführbaren Speicher anlegen</translation>
    </message>
    <message>
        <source>memory closed to other programs, ends with its parent</source>
        <translation>Speicher für andere Programme verschlossen, endet mit dem Elternprozess</translation>
    </message>
    <message>
        <source>memory {size} MiB, {number} descriptors, no processes, no core file</source>
        <translation>{size} MiB Speicher, {number} Deskriptoren, keine Prozesse, keine Core-Datei</translation>
    </message>
    <message>
        <source>more than {number} deleted files</source>
        <translation>mehr als {number} gelöschte Dateien</translation>
    </message>
    <message>
        <source>music</source>
        <translation>Musik</translation>
    </message>
    <message>
        <source>newer devices; files of any size</source>
        <translation>neuere Geräte; Dateien jeder Größe</translation>
    </message>
    <message>
        <source>no</source>
        <translation>nein</translation>
    </message>
    <message>
        <source>no IPC of the host</source>
        <translation>keine IPC des Systems</translation>
    </message>
    <message>
        <source>no network at all</source>
        <translation>gar kein Netzwerk</translation>
    </message>
    <message>
        <source>no open, socket, exec, fork or ioctl; a try is fatal</source>
        <translation>kein open, socket, exec, fork oder ioctl; ein Versuch ist tödlich</translation>
    </message>
    <message>
        <source>no path (ABI {number})</source>
        <translation>kein Pfad (ABI {number})</translation>
    </message>
    <message>
        <source>no path, no TCP port (ABI {number})</source>
        <translation>kein Pfad, kein TCP-Port (ABI {number})</translation>
    </message>
    <message>
        <source>no path, no TCP port, no signal outside (ABI {number})</source>
        <translation>kein Pfad, kein TCP-Port, kein Signal nach außen (ABI {number})</translation>
    </message>
    <message>
        <source>no program can raise its rights</source>
        <translation>kein Programm kann seine Rechte erhöhen</translation>
    </message>
    <message>
        <source>no system bus to ask udisks2 ({why})</source>
        <translation>kein Systembus, um udisks2 zu fragen ({why})</translation>
    </message>
    <message>
        <source>no user of the host exists in it</source>
        <translation>kein Benutzer des Systems existiert darin</translation>
    </message>
    <message>
        <source>no volume had been opened</source>
        <translation>es war kein Dateisystem geöffnet</translation>
    </message>
    <message>
        <source>none left</source>
        <translation>keine übrig</translation>
    </message>
    <message>
        <source>not clean, not replayed</source>
        <translation>nicht sauber, nicht nachgeholt</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>nicht bekannt</translation>
    </message>
    <message>
        <source>not said</source>
        <translation>keine Angabe</translation>
    </message>
    <message>
        <source>nothing that Rumpus knows</source>
        <translation>nichts, was Rumpus kennt</translation>
    </message>
    <message>
        <source>old devices</source>
        <translation>alte Geräte</translation>
    </message>
    <message>
        <source>only zeros at the start</source>
        <translation>nur Nullen am Anfang</translation>
    </message>
    <message>
        <source>open a file</source>
        <translation>eine Datei öffnen</translation>
    </message>
    <message>
        <source>packing method {method}</source>
        <translation>Packverfahren {method}</translation>
    </message>
    <message>
        <source>partial segments applied in memory: {number}</source>
        <translation>im Speicher nachgeholte Teilsegmente: {number}</translation>
    </message>
    <message>
        <source>partial segments applied in memory: {number}, unfinished: {rest}</source>
        <translation>im Speicher nachgeholte Teilsegmente: {number}, nicht abgeschlossene: {rest}</translation>
    </message>
    <message>
        <source>partition map of type {name}</source>
        <translation>Partitionstabelle vom Typ {name}</translation>
    </message>
    <message>
        <source>partition map {name}</source>
        <translation>Partitionstabelle {name}</translation>
    </message>
    <message>
        <source>paused while copying</source>
        <translation>Kopieren angehalten</translation>
    </message>
    <message>
        <source>paused while copying {name}</source>
        <translation>Kopieren angehalten bei {name}</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>schreibgeschützt</translation>
    </message>
    <message>
        <source>refused: {why}</source>
        <translation>abgewehrt: {why}</translation>
    </message>
    <message>
        <source>repairing it</source>
        <translation>repariert ihn</translation>
    </message>
    <message>
        <source>repairing so much at once</source>
        <translation>so viel auf einmal reparieren</translation>
    </message>
    <message>
        <source>repairing {system}</source>
        <translation>{system} reparieren</translation>
    </message>
    <message>
        <source>run a program</source>
        <translation>ein Programm ausführen</translation>
    </message>
    <message>
        <source>runs as nobody</source>
        <translation>läuft als nobody</translation>
    </message>
    <message>
        <source>sees no other process</source>
        <translation>sieht keinen anderen Prozess</translation>
    </message>
    <message>
        <source>so long a log after the checkpoint</source>
        <translation>ein so langes Protokoll nach dem Prüfpunkt</translation>
    </message>
    <message>
        <source>so much of it is damaged that a repair would do harm</source>
        <translation>so viel davon ist beschädigt, dass eine Reparatur schaden würde</translation>
    </message>
    <message>
        <source>some of its files lie in clusters that are marked as free, which rumpus check --repair can mend</source>
        <translation>einige Dateien liegen in Clustern, die als frei markiert sind; rumpus check --repair kann das beheben</translation>
    </message>
    <message>
        <source>something unknown</source>
        <translation>etwas Unbekanntes</translation>
    </message>
    <message>
        <source>sparse files (SF)</source>
        <translation>Dateien mit Lücken (SF)</translation>
    </message>
    <message>
        <source>sparse files (SF) are named and not read; of several sessions the last is shown</source>
        <translation>Dateien mit Lücken (SF) werden genannt und nicht gelesen; von mehreren Sitzungen wird die letzte gezeigt</translation>
    </message>
    <message>
        <source>start a process</source>
        <translation>einen Prozess starten</translation>
    </message>
    <message>
        <source>system</source>
        <translation>System</translation>
    </message>
    <message>
        <source>system compression, method {method}</source>
        <translation>Systemkompression, Verfahren {method}</translation>
    </message>
    <message>
        <source>take another stick&apos;s descriptor</source>
        <translation>auf einen anderen Stick zugreifen</translation>
    </message>
    <message>
        <source>that was given</source>
        <translation>(leer)</translation>
    </message>
    <message>
        <source>the desktop database is not read</source>
        <translation>Die Schreibtischdatenbank wird nicht gelesen</translation>
    </message>
    <message>
        <source>the device cannot be written</source>
        <translation>das Gerät ist nicht beschreibbar</translation>
    </message>
    <message>
        <source>the first {size}</source>
        <translation>die ersten {size}</translation>
    </message>
    <message>
        <source>the log of this volume goes on after its last checkpoint</source>
        <translation>das Protokoll dieses Dateisystems geht nach seinem letzten Prüfpunkt weiter</translation>
    </message>
    <message>
        <source>the picture is not whole</source>
        <translation>das Bild ist nicht vollständig</translation>
    </message>
    <message>
        <source>the stick</source>
        <translation>der Stick</translation>
    </message>
    <message>
        <source>the stick was being changed</source>
        <translation>der Stick wurde gerade verändert</translation>
    </message>
    <message>
        <source>the system refused it (see above)</source>
        <translation>das System hat es abgelehnt (siehe oben)</translation>
    </message>
    <message>
        <source>the volume cannot be opened</source>
        <translation>das Dateisystem lässt sich nicht öffnen</translation>
    </message>
    <message>
        <source>there are too many of them</source>
        <translation>es sind zu viele</translation>
    </message>
    <message>
        <source>there is no directory of your own for it (XDG_RUNTIME_DIR)</source>
        <translation>es gibt kein eigenes Verzeichnis dafür (XDG_RUNTIME_DIR)</translation>
    </message>
    <message>
        <source>this computer runs from it</source>
        <translation>dieser Computer läuft davon</translation>
    </message>
    <message>
        <source>this computer&apos;s system runs from it</source>
        <translation>das System dieses Computers läuft davon</translation>
    </message>
    <message>
        <source>this drive can neither be switched off nor ejected</source>
        <translation>dieses Laufwerk kann weder abgeschaltet noch ausgeworfen werden</translation>
    </message>
    <message>
        <source>this file</source>
        <translation>diese Datei</translation>
    </message>
    <message>
        <source>this file system</source>
        <translation>diesem Dateisystem</translation>
    </message>
    <message>
        <source>this stick</source>
        <translation>dieser Stick</translation>
    </message>
    <message>
        <source>this system has no FUSE ({path} is missing)</source>
        <translation>dieses System hat kein FUSE ({path} fehlt)</translation>
    </message>
    <message>
        <source>trace another process</source>
        <translation>einen anderen Prozess verfolgen</translation>
    </message>
    <message>
        <source>transformed files</source>
        <translation>umgewandelte Dateien</translation>
    </message>
    <message>
        <source>udev cannot be asked: {why}</source>
        <translation>udev kann nicht gefragt werden: {why}</translation>
    </message>
    <message>
        <source>udev does not run here: there is no {path}</source>
        <translation>udev läuft hier nicht: {path} fehlt</translation>
    </message>
    <message>
        <source>udisks2 does not know this device</source>
        <translation>udisks2 kennt dieses Gerät nicht</translation>
    </message>
    <message>
        <source>udisks2 gave no answer</source>
        <translation>udisks2 gab keine Antwort</translation>
    </message>
    <message>
        <source>udisks2 is not there ({why})</source>
        <translation>udisks2 ist nicht da ({why})</translation>
    </message>
    <message>
        <source>udisks2 knows no drive of this device</source>
        <translation>udisks2 kennt kein Laufwerk dieses Geräts</translation>
    </message>
    <message>
        <source>udisks2 said nothing that makes sense</source>
        <translation>udisks2 sagte nichts Sinnvolles</translation>
    </message>
    <message>
        <source>udisks2 sent another device</source>
        <translation>udisks2 schickte ein anderes Gerät</translation>
    </message>
    <message>
        <source>udisks2 sent no device</source>
        <translation>udisks2 schickte kein Gerät</translation>
    </message>
    <message>
        <source>unfolded</source>
        <translation>aufgeklappt</translation>
    </message>
    <message>
        <source>unknown data starting with {bytes}</source>
        <translation>unbekannte Daten, beginnend mit {bytes}</translation>
    </message>
    <message>
        <source>very old devices</source>
        <translation>sehr alte Geräte</translation>
    </message>
    <message>
        <source>was ejected properly</source>
        <translation>richtig ausgeworfen</translation>
    </message>
    <message>
        <source>was not ejected properly last time</source>
        <translation>zuletzt nicht richtig ausgeworfen</translation>
    </message>
    <message>
        <source>what is written to memory never becomes a program</source>
        <translation>was in den Speicher geschrieben wird, wird nie ein Programm</translation>
    </message>
    <message>
        <source>what was expected</source>
        <translation>das Erwartete</translation>
    </message>
    <message>
        <source>with other names it does not go wrong in the same way</source>
        <translation>mit anderen Namen geht nicht dasselbe schief</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>ja</translation>
    </message>
    <message>
        <source>you may not use FUSE ({path} is not yours to open)</source>
        <translation>Sie dürfen FUSE nicht benutzen ({path} ist für Sie nicht zu öffnen)</translation>
    </message>
    <message>
        <source>zisofs, {number} bytes</source>
        <translation>zisofs, {number} Bytes</translation>
    </message>
    <message>
        <source>{date}, the newer one</source>
        <translation>{date}, die neuere</translation>
    </message>
    <message>
        <source>{done} of {files}</source>
        <translation>{done} von {files}</translation>
    </message>
    <message>
        <source>{done} of {files} are safe and are not copied again</source>
        <translation>{done} von {files} sind sicher und werden nicht noch einmal kopiert</translation>
    </message>
    <message>
        <source>{extension} file</source>
        <translation>{extension}-Datei</translation>
    </message>
    <message>
        <source>{folder} on {stick}</source>
        <translation>{folder} auf {stick}</translation>
    </message>
    <message>
        <source>{free} free</source>
        <translation>{free} frei</translation>
    </message>
    <message>
        <source>{free} free of {size}</source>
        <translation>{free} von {size} frei</translation>
    </message>
    <message>
        <source>{hours} h</source>
        <translation>{hours} h</translation>
    </message>
    <message>
        <source>{hours} h {minutes} min</source>
        <translation>{hours} h {minutes} min</translation>
    </message>
    <message>
        <source>{it} can be pulled out now.</source>
        <translation>{it} kann jetzt abgezogen werden.</translation>
    </message>
    <message>
        <source>{it} cannot hold the name {name}.</source>
        <translation>{it} kann den Namen {name} nicht aufnehmen.</translation>
    </message>
    <message>
        <source>{it} could not be made a folder of this computer.</source>
        <translation>{it} konnte nicht als Ordner dieses Computers eingehängt werden.</translation>
    </message>
    <message>
        <source>{it} could not be written to its destination.</source>
        <translation>Das Schreiben am Ziel ist fehlgeschlagen: {it}</translation>
    </message>
    <message>
        <source>{it} did not take what was written to it.</source>
        <translation>{it} hat nicht angenommen, was darauf geschrieben wurde.</translation>
    </message>
    <message>
        <source>{it} has no size that {system} can have.</source>
        <translation>{it} hat keine Größe, die mit {system} möglich ist.</translation>
    </message>
    <message>
        <source>{it} is encrypted with BitLocker.</source>
        <translation>{it} ist mit BitLocker verschlüsselt.</translation>
    </message>
    <message>
        <source>{it} is encrypted with LUKS.</source>
        <translation>{it} ist mit LUKS verschlüsselt.</translation>
    </message>
    <message>
        <source>{it} is encrypted, and Rumpus cannot unlock it.</source>
        <translation>{it} ist verschlüsselt, und Rumpus kann es nicht entschlüsseln.</translation>
    </message>
    <message>
        <source>{it} is in use by {who}.</source>
        <translation>{it} wird von {who} benutzt.</translation>
    </message>
    <message>
        <source>{it} is larger than a file may be where it should go.</source>
        <translation>Zu groß für das Ziel: {it}</translation>
    </message>
    <message>
        <source>{it} was not opened, because a wall that must stand around it is missing here.</source>
        <translation>{it} wurde nicht geöffnet, weil hier eine Schutzwand fehlt, die nötig ist.</translation>
    </message>
    <message>
        <source>{it} was pulled out while copies were being compared with it.</source>
        <translation>{it} wurde abgezogen, während Kopien damit verglichen wurden.</translation>
    </message>
    <message>
        <source>{it} was pulled out while files were being copied from it.</source>
        <translation>{it} wurde abgezogen, während Dateien davon kopiert wurden.</translation>
    </message>
    <message>
        <source>{it} was pulled out while files were being copied to it.</source>
        <translation>{it} wurde abgezogen, während Dateien darauf kopiert wurden.</translation>
    </message>
    <message>
        <source>{it} was pulled out while it was being formatted.</source>
        <translation>{it} wurde abgezogen, während er formatiert wurde.</translation>
    </message>
    <message>
        <source>{it} was pulled out while it was being repaired.</source>
        <translation>{it} wurde abgezogen, während er repariert wurde.</translation>
    </message>
    <message>
        <source>{it} was pulled out while something was being deleted from it.</source>
        <translation>{it} wurde abgezogen, während etwas davon gelöscht wurde.</translation>
    </message>
    <message>
        <source>{it} was pulled out.</source>
        <translation>{it} wurde abgezogen.</translation>
    </message>
    <message>
        <source>{left} left</source>
        <translation>noch {left}</translation>
    </message>
    <message>
        <source>{minutes} min</source>
        <translation>{minutes} min</translation>
    </message>
    <message>
        <source>{minutes} min {seconds} s</source>
        <translation>{minutes} min {seconds} s</translation>
    </message>
    <message numerus="yes">
        <source>{names} and %Ln others</source>
        <translation>
            <numerusform>{names} und %Ln weitere</numerusform>
            <numerusform>{names} und %Ln weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>{names}. Copy again; if that does not help, do not trust this stick.</source>
        <translation>{names}. Kopieren Sie noch einmal; wenn das nicht hilft, trauen Sie diesem Stick nicht.</translation>
    </message>
    <message>
        <source>{name} (folder)</source>
        <translation>{name} (Ordner)</translation>
    </message>
    <message>
        <source>{name} cannot be pulled out yet.</source>
        <translation>{name} kann noch nicht abgezogen werden.</translation>
    </message>
    <message>
        <source>{name} could not be read on this computer.</source>
        <translation>{name} konnte auf diesem Computer nicht gelesen werden.</translation>
    </message>
    <message>
        <source>{name} is being read or written. Wait, or stop that first.</source>
        <translation>{name} wird gerade gelesen oder beschrieben. Warten Sie, oder brechen Sie das zuerst ab.</translation>
    </message>
    <message>
        <source>{name} is ejected when that is done.</source>
        <translation>{name} wird ausgeworfen, sobald das fertig ist.</translation>
    </message>
    <message>
        <source>{name} is empty now: {what}.</source>
        <translation>{name} ist jetzt leer: {what}.</translation>
    </message>
    <message>
        <source>{name} is never formatted: this computer runs from it.</source>
        <translation>{name} wird nie formatiert: Dieser Computer läuft davon.</translation>
    </message>
    <message numerus="yes">
        <source>{name} is read behind %Ln walls.</source>
        <translation>
            <numerusform>{name} wird hinter %Ln Schutzwand gelesen.</numerusform>
            <numerusform>{name} wird hinter %Ln Schutzwänden gelesen.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is ready</source>
        <translation>{name} ist bereit</translation>
    </message>
    <message>
        <source>{name} is repaired, and nothing is wrong with it now.</source>
        <translation>{name} ist repariert und jetzt in Ordnung.</translation>
    </message>
    <message numerus="yes">
        <source>{name} is repaired, but %Ln things are wrong still.</source>
        <translation>
            <numerusform>{name} ist repariert, hat aber noch %Ln Fehler.</numerusform>
            <numerusform>{name} ist repariert, hat aber noch %Ln Fehler.</numerusform>
        </translation>
    </message>
    <message>
        <source>{name} is there already.</source>
        <translation>{name} ist schon da.</translation>
    </message>
    <message>
        <source>{name} stays closed. {sentence}</source>
        <translation>{name} bleibt geschlossen. {sentence}</translation>
    </message>
    <message>
        <source>{name} was not ejected.</source>
        <translation>{name} wurde nicht ausgeworfen.</translation>
    </message>
    <message>
        <source>{name} was plugged in</source>
        <translation>{name} wurde eingesteckt</translation>
    </message>
    <message>
        <source>{name} was pulled out too early</source>
        <translation>{name} wurde zu früh abgezogen</translation>
    </message>
    <message>
        <source>{now}/s now, {highest}/s at most</source>
        <translation>jetzt {now}/s, höchstens {highest}/s</translation>
    </message>
    <message>
        <source>{number} bytes</source>
        <translation>{number} Bytes</translation>
    </message>
    <message>
        <source>{number} hidden</source>
        <translation>{number} verborgen</translation>
    </message>
    <message>
        <source>{number} more</source>
        <translation>{number} weitere</translation>
    </message>
    <message>
        <source>{number} of {size} bytes</source>
        <translation>{number} zu {size} Bytes</translation>
    </message>
    <message>
        <source>{number} pages</source>
        <translation>{number} Seiten</translation>
    </message>
    <message>
        <source>{number}, and {folders} folders</source>
        <translation>{number}, und {folders} Ordner</translation>
    </message>
    <message>
        <source>{number}, the last at block {block}</source>
        <translation>{number}, die letzte bei Block {block}</translation>
    </message>
    <message>
        <source>{path} is not yours alone</source>
        <translation>{path} gehört nicht Ihnen allein</translation>
    </message>
    <message>
        <source>{path}: {why}; would be {name}</source>
        <translation>{path}: {why}; würde zu {name}</translation>
    </message>
    <message>
        <source>{place} cannot be unmounted: {why}</source>
        <translation>{place} kann nicht ausgehängt werden: {why}</translation>
    </message>
    <message>
        <source>{program} (process {number})</source>
        <translation>{program} (Prozess {number})</translation>
    </message>
    <message>
        <source>{program} is not installed (on Debian and Ubuntu: the package fuse3)</source>
        <translation>{program} ist nicht installiert (bei Debian und Ubuntu: das Paket fuse3)</translation>
    </message>
    <message>
        <source>{reason}; udisks2 does not know this device</source>
        <translation>{reason}; udisks2 kennt dieses Gerät nicht</translation>
    </message>
    <message>
        <source>{reason}; udisks2: {answer}</source>
        <translation>{reason}; udisks2: {answer}</translation>
    </message>
    <message>
        <source>{seconds} s</source>
        <translation>{seconds} s</translation>
    </message>
    <message>
        <source>{size} ({bytes} bytes)</source>
        <translation>{size} ({bytes} Bytes)</translation>
    </message>
    <message>
        <source>{size} are too much to drag. Copy them to a folder instead.</source>
        <translation>{size} sind zu viel zum Ziehen. Kopieren Sie sie stattdessen in einen Ordner.</translation>
    </message>
    <message>
        <source>{size} compared, byte by byte, from both media.</source>
        <translation>{size} verglichen, Byte für Byte, von beiden Datenträgern.</translation>
    </message>
    <message>
        <source>{size} in {time}, {rate}/s</source>
        <translation>{size} in {time}, {rate}/s</translation>
    </message>
    <message>
        <source>{size} more are needed.</source>
        <translation>Es fehlen {size}.</translation>
    </message>
    <message>
        <source>{size} written. Leave it plugged in.</source>
        <translation>{size} geschrieben. Lassen Sie ihn eingesteckt.</translation>
    </message>
    <message>
        <source>{size}, and files there have {limit} at most</source>
        <translation>{size}, und Dateien dort haben höchstens {limit}</translation>
    </message>
    <message>
        <source>{size}, in use: {what}</source>
        <translation>{size}, in Benutzung: {what}</translation>
    </message>
    <message>
        <source>{size}, open</source>
        <translation>{size}, geöffnet</translation>
    </message>
    <message>
        <source>{size}, ready</source>
        <translation>{size}, bereit</translation>
    </message>
    <message>
        <source>{size}, the larger one</source>
        <translation>{size}, die größere</translation>
    </message>
    <message>
        <source>{size}. It is read behind walls, in a process of its own.</source>
        <translation>{size}. Er wird hinter Schutzwänden gelesen, in einem eigenen Prozess.</translation>
    </message>
    <message>
        <source>{stick} was pulled out: put it back and the copy goes on.</source>
        <translation>{stick} wurde abgezogen: Stecken Sie ihn wieder ein, dann geht die Kopie weiter.</translation>
    </message>
    <message>
        <source>{text}, {used} of {size} in use</source>
        <translation>{text}, {used} von {size} belegt</translation>
    </message>
    <message numerus="yes">
        <source>{through} of %Ln attempts to break out went through. Open no stick that you do not trust on this computer.</source>
        <translation>
            <numerusform>Der Ausbruchsversuch ist gelungen. Öffnen Sie auf diesem Computer keinen Stick, dem Sie nicht trauen.</numerusform>
            <numerusform>{through} von %Ln Ausbruchsversuchen sind gelungen. Öffnen Sie auf diesem Computer keinen Stick, dem Sie nicht trauen.</numerusform>
        </translation>
    </message>
    <message>
        <source>{title}: in force. {meaning}</source>
        <translation>{title}: wirksam. {meaning}</translation>
    </message>
    <message>
        <source>{title}: not in force. {meaning}</source>
        <translation>{title}: nicht wirksam. {meaning}</translation>
    </message>
    <message>
        <source>{untouched} The mistake stayed within this stick&apos;s own process.</source>
        <translation>{untouched} Der Fehler blieb im eigenen Prozess dieses Sticks.</translation>
    </message>
    <message>
        <source>{untouched} The other folders may well be whole.</source>
        <translation>{untouched} Die anderen Ordner können durchaus heil sein.</translation>
    </message>
    <message numerus="yes">
        <source>{what} and %Ln other folders</source>
        <translation>
            <numerusform>{what} und %Ln weiterer Ordner</numerusform>
            <numerusform>{what} und %Ln weitere Ordner</numerusform>
        </translation>
    </message>
    <message>
        <source>{what} can be dragged from here now.</source>
        <translation>Kann jetzt von hier gezogen werden: {what}</translation>
    </message>
    <message>
        <source>{what} could not be searched to the end: damaged or unreadable.</source>
        <translation>Nicht zu Ende durchsucht, weil beschädigt oder unlesbar: {what}.</translation>
    </message>
    <message>
        <source>{what} in an archive</source>
        <translation>{what} in einem Archiv</translation>
    </message>
    <message>
        <source>{what} is damaged, and cannot be shown as it stands.</source>
        <translation>{what} ist beschädigt und kann so nicht angezeigt werden.</translation>
    </message>
    <message>
        <source>{what} is not there any more.</source>
        <translation>{what} ist nicht mehr da.</translation>
    </message>
    <message>
        <source>{what} is not {wanted}.</source>
        <translation>{what} ist etwas anderes als {wanted}.</translation>
    </message>
    <message>
        <source>{what} selected</source>
        <translation>{what} ausgewählt</translation>
    </message>
    <message>
        <source>{what} that pretends to be {seeming}.</source>
        <translation>{what} gibt vor, {seeming} zu sein.</translation>
    </message>
    <message>
        <source>{what} was opened, with gaps.</source>
        <translation>{what} wurde geöffnet, mit Lücken.</translation>
    </message>
    <message>
        <source>{what} was opened.</source>
        <translation>{what} wurde geöffnet.</translation>
    </message>
    <message>
        <source>{what} whose name hides characters that make it read otherwise.</source>
        <translation>{what} mit verborgenen Zeichen im Namen, durch die er sich anders liest.</translation>
    </message>
    <message>
        <source>{what} · to be read back</source>
        <translation>{what} · wird noch zurückgelesen</translation>
    </message>
    <message>
        <source>{what}, all of it on the stick</source>
        <translation>{what}, alles auf dem Stick</translation>
    </message>
    <message>
        <source>“{name}”</source>
        <translation>„{name}“</translation>
    </message>
    <message numerus="yes">
        <source>… and %Ln more</source>
        <translation>
            <numerusform>… und %Ln weiteres</numerusform>
            <numerusform>… und %Ln weitere</numerusform>
        </translation>
    </message>
</context>
</TS>
