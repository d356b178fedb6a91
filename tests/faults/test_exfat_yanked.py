"""A stick that is pulled out at any moment of writing: fsck.exfat finds nothing worse than lost space."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev.record import RecordingDevice, Replay
from core.entry import Attribute, Kind
from core.fs import grouped
from core.fs.exfat.driver import ExFat
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.writable import Times, WritableDriver
from tests.support.exfat import Stick
from tests.support.fsck import exfat_complaints, exfat_damage
from tests.support.memory import MemoryDevice
from tests.support.pulling import (
    DEEP,
    FOLDERS,
    SEED,
    STEPS,
    Pulled,
    Step,
    Story,
    everything,
    files_before,
    moments,
    node_of,
    read_back,
)


def filled() -> tuple[bytes, dict[str, bytes]]:
    """A volume whose sets lie across sectors, as other systems lay them, some in the last slot of one."""
    stick = Stick(cluster_size=512, clusters=3000, root_clusters=6)
    for folder in FOLDERS:
        above = folder.rpartition("/")[0]
        if folder in ("old/a folder to be moved elsewhere/inner", "tree"):
            while stick.place(above, stick.used(above)) % 512 != 480:
                stick.add_slots(above, b"\x05".ljust(32, b"\0"))
        stick.add_folder(
            folder, 1 if folder == "other" else 8, scattered=folder == "tree", contiguous=folder == "old"
        )
    made = files_before()
    for number, (path, content) in enumerate(made.items()):
        stick.add_file(path, content, contiguous=number % 3 == 1, scattered=number % 3 == 2)
    return bytes(stick.data), made


def lengthens_and_shortens(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    """Files in a row lose that, chains grow, sets in two sectors change."""
    chance = random.Random(SEED)
    now = dict(story.before)
    for turn in range(3):
        for number, path in enumerate(now):
            node = node_of(writer, path)
            old, more = now[path], chance.randbytes(chance.choice((10, 700, 1500)))
            if (number + turn) % 4 == 3:
                new = old[: len(old) // 2]
                writer.truncate(node, len(new))
            elif (number + turn) % 4 == 2:
                new = old + bytes(100) + more
                writer.truncate(node, len(old) + 50)
                story.may_be(path, old + bytes(50))
                writer.write(node, len(old) + 100, more)
            else:
                new = old + more
                writer.write(node, len(old), more)
            story.may_be(path, new)
            now[path] = new
            if is_split(node):  # it may be absent for a moment
                story.may_be(path, None)
            if number % 5 == 0:
                writer.set_times(node, Times(modified=number))
                writer.set_attributes(node, Attribute.READ_ONLY)


def is_split(node: int) -> bool:
    """Whether the file entry is the last slot of its sector."""
    return (node >> 1) % 16 == 15


def fills_folders(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    """They grow, whether their clusters are in a row or not; none of what is in them is away for a moment."""
    for above in ("old", "old/a folder to be moved elsewhere/inner", "tree", "tree/branch", "other", ""):
        for number in range(120):
            name = f"{number} is one more of so many files"
            story.may_be(f"{above}/{name}".lstrip("/"), b"", None)
            writer.create(node_of(writer, above), name, Kind.FILE)


ALL = (*STEPS[:-1], lengthens_and_shortens, fills_folders)


@pytest.mark.timeout(7200 if DEEP else 240)
@pytest.mark.parametrize("group", [1000, 7])
@pytest.mark.parametrize("step", [*ALL, everything])
def test_a_pull_at_any_moment_leaves_every_other_file_whole(
    tmp_path: Path,
    step: Step,
    group: int,
    record_property: Callable[[str, object], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(grouped, "_GROUP", group)
    before, made = filled()
    story = Story(made)
    device = RecordingDevice(MemoryDevice(before))
    writer = ExFatWriter.open(device)
    step(writer, device, story)
    writer.flush()
    image = tmp_path / "stick.img"
    image.write_bytes(device.read(0, device.size))
    assert exfat_complaints(image) == []
    seen = 0
    pulled = Pulled(tmp_path / "pulled.img", before)
    replay = Replay(before, device.log)
    for cut in moments(replay):
        seen += 1
        assert exfat_damage(pulled.becomes(cut.content)) == [], cut[:3]
        story.check(read_back(ExFat, cut.content))
    record_property("cut points", seen)
    print(f"{step.__name__}: {seen} moments of {replay.writes} writes in {replay.groups} groups")
    assert seen >= 5
