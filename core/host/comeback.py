"""A stick that was pulled out in the middle of something, and is known again when it is put back.

The same stick is one that says the same of itself (serial number, maker, model, size) and has the same volume
(its id, its driver) in the same place. A maker may give all sticks one serial number, and a stick may have
been formatted meanwhile: neither alone is enough.
"""

from __future__ import annotations

import asyncio

from core.errors import DeviceGone, RumpusError
from core.host.changes import Changes
from core.host.devices import Device
from core.host.stick import Stick
from core.host.stick_volume import StickVolume, VolumeState
from core.host.sticks import Change, Sticks
from core.host.volume import Volume


class Comeback:
    """`at` is where the volume is now, another one each time it has come back."""

    def __init__(self, sticks: Sticks, device: Device, at: StickVolume, volume: Volume) -> None:
        self.at = at
        self._sticks = sticks
        self._device = device
        self._facts = volume.facts

    @classmethod
    def of(cls, sticks: Sticks, volume: Volume) -> Comeback | None:
        """None for what could not be known again: an image, a volume without an id."""
        for stick in sticks.sticks:
            for at in stick.volumes:
                if at.volume is volume and stick.device is not None and volume.facts.uuid:
                    return cls(sticks, stick.device, at, volume)
        return None

    def explains(self, error: RumpusError) -> bool:
        """Whether something failed because the stick was pulled out; then its end is known to all."""
        if isinstance(error, DeviceGone):
            self.at.stick.lost(error)
        return isinstance(self.at.stick.error, DeviceGone)

    async def returned(self) -> Volume:
        """The volume, open, as soon as its stick is back."""
        changed = asyncio.Event()
        strangers: set[StickVolume] = set()

        def hear(change: Change, stick: Stick) -> None:
            changed.set()

        forget = self._sticks.observe(hear)
        try:
            while True:
                changed.clear()
                if (volume := await self._find(strangers)) is not None:
                    return volume
                await changed.wait()
        finally:
            forget()

    @property
    def near(self) -> bool:
        """Whether a stick is there that may be this one."""
        return bool(self._candidates())

    async def here(self) -> Volume | None:
        """The volume, open, if its stick is there now."""
        return await self._find(set())

    async def _find(self, strangers: set[StickVolume]) -> Volume | None:
        for at in self._candidates():
            if at in strangers or (volume := await self._opened(at)) is None:
                continue
            if volume.facts.uuid == self._facts.uuid and volume.facts.driver == self._facts.driver:
                self.at = at
                return volume
            strangers.add(at)
        return None

    async def now(self, volume: Volume) -> Volume:
        """The volume opened anew where it was closed meanwhile and its stick is there. Raises as that."""
        return await self.at.open() if volume.ended.done() and self.at.stick.usable else volume

    async def changes(self) -> Changes:
        """The means to change it where it is now. Raises as `StickVolume.changes`."""
        return await self.at.changes()

    def _candidates(self) -> list[StickVolume]:
        place = self.at.partition.number, self.at.partition.offset
        return [
            at
            for stick in self._sticks.sticks
            if stick.usable and self._is_same(stick)
            for at in stick.volumes
            if (at.partition.number, at.partition.offset) == place and at.state is not VolumeState.FAILED
        ]

    def _is_same(self, stick: Stick) -> bool:
        known, found = self._device, stick.device
        return found is not None and (known.serial, known.vendor, known.model, known.size) == (
            found.serial,
            found.vendor,
            found.model,
            found.size,
        )

    async def _opened(self, at: StickVolume) -> Volume | None:
        try:
            return await at.open()
        except RumpusError:
            return None  # it says so itself, where it is shown
