"""Tests marked `machine` run in a process of their own, on a machine made up for them.

"umockdev": /sys and the netlink socket of libudev are a testbed's, udev's database is the test's own.
"udevd": the real kernel and a real systemd-udevd without rules, private to the test where none runs.
"desktop": the same with the rules that the system has.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.disks import tool

_INSIDE = "RUMPUS_TEST_MACHINE"
_PRIVATE_RUN = "mount -t tmpfs none /run && mkdir -p /run/udev/data && "
_COMMANDS = {
    "umockdev": _PRIVATE_RUN + ': > /run/udev/control && exec umockdev-wrapper "$@"',
    "udevd": _PRIVATE_RUN + 'mount -t tmpfs none /usr/lib/udev/rules.d && exec "$@"',
    "desktop": _PRIVATE_RUN + 'exec "$@"',
}
UDEVD = ("/usr/lib/systemd/systemd-udevd", "/lib/systemd/systemd-udevd")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "machine(name): runs on a machine made up for the test")


def inside() -> bool:
    """Whether this process runs on a machine made up for it."""
    return _INSIDE in os.environ


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    marker = pyfuncitem.get_closest_marker("machine")
    if marker is None or inside():
        return None
    _run_inside(marker.args[0], pyfuncitem.nodeid, pyfuncitem.config.rootpath)
    return True


@contextmanager
def udevd_running(folder: Path) -> Iterator[None]:
    """The host's, or one that ends with the test. `folder` is empty."""
    if Path("/run/udev/control").exists() or not inside():
        yield
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ready:
        ready.bind(str(folder / "notify"))
        ready.settimeout(20)
        daemon = subprocess.Popen(
            [next(path for path in UDEVD if Path(path).exists())],
            env={**os.environ, "NOTIFY_SOCKET": str(folder / "notify")},
            stderr=subprocess.DEVNULL,
        )
        try:
            while b"READY=1" not in ready.recv(4096):
                pass
            yield
        finally:
            daemon.terminate()
            daemon.wait()


def _run_inside(machine: str, test: str, root: Path) -> None:
    unshare = [tool("unshare"), "--mount"]
    if machine == "umockdev":
        tool("umockdev-wrapper")
        unshare += [] if os.getuid() == 0 else ["--map-root-user"]
    elif os.getuid() != 0:
        pytest.skip("only root may run udevd")
    elif not any(Path(udevd).exists() for udevd in UDEVD):
        pytest.skip("systemd-udevd is not installed")
    elif Path("/run/udev/control").exists():
        unshare, _COMMANDS[machine] = [], 'exec "$@"'
    if unshare and subprocess.run([*unshare, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no mount namespace may be made here")
    with tempfile.TemporaryDirectory(prefix="machine") as folder:
        # A place of its own: what other runs have left is not its to clean up, or to fail over.
        pytest_again = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", test]
        done = subprocess.run(
            [*unshare, "sh", "-c", _COMMANDS[machine], "sh", *pytest_again, f"--basetemp={folder}/tests"],
            cwd=root,
            env={**os.environ, _INSIDE: machine},
            capture_output=True,
            text=True,
            check=False,
            timeout=100,
        )
    if done.returncode != 0 or "1 passed" not in done.stdout:
        pytest.fail(done.stdout[-8000:] + done.stderr[-4000:], pytrace=False)
