"""Temporary tables, each declared once. Rooms clear and fill them inside a transaction."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.kit.engines import engine

ALL: list[Scratch] = []


@dataclass(frozen=True, slots=True)
class Scratch:
    """One of them, by its name in SQL."""

    name: str
    columns: str

    def __post_init__(self) -> None:
        """Lets all be made before they are needed."""
        ALL.append(self)

    def clear(self) -> None:
        """Make it empty; it lives at most as long as the connection."""
        engine().scratch(self.name, self.columns)
