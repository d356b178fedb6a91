"""`rumpus shell`: the other commands from inside a stick, with a folder to be in, completion and history."""

from __future__ import annotations

import argparse
import asyncio
import posixpath
import shlex
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import platformdirs

from core.cli import source
from core.cli.output import Output
from core.cli.source import NotOpened, Source, UsageError
from core.cli.walking import by_name
from core.entry import Entry, Kind
from core.errors import RumpusError, WrongKind
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "the other commands from inside a stick, with completion and history"
_HERE = "here:"
_PATHS = ("source", "sources", "destination", "first", "second")
"""What commands call the arguments that name files."""
_OWN = {
    "cd": "cd [FOLDER]: be in another folder",
    "pwd": "pwd: in which folder you are",
    "help": "help: this; COMMAND --help tells more",
    "exit": "exit: leave",
}
_LISTING = frozenset({"ls", "du", "df", "tree", "info", "check"})
_OF_VOLUMES = frozenset({"info", "check"})
_LEFT_OUT = frozenset({"devices", "doctor", "format", "mount", "shell", "exec"})


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("source", metavar="SOURCE")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    shell = Shell(source.parse(arguments.source), arguments, supervisor, out)
    await shell.check()
    async for line in _lines(shell):
        if not await shell.obey(line):
            break


@dataclass
class Shell:
    """Every command opens the stick anew, so that it may be pulled out, changed and put back in between."""

    stick: Source
    arguments: argparse.Namespace
    supervisor: Supervisor
    out: Output
    folder: str = "/"
    _listed: dict[str, list[Entry]] = field(default_factory=dict)

    @property
    def prompt(self) -> str:
        return f"{shown(self.stick.name.rpartition('/')[2])}:{self.folder}> "

    async def check(self) -> None:
        """Raises NotOpened, UsageError."""
        await self._enter(self.stick.path or "/")

    async def obey(self, line: str) -> bool:
        """Whether to go on after it."""
        try:
            words = shlex.split(line)
        except ValueError as error:
            self.out.trouble("", str(error).lower())
            return True
        match words:
            case []:
                pass
            case ["exit" | "quit"]:
                return False
            case ["pwd"]:
                self.out.line(shown(self.folder))
            case ["help"]:
                self._help()
            case ["cd", *rest] if len(rest) < 2:
                await self._report(self._enter(self._absolute(rest[0] if rest else "/")))
            case [name, *_] if name in commands():
                await self._report(self._run(words))
            case [name, *_]:
                self.out.trouble("", f"there is no command {shown(name)}; help lists them")
        return True

    async def names(self, text: str) -> list[str]:
        """What a path that was begun can go on to be: folders end with a slash."""
        above, _, begun = text.rpartition("/")
        folder = self._absolute(above + "/" if "/" in text else ".")
        if folder not in self._listed:
            self._listed[folder] = []
            try:
                async with source.volume_of(self.supervisor, self.stick, self.arguments.choice) as volume:
                    async for batch in volume.entries((await volume.resolve(folder)).node):
                        self._listed[folder] += batch
            except (RumpusError, NotOpened, UsageError):
                return []
        head = text[: len(text) - len(begun)]
        return [
            head + entry.name + ("/" if entry.kind is Kind.DIRECTORY else "")
            for entry in sorted(self._listed[folder], key=by_name)
            if entry.name.casefold().startswith(begun.casefold()) and entry.name == shown(entry.name)
        ]

    async def _enter(self, folder: str) -> None:
        async with source.volume_of(self.supervisor, self.stick, self.arguments.choice) as volume:
            entry = await volume.resolve(folder)
            if entry.kind is not Kind.DIRECTORY:
                raise WrongKind(folder, "directory")
        self.folder = folder

    async def _run(self, words: list[str]) -> None:
        from core.cli.main import parser

        try:
            arguments = parser(words[0]).parse_args(_with_folder(words))
        except SystemExit:  # argparse has said what is wrong, or has printed its help
            return
        arguments.choice = self.arguments.choice
        whole = words[0] in _OF_VOLUMES
        for name in _PATHS:
            value = getattr(arguments, name, None)
            if isinstance(value, str):
                setattr(arguments, name, self._named(value, whole=whole))
            elif isinstance(value, list):
                setattr(arguments, name, [self._named(each, whole=whole) for each in value])
        self._listed.clear()
        out = Output(as_json=arguments.json)
        try:
            await arguments.run(arguments, self.supervisor, out)
        finally:
            self.out.problems += out.problems

    async def _report(self, work: Any) -> None:
        try:
            await work
        except NotOpened as refusal:
            self.out.problem(refusal.where, refusal.error)
        except UsageError as error:
            self.out.trouble("", str(error))
        except RumpusError as error:
            self.out.problem("", error)
        sys.stdout.flush()

    def _absolute(self, path: str) -> str:
        return posixpath.normpath(posixpath.join("/", self.folder, path))

    def _named(self, text: str, *, whole: bool) -> str:
        """As the commands take it: on the stick, unless it begins with `here:`."""
        if text.startswith(_HERE):
            return str(Path(text.removeprefix(_HERE) or ".").absolute())
        path = self._absolute(text)
        return self.stick.name if whole and path == "/" else f"{self.stick.name}:{path}"

    def _help(self) -> None:
        self.out.line("Paths are on the stick; here:PATH is on this machine: cp photos/* here:/tmp")
        for line in _OWN.values():
            self.out.line(f"  {line}")
        self.out.line("  " + ", ".join(commands()))


def _with_folder(words: list[str]) -> list[str]:
    """Where nothing is said to list, it is the folder one is in."""
    name, *rest = words
    if name == "find" and (not rest or rest[0].startswith("-")):
        return [name, ".", *rest]
    if name in _LISTING and all(word.startswith("-") for word in rest):
        return [name, *rest, "."]
    return words


def commands() -> tuple[str, ...]:
    """Those that make sense inside a stick."""
    from core.cli.main import COMMANDS

    return tuple(name for name in COMMANDS if name not in _LEFT_OUT)


async def _lines(shell: Shell) -> AsyncIterator[str]:
    """What is typed, or what comes on stdin from a script."""
    if not sys.stdin.isatty():
        while line := await asyncio.to_thread(sys.stdin.readline):
            yield line
        return
    from core.cli.prompt import asked  # takes longer to import than most commands to run

    history = Path(platformdirs.user_state_dir("rumpus", ensure_exists=True)) / "shell-history"
    async for line in asked(shell, history):
        yield line
