"""What RFC 5545 forbids in a recurrence rule (section 3.3.10), for rules that are written now.

Rules that were kept before are read without these limits, as `recurrence.read_rule` does: many programs give such rules
a meaning of their own, and a task must not stop coming because of how it was once written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from helhet.rules.recurrence import BadRule, read_rule

WEEKDAYS = frozenset({"MO", "TU", "WE", "TH", "FR", "SA", "SU"})
RANGES = {"BYMONTH": (1, 12), "BYMONTHDAY": (1, 31), "BYYEARDAY": (1, 366), "BYWEEKNO": (1, 53), "BYSETPOS": (1, 366)}
"""The least and most of each; all but months are also counted from the end, with a minus."""
ONLY_YEARLY = ("BYWEEKNO", "BYYEARDAY")
SHAPES = {8: "%Y%m%d", 16: "%Y%m%dT%H%M%SZ"}


def check_rule(text: str, *, has_time: bool) -> None:
    """Raises BadRule for a rule that must not be written; `has_time` when it comes at a clock time, not on days.

    The words are those of BadRule and `number`, `weekday`, `until`, `until_day`, `both_ends`, `numbered`,
    `numbered_week`, `month_day`, `yearly` and `position`; after the word stand the part and the value.
    """
    parts = read_rule(text)
    _check_values(parts)
    _check_end(parts, has_time=has_time)
    frequency, days = parts["FREQ"], parts.get("BYDAY", "").split(",")
    numbered = next((day for day in days if day and day not in WEEKDAYS), "")
    if numbered and frequency not in {"MONTHLY", "YEARLY"}:
        raise BadRule("numbered", "BYDAY", numbered)
    if numbered and "BYWEEKNO" in parts:
        raise BadRule("numbered_week", "BYDAY", numbered)
    if "BYMONTHDAY" in parts and frequency == "WEEKLY":
        raise BadRule("month_day", "BYMONTHDAY", parts["BYMONTHDAY"])
    for name in ONLY_YEARLY:
        if name in parts and frequency != "YEARLY":
            raise BadRule("yearly", name, parts[name])
    if "BYSETPOS" in parts and not any(name.startswith("BY") and name != "BYSETPOS" for name in parts):
        raise BadRule("position", "BYSETPOS", parts["BYSETPOS"])


def _check_values(parts: Mapping[str, str]) -> None:
    for name, (least, most) in RANGES.items():
        sign = "" if name == "BYMONTH" else "[+-]?"
        for value in parts[name].split(",") if name in parts else ():
            if not re.fullmatch(rf"{sign}[0-9]{{1,3}}", value) or not least <= abs(int(value)) <= most:
                raise BadRule("number", name, value)
    for value in parts["BYDAY"].split(",") if "BYDAY" in parts else ():
        count, day = value[:-2], value[-2:]
        if day not in WEEKDAYS or (count and not re.fullmatch(r"[+-]?[0-9]{1,2}", count)):
            raise BadRule("weekday", "BYDAY", value)
        if count and not 1 <= abs(int(count)) <= 53:
            raise BadRule("number", "BYDAY", value)
    if parts.get("WKST", "MO") not in WEEKDAYS:
        raise BadRule("weekday", "WKST", parts["WKST"])


def _check_end(parts: Mapping[str, str], *, has_time: bool) -> None:
    """UNTIL is of the sort that the first time is: a day, or where it has a clock time an instant in UTC. There a bare
    day is taken too, and meant to its end, since the day and its time are two fields to whoever fills them in.
    """
    until = parts.get("UNTIL", "")
    if until and "COUNT" in parts:
        raise BadRule("both_ends", "UNTIL", until)
    if not until:
        return
    shape = SHAPES.get(len(until))
    if shape is None or not re.fullmatch(r"[0-9]{8}(T[0-9]{6}Z)?", until):
        raise BadRule("until", "UNTIL", until)
    try:
        datetime.strptime(until, shape)  # noqa: DTZ007 - only whether there is such a day and time
    except ValueError as error:
        raise BadRule("until", "UNTIL", until) from error
    if not has_time and len(until) > 8:
        raise BadRule("until_day", "UNTIL", until[:8])
