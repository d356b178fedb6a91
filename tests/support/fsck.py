"""The real fsck.fat and fsck.exfat as judges: what they say of a volume, and if a pull may leave it so."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.support.disks import tool

_HARMLESS = (
    r"fsck\.fat .*",
    r".*: \d+ files, \d+/\d+ clusters",
    r"Leaving filesystem unchanged\.",
    r"FATs differ but appear to be intact\.",  # written one after the other; the first one counts
    r" *Using first FAT\.",
    r"Dirty bit is set\. .*",
    r" Automatically removing dirty bit\.",
    r"There are differences between boot sector and its backup\.",  # the dirty bit is in one of them alone
    r"This is mostly harmless\. Differences: .*",
    r" +65:0[01]/0[01]",
    r" +Not automatically fixing this\.",
    r"Reclaimed \d+ unused clusters? \(\d+ bytes\)\.",
    r"Free cluster summary wrong .*",
    r" +Auto-correcting\.",
    r" *",
)
_ORNAMENT = (
    r"Long filename fragment .* found outside a LFN sequence\.",
    r" +\(Maybe the start bit is missing on the last fragment\)",
    r" +Not auto-correcting this\.",
)
"""A file in two sectors, by another writer, is being removed: it has lost the long name already."""
_harmless = re.compile("|".join(_HARMLESS + _ORNAMENT))


def complaints(image: Path) -> list[str]:
    """Everything that fsck.fat says of a volume beyond its name and its counts. Empty when it is clean."""
    return [line for line in _said(image) if not re.fullmatch("|".join(_HARMLESS[:2]), line)]


def damage(image: Path) -> list[str]:
    """What fsck.fat finds that is worse than lost clusters, a dirty bit or a wrong count of free ones."""
    return [line for line in _said(image) if not _harmless.fullmatch(line)]


_EXFAT_IDLE = (
    r"exfatprogs version : .*",
    r".*: clean\. directories \d+, files \d+",
    r" *",
)
_EXFAT_HARMLESS = (
    r".*: corrupted\. directories \d+, files \d+",
    r".*: files corrupted \d+, files fixed 0",
    r"ERROR: .*: more clusters are allocated\. truncate to \d+ bytes at 0x[0-9a-f]+\. Truncate \(y/N\)\? n",
    r"ERROR: .*: unknown entry type 0xc[01] at .*",
)
"""A chain that is longer than its file; secondary entries that lost their file entry. Both are lost space."""


def exfat_complaints(image: Path) -> list[str]:
    """Everything that fsck.exfat says of a volume beyond its counts. Empty when it is clean."""
    return [line for line in _said(image, "fsck.exfat") if not re.fullmatch("|".join(_EXFAT_IDLE), line)]


def exfat_damage(image: Path) -> list[str]:
    """What fsck.exfat finds that is worse than lost space."""
    harmless = re.compile("|".join(_EXFAT_IDLE + _EXFAT_HARMLESS))
    return [line for line in _said(image, "fsck.exfat") if not harmless.fullmatch(line)]


def _said(image: Path, judge: str = "fsck.fat") -> list[str]:
    done = subprocess.run(
        [tool(judge), "-n", str(image)], capture_output=True, text=True, errors="replace", check=False
    )
    return (done.stdout + done.stderr).splitlines()
