"""Steps of a routine, held against a naive walk."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.rules.steps import Fault, Outcome, Said, State, WrongSteps, as_data, clean_steps, read_steps
from helhet.rules.walking import applying, gate_before, may_end, progress, taken_as

VALUES = ("", "ja", "nej", "5", "5,0", "12", "-3", "x")


@st.composite
def small_routines(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Up to six steps, with conditions on earlier ones."""
    steps: list[dict[str, Any]] = []
    seldom = st.sampled_from([False, False, False, True])
    for n in range(draw(st.integers(0, 6))):
        asks = draw(st.sampled_from(["", "choice", "number", "text", "photo"]))
        one: dict[str, Any] = {
            "id": f"a{n}", "title": f"Steg {n}", "input": asks, "required": draw(st.booleans()),
            "stop": draw(seldom), "approval": draw(seldom),
            "minutes": draw(st.none() | st.integers(0, 9)),
        }  # fmt: skip
        if asks == "choice":
            one["options"] = ["ja", "nej"]
        if asks == "number":
            one["least"], one["most"] = "0", "10"
        earlier = [step for step in steps if step["input"] in ("choice", "number", "text")]
        if earlier and draw(st.booleans()):
            of = draw(st.sampled_from(earlier))
            senses = ["is", "not", "over", "under"] if of["input"] == "number" else ["is", "not"]
            one["when"] = {
                "step": of["id"], "sense": draw(st.sampled_from(senses)),
                "value": {"choice": "ja", "number": "5", "text": "x"}[of["input"]],
            }  # fmt: skip
        steps.append(one)
    return steps


ANSWERS = st.dictionaries(
    st.integers(0, 5).map("a{}".format), st.builds(Said, st.sampled_from(State), st.sampled_from(VALUES))
)


def naively(steps: list[dict[str, Any]], answers: dict[str, Said]) -> list[str]:
    """Which steps apply, asked of each step by itself, all the way back."""

    def stands(one: dict[str, Any]) -> bool:
        when = one.get("when")
        if not when:
            return True
        of = next(step for step in steps if step["id"] == when["step"])
        said = answers.get(of["id"])
        if not stands(of) or said is None or said.state not in ("done", "approved"):
            return False
        try:
            ours, theirs = Decimal(said.value.replace(",", ".")), Decimal(when["value"])
        except ArithmeticError:
            same = said.value == when["value"]
            return bool({"is": same, "not": not same}.get(when["sense"], False))
        return {"is": ours == theirs, "not": ours != theirs, "over": ours > theirs, "under": ours < theirs}[
            when["sense"]
        ]

    return [one["id"] for one in steps if stands(one)]


@given(small_routines(), ANSWERS)
@settings(max_examples=150)
def test_the_same_steps_apply_as_when_each_is_asked_by_itself(
    raw: list[dict[str, Any]], answers: dict[str, Said]
) -> None:
    steps = read_steps(raw)
    assert len(steps) == len(raw)
    here = [step.id for step in applying(steps, answers)]
    assert here == naively(raw, answers)
    told = progress(steps, answers)
    assert told.answered == len([one for one in here if one in answers])
    assert told.minutes == sum(one["minutes"] or 0 for one in raw if one["id"] in here)
    held = gate_before(steps, answers)
    if told.now is None:
        assert all(one in answers for one in here) or (held is not None and held.id in answers)
    else:
        assert told.now.id == next(one for one in here if one not in answers)


@given(small_routines(), ANSWERS)
@settings(max_examples=150)
def test_a_run_that_worked_lacks_nothing_that_is_required(raw: list[dict[str, Any]], answers: dict[str, Said]) -> None:
    steps = read_steps(raw)
    here = [one for one in raw if one["id"] in naively(raw, answers)]
    musts = [one for one in here if one["required"] or one["stop"] or one["approval"]]
    bad = [one for one in here if one["id"] in answers and answers[one["id"]].state in ("failed", "refused")]
    may_work = all(one["id"] in answers for one in musts) and not bad
    assert (may_end(steps, answers, Outcome.WORKED) is None) == may_work
    if may_work:
        assert may_end(steps, answers, Outcome.DEVIATIONS) is None
    assert may_end(steps, answers, Outcome.FAILED) is None


@given(small_routines(), st.lists(st.tuples(st.sampled_from(State), st.sampled_from(VALUES)), max_size=12))
@settings(max_examples=150)
def test_walking_by_what_is_next_ends_and_never_passes_a_gate_that_holds(
    raw: list[dict[str, Any]], said: list[tuple[State, str]]
) -> None:
    steps, answers = read_steps(raw), dict[str, Said]()
    for state, value in said:
        now = progress(steps, answers).now
        if now is None:
            break
        taken = taken_as(steps, answers, now.id, Said(state, value))
        if isinstance(taken, Said):
            answers[now.id] = taken
            assert taken.state != State.SKIPPED or not (now.is_required or now.is_gate)
    for place, step in enumerate(steps):
        if step.id in answers:
            assert all(
                answers[gate.id].is_passed
                for gate in applying(steps[:place], answers)
                if gate.is_gate
            )  # fmt: skip


@given(small_routines())
@settings(max_examples=60)
def test_steps_that_are_kept_are_read_as_they_were(raw: list[dict[str, Any]]) -> None:
    kept = clean_steps(raw)
    assert clean_steps(kept) == kept
    assert [as_data(step) for step in read_steps(kept)] == kept


@pytest.mark.parametrize(
    ("raw", "fault", "place"),
    [
        ("nej", Fault.NOT_STEPS, 0),
        ([{"title": "A"}, 3], Fault.NOT_STEPS, 2),
        ([{"title": " "}], Fault.TITLE, 1),
        ([{"title": "A", "id": "x"}, {"title": "B", "id": "x"}], Fault.ID_TWICE, 2),
        ([{"title": "A", "input": "choice", "options": ["ja"]}], Fault.OPTIONS, 1),
        ([{"title": "A", "input": "number", "least": "9", "most": "1"}], Fault.LIMITS, 1),
        ([{"title": "A", "minutes": "en"}], Fault.MINUTES, 1),
        ([{"title": "A", "when": {"step": "b", "value": "1"}}], Fault.CONDITION, 1),
        ([{"title": "A", "script": "1"}], Fault.UNKNOWN_FIELD, 1),
    ],
)
def test_what_is_wrong_is_told_with_its_place(raw: Any, fault: Fault, place: int) -> None:
    with pytest.raises(WrongSteps) as told:
        clean_steps(raw)
    assert (told.value.fault, told.value.place) == (fault, place)


def test_steps_without_ids_are_given_free_ones() -> None:
    kept = clean_steps([{"title": "A"}, {"title": "B", "id": "s1"}, {"title": "C"}])
    assert len({one["id"] for one in kept}) == 3


def test_a_number_outside_its_limits_has_failed_and_keeps_its_value() -> None:
    steps = read_steps([{"id": "t", "title": "Temperatur", "input": "number", "most": "27", "unit": "°C"}])
    assert taken_as(steps, {}, "t", Said(State.DONE, "31,5")) == Said(State.FAILED, "31,5")
    assert taken_as(steps, {}, "t", Said(State.DONE, "varmt")) == Fault.NUMBER
