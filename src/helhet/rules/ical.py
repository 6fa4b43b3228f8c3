"""A calendar as text that calendar programs subscribe to: RFC 5545, times in UTC, lines of at most 75 octets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from helhet.rules.intervals import Interval

OCTETS = 75
PRODUCT = "-//Helhet//Changes//SV"


class Status(StrEnum):
    """How sure it is (RFC 5545, section 3.8.1.11)."""

    TENTATIVE = "TENTATIVE"
    CONFIRMED = "CONFIRMED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class Entry:
    """One event. `uid` stays while it lives, `sequence` grows with each revision; `is_busy`: it takes up its time.

    `during` is a stretch of time, or a whole day (RFC 5545, section 3.3.4).
    """

    uid: str
    title: str
    during: Interval | date
    status: Status = Status.CONFIRMED
    sequence: int = 0
    is_busy: bool = True


def calendar_text(name: str, entries: Iterable[Entry], now: datetime) -> str:
    """The whole calendar, lines ended by CRLF. `now` is when it was made."""
    return "".join(f"{line}\r\n" for whole in _lines(name, entries, now) for line in folded(whole))


def _lines(name: str, entries: Iterable[Entry], now: datetime) -> Iterator[str]:
    yield from ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN")
    yield f"X-WR-CALNAME:{escaped(name)}"
    for one in entries:
        yield "BEGIN:VEVENT"
        yield f"UID:{escaped(one.uid)}"
        yield f"DTSTAMP:{instant(now)}"
        yield from _times(one.during)
        yield f"SUMMARY:{escaped(one.title)}"
        yield f"STATUS:{one.status.value}"
        yield f"SEQUENCE:{one.sequence}"
        yield f"TRANSP:{'OPAQUE' if one.is_busy and one.status != Status.CANCELLED else 'TRANSPARENT'}"
        yield "END:VEVENT"
    yield "END:VCALENDAR"


def _times(during: Interval | date) -> Iterator[str]:
    if isinstance(during, Interval):
        yield f"DTSTART:{instant(during.starts_at)}"
        yield f"DTEND:{instant(during.ends_at)}"
    else:
        yield f"DTSTART;VALUE=DATE:{during:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{during + timedelta(days=1):%Y%m%d}"


def instant(at: datetime) -> str:
    """A time in UTC, to the second."""
    return at.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def escaped(text: str) -> str:
    """Text as a value: without control characters, spaces of any sort as one, and with what has a meaning there escaped
    (section 3.3.11).
    """
    told = (" " if sign.isspace() and sign != "\n" else sign for sign in text.replace("\r\n", "\n"))
    plain = "".join(sign for sign in told if sign == "\n" or sign.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """The line in pieces of at most 75 octets, of which all but the first begin with a space; no sign is cut in two."""
    piece, room = "", OCTETS
    for sign in line:
        size = len(sign.encode())
        if size > room:
            yield piece
            piece, room = " ", OCTETS - 1
        piece += sign
        room -= size
    yield piece
