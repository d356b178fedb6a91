"""Any sequence of changes to a volume is what the same changes to a dictionary are.

RUMPUS_PROFILE=fast, ci or deep says how many sequences are tried.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from core.entry import Kind
from core.errors import AlreadyExists, DirectoryFull, InsideItself, NoSpace, NotEmpty
from core.fs.exfat.writing.writer import ExFatWriter
from core.fs.fat.writing.writer import FatWriter
from core.fs.writable import WritableDriver
from tests.support.exfat import Stick, blank_exfat, sleuthkit_reads
from tests.support.fat import blank_fat, mtools
from tests.support.fsck import complaints, exfat_complaints
from tests.support.memory import MemoryDevice
from tests.support.volumes import content_of, listed, walked

EXAMPLES = {"fast": 15, "ci": 100, "deep": 2000}[os.environ.get("RUMPUS_PROFILE", "fast")]

NAMES = st.one_of(
    st.sampled_from(["a", "A", "b.txt", "B.TXT", "Mixed.Case", "A longer name than that.text", "x" * 200]),
    st.from_regex(r"[a-zA-Zäß0-9+~][a-zA-Z0-9 .é☃]{0,40}[a-z0-9]", fullmatch=True),
)
SIZES = st.sampled_from([0, 1, 511, 512, 513, 1500, 5000, 40_000])
Model = dict[str, Any]
"""Folders are dictionaries, files are bytes."""


def folded(name: str) -> str:
    return "".join(big if len(big := one.upper()) == 1 else one for one in name)


class Volume(RuleBasedStateMachine):
    """Of no particular system: `prepare` makes one, and `judge` says what is wrong with it at the end."""

    driver: type[WritableDriver]
    folders = Bundle("folders")
    files = Bundle("files")

    def __init__(self) -> None:
        super().__init__()
        self.temporary = tempfile.TemporaryDirectory()
        self.image = Path(self.temporary.name) / "stick.img"
        self.model: Model = {}

    def prepare(self, choice: int) -> None:
        raise NotImplementedError

    def judge(self, files: dict[str, bytes]) -> None:
        raise NotImplementedError

    @initialize(target=folders, choice=st.integers(0, 2))
    def open_a_volume(self, choice: int) -> tuple[str, ...]:
        self.prepare(choice)
        self.device = MemoryDevice(self.image.read_bytes())
        self.writer = self.driver.open(self.device)
        return ()

    # finding things -----------------------------------------------------------------------------------------

    def at(self, path: tuple[str, ...]) -> Any:
        """What the model has at a path, None when it is gone or another kind by now."""
        found: Any = self.model
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def folder(self, path: tuple[str, ...]) -> Model | None:
        found = self.at(path)
        return found if isinstance(found, dict) else None

    def node(self, path: tuple[str, ...]) -> int:
        node = 0
        for name in path:
            node = self.writer.lookup(node, name).node
        return node

    def taken(self, folder: Model, name: str) -> bool:
        """Whether there is such a name, or somebody's 8.3 name happens to be that."""
        return folded(name) in map(folded, folder)

    def short_name_taken(self, path: tuple[str, ...], name: str) -> bool:
        shorts = (
            dict(self.writer.stat(entry.node).facts).get("Short name", "")
            for entry in listed(self.writer, self.node(path)).values()
        )
        return folded(name) in map(folded, shorts)

    # doing things -------------------------------------------------------------------------------------------

    @rule(target=folders, path=folders, name=NAMES)
    def make_a_folder(self, path: tuple[str, ...], name: str) -> tuple[str, ...]:
        self.make(path, name, Kind.DIRECTORY, {})
        return (*path, name)

    @rule(target=files, path=folders, name=NAMES)
    def make_a_file(self, path: tuple[str, ...], name: str) -> tuple[str, ...]:
        self.make(path, name, Kind.FILE, b"")
        return (*path, name)

    def make(self, path: tuple[str, ...], name: str, kind: Kind, content: Any) -> None:
        folder = self.folder(path)
        if folder is None:
            return
        try:
            entry = self.writer.create(self.node(path), name, kind)
        except AlreadyExists:
            assert self.taken(folder, name) or self.short_name_taken(path, name)
        except (NoSpace, DirectoryFull):
            pass
        else:
            assert not self.taken(folder, name)
            assert entry.name == name
            folder[name] = content

    @rule(target=files, path=folders, name=NAMES, size=SIZES, seed=st.integers(0, 255))
    def copy_in(self, path: tuple[str, ...], name: str, size: int, seed: int) -> tuple[str, ...]:
        folder = self.folder(path)
        if folder is None:
            return (*path, name)
        content = bytes([seed]) * size
        try:
            reservation = self.writer.reserve(self.node(path), name, size, replace=True)
        except AlreadyExists:
            assert self.taken(folder, name) or self.short_name_taken(path, name)
        except (NoSpace, DirectoryFull):
            pass
        else:
            for offset, position, length in reservation.extents:
                self.device.write(position, content[offset : offset + length])
            entry = self.writer.commit(reservation)
            folder[entry.name] = content
        return (*path, name)

    @rule(path=files, offset=SIZES, size=SIZES, seed=st.integers(0, 255))
    def write(self, path: tuple[str, ...], offset: int, size: int, seed: int) -> None:
        old = self.at(path)
        if not isinstance(old, bytes):
            return
        data = bytes([seed]) * size
        try:
            self.writer.write(self.node(path), offset, data)
        except NoSpace:
            return
        if data:
            self.put(path, old[:offset].ljust(offset, b"\0") + data + old[offset + size :])

    @rule(path=files, size=SIZES)
    def truncate(self, path: tuple[str, ...], size: int) -> None:
        old = self.at(path)
        if not isinstance(old, bytes):
            return
        try:
            self.writer.truncate(self.node(path), size)
        except NoSpace:
            return
        self.put(path, old[:size].ljust(size, b"\0"))

    def put(self, path: tuple[str, ...], content: bytes) -> None:
        folder = self.folder(path[:-1])
        assert folder is not None
        folder[path[-1]] = content

    @rule(target=files, path=files, folder=folders, name=NAMES, replace=st.booleans())
    def move_a_file(
        self, path: tuple[str, ...], folder: tuple[str, ...], name: str, replace: bool
    ) -> tuple[str, ...]:
        self.move(path, folder, name, replace)
        return (*folder, name)

    @rule(target=folders, path=folders, folder=folders, name=NAMES)
    def move_a_folder(self, path: tuple[str, ...], folder: tuple[str, ...], name: str) -> tuple[str, ...]:
        if path:
            self.move(path, folder, name, False)
        return (*folder, name)

    def move(self, path: tuple[str, ...], above: tuple[str, ...], name: str, replace: bool) -> None:
        what, source, target = self.at(path), self.folder(path[:-1]), self.folder(above)
        if what is None or source is None or target is None:
            return
        try:
            entry = self.writer.rename(self.node(path), self.node(above), name, replace=replace)
        except AlreadyExists:
            assert self.taken(target, name) or self.short_name_taken(above, name)
        except InsideItself:
            assert above[: len(path)] == path
        except (NoSpace, DirectoryFull):
            pass
        else:
            del source[path[-1]]
            target[entry.name] = what

    @rule(path=consumes(files))
    def remove_a_file(self, path: tuple[str, ...]) -> None:
        if isinstance(self.at(path), bytes):
            self.remove(path)

    @rule(path=folders)
    def remove_a_folder(self, path: tuple[str, ...]) -> None:
        if not path or self.folder(path) is None:
            return
        try:
            self.remove(path)
        except NotEmpty:
            assert self.folder(path)

    def remove(self, path: tuple[str, ...]) -> None:
        self.writer.remove(self.node(path))
        folder = self.folder(path[:-1])
        assert folder is not None
        del folder[path[-1]]

    @rule()
    def flush(self) -> None:
        self.writer.flush()

    @rule()
    def open_again(self) -> None:
        self.writer.flush()
        self.writer = self.driver.open(self.device)

    # comparing ----------------------------------------------------------------------------------------------

    @invariant()
    def names_and_sizes_agree(self) -> None:
        if hasattr(self, "writer"):
            found = {
                path: entry.size if entry.kind is Kind.FILE else None for path, entry in walked(self.writer)
            }
            assert found == {
                path: len(content) if isinstance(content, bytes) else None
                for path, content in flat(self.model).items()
            }

    def teardown(self) -> None:
        if hasattr(self, "writer"):
            self.writer.flush()
            files = {
                path: content for path, content in flat(self.model).items() if isinstance(content, bytes)
            }
            nodes = {path: entry.node for path, entry in walked(self.writer)}
            assert {path: content_of(self.writer, self.device, nodes[path]) for path in files} == files
            self.image.write_bytes(self.device.content)
            self.judge(files)
        self.temporary.cleanup()


