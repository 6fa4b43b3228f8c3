"""By what a page that was let out here is known when it comes back, and whether what stands in front was altered."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

from helhet.items.models import Item
from helhet.rules.front_matter_forms import without_none
from helhet.rules.pages import stated_in_text

BESIDE = ("owner", "audiences", "routine")
"""What a page tells of its document and is set here alone."""


def mark_of(item: Item) -> str:
    """What tells a thing of this place from one with the same reference elsewhere: when exactly it was made."""
    return _short(f"{item.reference} {item.created_at.isoformat()}")


def seal_of(facts: Mapping[str, Any]) -> str:
    """What says the same of the same facts, in whatever order and form they are written."""
    return _short(json.dumps(without_none(facts), ensure_ascii=False, sort_keys=True))


def seal_of_page(facts: Mapping[str, Any], text: str) -> str:
    """The seal of a page's own facts, those among them that its text alone states."""
    stated = stated_in_text(facts, text)
    return seal_of({**facts, "": stated} if stated else facts)


def sealed(facts: Mapping[str, Any], text: str, ours: Mapping[str, Any]) -> dict[str, str]:
    """The seals of a page's own facts, and of BESIDE."""
    return {"facts": seal_of_page(facts, text), "beside": seal_of({name: ours.get(name) for name in BESIDE})}


def _short(text: str) -> str:
    return blake2b(text.encode(), digest_size=6).hexdigest()
