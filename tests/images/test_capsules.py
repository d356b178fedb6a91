"""What went wrong with a stick is saved as a capsule, goes elsewhere, and goes wrong there as it did."""

from __future__ import annotations

import asyncio
import io
import json
import os
import random
import signal
import zipfile
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest

from core.errors import CorruptStructure, DeviceGone, DriverCrashed, Fault, NotAFileSystem, RumpusError
from core.host import capsule
from core.host import supervisor as supervising
from core.host.access import open_medium
from core.host.capsule import Capsule
from core.host.sticks import Sticks, VolumeState
from core.host.supervisor import Supervisor
from core.worker import protocol, tracing
from tests.support.descriptors import nothing_left
from tests.support.fat import blank_fat, mtools
from tests.support.terminal import records, rumpus

SECRET = b"what nobody else is to read. " * 400


@pytest.fixture
def image(tmp_path: Path) -> Path:
    """A stick with a folder, in it a file with a secret, and another folder whose chain leads nowhere."""
    image = blank_fat(tmp_path / "stick.img", 8 << 20, "-F", "16", "-s", "1", "-n", "HOLIDAY")
    (tmp_path / "secret").write_bytes(SECRET)
    mtools("mmd", image, "::/docs", "::/lost")
    mtools("mcopy", image, tmp_path / "secret", "::/docs/letter.txt")
    data = bytearray(image.read_bytes())
    at = data.find(b"LOST       ")
    data[at + 26 : at + 28] = b"\xf0\xff"
    image.write_bytes(data)
    return image


async def saved(supervisor: Supervisor, image: Path, folder: Path) -> tuple[Path, RumpusError]:
    """The capsule of a person who read a letter, opened the lost folder, and was told that it is damaged."""
    async with Sticks(supervisor) as sticks:
        stick = await sticks.add_image(image)
        volume = await stick.volumes[0].open()
        letter = await volume.resolve("docs/letter.txt")
        assert (await volume.read(letter.node, 0, 1000))[:28] == SECRET[:28]
        lost = await volume.resolve("lost")
        with pytest.raises(CorruptStructure) as told:
            async for _ in volume.entries(lost.node):
                pass
        story = stick.volumes[0].story
        taken = await capsule.take(supervisor, stick.medium, told.value, story, layers=volume.layers)
    place = folder / "crash.zip"
    place.write_bytes(taken.packed("Seen by Anna."))
    return place, told.value


async def test_an_error_comes_again_from_the_capsule_alone(
    supervisor: Supervisor, image: Path, tmp_path: Path
) -> None:
    place, error = await saved(supervisor, image, tmp_path)
    image.unlink()
    found = capsule.load(place)
    came = await found.replay(supervisor)
    last = came[-1]
    assert isinstance(last, CorruptStructure)
    assert str(last) == str(error)
    assert [type(each) for each in came[:-1]] == [type(None)] * (len(came) - 1)
    assert isinstance(found.story.requests[0], protocol.Open)
    assert "seccomp" in found.story.layers


async def test_a_capsule_holds_structures_and_no_bytes_of_files(
    supervisor: Supervisor, image: Path, tmp_path: Path
) -> None:
    place, _ = await saved(supervisor, image, tmp_path)
    found = capsule.load(place)
    assert b"LETTER  TXT" in found.pieces
    assert SECRET[:10] not in found.pieces
    assert len(found.pieces) < 100_000 < found.story.size
    with zipfile.ZipFile(place) as archive:
        assert archive.read("report.txt") == b"Seen by Anna."
        assert not any(SECRET[:10] in archive.read(name) for name in archive.namelist())


async def test_a_driver_that_died_leaves_a_capsule_too_and_nothing_open(
    supervisor: Supervisor, image: Path
) -> None:
    async with Sticks(supervisor) as sticks:
        stick = await sticks.add_image(image)
        (stick_volume,) = stick.volumes
        volume = await stick_volume.open()
        await volume.resolve("docs")
        os.kill(volume.pid, signal.SIGKILL)
        await volume.ended
        await asyncio.sleep(0)
        assert stick_volume.state is VolumeState.FAILED
        assert isinstance(stick_volume.error, DriverCrashed)
        assert [type(request) for request in stick_volume.story] == [protocol.Open, protocol.Lookup]
        await volume.close()
        async with nothing_left():
            taken = await capsule.take(supervisor, stick.medium, stick_volume.error, stick_volume.story)
        assert zipfile.ZipFile(io.BytesIO(taken.packed())).testzip() is None


async def test_what_a_driver_read_last_is_known_although_it_was_its_end(
    supervisor: Supervisor, image: Path
) -> None:
    """The worker says what it is about to read before it does."""
    parts: list[tuple[int, int]] = []
    with await open_medium(image) as medium:
        os.truncate(image, 512)  # reading on fails as a stick does that is gone
        came = await supervisor.rehearse(
            medium, [protocol.Open(id=0)], lambda offset, length: parts.append((offset, length))
        )
    assert len(came) == 1
    assert came[0] is not None
    assert (0, 512) in capsule.joined(parts) or parts[0][0] == 0
    assert parts


async def test_a_stick_that_is_gone_leaves_a_story_without_pieces(
    supervisor: Supervisor, tmp_path: Path
) -> None:
    taken = await capsule.take(
        supervisor, None, DeviceGone(), [protocol.Open(id=0), protocol.List(id=0, node=0)]
    )
    (tmp_path / "gone.zip").write_bytes(taken.packed())
    found = capsule.load(tmp_path / "gone.zip")
    assert (found.story.size, found.story.pieces, found.pieces) == (0, [], b"")
    assert found.story.error.kind == "DeviceGone"


