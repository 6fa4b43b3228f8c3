"""Where rooms above join in on the pages of groups and persons, when a group closes, and when a person leaves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helhet.groups.models import Group, Person, Task
from helhet.kit.parts import Panel
from helhet.kit.ports import Port
from helhet.kit.rights import Caller


@dataclass(frozen=True, slots=True)
class Hanging:
    """Something that hangs on a group or a person: its name in the plural, how many, where they are listed."""

    label: str
    count: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Closing:
    """A group that is about to close, as participants see it. `to` is the group that takes over, if any."""

    group: Group
    to: Group | None
    by: Caller
    on: dt.date
    leave: bool


@dataclass(frozen=True, slots=True)
class Leaving:
    """A person who is about to leave, as participants see him; his sign-in has not ended yet."""

    person: Person
    by: Caller
    reason: str


hanging: Port[Callable[[Group], list[Hanging]]] = Port("groups.hanging")
closing: Port[Callable[[Closing], None]] = Port("groups.closing")
group_panels: Port[Callable[[Group, Caller], Sequence[Panel]]] = Port("groups.group_panels")
person_panels: Port[Callable[[Person, Caller], Sequence[Panel]]] = Port("groups.person_panels")
person_hanging: Port[Callable[[Person], list[Hanging]]] = Port("groups.person_hanging")
person_leaving: Port[Callable[[Leaving], None]] = Port("groups.person_leaving")
task_places: Port[Callable[[Task, Caller], str]] = Port("groups.task_places")
"""Where what a task asks for is done; empty where the task is not this room's, or the caller may not go there."""


def place_of(task: Task, caller: Caller) -> str:
    """Where what the task asks for is done; empty where no room knows."""
    return next((address for port in task_places if (address := port(task, caller))), "")


def sections(found: Sequence[Panel]) -> list[Panel]:
    """In their order."""
    return sorted(found, key=lambda panel: panel.order)
