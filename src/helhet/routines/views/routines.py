"""The library of routines, one of them, and what is said of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.documents.permissions import DocumentPermission
from helhet.groups.missing import missing_url
from helhet.groups.views.pages import GET_POST, form_page, tried
from helhet.items.finding import find_item
from helhet.journal.lately import standing_for
from helhet.kit.parts import Choice, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.routines.actions import change_routine, report_routine
from helhet.routines.actions.routine import labels_of
from helhet.routines.finding import find_routine
from helhet.routines.forms import ReportForm, RoutineForm
from helhet.routines.keys import new_key
from helhet.routines.listing import Proof, doubtful, narrowed, never_used, routines_of
from helhet.routines.models import Routine, RoutineKind
from helhet.routines.permissions import RoutinePermission
from helhet.routines.reading import proof_words, rows_of
from helhet.routines.showing import routine_shown
from helhet.routines.views.pages import crumbs, tabs

SIZE = 50


@page(RoutinePermission.VIEW)
def routines(request: Request) -> HttpResponse:
    """Routines by kind, symptom, label, words and proof."""
    text, kind, proof = (request.GET.get(name, "")[:200].strip() for name in ("q", "kind", "proof"))
    reference = request.GET.get("item", "")[:100].strip()
    item = find_item(reference, request.caller) if reference else None
    everything = routines_of(request.caller)
    counts = everything.aggregate(
        all=Count("pk"), doubtful=Count("pk", filter=doubtful()), never=Count("pk", filter=never_used())
    )
    found = narrowed(everything, text=text, kind=kind, proof=proof, item_id=item.pk if item else None)
    asked = request.GET.get("from", "0")
    first = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else 0
    part = list(found.order_by("item__name_key", "pk")[first : first + SIZE + 1])
    kept = {"q": text, "kind": kind, "proof": proof, "item": reference}

    def address(**changed: Any) -> str:
        return f"?{urlencode({name: value for name, value in (kept | changed).items() if value})}"

    context = {
        "rows": rows_of(part[:SIZE]), "counts": counts, "text": text, "kept": kept, "item": item,
        "tabs": tabs("routines"), "kind": kind, "proof": proof,
        "missing_url": missing_url(text), "may_create": request.caller.may(DocumentPermission.CREATE),
        "kinds": [Choice(_("All"), address(kind=""), not kind),
                  *(Choice(str(one.label), address(kind=one.value), kind == one) for one in RoutineKind)],
        "proofs": [(one.value, address(proof="" if proof == one else one.value)) for one in Proof],
        "page": Page(
            first + 1 if part else 0, first + len(part[:SIZE]), found.count(),
            previous_url=address(**{"from": max(0, first - SIZE)}) if first else "",
            next_url=address(**{"from": first + SIZE}) if len(part) > SIZE else "",
        ),
    }  # fmt: skip
    return render(request, "routines/routines.html", context)


@page(RoutinePermission.VIEW)
def routine(request: Request, reference: str) -> HttpResponse:
    """One routine: its steps, what its runs show, and the button to run it."""
    shown = routine_shown(reference, request.caller, standing_for(request))
    found = shown.routine
    document = found.document
    version = document.published
    wanted = request.GET.get("item", "")[:100].strip()
    mark, words = proof_words(document)
    context = {
        "routine": found, "document": document, "item": document.item, "published": version, "crumbs": crumbs(),
        "content": shown.content, "evidence": shown.evidence, "mark": mark, "words": words,
        "minutes": shown.evidence.expected, "kind": RoutineKind(found.kind).label, "key": new_key(),
        "wanted": find_item(wanted, request.caller) if wanted else None,
        "may_change": request.caller.may(RoutinePermission.CHANGE, document.item),
        "may_run": version is not None and not found.is_withdrawn
        and request.caller.may(RoutinePermission.RUN, document.item),
    }  # fmt: skip
    return render(request, "routines/routine.html", context)


def _now(found: Routine) -> dict[str, Any]:
    fields = ("kind", "symptoms", "expected_minutes", "prove_days", "version")
    labels = [] if found._state.adding else labels_of(found)
    return {**{name: getattr(found, name) for name in fields}, "labels": "\n".join(labels)}


@page(RoutinePermission.VIEW, methods=GET_POST)
def routine_edit(request: Request, reference: str) -> HttpResponse:
    """Kind, symptoms, labels, expected time, how often it is to be proven."""
    found = find_routine(reference, request.caller)
    request.caller.require(RoutinePermission.CHANGE, found.document.item)
    form = RoutineForm(request.POST or None, initial=_now(found))
    if request.method == "POST" and form.is_valid():
        version = form.cleaned_data["version"]
        done = tried(
            form,
            lambda: change_routine(reference, by=request.caller, version=version, **form.wanted()),
            lambda: _now(find_routine(reference, request.caller)),
        )
        if done is not None:
            return redirect(done)
    return form_page(
        request, form, title=_("What is said of %(name)s") % {"name": found.document.item.name},
        crumbs=crumbs(found), cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@page(RoutinePermission.VIEW, methods=GET_POST)
def routine_report(request: Request, reference: str) -> HttpResponse:
    """Something is wrong in the routine: a task of those who answer for it."""
    found = find_routine(reference, request.caller)
    form = ReportForm(request.POST or None, initial={"step": request.GET.get("step", "")[:200]})
    if request.method == "POST" and form.is_valid():
        sent = tried(form, lambda: (report_routine(reference, by=request.caller, **form.cleaned_data),))
        if sent is not None:
            toast(request, _("Thank you. Those who answer for the routine have it as a task."))
            return redirect(found)
    return form_page(
        request, form, title=_("Fault in %(name)s") % {"name": found.document.item.name}, submit=_("Send it"),
        crumbs=crumbs(found), cancel_url=found.get_absolute_url(),
    )  # fmt: skip