async def test_the_terminal_replays_a_capsule(supervisor: Supervisor, image: Path, tmp_path: Path) -> None:
    place, _ = await saved(supervisor, image, tmp_path)
    done = rumpus("replay", place)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "The same came of it."
    (told,) = records(rumpus("replay", "--json", place))
    assert told["again"] is True
    assert told["steps"][-1]["came"]["kind"] == "CorruptStructure"
    assert rumpus("replay", image).returncode == 3
    assert rumpus("replay", tmp_path / "none").returncode == 3


async def test_capsules_from_strangers_are_taken_apart_with_care(
    supervisor: Supervisor, image: Path, tmp_path: Path
) -> None:
    place, _ = await saved(supervisor, image, tmp_path)
    whole, chance = place.read_bytes(), random.Random(7)
    hostile = tmp_path / "hostile.zip"
    loaded = 0
    for _ in range(300):
        damaged = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8, 64))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        hostile.write_bytes(damaged[: chance.choice((len(damaged), chance.randrange(len(damaged))))])
        with suppress(NotAFileSystem):
            capsule.load(hostile)
            loaded += 1
    assert loaded < 300


@pytest.mark.parametrize(
    "change",
    [
        {"came": [{"kind": "MediumError", "values": {"x": 1}}]},
        {"size": 1},
        {"pieces": [[0, 2**40]]},
        {"pieces": [[2**63 - 512, 512]]},
        {"format": 2},
        {"requests": [{"type": "Attempt", "id": 0, "what": "open"}]},
        {"requests": [{"type": "Write", "id": 0, "node": 1, "offset": 0, "data": ""}]},
        {"error": {"kind": "Nonsense", "values": {}}},
        {"surprise": 1},
    ],
)
async def test_a_story_that_lies_is_refused_or_replayed_behind_walls(
    supervisor: Supervisor, image: Path, tmp_path: Path, change: dict[str, object]
) -> None:
    place, _ = await saved(supervisor, image, tmp_path)
    with zipfile.ZipFile(place) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    members["capsule.json"] = json.dumps({**json.loads(members["capsule.json"]), **change}).encode()
    with zipfile.ZipFile(place, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    async with nothing_left():
        with suppress(RumpusError, OSError):
            await capsule.load(place).replay(supervisor)
    done = rumpus("replay", place)
    assert done.returncode in (1, 3)
    assert "Traceback" not in done.stderr


async def test_a_capsule_that_would_unpack_without_end_is_not_unpacked(tmp_path: Path) -> None:
    place = tmp_path / "bomb.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("capsule.json", b"{}")
        archive.writestr("report.txt", b"")
        with archive.open("pieces.bin", "w") as member:
            for _ in range((capsule.MOST_BYTES >> 20) + 1):
                member.write(bytes(1 << 20))
    assert place.stat().st_size < 1 << 20
    with pytest.raises(NotAFileSystem):
        capsule.load(place)


def test_a_worker_is_heard_to_the_end_whatever_it_reads() -> None:
    assert supervising._MOST_TOUCHED > tracing._MOST + tracing._MOST_WORDS


def test_an_archive_of_very_many_members_is_not_taken_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "many.zip"
    with zipfile.ZipFile(place, "w") as archive:
        for number in range(1000):
            archive.writestr(str(number), b"")
    monkeypatch.delattr(zipfile, "ZipFile")
    with pytest.raises(NotAFileSystem):
        capsule.load(place)


def test_how_a_capsule_is_packed_is_not_for_a_stranger_to_say(tmp_path: Path) -> None:
    """LZMA takes as much memory as an archive says, and raises errors of its own."""
    place = tmp_path / "packed.zip"
    with zipfile.ZipFile(place, "w", zipfile.ZIP_LZMA) as archive:
        for name in ("capsule.json", "report.txt", "pieces.bin"):
            archive.writestr(name, b"{}" * 200)
    packed, found = place.read_bytes(), b"\x5d\0\0\x80\0\0"
    assert found in packed
    place.write_bytes(packed.replace(found, b"\x5d" + b"\xff" * (len(found) - 1)))
    with pytest.raises(NotAFileSystem):
        capsule.load(place)


async def test_an_error_that_there_is_not_makes_no_capsule(
    supervisor: Supervisor, image: Path, tmp_path: Path
) -> None:
    place, _ = await saved(supervisor, image, tmp_path)
    found = capsule.load(place)
    for told in ({"error": Fault("Nonsense")}, {"came": [None, Fault("MediumError")]}):
        story = msgspec.structs.replace(found.story, **told)
        place.write_bytes(Capsule(story, found.pieces).packed("of a stranger"))
        with pytest.raises(NotAFileSystem):
            capsule.load(place)


async def test_a_device_of_any_size_is_looked_at(supervisor: Supervisor, image: Path, tmp_path: Path) -> None:
    """A sparse one may have all that 63 bits can say: the error comes again there too."""
    place, error = await saved(supervisor, image, tmp_path)
    found = capsule.load(place)
    story = msgspec.structs.replace(found.story, size=2**63 - 512)
    came = await Capsule(story, found.pieces).replay(supervisor)
    assert str(error) in map(str, came)
