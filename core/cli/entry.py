"""Where the command starts: the zygote first, which is ready about when the rest has been imported."""

from __future__ import annotations

import gc
import sys

from core import lean, streams
from core.host.igniting import ignite


def main() -> int:
    gc.disable()  # nothing of what is imported is garbage; `main` enables it again
    streams.complete()
    ignited = ignite(quiet=sys.argv[1:2] == ["mount"])
    lean.command()
    from core.cli.main import main as command
    from core.host.launching import taken

    status = command(launched=taken(ignited))
    gc.disable()
    gc.freeze()  # the end of the process gives all of it back, and need not look for garbage in it first
    return status
