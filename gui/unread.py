"""What is told of a file system, or of a part of one, that Rumpus does not read, and of what is none."""

from __future__ import annotations

from core.errors import NotAFileSystem, UnsupportedFeature
from gui.explanation import FORGET, RETRY, UNTOUCHED, Explanation, quoted
from gui.prose import said
from gui.translating import later, tr

_ENCRYPTED = {
    "a Windows volume encrypted with BitLocker": later("{it} is encrypted with BitLocker."),
    "a Linux volume encrypted with LUKS": later("{it} is encrypted with LUKS."),
}
"""Whole volumes, by the name of the feature."""
_ENCRYPTED_FILES = ("encryption (EFS)", "encrypt")


def is_encrypted(error: UnsupportedFeature) -> bool:
    """Whether it is a whole volume that cannot be read without a password."""
    return error.name in _ENCRYPTED


def unsupported(error: UnsupportedFeature, it: str) -> Explanation:
    """`it`: the subject, for a sentence."""
    name = said(error.name)
    details = ((tr("Feature"), name),)
    if error.name in _ENCRYPTED:
        return Explanation(
            _ENCRYPTED[error.name](it=it),
            tr("There is no sign of damage. {untouched}", untouched=UNTOUCHED()),
            advice=tr(
                "Rumpus cannot unlock it. A file manager that asks for its password can, but then the system "
                "itself reads what is on it, without the walls that stand around it here."
            ),
            actions=(FORGET, RETRY),
            details=details,
            icon="lock",
        )
    return Explanation(
        tr("{it} is encrypted, and Rumpus cannot unlock it.", it=it)
        if error.name in _ENCRYPTED_FILES
        else tr("Rumpus cannot read {it} yet: {name}.", it=it, name=quoted(name, tr("something unknown"))),
        tr("There is no sign of damage. {untouched}", untouched=UNTOUCHED()),
        actions=(RETRY,),
        details=details,
        icon="stick-unknown",
    )


def unrecognised(error: NotAFileSystem, it: str) -> Explanation:
    return Explanation(
        tr("Rumpus recognises nothing on {it}.", it=it),
        UNTOUCHED(),
        advice=tr(
            "It may be new, erased, encrypted as a whole, or made for a camera or another device. "
            "If a file manager offers to format it, that would erase what is there."
        ),
        actions=(RETRY, FORGET),
        details=((tr("Found instead"), said(error.found)),),
        icon="stick-unknown",
    )
