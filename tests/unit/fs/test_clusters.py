"""Marks remember runs as a plain set of numbers would, in less room."""

from __future__ import annotations

import random

import pytest

from core.fs.clusters import Marks


@pytest.mark.parametrize("seed", range(20))
def test_marks_agree_with_a_set_of_numbers(seed: int) -> None:
    chance = random.Random(seed)
    marks, known = Marks(), set[int]()
    for _ in range(60):
        first = chance.choice((0, 4096, 8192, 12_288, chance.randrange(40_000)))
        count = chance.choice((1, 5, 4095, 4096, 4097, 8192, chance.randrange(1, 20_000)))
        run = range(first, first + count)
        fresh = next((number - first for number in run if number in known), count)
        assert marks.mark(first, count) == fresh
        known.update(run)


def test_a_run_of_four_billion_numbers_takes_little_room() -> None:
    marks = Marks()
    assert marks.mark(2, 2**32 - 11) == 2**32 - 11
    assert marks.mark(2**31, 1) == 0
    assert marks.mark(0, 5) == 2
    pages = 0
    while marks is not None:
        pages += len(marks._pages)
        marks = marks._full
    assert pages < 20
