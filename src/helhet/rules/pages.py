"""What a page says of itself: title, language, sort, owners and review dates, from its path, front matter and text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import PurePosixPath
from typing import Any, Final, NamedTuple
from unicodedata import normalize

from helhet.rules.language import language_of
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
    WITHIN,
)
from helhet.rules.reviewing import (
    Interval,
    day_of_seconds,
    due_on,
    read_day,
    read_interval,
    says_none,
    why_no_day,
    why_no_interval,
)

ENDINGS: Final = (".md", ".markdown", ".mdown", ".mkd", ".mdx", ".qmd")
WRAPPED: Final = (".erb", ".njk", ".liquid", ".j2", ".tmpl", ".html")
"""What a page's name may have behind or before its ending, such as `.html.md.erb`."""
TITLE_MAX: Final = 300
DEPTH: Final = 3
DAY_WITHIN: Final = ("date", "on", "day", "at", "datum", "value")
"""Where a review is an object, what its day stands under."""

_SHAREPOINT = re.compile(r"_x(00[0-9a-f]{2})_", re.IGNORECASE)
"""How lists in SharePoint write spaces and letters beyond ASCII in names: `Senast_x0020_granskad`."""
_NUMBER = re.compile(r"\d+(?:\.0+)?")
_YES, _NO = ("true", "yes", "y", "on", "1", "ja"), ("false", "no", "n", "off", "0", "nej")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})[ \t]+(.*?)[ \t]*#*[ \t]*\Z")
_UNDERLINE = re.compile(r"[ ]{0,3}(=+|-+)[ \t]*\Z")
_FENCE = re.compile(r"[ ]{0,3}(```|~~~)")
_TEMPLATE = re.compile(r"<%.*?%>|\{\{.*?\}\}|\{%.*?%\}")


class Unread(NamedTuple):
    """A value that could not be used: the name that it stands under, the value, and why, as in `reviewing.Refused`;
    `owner` for an owner that is no name, `review_either` for a day that may be that of the last review or the next.
    """

    name: str
    value: str
    reason: str


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
    known = _named(facts)
    unread: list[Unread] = []
    interval = _interval(known, unread)
    reviewed, by = _review_days(known, interval, unread)
    if interval is None and reviewed is not None and by is not None and by > reviewed and not _is_huge(reviewed, by):
        interval = Interval((by - reviewed).days, "day")
    headings = _headings(text)
    title = _title(known, headings, path)
    sort, alert = _sort(known, headings, path)
    return Said(
        title, _language(known, path, f"{title}\n{text}"), sort, alert, _owners(known, unread), interval, reviewed,
        due_on(reviewed, interval) or by, day_told(_first(known, EDITED)[1]), _day(known, VALID_FROM, unread),
        _day(known, VALID_TO, unread), tuple(unread),
    )  # fmt: skip


def draft_mark(path: str, facts: Mapping[str, Any]) -> str:
    """By what a page is a draft that its own site does not show, as it is written; empty where it is none."""
    known = _named(facts)
    for names, words in ((DRAFT, _YES), (PUBLISHED, _NO)):
        name, value = _first(known, names)
        if name and str(value).strip().lower() in words:
            return f"{name}: {str(value).lower()}"
    if str(_first(known, DRAFT)[1]).strip().lower() in _NO:
        return ""
    return f"{DRAFT_FOLDER}/" if DRAFT_FOLDER in path.split("/")[:-1] else ""


def says_language(facts: Mapping[str, Any]) -> bool:
    """Whether a page says itself in which language it is."""
    return str(_first(_named(facts), LANGUAGE)[1] or "").lower()[:2] in {"sv", "en"}


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


