"""One field of an item, edited where it stands."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate import item_page
from helhet.estate.columns import value_text
from helhet.estate.forms import attribute_value, field_for, tags_of
from helhet.estate.views.item import undo_url
from helhet.estate.views.items import number_in
from helhet.items.actions import change_item
from helhet.items.finding import find_item
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid, NotFound, Stale
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

OPEN = "kit/_edit_in_place_open.html"
CHANGED_MEANWHILE = gettext_lazy(
    "Somebody else changed the item meanwhile. It is now: %(value)s. Save again to set yours."
)


@page(ItemPermission.CHANGE, methods=("GET", "HEAD", "POST"))
def field(request: Request, reference: str, name: str) -> HttpResponse:
    """The field open; `?closed=1` closed; a POST saves it."""
    found = find_item(reference, request.caller)
    request.caller.require(ItemPermission.CHANGE, found)
    attribute = request.GET.get("name", "")[:100]
    form = _form(found, name, attribute, request.POST if request.method == "POST" else None)
    if request.method != "POST":
        return (
            _closed(request, found, name, attribute)
            if "closed" in request.GET
            else _opened(request, found, name, attribute, form)
        )
    if not form.is_valid():
        return _opened(request, found, name, attribute, form, status=422)
    version = number_in(request.POST.get("version", ""), 2**31)
    try:
        changed = change_item(
            found.reference, by=request.caller, version=version or None,
            **_wanted(found, name, attribute, form.cleaned_data["value"]),
        )  # fmt: skip
    except Stale:
        now = find_item(reference, request.caller)
        form.add_error("value", CHANGED_MEANWHILE % {"value": shown(now, name, attribute)})
        return _opened(request, now, name, attribute, form, status=412)
    except (Invalid, NotFound) as refusal:
        form.add_error("value", f"{refusal.message} {refusal.todo}".strip())
        return _opened(request, found, name, attribute, form, status=422)
    if changed.version != found.version:
        toast(request, _("%(field)s saved") % {"field": form.fields["value"].label}, undo_url=undo_url(changed))
    if not request.htmx:
        return redirect(changed)
    return _closed(request, find_item(changed.reference, request.caller), name, attribute)


def _form(item: Item, name: str, attribute: str, data: Any) -> forms.Form:
    try:
        one, now = field_for(item, name, attribute)
    except KeyError as error:
        raise NotFound(_("An item has no field %(name)s.") % {"name": name[:60]}) from error
    form = forms.Form(data, initial={"value": now}, auto_id=f"{_id(item, name, attribute)}-%s")
    form.fields["value"] = one
    return form


def _wanted(item: Item, name: str, attribute: str, value: Any) -> dict[str, Any]:
    if name == "attribute":
        schema = item.kind.attributes.get(attribute)
        return {"attribute": (attribute, attribute_value(value, schema, item.attributes.get(attribute)))}
    return {name: tags_of(value) if name == "tags" else value}


def _id(item: Item, name: str, attribute: str) -> str:
    """The part's id, as the item's page gives it."""
    if name == "attribute":
        facts = item_page.attributes_of(item, may_change=False)
        return next((fact.id for fact in facts if fact.label == attribute), "hh-attribute-new")
    return f"hh-field-{name}"


def shown(item: Item, name: str, attribute: str) -> str:
    """The field as the page shows it."""
    if name == "attribute":
        return value_text(item.attributes.get(attribute))
    if name in {"name", "description"}:
        return str(getattr(item, name))
    return (
        next(fact.value for fact in item_page.own_facts(item, may_change=False) if fact.id == f"hh-field-{name}") or "–"
    )


def _opened(
    request: Request, item: Item, name: str, attribute: str, form: forms.Form, *, status: int = 200
) -> HttpResponse:
    context = {
        "field": form["value"], "id": _id(item, name, attribute), "version": item.version, "item": item,
        "edit_url": item_page.edit_url(item, name, attribute), "cancel_url": item.get_absolute_url(),
        "crumbs": item_page.crumbs(item),
    }  # fmt: skip
    return render(request, OPEN if request.htmx else "estate/field.html", context, status=status)


def _closed(request: Request, item: Item, name: str, attribute: str) -> HttpResponse:
    if not request.htmx:
        return redirect(item)
    label = attribute or name
    context = {
        "value": shown(item, name, attribute), "label": label, "id": _id(item, name, attribute),
        "edit_url": item_page.edit_url(item, name, attribute),
    }  # fmt: skip
    return render(request, "estate/_field_closed.html", context)
