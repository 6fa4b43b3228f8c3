"""The single timetable: which registered jobs run when, in local time (the setting TIME_ZONE)."""

from __future__ import annotations

from helhet.rules.timetable import Entry

TIMETABLE: list[Entry] = []
