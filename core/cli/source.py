"""What a command works on: `IMAGE-or-DEVICE[@PARTITION][:/PATH]`."""

from __future__ import annotations

import os
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import msgspec

from core.entry import PartitionFacts, Survey
from core.errors import NotFound, RumpusError
from core.host.access import Medium, open_medium
from core.host.changes import Changes
from core.host.supervisor import Supervisor
from core.host.volume import Volume

_NUMBERED = re.compile(r"(.+)@(\d{1,4})")


class UsageError(Exception):
    """What was typed makes no sense; the message says why."""


class NotOpened(Exception):
    """The stick or its file system could not be opened, and so nothing was done."""

    def __init__(self, where: str, error: RumpusError) -> None:
        super().__init__(where)
        self.where = where
        self.error = error


class Source(msgspec.Struct, frozen=True):
    """`partition` is None when none was named, `path` begins with "/" or is empty when none was named."""

    device: Path
    partition: int | None
    path: str

    @property
    def name(self) -> str:
        """As it was typed, without the path."""
        return str(self.device) if self.partition is None else f"{self.device}@{self.partition}"


def parse(text: str) -> Source:
    """Takes a name of the host apart. A colon or @ in the name of a file that exists belongs to that name."""
    for at, character in enumerate(text):
        if character == ":" and _exists(text[:at]):
            return _located(text[:at], "/" + text[at + 1 :].strip("/"))
    head, colon, path = (text, "", "") if _exists(text) else text.partition(":/")
    return _located(head, "/" + path.strip("/") if colon else "")


def _exists(text: str) -> bool:
    """Whether this names a device or image, with or without a partition."""
    numbered = _NUMBERED.fullmatch(text)
    return bool(text) and (Path(text).exists() or (numbered is not None and Path(numbered[1]).exists()))


def _located(text: str, path: str) -> Source:
    numbered = _NUMBERED.fullmatch(text)
    if numbered is not None and not Path(text).exists():
        return Source(Path(numbered[1]), int(numbered[2]), path)
    return Source(Path(text), None, path)


class Choice(msgspec.Struct, frozen=True):
    """How the user wants volumes opened."""

    driver: str
    code_page: str


@asynccontextmanager
async def medium_of(source: Source) -> AsyncIterator[Medium]:
    """Raises NotOpened."""
    try:
        medium = await open_medium(source.device)
    except RumpusError as error:
        raise NotOpened(str(source.device), error) from error
    with medium:
        yield medium


@asynccontextmanager
async def volume_of(supervisor: Supervisor, source: Source, choice: Choice) -> AsyncIterator[Volume]:
    """The volume of a source. Raises NotOpened, and UsageError when there are several and none was named."""
    async with opened(supervisor, source, choice) as (_, volume):
        yield volume


@asynccontextmanager
async def opened(
    supervisor: Supervisor, source: Source, choice: Choice
) -> AsyncIterator[tuple[Medium, Volume]]:
    """The same, with the medium that it is on."""
    if source.partition is None:
        async with located(supervisor, source, choice) as (volume, medium, _):
            yield medium, volume
        return
    async with medium_of(source) as medium:
        try:
            volume = await supervisor.open(medium, source.partition, choice.driver, choice.code_page)
        except RumpusError as error:
            raise NotOpened(source.name, error) from error
        async with volume:
            yield medium, volume


@asynccontextmanager
async def located(
    supervisor: Supervisor, source: Source, choice: Choice
) -> AsyncIterator[tuple[Volume, Medium, PartitionFacts]]:
    """The volume of a source, with the medium that it is on and its place there. Raises as `volume_of`."""
    async with medium_of(source) as medium:
        try:
            place, volume = await supervisor.find_and_open(
                medium, partial(_only, source), choice.driver, choice.code_page
            )
        except RumpusError as error:
            raise NotOpened(source.name, error) from error
        async with volume:
            yield volume, medium, place


def _named(survey: Survey, source: Source) -> list[PartitionFacts]:
    if source.partition is None:
        return survey.partitions
    if source.partition == 0:
        return [PartitionFacts(number=0, offset=0, size=survey.size)]
    return [place for place in survey.partitions if place.number == source.partition]


def _only(source: Source, survey: Survey) -> PartitionFacts:
    """The one partition that can be meant. Raises UsageError, NotFound."""
    partitions = _named(survey, source)
    known = [partition for partition in partitions if partition.system] or partitions
    if len(known) > 1:
        choices = ", ".join(f"{source.device}@{partition.number}" for partition in known)
        raise UsageError(f"{source.device} has {len(known)} partitions; say which: {choices}")
    if not known:
        raise NotFound("partition")
    return known[0]


@asynccontextmanager
async def changes_to(
    supervisor: Supervisor, source: Source, choice: Choice
) -> AsyncIterator[tuple[Volume, Changes]]:
    """The volume of a source, and the means to change it; what was changed is on the medium afterwards.

    Raises as `volume_of`, and NotOpened when it cannot be written.
    """
    async with opened(supervisor, source, choice) as (medium, volume):
        try:
            descriptor = await medium.for_writing()
            try:
                changes = await volume.writable(descriptor)
            finally:
                os.close(descriptor)
        except RumpusError as error:
            raise NotOpened(source.name, error) from error
        yield volume, changes
        await changes.flush()
