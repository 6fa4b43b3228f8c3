"""Vinterhamn's year of changes, worked out before anything is written: the same for the same day."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from helhet.home.demo import change_words as cw
from helhet.home.demo import words as w

YEAR, SWITCHED, AHEAD = 365, 112, 18
"""Days ago that the old tool's changes begin, and that Helhet took over from it; days to come that are planned."""
SLOTS = ((18, 0, 90), (20, 0, 120), (7, 0, 45), (12, 0, 40), (22, 15, 75))
"""Hour, minute and length of the times in a day; none of them overlap, nor reach the hour when the clocks change."""
CHRISTMAS, CHRISTMAS_DAYS = (12, 18), 20
WEEKDAYS = 5


@dataclass(slots=True)
class Planned:
    """One change to be. `ago` is the day it is carried out, in days ago (negative: to come), at that local time.

    `until` is how far it comes: `draft`, `asking`, `silent` (escalated, not settled), `approved`, `scheduled`,
    `under_way`, `review`, `closed`, `cancelled` or `stopped` (by the management team). `luck` (0 to 99) decides with
    the group's fortune how it goes. `about` names an earlier change whose item it alters too, `after` one that it waits
    for.
    """

    key: str
    title: str
    kind: str
    ago: int
    hour: int
    minute: int
    minutes: int
    type: str = "normal"
    until: str = "closed"
    luck: int = 99
    says: str = ""
    purpose: str = ""
    about: str = ""
    after: str = ""
    service: str = ""
    has_window: bool = True


def is_quiet(day: dt.date) -> bool:
    """Whether changes stand still over Christmas."""
    first = dt.date(day.year if day.month == 12 else day.year - 1, *CHRISTMAS)
    return first <= day < first + dt.timedelta(days=CHRISTMAS_DAYS)


def pace(day: dt.date) -> float:
    """How many changes a day has, beside the usual: few on Saturdays, in July and over Christmas, none on Sundays."""
    if day.weekday() > WEEKDAYS or (is_quiet(day) and day.day % 4):
        return 0.0
    season = 0.3 if day.month == 7 else 0.7 if day.month in {6, 8} else 1.0
    return season * (0.15 if day.weekday() == WEEKDAYS else 1.0)


