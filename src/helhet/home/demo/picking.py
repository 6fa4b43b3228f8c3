"""Who in Vinterhamn does a change, and what it alters."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from helhet.changes.models import StandardChange, VersionState
from helhet.estate.impact import impact
from helhet.groups.models import Answer, Group, GroupState
from helhet.home.demo import words as w
from helhet.home.demo.changes import YEAR
from helhet.items.models import Item, State
from helhet.kit.rights import Caller

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

TOUCHING = ("virtual_machine", "storage", "application")
TRIES = 25


class Picking:
    """Draws items and people, the same each time."""

    def __init__(self, story: Story) -> None:
        """Nothing is read before the first is asked for."""
        self.story = story
        self.chance = random.Random(f"{w.ORGANISATION} picking")  # noqa: S311 - the same each time is the point
        self._kinds: dict[str, list[int]] = {}
        self._answers: dict[int, Group] = {}

    def one(self, kind: str, *, must_touch: bool = False) -> tuple[Item, Group]:
        """An item of the kind and the group that answers for it. `must_touch`: its failure hits what others answer for;
        where there is none such of the kind, one of another.
        """
        if must_touch:
            for other in (kind, *TOUCHING):
                found = self._of(other)
                for pk in self.chance.sample(found, min(TRIES, len(found))):
                    item = Item.objects.select_related("kind").get(pk=pk)
                    if self._touches(item):
                        return item, self.answering(item)
        pk = self.chance.choice(self._of(kind) or self._of("application"))
        item = Item.objects.select_related("kind").get(pk=pk)
        return item, self.answering(item)

    def answering(self, item: Item) -> Group:
        """The group that answers for an item."""
        answers = Answer.objects.open().filter(item=item).exclude(group__state=GroupState.CLOSED)
        answer = answers.select_related("group__item").first()
        return answer.group if answer and answer.group else self._answers[item.pk]

    @staticmethod
    def item(pk: int) -> Item:
        """The item as it is now."""
        return Item.objects.select_related("kind").get(pk=pk)

    def standard_at(self, place: int) -> StandardChange:
        """The standard change in that place of the list, as it is now."""
        return StandardChange.objects.select_related("group__item", "kind").get(pk=self.story.standards[place])

    def _of(self, kind: str) -> list[int]:
        """Items that have been there the whole year and stay, each with a group that answers."""
        if kind not in self._kinds:
            story = self.story
            lasting = {
                story.ids[thing.key]
                for thing in story.things
                if thing.key in story.ids and thing.arrives > YEAR and not thing.retires and not thing.vanishes
            }
            rows = Answer.objects.open().filter(item__kind__key=kind, item__state=State.LIVE, item__presence=0)
            rows = rows.filter(group__in=[group.pk for name, group in story.groups.items() if name != w.PHONES])
            rows = rows.select_related("group__item").order_by("item_id", "id")
            for answer in rows:
                if answer.item_id in lasting and answer.group is not None:
                    self._answers.setdefault(answer.item_id, answer.group)
                    self._kinds.setdefault(kind, []).append(answer.item_id)
        return self._kinds.setdefault(kind, [])

    def _touches(self, item: Item) -> bool:
        own = self.answering(item).pk
        found = impact([item], self.lead()).owners()
        others = {group for group, _count, _nearest in found} - {0, own}
        return Group.objects.filter(pk__in=others).exclude(state=GroupState.CLOSED).exists()

    # ---- people ----------------------------------------------------------------------------------------------

    def _names(self, group: Group | None, role: str = "") -> list[str]:
        known = {one.pk: name for name, one in self.story.groups.items()}
        name = known.get(group.pk if group else 0, w.SERVERS)
        return [
            one.name
            for one in self.story.members
            for seat, held, _since, until in one.groups
            if seat == name and until is None and (not role or held == role)
        ]

    def member(self, group: Group | None) -> Caller:
        """Somebody of the group."""
        return self.story.by(self.chance.choice(self._names(group) or [w.ORGANISATION]))

    def chair(self, group: Group | None) -> Caller:
        """Who leads the group; where nobody does, somebody of it."""
        leads = self._names(group, "chair")
        return self.story.by(leads[0]) if leads else self.member(group)

    def lead(self) -> Caller:
        """Who leads the management team."""
        return self.chair(self.story.groups[w.TEAM])

    def standard(self, kind: str) -> tuple[StandardChange, str]:
        """A standard change that may be raised, of the kind where there is one, and its kind."""
        rows = StandardChange.objects.filter(
            pk__in=self.story.standards.values(), versions__state=VersionState.APPROVED, kind__isnull=False
        )
        found = list(rows.select_related("group__item", "kind").order_by("id"))
        chosen = next((one for one in found if one.kind and one.kind.key == kind), None) or self.chance.choice(found)
        assert chosen.kind is not None
        return chosen, chosen.kind.key
