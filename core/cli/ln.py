"""`rumpus ln`: makes links, where the file system has such; none that Rumpus writes does."""

from __future__ import annotations

import argparse

from core.cli.unheld import refusing

HELP = "make links on a stick, where its system has such"
run = refusing("links")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("target", metavar="TARGET", help="what the link leads to")
    parser.add_argument("-s", dest="symbolic", action="store_true", help="a symbolic link")
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
