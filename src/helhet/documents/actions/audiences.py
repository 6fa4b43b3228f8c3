"""Who reads documents, and who of a group approves them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.documents.models import ApprovalRule, Approver, Audience
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import tell_readers_set
from helhet.documents.readers import find_audience
from helhet.groups.finding import find_group, group_named
from helhet.groups.models import Group, GroupState
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

EVERYBODY = "all"
KEY = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
NAMES = ("name_sv", "name_en")


@transaction.atomic
def create_audience(
    *, by: Caller, key: str, name_sv: str, name_en: str = "", is_open: bool = False, groups: Sequence[str] = ()
) -> Audience:
    """An audience that documents can be for. `groups` are references; an open one is everyone who is signed in.

    The key stands in exported pages and in the name of the offline copy, and is never altered.
    """
    by.require(DocumentPermission.AUDIENCE_MANAGE)
    if not KEY.fullmatch(key):
        raise Invalid(_("A key is of small letters a to z, digits and hyphens."), field="key")
    if Audience.objects.filter(key=key).exists():
        raise Clash(_("There is an audience %(key)s already.") % {"key": key}, field="key")
    sv = _named("name_sv", name_sv)
    made = Audience(key=key, name_sv=sv, name_en=_named("name_en", name_en or sv), is_open=is_open)
    chosen = _groups(groups, by)
    _check_readers(made, chosen)
    made.save()
    made.groups.set(chosen)
    record("documents.audience.created", "audience", made.pk, by=by, after={"key": key, **_state(made)})
    return made


@transaction.atomic
def change_audience(key: str, *, by: Caller, version: int | None, **wanted: Any) -> Audience:
    """Set name_sv, name_en, is_open, groups (references). Everyone's stays open: the register rests on it."""
    by.require(DocumentPermission.AUDIENCE_MANAGE)
    found = find_audience(key, by, for_change=True)
    check_version(found, version, found.key)
    before = _state(found)
    chosen = _groups(wanted.pop("groups"), by) if "groups" in wanted else list(found.groups.all())
    for name, value in wanted.items():
        if name not in {*NAMES, "is_open"}:
            raise Invalid(_("An audience has no field %(name)s.") % {"name": name[:40]}, field=name)
        setattr(found, name, _named(name, value) if name in NAMES else value)
    _check_readers(found, chosen)
    found.groups.set(chosen)
    after = _state(found)
    altered = [name for name in before if before[name] != after[name]]
    if not altered:
        return found
    found.version += 1
    found.save()
    record(
        "documents.audience.changed", "audience", found.pk, by=by, before={name: before[name] for name in altered},
        after={name: after[name] for name in altered},
    )  # fmt: skip
    tell_readers_set([found.key])
    return found


@transaction.atomic
def remove_audience(key: str, *, by: Caller, version: int | None) -> None:
    """Take away an audience that no document is for."""
    by.require(DocumentPermission.AUDIENCE_MANAGE)
    found = find_audience(key, by, for_change=True)
    check_version(found, version, found.key)
    if found.is_builtin:
        raise Clash(_("%(audience)s belongs to the product.") % {"audience": found.key})
    if count := found.documents.count():
        raise Clash(
            ngettext("%(n)s document is for %(audience)s.", "%(n)s documents are for %(audience)s.", count)
            % {"n": count, "audience": found.key},
            todo=_("Give them other readers first."),
        )
    record("documents.audience.removed", "audience", found.pk, by=by, before={"key": key, **_state(found)})
    found.delete()
    tell_readers_set([key])


@transaction.atomic
def set_approval(
    group: str, *, by: Caller, version: int | None, approver: str, needs_review: bool = False
) -> ApprovalRule:
    """Say who of the group approves its documents, and whether another must review them before."""
    found = find_group(group, by)
    by.require(DocumentPermission.APPROVAL_MANAGE, found)
    if found.state == GroupState.CLOSED:
        raise Clash(_("The group is closed."), todo=_("Reopen it first."))
    if approver not in Approver.values:
        raise Invalid(_("There is no such approver."), todo=", ".join(Approver.values), field="approver")
    rule = ApprovalRule.objects.select_for_update().filter(group=found).first()
    rule = rule or ApprovalRule(group=found)
    check_version(rule, version, found.reference)
    before = {"approver": str(rule.approver), "needs_review": rule.needs_review}
    after = {"approver": str(approver), "needs_review": needs_review}
    if before == after:
        return rule
    rule.approver, rule.needs_review = approver, needs_review
    rule.version += 1
    rule.save()
    record("documents.approval.set", "approval", found.pk, by=by, before=before, after=after)
    return rule


def give_audiences(group: Group, to: Group, *, by: Caller, reason: str = "") -> None:
    """Inside the closing of a group, whose right is asked there: the audiences that it belongs to get `to` instead."""
    for one in Audience.objects.select_for_update().filter(groups=group):
        before = _state(one)
        one.groups.remove(group)
        one.groups.add(to)
        one.version += 1
        one.save(update_fields=["version"])
        record(
            "documents.audience.changed", "audience", one.pk, by=by, reason=reason,
            before={"groups": before["groups"]}, after={"groups": _state(one)["groups"]},
        )  # fmt: skip


def _named(name: str, text: str) -> str:
    words = " ".join(text.split())
    if not words or len(words) > 100:
        raise Invalid(_("Write a name of at most 100 characters."), field=name)
    return words


def _groups(references: Sequence[str], by: Caller) -> list[Group]:
    return [group_named(one, by) for one in dict.fromkeys(references)]


def _check_readers(one: Audience, groups: Sequence[Group]) -> None:
    if one.key == EVERYBODY and not one.is_open:
        raise Clash(
            _("This audience is everyone who is signed in."), todo=_("Make another for fewer."), field="is_open"
        )
    if one.is_open and groups:
        raise Invalid(_("An audience is either everyone or some groups."), field="groups")
    if not one.is_open and not groups:
        raise Invalid(_("Nobody would read it."), todo=_("Choose at least one group."), field="groups")


def _state(one: Audience) -> dict[str, Any]:
    groups = sorted(group.reference for group in one.groups.select_related("item")) if one.pk else []
    return {"name_sv": one.name_sv, "name_en": one.name_en, "is_open": one.is_open, "groups": groups}
