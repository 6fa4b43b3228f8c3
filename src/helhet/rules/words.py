r"""The search analyser: from a text to the words that both databases index, and back to the match shown.

A word is `\w+`, folded (`text.fold`), brought to its dictionary form in Swedish or else English, and
stemmed in Swedish and then English; so *servrarna*, *servern* and *server* meet. References and host
names (`SRV-12`, `web01.example.org`) are kept whole and also split into their words. A compound is also
met by its halves (`rules/compounds.py`): *journal* finds *Omsorgsjournal*.

Word lists: simplemma (MIT; its data comes from open word lists) and Snowball (BSD).
"""

import re
import threading
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache

import Stemmer
from simplemma import is_known, lemmatize

from helhet.rules.compounds import halves
from helhet.rules.text import fold, is_plain

ANALYSER = 10
"""Rises with each change of what texts are brought to and indexed by, so that an index made before is made anew."""

SHORTEST_DOER = 6
LONGEST_STEMMED = 40
"""Longer words are no words of a language, and are kept as they are."""
LONGEST_WORD = 100
"""The most characters of a raw word or stem; what is longer is cut, in texts and queries alike."""

MARKS = "[\u0300-\u036f\u00ad\u200b-\u200d]*"
"""Accents written apart, soft hyphens and joiners belong to the letter before them; folding sees to them."""
# Some letters stand for several words or for signs, such as U+FDFA and U+2474; folded they are still one word.
_NO_SIGN = re.compile("[\x00-,;-?\\[-^`{-\x7f]")
_GLUED = re.compile(rf"(?:\w{MARKS})+(?:[-.:/@](?:\w{MARKS})+)*")
_WORD = re.compile(rf"(?:[^\W_]{MARKS})+")
BREAK = r"[.!?:;,]\s|\n"
"""Words between which this stands are not said together."""
_BREAK = re.compile(BREAK)


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text: folded as written (`raw`), its `stem`, and its place in the text, half open.

    `is_whole` marks a reference or host name kept whole: its words follow as tokens of their own, and
    its stem is its raw form.
    """

    raw: str
    stem: str
    start: int
    end: int
    is_whole: bool = False

    @property
    def parts(self) -> tuple[str, ...]:
        """What a compound is also met by."""
        return parts(self.raw)


@dataclass(frozen=True, slots=True)
class QueryToken:
    """One word of a query, all of which must be found. Its `stem` is what it is looked for by (`asked_form`).

    `is_last` marks the word that may still be in writing, so that its beginning is enough. `parts` are
    the stems of a whole reference's words, for texts that write it apart; empty for an ordinary word.
    """

    stem: str
    raw: str
    is_last: bool
    parts: tuple[str, ...] = ()


class _Stemmers(threading.local):
    """Snowball's stemmers, one pair per thread as they are not to be shared."""

    def __init__(self) -> None:
        self.swedish = Stemmer.Stemmer("swedish", 0)
        self.english = Stemmer.Stemmer("english", 0)


_stemmers = _Stemmers()


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """The stem of one word, folded or not; words with digits and very long ones are only folded."""
    folded = _raw(word)
    if len(folded) > LONGEST_STEMMED or not folded.isalpha():
        return folded
    lemma = _lemma(folded)
    stemmed: str = _stemmers.english.stemWord(_stemmers.swedish.stemWord(lemma))
    return stemmed


def _lemma(folded: str) -> str:
    lemma = fold(lemmatize(folded, lang=("sv", "en")))
    split = halves(folded) if lemma == folded and not is_known(folded, lang=("sv", "en")) else None
    if split is not None:
        # What the dictionary lacks as a whole it may know by its end: *byggservrar*, *byggserver*.
        lemma = folded[: -len(split[1])] + fold(lemmatize(split[1], lang=("sv", "en")))
    return lemma


@lru_cache(maxsize=200_000)
def doer(word: str) -> str:
    """The dictionary form of a Swedish word for who or what does a thing, such as *skrivaren*; empty for other words.

    Its stem is that of the deed, so that *användare* would find whatever is *used*.
    """
    raw = _raw(word)
    if ("are" not in raw and "arna" not in raw) or len(raw) < SHORTEST_DOER or not raw.isalpha():
        return ""
    split = halves(raw)
    known = is_known(raw, lang="sv") or (split is not None and is_known(split[1], lang="sv"))
    lemma = _lemma(raw) if known else ""
    return lemma if lemma.endswith("are") else ""


def asked_form(word: str) -> str:
    """What a word of a question is looked for by: who does a thing as such, all others by their stem."""
    return doer(word) or stem(word)


@lru_cache(maxsize=200_000)
def parts(word: str) -> tuple[str, ...]:
    """What a folded compound is also met by: the stems of its halves, and of theirs; empty for other words.

    A half that is a doer is met by that too.
    """
    split = halves(word)
    if split is None:
        return ()
    return tuple(dict.fromkeys(one for half in split for one in (stem(half), doer(half), *parts(half)) if one))


