"""What makes one document a better answer than another. Points are added; the most come first.

A word in the title says most, then one of the names by which people may look for it, then a heading, then the text. A
phrase, or all words near each other, is worth more than the same words scattered. Routines that are used and were
proven lately go before others of their like; what is doubted, overdue or retired goes after them. No use outweighs a
word in the title: what is looked for comes before what is popular.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from helhet.items.text import fold
from helhet.rules import same_words
from helhet.rules import words as analyser
from helhet.rules.excerpts import Best, Seeker, Sought
from helhet.search.document_texts import humps

IN_TITLES, IN_HEADINGS, ANYWHERE_IN_TEXT, BEGUN_IN_TITLES, BEGUN_ANYWHERE, BUT_ONE, SOME = range(7)
"""How the index found it: all words in titles and names, in headings, anywhere; the last, though it is a whole word, as
no more than the beginning of another, in titles or anywhere; all but one of them; some of them."""
TITLE, NAME, LEVEL = 10.0, 7.0, (6.0, 3.0, 0.0, -12.0, -15.0, 0.0, -2.0)
"""For each asked word that the title or a name holds, as a share of all; for the level."""
BEGUN = 0.5
"""A title that holds no more than the beginning of a word says so much of what one that holds the word says."""
SHARE = 6.0
"""For the words that the text of a document holds which was found by some of them, as a share of all."""
PHRASE_IN_TITLE, WHOLE_TITLE, BEGINS = 4.0, 4.0, 1.0
PHRASE, NEAR = 3.0, 2.0
THROUGH, OF_GROUP, SYMPTOM = 6.0, 2.0, 4.0
ROUTINE, MOST_FOR_USE, PROVEN = 1.0, 2.0, 1.0
DOUBTFUL, OVERDUE, UNPROVEN, RETIRED = -1.5, -1.0, -0.5, -8.0

SHORTEST_WORD = 4
"""A shorter last word is taken for the beginning of a longer: too many of them are words as well."""
NOWHERE = Best()

_FUNCTION = """
a an and at be by can do does for from how i if in is it my of on or our the to we what when where which who why with
att av de den det din ditt du eller en ett får för från gör göra han har hon hur i inom jag kan man med min mitt mot
ni nu när och om på sig ska skall som till upp ur vad var vara vem vi vid vilka vilken vår är åt över
"""
FUNCTION = frozenset(_FUNCTION.split())
"""Words that hold a question together and say nothing of what is looked for."""

_LIGHT = """
again anymore blev bli blir borta down dött ej fick funkar fungerar fungera får får get gets gick gone got går gå gått
had has have hela helt igen inga inget ingen ingenting inte just ligger låg längre längst måste ner nere no none not
plötsligt sluta slutade slutat startar still stopped tar tid vill will won work working works
"""
LIGHT = frozenset(_LIGHT.split())
"""Words of those who are in trouble: a document that lacks them may still be what they look for."""

_SYMPTOM = """
alert alarm broken cannot crash crashed crashing critical dead degraded denied down error errors exceeded expired fail
failed failing fails failure full hangs high latency lost missing offline outage refused slow stuck timeout timeouts
unavailable unhealthy unreachable warning avbrott bruten död fel felar felet full fullt fungerar hänger krasch kraschar
kraschat larm larmar låst långsam långsamt nekad nere nertid saknas segt slut stopp stoppad störning svarar timeout
trasig trasigt tappar varning
"""
SYMPTOMS = frozenset(_SYMPTOM.split())
"""Words by which people say that something is wrong."""
_ALERT = re.compile(r"\b(?:[A-Z]+[a-z0-9]+(?:[A-Z]+[a-z0-9]*)+|[A-Za-z0-9]+(?:_[A-Za-z0-9]+)+)\b")


@dataclass(slots=True)
class Candidate:
    """A document that may be the answer. `level` is where all words are met: titles and names, headings, anywhere.

    `is_through`: it is about the item that one looks from; `is_of_group`: it is of a group that one looks through.
    """

    id: int
    item_id: int
    address: str
    title: str
    names: str
    level: int
    is_through: bool = False
    is_of_group: bool = False
    sort: str = ""
    kind: str = ""
    is_routine: bool = False
    uses: int = 0
    last_proven_on: dt.date | None = None
    prove_days: int | None = None
    is_doubtful: bool = False
    due_on: dt.date | None = None
    valid_to: dt.date | None = None
    place: Best = NOWHERE
    text: str = ""
    points: float = 0.0
    is_exact: bool = False

    @property
    def reference(self) -> str:
        """Its item's, such as `DOC-5`."""
        return self.address.partition("/")[0]

    @property
    def is_partly(self) -> bool:
        """Whether it lacks some of the asked words."""
        return self.level >= BUT_ONE

    @property
    def order(self) -> tuple[bool, bool, float, int, str, int]:
        """Less is better, and no two are alike."""
        key = called_by(self.title, self.names).title
        return not self.is_exact, self.is_partly, -round(self.points, 6), len(self.title), key, self.id

    def is_unproven(self, on: dt.date) -> bool:
        """A routine that was not proven within its interval."""
        if not self.is_routine or self.prove_days is None:
            return False
        return self.last_proven_on is None or (on - self.last_proven_on).days > self.prove_days


