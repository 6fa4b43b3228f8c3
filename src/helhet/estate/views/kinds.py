"""Kinds: the list by family, and one kind with its words and attributes."""

from __future__ import annotations

import json
from itertools import groupby
from typing import Any

from django import forms
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.estate.forms import tags_of
from helhet.items.kinds import change_kind, create_kind, find_kind, kinds_counted, misfits, remove_kind
from helhet.items.models import Family, Kind
from helhet.items.permissions import ItemPermission
from helhet.items.schemas import AttributeRow, AttributeType, rows_of, schema_of
from helhet.kit.errors import Clash, Invalid, Stale
from helhet.kit.parts import Crumb
from helhet.kit.templatetags.kit import icon
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

ICONS = {
    "service": gettext_lazy("service"), "support": gettext_lazy("supporting service"),
    "product": gettext_lazy("product"), "application": gettext_lazy("application"),
    "software": gettext_lazy("software"), "database": gettext_lazy("database"), "licence": gettext_lazy("licence"),
    "certificate": gettext_lazy("certificate"), "hardware": gettext_lazy("hardware"),
    "virtual": gettext_lazy("virtual machine"), "network": gettext_lazy("network"),
    "storage": gettext_lazy("storage"), "cluster": gettext_lazy("cluster"), "workplace": gettext_lazy("workplace"),
    "place": gettext_lazy("building"), "location": gettext_lazy("place"),
    "environment": gettext_lazy("environment"), "document": gettext_lazy("document"),
    "routine": gettext_lazy("routine"), "process": gettext_lazy("process"), "contract": gettext_lazy("contract"),
    "change": gettext_lazy("exchange"), "group": gettext_lazy("group"), "person": gettext_lazy("person"),
    "tag": gettext_lazy("tag"), "key": gettext_lazy("key"), "mail": gettext_lazy("letter"),
    "book": gettext_lazy("book"),
}  # fmt: skip
"""The pictures that a kind may have, and what each shows."""
EMPTY_ROWS = 3
ROWS_LIMIT = 200


