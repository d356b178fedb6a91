"""`rumpus devices`: what is plugged in, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.cli import devices
from core.cli.main import main
from core.host.devices import Device
from tests.support.disks import make_fat, partition, sparse
from tests.support.plugging import ScriptedWatcher, device_of
from tests.support.stick import blank_image

MIB = 1 << 20


@pytest.fixture
def two_volumes(tmp_path: Path) -> Path:
    image = partition(sparse(tmp_path / "sdb", 8 * MIB), "label: dos\n2048,4096,c\n6144,4096,c\n")
    make_fat(image, MIB, 2 * MIB, "-n", "PHOTOS")
    return image


def plug(monkeypatch: pytest.MonkeyPatch, *found: Device) -> None:
    monkeypatch.setattr(devices, "UdevWatcher", lambda: ScriptedWatcher(*found))


def test_each_stick_is_listed_with_its_table_and_partitions(
    two_volumes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plug(monkeypatch, device_of(two_volumes, model="Ultra"))
    assert main(["devices"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    first, second, third = said.out.splitlines()
    assert first == f"{two_volumes}: PHOTOS, 8.4 MB, MBR"
    assert second == f"  {two_volumes}@1: 2.1 MB, FAT12 “PHOTOS”"
    assert third == f"  {two_volumes}@2: 2.1 MB, nothing that was recognised"


def test_a_stick_that_cannot_be_read_is_listed_with_the_reason(
    tmp_path: Path, two_volumes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = device_of(blank_image(tmp_path / "sdc"), model="Cruzer")
    gone.node.unlink()
    plug(monkeypatch, gone, device_of(two_volumes))
    assert main(["devices"]) == 1
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == f"{gone.node}: Test Cruzer, 1.0 MB, cannot be read"
    assert str(two_volumes) in said.out
    assert said.err.startswith(f"rumpus: {gone.node}: ")


def test_programs_get_an_object_for_each_stick(
    tmp_path: Path, two_volumes: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = device_of(blank_image(tmp_path / "sdc"))
    gone.node.unlink()
    plug(monkeypatch, device_of(two_volumes, serial="4711"), gone)
    assert main(["devices", "--json"]) == 1
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["device"], first["state"], first["table"]) == (str(two_volumes), "ready", "mbr")
    assert (first["serial"], first["size"], first["problem"]) == ("4711", 8 * MIB, None)
    assert [(part["number"], part["system"]) for part in first["partitions"]] == [(1, "FAT12"), (2, "")]
    assert (second["state"], second["problem"]["kind"], second["partitions"]) == ("failed", "NotFound", [])


def test_no_stick_and_no_way_to_see_one_are_told_apart(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plug(monkeypatch)
    assert main(["devices"]) == 0
    assert capsys.readouterr().out == "No stick is plugged in.\n"
    monkeypatch.setattr(ScriptedWatcher, "degraded", "udev does not run here")
    assert main(["devices"]) == 1
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "rumpus: no stick can be seen: udev does not run here\n")
