"""What is told through the desktop's notifications, and when: only what the window does not show already."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from weakref import WeakSet

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from core.errors import (
    CorruptStructure,
    DeviceBusy,
    DeviceGone,
    DriverCrashed,
    DriverHung,
    Ejected,
    MediumError,
    ProtocolViolation,
    RumpusError,
    SandboxViolation,
)
from core.host.notifications import Notice, Notifications, Urgency
from core.host.sticks import Change, Stick, Sticks, StickState
from core.host.transfers import TransferState
from gui import formats
from gui.ejecting import Ejecting
from gui.outgoing import ENDED, Outbound, Outgoing, Purpose
from gui.wording import explain, quoted

_GRAVE = (SandboxViolation, ProtocolViolation)
_SAID = (*_GRAVE, CorruptStructure, MediumError, DriverCrashed, DriverHung)
"""What is worth a notice when it happens to a volume that was opened. The rest is the answer to a click."""

OPEN, EJECT, DETAILS, SAFELY = (
    ("open", "Open"),
    ("eject", "Eject"),
    ("details", "Show details"),
    (
        "safely",
        "Open it safely",
    ),
)
_CLICK = ("default", "")


class Notices(QObject):
    """Hears of sticks and copies. Owns the connection to the desktop: `close` it."""

    wanted = Signal(object)
    """A Stick that the user wants to see in the window."""

    def __init__(
        self,
        sticks: Sticks,
        outgoing: Outgoing,
        ejecting: Ejecting,
        sees: Callable[[Stick | None], bool],
        parent: QObject | None = None,
    ) -> None:
        """`sees`: whether the user looks at the window, and at that stick in it where one is named."""
        super().__init__(parent)
        self.desktop = Notifications()
        self._ejecting = ejecting
        self._sees = sees
        self._begun = False
        self._known: dict[Stick, StickState] = {}
        self._told: WeakSet[RumpusError] = WeakSet()
        self._numbers = itertools.count(1)
        self._forget = sticks.observe(self._hear)
        outgoing.started.connect(self._started)
        ejecting.ejected.connect(self._ejected)

    def begin(self) -> None:
        """From now on a stick that comes was plugged in; before, it was there already."""
        self._begun = True

    async def close(self) -> None:
        self._forget()
        await self.desktop.close()

    # sticks -------------------------------------------------------------------------------------------------

    def _hear(self, change: Change, stick: Stick) -> None:
        before = self._known.get(stick)
        self._known[stick] = stick.state
        if change is Change.REMOVED:
            del self._known[stick]
            self._went(stick)
        elif not stick.image and self._begun:
            if before is None:
                self._say(stick, Notice(f"{quoted(stick.name)} was plugged in", "Looking at it\u2026"))
            elif before is StickState.PROBING and stick.state is not StickState.PROBING:
                self._looked_at(stick)
        for volume in stick.volumes:
            if isinstance(volume.error, _SAID) and not isinstance(stick.error, DeviceGone):
                self._wrong(stick, volume.error, volume.name)

    def _looked_at(self, stick: Stick) -> None:
        name, error = quoted(stick.name), stick.error
        if error is None:
            body = f"{formats.size(stick.size)}. It is read behind walls, in a process of its own."
            self._say(stick, Notice(f"{name} is ready", body, (_CLICK, OPEN, EJECT)))
        elif isinstance(error, DeviceBusy) and error.mount:
            told = explain(error, stick.name)
            self._say(stick, Notice(told.title, told.advice, (_CLICK, SAFELY, EJECT)))
        else:
            self._wrong(stick, error, stick.name)

    def _wrong(self, stick: Stick, error: RumpusError, name: str) -> None:
        if error in self._told:
            return
        self._told.add(error)
        told = explain(error, name)
        grave = isinstance(error, _GRAVE)
        icon = "dialog-warning" if grave else "drive-removable-media"
        urgency = Urgency.CRITICAL if grave else Urgency.NORMAL
        self._say(
            stick,
            Notice(told.title, told.unsafe or told.advice, (_CLICK, DETAILS), icon, urgency),
            seen=self._sees(stick),
        )

    def _ejected(self, stick: Stick) -> None:
        told = explain(stick.error or Ejected(), stick.name)
        self._say(stick, Notice(told.title, told.safe, (), "media-eject"))

    def _went(self, stick: Stick) -> None:
        if isinstance(stick.error, Ejected):
            return  # what was said of it stands
        lost = isinstance(stick.error, DeviceGone) and [use.what for use in stick.uses]
        if lost:
            told = explain(DeviceGone(), stick.name)
            body = f"It was in use: {', '.join(lost[:3])}. {told.safe} Not safe: {told.unsafe}"
            title = f"{quoted(stick.name)} was pulled out too early"
            self._say(
                stick,
                Notice(title, body, (_CLICK, DETAILS), "dialog-warning", Urgency.CRITICAL),
                seen=self._sees(stick),
            )
        else:
            self.desktop.withdraw(_about(stick))

    def _say(self, stick: Stick, notice: Notice, *, seen: bool | None = None) -> None:
        if self._sees(None) if seen is None else seen:
            self.desktop.withdraw(_about(stick))
        else:
            self.desktop.show(_about(stick), notice, lambda key: self._act(stick, key))

    def _act(self, stick: Stick, key: str) -> None:
        match key:
            case "eject":
                self._ejecting.eject(stick)
            case "safely":
                self._ejecting.take_over(stick, lambda: self.wanted.emit(stick))
            case _:
                self.wanted.emit(stick)

    # copies -------------------------------------------------------------------------------------------------

    def _started(self, outbound: Outbound) -> None:
        if outbound.purpose is Purpose.KEEP:
            forget = outbound.job.observe(lambda job: self._moved(outbound, forget))

    def _moved(self, outbound: Outbound, forget: Callable[[], None]) -> None:
        job = outbound.job
        if job.state not in ENDED:
            return
        forget()
        if self._sees(None) or job.state is TransferState.CANCELLED:
            return
        stick = next((stick for stick in self._known if stick.uses is job.uses), None)
        about = f"copy-{next(self._numbers)}"
        if job.state is TransferState.DONE and not job.problems:
            what = f"{outbound.what[:1].upper()}{outbound.what[1:]}"
            copied = "was copied" if outbound.what.startswith("“") else "were copied"
            actions = (_CLICK, ("folder", "Open"), *((EJECT,) if stick and not stick.image else ()))
            notice = Notice(f"{what} {copied}", f"From {quoted(outbound.stick)}.", actions, "document-save")
        else:
            missing = len(job.missing()) or len(job.problems)
            title = f"{formats.count(missing, 'file', 'files')} from {quoted(outbound.stick)} did not arrive"
            error = job.error or job.problems[0].error
            body = explain(error, outbound.stick).title
            notice = Notice(title, body, (_CLICK, DETAILS), "dialog-warning")
        self.desktop.show(about, notice, lambda key: self._copied(outbound, stick, key))

    def _copied(self, outbound: Outbound, stick: Stick | None, key: str) -> None:
        job = outbound.job
        if key == "eject" and stick is not None:
            self._ejecting.eject(stick)
        elif job.state is TransferState.DONE and not job.problems:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(job.folder)))
        else:
            self.wanted.emit(stick)


def _about(stick: Stick) -> str:
    return f"stick-{stick.id}"
