"""Canonical Huffman codes as tables that a few bits look up: [MS-XCA] section 2.1, [MS-PATCH] section 2.3."""

from __future__ import annotations

Table = tuple[list[int], int]
"""Entries of (symbol << 5 | bits of its code) for every value of so many bits; no code is -1."""


def table(lengths: list[int]) -> Table | None:
    """For the bits of each symbol's code, 0 for those without one. None where they make no codes."""
    longest = max(lengths, default=0)
    size = 1 << longest
    by_length: list[list[int]] = [[] for _ in range(longest + 1)]
    for symbol, length in enumerate(lengths):
        if length:
            by_length[length].append(symbol)
    entries: list[int] = []
    for length in range(1, longest + 1):
        times = 1 << (longest - length)
        for symbol in by_length[length]:
            entries += [symbol << 5 | length] * times
        if len(entries) > size:
            return None
    return entries + [-1] * (size - len(entries)), longest
