"""What pages of many tools and houses say of themselves."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.front_matter import split
from helhet.rules.language import language_of
from helhet.rules.pages import Said, is_page, read_page
from helhet.rules.reviewing import Interval

NEW_YEAR = date(2024, 1, 1)


def said(written: str, path: str = "docs/how-to/restore_db.md") -> Said:
    page = split(written)
    return read_page(path, page.facts, page.body)


@pytest.mark.parametrize("facts", [
    "last_reviewed_on: 2024-01-01\nreview_in: 6 months",
    "last_reviewed_on: 2024-01-01 10:00:00 +0200\nreview_in: '6 months '",
    "last_reviewed_on: 2024-01-01 # by hand\nreview_in: 6 months # or less",
    "last_reviewed_on:\t2024-1-1\nreview_in:\t6 month",
    "last_review: '2024-01-01'\nreview_cycle: half-yearly",
    "lastReviewedOn: 2024-01-01\nreviewIn: 6 Months",
    "Last reviewed: 1 January 2024\nReview interval: every 6 months",
    "review:\n  last: 2024-01-01\n  interval: P6M",
    "review:\n  last_reviewed_on: 2024-01-01\n  review_in: six months",
    "extra:\n  last_reviewed_on: [2024-01-01]\n  review_interval_months: 6",
    "params: {metadata: {reviewed: 2024/1/1, review_frequency: 6m}}",
    "senast granskad: 1 januari 2024\ngranskas var: 6:e månad",
    "last_reviewed_on: 2024-01-01\nreview_in: 6 months\nreview_by: 2023-05-05",
    "review_date: 2024-01-01\nreview_in: 6 months",
    "reviewed: {date: 2024-01-01, by: x}\nreview_in: 6 months",
    "granskningsdatum: 2024-01-01\ngranskas: halvårsvis",
    "title: Broken: by a colon\nlast_reviewed_on: 2024-01-01\nreview_in: 6 months",
    "tags:\n\t- indented by a tab\nlast_reviewed_on: 2024-01-01\nreview_in: 6 months",
    "title: {{ page.title }}\n{% if x %}\nlast_reviewed_on: 2024-01-01\nreview_in: 6 months",
    "Aktualitetsprövad: 2024-01-01\nRevideras var: sjätte månad",
    "senast_oversedd: 2024-01-01\noversynsintervall: 6 manader",
    "last_confirmed: Mon Jan 01 2024 10:00:00 GMT+0100 (CET)\nreview_interval_in_months: 6",
    "last_validated: 2024\u201301\u201301\nreview_in: {months: 6}",
    "review_in: 2 years\nlast_reviewed_on: 2024-01-01\nreview_in: 6 months",
    "granskad: 2024-01-01\ngranskas: var sjätte månad", "granskad: 2024-01-01\nRevideras: [halvårsvis]",
    "senast granskad: 2024-01-01\növersyn: 6 månader", "last_reviewed: 2024-01-01\nreview: half-yearly",
    "review: 2024-01-01\nreview_in: 6 months", "Granskning: 2024-01-01\nGranskningsfrekvens: 6 månader",
    "lastreviewed: 2024-01-01\nreviewin: 6 months", "reviewdate: 2024-01-01\nreviewinterval: 6 months",
    "granskning: {senast: 2024-01-01, intervall: 6 månader}", "granskad: 2024-01-01\ngranskningsintervall_månader: 6",
    "custom_fields: {last_reviewed: 2024-01-01, review_in: 6 months}", "date: {reviewed: 2024-01-01}\nreview_in: 6m",
    "last_reviewed: [2022-01-01, 2024-01-01, 2023-01-01]\nreview_in: 6 months",
    "reviewed:\n- {date: 2024-01-01, by: a}\n- {date: 2023-01-01, by: b}\nreview_in: 6 months",
    "last_reviewed: {value: 2024-01-01}\nreview_in: {value: 6 months}",
    'last-reviewed: "[[2024-01-01]]"\nreview-interval: 6 months',
    "last-reviewed: [[2024-01-01]]\nreview-interval: [[6m]]",
    "review: {frequency: half-yearly, last_date: 2024-01-01}", "reviewed: 2024-01-01\nreview_interval_months: 6.0",
    "title: T\nlast_reviewed_on:\N{NO-BREAK SPACE}2024-01-01\nreview_in:\N{NO-BREAK SPACE} 6 months",
    "last_reviewed_on:\N{NO-BREAK SPACE}2024-01-01\nreview_in:\N{NO-BREAK SPACE}6 months",
    "last_reviewed_on: 1704067200\nreview_in: 6 months", "last_reviewed_on: '1704153599999'\nreview_in: 6 months",
    "Granskad: /Date(1704067200000)/\nGranskas_x0020_var: 6 m\u00e5nader",
    "Senast_x0020_granskad: 2024-01-01\nn_x00e4_sta_x0020_granskning: 2024-07-01\ngranskningsintervall: 6 mån",
    "Senast granskad (datum): 2024-01-01\nGranskningsintervall i månader: 6",
    "last_reviewed_on: 2024-01-01\nnext_review_in: 6 months",
    "Date of last review: 2024-01-01\nReview cycle: 6 Months", "last_reviewed: 2024-01-01\nreview_after: 6 months",
])  # fmt: skip
def test_review_day_and_interval_are_found_under_many_names(facts: str) -> None:
    for written in (f"---\n{facts}\n---\n", f"\ufeff---\r\n{facts}\r\n---\r\n\r\nText\r\n".replace("\r\r", "\r")):
        found = said(written)
        assert (found.reviewed_on, found.interval, found.due_on) == (NEW_YEAR, Interval(6, "month"), date(2024, 7, 1))


@pytest.mark.parametrize(("facts", "due"), [
    ("review_by: 2024-05-05", date(2024, 5, 5)),
    ("Revideras senast: 2024-05-05\nReviderad: 2020-01-01", date(2024, 5, 5)),
    ("nasta_granskning: 2024-05-05", date(2024, 5, 5)),
    ("review: {due: 2024-05-05}", date(2024, 5, 5)), ("review_at: 2024-05-05", date(2024, 5, 5)),
    ("Nästa granskning (datum): 2024-05-05", date(2024, 5, 5)),
    ("N_x00E4_sta_x0020_granskning: 1714867200", date(2024, 5, 5)),
    ("review_date: 2024-05-05", date(2024, 5, 5)),
    ("granskas: 2024-05-05\ngäller till: 2023-01-01", date(2024, 5, 5)),
    ("Ska revideras: 2024-05-05\ngranskningsintervall: vid behov", date(2024, 5, 5)),
    ("review: 2024-05-05\nlast_reviewed: 2020-01-01", date(2024, 5, 5)),
    ("na\u0308sta o\u0308versyn: 2024-05-05", date(2024, 5, 5)),
    ("översyn: 2024-05-05", date(2024, 5, 5)), ("nextreviewdate: 2024-05-05", date(2024, 5, 5)),
    ("Date of next review: 2024-05-05", date(2024, 5, 5)), ("review_after: 2024-05-05", date(2024, 5, 5)),
    ("granskas: tills vidare\ngranskad: 2024-05-05", None), ("granskas: vid behov\ngranskad: 2024-05-05", None),
    ("review: pending\nlast_reviewed: 2024-05-05", None), ("review: true\ngranskning: Anna", None),
    ("reviewDate: 2024-05-05\nlast_reviewed: 2020-01-01", date(2024, 5, 5)),
    ("last_reviewed_on: 2024-01-01\nnext_review: 2024-05-05", date(2024, 5, 5)),
    ("last_reviewed_on: 2024-01-01\nreview_in: never", None),
    ("last_reviewed_on: 2024-01-01", None),
    ("last_reviewed_on:\nreview_in:", None),
    ("expires: 2024-05-05", None),
])  # fmt: skip
def test_a_due_day_is_computed_or_stated_and_never_made_up(facts: str, due: date | None) -> None:
    assert said(f"---\n{facts}\n---\nText").due_on == due
    assert said(f"---\n{facts}\n---\nText").unread == ()


@pytest.mark.parametrize(("facts", "told"), [
    ("review_in: 6 months", ("review_in", "6 months")),
    ("date: 2024-05-05\nlastmod: 2024-05-05\nreview_in: 6 months", ("review_in", "6 months")),
    ("Revideras: årligen\nFastställd: 2024-05-05\nReviderad: 2024-05-05", ("revideras", "årligen")),
    ("review_interval_days: 90", ("review_interval_days", "90")),
])  # fmt: skip
def test_an_interval_without_a_review_is_told_since_an_edit_is_none(facts: str, told: tuple[str, str]) -> None:
    found = said(f"---\n{facts}\n---\nText")
    assert (found.due_on, found.unread) == (None, ((*told, "interval_alone"),))


@pytest.mark.parametrize(("facts", "told"), [
    ("page_review: 2024-05-05", ["page_review: 2024-05-05"]),
    ("extra: {granskat_av_oss: 5 maj 2024}", ["granskat_av_oss: 5 maj 2024"]),
    ("Uppföljning: årligen\nSenast uppföljd: 20240505", ["Uppföljning: årligen", "Senast uppföljd: 20240505"]),
    ("last_reviewed_on: 2024-01-01\nreview_rhythm: 6 months", ["review_rhythm: 6 months"]),
    ("reviewers: [a]\nreviewed_by: Anna\nreview_status: done\nreview_count: 3\nreviderad: 2024-05-05", []),
    ("extra: {last_reviewed_on: 2024-01-01}\nother: {page_review: 2024-05-05}", []),
    ("page_review: 2024-05-05\nreview_by: 2024-06-06", []), ("page_review: 2024-05-05\nreview_in: never", []),
])  # fmt: skip
def test_a_day_or_interval_under_a_name_as_of_a_review_is_told_where_nothing_is_due(
    facts: str, told: list[str]
) -> None:
    found = said(f"---\n{facts}\n---\nText")
    assert [one.value for one in found.unread] == told
    assert {one.reason for one in found.unread} <= {"review_name"}


def test_what_is_neither_an_interval_nor_a_day_is_told_as_that() -> None:
    found = said("---\ngranskas: en gång per mandatperiod\n---\n")
    assert found.unread == (("granskas", "en gång per mandatperiod", "told_neither_way"),)


def test_a_stated_due_day_gives_the_interval_where_none_is_stated() -> None:
    found = said("---\nlast_reviewed_on: 2017-01-01\nreview_by: 2017-07-11\n---\n")
    assert found.interval == Interval(191, "day")


@pytest.mark.parametrize(("facts", "owners"), [
    ('owner_slack: "#ops"', ("#ops",)), ("owner: Nät\nteam: annat", ("Nät",)),
    ("owner: [a, 'b, c', a]", ("a", "b", "c")),
    ("owner: {team: ops, slack: '#x'}", ("ops",)), ("metadata: {owner: ops}", ("ops",)),
    ("spec:\n  owner: group:default/ops", ("group:default/ops",)), ("förvaltningsgrupp: Nät", ("Nät",)),
    ("owners:\n- name: ops\n- email: a@example.org", ("ops", "a@example.org")),
    ("owner:", ()), ("related: {owner: x}", ()),
])  # fmt: skip
def test_owners_are_found_under_many_names(facts: str, owners: tuple[str, ...]) -> None:
    assert said(f"---\n{facts}\n---\n").owners == owners


def test_lines_with_a_colon_before_the_text_are_facts_where_they_begin_as_facts_do() -> None:
    written = "Title: Drift\nOwner: ops\nReview-In: 6\n    months\nLast-Reviewed: 2024-01-01\n\n# Annat\n"
    found = said(written)
    assert (found.title, found.owners, found.due_on) == ("Drift", ("ops",), date(2024, 7, 1))
    assert split(written).text == written, "they stay in the text"
    for first in (
        "Diarienummer: KS 2024/12",
        "Dokumenttyp: Riktlinje",
        "Granskas: årligen",
        "Gäller t.o.m.: 2027-12-31",
    ):
        assert said(f"{first}\nNästa granskning: 2024-05-05\n\n# Text").due_on == date(2024, 5, 5)
    for text in (
        "Review: this.\nOwner: x\n\nText",
        "Note: this.\nOwner: x\n\nText",
        "Owner: x\nand so on\n\nText",
        "Owner: x\n\nText",
        "Title: x\nOwner: y",
    ):
        assert split(text).facts == {}


def test_what_cannot_be_used_is_told() -> None:
    assert [one.reason for one in said("---\nreviewed: {by: x}\n---\n").unread] == ["day_unknown"]
    for facts in ("last_reviewed: [2024-01-01, soon]", "review_by: [2024-01-01, 2025-01-01]"):
        assert [one.reason for one in said(f"---\n{facts}\n---\n").unread] == ["day_unknown"]
    assert [tuple(one) for one in said("---\ngranskas: maj 2024\n---\n").unread] == [
        ("granskas", "maj 2024", "day_partial")
    ]
    found = said("---\nlast_reviewed_on: 02/06/2017\nreview_in: 6\nowner: [{phone: 1}, true]\n---\n")
    assert [(one.name, one.reason) for one in found.unread] == [
        ("review_in", "interval_unit"), ("last_reviewed_on", "day_ambiguous"), ("owner", "owner"), ("owner", "owner"),
    ]  # fmt: skip


SPRING, NEXT = date(2026, 5, 2), date(2027, 5, 2)


@pytest.mark.parametrize(("review", "reviewed", "due"), [
    ("{by: Anna Ek, on: 2026-05-02, every: 1 year}", SPRING, NEXT),
    ("{by: Anna Ek, on: 2026-05-02, next: 2027-05-02}", SPRING, NEXT),
    ("{by: Anna Ek, on: 2027-05-02, last: 2026-05-02}", SPRING, NEXT),
    ("{by: Anna Ek, on: 2026-05-02}\nnext_review: 2027-05-02", SPRING, NEXT),
    ("{by: 2027-05-02, on: 2026-05-02}", SPRING, NEXT),
    ("{by: Anna Ek, date: 2026-05-02, every: 1 year}", SPRING, NEXT),
    ("{by: Anna Ek, date: 2027-05-02}", None, NEXT),
    ("{on: 2027-05-02}", None, NEXT),
    ("{by: 2027-05-02}", None, NEXT),
    # What was written later stands by itself.
    ("{by: Anna Ek, on: 2025-05-02}\nlast_reviewed_on: 2026-05-02\nreview_in: 1 year", SPRING, NEXT),
])  # fmt: skip
def test_a_review_by_somebody_on_a_day_is_read_where_it_says_which_day_that_is(
    review: str, reviewed: date | None, due: date
) -> None:
    found = said(f"---\nreview: {review}\n---\n")
    assert (found.reviewed_on, found.due_on, found.unread) == (reviewed, due, ())


def test_a_review_that_may_be_the_last_or_the_next_is_no_day_and_is_told() -> None:
    found = said("---\nreview: {by: Anna Ek, on: 2026-05-02}\n---\n")
    assert (found.reviewed_on, found.due_on) == (None, None)
    assert found.unread == (("review", "by: Anna Ek, on: 2026-05-02", "review_either"),)
    assert [one.reason for one in said("---\nreview: {by: 02/06/2017, on: 2026-05-02}\n---\n").unread] == [
        "day_ambiguous"
    ]


@pytest.mark.parametrize(("written", "path", "title"), [
    ("---\ntitle: Given\n---\n# Other", "a.md", "Given"),
    ("```\n# no heading\n```\n\n## *First* [one](x) {#id}\n# Second", "a.md", "First one"),
    ("Under it\n========\n\n# Second", "a.md", "Under it"),
    ("# <%= current_page.data.title %>\n\nText", "source/how-to/restore_db.html.md.erb", "Restore db"),
    ("---\ntitle: {{ x }}\n---\n# Real", "a.md", "Real"),
    ("no heading", "docs/Förvalta/index.md", "Förvalta"),
    ("---\n---\n", "README.md", "README"),
    ("---\ntitle: 42\n---\n", "a.md", "42"),
])  # fmt: skip
def test_a_title_is_given_or_a_heading_or_the_path(written: str, path: str, title: str) -> None:
    assert said(written, path).title == title


@pytest.mark.parametrize(("written", "sort", "alert"), [
    ("## Meaning\nx\n## Impact\ny\n## Diagnosis\nz", "routine", "NodeDown"),
    ("## Innebörd\nx\n## Åtgärd\ny", "routine", "NodeDown"), ("## Meaning\nx\n## Impact\ny", "other", ""),
    ("---\ntype: Runbook\n---\n", "routine", ""), ("---\ndokumenttyp: riktlinje\n---\n", "policy", ""),
    ("---\ntype: post\nkind: process\n---\n", "process", ""), ("```\n# Meaning\n# Mitigation\n```", "other", ""),
])  # fmt: skip
def test_a_page_that_is_a_routine_is_seen_as_one(written: str, sort: str, alert: str) -> None:
    found = said(written, "alerts/NodeDown.md")
    assert (found.sort, found.alert) == (sort, alert)


@pytest.mark.parametrize(("written", "path", "alert"), [
    ("# KubeDown\n\nSee elsewhere", "alerts/kube/KubeDown.md", "KubeDown"),
    ("# KubeDown [Deprecated]\n", "docs/Runbooks/KubeDown.md", "KubeDown"), ("# KubeDown\n", "docs/KubeDown.md", ""),
    ("# How to\n", "alerts/helpers/checkPods.md", ""), ("# README\n", "alerts/README.md", ""),
])  # fmt: skip
def test_a_page_among_alerts_that_is_headed_by_its_own_name_is_that_alerts(written: str, path: str, alert: str) -> None:
    found = said(written, path)
    assert (found.sort, found.alert) == ("routine" if alert else "other", alert)


def test_the_language_is_stated_or_counted_or_left_open() -> None:
    assert said("---\nlang: en-GB\n---\nDet här är på svenska.").language == "en"
    assert language_of("Gör så här när en databas ska läsas tillbaka") == "sv"
    assert language_of("Do this when a database is to be restored for you") == "en"
    assert language_of("`the of and to is` https://example.org/the/and DNS") == ""
    assert said("DNS", "sv/dns.md").language == "sv"


def test_pages_are_told_by_their_endings() -> None:
    names = ("a.md", "a.html.md.erb", "a.MD", "b.markdown", "c.mdx", "d.md.html")
    assert all(map(is_page, names))
    assert not any(map(is_page, ("mkdocs.yml", "a.png", "md", "a.html", "a.erb", "a.txt")))


_SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12)
_NAMES = st.sampled_from(
    ("title", "owner", "last_reviewed_on", "review_in", "review_by", "type", "lang", "review", "extra")
)
_VALUES: Any = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@given(st.dictionaries(_NAMES, _VALUES, max_size=5), st.text(max_size=80), st.text(min_size=1, max_size=30))
def test_no_page_is_beyond_reading(facts: dict[str, Any], text: str, path: str) -> None:
    found = read_page(path, facts, text)
    assert 0 < len(found.title) <= 300
    assert found.due_on is None or found.reviewed_on is not None or "review_by" in str(facts) or "review" in str(facts)
