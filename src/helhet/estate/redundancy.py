"""What may fail without harm: an item needs at least so many of some providers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence

from django.db import transaction
from django.db.models import Count
from django.utils.translation import gettext as _

from helhet.estate.models import Dependency, LinkCriticality, Redundancy
from helhet.estate.permissions import EstatePermission
from helhet.estate.rows import chunks
from helhet.items.models import Item, Presence
from helhet.items.touching import touch
from helhet.journal.actions import record
from helhet.kit.errors import Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.rules import reach

FEWEST = 2
WHOLE_SHARE = 100


@transaction.atomic
def state_redundancy(
    item: Item, providers: Sequence[Item], *, least: int, by: Caller, is_share: bool = False
) -> Redundancy:
    """State that the item needs at least `least` of the providers (with `is_share`: that many percent of them), each of
    which it is already said to depend on. A provider belongs to one set; it leaves the one it was in.
    """
    by.require(EstatePermission.DEPENDENCY_MANAGE, item)
    ids = {provider.pk for provider in providers}
    if len(ids) < FEWEST:
        raise Invalid(_("One alone cannot be replaced."), todo=_("Choose at least two."), field="providers")
    most = WHOLE_SHARE if is_share else len(ids)
    if not 1 <= least <= most:
        raise Invalid(
            _("At least %(least)d cannot be asked for here.") % {"least": least},
            todo=_("Give a number from 1 to %(most)d.") % {"most": most}, field="least",
        )  # fmt: skip
    stated = Dependency.objects.filter(from_item=item, to_item_id__in=ids)
    missing = ids - set(stated.values_list("to_item_id", flat=True))
    if missing:
        name = next(provider.name for provider in providers if provider.pk in missing)
        raise Invalid(
            _("The item is not said to need %(name)s.") % {"name": name}, todo=_("State that first."), field="providers"
        )
    left = set(stated.exclude(redundancy=None).values_list("redundancy_id", flat=True))
    made = Redundancy.objects.create(least=least, is_share=is_share)
    stated.update(redundancy=made)
    clear_small(left)
    touch([item.pk])
    names = sorted(provider.reference for provider in providers)
    record("estate.redundancy.stated", "item", item.pk, by=by, after={"least": str(made), "of": ", ".join(names)})
    return made


@transaction.atomic
def end_redundancy(item: Item, redundancy_id: int, *, by: Caller) -> None:
    """Each of its providers counts alone again. Raises NotFound."""
    by.require(EstatePermission.DEPENDENCY_MANAGE, item)
    within = Dependency.objects.filter(from_item=item, redundancy_id=redundancy_id).select_related("to_item")
    found = Redundancy.objects.filter(pk=redundancy_id, dependencies__from_item=item).first()
    if found is None:
        raise NotFound(_("There is no such redundancy."), todo=_("It may have been removed; see the history."))
    names = sorted({one.to_item.reference for one in within})
    record("estate.redundancy.ended", "item", item.pk, by=by, before={"least": str(found), "of": ", ".join(names)})
    touch([item.pk])
    found.delete()


def clear_small(ids: Collection[int | None]) -> None:
    """Take away sets in which too few are left to replace one another."""
    sets = Redundancy.objects.filter(pk__in=[pk for pk in ids if pk is not None])
    sets.annotate(left=Count("dependencies__to_item", distinct=True)).filter(left__lt=FEWEST).delete()


def redundancies_of(items: Collection[int]) -> Iterator[reach.Redundancy]:
    """The sets of some items, as the walk takes them: of what is here and is still stated."""
    for chunk in chunks(sorted(items)):
        within = (
            Dependency.objects.filter(
                from_item_id__in=chunk, redundancy__isnull=False,
                to_item__presence=Presence.HERE, not_seen_since__isnull=True,
            )
            .exclude(criticality=LinkCriticality.NONE)
            .select_related("redundancy")
        )  # fmt: skip
        providers: dict[tuple[int, int], set[int]] = defaultdict(set)
        sets: dict[int, Redundancy] = {}
        for one in within:
            if one.redundancy is not None:
                sets[one.redundancy.pk] = one.redundancy
                providers[one.from_item_id, one.redundancy.pk].add(one.to_item_id)
        for (item, number), members in providers.items():
            yield reach.Redundancy(item, frozenset(members), sets[number].least_of(len(members)))
