"""`rumpus mkfifo`: makes named pipes, where the file system has such; none that Rumpus writes does."""

from __future__ import annotations

import argparse

from core.cli.unheld import refusing

HELP = "make named pipes on a stick, where its system has such"
run = refusing("named pipes")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
