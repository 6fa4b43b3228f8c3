"""Whether a text is Swedish or English: a small count of the words that each language cannot do without."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_SWEDISH = (
    "och att det som en är av för den till på med de inte om ett har vid eller från kan ska när så vi du men var skall "
    "också under efter måste finns här sedan denna detta dessa"
)
_ENGLISH = (
    "the of and to is that it for you are with be this on as not or if from can will by an at have when should we your "
    "which how these must then there into use"
)
_WORDS_SV, _WORDS_EN = frozenset(_SWEDISH.split()), frozenset(_ENGLISH.split())
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(
    r"^(?:```|~~~).*?^(?:```|~~~)[ \t]*$|`[^`\n]*`|<[^>\n]{1,200}>|https?://\S+", re.MULTILINE | re.DOTALL
)
READ: Final = 20_000
"""How many characters from the beginning are looked at."""


@lru_cache(maxsize=16)
def language_of(text: str) -> str:
    """`sv` or `en`; empty when neither is clearly ahead. Code and addresses say nothing."""
    # A page that is written out is read several times over, as its facts are put right.
    words = _WORD.findall(_CODE.sub(" ", text[:READ]).lower())
    swedish = sum(map(_WORDS_SV.__contains__, words)) + sum("å" in word or "ä" in word or "ö" in word for word in words)
    english = sum(map(_WORDS_EN.__contains__, words))
    if swedish > english:
        return "sv"
    return "en" if english > swedish else ""
