"""One service: its documentation in seven parts, whether it can be run from that, and the whole for print."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.permissions import DocumentPermission
from helhet.groups.views.pages import GET_POST, POST, form_page, tried, version_of
from helhet.handbook.actions import begin_part, confirm_part, contradict, rule_out, set_weight, settle, take_back
from helhet.handbook.completeness import of_items, weights
from helhet.handbook.finding import find_contradiction, find_service, part_named
from helhet.handbook.forms import ContradictionForm, ReasonForm, SettlementForm, WeightsForm
from helhet.handbook.models import Contradiction, Weight
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.ready import answer_of
from helhet.handbook.service_page import document_url, parts_of, rights, says_of
from helhet.handbook.shapes import part_label
from helhet.items.models import Item
from helhet.kit.parts import Crumb
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page

SETTLED = 5


def crumbs(item: Item | None = None) -> list[Crumb]:
    """The list, and one service."""
    first = Crumb(_("Services"), reverse("handbook:services"))
    return [first, Crumb(item.name, reverse("handbook:service", args=[item.reference]))] if item else [first]


def _context(request: Request, reference: str) -> dict[str, object]:
    item = find_service(reference, request.caller)
    parts = parts_of(item, request.caller)
    (service,) = of_items([item], request.caller).services
    settled = Contradiction.objects.filter(item=item, settled_at__isnull=False).order_by("-settled_at")[:SETTLED]
    ready = answer_of(item, request.caller)
    return {
        "has_published": any(part.version for part in parts),
        "item": item, "parts": parts, "says": says_of(parts), "service": service, "ready": ready,
        "contradictions": [(one, part_label(one.part) if one.part else "") for one in ready.contradictions],
        "settled": list(settled), "crumbs": crumbs(), "today": timezone.localdate(), **rights(item, request.caller),
    }  # fmt: skip


@page(HandbookPermission.VIEW)
def service(request: Request, reference: str) -> HttpResponse:
    """The page."""
    return render(request, "handbook/service.html", _context(request, reference))


@page(HandbookPermission.VIEW)
def service_print(request: Request, reference: str) -> HttpResponse:
    """All of it on paper, each part with its state."""
    return render(request, "handbook/print.html", _context(request, reference))


def _form(request: Request, item: Item, form: forms.Form, *, title: str, says: str, submit: str) -> HttpResponse:
    return form_page(
        request, form, title=title, says=says, submit=submit, crumbs=crumbs(item),
        cancel_url=reverse("handbook:service", args=[item.reference]),
    )  # fmt: skip


@page(HandbookPermission.VIEW, methods=GET_POST)
def part_ruled_out(request: Request, reference: str, part: str) -> HttpResponse:
    """It does not apply to this service, for a reason."""
    item = find_service(reference, request.caller)
    part = part_named(part)
    request.caller.require(HandbookPermission.RULE_OUT, item)
    form = ReasonForm(request.POST or None)
    label = part_label(part)
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: rule_out(reference, part, by=request.caller, **form.cleaned_data))
        if done is not None:
            toast(request, _("%(part)s does not apply to %(name)s.") % {"part": label, "name": item.name})
            return redirect("handbook:service", item.reference)
    title = _("%(part)s does not apply") % {"part": label}
    says = _("It then counts as done, with your name and reason beside it, until somebody takes that back.")
    return _form(request, item, form, title=title, says=says, submit=_("Say that it does not apply"))


@page(DocumentPermission.CREATE, methods=POST)
def part_begun(request: Request, reference: str, part: str) -> HttpResponse:
    """Begin a missing part, and go on to write it."""
    document = begin_part(reference, part, by=request.caller)
    toast(request, _("A draft has begun. Nobody but those who write sees it until it is published."))
    return redirect(document_url("edit", document) or reverse("handbook:service", args=[document.item.reference]))


@page(HandbookPermission.VIEW, methods=POST)
def part_still_true(request: Request, reference: str, part: str) -> HttpResponse:
    """It holds, says the caller's name."""
    doubts = {int(text) for text in request.POST.getlist("doubt") if text.isascii() and text.isdigit()}
    confirm_part(
        reference, part, by=request.caller, version=version_of(request), doubt_ids=doubts,
        text=request.POST.get("text", "")[:500],
    )  # fmt: skip
    toast(request, _("%(part)s is still true, says your name.") % {"part": part_label(part)})
    return redirect("handbook:service", reference)


@page(HandbookPermission.VIEW, methods=POST)
def part_applies(request: Request, reference: str, part: str) -> HttpResponse:
    """It applies after all."""
    take_back(reference, part, by=request.caller, version=version_of(request))
    return redirect("handbook:service", reference)


@page(HandbookPermission.CONTRADICT, methods=GET_POST)
def contradiction_new(request: Request, reference: str) -> HttpResponse:
    """Operations says that it cannot be run from this."""
    item = find_service(reference, request.caller)
    form = ContradictionForm(request.POST or None, initial={"part": request.GET.get("part", "")})
    if request.method == "POST" and form.is_valid():
        made = tried(form, lambda: contradict(reference, by=request.caller, **form.cleaned_data))
        if made is not None:
            toast(request, _("It is a task of the group that answers now."))
            return redirect("handbook:service", item.reference)
    title = _("%(name)s cannot be run from this") % {"name": item.name}
    says = _(
        "Say what you looked for and did not find, or what did not hold. The group that answers gets it as a task."
    )
    return _form(request, item, form, title=title, says=says, submit=_("Contradict"))


@page(HandbookPermission.VIEW, methods=GET_POST)
def contradiction(request: Request, number: int) -> HttpResponse:
    """What became of it."""
    found = find_contradiction(number, request.caller)
    request.caller.require(HandbookPermission.SETTLE, found.item)
    form = SettlementForm(request.POST or None, initial={"version": found.version})
    if request.method == "POST" and form.is_valid():
        done = tried(form, lambda: settle(number, by=request.caller, **form.cleaned_data))
        if done is not None:
            return redirect("handbook:service", found.item.reference)
    title = _("Settle the contradiction")
    return _form(request, found.item, form, title=title, says=found.text, submit=_("Settle it"))


@page(HandbookPermission.WEIGHT_MANAGE, methods=GET_POST)
def weights_page(request: Request) -> HttpResponse:
    """What each part counts in completeness."""
    versions = dict(Weight.objects.values_list("part", "version"))
    form = WeightsForm(request.POST or None, weights=weights(), versions=versions)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            for part, (weight, version) in form.changed().items():
                set_weight(part, by=request.caller, version=version, weight=weight)
        toast(request, _("The weights are saved."))
        return redirect("handbook:gaps")
    return form_page(
        request, form, title=_("What each part counts"), crumbs=crumbs(), cancel_url=reverse("handbook:gaps"),
        says=_("0 leaves a part out of completeness, gaps and readiness in the whole house."),
    )  # fmt: skip
