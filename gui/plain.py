"""A stranger's text and bytes as lines that can do nothing."""

from __future__ import annotations

from collections.abc import Iterator

from core.host.names import LONGEST_LABEL, shown

_LONGEST_LINE = 4 * LONGEST_LABEL
"""Characters; laying out longer lines takes a widget too long."""


def harmless(text: str) -> str:
    """Without control characters and whatever turns text around, in lines of bounded length."""
    lines: list[str] = []
    for line in text.splitlines():
        whole = harmless_line(line)
        lines += [whole[at : at + _LONGEST_LINE] for at in range(0, len(whole), _LONGEST_LINE)] or [""]
    return "\n".join(lines)


def harmless_line(line: str) -> str:
    line = line.expandtabs(4)
    return "".join(shown(line[at : at + LONGEST_LABEL]) for at in range(0, len(line), LONGEST_LABEL))


def dump_lines(content: bytes, width: int = 16) -> Iterator[str]:
    """Place, bytes and letters, so many bytes a line."""
    for at in range(0, len(content), width):
        row = content[at : at + width]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        yield f"{at:08x}  {row.hex(' '):<{3 * width - 1}}  {letters}"
