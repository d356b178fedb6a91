"""`rumpus cp` out of a stick, from outside: what lands where, what is said, how it ends."""

from __future__ import annotations

import errno
import json
import os
import pty
import signal
import subprocess
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import pytest

from core.version import VERSION
from tests.support.disks import run, tool
from tests.support.fat import blank_fat, mtools
from tests.support.terminal import COMMAND, records, rumpus

MIB = 1 << 20


def files_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# where things land ------------------------------------------------------------------------------------------


def test_a_file_goes_into_a_folder_or_gets_a_new_name(stick: Path, tmp_path: Path) -> None:
    assert rumpus("cp", f"{stick}:/hello.txt", tmp_path).returncode == 0
    assert rumpus("cp", f"{stick}:/hello.txt", tmp_path / "new name").returncode == 0
    assert files_in(tmp_path) == {"hello.txt": b"hello\n", "new name": b"hello\n"}


def test_a_folder_becomes_the_new_name_or_goes_into_the_folder_that_is_there(
    stick: Path, tmp_path: Path
) -> None:
    for _ in range(2):
        assert rumpus("cp", "-r", f"{stick}:/docs", tmp_path / "out").returncode == 0
    names = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*"))
    assert names == [
        *("out", "out/deep", "out/docs", "out/docs/deep"),
        *("out/docs/long name.txt", "out/long name.txt"),
    ]


def test_a_whole_stick_arrives_as_mcopy_brings_it(stick: Path, tmp_path: Path) -> None:
    assert rumpus("cp", "-r", f"{stick}:/docs", f"{stick}:/hello.txt", tmp_path).returncode == 0
    assert rumpus("cp", "-r", f"{stick}:/", tmp_path / "whole").returncode == 0
    (tmp_path / "theirs").mkdir()
    mtools("mcopy", stick, "-s", "::/docs", "::/hello.txt", tmp_path / "theirs")
    run("diff", "-r", tmp_path / "docs", tmp_path / "theirs" / "docs")
    run("diff", "-r", tmp_path / "docs", tmp_path / "whole" / "docs")
    assert (tmp_path / "whole" / "hello.txt").read_bytes() == b"hello\n"


def test_a_name_with_an_escape_character_is_harmless_on_the_host(stick: Path, tmp_path: Path) -> None:
    done = rumpus("cp", "-rv", f"{stick}:/", tmp_path / "out")
    assert "\x1b" not in done.stdout + done.stderr
    assert all(path.name.isprintable() for path in (tmp_path / "out").iterdir())
    assert len(list((tmp_path / "out").iterdir())) == 3


def test_several_sources_need_a_folder(stick: Path, tmp_path: Path) -> None:
    done = rumpus("cp", f"{stick}:/hello.txt", f"{stick}:/hello.txt", tmp_path / "new")
    assert done.returncode == 2
    assert "not a folder" in done.stderr
    assert rumpus("cp", f"{stick}:/hello.txt", tmp_path / "missing" / "new").returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_a_source_that_is_on_no_stick_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    done = rumpus("cp", tmp_path / "file", tmp_path / "copy")
    assert done.returncode == 2
    assert "names no file on a stick" in done.stderr


def test_a_folder_is_left_out_without_r(stick: Path, tmp_path: Path) -> None:
    done = rumpus("cp", f"{stick}:/docs", f"{stick}:/hello.txt", tmp_path)
    assert done.returncode == 1
    assert done.stderr == f"rumpus: {stick}:/docs: a folder is copied with -r only\n"
    assert files_in(tmp_path) == {"hello.txt": b"hello\n"}


