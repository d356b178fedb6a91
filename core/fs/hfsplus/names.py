"""Names of HFS+: TN1150, "Unicode Subtleties" and "Case-Insensitive String Comparison Algorithm"."""

from __future__ import annotations

import codecs
import re
import unicodedata

codecs.lookup("utf-16-be")  # a codec is a module: nothing can be imported once the walls stand

LONGEST = 255
_APART = re.compile("[^\u2000-\u2fff\uf900-\ufaff\U0002f800-\U0002faff]+")
"""Everything but what Apple's systems do not decompose, and which must not be composed either."""
_IGNORED = dict.fromkeys((*range(0x200C, 0x2010), *range(0x202A, 0x202F), *range(0x206A, 0x2070), 0xFEFF))


def shown(raw: bytes) -> tuple[str, bool]:
    """A name composed, with ":" and "/" in each other's place, and whether it is one that can be.

    What is no UTF-16 is shown by its numbers, so that two names stay two.
    """
    name = raw.decode("utf-16-be", "backslashreplace")
    well_formed = bool(name)
    if ":" in name:  # the separator of old, which no name has
        name, well_formed = name.replace(":", "\\x3a"), False
    if not name.isascii():
        name = _APART.sub(_composed, name)
    name = name.replace("/", ":")
    if "\0" in name:
        name = name.replace("\0", "\u2400")
    return name, well_formed


def _composed(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFC", match[0])


def folded(name: str) -> str:
    """A shown name for comparing without case, as nearly as Python's tables are those of Apple."""
    if name.isascii():
        return name.lower()
    decomposed = unicodedata.normalize("NFD", name).translate(_IGNORED)
    return "".join(lower if len(lower := character.lower()) == 1 else character for character in decomposed)
