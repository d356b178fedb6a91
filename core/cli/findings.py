"""What a check finds and what a repair does about it, in the terminal's words."""

from __future__ import annotations

from typing import Any

import msgspec

from core.cli import wording
from core.cli.output import Output
from core.entry import Finding, FindingKind, Remedy
from core.host.names import shown

_SENTENCES = {
    FindingKind.NOT_CLEAN: "it was pulled out while something was written, or errors were met on it before",
    FindingKind.BOOT_SECTOR: "the boot sector and its backup are not what they should be",
    FindingKind.TABLES_DIFFER: "the copies of the allocation table differ",
    FindingKind.FREE_COUNT: "the count of free clusters is wrong",
    FindingKind.ENTRY: "the directory entry is damaged",
    FindingKind.NAME_PIECES: "pieces of a long name belong to no file",
    FindingKind.BEHIND_END: "something lies behind the end of the folder",
    FindingKind.NAME_TWICE: "two entries have the same name",
    FindingKind.CHAIN: "its clusters cannot be followed to their end",
    FindingKind.TOO_SHORT: "it has fewer clusters than its size needs: the end of it is missing",
    FindingKind.TOO_LONG: "it has more clusters than its size needs",
    FindingKind.SHARED: "some of its clusters belong to another file too (cross-linked)",
    FindingKind.LOST: "clusters are taken that belong to no file (lost)",
    FindingKind.NOT_TAKEN: "clusters of files are marked as free",
    FindingKind.PARENT: "the ways to the folder itself and to the one above lead elsewhere",
    FindingKind.UNREADABLE: "a part of it cannot be read",
    FindingKind.BITMAP: "what tells which clusters are taken is missing or broken",
    FindingKind.UPCASE: "the table by which names are compared is missing or broken",
}
assert set(_SENTENCES) == set(FindingKind)

_REMEDIES = {
    Remedy.NONE: "left as it is",
    Remedy.MARK_CLEAN: "marked as clean",
    Remedy.COPY_BOOT_SECTOR: "the sound one takes the place of the other",
    Remedy.COPY_TABLE: "the one with fewer faults takes the place of the other",
    Remedy.REBUILD: "the usual one takes its place",
    Remedy.COUNT: "counted anew",
    Remedy.FREE: "they become free, and what is in them is lost",
    Remedy.KEEP: "they become files in the root folder",
    Remedy.MARK_TAKEN: "marked as taken",
    Remedy.CUT: "cut off behind its end; no byte of it is lost",
    Remedy.SHORTEN: "it ends where its sound part does",
    Remedy.EMPTY: "it becomes an empty file, for none of its bytes can be found",
    Remedy.COPY: "it gets a copy of them for itself",
    Remedy.CORRECT: "set right",
    Remedy.RENAME: "it gets another name",
    Remedy.REMOVE_PIECES: "they are removed",
    Remedy.REMOVE_ENTRY: "the entry is removed, for nothing can be found through it",
    Remedy.RECOVER: "files that were hidden by it are shown again",
    Remedy.MAKE_FILE: "it is no folder, and becomes a file",
}
assert set(_REMEDIES) == set(Remedy)


def say(
    finding: Finding, name: str, out: Output, *, verbose: bool, remedy: bool = False, left: bool = False
) -> None:
    """One finding on the volume `name`, with its remedy where one is to be told."""
    if out.as_json:
        out.record(_fields(finding) | ({"left": left} if remedy else {}))
        return
    where = f"{name}:{finding.path}" if finding.path else name
    clusters = f" ({finding.clusters} clusters)" if finding.clusters else ""
    out.line(f"{shown(where)}: {_SENTENCES[finding.kind]}{clusters}")
    if remedy:
        note = f": {shown(finding.note)}" if finding.note else ""
        out.line(f"    {_REMEDIES[finding.remedy]}{note}")
    if verbose:
        out.line(f"    {wording.sentence(finding.fault.error())}")


def _fields(finding: Finding) -> dict[str, Any]:
    return {
        "finding": finding.kind.value,
        "path": finding.path,
        "clusters": finding.clusters,
        "remedy": finding.remedy.value,
        "note": finding.note,
        "fault": msgspec.to_builtins(finding.fault),
    }
