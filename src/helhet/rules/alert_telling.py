"""What a sender's telling of an alert means, whatever order tellings arrive in; and which routine its labels ask for.

Alertmanager and Grafana tell an alert by fingerprint, with when it began; resolved, also with when it ended. Tellings
are repeated, and after a fault of the network may arrive late.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LATE = timedelta(minutes=15)
"""A telling of the same beginning within so long after it was told resolved is an old one that comes late; after
that the alert goes on, since the sender had only lost sight of it."""
FNV_BEGIN, FNV_PRIME, FNV_SIZE = 0xCBF29CE484222325, 0x100000001B3, 2**64


class Meaning(StrEnum):
    """What a telling does to what is kept."""

    NEW = "new"
    AGAIN = "again"
    REPEATED = "repeated"
    RESOLVED = "resolved"
    OLD = "old"


@dataclass(frozen=True, slots=True)
class Kept:
    """What is kept of an alert: when it began, when it ended (None: open), and when it was last told."""

    began_at: datetime
    resolved_at: datetime | None
    told_at: datetime


def meaning(kept: Kept | None, began_at: datetime, now: datetime, *, is_resolved: bool) -> Meaning:
    """What it means that it is told, now, as begun then and firing or resolved."""
    if kept is None:
        return Meaning.RESOLVED if is_resolved else Meaning.NEW
    if began_at < kept.began_at:
        return Meaning.OLD
    if is_resolved:
        is_told = kept.resolved_at is not None and began_at == kept.began_at
        return Meaning.REPEATED if is_told else Meaning.RESOLVED
    if began_at == kept.began_at:
        if kept.resolved_at is None:
            return Meaning.REPEATED
        return Meaning.OLD if now - kept.told_at < LATE else Meaning.AGAIN
    return Meaning.REPEATED if kept.resolved_at is None else Meaning.AGAIN


def fingerprint_of(labels: Mapping[str, str]) -> str:
    """The fingerprint that Alertmanager gives these labels, for those of its versions that do not send it: FNV-1a of 64
    bits over names and values in the order of names, each ended by the byte 255, as 16 hexadecimal digits.
    """
    found = FNV_BEGIN
    for name in sorted(labels):
        for byte in b"\xff".join((name.encode(), labels[name].encode(), b"")):
            found = (found ^ byte) * FNV_PRIME % FNV_SIZE
    return f"{found:016x}"


def best_routine(labels: Mapping[str, str], known: Iterable[tuple[int, str, str]]) -> int | None:
    """The routine that most of the labels ask for: more exact values first, then the alert's name, then labels of any
    value, then the lower number. `known` are (routine, label, value), an empty value meaning any.
    """
    scores: dict[int, list[int]] = {}
    for routine, name, value in known:
        if name not in labels or (value and labels[name] != value):
            continue
        score = scores.setdefault(routine, [0, 0, 0])
        score[0] += bool(value)
        score[1] += bool(value) and name == "alertname"
        score[2] += not value
    if not scores:
        return None
    return max(scores, key=lambda routine: (*scores[routine], -routine))
