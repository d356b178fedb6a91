"""The bar that says who still holds a stick that was to be ejected, and offers to end it."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget

from core.errors import RumpusError
from core.host.sticks import Stick
from gui.ejecting import Ejecting, Held, sentence
from gui.panes.bar import Bar
from gui.translating import tr
from gui.wording import Tone, explain, quoted

_MOST_NAMED = 4


class HeldBar(Bar):
    """About one stick at a time. Hides itself when there is nothing to decide."""

    def __init__(self, ejecting: Ejecting, parent: QWidget | None = None) -> None:
        super().__init__("held", "stick-busy", parent)
        self._ejecting = ejecting
        self._stick: Stick | None = None
        self._end = QPushButton()
        self._wait = QPushButton(tr("Eject when it is done"))
        self._keep = QPushButton(tr("Keep it in"))
        self._end.clicked.connect(lambda: self._decide(end=True))
        self._wait.clicked.connect(lambda: self._decide(wait=True))
        self._keep.clicked.connect(self._kept)
        self._lay_out()
        ejecting.held.connect(self.ask)
        ejecting.waiting.connect(self._waits)
        ejecting.ejected.connect(self._over)
        ejecting.failed.connect(self._failed)
        self.hide()

    def ask(self, held: Held) -> None:
        self._stick = held.stick
        named = [sentence(holder) for holder in held.holders[:_MOST_NAMED]]
        if len(held.holders) > _MOST_NAMED:
            named.append(tr("So do %Ln more.", "", len(held.holders) - _MOST_NAMED))
        self._say(
            "stick-busy",
            tr("{name} cannot be pulled out yet.", name=quoted(held.stick.name)),
            " ".join(named),
        )
        self._end.setText(tr("Stop it and eject") if held.only_ours else tr("End that and eject"))
        self._end.setVisible(held.endable)
        self._wait.setVisible(held.only_ours)
        self._keep.setText(tr("Keep it in"))

    def _decide(self, *, end: bool = False, wait: bool = False) -> None:
        stick = self._stick
        if not wait:
            self._close()
        if stick is not None:
            self._ejecting.eject(stick, end=end, wait=wait)

    def _kept(self) -> None:
        if self._stick is not None:
            self._ejecting.keep(self._stick)
        self._close()

    def _waits(self, stick: Stick) -> None:
        if stick is self._stick:
            self._say(
                "hourglass",
                tr("{name} is ejected when that is done.", name=quoted(stick.name)),
                self._advice.text(),
            )
            self._wait.hide()

    def _over(self, stick: Stick) -> None:
        if stick is self._stick:
            self._close()

    def _failed(self, stick: Stick, error: RumpusError) -> None:
        told = explain(error, stick.name)
        self._stick = stick
        self._say("warning", told.title, tr("{name} was not ejected.", name=quoted(stick.name)))
        self._end.hide()
        self._wait.hide()
        self._keep.setText(tr("Close"))

    def _close(self) -> None:
        self._stick = None
        self.hide()

    def _say(self, drawing: str, title: str, names: str) -> None:
        self._drawing.draw(drawing, Tone.CARE)
        self._title.setText(title)
        self._advice.setText(names)
        self.setAccessibleName(title)
        self.setAccessibleDescription(names)
        self.show()

    def _lay_out(self) -> None:
        for button in (self._wait, self._end, self._keep):
            self._buttons.addWidget(button)
