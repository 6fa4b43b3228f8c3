"""A passage is found again by its words and what stands around them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.passages import Passage, find_passage, passage_at, squeezed

TEXTS = st.lists(st.sampled_from(["ring", "the", "desk", "at", "eight", "\n", " ", "åtta"]), max_size=20).map(" ".join)


@given(TEXTS, st.integers(0, 60), st.integers(1, 25))
def test_a_passage_of_a_text_is_found_where_it_was_taken(text: str, start: int, length: int) -> None:
    whole = squeezed(text)
    passage = passage_at(whole, start, start + length)
    found = find_passage(text, passage)
    words = squeezed(passage.quote)
    assert (found is None) == (not words)
    if found is not None:
        assert whole[slice(*found)] == words


@given(TEXTS, TEXTS)
def test_what_is_found_is_the_words_and_what_is_not_is_nowhere(text: str, quote: str) -> None:
    found = find_passage(text, Passage(quote))
    words = squeezed(quote)
    assert (found is not None) == bool(words and words in squeezed(text))


def test_of_the_same_words_twice_the_surroundings_tell_which() -> None:
    text = "Stop web1.\nThen start it.\n\nStop web2.\nThen start it.\n"
    whole = squeezed(text)
    second = whole.rindex("start it")
    passage = passage_at(whole, second, second + len("start it"))
    assert find_passage("New first line.\n" + text, passage) == (second + 16, second + 24)
