"""Phrases that say the same as one word are known where their words stand together, and nowhere else."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules import same_words
from helhet.rules.same_words import joined, phrase_at, phrases_in
from helhet.rules.words import raws_and_stems, stems

WORDS = (
    "starta", "Startar", "om", "OM", "logga", "in", "bärbar", "bärbara", "dator", "gå", "gick", "ut", "web-server",
    "e-post", "trådlösa", "nät", "nätverk", "och", "starta_om", "café", "servern",
)  # fmt: skip
SIGNS = (" ", " ", "  ", "-", ". ", ".", ", ", "\n", "! ", " – ", "**", ": ", "; ", "? ", "/")
texts = st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(SIGNS)), max_size=14).map(
    lambda parts: "".join(word + sign for word, sign in parts)
)


def naive(text: str) -> set[str]:
    """Every two or three words after each other in each piece of the text, looked up by themselves."""
    found: set[str] = set()
    for piece in re.split(r"[.!?:;,]\s|\n", text):
        said = [one for word in re.findall(r"[^\W_]+", piece) for one in stems(word)]
        for size in (2, 3):
            for at in range(len(said) - size + 1):
                few = said[at : at + size]
                if phrase_at(few) == size:
                    found.add(joined(few))
    return found


@given(texts)
def test_the_phrases_of_a_text_are_those_that_stand_together_in_a_part_of_a_line(text: str) -> None:
    found = phrases_in(text, set(raws_and_stems(text)[1]))
    assert set(found) == naive(text)
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("Starta om servern", ["start om"]), ("startas\nom", []), ("startade **om** den", ["start om"]),
        ("Starta. Om det", []), ("starta servern om", []), ("Bärbara datorn", ["bärb dat"]),
        ("Lösenordet har gått ut, logga in", ["gå ut", "logg in"]), ("", []),
    ],
)  # fmt: skip
def test_phrases_of_a_text(text: str, phrases: list[str]) -> None:
    known = set(raws_and_stems(text)[1])
    assert sorted(phrases_in(text, known)) == sorted(joined(stems(one)) for one in phrases)
    assert all(one.count(same_words.JOINT) == 1 for one in phrases_in(text, known))
