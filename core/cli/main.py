"""The command line's entry: arguments, exit status, and nothing that a user would have to read twice.

Exit status: 0 done; 1 done, with problems on stderr; 2 wrong usage; 3 could not be opened.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import gc
import os
import signal
import sys
from importlib import import_module

from core.cli.output import Output
from core.cli.source import Choice, NotOpened, UsageError
from core.errors import RumpusError
from core.host.launching import Launched
from core.host.supervisor import Supervisor

COMMANDS = (
    *("devices", "ls", "cat", "cp", "recover", "mv", "mkdir", "rm"),
    *("info", "check", "format", "eject", "replay", "mount", "doctor"),
    *("stat", "du", "df", "find", "tree", "hash", "diff", "cmp", "touch", "rmdir", "write"),
    *("chmod", "chflags", "chown", "ln", "mkfifo", "mknod", "exec", "shell"),
)
DONE, PROBLEMS, USAGE, NOT_OPENED = 0, 1, 2, 3
_DESCRIPTION = (
    "Opens untrusted USB sticks and images: every file system runs in a sandboxed process of its own."
)
_EPILOG = """SOURCE is IMAGE-or-DEVICE[@PARTITION][:/PATH]: stick.img:/photos, /dev/sdb@2:/docs.
Exit status: 0 done; 1 done, with problems listed on stderr; 2 wrong usage; 3 could not be opened."""


def parser(only: str = "") -> argparse.ArgumentParser:
    """For all commands, or for one: the others' modules take longer to import than most commands to run."""
    top = argparse.ArgumentParser(
        prog="rumpus",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (only,) if only in COMMANDS else COMMANDS:
        module = import_module(f"core.cli.{name}")
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=module.HELP[0].upper() + module.HELP[1:] + ".",
            epilog=_EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
            add_help=False,
        )
        command.add_argument("--help", action="help", help="show this and exit")
        command.add_argument("--json", action="store_true", help="one JSON object a line")
        command.add_argument(
            "--without", action="append", default=[], metavar="LAYER", help="give up a layer of the sandbox"
        )
        command.add_argument("--driver", default="", help="open with this driver, not the one that fits best")
        command.add_argument(
            "--code-page", default="", help="of names in 8.3, such as cp850 (default: cp437)"
        )
        module.add(command)
        command.set_defaults(run=module.run)
    return top


def main(words: list[str] | None = None, launched: Launched | None = None) -> int:
    words = sys.argv[1:] if words is None else words
    arguments = parser(*words[:1]).parse_args(words)
    arguments.choice = Choice(arguments.driver, arguments.code_page)
    if "prepare" in arguments:
        launched = arguments.prepare(arguments, launched)
    gc.enable()
    with contextlib.suppress(AttributeError):
        sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        return asyncio.run(_run(arguments, launched))
    except UsageError as error:
        print(f"rumpus: {error}", file=sys.stderr)
        return USAGE
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    except BrokenPipeError:
        # Whoever read this has seen enough; the interpreter must not complain of it again at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


async def _run(arguments: argparse.Namespace, launched: Launched | None) -> int:
    out = Output(as_json=arguments.json)
    supervisor = Supervisor(without=arguments.without)
    supervisor.start(launched)
    async with supervisor:
        try:
            await arguments.run(arguments, supervisor, out)
        except NotOpened as refusal:
            out.problem(refusal.where, refusal.error)
            return NOT_OPENED
        except RumpusError as error:
            out.problem("", error)
        sys.stdout.flush()
    if out.status is not None:
        return out.status
    return PROBLEMS if out.problems else DONE


if __name__ == "__main__":
    sys.exit(main())
