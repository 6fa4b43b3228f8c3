"""The page of a source: what it is, what it owns, its runs and its history."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from helhet.importers import sources, told
from helhet.importers.forms_sources import OwnsForm
from helhet.importers.models import Run
from helhet.importers.permissions import ImportPermission
from helhet.items.permissions import ItemPermission
from helhet.journal.actions import history
from helhet.journal.models import Event
from helhet.kit.errors import Invalid, Stale
from helhet.kit.forms import put_refusal
from helhet.kit.parts import Crumb, HistoryLine
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

RUNS = 10
EVENTS = 20


@page(ImportPermission.VIEW, methods=("GET", "HEAD", "POST"))
def source(request: Request, source_id: int) -> HttpResponse:
    """One source; who may manage sources says here what it owns."""
    found = sources.find_source(source_id, request.caller)
    start = {"extent": "chosen" if found.owns else "all", "owns": found.owns or [], "version": found.version}
    form = OwnsForm(request.POST or None, initial=start)
    if request.method == "POST":
        request.caller.require(ItemPermission.SOURCE_MANAGE)
        if form.is_valid() and _is_saved(request, form, source_id):
            toast(request, _("Saved. The next import looks at every record again."))
            return redirect("importers:source", source_id)
    so = sources.told_of(found)
    owned = so.stated or tuple(found.owns or ())
    context = {
        "source": found, "told": so, "form": form, "crumbs": [Crumb(_("Imports"), reverse("importers:runs"))],
        "owned": [sources.OWNABLE.get(name, name) for name in owned],
        "runs": [told.RunLine.of(run) for run in Run.objects.filter(source=found).select_related("source")[:RUNS]],
        "lines": [_line(event) for event in history("source", found.pk)[:EVENTS]],
        "may_manage": request.caller.may(ItemPermission.SOURCE_MANAGE),
        "may_start": request.caller.may(ImportPermission.START),
        "findings_url": f"{reverse('importers:findings')}?{urlencode({'source': found.name})}",
        "items_url": f"{reverse('items')}?{urlencode({'q': f'source:{_quoted(found.name)}'})}",
        "not_seen_url": f"{reverse('items')}?{urlencode({'q': f'source:{_quoted(found.name)} seen:no'})}",
    }  # fmt: skip
    return render(request, "importers/source.html", context, status=422 if form.is_bound else 200)


def _is_saved(request: Request, form: OwnsForm, source_id: int) -> bool:
    try:
        version = form.cleaned_data["version"]
        sources.change_source(source_id, by=request.caller, version=version, owns=form.owned())
    except Invalid as error:
        put_refusal(form, error)
    except Stale:
        now = sources.find_source(source_id, request.caller)
        form.show_stale({}, now.version)
    else:
        return True
    return False


def _quoted(name: str) -> str:
    return '"' + name.replace('"', "") + '"'


def _line(event: Event) -> HistoryLine:
    """Who changed what the source owns, from what to what."""
    before, after = (_names(values) for values in (event.before, event.after))
    return HistoryLine(event.at, _("%(who)s changed what it owns:") % {"who": event.actor or "–"}, before, after)


def _names(values: object) -> str:
    owned = values.get("owns") if isinstance(values, dict) else None
    return ", ".join(str(sources.OWNABLE.get(name, name)) for name in owned) if owned else _("all that it gives")
