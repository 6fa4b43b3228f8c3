"""The nouns of the register."""

from helhet.items.models.item import Criticality, Item, ItemValue, Presence, State, Value, ValueName
from helhet.items.models.kind import Family, Kind, ReferenceCounter, every_kind
from helhet.items.models.notes import Attachment, Comment, Link
from helhet.items.models.source import KeySort, Source, SourceKey
from helhet.items.models.touched import Touched

__all__ = [
    "Attachment",
    "Comment",
    "Criticality",
    "Family",
    "Item",
    "ItemValue",
    "KeySort",
    "Kind",
    "Link",
    "Presence",
    "ReferenceCounter",
    "Source",
    "SourceKey",
    "State",
    "Touched",
    "Value",
    "ValueName",
    "every_kind",
]
