"""The list of documents, one document, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_urlsafe
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from helhet.documents.actions import create_document
from helhet.documents.document_page import address_of, context, crumbs_of, title_of
from helhet.documents.figures import figures
from helhet.documents.finding import find_document
from helhet.documents.forms import NewForm, references_in
from helhet.documents.listing import (
    STATES,
    Asked,
    asked_for,
    counts_by_state,
    group_names,
    of_all_states,
    sort_label,
    standing_on,
    state_label,
)
from helhet.documents.models import Document, Sort
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import elsewhere
from helhet.groups.missing import missing_url
from helhet.groups.views.pages import GET_POST, form_page, tried
from helhet.kit.errors import Invalid
from helhet.kit.parts import Choice, Page
from helhet.kit.rights import Caller
from helhet.kit.web import Request, page

SIZE = 50
SELDOM = frozenset({"not_seen", "withdrawn"})
"""States that have a tab only where something is in them."""


@page(DocumentPermission.VIEW)
def documents(request: Request) -> HttpResponse:
    """Those that are asked for, with what they amount to."""
    caller, day = request.caller, timezone.localdate()
    asked = Asked(*(request.GET.get(name, "")[:2_000].strip() for name in ("filter", "sort", "state", "audience")))
    error = ""
    try:
        found, every = asked_for(caller, asked, day), of_all_states(caller, asked)
        told = figures(every, day)
        counts = counts_by_state(every, told)
    except Invalid as refused:
        error, found = str(refused), Document.objects.none()
        told, counts = figures(found, day), {}
    first = _number(request.GET.get("from", ""))
    count = found.count()
    rows = list(found[first : first + SIZE])
    groups = group_names(rows)
    more = {
        "rows": [
            (one, title_of(one), standing_on(one, day), groups.get(one.item_id, ""), address_of("document", one),
             sort_label(one.sort))
            for one in rows
        ],
        "told": told, "count": count, "asked": asked, "error": error, "day": day,
        "tabs": _tabs(asked, counts),
        "sorts": Sort.choices, "pager": _pager(asked, first, len(rows), count),
        "may_create": caller.may(DocumentPermission.CREATE), "check_url": _address(asked, state="check"),
        **({} if rows else _ways_on(asked, caller)),
        "overdue_url": _address(asked, state="overdue"), "not_seen_url": _address(asked, state="not_seen"),
    }  # fmt: skip
    return render(request, "documents/documents.html", more, status=422 if error else 200)


def _ways_on(asked: Asked, caller: Caller) -> dict[str, Any]:
    """Where whoever found nothing goes on: the words that he looked for, and the lists that have them."""
    words = " ".join(one for one in asked.filter.split() if ":" not in one)[:200]
    return {
        "words": words,
        "missing_url": missing_url(words),
        "elsewhere": [one for port in elsewhere if words for one in port(words, caller)],
    }


def _tabs(asked: Asked, counts: Mapping[str, int]) -> list[Choice]:
    return [
        Choice(capfirst(state_label(one)) or _("All"), _address(asked, state=one), asked.state == one, counts.get(one))
        for one in ("", *STATES)
        if counts.get(one) or asked.state == one or one not in SELDOM
    ]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0


def _address(asked: Asked, *, state: str | None = None, first: int = 0) -> str:
    pairs = {
        "filter": asked.filter, "sort": asked.sort, "state": asked.state if state is None else state,
        "audience": asked.audience, "from": first or "",
    }  # fmt: skip
    return f"?{urlencode({name: value for name, value in pairs.items() if value})}"


def _pager(asked: Asked, first: int, shown: int, count: int) -> Page:
    return Page(
        first + 1 if shown else 0, first + shown, count,
        previous_url=_address(asked, first=max(0, first - SIZE)) if first else "",
        next_url=_address(asked, first=first + SIZE) if first + SIZE < count else "",
    )  # fmt: skip


@page(DocumentPermission.VIEW)
def document(request: Request, address: str) -> HttpResponse:
    """One document."""
    found = find_document(address, request.caller)
    return render(request, "documents/document.html", context(found, request.caller))


@page(DocumentPermission.CREATE, methods=GET_POST)
def document_new(request: Request) -> HttpResponse:
    """A new one; its text is written in the editor that follows."""
    given = {name: request.GET[name] for name in ("about", "sort", "title", "group") if name in request.GET}
    form = NewForm(
        request.POST or None, caller=request.caller,
        initial={"key": token_urlsafe(18), "language": request.caller.language, **given},
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        data = {**form.cleaned_data, "about": references_in(form.cleaned_data["about"])}
        made = tried(form, lambda: create_document(by=request.caller, **data))
        if made is not None:
            return redirect(address_of("edit", made) or address_of("document", made))
    return form_page(
        request, form, title=_("New routine") if given.get("sort") == Sort.ROUTINE else _("New document"),
        submit=_("Go on to the text"),
        cancel_url=crumbs_of()[0].url, crumbs=crumbs_of(),
    )  # fmt: skip
