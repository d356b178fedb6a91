"""The window in other languages: every sentence goes through the translators, and German has each of them."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from core.errors import NameNotAllowed, ReadOnly
from core.fs.registry import DRIVERS
from core.fs.writable import Reason
from core.host.danger import SEEMING, WHAT, Danger
from gui import dangers, translating
from gui.prose import said
from gui.translating import tr
from gui.wording import explain
from tests.gui import gallery
from tests.gui.scenes import scenes
from tests.gui.studio import Studio, studio_in
from tests.support.languages import speaking
from tests.support.window import Desk
from tests.support.words import clipped, words

FOLDER = Path("resources/translations")
LANGUAGES = sorted(FOLDER.glob("rumpus_*.ts"))
_PLACE = re.compile(r"\{\w+\}|%L?n")


# the catalogues ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The translations with what the window says now."""
    folder = tmp_path_factory.mktemp("translations")
    for each in LANGUAGES:
        shutil.copy(each, folder)
    subprocess.run(
        [sys.executable, "packaging/translations", "update", "--folder", folder],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    return folder


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_a_translation_has_every_sentence_and_no_other(language: Path, fresh: Path) -> None:
    now = (fresh / language.name).read_text()
    assert language.read_text() == now, "make translations, and fill in what is unfinished"
    assert [source for source, _, state in _messages(language) if state] == []
    assert [source for source, forms, _ in _messages(language) if not all(forms)] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda path: path.stem)
def test_what_is_put_into_a_sentence_has_its_place_in_the_translation(language: Path) -> None:
    for source, forms, _ in _messages(language):
        for form in forms:
            missing = set(_PLACE.findall(source)) - set(_PLACE.findall(form))
            # Words may do without the number itself: "the file", "both".
            assert missing <= ({"%Ln", "{through}"} if len(forms) > 1 else set()), form
            assert set(_PLACE.findall(form)) <= set(_PLACE.findall(source)), form


def _messages(path: Path) -> Iterator[tuple[str, list[str], str]]:
    """(source, translation in each of its forms, what is said of its state)."""
    for message in ElementTree.parse(path).iter("message"):
        translation = message.find("translation")
        assert translation is not None
        forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
        yield message.findtext("source", ""), forms, translation.get("type", "")


def test_every_sentence_is_a_literal_that_the_tools_find() -> None:
    german = {source for source, _, _ in _messages(FOLDER / "rumpus_de.ts")}
    missed = []
    for path in sorted(Path("gui").rglob("*.py")):
        if path.name == "translating.py":
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in ("tr", "later")
            ):
                source = node.args[0] if node.args else None
                literal = isinstance(source, ast.Constant) and source.value in german
                if not literal:
                    missed.append(f"{path}:{node.lineno}")
    assert missed == []


# what core says ---------------------------------------------------------------------------------------------


def test_what_core_says_in_sentences_is_known_to_the_window(qapp: QApplication) -> None:
    said_by_core = {*map(str, Reason), *_literals("ReadOnly"), *_labels()}
    said_by_core |= {driver.limits for driver in DRIVERS}
    with speaking(qapp, "brackets"):
        assert [text for text in sorted(said_by_core) if "⟦" not in said(text)] == []


