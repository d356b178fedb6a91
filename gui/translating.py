"""The user's language: what every sentence of the window goes through.

A sentence is written in English where it is said, as `tr("{name} was pulled out.", name=…)`. It must be a
literal, for lupdate finds it there, and not within an f-string; what is put into it has a name, so that a
translation can move it. A count that the words depend on comes as Qt has it, `tr("%Ln files", "", number)`.
Where a sentence is only noted down while modules are loaded, before the language is known, it is
`later("…")`, and is called when it is said.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QSettings, QTranslator

from core.resources import resource

_MOST = 2**31 - 1
"""The largest number that Qt takes for a count."""
_SETTING = "language"


def tr(source: str, comment: str = "", n: int = -1, /, **values: str) -> str:
    """The sentence in the user's language.

    `comment` tells apart what is one word in English and two elsewhere. `n` is what %Ln stands for.
    """
    text = QCoreApplication.translate("", source, comment, min(n, _MOST))
    return text.format(**values) if values else text


@dataclass(frozen=True)
class Later:
    """A sentence that is said later: call it then."""

    source: str
    comment: str = ""

    def __call__(self, n: int = -1, /, **values: str) -> str:
        return tr(self.source, self.comment, n, **values)


def later(source: str, comment: str = "") -> Later:
    """Notes a sentence down, for lupdate and for later."""
    return Later(source, comment)


def chosen() -> str:
    """The language that was asked for in the menu, such as "de"; empty where it is to be the desktop's."""
    return str(QSettings().value(_SETTING, ""))


def choose(language: str) -> None:
    """For the next start: what is on screen stays as it is."""
    QSettings().setValue(_SETTING, language)


def languages() -> dict[str, str]:
    """Those that there are, each under its own name."""
    found = sorted(path.stem.partition("_")[2] for path in resource("translations").glob("rumpus_*.qm"))
    # 001 is the world, so that English is not American.
    return {language: QLocale(f"{language}_001").nativeLanguageName() for language in found}


def speak(app: QCoreApplication, language: str = "") -> list[QTranslator]:
    """Loads the words of a language, or of those that the desktop prefers; numbers and dates follow it.

    Returns what was installed. English is always there: its plural forms are a translation too.
    """
    locale = system = QLocale.system()
    if language and QLocale(language).language() != system.language():
        locale = QLocale(QLocale(language).language(), system.territory())
        QLocale.setDefault(locale)
    ours = str(resource("translations"))
    theirs = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    installed = []
    for where, name, wanted in (
        (ours, "rumpus", QLocale("en")),
        (theirs, "qtbase", locale),
        (ours, "rumpus", locale),
    ):
        translator = QTranslator(app)
        if translator.load(wanted, name, "_", where) and app.installTranslator(translator):
            installed.append(translator)
    return installed
