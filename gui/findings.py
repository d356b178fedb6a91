"""What a check finds and what a repair does about it, in the window's words."""

from __future__ import annotations

from core.entry import Finding, FindingKind, Remedy
from core.host.names import shown
from gui.translating import later

_WRONG = {
    FindingKind.NOT_CLEAN: later(
        "It was pulled out while something was written, or errors were met on it before."
    ),
    FindingKind.BOOT_SECTOR: later("Of the two copies of what says where everything lies, one is damaged."),
    FindingKind.TABLES_DIFFER: later("The two copies of the table that tells where files lie differ."),
    FindingKind.FREE_COUNT: later("The count of free space is wrong."),
    FindingKind.ENTRY: later("Its entry in the folder is damaged."),
    FindingKind.NAME_PIECES: later("Pieces of a long name belong to no file."),
    FindingKind.BEHIND_END: later("Something lies behind the end of the folder, where nobody looks."),
    FindingKind.NAME_TWICE: later("Another one has the same name."),
    FindingKind.CHAIN: later("Its pieces cannot be followed to their end."),
    FindingKind.TOO_SHORT: later("The end of it is missing."),
    FindingKind.TOO_LONG: later("It takes more space than it needs."),
    FindingKind.SHARED: later("A part of it belongs to another file too."),
    FindingKind.LOST: later("Space is taken that belongs to no file."),
    FindingKind.NOT_TAKEN: later("Space of files is marked as free."),
    FindingKind.PARENT: later("The folder does not begin as folders do."),
    FindingKind.UNREADABLE: later("A part of it cannot be read."),
    FindingKind.BITMAP: later("What tells which space is taken is missing or broken."),
    FindingKind.UPCASE: later("The table by which names are compared is missing or broken."),
}
assert set(_WRONG) == set(FindingKind)

_DONE = {
    Remedy.NONE: later("Stays as it is."),
    Remedy.MARK_CLEAN: later("Will be marked as clean."),
    Remedy.COPY_BOOT_SECTOR: later("The sound copy will replace the other."),
    Remedy.COPY_TABLE: later("The copy with fewer faults will replace the other."),
    Remedy.REBUILD: later("The usual one will take its place."),
    Remedy.COUNT: later("Will be counted anew."),
    Remedy.FREE: later("Will be free. What is in it is lost then."),
    Remedy.KEEP: later("Will become files on the stick."),
    Remedy.MARK_TAKEN: later("Will be marked as taken."),
    Remedy.CUT: later("The rest will be cut off. No byte of it is lost."),
    Remedy.SHORTEN: later("Will end where its sound part does."),
    Remedy.EMPTY: later("Will be an empty file: none of its bytes can be found."),
    Remedy.COPY: later("Will get a copy of that part for itself."),
    Remedy.CORRECT: later("Will be set right."),
    Remedy.RENAME: later("Will get another name."),
    Remedy.REMOVE_PIECES: later("Will be removed."),
    Remedy.REMOVE_ENTRY: later("Will be removed: nothing can be found through it."),
    Remedy.RECOVER: later("Files that were hidden by it will be shown again."),
    Remedy.MAKE_FILE: later("Is no folder, and will be a file."),
}
assert set(_DONE) == set(Remedy)

_NAMED = {
    Remedy.KEEP: later("Will become files on the stick: {names}."),
    Remedy.RENAME: later("Will get another name: {names}."),
}
"""Where a remedy tells of names."""


def line(finding: Finding) -> str:
    """Where, what is wrong, and what becomes of it."""
    where = f"{shown(finding.path)}: " if finding.path else ""
    named = _NAMED.get(finding.remedy) if finding.note else None
    remedy = named(names=shown(finding.note)) if named else _DONE[finding.remedy]()
    return f"{where}{_WRONG[finding.kind]()} {remedy}"
