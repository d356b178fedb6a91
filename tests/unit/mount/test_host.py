"""What this machine lacks for a mount is said in a sentence."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from core.errors import NotMounted
from core.mount import host


def refusal(**options: object) -> str:
    with pytest.raises(NotMounted) as refused:
        host.check_fuse(**options)  # type: ignore[arg-type]
    return refused.value.reason


def test_a_system_without_fuse_is_told_as_such(tmp_path: Path) -> None:
    assert refusal(device=tmp_path / "fuse") == f"this system has no FUSE ({tmp_path}/fuse is missing)"


def test_a_library_that_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fuse").touch()
    monkeypatch.setattr(host, "_LIBRARIES", ("libno-such.so.1",))
    assert refusal(device=tmp_path / "fuse").startswith("libfuse3 is not installed")


def test_an_ordinary_user_needs_the_helper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fuse").touch()
    monkeypatch.setattr(host, "_LIBRARIES", ("libc.so.6",))
    monkeypatch.setattr(host.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(device=tmp_path / "fuse").startswith("fusermount3 is not installed")


def test_a_device_that_is_not_this_users(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fuse").touch()
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "you may not use FUSE" in refusal(device=tmp_path / "fuse")


def test_others_are_let_in_only_where_the_system_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fuse").touch()
    settings = tmp_path / "fuse.conf"
    settings.write_text("# user_allow_other\n")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(host, "_library", lambda: "libfuse3.so.3")
    monkeypatch.setattr(host, "_HELPER", "sh")
    monkeypatch.setattr(host, "_SETTINGS", settings)
    assert "user_allow_other" in refusal(device=tmp_path / "fuse", allow_other=True)
    settings.write_text("user_allow_other\n")
    host.check_fuse(device=tmp_path / "fuse", allow_other=True)
