"""The nouns of this room."""

from helhet.documents.models.document import (
    ApprovalRule,
    Approver,
    Audience,
    Document,
    DocumentAudience,
    Draft,
    DraftState,
    DraftText,
    Sort,
    Unit,
    Verdict,
    Version,
)
from helhet.documents.models.truth import About, Cause, Described, Doubt, Followed, Remark, TextLink

__all__ = [
    "About",
    "ApprovalRule",
    "Approver",
    "Audience",
    "Cause",
    "Described",
    "Document",
    "DocumentAudience",
    "Doubt",
    "Draft",
    "DraftState",
    "DraftText",
    "Followed",
    "Remark",
    "Sort",
    "TextLink",
    "Unit",
    "Verdict",
    "Version",
]
