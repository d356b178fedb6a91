"""The walls stand, and hold against what an attacker inside a driver would try."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys

import pytest

from core.errors import SandboxUnavailable, SandboxViolation
from core.host import walls
from core.host.access import open_medium
from core.host.decoders import Decoders
from core.host.supervisor import ATTEMPTS, LayerReport, Supervisor
from core.worker import protocol
from tests.support.stick import blank_image

ALWAYS = {"no_new_privs", "resource limits", "seccomp", "capabilities", "no core, no tracing"}


async def _reports(*without: str) -> dict[str, LayerReport]:
    async with Supervisor(without=without) as opener:
        return {report.name: report for report in await opener.inspect()}


async def test_every_attempt_to_break_out_is_refused() -> None:
    reports = await _reports()
    attempts = {name: reports[name].detail for name in ATTEMPTS.values() if not reports[name].proved}
    assert attempts == {}


async def test_the_layers_that_need_no_privilege_are_in_force() -> None:
    reports = await _reports()
    assert {name for name in ALWAYS if not reports[name].in_force} == set()
    assert reports["unprivileged user"].in_force if os.geteuid() == 0 else True


async def test_doctor_tells_when_a_wall_is_missing() -> None:
    reports = await _reports("seccomp", "Landlock")
    assert not reports["seccomp"].in_force
    assert reports["open a file"].proved is False


async def test_landlock_alone_keeps_files_closed() -> None:
    reports = await _reports("seccomp")
    if not reports["Landlock"].in_force:
        pytest.skip(f"Landlock: {reports['Landlock'].detail}")
    assert reports["open a file"].proved


async def test_memory_that_was_written_never_runs_even_without_seccomp() -> None:
    reports = await _reports("seccomp")
    if not reports["no executable memory"].in_force:
        pytest.skip(f"no executable memory: {reports['no executable memory'].detail}")
    assert reports["map executable memory"].proved


@pytest.mark.parametrize("what", ATTEMPTS)
async def test_a_decoder_has_the_same_walls_as_a_driver(what: str) -> None:
    workshop = Decoders()
    try:
        async with workshop.decoder() as decoder:
            with contextlib.suppress(SandboxViolation):
                reply = await decoder.ask(protocol.Attempt(id=0, what=what))  # type: ignore[arg-type]
                assert isinstance(reply, protocol.Refused)
    finally:
        await workshop.close()


async def test_nothing_is_decoded_without_seccomp_unless_it_is_given_up_by_name(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(walls, "FLOOR", (*walls.FLOOR, "a layer that no machine has"))
    for without, refused in (((), True), (("a layer that no machine has",), False)):
        workshop = Decoders(without)
        with pytest.raises(SandboxUnavailable) if refused else contextlib.nullcontext():
            async with workshop.decoder():
                pass
        await workshop.close()


async def test_no_stick_is_opened_without_seccomp_unless_it_is_given_up_by_name(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    image = blank_image(tmp_path_factory.mktemp("images") / "blank.img")
    with await open_medium(image) as medium:
        monkeypatch.setattr(walls, "FLOOR", (*walls.FLOOR, "a layer that no machine has"))
        async with Supervisor() as opener:
            with pytest.raises(SandboxUnavailable) as caught:
                await opener.survey(medium)
            assert caught.value.layer == "a layer that no machine has"
        async with Supervisor(without=["a layer that no machine has"]) as opener:
            assert (await opener.survey(medium)).size == image.stat().st_size


@pytest.mark.parametrize("kind", ["driver", "decoder"])
@pytest.mark.parametrize(
    ("call", "fatal"),
    [
        ("here.send(b'x')", False),
        ("socket.recv_fds(there, 1, 1)", False),
        ("socket.send_fds(here, [b'x'], [here.fileno()])", True),
        ("there.recv(1)", True),
        ("os.read(null, 1)", True),
        ("os.fsync(null)", True),
        ("fcntl.ioctl(null, 0)", True),
        ("mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_EXEC)", True),
    ],
)
def test_a_worker_can_make_no_call_that_it_has_no_use_for(kind: str, call: str, fatal: bool) -> None:
    """It is given descriptors, and gives none away."""
    program = (
        "import fcntl, mmap, os, socket; from core.worker import profile; "
        "here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET); "
        "here.send(b'y'); null = os.memfd_create('x'); "
        f"profile.{kind}_filter().load(); {call}; os._exit(0)"
    )
    done = subprocess.run([sys.executable, "-c", program], check=False)
    assert done.returncode == (-signal.SIGSYS if fatal else 0)
