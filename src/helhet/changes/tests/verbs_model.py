"""A naive model of changes and positions, written from the rules in docs/decisions/0007 and not from the code."""

from __future__ import annotations

from dataclasses import dataclass, field

GOES_ON = ("draft", "asking", "approved", "scheduled", "under_way", "review")
NOT_BEGUN = ("draft", "asking", "approved", "scheduled")


@dataclass
class Said:
    """What one group says: its stance, its conditions by how far they are, and what the management team decided."""

    services: set[int]
    stance: str = ""
    conditions: dict[str, str] = field(default_factory=dict)
    goes_on: bool | None = None
    is_escalated: bool = False

    @property
    def hinders(self) -> bool:
        """Whether the change must wait for it."""
        if self.goes_on is not None:
            return not self.goes_on
        if self.stance in {"", "no"}:
            return True
        return any(how != "done" for how in self.conditions.values())

    @property
    def waits(self) -> bool:
        """Whether an answer or a decision is still to come."""
        return not self.stance and self.goes_on is None


@dataclass
class Plan:
    """One change. `slot` is when, `long` how many hours; those with the same slot overlap."""

    group: int
    type: str
    items: frozenset[int]
    slot: int
    long: int = 4
    state: str = "draft"
    outcome: str = ""
    was_asked: bool = False
    said: dict[int, Said] = field(default_factory=dict)
    knew: tuple[set[int], set[int]] = (set(), set())
    after: set[int] = field(default_factory=set)
    marks: set[int] = field(default_factory=set)


@dataclass
class Estate:
    """Who answers for what, what needs what, and which of the items are services."""

    owner: dict[int, int]
    needs: set[tuple[int, int]]
    services: set[int]
    ahead: set[int] = field(default_factory=set)

    def hit(self, plan: Plan) -> set[int]:
        """The items, what is marked as also hit, and all that needs them, however far."""
        found = {*plan.items, *plan.marks} if plan.items else set()
        while more := {one for one, other in self.needs if other in found} - found:
            found |= more
        return found

    def touched(self, plan: Plan) -> dict[int, set[int]]:
        """By group that is to be asked the services of its that are hit."""
        hit = self.hit(plan)
        groups = {self.owner[one] for one in hit} - {plan.group}
        return {group: {one for one in hit & self.services if self.owner[one] == group} for group in groups}

    def known(self, plan: Plan) -> tuple[set[int], set[int]]:
        """The groups and services that are hit, the change's own too."""
        hit = self.hit(plan)
        return {self.owner[one] for one in hit}, hit & self.services

    def ask(self, plan: Plan) -> None:
        """Each touched group is asked, unless it has answered and nothing more of its is hit."""
        touched = self.touched(plan)
        for group, services in touched.items():
            said = plan.said.get(group)
            if said is None or said.waits or services - said.services:
                self.ask_one(plan, group, services)
        for group in plan.said.keys() - touched.keys():
            del plan.said[group]
        plan.knew, plan.was_asked = self.known(plan), True
        if plan.state in NOT_BEGUN:
            plan.state = "asking"

    def ask_one(self, plan: Plan, group: int, services: set[int]) -> None:
        """Ask, or ask anew: what was said before counts no longer."""
        kept = plan.said[group].conditions if group in plan.said else {}
        plan.said[group] = Said(services, conditions=kept)
        if group in self.ahead:
            plan.said[group] = Said(services, stance="yes")

    def move(self, plan: Plan, slot: int, long: int) -> None:
        """Another time. Longer, hit anew or with a condition that is open: the groups are asked anew."""
        is_longer, plan.slot, plan.long = long > plan.long, slot, long
        if plan.state == "draft" or not plan.was_asked:
            return
        groups, services = self.known(plan)
        is_open = any("open" in said.conditions.values() for said in plan.said.values())
        if not (is_longer or groups - plan.knew[0] or services - plan.knew[1] or is_open):
            return
        touched = self.touched(plan)
        again = plan.said.keys() & touched.keys()
        for group in again:
            self.ask_one(plan, group, touched[group])
        if again and plan.state in {"approved", "scheduled"}:
            plan.state = "asking"


def can(step: str, plan: Plan, plans: dict[int, Plan], estate: Estate) -> bool:
    """Whether the step may be taken, as far as no clash hinders."""
    touched = estate.touched(plan)
    unasked = touched.keys() - plan.said.keys()
    hindered = any(said.hinders for said in plan.said.values())
    early = any(plans[one].state in {*NOT_BEGUN, "under_way"} for one in plan.after)
    said_no = any(said.stance == "no" and said.goes_on is None for said in plan.said.values())
    waits = any(said.waits for said in plan.said.values())
    alters, state, is_normal = bool(plan.items), plan.state, plan.type == "normal"
    normal = {
        "ask": state in NOT_BEGUN and alters and bool(touched),
        "approve": state in {"draft", "asking"} and alters and not unasked and not hindered,
        "schedule": state == "approved" and alters and not hindered,
        "begin": state == "scheduled" and not (unasked or hindered or early), "close": state == "review",
    }  # fmt: skip
    emergency = {
        "ask": state in {"under_way", "review"} and bool(touched), "approve": False,
        "schedule": state == "draft" and alters, "begin": state in {"draft", "scheduled"} and alters,
        "close": state == "review" and not (unasked or said_no or waits),
    }  # fmt: skip
    both = {
        "finish": state == "under_way", "cancel": state in NOT_BEGUN, "take_back": state in NOT_BEGUN[1:],
    }  # fmt: skip
    return {**both, **(normal if is_normal else emergency)}[step]
