"""Where the files of resources/ are: beside `core`, in a checkout as in an installed package."""

from __future__ import annotations

from pathlib import Path

_FOLDER = Path(__file__).resolve().parent.parent / "resources"


def resource(name: str) -> Path:
    """The path of a file of resources/, by its name there. It need not exist."""
    return _FOLDER / name
