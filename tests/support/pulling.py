"""Sticks that are pulled out: what is done to them before, and what may be on them after.

RUMPUS_DEEP=1 looks at every moment; otherwise at so many, spread evenly, that a run stays short.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from core.blockdev.record import Cut, RecordingDevice, Replay
from core.entry import Kind
from core.fs.driver import Driver
from core.fs.writable import WritableDriver, removal
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, put_in, walked

DEEP = os.environ.get("RUMPUS_DEEP") == "1"
LOOKED_AT = 10**9 if DEEP else 40
"""Prefixes looked at, about, and groups of which something is lost."""
BLOCK = 1 << 16
EACH_GROUP = 40 if DEEP else 10
SEED = 20
_FILLING = {"fat": 14, "exfat": 5}
"""Files with short names that a directory of one cluster of 512 bytes has room for."""
FOLDERS = (
    "old",
    "old/a folder to be moved elsewhere",
    "old/a folder to be moved elsewhere/inner",
    "tree",
    "tree/branch",
    "other",
)


def files_before() -> dict[str, bytes]:
    """What is on the stick before, in FOLDERS."""
    chance = random.Random(SEED)
    return {
        f"{above}{number} was here before, under a name that is long": chance.randbytes(
            chance.randrange(3000)
        )
        for above in ("", "old/", "old/a folder to be moved elsewhere/inner/", "tree/", "tree/branch/")
        for number in range(9)
    }


@dataclass
class Story:
    """What is done to a volume, and what each file may be while it is done."""

    before: dict[str, bytes]
    allowed: dict[str, set[bytes | None]] = field(default_factory=dict)
    """By path: contents, None for absent. All others stay as they were."""

    def may_be(self, path: str, *contents: bytes | None) -> None:
        old = self.allowed.get(path, {self.before.get(path)})
        self.allowed[path] = {*old, *contents}

    def unnames(self, writer: WritableDriver, path: str) -> None:
        """What is there is about to lose its name, or to change it."""

    def check(self, found: dict[str, bytes]) -> None:
        for path in {*self.before, *self.allowed, *found}:
            assert found.get(path) in self.allowed.get(path, {self.before.get(path)}), path


class Shared(MemoryDevice):
    """Content that is looked at and not copied."""

    def __init__(self, content: bytearray) -> None:
        super().__init__(b"")
        self.content, self.size = content, len(content)


class Pulled:
    """The image of a stick that was pulled out, of which only what differs is written each time."""

    def __init__(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        self.path = path
        self._last = bytearray(content)

    def becomes(self, content: bytearray) -> Path:
        with self.path.open("r+b") as file:
            for start in range(0, len(content), BLOCK):
                piece = content[start : start + BLOCK]
                if piece != self._last[start : start + BLOCK]:
                    file.seek(start)
                    file.write(piece)
                    self._last[start : start + BLOCK] = piece
        return self.path


def read_back(driver: type[Driver], content: bytearray, harmless: str = "no problem") -> dict[str, bytes]:
    """The files on a stick. Those of which the `harmless` is said are sound all the same."""
    device = Shared(content)
    volume = driver.open(device)
    found = {}
    for path, entry in walked(volume):
        if entry.kind is Kind.FILE:
            assert entry.problem is None or harmless in str(entry.problem), (path, entry.problem)
            # To look into a thousand empty files at each of ten thousand moments takes longer than all else.
            found[path] = content_of(volume, device, entry.node) if entry.size else b""
    return found


def copies_in(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    chance = random.Random(SEED)
    new = writer.create(0, "copied in", Kind.DIRECTORY)
    for number in range(200):
        name = f"photograph number {number} of the harbour.jpeg" if number % 3 else f"IMG{number}.JPG"
        content = chance.randbytes(chance.choice((0, 100, 600, 2500)))
        story.may_be("copied in/" + name, content, None)
        if number % 2:
            put_in(writer, device, new.node, name, content)
        else:
            story.may_be("copied in/" + name, b"")
            entry = writer.create(new.node, name, Kind.FILE)
            writer.write(entry.node, 0, content)


def overwrites(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    chance = random.Random(SEED)
    for name in list(listed(writer, listed(writer)["old"].node))[:7]:
        content = chance.randbytes(1500)
        path = f"old/{name}"
        if path in story.before:
            story.may_be(path, content)
            put_in(writer, device, listed(writer)["old"].node, name, content)


def renames(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    old = listed(writer)["old"]
    names = [name for name, entry in listed(writer, old.node).items() if entry.kind is Kind.FILE]
    for number, name in enumerate(names):
        content = read_through(writer, device)[f"old/{name}"]
        moved = (
            name if number % 3 else f"{number} now has another name, which is even longer than the old one"
        )
        above = ("old/", "", "tree/")[number % 3]
        target = {"old/": old.node, "": 0, "tree/": listed(writer)["tree"].node}[above]
        if above == "":
            moved += " moved"
        elif above == "tree/":
            moved = f"SHORT{number}.TXT"
        story.unnames(writer, f"old/{name}")
        story.may_be(f"old/{name}", content, None)
        story.may_be(f"{above}{moved}", content, None)
        writer.rename(listed(writer, old.node)[name].node, target, moved)
    replaced, new = "tree/0 was here before, under a name that is long", "tree/new version of it"
    story.may_be(new, b"new" * 500, None)
    story.may_be(replaced, b"new" * 500)
    tree = listed(writer)["tree"].node
    put_in(writer, device, tree, "new version of it", b"new" * 500)
    writer.flush()
    writer.rename(listed(writer, tree)["new version of it"].node, tree, Path(replaced).name, replace=True)


def moves_folders(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    moves = [
        ("old/a folder to be moved elsewhere/inner", "", "inner no more, but a folder of the root"),
        ("old/a folder to be moved elsewhere", "other", "moved"),
        ("old", "", "OLD"),
    ]
    for path, above, name in moves:
        now = read_through(writer, device)
        target = f"{above}/{name}" if above else name
        for inside, content in now.items():
            if inside.startswith(path + "/"):
                story.may_be(inside, content, None)
                story.may_be(target + inside.removeprefix(path), content, None)
        story.unnames(writer, path)
        writer.rename(node_of(writer, path), node_of(writer, above), name)


def deletes_a_tree(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    for path in read_through(writer, device):
        if path.startswith("tree/"):
            story.unnames(writer, path)
            story.may_be(path, None)
    for _ in removal(writer, listed(writer)["tree"]):
        pass


def node_of(writer: WritableDriver, path: str) -> int:
    node = 0
    for name in path.split("/") if path else ():
        node = listed(writer, node)[name].node
    return node


def read_through(writer: WritableDriver, device: RecordingDevice) -> dict[str, bytes]:
    return {
        path: content_of(writer, device, entry.node)
        for path, entry in walked(writer)
        if entry.kind is Kind.FILE
    }


def gives_names_too_long_for_a_sector(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    old = node_of(writer, "old")

    def create(path: str) -> None:
        story.may_be(path, b"", None)
        writer.create(old, Path(path).name, Kind.FILE)
        story.unnames(writer, path)

    def rename(path: str, other: str) -> None:
        story.unnames(writer, path)
        story.may_be(path, None)
        story.may_be(other, story.before[path], None)
        writer.rename(node_of(writer, path), old, Path(other).name)
        story.unnames(writer, other)

    for number in range(6):
        create(f"old/{number}" + "long" * 60)
        path = f"old/{number} was here before, under a name that is long"
        rename(path, path.ljust(240, "y"))
    for number in range(0, 6, 2):
        writer.remove(node_of(writer, f"old/{number}" + "long" * 60))


def works_in_little_room(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    """What is removed or replaced makes the room for what comes next."""
    chance = random.Random(SEED)
    free = writer.facts().free or 0
    ballast = bytes(free - 8 * 512)
    story.may_be("ballast", ballast, None)
    put_in(writer, device, 0, "ballast", ballast)
    writer.flush()
    old = listed(writer)["old"].node
    names = [name for name, entry in listed(writer, old).items() if entry.kind is Kind.FILE]
    for number, name in enumerate(names):
        content = chance.randbytes(len(story.before[f"old/{name}"]))
        if number % 2:
            story.may_be(f"old/{name}", content)
            put_in(writer, device, old, name, content)
        else:
            story.unnames(writer, f"old/{name}")
            story.may_be(f"old/{name}", None)
            story.may_be(f"old/new {number}", content, None)
            writer.remove(listed(writer, old)[name].node)
            put_in(writer, device, old, f"new {number}", content)


def moves_what_is_new_where_room_must_be_made(
    writer: WritableDriver, device: RecordingDevice, story: Story
) -> None:
    """To make room writes what is staged: then the file that is to move is not new any more."""
    full = writer.create(0, "full", Kind.DIRECTORY).node
    for number in range(_FILLING[writer.name]):
        story.may_be(f"full/{number}", b"", None)
        writer.create(full, str(number), Kind.FILE)
    first, *others = [path for path in story.before if path.startswith("old/") and path.count("/") == 1]
    for path in (first, *others):
        story.unnames(writer, path)
        story.may_be(path, None)
    content = b"new" * 100
    story.may_be("ballast", None, bytes((writer.facts().free or 0) - 512))
    put_in(writer, device, 0, "ballast", bytes((writer.facts().free or 0) - 512))
    writer.flush()
    new = put_in(writer, device, node_of(writer, "other"), "NEW.TXT", content)
    story.may_be("other/NEW.TXT", content, None)
    story.may_be("full/NEW.TXT", content, None)
    for path in (first, *others):
        writer.remove(node_of(writer, path))
    writer.rename(new.node, full, "NEW.TXT")


def everything(writer: WritableDriver, device: RecordingDevice, story: Story) -> None:
    for step in STEPS[: STEPS.index(gives_names_too_long_for_a_sector)]:
        step(writer, device, story)


IN_LITTLE_ROOM = (works_in_little_room, moves_what_is_new_where_room_must_be_made)
STEPS = (
    copies_in,
    overwrites,
    renames,
    deletes_a_tree,
    moves_folders,
    gives_names_too_long_for_a_sector,
    *IN_LITTLE_ROOM,
    everything,
)
Step = Callable[[WritableDriver, RecordingDevice, Story], None]


def moments(replay: Replay) -> Iterator[Cut]:
    """The cut points, and subsets of what was not flushed; all of them or about as many as are wanted."""
    yield from replay.cuts(max(1, replay.writes // LOOKED_AT))
    each = EACH_GROUP if DEEP or replay.groups < LOOKED_AT else 2
    yield from replay.losses(each, SEED, max(1, replay.groups // LOOKED_AT))
