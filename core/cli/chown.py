"""`rumpus chown`: changes owners, where the file system has such; none that Rumpus writes does."""

from __future__ import annotations

import argparse

from core.cli.unheld import refusing

HELP = "change owners on a stick, where its system has such"
run = refusing("owners of files")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("owner", metavar="OWNER[:GROUP]")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
