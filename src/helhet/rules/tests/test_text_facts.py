"""What a page's text states of its review: taken above all else, told further down, and never both."""

from __future__ import annotations

from datetime import date

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.front_matter import split
from helhet.rules.page_names import OWNER, SAYS_LESS
from helhet.rules.page_values import day_names, either_names, interval_names
from helhet.rules.pages import Said, read_page
from helhet.rules.reviewing import Interval
from helhet.rules.text_facts import HINT, facts_in

LABELS = (("Last reviewed", "Review interval"), ("Senast granskad", "Granskas"), ("Reviewed on", "Review frequency"),
          ("Granskad", "Granskningsintervall"), ("last-reviewed", "review-in"))  # fmt: skip
LAYOUTS = (
    "{0}: {1}\n{2}: {3}\n", "**{0}:** {1}  \n**{2}:** {3}  \n", "- **{0}**: {1}\n- **{2}**: {3}\n",
    ":{0}: {1}\n:{2}: {3}\n",
    "> *{0}*: {1}\n> *{2}*: {3}\n", "| Field | Value |\n|---|---|\n| {0} | {1} |\n| {2} | {3} |\n",
    "| | |\n|:-:|--:|\n| **{0}** | `{1}` |\n| __{2}__ | {3}. |\n", "| {0} | {2} |\n|---|---|\n| {1} | {3} |\n",
    "| Owner | {0} | Who | {2} |\n| --- | --- | --- | --- |\n| [ops](x.md) | {1} | p-1 | {3} |\n",
    "| {0} | {1} | {2} | {3} |\n|---|---|---|---|\n", "{0}: {1} | {2}: {3}\n",
    "{0} {1}\n\n{2} {3}\n", "_{0}: {1}_\n_{2}: {3}_\n",
    "<table><tr><th>{0}</th>\n<td>{1}</td></tr>\n<tr><td>{2}</td><td><b>{3}</b></td></tr></table>\n",
    "{0}\n: {1}\n\n{2}:\n{3}\n", "{0}: {1}<br/>{2}: {3}\n",
    "+---+---+\n| {0} | {1} |\n+---+---+\n| {2} | {3} |\n+---+---+\n",
    "{0} \N{EN DASH} {1} · {2} \N{EN DASH} {3}\n", "{0}: {1}. {2}: {3}.\n", "---\n{0}: {1}\n{2}: {3}\n---\n",
    "{0}:: {1}\n{2}:: {3}\n", "[{0}:: {1}]\n({2}:: {3})\n",
    '| {0} | <time datetime="{1}" /> |\n|---|---|\n| {2} | {3} |\n',
    "{0}: <time datetime='{1}'>then</time>\n{2}: {3}\n",
)  # fmt: skip
BEFORE = (
    "", "# A page\n\n", "A page\n======\n\n", "\n![logo](x.png)\n\n# A page\n\n## Document control\n\n",
    "import X from 'y';\n\n# A page\n\n[[_TOC_]]\n\nVersion: 3\n",
    "**Dokumentinformation**\n\n| Namn | Sida |\n|---|---|\n\n",
)  # fmt: skip
UNITS = st.sampled_from(("day", "week", "month", "year"))


def said(text: str, **facts: str) -> Said:
    return read_page("a.md", facts, text)


@given(
    st.dates(date(1990, 1, 1), date(2090, 12, 31)), st.builds(Interval, st.integers(1, 60), UNITS),
    st.sampled_from(LABELS), st.sampled_from(LAYOUTS), st.sampled_from(BEFORE),
)  # fmt: skip
def test_facts_above_all_else_count_and_those_below_are_told(
    day: date, interval: Interval, labels: tuple[str, str], layout: str, before: str
) -> None:
    count, unit = interval.count, interval.unit
    block = layout.format(labels[0], day, labels[1], f"{count} {unit}s")
    due = day + relativedelta(**{f"{unit}s": count})
    found = said(f"{before}{block}\n## What to do\n\nText.\n")
    assert (found.reviewed_on, found.interval, found.due_on) == (day, interval, due)
    assert found.unread == ()
    for text in (f"# A page\n\nThis is what it says.\n\n{block}", f"# A page\n\n## First\n\n{block}"):
        below = said(text)
        assert (below.reviewed_on, below.interval, below.due_on) == (None, None, None)
        assert [one.reason for one in below.unread] == ["review_in_text"] * 2
    in_front = said(f"{before}{block}", last_reviewed_on="2020-01-31", review_in="1 month")
    assert (in_front.due_on, in_front.unread) == (date(2020, 2, 29), ())


