"""Workers that nobody waits for any more."""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import resource
from pathlib import Path

import pytest

from core.errors import DriverCrashed
from core.host.access import open_medium
from core.host.launching import launch
from core.host.supervisor import Supervisor
from tests.support.descriptors import descriptors, nothing_left
from tests.support.fat import blank_fat
from tests.support.stick import blank_image


@pytest.mark.parametrize("turns", range(8))
async def test_a_worker_cancelled_while_it_is_started_leaves_nothing(tmp_path: Path, turns: int) -> None:
    complaints = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: complaints.append(context))
    async with Supervisor() as supervisor:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            await supervisor.survey(medium)
            async with nothing_left():
                for _ in range(20):
                    survey = asyncio.create_task(supervisor.survey(medium))
                    for _ in range(turns):
                        await asyncio.sleep(0)
                    survey.cancel()
                    await asyncio.wait({survey})
                await supervisor.survey(medium)  # by now every earlier worker has been heard of
    assert complaints == []


async def test_a_zygote_that_was_split_off_starts_workers_for_somebody_else(tmp_path: Path) -> None:
    async with Supervisor() as first:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            await first.survey(medium)
            async with nothing_left():
                second = Supervisor()
                second.start(await first.split())
                async with second:
                    assert (await second.survey(medium)).size > 0
                await first.survey(medium)


async def test_a_zygote_that_was_split_off_outlives_the_first(tmp_path: Path) -> None:
    first, second = Supervisor(), Supervisor()
    first.start()
    second.start(await first.split())
    await first.close()
    async with second:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            assert (await second.survey(medium)).size > 0


async def test_a_zygote_keeps_nothing_open_that_the_host_was_started_with(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.touch()
    given = os.open(secret, os.O_RDONLY)
    os.set_inheritable(given, True)
    try:
        async with Supervisor() as supervisor:
            with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
                await supervisor.survey(medium)
            (zygote,) = supervisor.processes
            kept = {entry.readlink() for entry in Path(f"/proc/{zygote}/fd").iterdir()}
            assert secret not in kept
    finally:
        os.close(given)


async def test_one_worker_says_what_there_is_and_opens_it(tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(blank_fat(tmp_path / "stick.img", 1 << 20)) as medium:
            place, volume = await supervisor.find_and_open(medium, lambda survey: survey.partitions[0])
            async with volume:
                assert (place.number, volume.facts.driver) == (0, place.drivers[0])
                assert len(supervisor.processes) == 2  # the zygote, and this worker


def test_a_zygote_that_cannot_be_started_leaves_no_socket_open(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> int:
        raise OSError(errno.EAGAIN, "no more processes")

    monkeypatch.setattr(os, "posix_spawn", refuse)
    before = descriptors()
    with pytest.raises(OSError, match="no more processes") as refused:
        launch()
    assert (descriptors(), refused.value.errno) == (before, errno.EAGAIN)


async def test_a_host_without_a_descriptor_to_spare_is_told_that_there_is_no_worker(tmp_path: Path) -> None:
    """The worker's own descriptor is lost on its way then, and would be waited for without end."""
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with Supervisor() as supervisor:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            await supervisor.survey(medium)
            kept = [os.open(os.devnull, os.O_RDONLY) for _ in range(40)]  # fills what is free in between
            last = max(kept)
            for descriptor in kept[-4:]:  # a pipe and a pair of sockets
                os.close(descriptor)
            try:
                resource.setrlimit(resource.RLIMIT_NOFILE, (last + 1, limits[1]))
                with pytest.raises(DriverCrashed, match="descriptor"):
                    async with asyncio.timeout(20):
                        await supervisor.survey(medium)
            finally:
                resource.setrlimit(resource.RLIMIT_NOFILE, limits)
                for descriptor in kept[:-4]:
                    os.close(descriptor)
            await supervisor.survey(medium)


async def test_a_zygote_without_a_descriptor_to_spare_goes_on(tmp_path: Path) -> None:
    """It would else end, and with it every worker that there is."""
    async with Supervisor() as supervisor:
        with await open_medium(blank_image(tmp_path / "blank.img")) as medium:
            await supervisor.survey(medium)
            (zygote,) = supervisor.processes
            used = {int(entry.name) for entry in Path(f"/proc/{zygote}/fd").iterdir()}
            free = (number for number in itertools.count() if number not in used)
            three = [next(free) for _ in range(3)]  # what comes with the request, but none for the worker
            limits = resource.prlimit(zygote, resource.RLIMIT_NOFILE)
            resource.prlimit(zygote, resource.RLIMIT_NOFILE, (max(three) + 1, limits[1]))
            with pytest.raises(DriverCrashed, match="no worker could be forked"):
                await supervisor.survey(medium)
            resource.prlimit(zygote, resource.RLIMIT_NOFILE, limits)
            await supervisor.survey(medium)
            assert zygote in supervisor.processes


def test_a_zygote_that_cannot_be_watched_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(process: int) -> int:
        started.append(process)
        raise OSError(errno.EMFILE, "too many open files")

    started: list[int] = []
    monkeypatch.setattr(os, "pidfd_open", refuse)
    before = descriptors()
    with pytest.raises(OSError, match="too many"):
        launch()
    assert descriptors() == before
    with pytest.raises(ChildProcessError):
        os.waitpid(started[0], os.WNOHANG)
