"""What every test gets: a home of its own, a supervisor, and a run that may insist on all of its tools."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Generator
from pathlib import Path

import pytest
import pytest_asyncio

from core.host.supervisor import Supervisor

pytest_plugins = ["core.testing.plugin"]


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is read from or left in the user's home."""
    home: Path = tmp_path_factory.mktemp("home")
    for variable in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(variable, str(home / variable[4:].lower()))


@pytest_asyncio.fixture
async def supervisor() -> AsyncIterator[Supervisor]:
    async with Supervisor() as supervisor:
        yield supervisor


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With RUMPUS_REQUIRE_ALL a skipped test fails: a missing tool must not look like success."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get("RUMPUS_REQUIRE_ALL"):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"RUMPUS_REQUIRE_ALL is set, and this was skipped: {why}"
    return report
