"""What `make install` puts in place, and what desktops make of it."""

from __future__ import annotations

import configparser
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from core.host.instance import NAME

SAMPLE = "resources/sample-stick.img"
APPLICATION = "share/applications/org.rumpus.Rumpus.desktop"
METAINFO = "share/metainfo/org.rumpus.Rumpus.metainfo.xml"
SERVICE = "share/dbus-1/services/org.rumpus.Rumpus.service"


def install(build: Path, **where: Path) -> None:
    settings = {name: str(path) for name, path in where.items()}
    around = {**os.environ, "BUILD": str(build), "RUN_WITH": sys.executable, **settings}
    subprocess.run(["packaging/install"], env=around, check=True, timeout=60)


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make shell-files` makes, and what it needs."""
    subprocess.run([sys.executable, "packaging/translations", "compile"], check=True, timeout=60)
    folder = tmp_path_factory.mktemp("shell")
    subprocess.run([sys.executable, "packaging/make-shell-files", folder], check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def prefix(build: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    prefix = tmp_path_factory.mktemp("prefix")
    install(build, PREFIX=prefix)
    return prefix


def test_the_installed_command_reads_a_stick_from_anywhere(prefix: Path, tmp_path: Path) -> None:
    sample = shutil.copy(SAMPLE, tmp_path)
    said = subprocess.run(
        [prefix / "bin/rumpus", "ls", sample], cwd=tmp_path, capture_output=True, text=True, timeout=60
    )
    assert said.returncode == 0, said.stderr
    assert "README.txt" in said.stdout


def test_the_installed_window_speaks_german_where_the_desktop_does(prefix: Path, tmp_path: Path) -> None:
    code = (
        (prefix / "bin/rumpus-gui")
        .read_text()
        .replace(
            "sys.exit(main())",
            "from gui.translating import speak, tr; from PySide6.QtCore import QCoreApplication;"
            "app = QCoreApplication([]); speak(app); print(tr('Eject'))",
        )
    )
    (tmp_path / "words.py").write_text(code)
    said = subprocess.run(
        [sys.executable, "-I", tmp_path / "words.py"],
        env={**os.environ, "LC_ALL": "de_DE.UTF-8"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert said.stdout.strip() == "Auswerfen", said.stderr


def test_the_installed_window_starts_from_what_was_installed(prefix: Path, tmp_path: Path) -> None:
    code = (
        (prefix / "bin/rumpus-gui")
        .read_text()
        .replace("sys.exit(main())", "print(main.__code__.co_filename)")
    )
    (tmp_path / "where.py").write_text(code)
    said = subprocess.run(
        [sys.executable, "-I", tmp_path / "where.py"], capture_output=True, text=True, timeout=60
    )
    assert said.stdout.strip() == str(prefix / "lib/rumpus/gui/app.py"), said.stderr


def test_nothing_is_written_outside_of_the_place_where_a_package_is_made(build: Path, tmp_path: Path) -> None:
    install(build, PREFIX=Path("/usr"), DESTDIR=tmp_path)
    assert (tmp_path / "usr/bin/rumpus").is_file()
    service = (tmp_path / "usr" / SERVICE).read_text()
    assert "Exec=/usr/bin/rumpus-gui" in service, "it says where it will be, not where it is now"
    assert str(tmp_path) not in (tmp_path / "usr/bin/rumpus").read_text()


def test_manual_completion_and_icon_are_where_they_are_looked_for(prefix: Path) -> None:
    for place in (
        "share/man/man1/rumpus.1",
        "share/bash-completion/completions/rumpus",
        "share/zsh/site-functions/_rumpus",
        "share/fish/vendor_completions.d/rumpus.fish",
        "share/icons/hicolor/scalable/apps/org.rumpus.Rumpus.svg",
        "lib/udev/rules.d/70-rumpus.rules",
    ):
        assert (prefix / place).stat().st_size > 100, place


def test_the_desktop_entry_is_valid_and_leads_to_what_is_installed(prefix: Path) -> None:
    if not shutil.which("desktop-file-validate"):
        pytest.skip("needs desktop-file-utils")
    entry = prefix / APPLICATION
    said = subprocess.run(["desktop-file-validate", entry], capture_output=True, text=True, timeout=60)
    assert (said.returncode, said.stdout) == (0, "")
    read = configparser.ConfigParser(interpolation=None)
    read.read(entry)
    for group in read.sections():
        assert (prefix / "bin" / read[group]["Exec"].split()[0]).is_file()
    icon = read["Desktop Entry"]["Icon"]
    assert (prefix / f"share/icons/hicolor/scalable/apps/{icon}.svg").is_file()


def test_software_centres_understand_what_it_is(prefix: Path) -> None:
    if not shutil.which("appstreamcli"):
        pytest.skip("needs appstream")
    checked = ["appstreamcli", "validate", "--no-net", prefix / METAINFO]
    said = subprocess.run(checked, capture_output=True, text=True, timeout=60)
    assert said.returncode == 0, said.stdout
    assert "W:" not in said.stdout


def test_the_bus_starts_the_program_that_answers_to_the_name(prefix: Path) -> None:
    read = configparser.ConfigParser()
    read.read(prefix / SERVICE)
    service = read["D-BUS Service"]
    assert service["Name"] == NAME
    assert service["Exec"] == str(prefix / "bin/rumpus-gui")
