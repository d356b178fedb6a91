"""Renders every pane to PNG files, light and dark, narrow and wide, for a person to look at.

    QT_QPA_PLATFORM=offscreen .venv/bin/python tests/gui/gallery.py FOLDER [WORD …]

With words, only pictures whose name contains one of them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from core import errors
from core.entry import Details, Entry, Kind, VolumeFacts, Zone
from core.errors import Differs
from core.host.danger import judge
from core.host.holders import Hold, Holder
from core.host.jobs import Fate
from core.host.supervisor import LayerReport
from core.host.transfers import Problem, Progress, TransferState
from gui.dangers import sentence
from gui.ejecting import Ejecting, Held
from gui.outgoing import ENDED, Outbound, Purpose, Question
from gui.pace import Pace
from gui.panes.error import ErrorPane
from gui.panes.held import HeldBar
from gui.panes.question import QuestionBar, as_text
from gui.properties import PropertiesPanel, entry_rows
from gui.transfers import TransferStrip
from gui.walls import WallsPage
from gui.wording import quoted
from tests.support.works import FakeCheck, FakeJob, File, Outcome

HOSTILE = "<b>Your PC</b> is \u202einfected\u202c & must be <a href='http://x'>repaired</a>"
REPORT = """Saved as /home/anna/.local/state/rumpus/reports/20261112-102436-00.txt
Rumpus driver report, 2026-11-12 10:24:36 +0100
Cause: ZeroDivisionError

Last operations:
  Open(id=1, partition=0, driver='', code_page='')
  List(id=2, node=0)

What the worker said:
Traceback (most recent call last):
  File "core/fs/fat/driver.py", line 120, in entries
