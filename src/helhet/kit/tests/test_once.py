"""A reading request asks once for what its parts share; whatever else asks anew."""

from __future__ import annotations

from contextlib import suppress

from helhet.kit.once import once, remembering


def test_outside_a_reading_request_each_asking_finds_anew() -> None:
    numbers = iter(range(10))
    assert [once("n", lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]


def test_within_one_the_first_answer_stands_for_its_key_alone() -> None:
    numbers = iter(range(10))
    with remembering():
        assert [once(key, lambda: next(numbers)) for key in ("a", "b", "a", "b")] == [0, 1, 0, 1]


def test_the_next_request_knows_nothing_of_it_even_when_one_failed() -> None:
    with suppress(ValueError), remembering():
        once("n", lambda: 1)
        raise ValueError
    with remembering():
        assert once("n", lambda: 2) == 2
    assert once("n", lambda: 3) == 3
