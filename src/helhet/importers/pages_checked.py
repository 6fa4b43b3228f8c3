"""A page's row from loose values: its front matter is read, and what cannot be used of it is noted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from helhet.importers.loose import sort_of
from helhet.importers.rows import PageRow
from helhet.rules.front_matter import Flaw, Page, plain_facts, split
from helhet.rules.page_facts import OURS
from helhet.rules.page_values import day_told
from helhet.rules.pages import Said, draft_mark, read_page

if TYPE_CHECKING:
    import datetime as dt

PATH_MAX = 300
PAGE_MAX = 16 * 1024 * 1024
"""Characters."""
HOME = ("document", "home", "revision", "version", "draft", "path")
"""What a page tells of the document that it was where it was let out."""
KINDS = {"routine": "routine", "process": "process"}
"""Sorts of document that have a kind of item of their own."""
PROBLEMS = {
    "day_ambiguous": "day_ambiguous", "day_partial": "day_partial", "day_impossible": "day_impossible",
    "interval_unit": "interval_unit", "owner": "owner_unreadable",
    "review_either": "review_either", "review_in_text": "review_in_text", "review_name": "review_name",
    "interval_alone": "interval_alone", "told_neither_way": "told_neither_way",
}  # fmt: skip


LOOKS_MISSED = frozenset({"review_in_text", "review_name", "interval_alone"})
"""What a page that a Helhet let out states as it stood there: nothing of it was missed."""


def page_row(fields: Any) -> PageRow:
    """The row, of the fields that `checks` looks through. A page without text is lawful, as is one without facts."""
    path = _path(fields)
    if size := fields.values.get("size"):
        fields.refuse("value_long", field="text", count=size, limit=PAGE_MAX)
    page = _page(fields)
    ours = page.facts.pop(OURS, None)
    for flaw in page.flaws:
        _note_flaw(fields, flaw)
    said = read_page(path, page.facts, page.body)
    for one in said.unread:
        if ours is not None and one.reason in LOOKS_MISSED:
            continue
        code = PROBLEMS.get(one.reason) or ("interval_unreadable" if one.reason.startswith("interval") else "")
        fields.note(one.name, one.value, code or "page_day_unreadable", value=one.value[:100])
    if encoding := fields.values.get("encoding"):
        fields.note("text", encoding, "page_guessed", encoding=encoding)
    owners = said.owners or tuple(filter(None, [fields.reference("group")]))
    mark = draft_mark(path, page.facts)
    return _row(fields, path, page, said, owners)._replace(draft=mark, **_only_ours(fields, ours))


def _only_ours(fields: Any, ours: Any) -> dict[str, Any]:
    """Of a page that came from a Helhet: who may read it, who answers, and what is structured beside the text."""
    told = _object(fields, OURS, ours) or {}
    owner = told.get("owner")
    structured, routine, part = (_object(fields, name, told.get(name)) for name in ("fields", "routine", "part"))
    if part is not None:
        part = {
            "document": told.get("document"),
            "edition": told.get("version"),
            "told": part,
            "draft": told.get("draft"),
        }
    home, seals = told.get("home"), told.get("seals")
    marks = {name: told.get(name) for name in HOME} if isinstance(home, str) and part is None else None
    return {
        "audiences": _readers(fields, told.get("audiences")),
        "owner": owner if isinstance(owner, str) else "", "fields": structured, "routine": routine,
        "told_part": part, "told_home": marks,
        "seals": {str(name): str(one) for name, one in seals.items()} if isinstance(seals, dict) else {},
    }  # fmt: skip


def _readers(fields: Any, keys: Any) -> tuple[str, ...] | None:
    """The keys of those who may read it. What cannot be read is noted, and then is no reason to let everybody read."""
    if keys is None:
        return None
    if not isinstance(keys, str | list):
        fields.note("audiences", str(keys)[:200], "not_text", field="audiences", found=sort_of(keys))
        return ()
    return tuple(one for one in ([keys] if isinstance(keys, str) else keys) if isinstance(one, str))


def _object(fields: Any, name: str, value: Any) -> dict[str, Any] | None:
    """The object that stands there; what is none is noted and left out."""
    if isinstance(value, dict):
        return value
    if value is not None:
        fields.note(name, str(value)[:200], "not_an_object", found=sort_of(value))
    return None


def _row(fields: Any, path: str, page: Page, said: Said, owners: tuple[str, ...]) -> PageRow:
    count = fields.values.get("commits")
    return PageRow(
        path, KINDS.get(said.sort, "document"), said.title, page.text, said.language, said.sort, said.alert,
        owners[0] if len(owners) == 1 else None, owners if len(owners) > 1 else (),
        said.interval.count if said.interval else None, said.interval.unit if said.interval else None,
        _iso(said.reviewed_on), _iso(said.due_on), _iso(said.edited_on), _iso(said.valid_from), _iso(said.valid_to),
        _commit(fields, "first_commit"), _commit(fields, "last_commit"),
        count if isinstance(count, int) and not isinstance(count, bool) and 0 < count < 2**31 else None,
        page.facts, page.form, None, "", None, None, None, None, {}, "", fields.place,
    )  # fmt: skip


def _path(fields: Any) -> str:
    """The path within its set, without a mark of this place before it."""
    given = fields.values.get("path")
    if given in (None, ""):
        fields.refuse("page_no_path")
    if isinstance(given, str) and len(given) > PATH_MAX:
        fields.refuse("path_long", count=len(given), limit=PATH_MAX)
    path: str = fields.need("path", PATH_MAX)
    return path.replace("\\", "/").removeprefix("./").lstrip("/") or path


def _page(fields: Any) -> Page:
    """Text and facts; facts that came beside the text hold over those within it."""
    text = fields.values.get("text")
    if text is not None and not isinstance(text, str):
        fields.refuse("not_text", field="text", found=sort_of(text))
    page = split(text or "")
    if len(page.text) > PAGE_MAX:
        fields.refuse("value_long", field="text", count=len(page.text), limit=PAGE_MAX)
    beside = fields.values.get("attributes")
    if isinstance(beside, dict) and beside:
        # What a record says under other names than those of the layout is part of its facts, so that none is lost.
        page = replace(page, facts={**plain_facts(beside), **page.facts})
    given = fields.values.get("front_matter")
    if isinstance(given, str):
        beside = split(given if given.lstrip().startswith(("---", "+++", "{")) else f"---\n{given}\n---\n")
        return replace(page, facts={**page.facts, **beside.facts}, flaws=(*page.flaws, *beside.flaws))
    if isinstance(given, dict):
        return replace(page, facts={**page.facts, **plain_facts(given)})
    if given is not None:
        fields.note("front_matter", given, "not_an_object", found="no object")
    return page


def _note_flaw(fields: Any, flaw: Flaw) -> None:
    fields.note(
        "front_matter", flaw.told or flaw.sort, f"front_matter_{flaw.sort}", line=flaw.line, told=flaw.told[:200]
    )


def _commit(fields: Any, name: str) -> str | None:
    value = fields.values.get(name)
    if value is None or value == "":
        return None
    found = day_told(value)
    if found is None:
        fields.note(name, value, "date_unreadable", value=str(value)[:100])
    return _iso(found)


def _iso(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None
