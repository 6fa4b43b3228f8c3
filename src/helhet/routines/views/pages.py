"""What the pages of this room share."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.kit.parts import Choice, Crumb
from helhet.kit.web import Request, asks_for_json
from helhet.routines.models import Routine, Run


def crumbs(routine: Routine | None = None) -> list[Crumb]:
    """The library, and one routine."""
    first = Crumb(_("Routines"), reverse("routines:routines"))
    return [first, Crumb(routine.document.item.name, routine.get_absolute_url())] if routine else [first]


def tabs(here: str) -> list[Choice]:
    """The library, the runs and what the runs show."""
    names = (("routines", _("Library")), ("runs", _("Runs of routines")), ("evidence", _("Evidence")))
    return [Choice(label, reverse(f"routines:{name}"), name == here) for name, label in names]


def done(request: Request, run: Run, *, waits: bool = False) -> HttpResponse:
    """The run's page; for a script that sends what a phone kept, a few words, also whether an answer `waits`."""
    if asks_for_json(request):
        told = {"run": run.pk, "ended": bool(run.outcome), "waits": waits, "url": run.get_absolute_url()}
        return JsonResponse(told)
    return redirect(run)
