"""What a mount in the background has to say: the terminal that it came from has gone on to other things."""

from __future__ import annotations

import syslog

from core.host.names import shown


def note(where: str, sentence: str) -> None:
    """Writes it to the system's log."""
    syslog.openlog("rumpus", syslog.LOG_PID, syslog.LOG_DAEMON)
    syslog.syslog(syslog.LOG_WARNING, f"{shown(where)}: {sentence}")


async def notify(where: str, sentence: str) -> None:
    """Tells it on the desktop, where there is one."""
    from core.host.notifications import Notice, Notifications  # D-Bus takes long to import

    desktop = Notifications()
    desktop.show("mount", Notice(shown(where), sentence, icon="dialog-warning"))
    await desktop.close()
