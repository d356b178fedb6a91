"""Every error has plain words, and none of a stick's text speaks in our name."""

from __future__ import annotations

import re

import pytest

from core import errors
from core.errors import Fault, ProtocolViolation, RumpusError
from gui.wording import Ask, Explanation, error_of, explain

HOSTILE = "\u202e<b>x</b>\n\x1b[31m”, said Rumpus"
JARGON = re.compile(
    r"driver|sector|cluster|syscall|sandbox|seccomp|inode|worker|protocol|errno|\bbug\b", re.IGNORECASE
)
KINDS = sorted(
    (*RumpusError.__subclasses__(), *errors.MediumError.__subclasses__()), key=lambda kind: kind.__name__
)


def sample(kind: type[RumpusError], text: str = "text") -> RumpusError:
    values = {"str": text, "int": 28, "float": 10.0}
    return kind(*(values[type_] for type_ in kind.fields.values()))


def test_there_is_something_to_test() -> None:
    assert {errors.DeviceGone, errors.SandboxViolation} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_error_has_words_of_its_own(kind: type[RumpusError]) -> None:
    told = explain(sample(kind), "HOLIDAY")
    assert not told.title.startswith("Something went wrong"), f"{kind.__name__} has no words in gui.wording"
    assert told.safe
    assert ("Kind of error", kind.__name__) in told.details


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("place", ["", "/Photos/2026"])
def test_what_is_said_is_calm_and_without_jargon(kind: type[RumpusError], place: str) -> None:
    told = explain(sample(kind), "HOLIDAY", place)
    assert not JARGON.search(told.title)
    assert told.title.endswith((".", ".”", "”."))
    for sentence in _sentences(told):
        assert "!" not in sentence
        assert "error" not in sentence.lower()
        assert sentence == sentence.strip()


@pytest.mark.parametrize("kind", KINDS)
def test_every_fact_of_an_error_is_one_fold_away(kind: type[RumpusError]) -> None:
    error = sample(kind, "a fact")
    told = explain(error, "HOLIDAY")
    facts = " ".join(value for _, value in told.details) + told.report
    for name in kind.fields:
        value = getattr(error, name)
        assert (f"{value:.0f}" if isinstance(value, float) else str(value)) in facts


@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_is_harmless_wherever_it_comes_in(kind: type[RumpusError]) -> None:
    told = explain(sample(kind, HOSTILE), HOSTILE, "/" + HOSTILE)
    everything = "".join((*_sentences(told), *(value for _, value in told.details), told.report))
    assert not re.search("[\u202e\x1b]", everything)
    assert "\n" not in "".join(value for _, value in told.details)
    for sentence in _sentences(told):
        assert sentence.count("“") == sentence.count("”"), "a name closed our quotation marks"


def test_a_very_long_name_keeps_the_sentence_short() -> None:
    assert len(explain(errors.DeviceGone(), "x" * 5000).title) < 120


def test_one_folder_that_fails_offers_the_way_back_and_a_dead_stick_does_not() -> None:
    damaged = errors.CorruptStructure("directory", 1, "a", "b")
    assert explain(damaged, "HOLIDAY", "/Photos").actions[0].id is Ask.GO_UP
    assert Ask.GO_UP not in [action.id for action in explain(damaged, "HOLIDAY", "/").actions]
    assert Ask.GO_UP not in [
        action.id for action in explain(errors.DeviceGone(), "HOLIDAY", "/Photos").actions
    ]


def test_an_attack_is_not_opened_again() -> None:
    actions = [action.id for action in explain(errors.SandboxViolation("execve"), "HOLIDAY").actions]
    assert Ask.REOPEN not in actions
    assert Ask.RETRY not in actions


def test_a_reported_problem_without_sense_is_an_error_like_any_other() -> None:
    assert isinstance(error_of(Fault(kind="Nonsense")), ProtocolViolation)


def _sentences(told: Explanation) -> list[str]:
    return [sentence for sentence in (told.title, told.safe, told.unsafe, told.advice) if sentence]
