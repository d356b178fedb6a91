"""Where a page is, and what that is called: asked by whatever shows it or does something to it."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget

from core.entry import Entry, Kind
from core.errors import DeviceGone, NotFound, RumpusError
from core.host.names import shown
from core.host.sticks import Stick, StickState, StickVolume, VolumeState
from core.host.volume import Volume
from gui.browser.browser import Browser
from gui.browser.results import Results
from gui.mainwindow.place import Crumb, Key, Place
from gui.tasks import Tasks

_LOST = (VolumeState.FAILED, VolumeState.GONE, StickState.FAILED, StickState.GONE, StickState.SAFE)


class Here(QStackedWidget):
    """A folder of one `StickVolume`, or a stick of which nothing is known yet."""

    def __init__(self, key: Key, stick: Stick, tasks: Tasks) -> None:
        super().__init__()
        self.key = key
        self.stick = stick
        self.crumbs: tuple[Crumb, ...] = ()
        self.searched = ""
        """What is searched for; empty while a folder is shown."""
        self.browser = Browser(tasks)
        self._read: Volume | None = None
        """The volume that the browser shows, and that the nodes of the crumbs belong to."""
        self._epoch = 0
        """Rises when nodes that are remembered elsewhere may mean something else, or nothing."""
        self._folder_error: RumpusError | None = None

    @property
    def stick_volume(self) -> StickVolume | None:
        """None while it is not known what the stick holds."""
        number = self.key.partition
        return next((each for each in self.stick.volumes if each.partition.number == number), None)

    @property
    def name(self) -> str:
        """For people."""
        volume = self.stick_volume
        return volume.name if volume is not None else self.stick.name

    @property
    def volume(self) -> Volume | None:
        """The open volume whose files are shown."""
        volume = self.stick_volume
        return volume.volume if volume is not None else None

    @property
    def place(self) -> Place:
        return Place(self.key, self.crumbs, self._session(self._read), self.searched)

    @property
    def error(self) -> RumpusError | None:
        """What stands in the place of the files."""
        source = self.stick_volume or self.stick
        if source.state in _LOST:
            return source.error or self.stick.error or DeviceGone()
        if source is self.stick and self.stick.state.usable and self.key.partition is not None:
            return NotFound(self.name)
        return self._folder_error

    @property
    def shows_files(self) -> bool:
        return self.currentWidget() is self.browser

    @property
    def folder(self) -> Entry:
        """The one that is shown."""
        if self.crumbs:
            return Entry(self.crumbs[-1].name, self.crumbs[-1].node, Kind.DIRECTORY)
        return Entry("", self._read.facts.root if self._read is not None else 0, Kind.DIRECTORY)

    def home_of(self, entry: Entry) -> tuple[Crumb, ...]:
        """The way to the folder where it lies: the one on screen, or of what was found any other."""
        results = self.browser.results
        if results is None:
            return self.crumbs
        return tuple(Crumb(folder.name, folder.node) for folder in results.way_to(entry))

    def place_of(self, folder: Entry) -> Place:
        """Where one would be in a folder on screen."""
        crumbs = (*self.home_of(folder), Crumb(folder.name, folder.node))
        return Place(self.key, crumbs, self.place.session)

    @property
    def title(self) -> str:
        """For people."""
        return shown(self.crumbs[-1].name) if self.crumbs else self.name

    def way_to(self, entry: Entry) -> tuple[str, ...]:
        """The names that lead from the root to an entry on screen, its own the last. Raw. Raises NotFound."""
        results = self._results_with(entry)
        above = results.way_to(entry) if results is not None else self.crumbs
        return (*(each.name for each in above), entry.name)

    def parent_of(self, entry: Entry) -> int:
        """The node of the folder that an entry on screen lies in. Raises NotFound."""
        results = self._results_with(entry)
        if results is None or self._read is None:
            return self.folder.node
        way = results.way_to(entry)
        return way[-1].node if way else self._read.facts.root

    def _results_with(self, entry: Entry) -> Results | None:
        results = self.browser.results
        if results is not None and not results.knows(entry):
            raise NotFound(entry.name)  # it is being searched anew, and where this lies is not known any more
        return results

    def _session(self, volume: Volume | None) -> tuple[int, int]:
        return (volume.pid, self._epoch) if volume is not None else (0, 0)
