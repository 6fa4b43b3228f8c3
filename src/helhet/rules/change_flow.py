"""What a change may do next, and what hinders it: the one list of decision 0007."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is done with a change."""

    ASK = "ask"
    APPROVE = "approve"
    SCHEDULE = "schedule"
    BEGIN = "begin"
    FINISH = "finish"
    CLOSE = "close"
    TAKE_BACK = "take_back"
    CANCEL = "cancel"


class Hindrance(StrEnum):
    """Why a step may not be taken."""

    WRONG_STATE = "wrong_state"
    HISTORY = "history"
    NO_GROUP = "no_group"
    NO_ITEM = "no_item"
    NO_WINDOW = "no_window"
    ASKS_NOBODY = "asks_nobody"
    NOBODY_TO_ASK = "nobody_to_ask"
    MUST_ASK = "must_ask"
    UNANSWERED = "unanswered"
    CONDITION_OPEN = "condition_open"
    SAID_NO = "said_no"
    STOPPED = "stopped"
    NEW_GROUPS = "new_groups"
    CLASH = "clash"
    EARLIER_NOT_DONE = "earlier_not_done"
    NO_STANDARD = "no_standard"
    NO_OUTCOME = "no_outcome"
    NO_REVIEW = "no_review"


STATES = ("draft", "asking", "approved", "scheduled", "under_way", "review", "closed")
LEADS_TO = {
    Step.ASK: "asking",
    Step.APPROVE: "approved",
    Step.SCHEDULE: "scheduled",
    Step.BEGIN: "under_way",
    Step.FINISH: "review",
    Step.CLOSE: "closed",
    Step.TAKE_BACK: "draft",
    Step.CANCEL: "closed",
}
FROM: dict[str, dict[Step, tuple[str, ...]]] = {
    "normal": {
        Step.ASK: ("draft", "asking", "approved", "scheduled"),
        Step.APPROVE: ("draft", "asking"),
        Step.SCHEDULE: ("approved",),
        Step.BEGIN: ("scheduled",),
    },
    "standard": {Step.SCHEDULE: ("draft", "approved"), Step.BEGIN: ("scheduled",)},
    "emergency": {
        Step.ASK: ("under_way", "review"),
        Step.SCHEDULE: ("draft",),
        Step.BEGIN: ("draft", "scheduled"),
    },
}
"""From which states each type takes the steps that differ between them. Asking again later keeps the state where the
change is under way or in review, and leads back to asking otherwise."""
ALL = {
    Step.FINISH: ("under_way",),
    Step.CLOSE: ("review",),
    Step.TAKE_BACK: ("asking", "approved", "scheduled"),
    Step.CANCEL: ("draft", "asking", "approved", "scheduled"),
}
MUST_BE_REVIEWED = frozenset({"failed", "reverted"})


@dataclass(frozen=True, slots=True)
class Facts:
    """What is so about a change. `touched` counts the other groups that its impact touches now, `unasked` those among
    them that have no position. Positions that hinder are counted by how; one that the management team has settled
    hinders only when they said stop. `earlier` counts changes that must be finished first and are not.
    """

    type: str
    state: str
    is_history: bool = False
    has_group: bool = True
    has_item: bool = True
    has_window: bool = True
    has_standard: bool = False
    touched: int = 0
    unasked: int = 0
    unanswered: int = 0
    conditions_open: int = 0
    noes: int = 0
    stops: int = 0
    clashes: int = 0
    earlier: int = 0
    outcome: str = ""
    went_around: bool = False
    is_reviewed: bool = False


def leads_to(step: Step, facts: Facts) -> str:
    """The state after the step."""
    if step == Step.ASK and facts.state in {"under_way", "review"}:
        return facts.state
    return LEADS_TO[step]


def starts_from(step: Step, type_: str) -> tuple[str, ...]:
    """The states from which a change of the type may take the step."""
    return ALL.get(step) or FROM[type_].get(step, ())


