"""The day list and what is done in it; notes between shifts; what it all took."""

from __future__ import annotations

import datetime as dt

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.groups.finding import find_group
from helhet.groups.models import Group
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.spoken import day as spoken_day
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.routines.actions.day_runs import run_occurrence
from helhet.routines.actions.occurrences import (
    do_occurrence,
    reopen_occurrence,
    skip_occurrence,
    take_handover,
    take_occurrence,
    write_handover,
)
from helhet.routines.day_list import ALL, GROUPS, MINE, SHOWS, counted, day_list, spent
from helhet.routines.evidence import read_month
from helhet.routines.forms_operations import DoneForm, ReasonForm
from helhet.routines.keys import new_key
from helhet.routines.models import Alert, Occurrence, OccurrenceState, Run
from helhet.routines.operations import find_occurrence
from helhet.routines.permissions import RoutinePermission
from helhet.routines.ports import calendar_url

NOBODYS = "none"
SIZE = 100


@page(RoutinePermission.VIEW)
def day(request: Request) -> HttpResponse:
    """What is late and what is to be done today, of mine, of my groups, of one group or of all."""
    caller = request.caller
    found = day_list(caller, request.GET.get("who", ""))
    address = reverse("routines:day")
    tabs = [Choice(_("My groups"), f"{address}?who={GROUPS}", found.who == GROUPS)] if caller.member_of else []
    if caller.person_id is not None:
        tabs.append(Choice(_("Mine"), f"{address}?who={MINE}", found.who == MINE))
    tabs.append(Choice(_("All"), f"{address}?who={ALL}", found.who == ALL))
    groups = Group.objects.visible_to(caller).exclude(state="closed").select_related("item").by_name()
    listed = list(groups)
    own = [one for one in listed if caller.may(RoutinePermission.HAND_OVER, one)]
    context = {
        "list": found, "tabs": tabs, "groups": listed, "key": new_key(),
        "own": sorted(own, key=lambda one: (one.pk not in caller.member_of, one.is_management_team)),
        "may_make": caller.may(RoutinePermission.TASK_MANAGE), "person_id": caller.person_id,
        "alerts": Alert.objects.visible_to(caller).filter(resolved_at=None).count(),
        "running": Run.objects.visible_to(caller).filter(outcome="", user_id=caller.user_id).count(),
        "calendar_url": calendar_url.only()(caller, found.group.reference if found.group else ""),
    }  # fmt: skip
    return render(request, "routines/day.html", context)


def _back(request: Request) -> HttpResponse:
    return redirect(_list_url(request))


def _list_url(request: Request) -> str:
    """The list that he came from."""
    who = (request.POST.get("who") or request.GET.get("who", ""))[:40]
    return reverse("routines:day") + (f"?who={who}" if who.replace("-", "").isalnum() else "")


def _closed_already(request: Request, found: Occurrence) -> HttpResponse:
    """Back to the list: whoever had an older one on his screen need not do it again."""
    told = {"title": found.task.title, "name": found.closed_by or _("Somebody")}
    toast(request, _("%(name)s has closed %(title)s already.") % told)
    return _back(request)


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Day list"), reverse("routines:day"))]


@page(RoutinePermission.TASK_DO, methods=GET_POST)
def occurrence_do(request: Request, occurrence_id: int) -> HttpResponse:
    """It is done; the page asks for minutes and cost, the button of the list for nothing."""
    found = find_occurrence(occurrence_id, request.caller)
    if found.state != OccurrenceState.OPEN:
        return _closed_already(request, found)
    form = DoneForm(request.POST or None, initial={"version": found.version, "minutes": found.task.minutes})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = tried(
            form,
            lambda: do_occurrence(found.pk, by=request.caller, **data),
            lambda: {"version": find_occurrence(occurrence_id, request.caller).version},
        )
        if done is not None:
            toast(request, _("%(title)s is done.") % {"title": done.task.title})
            return _back(request)
    return form_page(
        request, form, title=found.task.title, says=_about(found), submit=_("Done"), crumbs=_crumbs(),
        cancel_url=_list_url(request),
    )  # fmt: skip


@page(RoutinePermission.TASK_DO, methods=GET_POST)
def occurrence_skip(request: Request, occurrence_id: int) -> HttpResponse:
    """It is not done this time, for a reason."""
    found = find_occurrence(occurrence_id, request.caller)
    if found.state != OccurrenceState.OPEN:
        return _closed_already(request, found)
    form = ReasonForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: skip_occurrence(found.pk, by=request.caller, **form.cleaned_data),
            lambda: {"version": find_occurrence(occurrence_id, request.caller).version},
        )
        if done is not None:
            toast(request, _("%(title)s is skipped.") % {"title": done.task.title})
            return _back(request)
    return form_page(
        request, form, title=_("Skip: %(title)s") % {"title": found.task.title}, says=_about(found),
        submit=_("Skip this time"), crumbs=_crumbs(), cancel_url=_list_url(request),
    )  # fmt: skip


