"""The steps of a routine and the answers to them: their shape, checked and read. How a run walks through them, what
is next and how it may end, stands in `walking.py`.

A step is a mapping of plain values, so that a version of a document can keep it; `read_steps` gives it as `Step`.
Answers are by the step's id, the last one for each. A step with a condition applies only while an earlier step that
itself applies was done with an answer that fits. A stop step or an approval is a gate: what stands after it waits
until it was passed, and a gate that failed or was refused holds the run for good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

LIMIT = 200
ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}", re.ASCII)
TITLE_LIMIT, TEXT_LIMIT, OPTION_LIMIT, OPTIONS, UNIT_LIMIT, ROLE_LIMIT, MINUTES = 200, 10_000, 100, 30, 20, 100, 10_000


class Input(StrEnum):
    """What a step asks for."""

    NONE = ""
    CHOICE = "choice"
    NUMBER = "number"
    TEXT = "text"
    PHOTO = "photo"


class Sense(StrEnum):
    """How an earlier answer is held against a condition's value."""

    IS = "is"
    NOT = "not"
    OVER = "over"
    UNDER = "under"


class State(StrEnum):
    """What became of a step."""

    DONE = "done"
    SKIPPED = "skipped"
    FAILED = "failed"
    APPROVED = "approved"
    REFUSED = "refused"


class Outcome(StrEnum):
    """How a run ends."""

    WORKED = "worked"
    DEVIATIONS = "deviations"
    FAILED = "failed"
    ABANDONED = "abandoned"


class Fault(StrEnum):
    """Why steps, an answer or an end cannot be taken."""

    NOT_STEPS = "not_steps"
    TOO_MANY = "too_many"
    UNKNOWN_FIELD = "unknown_field"
    ID = "id"
    ID_TWICE = "id_twice"
    TITLE = "title"
    TOO_LONG = "too_long"
    INPUT = "input"
    OPTIONS = "options"
    NUMBER = "number"
    LIMITS = "limits"
    MINUTES = "minutes"
    CONDITION = "condition"
    NO_STEP = "no_step"
    NOT_NOW = "not_now"
    WAITS = "waits"
    STATE = "state"
    REQUIRED = "required"
    VALUE_MISSING = "value_missing"
    NOT_AN_OPTION = "not_an_option"
    LEFT = "left"
    FAILED_STEPS = "failed_steps"


class WrongSteps(ValueError):
    """`fault`, and the place (from 1) and field of the step that it is about; 0 where it is about all."""

    def __init__(self, fault: Fault, place: int = 0, name: str = "") -> None:
        """What and where."""
        super().__init__(f"{fault} in step {place} {name}".strip())
        self.fault, self.place, self.name = fault, place, name


@dataclass(frozen=True, slots=True)
class When:
    """The step applies when the earlier step `step` was done and its value fits."""

    step: str
    sense: Sense
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `least` and `most` are the limits of a number, in `unit`; outside them the step has failed.

    `role` is who does it, or for an approval who gives it; never a name. `minutes` is the expected time.
    """

    id: str
    title: str
    text: str = ""
    is_required: bool = True
    input: Input = Input.NONE
    options: tuple[str, ...] = ()
    unit: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    is_stop: bool = False
    is_approval: bool = False
    role: str = ""
    minutes: int | None = None
    when: When | None = None

    @property
    def is_gate(self) -> bool:
        """Whether what stands after it waits for it."""
        return self.is_stop or self.is_approval


@dataclass(frozen=True, slots=True)
class Said:
    """The answer that counts for a step."""

    state: State
    value: str = ""

    @property
    def is_passed(self) -> bool:
        """Whether it was done or approved."""
        return self.state in (State.DONE, State.APPROVED)


Answers = Mapping[str, Said]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run has come: steps that apply, those answered, the one to do now, minutes expected in all."""

    applying: tuple[Step, ...]
    answered: int
    now: Step | None
    minutes: int


def number(text: str) -> Decimal | None:
    """A number as people write it, with comma or point; None when it is none."""
    written = "".join(text.split()).replace("\u2212", "-").replace(",", ".")
    if not re.fullmatch(r"[+-]?\d{1,15}(\.\d{1,9})?", written, re.ASCII):
        return None
    try:
        return Decimal(written)
    except InvalidOperation:
        return None


# ---- shape -----------------------------------------------------------------------------------------------------

FIELDS = frozenset(
    ("id", "title", "text", "required", "input", "options", "unit", "least", "most", "stop", "approval", "role",
     "minutes", "when")
)  # fmt: skip


def clean_steps(raw: Any) -> list[dict[str, Any]]:
    """The steps as a version keeps them, without what is empty; one without an id is given one. Raises WrongSteps."""
    if not isinstance(raw, list | tuple):
        raise WrongSteps(Fault.NOT_STEPS)
    if len(raw) > LIMIT:
        raise WrongSteps(Fault.TOO_MANY)
    taken = {str(one.get("id")) for one in raw if isinstance(one, Mapping) and one.get("id")}
    cleaned: list[Step] = []
    for place, one in enumerate(raw, 1):
        cleaned.append(_clean(one, place, cleaned, taken))
    return [as_data(one) for one in cleaned]


def read_steps(raw: Any) -> tuple[Step, ...]:
    """The steps of a version. What cannot be read as steps gives none, since a version is never altered."""
    try:
        return tuple(_known(one) for one in clean_steps(raw or []))
    except WrongSteps:
        return ()


