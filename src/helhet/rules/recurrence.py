"""Times that come back: recurrence rules as RFC 5545 (section 3.3.10) has them, in local time.

A rule is expanded by the local clock, so that "Tuesdays at 18" stays at 18 when summer time comes and goes. A clock
time that the spring change leaves out is read with the offset before it, and of one that comes twice in autumn the
first is taken (RFC 5545, section 3.3.5). The length is exact: eight hours are eight hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from helhet.rules.intervals import Interval

FREQUENCIES = frozenset({"YEARLY", "MONTHLY", "WEEKLY", "DAILY"})
PARTS = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH", "BYMONTHDAY", "BYSETPOS",
                   "BYWEEKNO", "BYYEARDAY"})  # fmt: skip
COUNT_LIMIT, INTERVAL_LIMIT = 5_000, 9_999
MOST = 2_000
SEARCH = timedelta(days=366 * 9)
"""How far on a last time is looked for: leap days come every fourth year, or the eighth."""
CYCLE = 400
"""The years after which the calendar is the same again, weekdays and all."""


class BadRule(ValueError):
    """The text is no recurrence rule that can be used here. Its first argument is one word that says why: `unknown`,
    `frequency`, `part`, `many` or `first`, or one of `recurrence_limits`; then may stand the part and its value.
    """

    def __init__(self, word: str, part: str = "", value: str = "") -> None:
        """Which part, where it is one part's fault, and what it says."""
        super().__init__(word)
        self.word, self.part, self.value = word, part, value


@dataclass(frozen=True, slots=True)
class Recurring:
    """The first time (a local day and clock time), how long each lasts, and the rule; empty is that one time."""

    on: date
    at: time
    length: timedelta
    rule: str = ""

    def check(self) -> None:
        """Raises BadRule unless the rule can be read and its first time is the one that is stated."""
        if not self.rule:
            return
        parts = read_rule(self.rule)
        _until(parts.pop("UNTIL", ""), ZoneInfo("UTC"))
        parts.pop("COUNT", None)
        # Moved to the last years that there are, so that a rule which nothing ever meets is not followed for ages.
        late = self._first.replace(year=10_000 - CYCLE + self.on.year % CYCLE)
        if next(iter(_made(parts, late)), None) != late:
            raise BadRule("first")

    def between(self, starts_at: datetime, ends_at: datetime, zone: ZoneInfo, most: int = MOST) -> list[Interval]:
        """The times that overlap this stretch, by start; at most so many."""
        found: list[Interval] = []
        last = ends_at.astimezone(zone).replace(tzinfo=None)
        for local in self._starts(last + timedelta(hours=1), zone):
            begins = local.replace(tzinfo=zone).astimezone(UTC)
            if begins < ends_at and begins + self.length > starts_at:
                found.append(Interval(begins, begins + self.length))
                if len(found) == most:
                    break
        return found

    def is_over(self, now: datetime, zone: ZoneInfo) -> bool:
        """Whether its last time has passed."""
        return not self.between(now, now + SEARCH, zone, 1)

    @property
    def _first(self) -> datetime:
        return datetime.combine(self.on, self.at)

    def _starts(self, last: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Local clock times up to `last`."""
        if not self.rule:
            return iter([self._first] if self._first <= last else [])
        parts = read_rule(self.rule)
        count = int(parts.pop("COUNT", COUNT_LIMIT * 10))
        until = min(_until(parts.pop("UNTIL", ""), zone), last)
        if until < self._first:
            return iter(())
        return islice(iter(_made(parts, self._first).replace(until=until)), count)


def days_of(first: date, rule: str, last: date, zone: ZoneInfo, at: time = time()) -> Iterator[date]:
    """The days on which a rule comes, from its first day up to `last`, in order; an empty rule is that one day.

    `at` is the clock time at which it comes, which matters where the rule ends in the middle of a day.
    """
    starts = Recurring(first, at, timedelta(0), rule)._starts(datetime.combine(last, time.max), zone)
    return (one.date() for one in starts)


def first_day(on: date, rule: str) -> date:
    """The first day of the rule that is not before `on`. Raises BadRule: `first` when there is none.

    From that day the rule gives the same days as from `on`, also where only every second week or month counts, save
    that a rule with a count begins to count there.
    """
    parts = read_rule(rule)
    _until(parts.pop("UNTIL", ""), ZoneInfo("UTC"))
    parts.pop("COUNT", None)
    # Moved to the last years that there are, so that a rule which nothing ever meets is not followed for ages.
    shift = 10_000 - CYCLE + on.year % CYCLE - on.year
    found = next(iter(_made(parts, datetime.combine(on.replace(year=on.year + shift), time()))), None)
    if found is None or found.year - shift > on.year + SEARCH.days // 365:
        raise BadRule("first")
    return found.date().replace(year=found.year - shift)


def _made(parts: dict[str, str], first: datetime) -> rrule:
    try:
        made = rrulestr(";".join(f"{name}={value}" for name, value in parts.items()), dtstart=first)
    except (ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise BadRule("unknown") from error
    assert isinstance(made, rrule)
    return made


def read_rule(text: str) -> dict[str, str]:
    """The parts of a rule by name. Raises BadRule for what is no rule, or comes back more often than once a day."""
    parts: dict[str, str] = {}
    for part in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, sign, value = part.strip().partition("=")
        if not sign or not value or name in parts:
            raise BadRule("unknown")
        if name not in PARTS:
            raise BadRule("part", name)
        parts[name] = value.strip()
    if parts.get("FREQ") not in FREQUENCIES:
        raise BadRule("frequency")
    for name in ("INTERVAL", "COUNT"):
        if name in parts and not (
            parts[name].isascii() and parts[name].isdigit() and 0 < int(parts[name]) <= INTERVAL_LIMIT
        ):
            raise BadRule("many", name, parts[name])
    if int(parts.get("COUNT", "1")) > COUNT_LIMIT:
        raise BadRule("many", "COUNT", parts["COUNT"])
    return parts


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The last local clock time of a rule; a bare day is meant to its end."""
    if not text:
        return datetime.max  # noqa: DTZ901 - local by the clock, as the walk is
    for shape in ("%Y%m%dT%H%M%SZ", "%Y%m%dT%H%M%S", "%Y%m%d"):
        try:
            found = datetime.strptime(text, shape)  # noqa: DTZ007 - as above
        except ValueError:
            continue
        if shape.endswith("Z"):
            return found.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None)
        return found + timedelta(hours=23, minutes=59, seconds=59) if shape == "%Y%m%d" else found
    raise BadRule("unknown")
