"""What meets a filter, against a table of examples and against a second, naive reading."""

import re
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.filters import (
    All,
    Any,
    FilterCode,
    FilterError,
    Node,
    Not,
    Op,
    PlainComparer,
    Scalar,
    Term,
    Value,
    day_of,
    matches,
    number_of,
    parse,
)
from helhet.rules.text import fold

TODAY = date(2026, 3, 31)
SERVER: dict[str | None, list[Scalar]] = {
    None: ["Webbserver i Malmö", "SRV-12"],
    "kind": ["server"],
    "tag": ["prod", "Extern"],
    "location": ["Malmö hall 2"],
    "cpu": [16],
    "load": [0.5],
    "updated": [date(2026, 3, 1)],
    "rack": [None],
}


def look_up(field: str | None) -> Sequence[Scalar]:
    return SERVER.get(field, [])


def holds(text: str) -> bool:
    return matches(parse(text), look_up, PlainComparer(TODAY))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "kind:server",
        "kind:SERVER,storage",
        "kind:=server",
        "-kind:storage",
        'location:"malmö*"',
        "location:*2",
        "location:*hall*",
        "tag:extern tag:prod",
        "rack:none",
        "nothing:ingen",
        "-kind:none",
        "group:none,drift",
        "cpu:16",
        "cpu:>15 cpu:<=16",
        "cpu:8..16",
        'load:<"0,6"',
        "load:0.5",
        "updated:>=-1m",
        "updated:<today",
        "updated:2026-02-01..2026-03-01",
        "updated:2026-03*",
        "-rack:>5",
        "-rack:<=5",
        "malmö SRV-12",
        '"server i"',
        "web*malmö",
        "kind:storage OR tag:prod",
        "name:b OR kind:*",
        "location:>lund",
    ],
)
def test_the_server_meets(text: str) -> None:
    assert holds(text)


@pytest.mark.parametrize(
    "text",
    [
        "kind:serv",
        "kind:=serv*",
        'rack:"none"',
        "rack:*",
        "rack:>5",
        "rack:<5",
        "rack:1..9",
        "location:malmo*",
        "cpu:many",
        "cpu:>many",
        "cpu:>16",
        "updated:>=today",
        "updated:>none",
        "-(kind:server tag:prod)",
        "lund",
        "i*malmö*webb",
    ],
)
def test_the_server_does_not_meet(text: str) -> None:
    assert not holds(text)


WORDS = st.sampled_from(["a", "A", "ab", "å", "none", "b", "10", "9"])
THINGS = st.dictionaries(st.sampled_from(["x", "y"]), st.lists(st.one_of(WORDS, st.none()), max_size=2))
TERMS = st.one_of(
    st.builds(
        lambda field, some: Term(field, Op.MATCH, tuple(Value((text,)) for text in some)),
        st.sampled_from(["x", "y"]),
        st.lists(WORDS, min_size=1, max_size=2),
    ),
    st.builds(
        lambda field, parts: Term(field, Op.MATCH, (Value(tuple(parts)),)),
        st.sampled_from(["x", "y"]),
        st.lists(WORDS, min_size=2, max_size=3),
    ),
    st.builds(
        lambda field, text: Term(field, Op.EXACT, (Value((text,)),)),
        st.sampled_from(["x", "y"]),
        WORDS,
    ),
)
NODES: st.SearchStrategy[Node] = st.recursive(
    TERMS,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.lists(inner, max_size=3).map(lambda some: All(tuple(some))),
        st.lists(inner, min_size=1, max_size=3).map(lambda some: Any(tuple(some))),
    ),
    max_leaves=6,
)


def naive_holds(node: Node, thing: dict[str, list[str | None]]) -> bool:
    if isinstance(node, Not):
        return naive_holds(node.child, thing) is False
    if isinstance(node, All):
        return False not in [naive_holds(child, thing) for child in node.children]
    if isinstance(node, Any):
        return True in [naive_holds(child, thing) for child in node.children]
    present = [fold(actual) for actual in thing.get(node.field or "", []) if actual is not None]
    for value in node.values:
        if node.op is Op.MATCH and value.parts == ("none",):
            if not present:
                return True
            continue
        pattern = ".*".join(re.escape(fold(part)) for part in value.parts)
        if any(re.fullmatch(pattern, actual) for actual in present):
            return True
    return False


@given(NODES, THINGS)
def test_the_evaluator_agrees_with_a_naive_reading(node: Node, thing: dict[str, list[str | None]]) -> None:
    def look_up_thing(field: str | None) -> Sequence[Scalar]:
        return thing.get(field or "", [])

    assert matches(node, look_up_thing, PlainComparer(TODAY)) == naive_holds(node, thing)


@given(st.lists(st.one_of(st.integers(-5, 5), st.none()), max_size=3), st.integers(-5, 5), st.integers(-5, 5))
def test_comparisons_hold_when_any_value_is_in_order(some: list[int | None], low: int, high: int) -> None:
    def holds_for(text: str) -> bool:
        return matches(parse(text), lambda _: some, PlainComparer(TODAY))

    present = [number for number in some if number is not None]
    assert holds_for(f"x:<{low}") == any(number < low for number in present)
    assert holds_for(f"x:<={low}") == any(number <= low for number in present)
    assert holds_for(f"x:>{low}") == any(number > low for number in present)
    assert holds_for(f"x:>={low}") == any(number >= low for number in present)
    assert holds_for(f"x:{low}..{high}") == any(low <= number <= high for number in present)
    assert holds_for(f"-x:>{low}") == (not any(number > low for number in present))


@pytest.mark.parametrize("text", ["nan", "inf", "1_000", "twelve", "1.2.3", ""])
def test_what_is_no_number_is_refused_at_its_place(text: str) -> None:
    with pytest.raises(FilterError) as caught:
        number_of(Value((text,), start=4, end=9))
    assert (caught.value.code, caught.value.at, caught.value.length) == (FilterCode.BAD_NUMBER, 4, 5)


def test_what_is_no_day_is_refused_at_its_place() -> None:
    with pytest.raises(FilterError) as caught:
        day_of(Value(("2026-02-30",), start=9, end=19), TODAY)
    error = caught.value.within("updated:<2026-02-30")
    assert error.code is FilterCode.BAD_DAY
    assert error.pieces() == ("updated:<", "2026-02-30", "")
    assert "2026-02-30" in str(error)
