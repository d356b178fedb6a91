"""Names as people see them: of plain directory records, of Joliet, and of Rock Ridge."""

from __future__ import annotations

import codecs

codecs.lookup("utf-16-be")  # a codec is a module: nothing can be imported once the walls stand

_VERSION = ";1"


def plain(raw: bytes) -> str:
    """ECMA-119, 7.5: without the version where that is the first, nor the point of an empty extension."""
    return _tidy(raw.decode("utf-8", "backslashreplace"))


def joliet(raw: bytes) -> str:
    return _tidy(raw.decode("utf-16-be", "backslashreplace"))


def unix(raw: bytes) -> str:
    """In no encoding that is told; what is no UTF-8 is shown by its numbers, so that two stay two."""
    return raw.decode("utf-8", "backslashreplace")


def shown(name: str) -> str:
    """A name that can be one, and the same where it is."""
    if "/" in name or "\0" in name:
        return name.replace("\0", "\\x00").replace("/", "\\x2f")
    return name


def is_proper(name: str) -> bool:
    return name not in ("", ".", "..") and "/" not in name and "\0" not in name


def text(raw: bytes, wide: bool) -> str:
    """What a volume descriptor says in words."""
    decoded = raw[: len(raw) & ~1].decode("utf-16-be", "backslashreplace") if wide else unix(raw)
    return decoded.replace("\0", " ").strip()


def _tidy(name: str) -> str:
    base = name.removesuffix(_VERSION)
    if base != name and base.endswith(".") and base.rstrip("."):
        base = base[:-1]
    return base or name
