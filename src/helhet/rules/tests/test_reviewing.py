"""Review dates: what people write is read, what could mean two things is refused, and the due day follows."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.reviewing import (
    Interval,
    State,
    day_of_seconds,
    due_on,
    read_day,
    read_interval,
    state_on,
    why_no_day,
    why_no_interval,
)

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
INTERVALS = st.builds(Interval, st.integers(1, 400), st.sampled_from(("day", "week", "month", "year")))
SWEDISH = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


@given(DAYS, INTERVALS)
def test_the_due_day_is_that_of_the_calendar_library(reviewed: date, interval: Interval) -> None:
    assert due_on(reviewed, interval) == reviewed + relativedelta(**{f"{interval.unit}s": interval.count})


def test_a_day_past_the_months_end_becomes_its_last() -> None:
    assert due_on(date(2016, 8, 31), Interval(6, "month")) == date(2017, 2, 28)
    assert due_on(date(2016, 2, 29), Interval(1, "year")) == date(2017, 2, 28)
    assert due_on(date(2017, 1, 1), Interval(191, "day")) == date(2017, 7, 11)


def test_there_is_no_due_day_without_both_or_beyond_the_calendar() -> None:
    assert due_on(None, Interval(1, "day")) is None
    assert due_on(date(2017, 1, 1), None) is None
    assert due_on(date(2017, 1, 1), Interval(32_767, "year")) is None
    assert due_on(date(9999, 12, 31), Interval(1, "day")) is None


@given(DAYS, st.integers(0, 60))
def test_a_document_goes_from_fresh_over_due_soon_to_overdue_and_never_back(due: date, soon: int) -> None:
    seen = [state_on(due, due + timedelta(days=away), soon) for away in range(-70, 5)]
    order = [State.FRESH, State.SOON, State.OVERDUE]
    assert all(order.index(a) <= order.index(b) for a, b in pairwise(seen))
    assert seen.count(State.SOON) == soon + 1, "its due day itself, and so many before it"
    assert seen.count(State.OVERDUE) == 4


def test_without_a_due_day_the_state_is_unknown() -> None:
    assert state_on(None, date(2017, 1, 1)) == State.UNKNOWN


@given(st.integers(1, 32_767), st.sampled_from(("day", "week", "month", "year")), st.data())
def test_an_interval_is_read_however_it_is_spelt(count: int, unit: str, data: st.DataObject) -> None:
    swedish = {
        "day": ("dag", "dagar"),
        "week": ("vecka", "veckor"),
        "month": ("månad", "månader"),
        "year": ("år", "år"),
    }
    word = data.draw(st.sampled_from((unit, f"{unit}s", unit.title(), f"{unit}s".upper(), *swedish[unit])))
    before = data.draw(st.sampled_from(("", " ", "every ", "Every ", "in ", "var ", "\n")))
    between = data.draw(st.sampled_from((" ", "  ", "", "-", "\N{NO-BREAK SPACE}", "\t")))
    after = data.draw(st.sampled_from(("", " ", ".")))
    assert read_interval(f"{before}{count}{between}{word}{after}") == Interval(count, unit)
    assert read_interval(f"P{count}{unit[0].upper()}") == Interval(count, unit)


@pytest.mark.parametrize(("count", "unit", "texts"), [
    (6, "month", "six months|sex månader|half-yearly|twice a year|två gånger per år|every sixth month|6mo|0.5 years"),
    (6, "month", "var sjätte månad|halvår|6 mån|var 6:e månad|ca 6 månader|~6 months|2 quarters|semi-annually"),
    (6, "month", "2 ggr/år|2 ggr. per år|2x/year|six (6) months|6 month's|6 months'|semiannual|en gång i halvåret"),
    (6, "month", "6 months from last review|var sjatte manad|6 månader efter senaste granskningen|at least 6 months"),
    (6, "month", "6 month(s)|sex (6) månad(er)|vid behov, dock minst var 6:e månad|en gång var sjätte månad"),
    (180, "day", "180 day(s)|180days|180 Days.|every 180 day(s)"),
    (3, "year", "1 gång vart tredje år|en gång per 3 år|once every three years|3 year(s)|minst en gång vart 3:e år"),
    (1, "year", "vid behov, dock minst en gång per år|vid behov, minst årligen|Vid behov men minst en gång/år"),
    (1, "year", "as needed, but at least annually|årlig översyn|annual review|yearly review|årlig granskning"),
    (14, "day", "var fjortonde dag|var 14:e dag|14 days"),
    (4, "month", "tertialvis|en gång per tertial|varje tertial"),
    (24, "month", "24 months (biennial)|24 månader (vartannat år)|24 months (2 years)"),
    (6, "month", "6-monthly|six-monthly|6 monthly|half yearly|semi annually|twice yearly|två gånger årligen|½ år|2/år"),
    (1, "year", "once yearly|once annually|en gång årligen|1/år|1 / year|annual cycle|max ett år"),
    (12, "month", "12-monthly|max 12 månader|högst 12 månader|“12 months”|12 månaders intervall"),
    (12, "month", "senast inom 12 månader|no later than 12 months|12 month interval"),
    (2, "year", "2-yearly|two yearly|två års intervall|2 year review cycle"), (18, "month", "1½ år|1 ½ years"),
    (9, "month", "3 qtrs|3 kvartal|three quarters"),
    (12, "month", "tolv månader|twelve months|12 months |12 calendar months"),
    (1, "year", "1 gång/år|minst en gång per år|minst årligen|at least once a year|at least annually|årlig|arligen"),
    (1, "year", "årligen eller vid behov|annually or as needed|annually, or after major changes|yearly, when asked"),
    (1, "year", "yearly|årligen|varje år|a year|en gång om året|every year|annually|P1Y"),
    (2, "year", "minst vartannat år|vartannat ar|vartannat år|every other year|every 2 years|biennially"),
    (18, "month", "1 year 6 months|1,5 år|a year and six months|P1Y6M|1 år och 6 månader"),
    (18, "month", "ett och ett halvt år|one and a half years|a year and a half|1 and a half years"),
    (18, "month", "ett år och ett halvt|minst vart ett och ett halvt år"),
    (30, "month", "two and a half years|var två och ett halvt år"),
    (3, "month", "per quarter|quarterly|kvartalsvis|every quarter|var tredje månad|every 3rd month"),
    (10, "day", "P1W3D|1 week 3 days|10d"),
    (2, "week", "fortnightly|2v|every fortnight"),
])  # fmt: skip
def test_an_interval_is_read_in_words(count: int, unit: str, texts: str) -> None:
    assert {text: read_interval(text) for text in texts.split("|")} == dict.fromkeys(
        texts.split("|"), Interval(count, unit)
    )


@pytest.mark.parametrize(("text", "reason"), [
    ("", "empty"), (None, "empty"), ("never", "never"), ("Aldrig", "never"), (False, "never"), (6, "unit"),
    ("6", "unit"), ("0 days", "zero"), (0, "zero"), ("P0D", "zero"), ("32768 days", "long"), ("1 year 3 days", "mixed"),
    ("biannual", "unknown"), ("bi-monthly", "unknown"), ("semi-monthly", "unknown"), ("0-monthly", "unknown"),
    ("once soonly", "unknown"), ("½", "unit"), ("max", "unknown"),
    ("soon", "unknown"), ("6 moons", "unknown"), ("-6 months", "unknown"), (True, "unknown"),
    (["6 months"], "unknown"), ("0.5 days", "mixed"), ("P", "unknown"), ("vid behov", "never"), ("as needed", "never"),
    ("6 months after go-live", "unknown"), ("6 months or after 2 incidents", "unknown"), ("årligen, i maj", "unknown"),
    ("12 months (6 months)", "unknown"), ("12 months (was annual)", "unknown"), ("2 gånger vart tredje år", "unknown"),
    ("a moon and a half", "unknown"), ("soon and a half years", "unknown"),
    ("vid behov, dock senast i maj", "unknown"), ("at least as needed", "unknown"),
    ("6 months or 3 months", "unknown"), ("6 months" + " " * 9 + "x" * 200, "unknown"),
])  # fmt: skip
def test_what_is_no_interval_says_why(text: object, reason: str) -> None:
    assert read_interval(text) is None
    assert why_no_interval(text) == reason


@given(
    DAYS,
    st.sampled_from(
        (
            "",
            "T10:00:00Z",
            " 23:59:59 +02:00",
            "T00:00",
            " 10:00:00.123456+0200",
            " 8:15 pm",
            " kl. 10:00 (CET)",
            " at 10:00 CEST",
            "T10:00 Europe/Stockholm",
            ".",
        )
    ),
)
def test_a_day_is_read_however_it_is_written(day: date, clock: str) -> None:
    month, swedish = day.strftime("%B"), SWEDISH[day.month - 1]
    assert read_day(day) == day
    assert read_day(datetime(day.year, day.month, day.day, 23, 30, tzinfo=UTC)) == day
    texts = [
        day.isoformat(), f"{day.year}-{day.month}-{day.day:02}", f"{day.year}-{day.month}-{day.day}",
        f"{day.year}/{day.month}/{day.day}", f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}",
        f"{day.day} {month[:3].lower()} {day.year}", f"{day.day}-{month[:3]}-{day.year}",
        f"{day:%A} {day.day} {month} {day.year}", f"{day.year} {month} {day.day}",
        f"{day.year} {day.month:02} {day.day:02}", f"{day.day}/{day.month} {day.year}",
        f"{day.day}/{day.month}-{day.year}",
        f"den {day.day} {swedish} {day.year}", f"{day.day} {swedish[:3]}. {day.year}", f"{day:%G-W%V-%u}",
    ]  # fmt: skip
    assert {text: read_day(text + clock) for text in texts} == dict.fromkeys(texts, day)
    for written in (
        f"[[{day.isoformat()}]]", f"[[Daily/2017/05/{day.isoformat()}|that day]]", f"[[{day.isoformat()}#Notes]]",
        f"\u200b{day.isoformat()}\u200b", f"\u200e{day.day}\u200e {month} {day.year}", f"{day.isoformat()}Z",
        f"{day.isoformat()}+01:00", f"{day.isoformat()}T10:00:00+01:00[Europe/Stockholm]", f"{day:%Y%m%d}T101112Z",
        f"{day:%Y%m%d}T1011",
    ):  # fmt: skip
        assert read_day(written) == day, written
    assert read_day(f"{day:%a %b} {day.day} 10:00:00 {day.year} +0200") == day, "as git writes it"
    assert read_day(f"{day:%a}, {day:%d} {day:%b} {day.year} 10:00:00 +0000") == day, "as mail writes it"


@given(
    DAYS,
    st.sampled_from(
        (
            " (KS § 12)",
            ", Anna A",
            "; by Sam (ops)",
            " by Sam",
            " av Anna",
            " - Sam A",
            " \u2013 Anna",
            " § 12",
            " KS § 12",
            ",",
            ";",
            ", see #12",
        )
    ),
)
def test_what_is_said_behind_a_day_in_figures_leaves_it_as_it_is(day: date, remark: str) -> None:
    assert read_day(f"{day.isoformat()}{remark}") == day
    assert read_day(f"{day:%Y%m%d}{remark}") == day


@given(
    DAYS,
    st.sampled_from(
        (
            ", 2018-02-03",
            " (2018)",
            "?",
            " or later",
            ", 3/4",
            "; 12",
            " by 2018",
            " 2018",
            " - 3",
            " - 2018-02-03",
            " - May 2018",
            " § 12/2018",
        )
    ),
)
def test_what_is_said_behind_a_day_may_make_it_doubtful(day: date, remark: str) -> None:
    assert read_day(f"{day.isoformat()}{remark}") is None


@given(st.integers(1, 31), st.integers(1, 31), st.sampled_from("/-."))
def test_a_day_with_its_year_last_is_read_only_when_it_can_be_one_day_alone(one: int, two: int, sign: str) -> None:
    text = f"{one:02}{sign}{two}{sign}2017"
    possible = set()
    for way in ("%d-%m-%Y", "%m-%d-%Y"):
        try:
            possible.add(datetime.strptime(f"{one}-{two}-2017", way).date())  # noqa: DTZ007 - only the day is wanted
        except ValueError:
            continue
    assert read_day(text) == (possible.pop() if len(possible) == 1 else None)
    assert why_no_day(text) in {"", "ambiguous", "impossible"}


@pytest.mark.parametrize(("text", "reason"), [
    ("02/06/2017", "ambiguous"), ("2.6.2017", "ambiguous"), ("2017-02-30", "impossible"), ("31/31/2017", "impossible"),
    ("30 February 2017", "impossible"), ("0001-01-01", "impossible"), ("June 2017", "partial"), ("2017-05", "partial"),
    (2017, "partial"), ("", "empty"), (None, "empty"), (True, "unknown"), ("soon", "unknown"), ("2 June 17", "unknown"),
    ("2 June July 2017", "unknown"), ("[[02/06/2017]]", "ambiguous"), ("[[a]] [[2017-05-02]]", "unknown"),
    ("[[2017-05-02", "unknown"), ("2017-05Z", "unknown"), ([2017, 5, 2], "unknown"),
])  # fmt: skip
def test_what_is_no_day_says_why(text: object, reason: str) -> None:
    assert read_day(text) is None
    assert why_no_day(text) == reason


@given(st.text(max_size=40) | st.from_regex(r"[0-9a-zåäöPW ./:,+-]{1,30}", fullmatch=True))
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    assert (read_day(text) is None) == bool(why_no_day(text))
    assert (read_interval(text) is None) == bool(why_no_interval(text))


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2099, 12, 31)),  # noqa: DTZ001 - the zone is added below
    st.sampled_from((str, int)),
    st.integers(0, 999),
)
def test_seconds_and_thousandths_since_1970_are_the_day_of_the_clock(
    at: datetime, sort: type[str] | type[int], thousandths: int
) -> None:
    seconds = int(at.replace(tzinfo=UTC).timestamp())
    thousands = f"{seconds}{thousandths:03}"
    for told in (sort(seconds), sort(thousands), f"/Date({thousands})/", f"/Date({thousands}+0100)/"):
        assert day_of_seconds(told) == at.date()


@pytest.mark.parametrize("number", [
    "20240131", 20240131, "240131", 45322, "8507011234", "198507011234", 0, -1706659200, True, 1706659200.0, None, "",
    "17066592001", "631151999", 4102444800, "Date(1706659200000)", "1706659200 s", "\u0661706659200",
])  # fmt: skip
def test_a_number_of_another_sort_is_no_day(number: object) -> None:
    assert day_of_seconds(number) is None


@pytest.mark.parametrize("quotes", ['""', "''", "“”", "””", "„“", "‘’", "«»"])
def test_quotation_marks_of_all_sorts_are_passed_over(quotes: str) -> None:
    assert read_day(f"{quotes[0]}2017-05-02{quotes[1]}") == date(2017, 5, 2)
    assert read_interval(f"{quotes[0]}6 months{quotes[1]}") == Interval(6, "month")
