"""What a page says of itself: title, language, sort, owners and review dates, from its path, front matter and text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Final

from helhet.rules.language import language_of
from helhet.rules.page_missed import missed
from helhet.rules.page_names import (
    ALERT_FOLDERS,
    ALERT_HEADINGS,
    BY,
    COUNTED,
    DRAFT,
    DRAFT_FOLDER,
    EDITED,
    EITHER,
    EVERY,
    INSIDE_OWNER,
    LANGUAGE,
    OUR_SORTS,
    OWNER,
    PUBLISHED,
    REVIEWED,
    SAYS_LESS,
    SORT,
    SORTS,
    TITLE,
    TOLD_EITHER_WAY,
    VALID_FROM,
    VALID_TO,
)
from helhet.rules.page_values import (
    Unread,
    counted_names,
    day_told,
    first_of,
    interval_told,
    named,
    plain_name,
    says_review,
    with_unit,
)
from helhet.rules.reviewing import Interval, due_on, says_none, why_no_day, why_no_interval
from helhet.rules.text_facts import InText, facts_in

ENDINGS: Final = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd")
WRAPPED: Final = (".erb", ".njk", ".liquid", ".j2", ".tmpl", ".html")
"""What a page's name may have behind or before its ending, such as `.html.md.erb`."""
TITLE_MAX: Final = 300
DAY_WITHIN: Final = ("date", "on", "day", "at", "datum", "value")
"""Where a review is an object, what its day stands under."""

_YES, _NO = ("true", "yes", "y", "on", "1", "ja"), ("false", "no", "n", "off", "0", "nej")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*)")
_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-+)[ \t]*\Z")
_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_TEMPLATE = re.compile(r"<%.*?%>|\{\{.*?\}\}|\{%.*?%\}")


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says of itself. `sort` is a sort of document, `alert` the name of the alert that its routine is for.

    `edited_on` is when the page itself says that it was altered, which a commit may know better. `due_on` follows from
    the review day and the interval; where these do not give one, it is the day that the page states.
    """

    title: str
    language: str
    sort: str
    alert: str
    owners: tuple[str, ...]
    interval: Interval | None
    reviewed_on: date | None
    due_on: date | None
    edited_on: date | None
    valid_from: date | None
    valid_to: date | None
    unread: tuple[Unread, ...]


def read_page(path: str, facts: Mapping[str, Any], text: str) -> Said:
    """All of it. `facts` is the front matter, `text` what stands below."""
    unread: list[Unread] = []
    known, below = _with_text(named(facts), text)
    interval = _interval(known, unread)
    reviewed, by = _review_days(known, interval, unread)
    if interval is None and reviewed is not None and by is not None and by > reviewed and not _is_huge(reviewed, by):
        interval = Interval((by - reviewed).days, "day")
    due = due_on(reviewed, interval) or by
    if due is None:
        below = facts_in(text) if below is None else below
        unread += missed(known, facts, below, interval, is_told=bool(unread))
    headings = _headings(text)
    title = _title(known, headings, path)
    sort, alert = _sort(known, headings, path)
    return Said(
        title, _language(known, path, f"{title}\n{text}"), sort, alert, _owners(known, unread), interval, reviewed,
        due, day_told(first_of(known, EDITED)[1]), _day(known, VALID_FROM, unread),
        _day(known, VALID_TO, unread), tuple(unread),
    )  # fmt: skip


def stated_in_text(facts: Mapping[str, Any], text: str) -> dict[str, Any]:
    """What a page's text states, and counts since nothing in front says it."""
    before = named(facts)
    known, _below = _with_text(before, text)
    return {name: value for name, value in known.items() if before.get(name) != value}


def draft_mark(path: str, facts: Mapping[str, Any]) -> str:
    """By what a page is a draft that its own site does not show, as it is written; empty where it is none."""
    known = named(facts)
    for names, words in ((DRAFT, _YES), (PUBLISHED, _NO)):
        name, value = first_of(known, names)
        if name and str(value).strip().lower() in words:
            return f"{name}: {str(value).lower()}"
    if str(first_of(known, DRAFT)[1]).strip().lower() in _NO:
        return ""
    return f"{DRAFT_FOLDER}/" if DRAFT_FOLDER in path.split("/")[:-1] else ""


def says_language(facts: Mapping[str, Any]) -> bool:
    """Whether a page says itself in which language it is."""
    return str(first_of(named(facts), LANGUAGE)[1] or "").lower()[:2] in {"sv", "en"}


def is_page(path: str) -> bool:
    """Whether a file's name is that of a page."""
    return _bare(path.lower())[1].endswith(ENDINGS)


