"""Damaged variants of an image, the same ones for the same seed, each described by what was done to it."""

from __future__ import annotations

import random
from collections.abc import Iterator

REACH = 2**20
"""Only this much of the start is damaged: that is where the structures are."""
_EXTREMES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x01")


def mutants(image: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """`count` variants: bytes flipped in the first MiB, cut short, or fields of sizes set to extremes."""
    chance = random.Random(seed)
    kinds = (_flipped, _flipped, _extreme, _truncated, _copied)
    for number in range(count):
        damaged = bytearray(image)
        what = kinds[number % len(kinds)](damaged, chance)
        yield f"{number} ({what})", bytes(damaged)


def _flipped(image: bytearray, chance: random.Random) -> str:
    count = chance.choice((1, 4, 32, 256, 1024))
    reach = min(chance.choice((512, 4096, 65536, REACH)), len(image))
    for _ in range(count):
        image[chance.randrange(reach)] = chance.randrange(256)
    return f"{count} random bytes in the first {reach}"


def _extreme(image: bytearray, chance: random.Random) -> str:
    """Fields of 1, 2, 4 or 8 bytes at their least, largest, and where a sign turns."""
    fields = chance.randrange(1, 6)
    reach = min(chance.choice((512, 8192, REACH)), len(image))
    for _ in range(fields):
        width = chance.choice((1, 2, 4, 8))
        at = chance.randrange(max(1, reach // width)) * width
        low, high = chance.choice(_EXTREMES), chance.choice(_EXTREMES)
        image[at : at + width] = (low * (width - 1) + high)[:width]
    return f"{fields} fields at extremes in the first {reach}"


def _truncated(image: bytearray, chance: random.Random) -> str:
    length = chance.choice((0, 1, 511, 512, 513, chance.randrange(8192), chance.randrange(len(image))))
    del image[length:]
    return f"cut to {length} bytes"


def _copied(image: bytearray, chance: random.Random) -> str:
    """A piece of the volume in another's place, so that everything in it looks sound but is not."""
    length = chance.choice((32, 512, 4096))
    reach = min(REACH, len(image)) - length
    source, target = chance.randrange(reach) & ~31, chance.randrange(reach) & ~31
    image[target : target + length] = image[source : source + length]
    return f"{length} bytes of {source} at {target}"