def _literals(error: str) -> Iterator[str]:
    for path in Path("core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == error:
                yield from (
                    each.value
                    for each in node.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                )


def _labels() -> Iterator[str]:
    """Of the facts that drivers tell: pairs that begin with a capital."""
    for path in Path("core/fs").glob("*/driver.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Tuple) and len(node.elts) == 2 and isinstance(node.elts[0], ast.Constant):
                label = node.elts[0].value
                if isinstance(label, str) and label[:1].isupper():
                    yield label


def test_a_phrase_of_core_keeps_the_name_that_is_in_it(qapp: QApplication) -> None:
    with speaking(qapp, "de"):
        assert said("copying beach.jpg") == "kopiert beach.jpg"
        assert said("gedit (process 4711)") == "gedit (Prozess 4711)"
        assert said("something that core never says") == "something that core never says"
        told = explain(NameNotAllowed("a:b", Reason.CHARACTER), "HOLIDAY")
        assert told.title == "„HOLIDAY“ kann den Namen „a:b“ nicht aufnehmen."
        assert ("Grund", "ein Zeichen darin ist nicht erlaubt") in told.details
        assert (
            explain(ReadOnly("it is write-protected"), "").title
            == "Dieser Stick kann nicht beschrieben werden."
        )


@pytest.mark.parametrize("what", WHAT)
def test_dangers_say_in_english_what_core_says(what: str, qapp: QApplication) -> None:
    for danger in (Danger(what), *(Danger(what, seeming) for seeming in SEEMING)):
        assert dangers.sentence(danger) == danger.sentence


# the window -------------------------------------------------------------------------------------------------

_BRACKETED = re.compile("⟦[^⟦⟧]*⟧")
_WORD = re.compile(r"[^\W\d_]{2,}")
_PATH = re.compile(r"(?<!\w)/\S+( STICK\.img)?|\bfile \d+\.txt")
_NAMES = """
of sticks, and of what is on them: HOLIDAY OLD STICK img Letters Music Photos Harbour invoice pdf exe README
txt TXT pier jpg sdb dev folder three TRAVEL beach letter trip zoo Acme Key Sample camera JPEG Documents
film mkv BACKUP INVOIC EXE DSC STRANGE hostile half
of systems, encodings, programs and units: FAT exFAT UTF ASCII kB MB GB bytes Rumpus AM PM MZ gedit
of walls: seccomp Landlock no executable memory new privs capabilities network process IPC user namespace
resource limits core tracing unprivileged killed by SIGSYS
of our own errors, and of what they tell: DeviceGone DriverCrashed CorruptStructure chain cluster from to
of a bug: ZeroDivisionError division by zero
of keys and languages: Ctrl Alt Shift Del Space Left Right Up Home Return Backspace Esc Deutsch English
of kinds, by the desktop: DOS Windows executable Plain text document JPEG image
"""
_SAME = frozenset(_WORD.findall(re.sub("(?m)^of .*: ", "", _NAMES)))
"""What is the same in all languages, or is no word of ours."""


def _untranslated(window: QWidget) -> Iterator[str]:
    """What is not in brackets, but for names and for what `gallery.HOSTILE` says."""
    for who, text in words(window):
        plain = text
        while _BRACKETED.search(plain):
            plain = _BRACKETED.sub("", plain)
        if "infected" not in text and not _SAME.issuperset(_WORD.findall(_PATH.sub("", plain))):
            yield f"{who}: {text}"


class Reader(Studio):
    """Looks with `look` at every main state, instead of taking a picture."""

    look: Callable[[QWidget], Iterator[str]]
    found: set[str]

    async def take(self, name: str) -> None:
        await self.desk.settled()
        for window in self.windows:
            window.grab()  # lays out what is still to be laid out
            self.found.update(f"{name}: {each}" for each in self.look(window))


async def _found(
    language: str, look: Callable[[QWidget], Iterator[str]], app: QApplication, home: Path
) -> list[str]:
    """In every main state of the window in that language."""
    with speaking(app, language):
        async with studio_in(home, [], Reader) as studio:
            studio.look, studio.found = look, set()
            await scenes(studio, home)
    return sorted(studio.found)


async def test_no_word_of_the_window_goes_round_the_translators(
    qapp: QApplication, collector: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert await _found("brackets", _untranslated, qapp, tmp_path) == []


async def test_german_words_have_room(
    qapp: QApplication, collector: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert await _found("de", clipped, qapp, tmp_path) == []


PANES = [pytest.param(*rest, id=name) for name, *rest in gallery.pictures() if "hostile" not in name]


@pytest.mark.parametrize(("make", "width", "height"), PANES)
def test_no_word_of_a_pane_goes_round_the_translators(
    make: Callable[[], QWidget], width: int, height: int, qapp: QApplication
) -> None:
    with speaking(qapp, "brackets"), _shown(make, width, height, qapp) as pane:
        assert list(_untranslated(pane)) == []


@pytest.mark.parametrize(("make", "width", "height"), PANES)
def test_german_words_have_room_in_a_pane(
    make: Callable[[], QWidget], width: int, height: int, qapp: QApplication
) -> None:
    with speaking(qapp, "de"), _shown(make, width, height, qapp) as pane:
        assert list(clipped(pane)) == []


@contextmanager
def _shown(make: Callable[[], QWidget], width: int, height: int, app: QApplication) -> Iterator[QWidget]:
    pane = make()
    pane.resize(width, height)
    pane.show()
    app.processEvents()
    yield pane
    pane.hide()
    pane.deleteLater()


_MARKED = {"tr", "later"}
_NO_WORDS = {"Rumpus", "unprivileged user", "Back", "Forward", "Backspace", "Del", "Return", "Space"}
"""The name, a wall by its key, and keys of the keyboard."""
_PROSE = re.compile(r"[a-z]{2,},? [a-z]{2,}|^[A-Z][a-z]+(…|\.)?$")


def test_no_sentence_in_the_sources_stands_outside_of_the_translators() -> None:
    """Also those that no main state shows."""
    found = []
    for path in sorted(Path("gui").rglob("*.py")):
        if path.name not in ("app.py", "autostart.py", "start.py", "__init__.py"):
            found += [f"{path}:{line} {text}" for line, text in _outside(ast.parse(path.read_text()))]
    assert found == []


def _outside(tree: ast.AST, call: str = "") -> Iterator[tuple[int, str]]:
    """Literals that look like words for people, but for docstrings, and what core says, in keys of tables."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Raise | ast.Assert | ast.MatchValue | ast.Compare):
            continue
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            continue
        within = (
            getattr(node.func, "attr", getattr(node.func, "id", "")) if isinstance(node, ast.Call) else call
        )
        if isinstance(node, ast.Dict):
            for value in node.values:
                yield from _outside(ast.Expression(value), within)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
            if within not in _MARKED | {"setStyleSheet"} and text not in _NO_WORDS and "{\n" not in text:
                yield from [(node.lineno, text)] if _PROSE.search(text) else []
        else:
            yield from _outside(node, within)


# choosing ---------------------------------------------------------------------------------------------------


async def test_a_chosen_language_is_kept_for_the_next_start(desk: Desk) -> None:
    languages = desk.window.toolbar.languages
    german = next(action for action in languages.actions() if action.text() == "Deutsch")
    assert [action.text() for action in languages.actions() if action.isChecked()] == [
        tr("As the desktop has it")
    ]
    german.trigger()
    assert translating.chosen() == "de"
    assert "started again" in desk.reads(desk.window.question)


@pytest.mark.parametrize(
    ("environment", "chosen", "words"),
    [
        ({"LC_ALL": "de_AT.UTF-8"}, "", "Auswerfen, 1 Datei, 2 Dateien, Abbrechen, 1,5"),
        ({"LC_ALL": "C.UTF-8"}, "", "Eject, 1 file, 2 files, Cancel, 1.5"),
        ({"LC_ALL": "de_DE.UTF-8"}, "en", "Eject, 1 file, 2 files, Cancel, 1,5"),  # as the country writes it
        ({"LC_ALL": "C.UTF-8"}, "de", "Auswerfen, 1 Datei, 2 Dateien, Abbrechen, 1,5"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:de"}, "", "Auswerfen, 1 Datei, 2 Dateien"),
    ],
)
def test_the_language_is_the_desktops_or_the_one_that_was_chosen(
    environment: dict[str, str], chosen: str, words: str
) -> None:
    script = (
        "import sys; from PySide6.QtWidgets import QApplication, QDialogButtonBox as Box;"
        "from PySide6.QtCore import QLocale; from gui.translating import speak, tr;"
        "app = QApplication([]); speak(app, sys.argv[1]);"
        "box = Box(Box.StandardButton.Cancel);"
        "cancel = box.button(Box.StandardButton.Cancel).text().replace('&', '');"
        "files = tr('%Ln files', '', 1), tr('%Ln files', '', 2);"
        "print(tr('Eject'), *files, cancel, QLocale().toString(1.5), sep=', ')"
    )
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    answer = subprocess.run(
        [sys.executable, "-c", script, chosen],
        env={**kept, "PYTHONPATH": ".", "QT_QPA_PLATFORM": "offscreen", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    assert answer.stdout.strip().startswith(words)
