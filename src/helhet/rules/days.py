"""Days and half-open spans of days, and which local day an instant belongs to.

A day is a local date of the installation; an instant is an aware `datetime`. "On day D" means the end
of D as now known, so a span that starts on D holds on D, and one that ends on D does not.
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_RELATIVE = re.compile(r"([+-])([0-9]{1,5})([dwvmyå])")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TODAY_WORDS = frozenset({"today", "idag"})


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """The days from `start` up to but not including `end`; None means that no end is known.

    Raises:
        ValueError: when the span would hold no day.
    """

    start: date
    end: date | None = None

    def __post_init__(self) -> None:
        if self.end is not None and self.end <= self.start:
            raise ValueError(f"A span must end after it starts: {self.start} to {self.end}")

    def __contains__(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Span") -> bool:
        """Whether some day is in both."""
        return (other.end is None or self.start < other.end) and (self.end is None or other.start < self.end)

    def shared(self, other: "Span") -> "Span | None":
        """The days in both, or None."""
        if not self.overlaps(other):
            return None
        ends = [end for end in (self.end, other.end) if end is not None]
        return Span(max(self.start, other.start), min(ends, default=None))


def on(spans: Iterable[Span], day: date) -> list[Span]:
    """The spans that hold on a day, in the order given."""
    return [span for span in spans if day in span]


def clashes(spans: Iterable[Span]) -> list[tuple[Span, Span]]:
    """Pairs of neighbours, by start, that share a day; empty when no two spans do.

    The earlier of a pair is the one that reaches furthest of those before, so nothing hides in its shade.
    """
    found: list[tuple[Span, Span]] = []
    reaching: Span | None = None
    for span in sorted(spans, key=lambda one: one.start):
        if reaching is not None and reaching.overlaps(span):
            found.append((reaching, span))
        if reaching is None or (reaching.end is not None and (span.end is None or span.end > reaching.end)):
            reaching = span
    return found


def local_day(instant: datetime, zone: ZoneInfo) -> date:
    """The local date of an instant.

    Raises:
        ValueError: when the instant has no zone.
    """
    if instant.tzinfo is None:
        raise ValueError("An instant must carry its zone")
    return instant.astimezone(zone).date()


def start_of_day(day: date, zone: ZoneInfo) -> datetime:
    """The first instant, in UTC, of a local day; also where the clock skips midnight.

    For a day that the zone left out altogether it is the first instant of the next day.
    """
    first = datetime.combine(day, time(), zone).astimezone(UTC)
    if first.astimezone(zone).replace(tzinfo=None) == datetime.combine(day, time()):
        return first
    # Midnight does not exist: the day begins where the clock jumps, at most a day away.
    before, after = first - timedelta(days=1), first + timedelta(days=1)
    while after - before > timedelta(seconds=1):
        middle = before + (after - before) // 2
        if local_day(middle, zone) >= day:
            after = middle
        else:
            before = middle
    return after.replace(microsecond=0)


def add_months(day: date, months: int) -> date:
    """The same day of another month, or that month's last day where it has no such day.

    Raises:
        OverflowError: outside the years 1 to 9999.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    if not date.min.year <= year <= date.max.year:
        raise OverflowError("The year is out of range")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def parse_day(text: str, today: date) -> date:
    """A day as people write it in a filter.

    `2026-01-31`; `today` or `idag`; from today `-7d` days, `+2w` (`v`) weeks, `-3m` months, `-1y` (`å`)
    years, where months and years stop at the month's last day. Case does not matter.

    Raises:
        ValueError: for anything else, and for days outside the years 1 to 9999.
    """
    word = text.strip().lower()
    if word in _TODAY_WORDS:
        return today
    if _ISO.fullmatch(word):
        return date.fromisoformat(word)
    relative = _RELATIVE.fullmatch(word)
    if relative is None:
        raise ValueError(f"{text!r} is not a day")
    count = int(relative[1] + relative[2])
    try:
        if relative[3] in "dwv":
            return today + timedelta(days=count * (1 if relative[3] == "d" else 7))
        return add_months(today, count * (1 if relative[3] == "m" else 12))
    except OverflowError:
        raise ValueError(f"{text!r} is outside the calendar") from None
