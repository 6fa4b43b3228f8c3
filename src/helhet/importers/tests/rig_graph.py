"""A graph as some other organisation may hand it over, with its dirt, and impact walked as decision 0006 words it."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

Row = dict[str, str]
HARD, DEGRADES = 2, 1
"""What a link does when its provider has failed, and what an item suffers."""


@dataclass
class Graph:
    """Rows in the plain layout: things worth asking about are in `asked`."""

    items: list[Row] = field(default_factory=list)
    dependencies: list[Row] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)


KINDS = ("server", "virtual_machine", "application", "database", "business_service", "network_device")


class Grower:
    """Writes the rows of one graph."""

    def __init__(self, things: int, seed: int) -> None:
        self.chance = random.Random(seed)
        self.graph = Graph()
        self.names = [f"t{number}" for number in range(things)]
        self.known(*self.names, "nav")

    def known(self, *names: str) -> None:
        """Things by these keys."""
        for name in names:
            kind = KINDS[len(self.graph.items) % len(KINDS)]
            self.graph.items.append({"key": name, "kind": kind, "name": f"sak {name}", "group": ""})

    def link(self, one: str, other: str, level: str = "", **more: str) -> None:
        """A row that says that one depends on the other."""
        self.graph.dependencies.append(
            {"from": one, "to": other, "criticality": level, "set": "", "least": "", **more}
        )  # fmt: skip

    def any(self) -> str:
        """One of the things; a few are chosen for most."""
        return self.names[int(len(self.names) * self.chance.random() ** 3)]

    def at_random(self, links: int) -> None:
        """Links of every criticality."""
        for _number in range(links):
            level = self.chance.choices(("hard", "degrades", "none", ""), (5, 3, 1, 2))[0]
            self.link(self.chance.choice(self.names), self.any(), level)

    def chain(self, length: int) -> None:
        """Each depends on the next, the last on the first thing."""
        names = [f"k{number}" for number in range(length)]
        self.known(*names)
        for here, there in zip(names, [*names[1:], self.names[0]], strict=True):
            self.link(here, there, "hard" if self.chance.random() < 0.999 else "degrades")

    def star(self, points: int) -> None:
        """So many depend on one."""
        for name in self.chance.sample(self.names, points):
            self.link(name, "nav", self.chance.choice(("hard", "degrades")))

    def core(self, size: int) -> None:
        """Nearly all depend on all; the star depends on it, and it on the chain."""
        names = [f"c{number}" for number in range(size)]
        self.known(*names)
        for one in names:
            for other in names:
                if self.chance.random() < 0.9:
                    self.link(one, other, self.chance.choice(("hard", "hard", "degrades")))
        self.link("nav", names[0], "hard")
        self.link(names[-1], "k0", "degrades")

    def sets(self, count: int) -> None:
        """Things of whose providers some are enough."""
        for number in range(count):
            item, size = self.chance.choice(self.names), self.chance.randint(2, 5)
            least = self.chance.choice(("1", "2", "50 %", "67%", ""))
            for member in {self.any() for _count in range(size)}:
                self.link(item, member, self.chance.choice(("hard", "degrades")), set=f"s{number}", least=least)

    def dirt(self, count: int) -> None:
        """Of itself, of what nobody knows, and once more."""
        for number in range(count):
            name = self.chance.choice(self.names)
            self.link(name, name, "hard")
            self.link(name, f"okänd{number}", "hard")
            self.graph.dependencies.append(dict(self.chance.choice(self.graph.dependencies)))


def grow(*, things: int, links: int, chain: int, star: int, core: int, sets: int, seed: int = 1) -> Graph:
    """A graph with all of it, its rows in no order."""
    grower = Grower(things, seed)
    grower.at_random(links)
    grower.chain(chain)
    grower.star(star)
    grower.core(core)
    grower.sets(sets)
    grower.dirt(max(3, links // 50))
    found, chance = grower.graph, grower.chance
    chance.shuffle(found.dependencies)
    found.asked = [
        "k0", f"k{chain - 1}", "nav", "c0", *grower.names[:5], *chance.sample(grower.names, min(5, things))
    ]  # fmt: skip
    return found


@dataclass(frozen=True)
class Walked:
    """What is reached: distance, through what, and the effect, each by key."""

    distance: dict[str, int]
    via: dict[str, str]
    effect: dict[str, int]


class Naive:
    """The plainest reading of the rows. The first row of a pair stands, what ties nothing or a thing to itself is left
    out.
    """

    def __init__(self, items: Iterable[Mapping[str, str]], dependencies: Iterable[Mapping[str, str]]) -> None:
        known = {row["key"] for row in items}
        pairs: dict[tuple[str, str], Mapping[str, str]] = {}
        for row in dependencies:
            one, other = row["from"], row["to"]
            if one != other and {one, other} <= known:
                pairs.setdefault((one, other), row)
        self.providers: dict[str, dict[str, int]] = defaultdict(dict)
        self.dependants: dict[str, set[str]] = defaultdict(set)
        self.sets: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.least: dict[tuple[str, str], str] = {}
        for (one, other), row in pairs.items():
            if row["criticality"] == "none":
                continue
            self.providers[one][other] = DEGRADES if row["criticality"] == "degrades" else HARD
            self.dependants[other].add(one)
            if row.get("set"):
                self.sets[one][row["set"]].add(other)
                self.least[one, row["set"]] = row["least"]

    def hit_by(self, start: str, number: Mapping[str, int], depth: int | None = None) -> Walked:
        """What is hit when this fails, a layer at a time; `number` decides among equals."""
        state, told = {start: HARD}, Walked({}, {}, {})
        changed, layer = {start}, 0
        while changed and layer != depth:
            layer += 1
            before = dict(state)
            touched = {item for one in changed for item in self.dependants[one]} - {start}
            changed_now = set()
            for item in touched:
                worst, via = self._suffered(item, before, changed, number)
                if worst > before.get(item, 0):
                    state[item] = told.effect[item] = worst
                    changed_now.add(item)
                    if item not in told.distance:
                        told.distance[item], told.via[item] = layer, via
            changed = changed_now
        return told

    def _suffered(
        self, item: str, state: Mapping[str, int], changed: set[str], number: Mapping[str, int]
    ) -> tuple[int, str]:  # fmt: skip
        """What this item suffers from what was hit before, and through which of those that changed."""
        offers: list[tuple[int, int, str]] = []
        within = {member for members in self.sets[item].values() for member in members}
        for provider, strength in self.providers[item].items():
            if provider in changed and provider not in within:
                offers.append((min(strength, state[provider]), -number[provider], provider))
        for name, members in self.sets[item].items():
            fresh = members & changed
            if not fresh:
                continue
            text = self.least[item, name] or "1"
            least = math.ceil(int(text.rstrip("% ")) * len(members) / 100) if "%" in text else int(text)
            failed = sum(state.get(one, 0) == HARD for one in members)
            hit = sum(one in state for one in members)
            via = min(fresh, key=lambda one: number[one])
            if failed and len(members) - failed < least:
                offers.append((HARD, -number[via], via))
            elif len(members) - hit < least:
                offers.append((DEGRADES, -number[via], via))
        worst = max(offers, default=(0, 0, ""))
        return worst[0], worst[2]

    def needs_of(self, start: str) -> dict[str, int]:
        """How far away each is that this needs."""
        found, layer, step = {start: 0}, {start}, 0
        while layer:
            step += 1
            layer = {there for here in layer for there in self.providers[here]} - found.keys()
            found |= dict.fromkeys(layer, step)
        del found[start]
        return found
