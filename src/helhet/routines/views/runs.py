"""Runs: the list, one of them step by step, its answers and its end."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from helhet import __version__
from helhet.documents.rendering import html_of_text
from helhet.groups.views.pages import POST
from helhet.items.finding import find_item
from helhet.kit.errors import Forbidden, Invalid, NotFound, Refused
from helhet.kit.toasts import toast
from helhet.kit.web import Request, asks_for_json, page
from helhet.routines.actions import abandon_run, answer_step, begin_run, choose_answer, end_run, take_run
from helhet.routines.finding import find_routine, find_run
from helhet.routines.forms import EndForm
from helhet.routines.keys import new_key
from helhet.routines.models import Run, RunOrigin, RunStep
from helhet.routines.permissions import RoutinePermission
from helhet.routines.reading import run_shown, run_words
from helhet.routines.running import approving, may_change
from helhet.routines.views.pages import crumbs, done, tabs

SHOWN = 50
NUMBER = re.compile(r"\d{1,18}", re.ASCII)
WORKER = "built/pages/run_worker.js"


@page(RoutinePermission.RUN, methods=POST)
def run_new(request: Request, reference: str) -> HttpResponse:
    """Begin a run, perhaps on an item."""
    found = find_routine(reference, request.caller, for_change=False)
    wanted = request.POST.get("item", "")[:100].strip()
    origin = RunOrigin.ITEM if request.POST.get("origin") == RunOrigin.ITEM else RunOrigin.ROUTINE
    try:
        run = begin_run(
            found, by=request.caller, key=request.POST.get("key", ""), origin=origin,
            item=find_item(wanted, request.caller) if wanted else None, is_exercise="exercise" in request.POST,
        )  # fmt: skip
    except (Refused, NotFound) as refusal:
        if refusal.status == 403:
            raise
        toast(request, f"{refusal.message} {refusal.todo}".strip(), failed=True)
        return redirect(found)
    return redirect(run)


@page(RoutinePermission.VIEW)
def runs(request: Request) -> HttpResponse:
    """What is under way, one's own first, and what has ended lately."""
    everything = Run.objects.visible_to(request.caller).select_related("routine__document__item", "item")
    waiting = Exists(RunStep.objects.filter(run=OuterRef("pk"), waits=True))
    under_way = everything.filter(outcome="").annotate(has_two_answers=waiting)
    mine = under_way.filter(user_id=request.caller.user_id)
    others = under_way.exclude(user_id=request.caller.user_id)
    ended = [(run, *run_words(run)) for run in everything.exclude(outcome="")[:SHOWN]]
    context = {
        "mine": mine[:SHOWN], "others": others[:SHOWN], "ended": ended, "count": mine.count(), "tabs": tabs("runs")
    }  # fmt: skip
    return render(request, "routines/runs.html", context)


@page(RoutinePermission.VIEW)
def run(request: Request, run_id: int) -> HttpResponse:
    """One run, step by step."""
    found = find_run(run_id, request.caller)
    return _run_page(request, found)


def _run_page(request: Request, found: Run, refusal: Refused | None = None) -> HttpResponse:
    shown = run_shown(found, request.caller)
    mark, words = run_words(found)
    context = {
        "run": found, "shown": shown, "routine": found.routine, "document": found.routine.document,
        "item": found.routine.document.item, "crumbs": crumbs(found.routine), "mark": mark,
        "text": html_of_text(found.of_version.text, request.caller, of=found.routine.document),
        "words": words, "refusal": refusal, "may_change": may_change(request.caller, found),
        "approving": approving(request.caller, found, shown.progress.now),
        "may_take": request.caller.may(RoutinePermission.RUN, found.routine.document.item),
        "answer_key": new_key(), "sender": str(request.caller.user_id),
        "edition": getattr(staticfiles_storage, "manifest_hash", "") or __version__,
    }  # fmt: skip
    return render(request, "routines/run.html", context, status=refusal.status if refusal else 200)


