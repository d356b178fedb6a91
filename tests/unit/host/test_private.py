"""Private folders: nobody else gets in, and nothing stays behind."""

from __future__ import annotations

import signal
import subprocess
import sys
from errno import ENOSPC
from pathlib import Path

import pytest

from core.errors import HostWriteFailed
from core.host.private import _MARK, _PREFIX, PrivateFolders, remove_stale


def test_only_the_user_can_enter_and_nothing_is_left_afterwards(tmp_path: Path) -> None:
    folders = PrivateFolders((tmp_path,))
    made = [folders.make(10) for _ in range(3)]
    assert len(set(made)) == 3
    for folder in (*made, made[0].parent):
        assert folder.stat().st_mode & 0o777 == 0o700
    (made[0] / "letter.txt").write_text("x")
    (made[0] / "letter.txt").chmod(0o400)
    folders.close()
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_the_first_place_goes_to_the_next(tmp_path: Path) -> None:
    missing, second = tmp_path / "no such place", tmp_path / "second"
    second.mkdir()
    folders = PrivateFolders((missing, second))
    assert folders.make(1).parent.parent == second
    with pytest.raises(HostWriteFailed) as full:
        folders.make(2**62)
    assert full.value.errno == ENOSPC
    folders.close()


def test_folders_of_a_killed_process_are_removed_and_those_of_a_living_one_stay(tmp_path: Path) -> None:
    code = (
        "import pathlib, sys; from core.host.private import PrivateFolders;"
        "print(PrivateFolders((pathlib.Path(sys.argv[1]),)).make(1), flush=True); sys.stdin.read()"
    )
    other = subprocess.Popen(
        [sys.executable, "-c", code, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        (theirs / "half.txt").write_text("x")
        mine = PrivateFolders((tmp_path,))
        kept = mine.make(1)
        assert remove_stale((tmp_path,)) == 0
        assert theirs.is_dir()
        other.send_signal(signal.SIGKILL)
    assert remove_stale((tmp_path,)) == 1
    assert not theirs.exists()
    assert kept.is_dir()
    mine.close()


def test_links_and_folders_of_others_are_left_alone(tmp_path: Path) -> None:
    """Whatever they are called, and however private: only what we made is ours to remove."""
    target = tmp_path / "precious"
    target.mkdir(mode=0o700)
    (target / _MARK).touch()
    place = tmp_path / "place"
    place.mkdir()
    (place / f"{_PREFIX}link").symlink_to(target)
    (place / f"{_PREFIX}open").mkdir()
    (place / f"{_PREFIX}open" / _MARK).touch()
    (place / f"{_PREFIX}open").chmod(0o755)
    for name in (f"{_PREFIX}private", "rumpus-backup"):
        (place / name).mkdir(mode=0o700)
    before = sorted(place.iterdir())
    assert remove_stale((place,)) == 0
    assert target.is_dir()
    assert sorted(place.iterdir()) == before
