"""The documents themselves: a page for each, all of them as JSON, and their words for the index.

Texts are read in portions and let go, so that memory does not grow with their number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import orjson
from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from helhet.documents.contents import Chapter, contents_of
from helhet.documents.models import Cause, Document, Doubt
from helhet.documents.page_links import led_to
from helhet.handbook.bundle.bodies import offline
from helhet.handbook.bundle.fields import Known, pointed_by, rows_of, shown, without
from helhet.handbook.bundle.frames import Frame
from helhet.handbook.bundle.holding import DocumentLine, Holding, hidden_among, of_others
from helhet.handbook.bundle.pictures import Pictures
from helhet.handbook.bundle.placing import Writing
from helhet.handbook.bundle.words import WordIndex
from helhet.handbook.pointing import Pointed
from helhet.kit.markdown import html_of
from helhet.rules.steps import read_steps

PORTION = 200
Beat = Callable[[int], None]


def write_documents(holding: Holding, frame: Frame, writing: Writing, pictures: Pictures, beat: Beat) -> WordIndex:
    """Write them all with their pictures; `beat` is told after each portion how many are done."""
    index, pages = WordIndex(), holding.pages()
    titles = {line.address: line.title for line in holding.documents}
    with json_list(writing, "json/documents.json") as add:
        for start in range(0, len(holding.documents), PORTION):
            lines = holding.documents[start : start + PORTION]
            texts = Document.objects.select_related("published").in_bulk([line.pk for line in lines])
            doubts = _doubts([line.pk for line in lines if line.is_doubtful])
            pointed = _pointed(holding, texts.values())
            known = Known(pages, titles, pointed, pictures.files)
            pictures.take((line, _shown_text(texts[line.pk])) for line in lines if line.pk in texts)
            leads = led_to([line.pk for line in lines])
            for place, line in enumerate(lines, start):
                row = texts.get(line.pk)
                if row is None or row.published is None:
                    continue
                context = _context(holding, line, row, doubts[line.pk])
                # Cleaned by the renderer; `offline` escapes what it writes.
                body = mark_safe(  # noqa: S308
                    offline(
                        html_of(row.published.text, pages=_within(leads.get(line.pk, {}), pages)),
                        pages,
                        pictures=pictures.files,
                    )
                    + shown(row.published.fields, line.part, known)
                )
                contents = _chapters(contents_of(row.published.text))
                writing.add(line.page, frame.page(line.page, "document", **context, body=body, contents=contents))
                add(_as_data(holding, line, row))
                told = " ".join((line.title, line.address, line.symptoms, *_names(holding, line)))
                index.add(place, told, " ".join((row.published.text, *_said(row.published.fields))))
            beat(start + len(lines))
    return index


def _chapters(chapters: Sequence[Chapter]) -> SafeString:
    """As `documents/_chapters.html`, which takes long for thousands of texts."""
    lines = (
        f'<li><a href="#{escape(one.anchor)}">{escape(one.words)}</a>{_chapters(one.within)}</li>' for one in chapters
    )
    return mark_safe(f"<ol>{''.join(lines)}</ol>") if chapters else SafeString("")  # noqa: S308 - escaped


def _pointed(holding: Holding, documents: Collection[Document]) -> Pointed:
    """What their rows point at and the copy may name. Rows that point at what others read alone say so instead."""
    versions = [one.published for one in documents if one.published]
    found = pointed_by([row for version in versions for row in rows_of(version.fields)])
    ids = {item.pk for item in found.items.values()}
    others = of_others(holding.audience, ids)
    for version in versions:
        version.fields = without(version.fields, found, others)
    hidden = hidden_among(holding, ids)
    found.items = {text: item for text, item in found.items.items() if item.pk not in hidden}
    return found


def _shown_text(row: Document) -> str:
    """The Markdown of a document and of its steps."""
    version = row.published
    return (
        "\n".join([version.text, *(step.text for step in read_steps(version.fields.get("steps")))]) if version else ""
    )


def _within(leads: Mapping[str, str], pages: Mapping[str, str]) -> dict[str, str | None]:
    """Links to pages of the same set that this bundle shows."""
    return {target: f"/documents/{reference}/" for target, reference in leads.items() if reference in pages}


def _said(fields: dict[str, Any]) -> list[str]:
    steps = [f"{step.title} {step.text}" for step in read_steps(fields.get("steps"))]
    return steps + [value for row in rows_of(fields) for value in row.values() if isinstance(value, str)]


def _names(holding: Holding, line: DocumentLine) -> list[str]:
    return [holding.items[pk].name for pk in (*line.about, line.item_id) if pk in holding.items]


def _doubts(ids: list[int]) -> dict[int, list[Doubt]]:
    found: dict[int, list[Doubt]] = defaultdict(list)
    for doubt in Doubt.objects.filter(document_id__in=ids, settled_at__isnull=True):
        found[doubt.document_id].append(doubt)
    return found


def _context(holding: Holding, line: DocumentLine, row: Document, doubts: list[Doubt]) -> dict[str, Any]:
    return {
        "line": line,
        "warnings": warnings_of(row, line, doubts),
        "facts": facts_of(row),
        "group": holding.groups.get(line.group_id or 0),
        "about": [holding.items[pk] for pk in dict.fromkeys((*line.about, line.item_id)) if pk in holding.items],
    }


def warnings_of(row: Document, line: DocumentLine, doubts: list[Doubt]) -> list[str]:
    """What a reader must know before he trusts the text."""
    told = []
    if line.is_doubtful or doubts:
        told.append(_("Check needed: this may no longer be true."))
        for doubt in doubts[:5]:
            label = str(Cause(doubt.cause).label) if doubt.cause in Cause.values else doubt.cause
            told.append(f"{_day(timezone.localtime(doubt.at).date())}: {label}")
    if line.is_stale:
        told.append(_("Review overdue: it was to be looked over by %(day)s.") % {"day": _day(row.due_on)})
    if line.is_ended:
        told.append(_("No longer valid: it held until %(day)s.") % {"day": _day(row.valid_to)})
    return told


def facts_of(row: Document) -> list[tuple[str, str]]:
    """Version, state and dates, as terms and values."""
    version = row.published
    assert version is not None
    by = [version.approved_by or version.published_by]
    return [
        (term, value)
        for term, value in (
            (_("Version"), version.number),
            (_("Published"), ", ".join((_day(timezone.localtime(version.published_at).date()), *filter(None, by)))),
            (_("Reviewed"), _day(row.reviewed_on)),
            (_("To be reviewed by"), _day(row.due_on)),
            (_("Valid from"), _day(row.valid_from)),
            (_("Valid until"), _day(row.valid_to)),
        )
        if value
    ]


def _day(day: Any) -> str:
    return day.isoformat() if day else ""


def _as_data(holding: Holding, line: DocumentLine, row: Document) -> dict[str, Any]:
    version = row.published
    assert version is not None
    group = holding.groups.get(line.group_id or 0)
    return {
        "address": line.address, "page": line.page, "title": line.title, "sort": line.sort, "kind": line.kind,
        "language": line.language, "version": version.number, "published_at": version.published_at,
        "reviewed_on": row.reviewed_on, "due_on": row.due_on, "valid_from": row.valid_from, "valid_to": row.valid_to,
        "is_stale": line.is_stale, "is_doubtful": line.is_doubtful, "group": group.name if group else None,
        "about": [holding.items[pk].reference for pk in line.about if pk in holding.items], "part": line.part,
        "symptoms": line.symptoms.splitlines(), "text": version.text, "fields": version.fields,
    }  # fmt: skip


@contextmanager
def json_list(writing: Writing, name: str) -> Iterator[Callable[[dict[str, Any]], None]]:
    """A file with one JSON list, written member by member."""
    with writing.open(name) as write:
        opening = b"[\n"

        def add(member: dict[str, Any]) -> None:
            nonlocal opening
            write(opening + orjson.dumps(member, default=str))
            opening = b",\n"

        yield add
        write(b"[]\n" if opening == b"[\n" else b"\n]\n")
