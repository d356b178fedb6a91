"""In which order files stand, without a window."""

from __future__ import annotations

import random
import string

from hypothesis import given
from hypothesis import strategies as st

from core.entry import Attribute, Entry, Kind
from gui.browser.contents import Contents, View
from gui.browser.order import Column, name_key, sort_in_slices, sort_now, suffix


def contents_of(*entries: Entry) -> Contents:
    contents = Contents()
    contents.take(entries)
    return contents


def named(contents: Contents, view: View) -> list[str]:
    return [contents.entries[number].name for number in contents.arranged_now(0, view)]


def files(*names: str) -> Contents:
    return contents_of(*(Entry(name, number, Kind.FILE) for number, name in enumerate(names)))


def test_names_are_ordered_as_people_count_and_read() -> None:
    wanted = [
        "2.txt",
        "10.txt",
        "Alpha",
        "beta",
        "Émile",
        "Frank",
        "frank 2",
        "frank 10",
        "frank 010b",
        "Zoo",
    ]
    shuffled = random.Random(1).sample(wanted, len(wanted))
    assert named(files(*shuffled), View()) == wanted


def test_numbers_of_any_length_are_compared_by_their_value() -> None:
    small, large = "9" * 300, "1" + "0" * 300
    assert name_key(f"a{small}") < name_key(f"a{large}")
    assert name_key("a007") == name_key("a7")


@given(st.integers(0, 10**30), st.integers(0, 10**30), st.text(string.ascii_letters, max_size=3))
def test_a_smaller_number_comes_first(one: int, other: int, before: str) -> None:
    assert (name_key(f"{before}{one}x") < name_key(f"{before}{other}x")) == (one < other)


@given(st.text(max_size=40), st.text(max_size=40))
def test_every_two_names_can_be_compared(one: str, other: str) -> None:
    keys = name_key(one), name_key(other)
    assert (keys[0] < keys[1]) + (keys[0] == keys[1]) + (keys[0] > keys[1]) == 1


def test_folders_come_first_whichever_way_the_rest_is_sorted() -> None:
    contents = contents_of(
        Entry("b", 1, Kind.FILE, size=5),
        Entry("folder", 2, Kind.DIRECTORY),
        Entry("a", 3, Kind.FILE, size=9),
    )
    for column in Column:
        for descending in (False, True):
            assert named(contents, View(column, descending))[0] == "folder"
    assert named(contents, View(Column.SIZE, descending=True)) == ["folder", "a", "b"]


def test_entries_that_are_equal_in_a_column_are_ordered_by_name() -> None:
    contents = contents_of(*(Entry(name, n, Kind.FILE, size=7) for n, name in enumerate("dacb")))
    assert named(contents, View(Column.SIZE)) == ["a", "b", "c", "d"]
    assert named(contents, View(Column.SIZE, descending=True)) == ["a", "b", "c", "d"]


def test_what_has_no_time_counts_as_the_oldest() -> None:
    contents = contents_of(
        Entry("new", 1, Kind.FILE, modified=10),
        Entry("none", 2, Kind.FILE),
        Entry("old", 3, Kind.FILE, modified=-10),
    )
    assert named(contents, View(Column.MODIFIED)) == ["none", "old", "new"]


def test_hidden_ones_are_those_with_a_dot_or_the_attribute() -> None:
    contents = contents_of(
        Entry(".profile", 1, Kind.FILE),
        Entry("system", 2, Kind.FILE, attributes=int(Attribute.HIDDEN)),
        Entry("plain", 3, Kind.FILE, attributes=int(Attribute.ARCHIVE)),
    )
    assert named(contents, View()) == ["plain"]
    assert sorted(named(contents, View(with_hidden=True))) == [".profile", "plain", "system"]
    assert (contents.plain.files, contents.hidden.files) == (1, 2)


def test_only_what_came_since_is_arranged_when_only_that_is_asked_for() -> None:
    contents = files("c", "a", ".hidden", "d", "b")
    assert [contents.entries[number].name for number in contents.arranged_now(2, View())] == ["b", "d"]


async def test_sorting_in_slices_gives_what_sorting_at_once_gives() -> None:
    numbers = list(range(10_000))
    values = [random.Random(3).randrange(50) for _ in numbers]
    for descending in (False, True):
        at_once = sort_now(numbers, values.__getitem__, descending=descending)
        assert await sort_in_slices(numbers, values.__getitem__, descending=descending) == at_once


def test_a_suffix_is_what_follows_the_last_dot() -> None:
    assert [suffix(name) for name in ("a.TXT", "a.tar.gz", ".bashrc", "none", "dot.")] == [
        "txt",
        "gz",
        "",
        "",
        "",
    ]
