"""Whether operations can run a service from what is written, with the reasons in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import F
from django.utils.translation import gettext as _

from helhet.documents.models import Document, Version
from helhet.handbook.completeness import weights
from helhet.handbook.models import Contradiction, Part
from helhet.handbook.pointing import pointed_at, rows_of
from helhet.handbook.shapes import ROUTINE, part_label
from helhet.handbook.states import standings, state_label
from helhet.items.models import Item
from helhet.kit.rights import Caller
from helhet.rules.service_parts import Ready, Reason, readiness

NEEDED = (Part.DESCRIPTION, Part.TASKS, Part.SUPPORT, Part.SUPPLIERS)
"""What whoever runs the service at night needs: what it is, what is done, whom to ask, who outside to call."""

MARKS = {Ready.YES: "yes", Ready.DOUBTFUL: "check", Ready.NO: "no"}


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer, what speaks against it, and what operations has filed and nobody has settled."""

    ready: Ready
    reasons: list[Reason]
    contradictions: list[Contradiction]

    @property
    def mark(self) -> str:
        """The mark beside the words."""
        return MARKS[self.ready]

    @property
    def says(self) -> str:
        """The answer in one sentence."""
        return {
            Ready.YES: _("Operations can run it from what is written."),
            Ready.DOUBTFUL: _("Operations can run it from what is written, if what must be checked holds."),
            Ready.NO: _("Operations cannot run it from what is written."),
        }[self.ready]

    @property
    def because(self) -> list[str]:
        """The reasons in words."""
        return [reason_words(one) for one in self.reasons if one.sort != "contradiction"]


def reason_words(one: Reason) -> str:
    """One reason, in the reader's language."""
    label = part_label(one.part) if one.part else ""
    if one.sort == "state":
        return _("%(part)s: %(state)s") % {"part": label, "state": state_label(one.about).lower()}
    if one.sort == "routine" and not one.about:
        return _("%(part)s: a routine that it names is not published") % {"part": label}
    if one.sort == "routine":
        return _("%(part)s: the routine %(routine)s is not published") % {"part": label, "routine": one.about}
    return _("Contradicted by operations")


def answers(items: Collection[int], caller: Caller) -> dict[int, Answer]:
    """The answer for each of the services, in a handful of questions; the same for everybody, but what a part names
    that the caller may not read is not told.
    """
    parts = standings(items)
    counted = weights()
    filed: dict[int, list[Contradiction]] = {}
    for one in Contradiction.objects.filter(item_id__in=list(items), settled_at__isnull=True):
        filed.setdefault(one.item_id, []).append(one)
    unpublished = _unpublished(items, caller)
    found = {}
    for item in items:
        ready, reasons = readiness(
            {part: one.state for part, one in parts[item].items()}, needed=[str(part) for part in NEEDED],
            weights=counted, unpublished=unpublished.get(item, ()),
            contradictions=[(one.part, one.pk) for one in filed.get(item, [])],
        )  # fmt: skip
        found[item] = Answer(ready, reasons, filed.get(item, []))
    return found


def answer_of(item: Item, caller: Caller) -> Answer:
    """The answer for one."""
    return answers([item.pk], caller)[item.pk]


def _unpublished(items: Collection[int], caller: Caller) -> dict[int, list[tuple[str, str]]]:
    """(part, name) of the routines that published parts lean on although nothing of them is published, by item; the
    name is empty where the caller may not read the part.
    """
    versions = Version.objects.filter(
        document__item_id__in=list(items), document__part__in=Part.values, document__published_id=F("pk"),
    ).select_related("document")  # fmt: skip
    leaning = [
        (version.document, str(row[ROUTINE]))
        for version in versions
        for row in rows_of(version.fields)
        if row.get(ROUTINE)
    ]
    pointed = pointed_at([{ROUTINE: reference} for _document, reference in leaning])
    ids = [one.pk for one in pointed.items.values()]
    published = set(
        Document.objects.filter(item_id__in=ids, part="", published__isnull=False).values_list("item_id", flat=True)
    )
    numbers = [document.pk for document, _reference in leaning]
    readable = set(Document.objects.visible_to(caller).filter(pk__in=numbers).values_list("pk", flat=True))
    found: dict[int, dict[tuple[str, str], None]] = {}
    for document, reference in leaning:
        routine = pointed.item(reference)
        if routine is None or routine.pk not in published:
            name = (routine.name if routine else reference) if document.pk in readable else ""
            found.setdefault(document.item_id, {})[document.part, name] = None
    return {item: list(some) for item, some in found.items()}
