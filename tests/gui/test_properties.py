"""The properties panel: facts of a file and of a volume, and nothing of the last one."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from core.entry import Attribute, Details, Entry, Kind, VolumeFacts, Zone
from core.errors import CorruptStructure, Fault, NotFound
from core.host.measuring import Measure, measure
from gui import formats
from gui.properties import PropertiesPanel, content_of, entry_rows, volume_rows
from gui.tasks import Tasks
from tests.support.qt_loop import run
from tests.support.window import Desk

NOON = 1_794_484_800_000_000_000  # 2026-11-12 12:00:00 UTC
HOSTILE = "<b>x</b>\u202e\n"


class Stick:
    """A volume whose answers come when the test lets them."""

    def __init__(self, details: dict[int, Details], facts: VolumeFacts) -> None:
        self.details, self.facts = details, facts
        self.gates: dict[int, asyncio.Event] = {}

    async def stat(self, node: int) -> Details:
        if node in self.gates:
            await self.gates[node].wait()
        if node not in self.details:
            raise NotFound("the entry")
        return self.details[node]

    async def describe(self) -> VolumeFacts:
        return self.facts


FACTS = VolumeFacts(
    "fat", "FAT32", 0, "HOLIDAY", "1234-ABCD", 4_000_000, 1_000_000, 512, Zone.LOCAL, dirty=True
)
ONE = Entry("one.txt", 1, Kind.FILE, 1234, NOON, Attribute.READ_ONLY | Attribute.HIDDEN)
TWO = Entry(HOSTILE, 2, Kind.FILE)


@pytest.fixture
def panel(qtbot: QtBot) -> PropertiesPanel:
    panel = PropertiesPanel(Tasks())
    qtbot.addWidget(panel)
    panel.resize(300, 700)
    panel.show()
    return panel


def said(panel: PropertiesPanel) -> list[str]:
    """All text that is not hidden on purpose. It may be asked for inside a task, where no events may run."""
    kept = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    labels = (
        label for label in panel.findChildren(QLabel) if not (label.isHidden() and label.testAttribute(kept))
    )
    return [label.text() for label in labels if label.text()]


def test_a_file_tells_its_size_times_and_attributes() -> None:
    rows = dict(
        entry_rows(Details(ONE, created=NOON, facts=[("Short name", "ONE.TXT")]), Zone.LOCAL, known=True)
    )
    assert rows["Size"].replace(",", "") == "1.2 kB (1234 bytes)"
    assert rows["Modified"] == rows["Created"] == "12 Nov 2026, 12:00"
    assert rows["Attributes"] == "read-only, hidden"
    assert rows["Short name"] == "ONE.TXT"
    assert "clock of whoever wrote them" in rows["Times are"]


def test_a_volume_tells_its_system_room_and_state() -> None:
    rows = dict(volume_rows(FACTS))
    assert rows["File system"] == "FAT32"
    assert rows["Free"] == "1.0 MB"
    assert rows["State"] == "was not ejected properly last time"
    assert rows["Driver"] == FACTS.driver


def test_names_and_facts_from_the_stick_are_harmless(panel: PropertiesPanel, qapp: QApplication) -> None:
    stick: Any = Stick({2: Details(TWO, facts=[(HOSTILE, HOSTILE)])}, FACTS)

    async def story() -> None:
        panel.show_entry(stick, TWO)
        await panel._tasks.settled()

    run(qapp, story())
    assert said(panel).count("<b>x</b>\ufffd\u240a") == 3
    assert {label.textFormat() for label in panel.findChildren(QLabel) if label.text()} == {
        Qt.TextFormat.PlainText
    }


def test_a_late_answer_about_the_last_file_is_dropped(panel: PropertiesPanel, qapp: QApplication) -> None:
    stick: Any = Stick(
        {1: Details(ONE, facts=[("Fact", "of one")]), 2: Details(TWO, facts=[("Fact", "of two")])}, FACTS
    )

    async def story() -> None:
        stick.gates[1] = asyncio.Event()
        panel.show_entry(stick, ONE)
        await asyncio.sleep(0)
        panel.show_entry(stick, TWO)
        stick.gates[1].set()
        await panel._tasks.settled()

    run(qapp, story())
    assert "of two" in said(panel)
    assert "of one" not in said(panel)


def test_damage_and_disguise_are_said_in_the_panel(panel: PropertiesPanel, qapp: QApplication) -> None:
    problem = Fault.of(CorruptStructure("directory entry", 64, "a name", "none"))
    broken = Entry("invoice.pdf.exe", 7, Kind.FILE, problem=problem)
    stick: Any = Stick({}, FACTS)

    async def story() -> None:
        panel.show_entry(stick, broken)
        assert "“invoice.pdf.exe” is damaged" in " ".join(said(panel))
        assert "A Windows program that pretends to be a PDF." in " ".join(said(panel))
        await panel._tasks.settled()

    run(qapp, story())
    assert "“the entry” is not there any more." in said(panel)


async def test_of_a_folder_is_told_what_it_holds_with_everything_below_it(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.window.actions_.properties.setChecked(True)
    desk.select("Letters")
    panel = desk.window.properties
    await desk.until(lambda: panel._title.text() == "Letters", "the folder is described")
    await desk.settled()
    volume = desk.page.volume
    assert volume is not None
    sizes = [
        (await volume.resolve(f"/Letters/{path}")).size
        for path in (
            "Grüße aus Kiel.txt",
            "2026/figures.csv",
            "2026/A letter with a rather long name, as people like to write them.txt",
        )
    ]
    assert panel._content.text() == f"3 files, 1 folder, {formats.size(sum(sizes))}"


async def test_a_folder_that_breaks_off_says_that_not_all_of_it_was_counted(
    desk: Desk, hostile: Path
) -> None:
    await desk.add(hostile)
    desk.window.actions_.properties.setChecked(True)
    desk.select("half")
    panel = desk.window.properties
    await desk.until(lambda: panel._title.text() == "half", "the folder is described")
    await desk.settled()
    assert panel._content.text().endswith("1 part of it could not be read")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Measure(files=1), "1 file, 0 bytes"),
        (Measure(), "0 files, 0 bytes"),
        (Measure(folders=2), "2 folders, 0 bytes"),
        (Measure(folders=1, files=2, bytes=3_000), "2 files, 1 folder, 3.0 kB"),
        (Measure(files=9, whole=False), "More than 9 files, 0 bytes"),
        (Measure(files=1, missed=2), "1 file, 0 bytes. 2 parts of it could not be read"),
    ],
)
def test_the_content_of_a_folder_reads_as_one_would_say_it(found: Measure, words: str) -> None:
    assert content_of(found) == words


async def test_of_several_is_told_what_they_come_to_with_all_that_is_in_them(desk: Desk) -> None:
    await desk.choose("HOLIDAY")
    desk.window.actions_.properties.setChecked(True)
    desk.select("Letters", "README.txt")
    panel = desk.window.properties
    await desk.until(lambda: panel._title.text() == "2 items", "both are described")
    await desk.settled()
    volume = desk.page.volume
    assert volume is not None
    letters = [found async for found in measure(volume, desk.entry("Letters").node)][-1]
    size = letters.bytes + desk.entry("README.txt").size
    assert panel._content.text() == f"4 files, 2 folders, {formats.size(size)}"
    assert "Modified" not in said(panel), "of the folder that was shown before"


@pytest.mark.parametrize(("kind", "told"), [(Kind.FILE, True), (Kind.DIRECTORY, False)])
def test_a_folder_is_not_said_to_have_the_names_of_those_in_it(kind: Kind, told: bool) -> None:
    rows = dict(entry_rows(Details(Entry("x", 1, kind), links=3), Zone.UTC, known=True))
    assert ("Names" in rows) is told
