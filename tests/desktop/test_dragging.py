"""Files dragged with a real pointer, on a real X server, between the window and another program."""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from tests.support.desktop import screen
from tests.support.disks import tool
from tests.support.fat import blank_fat, mtools

CONTENT = bytes(range(256)) * 4000
Message = dict[str, Any]


class Program:
    """A process that says JSON lines, may be given some, and ends with its input."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._numbers = itertools.count(1)
        self._heard: list[Message] = []
        self._more = asyncio.Condition()

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            async with self._more:
                self._heard.append(json.loads(line))
                self._more.notify_all()

    def said(self, **fields: Any) -> Message | None:
        return next((message for message in self._heard if fields.items() <= message.items()), None)

    async def hear(self, **fields: Any) -> Message:
        """The first message with those fields. Raises TimeoutError."""
        async with asyncio.timeout(60), self._more:
            return await self._more.wait_for(lambda: self.said(**fields)) or {}

    async def ask(self, what: str, **fields: Any) -> Message:
        assert self._process.stdin is not None
        number = next(self._numbers)
        self._process.stdin.write(json.dumps({"id": number, "do": what, **fields}).encode() + b"\n")
        return await self.hear(id=number)

    async def until(self, wanted: Callable[[Message], Any], what: str, **fields: Any) -> Any:
        """Asks again until the answer is what is wanted. Raises TimeoutError."""
        async with asyncio.timeout(60):
            while not (found := wanted(await self.ask(what, **fields))):  # noqa: ASYNC110 - it is asked
                await asyncio.sleep(0.05)
        return found


class Pointer:
    def __init__(self, environment: dict[str, str]) -> None:
        self._environment = environment

    async def do(self, *words: object) -> None:
        process = await asyncio.create_subprocess_exec(
            tool("xdotool"), *map(str, words), env=self._environment
        )
        assert await process.wait() == 0

    async def drag(self, start: list[int], end: list[int], over: Callable[[], Any]) -> None:
        """Presses at `start` and moves about `end`, as people do, until it is seen there; then lets go."""
        await self.do("mousemove", "--sync", *start, "mousedown", 1)
        await self.do("mousemove_relative", "--sync", 12, 6, "mousemove_relative", "--sync", 12, 6)
        async with asyncio.timeout(60):
            for step in itertools.cycle((0, 6)):
                await self.do("mousemove", end[0] + step, end[1] + step)
                if over():
                    break
                await asyncio.sleep(0.05)
        await self.do("mousemove", "--sync", *end, "mouseup", 1)


@asynccontextmanager
async def program(environment: dict[str, str], module: str, *words: str) -> AsyncIterator[Program]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", module, *words),
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    talk = Program(process)
    listening = asyncio.create_task(talk.listen())
    try:
        yield talk
    finally:
        assert process.stdin is not None
        process.stdin.close()
        await listening
        assert await process.wait() == 0


class Desk:
    """A screen with both programs on it, side by side."""

    def __init__(
        self, window: Program, neighbour: Program, pointer: Pointer, image: Path, *, mounts: bool
    ) -> None:
        self.window, self.neighbour, self.pointer, self.image = window, neighbour, pointer, image
        self.mounts = mounts


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What the neighbour has to give."""
    file = tmp_path / "from elsewhere.bin"
    file.write_bytes(CONTENT[::-1])
    return file


@pytest_asyncio.fixture(params=["mounted", "extracted"])
async def desk(request: pytest.FixtureRequest, tmp_path: Path, source: Path) -> AsyncIterator[Desk]:
    image = blank_fat(tmp_path / "stick.img", 16 << 20, "-n", "STICK")
    (tmp_path / "on the stick.bin").write_bytes(CONTENT)
    mtools("mcopy", image, tmp_path / "on the stick.bin", "::/")
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    own = {"HOME": str(home), "XDG_RUNTIME_DIR": str(home), "QT_QPA_PLATFORM": "xcb"}
    left_out = {"DBUS_SESSION_BUS_ADDRESS", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "WAYLAND_DISPLAY"}
    with screen() as display:
        environment = {name: value for name, value in os.environ.items() if name not in left_out}
        environment |= own | {"DISPLAY": display}
        async with (
            program(environment, "tests.vm.guest.window") as window,
            program(environment, "tests.support.neighbour", str(source)) as neighbour,
        ):
            await window.hear(started=True)
            if not (mounts := request.param == "mounted"):
                await window.ask("trigger", action="lend")
            await window.ask("place", at=[0, 0, 780, 600])
            await window.ask("open", image=str(image))
            await window.until(lambda answer: "on the stick.bin" in answer["files"], "look")
            yield Desk(window, neighbour, Pointer(environment), image, mounts=mounts)


async def test_a_file_of_the_stick_is_dragged_into_another_program_which_reads_it_at_once(desk: Desk) -> None:
    shown = await desk.neighbour.hear(event="shown")
    row = await desk.window.until(lambda answer: answer["at"], "where", file="on the stick.bin")
    await desk.pointer.drag(row, shown["at"], lambda: desk.neighbour.said(event="entered"))
    dropped = await desk.neighbour.hear(event="dropped")
    assert dropped["files"] == {"on the stick.bin": hashlib.sha256(CONTENT).hexdigest()}
    assert dropped["mounted"] is desk.mounts


async def test_a_file_of_another_program_is_dragged_onto_the_stick(
    desk: Desk, source: Path, tmp_path: Path
) -> None:
    shown = await desk.neighbour.hear(event="shown")
    place = await desk.window.until(lambda answer: answer["at"], "where")
    await desk.pointer.drag(
        shown["at"], place, lambda: desk.neighbour.said(event="accepted", action="CopyAction")
    )
    await desk.window.until(lambda answer: source.name in answer["files"], "look")
    mtools("mcopy", desk.image, f"::/{source.name}", tmp_path / "back")
    assert (tmp_path / "back").read_bytes() == source.read_bytes()
