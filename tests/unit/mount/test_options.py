"""`-o` as mount(8) and /etc/fstab write it."""

from __future__ import annotations

import pytest

from core.errors import NotMounted
from core.mount.options import Options, parse


def test_options_say_what_they_say_elsewhere() -> None:
    options = parse("rw,uid=1000,gid=100,umask=077,allow_other,noatime,driver=fat", Options())
    assert (options.uid, options.gid, options.umask) == (1000, 100, 0o077)
    assert options.driver == "fat"
    assert options.writable and options.allow_other and options.noatime


def test_a_stick_is_read_only_and_runs_no_programs_unless_asked() -> None:
    assert (parse("", Options()).writable, parse("", Options()).exec) == (False, False)
    assert not parse("rw,ro", Options()).writable


def test_what_fstab_says_to_others_is_passed_over() -> None:
    assert parse("noauto,user=me,nofail,nosuid,nodev,x-gvfs-show", Options(uid=5)) == Options(uid=5)


@pytest.mark.parametrize("text", ["uid=me", "uid=-1", "umask=9", "loop", "uid"])
def test_what_makes_no_sense_is_refused_by_name(text: str) -> None:
    with pytest.raises(NotMounted) as refusal:
        parse(text, Options())
    assert text in refusal.value.reason
