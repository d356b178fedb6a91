"""What is told of a stick that was pulled out in the middle of something: what is safe, and what is not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.host.accounts import Account, Doing
from gui.explanation import FORGET, RETRY, Explanation, Tone, quoted
from gui.translating import tr

_NAMED = 3
"""Files that a sentence names; the report below the pane names them all."""


@dataclass(frozen=True)
class _Words:
    title: str
    safe: str
    """Besides files."""
    whole: str
    lost: str
    none_lost: str
    safe_files: str
    """Above the names of them, in the report."""
    lost_files: str


def told(it: str, accounts: Sequence[Account]) -> Explanation:
    """Of one stick. `it`: its name, for a sentence. At least one account."""
    tales = [_tale(it, account) for account in accounts]
    titles, safe, unsafe, advice = zip(*(tale[:4] for tale in tales), strict=True)
    return Explanation(
        titles[0],
        _together(safe),
        _together(unsafe),
        _together(advice),
        (RETRY, FORGET),
        report="\n\n".join(tale[4] for tale in tales if tale[4]),
        icon="stick-gone",
        tone=Tone.CARE,
    )


def _tale(it: str, account: Account) -> tuple[str, str, str, str, str]:
    match account.doing:
        case Doing.REPAIRING:
            return (
                tr("{it} was pulled out while it was being repaired.", it=it),
                tr("What could be read before can be read still: a repair writes in that order."),
                tr("The repair, of which only a part was made."),
                tr("Put it back, and check it once more."),
                "",
            )
        case Doing.FORMATTING:
            return (
                tr("{it} was pulled out while it was being formatted.", it=it),
                "",
                tr("What was on it before: it was to be erased. It may not open until it is formatted anew."),
                tr("Put it back, and format it once more."),
                "",
            )
        case Doing.COPYING_IN:
            return _of_files(it, account, _copied_in)
        case Doing.COPYING_OUT:
            return _of_files(it, account, _copied_out)
        case Doing.CHECKING:
            return _of_files(it, account, _checked)
        case Doing.REMOVING:
            return _of_files(it, account, _removed)


def _copied_in(it: str, whole: int, lost: int, names: str) -> _Words:
    return _Words(
        tr("{it} was pulled out while files were being copied to it.", it=it),
        tr("What was on it before."),
        tr("%Ln files that were being copied to it are on it, whole.", "", whole),
        tr(
            "%Ln files did not get there whole: {names}. No half file passes for a whole one.",
            "",
            lost,
            names=names,
        ),
        tr("No file that was being copied: the last of them was on it."),
        tr("On the stick, whole:"),
        tr("Not on the stick, or not whole:"),
    )


def _copied_out(it: str, whole: int, lost: int, names: str) -> _Words:
    return _Words(
        tr("{it} was pulled out while files were being copied from it.", it=it),
        tr("What is on it."),
        tr("%Ln files are on this computer, whole.", "", whole),
        tr(
            "%Ln files did not arrive: {names}. No half file was left on this computer.",
            "",
            lost,
            names=names,
        ),
        tr("No file that was being copied."),
        tr("On this computer, whole:"),
        tr("Did not arrive:"),
    )


def _checked(it: str, whole: int, lost: int, names: str) -> _Words:
    return _Words(
        tr("{it} was pulled out while copies were being compared with it.", it=it),
        tr("What is on it."),
        tr("%Ln files are the same on both sides.", "", whole),
        tr("%Ln files were not compared: {names}.", "", lost, names=names),
        tr("No file: all of them were compared."),
        tr("The same on both sides:"),
        tr("Not compared:"),
    )


def _removed(it: str, whole: int, lost: int, names: str) -> _Words:
    return _Words(
        tr("{it} was pulled out while something was being deleted from it.", it=it),
        tr("What was not to be deleted."),
        tr("%Ln items that were to be deleted are still there.", "", whole),
        tr("%Ln items are gone, or a part of them: {names}.", "", lost, names=names),
        tr("Nothing: it was pulled out before the first item was deleted."),
        tr("Still there:"),
        tr("Gone, or a part of them:"),
    )


def _of_files(
    it: str, account: Account, told: Callable[[str, int, int, str], _Words]
) -> tuple[str, str, str, str, str]:
    """`told`: from the name of the stick, numbers of files whole and lost, names of some that are lost."""
    words = told(it, account.whole_count, account.lost_count, _named(account))
    safe = f"{words.safe} {words.whole}" if account.whole_count else words.safe
    unsafe = words.lost if account.lost_count else words.none_lost
    advice = tr("Put it back, and it opens again by itself.")
    return words.title, safe, unsafe, advice, _report(account, words)


def _named(account: Account) -> str:
    current = [name for name in account.lost if name == account.current]
    first = [*current, *(name for name in account.lost if name != account.current)][:_NAMED]
    told = ", ".join(quoted(name, name) for name in first)
    more = account.lost_count - len(first)
    return tr("{names} and %Ln others", "", more, names=told) if more else told


def _report(account: Account, words: _Words) -> str:
    parts = []
    for heading, named, count in (
        (words.lost_files, account.lost, account.lost_count),
        (words.safe_files, account.whole, account.whole_count),
    ):
        if count:
            more = [tr("… and %Ln more", "", count - len(named))] if count > len(named) else []
            parts.append("\n".join([heading, *(f"    {name}" for name in named), *more]))
    return "\n\n".join(parts)


def _together(sentences: Sequence[str]) -> str:
    return " ".join(dict.fromkeys(filter(None, sentences)))
