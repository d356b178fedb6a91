"""Systems that Rumpus cannot read are named: those that their own tools make, and some by their headers."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from core.blockdev import signs
from core.errors import UnsupportedFeature
from core.fs.registry import identify, recognise
from core.host.access import open_medium
from core.host.supervisor import Supervisor
from tests.support.disks import run, sparse, tool
from tests.support.memory import MemoryDevice
from tests.support.terminal import rumpus
from tests.support.volumes import device_of

MIB = 1 << 20


def by_tool(name: str, *options: str, size: int = 64) -> Callable[[Path], None]:
    """A tool that takes the image as its last argument."""

    def make(image: Path) -> None:
        sparse(image, size * MIB)
        run(name, *options, image)

    return make


def from_folder(name: str, *options: str, last: bool = False) -> Callable[[Path], None]:
    """A tool that makes an image of a folder with a file in it."""

    def make(image: Path) -> None:
        source = image.with_name("source")
        source.mkdir()
        (source / "file").write_bytes(b"content")
        run(name, *options, *((image, source) if last else (source, image)))

    return make


def encrypted(version: str) -> Callable[[Path], None]:
    def make(image: Path) -> None:
        sparse(image, 32 * MIB)
        options = ("luksFormat", "--batch-mode", "--type", version, "--pbkdf-force-iterations")
        few = ("1000", "--pbkdf", "pbkdf2", "--key-file", "-")
        command = [tool("cryptsetup"), *options, *few, str(image)]
        done = subprocess.run(command, input=b"secret", capture_output=True, check=False)
        assert done.returncode == 0, done.stderr

    return make


MADE: dict[str, tuple[Callable[[Path], None], str]] = {
    "Btrfs": (by_tool("mkfs.btrfs", "-q", size=128), "a Linux Btrfs volume"),
    "XFS": (by_tool("mkfs.xfs", "-q", "-f", size=320), "a Linux XFS volume"),
    "F2FS": (by_tool("mkfs.f2fs", "-q", "-f"), "a Linux F2FS volume"),
    "JFS": (by_tool("mkfs.jfs", "-q"), "a Linux JFS volume"),
    "Minix": (by_tool("mkfs.minix"), "a Minix volume"),
    "NILFS2": (by_tool("mkfs.nilfs2", "-q", size=160), "a Linux NILFS2 volume"),
    "ReiserFS": (by_tool("mkfs.reiserfs", "-q", "-ff"), "a Linux ReiserFS volume"),
    "Linux swap": (by_tool("mkswap"), "Linux swap space, which holds no files"),
    "Linux swap of large pages": (
        by_tool("mkswap", "--pagesize", "65536"),
        "Linux swap space, which holds no files",
    ),
    "SquashFS": (from_folder("mksquashfs"), "a Linux SquashFS image"),
    "EROFS": (from_folder("mkfs.erofs", last=True), "a Linux EROFS image"),
    "CramFS": (from_folder("mkfs.cramfs"), "a Linux CramFS image"),
    "LUKS encryption of version 1": (encrypted("luks1"), "a Linux volume encrypted with LUKS"),
    "LUKS encryption of version 2": (encrypted("luks2"), "a Linux volume encrypted with LUKS"),
}
"""By the tools of each; what they are called is the name up to " of" or " beside"."""


def header(*pieces: tuple[int, bytes], size: int = 4 * MIB) -> bytes:
    image = bytearray(size)
    for at, content in pieces:
        image[at : at + len(content)] = content
    return bytes(image)


def bitlocker(name: bytes, *more: tuple[int, bytes]) -> bytes:
    """The first sector of an encrypted volume, which has the fields of FAT32 (libbde's documentation)."""
    fields = bytes.fromhex("00 02 08 00 00 00 00 00 00 f8 00 00 3f 00 ff 00")
    return header((0, b"\xeb\x58\x90" + name), (11, fields), (510, b"\x55\xaa"), *more)


def to_go() -> bytes:
    """A stick with BitLocker To Go: a small FAT32 for old systems to see, and a sign in its boot sector."""
    fields = bytes.fromhex(
        "00 02 08 20 00 02 00 00 00 f8 00 00 3f 00 ff 00 00 00 00 00 00 20 00 00 08 00 00 00"
    )
    sign = bytes.fromhex("3bd66749292ed84a8399f6a339e3d001")
    table = bytes.fromhex("f8ffff0f ffffff0f ffffff0f")
    more = (44, b"\x02\0\0\0\x01\0\x06\0"), (82, b"FAT32   "), (424, sign), (16384, table)
    return header((0, b"\xeb\x58\x90MSWIN4.1"), (11, fields), (510, b"\x55\xaa"), *more)


RAID = b"\xfc\x4e\x2b\xa9\x01\0\0\0"
BY_HAND: dict[str, tuple[bytes, str]] = {
    "APFS": (header((32, b"NXSB"), (36, b"\0\x10\0\0")), "an Apple APFS volume"),
    "BitLocker encryption": (bitlocker(b"-FVE-FS-"), "a Windows volume encrypted with BitLocker"),
    "BitLocker encryption to go": (to_go(), "a Windows volume encrypted with BitLocker"),
    "ReFS": (header((3, b"ReFS\0\0\0\0"), (16, b"FSRS")), "a Windows ReFS volume"),
    "HFS": (header((1024, b"BD")), "a classic Mac HFS volume"),
    "HFS+": (header((1024, b"H+\0\4")), "an Apple HFS+ volume"),
    "HFSX": (header((1024, b"HX\0\5")), "an Apple HFSX volume"),
    "LVM": (
        header((512, b"LABELONE\1\0\0\0\0\0\0\0"), (536, b"LVM2 001")),
        "a part of a Linux LVM volume group",
    ),
    "RAID of Linux, 1.2": (header((4096, RAID)), "a part of a Linux RAID"),
    "RAID of Linux, 1.1": (header((0, RAID)), "a part of a Linux RAID"),
    "RAID of Linux, 1.0": (header((4 * MIB - 8192, RAID)), "a part of a Linux RAID"),
    "RAID of Linux, 0.90": (header((4 * MIB - 65536, b"\xfc\x4e\x2b\xa9\0\0\0\0")), "a part of a Linux RAID"),
    "ZFS": (header((128 * 1024 + 7 * 1024, b"\x0c\xb1\xba\0\0\0\0\0")), "a part of a ZFS pool"),
    "ZFS of big-endian machines": (
        header((128 * 1024, b"\0\0\0\0\0\xba\xb1\x0c")),
        "a part of a ZFS pool",
    ),
}


def called(name: str) -> str:
    for word in (" of version", " of large", " of big", " beside", " to go", " with case", ","):
        name = name.partition(word)[0]
    return name


@pytest.mark.parametrize("name", MADE)
async def test_what_a_tool_made_is_named(name: str, tmp_path: Path) -> None:
    make, words = MADE[name]
    image = tmp_path / "stick.img"
    make(image)
    with device_of(image) as device:
        assert recognise(device) == []
    async with Supervisor() as supervisor:
        with await open_medium(image) as medium:
            survey = await supervisor.survey(medium)
            assert [part.system for part in survey.partitions] == [called(name)]
            with pytest.raises(UnsupportedFeature) as error:
                await supervisor.open(medium)
    assert error.value.name == words


@pytest.mark.parametrize("name", BY_HAND)
def test_what_a_header_says_is_named(name: str) -> None:
    content, words = BY_HAND[name]
    device = MemoryDevice(content)
    assert recognise(device) == []
    assert identify(device) == called(name)
    assert signs.described(identify(device)) == words


def test_the_terminal_says_whose_it_is(tmp_path: Path) -> None:
    image = tmp_path / "stick.img"
    MADE["Btrfs"][0](image)
    done = rumpus("info", image)
    assert done.returncode == 3
    assert "a Linux Btrfs volume; Rumpus does not read it yet" in done.stderr


def test_an_empty_stick_is_nothing_at_all() -> None:
    assert identify(MemoryDevice(bytes(4 * MIB))) == ""
    assert identify(MemoryDevice(b"\xff" * (4 * MIB))) == ""
