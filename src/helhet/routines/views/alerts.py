"""Alerts that monitoring has sent: the open ones, those that no routine is tied to, one with its routine."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.journal.models import Event
from helhet.kit.api_errors import field_faults
from helhet.kit.forms import ThingInput, VersionedForm
from helhet.kit.parts import Choice, Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.routines.actions.alerts import close_alert, find_alert, run_alert, tie_alert
from helhet.routines.actions.telling_alerts import missing_lately
from helhet.routines.alert_reading import alert_rows, readable_routine, require_change
from helhet.routines.keys import new_key
from helhet.routines.listing import offered
from helhet.routines.models import Alert
from helhet.routines.permissions import RoutinePermission

SIZE = 200
MISSING_SHOWN = 5


class TieForm(VersionedForm):
    """Which routine, and for which alerts."""

    routine = forms.CharField(
        label=gettext_lazy("Routine"), max_length=300,
        help_text=gettext_lazy("The reference, such as RUT-3; write a part of the name to find it."),
        widget=forms.TextInput(attrs={"list": "routines", "autocomplete": "off"}),
    )  # fmt: skip
    label = forms.ChoiceField(
        label=gettext_lazy("For which alerts"), required=False,
        help_text=gettext_lazy("With a label it holds for all alerts that have it, also those to come."),
    )  # fmt: skip
    item = forms.CharField(
        label=gettext_lazy("On which item"), max_length=300, required=False, widget=ThingInput(),
        help_text=gettext_lazy("The reference, such as SRV-12; write the beginning of the name to find it."),
    )  # fmt: skip


def _crumbs() -> list[Crumb]:
    return [Crumb(_("Alerts"), reverse("routines:alerts"))]


def _missing() -> list[tuple[Event, list[tuple[str, str]]]]:
    """What posts of the last day did not bring: each with the alerts that could not be read, by name and fault."""
    found = []
    for event in missing_lately()[:MISSING_SHOWN]:
        told = [(one["name"], field_faults(one["faults"])) for one in (event.after or {}).get("alerts", ())]
        lines = [(name, "; ".join(f"{one['field']}: {one['message']}" for one in faults)) for name, faults in told]
        found.append((event, lines))
    return found


@page(RoutinePermission.VIEW)
def alerts(request: Request) -> HttpResponse:
    """The open ones, those without a routine, or the latest that are closed."""
    show = request.GET.get("show", "open")
    everything = Alert.objects.visible_to(request.caller)
    going_on = everything.filter(resolved_at=None)
    unknown = going_on.without_routine()
    found = {"unknown": unknown, "closed": everything.exclude(resolved_at=None)}.get(show, going_on)
    address = reverse("routines:alerts")
    tabs = [
        Choice(_("Open alerts"), address, show not in {"unknown", "closed"}, going_on.count()),
        Choice(_("Without a routine"), f"{address}?show=unknown", show == "unknown", unknown.count()),
        Choice(_("Closed alerts"), f"{address}?show=closed", show == "closed"),
    ]
    rows = alert_rows(request.caller, found.select_related("item__kind", "routine__document__item", "run")[:SIZE])
    context = {
        "rows": rows, "tabs": tabs, "count": going_on.count(), "unknown": unknown.count(), "missing": _missing(),
        "most": SIZE, "is_more": len(rows) == SIZE, "key": new_key(),
    }  # fmt: skip
    return render(request, "routines/alerts.html", context)


@page(RoutinePermission.VIEW)
def alert(request: Request, alert_id: int) -> HttpResponse:
    """One alert, with its routine."""
    found = find_alert(alert_id, request.caller)
    (row,) = alert_rows(request.caller, [found])
    context = {
        "alert": found, "row": row, "crumbs": _crumbs(), "key": f"alert-{found.pk}-{new_key()}",
        "labels": sorted(found.labels.items()), "annotations": sorted(found.annotations.items()),
    }  # fmt: skip
    return render(request, "routines/alert.html", context)


@page(RoutinePermission.ALERT_CHANGE, methods=GET_POST)
def alert_tie(request: Request, alert_id: int) -> HttpResponse:
    """Tie a routine to it, and to all that have one of its labels."""
    found = find_alert(alert_id, request.caller)
    require_change(request.caller, found)
    labels = [f"{name}={value}" for name, value in sorted(found.labels.items())]
    first = next((one for one in labels if one.startswith("alertname=")), "")
    routine = readable_routine(found)
    initial = {
        "version": found.version, "label": first, "item": found.item.reference if found.item else "",
        "routine": routine.document.item.reference if routine else "",
    }  # fmt: skip
    form = TieForm(request.POST or None, initial=initial)
    label = form.fields["label"]
    assert isinstance(label, forms.ChoiceField)
    label.choices = [("", _("only this one")), *((one, one) for one in labels)]
    if request.method == "POST" and form.is_valid():
        done = tried(
            form,
            lambda: tie_alert(found.pk, by=request.caller, **form.cleaned_data),
            lambda: {"version": find_alert(alert_id, request.caller).version},
        )
        if done is not None:
            toast(request, _("The routine is tied to the alert."))
            return redirect("routines:alert", found.pk)
    return form_page(
        request, form, title=_("Tie a routine to %(name)s") % {"name": found.name}, submit=_("Tie it"),
        crumbs=_crumbs(), cancel_url=reverse("routines:alert", args=[found.pk]),
        template="routines/alert_tie.html", routines=offered(request.caller),
    )  # fmt: skip


@page(RoutinePermission.RUN, methods=POST)
def alert_run(request: Request, alert_id: int) -> HttpResponse:
    """Run its routine."""
    run = run_alert(alert_id, by=request.caller, key=request.POST.get("key", "")[:64])
    return redirect(run)


@page(RoutinePermission.ALERT_CHANGE, methods=POST)
def alert_close(request: Request, alert_id: int) -> HttpResponse:
    """It is over."""
    found = close_alert(alert_id, by=request.caller, version=version_of(request))
    toast(request, _("The alert %(name)s is over.") % {"name": found.name})
    return redirect("routines:alerts")
