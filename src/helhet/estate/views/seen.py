"""What was seen beside what is declared: the lists, taking over, taking in a file, and what names mean."""

from __future__ import annotations

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from helhet.estate.observing import BIGGEST, name_seen, take_observations
from helhet.estate.permissions import EstatePermission
from helhet.estate.seen import Show, counts, pairs, take_over, unknown_names
from helhet.estate.views.dependencies import REFUSALS, version_sent
from helhet.estate.views.items import number_in
from helhet.items.finding import find_item
from helhet.items.permissions import ItemPermission
from helhet.kit.errors import Invalid
from helhet.kit.parts import Choice, Page
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

ROWS = 50
FARTHEST = 10_000_000
NAMES = "names"


@page(ItemPermission.VIEW)
def seen(request: Request) -> HttpResponse:
    """Seen only, declared only, both, or the names that nobody knows; `item` asks for those of one item."""
    caller = request.caller
    show = request.GET.get("show", "") or Show.SEEN_ONLY.value
    item = find_item(request.GET["item"], caller) if request.GET.get("item") else None
    first = number_in(request.GET.get("from", ""), FARTHEST)
    found = counts(caller, item)
    names = unknown_names(caller)
    numbers = {**found, NAMES: names.count()}
    labels = {**{one.value: str(one.label) for one in Show}, NAMES: _("Unknown names")}
    rest = {"item": item.reference} if item else {}
    address = urlencode({**rest, "show": show})
    count = numbers.get(show, 0)
    context = {
        "show": show, "item": item, "numbers": numbers, "lead": numbers[Show.SEEN_ONLY.value],
        "lines": [] if show == NAMES else pairs(show, caller, first=first, limit=ROWS, item=item),
        "names": list(names[first : first + ROWS]) if show == NAMES else [],
        "tabs": [
            Choice(label, f"?{urlencode({**rest, 'show': key})}", key == show, numbers[key])
            for key, label in labels.items()
        ],
        "page": Page(
            first + 1 if count else 0, min(first + ROWS, count), count,
            previous_url=f"?{address}&from={max(0, first - ROWS)}" if first else "",
            next_url=f"?{address}&from={first + ROWS}" if first + ROWS < count else "",
        ),
        "may_observe": caller.may(EstatePermission.OBSERVE),
        "may_depend": caller.may(EstatePermission.DEPENDENCY_MANAGE),
    }  # fmt: skip
    return render(request, "estate/seen.html", context)


def _back(request: Request, show: str) -> HttpResponse:
    item = request.POST.get("item", "")
    rest = {"item": item} if item else {}
    return redirect(f"{reverse('estate:seen')}?{urlencode({**rest, 'show': show})}")


@page(EstatePermission.DEPENDENCY_MANAGE, methods=("POST",))
def taking_over(request: Request) -> HttpResponse:
    """Declare the pairs that were chosen: `from:to` as references."""
    chosen = [pair.partition(":") for pair in request.POST.getlist("pair")]
    try:
        wanted = [(find_item(a, request.caller), find_item(b, request.caller)) for a, _colon, b in chosen]
        done = take_over(wanted, by=request.caller)
    except REFUSALS as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        toast(request, _("%(done)d of %(count)d were declared.") % {"done": done, "count": len(chosen)})
    return _back(request, Show.SEEN_ONLY.value)


def _sent(request: Request) -> bytes:
    upload = request.FILES.get("file")
    if not isinstance(upload, UploadedFile) or upload.size is None or upload.size > BIGGEST:
        raise Invalid(_("Choose a file of at most 50 MiB."), field="file")
    return bytes(upload.read())


@page(EstatePermission.OBSERVE, methods=("POST",))
def observations(request: Request) -> HttpResponse:
    """Take in a file of traces or flows."""
    try:
        taken = take_observations(_sent(request), request.POST.get("source", ""), by=request.caller)
    except Invalid as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        told = {"edges": taken.edges, "new": taken.new, "unknown": taken.unknown}
        toast(request, _("%(edges)d edges were read, %(new)d of them new; %(unknown)d names are unknown.") % told)
    return redirect("estate:seen")


@page(EstatePermission.OBSERVE, methods=("POST",))
def seen_name(request: Request, name_id: int) -> HttpResponse:
    """Say which item a name means, or that it is none of ours."""
    thing = "" if request.POST.get("act") == "outside" else request.POST.get("thing", "").strip() or "?"
    try:
        name_seen(name_id, thing, by=request.caller, version=version_sent(request))
    except REFUSALS as refusal:
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
    else:
        toast(request, _("It is remembered."))
    return _back(request, NAMES)
