"""What people do with findings: say what an unknown value means, or make the group that it names."""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.finding import find_change
from helhet.groups.finding import group_named
from helhet.groups.writing import NewGroup, add_groups
from helhet.importers.models import Finding
from helhet.importers.permissions import ImportPermission
from helhet.importers.ties import tie_up, waiting
from helhet.items.finding import find_item
from helhet.items.models import KeySort, SourceKey
from helhet.items.writing import NewKey
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller

SORTS = (
    "unknown_group",
    "unknown_whole",
    "unknown_end",
    "unknown_person",
    "unknown_change",
    "loop",
    "self_link",
    "duplicate",
    "times",
    "edited_here",
    "unreadable",
)


def open_findings(caller: Caller) -> QuerySet[Finding]:
    """The findings that stand open."""
    caller.require(ImportPermission.FINDING_VIEW)
    return Finding.objects.filter(closed_at__isnull=True).select_related("source", "item__kind")


def find_finding(finding_id: int, caller: Caller) -> Finding:
    """The open finding with this number. Raises NotFound."""
    found = open_findings(caller).filter(pk=finding_id).first()
    if found is None:
        raise NotFound(_("There is no open finding %(number)s.") % {"number": finding_id}, where=str(finding_id))
    return found


@transaction.atomic
def name_value(finding: Finding, thing: str, *, by: Caller) -> int:
    """Say which group, item or change the unknown value means, from now on and wherever this source writes it.

    Returns how many findings were tied up by it.
    """
    by.require(ImportPermission.START)
    sort = _sort(finding)
    if sort == KeySort.CHANGE:
        item_id = find_change(thing, by).pk
    else:
        item_id = group_named(thing, by).pk if sort == KeySort.GROUP else find_item(thing, by).pk
    return _point(finding, sort, item_id, by)


@transaction.atomic
def make_group(finding: Finding, *, by: Caller) -> int:
    """Make the group that the unknown value names. Returns how many findings were tied up by it."""
    by.require(ImportPermission.START)
    if _sort(finding) != KeySort.GROUP:
        raise Invalid(_("This value does not name a group."))
    on = timezone.localdate()
    key = NewKey(finding.source_id, finding.value[:300], sort=KeySort.GROUP)
    add_groups([NewGroup(name=finding.value[:300], key=key)], by=by, on=on)
    return _tied(finding, by)


def _sort(finding: Finding) -> KeySort:
    if finding.sort == "unknown_group":
        return KeySort.GROUP
    if finding.sort in {"unknown_whole", "unknown_end"}:
        return KeySort.ITEM
    if finding.sort == "unknown_change":
        return KeySort.CHANGE
    raise Invalid(_("This finding is mended in the source."), todo=_("Correct the value there, and import again."))


def _point(finding: Finding, sort: KeySort, item_id: int, by: Caller) -> int:
    key, is_new = SourceKey.objects.get_or_create(
        source=finding.source, sort=sort, key=finding.value[:300], defaults={"item_id": item_id}
    )
    if not is_new and key.item_id != item_id:
        raise Clash(_("%(value)s is something else already.") % {"value": finding.value})
    record("importers.value.named", "item", item_id, by=by, after={"source": finding.source.name, "key": finding.value})
    return _tied(finding, by)


def _tied(finding: Finding, by: Caller) -> int:
    same = waiting().filter(source=finding.source, sort=finding.sort, value=finding.value)
    return tie_up(same, by=by, on=timezone.localdate(), batch=None)
