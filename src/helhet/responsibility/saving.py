"""Saving a rule from the page or the API: at once, or as a job when it moves very many items. One change at a time."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.groups.answering import Moved
from helhet.groups.finding import find_group
from helhet.items.models import Item
from helhet.kit.errors import Clash
from helhet.kit.jobs import Job, JobContext, job
from helhet.kit.rights import Caller
from helhet.responsibility.actions import (
    Draft,
    change_rule,
    check,
    check_rule_version,
    create_rule,
    place_of,
    remove_rule,
)
from helhet.responsibility.models import Rule
from helhet.responsibility.permissions import ResponsibilityPermission
from helhet.responsibility.trying import preview

AT_ONCE = 50_000
NAME = "responsibility.save_rule"


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a change: the rule (None when it was removed) and what moved, or the job that does it."""

    rule: Rule | None = None
    moved: Moved = field(default_factory=Moved)
    job: Job | None = None


def under_way() -> Job | None:
    """The change of the rules that waits or runs, if there is one."""
    return Job.objects.filter(name=NAME).open().order_by("id").first()


def refuse_meanwhile() -> None:
    """Raise Clash while a change of the rules is being carried out."""
    found = under_way()
    if found is not None:
        raise Clash(
            _("Another change of the rules is being carried out."),
            todo=_("Wait until it is done, or let whoever asked for it cancel it."), job=found.pk,
        )  # fmt: skip


def save_rule(draft: Draft, rule: Rule | None = None, *, by: Caller, version: int | None = None) -> Saved:
    """Put the draft in place of `rule`, or in the list as a new one."""
    by.require(ResponsibilityPermission.RULE_MANAGE)
    refuse_meanwhile()
    if rule is not None:
        check_rule_version(rule, version)
    check(draft, by)
    if _moves_many(draft, rule, by):
        title = _("Rule %(number)s is saved") % {"number": rule.number} if rule else _("A new rule is saved")
        return Saved(rule, job=_later(title, draft, rule, by, version))
    if rule is None:
        made, moved = create_rule(draft, by=by)
        return Saved(made, moved)
    return Saved(rule, change_rule(rule, draft, by=by, version=version))


def take_away(rule: Rule, *, by: Caller, version: int | None, reason: str = "") -> Saved:
    """Remove the rule."""
    by.require(ResponsibilityPermission.RULE_MANAGE)
    refuse_meanwhile()
    check_rule_version(rule, version)
    draft = Draft(rule.sort, rule.filter, rule.group)
    if _moves_many(draft, rule, by, remove=True):
        title = _("Rule %(number)s is removed") % {"number": rule.number}
        return Saved(job=_later(title, draft, rule, by, version, remove=True, reason=reason))
    return Saved(moved=remove_rule(rule, by=by, version=version, reason=reason))


def placed(rule: Rule, place: int) -> Draft:
    """The rule as it is, at another place."""
    return Draft(rule.sort, rule.filter, rule.group, rule.note, place)


def _moves_many(draft: Draft, rule: Rule | None, by: Caller, *, remove: bool = False) -> bool:
    """Whether more items would move than one request should; a register that has no more is not asked further."""
    if Item.objects.order_by().values("id")[: AT_ONCE + 1].count() <= AT_ONCE:
        return False
    return preview(draft, rule, by=by, remove=remove).moved > AT_ONCE


def _later(
    title: str, draft: Draft, rule: Rule | None, by: Caller, version: int | None, *, remove: bool = False,
    reason: str = "",
) -> Job:  # fmt: skip
    wanted = {**asdict(draft), "group": draft.group.reference if draft.group else None, "sort": str(draft.sort)}
    top = Rule.objects.aggregate(top=Max("number"))["top"] or 0
    return save_rule_job.later(
        caller=by, unique="rules", title=title, wanted=wanted, number=rule.number if rule else None, version=version,
        remove=remove, reason=reason, after=top,
    )  # fmt: skip


@job(name=NAME, title=gettext_lazy("Save a rule"), lease=600)
def save_rule_job(
    context: JobContext, *, wanted: dict[str, Any], number: int | None, version: int | None, remove: bool, reason: str,
    after: int,
) -> dict[str, Any]:  # fmt: skip
    """Carry out a change that moves many; begun again after it was committed, it does nothing more."""
    by = context.caller
    group = find_group(wanted["group"], by) if wanted["group"] else None
    draft = Draft(**{**wanted, "group": group})
    rule = Rule.objects.filter(number=number).first() if number is not None else None
    done = _done_before(draft, rule, number, version, after, remove=remove)
    if done is not None:
        return {"url": _url(done), "moved": None}
    total = preview(draft, rule, by=by, remove=remove).moved
    context.progress(0, total, _("The items are given their groups. Until it is done, nothing has changed."))
    if remove and rule is not None:
        moved = remove_rule(rule, by=by, version=version, reason=reason)
        rule = None
    elif rule is not None:
        moved = change_rule(rule, draft, by=by, version=version)
    else:
        rule, moved = create_rule(draft, by=by)
    return {"url": _url(rule), "moved": moved.groups}


def _done_before(
    draft: Draft, rule: Rule | None, number: int | None, version: int | None, after: int, *, remove: bool
) -> Rule | bool | None:
    """The rule (False when it is gone) where an earlier try of this job did it all, else None."""
    if remove:
        return False if rule is None else None
    if number is None:
        made = Rule.objects.filter(number__gt=after, sort=draft.sort, filter=draft.filter.strip(), group=draft.group)
        return made.first()
    is_so = rule is not None and rule.version == (version or 0) + 1 and _says(rule, draft)
    return rule if is_so else None


def _says(rule: Rule, draft: Draft) -> bool:
    same = (rule.sort, rule.filter, rule.group) == (draft.sort, draft.filter.strip(), draft.group)
    return same and draft.place in {None, place_of(rule)}


def _url(rule: Rule | bool | None) -> str:
    if isinstance(rule, Rule):
        return reverse("responsibility:rule", args=[rule.number])
    return reverse("responsibility:rules")
