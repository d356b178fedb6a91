"""What every driver promises (core/fs/driver.py), held against a volume of each kind with a known tree."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import pytest

from core.entry import Details, Entry, Kind, VolumeFacts
from core.errors import NotFound, RumpusError, WrongKind
from core.fs.content import Content
from core.fs.driver import BATCH, HOLE, Driver
from core.fs.registry import DRIVERS, recognise
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.memory import MemoryDevice
from tests.support.samples import MOMENT, SAMPLES, Sample
from tests.support.volumes import content_of, listed, walked


class Opened(NamedTuple):
    sample: Sample
    volume: Driver
    device: MemoryDevice
    found: dict[str, Entry]
    """Everything on the volume by its path."""


@pytest.fixture(scope="module", params=SAMPLES)
def sample(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return SAMPLES[request.param](tmp_path_factory.mktemp("sample"))


@pytest.fixture
def opened(sample: Sample) -> Opened:
    device = MemoryDevice(sample.image.read_bytes())
    volume = sample.driver.open(device)
    return Opened(sample, volume, device, dict(walked(volume, volume.facts().root)))


def node_of(opened: Opened, path: str) -> int:
    return opened.found[path].node if path else opened.volume.facts().root


def crosses_the_wall(value: Any) -> bool:
    """Whether the host would take it: each limit that its declaration names is kept."""
    return bool(msgspec.msgpack.decode(msgspec.msgpack.encode(value), type=type(value)) == value)


def test_the_tree_is_listed_with_its_sizes_and_times(opened: Opened) -> None:
    files = {name: entry for name, entry in opened.found.items() if entry.kind is Kind.FILE}
    folders = {name for name, entry in opened.found.items() if entry.kind is Kind.DIRECTORY}
    assert folders == set(opened.sample.tree.folders)
    assert {name: entry.size for name, entry in files.items()} == {
        name: len(content) for name, content in opened.sample.tree.files.items()
    }
    assert {entry.modified for entry in files.values()} == {MOMENT * 10**9}
    assert all(entry.problem is None for entry in opened.found.values())
    assert all(crosses_the_wall(entry) for entry in opened.found.values())


def test_files_have_the_bytes_that_were_copied_to_them(opened: Opened) -> None:
    sample, volume, device, found = opened
    files = sample.tree.files
    assert {name: content_of(volume, device, found[name].node) for name in files} == files


def test_reads_at_random_places_agree(opened: Opened) -> None:
    chance = random.Random(3)
    name = opened.sample.tree.largest
    expected = opened.sample.tree.files[name]
    content = Content(opened.volume, opened.device, opened.found[name].node)
    for _ in range(200):
        offset, length = chance.randrange(len(expected) + 100), chance.randrange(10_000)
        assert content.read(offset, length) == expected[offset : offset + length]


def test_the_volume_knows_itself(opened: Opened) -> None:
    sample, volume, device, _ = opened
    facts = volume.facts()
    assert (facts.driver, facts.system, facts.label) == (sample.driver.name, sample.system, sample.label)
    assert (facts.dirty, facts.warnings) == (False, [])
    assert facts.block_size > 0
    assert facts.free is not None
    assert 0 <= facts.free < facts.size <= device.size
    assert crosses_the_wall(facts)
    assert isinstance(facts, VolumeFacts)
    assert volume.stat(facts.root).entry.kind is Kind.DIRECTORY


def test_the_registry_gives_the_volume_to_its_driver(opened: Opened) -> None:
    driver, probe = recognise(opened.device)[0]
    sample = opened.sample
    assert (driver, probe.system, probe.label) == (sample.driver, sample.system, sample.label)
    assert 0 < probe.confidence <= 100


def test_stat_agrees_with_the_listing(opened: Opened) -> None:
    for entry in opened.found.values():
        details = opened.volume.stat(entry.node)
        # Where files are numbered apart from their names, a node may have several and tells none.
        assert details.entry in (entry, msgspec.structs.replace(entry, name=""))
        assert isinstance(details, Details)
        assert crosses_the_wall(details)


def test_no_two_entries_share_a_node(opened: Opened) -> None:
    nodes = [entry.node for entry in opened.found.values()]
    assert len(set(nodes)) == len(nodes)
    assert opened.volume.facts().root not in nodes


def test_what_is_listed_is_found_by_its_name_and_nothing_else_is(opened: Opened) -> None:
    _, volume, _, found = opened
    root = volume.facts().root
    for name, entry in [*found.items()][::5]:
        above, _, own = name.rpartition("/")
        assert volume.lookup(found[above].node if above else root, own) == entry
    for missing in ("", "missing", "file number 0", "file number 0.data ", "x" * 300, "\0", "/", "."):
        with pytest.raises(NotFound):
            volume.lookup(root, missing)


def test_batches_are_bounded_and_two_listings_at_once_do_not_disturb_each_other(opened: Opened) -> None:
    node = node_of(opened, opened.sample.tree.crowded)
    batches = list(opened.volume.entries(node))
    assert len(batches) > 1
    assert all(1 <= len(batch) <= BATCH for batch in batches)
    whole = [entry for batch in batches for entry in batch]
    seen: tuple[list[Entry], list[Entry]] = ([], [])
    first, second = opened.volume.entries(node), opened.volume.entries(node)
    seen[0].extend(next(first))
    for batch in second:
        seen[1].extend(batch)
    for batch in first:
        seen[0].extend(batch)
    assert seen == (whole, whole)


def test_extents_cover_a_file_exactly_and_in_order(opened: Opened) -> None:
    for name, content in opened.sample.tree.files.items():
        offset, end = 0, None
        for extent in opened.volume.extents(opened.found[name].node):
            assert extent.offset == offset
            assert extent.length > 0
            assert extent.position != end, "adjacent pieces are one"
            if extent.position != HOLE:
                assert 0 <= extent.position <= opened.device.size - extent.length
                end = extent.position + extent.length
            offset += extent.length
        assert offset == len(content)


def test_operations_that_do_not_fit_the_kind_of_a_node_are_refused(opened: Opened) -> None:
    sample, volume, _, found = opened
    file, folder = found[sample.tree.file].node, node_of(opened, "empty" if sample.tree.folders else "")
    with pytest.raises(WrongKind):
        list(volume.entries(file))
    with pytest.raises(WrongKind):
        volume.lookup(file, "name")
    for node in (folder, volume.facts().root):
        with pytest.raises(WrongKind):
            list(volume.extents(node))
    for node in (file, folder):
        with pytest.raises((NotFound, WrongKind)):
            volume.read_link(node)


def test_nodes_that_were_never_given_out_are_none(opened: Opened) -> None:
    """Unless a number happens to be another name for something: then it is as harmless as that."""
    _, volume, device, found = opened
    known = {entry.node for entry in found.values()} | {volume.facts().root}
    chance = random.Random(5)
    wrong = {2**32, 2**40, 2**62, 2**63 - 1, device.size, *(chance.getrandbits(40) for _ in range(100))}
    wrong |= {node + step for node in known for step in (-1, 1)}
    others = 0
    for node in wrong - known - {-1}:
        try:
            entry = volume.stat(node).entry
        except NotFound:
            for use in (volume.extents, volume.entries):
                with pytest.raises(NotFound):
                    list(use(node))  # type: ignore[call-overload]
        else:
            assert crosses_the_wall(entry)
            others += 1
    assert others <= len(known)


def test_nothing_is_written(opened: Opened, sample: Sample) -> None:
    assert bytes(opened.device.content) == sample.image.read_bytes()


def test_a_volume_cut_short_anywhere_opens_or_names_what_is_wrong(sample: Sample) -> None:
    image = sample.image.read_bytes()
    for length in (*range(0, 1025, 64), 4096, 8192, 65_536, len(image) // 2, len(image) - 1):
        device = MemoryDevice(image[:length])
        sample.driver.probe(device)
        try:
            volume = sample.driver.open(device)
            list(walked(volume, volume.facts().root))
        except RumpusError:
            continue


async def test_the_volume_reads_the_same_through_the_wall(sample: Sample, tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(sample.image) as medium:
            async with await supervisor.open(medium) as volume:
                assert volume.facts.system == sample.system
                files = {name: content for name, content in sample.tree.files.items() if content}
                for name, content in files.items():
                    entry = await volume.resolve(name)
                    await volume.stat(entry.node)
                    target = tmp_path / "copy"
                    with target.open("wb") as file:
                        copied = await volume.copy(entry.node, file.fileno())
                    assert copied.lost == []
                    assert target.read_bytes() == content


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.name)
def test_noise_is_no_volume_and_no_driver_minds_it(driver: type[Driver]) -> None:
    chance = random.Random(9)
    for length in (0, 1, 3, 511, 512, 513, 4096, 100_000):
        for content in (bytes(length), b"\xff" * length, chance.randbytes(length)):
            device = MemoryDevice(content)
            assert driver.probe(device) is None
            with pytest.raises(RumpusError):
                driver.open(device)


def test_every_driver_has_its_own_name() -> None:
    names = [driver.name for driver in DRIVERS]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("driver", DRIVERS, ids=lambda driver: driver.name)
def test_every_driver_has_a_sample(driver: type[Driver], tmp_path: Path) -> None:
    """A driver that no volume here is for would pass every test of this file."""
    made = []
    for number, make in enumerate(SAMPLES.values()):
        folder = tmp_path / str(number)
        folder.mkdir()
        made.append(make(folder).driver)
        if made[-1] is driver:
            return
    pytest.fail(f"no sample for {driver.name}")


def test_listing_the_root_twice_gives_the_same(opened: Opened) -> None:
    root = opened.volume.facts().root
    assert listed(opened.volume, root) == listed(opened.volume, root)
