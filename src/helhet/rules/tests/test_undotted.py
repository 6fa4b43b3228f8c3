"""Words that were written without their dots and rings are met all the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.undotted import other_questions, with_dots

BARE = str.maketrans("åäö", "aao")
WORDS = (
    "återställning",
    "lösenord",
    "nät",
    "säkerhetskopia",
    "övervakning",
    "användare",
    "strömavbrott",
    "län",
    "åter",
)


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=2))
def test_a_question_without_dots_is_asked_with_them_and_each_word_differs_by_nothing_else(words: list[str]) -> None:
    assert all(word in with_dots(word.translate(BARE)) for word in words)
    bare = " ".join(words).translate(BARE)
    others = other_questions(bare, most=100)
    assert " ".join(words) in others
    assert bare not in others
    assert {other.translate(BARE) for other in others} == {bare}


@given(st.text(alphabet="aoåx5-. ", max_size=30))
def test_no_question_has_many_others(text: str) -> None:
    assert len(other_questions(text)) <= 4


def test_words_that_stand_for_nothing_else_are_left_alone() -> None:
    assert with_dots("server") == with_dots("kubernetes") == with_dots("web01.example.org") == ()
