"""One item: its page, a new one, another kind, its group, and what is undone."""

from __future__ import annotations

import datetime as dt

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from helhet.estate import item_page
from helhet.estate.forms import AssignForm, KindOfItemForm, NewItemForm
from helhet.estate.views.items import number_in
from helhet.groups.actions import assign, release, take
from helhet.groups.models import Answer, GroundSort
from helhet.groups.permissions import GroupPermission
from helhet.items.actions import change_item, create_item, undo_change
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.journal.models import Event
from helhet.kit.errors import Clash, Invalid, NotFound, Refused, Stale
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

HIGHEST = 2**62


def refused_at_field(form: forms.Form, refusal: Refused, field: str = "") -> None:
    """Show a refusal at its field, or above the form."""
    name = refusal.field or field
    form.add_error(name if name in form.fields else None, f"{refusal.message} {refusal.todo}".strip())


def last_event(item: Item) -> Event | None:
    """The newest event that changed the item."""
    return Event.objects.filter(noun="item", noun_id=item.pk, verb__startswith="items.item.").order_by("-id").first()


def undo_url(item: Item) -> str:
    """Where the last change is undone."""
    event = last_event(item)
    return reverse("estate:undo", args=[item.reference, event.pk]) if event is not None and event.before else ""


@page(ItemPermission.VIEW)
def item(request: Request, reference: str) -> HttpResponse:
    """The item's page; `source:key` and merged items lead to the reference that holds now. `?on=` asks for a day."""
    found = find_item(reference, request.caller)
    if found.reference != reference:
        return redirect(found)
    if not found.kind.is_listed and hasattr(found, "as_group"):
        return redirect(found.as_group)
    on: dt.date | None = None
    wrong = ""
    if asked := request.GET.get("on", ""):
        try:
            on = parse_date(asked)
        except ValueError:
            on = None
        wrong = "" if on else _("%(day)s is not a day. Write it as 2026-01-31.") % {"day": asked[:40]}
    before = number_in(request.GET.get("before", ""), HIGHEST)
    context = item_page.context(found, request.caller, on=on, before=before)
    return render(request, "estate/item.html", {**context, "wrong_day": wrong})


@page(ItemPermission.CREATE, methods=("GET", "HEAD", "POST"))
def new_item(request: Request) -> HttpResponse:
    """A new item."""
    initial = {"kind": request.GET.get("kind", ""), "part_of": request.GET.get("part_of", ""), "state": "live"}
    form = NewItemForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_item(by=request.caller, **form.values())
        except (Invalid, NotFound) as refusal:
            refused_at_field(form, refusal, "part_of")
        else:
            toast(request, _("%(item)s was added.") % {"item": made})
            return redirect(made)
    return render(request, "estate/new_item.html", {"form": form}, status=422 if form.is_bound else 200)


@page(ItemPermission.CHANGE, methods=("GET", "HEAD", "POST"))
def kind_of_item(request: Request, reference: str) -> HttpResponse:
    """Another kind for the item; its reference stays."""
    found = find_item(reference, request.caller)
    request.caller.require(ItemPermission.CHANGE, found)
    initial = {"kind": found.kind.key, "version": found.version}
    form = KindOfItemForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            changed = change_item(
                found.reference, by=request.caller, version=data["version"], kind=data["kind"], reason=data["reason"]
            )
        except (Invalid, NotFound) as refusal:
            refused_at_field(form, refusal)
        except Stale as refusal:
            form.add_error(None, f"{refusal.message} {refusal.todo}")
            form.data = {**form.data.dict(), "version": str(found.version)}  # type: ignore[attr-defined]
        else:
            toast(request, _("The kind was changed."), undo_url=undo_url(changed))
            return redirect(changed)
    context = {"form": form, "item": found, "crumbs": item_page.crumbs(found)}
    return render(request, "estate/kind_of_item.html", context, status=422 if form.is_bound else 200)


@page(GroupPermission.TAKE, methods=("GET", "HEAD", "POST"))
def responsibility(request: Request, reference: str) -> HttpResponse:
    """Assign a group by hand. One click from the item's page brings the group along."""
    found = find_item(reference, request.caller)
    form = AssignForm(
        request.POST if request.method == "POST" else None, initial={"group": request.GET.get("group", "")}
    )
    if request.method == "POST" and form.is_valid():
        try:
            assign([found.pk], form.cleaned_data["group"], by=request.caller, reason=form.cleaned_data["reason"])
        except (Invalid, NotFound, Clash) as refusal:
            refused_at_field(form, refusal, "group")
        else:
            toast(request, _("%(item)s has its group.") % {"item": found.reference},
                  undo_url=reverse("estate:release", args=[found.reference]))  # fmt: skip
            return redirect(found)
    context = {"form": form, "item": found, "crumbs": item_page.crumbs(found)}
    return render(request, "estate/assign.html", context, status=422 if form.is_bound else 200)


@page(GroupPermission.TAKE, methods=("POST",))
def taking(request: Request, reference: str) -> HttpResponse:
    """A member takes what nobody answers for to his own group."""
    found = find_item(reference, request.caller)
    take(found.reference, by=request.caller, group=request.POST.get("group", ""))
    toast(request, _("%(item)s has its group.") % {"item": found.reference},
          undo_url=reverse("estate:release", args=[found.reference]))  # fmt: skip
    return redirect(found)


@page(GroupPermission.TAKE, methods=("POST",))
def letting_go(request: Request, reference: str) -> HttpResponse:
    """Let the rules decide again."""
    found = find_item(reference, request.caller)
    was_by_hand = Answer.objects.open().filter(item=found, ground__sort=GroundSort.HAND).exists()
    release([found.pk], by=request.caller, reason=request.POST.get("reason", ""))
    toast(
        request,
        _released(found)
        if was_by_hand
        else _("%(item)s was not assigned by hand: nothing is changed.") % {"item": found.reference},
    )
    return redirect(found)


def _released(item: Item) -> str:
    """What the rules made of an item that they decide for again."""
    answer = Answer.objects.open().filter(item=item, group__isnull=False).select_related("group__item").first()
    if answer is None or answer.group is None:
        return _("No rule gives %(item)s a group: it is without one now.") % {"item": item.reference}
    return _("The rules decide for %(item)s again: %(group)s answers.") % {
        "item": item.reference,
        "group": answer.group.name,
    }


@page(ItemPermission.CHANGE, methods=("POST",))
def undoing(request: Request, reference: str, event_id: int) -> HttpResponse:
    """Set back what one change did."""
    changed = undo_change(reference, event_id, by=request.caller)
    toast(request, _("The change was undone."))
    return redirect(changed)
