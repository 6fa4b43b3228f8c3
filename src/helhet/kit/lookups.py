"""The lookup `like`, for patterns with several wildcards over folded keys: the same on both engines."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Lookup, TextField


class Like(Lookup[Any]):
    """`column LIKE pattern ESCAPE backslash`. The pattern comes escaped from the translator of filters."""

    lookup_name = "like"

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        """Case does not matter, since both sides are folded."""
        left, left_params = self.process_lhs(compiler, connection)
        right, right_params = self.process_rhs(compiler, connection)
        return f"{left} LIKE {right} ESCAPE '\\'", (*left_params, *right_params)


def register() -> None:
    """Let text columns have it."""
    CharField.register_lookup(Like)
    TextField.register_lookup(Like)