def _about(found: Occurrence) -> str:
    return _("%(item)s, to be done %(day)s.") % {"item": found.task.item.name, "day": spoken_day(found.due_on)}


@page(RoutinePermission.TASK_DO, methods=POST)
def occurrence_take(request: Request, occurrence_id: int) -> HttpResponse:
    """Take it on oneself."""
    found = take_occurrence(occurrence_id, by=request.caller, version=version_of(request))
    toast(request, _("You have %(title)s.") % {"title": found.task.title})
    return _back(request)


@page(RoutinePermission.TASK_DO, methods=POST)
def occurrence_run(request: Request, occurrence_id: int) -> HttpResponse:
    """Run its routine."""
    key = f"day-{occurrence_id}-{request.POST.get('key') or new_key()}"[:64]
    run = run_occurrence(occurrence_id, by=request.caller, key=key)
    return redirect("routines:run", run.pk)


@page(RoutinePermission.TASK_DO, methods=POST)
def occurrence_reopen(request: Request, occurrence_id: int) -> HttpResponse:
    """It is to be done after all."""
    found = reopen_occurrence(occurrence_id, by=request.caller, version=version_of(request))
    toast(request, _("%(title)s is to be done.") % {"title": found.task.title})
    return _back(request)


@page(RoutinePermission.HAND_OVER, methods=POST)
def handover_new(request: Request) -> HttpResponse:
    """Tell the next shift something."""
    write_handover(by=request.caller, group=request.POST.get("group", ""), text=request.POST.get("text", ""))
    toast(request, _("The next shift will see the note."))
    return _back(request)


@page(RoutinePermission.HAND_OVER, methods=POST)
def handover_take(request: Request, handover_id: int) -> HttpResponse:
    """The note is read."""
    take_handover(handover_id, by=request.caller, version=version_of(request))
    toast(request, _("You have taken the note."))
    return _back(request)


@page(RoutinePermission.VIEW)
def operations_spent(request: Request) -> HttpResponse:
    """Hours and cost, planned against spent, by group and month."""
    group = find_group(text, request.caller) if (text := request.GET.get("group", "")) else None
    crumbs = [Crumb(_("Operational tasks"), reverse("routines:operations"))]
    rows = [
        (one, {show: _times_url(one.month, one.group, show) for show in SHOWS}) for one in spent(request.caller, group)
    ]
    context = {"rows": rows, "group": group, "crumbs": crumbs}
    return render(request, "routines/spent.html", context)


@page(RoutinePermission.VIEW)
def operations_times(request: Request) -> HttpResponse:
    """The times that a figure of a month counts: `show` says which, `group` whose; `none` for nobody's."""
    month, named = read_month(request.GET.get("month", "")), request.GET.get("group", "")[:100].strip()
    group = find_group(named, request.caller) if named not in {"", NOBODYS} else None
    show = request.GET.get("show", "done")
    found = counted(request.caller, month, group, show)
    text = request.GET.get("from", "")
    count, begin = found.count(), int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    sums = found.order_by().aggregate(
        minutes=Sum("minutes"), cost=Sum("cost"), planned_minutes=Sum("task__minutes"), planned_cost=Sum("task__cost")
    )
    times = list(found[begin : begin + SIZE])
    labels = {"done": _("Done"), "skipped": _("Skipped"), "late": _("Late")}
    context = {
        "month": month, "group": group, "show": show, "times": times, "count": count, "today": timezone.localdate(),
        "sums": {name: value or 0 for name, value in sums.items()},
        "list_url": f"{reverse('routines:day')}?who={group.reference if group else ALL}",
        "crumbs": [
            Crumb(_("Operational tasks"), reverse("routines:operations")),
            Crumb(_("Hours and cost"), reverse("routines:operations_spent")),
        ],
        "tabs": [Choice(labels[one], _times_url(month, group, one), one == show) for one in SHOWS],
        "pager": Page(
            begin + 1 if times else 0, begin + len(times), count,
            previous_url=_times_url(month, group, show, max(0, begin - SIZE)) if begin else "",
            next_url=_times_url(month, group, show, begin + SIZE) if begin + SIZE < count else "",
        ),
    }  # fmt: skip
    return render(request, "routines/spent_times.html", context)


def _times_url(month: dt.date, group: Group | None, show: str, begin: int = 0) -> str:
    pairs = {"month": f"{month:%Y-%m}", "group": group.reference if group else NOBODYS, "show": show}
    return f"{reverse('routines:operations_times')}?{urlencode(pairs | ({'from': begin} if begin else {}))}"
