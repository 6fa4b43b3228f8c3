"""Types of dependency: the list with what breaks them, and one type with its words and pairs."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate.forms_dependencies import TypeForm, end_choices
from helhet.estate.models import DependencyType
from helhet.estate.permissions import EstatePermission
from helhet.estate.types import (
    change_type,
    create_type,
    find_type,
    merge_word,
    remove_type,
    types_counted,
    unexplained,
)
from helhet.estate.views.dependencies import REFUSALS, version_sent
from helhet.items.permissions import ItemPermission
from helhet.kit.forms import put_refusal
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

EMPTY_ROWS = 2
ROWS_LIMIT = 200


@page(ItemPermission.VIEW)
def types(request: Request) -> HttpResponse:
    """Every type with how many dependencies have it, and the words of sources that are none."""
    counted = types_counted(request.caller)
    context = {
        "rows": counted, "words": unexplained(request.caller), "breaking": sum(row.breaking for row in counted),
        "findings_url": f"{reverse('estate:link_findings')}?{urlencode({'sort': 'pair'})}",
        "may_manage": request.caller.may(EstatePermission.TYPE_MANAGE),
    }  # fmt: skip
    return render(request, "estate/types.html", context)


@page(EstatePermission.TYPE_MANAGE, methods=("GET", "HEAD", "POST"))
def new_type(request: Request) -> HttpResponse:
    """A new type; `?word=` is the word that it explains."""
    word = request.GET.get("word", "")[:60]
    names = dict.fromkeys(("name_sv", "name_en", "turned_sv", "turned_en", "words"), word)
    form = TypeForm(request.POST if request.method == "POST" else None, initial=names if word else {})
    if form.is_bound and form.is_valid():
        try:
            made = create_type(
                by=request.caller, key=form.cleaned_data["key"], pairs=_pairs_sent(request), **form.values()
            )
        except REFUSALS as refusal:
            put_refusal(form, refusal)
        else:
            toast(request, _("The type %(type)s was added.") % {"type": made.name})
            return redirect("estate:types")
    return _page(request, form, None)


@page(ItemPermission.VIEW, methods=("GET", "HEAD", "POST"))
def type_(request: Request, key: str) -> HttpResponse:
    """One type: read by all, changed by administrators."""
    found = find_type(key, request.caller)
    form = TypeForm(request.POST, one=found) if request.method == "POST" else TypeForm.of(found)
    if form.is_bound:
        request.caller.require(EstatePermission.TYPE_MANAGE)
    if form.is_bound and form.is_valid():
        try:
            change_type(
                key, by=request.caller, version=form.cleaned_data["version"], pairs=_pairs_sent(request),
                **form.values(),
            )  # fmt: skip
        except REFUSALS as refusal:
            put_refusal(form, refusal)
        else:
            toast(request, _("The type was saved."))
            return redirect("estate:types")
    return _page(request, form, found)


def _pairs_sent(request: Request) -> list[tuple[str, str]]:
    """The rows of the form; one of anything and anything says nothing and is left out."""
    rows = zip(request.POST.getlist("from"), request.POST.getlist("to"), strict=False)
    return [pair for pair in list(rows)[:ROWS_LIMIT] if pair != ("", "")]


def _page(request: Request, form: TypeForm, found: DependencyType | None) -> HttpResponse:
    pairs: list[Any] = _pairs_sent(request) if form.is_bound else list(found.pairs) if found else []
    counted = next((row for row in types_counted(request.caller) if found and row.type.pk == found.pk), None)
    context = {
        "form": form, "type": found, "pairs": [*pairs, *([("", "")] * EMPTY_ROWS)], "ends": end_choices(),
        "counted": counted, "crumbs": [Crumb(_("Types of dependency"), reverse("estate:types"))],
        "may_manage": request.caller.may(EstatePermission.TYPE_MANAGE),
    }  # fmt: skip
    return render(request, "estate/type.html", context, status=422 if form.is_bound else 200)


@page(EstatePermission.TYPE_MANAGE, methods=("POST",))
def type_removal(request: Request, key: str) -> HttpResponse:
    """Remove a type of one's own that nothing has."""
    try:
        remove_type(key, by=request.caller, version=version_sent(request))
    except REFUSALS as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    return redirect("estate:types")


@page(EstatePermission.TYPE_MANAGE, methods=("POST",))
def word_merging(request: Request) -> HttpResponse:
    """Say which type a word, or a type of one's own, means."""
    try:
        into = merge_word(request.POST.get("word", ""), request.POST.get("into", ""), by=request.caller)
    except REFUSALS as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        toast(request, _("It means %(type)s from now on.") % {"type": into.name})
    return redirect("estate:types")
