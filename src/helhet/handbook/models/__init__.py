"""The nouns of this room."""

from helhet.handbook.models.bundle import Bundle
from helhet.handbook.models.part import Contradiction, NotApplicable, Part, Weight

__all__ = ["Bundle", "Contradiction", "NotApplicable", "Part", "Weight"]
