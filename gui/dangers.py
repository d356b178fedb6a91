"""Why a file is not opened at once, in the window's words."""

from __future__ import annotations

from core.host.danger import SEEMING, WHAT, Danger
from gui.translating import later, tr

_SENTENCES = {
    "a Windows program": later("A Windows program."),
    "a Windows script": later("A Windows script."),
    "a file that changes the settings of Windows": later("A file that changes the settings of Windows."),
    "a Windows shortcut, which can start a program": later("A Windows shortcut, which can start a program."),
    "a Windows help file, which can start a program": later(
        "A Windows help file, which can start a program."
    ),
    "a script": later("A script."),
    "a Linux program": later("A Linux program."),
    "a launcher, which can start a program": later("A launcher, which can start a program."),
    "a package that installs programs": later("A package that installs programs."),
    "a Java program": later("A Java program."),
    "a web page, which a browser would run and which can tell its author that you opened it": later(
        "A web page, which a browser would run and which can tell its author that you opened it."
    ),
    "a document with programs in it": later("A document with programs in it."),
    "a disk image, which the desktop would open without any walls": later(
        "A disk image, which the desktop would open without any walls."
    ),
    "a list of orders, which some computers carry out when a stick is plugged in": later(
        "A list of orders, which some computers carry out when a stick is plugged in."
    ),
    "a file": later("A file."),
}
assert set(_SENTENCES) == set(WHAT)

_KINDS = {
    "a Windows program": later("A Windows program"),
    "a Windows script": later("A Windows script"),
    "a file that changes the settings of Windows": later("A file that changes the settings of Windows"),
    "a Windows shortcut, which can start a program": later("A Windows shortcut"),
    "a Windows help file, which can start a program": later("A Windows help file"),
    "a script": later("A script"),
    "a Linux program": later("A Linux program"),
    "a launcher, which can start a program": later("A launcher"),
    "a package that installs programs": later("A package that installs programs"),
    "a Java program": later("A Java program"),
    "a web page, which a browser would run and which can tell its author that you opened it": later(
        "A web page"
    ),
    "a document with programs in it": later("A document with programs in it"),
    "a disk image, which the desktop would open without any walls": later("A disk image"),
    "a list of orders, which some computers carry out when a stick is plugged in": later("A list of orders"),
    "a file": later("A file"),
}
"""The same at the head of a sentence."""
assert set(_KINDS) == set(WHAT)

_SEEMING = {
    "a PDF": later("a PDF"),
    "a picture": later("a picture"),
    "a document": later("a document"),
    "a text": later("a text"),
    "a spreadsheet": later("a spreadsheet"),
    "a presentation": later("a presentation"),
    "music": later("music"),
    "a film": later("a film"),
    "an archive": later("an archive"),
}
assert set(_SEEMING) == set(SEEMING)


def sentence(danger: Danger) -> str:
    """What the file is, and what it pretends to be."""
    if danger.seeming:
        what, seeming = _KINDS[danger.what](), _SEEMING[danger.seeming]()
        return tr("{what} that pretends to be {seeming}.", what=what, seeming=seeming)
    if danger.turned:
        what = _KINDS[danger.what]()
        return tr("{what} whose name hides characters that make it read otherwise.", what=what)
    return _SENTENCES[danger.what]()
