"""Swedish compounds, taken apart as far as their letters tell: *omsorgsjournal*, *databasserver*.

A word is taken apart where what stands before and after are words of the dictionary that the analyser has anyway
(simplemma's, MIT), or names that operations use. A linking *s* belongs to neither half. Where several ways are
possible the one with the longest last half is chosen, since the last half is what the thing is.
"""

from functools import lru_cache

from simplemma import is_known

SHORTEST_FIRST, SHORTEST_LAST = 3, 4
SHORTEST, LONGEST = 8, 40
_VOWELS = frozenset("aeiouyåäö")

_OWN = """
api app array backup blogg cache chatt cluster data dns failover fil fjärr firewall gateway host inlogg katalog kluster
konto kö köer larm lås logg mail moln nod nät proxy router runbook script skript switch system tjänst token url vpn
webb wiki wifi
"""
OWN = frozenset(_OWN.split())
"""Words of operations that the dictionary lacks or knows in another form."""

_ENDINGS = """
ande anden andet aren arens arna arnas ares base basen dom elser enas enda endet era eras ering erings erna ernas
ibel iker iska isk iskt ling lingar logi ning ningar ningen ningens orna ring ringar ringen sion skap sten tion tionen
tioner lig liga ligt ade ades erade erat nade nader elsen itet iteten iteter ment inna inne samma
"""
ENDINGS = frozenset(_ENDINGS.split())
"""Endings that the dictionary lists as words too; a word is not taken apart before one."""


@lru_cache(maxsize=200_000)
def halves(word: str) -> tuple[str, str] | None:
    """The two halves of a folded word, without the linking *s*; None when it is no compound that can be told."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha():
        return None
    for at in range(SHORTEST_FIRST, len(word) - SHORTEST_LAST + 1):
        last = word[at:]
        if last in ENDINGS or not _is_word(last) or not _VOWELS & set(last):
            continue
        first = word[:at]
        if len(first) > SHORTEST_FIRST and first.endswith("s") and _is_first(first[:-1]):
            return first[:-1], last
        if _is_first(first):
            return first, last
    return None


def _is_first(word: str) -> bool:
    return len(word) >= SHORTEST_FIRST and (_is_word(word) or halves(word) is not None)


@lru_cache(maxsize=200_000)
def _is_word(word: str) -> bool:
    return word in OWN or bool(is_known(word, lang="sv"))
