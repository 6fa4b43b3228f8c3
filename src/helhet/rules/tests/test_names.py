"""Names and numbers of people within what somebody wrote, against plain searching and vectors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.names import Names, digits_of, numbers_in

PEOPLE = ("Bo Lind", "Bo Lindgren", "Anna-Karin Öberg", "Cher", "Bo Lind Ek")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Ring Bo Lind, 0700-12 34 56", "Bo Lind"), ("BO  LIND", "Bo Lind"), ("tekniker bo lindgren", "Bo Lindgren"),
        ("Bo Lindström", ""), ("Bolind", ""), ("Lind, Bo", ""), ("anna karin öberg (jour)", "Anna-Karin Öberg"),
        ("cher", "Cher"), ("Cher och andra", ""), ("Bo Lind Ek", "Bo Lind Ek"), ("", ""), ("0700-12 34 56", ""),
    ],
)  # fmt: skip
def test_a_name_is_found_as_whole_words_in_a_row(text: str, name: str) -> None:
    assert Names(PEOPLE).within(text) == name


WORDS = st.lists(st.sampled_from(["bo", "lind", "ek", "ring", "åsa"]), min_size=1, max_size=5)


@given(st.lists(WORDS, max_size=4), WORDS)
def test_it_finds_a_name_exactly_where_plain_searching_does(names: list[list[str]], text: list[str]) -> None:
    whole, padded = [" ".join(name) for name in names], f" {' '.join(text)} "
    plain = any(f" {name} " in padded and (" " in name or padded.strip() == name) for name in whole)
    assert bool(Names(whole).within(", ".join(text))) == plain


@given(st.lists(WORDS, max_size=4), WORDS)
def test_all_names_are_those_that_a_walk_over_the_words_meets(names: list[list[str]], text: list[str]) -> None:
    met, rest = [], text
    while rest:
        begun = [name for name in names if rest[: len(name)] == name and (len(name) > 1 or len(text) == 1)]
        if begun:
            met.append(" ".join(max(begun, key=len)))
        rest = rest[max(map(len, begun), default=1) :]
    assert list(Names(map(" ".join, names)).all_within(", ".join(text))) == met


def test_a_name_within_a_longer_one_is_not_met() -> None:
    names = Names(PEOPLE)
    assert list(names.all_within("Bo Lind Ek, annars Bo Lind eller bo lindgren")) == [
        "Bo Lind Ek", "Bo Lind", "Bo Lindgren",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("0700-12 34 56", {"0700123456"}), ("+46 700 12 34 56", {"0700123456"}), ("+46 (0)700-123456", {"0700123456"}),
        ("0046 700 123456", {"0700123456"}), ("Jour 08-777 888 eller 0500/11 22 33", {"08777888", "0500112233"}),
        ("15 min", set()), ("vardag 7-17", set()), ("", set()),
    ],
)  # fmt: skip
def test_numbers_are_the_same_however_they_are_written(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == numbers
    assert digits_of("112") == ""
