"""Which events can alter what a copy holds.

What is known not to is named here, and nothing else: an event that nobody thought of has the copies renewed, since one
that is made without need costs seconds and one that lacks a telephone number can cost a night.
"""

from __future__ import annotations

from django.db.models import Q

from helhet.journal.models import Event

NO_MATTER_NOUNS = frozenset({
    # Sign-ins, users, their tokens and feeds: a copy tells of persons, who have events of their own.
    "user",
    "bundle", "task", "view", "picture",
    # Work that is done by routines. A failed run that doubts its text says so in an event of the document.
    "run", "handover", "alert", "alert_group", "operational_task",
    "window", "freeze", "standard", "threshold", "weight",
})  # fmt: skip
NO_MATTER_VERBS = (
    # A draft is in no copy; published, it is an event of the document.
    "documents.draft.", "documents.remark.", "documents.approval.", "documents.document.reported",
    "items.comment.", "estate.observations.", "handbook.readiness.",
    "changes.advance.", "changes.clash.", "changes.exemption.", "changes.mark.", "changes.order.", "changes.position.",
    "changes.consequence.",
)  # fmt: skip


def changed_since(sequence: int) -> bool:
    """Whether anything that can alter a copy has happened since this sealed event."""
    later = Event.objects.filter(Q(sequence__gt=sequence) | Q(sequence__isnull=True))
    known = Q(noun__in=NO_MATTER_NOUNS)
    for beginning in NO_MATTER_VERBS:
        known |= Q(verb__startswith=beginning)
    return later.exclude(known).exists()
