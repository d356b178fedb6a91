"""`rumpus doctor`: the walls, and the proof that they stand."""

from __future__ import annotations

from tests.support.terminal import records, rumpus


def test_every_attempt_to_break_out_is_refused_on_this_machine() -> None:
    done = rumpus("doctor")
    assert (done.returncode, done.stderr) == (0, "")
    assert "ALLOWED" not in done.stdout
    for words in ("seccomp", "no_new_privs", "to open a file", "to run a program"):
        assert words in done.stdout


def test_programs_get_an_object_for_each_wall_and_each_attempt() -> None:
    found = records(rumpus("doctor", "--json"))
    walls = {record["name"] for record in found if record["proved"] is None and record["in_force"]}
    assert {"seccomp", "no_new_privs", "resource limits"} <= walls
    assert all(record["proved"] for record in found if record["proved"] is not None)


def test_a_wall_that_was_given_up_by_name_is_missing_and_that_is_said() -> None:
    found = {
        record["name"]: record for record in records(rumpus("doctor", "--json", "--without", "Landlock"))
    }
    assert not found["Landlock"]["in_force"]
    assert "left out" in found["Landlock"]["detail"]
