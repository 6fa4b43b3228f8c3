"""What depends on an item follows it when it becomes another."""

from __future__ import annotations

from typing import Any

from helhet.estate.models import Dependency
from helhet.items.merging import Merging, move_ends, put_back_ends


def on_merged(merging: Merging) -> dict[str, Any]:
    """Fills `items.merged`."""
    return move_ends(Dependency, "dependencies", merging)


def on_split(merging: Merging, moved: dict[str, Any]) -> None:
    """Fills `items.split`."""
    put_back_ends(Dependency, "dependencies", merging, moved)
