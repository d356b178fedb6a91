"""What is put into a pipe for libfuse is what it was asked for, or nothing is."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from core.entry import Entry
from core.host.volume import Volume
from core.mount.assurance import Assurance
from core.mount.bridge import Bridge
from core.mount.places import ZEROS, Bounds, Extent
from core.mount.reading import Reading
from core.mount.splicing import Pipe, Pipes

PAGE = 4096
SIZE = 40 * PAGE
"""Of the file. It begins at the second page of the disk, has a hole, and goes on elsewhere."""
EXTENTS = [
    Extent(0, PAGE, 20 * PAGE),
    Extent(20 * PAGE, ZEROS, 4 * PAGE),
    Extent(24 * PAGE, 30 * PAGE, 16 * PAGE),
]


class Opened:
    """A file of a mount, with its places known."""

    def __init__(self, disk: Path) -> None:
        self.descriptor = os.open(disk, os.O_RDONLY)
        self.bridge = cast(Bridge, SimpleNamespace(is_cut=False, check=lambda: None))
        self.reading = Reading(
            cast(Volume, None), self.descriptor, Bounds(0, 1 << 20), self.bridge, lambda: None
        )
        self.handle = self.reading.open(cast(Entry, SimpleNamespace(node=1, size=SIZE)), "/file")
        self.content = self.reading.content(self.handle)
        self.content.known.add(EXTENTS)

    def put(self, pipe: Pipe, offset: int, size: int) -> int:
        return self.reading.put(self.handle, pipe, size, offset)


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "disk"
    path.write_bytes(os.urandom(50 * PAGE))
    return path


@pytest.fixture
def opened(disk: Path) -> Iterator[Opened]:
    opened = Opened(disk)
    yield opened
    os.close(opened.descriptor)


@pytest.fixture
def pipes() -> Iterator[Pipes]:
    pipes = Pipes()
    yield pipes
    pipes.close()


def mine(pipes: Pipes) -> Pipe:
    pipe = pipes.mine()
    assert pipe is not None
    return pipe


@pytest.mark.parametrize(
    ("offset", "place", "size"),
    [(0, PAGE, 20 * PAGE), (100, PAGE + 100, 5000), (30 * PAGE, 36 * PAGE, 10 * PAGE)],
)
def test_a_stretch_of_a_file_is_put_whole(
    disk: Path, opened: Opened, pipes: Pipes, offset: int, place: int, size: int
) -> None:
    pipe = mine(pipes)
    assert opened.put(pipe, offset, size) == size
    assert os.read(pipe.end, SIZE) == disk.read_bytes()[place : place + size]


def test_what_is_behind_the_end_of_a_file_is_not_put(disk: Path, opened: Opened, pipes: Pipes) -> None:
    pipe = mine(pipes)
    assert opened.put(pipe, SIZE, PAGE) == 0
    assert opened.put(pipe, SIZE - 100, PAGE) == 100
    assert os.read(pipe.end, PAGE) == disk.read_bytes()[46 * PAGE - 100 : 46 * PAGE]


@pytest.mark.parametrize(
    ("offset", "size"),
    [(21 * PAGE, PAGE), (19 * PAGE, 2 * PAGE), (23 * PAGE, 2 * PAGE)],
    ids=["in a hole", "into a hole", "out of a hole"],
)
def test_holes_are_not_put(opened: Opened, pipes: Pipes, offset: int, size: int) -> None:
    assert opened.put(mine(pipes), offset, size) == 0


def test_nothing_is_put_of_a_disk_that_ends_too_early(disk: Path, opened: Opened, pipes: Pipes) -> None:
    os.truncate(disk, 10 * PAGE)
    assert opened.put(mine(pipes), 0, 16 * PAGE) == 0
    assert opened.put(mine(pipes), 10 * PAGE, PAGE) == 0


def test_nothing_is_put_of_what_cannot_be_spliced(opened: Opened, pipes: Pipes, tmp_path: Path) -> None:
    folder = os.open(tmp_path, os.O_RDONLY)
    os.dup2(folder, opened.descriptor)
    os.close(folder)
    assert opened.put(mine(pipes), 0, PAGE) == 0


def test_nothing_is_put_while_somebody_changes_the_volume(opened: Opened, pipes: Pipes) -> None:
    opened.reading.assurance = cast(Assurance, SimpleNamespace())
    assert opened.put(mine(pipes), 0, PAGE) == 0
    opened.reading.assurance = None
    assert opened.put(mine(pipes), 0, PAGE) == PAGE


def test_nothing_is_put_of_a_file_that_must_be_found_again(opened: Opened, pipes: Pipes) -> None:
    opened.reading.renew(cast(Volume, None))
    assert opened.put(mine(pipes), 0, PAGE) == 0


def test_nothing_is_put_of_a_file_that_is_computed(opened: Opened, pipes: Pipes) -> None:
    opened.content.computed = True
    assert opened.put(mine(pipes), 0, PAGE) == 0


def test_nothing_is_put_once_the_mount_has_ended(opened: Opened, pipes: Pipes) -> None:
    opened.bridge.is_cut = True
    assert opened.put(mine(pipes), 0, PAGE) == 0


def test_what_was_not_fetched_from_a_pipe_is_nobodys(disk: Path, opened: Opened, pipes: Pipes) -> None:
    assert opened.put(mine(pipes), 0, 2 * PAGE) == 2 * PAGE
    pipe = mine(pipes)
    assert opened.put(pipe, 5 * PAGE, PAGE) == PAGE
    assert os.read(pipe.end, SIZE) == disk.read_bytes()[6 * PAGE : 7 * PAGE]
    assert mine(pipes) is pipe


def test_a_user_who_may_have_no_large_pipe_has_none(pipes: Pipes, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: int) -> int:
        raise PermissionError

    monkeypatch.setattr("core.mount.splicing.fcntl.fcntl", refuse)
    assert pipes.mine() is None
    monkeypatch.undo()
    assert pipes.mine() is None, "it is not tried again each time"
