"""What `core` says in words of its own, in the user's language.

`core` knows no Qt, and says in English why a name is refused, what a driver cannot do, what a job is doing.
Here those phrases are found again, with whatever names and numbers stand in them. What the parser of a
damaged structure expected and found stays as it is: it is for whoever mends it, and for reports.
"""

from __future__ import annotations

import re
from functools import cache

from core.host.names import LONGEST_LABEL, shown
from gui import labels
from gui.translating import Later, later

_REASONS = (
    later("it has no characters"),
    later("a character in it is not allowed"),
    later("it ends with a dot or a space"),
    later("it is too long"),
    later("it means something else there"),
    later("it is write-protected"),
    later("it was opened for reading only"),
    later("the device cannot be written"),
    later("Rumpus can only read this file system"),
    later("it is being changed; open it anew to repair it"),
    later("its boot sector is damaged"),
    later("its root directory is damaged"),
    later("its allocation bitmap is damaged"),
    later("its up-case table is damaged"),
    later("its boot sector cannot be trusted, so that a repair would do harm"),
    later("its boot region cannot be trusted, so that a repair would do harm"),
    later("so much of it is damaged that a repair would do harm"),
    later("some of its files lie in clusters that are marked as free, which rumpus check --repair can mend"),
    later("this computer runs from it"),
    later("this computer's system runs from it"),
    later("a partition table"),
    later("there are too many of them"),
    later("the stick was being changed"),
    later("no volume had been opened"),
    later("the volume cannot be opened"),
    later("with other names it does not go wrong in the same way"),
    later("the log of this volume goes on after its last checkpoint"),
    later("Rumpus cannot do that on {system}"),
)
"""Of NameNotAllowed, ReadOnly, AccessDenied, SizeNotAllowed, NotScrambled."""

_LACKING = (
    later("checking {system}"),
    later("checking {number} clusters"),
    later("checking so many folders"),
    later("repairing {system}"),
    later("repairing so much at once"),
    later("deleted files of {system}"),
    later("packing method {method}"),
    later("sparse files (SF)"),
    later("encryption (EFS)"),
    later("encrypt"),
    later("compression"),
    later("compression method {method}"),
    later("system compression, method {method}"),
    later("a compressed stream of system compression"),
    later("compressed extents"),
    later("transformed files"),
    later("external journal"),
    later("a journal in more than 65536 pieces"),
    later("a journal of more than {number} changed blocks"),
    later("a journal of so many blocks"),
    later("a volume whose making was not finished"),
    later("LFS with numbers of 64 bits"),
    later("so long a log after the checkpoint"),
    later("a file that is kept in the cloud only"),
    later("{what} in an archive"),
    later("more than {number} deleted files"),
    later("a copy of more than {number} files"),
    later("partition map {name}"),
    later("partition map of type {name}"),
    later("a Windows volume encrypted with BitLocker"),
    later("a Linux volume encrypted with LUKS"),
    later("a part of a Linux LVM volume group"),
    later("a part of a Linux RAID"),
    later("a part of a Linux Stratis pool"),
    later("a part of a ZFS pool"),
    later("a Linux bcache device"),
    later("Linux swap space, which holds no files"),
    later("a System V boot file system"),
    later("an Apple {name} volume"),
    later("a BeOS volume"),
    later("a Linux {name} volume"),
    later("a Linux {name} image"),
    later("an SGI {name} volume"),
    later("a classic Mac {name} volume"),
    later("an OS/2 {name} volume"),
    later("a NetBSD {name} volume"),
    later("a Minix volume"),
    later("a Windows {name} volume"),
    later("a VMware {name} volume"),
    later("a volume of {name}"),
)
"""Of UnsupportedFeature."""

_HOST = (
    later("only zeros at the start"),
    later("a partition table ({kind}) with {number} partitions"),
    later("unknown data starting with {bytes}"),
    later("udisks2 sent no device"),
    later("udisks2 sent another device"),
    later("{reason}; udisks2 does not know this device"),
    later("{reason}; udisks2: {answer}"),
    later("this drive can neither be switched off nor ejected"),
    later("udisks2 is not there ({why})"),
    later("udisks2 gave no answer"),
    later("no system bus to ask udisks2 ({why})"),
    later("udisks2 does not know this device"),
    later("udisks2 knows no drive of this device"),
    later("udisks2 said nothing that makes sense"),
    later("{place} cannot be unmounted: {why}"),
    later("udev does not run here: there is no {path}"),
    later("udev cannot be asked: {why}"),
    later("{program} (process {number})"),
    later("this system has no FUSE ({path} is missing)"),
    later("you may not use FUSE ({path} is not yours to open)"),
    later("libfuse3 is not installed (on Debian and Ubuntu: the package fuse3)"),
    later("{program} is not installed (on Debian and Ubuntu: the package fuse3)"),
    later("there is no directory of your own for it (XDG_RUNTIME_DIR)"),
    later("{path} is not yours alone"),
    later("the system refused it (see above)"),
    later("it is not open"),
    later("it is not known where it lies"),
)
"""Of NotAFileSystem, AccessDenied, Ejected, NotMounted, what watches for sticks, and holders."""

_DOING = (
    later("copying {name}"),
    later("copying"),
    later("paused while copying {name}"),
    later("paused while copying"),
    later("deleting {name}"),
    later("deleting"),
    later("checking {name}"),
    later("checking"),
    later("repairing it"),
)
"""What `Use.what` says, after "Rumpus is"."""

_WALLS = (
    later("no network at all"),
    later("no IPC of the host"),
    later("sees no other process"),
    later("no user of the host exists in it"),
    later("runs as nobody"),
    later("memory {size} MiB, {number} descriptors, no processes, no core file"),
    later("memory closed to other programs, ends with its parent"),
    later("none left"),
    later("no program can raise its rights"),
    later("what is written to memory never becomes a program"),
    later("no path, no TCP port, no signal outside (ABI {number})"),
    later("no path, no TCP port (ABI {number})"),
    later("no path (ABI {number})"),
    later("no open, socket, exec, fork or ioctl; a try is fatal"),
    later("open a file"),
    later("make a network connection"),
    later("start a process"),
    later("run a program"),
    later("trace another process"),
    later("take another stick's descriptor"),
    later("map executable memory"),
    later("allocate 8 GiB"),
    later("refused: {why}"),
    later("it went through"),
)
"""What layers of the sandbox say of themselves, and what is tried to prove them."""

_PLACE = re.compile(r"\\\{(\w+)\\\}")


def said(text: str) -> str:
    """A phrase of `core`, harmless and in the user's language; as it is, where it is none that is known."""
    plain, patterns = _known()
    if text in plain:
        return plain[text]()
    for pattern, phrase in patterns if len(text) <= LONGEST_LABEL else ():
        if (found := pattern.fullmatch(text)) is not None:
            return phrase(**{name: shown(value) for name, value in found.groupdict().items()})
    return shown(text)


@cache
def _known() -> tuple[dict[str, Later], list[tuple[re.Pattern[str], Later]]]:
    """Phrases by their text, and those with places for names by what matches them."""
    plain: dict[str, Later] = {}
    patterns = []
    for phrase in (*_REASONS, *_LACKING, *_HOST, *_DOING, *_WALLS, *labels.LABELS, *labels.VALUES):
        if "{" in phrase.source:
            escaped = _PLACE.sub(r"(?P<\1>.+)", re.escape(phrase.source))
            patterns.append((re.compile(escaped, re.DOTALL), phrase))
        else:
            plain[phrase.source] = phrase
    return plain, patterns
