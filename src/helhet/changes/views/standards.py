"""Standard changes: the list, one, proposing, deciding, retiring and raising."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes.actions.standards import (
    WORDING,
    approved_of,
    decide_version,
    find_standard,
    propose_standard,
    propose_version,
    raise_standard,
    retire_standard,
    visible_standards,
)
from helhet.changes.forms_standards import DecisionForm, RaiseForm, RetireForm, StandardForm, WordingForm
from helhet.changes.meeting import window_of
from helhet.changes.models import Change, ChangeState, Risk, StandardChange, StandardVersion, VersionState
from helhet.changes.permissions import ChangePermission
from helhet.changes.standards import use_of
from helhet.changes.times import told
from helhet.groups.views.pages import GET_POST, tried, version_of
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

SHOWN = 20


def crumbs(standard: StandardChange | None = None) -> list[Crumb]:
    """The list, and one of them."""
    first = Crumb(_("Standard changes"), reverse("changes:standards"))
    return [first, Crumb(standard.name, standard.get_absolute_url())] if standard is not None else [first]


@page(ChangePermission.VIEW)
def standards(request: Request) -> HttpResponse:
    """What may be raised without asking, and what is proposed."""
    rows = [(one, approved_of(one), use_of(one)) for one in visible_standards(request.caller)]
    context = {
        "rows": rows, "approved": sum(approved is not None for _one, approved, _use in rows),
        "proposed": sum(any(v.state == VersionState.PROPOSED for v in one.versions.all()) for one, _a, _u in rows),
        "may_propose": request.caller.may(ChangePermission.STANDARD_PROPOSE),
    }  # fmt: skip
    return render(request, "changes/standards.html", context)


@page(ChangePermission.VIEW)
def standard(request: Request, standard_id: int) -> HttpResponse:
    """One of them: how it is done, what came of it, and its versions side by side."""
    found = find_standard(standard_id, request.caller)
    caller = request.caller
    versions = list(found.versions.all())
    raised = Change.objects.visible_to(caller).filter(standard__standard=found).select_related("item__kind")
    context = {
        "standard": found, "approved": approved_of(found), "use": use_of(found), "crumbs": crumbs(),
        "proposed": next((one for one in versions if one.state == VersionState.PROPOSED), None),
        "versions": [
            (one, _differs(before, one)) for one, before in zip(versions, [*versions[1:], None], strict=True)
        ],
        "raised": raised.order_by("-pk")[:SHOWN],
        "may_propose": caller.may(ChangePermission.STANDARD_PROPOSE, found),
        "may_decide": caller.may(ChangePermission.STANDARD_DECIDE, found),
        "may_raise": caller.may(ChangePermission.DRAFT, Change(group_id=found.group_id)),
    }  # fmt: skip
    return render(request, "changes/standard.html", context)


def _differs(before: StandardVersion | None, after: StandardVersion) -> list[tuple[str, str, str]]:
    """Each field that says something else than in the version before: its name, before, after."""
    labels = {name: str(field.label) for name, field in WordingForm.base_fields.items()}
    if before is None:
        return []
    pairs = [(labels[name], getattr(before, name), getattr(after, name)) for name in WORDING]
    pairs += [(labels["minutes"], str(before.minutes), str(after.minutes))]
    pairs += [(labels["risk"], str(Risk(before.risk).label), str(Risk(after.risk).label))]
    return [one for one in pairs if one[1] != one[2]]


@page(ChangePermission.STANDARD_PROPOSE, methods=GET_POST)
def standard_new(request: Request) -> HttpResponse:
    """Propose one."""
    initial = {name: request.GET.get(name, "") for name in ("item", "kind", "group")}
    form = StandardForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: propose_standard(by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("%(name)s is proposed to the management team.") % {"name": made.name})
            return redirect(made)
    title = _("Propose a standard change")
    return _form(request, form, title=title, crumbs=crumbs(), cancel_url=reverse("changes:standards"))


@page(ChangePermission.VIEW, methods=GET_POST)
def standard_version(request: Request, standard_id: int) -> HttpResponse:
    """Word it anew."""
    found = find_standard(standard_id, request.caller)
    request.caller.require(ChangePermission.STANDARD_PROPOSE, found)
    newest = found.versions.all()[0]
    initial = {**{name: getattr(newest, name) for name in (*WORDING, "minutes")}, "risk": Risk(newest.risk).key}
    form = WordingForm(request.POST or None, initial=initial)

    def act() -> StandardChange:
        return propose_version(standard_id, by=request.caller, version=version_of(request), **form.cleaned_data)

    return _acting(request, form, _("Word it anew"), found, act, _("A new version is proposed."))


@page(ChangePermission.STANDARD_DECIDE, methods=GET_POST)
def standard_decide(request: Request, standard_id: int) -> HttpResponse:
    """Approve or refuse what is proposed."""
    found = find_standard(standard_id, request.caller)
    form = DecisionForm(request.POST or None)

    def act() -> StandardChange:
        given = form.cleaned_data
        return decide_version(
            standard_id, by=request.caller, version=version_of(request), approve=given["approve"] == "yes",
            words=given["words"],
        )  # fmt: skip

    return _acting(request, form, _("Decide about what is proposed"), found, act, _("Decided."))


@page(ChangePermission.VIEW, methods=GET_POST)
def standard_retire(request: Request, standard_id: int) -> HttpResponse:
    """Let it be raised no longer."""
    found = find_standard(standard_id, request.caller)
    request.caller.require(ChangePermission.STANDARD_PROPOSE, found)
    form = RetireForm(request.POST or None)

    def act() -> StandardChange:
        return retire_standard(
            standard_id, by=request.caller, version=version_of(request), reason=form.cleaned_data["reason"]
        )

    return _acting(request, form, _("Retire it"), found, act, _("It is retired."))


@page(ChangePermission.VIEW, methods=GET_POST)
def standard_raise(request: Request, standard_id: int) -> HttpResponse:
    """Raise a change by it."""
    found = find_standard(standard_id, request.caller)
    request.caller.require(ChangePermission.DRAFT, Change(group_id=found.group_id))
    initial = {"item": request.GET.get("item", "") or (found.item.reference if found.item else "")}
    form = RaiseForm(request.POST or None, initial=initial)

    def act() -> Change:
        given = form.cleaned_data
        made = raise_standard(standard_id, by=request.caller, **given)
        during = window_of(made)
        if during and made.state == ChangeState.SCHEDULED:
            toast(request, _("The change is scheduled: %(time)s.") % {"time": told(during)})
        else:
            toast(request, _("The change is made. Its page says what remains."))
        return made

    return _acting(request, form, _("Raise a change"), found, act, "")


def _acting(request: Request, form: forms.Form, title: str, found: StandardChange, *done: Any) -> HttpResponse:
    """`done` is the verb, and what is told when it is done, unless the verb tells it."""
    act, words = done
    if request.method == "POST" and form.is_valid():
        made = tried(form, act)
        if made is not None:
            if words:
                toast(request, words)
            return redirect(made)
    return _form(request, form, title=title, crumbs=crumbs(found), cancel_url=found.get_absolute_url(), standard=found)


def _form(request: Request, form: forms.Form, **context: Any) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "changes/standard_form.html", {"form": form, **context}, status=status)
