"""One guest for all scenarios, with an empty bus after each; what they measure is told at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.vm.hardware import Usb
from tests.vm.machine import LOG, SYSTEM_DISK, USER, Machine, machine
from tests.vm.needs import Missing
from tests.vm.talk import Talk

_FIGURES: list[tuple[str, str]] = []
_SECONDS = 240
"""For one scenario."""
_GUEST_SECONDS = 600
"""For the first one besides: it waits for the kernel's package and for the boot."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    ours = [item for item in items if "vm" in item.path.parts]
    for item in ours:
        item.add_marker(pytest.mark.timeout(_SECONDS + (_GUEST_SECONDS if item is ours[0] else 0)))


@pytest.fixture(scope="session")
def guest() -> Iterator[Machine]:
    try:
        with machine() as booted:
            yield booted
    except Missing as missing:
        pytest.skip(f"no guest without {missing}")


@pytest.fixture
def usb(guest: Machine) -> Iterator[Usb]:
    yield guest.usb
    guest.usb.pull_everything()
    guest.sh("while ls /sys/block | grep -q ^sd; do sleep 0.05; done; udevadm settle")


@pytest.fixture(scope="session")
def _udev(guest: Machine) -> Talk:
    talk = guest.talk("events")
    talk.hear(lambda message: "listening" in message)
    return talk


@pytest.fixture
def udev(guest: Machine, _udev: Talk, usb: Usb) -> Talk:
    """What udev in the guest says of block devices from now on."""
    mark = guest.sh(f"udevadm trigger --uuid --action=change {SYSTEM_DISK}").strip()
    _udev.hear(lambda message: message.get("SYNTH_UUID") == mark)  # and with it all that was said before
    _udev.forget()
    return _udev


@pytest.fixture(scope="module")
def _application(guest: Machine) -> Iterator[Talk]:
    talk = guest.talk("application", user=USER)
    assert talk.hear(lambda message: "started" in message)["degraded"] == ""
    yield talk
    talk.end()


@pytest.fixture
def application(_application: Talk, usb: Usb) -> Talk:
    """The application without its window, run by an ordinary user.

    It takes every stick for itself, so commands and the window are tried in modules without it.
    """
    _application.ask(do="rest")
    _application.forget()
    return _application


@pytest.fixture
def figure(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Notes something measured, to be told after the last scenario."""
    return lambda what, value: _FIGURES.append((what, value))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    times: dict[str, float] = {}
    for report in reports:
        if "tests/vm/" in report.nodeid:
            name = report.nodeid.partition("::")[2].removeprefix("test_").replace("_", " ")
            times[name] = times.get(name, 0.0) + report.duration
    if not times:
        return
    terminalreporter.section("the guest's scenarios")
    for name, seconds in times.items():
        terminalreporter.line(f"{seconds:7.1f} s  {name}")
    terminalreporter.section("what was measured in the guest")
    for what, value in _FIGURES:
        terminalreporter.line(f"{value:>12}  {what}")
    terminalreporter.line(f"The guest's own log: {LOG}")
