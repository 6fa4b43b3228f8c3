"""Folded keys, Swedish order and wildcards, against slow and obvious versions of the same."""

import itertools
import re
import unicodedata
from functools import cmp_to_key

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.text import (
    SORT_KEY_LIMIT,
    fold,
    fold_parts,
    like_pattern,
    name_keys,
    sort_key,
    wildcard_match,
    wildcard_range,
)

NAMES = st.text(alphabet="abzåäöABZÅÄÖ éü019 -_./:~{*%", max_size=12)


def naive_pieces(text: str) -> list[tuple[int, int, str]]:
    """A name as comparable pieces by the rules in the docstring, one at a time and without keys."""
    pieces: list[tuple[int, int, str]] = []
    swedish = unicodedata.normalize("NFC", text).replace("ü", "y").replace("Ü", "y")
    for run in re.findall("[0-9]+|[^0-9]", fold(swedish)):
        if run[0] in "0123456789":
            pieces.append((2, int(run), ""))
        elif run == " ":
            pieces.append((0, 0, run))
        elif run in "abcdefghijklmnopqrstuvwxyz":
            pieces.append((3, 0, run))
        elif run in "åäö":
            pieces.append((4, "åäö".index(run), ""))
        else:
            pieces.append((1, 0, run))
    return pieces


def naive_compare(one: str, other: str) -> int:
    """Order of two names; None of the signs' order among themselves is promised."""
    for mine, theirs in zip(naive_pieces(one), naive_pieces(other), strict=False):
        if mine != theirs:
            if mine[0] == theirs[0] == 1:
                return 0
            return -1 if mine < theirs else 1
    return len(naive_pieces(one)) - len(naive_pieces(other))


def primary(key: str) -> str:
    return key.split(" ", maxsplit=1)[0]


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_folding_leaves_no_loose_white_space(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())


@given(NAMES)
def test_folding_does_not_see_case_or_composition(text: str) -> None:
    assert fold(text.upper()) == fold(text.lower())
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Ångström", "ångström"),
        ("CAFÉ", "cafe"),
        ("Smørrebrød på Læsø", "smörrebröd på läsö"),
        ("  Malmö \t stad ", "malmö stad"),
        ("Straße", "strasse"),
        ("A\u030angra", "ångra"),
        ("\u212bngra", "ångra"),
        ("srv\u00ad1\u200b", "srv1"),
        ("ＳＲＶ１", "srv1"),
        ("a\x00b", "ab"),
    ],
)
def test_names_fold_as_a_swedish_reader_looks_them_up(text: str, key: str) -> None:
    assert fold(text) == key


def test_swedish_letters_stay_apart_from_plain_ones() -> None:
    assert len({fold(letter) for letter in "aåäoö"}) == 5


@given(st.lists(NAMES, max_size=8))
def test_sorting_by_key_is_swedish_order(names: list[str]) -> None:
    ordered = sorted(names, key=sort_key)
    for before, after in itertools.pairwise(ordered):
        assert naive_compare(before, after) <= 0


@given(NAMES, NAMES)
def test_keys_order_two_names_as_the_naive_comparison_does(one: str, other: str) -> None:
    expected = naive_compare(one, other)
    if expected:
        assert (primary(sort_key(one)) < primary(sort_key(other))) == (expected < 0)


@given(st.text(max_size=40), st.text(max_size=40))
def test_different_names_get_different_keys(one: str, other: str) -> None:
    same = one == other or len(primary(sort_key(one))) > 180
    assert same or sort_key(one) != sort_key(other)


@given(st.text())
def test_a_sort_key_is_bounded_printable_ascii(text: str) -> None:
    key = sort_key(text)
    assert len(key) <= SORT_KEY_LIMIT
    assert key.isascii()
    assert key.isprintable()


@given(st.text())
def test_both_keys_at_once_are_the_keys_one_by_one(text: str) -> None:
    assert name_keys(text) == (fold(text), sort_key(text))


def test_a_whole_list_stands_in_swedish_order() -> None:
    names = [
        "Öl",
        "zebra",
        "ärta",
        "Åre",
        "srv10",
        "srv2",
        "srv-1",
        "Muller",
        "Müller",
        "Myra",
        "apa",
        "Apa",
        "9",
        "10",
    ]
    assert sorted(names, key=sort_key) == [
        "9", "10", "apa", "Apa", "Muller", "Müller", "Myra", "srv-1", "srv2", "srv10", "zebra", "Åre", "ärta", "Öl",
    ]  # fmt: skip
    assert sorted(names, key=cmp_to_key(naive_compare))[:2] == ["9", "10"]


def test_very_long_numbers_and_names_still_have_keys_in_order() -> None:
    numbers = ["1" * count for count in (1, 9, 10, 34, 35, 99, 150)]
    assert [*map(sort_key, numbers)] == sorted(map(sort_key, numbers))
    assert len(sort_key("a" * 100_000)) <= SORT_KEY_LIMIT


PARTS = st.lists(st.text(alphabet="abÅ %_\\", max_size=3), min_size=1, max_size=4)


def naive_match(parts: list[str], key: str) -> bool:
    pattern = ".*".join(re.escape(part) for part in fold_parts(parts))
    return re.fullmatch(pattern, key, re.DOTALL) is not None


@given(PARTS, st.text(alphabet="abå %_\\", max_size=8))
def test_a_wildcard_matches_as_a_regular_expression_would(parts: list[str], text: str) -> None:
    assert wildcard_match(parts, fold(text)) == naive_match(parts, fold(text))


@given(st.text(alphabet="abå%_", min_size=1, max_size=3), st.text(max_size=8))
def test_a_prefix_range_holds_exactly_the_keys_that_match(prefix: str, text: str) -> None:
    key = fold(text)
    bounds = wildcard_range((prefix, ""))
    assert bounds is not None
    low, high = (bound.encode() for bound in bounds)
    assert (low <= key.encode("utf-8", "surrogatepass") < high) == wildcard_match((prefix, ""), key)


@pytest.mark.parametrize("parts", [("a",), ("", ""), ("", "a"), ("a", "b"), ("a", "", "")])
def test_only_a_prefix_has_a_range(parts: tuple[str, ...]) -> None:
    assert wildcard_range(parts) is None


def test_a_like_pattern_escapes_what_like_would_read() -> None:
    assert like_pattern(("100%_\\", "Å")) == "100\\%\\_\\\\%å"


def test_a_hostile_pattern_takes_no_time() -> None:
    assert not wildcard_match(("a",) * 500 + ("b",), "a" * 100_000)
