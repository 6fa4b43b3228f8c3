"""Nouns in sentences, in the words that a house has chosen for them.

The product's sentences name its nouns in their forms. A house that calls a group a team is told of teams: each whole
word that is a form of a renamed noun gives way to the same form of the house's word, and what agrees with it follows:
in Swedish the words before it (`en grupp`, `ett lag`), in English the article. Placeholders, markup, code and filters
are left as they are.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

Forms = tuple[str, str, str, str]
"""Singular, plural, definite, definite plural."""

SINGULAR, PLURAL, DEFINITE, DEFINITE_PLURAL = range(4)

KEPT = r"%\(\w+\)[a-z]|%%|\{[^{}]*\}|<code\b.*?</code>|<[^>]*>|`[^`]*`|\w+:(?=[^\s<])"

TO_NEUTER = {
    "en": "ett", "någon": "något", "ingen": "inget", "denna": "detta", "den": "det", "sin": "sitt", "din": "ditt",
    "min": "mitt", "vår": "vårt", "er": "ert", "annan": "annat", "egen": "eget", "ansvarig": "ansvarigt",
    "vilken": "vilket", "ny": "nytt", "stängd": "stängt", "okänd": "okänt", "viss": "visst", "levande": "levande",
    "vald": "valt", "sådan": "sådant", "hel": "helt", "enda": "enda", "berörd": "berört",
}  # fmt: skip
TO_COMMON = {neuter: common for common, neuter in TO_NEUTER.items()}
ONE_FOLLOWS = frozenset({"varje", "samma", "första", "nästa", "enda", *TO_NEUTER, *TO_COMMON})
MANY_FOLLOW = frozenset({
    "alla", "några", "inga", "flera", "många", "dessa", "andra", "sina", "dina", "våra", "de", "två", "fler", "färre",
})  # fmt: skip
ALSO_VERBS = frozenset({"change", "changes", "document", "documents", "process", "processes", "measure", "measures",
                        "kind", "source", "sources", "contract", "contracts", "task", "tasks"})  # fmt: skip
NOUN_FOLLOWS = frozenset({
    "a", "an", "the", "this", "that", "each", "every", "no", "any", "which", "one", "of", "other", "another", "same",
    "its", "their", "these", "those", "all", "some", "many", "new", "your",
})  # fmt: skip
VOWEL = re.compile(r"(?!uni|use|eu|one)[aeiou]|hour|hono", re.IGNORECASE)
UNFIT = re.compile(r"[<>&\"'%{}`\x00-\x1f]")


class Renaming:
    """The nouns that a house has renamed, in one language."""

    def __init__(self, language: str, nouns: Sequence[tuple[Forms, Forms]]) -> None:
        """`nouns` are pairs of the product's forms and the house's. A word that could be taken for markup or for a
        placeholder is left out, since it would be read as such.
        """
        self._language = language
        self._places: dict[str, list[tuple[int, int]]] = {}
        self._nouns = [pair for pair in nouns if pair[0] != pair[1] and not any(map(UNFIT.search, pair[1]))]
        for number, (built_in, _own) in enumerate(self._nouns):
            for form, word in enumerate(built_in):
                self._places.setdefault(word.lower(), []).append((number, form))
        words = "|".join(re.escape(word) for word in sorted(self._places, key=len, reverse=True))
        self._pattern = re.compile(
            rf"(?P<kept>{KEPT})|(?<![\w%/.@#-])(?P<before>(?:[^\W\d_]+\s+){{0,2}}?)(?P<word>{words})(?P<s>s?)(?![\w/=@-]|:[^\s<])",
            re.IGNORECASE | re.DOTALL,
        )

    def __bool__(self) -> bool:
        """Whether any noun is renamed."""
        return bool(self._nouns)

    def say(self, text: str, number: int | None = None) -> str:
        """The text in the house's words. `number` is how many things it tells of, where that is known."""
        if not self._nouns:
            return text
        return self._pattern.sub(lambda found: self._said(found, text, number), text)

    def _said(self, found: re.Match[str], text: str, number: int | None) -> str:
        if found["kept"] is not None:
            return found[0]
        before = found["before"].split()
        word = found["word"]
        if self._language == "en" and word.lower() in ALSO_VERBS and not self._is_noun(found, before, text):
            return found[0]
        places = self._places[word.lower()]
        noun, form = places[0] if len(places) == 1 else self._chosen(places, before, found, text, number)
        built_in, own = self._nouns[noun]
        said = own[form] + _genitive(own[form], found["s"], self._language)
        said = said[:1].upper() + said[1:] if word[:1].isupper() else said
        return self._agreeing(found["before"], built_in, own, form) + said

    def _is_noun(self, found: re.Match[str], before: Sequence[str], text: str) -> bool:
        """In English, a word that is a verb too: a noun after an article and the like, and alone in a heading."""
        is_alone = text.strip().lower() == found["word"].lower() and found["word"].lower().endswith("s")
        return is_alone or (bool(before) and before[-1].lower() in NOUN_FOLLOWS)

    @staticmethod
    def _chosen(
        places: Sequence[tuple[int, int]], before: Sequence[str], found: re.Match[str], text: str, number: int | None
    ) -> tuple[int, int]:
        """Of forms that look alike, the one that is meant: by the number, else by the word before, else the plural."""
        noun = places[0][0]
        forms = [form for one, form in places if one == noun]
        if len(forms) == 1:
            return noun, forms[0]
        last = before[-1].lower() if before else ""
        if number is not None and not last:
            is_one = number == 1
        elif last in MANY_FOLLOW or (not before and text[: found.start()].rstrip().endswith(("s", "}", "0"))):
            is_one = False
        else:
            is_one = last in ONE_FOLLOWS or (len(last) > 2 and last.endswith("t"))
        return noun, forms[0] if is_one else forms[-1]

    def _agreeing(self, before: str, built_in: Forms, own: Forms, form: int) -> str:
        """The words before the noun, as they are said with the house's word."""
        if not before:
            return before
        if self._language == "en":
            article = "n" if VOWEL.match(own[form]) else ""
            return re.sub(r"\b([Aa])n?(\s+)\Z", rf"\1{article}\2", before)
        if form not in {SINGULAR, DEFINITE} or _is_neuter(built_in) == _is_neuter(own):
            return before
        table = TO_NEUTER if _is_neuter(own) else TO_COMMON
        if form == DEFINITE:
            table = {one: table[one] for one in ("den", "det", "denna", "detta") if one in table}
        return re.sub(r"\w+", lambda one: _like(one[0], table), before)


def _is_neuter(forms: Forms) -> bool:
    """Swedish nouns that take `ett` end in -t when they are definite."""
    return forms[DEFINITE].split()[-1].endswith("t")


def _like(word: str, table: Mapping[str, str]) -> str:
    other = table.get(word.lower(), word)
    return other[:1].upper() + other[1:] if word[:1].isupper() else other


def _genitive(word: str, mark: str, language: str) -> str:
    return "" if language == "sv" and word.lower().endswith(("s", "x", "z")) else mark