class KindForm(forms.Form):
    """The words of a kind and what holds for its items; attributes are rows beside it."""

    key = forms.CharField(max_length=60)
    name_sv = forms.CharField(max_length=100)
    plural_sv = forms.CharField(max_length=100, required=False)
    name_en = forms.CharField(max_length=100)
    plural_en = forms.CharField(max_length=100, required=False)
    family = forms.ChoiceField()
    prefix = forms.CharField(max_length=8)  # type: ignore[assignment]
    icon = forms.ChoiceField(required=False, initial="product", widget=forms.RadioSelect)
    must_be_owned = forms.BooleanField(required=False)

    def __init__(self, *args: Any, kind: Kind | None = None, **kwargs: Any) -> None:
        """Labels in the reader's language; what a kind keeps is not asked for."""
        super().__init__(*args, **kwargs)
        labels = {
            "key": (_("Key"), _("What filters, files and the API call it. It cannot be changed later.")),
            "name_sv": (_("Name in Swedish, one"), ""), "plural_sv": (_("Name in Swedish, many"), ""),
            "name_en": (_("Name in English, one"), ""), "plural_en": (_("Name in English, many"), ""),
            "family": (_("Family"), ""),
            "prefix": (_("Prefix of references"), _("SRV gives SRV-1, SRV-2 and so on. References given before stay.")),
            "icon": (_("Picture"), ""),
            "must_be_owned": (_("Its items must have a responsible group"), ""),
        }  # fmt: skip
        for name, (label, help_text) in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = help_text
        families = [(key, label) for key, label in Family.choices if key != Family.GROUP]
        icons = list(dict.fromkeys([*ICONS, *([kind.icon] if kind else [])]))
        for name, choices in (("family", families), ("icon", [_picture(one) for one in icons])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
        if kind is not None:
            del self.fields["key"]
            if kind.is_builtin:
                del self.fields["family"]


def _picture(name: str) -> tuple[str, str]:
    """A choice of icon: the picture and its word."""
    return name, format_html("{}<span>{}</span>", icon(name), ICONS.get(name, name))


@page(ItemPermission.VIEW)
def kinds(request: Request) -> HttpResponse:
    """Every kind, by family, with how many items it has."""
    counted = kinds_counted(request.caller)
    labels = dict(Family.choices)
    families = [
        {"label": labels.get(Family(family), family) if family in Family.values else family,
         "rows": [{"kind": kind, "count": count, "url": _items_url(kind)} for kind, count in rows]}
        for family, rows in groupby(counted, key=lambda pair: pair[0].family)
    ]  # fmt: skip
    context = {
        "families": families, "count": len(counted), "own": sum(not kind.is_builtin for kind, _count in counted),
        "free": [kind for kind, _count in counted if not kind.must_be_owned],
        "may_manage": request.caller.may(ItemPermission.KIND_MANAGE),
    }  # fmt: skip
    return render(request, "estate/kinds.html", context)


def _items_url(kind: Kind) -> str:
    return f"{reverse('estate:items')}?{urlencode({'q': f'kind:={kind.key}'})}"


@page(ItemPermission.KIND_MANAGE, methods=("GET", "HEAD", "POST"))
def new_kind(request: Request) -> HttpResponse:
    """A new kind."""
    form = KindForm(
        request.POST if request.method == "POST" else None, initial={"must_be_owned": True, "family": "other"}
    )
    rows = _rows_sent(request.POST) if request.method == "POST" else []
    if request.method == "POST" and form.is_valid():
        try:
            made = create_kind(by=request.caller, schema=schema_of(rows, {}), **form.cleaned_data)
        except (Invalid, Clash) as refusal:
            _refused(form, refusal)
        else:
            toast(request, _("The kind %(kind)s was added.") % {"kind": made.name})
            return redirect("estate:kind", made.key)
    return _kind_page(request, form, rows, None)


@page(ItemPermission.VIEW, methods=("GET", "HEAD", "POST"))
def kind(request: Request, key: str) -> HttpResponse:
    """One kind: read by all, changed by administrators."""
    found = find_kind(key, request.caller)
    if request.method != "POST":
        form = KindForm(initial={name: getattr(found, name) for name in KindForm.base_fields}, kind=found)
        return _kind_page(request, form, rows_of(found.schema), found)
    request.caller.require(ItemPermission.KIND_MANAGE)
    form = KindForm(request.POST, kind=found)
    rows = _rows_sent(request.POST)
    sent = request.POST.get("version", "")
    if form.is_valid():
        try:
            change_kind(
                key, by=request.caller, version=int(sent) if sent.isascii() and sent.isdigit() else None,
                schema=_schema_sent(request.POST, rows, found), **form.cleaned_data,
            )  # fmt: skip
        except (Invalid, Clash, Stale) as refusal:
            _refused(form, refusal)
        else:
            toast(request, _("The kind was saved."))
            return redirect("estate:kind", key)
    return _kind_page(request, form, rows, found)


def _refused(form: forms.Form, refusal: Invalid | Clash | Stale) -> None:
    field = refusal.field if refusal.field in form.fields else None
    form.add_error(field, f"{refusal.message} {refusal.todo}".strip())


def _schema_sent(sent: QueryDict, rows: list[AttributeRow], found: Kind) -> dict[str, Any]:
    """The schema as rows say it, or as it was written raw."""
    if sent.get("by") != "schema":
        return schema_of(rows, found.schema)
    text = sent.get("schema", "").strip()
    try:
        schema = json.loads(text) if text else {}
    except (ValueError, RecursionError) as error:
        raise Invalid(_("The schema is no JSON: %(error)s.") % {"error": str(error)[:200]}, field="schema") from error
    if not isinstance(schema, dict):
        raise Invalid(_("The attributes are no JSON Schema of an object."), field="schema")
    return schema


def _rows_sent(sent: QueryDict) -> list[AttributeRow]:
    """The rows of the form: columns of equal length; a row without a name is left out."""
    columns = [sent.getlist(name) for name in ("a_name", "a_type", "a_required", "a_choices", "a_help")]
    return [
        AttributeRow(
            name.strip(), type_, required == "1", tuple(tags_of(words)),
            help_text.strip(),
        )
        for name, type_, required, words, help_text in list(zip(*columns, strict=False))[:ROWS_LIMIT]
        if name.strip()
    ]  # fmt: skip


def _kind_page(request: Request, form: KindForm, rows: list[AttributeRow], found: Kind | None) -> HttpResponse:
    may_manage = request.caller.may(ItemPermission.KIND_MANAGE)
    raw = request.POST.get("schema") if request.method == "POST" else None
    schema = found.schema if found else {}
    context = {
        "form": form, "kind": found, "rows": [*rows, *([AttributeRow("")] * EMPTY_ROWS)],
        "types": AttributeType.choices,
        "plain_types": [choice for choice in AttributeType.choices if choice[0] != AttributeType.OTHER],
        "schema_text": raw if raw is not None else json.dumps(schema, ensure_ascii=False, indent=2),
        "by_schema": request.POST.get("by") == "schema", "may_manage": may_manage,
        "crumbs": [Crumb(_("Kinds"), reverse("estate:kinds"))],
        "misfits": misfits(found, request.caller) if found is not None else None,
        "items_url": _items_url(found) if found else "",
        "count": {one.pk: n for one, n in kinds_counted(request.caller)}.get(found.pk, 0) if found else 0,
    }  # fmt: skip
    return render(request, "estate/kind.html", context, status=422 if form.is_bound else 200)


@page(ItemPermission.KIND_MANAGE, methods=("POST",))
def kind_removal(request: Request, key: str) -> HttpResponse:
    """Remove a kind that nothing has."""
    sent = request.POST.get("version", "")
    remove_kind(key, by=request.caller, version=int(sent) if sent.isascii() and sent.isdigit() else None)
    toast(request, _("The kind was removed."))
    return redirect("estate:kinds")
