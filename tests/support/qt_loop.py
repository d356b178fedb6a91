"""Runs a coroutine as the window does: on Qt's event loop."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Coroutine
from typing import Any, TypeVar

import qasync
from PySide6.QtWidgets import QApplication

from gui.garbage import Collector

_T = TypeVar("_T")
_SECONDS = 60


def run(app: QApplication, coroutine: Coroutine[Any, Any, _T]) -> _T:
    """What the coroutine returns; TimeoutError when it hangs."""
    gc.collect()  # what earlier tests left must not go in one of this one's threads
    with Collector(), qasync.QEventLoop(app) as loop:
        asyncio.set_event_loop(loop)
        try:
            return loop.run_until_complete(asyncio.wait_for(coroutine, _SECONDS))
        finally:
            asyncio.set_event_loop(None)
