"""Contracts: the list, one, and its agreed levels."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.groups.views.pages import GET_POST, form_page, tried, version_of
from helhet.items.models import State
from helhet.journal.actions import history
from helhet.kit.errors import Clash, Invalid, Stale
from helhet.kit.rows_form import Head, rows_in, table_of
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.rules.rows import Fault, Row, read_rows
from helhet.suppliers.actions import change_contract, create_contract, set_levels
from helhet.suppliers.actions.contract import LEVELS
from helhet.suppliers.finding import contracts_of, find_contract, suppliers_of
from helhet.suppliers.forms import ContractForm
from helhet.suppliers.history import lines, of_item
from helhet.suppliers.models import Contract
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.reading import contract_facts, groups_of, has_run_out, is_soon, notice_of
from helhet.suppliers.views.pages import crumbs, cut, tabs

EVENTS = 20


@page(SupplierPermission.VIEW)
def contracts(request: Request) -> HttpResponse:
    """All of them, with the last day to end each."""
    everything = list(contracts_of(request.caller).order_by("name_key", "pk"))
    described = {item.pk: one for item in everything if (one := getattr(item, "as_contract", None))}
    soon = [item for item in everything if item.pk in described and is_soon(described[item.pk])]
    bare = [item for item in everything if item.pk not in described]
    show = request.GET.get("show", "")
    part, pager = cut(request, {"soon": soon, "bare": bare}.get(show, everything))
    groups = groups_of([one.pk for one in part])
    rows = []
    for item in part:
        one = described.get(item.pk)
        rows.append((item, one, notice_of(one) if one else None, bool(one and has_run_out(one)), groups.get(item.pk)))
    living = suppliers_of(request.caller).exclude(state=State.RETIRED).count()
    context = {
        "rows": rows, "page": pager, "text": request.GET.get("q", ""), "count": len(everything),
        "soon": len(soon), "bare": len(bare), "show": show,
        "tabs": tabs("contracts", living, len(everything)),
        "may_create": request.caller.may(SupplierPermission.CREATE),
    }  # fmt: skip
    return render(request, "suppliers/contracts.html", context)


@page(SupplierPermission.VIEW)
def contract(request: Request, reference: str) -> HttpResponse:
    """One contract: its days, its notice with the sum, and what is agreed."""
    found = find_contract(reference, request.caller)
    context = {
        "contract": found, "item": found.item, "crumbs": crumbs(found)[:1], "is_bare": found._state.adding,
        "notice": notice_of(found), "has_run_out": has_run_out(found), "facts": contract_facts(found),
        "levels": list(found.levels.all()), "group": groups_of([found.pk]).get(found.pk, ""),
        "deliveries": list(found.deliveries.filter(item__presence=0).select_related("item__kind")),
        "lines": lines(history("contract", found.pk)[:EVENTS], of_item(found.pk))[:EVENTS],
        "may_change": request.caller.may(SupplierPermission.CHANGE, found.item),
    }  # fmt: skip
    return render(request, "suppliers/contract.html", context)


@page(SupplierPermission.CREATE, methods=GET_POST)
def contract_new(request: Request) -> HttpResponse:
    """A new one."""
    initial = {"supplier": request.GET.get("supplier", "")}
    form = ContractForm(request.POST or None, is_new=True, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: create_contract(by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("%(name)s is saved.") % {"name": made.item.name})
            return redirect(made)
    return form_page(
        request, form, title=_("New contract"), submit=_("Add the contract"), cancel_url=crumbs()[0].url,
        crumbs=crumbs(),
    )  # fmt: skip


def _now(found: Contract) -> dict[str, Any]:
    fields = ("number", "begins_on", "ends_on", "notice_months", "note", "version")
    supplier = "" if found._state.adding else found.supplier.item.reference
    return {
        "name": found.item.name, "supplier": supplier,
        **{name: getattr(found, name) for name in fields},
    }  # fmt: skip


@page(SupplierPermission.VIEW, methods=GET_POST)
def contract_edit(request: Request, reference: str) -> HttpResponse:
    """Name, supplier, days, notice."""
    found = find_contract(reference, request.caller)
    request.caller.require(SupplierPermission.CHANGE, found.item)
    form = ContractForm(request.POST or None, initial=_now(found))
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_contract(
                reference, by=request.caller, version=form.cleaned_data["version"], **form.wanted()
            ),
            lambda: _now(find_contract(reference, request.caller)),
        )
        if done is not None:
            toast(request, _("%(name)s is saved.") % {"name": done.item.name})
            return redirect(done)
    return form_page(
        request, form, title=_("Edit %(name)s") % {"name": found.item.name}, crumbs=crumbs(found),
        cancel_url=found.get_absolute_url(),
    )  # fmt: skip


def levels_now(found: Contract) -> list[Row]:
    """The agreed levels as rows of the form."""
    return [{"measure": one.measure, "target": one.target, "hours": one.hours} for one in found.levels.all()]


@page(SupplierPermission.VIEW, methods=GET_POST)
def levels(request: Request, reference: str) -> HttpResponse:
    """What the supplier promises under it."""
    found = find_contract(reference, request.caller)
    request.caller.require(SupplierPermission.CHANGE, found.item)
    heads = [
        Head(LEVELS[0], _("Measure"), _("Such as availability each month.")),
        Head(LEVELS[1], _("Target"), _("Such as 99.9 percent.")),
        Head(LEVELS[2], _("Hours"), _("When it counts.")),
    ]
    rows: list[Row] = levels_now(found)
    error, status = "", 200
    theirs: list[Row] = []
    faults: list[Fault] = []
    if request.method == "POST":
        given = rows_in(request.POST, LEVELS)
        _clean, faults = read_rows(given, LEVELS)
        rows, status = given, 422
        try:
            if not faults:
                set_levels(reference, by=request.caller, version=version_of(request), levels=given)
                toast(request, _("The agreed levels are saved."))
                return redirect(found)
        except Stale:
            found, error = find_contract(reference, request.caller), _("Somebody else saved while you wrote.")
            theirs = levels_now(found)
        except (Invalid, Clash) as refused:
            error = str(refused)
    context = {
        "contract": found, "crumbs": crumbs(found), "table": table_of(heads, rows, faults), "error": error,
        "title": _("Agreed levels"), "theirs": theirs,
    }  # fmt: skip
    return render(request, "suppliers/levels.html", context, status=status)
