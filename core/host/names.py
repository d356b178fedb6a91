"""Names from a stick, made fit for two places: a label that a person reads, and a file name of the host.

A name from a stick is attacker text. Nothing else in the program turns one into a path or shows it raw.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

LONGEST_LABEL = 255
"""Characters of a name that a label shows."""
LONGEST_HOST_NAME = 255
"""Bytes of UTF-8 that one path component may have (NAME_MAX in limits.h)."""

_NOT_ON_STICKS = re.compile(r'["*/:<>?\\|\x00-\x1f]')
_LONGEST_EXTENSION = 32
"""Bytes of what is still taken for an extension, its dot included."""
_MOST_MARKS = 8
"""Combining marks in a row that still are writing; more of them draw over the rows above and below."""
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_JOINERS = "\N{ZERO WIDTH NON-JOINER}\N{ZERO WIDTH JOINER}"

_PLAIN = re.compile(
    "[ -~"  # ASCII
    "\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f"  # Latin, Greek, Cyrillic
    "\u3041-\u3096\u30a1-\u30fe\u4e00-\u9fff\uac00-\ud7a3"  # Kana, Han, Hangul
    "]*"
)
"""Most names: nothing in these ranges needs cleaning, and a folder has thousands of names."""

_INVISIBLE = re.compile(
    "["
    "\N{COMBINING GRAPHEME JOINER}"
    "\N{HANGUL CHOSEONG FILLER}\N{HANGUL JUNGSEONG FILLER}\N{HANGUL FILLER}\N{HALFWIDTH HANGUL FILLER}"
    "\N{KHMER VOWEL INHERENT AQ}\N{KHMER VOWEL INHERENT AA}"
    "\N{MONGOLIAN FREE VARIATION SELECTOR ONE}-\N{MONGOLIAN VOWEL SEPARATOR}"
    "\N{BRAILLE PATTERN BLANK}"
    "\u2065\ufff0-\ufff8\U000e0000-\U000e0fff"
    "]"
)
"""Default_Ignorable_Code_Point and blanks that their general category does not give away (UAX 44)."""

_MISLEADING = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
"""Categories that draw nothing, something of the font's choosing, or move the text around them: controls,
bidirectional controls and other formats, surrogates, private use, line and paragraph separators."""

_NEEDS_JOINERS = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u0f00-\u109f\u1780-\u18af\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]"
)
"""Scripts that are misspelt without their joiners (Arabic, Indic, Tibetan, Khmer, Mongolian), and emoji."""


def shown(name: str) -> str:
    """The name for a label: one line, in reading order, every character visible, at most LONGEST_LABEL long.

    Control characters become their pictures (a newline is shown as U+240A), whatever else misleads becomes
    U+FFFD. A name that is too long loses its middle, so that its extension can still be seen.
    """
    if len(name) > LONGEST_LABEL:
        tail = LONGEST_LABEL // 3
        name = name[: LONGEST_LABEL - tail - 1] + "…" + name[-tail:]
    return _cleaned(name, picture=True)


def shown_all(names: Sequence[str]) -> Sequence[str]:
    """`shown` of each, at once where all are plain, as in most folders."""
    if _PLAIN.fullmatch("".join(names)) and max(map(len, names), default=0) <= LONGEST_LABEL:
        return names
    return [shown(name) for name in names]


def host_name(name: str) -> str:
    """One path component that is safe to create on the host, and safe to pass to a command there.

    Never empty, `.` or `..`; without `/`, NUL, control or bidirectional characters and whatever else
    misleads; not starting with `-`; at most LONGEST_HOST_NAME bytes in UTF-8, with its extension kept.
    Different names may give the same host name: whoever creates the file must expect that.
    """
    cleaned = _cleaned(name, picture=False).replace("/", "_")
    if cleaned in ("", ".", ".."):
        cleaned = "_" * max(1, len(cleaned))
    if cleaned.startswith("-"):
        cleaned = "_" + cleaned
    return cleaned if len(cleaned.encode()) <= LONGEST_HOST_NAME else marked(cleaned, "")


def stick_name(name: str) -> str:
    """A name of the host with what FAT and exFAT do not have in names replaced, and cut to length."""
    text = name.encode(errors="replace").decode()
    cleaned = _NOT_ON_STICKS.sub("_", text).rstrip(". ") or "_"
    stem, extension = _split(cleaned)
    room = (LONGEST_HOST_NAME - _units(extension)) * 2
    return stem.encode("utf-16-le")[:room].decode("utf-16-le", errors="ignore") + extension


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def marked(name: str, mark: str) -> str:
    """A host name with `mark` put before its extension, shortened to fit: `a (2).txt` for `a.txt`."""
    stem, extension = _split(name)
    room = LONGEST_HOST_NAME - len(mark.encode()) - len(extension.encode())
    return _cut(stem, room) + mark + extension


def unfinished(name: str, token: str) -> str:
    """The hidden name that a file of the host has until it is whole; `token` makes it unique."""
    ending = f".{token}.rumpus-part"
    return "." + _cut(name, LONGEST_HOST_NAME - 1 - len(ending.encode())) + ending


def _split(name: str) -> tuple[str, str]:
    """(stem, extension with its dot). A leading dot is no extension, and neither is a very long one."""
    stem, dot, extension = name.rpartition(".")
    if not stem.strip(".") or len(extension.encode()) >= _LONGEST_EXTENSION:
        return name, ""
    return stem, dot + extension


def _cut(text: str, room: int) -> str:
    return text.encode()[:room].decode(errors="ignore")


def _cleaned(name: str, *, picture: bool) -> str:
    if (name.isascii() and name.isprintable()) or _PLAIN.fullmatch(name):
        return name
    kept: list[str] = []
    marks = 0
    for place, character in enumerate(name):
        marks = marks + 1 if unicodedata.combining(character) else 0
        if _harmless(name, place, character) and marks <= _MOST_MARKS:
            kept.append(character)
        elif not picture:
            kept.append("_")
        else:
            kept.append(_pictured(character))
    return "".join(kept)


def _harmless(name: str, place: int, character: str) -> bool:
    if character in _JOINERS:
        around = name[max(0, place - 1) : place] + name[place + 1 : place + 2]
        stays = not any(unicodedata.category(each) in _MISLEADING for each in around)
        return stays and len(_NEEDS_JOINERS.findall(around)) == 2
    return (
        unicodedata.category(character) not in _MISLEADING
        and not _INVISIBLE.match(character)
        and ord(character) & 0xFFFE != 0xFFFE
        and not 0xFDD0 <= ord(character) <= 0xFDEF
    )


def _pictured(character: str) -> str:
    code = ord(character)
    if code < 0x20:
        return chr(0x2400 + code)
    return "\N{SYMBOL FOR DELETE}" if code == 0x7F else _REPLACEMENT