@pytest.mark.parametrize(("text", "due"), [
    ("| Dokumentnamn | Rutin |\n|---|---|\n| Nästa granskning | 30 juni 2024 |\n\n# Rutin\n", date(2024, 6, 30)),
    ("# Rutin\n\n**Nästa granskning** 2024-06-30\n", date(2024, 6, 30)),
    ("# A\n\nReview date: 2024-06-30\n", date(2024, 6, 30)),
    ("# A\n\n[![build](x.svg)](y)\n\nLast reviewed den 30 juni 2023 · Review every 1 year\n", date(2024, 6, 30)),
    ("# A\n\nReview date: 2024-06-30\nReview cycle: 1 year\n", date(2025, 6, 30)),
    ("# A\n\nLast reviewed: 2024-01-31\n\nRevideras senast: 2024-06-30\n", date(2024, 6, 30)),
    ("---\nlast_reviewed_on: 2024-01-31\nreview_in: 1 month\n\n# No end\n", date(2024, 2, 29)),
    ("# A\n\nGranskad: 2024-01-31\nGranskningsintervall i månader: 6\n", date(2024, 7, 31)),
])  # fmt: skip
def test_a_due_day_above_all_else_is_taken(text: str, due: date) -> None:
    page = split(text)
    assert read_page("a.md", page.facts, page.body).due_on == due


@pytest.mark.parametrize("text", [
    "# A\n\nThe page is reviewed every year by the group.\n", "# A\n\n```\nlast_reviewed_on: 2024-01-31\n```\n",
    "# A\n\n- **Last review date**: The date on which it was last checked.\n- **Review**: monthly\n",
    "# A\n\n| Page | Reviewed | Next review |\n|---|---|---|\n| x | 2024-01-31 | 2025-01-31 |\n| y | 2024-01-31 ||\n",
    "| Version | Datum | Ändring |\n|---|---|---|\n| 1.1 | 2024-01-31 | Granskad |\n", "# A\n\nOwner: ops\n",
    "# A\n\n- lines such as `Last reviewed: 2024-01-31`\n", "# A\n\nReviderad: 2024-01-31\nFastställd: 2024-01-31\n",
])  # fmt: skip
def test_what_is_none_of_the_pages_own_review_is_neither_taken_nor_told(text: str) -> None:
    found = said(text)
    assert (found.reviewed_on, found.interval, found.due_on, found.owners, found.unread) == (None, None, None, (), ())


@pytest.mark.parametrize("text", [
    "# A\n\n| Beslutad | 2023-01-01 |\n|---|---|\n| Översyn | 2024-06-30 |\n", "Review: 2024-06-30\n",
    "# A\n\n| Review of all | 2024-06-30 |\n|---|---|\n", "Granskad av KS: 2024-06-30\n",
    "| Draft | 2024-05-31 |\n|---|---|\n| Review | 2024-06-30 |\n| Release | 2024-07-31 |\n",
])  # fmt: skip
def test_a_day_of_what_may_be_another_thing_than_the_pages_review_is_told_and_not_taken(text: str) -> None:
    found = said(text)
    assert (found.due_on, [one.reason for one in found.unread]) == (None, ["review_in_text"])


def test_two_values_for_one_fact_are_told_and_none_is_taken() -> None:
    found = said("# A\n\nNext review: 2024-06-30\nNext review: 2025-06-30\n")
    assert (found.due_on, [one.value for one in found.unread]) == (
        None, ["Next review: 2024-06-30", "Next review: 2025-06-30"],
    )  # fmt: skip


def test_a_day_that_cannot_be_read_is_told_as_in_front_matter() -> None:
    found = said("# A\n\nLast reviewed: 02/06/2017\nReview in: 6\n")
    assert {one.reason for one in found.unread} == {"day_ambiguous", "interval_unit"}


