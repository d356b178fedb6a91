"""Extended attributes, in a tree of their own: TN1150, "Attributes File", with the inline records that it
does not have yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from core.errors import CorruptStructure, RumpusError
from core.fs.hfsplus.structures import ATTRIBUTE_FORK, ATTRIBUTE_INLINE, ATTRIBUTE_KEY, FORK_PACKED
from core.fs.mac.btree import Tree
from core.fs.mac.forks import Fork

_KEY_AT = 2
_VALUE_AT = 16


class Attribute(NamedTuple):
    """One attribute: its value, or the fork that has it."""

    name: str
    value: bytes
    fork: Fork | None
    position: int

    @property
    def size(self) -> int:
        return len(self.value) if self.fork is None else self.fork.size


def of(tree: Tree, number: int, damage: list[RumpusError]) -> Iterator[Attribute]:
    """The attributes of a file or folder. What is wrong is put into `damage`. Raises DeviceGone only."""
    wanted = number.to_bytes(4, "big")
    for records in tree.group(number, lambda key: key[2:6] < wanted, _KEY_AT, damage):
        for record in records:
            key, data = record.key, record.data
            if len(key) < ATTRIBUTE_KEY.size or len(data) < _VALUE_AT:
                damage.append(CorruptStructure("attributes", record.position, "an attribute", "fewer bytes"))
                continue
            _, _, length = ATTRIBUTE_KEY.unpack_from(key)
            raw = key[ATTRIBUTE_KEY.size : ATTRIBUTE_KEY.size + 2 * length]
            name = raw.decode("utf-16-be", "backslashreplace")
            kind = int.from_bytes(data[:4], "big")
            if kind == ATTRIBUTE_INLINE:
                size = int.from_bytes(data[12:16], "big")
                value = data[_VALUE_AT : _VALUE_AT + size]
                if len(value) < size:
                    found = f"{size} bytes"
                    damage.append(CorruptStructure("attributes", record.position, "a whole value", found))
                    continue
                yield Attribute(name, value, None, record.position)
            elif kind == ATTRIBUTE_FORK and len(data) >= 8 + FORK_PACKED.size:
                size, _, _, *numbers = FORK_PACKED.unpack_from(data, 8)
                pieces = tuple(zip(numbers[::2], numbers[1::2], strict=True))
                yield Attribute(name, b"", Fork(size, pieces, record.position, number), record.position)
