"""Dependencies of an item, from either end: state, change, remove, confirm, question, stand by."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.estate import item_page
from helhet.estate.dependencies import (
    add_dependency,
    change_dependency,
    find_dependency,
    may_state,
    remove_dependency,
)
from helhet.estate.forms_dependencies import NEEDED_BY, DependencyForm
from helhet.estate.history import dependency_lines
from helhet.estate.models import Dependency
from helhet.estate.permissions import EstatePermission
from helhet.estate.settling import answer_question, confirm, group_of, question
from helhet.estate.types import type_words
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Clash, Invalid, NotFound, Refused, Stale
from helhet.kit.forms import put_refusal
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

REFUSALS = (Invalid, Clash, NotFound, Stale)


def version_sent(request: Request) -> int | None:
    """The version that the form was made from."""
    sent = request.POST.get("version", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else None


def _back(item: Item) -> HttpResponse:
    return redirect(f"{item.get_absolute_url()}#dependencies")


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("GET", "HEAD", "POST"))
def dependencies(request: Request, reference: str) -> HttpResponse:
    """State what the item needs, or what needs it."""
    item = find_item(reference, request.caller)
    form = DependencyForm(request.POST) if request.method == "POST" else DependencyForm.new()
    if form.is_bound and form.is_valid():
        try:
            _add(request, item, form)
        except REFUSALS as refusal:
            _put(form, refusal)
        else:
            toast(request, _("The dependency is stated."))
            return _back(item)
    crumbs = [*item_page.crumbs(item), Crumb(item.name, item.get_absolute_url())]
    context = {"form": form, "item": item, "crumbs": crumbs}
    return render(request, "estate/dependency_new.html", context, status=422 if form.is_bound else 200)


def _put(form: DependencyForm, refusal: Refused) -> None:
    put_refusal(form, refusal)
    if refusal.details.get("reason") != "pair" and "anyway" in form.fields:
        del form.fields["anyway"]


def _add(request: Request, item: Item, form: DependencyForm) -> None:
    sent = form.cleaned_data
    other = find_item(sent["to"], request.caller)
    is_turned = sent["direction"] == NEEDED_BY
    ends = (other, item) if is_turned else (item, other)
    add_dependency(
        *ends, by=request.caller, sort=sent["type"], criticality=sent["criticality"], note=sent["note"],
        is_from_provider=is_turned, is_anyway=bool(sent.get("anyway")),
    )  # fmt: skip


@page(ItemPermission.VIEW, methods=("GET", "HEAD", "POST"))
def dependency(request: Request, reference: str, dependency_id: int) -> HttpResponse:
    """One dependency: what it says, who stated it, whether the other end confirms it; changed by either end."""
    item = find_item(reference, request.caller)
    one = find_dependency(item, dependency_id)
    form = DependencyForm(request.POST, one=one) if request.method == "POST" else DependencyForm.of(one)
    if form.is_bound and not may_state(request.caller, one.from_item, one.to_item):
        request.caller.require(EstatePermission.DEPENDENCY_MANAGE, item)
    if form.is_bound and form.is_valid():
        sent = form.cleaned_data
        try:
            change_dependency(
                one, by=request.caller, version=sent["version"], sort=sent["type"], criticality=sent["criticality"],
                note=sent["note"], is_anyway=bool(sent.get("anyway")),
            )  # fmt: skip
        except REFUSALS as refusal:
            _put(form, refusal)
        else:
            toast(request, _("The dependency is changed."))
            return _back(item)
    return _dependency_page(request, item, find_dependency(item, dependency_id), form)


def _dependency_page(request: Request, item: Item, one: Dependency, form: DependencyForm) -> HttpResponse:
    caller = request.caller
    context = {
        "form": form, "item": item, "one": one, "crumbs": [*item_page.crumbs(item), Crumb(item.name, _url(item))],
        "type": type_words().said(one.type), "stating_group": group_of(one.stating_end),
        "other_group": group_of(one.other_end), "lines": dependency_lines(one),
        "may_state": may_state(caller, one.from_item, one.to_item),
        "may_settle": caller.may(EstatePermission.DEPENDENCY_SETTLE, one.other_end),
        "may_answer": caller.may(EstatePermission.DEPENDENCY_MANAGE, one.stating_end),
    }  # fmt: skip
    return render(request, "estate/dependency.html", context, status=422 if form.is_bound else 200)


def _url(item: Item) -> str:
    return f"{item.get_absolute_url()}#dependencies"


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("POST",))
def dependency_removal(request: Request, reference: str, dependency_id: int) -> HttpResponse:
    """Take a dependency away."""
    item = find_item(reference, request.caller)
    one = find_dependency(item, dependency_id)
    try:
        remove_dependency(one, by=request.caller, version=version_sent(request))
    except (Clash, Stale) as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    return _back(item)


@page(EstatePermission.DEPENDENCY_SETTLE, methods=("POST",))
def confirmation(request: Request, reference: str, dependency_id: int) -> HttpResponse:
    """The other end confirms it."""
    return _settled(request, reference, dependency_id, _("Confirmed."), lambda one: confirm(
        one, by=request.caller, version=version_sent(request)))  # fmt: skip


@page(EstatePermission.DEPENDENCY_SETTLE, methods=("POST",))
def questioning(request: Request, reference: str, dependency_id: int) -> HttpResponse:
    """The other end questions it."""
    words = request.POST.get("words", "")
    done = _("The group that stated it has a task now.")
    return _settled(request, reference, dependency_id, done, lambda one: question(
        one, words, by=request.caller, version=version_sent(request)))  # fmt: skip


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("POST",))
def standing_by(request: Request, reference: str, dependency_id: int) -> HttpResponse:
    """The group that stated it stands by it."""
    words = request.POST.get("words", "")
    done = _("It waits to be confirmed.")
    return _settled(request, reference, dependency_id, done, lambda one: answer_question(
        one, words, by=request.caller, version=version_sent(request)))  # fmt: skip


def _settled(
    request: Request, reference: str, dependency_id: int, done: str, settle: Callable[[Dependency], Dependency]
) -> HttpResponse:
    item = find_item(reference, request.caller)
    one = find_dependency(item, dependency_id)
    try:
        settle(one)
    except REFUSALS as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        toast(request, done)
    return redirect(reverse("estate:dependency", args=[item.reference, one.pk]))
