"""What rooms above add to the pages of accounts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from helhet.kit.ports import Port


@dataclass(frozen=True, slots=True)
class UserLink:
    """Who a user is in the organisation."""

    label: str
    url: str


user_links: Port[Callable[[Sequence[int]], dict[int, UserLink]]] = Port("accounts.user_links")
"""Users' ids to who they are; users that are nobody are left out."""
