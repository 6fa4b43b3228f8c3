"""Who is in a group."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.actions import (
    add_member,
    change_chair,
    change_membership,
    end_membership,
    remove_membership,
    share_peak,
)
from helhet.groups.finding import find_group, find_membership, person_named
from helhet.groups.forms import ChairForm, MemberForm, MembershipForm
from helhet.groups.models import Group, Membership, Role
from helhet.groups.permissions import GroupPermission
from helhet.groups.views.groups import group_crumbs
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.kit.spoken import day, percent
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

NAMED = 20
"""So many members are named where a chair is chosen."""


@page(GroupPermission.VIEW, methods=GET_POST)
def member_new(request: Request, reference: str) -> HttpResponse:
    """Let somebody into the group."""
    group = find_group(reference, request.caller)
    request.caller.require(GroupPermission.MEMBERSHIP_MANAGE, group)
    form = MemberForm(request.POST or None, initial={"role": request.GET.get("role", "")})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Membership:
            person = person_named(data["person"], request.caller)
            return add_member(
                reference, person.pk, by=request.caller, role=data["role"] or Role.MEMBER, from_on=data["from_on"],
                to_on=data["to_on"], share=data["share"],
            )  # fmt: skip

        made = tried(form, act)
        if made is not None:
            toast(request, _("%(person)s is in %(group)s.") % {"person": made.person.name, "group": group.name})
            _warn_of_share(request, made)
            return redirect("groups:group", group.reference)
    return form_page(
        request, form, title=_("Add a member"), submit=_("Add"), cancel_url=group.get_absolute_url(),
        crumbs=group_crumbs(group),
    )  # fmt: skip


@page(GroupPermission.VIEW, methods=GET_POST)
def chair(request: Request, reference: str) -> HttpResponse:
    """Change who chairs the group."""
    group = find_group(reference, request.caller)
    request.caller.require(GroupPermission.MEMBERSHIP_MANAGE, group)
    form = ChairForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data

        def act() -> Membership:
            person = person_named(data["person"], request.caller)
            return change_chair(reference, person.pk, by=request.caller, on=data["on"])

        made = tried(form, act)
        if made is not None:
            toast(request, _("%(person)s chairs %(group)s.") % {"person": made.person.name, "group": group.name})
            return redirect("groups:group", group.reference)
    return form_page(
        request, form, title=_("Who chairs %(group)s?") % {"group": group.name}, says=_those_in(group),
        cancel_url=group.get_absolute_url(), crumbs=group_crumbs(group),
    )  # fmt: skip


def _those_in(group: Group) -> str:
    """Who is in the group now: its chair is most often one of them."""
    seats = Membership.objects.on(timezone.localdate()).filter(group=group).select_related("person").order_by("pk")
    told = [f"{seat.person.name} ({seat.role_label})" for seat in seats[:NAMED]]
    return _("In the group are %(names)s.") % {"names": ", ".join(told)} if told else ""


def of_membership(row: Membership) -> dict[str, Any]:
    """A membership as `MembershipForm` begins with."""
    share = "" if row.share is None else f"{row.share.normalize():f}"
    return {
        "version": row.version, "role": row.role_label, "from_on": row.from_on, "to_on": row.to_on, "share": share
    }  # fmt: skip


@page(GroupPermission.VIEW, methods=GET_POST)
def membership(request: Request, membership_id: int) -> HttpResponse:
    """Change a membership, end it, or take it away."""
    row = find_membership(membership_id, request.caller)
    request.caller.require(GroupPermission.MEMBERSHIP_MANAGE, row)
    form = MembershipForm(request.POST or None, initial=of_membership(row))
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_membership(row.pk, by=request.caller, version=form.cleaned_data["version"], **form.wanted()),
            lambda: of_membership(find_membership(row.pk, request.caller)),
        )
        if done is not None:
            toast(request, _("Saved."))
            _warn_of_share(request, done)
            return redirect("groups:group", row.group.reference)
    return form_page(
        request, form, title=row.person.name, cancel_url=row.group.get_absolute_url(), crumbs=group_crumbs(row.group),
        says=_("%(role)s in %(group)s.") % {"role": row.role_label.capitalize(), "group": row.group.name},
        deeds=[
            {"url": reverse("groups:membership_end", args=[row.pk]), "label": _("End it today"), "version": row.version,
             "help": _("Yesterday becomes the last day. What was, stays in the history.")},
            {"url": reverse("groups:membership_remove", args=[row.pk]), "label": _("Take it away"),
             "version": row.version, "help": _("For a mistake: as if it had never been.")},
        ],
    )  # fmt: skip


@page(GroupPermission.VIEW, methods=POST)
def membership_end(request: Request, membership_id: int) -> HttpResponse:
    """The membership ends."""
    row = find_membership(membership_id, request.caller)
    end_membership(membership_id, by=request.caller, version=version_of(request))
    toast(request, _("%(person)s is in %(group)s no more.") % {"person": row.person.name, "group": row.group.name})
    return redirect("groups:group", row.group.reference)


@page(GroupPermission.VIEW, methods=POST)
def membership_remove(request: Request, membership_id: int) -> HttpResponse:
    """The membership was a mistake."""
    row = find_membership(membership_id, request.caller)
    remove_membership(membership_id, by=request.caller, version=version_of(request))
    toast(request, _("The membership is taken away."))
    return redirect("groups:group", row.group.reference)


def _warn_of_share(request: Request, row: Membership) -> None:
    most = share_peak(row.person_id)
    if most.is_too_much:
        told = {"person": row.person.name, "share": percent(most.percent / 100, 0), "day": day(most.on)}
        toast(request, _("%(person)s has promised %(share)s of the working time from %(day)s.") % told, failed=True)
