"""`rumpus hash`: checksums of files, in the form that sha256sum -c reads."""

from __future__ import annotations

import argparse
import hashlib

from core.cli.content import bytes_of
from core.cli.output import Output
from core.cli.walking import Places
from core.entry import Kind
from core.errors import RumpusError
from core.host.names import shown
from core.host.supervisor import Supervisor

HELP = "checksums of files"
_ALGORITHMS = ("sha256", "sha512", "sha1", "md5", "sha3_256", "blake2b")


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("sources", nargs="+", metavar="SOURCE")
    parser.add_argument("-a", dest="algorithm", choices=_ALGORITHMS, default="sha256", help="default: sha256")
    parser.add_argument("-r", "-R", dest="recursive", action="store_true", help="all files in folders too")


async def run(arguments: argparse.Namespace, supervisor: Supervisor, out: Output) -> None:
    async with Places(supervisor, arguments.choice, out) as places:
        async for place in places.each(arguments.sources):
            for top in place.found:
                if top.entry.kind is Kind.DIRECTORY and not arguments.recursive:
                    out.trouble(place.where(top.path), "the files in a folder are taken with -r only")
                    continue
                async for found in place.walk(top):
                    if found.entry.kind is not Kind.FILE:
                        continue
                    digest = hashlib.new(arguments.algorithm, usedforsecurity=False)
                    try:
                        async for piece in bytes_of(place.volume, found.entry):
                            digest.update(piece)
                    except RumpusError as error:
                        out.problem(place.where(found.path), error)
                        continue
                    if out.as_json:
                        out.record({"path": found.path, arguments.algorithm: digest.hexdigest()})
                    else:
                        name = "/".join(shown(part) for part in found.path.split("/"))
                        out.line(f"{digest.hexdigest()}  {name.lstrip('/')}")
