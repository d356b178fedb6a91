"""`rumpus shell`: the other commands from inside a stick."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from core.cli import source
from core.cli.output import Output
from core.cli.shell import Shell
from core.cli.source import Choice
from core.host.supervisor import Supervisor
from tests.support.fat import blank_fat, mtools
from tests.support.terminal import rumpus


def said(stick: Path, *lines: str) -> tuple[list[str], str]:
    done = rumpus("shell", stick, input="\n".join([*lines, ""]))
    assert done.returncode == bool(done.stderr)
    return done.stdout.splitlines(), done.stderr


def test_paths_are_those_of_the_folder_one_is_in(stick: Path) -> None:
    assert said(
        stick, "cd docs", "pwd", "ls", "cd deep", "pwd", "cd ..", "du -b 'long name.txt'", "cd", "pwd"
    ) == (
        ["/docs", "deep", "long name.txt", "/docs/deep", "300000\t/docs/long name.txt", "/"],
        "",
    )
    assert said(Path(f"{stick}:/docs"), "pwd")[0] == ["/docs"]


def test_what_is_wrong_is_said_and_the_shell_goes_on(stick: Path) -> None:
    out, problems = said(stick, "cd nowhere", "cat nothing", "fly", "ls --odd", "cat 'open", "cat hello.txt")
    assert out == ["hello"]
    assert "there is no nowhere" in problems
    assert f"{stick}:/nothing: there is no nothing" in problems
    assert "there is no command fly" in problems
    assert "unrecognized arguments: --odd" in problems
    assert "no closing quotation" in problems


def test_files_come_home_and_go_onto_the_stick(tmp_path: Path) -> None:
    image = blank_fat(tmp_path / "stick.img", 40 << 20, "-F", "32", "-s", "1")
    (tmp_path / "a.txt").write_text("a\n")
    there_and_back = (f"cp here:{tmp_path}/a.txt new/b.txt", f"cp new/b.txt here:{tmp_path}/c.txt")
    lines = ("mkdir new", *there_and_back, "mv new/b.txt .", "rm -r new")
    assert said(image, *lines, "ls") == (["b.txt"], "")
    assert (tmp_path / "c.txt").read_text() == "a\n"
    assert mtools("mtype", image, "::/b.txt") == b"a\n"


def test_it_ends_where_it_is_told_to(stick: Path) -> None:
    assert said(stick, "pwd", "exit", "pwd")[0] == ["/"]


def test_a_stick_that_cannot_be_opened_has_no_shell(tmp_path: Path) -> None:
    (tmp_path / "zeros").write_bytes(bytes(1 << 20))
    assert rumpus("shell", tmp_path / "zeros", input="ls\n").returncode == 3


@pytest.mark.parametrize(
    ("begun", "goes_on"),
    [
        ("", ["docs/", "hello.txt"]),
        ("h", ["hello.txt"]),
        ("H", ["hello.txt"]),
        ("docs/", ["docs/deep/", "docs/long name.txt"]),
        ("docs/l", ["docs/long name.txt"]),
        ("nowhere/", []),
    ],
)
async def test_names_that_were_begun_go_on_to_be_those_on_the_stick(
    stick: Path, begun: str, goes_on: list[str]
) -> None:
    async with Supervisor() as supervisor:
        arguments = argparse.Namespace(choice=Choice("", ""))
        shell = Shell(source.parse(str(stick)), arguments, supervisor, Output(as_json=False))
        assert await shell.names(begun) == goes_on  # the name with an escape in it cannot be typed