class Plan:
    """Works out the changes, by one generator of chance."""

    def __init__(self, today: dt.date) -> None:
        """`today` is the day that all others are counted from."""
        self.today = today
        self.chance = random.Random(f"{w.ORGANISATION} changes")  # noqa: S311 - the same each time is the point
        self.monday = 7 - today.weekday()
        """Days until next week begins."""

    def make(self) -> list[Planned]:
        """All of them, in the order of carrying out."""
        found = [*self._past(), *self._recent(), *self._to_come(), *self._told()]
        return sorted(found, key=lambda one: (-one.ago, one.hour, one.minute, one.key))

    def _day(self, ago: int) -> dt.date:
        return self.today - dt.timedelta(days=ago)

    def _past(self) -> Iterator[Planned]:
        """Those that the old tool told of."""
        for ago in range(YEAR, SWITCHED, -1):
            for number in range(self._count(ago, 1.45)):
                yield self._ordinary(f"A{ago}-{number}", ago, number)

    def _recent(self) -> Iterator[Planned]:
        """Those that were settled here. The last week's are told one by one."""
        for ago in range(SWITCHED - 12, 3, -1):
            for number in range(self._count(ago, 0.55)):
                one = self._ordinary(f"B{ago}-{number}", ago, number)
                if self.chance.random() < 0.28:
                    one.type = "standard"
                elif self.chance.random() < 0.05:
                    one.until = "cancelled"
                yield one

    def _to_come(self) -> Iterator[Planned]:
        for ahead in range(1, AHEAD):
            for number in range(self._count(-ahead, 1.2)):
                one = self._ordinary(f"C{ahead}-{number}", -ahead, number)
                one.until = "scheduled" if ahead < 6 else self.chance.choice(("scheduled", "approved", "asking"))
                if self.chance.random() < 0.3:
                    one.type, one.until = "standard", "scheduled"
                yield one

    def _count(self, ago: int, usual: float) -> int:
        wanted = usual * pace(self._day(ago))
        return int(wanted) + (self.chance.random() < wanted % 1)

    def _ordinary(self, key: str, ago: int, number: int, kind: str = "") -> Planned:
        sorts = {sort[0]: sort for sort in cw.SORTS}
        kind = kind or self.chance.choices(list(sorts), [sort[1] for sort in cw.SORTS])[0]
        hour, minute, minutes = SLOTS[number]
        return Planned(
            key, self.chance.choice(sorts[kind][2]), kind, ago, hour, minute, minutes, luck=self.chance.randrange(100),
            purpose=self.chance.choice(cw.PURPOSES),
        )  # fmt: skip

    def _one(self, key: str, ago: int, kind: str, number: int = 0, **fields: object) -> Planned:
        one = self._ordinary(key, ago, number, kind)
        for name, value in fields.items():
            setattr(one, name, value)
        return one

    def _told(self) -> Iterator[Planned]:
        """Those that show what each flow is like, whatever chance says."""
        monday = -self.monday
        yield self._one("no, done", 61, "server", 4, says="no", luck=99)
        yield self._one("no, stopped", 33, "server", 4, says="no", until="stopped")
        yield self._one("yes if, done", 47, "application", 4, says="yes_if")
        yield self._one("yes if, open", monday - 3, "application", 1, says="yes_if open", until="asking")
        yield self._one("silent", monday - 2, "storage", 4, until="silent")
        for number, (title, kind) in enumerate(cw.EMERGENCIES):
            ago = (92, 74, 29, 2)[number]
            until = "closed" if number < 3 else "review"
            yield self._one(f"emergency {number}", ago, kind, 3, title=title, type="emergency", until=until, luck=50)
        yield self._one("first", 19, "storage", 4, title="Byt styrkort i {}")
        yield self._one("second", 18, "virtual_machine", 4, title="Flytta {} till det nya lagret", after="first")
        yield self._one("first to come", monday - 1, "database", 1, title="Flytta till ny värd: {}", until="scheduled")
        yield self._one(
            "second to come", monday - 3, "application", 4, title="Ny version av {}", after="first to come",
            until="asking",
        )  # fmt: skip
        yield self._one("clash", monday - 2, "server", 1, title="Flytta {} till Södra hallen", until="scheduled")
        yield self._one(
            "clash too", monday - 2, "server", 1, title="Ny fast programvara i {}", about="clash", until="approved",
            minute=30,
        )  # fmt: skip
        yield self._one("signed", 25, "server", 1, title="Utöka minnet i {}", says="signed")
        yield self._one("signed too", 25, "server", 1, title="Byt diskar i {}", about="signed", minute=30)
        yield self._one("moved", monday - 4, "server", 1, title="Byt diskar i {}", until="scheduled")
        yield self._one(
            "moved too", monday - 4, "server", 1, title="Utöka minnet i {}", about="moved", says="moved", minute=30,
            until="scheduled",
        )  # fmt: skip
        yield self._one("under way", 1, "database", 0, title="Flytta till ny värd: {}", until="under_way",
                        minutes=40 * 60)  # fmt: skip
        yield self._one("review", 1, "application", 2, until="review", luck=0)
        yield self._one("review too", 2, "network_device", 0, until="review", luck=99)
        for number, kind in enumerate(("virtual_machine", "network_device", "certificate", "application")):
            yield self._one(f"standard {number}", (57, 43, 31, 16)[number], kind, 4, type="standard")
        for number, kind in enumerate(("application", "virtual_machine", "document", "server", "business_service")):
            yield self._one(f"draft {number}", -30 - 9 * number, kind, until="draft", has_window=number < 3)
        for number, kind in enumerate(("application", "server", "virtual_machine")):
            yield self._one(f"asking {number}", monday - 7 - number, kind, until="asking")
