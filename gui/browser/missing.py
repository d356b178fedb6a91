"""The line below the files, of what is not among them."""

from __future__ import annotations

from PySide6.QtWidgets import QAbstractItemView

from gui.browser.ending import facts_of, missing
from gui.browser.model import FolderModel
from gui.browser.notice import Notice


class MissingNotice(Notice):
    """Says nothing while the last row is in sight, which says the same of a folder that breaks off."""

    def __init__(self, model: FolderModel, views: tuple[QAbstractItemView, ...]) -> None:
        super().__init__()
        self._model = model
        self._views = views
        for view in views:
            view.verticalScrollBar().valueChanged.connect(self._scrolled)
            view.verticalScrollBar().rangeChanged.connect(self._scrolled)

    def tell(self) -> None:
        model, contents = self._model, self._model.contents
        remark = model.results.remark() if model.results is not None and contents.error is None else ""
        self.say("" if self._seen() else remark or missing(contents), again=contents.error is not None)
        self.setToolTip(facts_of(contents.error))

    def _seen(self) -> bool:
        """Whether the last row is in sight, in the view that is in use."""
        end = self._model.end
        return end.isValid() and any(
            view.viewport().rect().contains(view.visualRect(end).center())
            for view in self._views
            if view.model() is self._model
        )

    def _scrolled(self) -> None:
        if self._model.end.isValid():
            self.tell()
