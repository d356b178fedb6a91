"""What happens to a copy between the first byte and its name, in folders that others may write to."""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from core.entry import Zone
from core.errors import HostWriteFailed
from core.host import linking
from core.host.clocks import host_time
from core.host.landing import Conflict, Folder, Unfinished
from tests.support.descriptors import descriptors

SECOND = 1_000_000_000


@pytest.fixture
def hiding(monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a file system where a file has a name from its first moment on."""
    monkeypatch.setattr(linking, "can_be_named_later", lambda _: False)


@pytest.fixture(params=["nameless", "hidden"])
def target(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder of either kind of file system; afterwards no descriptor of it is left open."""
    if request.param == "hidden":
        request.getfixturevalue("hiding")
    before = descriptors()
    (tmp_path / "target").mkdir()
    yield tmp_path / "target"
    assert descriptors() == before


def _names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _begun(folder: Folder, name: str, content: bytes = b"new") -> Unfinished:
    unfinished = folder.begin(name)
    unfinished.write(content)
    return unfinished


Land = Callable[..., str | None]


@pytest.fixture(params=["in turn", "at once"])
def land(request: pytest.FixtureRequest) -> Land:
    """Both ways in which a file comes: begun, written and named in turn, or whole at once."""

    def landed(folder: Folder, name: str, how: Conflict, content: bytes = b"new", **kept: Any) -> str | None:
        if not folder.lets(name, how):
            return None
        if request.param == "at once":
            return folder.place(name, content, how, **kept)
        return _begun(folder, name, content).finish(how, **kept)

    return landed


def test_a_file_has_no_name_until_it_is_whole(tmp_path: Path) -> None:
    with Folder.open(tmp_path) as folder:
        unfinished = _begun(folder, "photo.jpg")
        assert _names(tmp_path) == []
        assert unfinished.finish(Conflict.KEEP_BOTH) == "photo.jpg"
    assert _names(tmp_path) == ["photo.jpg"]
    assert (tmp_path / "photo.jpg").read_bytes() == b"new"


@pytest.mark.usefixtures("hiding")
def test_a_file_has_a_hidden_name_until_it_is_whole_where_it_must_have_one(tmp_path: Path) -> None:
    with Folder.open(tmp_path) as folder:
        unfinished = _begun(folder, "photo.jpg")
        (hidden,) = _names(tmp_path)
        assert hidden.startswith(".photo.jpg.") and hidden.endswith(".rumpus-part")
        assert unfinished.finish(Conflict.KEEP_BOTH) == "photo.jpg"
    assert _names(tmp_path) == ["photo.jpg"]
    assert (tmp_path / "photo.jpg").read_bytes() == b"new"


def test_a_kernel_that_links_no_descriptor_is_asked_once_and_files_get_their_names(
    land: Land, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[object] = []

    def unknown(*arguments: object) -> int:
        asked.append(arguments)
        ctypes.set_errno(errno.ENOENT)
        return -1

    monkeypatch.setattr(linking, "_through_proc", False)
    monkeypatch.setattr(linking._libc, "linkat", unknown)
    (tmp_path / "a").write_bytes(b"old")
    with Folder.open(tmp_path) as folder:
        assert [land(folder, "a", Conflict.KEEP_BOTH) for _ in range(3)] == ["a (2)", "a (3)", "a (4)"]
    assert len(asked) == 1


def test_a_file_that_is_dropped_leaves_nothing(target: Path) -> None:
    with Folder.open(target) as folder:
        unfinished = _begun(folder, "photo.jpg")
        unfinished.discard()
        unfinished.discard()
    assert _names(target) == []


def test_what_lands_is_no_program(land: Land, target: Path) -> None:
    with Folder.open(target) as folder:
        land(folder, "run-me.sh", Conflict.KEEP_BOTH)
    assert not (target / "run-me.sh").stat().st_mode & 0o111


@pytest.mark.parametrize("read_only", [False, True])
def test_what_lands_is_for_those_only_whom_the_user_lets(land: Land, target: Path, read_only: bool) -> None:
    before = os.umask(0o077)
    try:
        with Folder.open(target) as folder:
            land(folder, "a", Conflict.KEEP_BOTH, read_only=read_only)
    finally:
        os.umask(before)
    assert stat.S_IMODE((target / "a").stat().st_mode) == (0o400 if read_only else 0o600)


def test_both_are_kept_when_a_name_is_taken(land: Land, target: Path) -> None:
    (target / "a.tar.gz").write_bytes(b"old")
    with Folder.open(target) as folder:
        names = [land(folder, "a.tar.gz", Conflict.KEEP_BOTH) for _ in range(3)]
    assert names == ["a.tar (2).gz", "a.tar (3).gz", "a.tar (4).gz"]
    assert (target / "a.tar.gz").read_bytes() == b"old"


def test_a_name_of_full_length_stays_one_when_it_is_numbered(land: Land, target: Path) -> None:
    name = "ü" * 125 + ".jpeg"
    with Folder.open(target) as folder:
        names = [land(folder, name, Conflict.KEEP_BOTH) for _ in range(3)]
    assert len(set(names)) == 3
    assert all(found is not None and found.endswith(".jpeg") for found in names)


def test_many_files_of_one_name_are_told_apart_without_trying_every_number_again(
    land: Land, target: Path
) -> None:
    with Folder.open(target) as folder:
        for _ in range(300):
            land(folder, "same", Conflict.KEEP_BOTH)
        assert list(islice(folder.candidates("same"), 2)) == ["same", "same (301)"]
    assert len(_names(target)) == 300


def test_replacing_leaves_the_old_file_until_the_new_one_is_whole(target: Path) -> None:
    (target / "a").write_bytes(b"old")
    with Folder.open(target) as folder:
        unfinished = _begun(folder, "a")
        assert (target / "a").read_bytes() == b"old"
        assert unfinished.finish(Conflict.REPLACE) == "a"
    assert (target / "a").read_bytes() == b"new"
    assert _names(target) == ["a"]


def test_a_second_file_of_the_stick_never_replaces_the_first(land: Land, target: Path) -> None:
    (target / "a").write_bytes(b"old")
    with Folder.open(target) as folder:
        names = [land(folder, "a", Conflict.REPLACE, content) for content in (b"first", b"second")]
    assert names == ["a", "a (2)"]
    assert (target / "a").read_bytes() == b"first"
    assert (target / "a (2)").read_bytes() == b"second"


def test_what_the_user_took_away_meanwhile_may_come_again(land: Land, target: Path) -> None:
    with Folder.open(target) as folder:
        assert land(folder, "a", Conflict.REPLACE) == "a"
        (target / "a").unlink()
        assert land(folder, "a", Conflict.REPLACE) == "a"
    assert _names(target) == ["a"]


def test_skipping_leaves_what_is_there_alone(land: Land, target: Path) -> None:
    (target / "a").write_bytes(b"old")
    with Folder.open(target) as folder:
        assert land(folder, "a", Conflict.SKIP) is None
        late = _begun(folder, "b")
        (target / "b").write_bytes(b"came meanwhile")
        assert late.finish(Conflict.SKIP) is None
    assert (target / "a").read_bytes() == b"old"
    assert (target / "b").read_bytes() == b"came meanwhile"
    assert _names(target) == ["a", "b"]


def test_refusing_says_that_there_is_one_already(target: Path) -> None:
    (target / "a").write_bytes(b"old")
    with Folder.open(target) as folder:
        with pytest.raises(HostWriteFailed) as caught:
            folder.lets("a", Conflict.REFUSE)
        assert (caught.value.errno, caught.value.path) == (errno.EEXIST, str(target / "a"))
        late = _begun(folder, "b")
        (target / "b").write_bytes(b"came meanwhile")
        with pytest.raises(HostWriteFailed):
            late.finish(Conflict.REFUSE)
    assert _names(target) == ["a", "b"]


def test_a_folder_is_never_replaced_by_a_file(target: Path) -> None:
    (target / "a").mkdir()
    with Folder.open(target) as folder, pytest.raises(HostWriteFailed) as caught:
        folder.lets("a", Conflict.REPLACE)
    assert caught.value.errno == errno.EISDIR


@pytest.mark.parametrize("how", Conflict)
def test_a_link_in_the_place_of_a_file_is_never_written_through(
    land: Land, target: Path, how: Conflict
) -> None:
    victim = target.parent / "victim"
    victim.write_bytes(b"precious")
    (target / "a").symlink_to(victim)
    with Folder.open(target) as folder:
        try:
            land(folder, "a", how)
        except HostWriteFailed as error:
            assert how is Conflict.REFUSE and error.errno == errno.EEXIST
    assert victim.read_bytes() == b"precious"
    if how is not Conflict.REPLACE:
        assert (target / "a").is_symlink()


@pytest.mark.parametrize("how", [Conflict.REPLACE, Conflict.SKIP, Conflict.REFUSE])
def test_a_link_in_the_place_of_a_folder_is_not_followed(target: Path, how: Conflict) -> None:
    elsewhere = target.parent / "elsewhere"
    elsewhere.mkdir()
    (target / "photos").symlink_to(elsewhere)
    with Folder.open(target) as folder, pytest.raises(HostWriteFailed) as caught:
        folder.folder("photos", how)
    assert caught.value.errno in (errno.ENOTDIR, errno.ELOOP)
    assert caught.value.path == str(target / "photos")


def test_a_link_planted_in_the_middle_of_a_copy_leads_nowhere(land: Land, target: Path) -> None:
    elsewhere = target.parent / "elsewhere"
    elsewhere.mkdir()
    with Folder.open(target) as folder, folder.folder("photos", Conflict.KEEP_BOTH) as photos:
        (target / "photos").rename(target / "moved")
        (target / "photos").symlink_to(elsewhere)
        land(photos, "a.jpg", Conflict.KEEP_BOTH)
    assert _names(elsewhere) == []
    assert _names(target / "moved") == ["a.jpg"]


def test_a_folder_of_the_same_name_is_joined_or_kept_apart(target: Path) -> None:
    (target / "photos").mkdir()
    with Folder.open(target) as folder:
        with folder.folder("photos", Conflict.KEEP_BOTH) as apart:
            assert apart.path == target / "photos (2)" and apart.fresh
        with folder.folder("photos", Conflict.REPLACE) as joined:
            assert joined.path == target / "photos" and not joined.fresh
        with folder.folder("photos", Conflict.REPLACE) as second:
            assert second.path == target / "photos (3)", "a second folder of the stick is another one"


def test_times_come_with_files_and_last_with_folders(land: Land, target: Path) -> None:
    then = 1_000_000_000 * SECOND + 120_000_000
    with Folder.open(target) as folder:
        inner = folder.folder("inner", Conflict.KEEP_BOTH)
        land(inner, "a", Conflict.KEEP_BOTH, modified=then, read_only=True)
        inner.close(then)
    found = (target / "inner" / "a").stat()
    assert found.st_mtime_ns == then
    assert stat.S_IMODE(found.st_mode) == 0o444
    assert (target / "inner").stat().st_mtime_ns == then


def test_a_time_beyond_all_reason_costs_nothing_but_itself(land: Land, target: Path) -> None:
    with Folder.open(target) as folder:
        assert land(folder, "a", Conflict.KEEP_BOTH, modified=-(2**63)) == "a"
        assert land(folder, "b", Conflict.KEEP_BOTH, modified=2**63 - 1) == "b"


@pytest.mark.parametrize(
    ("zone", "utc"),
    [
        ("UTC", "2026-07-01T12:00"),
        ("Europe/Berlin", "2026-07-01T10:00"),
        ("Asia/Kolkata", "2026-07-01T06:30"),
    ],
)
def test_a_wall_clock_time_is_taken_in_the_users_zone(
    zone: str, utc: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        noon = 1_782_907_200 * SECOND + 500  # 2026-07-01 12:00 on a clock without a zone
        there = host_time(noon, Zone.LOCAL)
        assert there is not None and there % SECOND == 500
        assert time.strftime("%Y-%m-%dT%H:%M", time.gmtime(there // SECOND)) == utc
        assert host_time(noon, Zone.UTC) == noon
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_time_that_no_calendar_has_is_left_out() -> None:
    assert host_time(2**63 - 1, Zone.LOCAL) is not None
    assert host_time(-(2**63), Zone.LOCAL) is not None
    assert host_time(None, Zone.LOCAL) is None


@pytest.mark.usefixtures("hiding")
def test_what_the_host_refuses_is_reported_with_its_place(tmp_path: Path) -> None:
    with Folder.open(tmp_path) as folder:
        unfinished = _begun(folder, "a")
        (tmp_path / _names(tmp_path)[0]).unlink()  # somebody cleans up behind our back
        with pytest.raises(HostWriteFailed) as caught:
            unfinished.finish(Conflict.KEEP_BOTH)
        assert caught.value.path == str(tmp_path / "a")
        assert caught.value.errno == errno.ENOENT
    assert _names(tmp_path) == []


def test_a_folder_that_somebody_took_away_takes_no_more_files(target: Path) -> None:
    with Folder.open(target) as folder, folder.folder("inner", Conflict.KEEP_BOTH) as inner:
        unfinished = _begun(inner, "a")
        for path in (target / "inner").iterdir():
            path.unlink()
        (target / "inner").rmdir()
        with pytest.raises(HostWriteFailed) as caught:
            unfinished.finish(Conflict.KEEP_BOTH)
        assert (caught.value.path, caught.value.errno) == (str(target / "inner" / "a"), errno.ENOENT)


def test_a_file_that_does_not_fit_leaves_nothing(target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "full")

    with Folder.open(target) as folder:
        monkeypatch.setattr(os, "write", full)
        with pytest.raises(HostWriteFailed) as caught:
            folder.place("a", b"new", Conflict.KEEP_BOTH)
        assert (caught.value.path, caught.value.errno) == (str(target / "a"), errno.ENOSPC)
    assert _names(target) == []


def test_a_file_that_the_system_takes_in_pieces_is_whole(
    land: Land, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:2]))
    with Folder.open(target) as folder:
        land(folder, "a", Conflict.KEEP_BOTH, b"12345")
        land(folder, "b", Conflict.KEEP_BOTH, b"")
    assert (target / "a").read_bytes() == b"12345"
    assert (target / "b").read_bytes() == b""


def test_what_comes_at_once_heeds_what_came_meanwhile(target: Path) -> None:
    with Folder.open(target) as folder:
        (target / "a").write_bytes(b"came meanwhile")
        assert folder.place("a", b"new", Conflict.SKIP) is None
        with pytest.raises(HostWriteFailed):
            folder.place("a", b"new", Conflict.REFUSE)
        assert folder.place("a", b"new", Conflict.KEEP_BOTH) == "a (2)"
        assert (target / "a").read_bytes() == b"came meanwhile"
        assert folder.place("a", b"new", Conflict.REPLACE, read_only=True) == "a"
    assert _names(target) == ["a", "a (2)"]
    assert (target / "a").read_bytes() == b"new"
    assert not (target / "a").stat().st_mode & 0o222


def test_what_cannot_replace_something_leaves_nothing(target: Path) -> None:
    with Folder.open(target) as folder:
        unfinished = _begun(folder, "a")
        (target / "a").mkdir()  # meanwhile
        with pytest.raises(HostWriteFailed):
            unfinished.finish(Conflict.REPLACE)
    assert _names(target) == ["a"]


def test_a_target_that_is_no_folder_is_refused(target: Path) -> None:
    (target / "a").touch()
    with pytest.raises(HostWriteFailed) as caught:
        Folder.open(target / "a")
    assert caught.value.errno == errno.ENOTDIR
    with pytest.raises(HostWriteFailed) as caught:
        Folder.open(target / "missing")
    assert caught.value.errno == errno.ENOENT


@pytest.mark.parametrize("links", [True, False])
def test_systems_without_an_exclusive_rename_get_their_files_too(
    land: Land, target: Path, links: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> int:
        ctypes.set_errno(errno.EINVAL)
        return -1

    def refused(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(linking._libc, "renameat2", unknown)
    if not links:
        monkeypatch.setattr(os, "link", refused)
    with Folder.open(target) as folder:
        assert [land(folder, "a", Conflict.KEEP_BOTH) for _ in range(2)] == ["a", "a (2)"]
    assert _names(target) == ["a", "a (2)"]
    assert (target / "a (2)").read_bytes() == b"new"
