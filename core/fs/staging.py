"""Changes of metadata held in memory and written in phases, with a barrier between one phase and the next.

Within a phase the order is free, and any part of it may reach the medium or not: each change is chosen so
that this does no harm. File contents do not wait here: they go to places that nothing refers to yet.
"""

from __future__ import annotations

import enum
from typing import NamedTuple

from core.blockdev.device import BlockDevice

_RUN = 1 << 20
"""Bytes written at once."""


class Phase(enum.IntEnum):
    """What a change does to those who look at the medium; a later phase relies on all the earlier ones."""

    PREPARE = 0
    """Touches only what nothing refers to: takes free clusters, fills new directory clusters."""
    LINK = 1
    """Hangs prepared clusters onto chains that are in use."""
    STRIP = 2
    """Takes away what an entry can do without, before it changes."""
    LEAVE = 3
    """Takes an entry away that returns in another place."""
    TURN = 4
    """Corrects what points back, while nothing points there."""
    ENTRY = 5
    """Directory entries come, change and go."""
    ADORN = 6
    """Adds what an entry can do without."""
    CUT = 7
    """Ends chains where their entries say that they end."""
    FREE = 8
    """Gives back what nothing refers to any more."""


class Mirror(NamedTuple):
    """What is written from `start` on, for `length` bytes, is written `shift` bytes behind it too."""

    start: int
    length: int
    shift: int


class _Unit:
    """One sector with changes. Sectors are held as numbers, whose bits a change masks."""

    __slots__ = ("base", "changes", "latest")

    def __init__(self, base: int | None) -> None:
        self.base = base
        """As it is on the medium; None while that does not matter, because all of it is replaced."""
        self.changes: dict[Phase, tuple[int, int]] = {}
        """(mask, value) by phase."""
        self.latest = b""


