"""Tellings of alerts end in the same state in whatever order they come, doubled or not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.alert_telling import LATE, Kept, Meaning, best_routine, fingerprint_of, meaning

NOW = datetime(2026, 11, 29, 8, tzinfo=UTC)
TOLD = [(start, is_resolved) for start in (1, 2, 3) for is_resolved in (False, True)]


def kept_after(tellings: list[tuple[int, bool]]) -> Kept | None:
    kept: Kept | None = None
    for count, (start, is_resolved) in enumerate(tellings):
        now, began = NOW + timedelta(seconds=count), NOW - timedelta(hours=9 - start)
        found = meaning(kept, began, now, is_resolved=is_resolved)
        if found in {Meaning.NEW, Meaning.AGAIN}:
            kept = Kept(began, None, now)
        elif found == Meaning.RESOLVED:
            kept = Kept(began, began + timedelta(minutes=5), now)
        elif found == Meaning.REPEATED and kept is not None:
            kept = Kept(max(began, kept.began_at), kept.resolved_at, now)
    return kept


@given(st.integers(1, len(TOLD)), st.data())
def test_the_order_and_the_doubling_of_tellings_do_not_matter(upto: int, data: st.DataObject) -> None:
    told = TOLD[:upto]
    extra = data.draw(st.lists(st.sampled_from(told), max_size=6))
    mixed = data.draw(st.permutations(told + extra))
    in_order, found = kept_after(told), kept_after(mixed)
    assert in_order is not None
    assert found is not None
    assert (found.began_at, found.resolved_at) == (in_order.began_at, in_order.resolved_at)


def test_one_that_the_sender_had_lost_sight_of_goes_on() -> None:
    kept = Kept(NOW - timedelta(hours=2), NOW - timedelta(hours=1), NOW)
    assert meaning(kept, kept.began_at, NOW + timedelta(minutes=1), is_resolved=False) == Meaning.OLD
    assert meaning(kept, kept.began_at, NOW + LATE, is_resolved=False) == Meaning.AGAIN


def test_the_most_exact_labels_find_the_routine() -> None:
    labels = {"alertname": "DiskFull", "job": "node", "severity": "page"}
    known = [(1, "alertname", ""), (2, "job", "node"), (3, "alertname", "DiskFull"), (4, "job", "other")]
    assert best_routine(labels, known) == 3
    assert best_routine(labels, [*known, (2, "severity", "page")]) == 2
    assert best_routine(labels, known[:1]) == 1
    assert best_routine(labels, known[3:]) is None


def test_a_fingerprint_is_the_one_that_alertmanager_gives() -> None:
    # Its own numbers, of prometheus/common, model/signature_test.go.
    assert fingerprint_of({}) == f"{14695981039346656037:016x}"
    labels = {"name": "garland, briggs", "fear": "love is not enough"}
    assert fingerprint_of(labels) == f"{5799056148416392346:016x}"
    assert fingerprint_of({"å": "ö"}) != fingerprint_of({"å": "o"})
