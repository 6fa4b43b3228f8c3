"""The documentation of one service as programs get it, by the API and at the command line alike."""

from __future__ import annotations

from typing import Any

from helhet.handbook.completeness import of_items, service_data
from helhet.handbook.models import Contradiction
from helhet.handbook.ready import answer_of, reason_words
from helhet.handbook.service_page import part_data, parts_of
from helhet.items.models import Item
from helhet.kit.rights import Caller

CONTRADICTION = ("part", "text", "by", "at", "settled_at", "settled_by", "settled_text", "version")


def documentation_data(item: Item, caller: Caller) -> dict[str, Any]:
    """Its seven parts with their states and reasons, and whether it can be run from that."""
    (one,) = of_items([item], caller).services
    ready, parts = answer_of(item, caller), parts_of(item, caller)
    return {
        **service_data(one), "documentation": [part_data(part) for part in parts],
        "can_be_run": str(ready.ready), "reasons": [reason_words(reason) for reason in ready.reasons],
        "contradicted": [contradiction_data(open_one) for open_one in ready.contradictions],
    }  # fmt: skip


def contradiction_data(one: Contradiction) -> dict[str, Any]:
    """What operations said against it, and how it was settled."""
    return {
        "id": one.pk, "service": one.item.reference, **{name: getattr(one, name) for name in CONTRADICTION}
    }  # fmt: skip
