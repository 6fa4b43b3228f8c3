"""Which fields each noun has in a mapping, and what sort of value they hold."""

from __future__ import annotations

from helhet.importers.rows import ROLES

FIELDS: dict[str, tuple[str, ...]] = {
    "items": (
        "key", "kind", "name", "group", "groups", "part_of", "state", "criticality", "tags", "description",
        *ROLES[1:], "attributes",
    ),
    "groups": ("key", "name", "basis", "parent", "mandate", "state", "contact", "also", "children"),
    "persons": ("key", "name", "email", "unit"),
    "members": ("group", "person", "name", "email", "role", "from", "to", "share"),
    "responsibilities": ("item", "group", "role"),
    "part_of": ("item", "parent"),
    "links": ("from", "to", "type"),
    "dependencies": ("from", "to", "type", "criticality", "note", "set", "least"),
    "changes": (
        "key", "title", "type", "state", "outcome", "group", "owner", "submitted", "starts", "ends", "began",
        "finished", "closed", "items", "reverts", "tickets", "description", "plan", "test", "way_back", "learnt",
        "attributes",
    ),
    "changed_items": ("change", "item"),
    "pages": ("path", "text", "front_matter", "group", "first_commit", "last_commit", "commits", "encoding", "size",
              "attributes"),
}  # fmt: skip
REQUIRED: dict[str, tuple[str, ...]] = {
    "items": ("key", "kind", "name"),
    "groups": ("key", "name"),
    "persons": ("key", "name"),
    "members": ("group", "person"),
    "responsibilities": ("item", "group"),
    "part_of": ("item", "parent"),
    "links": ("from", "to"),
    "dependencies": ("from", "to"),
    "changes": ("key", "title"),
    "changed_items": ("change", "item"),
    "pages": ("path",),
}
LISTS = {"groups", "tags", "also", "children", "items", "tickets", *ROLES[1:]}
OBJECTS = {"attributes", "contact"}
