"""`rumpus mount`: a stick as a directory, read by a driver in its own process and never by the kernel."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from msgspec import structs

from core.cli import source, unattended, wording
from core.cli.background import into_background
from core.cli.output import Output
from core.cli.source import NotOpened, Source, UsageError
from core.errors import DeviceGone, NotMounted, RumpusError
from core.host.access import Medium
from core.host.changes import Changes
from core.host.launching import Launched, launch
from core.host.names import shown
from core.host.supervisor import Supervisor
from core.host.volume import Volume
from core.mount import host
from core.mount.mounted import Mount, mounted
from core.mount.options import Options, parse
from core.mount.places import Bounds
from core.mount.pulled import when_pulled

HELP = "show a stick as a directory of this machine"


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")
    parser.add_argument("directory", metavar="DIR", help="an empty directory; umount DIR ends it")
    add_options(parser)
    parser.add_argument("-f", dest="foreground", action="store_true", help="stay until it is unmounted")
    parser.set_defaults(prepare=prepare)


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "-o",
        dest="options",
        action="append",
        default=[],
        metavar="OPTION,…",
        help="ro, rw, uid=N, gid=N, umask=OCTAL, allow_other, noatime, exec, driver=NAME, code_page=NAME",
    )


def prepare(arguments: argparse.Namespace, launched: Launched | None) -> Launched | None:
    """What is done before there is an event loop: leaving for the background."""
    arguments.directory = str(Path(arguments.directory).absolute())
    arguments.mounted = (lambda: None) if arguments.foreground else into_background()
    launched = launched or launch(quiet=True)
    host.preload()  # while the other process imports its own
    return launched


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    found = source.parse(arguments.source)
    if found.path.strip("/"):
        raise UsageError(f"{found.path} names a file; a whole volume is mounted")
    async with mount_of(supervisor, found, Path(arguments.directory), arguments, out) as mount:
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, told.set)
        if out.as_json:
            out.record({"mounted": str(mount.directory), "process": os.getpid()})
        arguments.mounted()
        waiting = asyncio.ensure_future(told.wait())
        first: set[asyncio.Future[Any]] = {mount.ended, waiting}
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        if mount.ended.done() and (reason := mount.ended.result()) is not None:
            out.problem(found.name, reason)
            if not arguments.foreground:
                unattended.note(found.name, wording.sentence(reason))
                await unattended.notify(found.name, wording.sentence(reason))


@asynccontextmanager
async def mount_of(
    supervisor: Supervisor, found: Source, directory: Path, arguments: argparse.Namespace, out: Output
) -> AsyncIterator[Mount]:
    """A source mounted as its options say. Raises NotOpened and UsageError."""
    try:
        options = parse(
            ",".join(getattr(arguments, "options", ())),
            Options(driver=arguments.driver, code_page=arguments.code_page),
        )
    except NotMounted as error:
        raise UsageError(error.reason) from error
    choice = structs.replace(arguments.choice, driver=options.driver, code_page=options.code_page)
    async with source.located(supervisor, found, choice) as (volume, medium, part):
        for fault in volume.facts.warnings:
            print(f"rumpus: {shown(found.name)}: {wording.problem(fault)}", file=sys.stderr)
        bounds = Bounds(part.offset, part.size)
        async with AsyncExitStack() as stack:
            again = partial(supervisor.open, medium, part.number, choice.driver, choice.code_page)
            try:
                changes = await _changes(volume, medium) if options.writable else None
                making = mounted(
                    volume, medium.descriptor, bounds, directory, options, str(found.device), changes, again
                )
                mount = await stack.enter_async_context(making)
            except RumpusError as error:
                raise NotOpened(str(directory), error) from error
            mount.restarted = partial(_restarted, found)
            mount.unwritten = partial(_unwritten, found, out)
            stack.enter_context(when_pulled(medium.descriptor, partial(mount.end, DeviceGone())))
            yield mount


def _restarted(found: Source, error: RumpusError) -> None:
    sentence = f"{wording.sentence(error)}; another one goes on"
    print(f"rumpus: {shown(found.name)}: {sentence}", file=sys.stderr)
    unattended.note(found.name, sentence)


def _unwritten(found: Source, out: Output, error: RumpusError) -> None:
    out.problem(found.name, error)
    unattended.note(found.name, wording.sentence(error))


async def _changes(volume: Volume, medium: Medium) -> Changes:
    """Raises ReadOnly, and what `Medium.for_writing` raises."""
    descriptor = await medium.for_writing()
    try:
        return await volume.writable(descriptor)
    finally:
        os.close(descriptor)