class FatVolume(Volume):
    driver = FatWriter

    def prepare(self, choice: int) -> None:
        width, size = ((12, 1 << 20), (16, 4 << 20), (32, 34 << 20))[choice]
        blank_fat(self.image, size, "-F", str(width), "-s", "1")

    def judge(self, files: dict[str, bytes]) -> None:
        assert complaints(self.image) == []
        out = Path(self.temporary.name) / "out"
        out.mkdir()
        if files:
            mtools("mcopy", self.image, "-s", "-n", "::/", out)
        assert {
            str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()
        } == files


class ExFatVolume(Volume):
    driver = ExFatWriter

    def prepare(self, choice: int) -> None:
        if choice == 0:  # little room, all of it scattered, and directories that end within a sector
            stick = Stick(cluster_size=512, clusters=700)
            stick.allocate(300 * 512, scattered=True)
            stick.write(self.image)
        else:
            blank_exfat(self.image, 3 << 20, "-c", ("512", "4096")[choice - 1])

    def judge(self, files: dict[str, bytes]) -> None:
        assert exfat_complaints(self.image) == []
        found = sleuthkit_reads(self.image)
        for path, entry in walked(self.writer):
            written = dict(self.writer.stat(entry.node).facts).get("Bytes written")
            if written is not None:  # what lies behind is zeros, which The Sleuth Kit leaves unsaid
                found[path] = found[path][: int(written)].ljust(entry.size, b"\0")
        # It also looks into directories that were moved, by the entries that they left.
        assert {path: found.get(path) for path in files} == files


def flat(model: Model, above: str = "") -> dict[str, bytes | None]:
    found: dict[str, bytes | None] = {}
    for name, content in model.items():
        found[above + name] = content if isinstance(content, bytes) else None
        if isinstance(content, dict):
            found |= flat(content, f"{above}{name}/")
    return found


TestFat = FatVolume.TestCase
TestExFat = ExFatVolume.TestCase
TestFat.settings = TestExFat.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    database=None,
)