def is_word(word: str) -> bool:
    """Whether a folded word is one of the dictionary, Swedish or English, or a compound of such."""
    return bool(is_known(word, lang=("sv", "en"))) or halves(word) is not None


@lru_cache(maxsize=200_000)
def forms(word: str) -> frozenset[str]:
    """All that one word of a text is met by: its raw form, its stem or doer, and those of a compound's halves."""
    raw = _raw(word)
    return frozenset({raw, stem(word), doer(raw) or raw, *parts(raw)})


def tokens(text: str) -> list[Token]:
    """The words of a text in order, a whole reference directly before its own words."""
    found: list[Token] = []
    for glued in _GLUED.finditer(text):
        words = [
            Token(_raw(word.group()), stem(word.group()), word.start(), word.end())
            for word in _WORD.finditer(text, glued.start(), glued.end())
        ]
        if len(words) > 1:
            raw = _raw(glued.group())
            found.append(Token(raw, raw, glued.start(), glued.end(), is_whole=True))
        # A word of signs that fold to nothing is no word.
        found.extend(word for word in words if word.raw)
    return found


def spans(text: str) -> list[tuple[int, int]]:
    """Where `tokens(text)` stand, without what they are: (start, end), half open."""
    found: list[tuple[int, int]] = []
    for glued in _GLUED.finditer(text):
        words = [word.span() for word in _WORD.finditer(text, *glued.span())]
        if len(words) > 1:
            found.append(glued.span())
        found.extend(words)
    return found


@lru_cache(maxsize=200_000)
def _raw(word: str) -> str:
    return _NO_SIGN.sub("", fold(word))[:LONGEST_WORD]


_PLAIN_GLUED = re.compile("[a-z0-9_åäö]+(?:[-.:/@][a-z0-9_åäö]+)*")
_PLAIN_WORD = re.compile("[a-z0-9åäö]+")


def raws_and_stems(text: str) -> tuple[list[str], list[str]]:
    """The raw forms and the stems of `tokens(text)`, side by side, several times faster: for the index."""
    lowered = text.lower()
    if not is_plain(lowered):
        found = tokens(text)
        return [token.raw for token in found], [token.stem for token in found]
    raws: list[str] = []
    stemmed: list[str] = []
    for glued in _PLAIN_GLUED.findall(lowered):
        words = [glued] if glued.isalnum() else _PLAIN_WORD.findall(glued)
        if len(words) > 1:
            raws.append(glued[:LONGEST_WORD])
            stemmed.append(glued[:LONGEST_WORD])
        for word in words:
            raw = word[:LONGEST_WORD]
            raws.append(raw)
            stemmed.append(stem(raw) if word.isalpha() else raw)
    return raws, stemmed


def stems(text: str) -> list[str]:
    """The stems of a text's words, in order and with repeats."""
    return raws_and_stems(text)[1]


def runs(text: str) -> list[list[str]]:
    """The stems of the words that are said together, in order: no line or part of a sentence ends between them."""
    found: list[list[str]] = []
    end: int | None = None
    for token in tokens(text):
        if token.is_whole:
            continue
        if end is None or _BREAK.search(text, end, token.start):
            found.append([])
        found[-1].append(token.stem)
        end = token.end
    return found


def query_tokens(text: str) -> list[QueryToken]:
    """The words of a query, a whole reference as one with its parts."""
    found = tokens(text)
    asked: list[QueryToken] = []
    end = 0
    for place, token in enumerate(found):
        if token.start < end:
            continue
        end = token.end
        parts = tuple(part.stem for part in found[place + 1 :] if token.is_whole and part.end <= end)
        asked.append(QueryToken(asked_form(token.raw), token.raw, is_last=False, parts=parts))
    if asked:
        last = asked[-1]
        asked[-1] = QueryToken(last.stem, last.raw, is_last=True, parts=last.parts)
    return asked


def highlight(text: str, query_stems: Collection[str], prefixes: Collection[str] = ()) -> list[tuple[str, bool]]:
    """The text in segments, true for what the query found; the segments joined are the text.

    A word is found when its stem or raw form is among `query_stems`, or its raw form begins with one of
    `prefixes` (folded here).
    """
    beginnings = tuple(filter(None, map(fold, prefixes)))
    wanted = set(query_stems)
    segments: list[tuple[str, bool]] = []
    at = 0
    for token in tokens(text):
        is_found = token.stem in wanted or token.raw in wanted or token.raw.startswith(beginnings)
        is_found = is_found or not wanted.isdisjoint(token.parts) or doer(token.raw) in wanted
        if not is_found or token.start < at:
            continue
        if token.start > at:
            segments.append((text[at : token.start], False))
        segments.append((text[token.start : token.end], True))
        at = token.end
    if at < len(text):
        segments.append((text[at:], False))
    return segments
