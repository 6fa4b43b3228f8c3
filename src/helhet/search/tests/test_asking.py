"""What is asked of the index, and what stands in it, are the same for both engines."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.db.models import BooleanField, ExpressionWrapper
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.search.asking import Asked, asked, words_of
from helhet.search.engines import engine, postgres
from helhet.search.free_text import holds
from helhet.search.models import STRIDE, Entry, Noun

PIECES = (
    "server", "servrarna", "Servern", "databas", "databasserver", "Omsorgsjournal", "journal", "åäö", "Åsas", "smörgås",
    "SRV-12", "srv", "12", "web01.example.org", "web01", "e-post", "post", "x", "'", '"', "\\", "a'b", "§1", "¤server",
    "10.0.0.1", "ÉCOLE", "ecole", "naïve", "ß", "中文", "🙂", "--", "*", "AND", "NEAR(", ":", "_", "a_b", "d\u0301",
)  # fmt: skip
text = st.lists(st.sampled_from(PIECES) | st.text(max_size=12), min_size=1, max_size=6).map(" ".join)


def naive(words: str, wanted: Asked) -> bool:
    """Whether an entry's words meet what is asked, in plain Python."""
    stored = words.split(" ")
    return all(
        any(
            all(one in stored for one in way.whole)
            and (not way.prefix or any(word.startswith(way.prefix) for word in stored))
            for way in ways
        )
        for ways in wanted.words
    )


@pytest.mark.django_db
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(st.tuples(text, text), min_size=1, max_size=6), text, st.booleans())
def test_the_index_the_check_of_a_row_and_plain_python_find_the_same(
    things: list[tuple[str, str]], question: str, all_prefixes: bool
) -> None:
    rows = [
        (number * STRIDE + Noun.ITEM, words_of(Noun.ITEM, title, body))
        for number, (title, body) in enumerate(things, 1)
    ]
    engine().forget(0, 10**12, range(8))
    engine().add(rows)
    wanted = asked(question, all_prefixes=all_prefixes)
    if not wanted.words:
        return
    for one in (wanted, wanted.exact(), wanted.of(Noun.ITEM), wanted.in_titles()):
        expected = {entry_id for entry_id, words in rows if naive(words, one)}
        sql, params = engine().ids_sql(one)
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            assert {row[0] for row in cursor.fetchall()} == expected
        assert engine().first(one, -1, 100) == sorted(expected)
        assert engine().first(one, 2 * STRIDE, 2) == sorted(number for number in expected if number > 2 * STRIDE)[:2]
        checked = Entry.objects.filter(ExpressionWrapper(holds(one), BooleanField()))
        assert set(checked.values_list("id", flat=True)) == expected
    assert not found(wanted.of(Noun.PERSON))
    assert not found(wanted.in_titles().of(Noun.TASK))


@pytest.mark.django_db
@pytest.mark.parametrize("walked", [1, 3, 100])
def test_the_first_that_meet_a_common_word_are_the_same_however_far_is_walked(
    walked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "COMMON", 0)
    monkeypatch.setattr(postgres, "WALKED", walked)
    engine().add(
        [(number * STRIDE + Noun.ITEM, words_of(Noun.ITEM, "ja" if number % 2 else "nej")) for number in range(9)]
    )
    odd = [number * STRIDE + Noun.ITEM for number in (1, 3, 5, 7)]
    for after in (-1, 0, odd[0], odd[2], odd[3]):
        for most in (1, 2, 9):
            assert engine().first(asked("ja"), after, most) == [number for number in odd if number > after][:most]


def found(wanted: Asked) -> list[int]:
    sql, params = engine().ids_sql(wanted)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return sorted(row[0] for row in cursor.fetchall())


@pytest.mark.django_db
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.lists(text, min_size=2, max_size=5), st.integers(0, 4))
def test_what_is_taken_out_or_written_anew_is_found_no_longer_by_its_old_words(texts: list[str], gone: int) -> None:
    engine().forget(0, 10**12, range(8))
    rows = [(number * STRIDE + Noun.ITEM, words_of(Noun.ITEM, one)) for number, one in enumerate(texts, 1)]
    engine().add(rows)
    out = rows[gone % len(rows)][0]
    engine().forget_these([out])
    engine().add([(out, words_of(Noun.ITEM, "zebra"))])
    for _entry, words in rows:
        for word in filter(str.isalnum, words.split(" ")[:3]):
            ways = asked(word)
            assert out not in found(ways) or naive(words_of(Noun.ITEM, "zebra"), ways)
    assert found(asked("zebra")) == [out] or any("zebra" in words for _id, words in rows)


def test_every_form_of_a_word_and_its_beginning_is_asked_for() -> None:
    assert asked("servrarna").stems & {"server", "serv"} or asked("servrarna").words
    assert naive(words_of(Noun.ITEM, "Servern i källaren"), asked("servrarna"))
    assert naive(words_of(Noun.ITEM, "databasserver"), asked("databas"))
    assert not naive(words_of(Noun.ITEM, "databasserver"), asked("databas källare"))
    assert naive(words_of(Noun.ITEM, "SRV-12"), asked("srv-12"))
    assert naive(words_of(Noun.ITEM, "srv 12"), asked("SRV-12"))
    assert not naive(words_of(Noun.ITEM, "Malmo"), asked("Malmö"))


def test_one_letter_is_only_a_whole_word() -> None:
    assert not naive(words_of(Noun.ITEM, "server"), asked("s"))
    assert naive(words_of(Noun.ITEM, "plan s"), asked("s"))


def test_marks_of_the_index_cannot_be_asked_for() -> None:
    assert all(not re.search("[§¤]", word) for ways in asked("§1 ¤server").words for way in ways for word in way.whole)
