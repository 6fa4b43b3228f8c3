"""What is printed of a document, or of a whole service: words, dates and state on top, then the text and its fields."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.template.defaultfilters import date as as_date
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.models import Cause, Document, Doubt
from helhet.groups.models import Answer
from helhet.handbook.bundle.fields import rows_of, table_told, told
from helhet.handbook.models import Part
from helhet.handbook.printing.pictures import Pictures
from helhet.handbook.printing.tree import Block, heading, levelled, paragraph, shown, table, text, tree_of
from helhet.items.models import Item
from helhet.kit.errors import Clash, Refused
from helhet.kit.rights import Caller
from helhet.rules.steps import read_steps

MOST = 4_000_000
"""Signs of its tree that are set in one print: about two thousand pages, for which 22 s and 2 GiB were measured."""


@dataclass(slots=True)
class Printed:
    """A print. `is_bad` when something in it is overdue, doubted or ended; `blocks` as in `tree`, and
    `pictures` the files that their runs name.
    """

    title: str
    reference: str
    language: str
    authors: tuple[str, ...]
    header: str
    footer: str
    is_bad: bool = False
    blocks: list[Block] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)


def print_document(document: Document, *, now: dt.datetime) -> Printed:
    """The published version of a document.

    Raises:
        Clash: nothing of it is published.

    """
    version = document.published
    if version is None:
        raise Clash(_("Nothing of this document is published yet."), todo=_("Publish it first."))
    group = group_of(document.item)
    warnings = warnings_of(document, timezone.localdate(now))
    printed = Printed(
        shown(version.title), document.address, document.language, (group,) if group else (),
        " · ".join(filter(None, (shown(version.title), _("edition %(number)s") % {"number": version.number},
                                 warnings[0] if warnings else ""))),
        _footer(document.address, now), is_bad=bool(warnings),
    )  # fmt: skip
    printed.blocks = [*_top(document, warnings, group), *_body(document, top=2)]
    pictures = Pictures()
    pictures.put_in(printed.blocks, document)
    printed.pictures = pictures.files
    return _within(printed)


def print_service(item: Item, caller: Caller, *, now: dt.datetime) -> Printed:
    """All parts of an item's service documentation that the caller may read; what is not published is named.

    Raises:
        Clash: none of them is published.

    """
    by_part = published_parts(item, caller)
    if not by_part:
        raise Clash(_("Nothing of this service documentation is published yet."), todo=_("Publish a part first."))
    group, today = group_of(item), timezone.localdate(now)
    blocks, is_bad = [], False
    pictures = Pictures()
    facts = [(_("Answers for it"), group or _("no group"))]
    for part in Part:
        blocks.append(heading(2, str(part.label)))
        document = by_part.get(part.value)
        if document is None:
            blocks.append(paragraph(_("Nothing is published here that you may read.")))
            continue
        warnings = warnings_of(document, today)
        is_bad = is_bad or bool(warnings)
        body = _body(document, top=3)
        pictures.put_in(body, document)
        blocks += [*_top(document, warnings, ""), *body]
    title = _("%(name)s: service documentation") % {"name": item.name}
    language = next(iter(by_part.values())).language
    header = " · ".join(filter(None, (shown(title), _("Check needed") if is_bad else "")))
    printed = Printed(
        shown(title), item.reference, language, (group,) if group else (), header, _footer(item.reference, now),
        is_bad=is_bad, blocks=[_facts(facts), *blocks], pictures=pictures.files,
    )  # fmt: skip
    return _within(printed)


def published_parts(item: Item, caller: Caller) -> dict[str, Document]:
    """The published parts of an item's service documentation that the caller may read, by part."""
    found = Document.objects.visible_to(caller).filter(item=item).exclude(part="").select_related("published", "item")
    return {document.part: document for document in found if document.published}


def group_of(item: Item) -> str:
    """The name of the group that answers for it, empty for none."""
    answer = Answer.objects.open().filter(item=item, group__isnull=False).select_related("group__item").first()
    return shown(answer.group.name) if answer and answer.group else ""


def warnings_of(document: Document, today: dt.date) -> list[str]:
    """What a reader must know before he trusts the print, the heaviest first."""
    found = []
    if document.is_doubtful:
        causes = Doubt.objects.filter(document=document, settled_at__isnull=True).values_list("cause", flat=True)
        labels = sorted({str(Cause(cause).label) for cause in causes if cause in Cause.values})
        found.append(": ".join(filter(None, (_("Check needed"), ", ".join(labels)))))
    if document.due_on and document.due_on < today:
        found.append(_("Review overdue since %(day)s") % {"day": _day(document.due_on)})
    if document.valid_to and document.valid_to < today:
        found.append(_("No longer valid: it held until %(day)s") % {"day": _day(document.valid_to)})
    return found


def _top(document: Document, warnings: Sequence[str], group: str) -> list[Block]:
    version = document.published
    assert version is not None
    pairs = [
        (_("Document"), document.address),
        (_("Edition"), f"{version.number} ({_day(timezone.localdate(version.published_at))})"),
        (_("Approved by"), version.approved_by),
        (_("Published by"), "" if version.approved_by else version.published_by),
        (_("Answers for it"), group),
        (_("Reviewed"), _day(document.reviewed_on)),
        (_("To be reviewed by"), _day(document.due_on)),
        (_("Valid until"), _day(document.valid_to)),
    ]
    warning: list[Block] = [{"t": "warning", "lines": [shown(one) for one in warnings]}] if warnings else []
    return [*warning, _facts([(term, value) for term, value in pairs if value])]


def _facts(pairs: Sequence[tuple[str, str]]) -> Block:
    return {"t": "facts", "pairs": [[shown(term), shown(value)] for term, value in pairs]}


def _body(document: Document, top: int) -> list[Block]:
    assert document.published is not None
    fields, blocks = document.published.fields, tree_of(document.published.text, top)
    steps = read_steps(fields.get("steps"))
    if steps:
        blocks.append({"t": "h", "level": top, "c": [text(_("Steps"))]})
        items = []
        for step in steps:
            first: Block = {"t": "p", "c": [text("[  ] "), {"t": "strong", "c": [text(step.title)]}]}
            options = [paragraph(f"[  ] {option}") for option in step.options]
            words = [paragraph(" · ".join(notes))] if (notes := told(step, steps)) else []
            inner = [one if one["t"] != "h" else {"t": "p", "c": one["c"]} for one in tree_of(step.text)]
            items.append([first, *words, *options, *inner])
        blocks.append({"t": "ol", "items": items, "start": 1})
    rows = rows_of(fields)
    if rows:
        blocks.append(table(*table_told(document.part, rows)))
    return levelled(blocks, top)


def _within(printed: Printed) -> Printed:
    size = len(repr(printed.blocks))
    if size > MOST:
        raise Refused(
            _("This is too long to print in one piece."), todo=_("Print its parts one by one."), characters=size
        )
    return printed


def _footer(reference: str, now: dt.datetime) -> str:
    when = as_date(timezone.localtime(now), "Y-m-d H:i")
    return _("%(reference)s, printed %(when)s. What counts is what stands in Helhet.") % {
        "reference": reference, "when": when,
    }  # fmt: skip


def _day(day: dt.date | None) -> str:
    return as_date(day, "Y-m-d") if day else ""
