"""An NTFS stick for all who damage one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ntfs_holiday import holiday
from tests.support.ntfs_patching import Patched


@pytest.fixture(scope="session")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return holiday(tmp_path_factory.mktemp("sound"))


@pytest.fixture
def patched(sound: Path) -> Patched:
    return Patched(sound)
