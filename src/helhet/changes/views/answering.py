"""What touched groups answer, what the management team settles, and positions given in advance."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.changes import actions
from helhet.changes.actions.asking import find_position
from helhet.changes.forms_changes import AdvanceForm, AnswerForm, SettleForm
from helhet.changes.models import Advance, Position
from helhet.changes.permissions import ChangePermission
from helhet.changes.views.asking import GET_POST, POST, crumbs, one_form
from helhet.groups.views.pages import version_of
from helhet.items.models import Item
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page


def of_position(position: Position) -> dict[str, Any]:
    """A position as `AnswerForm` begins with."""
    texts = position.conditions.values_list("text", flat=True)
    return {
        "version": position.version, "stance": position.stance, "words": position.words, "conditions": "\n".join(texts),
    }  # fmt: skip


@page(ChangePermission.VIEW, methods=GET_POST)
def position(request: Request, reference: str, group: str) -> HttpResponse:
    """The group answers, or answers anew."""
    caller = request.caller
    found = find_position(reference, group, caller)
    caller.require(ChangePermission.ANSWER, found)
    form = AnswerForm(request.POST or None, initial=of_position(found))
    names = Item.objects.visible_to(caller).in_bulk(found.reason.get("path", []))
    way = " → ".join(names[pk].name for pk in found.reason.get("path", []) if pk in names)
    says = _("%(change)s is planned by %(group)s.") % {
        "change": found.change.name, "group": found.change.group.name if found.change.group else "–",
    }  # fmt: skip
    return one_form(
        request, form,
        lambda: actions.answer_position(
            reference, group, by=caller, version=form.cleaned_data["version"], **form.verb_fields()
        ),
        title=_("What does %(group)s say?") % {"group": found.group.name}, submit=_("Answer"), change=found.change,
        said=_("The answer is given."), back=found.change.get_absolute_url(),
        says=f"{says} {_('The way there: %(way)s.') % {'way': way}}" if way else says,
        current=lambda: of_position(find_position(reference, group, caller)),
    )  # fmt: skip


@page(ChangePermission.SETTLE, methods=GET_POST)
def settlement(request: Request, reference: str, group: str) -> HttpResponse:
    """The management team decides on a no, or on silence."""
    caller = request.caller
    found = find_position(reference, group, caller)
    form = SettleForm(request.POST or None, initial={"version": found.version})
    told = {"group": found.group.name, "words": found.words}
    return one_form(
        request, form,
        lambda: actions.settle_position(
            reference, group, by=caller, version=form.cleaned_data["version"],
            goes_on=form.cleaned_data["goes_on"] == "yes", words=form.cleaned_data["words"],
        ),
        title=_("Settle the position of %(group)s") % told, submit=_("Keep the decision"),
        said=_("The decision is kept."),
        says=(_("%(group)s says no: %(words)s") if found.stance == "no" else _("%(group)s has not answered.")) % told,
        change=found.change, back=found.change.get_absolute_url(),
        current=lambda: {"version": find_position(reference, group, caller).version},
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def reminder(request: Request, reference: str, group: str) -> HttpResponse:
    """The group is asked once more."""
    found = actions.remind(reference, group, by=request.caller)
    toast(request, _("%(group)s is reminded with the next round of mail.") % {"group": found.group.name})
    return redirect(found.change.get_absolute_url())


@page(ChangePermission.VIEW)
def advances(request: Request) -> HttpResponse:
    """The positions that groups have given in advance and that hold."""
    caller = request.caller
    rows = Advance.objects.visible_to(caller).holding().select_related("group__item", "item__kind")
    lines = [(one, caller.may(ChangePermission.GIVE_AHEAD, one)) for one in rows]
    may_give = caller.may(ChangePermission.GIVE_AHEAD)
    return render(request, "changes/advances.html", {"lines": lines, "crumbs": crumbs(), "may_give": may_give})


@page(ChangePermission.GIVE_AHEAD, methods=GET_POST)
def advance_new(request: Request) -> HttpResponse:
    """A group says yes in advance."""
    caller = request.caller
    form = AdvanceForm(request.POST or None, initial={"item": request.GET.get("item", "")[:300]}, caller=caller)

    def act() -> Advance:
        data = dict(form.cleaned_data)
        return actions.give_ahead(data.pop("group"), by=caller, type_=data.pop("type"), **data)

    return one_form(
        request, form, act, title=_("Say yes in advance"), submit=_("Say yes"), said=_("It answers from now on."),
        says=_("When the group is asked about such a change it has answered at once, and may still answer otherwise."),
        back=reverse("changes:advances"),
    )  # fmt: skip


@page(ChangePermission.VIEW, methods=POST)
def advance_end(request: Request, advance_id: int) -> HttpResponse:
    """It answers no longer."""
    actions.end_ahead(advance_id, by=request.caller, version=version_of(request))
    toast(request, _("It answers no longer. What it has answered stands."))
    return redirect("changes:advances")
