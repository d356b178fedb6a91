"""Names are searched on a whole volume, in its worker, through the whole wall."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.entry import Kind
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from tests.support.changing import writable
from tests.support.fat import blank_fat, mtools
from tests.support.hostile_fat import MANY, hostile_stick

NAMES = (
    "Photos/2026/Beach at noon.JPG",
    "Photos/2026/beach house (2).jpg",
    "Photos/Größe.txt",
    "Letters/Cafe\u0301 menu.odt",
    "Letters/letter[1].txt",
    "Letters/летний отпуск.txt",
    "beach.txt",
)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("search")
    for name in NAMES:
        place = folder / "source" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.touch()
    image = blank_fat(folder / "stick.img", 40 << 20, "-F", "32", "-s", "1")
    for path in sorted((folder / "source").iterdir()):
        mtools("mcopy", image, "-s", path, "::/")
    return image


@pytest_asyncio.fixture
async def volume(image: Path) -> AsyncIterator[Volume]:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                yield volume


async def paths(volume: Volume, text: str, node: int | None = None) -> set[str]:
    return {match.path async for found in volume.search(text, node) for match in found.matches}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("beach", {NAMES[0], NAMES[1], NAMES[6]}),
        ("NOON beach", {NAMES[0]}),
        ("grosse", {NAMES[2]}),
        ("größe", {NAMES[2]}),
        ("CAFÉ", {NAMES[3]}),
        ("ОТПУСК", {NAMES[5]}),
        ("*.jpg", {NAMES[0], NAMES[1]}),
        ("be?ch*.jpg house", {NAMES[1]}),
        ("beach*", {NAMES[0], NAMES[1], NAMES[6]}),
        ("*beach", set()),
        ('"at noon"', {NAMES[0]}),
        ('"noon at"', set()),
        ('"beach h', {NAMES[1]}),
        ("*[1]*", {NAMES[4]}),
        ("photos", {"Photos"}),
        ("", set()),
        ("   ", set()),
    ],
)
async def test_a_name_is_found_by_its_words_wherever_it_lies(
    volume: Volume, text: str, found: set[str]
) -> None:
    assert await paths(volume, text) == found


async def test_a_match_knows_the_folders_that_lead_to_it(volume: Volume) -> None:
    found = [match async for piece in volume.search("noon") for match in piece.matches]
    assert found[0].folder is not None
    way = found[0].folder.way()
    assert [folder.name for folder in way] == ["Photos", "2026"]
    assert (await volume.resolve("/Photos/2026")).node == way[-1].node


async def test_the_end_tells_how_many_names_were_looked_at(volume: Volume) -> None:
    last = [found async for found in volume.search("beach")][-1]
    assert (last.looked, last.whole) == (len(NAMES) + 3, True)


async def test_only_what_lies_below_the_folder_that_is_searched_is_found(volume: Volume) -> None:
    photos = await volume.resolve("/Photos")
    assert await paths(volume, "beach", photos.node) == {"2026/Beach at noon.JPG", "2026/beach house (2).jpg"}


async def test_a_search_that_is_left_makes_room_for_the_next(volume: Volume) -> None:
    for text in ("b", "be", "bea"):
        task = asyncio.create_task(paths(volume, text))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
    assert await paths(volume, "beac") == {NAMES[0], NAMES[1], NAMES[6]}


async def test_what_is_new_on_the_stick_is_found_too(image: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.img"
    copy.write_bytes(image.read_bytes())
    async with writable(copy) as (volume, changes):
        assert await paths(volume, "brand new") == set()
        await changes.create(volume.facts.root, "Brand new folder", Kind.DIRECTORY)
        assert await paths(volume, "brand new") == {"Brand new folder"}


async def test_a_folder_that_breaks_off_is_told_and_the_rest_is_found(tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(hostile_stick(tmp_path)) as medium:
            async with await supervisor.open(medium) as volume:
                found = [piece async for piece in volume.search("*.txt")]
    names = {match.path for piece in found for match in piece.matches}
    missed = [miss for piece in found for miss in piece.missed]
    assert {"plain.txt", "broken.txt"} <= names
    assert 0 < sum(name.startswith("half/") for name in names) < MANY
    assert [(miss.folder.path if miss.folder else "", miss.error.kind) for miss in missed] == [
        ("half", "CorruptStructure")
    ]
