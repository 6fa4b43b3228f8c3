"""Swedish compounds, taken apart as far as their letters tell: *omsorgsjournal*, *databasserver*.

A word is taken apart where what stands before and after are words of the dictionary that the analyser has anyway
(simplemma's, MIT), or names that operations use. A linking *s* belongs to neither half. Where several ways are
possible the one with the longest last half is chosen, since the last half is what the thing is.
"""

from functools import lru_cache

from simplemma import is_known

SHORTEST_FIRST, SHORTEST_LAST = 4, 4
SHORTEST, LONGEST = 7, 40
_VOWELS = frozenset("aeiouyåäö")

_OWN = """
api app array backup balanserare blogg cache center chatt cluster data desk dns failover fjärr firewall gateway host
inlogg katalog kluster konto larm logg mail master moln patch proxy router runbook script server skript switch system
token url virtualisering virus vpn web webb wiki wifi
"""
OWN = frozenset(_OWN.split())
"""Words of operations that the dictionary lacks or knows in another form."""

_BEGINNINGS = """
backend cpu cyber dashboard deploy docker eskalering frontend helpdesk kubernetes malware observabilitet pdf phishing
postgres ransomware sharepoint sql storage swap webhook windows
"""
BEGINNINGS = frozenset(_BEGINNINGS.split())
"""Words of operations that the dictionary lacks and that begin compounds; none is looked for at the end of a word."""

_SHORT = """
app bas bil bud bus dag del el fax fel fil gas hot hus hål hår kod krav kö köp lag lås lån lön mål nav nod nät ord rad
rum råd sms tid typ vpn vård
"""
SHORT = frozenset(_SHORT.split())
"""Words of two or three letters that stand in compounds; the dictionary has hundreds of others that seldom do."""

_LOOSE = """
allt andra bort efter fort fram fören före genom gent hela hem hit huru inom inte lika mana nedan persona platt prest
proc rest senare sens samma själv snaps snart till tran under upp vara vidare vill åter över
"""
LOOSE = frozenset(_LOOSE.split())
"""Beginnings that alter a word rather than make it another's half: *uppdatering*, *återställning*."""

_ENDINGS = """
ade ades alens ande anden andet aren arens arna arnas ares bunden bundet dom elsen elser enas enda ende endet era erad
erade erat eras ering erings erna ernas essen farande fest förande gement hanterad heten hetens heter heterna heters
iker inna inne isk iska iskt itet iteten iteter kild lade lig liga ligt ling lingar logi ment möter nade nader ning
ningar ningen ningens nord orna ort orten orter port rade ration ring ringar ringen river rivning roll samma sion skap
skaps soft sten tion tionen tioner turer varande visning ökning ören örens örer
"""
ENDINGS = frozenset(_ENDINGS.split())
"""Endings that the dictionary lists as words too; a word is not taken apart before one."""


@lru_cache(maxsize=200_000)
def halves(word: str) -> tuple[str, str] | None:
    """The two halves of a folded word, without the linking *s*; None when it is no compound that can be told."""
    if not SHORTEST <= len(word) <= LONGEST or not word.isalpha() or _is_foreign(word):
        return None
    found: list[tuple[str, str]] = []
    for at in range(2, len(word) - 1):
        first, last = word[:at], word[at:]
        if _is_last(last):
            found.extend((one, last) for one in (first, first.removesuffix("s")) if _is_first(one))
    if not found:
        return None
    first, last = max(found, key=lambda one: (_worth(*one), len(one[1]), len(one[0])))
    # *minnesläcka* is no *släcka*: where both read as words, an s between them links.
    if last[0] == "s" and (first, last[1:]) in found:
        last = last[1:]
    bare = first.removesuffix("s")
    return (bare, last) if (bare, last) in found else (first, last)


def _worth(first: str, last: str) -> int:
    """A half that operations use themselves is likelier than one that the dictionary happens to hold."""
    return 2 * (last in OWN) + (first in OWN or first in SHORT)


def _is_last(word: str) -> bool:
    if len(word) < SHORTEST_LAST:
        return word in SHORT and word not in ENDINGS and word not in {"el", "rad", "lag"}
    return word not in ENDINGS and not _VOWELS.isdisjoint(word) and _is_word(word)


def _is_first(word: str) -> bool:
    if word in BEGINNINGS:
        return True
    if len(word) < SHORTEST_FIRST:
        return word in SHORT or word in OWN
    return word not in LOOSE and (_is_word(word) or halves(word) is not None)


@lru_cache(maxsize=200_000)
def _is_word(word: str) -> bool:
    return word in OWN or word in SHORT or bool(is_known(word, lang="sv"))


def _is_foreign(word: str) -> bool:
    if word.endswith(tuple(OWN)):
        return False
    return bool(is_known(word, lang="en")) and not is_known(word, lang="sv")
