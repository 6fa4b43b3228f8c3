"""Two items that are one: the page that merges them, and its undo."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.estate import item_page
from helhet.estate.views.item import refused_at_field
from helhet.items.finding import find_item
from helhet.items.merging import merge_items, split_items
from helhet.items.models import Item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Clash, Invalid, NotFound, Stale
from helhet.kit.forms import ThingInput
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


class MergeForm(forms.Form):
    """Which other item it is."""

    gone = forms.CharField(max_length=400, widget=ThingInput())
    reason = forms.CharField(max_length=400, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Labels in the reader's language."""
        super().__init__(*args, **kwargs)
        self.fields["gone"].label = _("The other item")
        self.fields["gone"].help_text = _("A reference such as SRV-12, or source:key. It becomes this item.")
        self.fields["reason"].label = _("Why")


@page(ItemPermission.MERGE, methods=("GET", "HEAD", "POST"))
def merging(request: Request, reference: str) -> HttpResponse:
    """Let another item become this one; both keys lead here afterwards."""
    found = find_item(reference, request.caller)
    initial = {"version": found.version, "gone": request.GET.get("gone", "")}
    form = MergeForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            batch = merge_items(
                found.reference, data["gone"], by=request.caller, version=data["version"], reason=data["reason"]
            )
        except (Invalid, NotFound, Clash) as refusal:
            refused_at_field(form, refusal, "gone")
        except Stale as refusal:
            form.add_error(None, f"{refusal.message} {refusal.todo}")
            form.data = {**form.data.dict(), "version": str(found.version)}  # type: ignore[attr-defined]
        else:
            toast(request, _("They are one now."), undo_url=reverse("estate:split", args=[batch.pk]))
            return redirect(found)
    context = {"form": form, "item": found, "crumbs": item_page.crumbs(found)}
    return render(request, "estate/merge.html", context, status=422 if form.is_bound else 200)


@page(ItemPermission.MERGE, methods=("POST",))
def splitting(request: Request, batch_id: int) -> HttpResponse:
    """Undo a merge."""
    batch = split_items(batch_id, by=request.caller)
    toast(request, _("The merge was undone: both stand as they were."))
    return redirect(Item.objects.get(pk=batch.counts["gone"]))
