"""A capsule of what went wrong on a page, for somebody who is to see it elsewhere."""

from __future__ import annotations

from core.errors import RumpusError
from core.host import capsule
from core.host.access import open_medium
from core.host.capsule import Capsule
from core.host.offloop import off_loop
from core.host.scrambling import scrambled
from core.host.supervisor import Supervisor
from core.worker import protocol
from gui.mainwindow.page import Page


async def capsule_of(
    page: Page, supervisor: Supervisor, error: RumpusError, report: str, *, scramble: bool = False
) -> bytes:
    """What led to the error, with the report of it; with `scramble` under other names and without it.

    Raises as `capsule.take` and `scrambled`.
    """
    taken = await _taken(page, supervisor, error)
    if scramble:
        taken, report = await scrambled(supervisor, taken), ""
    return await off_loop(taken.packed, report, undo=lambda _: None)


async def _taken(page: Page, supervisor: Supervisor, error: RumpusError) -> Capsule:
    source = page.stick_volume
    story = source.story if source is not None else (protocol.Look(id=0),)
    layers = page.volume.layers if page.volume is not None else {}
    medium = page.stick.medium
    if medium is not None:
        return await capsule.take(supervisor, medium, error, story, layers=layers)
    try:
        medium = await open_medium(page.stick.path, ask=False)
    except RumpusError:  # it is gone, or held by others: the story alone has to do
        return await capsule.take(supervisor, None, error, story)
    with medium:
        return await capsule.take(supervisor, medium, error, story)
