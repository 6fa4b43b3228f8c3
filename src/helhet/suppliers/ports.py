"""Where rooms above join in: what follows from an alteration here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helhet.journal.models import Event
from helhet.kit.ports import Port
from helhet.kit.rights import Caller


@dataclass(frozen=True, slots=True)
class ToCheck:
    """Documents that state what an event altered: the address of each, and where they are listed."""

    addresses: Sequence[str]
    url: str


to_check: Port[Callable[[Event, Caller], ToCheck]] = Port("suppliers.to_check")
"""(event, caller) -> the documents that it gives a reason to check, of those that the caller may read."""


def checks_after(noun: str, noun_id: int, caller: Caller) -> ToCheck:
    """What is to be checked after what this very request altered of the thing."""
    told = Event.objects.filter(noun=noun, noun_id=noun_id, request_id=caller.request_id).order_by("-id")
    event = told.first() if caller.request_id else None
    return to_check.only()(event, caller) if event is not None and to_check else ToCheck((), "")
