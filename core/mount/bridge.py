"""From the threads of libfuse to the event loop that a volume belongs to, and back."""

from __future__ import annotations

import asyncio
import errno
import os
from collections.abc import Coroutine
from concurrent.futures import CancelledError, Future
from typing import Any, TypeVar

from core.errors import RumpusError
from core.host import deadlines
from core.mount.refusals import number_of

_T = TypeVar("_T")

_PATIENCE = deadlines.ON_MEDIUM + 60
"""Seconds after which a program gets EIO in any case. The worker's own deadlines are all shorter."""


class Bridge:
    """`ask` from any thread but the loop's; once `cut`, everything fails at once with EIO."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self.is_cut = False

    def cut(self) -> None:
        """There is nobody to ask any more."""
        self.is_cut = True

    def check(self) -> None:
        """Raises OSError EIO once cut."""
        if self.is_cut:
            raise failure(errno.EIO)

    def ask(self, question: Coroutine[Any, Any, _T]) -> _T:
        """The answer. Raises OSError with the number that the kernel passes on."""
        if self.is_cut:
            question.close()
            raise failure(errno.EIO)
        answer: Future[_T] | None = None
        try:
            answer = asyncio.run_coroutine_threadsafe(question, self._loop)
            return answer.result(_PATIENCE)
        except RumpusError as error:
            raise failure(number_of(error)) from error
        except (TimeoutError, CancelledError) as error:
            if answer is not None:
                answer.cancel()  # whoever asked has been told that it failed
            raise failure(errno.EIO) from error
        except RuntimeError as error:  # the loop has ended meanwhile
            question.close()
            raise failure(errno.EIO) from error


def failure(number: int) -> OSError:
    return OSError(number, os.strerror(number))
