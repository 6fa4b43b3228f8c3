"""Persons: the list, one person, making, changing, ending."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.groups.actions import change_person, create_person, end_person, return_person, weight_of_person
from helhet.groups.figures import groupless, overloaded, person_rows
from helhet.groups.finding import find_person
from helhet.groups.forms import EndForm, PersonForm
from helhet.groups.history import lines
from helhet.groups.models import Membership, Person, Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.groups.ports import person_panels, sections
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.items.text import fold
from helhet.journal.actions import history
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.kit.words import noun

SIZE = 100
EVENTS = 15


def _views(people: QuerySet[Person]) -> dict[str, QuerySet[Person]]:
    """What can be chosen to see."""
    here = people.filter(ended_on__isnull=True)
    return {
        "": here,
        "groupless": here.filter(groupless()),
        "overloaded": here.filter(pk__in=overloaded()),
        "ended": people.filter(ended_on__isnull=False),
    }


@page(GroupPermission.PERSON_VIEW)
def persons(request: Request) -> HttpResponse:
    """Who there is, in which groups, and who has promised too much."""
    people = Person.objects.visible_to(request.caller)
    views = _views(people)
    show = request.GET.get("show", "") if request.GET.get("show") in views else ""
    counts = {name: found.count() for name, found in views.items()}
    labels = {
        "": _("All"), "groupless": _("In no group"), "overloaded": _("More than full time"), "ended": _("Ended")
    }  # fmt: skip
    q = request.GET.get("q", "").strip()
    found = views[show]
    if q:
        found = found.filter(pk__in=_named(found, q))
    after = request.GET.get("after", "")
    if after:
        found = found.filter(name_key__gt=after)
    rows = person_rows(list(found.order_by("name_key", "pk")[: SIZE + 1]))
    more = f"{rows[SIZE - 1].person.name_key}" if len(rows) > SIZE else ""
    rows = rows[:SIZE]
    tabs = [
        Choice(label, f"?show={name}" if name else reverse("groups:persons"), show == name, counts[name])
        for name, label in labels.items()
        if counts[name] or not name
    ]
    query = request.GET.copy()
    if more:
        query["after"] = more
    context = {
        "rows": rows, "counts": counts, "here": counts[""], "q": q, "show": show, "tabs": tabs if len(tabs) > 1 else [],
        "page": Page(next_url=f"?{query.urlencode()}" if more else ""),
        "may_manage": request.caller.may(GroupPermission.PERSON_MANAGE),
    }  # fmt: skip
    return render(request, "groups/persons.html", context)


def _named(people: QuerySet[Person], text: str) -> list[int]:
    """Ids of persons whose name, address or unit has the text in it; few enough to be folded as read."""
    wanted = fold(text)
    rows = people.values_list("pk", "name", "email", "unit")
    return [pk for pk, *texts in rows if any(wanted in fold(one) for one in texts)]


def person_crumbs(person: Person | None = None) -> list[Crumb]:
    """The list of persons, and the person."""
    crumbs = [Crumb(noun("person", "plural").capitalize(), reverse("groups:persons"))]
    return [*crumbs, Crumb(person.name, person.get_absolute_url())] if person is not None else crumbs


@page(GroupPermission.PERSON_VIEW)
def person(request: Request, person_id: int) -> HttpResponse:
    """One person: groups over time, share, tasks."""
    found = find_person(person_id, request.caller)
    today = timezone.localdate()
    (row,) = person_rows([found])
    rows = list(Membership.objects.filter(person=found).select_related("group__item"))
    ended = found.ended_on is not None
    current = [one for one in rows if not ended and (one.to_on is None or one.to_on >= today)]
    events = history("person", found.pk)
    context: dict[str, Any] = {
        "person": found,
        "row": row,
        "crumbs": person_crumbs(),
        "current": current,
        "former": [one for one in rows if one not in current],
        "tasks": list(
            Task.objects.filter(person=found, state=TaskState.OPEN).select_related("item", "group__item")[:50]
        ),
        "panels": sections([panel for port in person_panels for panel in port(found, request.caller)]),
        "lines": lines(events[:EVENTS]),
        "may_manage": request.caller.may(GroupPermission.PERSON_MANAGE),
        "may_end": request.caller.may(GroupPermission.PERSON_END),
        "today": today,
    }
    return render(request, "groups/person.html", context)


@page(GroupPermission.PERSON_MANAGE, methods=GET_POST)
def person_new(request: Request) -> HttpResponse:
    """Somebody new."""
    form = PersonForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        wanted = {"name": "", **form.wanted()}
        made = tried(form, lambda: create_person(by=request.caller, **wanted))
        if made is not None:
            toast(request, _("%(person)s is in the register.") % {"person": made.name})
            return redirect(made)
    return form_page(
        request, form, title=_("Add a person"), submit=_("Add"), cancel_url=reverse("groups:persons"),
        crumbs=person_crumbs(),
    )  # fmt: skip


def of_person(found: Person) -> dict[str, Any]:
    """A person as `PersonForm` begins with."""
    return {name: getattr(found, name) for name in ("version", "name", "email", "title", "unit", "phone")}


@page(GroupPermission.PERSON_MANAGE, methods=GET_POST)
def person_edit(request: Request, person_id: int) -> HttpResponse:
    """Change what is written about a person."""
    found = find_person(person_id, request.caller)
    form = PersonForm(request.POST or None, initial=of_person(found))
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_person(person_id, by=request.caller, version=form.cleaned_data["version"], **form.wanted()),
            lambda: of_person(find_person(person_id, request.caller)),
        )
        if done is not None:
            toast(request, _("Saved."))
            return redirect(found)
    return form_page(request, form, title=found.name, cancel_url=found.get_absolute_url(), crumbs=person_crumbs(found))


@page(GroupPermission.PERSON_END, methods=GET_POST)
def person_end(request: Request, person_id: int) -> HttpResponse:
    """A person leaves, after what hangs on him has been seen."""
    found = find_person(person_id, request.caller)
    form = EndForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = tried(
            form,
            lambda: end_person(
                person_id, by=request.caller, version=data["version"], tasks_to=data["tasks_to"], reason=data["reason"]
            ),
            lambda: {"version": find_person(person_id, request.caller).version},
        )
        if done is not None:
            toast(request, _("%(person)s has left. The sign-in has ended.") % {"person": found.name})
            return redirect(found)
    weight = weight_of_person(found)
    if not any(task.group_id is None for task in weight.tasks):
        del form.fields["tasks_to"]
    hangs = weight.memberships or weight.tasks or weight.user or weight.others
    says = _("Memberships and sign-in end today. Tasks go back to their groups.")
    says = says if hangs else _("Nothing hangs on the person.")
    return form_page(
        request, form, title=_("%(person)s leaves") % {"person": found.name}, submit=_("End the person"),
        cancel_url=found.get_absolute_url(), crumbs=person_crumbs(found), weight=weight,
        says=says,
    )  # fmt: skip


@page(GroupPermission.PERSON_END, methods=POST)
def person_return(request: Request, person_id: int) -> HttpResponse:
    """A person who had left is back."""
    found = return_person(person_id, by=request.caller, version=version_of(request))
    toast(request, _("%(person)s is back. Say anew in which groups.") % {"person": found.name})
    return redirect(found)
