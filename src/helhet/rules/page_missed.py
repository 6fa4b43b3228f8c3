"""What looks like a review in a page of which no due day follows, so that it is told and not lost in silence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final

from helhet.rules.page_names import EDITED, EVERY, OWNER, REVIEWED, TOLD_EITHER_WAY
from helhet.rules.page_values import (
    LIKE_REVIEW,
    Unread,
    counted_names,
    day_names,
    day_told,
    each_of,
    either_names,
    first_of,
    interval_names,
    is_within,
    plain_name,
)
from helhet.rules.reviewing import Interval, read_interval, why_no_interval
from helhet.rules.text_facts import InText

MOST: Final = 5
_KNOWN: Final = frozenset((*EDITED, *TOLD_EITHER_WAY))


def missed(
    known: Mapping[str, Any], facts: Mapping[str, Any], below: Sequence[InText], interval: Interval | None,
    *, is_told: bool,
) -> list[Unread]:  # fmt: skip
    """What stands in the text or under a name that is not known, and an interval alone. Nothing where the page says
    that it is not reviewed, or where the reason is told already.
    """
    if any(why_no_interval(first_of(known, (name,))[1]) == "never" for name in (*EVERY, *TOLD_EITHER_WAY)):
        return []
    found = [Unread(one.name, one.said, "review_in_text") for one in below if one.name not in OWNER]
    found += [Unread(name, f"{name}: {value}", "review_name") for name, value in islice(_unknown(facts), MOST)]
    if interval is not None and not found and not is_told and not first_of(known, REVIEWED)[0]:
        name, value = next(
            first_of(known, names) for names in (EVERY, counted_names(), TOLD_EITHER_WAY) if first_of(known, names)[0]
        )
        found = [Unread(name, str(value), "interval_alone")]
    return found[:MOST]


def _unknown(facts: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Days and intervals in front of the text under names that are as those of a review, and not known."""
    for before, given, value in each_of(facts):
        name = plain_name(given)
        is_like = LIKE_REVIEW.search(name) and not is_within(given, value)
        if is_like and not any(map(_is_known, (name, f"{before}{name}"))) and _reads(value):
            yield str(given), value


def _is_known(name: str) -> bool:
    return name in day_names() or name in interval_names() or name in either_names() or name in _KNOWN


def _reads(value: Any) -> bool:
    return isinstance(value, str | int) and (day_told(value) is not None or read_interval(value) is not None)
