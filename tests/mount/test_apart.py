"""A mount in a process of its own, as the window has it."""

from __future__ import annotations

import asyncio
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import DeviceGone, NotAFileSystem, NotMounted
from core.host.access import open_medium
from core.mount.apart import Wish, mounted_apart
from core.mount.places import Bounds
from tests.support.descriptors import nothing_left
from tests.support.fat import blank_fat, mtools
from tests.support.mounts import children, is_mounted, need_fuse
from tests.support.stick import blank_image

SIZE = 8 << 20


@pytest.fixture
def image(tmp_path: Path) -> Path:
    need_fuse()
    path = blank_fat(tmp_path / "stick.img", SIZE)
    (tmp_path / "hello.txt").write_text("hello\n")
    mtools("mcopy", path, tmp_path / "hello.txt", "::/")
    (tmp_path / "at").mkdir()
    return path


def wish(image: Path) -> Wish:
    return Wish(-1, str(image), 0, Bounds(0, SIZE), str(image.parent / "at"))


async def test_the_loop_that_asked_for_it_may_wait_for_a_file_of_it(image: Path) -> None:
    with await open_medium(image) as medium:
        async with mounted_apart(medium, wish(image)) as mount:
            assert (mount.directory / "hello.txt").read_text() == "hello\n"  # which blocks this loop
        assert not is_mounted(mount.directory)
        assert mount.ended.result() is None


async def test_nothing_is_left_behind(image: Path) -> None:
    with await open_medium(image) as medium:
        async with mounted_apart(medium, wish(image)):
            pass  # the loop has made what it keeps for child processes
        async with nothing_left(), mounted_apart(medium, wish(image)):
            pass


async def test_a_stick_that_is_pulled_out_is_told(image: Path) -> None:
    with await open_medium(image) as medium:
        async with mounted_apart(medium, wish(image)) as mount:
            file = os.open(mount.directory / "hello.txt", os.O_RDONLY)
            os.truncate(image, 0)
            with pytest.raises(OSError):
                os.read(file, 1)
            os.close(file)
            assert isinstance(await asyncio.wait_for(mount.ended, 30), DeviceGone)
            assert not is_mounted(mount.directory)


async def test_what_is_against_it_is_told_as_the_error_that_it_is(image: Path, tmp_path: Path) -> None:
    (tmp_path / "at" / "something").touch()
    with await open_medium(image) as medium:
        with pytest.raises(NotMounted) as refusal:
            async with mounted_apart(medium, wish(image)):
                pass
        assert "is not empty" in refusal.value.reason
    (tmp_path / "at" / "something").unlink()
    blank = blank_image(tmp_path / "blank.img", SIZE)
    with await open_medium(blank) as medium, pytest.raises(NotAFileSystem):
        async with mounted_apart(medium, wish(image)):
            pass


SCRIPT = """
import asyncio, sys
from pathlib import Path
from core.host.access import open_medium
from core.mount.apart import Wish, mounted_apart
from core.mount.places import Bounds
async def main():
    with await open_medium(Path(sys.argv[1])) as medium:
        wish = Wish(-1, sys.argv[1], 0, Bounds(0, int(sys.argv[3])), sys.argv[2])
        async with mounted_apart(medium, wish):
            print("mounted", flush=True)
            await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "told"])
def test_it_ends_with_the_process_that_wanted_it_or_when_it_is_told_to(
    image: Path, number: signal.Signals
) -> None:
    at = image.parent / "at"
    command = [sys.executable, "-c", SCRIPT, str(image), str(at), str(SIZE)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as wanting:
        assert wanting.stdout is not None
        assert wanting.stdout.readline() == b"mounted\n"
        server = next(
            child
            for child in children(wanting.pid)
            if b"core.mount.server" in Path(f"/proc/{child}/cmdline").read_bytes()
        )
        watch = os.pidfd_open(server)
        os.kill(wanting.pid if number is signal.SIGKILL else server, number)
        assert select.select([watch], [], [], 60)[0]  # readable when it has ended
        os.close(watch)
        assert not is_mounted(at)
        wanting.kill()
