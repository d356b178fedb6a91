"""Damaged variants of an image, the same ones for the same seed, each described by what was done to it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import NamedTuple

REACH = 2**20
"""Only this much of the start is damaged: that is where the structures are."""
_EXTREMES = (b"\x00", b"\xff", b"\x7f", b"\x80", b"\x01")


class Mutant(NamedTuple):
    """What was done: bytes at other places than they were, or the image cut to a length."""

    what: str
    pieces: list[tuple[int, bytes]]
    length: int

    def apply(self, image: bytearray) -> None:
        for at, piece in self.pieces:
            image[at : at + len(piece)] = piece
        del image[self.length :]


def damages(image: bytes | bytearray, count: int, seed: int) -> Iterator[Mutant]:
    """`count` variants: bytes flipped in the first MiB, pieces in others' places, fields of sizes at
    extremes, and some cut short. The image may change meanwhile, but for where pieces are copied from."""
    chance = random.Random(seed)
    kinds = (
        _flipped,
        _extreme,
        _copied,
        _flipped,
        _extreme,
        _copied,
        _flipped,
        _extreme,
        _copied,
        _truncated,
    )
    for number in range(count):
        what, pieces, length = kinds[number % len(kinds)](image, chance)
        yield Mutant(f"{number} ({what})", pieces, length)


def mutants(image: bytes, count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """The same as images."""
    for mutant in damages(image, count, seed):
        damaged = bytearray(image)
        mutant.apply(damaged)
        yield mutant.what, bytes(damaged)


Damage = tuple[str, list[tuple[int, bytes]], int]


def _flipped(image: bytes | bytearray, chance: random.Random) -> Damage:
    count = chance.choice((1, 4, 32, 256, 1024))
    reach = min(chance.choice((512, 4096, 65536, REACH)), len(image))
    pieces = [(chance.randrange(reach), chance.randbytes(1)) for _ in range(count)]
    return f"{count} random bytes in the first {reach}", pieces, len(image)


def _extreme(image: bytes | bytearray, chance: random.Random) -> Damage:
    """Fields of 1, 2, 4 or 8 bytes at their least, largest, and where a sign turns."""
    fields = chance.randrange(1, 6)
    reach = min(chance.choice((512, 8192, REACH)), len(image))
    pieces = []
    for _ in range(fields):
        width = chance.choice((1, 2, 4, 8))
        at = chance.randrange(max(1, reach // width)) * width
        low, high = chance.choice(_EXTREMES), chance.choice(_EXTREMES)
        pieces.append((at, (low * (width - 1) + high)[:width]))
    return f"{fields} fields at extremes in the first {reach}", pieces, len(image)


def _truncated(image: bytes | bytearray, chance: random.Random) -> Damage:
    length = chance.choice((0, 1, 511, 512, 513, chance.randrange(8192), chance.randrange(len(image))))
    return f"cut to {length} bytes", [], length


def _copied(image: bytes | bytearray, chance: random.Random) -> Damage:
    """A piece of the volume in another's place, so that everything in it looks sound but is not."""
    length = chance.choice((32, 512, 4096))
    reach = min(REACH, len(image)) - length
    source, target = chance.randrange(reach) & ~31, chance.randrange(reach) & ~31
    return (
        f"{length} bytes of {source} at {target}",
        [(target, bytes(image[source : source + length]))],
        len(image),
    )
