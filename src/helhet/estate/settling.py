"""The other end of a dependency says whether it holds: confirms it, or questions it, which becomes a task."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, Standing
from helhet.estate.permissions import EstatePermission
from helhet.groups.actions import create_task, finish_task
from helhet.groups.models import Answer, Group, GroupState, Task, TaskState
from helhet.items.models import Item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller, the_system
from helhet.kit.versions import check_version

ORIGIN = "dependency"
"""What tasks that come of a question have as their origin, with the dependency's number."""
WORDS_LIMIT = 500


def group_of(item: Item) -> Group | None:
    """The group that answers for the item now and is not closed."""
    found = Answer.objects.open().filter(item_id=item.pk).select_related("group__item").first()
    group = found.group if found else None
    return group if group is not None and group.state != GroupState.CLOSED else None


@transaction.atomic
def confirm(one: Dependency, *, by: Caller, version: int | None) -> Dependency:
    """The group of the other end says that it holds."""
    by.require(EstatePermission.DEPENDENCY_SETTLE, one.other_end)
    check_version(one, version, _("The dependency"))
    close_questions(one, _("The dependency was confirmed."), by=by)
    return _settle(one, Standing.CONFIRMED, "", "confirmed", by)


@transaction.atomic
def question(one: Dependency, words: str, *, by: Caller, version: int | None) -> Dependency:
    """The group of the other end doubts it, in words; the group that stated it gets a task. Where that has no group,
    the management team gets it.
    """
    by.require(EstatePermission.DEPENDENCY_SETTLE, one.other_end)
    check_version(one, version, _("The dependency"))
    words = words.strip()
    if not 0 < len(words) <= WORDS_LIMIT:
        raise Invalid(_("Say what you doubt, in at most 500 characters."), field="words")
    asked = group_of(one.stating_end) or Group.objects.filter(is_management_team=True).first()
    if asked is None:
        raise Clash(
            _("No group answers for %(item)s, so nobody can be asked.") % {"item": one.stating_end.name},
            todo=_("Assign a group to it first."),
        )
    close_questions(one, _("It was asked anew."), by=by)
    _settle(one, Standing.QUESTIONED, words, "questioned", by)
    create_task(
        by=by, group=asked.reference, item=one.stating_end.reference, text=words, origin=ORIGIN, origin_id=one.pk,
        title=_("Does %(item)s depend on %(other)s?") % {"item": one.from_item.name, "other": one.to_item.name},
    )  # fmt: skip
    return one


@transaction.atomic
def answer_question(one: Dependency, words: str, *, by: Caller, version: int | None) -> Dependency:
    """The group that stated it stands by it, in words: it waits to be confirmed again."""
    by.require(EstatePermission.DEPENDENCY_MANAGE, one.stating_end)
    check_version(one, version, _("The dependency"))
    if one.standing != Standing.QUESTIONED:
        raise Clash(_("Nobody questions this dependency."))
    words = words.strip()
    if not 0 < len(words) <= WORDS_LIMIT:
        raise Invalid(_("Say why it holds, in at most 500 characters."), field="words")
    close_questions(one, words, by=by)
    return _settle(one, Standing.STATED, words, "stood_by", by)


def close_questions(one: Dependency, outcome: str, *, by: Caller) -> None:
    """Whoever settles a dependency has done the task that its question made, whosesoever that is."""
    for task in Task.objects.filter(origin=ORIGIN, origin_id=one.pk, state=TaskState.OPEN):
        finish_task(task.pk, by=the_system(by.name), version=task.version, outcome=outcome)


def _settle(one: Dependency, standing: Standing, words: str, verb: str, by: Caller) -> Dependency:
    before = {"dependency": one.pk, "standing": one.standing}
    one.standing, one.standing_words, one.standing_by = standing, words, by.name[:200]
    one.standing_at = timezone.now()
    one.version += 1
    one.save(update_fields=["standing", "standing_words", "standing_by", "standing_at", "version"])
    told = {"dependency": one.pk, "needs": one.to_item.reference, "standing": str(standing)}
    record(
        f"estate.dependency.{verb}", "item", one.from_item_id, by=by, before=before,
        after=told | ({"words": words} if words else {}), reason=words,
    )  # fmt: skip
    return one