def as_data(step: Step) -> dict[str, Any]:
    """A step as plain values, without what is empty; the inverse of reading."""
    when = step.when
    told: dict[str, Any] = {
        "id": step.id, "title": step.title, "text": step.text, "required": step.is_required,
        "input": str(step.input), "options": list(step.options), "unit": step.unit,
        "least": None if step.least is None else f"{step.least:f}",
        "most": None if step.most is None else f"{step.most:f}",
        "stop": step.is_stop, "approval": step.is_approval, "role": step.role, "minutes": step.minutes,
        "when": {"step": when.step, "sense": str(when.sense), "value": when.value} if when else None,
    }  # fmt: skip
    return {name: value for name, value in told.items() if name == "required" or value not in ("", None, [], False)}


def _known(one: Mapping[str, Any]) -> Step:
    when = one.get("when")
    return Step(
        one["id"], one["title"], one.get("text", ""), one["required"], Input(one.get("input", "")),
        tuple(one.get("options", ())), one.get("unit", ""), _decimal(one.get("least")), _decimal(one.get("most")),
        one.get("stop", False), one.get("approval", False), one.get("role", ""), one.get("minutes"),
        When(when["step"], Sense(when["sense"]), when["value"]) if when else None,
    )  # fmt: skip


def _clean(one: Any, place: int, before: Sequence[Step], taken: set[str]) -> Step:
    if not isinstance(one, Mapping):
        raise WrongSteps(Fault.NOT_STEPS, place)
    if unknown := sorted(set(one) - FIELDS):
        raise WrongSteps(Fault.UNKNOWN_FIELD, place, str(unknown[0])[:40])
    title = _line(one.get("title"), TITLE_LIMIT, place, "title")
    if not title:
        raise WrongSteps(Fault.TITLE, place, "title")
    asks = _input(one.get("input"), place)
    least, most = _limit(one, "least", place), _limit(one, "most", place)
    if least is not None and most is not None and least > most:
        raise WrongSteps(Fault.LIMITS, place, "least")
    is_number = asks == Input.NUMBER
    return Step(
        _id(one.get("id"), place, before, taken), title, _text(one.get("text"), place),
        one.get("required", True) not in (False, "", None, "no"), asks, _options(one, asks, place),
        _line(one.get("unit"), UNIT_LIMIT, place, "unit") if is_number else "", least if is_number else None,
        most if is_number else None, bool(one.get("stop")), bool(one.get("approval")),
        _line(one.get("role"), ROLE_LIMIT, place, "role"), _minutes(one.get("minutes"), place),
        _when(one.get("when"), place, before),
    )  # fmt: skip


def _id(value: Any, place: int, before: Sequence[Step], taken: set[str]) -> str:
    known = {step.id for step in before}
    text = str(value or "")
    if not text:
        text = next(name for n in range(place, place + 2 * LIMIT + 1) if (name := f"s{n}") not in taken)
        taken.add(text)
    if not ID.fullmatch(text):
        raise WrongSteps(Fault.ID, place, "id")
    if text in known:
        raise WrongSteps(Fault.ID_TWICE, place, "id")
    return text


def _line(value: Any, limit: int, place: int, name: str) -> str:
    text = " ".join(str(value or "").replace("\x00", "").split())
    if len(text) > limit:
        raise WrongSteps(Fault.TOO_LONG, place, name)
    return text


def _text(value: Any, place: int) -> str:
    text = str(value or "").replace("\x00", "").replace("\r\n", "\n").strip()
    if len(text) > TEXT_LIMIT:
        raise WrongSteps(Fault.TOO_LONG, place, "text")
    return text


def _input(value: Any, place: int) -> Input:
    try:
        return Input(str(value or ""))
    except ValueError as error:
        raise WrongSteps(Fault.INPUT, place, "input") from error


def _options(one: Mapping[str, Any], asks: Input, place: int) -> tuple[str, ...]:
    if asks != Input.CHOICE:
        return ()
    raw = one.get("options") or ()
    lines = raw.splitlines() if isinstance(raw, str) else raw
    if not isinstance(lines, list | tuple):
        raise WrongSteps(Fault.OPTIONS, place, "options")
    options = tuple(dict.fromkeys(text for line in lines if (text := _line(line, OPTION_LIMIT, place, "options"))))
    if not 2 <= len(options) <= OPTIONS:
        raise WrongSteps(Fault.OPTIONS, place, "options")
    return options


def _limit(one: Mapping[str, Any], name: str, place: int) -> Decimal | None:
    value = one.get(name)
    if value in (None, ""):
        return None
    read = number(str(value))
    if read is None:
        raise WrongSteps(Fault.NUMBER, place, name)
    return read


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else number(text)


def _minutes(value: Any, place: int) -> int | None:
    if value in (None, ""):
        return None
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,5}", text, re.ASCII) or int(text) > MINUTES:
        raise WrongSteps(Fault.MINUTES, place, "minutes")
    return int(text)


def _when(raw: Any, place: int, before: Sequence[Step]) -> When | None:
    if not raw or (isinstance(raw, Mapping) and not raw.get("step")):
        return None
    if not isinstance(raw, Mapping) or set(raw) - {"step", "sense", "value"}:
        raise WrongSteps(Fault.CONDITION, place, "when")
    earlier = next((step for step in before if step.id == raw["step"]), None)
    sense = str(raw.get("sense") or "is")
    value = _line(raw.get("value"), OPTION_LIMIT, place, "when")
    if earlier is None or sense not in set(Sense) or earlier.input in (Input.NONE, Input.PHOTO):
        raise WrongSteps(Fault.CONDITION, place, "when")
    if sense in (Sense.OVER, Sense.UNDER) and (earlier.input != Input.NUMBER or number(value) is None):
        raise WrongSteps(Fault.CONDITION, place, "when")
    if earlier.input == Input.CHOICE and value not in earlier.options:
        raise WrongSteps(Fault.CONDITION, place, "when")
    return When(earlier.id, Sense(sense), value)
