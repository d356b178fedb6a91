"""The pytest plugin: the fixture `stick_of`, and crash reports beside the failures that they explain."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractAsyncContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from core.host import reports
from core.testing.stick import TestStick, opened

_BEFORE = pytest.StashKey[set[Path]]()
_TITLE = "Rumpus crash report"

Opener = Callable[..., AbstractAsyncContextManager[TestStick]]


@pytest.fixture
def stick_of(tmp_path: Path) -> Opener:
    """`async with stick_of(image, driver="fat") as stick`: see `core.testing.stick.opened`."""
    return partial(_opened, tmp_path)


def _opened(folder: Path, image: Path, **options: Any) -> AbstractAsyncContextManager[TestStick]:
    return opened(image, folder, **options)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    item.stash[_BEFORE] = set(_saved())
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails shows what was reported of workers while it ran."""
    report = yield
    if report.when == "call" and report.failed:
        known = item.stash.setdefault(_BEFORE, set())
        for path in sorted(set(_saved()) - known):
            report.sections.append((_TITLE, path.read_text(errors="replace")))
    return report


def _saved() -> Iterator[Path]:
    return reports.directory().glob("*.txt")
