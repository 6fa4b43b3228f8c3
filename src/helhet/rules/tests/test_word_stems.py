"""Our stems held against Snowball's own list of 20,000 Swedish words, with every way in which they depart from it.

The classes of departure, and why we want each:

* `dictionary`: the word is first brought to its dictionary form, so that irregular forms meet: *huvudstäder* and
  *huvudstad*, *kjortlarna* and *kjortel*, *frambragt* and *frambringa*. Snowball cuts endings and cannot know these.
  The price is that forms which the dictionary takes for another word part: *böjde* (of *böja*) from *böjd*.
* `compound`: of a compound that the dictionary lacks, the last half is brought to its dictionary form.
* `english`: what Snowball leaves is stemmed in English too, since texts of operations mix both languages and no word
  says which it is: *bildning* loses its *ing*, a doubled consonant its double.
* `folded`: accents go before stemming, since people leave them out.

A word as it is written is indexed beside its stem, so that whoever writes the very form always finds it.
"""

from __future__ import annotations

import gzip
import os
from collections import defaultdict
from itertools import combinations
from pathlib import Path

import pytest
import Stemmer
from simplemma import is_known, lemmatize

from helhet.rules.compounds import halves
from helhet.rules.text import fold
from helhet.rules.words import stem

ROOT = Path(__file__).parents[4]
VECTORS = Path(os.environ.get("HELHET_SHARED", ROOT.parent / "shared")) / "data" / "swedish" / "word_stems_20000.tsv.gz"
SWEDISH, ENGLISH = Stemmer.Stemmer("swedish"), Stemmer.Stemmer("english")


@pytest.fixture(scope="module")
def stems() -> dict[str, str]:
    if not VECTORS.exists():
        pytest.skip(f"the shared data is not there: {VECTORS} (set HELHET_SHARED)")
    with gzip.open(VECTORS, "rt", encoding="utf-8") as lines:
        return dict(line.rstrip("\n").split("\t") for line in lines)


def departures(word: str) -> set[str]:
    """Which of our steps alter what Snowball alone would make of a word."""
    folded = fold(word)
    dictionary = fold(lemmatize(folded, lang=("sv", "en")))
    found = set()
    split = None if is_known(folded, lang=("sv", "en")) or dictionary != folded else halves(folded)
    if split is not None:
        dictionary = folded.removesuffix(split[1]) + fold(lemmatize(split[1], lang=("sv", "en")))
        found.add("compound")
    swedish = SWEDISH.stemWord(dictionary)
    if folded != word:
        found.add("folded")
    if SWEDISH.stemWord(folded) != swedish:
        found.add("dictionary")
    else:
        found.discard("compound")
    if ENGLISH.stemWord(swedish) != swedish:
        found.add("english")
    return found


def test_each_stem_is_snowballs_or_departs_in_a_known_way(stems: dict[str, str]) -> None:
    assert len(stems) == 20_000
    same = 0
    for word, theirs in stems.items():
        if stem(word) == theirs:
            same += 1
        else:
            assert departures(word), f"{word}: {stem(word)}, not {theirs}, and nothing says why"
    assert 0.76 < same / len(stems) < 0.77


def test_forms_that_snowball_brings_together_meet_but_where_the_dictionary_parts_them(stems: dict[str, str]) -> None:
    groups = defaultdict(list)
    for word, theirs in stems.items():
        groups[theirs].append(word)
    pairs = [pair for words in groups.values() for pair in combinations(words, 2)]
    parted = [(one, other) for one, other in pairs if stem(one) != stem(other)]
    assert 1 - len(parted) / len(pairs) > 0.95
    for one, other in parted:
        assert "dictionary" in departures(one) | departures(other), (one, other)


def test_forms_that_only_we_bring_together_are_so_by_the_dictionary_or_english(stems: dict[str, str]) -> None:
    groups = defaultdict(list)
    for word in stems:
        groups[stem(word)].append(word)
    pairs = [pair for words in groups.values() for pair in combinations(words, 2)]
    joined = [(one, other) for one, other in pairs if stems[one] != stems[other]]
    assert 0.35 < len(joined) / len(pairs) < 0.38
    for one, other in joined:
        assert departures(one) | departures(other), (one, other)
