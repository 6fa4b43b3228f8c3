"""Alterations that no change told of: the list, and explaining one."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.changes.actions.explaining import explain, find_unregistered
from helhet.changes.models import Lasting
from helhet.changes.permissions import ChangePermission
from helhet.changes.unregistered import of_item, open_of, visible_unregistered
from helhet.groups.views.pages import GET_POST, tried, version_of
from helhet.kit.parts import Choice, Crumb, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

SIZE = 100


HOWS: list[tuple[str, Any]] = [
    ("tie", gettext_lazy("a change that stands here")),
    ("make", gettext_lazy("a change that nobody told of: make it now, for review")),
    ("cover", gettext_lazy("covered by a task or an order, now and later")),
    ("dismiss", gettext_lazy("no change")),
]


class ExplainForm(forms.Form):
    """What it was."""

    how = forms.ChoiceField(label=gettext_lazy("What it was"))
    change = forms.CharField(
        label=gettext_lazy("Which change"), required=False, max_length=300,
        help_text=gettext_lazy("The reference, such as CHG-3."),
    )  # fmt: skip
    words = forms.CharField(
        label=gettext_lazy("Which task or order covers it, or why it is no change"), required=False, max_length=500
    )

    def __init__(self, *args: Any, may_cover: bool, **kwargs: Any) -> None:
        """Without the choice of covering what is like it too, for those who may not state that."""
        super().__init__(*args, **kwargs)
        how = self.fields["how"]
        assert isinstance(how, forms.ChoiceField)
        how.choices = [one for one in HOWS if may_cover or one[0] != "cover"]


@page(ChangePermission.VIEW)
def unregistered(request: Request) -> HttpResponse:
    """Those of one state, the newest first. `?state=` chooses, `?item=` narrows to one item."""
    state = request.GET.get("state", Lasting.OPEN)
    state = state if state in Lasting.values else str(Lasting.OPEN)
    item = request.GET.get("item", "")[:300]
    rows = of_item(visible_unregistered(request.caller), item, request.caller)
    tabs = [
        Choice(str(one.label).capitalize(), _address(one, item), one.value == state, rows.filter(state=one).count())
        for one in Lasting
    ]
    first = int(asked) if (asked := request.GET.get("from", "0")).isdigit() and len(asked) < 7 else 0
    found = list(rows.filter(state=state)[first : first + SIZE + 1])
    context = {
        "rows": found[:SIZE], "tabs": tabs, "open": open_of(request.caller).count(), "any": rows.exists(),
        "page": Page(
            previous_url=_address(state, item, max(0, first - SIZE)) if first else "",
            next_url=_address(state, item, first + SIZE) if len(found) > SIZE else "",
        ),
    }  # fmt: skip
    return render(request, "changes/unregistered.html", context)


def _address(state: str, item: str, first: int = 0) -> str:
    pairs = {"state": str(state), "item": item, "from": first}
    return "?" + urlencode({name: value for name, value in pairs.items() if value})


@page(ChangePermission.VIEW, methods=GET_POST)
def alteration(request: Request, alteration_id: int) -> HttpResponse:
    """One of them, and what it was."""
    found = find_unregistered(alteration_id, request.caller)
    may = found.state == Lasting.OPEN and request.caller.may(ChangePermission.UNREGISTERED_EXPLAIN, found)
    if request.method == "POST":
        request.caller.require(ChangePermission.UNREGISTERED_EXPLAIN, found)
    may_cover = request.caller.may(ChangePermission.THRESHOLD_MANAGE, found)
    form = ExplainForm(request.POST or None, may_cover=may_cover)
    if request.method == "POST" and form.is_valid():
        done = tried(
            form, lambda: explain(alteration_id, by=request.caller, version=version_of(request), **form.cleaned_data)
        )
        if done is not None:
            toast(request, _("It is explained."))
            return redirect(done.change) if done.change else redirect("changes:unregistered")
    context = {
        "one": found, "form": form, "may": may,
        "crumbs": [Crumb(_("Unregistered changes"), reverse("changes:unregistered"))],
    }  # fmt: skip
    return render(request, "changes/alteration.html", context, status=422 if form.errors else 200)
