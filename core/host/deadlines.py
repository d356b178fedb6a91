"""How long each request may go without a sign of life. The worker client enforces it; this is the policy."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import get_args

from core.worker import protocol

READY = 10.0
"""From fork to locked down, in seconds; includes the zygote's own imports the first time."""

SECONDS: Mapping[type[protocol.Request], float] = {
    protocol.Look: 15.0,
    protocol.Open: 15.0,
    protocol.Describe: 10.0,
    protocol.Forget: 10.0,
    protocol.List: 10.0,
    protocol.ListDeleted: 30.0,
    protocol.Lookup: 10.0,
    protocol.Stat: 10.0,
    protocol.Link: 10.0,
    protocol.Read: 10.0,
    protocol.Locate: 10.0,
    protocol.Copy: 15.0,
    protocol.CopyAll: 30.0,
    protocol.Gather: 30.0,
    protocol.Walk: 60.0,
    protocol.Trace: 3600.0,
    protocol.Format: 60.0,
    protocol.Check: 120.0,
    protocol.Repair: 120.0,
    protocol.Apply: 60.0,
    protocol.Search: 15.0,
    protocol.Scramble: 60.0,
    protocol.Alias: 10.0,
    protocol.Disguise: 10.0,
    protocol.Decode: 8.0,
    protocol.Writable: 30.0,
    protocol.Vet: 10.0,
    **dict.fromkeys(get_args(protocol.Change), 60.0),
    protocol.Attempt: 10.0,
}
"""Each reply starts the time anew, so a listing or copy may take as long as it makes progress. A change may
have to wait for a stick that empties its cache, which takes some of them half a minute."""

ON_MEDIUM = 180.0
"""The bound for a worker that the kernel keeps waiting for the medium: a dying stick takes its time
(30 seconds a try), and that is not the driver's fault."""


def waits_for_medium(process: int) -> bool:
    """Whether the kernel has the process in uninterruptible sleep (state D in proc(5))."""
    try:
        status = Path(f"/proc/{process}/stat").read_text(errors="replace")
    except OSError:
        return False
    return status.rpartition(")")[2].split()[:1] == ["D"]
