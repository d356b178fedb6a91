"""What is done with a stick that a person waits for: while it lasts, the stick is not to be pulled out."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from core.host.accounts import Account


class Use(Protocol):
    """A job."""

    @property
    def what(self) -> str:
        """For people: what is done right now."""

    def cancel(self) -> None:
        """Asks it to end soon."""

    def account(self) -> Account:
        """What became of it if the stick goes now."""


class Uses:
    """All that goes on with one stick. `changed` is called when the first begins, and when the last ended."""

    def __init__(self, changed: Callable[[], None] = lambda: None) -> None:
        self._changed = changed
        self._uses: dict[object, Use] = {}
        self._over: asyncio.Future[None] | None = None
        self._interrupted: dict[object, Account] = {}

    def __bool__(self) -> bool:
        return bool(self._uses)

    def __iter__(self) -> Iterator[Use]:
        return iter(tuple(self._uses.values()))

    @contextmanager
    def during(self, use: Use) -> Iterator[None]:
        """The stick is busy with it for as long as this lasts."""
        key = object()
        self._uses[key] = use
        if len(self._uses) == 1:
            self._changed()
        try:
            yield
        finally:
            del self._uses[key]
            if not self._uses:
                self._end()

    @property
    def interrupted(self) -> list[Account]:
        """What was going on when the stick went."""
        return list(self._interrupted.values())

    def interrupt(self, use: Use | None = None) -> None:
        """The stick has gone, as all learn or as this one has seen for itself."""
        for each in [use] if use is not None else self:
            self._interrupted[each] = each.account()

    def note(self, account: Account) -> None:
        """The stick has gone while that was going on."""
        self._interrupted[account] = account

    def cancel(self) -> None:
        for use in self:
            use.cancel()

    async def over(self) -> None:
        """Returns when nothing goes on any more."""
        while self._uses:
            if self._over is None:
                self._over = asyncio.get_running_loop().create_future()
            await asyncio.wait({self._over})

    def _end(self) -> None:
        over, self._over = self._over, None
        if over is not None:
            over.set_result(None)
        self._changed()
