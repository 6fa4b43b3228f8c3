"""The pages of coverage and rules."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.estate.reasons import in_words
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Answer, GroundSort, Group
from helhet.groups.permissions import GroupPermission
from helhet.items.models import Family, Item, Kind
from helhet.journal.actions import close_batch, history, open_batch
from helhet.journal.models import BatchSort, Event
from helhet.kit.errors import Invalid, Refused
from helhet.kit.jobs import Job
from helhet.kit.parts import Crumb, HistoryLine
from helhet.kit.toasts import toast
from helhet.kit.web import Request, page
from helhet.responsibility import pictures
from helhet.responsibility.actions import Draft, place_of, words
from helhet.responsibility.command import day_of
from helhet.responsibility.coverage import count
from helhet.responsibility.deciding import translated
from helhet.responsibility.forms import RuleForm, initial_of
from helhet.responsibility.links import counted, items_url
from helhet.responsibility.models import Rule, RuleSort
from helhet.responsibility.permissions import ResponsibilityPermission
from helhet.responsibility.saving import Saved, placed, save_rule, take_away, under_way
from helhet.responsibility.suggesting import suggest
from helhet.responsibility.trying import preview

PILE = 5
TREND_DAYS = 365
WRITE = ("GET", "HEAD", "POST")


@page(ResponsibilityPermission.COVERAGE_VIEW)
def coverage(request: Request) -> HttpResponse:
    """The proof: what is under a living group, what is not, and what to do about it. `?on=` asks for a past day."""
    on = day_of(request.GET.get("on"))
    family = request.GET.get("family", "")
    if family and family not in Family.values:
        raise Invalid(_("There is no family %(name)s.") % {"name": family})
    found = count(on)
    words_of = ("counted", "unowned", "living", "contested", "dead")
    context = {
        "coverage": found,
        "is_today": on is None or on == timezone.localdate(),
        "family": Family(family).label if family else "",
        "matrix": pictures.matrix(found, family),
        "urls": {word: items_url(counted(word=word)) for word in words_of},
        "lately": pictures.came_lately(request.caller),
        "lately_url": items_url(f"{counted(word='unowned')} created:>=-1d"),
        "not_seen_url": items_url("seen:no"),
        "pile": suggest(pictures.newest_unowned(request.caller, PILE)) if on is None else [],
        "pile_size": PILE,
        "line": pictures.trend(timezone.localdate() - dt.timedelta(days=TREND_DAYS)),
        "may_assign": request.caller.may(GroupPermission.TAKE),
        "crumbs": [Crumb(_("Estate"), items_url())],
    }
    return render(request, "responsibility/coverage.html", context)


@page(GroupPermission.TAKE, methods=("POST",))
def assignments(request: Request) -> HttpResponse:
    """Assign one unowned item to the group suggested, or all the sure ones at once."""
    pairs = [pair.partition(":") for pair in request.POST.getlist("assign")]
    wanted: dict[str, list[int]] = {}
    for item_id, _colon, group_id in pairs:
        if item_id.isdigit() and group_id.isdigit():
            wanted.setdefault(group_id, []).append(int(item_id))
    if not wanted:
        raise Invalid(_("Nothing was chosen."))
    batch = open_batch(BatchSort.BULK, _("Assigned as suggested"), by=request.caller)
    total = 0
    for group_id, ids in wanted.items():
        group = Group.objects.visible_to(request.caller).filter(pk=int(group_id)).first()
        seen = list(Item.objects.visible_to(request.caller).filter(pk__in=ids).values_list("id", flat=True))
        if group is None or len(seen) != len(ids):
            raise Http404
        assign_by_hand(
            seen, group, by=request.caller, on=timezone.localdate(), batch=batch, reason=_("as suggested by likeness")
        )
        total += len(seen)
    close_batch(batch, by=request.caller, counts={"assigned": total})
    toast(request, ngettext("%d item has got its group.", "%d items have got their groups.", total) % total)
    return redirect("responsibility:coverage")


@page(ResponsibilityPermission.RULE_VIEW)
def rules(request: Request) -> HttpResponse:
    """The one ordered list."""
    listed = list(Rule.objects.visible_to(request.caller).select_related("group__item"))
    kinds = list(Kind.objects.all())
    decided = _decided()
    saving = under_way()
    is_seen = saving is not None and Job.objects.visible_to(request.caller).filter(pk=saving.pk).exists()
    rows = [
        {
            "rule": rule, "place": place, "target": RuleSort(rule.sort).label, "decides": decided.get(rule.pk, 0),
            "fault": _fault(rule), "words": in_words(rule.filter, kinds) if rule.filter else "",
            "url": items_url(f"rule:{rule.number}"), "selects_url": items_url(rule.filter),
        }
        for place, rule in enumerate(listed, start=1)
    ]  # fmt: skip
    context = {
        "rows": rows,
        "idle": sum(1 for row in rows if not row["decides"]),
        "by_hand": decided.get(0, 0),
        "by_hand_url": items_url("ground:hand"),
        "unowned_url": items_url(counted(word="unowned")),
        "may_manage": request.caller.may(ResponsibilityPermission.RULE_MANAGE),
        "saving": saving,
        "saving_url": reverse("kit:job", args=[saving.pk]) if saving and is_seen else "",
    }
    return render(request, "responsibility/rules.html", context)


def _fault(rule: Rule) -> str:
    """Why the rule's filter can no longer be read, empty when it can."""
    try:
        translated(rule)
    except Invalid as fault:
        return str(fault.message)
    return ""