@page(RoutinePermission.RUN_CHANGE, methods=POST)
def run_answer(request: Request, run_id: int) -> HttpResponse:
    """An answer to a step, with a photo where it has one."""
    sent = request.POST
    _check_sender(request)
    try:
        answered = answer_step(
            run_id, by=request.caller, key=sent.get("key", ""), step=sent.get("step", ""),
            state=sent.get("state", ""), value=sent.get("value", ""), note=sent.get("note", ""),
            said_at=said_at(sent.get("said_at", "")), photo=request.FILES.get("photo"),
        )  # fmt: skip
    except Refused as refusal:
        return _refused(request, run_id, refusal)
    return done(request, find_run(run_id, request.caller), waits=answered.waits)


@page(RoutinePermission.RUN_CHANGE, methods=POST)
def run_choose(request: Request, run_id: int, answer_id: int) -> HttpResponse:
    """Which of two answers to a step counts."""
    _check_sender(request)
    standing = request.POST.get("standing", "")
    try:
        choose_answer(
            run_id, answer_id, by=request.caller, take=request.POST.get("choice") == "take",
            standing=int(standing) if NUMBER.fullmatch(standing) else 0,
        )  # fmt: skip
    except Refused as refusal:
        return _refused(request, run_id, refusal)
    return done(request, find_run(run_id, request.caller))


@page(RoutinePermission.RUN, methods=POST)
def run_take(request: Request, run_id: int) -> HttpResponse:
    """Take the run over."""
    try:
        taken = take_run(run_id, by=request.caller)
    except Refused as refusal:
        return _refused(request, run_id, refusal)
    toast(request, _("The run is yours now."))
    return done(request, taken)


@page(RoutinePermission.RUN_CHANGE, methods=POST)
def run_end(request: Request, run_id: int) -> HttpResponse:
    """How it went."""
    form = EndForm(request.POST)
    _check_sender(request)
    try:
        if not form.is_valid():
            name, faults = next(iter(form.errors.items()))
            raise Invalid(str(faults[0]), field=name)
        ended = end_run(run_id, by=request.caller, **form.wanted())
    except Refused as refusal:
        return _refused(request, run_id, refusal)
    return done(request, ended)


@page(RoutinePermission.RUN_CHANGE, methods=POST)
def run_abandon(request: Request, run_id: int) -> HttpResponse:
    """It is not gone on with."""
    _check_sender(request)
    return done(request, abandon_run(run_id, by=request.caller, note=request.POST.get("note", "")))


def _check_sender(request: Request) -> None:
    """Raise Forbidden for what a browser kept of another person: it is never taken as the caller's."""
    sender = request.POST.get("user", "")
    if sender and sender != str(request.caller.user_id):
        raise Forbidden(
            _("Another person gave this answer, while signed in here."),
            todo=_("It is kept in this browser until that person signs in again."), field="user",
        )  # fmt: skip


def _refused(request: Request, run_id: int, refusal: Refused) -> HttpResponse:
    """The run with what was refused above it; for a script the refusal itself."""
    if asks_for_json(request) or refusal.status in (403, 404):
        raise refusal
    return _run_page(request, find_run(run_id, request.caller), refusal)


def said_at(text: str) -> dt.datetime | None:
    """When a phone says that a step was ticked; nothing when it cannot be read."""
    try:
        read = parse_datetime(text[:40])
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None


@page(RoutinePermission.VIEW)
def run_worker(request: Request) -> HttpResponse:
    """The script that keeps the page of a run for when there is no network. It must stand above the runs."""
    del request
    place = finders.find(WORKER) or (staticfiles_storage.path(WORKER) if staticfiles_storage.exists(WORKER) else None)
    if place is None:
        raise NotFound(_("There is nothing here."))
    return HttpResponse(Path(str(place)).read_bytes(), content_type="text/javascript; charset=utf-8")
