"""Which files of a stick must not be handed to the desktop at once, judged by name and first bytes only.

Nothing from a stick is ever run by Rumpus. But a file that is opened is given to another program, and some
kinds make that program do what the stick's author wants. This is the one place that knows which.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

HEAD = 512
"""Bytes from the start of a file that `judge` can use."""

_WEB_PAGE = "a web page, which a browser would run and which can tell its author that you opened it"
_LAUNCHER = "a launcher, which can start a program"
_KINDS = {
    "a Windows program": "exe com scr pif cpl msi msp mst dll sys ocx gadget appx msix application",
    "a Windows script": "bat cmd ps1 psm1 psd1 vbs vbe vb js jse wsf wsh wsc sct hta scf msc",
    "a file that changes the settings of Windows": "reg inf",
    "a Windows shortcut, which can start a program": "lnk url",
    "a Windows help file, which can start a program": "chm hlp",
    "a script": "sh bash zsh fish csh ksh command py pyw pyc pl rb lua tcl awk php applescript",
    "a Linux program": "elf run so ko",
    _LAUNCHER: "desktop",
    "a package that installs programs": (
        "appimage deb rpm snap flatpak flatpakref flatpakrepo apk pkg dmg xpi"
    ),
    "a Java program": "jar jnlp class",
    _WEB_PAGE: "html htm xhtml xht shtml mht mhtml webloc website",
    "a document with programs in it": (
        "docm dotm xlsm xltm xlam xlsb pptm potm ppam ppsm sldm iqy slk ade adp mde"
    ),
    "a disk image, which the desktop would open without any walls": (
        "iso img vhd vhdx vmdk qcow2 vdi udf squashfs sqsh"
    ),
}
_DANGEROUS = {extension: what for what, extensions in _KINDS.items() for extension in extensions.split()}

_AUTORUN = "a list of orders, which some computers carry out when a stick is plugged in"
_FILE = "a file"
WHAT = (*_KINDS, _AUTORUN, _FILE)

_SEEMING = {
    "a PDF": "pdf",
    "a picture": "jpg jpeg png gif bmp tif tiff webp heic heif svg raw cr2 nef dng ico avif",
    "a document": "doc docx odt rtf pages tex epub",
    "a text": "txt md log csv ini xml json eml",
    "a spreadsheet": "xls xlsx ods",
    "a presentation": "ppt pptx odp",
    "music": "mp3 ogg oga opus flac wav m4a aac wma mid",
    "a film": "mp4 m4v avi mkv mov mpg mpeg webm wmv",
    "an archive": "zip rar 7z tar gz tgz bz2 xz zst",
}
SEEMING = tuple(_SEEMING)
_HARMLESS = {extension: what for what, extensions in _SEEMING.items() for extension in extensions.split()}

_HEADS = (
    (re.compile(rb"MZ(?=.*\0)", re.DOTALL), "a Windows program"),  # a text may begin with these letters too
    (re.compile(rb"\x7fELF"), "a Linux program"),
    (re.compile(rb"(#.*\n|\s)*\[Desktop Entry\]"), _LAUNCHER),
    (re.compile(rb"#!"), "a script"),
    (re.compile(rb"L\0\0\0\x01\x14\x02\0"), "a Windows shortcut, which can start a program"),
    (re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype\s+html|html)\b", re.IGNORECASE), _WEB_PAGE),
)
"""How files begin that are what their name does not admit: MZ of PE/COFF, e_ident of ELF, a group header of
the Desktop Entry Specification, ShellLinkHeader of [MS-SHLLINK], the doctype of HTML."""

_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""The embeddings, overrides and isolates of UAX 9: they let a name read otherwise than it is spelt. The marks
(U+200E, U+200F, U+061C) do not turn letters around, and honest names have them."""
_OVERRIDE = "\N{RIGHT-TO-LEFT OVERRIDE}"
_GAP = re.compile(r"\s{8,}")
"""So many blanks push what follows out of a column of names."""


@dataclass(frozen=True)
class Danger:
    """Why a file is not opened at once."""

    what: str
    """What it is, "a script" or one more of WHAT."""
    seeming: str = ""
    """What its name pretends that it is, "a picture" or one more of SEEMING; or empty."""
    turned: bool = False
    """Whether its name has characters that turn others around."""

    @property
    def disguised(self) -> bool:
        """Whether its name pretends that it is something else."""
        return self.turned or bool(self.seeming)

    @property
    def sentence(self) -> str:
        """What it is, in one English sentence."""
        core, comma, rest = self.what.partition(", which ")
        if self.seeming:
            return f"{_capital(core)} that pretends to be {self.seeming}."
        if self.turned:
            return f"{_capital(self.what)} whose name hides characters that make it read otherwise."
        return f"{_capital(core)}{comma}{rest}."


def judge(name: str, head: bytes = b"") -> Danger | None:
    """The danger of opening a file of that name whose first bytes are `head`; None for what may be opened."""
    bare = _bare(name)
    extension = bare.rpartition(".")[2].casefold() if "." in bare else ""
    if _TURNING.search(name):
        return _turned(name, extension)
    if bare.casefold() == "autorun.inf":
        return Danger(_AUTORUN)
    if what := _DANGEROUS.get(extension, ""):
        return Danger(what, _seeming(bare, extension))
    if what := _beginning(head):
        return Danger(what, _HARMLESS.get(extension, ""))
    return None


def _bare(name: str) -> str:
    """Without the dots and blanks at its end that Windows leaves out."""
    return name.rstrip(". \t\u00a0")


def _seeming(bare: str, extension: str) -> str:
    """What `invoice.pdf.exe` and `invoice.pdf        .exe` want to be taken for."""
    stem = bare[: len(bare) - len(extension) - 1]
    before = _GAP.split(stem.strip())[0].rstrip(". \t\u00a0").rpartition(".")
    return _HARMLESS.get(before[2].casefold(), "") if before[1] else ""


def _turned(name: str, extension: str) -> Danger:
    what = _DANGEROUS.get(_TURNING.sub("", extension), "")
    start = name.rfind(_OVERRIDE)
    read = _TURNING.sub("", name[:start] + name[start + 1 :][::-1]) if start >= 0 else ""
    seeming = _HARMLESS.get(read.rpartition(".")[2].casefold(), "")
    return Danger(what, seeming, turned=True) if what else Danger(_FILE, turned=True)


def _beginning(head: bytes) -> str:
    return next((what for start, what in _HEADS if start.match(head[:HEAD])), "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
