"""A guest: QEMU with Debian's kernel on this checkout, from its start to the last of its processes."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.disks import make_fat, sparse
from tests.vm.accelerator import fastest
from tests.vm.hardware import CONTROLLER, Usb
from tests.vm.initramfs import ROOT_TAG, SHARE_TAG, make_initramfs
from tests.vm.kernel import BOOT_MODULES, Kernel, unpacked_kernel
from tests.vm.link import Job, Link
from tests.vm.needs import tool
from tests.vm.qmp import Qmp
from tests.vm.talk import Talk

CHECKOUT = Path(__file__).resolve().parents[2]
CACHE = CHECKOUT / "build" / "vm"
LOG = CACHE / "serial.log"
"""What the guest's kernel and its second stage said during the last run."""
_BOOT_SECONDS = 300
"""Software emulation takes some 15 s on two idle cores; eight times that on very busy ones was seen."""
SYSTEM_DISK = "/dev/vda"
"""Stands for the disk that the guest would run from, and that no user may open."""
USER = 1000
"""An ordinary user of the guest, whose group may read sticks."""


class Machine:
    """A booted guest. Made by `machine`."""

    def __init__(self, qmp: Qmp, link: Link, share: Path) -> None:
        self.usb = Usb(qmp)
        self.share = share
        """A folder of the host that the guest sees as `SHARE`."""
        self.link = link
        self.boot_seconds: dict[str, float] = {}
        """Uptime of the guest when each stage of its boot was done."""

    def start(self, *argv: str | Path, user: int = 0, fed: bool = False, **environment: str) -> Job:
        """Starts a program in the guest, in the checkout's folder and with its modules on the path."""
        home = f"/tmp/home-{user}"
        known = {
            "PYTHONPATH": str(CHECKOUT),
            "HOME": home,
            "PATH": f"{CHECKOUT}/.venv/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        }
        return self.link.start(
            [str(word) for word in argv],
            user=user,
            cwd=CHECKOUT,
            environment={**known, **environment},
            fed=fed,
        )

    def run(self, *argv: str | Path, seconds: float = 60, user: int = 0) -> Job:
        """Runs a program to its end, whatever that is. Raises TimeoutError."""
        return self.start(*argv, user=user).wait(seconds)

    def sh(self, script: str, seconds: float = 60) -> str:
        """What a shell script prints, as root. Its failure is the test's."""
        job = self.run("sh", "-euc", script, seconds=seconds)
        assert job.status == 0, f"{script}: {job.text}{job.complaint}"
        return job.text

    def talk(self, module: str, user: int = 0, **environment: str) -> Talk:
        """Starts a program of `tests.vm.guest` that hears and says JSON lines until it is told no more."""
        program = ("python", "-u", "-m", f"tests.vm.guest.{module}")
        return Talk(self.start(*program, user=user, fed=True, **environment))

    def rumpus(self, *words: str | Path, user: int = USER, seconds: float = 90) -> Job:
        return self.start_rumpus(*words, user=user).wait(seconds)

    def start_rumpus(self, *words: str | Path, user: int = USER) -> Job:
        return self.start("python", "-m", "core.cli.main", *words, user=user)

    def processes(self) -> list[str]:
        """Command lines of the guest's programs; a kernel thread has none."""
        return self.sh("cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | tr -s ' ' || true").splitlines()


@contextmanager
def machine(memory: int = 2048) -> Iterator[Machine]:
    """Boots a guest and ends it, with everything that belonged to it. Raises Missing and BootFailed."""
    CACHE.mkdir(parents=True, exist_ok=True)
    kernel = unpacked_kernel(CACHE)
    # Not rumpus-…: a Rumpus that starts on this machine takes what is called so for its own remains.
    with tempfile.TemporaryDirectory(prefix="guest-of-rumpus-") as name:
        folder = Path(name)
        share = folder / "share"
        share.mkdir()
        share.chmod(0o777)  # for whichever user a program in the guest has
        initramfs = make_initramfs(kernel, folder / "initramfs", BOOT_MODULES)
        with _qemu(folder, share, kernel, initramfs, memory) as process:
            agent, control = (_connected(folder / name, process) for name in ("agent", "qmp"))
            with agent, control:
                guest = Machine(Qmp(control), Link(agent), share)
                _await_agent(guest)
                guest.sh(
                    f"mkdir -m 700 -p /tmp/home-0 /tmp/home-{USER}; chown {USER}:{USER} /tmp/home-{USER}"
                )
                yield guest


class BootFailed(Exception):
    """The guest did not come up; the message has the end of its log."""


@contextmanager
def _qemu(
    folder: Path, share: Path, kernel: Kernel, initramfs: Path, memory: int
) -> Iterator[subprocess.Popen[bytes]]:
    command = [
        # Should this process be killed, the kernel takes QEMU along.
        *(tool("setpriv"), "--pdeathsig", "KILL", tool("qemu-system-x86_64")),
        *(
            "-nodefaults",
            "-no-user-config",
            "-no-reboot",
            "-display",
            "none",
            "-machine",
            "q35,sata=off,smbus=off",
        ),
        *fastest(kernel.image, initramfs),
        *("-smp", "2", "-m", str(memory)),
        *("-kernel", str(kernel.image), "-initrd", str(initramfs)),
        "-append",
        "console=ttyS0 quiet loglevel=4 panic=-1 mitigations=off nokaslr "
        "modprobe.blacklist=kvm_amd,psmouse,pcspkr "
        f"rumpus.checkout={CHECKOUT} rumpus.modules={kernel.root}/lib/modules",
        *("-serial", f"file:{LOG}"),
        *("-qmp", f"unix:{folder}/qmp,server=on,wait=off"),
        *(
            "-device",
            "virtio-serial-pci",
            "-chardev",
            f"socket,id=agent,path={folder}/agent,server=on,wait=off",
        ),
        *("-device", "virtserialport,chardev=agent,name=agent"),
        "-virtfs",
        f"local,path=/,mount_tag={ROOT_TAG},security_model=none,readonly=on,multidevs=remap",
        *("-drive", f"if=none,id=system,format=raw,file={_system_disk(folder)}"),
        *("-device", "virtio-blk-pci,drive=system,serial=SYSTEM"),
        *("-virtfs", f"local,path={share},mount_tag={SHARE_TAG},security_model=none,multidevs=remap"),
        *CONTROLLER,
    ]
    LOG.write_bytes(b"")
    with (CACHE / "qemu.log").open("wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=errors,
            stderr=errors,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _system_disk(folder: Path) -> Path:
    disk = sparse(folder / "system.img", 8 << 20)
    make_fat(disk, 0, 8 << 20, "-n", "SYSTEM")
    return disk


def _connected(path: Path, process: subprocess.Popen[bytes]) -> socket.socket:
    """A connection to one of QEMU's sockets, as soon as it is there. Raises BootFailed."""
    deadline = time.monotonic() + 30
    while process.poll() is None and time.monotonic() < deadline:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            time.sleep(0.05)
        else:
            return connection
    raise BootFailed((CACHE / "qemu.log").read_text(errors="replace"))


def _await_agent(guest: Machine) -> None:
    try:
        guest.link.until(lambda: guest.link.up is not None, _BOOT_SECONDS, "the guest's boot")
    except (TimeoutError, ConnectionError) as error:
        end = LOG.read_text(errors="replace")[-3000:]
        raise BootFailed(f"{error}; {LOG} ends with\n{end}") from error
    # Whole lines alone: the kernel writes into the same port, and the last line may be under way.
    for what, when in re.findall(
        r"^rumpus-boot: (\w+) at ([0-9.]+)\s*\n", LOG.read_text(errors="replace"), re.M
    ):
        guest.boot_seconds[what] = float(when)
    guest.boot_seconds["agent"] = guest.link.up or 0.0
