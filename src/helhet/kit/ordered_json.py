"""JSON that comes back as it was written: PostgreSQL's own sort of JSON would sort the names of objects anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db.models import JSONField

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper


class OrderedJSONField(JSONField):
    """A JSON value kept as text by both databases, names in the order in which they were given. It cannot be looked
    into by a query.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:  # noqa: ARG002 - the framework's signature
        """Text."""
        return "text"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:  # noqa: ARG002 - the framework's signature
        """As text."""
        return value if hasattr(value, "as_sql") else json.dumps(value, ensure_ascii=False)
