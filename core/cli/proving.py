"""`--verify` and `--receipt` of a copy in the terminal: reads back what arrived, and says what came of it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path

from core.cli import progress, wording
from core.cli.output import Output
from core.cli.signals import ended_by_signals
from core.errors import HostWriteFailed
from core.host.copying_in import CopyIn
from core.host.jobs import Tracked
from core.host.names import shown
from core.host.proving import check_of, note_left_out
from core.host.receipts import LeftOut, Receipt, StickFacts
from core.host.transfers import CopyOut
from core.host.volume import Volume


def add(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--verify",
        action="store_true",
        help="read each copy again, from the stick and from here, and compare",
    )
    parser.add_argument(
        "--receipt",
        metavar="FILE",
        help="write there, as JSON, what was copied, with digests, and what was not; implies --verify",
    )


Say = Callable[[bool], None]
"""Names a file that arrived; it hears whether that was read back and is the same."""


class Proof:
    """Of one command, which may consist of several jobs on one stick."""

    def __init__(self, arguments: argparse.Namespace, out: Output, *, onto_stick: bool) -> None:
        self.wanted: bool = arguments.verify or arguments.receipt is not None
        """Whether anything is to be read back."""
        self._path = Path(arguments.receipt) if arguments.receipt is not None else None
        self._verbose = arguments.verbose and not out.as_json
        self._out = out
        self._onto_stick = onto_stick
        self._receipt: Receipt | None = None
        self._left_out: list[LeftOut] = []
        self._unsaid: dict[Tracked, Say] = {}

    def arrived(self, file: Tracked, say: Say, *, whole: bool = True) -> None:
        """Says so at once; of what is to be read back, when that is done."""
        if self.wanted and whole:
            self._unsaid[file] = say
        else:
            say(False)

    async def check(self, job: CopyIn | CopyOut, volume: Volume, source: str, target: str) -> None:
        """After the job has ended: reads back what arrived, if that is wanted, and says so."""
        if self.wanted:
            await self._read_back(job, volume, source, target)
        for say in self._unsaid.values():
            say(False)
        self._unsaid.clear()

    async def _read_back(self, job: CopyIn | CopyOut, volume: Volume, source: str, target: str) -> None:
        if self._receipt is None:
            facts = StickFacts.of(volume, None)
            self._receipt = Receipt(facts, self._onto_stick, shown(source), shown(target))
        if volume.ended.done():
            note_left_out(job, self._receipt, wording.sentence)
            self._receipt.waiting += len(job.pairs())
            return
        check = check_of(
            job,
            self._receipt,
            word=wording.sentence,
            checked=lambda pair, item: self._unsaid.pop(pair.of)(item.verified),
        )
        with ended_by_signals(check), progress.bar(check):
            await check.run()
        for problem in check.problems:
            self._out.problem(problem.path, problem.error)
        if check.error is not None:
            self._out.problem(target, check.error)

    def leave_out(self, path: str, why: str) -> None:
        """What was asked for and could not even be begun."""
        self._left_out.append(LeftOut(shown(path), why))

    def close(self) -> None:
        """Says what came of it, and saves the receipt."""
        receipt = self._receipt
        if receipt is None:
            return
        receipt.left_out += self._left_out
        if self._verbose and receipt.verified:
            files = f"{len(receipt.items):,} {'file' if len(receipt.items) == 1 else 'files'}"
            self._out.line(f"{files} read back: all the same")
        if self._path is not None:
            try:
                receipt.save(self._path)
            except HostWriteFailed as error:
                self._out.problem(str(self._path), error)
