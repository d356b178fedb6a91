"""The real fsck.fat as a judge: what it says of a volume, and whether a pull may leave it so."""

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


def _said(image: Path) -> list[str]:
    done = subprocess.run(
        [tool("fsck.fat"), "-n", str(image)], capture_output=True, text=True, errors="replace", check=False
    )
    return (done.stdout + done.stderr).splitlines()
