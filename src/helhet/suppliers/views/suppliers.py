"""Suppliers: the list, one, its contacts and what it delivers."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.items.models import State
from helhet.journal.actions import history
from helhet.journal.models import Event
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.suppliers.actions import (
    add_contact,
    change_contact,
    change_supplier,
    create_supplier,
    end_contact,
    end_supplier,
    remove_delivery,
    return_supplier,
    state_delivery,
)
from helhet.suppliers.finding import contracts_of, find_contact, find_supplier, suppliers_of
from helhet.suppliers.forms import ContactForm, DeliveryForm, EndForm, SupplierForm, use_label
from helhet.suppliers.history import lines, of_item
from helhet.suppliers.models import Contract, Supplier
from helhet.suppliers.permissions import SupplierPermission
from helhet.suppliers.ports import checks_after
from helhet.suppliers.reading import (
    contacts_of,
    deliveries_of,
    groups_of,
    has_run_out,
    is_soon,
    notice_of,
    rows_of,
    with_contacts,
)
from helhet.suppliers.views.pages import crumbs, cut, tabs

EVENTS = 20


@page(SupplierPermission.VIEW)
def suppliers(request: Request) -> HttpResponse:
    """Who delivers to us, whom to call, and when contracts must be decided about."""
    everything = list(suppliers_of(request.caller).order_by("name_key", "pk"))
    show = request.GET.get("show", "")
    living = [one for one in everything if one.state != State.RETIRED]
    reached, contracts = with_contacts(living), list(contracts_of(request.caller))
    without = [one for one in living if one.pk not in reached]
    ended = [one for one in everything if one.state == State.RETIRED]
    part, pager = cut(request, {"ended": ended, "nobody": without}.get(show, living))
    context = {
        "rows": rows_of(part), "page": pager, "text": request.GET.get("q", ""), "show": show,
        "count": len(living), "ended": len(ended), "without": len(without),
        "soon": sum(is_soon(one) for item in contracts if (one := getattr(item, "as_contract", None))),
        "tabs": tabs("suppliers", len(living), len(contracts)),
        "may_create": request.caller.may(SupplierPermission.CREATE),
    }  # fmt: skip
    return render(request, "suppliers/suppliers.html", context)


@page(SupplierPermission.VIEW)
def supplier(request: Request, reference: str) -> HttpResponse:
    """One supplier: whom to call, under which contracts, and what it delivers."""
    found = find_supplier(reference, request.caller)
    may_change = request.caller.may(SupplierPermission.CHANGE, found.item)
    contracts = Contract.objects.visible_to(request.caller).filter(supplier_id=found.pk).select_related("item")
    context = {
        "supplier": found, "item": found.item, "crumbs": crumbs(), "is_bare": found._state.adding,
        "is_ended": found.item.state == State.RETIRED,
        "contacts": [(one, use_label(one.use)) for one in contacts_of(found)],
        "contracts": [(one, notice_of(one), has_run_out(one)) for one in contracts.prefetch_related("levels")],
        "deliveries": [
            (one, may_change or request.caller.may(SupplierPermission.CHANGE, one.item)) for one in deliveries_of(found)
        ],
        "may_state": may_change or request.caller.may(SupplierPermission.CREATE),
        "group": groups_of([found.pk]).get(found.pk, ""),
        "lines": lines(history("supplier", found.pk)[:EVENTS], _of_contacts(found), of_item(found.pk))[:EVENTS],
        "may_change": may_change,
    }  # fmt: skip
    return render(request, "suppliers/supplier.html", context)


def _of_contacts(found: Supplier) -> QuerySet[Event]:
    ids = list(found.contacts.values_list("pk", flat=True))
    return Event.objects.filter(noun="contact", noun_id__in=ids).order_by("-id")[:EVENTS]


@page(SupplierPermission.CREATE, methods=GET_POST)
def supplier_new(request: Request) -> HttpResponse:
    """A new one."""
    form = SupplierForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: create_supplier(by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("%(name)s is in the register.") % {"name": made.item.name})
            return redirect(made)
    return form_page(
        request, form, title=_("New supplier"), submit=_("Add the supplier"), crumbs=crumbs(),
        cancel_url=crumbs()[0].url,
    )  # fmt: skip


def _now(found: Supplier) -> dict[str, Any]:
    fields = ("organisation_number", "web", "note", "version")
    return {"name": found.item.name, **{name: getattr(found, name) for name in fields}}


@page(SupplierPermission.VIEW, methods=GET_POST)
def supplier_edit(request: Request, reference: str) -> HttpResponse:
    """Name, number, web address, note."""
    found = find_supplier(reference, request.caller)
    request.caller.require(SupplierPermission.CHANGE, found.item)
    form = SupplierForm(request.POST or None, initial=_now(found))
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: change_supplier(
                reference, by=request.caller, version=form.cleaned_data["version"], **form.wanted()
            ),
            lambda: _now(find_supplier(reference, request.caller)),
        )
        if done is not None:
            toast(request, _("%(name)s is saved.") % {"name": done.item.name})
            return redirect(done)
    return form_page(
        request, form, title=_("Edit %(name)s") % {"name": found.item.name}, crumbs=crumbs(found),
        cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@page(SupplierPermission.VIEW, methods=GET_POST)
def supplier_end(request: Request, reference: str) -> HttpResponse:
    """It delivers no longer."""
    found = find_supplier(reference, request.caller)
    request.caller.require(SupplierPermission.CHANGE, found.item)
    form = EndForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: end_supplier(reference, by=request.caller, **form.cleaned_data))
        if done is not None:
            toast(request, _("%(name)s has ended.") % {"name": found.item.name})
            return redirect(done)
    return form_page(
        request, form, title=_("End %(name)s") % {"name": found.item.name}, submit=_("End the supplier"),
        says=_("It is kept with its history, and can be taken back."), crumbs=crumbs(found),
        cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@page(SupplierPermission.VIEW, methods=POST)
def supplier_return(request: Request, reference: str) -> HttpResponse:
    """It delivers again."""
    back = return_supplier(reference, by=request.caller, version=version_of(request))
    toast(request, _("%(name)s delivers again.") % {"name": back.item.name})
    return redirect(back)


@page(SupplierPermission.VIEW, methods=GET_POST)
def contact_new(request: Request, reference: str) -> HttpResponse:
    """Somebody more to call."""
    found = find_supplier(reference, request.caller)
    request.caller.require(SupplierPermission.CHANGE, found.item)
    form = ContactForm(request.POST or None, is_new=True)
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: add_contact(reference, by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("%(name)s is saved.") % {"name": made})
            return redirect(found)
    return form_page(
        request, form, title=_("New contact at %(name)s") % {"name": found.item.name}, submit=_("Add the contact"),
        crumbs=crumbs(found), cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@page(SupplierPermission.VIEW, methods=GET_POST)
def contact(request: Request, reference: str, contact_id: int) -> HttpResponse:
    """A contact is changed."""
    found = find_supplier(reference, request.caller)
    request.caller.require(SupplierPermission.CHANGE, found.item)

    def now() -> dict[str, Any]:
        one = find_contact(contact_id, found)
        names = ("role", "name", "use", "phone", "email", "web", "hours", "version")
        return {**{name: getattr(one, name) for name in names}, "place": contacts_of(found).index(one) + 1}

    form = ContactForm(request.POST or None, initial=now())
    if request.method == "POST" and form.is_valid():
        given = form.wanted()
        done = tried(
            form,
            lambda: change_contact(
                reference, contact_id, by=request.caller, version=form.cleaned_data["version"], **given
            ),
            now,
        )
        if done is not None:
            toast(request, _("%(name)s is saved.") % {"name": done}, more=_to_check(request, done.pk))
            return redirect(found)
    return form_page(
        request, form, title=_("Contact at %(name)s") % {"name": found.item.name}, crumbs=crumbs(found),
        cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@page(SupplierPermission.VIEW, methods=POST)
def contact_end(request: Request, reference: str, contact_id: int) -> HttpResponse:
    """It is called no longer."""
    ended = end_contact(reference, contact_id, by=request.caller, version=version_of(request))
    more = _to_check(request, ended.pk)
    toast(request, _("%(contact)s is called no longer.") % {"contact": ended}, more=more)
    return redirect("suppliers:supplier", reference)


def _to_check(request: Request, contact_id: int) -> tuple[str, str]:
    """What is to be checked since a contact was altered, in words, and where it is listed; empty where nothing is."""
    checks = checks_after("contact", contact_id, request.caller)
    count = len(checks.addresses)
    words = ngettext("%(n)d document is to be checked", "%(n)d documents are to be checked", count) % {"n": count}
    return (words, checks.url) if count else ("", "")


@page(SupplierPermission.VIEW, methods=GET_POST)
def delivery_new(request: Request, reference: str) -> HttpResponse:
    """State what it delivers."""
    found = find_supplier(reference, request.caller)
    form = DeliveryForm(request.POST or None, supplier=found, initial={"item": request.GET.get("item", "")})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: state_delivery(reference, by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("%(name)s is saved.") % {"name": made.item.name})
            return redirect(found)
    return form_page(
        request, form, title=_("What %(name)s delivers") % {"name": found.item.name}, submit=_("State it"),
        says=_("The group of the supplier may state it, and the group of what is delivered."),
        crumbs=crumbs(found), cancel_url=found.get_absolute_url(),
    )  # fmt: skip


@page(SupplierPermission.VIEW, methods=POST)
def delivery_end(request: Request, reference: str, item: str) -> HttpResponse:
    """It delivers that no longer."""
    remove_delivery(reference, item, by=request.caller)
    toast(request, _("%(item)s is delivered by it no longer.") % {"item": item})
    return redirect("suppliers:supplier", reference)