def _decided() -> dict[int, int]:
    """How many items each rule decides for now; under 0 those assigned by hand."""
    grounds = Answer.objects.open().values_list("ground__sort", "ground__rule_id").annotate(number=Count("id"))
    out: dict[int, int] = {}
    for sort, rule_id, number in grounds.filter(item__presence=0).exclude(ground__sort=GroundSort.NONE):
        key = 0 if sort == GroundSort.HAND else rule_id
        out[key] = out.get(key, 0) + number
    return out


@page(ResponsibilityPermission.RULE_MANAGE, methods=WRITE)
def new_rule(request: Request) -> HttpResponse:
    """Write a new rule, see what it would move, save it."""
    form = RuleForm(request.POST or None, caller=request.caller, initial={"filter": request.GET.get("q", "")})
    return _edit(request, form, None)


@page(ResponsibilityPermission.RULE_VIEW, methods=WRITE)
def rule(request: Request, number: int) -> HttpResponse:
    """One rule: what it says, what it decides, its history; changed here too."""
    one = _rule(request, number)
    form = RuleForm(request.POST or None, caller=request.caller, initial=initial_of(one, place_of(one)))
    if request.method == "POST":
        request.caller.require(ResponsibilityPermission.RULE_MANAGE)
    return _edit(request, form, one)


def _edit(request: Request, form: RuleForm, one: Rule | None) -> HttpResponse:
    """Show the form; on POST preview (`try`) or save, and keep what was written when it is refused."""
    seen = None
    if request.method == "POST" and form.is_valid():
        try:
            seen = preview(form.draft(), one, by=request.caller)
            if "save" in request.POST:
                return _saved(request, form, one)
        except Invalid as error:
            form.add_error(error.field if error.field in form.fields else None, str(error))
    context = {
        "form": form, "rule": one, "preview": seen, "words": words(one) if one else "",
        "may_manage": request.caller.may(ResponsibilityPermission.RULE_MANAGE),
        "decides_url": items_url(f"rule:{one.number}") if one else "",
        "decides": _decided().get(one.pk, 0) if one else 0,
        "history": [_line(event) for event in history("rule", one.pk)[:20]] if one else [],
        "complete_url": items_url(),
        "crumbs": [Crumb(_("Responsibility rules"), reverse("responsibility:rules"))],
    }  # fmt: skip
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "responsibility/rule.html", context, status=status)


def _line(event: Event) -> HistoryLine:
    """One event of a rule: who, and what it said before and after."""
    verb = _("wrote the rule") if event.verb.endswith("created") else _("changed the rule")
    altered = [(name, old, new) for name, old, new in event.changes if old != new]
    before = _said({name: old for name, old, _new in altered})
    after = _said({name: new for name, _old, new in altered})
    return HistoryLine(event.at, f"{event.actor or '–'} {verb}", before, after)


