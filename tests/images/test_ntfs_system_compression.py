"""Files that Windows compressed as its own: packed by wimlib, whose archives have the same form."""

from __future__ import annotations

import hashlib
import os
import random
import re
import struct
from pathlib import Path
from typing import NamedTuple

import pytest

from core.errors import CorruptStructure, RumpusError, UnsupportedFeature
from core.fs.content import Content
from core.fs.ntfs import lzx, xpress
from core.fs.ntfs.driver import Ntfs
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import run
from tests.support.memory import MemoryDevice
from tests.support.ntfs import ROOT, blank_ntfs, mounted, set_reparse, words
from tests.support.ntfs_patching import DATA, Patched

STREAM = "WofCompressedData"
METHODS = {"XPRESS:4096": 0, "LZX:32768": 1, "XPRESS:8192": 2, "XPRESS:16384": 3}


def point(method: int, provider: int = 2) -> bytes:
    return struct.pack("<5I", 1, provider, 1, method, 0)


def program(chance: random.Random) -> bytes:
    """Text, noise, zeros, and calls to places that come again and again, as programs have them."""
    places = [chance.randrange(1 << 20) for _ in range(40)]
    calls = b"".join(
        b"\xe8" + struct.pack("<i", chance.choice(places) - 9 * at) + b"\x89\x45\x08\x50"
        for at in range(2000)
    )
    return words(chance, 50_000) + calls + chance.randbytes(9_000) + bytes(40_000) + words(chance, 30_011)


def packed_by_wimlib(folder: Path, content: bytes, method: str) -> bytes:
    """The bytes of the one file in an archive: where each chunk ends, and the chunks."""
    (folder / "source").mkdir()
    (folder / "source" / "file").write_bytes(content)
    kind, _, chunk = method.partition(":")
    archive = folder / "archive.wim"
    options = (f"--compress={kind}", f"--chunk-size={chunk}", "--no-acls", "--quiet")
    run("wimcapture", folder / "source", archive, *options)
    own = hashlib.sha1(content).hexdigest()
    said = next(part for part in run("wiminfo", archive, "--blobs").split("\n\n") if own in part)
    size, offset = (
        int(re.findall(rf"{name}\s*= (\d+)", said)[0]) for name in ("Compressed size", "Offset in WIM")
    )
    return archive.read_bytes()[offset : offset + size]


class Made(NamedTuple):
    image: Path
    content: bytes
    chunk: int


@pytest.fixture(scope="module", params=METHODS)
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("packed")
    content = program(random.Random(8))
    stream = packed_by_wimlib(folder, content, request.param)
    image = blank_ntfs(folder / "stick.img", 8 << 20)
    with mounted(image) as volume:
        (volume / "program").touch()
        os.truncate(volume / "program", len(content))
    with mounted(image, "streams_interface=windows") as volume:
        (volume / f"program:{STREAM}").write_bytes(stream)
    with mounted(image) as volume:
        set_reparse(volume / "program", 0x80000017, point(METHODS[request.param]))
    return Made(image, content, int(request.param.partition(":")[2]))


def test_the_file_is_what_was_packed(made: Made) -> None:
    device = MemoryDevice(made.image.read_bytes())
    volume = Ntfs.open(device)
    entry = volume.lookup(ROOT, "program")
    assert (entry.size, entry.problem) == (len(made.content), None)
    content = Content(volume, device, entry.node)
    assert content.read(0, content.size) == made.content
    chance = random.Random(1)
    for _ in range(30):
        offset, length = chance.randrange(content.size), chance.choice((1, 5000, 60_000))
        assert content.read(offset, length) == made.content[offset : offset + length]


async def test_it_is_copied_through_the_wall(made: Made, tmp_path: Path) -> None:
    async with Supervisor() as supervisor:
        with await open_medium(made.image) as medium:
            async with await supervisor.open(medium) as volume:
                node = (await volume.resolve("program")).node
                with (tmp_path / "out").open("wb") as file:
                    copied = await volume.copy(node, file.fileno())
    assert copied.lost == []
    assert (tmp_path / "out").read_bytes() == made.content


def test_damage_costs_its_chunk_alone(made: Made) -> None:
    patched = Patched(made.image)
    number = patched.number("program")
    found = patched.attribute(patched.record(number), DATA, STREAM)
    cluster = patched.runs(patched.record(number), found)[0][0]
    chunks = -(-len(made.content) // made.chunk)
    first = cluster * patched.cluster + 4 * (chunks - 1)
    patched.image[first : first + 200] = b"\xff" * 200
    device = MemoryDevice(bytes(patched.image))
    content = Content(Ntfs.open(device), device, number)
    with pytest.raises(CorruptStructure) as error:
        content.read(0, 10)
    assert first <= error.value.offset <= first + made.chunk
    assert content.read(made.chunk, 1000) == made.content[made.chunk : made.chunk + 1000]


def test_ends_of_chunks_that_cannot_be_are_refused(made: Made) -> None:
    for ends in (b"\0\0\0\0", b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f"):
        patched = Patched(made.image)
        number = patched.number("program")
        found = patched.attribute(patched.record(number), DATA, STREAM)
        cluster = patched.runs(patched.record(number), found)[0][0]
        patched.image[cluster * patched.cluster : cluster * patched.cluster + 4] = ends
        device = MemoryDevice(bytes(patched.image))
        with pytest.raises(CorruptStructure):
            Content(Ntfs.open(device), device, number).read(0, 10)


def test_a_lost_stream_and_an_unknown_method_are_named(made: Made) -> None:
    patched = Patched(made.image)
    number = patched.number("program")
    found = patched.attribute(patched.record(number), 0xC0)
    patched.patch(number, found, 24 + 8 + 12, b"\x09")
    with pytest.raises(UnsupportedFeature):
        Ntfs.open(MemoryDevice(bytes(patched.image))).data(number)
    patched = Patched(made.image)
    found = patched.attribute(patched.record(number), DATA, STREAM)
    patched.patch(
        number, found, int.from_bytes(patched.record(number)[found.at + 10 : found.at + 12], "little"), b"X"
    )
    with pytest.raises(CorruptStructure):
        Ntfs.open(MemoryDevice(bytes(patched.image))).data(number)


def test_a_block_that_is_stored_in_a_packed_chunk_is_taken_as_it_is() -> None:
    content = bytes(range(100, 201))
    head = struct.pack("<HH", 0b011_0_0000_0000_0110, 0b0101_0000_0000_0000)  # kind 3, 101 bytes, padding
    assert lzx.unpacked(head + bytes(12) + content + b"\0", 101, 0) == content


@pytest.mark.parametrize("unpack", [xpress.unpacked, lzx.unpacked])
def test_noise_is_refused_or_unpacked_to_no_more_than_a_chunk(unpack: object) -> None:
    assert callable(unpack)
    chance = random.Random(3)
    for _ in range(400):
        packed = bytearray(chance.randbytes(chance.choice((0, 1, 100, 260, 2000))))
        if chance.random() < 0.5:  # codes of which some make sense
            packed[:256] = bytes([0x99]) * min(256, len(packed))
        try:
            assert len(unpack(bytes(packed), 4096, 0)) == 4096
        except RumpusError:
            continue
