"""Where one has been, without a window."""

from __future__ import annotations

from gui.mainwindow.history import LONGEST, History


def visited(*places: str) -> History[str]:
    history: History[str] = History()
    for place in places:
        history.visit(place)
    return history


def test_back_and_forward_walk_the_places_in_order() -> None:
    history = visited("a", "b", "c")
    assert [history.back(), history.back(), history.back()] == ["b", "a", None]
    assert [history.forward(), history.forward(), history.forward()] == ["b", "c", None]


def test_going_somewhere_new_forgets_what_was_ahead() -> None:
    history = visited("a", "b")
    history.back()
    history.visit("c")
    assert not history.can_go_forward
    assert history.back() == "a"


def test_coming_to_the_same_place_again_is_no_step() -> None:
    history = visited("a", "b", "b")
    assert history.back() == "a"
    assert not history.can_go_back


def test_places_that_are_no_more_are_left_out_and_their_neighbours_meet_once() -> None:
    history = visited("a", "gone", "a", "b")
    history.prune(lambda place: place != "gone")
    assert history.current == "b"
    assert history.back() == "a"
    assert not history.can_go_back


def test_when_the_current_place_is_gone_back_leads_to_the_one_before() -> None:
    history = visited("a", "gone")
    history.prune(lambda place: place != "gone")
    assert history.current is None
    assert history.back() == "a"
    assert not history.can_go_forward


def test_only_so_many_places_are_remembered() -> None:
    history = visited(*(str(number) for number in range(LONGEST + 50)))
    steps = 0
    while history.back() is not None:
        steps += 1
    assert steps == LONGEST
