"""The help page: what a newcomer stumbles on, in one place. Prose is written whole in each language."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from helhet.items.filters import OWN, item_fields
from helhet.items.models import Family, Kind, ValueName
from helhet.items.permissions import ItemPermission
from helhet.kit.web import Request, page

ATTRIBUTES_SHOWN = 30


@page(ItemPermission.VIEW)
def help_page(request: Request) -> HttpResponse:
    """With the fields, kinds and attributes that this installation has just now."""
    declared = item_fields().declared
    own = {field.name for field in OWN}
    context = {
        "fields": sorted(declared, key=lambda field: (field.name not in own, field.name)),
        "families": Family,
        "kinds": Kind.objects.filter(is_listed=True),
        "attributes": ValueName.objects.exclude(name="tag").order_by("name")[:ATTRIBUTES_SHOWN],
    }
    language = "en" if request.LANGUAGE_CODE == "en" else "sv"
    return render(request, f"home/help_{language}.html", context)
