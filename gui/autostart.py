"""Starts with the session, in the background: an entry of the Desktop Application Autostart Specification."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import platformdirs
from PySide6.QtCore import QSaveFile

_ENTRY = """[Desktop Entry]
Type=Application
Name=Rumpus
Comment=Opens untrusted USB sticks behind walls
Comment[de]=Öffnet fremde USB-Sticks hinter Schutzwänden
Exec={command} --background
Icon=org.rumpus.Rumpus
Terminal=false
X-GNOME-Autostart-enabled=true
"""


def place() -> Path:
    return platformdirs.user_config_path() / "autostart" / "org.rumpus.Rumpus.desktop"


def is_on() -> bool:
    return place().is_file()


def turn(on: bool) -> bool:
    """Whether it is then as it was wanted."""
    if not on:
        place().unlink(missing_ok=True)
        return True
    place().parent.mkdir(parents=True, exist_ok=True)
    file = QSaveFile(str(place()))
    entry = _ENTRY.format(command=_command()).encode()
    return file.open(QSaveFile.OpenModeFlag.WriteOnly) and file.write(entry) == len(entry) and file.commit()


def _command() -> str:
    """How this program is started, quoted as the Desktop Entry Specification has it."""
    beside = Path(sys.executable).with_name("rumpus-gui")
    found = str(beside) if beside.is_file() else shutil.which("rumpus-gui")
    words = [found] if found else [sys.executable, "-m", "gui.app"]
    return " ".join(_quoted(word) for word in words)


def _quoted(word: str) -> str:
    for special in ("\\", '"', "`", "$"):
        word = word.replace(special, "\\" + special)
    # A backslash is doubled once more by the file's own syntax, and % begins a field code.
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'
