"""What each of the seven parts is made of: its columns and their words.

A part's `fields` are `{"rows": [...]}`, one row for each task, level, order, standard change, step of the support path
or supplier; the description has none, its components and dependencies are drawn from the estate when it is shown.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from helhet.handbook.models import Part
from helhet.rules.rows import Column, Sort

ROUTINE, WHO, STANDARD, SUPPLIER, CONTRACT, CONTACTS = (
    "routine", "who", "standard", "supplier", "contract", "contacts"
)  # fmt: skip
"""Columns whose cells point at something: see `fields` and `pointing`."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of a part with their labels and help; `says` tells what belongs in the part."""

    columns: tuple[Column, ...]
    labels: Callable[[], dict[str, str]]
    help: Callable[[], dict[str, str]]
    says: Callable[[], str]


def _none() -> dict[str, str]:
    return {}


def _by_routine() -> dict[str, str]:
    return {ROUTINE: _("The reference, such as RUT-52.")}


SHAPES: dict[str, Shape] = {
    Part.DESCRIPTION: Shape(
        (), _none, _none,
        lambda: _("What the service is, for whom and when it is used. What it consists of and what it needs is shown "
                  "from the estate."),
    ),
    Part.TASKS: Shape(
        (Column("name", required=True), Column(ROUTINE, limit=40), Column("interval", limit=100), Column(WHO),
         Column("minutes", Sort.NUMBER), Column("cost", Sort.MONEY)),
        lambda: {"name": _("Operational task"), ROUTINE: _("Routine"), "interval": _("How often"), WHO: _("Who"),
                 "minutes": _("Minutes"), "cost": _("Cost each time, kronor")},
        lambda: {**_by_routine(), WHO: _("A role or a group.")},
        lambda: _("What is done again and again so that the service does not decay: by which routine, how often, by "
                  "whom, and what it takes."),
    ),
    Part.LEVELS: Shape(
        (Column("measure", required=True), Column("target", required=True), Column("hours", limit=200)),
        lambda: {"measure": _("Measure"), "target": _("Target"), "hours": _("When it counts")},
        lambda: {"target": _("Such as 99.9 percent.")},
        lambda: _("What is promised to those who use the service, and when the promise counts."),
    ),
    Part.ORDERS: Shape(
        (Column("name", required=True), Column("for_whom"), Column("approval"), Column(ROUTINE, limit=40),
         Column("lead_time", limit=100)),
        lambda: {"name": _("What can be ordered"), "for_whom": _("For whom"), "approval": _("Approved by"),
                 ROUTINE: _("Routine"), "lead_time": _("Lead time")},
        lambda: {**_by_routine(), "lead_time": _("Such as 2 working days.")},
        lambda: _("What can be ordered, who may, who approves, and by which routine it is fulfilled."),
    ),
    Part.CHANGES: Shape(
        (Column("name", required=True), Column(STANDARD, limit=20), Column("conditions", Sort.TEXT, limit=2_000),
         Column(ROUTINE, limit=40)),
        lambda: {"name": _("Standard change"), STANDARD: _("Approved as"), "conditions": _("Conditions"),
                 ROUTINE: _("Routine")},
        _by_routine,
        lambda: _("What may be altered without asking, under which conditions and by which routine."),
    ),
    Part.SUPPORT: Shape(
        (Column(WHO, required=True), Column("hours", limit=200), Column("contact"),
         Column("escalate_minutes", Sort.NUMBER)),
        lambda: {WHO: _("Who"), "hours": _("Hours"), "contact": _("Reached by"),
                 "escalate_minutes": _("Goes on after, minutes")},
        lambda: {WHO: _("A role, a group or a supplier, never a person."),
                 "contact": _("A number or an address. Empty is the one of the group or the supplier.")},
        lambda: _("Who is asked first, then who, and after how long. Roles and groups, not names: people leave."),
    ),
    Part.SUPPLIERS: Shape(
        (Column(SUPPLIER, required=True, limit=40), Column(CONTRACT, limit=40),
         Column(CONTACTS, Sort.LIST, limit=20), Column("note")),
        lambda: {SUPPLIER: pgettext("part", "Supplier"), CONTRACT: _("Contract"),
                 CONTACTS: _("Contacts"), "note": _("What it delivers")},
        lambda: {CONTACTS: _("With none chosen, all of the supplier's.")},
        lambda: _("Who outside the house the service depends on, by which contract, and whom to call there. Chosen "
                  "from the register of suppliers, so that a new number stands here at once."),
    ),
}  # fmt: skip


def part_label(part: str) -> str:
    """The part's name, in the reader's language."""
    return str(Part(part).label) if part in Part.values else part