def needed_words(text: str) -> tuple[str, str]:
    """A question without the words that only hold it together, and without those that only say that something is wrong.

    All of it where nothing else is there; signs alone are nothing. A word of a phrase, such as the *om* of *starta om*,
    is always needed.
    """
    words = text.split()
    bare = [word.strip("?!.,;:\"'()") for word in words]
    said = [analyser.stem(word) for word in bare]
    in_phrase: set[int] = set()
    for place in range(len(words)):
        in_phrase.update(range(place, place + same_words.phrase_at(said[place:])))
    kept = [
        place
        for place, word in enumerate(bare)
        if place in in_phrase or (fold(word) not in FUNCTION and analyser.tokens(word))
    ]
    heavy = [place for place in kept if place in in_phrase or fold(bare[place]) not in LIGHT]
    needed = " ".join(words[place] for place in kept) or text
    return needed, " ".join(words[place] for place in heavy) or needed


def ends_in_a_word(text: str) -> bool:
    """Whether its last word is one already, rather than in writing: known, or a compound of such."""
    last = fold(text.rsplit(maxsplit=1)[-1])
    return len(last) >= SHORTEST_WORD and last not in FUNCTION and last not in LIGHT and analyser.is_word(last)


def looks_like_symptom(text: str) -> bool:
    """Whether a question tells what is wrong, or is the name of an alert."""
    return bool(_ALERT.search(text)) or any(fold(word.strip("?!.,")) in SYMPTOMS for word in text.split())


def weigh(
    one: Candidate, question: Called, sought: Sequence[Sought], *, on: dt.date, is_symptom: bool
) -> tuple[float, bool]:
    """(points, whether the question is the very name) before the text is looked at."""
    folded = question.title
    called = called_by(one.title, one.names)
    in_title = {number for number, word in enumerate(sought) if word.is_met(called.in_title)}
    in_names = {number for number, word in enumerate(sought) if word.is_met(called.in_names)}
    begun = sum(not sought[number].is_met_whole(called.in_title) for number in in_title)
    share = TITLE * (len(in_title) - (1 - BEGUN) * begun) + NAME * len(in_names - in_title)
    if len(in_title | in_names) == len(sought):
        one.level = BEGUN_IN_TITLES if one.level == BEGUN_ANYWHERE else IN_TITLES
    points = share / len(sought) + LEVEL[one.level]
    if " " in folded and (folded in called.title or folded in called.spoken):
        points += PHRASE_IN_TITLE
    points += WHOLE_TITLE * (called.says == question.says)
    points += BEGINS * called.title.startswith(folded)
    points += THROUGH * one.is_through + OF_GROUP * one.is_of_group
    return points + _standing(one, on, is_symptom=is_symptom), folded in called.names


@dataclass(frozen=True, slots=True)
class Called:
    """What a document is called by: its title folded, and as one speaks it; all of its names folded.

    `in_title` and `in_names` are what their words are met by, those of an alert's name also apart; `says` as `said_in`.
    """

    title: str
    spoken: str
    names: frozenset[str]
    in_title: frozenset[str]
    in_names: frozenset[str]
    says: frozenset[str]


@lru_cache(maxsize=20_000)
def called_by(title: str, names: str) -> Called:
    """What is worked out of a title and of names, one a line."""
    own, spoken = fold(title), fold(humps(title))
    others = map(fold, names.split("\n"))
    return Called(own, spoken, frozenset({own, spoken, *others}), forms_in(title), forms_in(names), said_in(title))


def forms_in(text: str) -> frozenset[str]:
    """What the words of a title or of names are met by, halves of compounds too."""
    raws, _stems = analyser.raws_and_stems(f"{text}\n{humps(text)}")
    return whole_forms_in(text) | {part for raw in raws for part in analyser.parts(raw)}


def whole_forms_in(text: str) -> frozenset[str]:
    """The same without halves; with the phrases that stand there."""
    both = f"{text}\n{humps(text)}"
    raws, stems = analyser.raws_and_stems(both)
    words = {*raws, *stems, *map(analyser.doer, raws)} - {""}
    return frozenset({*words, *same_words.phrases_in(both, words)})


def said_in(text: str) -> frozenset[str]:
    """The stems of a title or question, without the words that hold it together."""
    raws, stems = analyser.raws_and_stems(humps(text))
    return frozenset(stem for raw, stem in zip(raws, stems, strict=True) if raw not in FUNCTION)


def _standing(one: Candidate, on: dt.date, *, is_symptom: bool) -> float:
    points = 0.0
    if one.is_routine:
        points += ROUTINE + min(MOST_FOR_USE, math.log2(1 + one.uses) / 3)
        points += SYMPTOM * is_symptom
        if one.is_unproven(on):
            points += UNPROVEN
        elif one.last_proven_on is not None:
            points += PROVEN
    points += DOUBTFUL * one.is_doubtful
    points += OVERDUE * (one.due_on is not None and one.due_on < on)
    return points + RETIRED * (one.valid_to is not None and one.valid_to < on)


def with_place(one: Candidate, seeker: Seeker) -> tuple[Best, float]:
    """The best place of its text, and the points that it is worth."""
    place, asked = seeker.best(one.text), len(seeker.asked)
    if asked < 2 or not place.words:
        return place, 0.0
    points = PHRASE if place.is_phrase else NEAR * (place.words - 1) / (asked - 1)
    if one.is_partly:
        points += SHARE * len({met.sought for met in place.places}) / asked
    return place, points