def test_times_are_kept_when_asked_for(stick: Path, tmp_path: Path) -> None:
    rumpus("cp", "-p", f"{stick}:/hello.txt", tmp_path / "kept")
    rumpus("cp", f"{stick}:/hello.txt", tmp_path / "fresh")
    (record,) = records(rumpus("ls", "--json", f"{stick}:/hello.txt"))
    run("touch", "-d", record["modified"], tmp_path / "wanted")
    assert (tmp_path / "kept").stat().st_mtime == (tmp_path / "wanted").stat().st_mtime
    assert (tmp_path / "fresh").stat().st_mtime > (tmp_path / "kept").stat().st_mtime


# what is there already --------------------------------------------------------------------------------------


@pytest.fixture
def taken(tmp_path: Path) -> Path:
    (tmp_path / "hello.txt").write_bytes(b"mine")
    return tmp_path


def test_a_strangers_stick_replaces_nothing_unasked(stick: Path, taken: Path) -> None:
    done = rumpus("cp", f"{stick}:/hello.txt", taken)
    assert done.returncode == 1
    assert "File exists" in done.stderr and "-f replaces" in done.stderr
    assert files_in(taken) == {"hello.txt": b"mine"}


def test_f_replaces_n_leaves_and_keep_both_keeps_both(stick: Path, taken: Path) -> None:
    done = rumpus("cp", "-n", f"{stick}:/hello.txt", taken)
    assert (done.returncode, done.stderr) == (0, "")
    assert files_in(taken) == {"hello.txt": b"mine"}
    assert rumpus("cp", "--keep-both", f"{stick}:/hello.txt", taken).returncode == 0
    assert files_in(taken) == {"hello.txt": b"mine", "hello (2).txt": b"hello\n"}
    assert rumpus("cp", "-f", f"{stick}:/hello.txt", taken).returncode == 0
    assert files_in(taken) == {"hello.txt": b"hello\n", "hello (2).txt": b"hello\n"}
    assert rumpus("cp", "-f", "-n", f"{stick}:/hello.txt", taken).returncode == 2


def test_a_name_that_was_typed_is_replaced_as_cp_does(stick: Path, taken: Path) -> None:
    assert rumpus("cp", f"{stick}:/docs/long name.txt", taken / "hello.txt").returncode == 0
    assert (taken / "hello.txt").read_bytes() == bytes(300_000)


def test_a_link_in_the_target_is_never_followed(stick: Path, tmp_path: Path) -> None:
    victim, target = tmp_path / "victim", tmp_path / "target"
    victim.mkdir()
    target.mkdir()
    (target / "docs").symlink_to(victim)
    (target / "hello.txt").symlink_to(victim / "planted")
    for options in ("-r", "-rf", "-rn"):
        done = rumpus("cp", options, f"{stick}:/docs", f"{stick}:/hello.txt", target)
        assert f"{stick}:/docs: cannot be written here" in done.stderr
        assert list(victim.iterdir()) == []


# what is said -----------------------------------------------------------------------------------------------


def test_each_file_is_named_when_asked_for(stick: Path, tmp_path: Path) -> None:
    assert rumpus("cp", f"{stick}:/hello.txt", tmp_path / "quiet").stdout == ""
    done = rumpus("cp", "-v", f"{stick}:/hello.txt", tmp_path)
    assert done.stdout == f"{stick}:/hello.txt -> {tmp_path}/hello.txt\n"


