"""Takes a picture of every main state of the real window, over a real worker that reads the sample stick.

make screenshots
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from pathlib import Path

from PySide6.QtCore import QLocale, QSettings
from PySide6.QtWidgets import QApplication

from gui.garbage import Collector
from gui.start import application, loop_of
from gui.translating import speak
from tests.gui.scenes import dark, scenes
from tests.gui.studio import FOLDER, Studio, dress, studio_in
from tests.support.languages import speaking

GERMAN = (
    "welcome",
    "files",
    "properties",
    "keys",
    "walls",
    "split",
    "danger",
    "delete",
    "conflict",
    "copying",
    "eject-held",
    "format",
    "check",
    "breaks-off",
    "error-medium",
    "pulled-out",
)


class GermanStudio(Studio):
    """Few pictures: enough to see whether the words have room."""

    prefix = "de-"

    def wants(self, name: str) -> bool:
        return name in GERMAN and super().wants(name)


async def _all(app: QApplication, home: Path, names: list[str]) -> None:
    async with studio_in(home, names, Studio) as studio:
        await scenes(studio, home)
    (home / "dark").mkdir()
    async with studio_in(home, names, Studio) as studio:
        await dark(studio, home / "dark")
    dress(is_dark=False)
    (home / "german").mkdir()
    with speaking(app, "de"):
        async with studio_in(home / "german", names, GermanStudio) as studio:
            await scenes(studio, home / "german")


def main(names: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="screenshots") as folder:
        os.environ |= {"XDG_RUNTIME_DIR": folder, "DBUS_SESSION_BUS_ADDRESS": f"unix:path={folder}/no-bus"}
        QSettings.setPath(QSettings.Format.NativeFormat, QSettings.Scope.UserScope, folder)
        app = application(["rumpus-gui"])
        speak(app, "en")
        QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom))
        app.setStyle("Fusion")
        app.setCursorFlashTime(0)
        dress(is_dark=False)
        FOLDER.mkdir(parents=True, exist_ok=True)
        with Collector(), asyncio.Runner(loop_factory=lambda: loop_of(app)) as runner:
            runner.run(_all(app, Path(folder), names))


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # two windows were closed; Qt need not be taken down in any order