def test_a_fact_in_a_remark_is_told() -> None:
    found = said("<!-- Last reviewed: 2024-01-31\n     Review in: 6 months -->\n# A\n")
    assert (found.due_on, [one.reason for one in found.unread]) == (None, ["review_in_text"] * 2)


def test_what_stands_in_front_counts_also_where_it_gives_no_day_and_the_rest_is_told() -> None:
    text = "# A\n\nLast reviewed: 2024-01-31\nReview in: 6 months\n"
    found = said(text, last_reviewed_on="2023-01-31")
    assert (found.reviewed_on, found.due_on) == (date(2023, 1, 31), None)
    assert [one.value for one in found.unread] == ["Last reviewed: 2024-01-31", "Review in: 6 months"]
    assert said(text, review_in="never").unread == ()
    for facts in ({"title": "B"}, {"last_reviewed_on": None}, {"last_reviewed_on": "", "review_in": ""}):
        told = said(text, **facts)
        assert told.due_on is None
        assert [one.reason for one in told.unread] == ["review_in_text"] * 2
    assert said(text).due_on == date(2024, 7, 31)


EXAMPLE = "last_reviewed_on: 2018-01-01\nreview_in: 6 months\n"


@pytest.mark.parametrize("text", [
    f"# A\n\n```\n{EXAMPLE}```\n", f"# A\n\nExample:\n\n    {EXAMPLE.replace(chr(10), chr(10) + '    ')}\n",
    f"Note:\n\n> ```\n> {EXAMPLE.replace(chr(10), chr(10) + '> ')}```\n",
    f"# A\n\n<pre><code>\n{EXAMPLE}</code></pre>\n",
    f"# A\n\n1. So:\n\n    ```yaml\n    {EXAMPLE}    ```\n", f"{{% highlight yaml %}}\n{EXAMPLE}{{% endhighlight %}}\n",
    "# A\n\n`last_reviewed_on: 2018-01-01`\n\n`review_in: 6 months`\n", f"# A\n\n```\nx\n```\n{EXAMPLE}",
    "| Certificate | Owner | Review by |\n|---|---|---|\n| api | ops | 2021-05-05 |\n",
    "| Service | Last verified | Verify every |\n|--|--|--|\n| DB | 2023-03-03 | 3 months |\n",
    "# A\n\nReview by: 1234567890\n", "# A\n\nGranskad: 1706659200000\nGranskas: halvårsvis\n",
])  # fmt: skip
def test_an_example_a_table_of_other_things_and_a_number_are_none_of_the_page_s_facts(text: str) -> None:
    assert said(text).due_on is None


@pytest.mark.parametrize("text", [
    "| Next review | 2018-01-01 |\n|---|---|\n" * 5_000, "review\n# " + "#" * 200_000 + "a",
    "# " * 100_000 + "a review",
    "review <time " + 'datetime="a" ' * 20_000, "review " + "<pre" * 50_000, "review\n" + "> ```\n" * 30_000,
    "review {% highlight " * 10_000, "review: " + "`" * 200_000, "Reviewed" + " " * 200_000 + ": 2024-01-01",
])  # fmt: skip
def test_a_page_of_repeated_pieces_is_read_once(text: str) -> None:
    # Read again from each of its pieces it would take minutes.
    assert said(text).reviewed_on is None


def test_an_owner_beside_them_is_taken_where_none_stands_in_front() -> None:
    text = "| Owner | ops, net |\n|---|---|\n| Next review | 2024-06-30 |\n"
    assert said(text).owners == ("ops", "net")
    assert said(text, team="x").owners == ("x",)
    assert said(text, review_by="2024-01-31").owners == ()


def test_every_name_of_a_review_has_a_hint_in_it() -> None:
    names = day_names() | interval_names() | either_names()
    assert [name for name in names if not HINT.search(name.replace("_", " "))] == []


@given(st.text("|-:*_<>/td#=\n 2024granskdRevietuw.", max_size=200))
def test_no_text_is_beyond_reading(text: str) -> None:
    for one in facts_in(f"{text}\nSenast granskad: 2024-01-31"):
        assert one.name in day_names() | interval_names() | either_names() | {*OWNER, *SAYS_LESS}
