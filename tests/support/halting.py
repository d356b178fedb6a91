"""Copies that are under way for as long as a test needs, however fast the machine is."""

from __future__ import annotations

import asyncio
import os
from typing import Any

import pytest

from core.errors import DeviceGone
from core.host.changes import Changes
from core.host.volume import Volume

_HALF = 2 << 20


def halt(patch: pytest.MonkeyPatch, path: str) -> list[None]:
    """The first copy of that file, out of a stick or onto one, gets 2 MiB far and waits for the stick to be
    pulled out. What is returned is empty until then."""
    copy, store = Volume.copy, Changes.store
    halted: list[None] = []

    async def copy_halting(self: Volume, node: int, descriptor: int, moved: Any = None, *rest: Any) -> Any:
        if halted or node != (await self.resolve(path)).node:
            return await copy(self, node, descriptor, moved, *rest)
        halted.append(None)
        os.pwrite(descriptor, bytes(_HALF), 0)
        moved(_HALF)
        await asyncio.wait({self.ended})
        raise DeviceGone

    async def store_halting(self: Changes, parent: int, name: str, *rest: Any, **more: Any) -> Any:
        if halted or name != path.rpartition("/")[2]:
            return await store(self, parent, name, *rest, **more)
        halted.append(None)
        more["moved"](_HALF)
        await asyncio.wait({self._worker.ended})
        raise DeviceGone

    patch.setattr(Volume, "copy", copy_halting)
    patch.setattr(Changes, "store", store_halting)
    return halted
