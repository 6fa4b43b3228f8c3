"""Front matter put right says what stands now, and leaves what is true as it was."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.front_matter import split, write
from helhet.rules.page_facts import Standing, restated
from helhet.rules.pages import read_page
from helhet.rules.reviewing import Interval, due_on

DAYS = st.none() | st.dates(date(2000, 1, 1), date(2099, 12, 31))
STANDING = st.builds(
    Standing,
    title=st.sampled_from(("Återläs", "A: b", "42", "#x")),
    language=st.sampled_from(("sv", "en")),
    sort=st.sampled_from(("documentation", "routine", "process", "policy", "agreement", "minutes", "other")),
    owners=st.sampled_from(((), ("Nät",), ("Nät", "Drift"))),
    interval=st.none() | st.builds(Interval, st.integers(1, 400), st.sampled_from(("day", "week", "month", "year"))),
    reviewed_on=DAYS, due_on=DAYS, edited_on=DAYS, valid_from=DAYS, valid_to=DAYS,
)  # fmt: skip
TEXTS = (
    "", "# Återläs\n\nText", "## Meaning\n\n## Mitigation",
    "# Återläs\n\nSenast granskad: 2020-02-02\nGranskas: årligen\n",
    "| Next review | 2020-02-02 |\n|---|---|\n| Owner | x |\n", "Granskas: årligen\n",
    "# Återläs\n\nText\n\nGranskas: årligen",
)  # fmt: skip
FACTS: Any = st.fixed_dictionaries({}, optional={
    "title": st.sampled_from(("Återläs", "Annat", None)), "owner_slack": st.just("#nat"), "tags": st.just(["a"]),
    "Last reviewed": DAYS.map(str), "review_in": st.sampled_from(("6 months", "never", "often")),
    "review": st.sampled_from(({"by": "2024-05-05", "interval": "P1Y", "other": 1}, "2024-05-05", "1 year", True)),
    "Granskas": st.sampled_from(("årligen", "2024-05-05", "av nämnden")), "expires": DAYS.map(str),
    "type": st.sampled_from(("runbook", "post")), "lang": st.just("en"), "review_interval_in_days": st.just(90),
    "reviderad": DAYS.map(str),
    "review_date": DAYS.map(str),
    "extra": st.just({"last_reviewed_on": "2020-01-01", "owner": "x", "keep": [1]}),
})  # fmt: skip


@given(FACTS, STANDING, st.sampled_from(TEXTS))
def test_what_is_written_is_read_as_what_stands(facts: dict[str, Any], now: Standing, text: str) -> None:
    page = split(write(restated("a/b.md", facts, text, now), text))
    found = read_page("a/b.md", page.facts, page.text)
    computed = due_on(now.reviewed_on, now.interval)
    expected = (now.title, now.language, now.sort, now.reviewed_on, now.interval, computed or now.due_on,
                now.edited_on, now.valid_from, now.valid_to)  # fmt: skip
    # An interval that nobody stated follows from two days alone, and leaves their due day as it is.
    if now.interval is None and found.interval is not None:
        assert found.interval.unit == "day"
        expected = (*expected[:4], found.interval, *expected[5:])
    assert (found.title, found.language, found.sort, found.reviewed_on, found.interval, found.due_on, found.edited_on,
            found.valid_from, found.valid_to) == expected  # fmt: skip
    if now.owners:
        assert found.owners == tuple(now.owners)
    assert page.facts.get("tags") == facts.get("tags")


def test_a_language_that_only_the_former_title_told_is_stated() -> None:
    now = Standing("A: b", "sv", "other", (), None, None, None, None, None, None)
    assert restated("a.md", {"title": "Återläs"}, "", now) == {"title": "A: b", "lang": "sv"}


def test_a_page_that_says_what_stands_is_left_as_it_is() -> None:
    facts = {"titel": "Återläs", "Last reviewed": "1 januari 2024", "review": {"every": "half-yearly"}, "x": [1]}
    now = Standing("Återläs", "sv", "other", (), Interval(6, "month"), date(2024, 1, 1), None, None, None, None)
    assert restated("a.md", facts, "Det här är på svenska.", now) == facts


def test_a_review_that_the_text_states_is_left_to_it_or_put_right_in_front() -> None:
    text = "# Återläs\n\nSenast granskad: 2024-01-01\nGranskas: halvårsvis\n"
    now = Standing("Återläs", "sv", "other", (), Interval(6, "month"), date(2024, 1, 1), None, None, None, None)
    said = {"review_in": "6 months", "last_reviewed_on": "2024-01-01"}
    assert restated("a.md", {}, text, now) == {}
    assert restated("a.md", {"lang": "sv"}, text, now) == {"lang": "sv", **said}
    # Whatever else comes in front, the review has to come too.
    assert restated("a.md", {}, text, replace(now, title="Annat")) == {"title": "Annat", **said}
    later = replace(now, reviewed_on=date(2025, 1, 1))
    for facts in ({}, {"lang": "sv"}):
        assert restated("a.md", facts, text, later) == {**facts, **said, "last_reviewed_on": "2025-01-01"}
    none = replace(now, reviewed_on=None, interval=None)
    assert restated("a.md", {}, text, none) == {"review_in": "never"}
    assert restated("a.md", {"lang": "sv"}, text, none) == {"lang": "sv"}


def test_what_is_put_right_stays_in_its_place_under_its_own_name() -> None:
    facts = {"titel": "Återläs", "Senast granskad": "2020-01-01", "x": 1, "review_interval_days": 90, "y": 2}
    now = Standing("Annat", "sv", "other", (), Interval(6, "month"), date(2024, 1, 1), None, None, None, None)
    assert list(restated("a.md", facts, "Det här är på svenska.", now).items()) == [
        ("titel", "Annat"), ("Senast granskad", "2024-01-01"), ("x", 1), ("review_in", "6 months"), ("y", 2),
    ]  # fmt: skip
