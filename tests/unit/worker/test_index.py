"""The index of names stays within its bounds, whatever a volume claims to hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core.entry import Entry, Kind
from core.errors import DeviceGone
from core.worker import index as indexing
from core.worker.index import Index
from core.worker.search_messages import Matches, Search, Searched
from core.worker.searching import Searching


class Volume:
    """Folders by node, made up."""

    def __init__(self, folders: dict[int, list[Entry]]) -> None:
        self.folders = folders
        self.gone = False

    def entries(self, node: int) -> Iterator[list[Entry]]:
        if self.gone:
            raise DeviceGone
        yield self.folders.get(node, [])


def folder(name: str, node: int) -> Entry:
    return Entry(name, node, Kind.DIRECTORY)


def gathered(volume: Any) -> Index:
    index = Index(volume, 0)
    while not index.complete:
        index.grow()
    return index


def test_folders_that_lead_in_a_circle_are_walked_once_and_told() -> None:
    index = gathered(Volume({0: [folder("a", 1)], 1: [folder("b", 2)], 2: [folder("up", 1)]}))
    assert [index.folders[miss.folder].name for miss in index.missed] == ["up"]
    assert len(index.batches) == 3


def test_folders_without_end_are_followed_to_a_bounded_depth() -> None:
    index = gathered(Volume({node: [folder("deeper", node + 1)] for node in range(1000)}))
    assert len(index.batches) == indexing.DEEPEST + 1
    assert len(index.missed) == 1


@pytest.mark.parametrize(("bound", "most"), [("MOST_NAMES", 2000), ("MOST_BYTES", 100_000)])
def test_names_without_end_are_gathered_up_to_a_bound_and_the_search_says_so(
    monkeypatch: pytest.MonkeyPatch, bound: str, most: int
) -> None:
    monkeypatch.setattr(indexing, bound, most)

    class Endless(Volume):
        def entries(self, node: int) -> Iterator[list[Entry]]:
            while True:
                yield [Entry(f"file {number}", number + 1, Kind.FILE) for number in range(500)]

    index = gathered(Endless({}))
    assert not index.whole
    assert len(index.batches) * 500 <= 10_000
    replies = list(Searching(Search(1, 0, "file 7"), index).run())
    assert replies[-1] == Searched(1, len(index.batches) * 500, whole=False)


def test_a_stick_that_goes_breaks_the_index_rather_than_ending_it() -> None:
    volume = Volume({0: [folder("a", 1)]})
    index = Index(volume, 0)  # type: ignore[arg-type]
    index.grow()
    volume.gone = True
    with pytest.raises(DeviceGone):
        while not index.complete:
            index.grow()
    assert index.broken and not index.complete


def test_replies_stay_within_a_packet_however_long_the_names_are() -> None:
    from core.worker import protocol

    volume = Volume({0: [folder("ä" * 1000 + str(number), number) for number in range(1, 600)]})
    volume.folders |= {node: [Entry("匿" * 1024, 1000 + node, Kind.FILE)] for node in range(1, 600)}
    replies = [reply for reply in Searching(Search(1, 0, "匿"), gathered(volume)).run() if reply is not None]
    assert max(len(protocol.encode(reply)) for reply in replies) <= protocol.MAX_REPLY
    assert sum(len(reply.matches) for reply in replies if isinstance(reply, Matches)) == 599
