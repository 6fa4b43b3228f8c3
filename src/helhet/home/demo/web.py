"""What depends on what in Vinterhamn: services on applications, machines on network and power, some of it doubted."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from helhet.estate.models import Dependency, Observation, Redundancy
from helhet.estate.observing import take_observations
from helhet.estate.settling import confirm, question
from helhet.groups.models import Task
from helhet.home.demo import words as w
from helhet.items.models import Item, Source
from helhet.items.touching import touch
from helhet.journal.models import Event

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

STATED, CONFIRMED, QUESTIONED, SEEN = 160, 120, 20, 1
TRACES = "spårning"
# What depends, on how many of what, by which type, and what a failure does.
WEB: tuple[tuple[str, int, str, str, str], ...] = (
    ("business_service", 2, "supporting_service", "uses", "hard"),
    ("business_service", 1, "document", "documented_by", "none"),
    ("supporting_service", 2, "application", "uses", "hard"),
    ("supporting_service", 1, "supporting_service", "uses", "degrades"),
    ("application", 1, "network_device", "connects_through", "degrades"),
    ("database", 1, "storage", "stored_in", "hard"),
    ("cluster", 3, "server", "runs_on", "hard"),
    ("server", 1, "facility", "powered_by", "hard"),
)
DOUBTS = (
    "Vi flyttade den till det nya klustret i våras. Gäller det här än?",
    "Den läser väl bara katalogen en gång per natt?",
    "Vi känner inte till något sådant anrop.",
    "Det togs bort när den gamla växeln stängdes.",
)


class Web:
    """States the dependencies, step by step, the same each time."""

    def __init__(self, story: Story) -> None:
        """A generator of chance of its own, so that nothing else changes with it."""
        self.story = story
        self.chance = random.Random(f"{w.ORGANISATION} web")  # noqa: S311 - the same each time is the point

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then)."""
        yield STATED, self._state
        yield CONFIRMED, self._confirm
        yield QUESTIONED, self._question
        yield SEEN, self._see

    def _of(self, kind: str) -> list[int]:
        """The things of a kind that are there, in the order of the register."""
        story = self.story
        return [story.ids[thing.key] for thing in story.things if thing.kind == kind and thing.key in story.ids]

    def _state(self) -> None:
        """The web by kinds; two of the machines under each other application replace one another."""
        with self.story.clock.at(STATED, 10, only=(Dependency, Redundancy)):
            rows: dict[tuple[int, int, str], Dependency] = {}
            for kind, count, other, type_, level in WEB:
                ends = self._of(other)
                for item in self._of(kind):
                    for to in self.chance.sample(ends, min(count, len(ends))):
                        if to != item:
                            rows[item, to, type_] = Dependency(
                                from_item_id=item, to_item_id=to, type=type_, criticality=level
                            )
            Dependency.objects.bulk_create(rows.values(), ignore_conflicts=True)
            for item in self._of("application")[::2]:
                machines = Dependency.objects.filter(from_item=item, type="runs_on")
                if machines.count() > 1:
                    machines.update(redundancy=Redundancy.objects.create(least=1))
            touch([*{a for a, _b, _type in rows}, *self._of("application")])

    def _some(self, type_: str, count: int) -> list[Dependency]:
        found = Dependency.objects.filter(type=type_, standing="stated", from_item__presence=0, to_item__presence=0)
        ids = list(found.order_by("id").values_list("id", flat=True))
        chosen = self.chance.sample(ids, min(count, len(ids)))
        return list(Dependency.objects.filter(pk__in=chosen).select_related("from_item", "to_item").order_by("id"))

    def _confirm(self) -> None:
        with self.story.clock.at(CONFIRMED, 11, only=(Event, Dependency)):
            for one in [*self._some("runs_on", 30), *self._some("uses", 12)]:
                confirm(one, by=self.story.chair(w.SERVERS), version=one.version)

    def _question(self) -> None:
        with self.story.clock.at(QUESTIONED, 14, only=(Event, Dependency, Task)):
            for one, words in zip(self._some("uses", len(DOUBTS)), DOUBTS, strict=False):
                question(one, words, by=self.story.chair(w.SERVERS), version=one.version)

    def _see(self) -> None:
        """A service graph: some of what is declared, some of what is not, and peers that nobody knows."""
        apps = list(Item.objects.filter(pk__in=self._of("application")).order_by("id"))
        pairs = [(one.from_item, one.to_item) for one in self._some("connects_through", 25)]
        pairs += [tuple(self.chance.sample(apps, 2)) for _number in range(30)]  # type: ignore[misc] # two of them
        rows = [{"client": a.name, "server": b.name} for a, b in pairs]
        rows += [{"client": "user", "server": apps[0].name}, {"client": apps[1].name, "server": "legacy-gw"}]
        found = [{"metric": row, "value": [0, str(self.chance.randrange(3, 90_000))]} for row in rows]
        with self.story.clock.at(SEEN, 4, only=(Event, Source, Observation)):
            answer = {"status": "success", "data": {"resultType": "vector", "result": found}}
            take_observations(json.dumps(answer).encode(), TRACES, by=self.story.by("inventeringen"))
