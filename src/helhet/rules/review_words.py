"""The English and Swedish words of review intervals and days."""

from __future__ import annotations

from typing import Final

_DAY, _WEEK, _MONTH, _YEAR = "day", "week", "month", "year"


def _each(words: str, count: int, unit: str) -> dict[str, tuple[int, str]]:
    return dict.fromkeys(words.split(), (count, unit))


UNITS: Final[dict[str, tuple[int, str]]] = {
    **_each("d day days dag dagar dagars dagen dygn", 1, _DAY),
    **_each("w wk wks week weeks v vecka veckor veckors veckan", 1, _WEEK),
    **_each("fortnight fortnights", 2, _WEEK),
    **_each("m mo mos mon mth mths month months mån månad månader månaders månaden manad manader", 1, _MONTH),
    **_each("quarter quarters qtr qtrs kvartal kvartalet", 3, _MONTH),
    **_each("tertial", 4, _MONTH),
    **_each("halvår halvåret halvar halvaret", 6, _MONTH),
    **_each("y yr yrs year years å år års året ar", 1, _YEAR),
}
"""What each word counts as: so many of a unit."""

NAMED: Final[dict[str, tuple[int, str]]] = {
    **_each("daily dagligen", 1, _DAY),
    **_each("weekly veckovis", 1, _WEEK),
    **_each("fortnightly", 2, _WEEK),
    **_each("monthly månadsvis månatligen manadsvis manatligen", 1, _MONTH),
    **_each("quarterly kvartalsvis quarter kvartal", 3, _MONTH),
    **_each("tertialvis", 4, _MONTH),
    **_each("half-yearly semi-annually semiannually semi-annual semiannual halvårsvis halvår halvarsvis", 6, _MONTH),
    **_each("yearly annually annual årligen årsvis årlig arligen arsvis arlig", 1, _YEAR),
    **_each("biennially biennial", 2, _YEAR),
    "half a year": (6, _MONTH),
    "half year": (6, _MONTH),
    "six-monthly": (6, _MONTH),
    "ett halvt år": (6, _MONTH),
}
"""Intervals that one expression says. `biannual` is none: it is used for twice a year and for every second year."""

_NEVER = (
    "never", "none", "no", "n/a", "na", "-", "nil", "null", "false", "off", "not needed", "not applicable", "aldrig",
    "ingen", "inget", "nej", "saknas", "ej tillämpligt", "behövs inte", "vid behov", "as needed",
    "when needed", "ad hoc",
)  # fmt: skip
NEVER: Final = frozenset(_NEVER)
NO_DAY: Final = NEVER | {"tills vidare", "until further notice", "indefinitely"}
EVERY: Final = (
    "once every", "once per", "en gång vart", "en gång var", "en gång per", "1 gång vart", "1 gång var", "1 gång per",
    "at least every", "minst var", "every", "each", "after", "in", "within", "varje", "vart", "var", "om",
    "inom", "efter", "per", "max", "max.", "högst", "at most", "no later than", "senast inom", "senast efter",
)  # fmt: skip
"""What may stand before an interval."""

_ENGLISH = "one two three four five six seven eight nine ten eleven twelve"
_SWEDISH = "ett två tre fyra fem sex sju åtta nio tio elva tolv"
_EVEN = {"eighteen": 18, "arton": 18, "twenty-four": 24, "tjugofyra": 24, "thirty": 30, "trettio": 30, "sixty": 60,
         "sextio": 60, "ninety": 90, "nittio": 90}  # fmt: skip
NUMBERS: Final[dict[str, int]] = {
    **{word: count for words in (_ENGLISH, _SWEDISH) for count, word in enumerate(words.split(), 1)},
    "a": 1, "an": 1, "en": 1, "tva": 2, "atta": 8, **_EVEN,
}  # fmt: skip
ORDINALS: Final[dict[str, int]] = {
    "other": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "andra": 2, "annan": 2, "annat": 2,
    "tredje": 3, "fjärde": 4, "fjarde": 4, "femte": 5, "fjortonde": 14, "sjätte": 6, "sjatte": 6, "tolfte": 12,
    "twelfth": 12,
}  # fmt: skip
"""Of `every third month`, `var tredje månad`."""

_MONTHS = (
    "january jan januari", "february feb februari febr", "march mar mars", "april apr", "may maj", "june jun juni",
    "july jul juli", "august aug augusti", "september sep sept", "october oct oktober okt", "november nov",
    "december dec",
)  # fmt: skip
MONTHS: Final[dict[str, int]] = {word: at for at, words in enumerate(_MONTHS, 1) for word in words.split()}
_WEEKDAYS = (
    "monday mon måndag måndagen mån", "tuesday tue tues tisdag tisdagen tis", "wednesday wed onsdag onsdagen ons",
    "thursday thu thur thurs torsdag torsdagen tor tors", "friday fri fredag fredagen fre",
    "saturday sat lördag lördagen lör", "sunday sun söndag söndagen sön",
)  # fmt: skip
WEEKDAYS: Final = frozenset(word for words in _WEEKDAYS for word in words.split())
