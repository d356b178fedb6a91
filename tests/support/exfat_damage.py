"""Damage done to exFAT volumes on purpose, each kind with what it is about and where it shows.

The volume has files of every kind of allocation, and is written byte by byte.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable
from typing import NamedTuple

from core.entry import FindingKind
from tests.support.exfat import DIRECTORY, Stick, file_set, sealed

_chance = random.Random(12)
CONTENTS = {
    name: _chance.randbytes(size)
    for name, size in {
        "chain.dat": 11_000,
        "row.dat": 9_000,
        "scattered.dat": 14_000,
        "folder/inside.dat": 5_000,
        "folder/inner/deep.dat": 3_000,
        "a name that takes more than one entry.dat": 100,
    }.items()
}


class Damaged(NamedTuple):
    kind: FindingKind
    path: str
    """"" for the volume as a whole."""
    do: Callable[[Victim], None]
    loses: frozenset[str] = frozenset()
    """Files that are not as before once it is repaired."""
    judged: bool = True
    """Whether fsck.exfat says so too."""


class Victim:
    """A sound volume, with the places of its sets."""

    def __init__(self) -> None:
        self.stick = Stick(cluster_size=1024, clusters=400, root_clusters=2)
        self.at = {"folder": self.stick.add_folder("folder", 2)}
        self.at["folder/inner"] = self.stick.add_folder("folder/inner", 1)
        for name, content in CONTENTS.items():
            self.at[name] = self.stick.add_file(
                name, content, contiguous=name == "row.dat", scattered=name == "scattered.dat"
            )

    def first(self, name: str) -> int:
        return int(struct.unpack_from("<I", self.stick.data, self.at[name] + 52)[0])

    def entry(self, cluster: int) -> int:
        return int(struct.unpack_from("<I", self.stick.data, self.stick.table + 4 * cluster)[0])

    def put(self, name: str, at: int, data: bytes, *, seal: bool = True) -> None:
        """Changes a set; `at` counts from its start. The root's and the folders' sets lie in one piece."""
        place = self.at[name]
        length = 32 * (1 + self.stick.data[place + 1])
        raw = bytearray(self.stick.data[place : place + length])
        raw[at : at + len(data)] = data
        self.stick.data[place : place + length] = sealed(bytes(raw)) if seal else raw

    def is_taken(self, cluster: int) -> bool:
        at = self.stick.position(self.stick.bitmap[0]) + (cluster - 2) // 8
        return bool(self.stick.data[at] >> (cluster - 2) % 8 & 1)

    def bit(self, cluster: int, *, taken: bool) -> None:
        at = self.stick.position(self.stick.bitmap[0]) + (cluster - 2) // 8
        mask = 1 << (cluster - 2) % 8
        self.stick.data[at] = self.stick.data[at] & ~mask | (mask if taken else 0)


def _cut(victim: Victim) -> None:
    victim.stick.set_entry(victim.entry(victim.first("chain.dat")), 0xFFFFFFFF)


def _leads_out(victim: Victim) -> None:
    victim.stick.set_entry(victim.entry(victim.first("scattered.dat")), 5000)


def _circle(victim: Victim) -> None:
    first = victim.first("scattered.dat")
    victim.stick.set_entry(victim.entry(first), first)


def _too_long(victim: Victim) -> None:
    first = victim.first("chain.dat")
    last = first + 10
    (more,) = victim.stick.allocate(1000)
    victim.stick.set_entry(last, more)


def _row_too_long(victim: Victim) -> None:
    size = 500 * 1024
    victim.put("row.dat", 40, struct.pack("<QIIQ", size, 0, victim.first("row.dat"), size))


def _outside(victim: Victim) -> None:
    victim.put("chain.dat", 52, struct.pack("<I", 100_000))


def _shared(victim: Victim) -> None:
    victim.put("folder/inside.dat", 52, struct.pack("<I", victim.first("chain.dat")))


def _shared_row(victim: Victim) -> None:
    victim.put("row.dat", 52, struct.pack("<I", victim.first("chain.dat") + 4))


def _lost(victim: Victim) -> None:
    victim.stick.allocate(5000)


def _not_taken(victim: Victim) -> None:
    victim.bit(victim.first("row.dat") + 1, taken=False)


def _checksum(victim: Victim) -> None:
    victim.put("chain.dat", 2, b"\x12\x34", seal=False)


def _hash(victim: Victim) -> None:
    victim.put("chain.dat", 36, b"\x12\x34")


def _valid(victim: Victim) -> None:
    victim.put("chain.dat", 40, struct.pack("<Q", 20_000))


def _letter(victim: Victim) -> None:
    victim.put("chain.dat", 66, "?".encode("utf-16-le"))


def _piece_missing(victim: Victim) -> None:
    victim.stick.data[victim.at["a name that takes more than one entry.dat"] + 3 * 32] &= 0x7F


def _stray_piece(victim: Victim) -> None:
    victim.stick.add_slots("", b"\xc1\0" + "stray".encode("utf-16-le").ljust(30, b"\0"))


def _twice(victim: Victim) -> None:
    victim.stick.add_slots("", file_set("CHAIN.DAT"))


def _folder_size(victim: Victim) -> None:
    victim.put("folder", 40, struct.pack("<QIIQ", 1500, 0, victim.first("folder"), 1500))


def _same_folder(victim: Victim) -> None:
    first = victim.first("folder/inner")
    victim.stick.add_slots("", file_set("again", 1024, first, attributes=DIRECTORY))


def _above_itself(victim: Victim) -> None:
    first = victim.first("folder")
    victim.stick.add_slots("folder/inner", file_set("loop", 2048, first, attributes=DIRECTORY))


def _main_region(victim: Victim) -> None:
    victim.stick.set_boot(300, b"\0")


def _backup_region(victim: Victim) -> None:
    victim.stick.set_boot(300, b"\0", backup=True)


def _both_sums(victim: Victim) -> None:
    _main_region(victim)
    _backup_region(victim)


def _dirty(victim: Victim) -> None:
    victim.stick.set_boot(106, b"\x02")


def _failure(victim: Victim) -> None:
    victim.stick.set_boot(106, b"\x04")


def _percent(victim: Victim) -> None:
    victim.stick.set_boot(112, b"\x70")


def _early_end(victim: Victim) -> None:
    """Zeros where entries were hide those behind them."""
    at = victim.at["row.dat"]
    victim.stick.data[at : at + 96] = bytes(96)


def _table(victim: Victim) -> None:
    victim.stick.data[victim.stick.position(victim.stick.upcase[0]) + 8] ^= 1


def _put_table(victim: Victim, at: int, value: bytes) -> None:
    """Into the entry for the up-case table, the second of the root directory."""
    entry = victim.stick.position(victim.stick.folders[""][0]) + 32
    victim.stick.data[entry + at : entry + at + len(value)] = value


def _table_sum(victim: Victim) -> None:
    _put_table(victim, 4, b"\x12")


def _no_table(victim: Victim) -> None:
    _put_table(victim, 0, b"\x02")


def _table_nowhere(victim: Victim) -> None:
    _put_table(victim, 20, bytes(4))


def _table_too_large(victim: Victim) -> None:
    _put_table(victim, 24, b"\xff" * 8)


def _table_of_a_file(victim: Victim) -> None:
    _put_table(victim, 20, struct.pack("<I", victim.first("chain.dat")))


def _many(victim: Victim) -> None:
    """Several at once, as a stick that was pulled out while it was written has them."""
    for do in (_dirty, _cut, _shared, _lost, _not_taken, _checksum, _stray_piece, _backup_region):
        do(victim)


DAMAGES = {
    "chain cut": Damaged(FindingKind.TOO_SHORT, "/chain.dat", _cut, frozenset({"chain.dat"})),
    "chain out": Damaged(FindingKind.CHAIN, "/scattered.dat", _leads_out, frozenset({"scattered.dat"})),
    "circle": Damaged(FindingKind.CHAIN, "/scattered.dat", _circle, frozenset({"scattered.dat"})),
    "chain too long": Damaged(FindingKind.TOO_LONG, "/chain.dat", _too_long),
    "row too long": Damaged(FindingKind.TOO_SHORT, "/row.dat", _row_too_long, frozenset({"row.dat"})),
    "outside": Damaged(FindingKind.ENTRY, "/chain.dat", _outside, frozenset({"chain.dat"})),
    "shared": Damaged(FindingKind.SHARED, "/folder/inside.dat", _shared, frozenset({"folder/inside.dat"})),
    "shared row": Damaged(FindingKind.SHARED, "/row.dat", _shared_row, frozenset({"row.dat"})),
    "lost": Damaged(FindingKind.LOST, "", _lost, judged=False),
    "not taken": Damaged(FindingKind.NOT_TAKEN, "", _not_taken, judged=False),
    "checksum": Damaged(FindingKind.ENTRY, "/chain.dat", _checksum),
    "hash": Damaged(FindingKind.ENTRY, "/chain.dat", _hash),
    "valid size": Damaged(FindingKind.ENTRY, "/chain.dat", _valid),
    "letter": Damaged(FindingKind.ENTRY, "/?hain.dat", _letter, frozenset({"chain.dat"})),
    "piece missing": Damaged(
        FindingKind.ENTRY, "", _piece_missing, frozenset({"a name that takes more than one entry.dat"})
    ),
    "stray piece": Damaged(FindingKind.NAME_PIECES, "/", _stray_piece),
    "name twice": Damaged(FindingKind.NAME_TWICE, "/CHAIN.DAT", _twice, judged=False),
    "size of a folder": Damaged(FindingKind.ENTRY, "/folder", _folder_size),
    "folder twice": Damaged(
        FindingKind.SHARED, "/folder/inner", _same_folder, frozenset({"folder/inner/deep.dat"})
    ),
    "folder in itself": Damaged(FindingKind.SHARED, "/folder/inner/loop", _above_itself),
    "main boot region": Damaged(FindingKind.BOOT_SECTOR, "", _main_region),
    "backup boot region": Damaged(FindingKind.BOOT_SECTOR, "", _backup_region, judged=False),
    "both boot regions": Damaged(FindingKind.BOOT_SECTOR, "", _both_sums),
    "dirty": Damaged(FindingKind.NOT_CLEAN, "", _dirty, judged=False),
    "failure": Damaged(FindingKind.NOT_CLEAN, "", _failure, judged=False),
    "percent": Damaged(FindingKind.FREE_COUNT, "", _percent, judged=False),
    "up-case table": Damaged(FindingKind.UPCASE, "", _table),
    "checksum of the up-case table": Damaged(FindingKind.UPCASE, "", _table_sum),
    "no up-case table": Damaged(FindingKind.UPCASE, "", _no_table),
    "up-case table nowhere": Damaged(FindingKind.UPCASE, "", _table_nowhere),
    "up-case table too large": Damaged(FindingKind.UPCASE, "", _table_too_large),
    "up-case table of a file": Damaged(FindingKind.UPCASE, "", _table_of_a_file),
    "early end": Damaged(FindingKind.BEHIND_END, "/", _early_end, frozenset({"row.dat"}), judged=False),
    "many": Damaged(
        FindingKind.TOO_SHORT, "/chain.dat", _many, frozenset({"chain.dat", "folder/inside.dat"})
    ),
}
