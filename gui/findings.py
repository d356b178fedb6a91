"""What a check finds and what a repair does about it, in the window's words."""

from __future__ import annotations

from core.entry import Finding, FindingKind, Remedy
from core.host.names import shown
from gui import formats

_WRONG = {
    FindingKind.NOT_CLEAN: "It was pulled out while something was written, or errors were met on it before.",
    FindingKind.BOOT_SECTOR: "Of the two copies of what says where everything lies, one is damaged.",
    FindingKind.TABLES_DIFFER: "The two copies of the table that tells where files lie differ.",
    FindingKind.FREE_COUNT: "The count of free space is wrong.",
    FindingKind.ENTRY: "Its entry in the folder is damaged.",
    FindingKind.NAME_PIECES: "Pieces of a long name belong to no file.",
    FindingKind.BEHIND_END: "Something lies behind the end of the folder, where nobody looks.",
    FindingKind.NAME_TWICE: "Another one has the same name.",
    FindingKind.CHAIN: "Its pieces cannot be followed to their end.",
    FindingKind.TOO_SHORT: "The end of it is missing.",
    FindingKind.TOO_LONG: "It takes more space than it needs.",
    FindingKind.SHARED: "A part of it belongs to another file too.",
    FindingKind.LOST: "Space is taken that belongs to no file.",
    FindingKind.NOT_TAKEN: "Space of files is marked as free.",
    FindingKind.PARENT: "The folder does not begin as folders do.",
    FindingKind.UNREADABLE: "A part of it cannot be read.",
    FindingKind.BITMAP: "What tells which space is taken is missing or broken.",
    FindingKind.UPCASE: "The table by which names are compared is missing or broken.",
}
assert set(_WRONG) == set(FindingKind)

_DONE = {
    Remedy.NONE: "Stays as it is.",
    Remedy.MARK_CLEAN: "Will be marked as clean.",
    Remedy.COPY_BOOT_SECTOR: "The sound copy will replace the other.",
    Remedy.COPY_TABLE: "The copy with fewer faults will replace the other.",
    Remedy.COUNT: "Will be counted anew.",
    Remedy.FREE: "Will be free. What is in it is lost then.",
    Remedy.KEEP: "Will become files on the stick",
    Remedy.MARK_TAKEN: "Will be marked as taken.",
    Remedy.CUT: "The rest will be cut off. No byte of it is lost.",
    Remedy.SHORTEN: "Will end where its sound part does.",
    Remedy.EMPTY: "Will be an empty file: none of its bytes can be found.",
    Remedy.COPY: "Will get a copy of that part for itself.",
    Remedy.CORRECT: "Will be set right.",
    Remedy.RENAME: "Will get another name",
    Remedy.REMOVE_PIECES: "Will be removed.",
    Remedy.REMOVE_ENTRY: "Will be removed: nothing can be found through it.",
    Remedy.RECOVER: "Files that were hidden by it will be shown again.",
    Remedy.MAKE_FILE: "Is no folder, and will be a file.",
}
assert set(_DONE) == set(Remedy)


def line(finding: Finding) -> str:
    """Where, what is wrong, and what becomes of it."""
    where = f"{shown(finding.path)}: " if finding.path else ""
    remedy = _DONE[finding.remedy]
    if not remedy.endswith("."):
        remedy += f": {shown(finding.note)}." if finding.note else "."
    return f"{where}{_WRONG[finding.kind]} {remedy}"


def count(number: int) -> str:
    return formats.count(number, "thing is wrong", "things are wrong")
