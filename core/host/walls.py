"""The walls that have to stand around a worker before it sees anything of a stick."""

from __future__ import annotations

from collections.abc import Collection

from core.errors import SandboxUnavailable

FLOOR = ("no_new_privs", "resource limits", "seccomp")
"""Layers without which nothing is opened or decoded, unless the user gives one up by name."""


def must_stand(layers: Collection[str], without: Collection[str]) -> None:
    """Raises SandboxUnavailable for one of the floor that is neither in force nor given up."""
    for layer in FLOOR:
        if layer not in layers and layer not in without:
            raise SandboxUnavailable(layer)
