"""The program in a session of its own: one for all starts, its icon among the status icons, its notices.

It runs as a person starts it: a process, on a real (unseen) X screen and a real session bus with a real
notification daemon; only the host of the status icons is the test's own, since what it shows is to be read.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from dbus_fast import Message, MessageType, Variant
from dbus_fast.aio import MessageBus

from core.host.instance import NAME, claim
from core.resources import resource
from tests.support.buses import private_bus
from tests.support.descriptors import has_open, nothing_left
from tests.support.desktop import connected, owned, screen
from tests.support.disks import loop_node
from tests.support.terminal import rumpus

WATCHER = "org.kde.StatusNotifierWatcher"


class TrayHost:
    """Where status icons register, and which reads their menus (com.canonical.dbusmenu)."""

    def __init__(self, bus: MessageBus) -> None:
        self._bus = bus
        self.registered: asyncio.Queue[str] = asyncio.Queue()

    async def start(self) -> None:
        self._bus.add_message_handler(self._hear)
        await self._bus.request_name(WATCHER)

    def _hear(self, message: Message) -> Message | None:
        if message.message_type is not MessageType.METHOD_CALL:
            return None
        match message.member, message.body:
            case "RegisterStatusNotifierItem", [str(service)]:
                self.registered.put_nowait(service if not service.startswith("/") else message.sender or "")
                return Message.new_method_return(message)
            case "Get", [_, "IsStatusNotifierHostRegistered"]:
                return Message.new_method_return(message, "v", [Variant("b", True)])
            case "Get", [_, "ProtocolVersion"]:
                return Message.new_method_return(message, "v", [Variant("i", 0)])
            case "GetAll", _:
                facts = {"IsStatusNotifierHostRegistered": Variant("b", True)}
                return Message.new_method_return(message, "a{sv}", [facts])
        return None

    async def menu(self, service: str) -> list[tuple[int, str, list[Any]]]:
        """(number, label, children) of each entry."""
        (_, layout) = await self._call(
            service, "GetLayout", "iias", 0, -1, ["label", "enabled", "children-display"]
        )
        return _entries(layout)

    async def click(self, service: str, number: int) -> None:
        await self._call(service, "Event", "isvu", number, "clicked", Variant("s", ""), 0)

    async def _call(self, service: str, member: str, signature: str, *body: Any) -> list[Any]:
        reply = await self._bus.call(
            Message(
                destination=service,
                path="/MenuBar",
                interface="com.canonical.dbusmenu",
                member=member,
                signature=signature,
                body=list(body),
            )
        )
        assert reply is not None
        assert reply.message_type is MessageType.METHOD_RETURN, reply.body
        return list(reply.body)


def _entries(layout: list[Any]) -> list[tuple[int, str, list[Any]]]:
    _, _, children = layout
    found = []
    for child in children:
        number, facts, _ = child.value
        label = facts["label"].value if "label" in facts else ""
        found.append((number, label, _entries(child.value)))
    return found


class Session:
    def __init__(self, bus: MessageBus, environment: dict[str, str]) -> None:
        self.bus = bus
        self.environment = environment

    @asynccontextmanager
    async def program(self, *words: str) -> AsyncIterator[asyncio.subprocess.Process]:
        """Ended with the test if it does not end itself."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "gui.app",
            *words,
            env=self.environment,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()


@pytest_asyncio.fixture
async def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Session]:
    with private_bus() as address, screen() as display:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        environment = {
            **os.environ,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "XDG_CURRENT_DESKTOP": "KDE",
            "XDG_RUNTIME_DIR": str(tmp_path),
        }
        environment.pop("WAYLAND_DISPLAY", None)
        async with connected(address) as bus:
            yield Session(bus, environment)


async def ended(process: asyncio.subprocess.Process) -> int:
    async with asyncio.timeout(60):
        return await process.wait()


async def until(true: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not await true():  # noqa: ASYNC110 - the other process tells nobody
            await asyncio.sleep(0.02)


async def test_a_second_start_hands_its_images_to_the_first_and_ends(
    session: Session, tmp_path: Path
) -> None:
    image = Path(shutil.copy(resource("sample-stick.img"), tmp_path / "a stick & more.img"))
    async with session.program("--background") as first:
        await owned(session.bus, NAME)
        async with session.program(str(image)) as second:
            assert await ended(second) == 0
        assert first.returncode is None
        async with session.program("--background") as third:
            assert await ended(third) == 0
        # The first has the image open now.
        await until(lambda: _holds(first.pid, image))
        first.terminate()
        assert await ended(first) == 0


async def _holds(process: int, image: Path) -> bool:
    return has_open(process, image)


async def test_what_comes_before_the_window_is_there_is_not_lost(session: Session, tmp_path: Path) -> None:
    first = await claim([])
    assert first is not None
    async with nothing_left():
        assert await claim([tmp_path / "a b.img"]) is None
        assert await claim([], quiet=True) is None
    heard: list[list[Path]] = []
    first.serve(lambda paths: heard.append(list(paths)))
    assert heard == [[tmp_path / "a b.img"]]
    assert await claim([]) is None
    assert heard == [[tmp_path / "a b.img"], []]
    await first.close()
    again = await claim([])
    assert again is not None
    await again.close()


async def test_without_a_bus_every_start_is_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    for _ in range(2):
        instance = await claim([])
        assert instance is not None
        await instance.close()


async def test_the_icon_has_a_menu_from_which_the_program_is_shown_and_ended(session: Session) -> None:
    host = TrayHost(session.bus)
    await host.start()
    async with session.program("--background") as program:
        async with asyncio.timeout(60):
            service = await host.registered.get()
        entries = await host.menu(service)
        labels = [label for _, label, _ in entries if label]
        assert labels[0] == "Show Rumpus"
        assert "Keep running when the window is closed" in labels
        assert "No stick is plugged in" in labels or any(children for _, _, children in entries)
        quit_ = next(number for number, label, _ in entries if label == "Quit")
        await host.click(service, quit_)
        assert await ended(program) == 0


async def test_the_terminal_has_the_window_eject_what_the_window_holds(
    session: Session, tmp_path: Path
) -> None:
    image = Path(shutil.copy(resource("sample-stick.img"), tmp_path / "stick.img"))
    session.environment["DBUS_SYSTEM_BUS_ADDRESS"] = f"unix:path={tmp_path}/none"
    with loop_node(image) as node:
        async with session.program("--background", str(node)) as window:
            await owned(session.bus, NAME)
            await until(lambda: _holds(window.pid, node))
            done = await asyncio.to_thread(rumpus, "eject", node, env=session.environment)
            assert (done.returncode, done.stderr) == (0, "")
            assert done.stdout == f"{node} can be pulled out\n"
            assert not await _holds(window.pid, node)
            assert window.returncode is None, "it goes on"
            window.terminate()
            assert await ended(window) == 0
