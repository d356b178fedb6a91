"""Turns a running application to another language, as it would have been started in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from gui import formats
from gui.browser import model
from gui.translating import speak


class Brackets(QTranslator):
    """Not a language: puts every sentence that goes through it into brackets."""

    def isEmpty(self) -> bool:
        return False

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return "" if context else f"⟦{source}⟧"


@contextmanager
def speaking(app: QApplication, language: str) -> Iterator[None]:
    """ "brackets" is that of `Brackets`."""
    before = QLocale()
    installed: list[QTranslator]
    if language == "brackets":
        installed = [Brackets(app)]
        app.installTranslator(installed[0])
    else:
        installed = speak(app, language)
        QLocale.setDefault(QLocale(language))
    _forget()
    try:
        yield
    finally:
        for translator in installed:
            app.removeTranslator(translator)
        QLocale.setDefault(before)
        _forget()


def _forget() -> None:
    for remembered in (formats._calendar, formats._clock, model._file_kind):
        remembered.cache_clear()
