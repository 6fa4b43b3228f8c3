"""The single timetable: which registered jobs run when, in local time (the setting TIME_ZONE)."""

from __future__ import annotations

from helhet.rules.timetable import Daily, Entry, Every

TIMETABLE: list[Entry] = [
    Every("journal.seal", minutes=1),
    Every("search.index", minutes=1),
    Every("home.count", minutes=1),
    Every("documents.check", minutes=1),
    Every("documents.restate", minutes=60),
    Every("estate.graph", minutes=1),
    Every("estate.weakest", minutes=60),
    Every("importers.resume", minutes=5),
    Every("handbook.bundles", minutes=15),
    Every("handbook.tidy_prints", minutes=60),
    Every("changes.round", minutes=30),
    Every("routines.make_occurrences", minutes=10),
    Daily("kit.tidy_jobs", "03:40"),
    Daily("kit.learn_tables", "03:50"),
    Daily("importers.tidy", "04:10"),
    Daily("responsibility.reading", "05:15"),
    Daily("responsibility.digest", "05:45"),
]
