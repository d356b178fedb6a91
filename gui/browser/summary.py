"""What a folder and a selection in it come to, for the status bar."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass, field

from gui.browser.contents import Tally
from gui.browser.model import FolderModel
from gui.browser.reading import Reader


@dataclass(frozen=True)
class Summary:
    """What the status bar says of a folder."""

    shown: Tally = field(default_factory=Tally)
    selected: Tally = field(default_factory=Tally)
    hidden: int = 0
    """Entries left out for asking so."""
    looked: int | None = None
    """Names that a search has looked at, where it is not a folder that is shown."""
    reading: bool = False


def summary_of(model: FolderModel, reader: Reader, selected: Sequence[int]) -> Summary:
    """`selected` are rows."""
    contents = model.contents
    parts = [contents.plain, contents.hidden] if reader.view.with_hidden else [contents.plain]
    here = Tally(*(sum(column) for column in zip(*map(astuple, parts), strict=True)))
    if reader.view.only:
        here = _tally(model, range(model.count))
    return Summary(
        shown=here,
        selected=_tally(model, selected) if len(selected) < model.count else here,
        hidden=hidden_in(model, reader),
        reading=reader.busy,
        looked=model.results.looked if model.results is not None else None,
    )


def hidden_in(model: FolderModel, reader: Reader) -> int:
    """Entries that are left out because they ask for it."""
    hidden = model.contents.hidden
    return 0 if reader.view.with_hidden else hidden.folders + hidden.files


def _tally(model: FolderModel, rows: Sequence[int]) -> Tally:
    tally = Tally()
    for entry in model.entries_at(rows):
        tally.add(entry)
    return tally
