"""What costs time to import and serves nobody stays out of the processes that a command waits for."""

from __future__ import annotations

import subprocess
import sys


def imported(program: str) -> set[str]:
    """The modules that a fresh interpreter has after it."""
    told = f"{program}\nimport sys; print(*(name for name in sys.modules if sys.modules[name]))"
    done = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True)
    return set(done.stdout.split())


def test_workers_have_no_debugger_and_no_openssl() -> None:
    loaded = "from core.worker import zygote; zygote.preload('core.worker.serve')"
    modules = imported(f"from core import lean; lean.zygote()\n{loaded}")
    assert "core.fs.fat.driver" in modules
    assert not modules & {"pdb", "inspect", "dataclasses", "_hashlib", "ssl", "asyncio"}


def test_a_command_brings_no_tls_and_no_bus() -> None:
    loaded = "from core.cli.main import parser; parser('mount'); parser('ls')"
    modules = imported(f"from core import lean; lean.command()\n{loaded}")
    assert "core.host.supervisor" in modules
    assert not modules & {"ssl", "hashlib", "json", "dbus_fast", "core.fs.driver", "construct"}


def test_a_zygote_is_started_before_anything_else_is_imported() -> None:
    assert not imported("import core.host.igniting") & {"socket", "selectors", "msgspec", "asyncio"}
