"""A stick that is pulled out at any moment of writing: fsck.fat finds nothing worse than lost clusters.

RUMPUS_DEEP=1 looks at every moment; otherwise at so many, spread evenly, that the run stays short.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.blockdev.record import RecordingDevice, Replay
from core.fs import grouped
from core.fs.driver import Options
from core.fs.fat.driver import Fat
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import WritableDriver
from tests.support.fat import blank_fat, mtools
from tests.support.fsck import complaints, damage
from tests.support.memory import MemoryDevice
from tests.support.pulling import (
    DEEP,
    FOLDERS,
    IN_LITTLE_ROOM,
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

WIDTHS = {12: ("1", 2 << 20), 16: ("1", 4 << 20), 32: ("1", 35 << 20)}


@dataclass
class FatStory(Story):
    aliases: dict[str, str] = field(default_factory=dict)
    """By path, for what loses or changes its name: its path with the 8.3 name, which is left for a moment
    when another system wrote the long one across two sectors."""

    def _named(self, path: str) -> str:
        for alias, real in self.aliases.items():
            if path == alias or path.startswith(alias + "/"):
                return real + path.removeprefix(alias)
        return path

    def unnames(self, writer: WritableDriver, path: str) -> None:
        above = path.rpartition("/")[0]
        short = dict(writer.stat(node_of(writer, path)).facts)["Short name"]
        self.aliases[f"{above}/{short}" if above else short] = path

    def check(self, found: dict[str, bytes]) -> None:
        super().check({self._named(path): content for path, content in found.items()})


def filled(image: Path, folder: Path) -> dict[str, bytes]:
    """What is on the stick before: mtools lays long names across sectors, as other systems do."""
    made = files_before()
    mtools("mmd", image, *(f"::/{path}" for path in FOLDERS))
    source = folder / "source"
    for path, content in made.items():
        source.write_bytes(content)
        mtools("mcopy", image, source, f"::/{path}")
    return made


@pytest.mark.timeout(7200 if DEEP else 240)
@pytest.mark.parametrize(
    ("width", "step"),
    [
        pytest.param(width, step, id=f"{width}-{step.__name__}")
        for width in WIDTHS
        for step in STEPS
        # Little room on FAT32 is 30 MB of ballast, read back at every moment.
        if DEEP or width != 32 or step not in IN_LITTLE_ROOM
    ],
)
def test_a_pull_at_any_moment_leaves_every_other_file_whole(
    tmp_path: Path,
    width: int,
    step: Step,
    record_property: Callable[[str, object], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if step is everything:  # small groups, so that they meet each other in many ways
        monkeypatch.setattr(grouped, "_GROUP", 7)
    clusters, size = WIDTHS[width]
    image = blank_fat(tmp_path / "stick.img", size, "-F", str(width), "-s", clusters, "-n", "HOLIDAY")
    story = FatStory(filled(image, tmp_path))
    before = image.read_bytes()
    device = RecordingDevice(MemoryDevice(before))
    writer = FatWriter.open(device, Options())
    step(writer, device, story)
    writer.flush()
    seen = 0
    pulled = Pulled(tmp_path / "pulled.img", before)
    replay = Replay(before, device.log)
    for cut in moments(replay):
        seen += 1
        assert damage(pulled.becomes(cut.content)) == [], cut[:3]
        story.check(read_back(Fat, cut.content, "long name"))
    record_property("cut points", seen)
    print(
        f"{step.__name__} on FAT{width}: {seen} moments of {replay.writes} writes in {replay.groups} groups"
    )
    image.write_bytes(device.read(0, device.size))
    assert complaints(image) == []
    assert seen >= 10