def test_programs_get_an_object_for_each_file(stick: Path, tmp_path: Path) -> None:
    done = rumpus("cp", "-r", "--json", "--verify", f"{stick}:/docs", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert records(done) == [
        {
            "source": f"{stick}:/docs/long name.txt",
            "target": str(tmp_path / "docs" / "long name.txt"),
            "size": 300_000,
            "lost": 0,
            "verified": True,
        }
    ]


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    return blank_fat(tmp_path / "fresh.img", 40 * MIB, "-F", "32", "-s", "1", "-n", "FRESH")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    for name in ("pier.jpg", "sea.jpg"):
        (folder / name).write_bytes(name.encode() * 1000)
    return folder


def test_a_copy_onto_a_stick_is_read_back_when_asked_for(fresh: Path, photos: Path) -> None:
    done = rumpus("cp", "-rv", "--verify", photos, f"{fresh}:/")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "2 files read back: all the same"
    done = rumpus("cp", "-r", "--json", "--verify", photos, f"{fresh}:/again")
    assert [record["verified"] for record in records(done)] == [True, True]
    done = rumpus("cp", "-r", "--json", photos, f"{fresh}:/third")
    assert [record["verified"] for record in records(done)] == [False, False]


def test_a_receipt_names_every_file_on_both_sides_with_its_digest(
    fresh: Path, photos: Path, tmp_path: Path
) -> None:
    assert rumpus("cp", "-r", "--receipt", tmp_path / "in.json", photos, f"{fresh}:/").returncode == 0
    receipt = json.loads((tmp_path / "in.json").read_text())
    assert (receipt["direction"], receipt["verified"]) == ("onto the stick", True)
    assert (receipt["source"], receipt["target"]) == (str(photos), f"{fresh}:/")
    assert receipt["reading"]["stick"] == {"from": "the medium", "by": "posix_fadvise"}
    assert receipt["version"] == VERSION
    found = {each["path"]: (each["size"], each["blake2b"], each["other"]) for each in receipt["files"]}
    assert found == {
        f"photos/{path.name}": (path.stat().st_size, blake2b(path.read_bytes()).hexdigest(), str(path))
        for path in photos.iterdir()
    }
    (tmp_path / "out").mkdir()
    back = tmp_path / "out.json"
    assert rumpus("cp", "-r", "--receipt", back, f"{fresh}:/photos", tmp_path / "out").returncode == 0
    receipt = json.loads(back.read_text())
    assert (receipt["direction"], receipt["verified"]) == ("from the stick", True)
    assert {each["other"] for each in receipt["files"]} == {
        str(tmp_path / "out/photos" / path.name) for path in photos.iterdir()
    }


def test_a_receipt_tells_what_did_not_arrive(broken: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    done = rumpus("cp", "-r", "--receipt", receipt, f"{broken}:/", f"{broken}:/gone", tmp_path)
    assert done.returncode == 1
    told = json.loads(receipt.read_text())
    assert [each["path"] for each in told["files"]] == ["GOOD"]
    assert told["not verified"]["not copied"] == [
        {
            "path": "BROKEN",
            "why": told["not verified"]["not copied"][0]["why"],
        },
        {"path": f"{broken}:/gone", "why": "not found, or not tried"},
    ]
    assert "damaged directory entry" in told["not verified"]["not copied"][0]["why"]


def test_a_receipt_is_of_one_stick(stick: Path, fresh: Path, tmp_path: Path) -> None:
    receipt = tmp_path / "receipt.json"
    done = rumpus("cp", "-r", "--receipt", receipt, f"{stick}:/docs", f"{fresh}:/", tmp_path)
    assert (done.returncode, receipt.exists()) == (2, False)
    assert "a receipt is of one stick" in done.stderr


@pytest.mark.parametrize("place", ["no folder/r.json", "photos/sea.jpg/r.json", "photos", "/"])
def test_a_receipt_that_cannot_be_written_is_a_problem_of_its_own(
    place: str, fresh: Path, photos: Path, tmp_path: Path
) -> None:
    done = rumpus("cp", "--receipt", tmp_path / place, photos / "sea.jpg", f"{fresh}:/")
    assert done.returncode == 1
    assert f"rumpus: {tmp_path / place}: cannot be written here" in done.stderr
    assert mtools("mtype", fresh, "::/sea.jpg") == b"sea.jpg" * 1000


def test_a_broken_file_fails_alone(broken: Path, tmp_path: Path) -> None:
    done = rumpus("cp", "-r", f"{broken}:/", tmp_path / "out")
    assert done.returncode == 1
    assert f"{broken}:/BROKEN: damaged directory entry" in done.stderr
    assert files_in(tmp_path / "out") == {"GOOD": b"content\n"}


def test_a_file_whose_end_is_lost_arrives_with_its_beginning(tmp_path: Path) -> None:
    """The image was cut, as a download that broke off, in the middle of the file."""
    image = blank_fat(tmp_path / "cut.img", 40 * MIB, "-F", "32", "-s", "1")
    content = os.urandom(16 * MIB)
    (tmp_path / "content").write_bytes(content)
    mtools("mcopy", image, tmp_path / "content", "::/big")
    start = image.read_bytes().find(content[:4096])
    os.truncate(image, start + 8 * MIB)
    done = rumpus("cp", "--json", f"{image}:/big", tmp_path / "out")
    assert done.returncode == 1
    assert f"{image}:/big: " in done.stderr
    (record,) = records(done)
    assert 7 * MIB < record["lost"] < 9 * MIB
    landed = (tmp_path / "out").read_bytes()
    assert landed[: 7 * MIB] == content[: 7 * MIB]
    assert len(landed) == 16 * MIB


def test_nothing_is_said_about_progress_where_nobody_looks(large: Path, tmp_path: Path) -> None:
    assert rumpus("cp", f"{large}:/big", tmp_path).stderr == ""


# how it ends ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("large")
    image = blank_fat(folder / "large.img", 300 * MIB, "-F", "32")
    content = folder / "content"
    content.write_bytes(bytes(200 * MIB))
    mtools("mcopy", image, content, "::/big")
    content.unlink()
    return image


def test_a_file_beyond_this_users_limit_leaves_nothing(large: Path, tmp_path: Path) -> None:
    command = f"ulimit -f 1024; exec {' '.join(COMMAND)} cp {large}:/big {tmp_path}"
    done = subprocess.run([tool("bash"), "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert os.strerror(errno.EFBIG) in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_target_without_room_is_refused_at_once(large: Path) -> None:
    """Nobody's /dev/shm has room for what this entry claims, and none is taken."""
    folder = Path("/proc/self/fdinfo")
    done = rumpus("cp", f"{large}:/big", folder)
    assert done.returncode == 1
    assert "cannot be written here" in done.stderr
    assert str(folder) in done.stderr


def has_begun(process: int, folder: Path) -> bool:
    """Whether it has a file open in a folder, which need not have a name yet."""
    opened = Path(f"/proc/{process}/fd")
    with suppress(FileNotFoundError):  # closed meanwhile, or ended
        return any(str(each.readlink()).startswith(f"{folder}/") for each in opened.iterdir())
    return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_in_the_middle_leaves_nothing(number: signal.Signals, large: Path, tmp_path: Path) -> None:
    """It comes when the bar is shown on a terminal, or with the first bytes of the file at the latest."""
    ours = subprocess.Popen([*COMMAND, "cp", f"{large}:/big", tmp_path], stderr=subprocess.PIPE)
    while not has_begun(ours.pid, tmp_path) and ours.poll() is None:
        pass
    ours.send_signal(number)
    _, said = ours.communicate(timeout=30)
    assert b"Traceback" not in said
    if ours.returncode != 0:
        assert list(tmp_path.iterdir()) == []
        assert ours.returncode == (130 if number is signal.SIGINT else 1)
    else:
        assert [path.name for path in tmp_path.iterdir()] == ["big"], "it came too late"


def test_a_terminal_sees_a_bar_when_it_takes_longer(large: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [*COMMAND, "cp", "--verify", f"{large}:/big", tmp_path]
    with subprocess.Popen(command, stderr=theirs, env={**os.environ, "TERM": "xterm"}) as process:
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(ours, 65536):
                seen += piece
        except OSError as error:  # what a terminal says when nobody holds its other end
            assert error.errno == errno.EIO
        os.close(ours)
        assert process.wait(60) == 0
    assert b"209.7 MB" in seen
    assert b"1 files" in seen
