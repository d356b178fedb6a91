"""Keeps the properties at the right in line with what is selected."""

from __future__ import annotations

from core.entry import Entry
from core.host.volume import Volume
from gui.actions import Actions
from gui.mainwindow.page import Page
from gui.properties import PropertiesPanel


class Describing:
    def __init__(self, actions: Actions, panel: PropertiesPanel) -> None:
        self._actions = actions
        self._panel = panel
        self._described: tuple[Volume, tuple[Entry, ...]] | None = None

    def refresh(self, page: Page | None, *, roomy: bool) -> None:
        """Of what is selected, else of the folder, and of the volume in its root."""
        volume = page.volume if page is not None else None
        wanted = self._actions.properties.isChecked() and volume is not None and roomy
        self._panel.setVisible(wanted)
        if not wanted or page is None or volume is None:
            self._described = None
            return
        browser = page.browser
        entries = tuple(browser.selected) or ((page.folder,) if page.crumbs else ())
        if self._described == (volume, entries):
            return
        self._described = (volume, entries)
        if not entries:
            self._panel.show_volume(volume)
        elif len(entries) == 1:
            self._panel.show_entry(volume, entries[0])
        else:
            self._panel.show_several(volume, entries)