def _named(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Each value by its plain name, those at the top before those within."""
    found: dict[str, Any] = {}
    level = [("", facts)]
    for _step in range(DEPTH):
        below = []
        for before, values in level:
            for given, value in values.items():
                name = plain_name(given)
                for one in (name, f"{before}{name}"):
                    if found.get(one) in (None, ""):
                        found[one] = value
                if isinstance(value, Mapping) and name in WITHIN:
                    below.append((f"{name}_", value))
        level = below
    return found


def plain_name(name: str) -> str:
    """A name however it is written, as those in `page_names` are."""
    plain = _SHAREPOINT.sub(lambda code: chr(int(code[1], 16)), str(name))
    spaced = re.sub(r"(?<=[a-zåäö0-9])(?=[A-ZÅÄÖ])", "_", normalize("NFC", plain))
    return re.sub(r"\W+", "_", spaced).strip("_").lower()


def _first(known: Mapping[str, Any], names: tuple[str, ...]) -> tuple[str, Any]:
    name = next((name for name in names if known.get(name) not in (None, "", [], {})), "")
    value = known[name] if name else None
    # A link in double brackets that lacks its quotation marks is a list in a list to YAML.
    while isinstance(value, list) and len(value) == 1:
        value = value[0]
    return name, value


@cache
def counted_names() -> tuple[str, ...]:
    """The names of intervals that have their unit within."""
    return tuple(
        one + unit for one in (*EVERY, "review") for inner in COUNTED for unit in (inner, f"_in{inner}", f"_i{inner}")
    )


def _interval(known: Mapping[str, Any], unread: list[Unread]) -> Interval | None:
    name, value = _first(known, EVERY)
    if not name and any(one.endswith(tuple(COUNTED)) for one in known):
        name, value = _first(known, counted_names())
        value = f"{value} {COUNTED[name[name.rindex('_') :]]}" if name and _NUMBER.fullmatch(str(value)) else value
    if not name:
        return next(filter(None, (_every(_first(known, (one,))[1]) for one in TOLD_EITHER_WAY)), None)
    if isinstance(value, Mapping):
        parts = [str(value[part]) for part in ("count", "value", "unit") if part in value]
        value = " ".join(parts) or ", ".join(f"{count} {unit}" for unit, count in value.items())
    found = _every(value)
    if found is None and (reason := why_no_interval(value)) not in {"empty", "never"}:
        unread.append(Unread(name, str(value), f"interval_{reason}"))
    return found


def _every(value: Any) -> Interval | None:
    """An interval, also of what means one behind `every` alone."""
    return read_interval(value) or read_interval(
        f"every {value}" if isinstance(value, str) and value.strip() else value
    )


def told_either_way(value: Any) -> bool:
    """Whether a value under one of TOLD_EITHER_WAY says an interval or a day."""
    return _every(value) is not None or day_told(value) is not None


def day_told(value: object) -> date | None:
    """A day as people write it, or as programs count it."""
    return read_day(value) or day_of_seconds(value)


def _day(known: Mapping[str, Any], names: tuple[str, ...], unread: list[Unread]) -> date | None:
    """The day under the first of the names that has a value; of a list of days, as a history is, the latest."""
    name, value = _first(known, names)
    given = value if isinstance(value, list) and names is REVIEWED else [value]
    days = [day for day in (day_told(_day_within(one)) for one in given) if day is not None]
    if len(days) == len(given) > 0:
        return max(days)
    if name and not isinstance(value, bool) and not says_none(value):
        unread.append(Unread(name, str(value), f"day_{why_no_day(_day_within(value))}"))
    return None


def _day_within(value: Any) -> Any:
    """Of an object what its day stands under, else the value."""
    if isinstance(value, Mapping):
        return _first({plain_name(inner): one for inner, one in value.items()}, DAY_WITHIN)[1] or value
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
        value = _first(known, (name,))[1]
        if value is None or isinstance(value, Mapping) or _every(value) is not None:
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
    name, value = _first(known, OWNER)
    owners: list[str] = []
    for one in value if isinstance(value, list) else [value] if name else []:
        text = one
        if isinstance(one, Mapping):
            text = _first({plain_name(key): inner for key, inner in one.items()}, INSIDE_OWNER)[1]
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
            found.append((len(heading[1]), _words(heading[2])))
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
    value = _first(known, TITLE)[1]
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
    given = str(_first(known, LANGUAGE)[1] or "").lower()[:2]
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
