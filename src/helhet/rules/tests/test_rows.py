"""Rows as people fill them in: what comes out is whole, and reading it again changes nothing."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.rows import Column, Sort, Wrong, read_rows

COLUMNS = (
    Column("name", required=True, limit=20), Column("text", Sort.TEXT, limit=50), Column("minutes", Sort.NUMBER),
    Column("cost", Sort.MONEY), Column("who", Sort.LIST, limit=20),
)  # fmt: skip
NAMES = [one.name for one in COLUMNS]
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=60),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
ROWS = st.lists(st.dictionaries(st.sampled_from([*NAMES, "other"]), ANYTHING, max_size=5), max_size=5)


@given(ROWS | ANYTHING)
def test_whatever_is_given_it_is_cleaned_or_faulted_and_cleaning_again_alters_nothing(raw: object) -> None:
    rows, faults = read_rows(raw, COLUMNS)
    if faults:
        return
    assert all(list(row) == NAMES for row in rows)
    assert read_rows(rows, COLUMNS) == (rows, [])


def test_faults_name_the_place_and_the_column_of_what_was_given() -> None:
    _rows, faults = read_rows(
        [{"name": "a"}, {}, {"minutes": "fem"}, {"name": "b", "cost": "1,505"}, {"name": "x" * 21}, {"nam": "c"}],
        COLUMNS,
    )
    assert [(one.what, one.row, one.column) for one in faults] == [
        (Wrong.MISSING, 2, "name"), (Wrong.NUMBER, 2, "minutes"), (Wrong.NUMBER, 3, "cost"), (Wrong.LONG, 4, "name"),
        (Wrong.UNKNOWN, 5, "nam"),
    ]  # fmt: skip


def test_numbers_are_read_as_people_write_them() -> None:
    rows, faults = read_rows([{"name": "a", "minutes": " 1 30 ", "cost": "1 250,50"}], COLUMNS)
    assert (rows[0]["minutes"], rows[0]["cost"], faults) == (130, "1250.50", [])
