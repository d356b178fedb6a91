"""What a person types to find a name, and the names it finds."""

from __future__ import annotations

import fnmatch
import re
import unicodedata
from collections.abc import Sequence

SEPARATOR = "\0"
"""Between the folded names of a folder, and after the last."""

_MARKS = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u064b-\u065f"
    "\u0670\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\u3099\u309a\ufe20-\ufe2f]+"
)
"""Combining marks of the alphabets: accents, points, voicing."""
_WORD = re.compile(r'"([^"]*)"?|(\S+)')
_WILD = re.compile(r"[*?]")


def folded(text: str) -> str:
    """As names are compared here: without case, accents and differences of form."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text).casefold())


def folded_names(names: Sequence[str]) -> str:
    """All at once: a stick has a hundred thousand."""
    text = folded(SEPARATOR.join((*names, "")))
    if text.count(SEPARATOR) == len(names):
        return text
    return "".join(folded(name).replace(SEPARATOR, "_") + SEPARATOR for name in names)


class Query:
    """All words must be in a name; a word with `*` or `?` must be the whole of it."""

    def __init__(self, text: str) -> None:
        words = [folded(quoted or plain) for quoted, plain in _WORD.findall(text)]
        self._words = [word for word in words if word and not _WILD.search(word)]
        # What `translate` makes never tries twice, so no name can make it slow.
        self._patterns = [
            re.compile(fnmatch.translate(word.replace("[", "[[]"))) for word in words if _WILD.search(word)
        ]
        self._pieces = [piece for word in words for piece in _WILD.split(word) if piece]
        """What a folder must have somewhere in its names to be looked at one by one."""

    def __bool__(self) -> bool:
        return bool(self._words or self._patterns)

    def among(self, names: str) -> list[int]:
        """The places of those that match, in what `folded_names` made of some."""
        if not self or any(piece not in names for piece in self._pieces):
            return []
        places = list(enumerate(names.split(SEPARATOR)[:-1]))
        for word in self._words:
            places = [(place, name) for place, name in places if word in name]
        for pattern in self._patterns:
            places = [(place, name) for place, name in places if pattern.match(name)]
        return [place for place, _ in places]
