"""What is told through the desktop's notifications, and when: only what the window does not show already."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from weakref import WeakSet

from PySide6.QtCore import QObject, QUrl, Signal, SignalInstance
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
from core.host.jobs import Job
from core.host.notifications import Notice, Notifications, Urgency
from core.host.sticks import Change, Stick, Sticks, StickState, StickVolume
from core.host.transfers import TransferState
from gui import formats, telling
from gui.crowd import Crowd, Crowds
from gui.ejecting import Ejecting
from gui.outgoing import ENDED, Outbound, Purpose
from gui.pace import Pace
from gui.telling import Work
from gui.translating import later, tr
from gui.wording import explain, quoted
from gui.works import Removal

_NAMED = 3
"""Of many sticks."""
_GRAVE = (SandboxViolation, ProtocolViolation)
_SAID = (*_GRAVE, CorruptStructure, MediumError, DriverCrashed, DriverHung)
"""What is worth a notice when it happens to a volume that was opened. The rest is the answer to a click."""

_LABELS = {
    "open": later("Open"),
    "folder": later("Open"),
    "eject": later("Eject"),
    "details": later("Show details"),
    "show": later("Show them"),
    "safely": later("Open it safely"),
}
"""Of a notice's buttons, by their keys."""


class Notices(QObject):
    """Hears of sticks and copies. Owns the connection to the desktop: `close` it."""

    wanted = Signal(object)
    """A Stick that the user wants to see in the window."""

    def __init__(
        self,
        sticks: Sticks,
        started: Iterable[SignalInstance],
        ejecting: Ejecting,
        sees: Callable[[Stick | None], bool],
        parent: QObject | None = None,
    ) -> None:
        """`started`: signals with a `Work` each. `sees`: whether the user looks at the window, and at that
        stick in it where one is named."""
        super().__init__(parent)
        self.desktop = Notifications()
        self._ejecting = ejecting
        self._sees = sees
        self._begun = False
        self._came = Crowds()
        self._lost = Crowds()
        """Pulled out while they were in use."""
        self._known: dict[Stick, StickState] = {}
        self._told: WeakSet[RumpusError] = WeakSet()
        self._numbers = itertools.count(1)
        self._forget = sticks.observe(self._hear)
        for each in started:
            each.connect(self._started)
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
                self._arrived(stick)
            elif before is StickState.PROBING and stick.state is not StickState.PROBING:
                self._looked_at(stick)
        for volume in stick.volumes:
            if isinstance(volume.error, _SAID) and not isinstance(stick.error, DeviceGone):
                self._wrong(stick, volume.error, volume.name)

    def _arrived(self, stick: Stick) -> None:
        crowd = self._came.add(stick)
        if crowd.many:
            self._say_no_more_alone(crowd)
            self._say_arrived(crowd)
        else:
            title = tr("{name} was plugged in", name=quoted(stick.name))
            self._say(stick, Notice(title, tr("Looking at it…")))

    def _looked_at(self, stick: Stick) -> None:
        name, error, crowd = quoted(stick.name), stick.error, self._came.of(stick)
        if crowd is not None and not isinstance(error, _GRAVE):
            self._say_arrived(crowd)
        elif error is None:
            body = tr(
                "{size}. It is read behind walls, in a process of its own.", size=formats.size(stick.size)
            )
            self._say(stick, Notice(tr("{name} is ready", name=name), body, _buttons("open", "eject")))
        elif isinstance(error, DeviceBusy) and error.mount:
            told = explain(error, stick.name)
            self._say(stick, Notice(told.title, told.advice, _buttons("safely", "eject")))
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
            Notice(told.title, told.unsafe or told.advice, _buttons("details"), icon, urgency),
            seen=self._sees(stick),
        )

    def lending_broke(self, at: StickVolume, error: RumpusError) -> None:
        """Other programs do not see a volume any more."""
        stick = next((stick for stick in self._known if at in stick.volumes), None)
        if stick is not None:
            title = tr("Other programs cannot read {name} any more.", name=quoted(at.name))
            body = tr("What showed it to them has stopped. It can be shown to them again.")
            notice = Notice(title, body, _buttons("details"), "dialog-warning")
            self._say(stick, notice, seen=self._sees(stick))

    def _ejected(self, stick: Stick) -> None:
        told = explain(stick.error or Ejected(), stick.name)
        self._say(stick, Notice(told.title, told.safe, (), "media-eject"))

    def _went(self, stick: Stick) -> None:
        came = self._came.remove(stick)
        if came is not None:
            self._say_arrived(came)
        if isinstance(stick.error, Ejected):
            return  # what was said of it stands
        if isinstance(stick.error, DeviceGone) and stick.uses.interrupted:
            told = explain(DeviceGone(), stick.name, lost=stick.uses.interrupted)
            title = tr("{name} was pulled out too early", name=quoted(stick.name))
            body = tr("Not safe: {unsafe} Safe: {safe}", unsafe=told.unsafe, safe=told.safe)
            notice = Notice(title, body, _buttons("details"), "dialog-warning", Urgency.CRITICAL)
            crowd = self._lost.add(stick)
            if crowd.many:
                self._say_no_more_alone(crowd)
                self._say_lost(crowd)
            else:
                self._say(stick, notice, seen=self._sees(stick))
        else:
            self.desktop.withdraw(_about(stick))

    def _say_no_more_alone(self, crowd: Crowd) -> None:
        for stick in crowd.sticks:
            self.desktop.withdraw(_about(stick))

    def _say_arrived(self, crowd: Crowd) -> None:
        """Of a hub full of sticks, in one place, replaced as more is known."""
        ready = sum(stick.error is None and stick.state is not StickState.PROBING for stick in crowd.sticks)
        failed = [stick for stick in crowd.sticks if stick.error is not None]
        body = [tr("%Ln are ready.", "", ready)] if ready else []
        if failed:
            body.append(tr("%Ln need a look: {names}.", "", len(failed), names=_named(failed)))
        if len(crowd.sticks) > ready + len(failed):
            body.append(tr("Looking at the others…") if ready or failed else tr("Looking at them…"))
        title = tr("%Ln sticks were plugged in", "", len(crowd.sticks))
        self._say_of(crowd, Notice(title, " ".join(body), _buttons("show")))

    def _say_lost(self, crowd: Crowd) -> None:
        title = tr("%Ln sticks were pulled out too early", "", len(crowd.sticks))
        body = tr("They were in use: {names}.", names=_named(crowd.sticks))
        self._say_of(crowd, Notice(title, body, _buttons("details"), "dialog-warning", Urgency.CRITICAL))

    def _say_of(self, crowd: Crowd, notice: Notice) -> None:
        if self._sees(None) or not crowd.sticks:
            self.desktop.withdraw(crowd.about)
        else:
            self.desktop.show(crowd.about, notice, lambda key: self.wanted.emit(None))

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

    def _started(self, work: Work) -> None:
        if not isinstance(work, Outbound) or work.purpose is Purpose.KEEP:
            forget = telling.current(work).observe(lambda job: self._moved(work, job, forget))

    def _moved(self, work: Work, job: Job, forget: Callable[[], None]) -> None:
        if job.state not in ENDED:
            return
        forget()
        # That it was pulled out is told of the stick, and what one has stopped is no news.
        known = job.state is TransferState.CANCELLED or isinstance(job.error, DeviceGone)
        whole = job.state is TransferState.DONE and not job.problems
        if known or self._sees(None) or (whole and isinstance(work, Removal)):
            return
        if job is work.job and whole and not isinstance(work, Removal) and work.proves and job.files():
            return  # it is read back now, and what comes of that is the news
        stick = next((stick for stick in self._known if stick.uses is job.uses), None)
        if whole:
            kept = "folder" if isinstance(work, Outbound) else "open"
            actions = _buttons(kept, "eject") if stick and not stick.image else _buttons(kept)
            notice = Notice(telling.headline(work), telling.line(work, Pace()), actions, "document-save")
        else:
            body = telling.problems(work).partition("\n")[0] or telling.line(work, Pace())
            notice = Notice(telling.headline(work), body, _buttons("details"), "dialog-warning")
        about = f"work-{next(self._numbers)}"
        self.desktop.show(about, notice, lambda key: self._ended(work, stick, key, whole=whole))

    def _ended(self, work: Work, stick: Stick | None, key: str, *, whole: bool) -> None:
        if key == "eject" and stick is not None:
            self._ejecting.eject(stick)
        elif whole and isinstance(work, Outbound):
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(work.job.folder)))
        else:
            self.wanted.emit(stick)


def _buttons(*keys: str) -> tuple[tuple[str, str], ...]:
    """As a `Notice` has them: a click on it, which needs no words, and these."""
    return ("default", ""), *((key, _LABELS[key]()) for key in keys)


def _named(sticks: list[Stick]) -> str:
    names = ", ".join(quoted(stick.name) for stick in sticks[:_NAMED])
    more = len(sticks) - _NAMED
    return tr("{names} and %Ln others", "", more, names=names) if more > 0 else names


def _about(stick: Stick) -> str:
    return f"stick-{stick.id}"
