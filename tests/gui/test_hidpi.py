"""On fine screens everything is drawn in as many pixels as there are, and no word is cut off."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

STORY = """
import asyncio, json, os, sys
from core.host.supervisor import Supervisor
from gui.garbage import Collector
from gui.start import application, loop_of, open_window
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QAbstractButton, QLabel
from gui.panes.parts import Line
from tests.support.window import Desk, NoSticks

async def main():
    found = {"blurred": [], "cut": [], "looked": 0}
    def look(what):
        ratio = window.devicePixelRatio()
        for label in window.findChildren(QLabel):
            if not label.isVisible():
                continue
            found["looked"] += 1
            if not label.pixmap().isNull() and label.pixmap().devicePixelRatio() != ratio:
                found["blurred"].append(f"{what}: {label.accessibleName()}")
            plain = label.text() and not label.wordWrap() and not isinstance(label, Line)
            if plain and label.sizeHint().width() > label.width() + 1:
                found["cut"].append(f"{what}: {label.text()}")
        for button in window.findChildren(QAbstractButton):
            if button.isVisible() and button.text() and button.sizeHint().height() > button.height() + 1:
                found["cut"].append(f"{what}: {button.text()}")
        drawn = window.grab()
        assert drawn.devicePixelRatio() == ratio == float(os.environ["QT_SCALE_FACTOR"])
    async with Supervisor() as supervisor, open_window(supervisor, NoSticks()) as window:
        window.resize(1040, 680)
        window.show()
        desk = Desk(window)
        await desk.until(lambda: desk.item("HOLIDAY") is not None, "listed")
        look("welcome")
        await desk.choose("HOLIDAY")
        await desk.open("Photos")
        look("files")
        await desk.do("walls")
        look("walls")
        desk.page.hide_walls()
        await desk.do("split")
        look("split")
        await desk.do("keys")
        look("keys")
        window.leave()
    print(json.dumps(found))

app = application(["rumpus-gui"])
app.setStyle("Fusion")
QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, sys.argv[1])
with Collector(), asyncio.Runner(loop_factory=lambda: loop_of(app)) as runner:
    runner.run(main())
sys.stdout.flush()
os._exit(0)
"""


@pytest.mark.parametrize("ratio", ["1", "1.5", "2"])
def test_everything_is_sharp_and_whole(tmp_path: Path, ratio: str) -> None:
    environment = {
        **os.environ,
        "QT_SCALE_FACTOR": ratio,
        "QT_QPA_PLATFORM": "offscreen",
        "XDG_RUNTIME_DIR": str(tmp_path),
        "DBUS_SESSION_BUS_ADDRESS": f"unix:path={tmp_path}/no-bus",
        "PYTHONPATH": str(Path(__file__).resolve().parents[2]),
    }
    done = subprocess.run(
        [sys.executable, "-c", STORY, str(tmp_path)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["looked"] > 40
    assert found["blurred"] == []
    assert found["cut"] == []
