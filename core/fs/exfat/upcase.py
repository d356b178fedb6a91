"""The up-case table that the specification recommends for a new volume: section 7.2.5.1."""

from __future__ import annotations

import re
from array import array
from functools import cache

CHECKSUM = 0xE619D30D
"""Of the table as it is written: section 7.2.5.1."""

_CHARACTERS = 65536
_SKIP = 0xFFFF
_WORTH_SKIPPING = 512
"""Characters in a row that are their own upper case, from which on the table leaves them out."""

_RANGES = """
61x26-32 e0x23-32 f8x7-32 ff+121 101x24/2-1 133x3/2-1 13ax8/2-1 14bx23/2-1 17ax3/2-1 180+195 183x2/2-1
188-1 18c-1 192-1 195+97 199-1 19a+163 19e+130 1a1x3/2-1 1a8-1 1ad-1 1b0-1 1b4x2/2-1 1b9-1 1bd-1 1bf+56
1c6-2 1c9-2 1cc-2 1cex8/2-1 1dd-79 1dfx9/2-1 1f3-2 1f5-1 1f9x20/2-1 223x9/2-1 23a+10795 23c-1 23e+10792
242-1 247x5/2-1 253-210 254-206 256x2-205 259-202 25b-203 260-205 263-207 268-209 269-211 26b+10743
26f-211 272-213 275-214 27d+10727 280-218 283-218 288-218 289-69 28ax2-217 28c-71 292-219 37bx3+130
3ac-38 3adx3-37 3b1x17-32 3c2-31 3c3x9-32 3cc-64 3cdx2-63 3d9x12/2-1 3f2+7 3f8-1 3fb-1 430x32-32
450x16-80 461x17/2-1 48bx27/2-1 4c2x7/2-1 4cf-15 4d1x34/2-1 561x38-48 1d7d+3814 1e01x75/2-1 1ea1x45/2-1
1f00x8+8 1f10x6+8 1f20x8+8 1f30x8+8 1f40x6+8 1f51x4/2+8 1f60x8+8 1f70x2+74 1f72x4+86 1f76x2+100
1f78x2+128 1f7ax2+112 1f7cx2+126 1f80x8+8 1f90x8+8 1fa0x8+8 1fb0x2+8 1fb3+9 1fcc-9 1fd0x2+8 1fe0x2+8
1fe5+7 1ffc-9 214e-28 2170x16-16 2184-1 24d0x26-26 2c30x47-48 2c61-1 2c68x3/2-1 2c76-1 2c81x50/2-1
2d00x38-7264 ff41x26-32
"""
"""First character (hexadecimal), how many (x), only every second (/2), and what to add for the upper case."""

_RANGE = re.compile(r"([0-9a-f]+)(?:x(\d+))?(/2)?([+-]\d+)")


@cache
def recommended() -> bytes:
    """The table, compressed as the specification has it: 5,836 bytes."""
    table = list(range(_CHARACTERS))
    for first, count, every_second, more in _RANGE.findall(_RANGES):
        for number in range(int(count or 1)):
            code = int(first, 16) + number * (2 if every_second else 1)
            table[code] += int(more)
    values = array("H")
    code = 0
    while code < _CHARACTERS:
        end = code
        while end < _CHARACTERS and table[end] == end:
            end += 1
        if end - code >= _WORTH_SKIPPING:
            values.extend((_SKIP, end - code))
        else:
            end = min(end + 1, _CHARACTERS)
            values.extend(table[code:end])
        code = end
    return b"".join(value.to_bytes(2, "little") for value in values)
