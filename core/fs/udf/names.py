"""OSTA compressed Unicode: UDF, 2.1.1; and the paths of symbolic links: UDF, 2.3.13 and ECMA-167, 4/14.16."""

from __future__ import annotations

import codecs

codecs.lookup("utf-16-be")  # a codec is a module: nothing can be imported once the walls stand
codecs.lookup("latin-1")

_NARROW, _WIDE = (8, 254), (16, 255)
_ROOTS, _PARENT, _CURRENT, _NAME = (1, 2), 3, 4, 5


def decoded(raw: bytes) -> str | None:
    """None where it says in no known way how it is compressed."""
    if not raw:
        return ""
    if raw[0] in _NARROW:
        return raw[1:].decode("latin-1")
    if raw[0] in _WIDE:
        return raw[1:].decode("utf-16-be", "backslashreplace")
    return None


def text(field: bytes) -> str:
    """A field of fixed length, the last byte of which says how many are used: ECMA-167, 1/7.2.12."""
    return (decoded(field[: min(field[-1], len(field) - 1)]) or "").replace("\0", " ").strip()


def file_name(raw: bytes) -> tuple[str, bool]:
    """A name that can be one, and whether it is just what the directory says."""
    name = decoded(raw)
    if name is None:
        return raw.hex(), False
    if "/" in name or "\0" in name:
        return name.replace("\0", "\\x00").replace("/", "\\x2f"), False
    return name, name not in ("", ".", "..")


def target(raw: bytes) -> str:
    """The target of a link, as far as it makes sense."""
    parts: list[str] = []
    at = 0
    while at + 4 <= len(raw):
        kind, length = raw[at], raw[at + 1]
        if kind in _ROOTS:
            parts = [""]
        elif kind == _PARENT:
            parts.append("..")
        elif kind == _CURRENT:
            parts.append(".")
        elif kind == _NAME:
            parts.append(file_name(raw[at + 4 : at + 4 + length])[0])
        at += 4 + length
    return "/".join(parts) or "/" * bool(parts)
