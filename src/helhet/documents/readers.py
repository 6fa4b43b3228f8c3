"""The audiences that documents are for."""

from __future__ import annotations

from django.db.models import Count, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from helhet.documents.models import ApprovalRule, Audience
from helhet.documents.permissions import DocumentPermission
from helhet.groups.models import Group
from helhet.kit.errors import NotFound
from helhet.kit.rights import Caller


def visible_audiences(caller: Caller) -> QuerySet[Audience]:
    """All of them, to whoever may know of documents, each with `count`: how many documents are for it."""
    found = Audience.objects.annotate(count=Count("documents"))
    return found if caller.may(DocumentPermission.VIEW) else found.none()


def find_audience(key: str, caller: Caller, *, for_change: bool = False) -> Audience:
    """The audience with this key. Raises NotFound. `for_change` takes its row for the transaction."""
    caller.require(DocumentPermission.VIEW)
    rows = Audience.objects.select_for_update() if for_change else Audience.objects.all()
    found = rows.filter(key=key[:40]).first()
    if found is None:
        raise NotFound(_("There is no audience %(key)s.") % {"key": key[:40]}, where=key[:40])
    return found


def audience_name(one: Audience) -> str:
    """In the reader's language."""
    return one.name_sv if (get_language() or "sv").startswith("sv") else one.name_en


def approval_of(group: Group) -> ApprovalRule:
    """What is said of the group's approval; when nothing is said, its chair or a deputy (an unsaved row)."""
    return ApprovalRule.objects.filter(group=group).first() or ApprovalRule(group=group)
