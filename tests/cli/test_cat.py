"""`rumpus cat`: a file's bytes, as they are."""

from __future__ import annotations

import subprocess
from pathlib import Path

from tests.support.terminal import COMMAND, rumpus


def test_a_files_bytes_come_out_as_they_are(stick: Path) -> None:
    done = subprocess.run([*COMMAND, "cat", f"{stick}:/docs/long name.txt"], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == bytes(300_000)


def test_several_files_come_one_after_the_other(stick: Path) -> None:
    done = rumpus("cat", f"{stick}:/hello.txt", f"{stick}:/HELLO.TXT")
    assert (done.returncode, done.stdout) == (0, "hello\nhello\n")


def test_what_is_missing_or_no_file_is_a_problem_and_the_rest_comes(stick: Path) -> None:
    done = rumpus("cat", f"{stick}:/missing", f"{stick}:/docs", f"{stick}:/hello.txt")
    assert (done.returncode, done.stdout) == (1, "hello\n")
    assert len(done.stderr.splitlines()) == 2
    assert "Traceback" not in done.stderr


def test_a_broken_file_gives_no_bytes_that_are_not_its_own(broken: Path) -> None:
    done = rumpus("cat", f"{broken}:/BROKEN", f"{broken}:/GOOD")
    assert (done.returncode, done.stdout) == (1, "content\n")
    assert "damaged" in done.stderr


def test_a_file_that_breaks_off_says_where(stick: Path, tmp_path: Path) -> None:
    image = tmp_path / "cut.img"
    data = stick.read_bytes()
    image.write_bytes(data[: data.rfind(b"hello\n") - 100_000])
    done = rumpus("cat", f"{image}:/docs/long name.txt")
    assert done.returncode in (1, 3)
    assert len(done.stdout) < 300_000
    assert done.stderr.startswith("rumpus: ")