def _said(values: dict[str, Any]) -> str:
    """What a rule says, of what an event keeps of it: its filter in words or its target, its group and why."""
    sort = values.get("sort")
    target = RuleSort(sort).label if sort in RuleSort.values and sort != RuleSort.NAMED else ""
    said = in_words(values["filter"], list(Kind.objects.all())) if values.get("filter") else ""
    parts = (said, target, values.get("group"), values.get("note"))
    return ", ".join(str(part) for part in parts if part)


def _saved(request: Request, form: RuleForm, one: Rule | None) -> HttpResponse:
    draft = form.draft()
    saved = save_rule(draft, one, by=request.caller, version=form.cleaned_data["version"])
    if saved.job is not None or saved.rule is None:
        return _followed(saved)
    _told(request, _("Rule %(number)d is saved.") % {"number": saved.rule.number}, saved)
    return redirect("responsibility:rule", saved.rule.number)


def _followed(saved: Saved) -> HttpResponse:
    """To the job that carries out what moves very many items."""
    return redirect("kit:job", saved.job.pk) if saved.job else redirect("responsibility:rules")


def _told(request: Request, sentence: str, saved: Saved) -> None:
    moved = saved.moved.groups
    toast(request, f"{sentence} {ngettext('%d item moved.', '%d items moved.', moved) % moved}")


@page(ResponsibilityPermission.RULE_VIEW, methods=("POST",))
def rule_preview(request: Request) -> HttpResponse:
    """What the form's rule would move, as a part of the page, while it is being written."""
    number = request.POST.get("number", "")
    one = _rule(request, int(number)) if number.isdigit() else None
    form = RuleForm(request.POST, caller=request.caller)
    seen, error = None, ""
    if form.is_valid():
        try:
            seen = preview(form.draft(), one, by=request.caller)
        except Refused as refused:
            error = str(refused)
    context = {"preview": seen, "error": error, "form": form, "missing": _still_missing(form)}
    return render(request, "responsibility/_preview.html", context)


def _still_missing(form: RuleForm) -> str:
    """What is yet to be written, empty when nothing is or something is wrong: nobody is told off while writing."""
    if set(form.errors) - {"group", "filter"} or any(form.data.get(name) for name in form.errors):
        return ""
    if "filter" in form.errors:
        return _("Say which items, and you see here what would move.")
    return _("Choose a group, and you see here what would move.") if "group" in form.errors else ""


@page(ResponsibilityPermission.RULE_MANAGE, methods=("POST",))
def rule_place(request: Request, number: int) -> HttpResponse:
    """Move the rule one step, or to a place."""
    one = _rule(request, number)
    place = place_of(one) + {"up": -1, "down": 1}.get(request.POST.get("step", ""), 0)
    if request.POST.get("place", "").isdigit():
        place = int(request.POST["place"])
    saved = save_rule(placed(one, max(1, place)), one, by=request.caller, version=_version(request))
    if saved.job is None:
        _told(request, _("Rule %(number)d is moved.") % {"number": number}, saved)
        return redirect("responsibility:rules")
    return _followed(saved)


@page(ResponsibilityPermission.RULE_MANAGE, methods=WRITE)
def rule_removal(request: Request, number: int) -> HttpResponse:
    """Ask, showing what would move, and remove."""
    one = _rule(request, number)
    if request.method == "POST":
        saved = take_away(one, by=request.caller, version=_version(request), reason=request.POST.get("reason", ""))
        if saved.job is None:
            _told(request, _("Rule %(number)d is removed.") % {"number": number}, saved)
        return _followed(saved)
    seen = preview(Draft(one.sort, one.filter, one.group), one, by=request.caller, remove=True)
    context = {
        "rule": one, "words": words(one), "preview": seen,
        "crumbs": [Crumb(_("Responsibility rules"), reverse("responsibility:rules"))],
        "hidden": [("version", one.version)],
        "cancel_url": reverse("responsibility:rule", args=[number]),
    }  # fmt: skip
    return render(request, "responsibility/rule_removal.html", context)


def _rule(request: Request, number: int) -> Rule:
    found = Rule.objects.visible_to(request.caller).select_related("group__item").filter(number=number).first()
    if found is None:
        raise Http404
    return found


def _version(request: Request) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isdigit() else None
