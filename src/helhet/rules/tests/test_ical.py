"""Calendars as text, read back by the plainest reader."""

import re
from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.ical import Entry, Status, calendar_text, escaped, folded
from helhet.rules.intervals import Interval

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)
TIME = Interval(datetime(2026, 11, 21, 18, tzinfo=timezone(timedelta(hours=1))), datetime(2026, 11, 22, 1, tzinfo=UTC))
TEXTS = st.text(max_size=200)
ENTRIES = st.builds(
    Entry, st.from_regex(r"CHG-[0-9]{1,6}@[a-z.]{3,40}", fullmatch=True), TEXTS, st.just(TIME),
    st.sampled_from(Status), st.integers(0, 99), st.booleans(),
)  # fmt: skip


def read(text: str) -> list[dict[str, str]]:
    """Each event's properties, unfolded and unescaped."""
    lines = text.replace("\r\n ", "").split("\r\n")
    events: list[dict[str, str]] = []
    for line in lines:
        name, _colon, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            events.append({})
        elif events and name not in {"END", ""}:
            marked = value.replace("\\\\", "\0").replace("\\n", "\n").replace("\\;", ";").replace("\\,", ",")
            events[-1][name] = marked.replace("\0", "\\")
    return events


@given(TEXTS, st.lists(ENTRIES, max_size=4))
def test_what_is_written_is_read_back_in_lines_of_at_most_75_octets(name: str, entries: list[Entry]) -> None:
    text = calendar_text(name, entries, NOW)
    assert text.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\r" not in text.replace("\r\n", "")
    assert "\n" not in text.replace("\r\n", "")
    found = read(text)
    assert [one["UID"] for one in found] == [entry.uid for entry in entries]
    assert [one["SEQUENCE"] for one in found] == [str(entry.sequence) for entry in entries]
    for one, entry in zip(found, entries, strict=True):
        told = re.sub(r"[^\S\n]", " ", entry.title.replace("\r\n", "\n"))
        kept = "".join(sign for sign in told if sign == "\n" or sign.isprintable())
        assert one["SUMMARY"] == kept


@given(TEXTS)
def test_folding_loses_no_sign_and_cuts_none(text: str) -> None:
    line = text.replace("\n", "").replace("\r", "")
    first, *rest = list(folded(line))
    assert first + "".join(piece[1:] for piece in rest) == line
    assert all(piece.startswith(" ") for piece in rest)


def test_times_are_in_utc_and_a_cancelled_event_takes_no_time() -> None:
    text = calendar_text("Drift", [Entry("CHG-1@x", "Byte", TIME, Status.CANCELLED, 3)], NOW)
    (event,) = read(text)
    assert (event["DTSTART"], event["DTEND"]) == ("20261121T170000Z", "20261122T010000Z")
    assert (event["STATUS"], event["TRANSP"], event["SEQUENCE"]) == ("CANCELLED", "TRANSPARENT", "3")


def test_what_holds_a_day_together_stays_a_space_and_control_signs_go() -> None:
    assert escaped("28\N{NO-BREAK SPACE}november,\t2\N{NARROW NO-BREAK SPACE}000\x00\x07") == "28 november\\, 2 000"
