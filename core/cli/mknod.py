"""`rumpus mknod`: makes device nodes, where the file system has such; none that Rumpus writes does."""

from __future__ import annotations

import argparse

from core.cli.unheld import refusing

HELP = "make device nodes on a stick, where its system has such"
run = refusing("device nodes")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs=1, metavar="SOURCE")
    parser.add_argument("kind", nargs="+", metavar="TYPE [MAJOR MINOR]")
