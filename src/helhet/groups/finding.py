"""Finding one group, person or task by what people call it, and holding a change to the version it was made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _

from helhet.groups.models import Group, Membership, Person, SavedView, Task
from helhet.items.filters import reference_condition
from helhet.items.models import Item, KeySort, SourceKey
from helhet.items.text import fold
from helhet.kit.errors import Invalid, NotFound

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from helhet.kit.rights import Caller

M = TypeVar("M", bound=Model)


def find_group(text: str, caller: Caller, *, for_change: bool = False) -> Group:
    """The group with this reference (`GRP-3`) or `source:key`, with its item.

    Raises NotFound also for one that the caller may not see. `for_change` takes its item's row for the transaction.
    """
    found = _group_ids(text).first()
    groups = Group.objects.visible_to(caller).select_related("item__kind", "parent__item")
    group = groups.filter(pk=found).first() if found is not None else None
    if group is None:
        raise NotFound(
            _("There is no group %(text)s.") % {"text": text},
            todo=_("Write a reference such as GRP-3, or source:key."),
            where=text[:100],
        )
    if for_change:
        list(Item.objects.select_for_update(of=("self",)).filter(pk=group.pk).values_list("pk", flat=True))
        return groups.get(pk=group.pk)
    return group


def group_named(text: str, caller: Caller) -> Group:
    """The group with this reference, `source:key` or exact name. Raises NotFound, or Invalid when a name is two's."""
    if _group_ids(text).exists():
        return find_group(text, caller)
    named = Group.objects.visible_to(caller).filter(item__name_fold=fold(text))
    groups = list(named.select_related("item__kind")[:2])
    if len(groups) == 1:
        return groups[0]
    if groups:
        raise Invalid(
            _("More than one group is called %(text)s.") % {"text": text},
            todo=_("Write its reference, such as GRP-3."), field="group",
        )  # fmt: skip
    return find_group(text, caller)


def _group_ids(text: str) -> QuerySet[Group, int]:
    known = reference_condition(text)
    if known is not None:
        return Group.objects.filter(item__in=Item.objects.filter(known)).values_list("pk", flat=True)
    source, colon, key = text.partition(":")
    if not colon or not key:
        return Group.objects.none().values_list("pk", flat=True)
    keys = SourceKey.objects.filter(source__name=source, key=key, sort=KeySort.GROUP)
    return Group.objects.filter(item__in=keys.values("item")).values_list("pk", flat=True)


def find_person(person_id: int, caller: Caller, *, for_change: bool = False) -> Person:
    """The person with this number. Raises NotFound."""
    people = Person.objects.visible_to(caller)
    return _one(people, person_id, _("There is no person %(number)s."), for_change=for_change)


def person_named(text: str, caller: Caller) -> Person:
    """The person with this e-mail address, exact name or number. Raises NotFound, or Invalid when a name is two's."""
    text = " ".join(text.split())
    people = Person.objects.visible_to(caller).filter(ended_on__isnull=True)
    by_email = people.filter(email=text.lower()).first() if "@" in text else None
    if by_email is not None:
        return by_email
    if text.isascii() and text.isdigit() and len(text) < 16:
        return find_person(int(text), caller)
    wanted = fold(text)
    ids = [pk for pk, name in people.values_list("pk", "name") if fold(name) == wanted]
    if len(ids) == 1:
        return people.get(pk=ids[0])
    if ids:
        raise Invalid(
            _("More than one person is called %(text)s.") % {"text": text},
            todo=_("Write the e-mail address, or the number of the person's page."), field="person",
        )  # fmt: skip
    raise NotFound(
        _("There is no person %(text)s.") % {"text": text},
        todo=_("Write the name as it stands in the register, or add the person first."), field="person",
    )  # fmt: skip


def find_membership(membership_id: int, caller: Caller, *, for_change: bool = False) -> Membership:
    """The membership with this number. Raises NotFound."""
    rows = Membership.objects.filter(group__in=Group.objects.visible_to(caller))
    found = _one(rows, membership_id, _("There is no membership %(number)s."), for_change=for_change)
    return Membership.objects.select_related("group__item__kind", "person").get(pk=found.pk)


def find_task(task_id: int, caller: Caller, *, for_change: bool = False) -> Task:
    """The task with this number. Raises NotFound."""
    tasks = Task.objects.visible_to(caller)
    return _one(tasks, task_id, _("There is no task %(number)s."), for_change=for_change)


def find_view(slug: str, caller: Caller) -> SavedView:
    """The saved view with this slug: one's own, or a shared one. Raises NotFound."""
    found = SavedView.objects.visible_to(caller).filter(slug=slug).first()
    if found is None:
        raise NotFound(_("There is no saved view %(slug)s.") % {"slug": slug}, where=slug[:100])
    return found


def _one(rows: QuerySet[M, M], number: int, missing: str, *, for_change: bool) -> M:
    if for_change:
        rows = rows.select_for_update(of=("self",))
    found = rows.filter(pk=number).first()
    if found is None:
        raise NotFound(missing % {"number": number}, where=str(number))
    return found
