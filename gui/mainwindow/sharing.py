"""Files of sticks as files of this computer: what is dragged, opened and copied is there for other programs.

With a mount there is a path at once. Where none can be made, what is dragged or opened is extracted first,
and what is copied can be pasted in this window only.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from core.entry import Entry
from core.errors import NotFound, NotMounted, RumpusError
from core.host.sticks import StickVolume
from core.mount.lending import Lending
from gui import prose
from gui.actions import Actions
from gui.clipboard import Clipboard, Held
from gui.mainwindow.navigator import Navigator
from gui.mainwindow.page import Page
from gui.panes.choice import Answer, Choice, ChoiceBar
from gui.tasks import Tasks
from gui.translating import tr
from gui.wording import quoted

_SETTING = "mount/lend"
_CALM = 400
"""Milliseconds that something has been selected before its volume is mounted."""
_AGAIN, _LEAVE = "again", "leave"


class Sharing(QObject):
    """Mounts volumes when files of them are needed elsewhere, and says so where that fails."""

    told = Signal(str)
    """A sentence that needs no answer."""
    broke = Signal(object, object)
    """A StickVolume that other programs do not see any more, and the RumpusError for which."""

    def __init__(
        self,
        window: QWidget,
        lending: Lending,
        actions: Actions,
        navigator: Navigator,
        choices: ChoiceBar,
        tasks: Tasks,
    ) -> None:
        super().__init__(window)
        self.lending = lending
        self._navigator = navigator
        self._choices = choices
        self._tasks = tasks
        self._explained = False
        """Whether it has been said that what is copied cannot be pasted elsewhere."""
        self._calm = QTimer(self)
        self._calm.setSingleShot(True)
        self._calm.setInterval(_CALM)
        self._calm.timeout.connect(self._prepare)
        lending.broken = self._broken
        lending.wanted = QSettings().value(_SETTING) not in (False, "false")
        actions.lend.setChecked(lending.wanted)
        actions.lend.toggled.connect(self._turn)
        navigator.page_made.connect(self._look_after)

    async def paths(self, page: Page, entries: Sequence[Entry]) -> list[Path]:
        """Where other programs find entries on screen. Raises NotMounted, and what else is in the way."""
        at = page.stick_volume
        if at is None:
            raise NotMounted("", "it is not open")
        try:
            ways = [page.way_to(entry) for entry in entries]
        except NotFound as error:
            raise NotMounted("", "it is not known where it lies") from error
        return await self.lending.paths(at, ways, entries)

    def offer(self, clipboard: Clipboard, page: Page, entries: Sequence[Entry], held: Held) -> None:
        """Puts the paths of what was copied on the clipboard too, once there are any."""
        self._tasks.spawn(self._offer(clipboard, page, entries, held))

    async def _offer(self, clipboard: Clipboard, page: Page, entries: Sequence[Entry], held: Held) -> None:
        try:
            paths = await self.paths(page, entries)
        except RumpusError as error:
            self._explain(error)
        else:
            clipboard.offer(held, paths)

    def _explain(self, error: RumpusError) -> None:
        if not self._explained and self.lending.wanted:
            self._explained = True
            told = tr(
                "It can be pasted here, but not in other programs: this computer cannot show them the stick. "
                "Drag it there, or use “Copy to…”."
            )
            reason = prose.said(error.reason) if isinstance(error, NotMounted) else ""
            self.told.emit(f"{told} ({reason})" if reason else told)

    def _look_after(self, page: Page) -> None:
        page.browser.selection_changed.connect(self._calm.start)

    def _prepare(self) -> None:
        page = self._navigator.page
        if page is not None and page.stick_volume is not None and page.browser.selected_count:
            self.lending.prepare(page.stick_volume)

    def _turn(self, wanted: bool) -> None:
        QSettings().setValue(_SETTING, wanted)
        self._tasks.spawn(self.lending.turn(wanted))

    def _broken(self, at: StickVolume, error: RumpusError) -> None:
        self.broke.emit(at, error)
        self._tasks.spawn(self._ask(at))

    async def _ask(self, at: StickVolume) -> None:
        choice = Choice(
            tr("Other programs cannot read {name} any more.", name=quoted(at.name)),
            (Answer(_AGAIN, tr("Show it to them again")), Answer(_LEAVE, tr("Leave it"))),
            tr(
                "What showed it to them has stopped. Programs that had files of it open were told of an "
                "error. The stick itself was only read."
            ),
        )
        if (await self._choices.ask(choice)).id == _AGAIN:
            self.lending.retry(at)
