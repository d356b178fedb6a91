"""Starts a zygote before anything else is imported, which takes about as long as the zygote's own imports.

So it does without `socket`, `signal`, `typing` and `contextlib`, which take ten times as long as all of this.
"""

from __future__ import annotations

import _socket
import os
import sys

_ROOT = __file__.rsplit("/", 3)[0]
_START = (
    # Nothing of what is imported is garbage, and to look for some takes a tenth of the time.
    "import gc; gc.disable(); "
    "import sys; sys.path += sys.argv[3:]; "
    "from core import lean; lean.zygote(); from core.worker.zygote import main; main()"
)
_SIGKILL = 9
_SIGPIPE, _SIGXFSZ = 13, 25
"""What Python ignores, and a child would then ignore too (signal(7))."""


def ignite(kind: str = "driver", *, quiet: bool = False) -> tuple[int, int, int]:
    """(process number, pidfd, socket) of a new zygote: the descriptors are the caller's. Raises OSError.

    What this process has inherited, the zygote inherits too, and closes; our own descriptors close by
    themselves.
    """
    ours, theirs = _socket.socketpair(_socket.AF_UNIX, _socket.SOCK_SEQPACKET)
    try:
        ours.setblocking(False)
        process = _spawned(theirs.fileno(), kind, quiet=quiet)
        try:
            watch = os.pidfd_open(process)
        except OSError:
            os.kill(process, _SIGKILL)
            os.waitpid(process, 0)
            raise
    except OSError:
        ours.close()
        raise
    finally:
        theirs.close()
    return process, watch, ours.detach()


def _spawned(control: int, kind: str, *, quiet: bool) -> int:
    silenced = (1, 2) if quiet else (1,)
    return os.posix_spawn(
        sys.executable,
        # Without `site`, which takes longer than what it finds: the way to the packages is known here.
        [sys.executable, "-I", "-S", "-c", _START, str(control), kind, *_way()],
        {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "1"},
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            *((os.POSIX_SPAWN_OPEN, output, os.devnull, os.O_WRONLY, 0) for output in silenced),
            (os.POSIX_SPAWN_DUP2, control, control),  # onto itself: it stays open
        ],
        setsid=True,
        setsigdef=[_SIGPIPE, _SIGXFSZ],
    )


def _way() -> list[str]:
    """Where this program and its packages are imported from. After the zygote's own, which is Python's."""
    return [_ROOT, *(place for place in sys.path if place.startswith("/"))]