def bare_path(path: str) -> str:
    """A path without all endings of a page, or of how a site shows one."""
    return _bare(path)[0]


def _bare(path: str) -> tuple[str, str]:
    """A path without all endings of a page, and the ending that makes it one."""
    name = path
    while any(name.lower().endswith(end) for end in WRAPPED):
        name = name[: name.rindex(".")]
    ending = next((end for end in ENDINGS if name.lower().endswith(end)), "")
    name = name[: len(name) - len(ending)]
    while any(name.lower().endswith(end) for end in WRAPPED):
        name = name[: name.rindex(".")]
    return name, ending


def _with_text(known: dict[str, Any], text: str) -> tuple[dict[str, Any], list[InText] | None]:
    """What a page says, with what its text states where nothing in front says it, and what the text states besides;
    None where nobody has looked.

    What stands in front of the text counts. Of a page that has nothing there, what stands above all that the text has
    to say does; whoever writes front matter says there what counts.
    """
    if says_review(known):
        return known, None
    found = facts_in(text)
    above = [one for one in found if one.is_above]
    values = {one.name: one.value for one in above}
    if known or not says_review(values) or any(values[one.name] != one.value for one in above):
        return known, found
    return values, [one for one in found if not one.is_above]


def _interval(known: Mapping[str, Any], unread: list[Unread]) -> Interval | None:
    name, value = first_of(known, EVERY)
    if not name and any(one.endswith(tuple(COUNTED)) for one in known):
        name, value = first_of(known, counted_names())
        value = with_unit(name, value)
    if not name:
        return next(filter(None, (interval_told(first_of(known, (one,))[1]) for one in TOLD_EITHER_WAY)), None)
    if isinstance(value, Mapping):
        parts = [str(value[part]) for part in ("count", "value", "unit") if part in value]
        value = " ".join(parts) or ", ".join(f"{count} {unit}" for unit, count in value.items())
    found = interval_told(value)
    if found is None and (reason := why_no_interval(value)) not in {"empty", "never"}:
        unread.append(Unread(name, str(value), f"interval_{reason}"))
    return found


def _day(known: Mapping[str, Any], names: tuple[str, ...], unread: list[Unread]) -> date | None:
    """The day under the first of the names that has a value; of a list of days, as a history is, the latest."""
    name, value = first_of(known, names)
    given = value if isinstance(value, list) and names is REVIEWED else [value]
    days = [day for day in (day_told(_day_within(one)) for one in given) if day is not None]
    if len(days) == len(given) > 0:
        return max(days)
    if name and not isinstance(value, bool) and not says_none(value):
        reason = f"day_{why_no_day(_day_within(value))}"
        is_open = names[0] in TOLD_EITHER_WAY and reason == "day_unknown"
        unread.append(Unread(name, str(value), "told_neither_way" if is_open else reason))
    return None


def _day_within(value: Any) -> Any:
    """Of an object what its day stands under, else the value."""
    if isinstance(value, Mapping):
        return first_of({plain_name(inner): one for inner, one in value.items()}, DAY_WITHIN)[1] or value
    return value


def _review_days(
    known: Mapping[str, Any], interval: Interval | None, unread: list[Unread]
) -> tuple[date | None, date | None]:
    """When it was reviewed, and when it is to be. A `review_date` is whichever of them the others leave; so is the day
    of `review: {by: NAME, on: DAY}`, which alone does not say which it is.
    """
    name, on = _reviewer(known), day_told(known.get("review_on"))
    if name:
        known = {one: value for one, value in known.items() if one not in {"review_by", "review_on"}}
    reviewed, by = _day(known, REVIEWED, unread), _day(known, BY, unread)
    if on is not None and reviewed is None and ((by is not None and on < by) or (name and by is None and interval)):
        reviewed = on
    elif name and on is not None and by is None and reviewed is not None and reviewed < on:
        by = on
    elif name and on is not None and reviewed is None:
        unread.append(Unread("review", f"by: {name}, on: {on.isoformat()}", "review_either"))
    either = _day(known, EITHER, unread)
    for name in TOLD_EITHER_WAY:
        value = first_of(known, (name,))[1]
        if value is None or isinstance(value, Mapping) or interval_told(value) is not None:
            continue
        if name not in SAYS_LESS:
            by = by or _day(known, (name,), unread)
        elif either is None:
            either = day_told(value)
    if either is not None and interval is not None and reviewed is None:
        return either, by
    return reviewed, by or either


