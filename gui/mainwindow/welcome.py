"""What the window shows while there is nothing to show."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from gui.icons import icon
from gui.panes.flow import Flow
from gui.panes.parts import Text, primary, roomy
from gui.translating import tr

_ICON = QSize(96, 96)
_WIDEST = 460


class Welcome(QScrollArea):
    image_wanted = Signal()
    sample_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self._drawing = QLabel()
        self._drawing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._draw()
        title = Text(
            tr("Plug in a stick, or drop a disk image here."), scale=1.5, bold=True, selectable=False
        )
        self._about = Text(
            tr(
                "Whatever is on it is read by a program of its own, which can open no file of yours, "
                "reach no network and start nothing."
            ),
            dim=True,
            selectable=False,
        )
        for text in (title, self._about):
            text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        choose = QPushButton(tr("Open a disk image…"))
        sample = QPushButton(tr("Look around the sample stick"))
        choose.clicked.connect(self.image_wanted)
        sample.clicked.connect(self.sample_wanted)
        primary(choose)
        self.setFocusProxy(choose)
        across = Flow(10, centred=True)
        for button in (choose, sample):
            roomy(button)
            across.addWidget(button)
        middle = QWidget()
        middle.setMaximumWidth(_WIDEST)
        column = QVBoxLayout(middle)
        column.addStretch(3)
        column.addWidget(self._drawing)
        column.addSpacing(18)
        column.addWidget(title)
        column.addSpacing(6)
        column.addWidget(self._about)
        column.addSpacing(22)
        column.addLayout(across)
        column.addStretch(4)
        ground = QWidget()
        ground.setMinimumSize(1, 1)  # its height depends on its width, as in a `Page`
        self.setWidget(ground)
        ground.setAutoFillBackground(False)
        whole = QHBoxLayout(ground)
        whole.addStretch(1)
        whole.addWidget(middle, 1000)
        whole.addStretch(1)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._draw()
        super().changeEvent(event)

    def _draw(self) -> None:
        self._drawing.setPixmap(icon("rumpus").pixmap(_ICON, self.devicePixelRatio()))
