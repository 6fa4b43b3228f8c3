"""What people do with dependencies: state one, and take it away."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, LinkCriticality
from helhet.estate.permissions import EstatePermission
from helhet.items.models import Item, Presence
from helhet.items.touching import touch
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller

TYPE_LIMIT = 60
NOTE_LIMIT = 500
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What an item needs and what needs it, each at most 200, with the true counts."""

    needs: list[Dependency]
    needed_by: list[Dependency]
    needs_count: int
    needed_by_count: int


def neighbours(item: Item) -> Neighbours:
    """The dependencies of an item in both directions, with the other end's item and kind."""
    out = Dependency.objects.filter(from_item=item, to_item__presence=Presence.HERE)
    into = Dependency.objects.filter(to_item=item, from_item__presence=Presence.HERE)
    needs = list(out.select_related("to_item__kind", "redundancy").order_by("to_item__name_key", "id")[: SHOWN + 1])
    needed = list(into.select_related("from_item__kind").order_by("from_item__name_key", "id")[: SHOWN + 1])
    return Neighbours(
        needs[:SHOWN],
        needed[:SHOWN],
        len(needs) if len(needs) <= SHOWN else out.count(),
        len(needed) if len(needed) <= SHOWN else into.count(),
    )


@transaction.atomic
def add_dependency(
    item: Item, other: Item, *, by: Caller, sort: str = "", criticality: str = "", note: str = ""
) -> Dependency:
    """State that `item` depends on `other`. Stating it again gives it the new criticality and note."""
    by.require(EstatePermission.DEPENDENCY_MANAGE, item)
    if item.pk == other.pk:
        raise Invalid(_("An item does not depend on itself."), todo=_("Choose another item."), field="to")
    type_ = " ".join(sort.split()) or "uses"
    if len(type_) > TYPE_LIMIT:
        raise Invalid(_("The sort of dependency has at most 60 characters."), field="type")
    level = criticality.strip().lower() or str(LinkCriticality.HARD)
    if level not in LinkCriticality.values:
        raise Invalid(
            _("There is no criticality %(word)s.") % {"word": criticality[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(LinkCriticality.values)}, field="criticality",
        )  # fmt: skip
    made, is_new = Dependency.objects.get_or_create(
        from_item=item, to_item=other, type=type_,
        defaults={"criticality": level, "note": note.strip()[:NOTE_LIMIT]},
    )  # fmt: skip
    if not is_new:
        if made.criticality == level and made.note == note.strip()[:NOTE_LIMIT]:
            return made
        made.criticality, made.note = level, note.strip()[:NOTE_LIMIT]
        made.save(update_fields=["criticality", "note"])
    touch([item.pk])
    told = {"needs": other.reference, "type": type_, "criticality": level}
    record("estate.dependency.stated", "item", item.pk, by=by, after=told)
    return made


def find_dependency(item: Item, dependency_id: int) -> Dependency:
    """The dependency with this number that starts at the item. Raises NotFound."""
    found = Dependency.objects.filter(pk=dependency_id, from_item=item).select_related("to_item", "source").first()
    if found is None:
        raise NotFound(_("There is no such dependency."), todo=_("It may have been removed; see the history."))
    return found


@transaction.atomic
def remove_dependency(one: Dependency, *, by: Caller) -> None:
    """Take a dependency away. One that a source states comes back with its next import, so it is refused."""
    by.require(EstatePermission.DEPENDENCY_MANAGE, one.from_item)
    if one.source_id is not None and one.not_seen_since is None:
        raise Clash(_("This dependency comes from a source."), todo=_("Remove it there; it goes with the next import."))
    record(
        "estate.dependency.removed", "item", one.from_item_id, by=by,
        before={"needs": one.to_item.reference, "type": one.type},
    )  # fmt: skip
    touch([one.from_item_id])
    one.delete()
