"""What needs no change: the list, stating and ending it, and the hint beside the items of a draft."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes.actions.thresholds import end_threshold, state_threshold, visible_thresholds
from helhet.changes.forms_standards import ThresholdForm
from helhet.changes.models import Threshold
from helhet.changes.permissions import ChangePermission
from helhet.changes.thresholds import hint
from helhet.changes.views.asking import GET_POST, POST, crumbs, one_form
from helhet.groups.views.pages import version_of
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


@page(ChangePermission.VIEW)
def thresholds(request: Request) -> HttpResponse:
    """All that hold, and below them those that have ended."""
    caller = request.caller
    found = list(visible_thresholds(caller))
    context = {
        "lines": [(one, caller.may(ChangePermission.THRESHOLD_MANAGE, one)) for one in found if not one.ended_at],
        "ended": [one for one in found if one.ended_at], "crumbs": crumbs(),
        "may_state": caller.may(ChangePermission.THRESHOLD_MANAGE),
    }  # fmt: skip
    return render(request, "changes/thresholds.html", context)


@page(ChangePermission.THRESHOLD_MANAGE, methods=GET_POST)
def threshold_new(request: Request) -> HttpResponse:
    """Something needs no change from now on."""
    form = ThresholdForm(request.POST or None, initial={"item": request.GET.get("item", "")[:300]})

    def act() -> Threshold:
        return state_threshold(by=request.caller, **form.verb_fields())

    return one_form(
        request, form, act, title=_("State what needs no change"), submit=_("State it"),
        said=_("It needs no change from now on."), back=reverse("changes:thresholds"),
        says=_("Whoever drafts a change of it is told so, and an import that alters it is not asked about."),
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def threshold_end(request: Request, threshold_id: int) -> HttpResponse:
    """It needs a change again."""
    ended = end_threshold(threshold_id, by=request.caller, version=version_of(request))
    toast(request, _("%(what)s needs a change from now on.") % {"what": ended.text})
    return redirect("changes:thresholds")


@page(ChangePermission.VIEW)
def covered(request: Request) -> HttpResponse:
    """The part of a draft's form that says whether its items need a change at all."""
    text, type_ = request.GET.get("items", "")[:2_000], request.GET.get("type", "")
    return HttpResponse(hint(text, type_, request.caller))
