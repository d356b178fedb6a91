"""The shield's page: which walls stand around the process that reads a stick, and the proof of them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QPushButton, QToolButton, QVBoxLayout, QWidget

from core.errors import RumpusError
from core.host.names import shown
from core.host.supervisor import LayerReport, Supervisor
from core.host.volume import Volume
from gui import formats, icons
from gui.panes.flow import Flow
from gui.panes.parts import Card, Drawing, Page, Text, clear, roomy
from gui.prose import said
from gui.tasks import Tasks
from gui.translating import Later, later, tr
from gui.wording import Tone, explain, quoted


@dataclass(frozen=True)
class Wall:
    """A layer of the sandbox as a person would say it."""

    title: Later
    meaning: Later


WALLS = {
    "seccomp": Wall(
        later("It can ask the system for almost nothing"),
        later(
            "Opening a file, reaching a network or starting a program is not among the few requests it has "
            "left. A try ends it at once."
        ),
    ),
    "Landlock": Wall(
        later("No file is within its reach"), later("Not yours, not the system's: only this one stick.")
    ),
    "no executable memory": Wall(
        later("Nothing on the stick can become a program"),
        later("What is written to its memory can never be run."),
    ),
    "no_new_privs": Wall(
        later("It can never gain rights"), later("Whatever it does, it stays as weak as it is.")
    ),
    "capabilities": Wall(
        later("It has no administrator's powers"), later("Not a single one of them is left.")
    ),
    "network namespace": Wall(
        later("It has no network"), later("Nothing can be sent anywhere, not even on this computer.")
    ),
    "process namespace": Wall(
        later("It sees no other program"), later("So it cannot stop one or listen to one.")
    ),
    "IPC namespace": Wall(
        later("It shares no memory"), later("Programs talk through shared memory; it has none to share.")
    ),
    "user namespace": Wall(
        later("No user of this computer exists in it"), later("Nothing in it belongs to you.")
    ),
    "resource limits": Wall(
        later("It cannot use this computer up"),
        later("Its memory and files are bounded, and it can start nothing."),
    ),
    "no core, no tracing": Wall(
        later("Its memory is closed"),
        later("No other program looks into it, and it ends together with Rumpus."),
    ),
    "unprivileged user": Wall(
        later("It runs as nobody"), later("It gave up being the administrator before it read anything.")
    ),
}
"""By the names in Volume.layers, in the order in which they are shown."""

_ONLY_FOR_ROOT = "unprivileged user"
_MISSING = later("The system of this computer does not give this wall. The others stand without it.")


class WallsPage(QWidget):
    """Shows the walls around one volume; tests those of this computer when it is asked to."""

    closed = Signal()

    def __init__(self, supervisor: Supervisor, tasks: Tasks, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._supervisor = supervisor
        self._tasks = tasks
        self._icon = Drawing("shield", 56, None)
        self._title = Text(scale=1.5, bold=True)
        self._about = Text(dim=True)
        self._test = QPushButton(tr("Test the walls"))
        roomy(self._test)
        self._test.clicked.connect(self.test)
        self._testing: asyncio.Task[None] | None = None
        self._back = QToolButton()
        self._back.setText(tr("Back to the files"))
        self._back.setIcon(icons.icon("go-previous"))
        self._back.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._back.setAutoRaise(True)
        self._back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._back.clicked.connect(self.closed)
        self._verdict = Text(bold=True)
        self._attempts = _Rows()
        self._walls = _Rows()
        self._lay_out()

    def show_volume(self, volume: Volume, name: str) -> None:
        """`name` of the volume, raw."""
        walls = {layer: words for layer, words in volume.layers.items() if layer in WALLS}
        other = [layer for layer in volume.layers if layer not in WALLS]
        missing = [layer for layer in WALLS if layer not in walls and layer != _ONLY_FOR_ROOT]
        count = len(walls) + len(other)
        self._title.setText(
            tr("{name} is read behind %Ln walls.", "", count, name=quoted(name, tr("This stick")))
        )
        self._about.setText(
            tr(
                "A program of its own (process {pid}) reads this stick and does nothing else. Should "
                "what is on the stick take it over, these walls stand around it.",
                pid=str(volume.pid),
            )
        )
        self.setAccessibleName(self._title.text())
        self._walls.clear()
        for layer in missing:
            title = tr("Not in force: “{title}”", title=WALLS[layer].title())
            self._walls.add("cancel", Tone.CARE, title, _MISSING(), layer, "")
        for layer in [*WALLS, *other]:
            if layer in volume.layers:
                self._walls.add("check", None, *_words(layer), layer, volume.layers[layer])
        self._icon.draw("shield", None if not missing else Tone.CARE)
        self._forget_test()

    def test(self) -> None:
        """Lets workers without a stick try to break out, each in its own way."""
        self._test.setEnabled(False)
        self._test.setText(tr("Testing…"))
        self._testing = self._tasks.spawn(self._inspect(), self._untested)

    def stop(self) -> None:
        """Nobody looks at it any more."""
        if self._testing is not None:
            self._testing.cancel()

    async def _inspect(self) -> None:
        reports = await self._supervisor.inspect()
        self._may_test_again()
        self.show_test([report for report in reports if report.proved is not None])

    def _may_test_again(self) -> None:
        self._test.setEnabled(True)
        self._test.setText(tr("Test the walls again"))

    def show_test(self, attempts: list[LayerReport]) -> None:
        """What happened to each attempt to break out."""
        through = [report for report in attempts if not report.proved]
        self._attempts.clear()
        for report in attempts:
            outcome = tr("It was refused.") if report.proved else tr("It went through: this wall has a hole.")
            drawing, tone = ("check", None) if report.proved else ("cancel", Tone.GRAVE)
            self._attempts.add(
                drawing, tone, tr("It tried to {name}", name=said(report.name)), outcome, "", report.detail
            )
        self._verdict.setText(
            tr(
                "{through} of %Ln attempts to break out went through. "
                "Open no stick that you do not trust on this computer.",
                "",
                len(attempts),
                through=formats.number(len(through)),
            )
            if through
            else tr("All %Ln attempts to break out were refused.", "", len(attempts))
        )
        self._verdict.show()
        self._attempts.show()

    def _untested(self, error: RumpusError) -> None:
        self._may_test_again()
        self._verdict.setText(explain(error, "", unnamed=tr("The test")).title)
        self._verdict.show()

    def _forget_test(self) -> None:
        self._verdict.hide()
        self._attempts.hide()
        self._test.setText(tr("Test the walls"))

    def _lay_out(self) -> None:
        page = Page(self._icon)
        column = page.column
        column.addSpacing(8)
        column.addWidget(self._title)
        column.addSpacing(10)
        column.addWidget(self._about)
        column.addSpacing(18)
        buttons = Flow(6)
        buttons.addWidget(self._test)
        buttons.addWidget(self._back)
        column.addLayout(buttons)
        column.addSpacing(18)
        column.addWidget(self._verdict)
        column.addSpacing(8)
        column.addWidget(self._attempts)
        column.addSpacing(12)
        column.addWidget(self._walls)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)


class _Rows(Card):
    """One line a wall: a mark, what it means, and the name that the system has for it."""

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(16, 14, 16, 14)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(12)
        self._grid.setColumnStretch(1, 1)

    def clear(self) -> None:
        clear(self._grid)

    def add(self, drawing: str, tone: Tone | None, title: str, meaning: str, layer: str, detail: str) -> None:
        row = self._grid.rowCount()
        words = QVBoxLayout()
        words.setSpacing(1)
        heading = Text(title, bold=True)
        explanation = Text(meaning)
        words.addWidget(heading)
        words.addWidget(explanation)
        technical = ": ".join(filter(None, (shown(layer), said(detail))))
        if technical:
            words.addWidget(Text(technical, dim=True, scale=0.9))
        heading.setAccessibleName(
            tr("{title}: in force. {meaning}", title=title, meaning=meaning)
            if tone is None
            else tr("{title}: not in force. {meaning}", title=title, meaning=meaning)
        )
        holder = QWidget()
        words.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(words)
        self._grid.addWidget(Drawing(drawing, 18, tone), row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(holder, row, 1)


def _words(layer: str) -> tuple[str, str]:
    wall = WALLS.get(layer)
    return (wall.title(), wall.meaning()) if wall is not None else (shown(layer), "")