def _reviewer(known: Mapping[str, Any]) -> str:
    """Who reviews or has reviewed it, where that stands where its next review may stand; empty where nobody does."""
    said, others = known.get("review_by"), ("review_on", *EITHER)
    is_name = isinstance(said, str) and why_no_day(said) == "unknown" and not re.search(r"\d", said)
    return " ".join(str(said).split()) if is_name and any(day_told(known.get(one)) for one in others) else ""


def _is_huge(first: date, last: date) -> bool:
    return (last - first).days > 366 * 50


def _owners(known: Mapping[str, Any], unread: list[Unread]) -> tuple[str, ...]:
    name, value = first_of(known, OWNER)
    owners: list[str] = []
    for one in value if isinstance(value, list) else [value] if name else []:
        text = one
        if isinstance(one, Mapping):
            text = first_of({plain_name(key): inner for key, inner in one.items()}, INSIDE_OWNER)[1]
        if isinstance(text, bool) or not isinstance(text, str | int) or not str(text).strip():
            unread.append(Unread(name, str(one), "owner"))
            continue
        owners += [part for part in (" ".join(part.split()) for part in str(text).split(",")) if part]
    return tuple(dict.fromkeys(owners))


def _headings(text: str) -> list[tuple[int, str]]:
    """Level and words of each heading outside of code."""
    found: list[tuple[int, str]] = []
    fence, before = "", ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        elif not fence and (heading := _HEADING.match(line)):
            found.append((len(heading[1]), _words(heading[2].rstrip(" \t").rstrip("#").rstrip(" \t"))))
        elif (
            not fence
            and before.strip()
            and (under := _UNDERLINE.match(line))
            and not before.startswith(("-", "|", ">"))
        ):
            found.append((1 if under[1][0] == "=" else 2, _words(before)))
        before = "" if mark else line
    return [(level, words) for level, words in found if words]


def _words(heading: str) -> str:
    """A heading without its marks."""
    heading = re.sub(r"\s*\{[#.:][^}]*\}\s*\Z", "", _TEMPLATE.sub("", heading))
    heading = re.sub(r"!?\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])?", r"\1", heading)
    return " ".join(re.sub(r"[*`]+|<[^>]*>", "", heading).split())


def _title(known: Mapping[str, Any], headings: list[tuple[int, str]], path: str) -> str:
    value = first_of(known, TITLE)[1]
    given = " ".join(str(value).split()) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _TEMPLATE.sub("", given).strip():
        given = headings[0][1] if headings else ""
    return (given or _title_of(path))[:TITLE_MAX]


def _title_of(path: str) -> str:
    """The name of its file, or of its folder for an index, as words."""
    bare = PurePosixPath(_bare(path)[0])
    name = bare.name
    if name.lower() in {"index", "readme", "_index", ""} and bare.parent.name:
        name = bare.parent.name
    words = " ".join(re.sub(r"[-_]+", " ", name).split()) or path
    return words[:1].upper() + words[1:]


def _language(known: Mapping[str, Any], path: str, text: str) -> str:
    given = str(first_of(known, LANGUAGE)[1] or "").lower()[:2]
    if given in {"sv", "en"}:
        return given
    parts = {part.lower() for part in re.split(r"[/.]", path)}
    stated = {"sv", "en"} & parts
    return language_of(text) or (stated.pop() if len(stated) == 1 else "")


def _sort(known: Mapping[str, Any], headings: list[tuple[int, str]], path: str) -> tuple[str, str]:
    """The sort of document, and the alert's name when it is the runbook of one."""
    for name in SORT:
        value = known.get(name)
        word = re.sub(r"[-_ ]+", " ", value).strip().lower() if isinstance(value, str) else ""
        if name == "sort" and word in OUR_SORTS:
            return word, ""
        if word in SORTS:
            return SORTS[word], _alert(path) if word == "alert" else ""
    parts = {ALERT_HEADINGS[words.lower()] for _level, words in headings if words.lower() in ALERT_HEADINGS}
    if len(parts) > 1 and parts & {"diagnosis", "mitigation"}:
        return "routine", _alert(path)
    alert, folders = _alert(path), {part.lower() for part in path.split("/")[:-1]}
    if alert and folders & ALERT_FOLDERS and headings and headings[0][1].split()[0] == alert:
        return "routine", alert
    return "other", ""


def _alert(path: str) -> str:
    """Alerts are called in one word, as their runbooks' files are."""
    name = PurePosixPath(_bare(path)[0]).name
    return (
        name if re.fullmatch(r"[A-Za-z][A-Za-z0-9_:]{2,99}", name) and name.lower() not in {"index", "readme"} else ""
    )
