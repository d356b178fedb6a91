"""Free clusters are found in one piece where there is one, all of them otherwise, and none twice."""

from __future__ import annotations

import random

from core.fs.allocation import FreeSpace, Run

WINDOW = 65536


def space(taken: set[int], end: int, start: int = 2) -> FreeSpace:
    return FreeSpace(
        2,
        end,
        lambda first, count: bytes(number not in taken for number in range(first, first + count)),
        start,
    )


def clusters(runs: list[Run]) -> list[int]:
    return [number for first, count in runs for number in range(first, first + count)]


def test_a_run_as_long_as_needed_is_preferred_to_pieces_that_come_first() -> None:
    free = space({5, 9}, 100)
    assert free.take(20) == [(10, 20)]
    assert free.take(3) == [(30, 3)]
    assert free.take(70 - 3) == [(33, 67)]
    assert free.take(8) == [(2, 3), (6, 3)] or free.take(6) == [(2, 3), (6, 3)]


def test_a_file_grows_where_it_ends_if_it_can() -> None:
    free = space({20}, 100)
    assert free.take(4, after=9) == [(10, 4)]
    assert free.take(10, after=13) == [(14, 6), (21, 4)]


def test_the_search_begins_where_it_was_told_and_comes_round() -> None:
    free = space(set(), 100, start=90)
    assert free.take(5) == [(90, 5)]
    assert free.take(10) == [(2, 10)]


def test_runs_across_windows_are_found() -> None:
    end = 3 * WINDOW
    taken = set(range(WINDOW - 10)) | {2 * WINDOW + 500}
    free = space(taken, end)
    assert free.take(WINDOW + 400) == [(WINDOW - 10, WINDOW + 400)]
    assert free.count() == end - 2 - len(taken - {0, 1}) - WINDOW - 400


def test_what_is_retired_is_counted_but_not_taken_before_it_is_settled() -> None:
    free = space(set(), 12)
    runs = free.take(10)
    assert (runs, free.count(), free.take(1)) == ([(2, 10)], 0, [])
    free.retire([(4, 3)])
    assert (free.count(), free.retired, free.take(1)) == (3, True, [])
    free.settle()
    assert (free.take(3), free.retired) == ([(4, 3)], False)
    free.give([(4, 1)])
    assert free.take(1) == [(4, 1)]


def test_clusters_that_look_free_once_they_are_retired_are_not_counted_twice() -> None:
    taken = set(range(2, 50))
    free = FreeSpace(
        2, 100, lambda first, count: bytes(n not in taken for n in range(first, first + count)), 2
    )
    free.retire([(10, 5)])
    taken -= set(range(10, 15))
    assert free.count() == 55
    assert free.take(51) == []


def test_no_cluster_is_taken_twice_and_none_is_lost() -> None:
    chance = random.Random(4)
    end = WINDOW + 3000
    taken = {number for number in range(2, end) if chance.random() < 0.7}
    free = space(taken, end)
    everything = free.count()
    held: list[list[Run]] = []
    used: set[int] = set()
    for _ in range(2000):
        if held and chance.random() < 0.45:
            runs = held.pop(chance.randrange(len(held)))
            used -= set(clusters(runs))
            free.retire(runs)
            free.settle()
            continue
        count = chance.choice((1, 1, 2, 30, 300))
        runs = free.take(count, chance.choice((None, chance.randrange(2, end))))
        got = clusters(runs)
        assert len(got) in (0, count)
        assert len(set(got)) == len(got)
        assert used.isdisjoint(got)
        assert taken.isdisjoint(got)
        assert got or count > everything - len(used)
        used |= set(got)
        if runs:
            held.append(runs)
        assert free.count() == everything - len(used)
