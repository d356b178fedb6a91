"""Volumes of the Fast File System, which makefs makes of a folder."""

from __future__ import annotations

from pathlib import Path

from tests.support.disks import run

SUPERBLOCK = 8192
"""Where makefs puts it, in both versions."""
LABEL_AT = 680


def ffs_image(
    image: Path, source: Path, version: int, byteorder: str, *options: str, label: str = "", size: str = "4m"
) -> Path:
    """An image of UFS1 or UFS2, "le" or "be", with the files of `source`. The label is put in by hand."""
    chosen = ",".join((f"version={version}", *options))
    run("makefs", "-t", "ffs", "-B", byteorder, "-s", size, "-f", "64", "-o", chosen, image, source)
    patch(image, SUPERBLOCK + LABEL_AT, label.encode())
    return image


def patch(image: Path, offset: int, content: bytes) -> None:
    with image.open("r+b") as file:
        file.seek(offset)
        file.write(content)
