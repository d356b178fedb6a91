"""Real ext volumes through the whole wall: zygote, sandbox, driver, messages, and back."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from core.errors import UnsupportedFeature
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from tests.support.ext import blocks_of, debugfs, ext_image, needs_e2fsprogs

pytestmark = needs_e2fsprogs

SIGNATURE = b"\xc0\x3b\x39\x98"
LOGGED = SIGNATURE + random.Random(5).randbytes(4 * 1024 - 4)
FILES = {
    "logged": LOGGED,
    "tiny": b"t" * 100,
    "big": random.Random(6).randbytes(2_000_001),
    "Grüße.TXT": b"hello",
    "not \udcff utf-8": b"bytes",
}
MANY = 1200


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An ext4 whose journal holds the newest copy of a file that looks like the journal itself."""
    folder = tmp_path_factory.mktemp("stick")
    source = folder / "source"
    (source / "many").mkdir(parents=True)
    for name, content in FILES.items():
        (source / name).write_bytes(content[::-1] if name == "logged" else content)
    for number in range(MANY):
        (source / "many" / f"{number:04}").touch()
    (source / "link").symlink_to("t" * 100)
    options = ("-t", "ext4", "-b", "1024", "-L", "HOLIDAY", "-O", "inline_data,encrypt,casefold")
    image = ext_image(folder / "stick.img", 64 << 20, *options, source=source)
    newest = folder / "newest"
    newest.write_bytes(LOGGED)
    blocks = ",".join(str(number) for number in blocks_of(image, "/logged"))
    debugfs(
        image,
        "ea_set /tiny user.comment kind",
        "sif / flags 0x40080000",
        "write /dev/null secret",
        "sif /secret flags 0x80800",
        "jo -c -v 3",
        f"jw -b {blocks} {newest}",
        "jc",
        write=True,
    )
    return image


@pytest_asyncio.fixture
async def volume(image: Path) -> AsyncIterator[Volume]:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            async with await supervisor.open(medium) as volume:
                yield volume


async def test_a_survey_tells_what_the_stick_is(image: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            survey = await supervisor.survey(medium)
    assert [(part.system, part.label) for part in survey.partitions] == [("ext4", "HOLIDAY")]


async def test_the_volume_tells_of_its_journal(volume: Volume) -> None:
    assert volume.facts.dirty and volume.facts.warnings == []
    assert dict(volume.facts.facts)["Journal"] == "1 transactions, 4 blocks, replayed in memory"


async def test_files_read_and_copied_are_byte_identical(volume: Volume, tmp_path: Path) -> None:
    for name, content in FILES.items():
        shown = name.encode(errors="surrogateescape").decode(errors="backslashreplace")
        node = (await volume.resolve(shown)).node
        read = b""
        while piece := await volume.read(node, len(read), 100_000):
            read += piece
        assert read == content
        with (tmp_path / "out").open("wb") as file:
            copied = await volume.copy(node, file.fileno())
        assert (copied.size, copied.lost) == (len(content), [])
        assert (tmp_path / "out").read_bytes() == content


async def test_a_large_folder_a_link_an_attribute_and_a_folded_name(volume: Volume) -> None:
    many = (await volume.resolve("many")).node
    names = [entry.name async for batch in volume.entries(many) for entry in batch]
    assert sorted(names) == [f"{number:04}" for number in range(MANY)]
    assert await volume.read_link((await volume.resolve("link")).node) == "t" * 100
    assert (await volume.resolve("gRÜSSE.txt")).size == 5
    details = await volume.stat((await volume.resolve("tiny")).node)
    assert dict(details.facts)["user.comment"] == "kind"


async def test_an_encrypted_file_is_refused_by_name(volume: Volume) -> None:
    with pytest.raises(UnsupportedFeature) as error:
        await volume.read((await volume.resolve("secret")).node, 0, 10)
    assert error.value.name == "encrypt"
