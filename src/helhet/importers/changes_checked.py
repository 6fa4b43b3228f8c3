"""A change's row from loose values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from helhet.importers.rows import ChangeRow

if TYPE_CHECKING:
    from helhet.importers.rows import Attribute

KEY_MAX = 300
NAME_MAX = 300
INSTANTS = ("submitted", "starts", "ends", "began", "finished", "closed")
TEXTS = ("description", "plan", "test", "way_back", "learnt")


def change_row(fields: Any) -> ChangeRow:
    """The row, of the fields that `checks` looks through. A title too long is cut, since what another tool ran is
    history that nobody can mend there.
    """
    key = fields.need("key", KEY_MAX)
    title = fields.need("title", 10_000)[:NAME_MAX]
    attributes: dict[str, Attribute] = fields.attributes("attributes")
    texts = (fields.text(name) for name in TEXTS)
    return ChangeRow._make((
        key, title, fields.word("type", "change_type", "normal"), fields.word("state", "change_state", None),
        fields.word("outcome", "outcome", ""), fields.reference("group"), fields.reference("owner"),
        *map(fields.instant, INSTANTS), fields.list("items"), fields.reference("reverts"), fields.list("tickets"),
        *texts, attributes, fields.place,
    ))  # fmt: skip
