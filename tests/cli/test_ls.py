"""`rumpus ls`: what is in a folder, for people and for programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.stick import blank_image
from tests.support.terminal import COMMAND, records, rumpus


def test_names_come_one_a_line_in_the_order_of_the_alphabet(stick: Path) -> None:
    done = rumpus("ls", stick)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == ["␛[2Jx", "docs", "hello.txt"]


def test_an_escape_character_in_a_name_never_reaches_the_terminal(stick: Path) -> None:
    for options in ((), ("-l",), ("-R",), ("--json",)):
        done = rumpus("ls", *options, stick)
        assert "[2Jx" in done.stdout
        assert "\x1b" not in done.stdout


def test_a_long_listing_tells_kind_size_and_time(stick: Path) -> None:
    lines = rumpus("ls", "-l", f"{stick}:/docs").stdout.splitlines()
    assert [line.split()[0][0] for line in lines] == ["d", "-"]
    assert lines[0].endswith(" deep/")
    assert " 300000 " in lines[1]
    assert lines[1].endswith(" long name.txt")
    assert " 300 kB " in rumpus("ls", "-lh", f"{stick}:/docs").stdout


def test_one_file_is_listed_as_itself(stick: Path) -> None:
    assert rumpus("ls", f"{stick}:/HELLO.TXT").stdout == "hello.txt\n"


def test_folders_within_folders_come_with_their_names(stick: Path) -> None:
    lines = rumpus("ls", "-R", stick).stdout.splitlines()
    assert f"{stick}:/docs/deep" in lines
    assert lines.index("long name.txt") > lines.index(f"{stick}:/docs")


def test_the_largest_or_the_order_of_the_medium_can_be_asked_for(stick: Path) -> None:
    assert rumpus("ls", "-S", f"{stick}:/docs").stdout.splitlines() == ["long name.txt", "deep"]
    assert rumpus("ls", "-U", f"{stick}:/docs").stdout.splitlines() == ["deep", "long name.txt"]


def test_programs_get_an_object_for_each_entry_with_the_name_as_it_is(stick: Path) -> None:
    done = rumpus("ls", "--json", stick)
    found = {record["name"]: record for record in records(done)}
    assert found.keys() == {"\x1b[2Jx", "docs", "hello.txt"}
    assert found["hello.txt"]["path"] == "/hello.txt"
    assert found["hello.txt"]["size"] == 6
    assert found["hello.txt"]["kind"] == "file"
    assert found["docs"]["kind"] == "directory"
    assert found["docs"]["problem"] is None


def test_a_damaged_entry_is_listed_and_is_a_problem(broken: Path) -> None:
    done = rumpus("ls", broken)
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["BROKEN", "GOOD"]
    assert f"{broken}:/BROKEN: damaged directory entry" in done.stderr
    found = {record["name"]: record["problem"] for record in records(rumpus("ls", "--json", broken))}
    assert found["GOOD"] is None
    assert found["BROKEN"]["kind"] == "CorruptStructure"


def test_what_is_not_there_is_a_problem_with_its_name(stick: Path) -> None:
    done = rumpus("ls", f"{stick}:/nowhere", f"{stick}:/docs")
    assert done.returncode == 1
    assert "there is no nowhere" in done.stderr
    assert "long name.txt" in done.stdout, "the other one is listed all the same"


def test_what_cannot_be_opened_has_a_status_of_its_own(tmp_path: Path) -> None:
    missing = rumpus("ls", tmp_path / "missing.img")
    assert (missing.returncode, missing.stdout) == (3, "")
    empty = rumpus("ls", blank_image(tmp_path / "empty.img"))
    assert (empty.returncode, empty.stdout) == (3, "")
    assert "no file system was recognised" in empty.stderr
    assert "Traceback" not in missing.stderr + empty.stderr


def test_wrong_usage_has_a_status_of_its_own() -> None:
    for words in ((), ("ls",), ("ls", "--nonsense", "x"), ("nonsense",)):
        done = rumpus(*words)
        assert done.returncode == 2
        assert done.stderr.startswith("usage:")


def test_help_names_every_command_and_costs_no_stick() -> None:
    done = rumpus("--help")
    assert done.returncode == 0
    assert all(f"\n    {name} " in done.stdout for name in ("ls", "cat", "cp", "info", "doctor"))
    assert "print files" in rumpus("cat", "--help").stdout.lower()


def test_a_reader_that_has_seen_enough_is_no_error(stick: Path) -> None:
    ours = subprocess.Popen([*COMMAND, "ls", "-R", stick], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert ours.stdout is not None and ours.stderr is not None
    ours.stdout.close()
    assert ours.stderr.read() == b""
    ours.stderr.close()
    assert ours.wait() == 0
