"""Where a copy onto a stick takes its files from: what is to go, in order, and the bytes of each."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from core.entry import Attribute, Entry
from core.errors import HostReadFailed, NotFound, RumpusError, WrongKind
from core.host import names
from core.host.landing import Conflict
from core.host.turns import Turn, at_once
from core.host.volume import Volume
from core.worker.protocol import TOGETHER

_DEEPEST = 128
_MOST_NAMES = 1000
"""Other names that are tried for a file whose name is taken."""
_SMALL = 256 * 1024
"""Bytes of a file up to which it is stored together with others."""
_OPEN = os.O_RDONLY | os.O_CLOEXEC | os.O_NOCTTY | os.O_NONBLOCK

Trouble = Callable[[str, RumpusError], None]
"""Hears the path of what is left out, raw, and why."""
AtHost = Callable[..., Awaitable[Any]]
"""Runs a function with its arguments in a thread."""


@dataclass(slots=True, eq=False)
class Step:
    """A file or folder that is to be on the stick. `above` is None directly in the target."""

    source: Path | Entry
    name: str
    """That it will have there. Raw."""
    above: Step | None
    folder: bool
    size: int = 0
    modified: int | None = None
    """Nanoseconds since 1970 UTC."""
    attributes: int = 0
    """`Attribute`s besides ARCHIVE."""
    conflict: Conflict | None = None
    """What is to become of it where its name is taken, if not what the job does with all."""
    node: int | None = None
    """Of a folder, once it is on the stick."""
    stored: int | None = None
    """The number of the change that brought a file, once it is made."""
    file: Entry | None = None
    """As it is on the stick."""
    tried: str = ""
    """The name under which a file was, or was to be, stored last."""
    over: bool = False
    """Whether nothing more will come of a file: it is on the medium, or never will be."""
    settled: bool = False
    """Whether a file is on the medium."""
    passed: bool = False
    """Whether one of its name was there and was to stay."""

    @property
    def path(self) -> str:
        return self.name if self.above is None else f"{self.above.path}/{self.name}"

    @property
    def top(self) -> Step:
        return self if self.above is None else self.above.top


@dataclass(frozen=True)
class Elsewhere:
    """A file of another open volume."""

    volume: Volume
    entry: Entry


class Origin(ABC):
    """The files and folders of one copy, all from one place."""

    of_a_stick = False

    turn: Turn = staticmethod(at_once)
    """Of the job that takes them."""

    @abstractmethod
    async def plan(self, at_host: AtHost, trouble: Trouble) -> list[Step]:
        """A folder before what is in it. Raises what makes the whole copy senseless."""

    @abstractmethod
    def open(
        self, step: Step, at_host: AtHost, trouble: Trouble
    ) -> contextlib.AbstractAsyncContextManager[int]:
        """A descriptor of a regular file that has the bytes of a step, from its start.

        `trouble` hears of pieces that are missing. Raises HostReadFailed, and what reading the place raises.
        """

    def other(self, step: Step) -> Path | Elsewhere:
        """Where the bytes of a file came from, to be read once more."""
        assert isinstance(step.source, Path)
        return step.source

    def open_together(
        self, steps: Sequence[Step], at_host: AtHost
    ) -> contextlib.AbstractAsyncContextManager[dict[Step, int]] | None:
        """The same for small files, without those that cannot be opened; None where that saves nothing."""
        return None


class HostOrigin(Origin):
    """Files and folders of the host. `name` is what a single one shall be called on the stick."""

    def __init__(self, sources: Sequence[Path], name: str = "") -> None:
        self._sources = tuple(sources)
        self._name = name

    async def plan(self, at_host: AtHost, trouble: Trouble) -> list[Step]:
        steps: list[Step] = []
        await at_host(self._plan, steps, trouble)
        return steps

    @asynccontextmanager
    async def open(self, step: Step, at_host: AtHost, trouble: Trouble) -> AsyncIterator[int]:
        opened: list[int] = []
        try:
            # Kept by the thread itself: whoever is cancelled while it opens never hears what it returns.
            await at_host(lambda: opened.append(_open(step)))
            yield opened[0]
        finally:
            for descriptor in opened:
                os.close(descriptor)

    @asynccontextmanager
    async def open_together(self, steps: Sequence[Step], at_host: AtHost) -> AsyncIterator[dict[Step, int]]:
        opened: dict[Step, int] = {}
        try:
            await at_host(_open_all, steps, opened)
            yield opened
        finally:
            for descriptor in opened.values():
                os.close(descriptor)

    # in a thread --------------------------------------------------------------------------------------------

    def _plan(self, steps: list[Step], trouble: Trouble) -> None:
        for source in self._sources:
            try:
                found = source.stat()  # what a person names is followed, what lies in it is not
            except (OSError, ValueError) as error:
                number = error.errno if isinstance(error, OSError) else errno.EINVAL
                trouble(source.name, HostReadFailed(str(source), number or 0))
                continue
            name = self._name or source.name or source.resolve().name
            _add(steps, trouble, source, name, None, found, 0)


def _add(
    steps: list[Step],
    trouble: Trouble,
    source: Path,
    name: str,
    above: Step | None,
    found: os.stat_result,
    depth: int,
) -> None:
    folder = stat.S_ISDIR(found.st_mode)
    read_only = 0 if folder or found.st_mode & stat.S_IWUSR else int(Attribute.READ_ONLY)
    size = 0 if folder else found.st_size
    step = Step(source, name, above, folder, size, found.st_mtime_ns, read_only)
    if not folder and not stat.S_ISREG(found.st_mode):
        trouble(step.path, WrongKind(name, "file"))
        return
    steps.append(step)
    if not folder:
        return
    if depth == _DEEPEST:
        trouble(step.path, NotFound(f"way to copy folders {_DEEPEST} deep"))
        return
    try:
        with os.scandir(source) as entries:
            inside = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        trouble(step.path, HostReadFailed(str(source), error.errno or 0))
        return
    for entry in inside:
        with contextlib.suppress(FileNotFoundError):  # it went away meanwhile
            at = entry.stat(follow_symlinks=False)
            _add(steps, trouble, Path(entry.path), entry.name, step, at, depth + 1)


def in_batches(steps: Sequence[Step], way: Callable[[Step], Conflict]) -> Iterator[list[Step]]:
    """What is still to come: small files of one folder in company, everything else by itself; in order.

    Steps of one batch go the same `way`.
    """
    batch: list[Step] = []
    for step in steps:
        if step.over:
            continue
        small = not step.folder and step.size <= _SMALL and not step.tried
        alike = bool(batch) and step.above is batch[0].above and way(step) is way(batch[0])
        if batch and (not small or len(batch) == TOGETHER or not alike):
            yield batch
            batch = []
        if small:
            batch.append(step)
        else:
            yield [step]
    if batch:
        yield batch


def names_to_try(name: str) -> Iterator[str]:
    """Those to try where both are to be kept."""
    yield name
    for number in range(2, _MOST_NAMES):
        yield names.marked(name, f" ({number})")


def read_at(descriptor: int, offset: int, length: int) -> bytes:
    """Raises HostReadFailed."""
    try:
        return os.pread(descriptor, length, offset)
    except OSError as error:
        raise HostReadFailed("", error.errno or 0) from error


def rest(steps: Sequence[Step]) -> list[Step]:
    """The files of these that did not arrive and were to, and the folders they are in, as new steps."""
    left = {step for step in steps if not (step.folder or step.settled or step.passed)}
    needed = set(left)
    for step in left:
        above = step.above
        while above is not None:
            needed.add(above)
            above = above.above
    again: dict[Step, Step] = {}
    for step in steps:
        if step in needed:
            above = again[step.above] if step.above is not None else None
            again[step] = Step(
                step.source,
                step.name,
                above,
                step.folder,
                step.size,
                step.modified,
                step.attributes,
                step.conflict,
            )
    return list(again.values())


def _open_all(steps: Sequence[Step], opened: dict[Step, int]) -> None:
    for step in steps:
        with contextlib.suppress(HostReadFailed):  # said when it is opened alone
            opened[step] = _open(step)


def _open(step: Step) -> int:
    """A descriptor of a regular file. Links within what was named lead nowhere. Raises HostReadFailed."""
    assert isinstance(step.source, Path)
    try:
        descriptor = os.open(step.source, _OPEN | (os.O_NOFOLLOW if step.above else 0))
    except OSError as error:
        raise HostReadFailed(str(step.source), error.errno or 0) from error
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise HostReadFailed(str(step.source), errno.EINVAL)
    return descriptor
