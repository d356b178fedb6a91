"""Completion and the manual page know every command, because they come from the command's own definitions."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from core.cli.main import COMMANDS
from tests.support.disks import tool

MAKE = Path(__file__).resolve().parents[2] / "packaging" / "make-shell-files"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("shell")
    subprocess.run([sys.executable, str(MAKE), str(folder)], check=True)
    return folder


def completed(files: Path, *words: str) -> list[str]:
    """What bash would offer for the last word."""
    script = (
        f"source '{files}/rumpus.bash'; COMP_WORDS=(rumpus {' '.join(repr(word) for word in words)}); "
        f'COMP_CWORD={len(words)}; _shtab_rumpus; printf "%s\\n" "${{COMPREPLY[@]}}"'
    )
    return subprocess.run(
        [tool("bash"), "-c", script], capture_output=True, text=True, check=True
    ).stdout.split()


def test_bash_completes_commands_and_options(files: Path) -> None:
    assert completed(files, "fi") == ["find"]
    assert sorted(completed(files, "")) == sorted(COMMANDS)
    assert {"-name", "-newer"} <= set(completed(files, "find", "-n"))


def test_bash_completes_the_names_of_images(files: Path, tmp_path: Path) -> None:
    (tmp_path / "stick.img").touch()
    assert completed(files, "ls", f"{tmp_path}/st") == [f"{tmp_path}/stick.img"]


@pytest.mark.parametrize(("shell", "name"), [("zsh", "_rumpus"), ("fish", "rumpus.fish")])
def test_other_shells_take_what_is_made_for_them(files: Path, shell: str, name: str) -> None:
    subprocess.run([tool(shell), "-n", str(files / name)], check=True)
    assert all(command in (files / name).read_text() for command in COMMANDS)


def test_fish_completes_commands(files: Path) -> None:
    script = f"source '{files}/rumpus.fish'; complete -C 'rumpus mkn'"
    done = subprocess.run([tool("fish"), "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "mknod"


def test_the_manual_page_tells_of_every_command_without_a_warning(files: Path) -> None:
    done = subprocess.run(
        [tool("groff"), "-k", "-man", "-Tutf8", "-ww", str(files / "rumpus.1")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert all(f"rumpus {command}" in (files / "rumpus.1").read_text() for command in COMMANDS)