def asks_touched(step: Step, type_: str) -> bool:
    """Whether it matters for the step which groups the change touches now."""
    return step in {Step.ASK, Step.APPROVE, Step.BEGIN} or (step == Step.CLOSE and type_ == "emergency")


def asks_clashes(step: Step) -> bool:
    """Whether clashes hinder the step."""
    return step in {Step.SCHEDULE, Step.BEGIN}


def must_be_reviewed(facts: Facts) -> bool:
    """Whether what was learnt must be written before it is closed."""
    return facts.outcome in MUST_BE_REVIEWED or facts.went_around or facts.type == "emergency"


def hindrances(step: Step, facts: Facts) -> list[Hindrance]:
    """All that hinders the step, the most telling first; empty when it may be taken."""
    if facts.is_history:
        return [Hindrance.HISTORY]
    if not starts_from(step, facts.type):
        return [Hindrance.ASKS_NOBODY]
    if facts.state not in starts_from(step, facts.type):
        return [Hindrance.WRONG_STATE]
    found = {
        Step.ASK: _asking,
        Step.APPROVE: _approving,
        Step.SCHEDULE: _scheduling,
        Step.BEGIN: _beginning,
        Step.CLOSE: _closing,
    }.get(step)
    checks = found(facts) if found else []
    return [hindrance for hindrance, holds in checks if holds]


Checks = list[tuple[Hindrance, bool]]


def _ready(facts: Facts) -> Checks:
    return [
        (Hindrance.NO_GROUP, not facts.has_group),
        (Hindrance.NO_ITEM, not facts.has_item),
        (Hindrance.NO_WINDOW, not facts.has_window),
    ]


def _answers(facts: Facts) -> Checks:
    return [
        (Hindrance.STOPPED, facts.stops > 0),
        (Hindrance.SAID_NO, facts.noes > 0),
        (Hindrance.UNANSWERED, facts.unanswered > 0),
        (Hindrance.CONDITION_OPEN, facts.conditions_open > 0),
    ]


def _asking(facts: Facts) -> Checks:
    needs_window = facts.type != "emergency"
    ready = [one for one in _ready(facts) if needs_window or one[0] != Hindrance.NO_WINDOW]
    return [*ready, (Hindrance.NOBODY_TO_ASK, facts.has_item and facts.touched == 0)]


def _approving(facts: Facts) -> Checks:
    return [*_ready(facts), (Hindrance.MUST_ASK, facts.unasked > 0), *_answers(facts)]


def _scheduling(facts: Facts) -> Checks:
    return [
        *_ready(facts),
        (Hindrance.NO_STANDARD, facts.type == "standard" and not facts.has_standard),
        *((hindrance, facts.type == "normal" and holds) for hindrance, holds in _answers(facts)),
        (Hindrance.CLASH, facts.clashes > 0),
    ]


def _beginning(facts: Facts) -> Checks:
    if facts.type == "emergency":
        return [(Hindrance.NO_GROUP, not facts.has_group), (Hindrance.NO_ITEM, not facts.has_item)]
    normal = facts.type == "normal"
    return [
        (Hindrance.EARLIER_NOT_DONE, facts.earlier > 0),
        (Hindrance.NEW_GROUPS, normal and facts.unasked > 0),
        *((hindrance, normal and holds) for hindrance, holds in _answers(facts)),
        (Hindrance.CLASH, facts.clashes > 0),
    ]


def _closing(facts: Facts) -> Checks:
    emergency = facts.type == "emergency"
    return [
        (Hindrance.NO_OUTCOME, not facts.outcome),
        (Hindrance.NO_REVIEW, must_be_reviewed(facts) and not facts.is_reviewed),
        (Hindrance.MUST_ASK, emergency and facts.unasked > 0),
        (Hindrance.UNANSWERED, emergency and facts.unanswered > 0),
        (Hindrance.SAID_NO, emergency and facts.noes > 0),
    ]