ZeroDivisionError: division by zero
"""
ERRORS: dict[str, tuple[errors.RumpusError, str, str]] = {
    "gone": (errors.DeviceGone(), "BACKUP", ""),
    "medium": (errors.MediumError(1_953_125_376, 65_536), "HOLIDAY", "/Photos/2026"),
    "not-written": (errors.NotWritten(1_953_125_376, 65_536), "HOLIDAY", "/Photos/2026"),
    "corrupt-volume": (
        errors.CorruptStructure("boot sector", 11, "512, 1024, 2048 or 4096", "77"),
        "BACKUP",
        "",
    ),
    "corrupt-folder": (
        errors.CorruptStructure("directory entry", 41_216, "a first cluster below 8,097", "65,520"),
        "HOLIDAY",
        "/Photos/raw",
    ),
    "unsupported": (errors.UnsupportedFeature("BitLocker encryption"), "WORK", ""),
    "nothing": (
        errors.NotAFileSystem("zeros in its first 64 kB, and no partition table"),
        "Kingston 32 GB",
        "",
    ),
    "denied": (errors.AccessDenied("/dev/sdb1", "Permission denied"), "SanDisk Ultra", ""),
    "busy": (errors.DeviceBusy("/dev/sdb1", "Files, mounted on /media/anna/HOLIDAY"), "HOLIDAY", ""),
    "mounted": (errors.DeviceBusy("/dev/sdb", "/media/anna/HOLIDAY", "/media/anna/HOLIDAY"), "HOLIDAY", ""),
    "ejected": (errors.Ejected(), "HOLIDAY", ""),
    "ejected-unpowered": (errors.Ejected("no system bus to ask udisks2"), "HOLIDAY", ""),
    "crashed": (errors.DriverCrashed("ZeroDivisionError: division by zero", REPORT), "HOLIDAY", ""),
    "hung": (errors.DriverHung("list", 10.0), "HOLIDAY", ""),
    "attack": (errors.SandboxViolation("execve"), "FREE MUSIC", ""),
    "protocol": (errors.ProtocolViolation("more bytes than were asked for"), "FREE MUSIC", ""),
    "no-wall": (errors.SandboxUnavailable("seccomp"), "HOLIDAY", ""),
    "not-found": (errors.NotFound("Photos/2025"), "HOLIDAY", "/Photos/2025"),
    "wrong-kind": (errors.WrongKind("Photos", "file"), "HOLIDAY", "/"),
    "full": (errors.HostWriteFailed("/home/anna/Documents", 28), "film.mkv", ""),
    "no-space": (errors.NoSpace(4_800_000_000, 1_200_000_000), "HOLIDAY", ""),
    "read-only": (errors.ReadOnly("it is write-protected"), "HOLIDAY", ""),
    "cancelled": (errors.Cancelled(), "HOLIDAY", ""),
    "hostile": (errors.CorruptStructure(HOSTILE, 7, HOSTILE * 4, HOSTILE * 40), HOSTILE, "/" + HOSTILE * 9),
}


def _error(name: str) -> QWidget:
    error, subject, place = ERRORS[name]
    pane = ErrorPane()
    pane.show_error(error, subject, place=place)
    return pane


def _unfolded(name: str) -> QWidget:
    pane = _error(name)
    assert isinstance(pane, ErrorPane)
    pane._fold.unfold(True)
    return pane


LAYERS = {
    "network namespace": "no network at all",
    "IPC namespace": "no IPC of the host",
    "process namespace": "sees no other process",
    "user namespace": "no user of the host exists in it",
    "resource limits": "memory 512 MiB, 64 descriptors, no processes, no core file",
    "no core, no tracing": "memory closed to other programs, ends with its parent",
    "capabilities": "none left",
    "no_new_privs": "no program can raise its rights",
    "no executable memory": "what is written to memory never becomes a program",
    "Landlock": "no path, no TCP port, no signal outside (ABI 7)",
    "seccomp": "no open, socket, exec, fork or ioctl; a try is fatal",
}
ENTRY = Entry("invoice.pdf.exe", 5, Kind.FILE, 71_680, 1_794_478_476_000_000_000, 0x21)


class _Outgoing(QObject):
    started = Signal(object)
    extracted = Signal(object)
    questioned = Signal(object)
    told = Signal(str)


class _Tasks:
    def spawn(self, coroutine: Any, on_error: Any = None) -> None:
        coroutine.close()


_SIZE = 20_000_000
"""Bytes of each file of a transfer that stands still."""


class Job(FakeJob):
    """A transfer of 120 files that stands still, `done` of them through; the first few have problems."""

    def __init__(self, state: TransferState, done: int, problems: int = 0, skipped: int = 0) -> None:
        files = [File(f"Photos/Harbour/DSC_{400 + number:04}.jpg", _SIZE) for number in range(120)]
        super().__init__(state, files)
        size = _SIZE * len(files)
        self.progress = Progress(len(files), done, size, _SIZE * done, files[min(done, 119)].path)
        for number, file in enumerate(files[: done + 1]):
            file.fate = Fate.ARRIVED if number < done else Fate.UNDER_WAY
        for file in files[:problems]:
            file.fate, file.error = Fate.FAILED, errors.MediumError(4096, 512)
            self.problems.append(Problem(file.path, file.error, file))
        for file in files[problems : problems + skipped]:
            file.fate = Fate.SKIPPED
        self.leftover = problems
        self.landed = [Path("/home/anna/Documents/Photos")]
        failed = state is TransferState.FAILED
        self.error = errors.HostWriteFailed("/home/anna/Documents", 28) if failed else None


class _Proving(QObject):
    begun = Signal(object)

    def can_verify(self, work: Any) -> bool:
        return work.job.state in ENDED and bool(work.job.pairs())


def checked(job: Job, differing: int = 0) -> FakeCheck:
    """That a copy was read back."""
    found: dict[Any, Outcome] = {
        file: Outcome(Fate.FAILED, Differs(1_048_576, 4096)) for file in job.tracked[:differing]
    }
    check = FakeCheck(job, TransferState.DONE, found)
    check.problems = [Problem(file.path, Differs(1_048_576, 4096), file) for file in found]
    check.progress = Progress(120, 120, job.progress.bytes, job.progress.bytes)
    return check


def fill(
    strip: Any, *jobs: tuple[Any, Purpose], check: FakeCheck | None = None, unfold: bool = False
) -> None:
    """Puts transfers that stand still into a strip."""
    photos = Entry("Photos", 3, Kind.DIRECTORY)
    for job, purpose in jobs:
        strip.add(Outbound(job, purpose, quoted("Photos"), "HOLIDAY", (photos,)))
        row = strip.rows[-1]
        row.show()
        tick, done = 0, 0
        row._pace = Pace()
        while done < job.progress.bytes_done:
            row._pace.note(tick / 2, done)
            tick += 1
            speed = 30_000_000 + tick * 7919 % 23 * 600_000 - 14_000_000 * (20 < tick % 60 < 31)
            done = min(job.progress.bytes_done, done + speed // 2)
        row._pace.note(tick / 2, done)
        row._turned = (-1e9, job.state)
        row._clock = lambda tick=tick: tick / 2
        row.refresh()
        if check is not None:
            row.work.check = check
            row.follow_check()
        if unfold and row.panel.isHidden():
            row._turn_fold()


def _strip(*jobs: tuple[Any, Purpose], **more: Any) -> QWidget:
    strip = TransferStrip(_Outgoing(), proving=_Proving())  # type: ignore[arg-type]
    fill(strip, *jobs, **more)
    ground = QWidget()
    QVBoxLayout(ground).addStretch(1)
    ground.layout().addWidget(strip)
    ground.layout().setContentsMargins(0, 0, 0, 0)
    return ground


def _paused() -> QWidget:
    job = Job(TransferState.RUNNING, 43)
    job.paused = True
    return _strip((job, Purpose.KEEP))


def _volume(*without: str) -> Any:
    layers = {name: words for name, words in LAYERS.items() if name not in without}
    facts = VolumeFacts("fat", "FAT32", 0, "HOLIDAY", zone=Zone.LOCAL)
    return SimpleNamespace(layers=layers, pid=4711, facts=facts)


def _walls(*without: str, tested: bool = False) -> QWidget:
    page = WallsPage(None, _Tasks())  # type: ignore[arg-type]
    page.show_volume(_volume(*without), "HOLIDAY")
    if tested:
        words = ("open a file", "make a network connection", "run a program", "map executable memory")
        page.show_test([LayerReport(word, True, "killed by seccomp (SIGSYS)", proved=True) for word in words])
    return page


def _question() -> QWidget:
    bar = QuestionBar(_Outgoing(), _Tasks())  # type: ignore[arg-type]
    danger = judge(ENTRY.name)
    assert danger is not None
    bar.ask(Question(_volume(), ENTRY, sentence(danger), danger.disguised))
    bar._text.setPlainText(as_text(b"MZ\x90\0" + bytes(range(256)) * 2, 71_680))
    bar._text.show()
    ground = QWidget()
    QVBoxLayout(ground).addWidget(bar)
    ground.layout().addStretch(1)
    ground.layout().setContentsMargins(0, 0, 0, 0)
    return ground


def _held(*holders: Holder) -> QWidget:
    bar = HeldBar(Ejecting(_Tasks()))  # type: ignore[arg-type]
    bar.ask(Held(SimpleNamespace(name="HOLIDAY"), holders))  # type: ignore[arg-type]
    return bar


def _properties() -> QWidget:
    panel = PropertiesPanel(_Tasks())  # type: ignore[arg-type]
    panel.show_entry(_volume(), ENTRY)
    facts = [("Short name", "INVOIC~1.EXE"), ("First cluster", "1413"), (HOSTILE, HOSTILE)]
    panel._facts.show_rows(
        entry_rows(
            Details(ENTRY, created=ENTRY.modified, allocated=73_728, facts=facts), Zone.LOCAL, known=True
        )
    )
    return panel


def pictures() -> Iterator[tuple[str, Callable[[], QWidget], int, int]]:
    """(name, what makes the widget, width, height)."""
    for name in ERRORS:
        yield f"error-{name}", lambda name=name: _error(name), 700, 560
    for name in ("gone", "crashed", "hostile"):
        yield f"unfolded-{name}", lambda name=name: _unfolded(name), 700, 820
        yield f"wide-{name}", lambda name=name: _unfolded(name), 1400, 900
    running = (Job(TransferState.RUNNING, 3), Purpose.KEEP)
    every = [
        (Job(TransferState.DONE, 120), Purpose.KEEP),
        (Job(TransferState.FAILED, 40), Purpose.KEEP),
        (Job(TransferState.DONE, 120), Purpose.DRAG),
        (Job(TransferState.PLANNING, 0), Purpose.KEEP),
    ]
    for width in (560, 820, 1400):
        yield f"strip-{width}", lambda: _strip(running), width, 120
        yield f"strips-{width}", lambda: _strip(*every), width, 320
        yield f"strip-paused-{width}", _paused, width, 120
        done = Job(TransferState.DONE, 120)
        yield (
            f"strip-receipt-{width}",
            lambda done=done: _strip((done, Purpose.KEEP), check=checked(done)),
            width,
            120,
        )
        yield (
            f"strip-differing-{width}",
            lambda done=done: _strip((done, Purpose.KEEP), check=checked(done, 2)),
            width,
            300,
        )
        yield (
            f"strip-problems-{width}",
            lambda: _strip((Job(TransferState.DONE, 120, 7, 3), Purpose.KEEP), unfold=True),
            width,
            300,
        )
        yield (
            f"strip-files-{width}",
            lambda: _strip((Job(TransferState.RUNNING, 43), Purpose.KEEP), unfold=True),
            width,
            300,
        )
    for width in (700, 1400):
        yield f"question-{width}", _question, width, 360
        yield f"held-ours-{width}", lambda: _held(Holder(Hold.OURS, "copying Photos/beach.jpg")), width, 80
        yield (
            f"held-others-{width}",
            lambda: _held(
                Holder(Hold.MOUNT, "/media/anna/HOLIDAY"), Holder(Hold.PROGRAM, "gedit (process 4711)")
            ),
            width,
            80,
        )
    yield "walls", _walls, 700, 1000
    yield "walls-tested", lambda: _walls("Landlock", tested=True), 1400, 1250
    yield "properties", _properties, 300, 640


def palette(*, dark: bool) -> QPalette:
    """What a desktop in light and dark gives, for a platform that gives nothing."""
    drawn = QPalette(QColor("#3a3a3d" if dark else "#f3f3f4"), QColor("#2a2a2c" if dark else "#f6f6f7"))
    drawn.setColor(QPalette.ColorRole.Base, QColor("#202022" if dark else "#ffffff"))
    drawn.setColor(QPalette.ColorRole.AlternateBase, QColor("#262628" if dark else "#f4f4f5"))
    drawn.setColor(QPalette.ColorRole.Mid, QColor("#48484c" if dark else "#d0d0d4"))
    drawn.setColor(QPalette.ColorRole.Highlight, QColor("#3584e4"))
    drawn.setColor(QPalette.ColorRole.HighlightedText, QColor("#ffffff"))
    return drawn


def main(folder: Path, words: list[str]) -> None:
    app = QApplication(["gallery"])
    app.setStyle("Fusion")
    folder.mkdir(parents=True, exist_ok=True)
    for dark in (False, True):
        app.setPalette(palette(dark=dark))
        for name, make, width, height in pictures():
            if words and not any(word in name for word in words):
                continue
            widget = make()
            widget.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
            widget.resize(width, height)
            widget.show()
            for _ in range(4):
                app.processEvents()
            drawn = QPixmap(widget.size() * 2)
            drawn.setDevicePixelRatio(2)
            drawn.fill(app.palette().color(QPalette.ColorRole.Window))
            widget.render(drawn)
            drawn.save(str(folder / f"{name}-{'dark' if dark else 'light'}.png"))
            widget.hide()
            widget.deleteLater()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
