"""Which of what an item needs can replace one another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from helhet.estate import item_page
from helhet.estate.models import Dependency
from helhet.estate.permissions import EstatePermission
from helhet.estate.redundancy import end_redundancy, state_redundancy
from helhet.estate.views.item import refused_at_field
from helhet.items.finding import find_item
from helhet.items.models import Item, Presence
from helhet.kit.errors import Invalid
from helhet.kit.parts import Crumb
from helhet.kit.web import Request, page


class RedundancyForm(forms.Form):
    """Which providers, and how many of them are enough."""

    providers = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    least = forms.IntegerField(min_value=1, max_value=10_000, initial=1)
    unit = forms.ChoiceField(initial="count")

    def __init__(self, needed: Sequence[Item], *args: Any, **kwargs: Any) -> None:
        """`needed` are what the item is said to need."""
        super().__init__(*args, **kwargs)
        choices = self.fields["providers"], self.fields["unit"]
        choices[0].choices = [(item.reference, f"{item.name} {item.reference}") for item in needed]  # type: ignore[attr-defined]
        choices[1].choices = [("count", _("so many of them")), ("share", _("percent of them"))]  # type: ignore[attr-defined]
        self.fields["providers"].label = _("Can replace one another")
        self.fields["least"].label = _("At least so many must hold")
        self.fields["unit"].label = _("Counted as")


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("GET", "HEAD", "POST"))
def redundancy(request: Request, reference: str) -> HttpResponse:
    """State that at least so many of some providers are needed."""
    item = find_item(reference, request.caller)
    request.caller.require(EstatePermission.DEPENDENCY_MANAGE, item)
    stated = Dependency.objects.filter(from_item=item, to_item__presence=Presence.HERE)
    needed = list(Item.objects.filter(pk__in=stated.values("to_item_id")).order_by("name_key", "id"))
    form = RedundancyForm(needed, request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        chosen = [one for one in needed if one.reference in form.cleaned_data["providers"]]
        try:
            state_redundancy(
                item, chosen, least=form.cleaned_data["least"], is_share=form.cleaned_data["unit"] == "share",
                by=request.caller,
            )  # fmt: skip
        except Invalid as refusal:
            refused_at_field(form, refusal)
        else:
            return redirect(f"{item.get_absolute_url()}#dependencies")
    crumbs = [*item_page.crumbs(item), Crumb(item.name, item.get_absolute_url())]
    context = {"form": form, "item": item, "needed": needed, "crumbs": crumbs}
    return render(request, "estate/redundancy.html", context, status=422 if form.is_bound else 200)


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("POST",))
def redundancy_end(request: Request, reference: str, redundancy_id: int) -> HttpResponse:
    """Each of them counts alone again."""
    item = find_item(reference, request.caller)
    end_redundancy(item, redundancy_id, by=request.caller)
    return redirect(f"{item.get_absolute_url()}#dependencies")
