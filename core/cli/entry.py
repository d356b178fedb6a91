"""Where the command starts: the zygote first, which is ready about when the rest has been imported."""

from __future__ import annotations

from core.host.launching import launch


def main() -> int:
    launched = launch()
    from core.cli.main import main as command

    return command(launched=launched)
