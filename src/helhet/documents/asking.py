"""Each group is asked once, however many of its documents need a check."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from helhet.documents.models import Document, Doubt
from helhet.groups.actions import create_task, finish_task
from helhet.groups.models import Answer, Task, TaskState
from helhet.items.models import Item
from helhet.kit.rights import the_system

ORIGIN = "check"
CHUNK = 800
SYSTEM = the_system("helhet")


def ask_groups(documents: Iterable[int]) -> None:
    """See to it that each group that answers for one of these documents has an open task to check what is doubted."""
    numbers = sorted(documents)
    groups: set[int] = set()
    for start in range(0, len(numbers), CHUNK):
        items = Document.objects.filter(pk__in=numbers[start : start + CHUNK]).values("item_id")
        answers = Answer.objects.open().filter(item_id__in=items, group__isnull=False)
        groups.update(answers.values_list("group_id", flat=True))
    asked = set(
        Task.objects.filter(group_id__in=groups, origin=ORIGIN, state=TaskState.OPEN).values_list("group_id", flat=True)
    )
    with override(settings.LANGUAGE_CODE):
        for item in Item.objects.filter(pk__in=groups - asked):
            create_task(
                by=SYSTEM, title=_("Check documents that may no longer be true"), group=item.reference,
                text=_("What they describe has changed, or somebody says that they are wrong."), origin=ORIGIN,
                origin_id=item.pk,
            )  # fmt: skip


def end_asking(group_id: int | None) -> None:
    """End the group's task when none of its documents is doubted any more."""
    if group_id is None:
        return
    doubted = Answer.objects.open().filter(
        group_id=group_id, item_id__in=Doubt.objects.filter(settled_at__isnull=True).values("document__item_id")
    )
    if doubted.exists():
        return
    for task in Task.objects.filter(group_id=group_id, origin=ORIGIN, state=TaskState.OPEN):
        finish_task(task.pk, by=SYSTEM, version=task.version, outcome=_("All are checked."))
