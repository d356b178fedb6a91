"""Debian's own kernel, unpacked into a folder of the checkout: nothing of it is installed on this machine."""

from __future__ import annotations

import lzma
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.vm.needs import Missing, tool

PACKAGE = "linux-image-amd64"
"""Not its cloud flavour, which lacks usb-storage."""

BOOT_MODULES = ("virtio_pci", "9pnet_virtio", "9p", "overlay", "virtio_console")
"""What it takes to reach the host's files and to talk. Once those are there, udev loads the rest as ever."""


@dataclass(frozen=True)
class Kernel:
    """An unpacked kernel package; `root` holds its /boot and /lib/modules."""

    root: Path
    version: str

    @property
    def image(self) -> Path:
        return self.root / "boot" / f"vmlinuz-{self.version}"

    def modules(self, *names: str) -> list[Path]:
        """The files to load for these modules, each after what it depends on. What is built in has none."""
        found: dict[Path, None] = {}
        for name in names:
            printed = _printed(
                tool("modprobe"), "-d", str(self.root), "-S", self.version, "--show-depends", name
            )
            for line in printed.splitlines():
                kind, _, path = line.partition(" ")
                if kind == "insmod":
                    found[Path(path.split()[0])] = None
        return list(found)


def module_bytes(path: Path) -> bytes:
    """A module as the kernel takes it. Newer Debian kernels compress theirs."""
    return lzma.decompress(path.read_bytes()) if path.suffix == ".xz" else path.read_bytes()


def unpacked_kernel(cache: Path) -> Kernel:
    """The current kernel of this Debian, downloaded and unpacked once. Raises Missing where apt has none."""
    package = _current_package()
    root = cache / package
    version = package.removeprefix("linux-image-")
    kernel = Kernel(root, version)
    if not (root / "complete").exists():
        shutil.rmtree(root, ignore_errors=True)
        root.mkdir(parents=True)
        _unpack(package, root)
        _merge_usr(root)
        _printed(tool("depmod"), "-b", str(root), version)
        (root / "complete").touch()
    return kernel


def _current_package() -> str:
    for fresh in (False, True):
        if fresh:
            _refresh()
        depends = re.search(
            r"Depends: (linux-image-\S+)", _printed(tool("apt-cache"), "depends", PACKAGE, check=False)
        )
        if depends:
            return depends[1]
    raise Missing(f"the package {PACKAGE}, which apt does not know here")


def _unpack(package: str, root: Path) -> None:
    for fresh in (False, True):
        if fresh:
            _refresh()
        # apt-get puts it into the working directory, and needs no rights for that.
        subprocess.run(
            [tool("apt-get"), "download", "-qq", package],
            cwd=root,
            check=False,
            capture_output=True,
            timeout=300,
        )
        for archive in root.glob("*.deb"):
            _printed(tool("dpkg"), "-x", str(archive), str(root))
            archive.unlink()
            return
    raise Missing(f"the package {package}, which apt could not download")


def _refresh() -> None:
    subprocess.run([tool("apt-get"), "update", "-qq"], check=False, capture_output=True, timeout=300)


def _merge_usr(root: Path) -> None:
    """Newer packages have their modules below /usr/lib, where `depmod -b` of older systems does not look."""
    if not (root / "lib").exists() and (root / "usr" / "lib").is_dir():
        (root / "lib").symlink_to("usr/lib")


def _printed(*command: str, check: bool = True) -> str:
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=120)
    if check and done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return done.stdout
