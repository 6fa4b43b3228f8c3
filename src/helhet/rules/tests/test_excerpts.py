"""Every word of a text that meets what is asked is found, and what takes several words only where they follow."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules import words as analyser
from helhet.rules.excerpts import MOST, NEAR, Seeker, Sought, cut
from helhet.rules.same_words import joined

WORDS = (
    "server",
    "servrar",
    "Servern",
    "journal",
    "omsorgsjournal",
    "disk",
    "full",
    "E",
    "post",
    "bärbar",
    "dator",
    "x1",
    "skrivarna",
)
written = st.lists(
    st.tuples(st.sampled_from(WORDS) | st.text("abåä é\u0301ß1-_.", min_size=1, max_size=6), st.sampled_from(" \n-.,")),
    max_size=30,
).map(lambda parts: "".join(word + sign for word, sign in parts))
asked = st.lists(
    st.sampled_from(WORDS).map(lambda word: Sought(frozenset({word.lower(), analyser.stem(word)})))
    | st.sampled_from(["ser", "om", "bä", "x"]).map(lambda begun: Sought(frozenset(), (begun,)))
    | st.just(Sought(frozenset(), (), ((("bärb", "dat"), ""), (("e", "post"), ""), (("disk",), "fu"))))
    | st.just(Sought(frozenset(), (), ((("skrivare", "disk"), ""), (("e", "post"), ""))))
    | st.just(Sought(frozenset({"omstart"}), phrases=frozenset({joined(("journal", "full"))})))
    , min_size=1, max_size=3,
)  # fmt: skip


def naive(text: str, sought: list[Sought]) -> list[tuple[int, int]]:
    """The words one by one, by what the analyser says of each."""
    words = [(one.start(), one.end()) for one in re.finditer(r"[^\W_]+", text)]
    forms = [analyser.forms(text[start:end]) for start, end in words]
    found: list[tuple[int, int]] = []
    place = 0
    while place < len(words):
        size = int(any(one.is_met_by_one(forms[place]) for one in sought))
        if (
            not size
            and place + 1 < len(words)
            and not re.search(r"\n|[.!?:;,]\s", text[words[place][1] : words[place + 1][0]])
        ):
            two = (forms[place], forms[place + 1])
            size = 2 * any(
                (len(whole) > 1 and whole[0] in two[0] and whole[1] in two[1])
                or (len(whole) == 1 and whole[0] in two[0] and any(form.startswith(begun) for form in two[1]))
                for one in sought for whole, begun in one.in_places
            )  # fmt: skip
        if size:
            found.append((words[place][0], words[place + size - 1][1]))
        place += size or 1
    return found


def best(text: str, seeker: Seeker) -> tuple[int, bool]:
    """The most words near each other, and then whether as a phrase, each start by itself."""
    found, wanted = seeker.places(text), list(range(len(seeker.asked)))
    told = [(0, False)]
    for number, place in enumerate(found):
        near = [one for one in found[number:] if one.start - place.start <= NEAR]
        run = near[: len(wanted)]
        between = [text[one.end : two.start] for one, two in pairwise(run)]
        is_phrase = (
            len(wanted) > 1 and [one.sought for one in run] == wanted and not re.search(r"[^\W_]", "".join(between))
        )
        told.append((len({one.sought for one in near}), is_phrase))
    return max(told)


@given(written, asked)
def test_what_is_found_in_a_text_is_what_reading_it_word_by_word_finds(text: str, sought: list[Sought]) -> None:
    # Letters that other forms stand for are read slowly, and only where nothing else was found.
    if not re.fullmatch(r"[a-zA-ZåäöÅÄÖ0-9\s\-_.,]*", text):
        return
    seeker = Seeker(sought)
    assert [(one.start, one.end) for one in seeker.places(text)] == naive(text, sought)[:MOST]
    place = seeker.best(text)
    assert (place.words, place.is_phrase) == best(text, seeker)
    shown = cut(text, place)
    assert bool(shown) == bool(place.places)
    kept = "".join(part for part, _match in shown).removeprefix("… ").removesuffix(" …")
    assert kept in text.replace("\n", " · ")


def test_words_of_a_compound_that_stand_apart_meet_it_only_side_by_side() -> None:
    seeker = Seeker([Sought(frozenset({"lösenord"}), (), ((("lös", "ord"), ""),))])
    assert not seeker.places("Det som löser flest ärenden är ett ord i rätt tid.")
    assert [(one.start, one.end) for one in seeker.places("Byt lös-ord nu.")] == [(4, 11)]
    marked, met = seeker.mark("Lösenord och lös ord")
    assert (marked, met) == ([("Lösenord", True), (" och ", False), ("lös ord", True)], {0})


@pytest.mark.parametrize("word", ["e" * 200_000, "0e" * 100_000, "logga" * 40_000, "e-" * 100_000])
def test_a_word_as_long_as_the_text_is_read_once(word: str) -> None:
    apart = ((("e", "post"), ""), (("logg", "in"), ""))
    seeker = Seeker([Sought(frozenset({"epost"}), (), apart), Sought(frozenset({"kö"}))])
    text = f"{word} kö {word}. Läs e-post."
    assert [text[one.start : one.end] for one in seeker.places(text)] == ["kö", "e-post"]
