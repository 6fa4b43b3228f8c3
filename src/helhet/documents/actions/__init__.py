"""What people do with documents."""

from helhet.documents.actions.creating import bring_back, create_document, withdraw
from helhet.documents.actions.deciding import drop_draft, edit_minor, give_verdict, publish, submit_draft
from helhet.documents.actions.facts import change_document, mark_reviewed, set_audiences, set_review
from helhet.documents.actions.writing import save_draft
from helhet.documents.doubting import raise_doubt, still_true

__all__ = [
    "bring_back",
    "change_document",
    "create_document",
    "drop_draft",
    "edit_minor",
    "give_verdict",
    "mark_reviewed",
    "publish",
    "raise_doubt",
    "save_draft",
    "set_audiences",
    "set_review",
    "still_true",
    "submit_draft",
    "withdraw",
]
