"""Groups: the list, one group, its making, changing, closing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.groups.actions import change_group, close_group, create_group, reopen_group, weight_of
from helhet.groups.actions.group import CONTACT_WAYS
from helhet.groups.figures import GroupRow, group_rows, item_count, kinds_of, members_of
from helhet.groups.finding import find_group
from helhet.groups.forms import CloseForm, GroupForm, of_group
from helhet.groups.history import lines
from helhet.groups.links import items_of, items_url
from helhet.groups.models import Basis, Group, GroupState, ItemRole, Task, TaskState
from helhet.groups.permissions import GroupPermission
from helhet.groups.ports import group_panels, hanging, sections
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.journal.actions import history
from helhet.kit.parts import Choice, Crumb
from helhet.kit.spoken import number
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.kit.words import noun

SHOWS = {
    "no_chair": gettext_lazy("without a chair"),
    "no_members": gettext_lazy("without members"),
    "no_mandate": gettext_lazy("without a mandate"),
    "closed": gettext_lazy("no longer active"),
}
EVENTS = 15


def _shown(rows: list[GroupRow], show: str) -> list[GroupRow]:
    """Those that a chosen view keeps; without one all but closed groups that nothing hangs on."""
    if show == "closed":
        return [row for row in rows if row.group.state == GroupState.CLOSED]
    if show in SHOWS:
        return [row for row in rows if show in row.problems]
    return [row for row in rows if row.group.state != GroupState.CLOSED or row.items or row.children]


@page(GroupPermission.VIEW)
def groups(request: Request) -> HttpResponse:
    """Who there is to answer, what each answers for, and which of them cannot."""
    show = request.GET.get("show", "")
    rows = group_rows(request.caller)
    living = [row for row in rows if row.group.state != GroupState.CLOSED]
    counts = {name: len(_shown(rows, name)) for name in SHOWS}
    closed = [f"-group:{row.group.reference}" for row in rows if row.group.state == GroupState.CLOSED and row.items]
    tabs = [Choice(_("All"), reverse("groups:groups"), show not in SHOWS, len(_shown(rows, "")))]
    tabs += [
        Choice(str(label).capitalize(), f"?show={name}", show == name, counts[name])
        for name, label in SHOWS.items()
        if counts[name]
    ]
    context = {
        "rows": _shown(rows, show),
        "is_whole": show not in SHOWS,
        "living": len(living),
        "items": sum(row.items for row in living),
        "items_url": items_url(" ".join(["-group:none", *closed])),
        "counts": counts,
        "dead": [row for row in rows if row.is_dead and (row.items or row.group.state != GroupState.CLOSED)],
        "tabs": tabs if len(tabs) > 1 else [],
        "may_create": request.caller.may(GroupPermission.CREATE),
        "any": bool(rows),
    }
    return render(request, "groups/groups.html", context)


def group_crumbs(group: Group | None = None) -> list[Crumb]:
    """The list of groups, and the groups that a group stands under."""
    crumbs = [Crumb(noun("group", "plural").capitalize(), reverse("groups:groups"))]
    if group is not None:
        crumbs.append(Crumb(group.name, group.get_absolute_url()))
    return crumbs


@page(GroupPermission.VIEW)
def group(request: Request, reference: str) -> HttpResponse:
    """One group: what it answers for, by whom, and what it has to do."""
    found = find_group(reference, request.caller)
    today = timezone.localdate()
    current, coming, former = members_of(found, today)
    kinds = kinds_of(found)
    tasks = Task.objects.visible_to(request.caller).filter(group=found, state=TaskState.OPEN)
    may = request.caller.may
    context: dict[str, Any] = {
        "group": found,
        "crumbs": group_crumbs() if found.parent is None else group_crumbs(found.parent),
        "chairs": [row for row in current if row.role == "chair"],
        "deputies": [row for row in current if row.role == "deputy"],
        "current": current,
        "people": len({row.person_id for row in current}),
        "coming": coming,
        "former": former,
        "kinds": [{"kind": one.kind, "count": one.count, "url": items_of(found, f"kind:={one.kind.key}")}
                  for one in kinds],
        "items": item_count(found),
        "items_url": items_of(found),
        "tasks": list(tasks.select_related("person", "item")[:50]),
        "contacts": [(label, way, found.contacts.get(way, "")) for way, label in CONTACT_WAYS.items()],
        "children": list(Group.objects.visible_to(request.caller).filter(parent=found).select_related("item")),
        "hanging": [one for port in hanging for one in port(found) if one.count],
        "panels": sections([panel for port in group_panels for panel in port(found, request.caller)]),
        "roles": _further_roles(found),
        "lines": lines(history("item", found.pk)[:EVENTS]),
        "may_change": may(GroupPermission.CHANGE, found),
        "may_shape": may(GroupPermission.CREATE),
        "may_close": may(GroupPermission.CLOSE, found),
        "may_manage": may(GroupPermission.MEMBERSHIP_MANAGE, found) and found.state != GroupState.CLOSED,
        "is_closed": found.state == GroupState.CLOSED,
        "state": GroupState(found.state).label,
        "basis": Basis(found.basis).label,
        "today": today,
    }  # fmt: skip
    return render(request, "groups/group.html", context)


def _further_roles(found: Group) -> dict[str, Any] | None:
    """How many things the group helps with beside its own, and as what."""
    rows = ItemRole.objects.filter(group=found, to_on__isnull=True, item__presence=0)
    if not (count := rows.values("item_id").distinct().count()):
        return None
    roles = [ItemRole(role=role).role_label for role in sorted(set(rows.order_by().values_list("role", flat=True)))]
    return {"count": count, "roles": roles, "url": items_url(f"role:{found.reference}")}


@page(GroupPermission.CREATE, methods=GET_POST)
def group_new(request: Request) -> HttpResponse:
    """Form a group."""
    form = GroupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        wanted = {"name": "", **form.wanted()}
        made = tried(form, lambda: create_group(by=request.caller, **wanted))
        if made is not None:
            toast(request, _("%(group)s is formed.") % {"group": made.name})
            return redirect("groups:group", made.reference)
    return form_page(
        request, form, title=_("Form a group"), submit=_("Form the group"), cancel_url=reverse("groups:groups"),
        says=_("A group answers for a part of the environment. It is not a unit of the line: a person may be in many."),
        crumbs=group_crumbs(),
    )  # fmt: skip


@page(GroupPermission.VIEW, methods=GET_POST)
def group_edit(request: Request, reference: str) -> HttpResponse:
    """Change what is written about a group."""
    found = find_group(reference, request.caller)
    request.caller.require(GroupPermission.CHANGE, found)
    whole = request.caller.may(GroupPermission.CREATE)
    form = GroupForm(request.POST or None, initial=of_group(found), group=found, whole=whole)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_group(reference, by=request.caller, version=form.cleaned_data["version"], **form.wanted()),
            lambda: of_group(find_group(reference, request.caller)),
        )
        if done is not None:
            toast(request, _("Saved."))
            return redirect("groups:group", found.reference)
    return form_page(request, form, title=found.name, cancel_url=found.get_absolute_url(), crumbs=group_crumbs(found))


@page(GroupPermission.CLOSE, methods=GET_POST)
def group_close(request: Request, reference: str) -> HttpResponse:
    """Close a group, after what hangs on it has been seen."""
    found = find_group(reference, request.caller)
    form = CloseForm(request.POST or None, initial={"version": found.item.version}, group=found)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = tried(
            form,
            lambda: close_group(
                reference, by=request.caller, version=data["version"], to=data["to"], leave=data["leave"],
                reason=data["reason"],
            ),
            lambda: {"version": find_group(reference, request.caller).item.version},
        )  # fmt: skip
        if done is not None:
            toast(request, _("%(group)s is closed.") % {"group": found.name},
                  undo_url=reverse("groups:group_reopen", args=[found.reference]))  # fmt: skip
            return redirect("groups:group", found.reference)
    weight = weight_of(found)
    if weight.is_nothing:
        del form.fields["to"], form.fields["leave"]
    facts = [
        (noun("item", "plural").capitalize(), weight.items, items_of(found)),
        (_("Open tasks"), weight.tasks, ""),
        (_("Groups under it"), weight.children, ""),
        (_("Further roles that end"), weight.roles, ""),
        (_("Memberships that end"), weight.memberships, ""),
        *((one.label, one.count, one.url) for one in weight.others),
    ]
    return form_page(
        request, form, title=_("Close %(group)s") % {"group": found.name}, submit=_("Close the group"),
        cancel_url=found.get_absolute_url(), crumbs=group_crumbs(found),
        says=_("Nothing hangs on it. The memberships end today.") if weight.is_nothing
        else _("These things hang on it. Say what becomes of them."),
        facts=[(label, number(count), url) for label, count, url in facts if count],
    )  # fmt: skip


@page(GroupPermission.CLOSE, methods=POST)
def group_reopen(request: Request, reference: str) -> HttpResponse:
    """Let a closed group live again; also the undo of closing, which knows no version."""
    found = find_group(reference, request.caller)
    version = version_of(request) if "version" in request.POST else found.item.version
    reopen_group(reference, by=request.caller, version=version)
    toast(request, _("%(group)s is open again. Say who is in it.") % {"group": found.name})
    return redirect("groups:group", found.reference)