class Staging(BlockDevice):
    """`device` as it will be once all that is staged is written.

    The medium takes each `unit` bytes (a sector) wholly or not at all.
    A mirror starts and ends at a multiple of `unit`.
    """

    def __init__(self, device: BlockDevice, unit: int, mirrors: tuple[Mirror, ...] = ()) -> None:
        self.size = device.size
        self.sector_size = device.sector_size
        self.unit = unit
        self._device = device
        self._mirrors = mirrors
        self._units: dict[int, _Unit] = {}
        self._phases: dict[Phase, set[int]] = {phase: set() for phase in Phase}
        self._whole = (1 << 8 * unit) - 1
        self._unflushed = False
        self._undo: dict[int, tuple[int | None, dict[Phase, tuple[int, int]], bytes] | None] = {}
        """Sectors as they were before the change under way; None where nothing was staged."""

    # as a device --------------------------------------------------------------------------------------------

    def locate(self, offset: int) -> tuple[int, int] | None:
        """Where file contents lie; what is staged is not there yet."""
        return self._device.locate(offset)

    def read(self, offset: int, length: int) -> bytes:
        data = self._device.read(offset, length)
        if not self._units or length == 0:
            return data
        unit = self.unit
        first, last = offset // unit, (offset + length - 1) // unit
        if last - first < len(self._units):
            touched = [number for number in range(first, last + 1) if number in self._units]
        else:
            touched = [number for number in self._units if first <= number <= last]
        if not touched:
            return data
        changed = bytearray(data)
        for number in touched:
            at = number * unit - offset
            skip = max(0, -at)
            piece = self._units[number].latest[skip : length - at]
            changed[at + skip : at + skip + len(piece)] = piece
        return bytes(changed)

    def write(self, offset: int, data: bytes) -> None:
        """Writes file contents, at once."""
        self._unflushed = True
        self._device.write(offset, data)

    def written(self, offset: int, length: int) -> None:
        self._unflushed = True
        self._device.written(offset, length)

    def flush(self) -> None:
        """A barrier: what was written is on the medium. What is staged stays so."""
        self._device.flush()
        self._unflushed = False

    # staging ------------------------------------------------------------------------------------------------

    @property
    def held(self) -> int:
        """Sectors with changes that are not written yet."""
        return len(self._units)

    def on_medium(self, offset: int, length: int) -> bytes:
        """As `read`, without what is staged."""
        return self._device.read(offset, length)

    def stage(self, phase: Phase, offset: int, data: bytes, mask: bytes | None = None) -> None:
        """A change to metadata, of those bits alone that are set in `mask`.

        Where a later phase has changed the same bits, that is what remains. Raises as `read`; then nothing,
        or a part of the change from its start, is staged.
        """
        self.check(offset, len(data))
        unit = self.unit
        done, length = 0, len(data)
        while done < length:
            number, start = divmod(offset + done, unit)
            size = min(unit - start, length - done)
            value = int.from_bytes(data[done : done + size], "little") << 8 * start
            if mask is None:
                bits = ((1 << 8 * size) - 1) << 8 * start
            else:
                bits = int.from_bytes(mask[done : done + size], "little") << 8 * start
            self._change(phase, number, bits, value & bits)
            done += size

    @property
    def changing(self) -> bool:
        """Whether something was staged since the last `keep` or `settle`."""
        return bool(self._undo)

    def keep(self) -> None:
        """What is staged up to here stays so, whatever becomes of what follows."""
        self._undo.clear()

    def undo(self) -> None:
        """Takes back what was staged since the last `keep` or `settle`."""
        for number, old in self._undo.items():
            for phase in self._units[number].changes:
                self._phases[phase].discard(number)
            if old is None:
                del self._units[number]
                continue
            held = self._units[number]
            held.base, held.changes, held.latest = old
            for phase in held.changes:
                self._phases[phase].add(number)
        self._undo.clear()

    def _change(self, phase: Phase, number: int, bits: int, value: int) -> None:
        held = self._units.get(number)
        if held is None:
            held = _Unit(None if bits == self._whole else self._read(number))
            self._units[number] = held
            self._undo.setdefault(number, None)
        elif number not in self._undo:
            self._undo[number] = held.base, dict(held.changes), held.latest
        old_bits, old_value = held.changes.get(phase, (0, 0))
        held.changes[phase] = (old_bits | bits, old_value & ~bits | value)
        self._phases[phase].add(number)
        latest = held.base or 0
        for _, (mask, change) in sorted(held.changes.items()):
            latest = latest & ~mask | change
        held.latest = latest.to_bytes(self.unit, "little")

    def _read(self, number: int) -> int:
        return int.from_bytes(self._device.read(number * self.unit, self.unit), "little")

    def settle(self) -> None:
        """Writes all that is staged, in order, and returns once the entries are on the medium.

        What was given back (FREE) may still be on its way. Raises MediumError and DeviceGone; what is not
        known to be written then is still staged.
        """
        self.keep()
        last = None
        for phase in Phase:
            numbers = self._phases[phase]
            if not numbers:
                continue
            if phase is not Phase.PREPARE and self._unflushed:
                self.flush()
                self._drop(last)
            self._emit(phase, sorted(numbers))
            last = phase
        if last is not None and last is not Phase.FREE:
            self.flush()
        self._drop(last)

    def _emit(self, phase: Phase, numbers: list[int]) -> None:
        for start, data in self._pieces(phase, numbers):
            self.write(start, data)
        for mirror in self._mirrors:
            first, end = mirror.start // self.unit, (mirror.start + mirror.length) // self.unit
            inside = [number for number in numbers if first <= number < end]
            for start, data in self._pieces(phase, inside):
                self.write(start + mirror.shift, data)

    def _pieces(self, phase: Phase, numbers: list[int]) -> list[tuple[int, bytes]]:
        """(offset, bytes) of the sectors as this phase leaves them, adjacent ones together."""
        pieces: list[tuple[int, bytes]] = []
        parts: list[bytes] = []
        first = before = -2
        for number in numbers:
            if number != before + 1 or len(parts) * self.unit >= _RUN:
                if parts:
                    pieces.append((first * self.unit, b"".join(parts)))
                parts, first = [], number
            held = self._units[number]
            mask, change = held.changes[phase]
            parts.append(((held.base or 0) & ~mask | change).to_bytes(self.unit, "little"))
            before = number
        if parts:
            pieces.append((first * self.unit, b"".join(parts)))
        return pieces

    def _drop(self, phase: Phase | None) -> None:
        """Forgets the changes of a phase, which are on the medium."""
        if phase is None:
            return
        for number in self._phases[phase]:
            held = self._units[number]
            mask, change = held.changes.pop(phase)
            held.base = (held.base or 0) & ~mask | change
            if not held.changes:
                del self._units[number]
        self._phases[phase].clear()
