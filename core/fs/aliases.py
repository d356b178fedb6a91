"""Other names for the names on a volume: of equal length and kind, and none that is there already."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache
from random import Random

from core.errors import NotScrambled

MOST = 1 << 17
"""Names of one volume."""
_TRIES = 400
_WINDOW = 64
"""Characters of a script lie side by side, in blocks of a multiple of so many."""
_TOLD = 3
"""Characters from which on a name is looked for inside a text."""
_UPPER = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_DIGITS = "0123456789"

Fold = Callable[[str], str]
"""The name by which a file system compares it, character for character."""


class Aliases:
    """`note` every name first. Then `of` gives each name the same alias whatever its case."""

    def __init__(self, seed: bytes, fold: Fold, code_page: str = "") -> None:
        """With a code page, what it has becomes something that takes as many bytes in it."""
        self._random = Random(seed)
        self._fold = fold
        self._code_page = code_page
        self._known: dict[str, str] = {}
        """Both as they are compared."""
        self._given: set[str] = set()
        self._spelt: set[str] = set()

    @property
    def noted(self) -> set[str]:
        return self._spelt

    def note(self, name: str) -> None:
        """Raises NotScrambled when there are too many."""
        if not name:
            return
        if len(self._spelt) >= MOST:
            raise NotScrambled("there are too many of them")
        self._spelt.add(name)
        self._known.setdefault(self._fold(name), "")

    def of(self, name: str) -> str:
        key = self._fold(name)
        alias = self._known.get(key) or self._new(key)
        return "".join(
            new if old == folded else _small(new) for old, folded, new in zip(name, key, alias, strict=True)
        )

    def within(self, text: str) -> str:
        """A text, in which names that have at least three characters are replaced."""
        if self._fold(text) in self._known:
            return self.of(text)
        for name in sorted(self._spelt, key=len, reverse=True):
            if len(name) < _TOLD:
                break
            for spelt in (name, self._fold(name)):
                if spelt in text:
                    text = text.replace(spelt, self.of(spelt))
        return text

    def _new(self, key: str) -> str:
        choices = [self._like(character) for character in key]
        alias = key
        for attempt in range(2 * _TRIES):
            alias = "".join(map(self._random.choice, choices))
            # Where every name of a kind is taken, one may get what was another's.
            if alias not in self._given and (alias not in self._known or attempt >= _TRIES):
                break
        self._known[key] = alias
        self._given.add(alias)
        return alias

    def _like(self, character: str) -> str:
        if character in _UPPER:
            return _UPPER
        if character in _DIGITS:
            return _DIGITS
        if character.isascii() or unicodedata.category(character)[0] not in "LMN":
            return character
        peers = ""
        if self._code_page:
            peers = _peers(self._code_page, _kind(character)).get(_length(character, self._code_page), "")
        return peers or _neighbours(ord(character) // _WINDOW, _kind(character)) or character


def _small(character: str) -> str:
    small = character.lower()
    return small if len(small) == 1 else character


def _kind(character: str) -> str:
    """The category, and one of its own for what has a small form."""
    small = character.lower()
    pair = small != character and len(small) == 1 and small.upper() == character
    return "pair" if pair else unicodedata.category(character)


@lru_cache(maxsize=1024)
def _neighbours(window: int, kind: str) -> str:
    around = map(chr, range(window * _WINDOW, (window + 1) * _WINDOW))
    return "".join(character for character in around if _kind(character) == kind)


@lru_cache(maxsize=64)
def _peers(code_page: str, kind: str) -> dict[int, str]:
    """What of a kind a code page has, by how many bytes it takes."""
    found: dict[int, str] = {}
    for character in map(chr, range(0x80, 0x10000)):
        length = _length(character, code_page)
        if length and _kind(character) == kind and _length(character.lower(), code_page) == length:
            found[length] = found.get(length, "") + character
    return found


def _length(text: str, code_page: str) -> int:
    """0 for what it has not, or not both ways."""
    try:
        raw = text.encode(code_page)
        return len(raw) if raw.decode(code_page) == text else 0
    except UnicodeError:
        return 0
