"""What people do with dependencies, from either end: state one, change it, take it away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, LinkCriticality, Standing
from helhet.estate.permissions import EstatePermission
from helhet.estate.settling import close_questions
from helhet.estate.types import is_allowed, type_words
from helhet.items.models import Item, Presence
from helhet.items.permissions import ItemPermission
from helhet.items.touching import touch
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

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


def may_state(by: Caller, *ends: Item) -> bool:
    """Whether the caller is of the group of either end."""
    return any(by.may(EstatePermission.DEPENDENCY_MANAGE, end) for end in ends)


@transaction.atomic
def add_dependency(
    item: Item, other: Item, *, by: Caller, sort: str = "", criticality: str = "", note: str = "",
    is_from_provider: bool = False, is_anyway: bool = False,
) -> Dependency:  # fmt: skip
    """State that `item` depends on `other`; with `is_from_provider` it is the other that says so. A type's word from
    the other end (`carries`) turns the two round. Stating it again gives it the new criticality and note.

    Raises Invalid, with the reason `pair`, where the type is not meant to tie these two, unless `is_anyway`.
    """
    meaning = type_words().meaning(_limited(sort))
    is_from_provider = is_from_provider != meaning.is_turned
    if meaning.is_turned:
        item, other = other, item
    _require(by, item, other)
    if item.pk == other.pk:
        raise Invalid(_("An item does not depend on itself."), todo=_("Choose another item."), field="to")
    if not by.may(EstatePermission.DEPENDENCY_MANAGE, other if is_from_provider else item):
        is_from_provider = not is_from_provider
    level, note = _level(criticality or str(LinkCriticality.HARD)), note.strip()[:NOTE_LIMIT]
    made = Dependency.objects.filter(from_item=item, to_item=other, type=meaning.type).first()
    if made is not None:
        return _write(made, {"criticality": level, "note": note}, by)
    _check_pair(meaning.type, item, other, is_anyway=is_anyway)
    made = Dependency.objects.create(
        from_item=item, to_item=other, type=meaning.type, criticality=level, note=note,
        is_from_provider=is_from_provider,
    )  # fmt: skip
    touch([item.pk])
    told = {"dependency": made.pk, "needs": other.reference, "type": made.type, "criticality": level}
    record("estate.dependency.stated", "item", item.pk, by=by, after=told)
    return made


@transaction.atomic
def change_dependency(
    one: Dependency, *, by: Caller, version: int | None, sort: str | None = None, criticality: str | None = None,
    note: str | None = None, is_anyway: bool = False,
) -> Dependency:  # fmt: skip
    """Give it another type, criticality or note. What a source states keeps them from then on."""
    _require(by, one.from_item, one.to_item)
    check_version(one, version, _("The dependency"))
    meaning = type_words().meaning(_limited(one.type if sort is None else sort))
    if meaning.is_turned:
        raise Invalid(
            _("%(word)s is said from the other end.") % {"word": sort},
            todo=_("Remove it, and state it the other way round."), field="type",
        )  # fmt: skip
    if meaning.type != one.type:
        _check_pair(meaning.type, one.from_item, one.to_item, is_anyway=is_anyway)
        same = Dependency.objects.filter(from_item_id=one.from_item_id, to_item_id=one.to_item_id, type=meaning.type)
        if same.exists():
            raise Clash(_("It is stated in this type already."), todo=_("Remove one of the two."), field="type")
    wanted = {
        "type": meaning.type, "criticality": _level(criticality or one.criticality),
        "note": one.note if note is None else note.strip()[:NOTE_LIMIT],
    }  # fmt: skip
    return _write(one, wanted, by)


def find_dependency(item: Item, dependency_id: int) -> Dependency:
    """The dependency with this number that starts or ends at the item. Raises NotFound."""
    found = (
        Dependency.objects.filter(Q(from_item=item) | Q(to_item=item), pk=dependency_id)
        .filter(from_item__presence=Presence.HERE, to_item__presence=Presence.HERE)
        .select_related("from_item__kind", "to_item__kind", "source", "redundancy")
        .first()
    )
    if found is None:
        raise NotFound(_("There is no such dependency."), todo=_("It may have been removed; see the history."))
    return found


@transaction.atomic
def remove_dependency(one: Dependency, *, by: Caller, version: int | None) -> None:
    """Take a dependency away. One that a source states comes back with its next import, so it is refused."""
    _require(by, one.from_item, one.to_item)
    check_version(one, version, _("The dependency"))
    if one.source_id is not None and one.not_seen_since is None:
        raise Clash(_("This dependency comes from a source."), todo=_("Remove it there; it goes with the next import."))
    close_questions(one, _("The dependency was removed."), by=by)
    record(
        "estate.dependency.removed", "item", one.from_item_id, by=by,
        before={"dependency": one.pk, "needs": one.to_item.reference, "type": one.type},
    )  # fmt: skip
    touch([one.from_item_id])
    one.delete()


def _require(by: Caller, item: Item, other: Item) -> None:
    by.require(ItemPermission.VIEW)
    if not may_state(by, item, other):
        by.require(EstatePermission.DEPENDENCY_MANAGE, item)


def _write(one: Dependency, wanted: dict[str, Any], by: Caller) -> Dependency:
    """A change that touches more than the note must be confirmed anew."""
    new = {name: value for name, value in wanted.items() if getattr(one, name) != value}
    if not new:
        return one
    before = {name: getattr(one, name) for name in new}
    for name, value in new.items():
        setattr(one, name, value)
    if new.keys() - {"note"} and one.standing != Standing.STATED:
        close_questions(one, _("The dependency was changed."), by=by)
        one.standing, one.standing_by, one.standing_words, one.standing_at = Standing.STATED, "", "", None
    one.is_by_hand = one.is_by_hand or one.source_id is not None
    one.version += 1
    one.save()
    touch([one.from_item_id])
    named = {"dependency": one.pk, "needs": one.to_item.reference}
    record("estate.dependency.changed", "item", one.from_item_id, by=by, before=named | before, after=named | new)
    return one


def _limited(word: str) -> str:
    if len(word) > 2 * TYPE_LIMIT:
        raise Invalid(_("The sort of dependency has at most 60 characters."), field="type")
    return word


def _level(word: str) -> str:
    level = word.strip().lower()
    if level not in LinkCriticality.values:
        raise Invalid(
            _("There is no criticality %(word)s.") % {"word": word[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(LinkCriticality.values)}, field="criticality",
        )  # fmt: skip
    return level


def _check_pair(key: str, item: Item, other: Item, *, is_anyway: bool) -> None:
    known = type_words().by_key.get(key)
    if known is not None and not is_anyway and not is_allowed(known, item, other):
        raise Invalid(
            _("“%(type)s” is not meant to tie %(item)s (%(first)s) to %(other)s (%(second)s).")
            % {"type": known.name, "item": item.name, "first": item.kind.name, "other": other.name,
               "second": other.kind.name},
            todo=_("Choose another type, or state it anyway: it is then listed among the findings."), field="type",
            reason="pair",
        )  # fmt: skip
