"""Small images that need no tool to make."""

from __future__ import annotations

import os
from pathlib import Path


def blank_image(path: Path, size: int = 1 << 20) -> Path:
    """A sparse image of zeros: a stick without a table or a file system."""
    path.touch()
    os.truncate(path, size)
    return path
