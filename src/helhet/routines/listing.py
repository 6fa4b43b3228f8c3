"""Routines as people look for them: by kind, by what they are for, by symptom, label and words, and by their proof."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import ngettext

from helhet.documents.models import About, Document, Sort
from helhet.items.models import State
from helhet.items.text import fold
from helhet.kit.parts import Choice
from helhet.kit.rights import Caller
from helhet.kit.spoken import number
from helhet.routines.models import Routine, RoutineLabel
from helhet.routines.permissions import RoutinePermission

WORDS, OFFERED = 8, 500


class Proof(StrEnum):
    """Whether it is known that a routine works."""

    PROVEN = "proven"
    DOUBTFUL = "doubtful"
    NEVER = "never"


def every_routine(caller: Caller) -> QuerySet[Document]:
    """The documents that are or were routines and that the caller may read, those that nobody has described yet too."""
    if not caller.may(RoutinePermission.VIEW):
        return Document.objects.none()
    rows = Document.objects.visible_to(caller).filter(part="").filter(Q(routine__isnull=False) | Q(sort=Sort.ROUTINE))
    # Lists show no text, which may be long.
    return rows.select_related("item__kind", "routine", "published").defer("published__text", "published__fields")


def routines_of(caller: Caller) -> QuerySet[Document]:
    """Those of them that are in use: not withdrawn."""
    return every_routine(caller).exclude(item__state=State.RETIRED)


def runnable(caller: Caller, numbers: Iterable[int]) -> set[int]:
    """Those of these routines that the caller may read and that can be run now: published, and not withdrawn."""
    wanted = set(numbers)
    found = routines_of(caller).filter(pk__in=wanted, published__isnull=False) if wanted else Document.objects.none()
    return set(found.order_by().values_list("pk", flat=True))


def offered(caller: Caller) -> list[tuple[str, str]]:
    """What a field of a routine offers, as (reference, name): those that can be run now, by name; at most 500."""
    found = routines_of(caller).filter(published__isnull=False).order_by("item__name_key", "pk")[:OFFERED]
    return [(one.item.reference, one.item.name) for one in found]


def doubtful(today: dt.date | None = None) -> Q:
    """The documents whose routine is doubted: by a reason, or since its proof is too old or missing."""
    day = today or timezone.localdate()
    return Q(is_doubtful=True) | (
        Q(routine__prove_days__isnull=False) & (Q(routine__proven_to__isnull=True) | Q(routine__proven_to__lt=day))
    )


def never_used() -> Q:
    """The published documents whose routine has never been run to an end; one that is not published cannot be."""
    return Q(published__isnull=False) & (Q(routine__isnull=True) | Q(routine__uses=0))


def narrowed(
    rows: QuerySet[Document], *, text: str = "", kind: str = "", proof: str = "", item_id: int | None = None
) -> QuerySet[Document]:
    """Those that have every word in name, symptoms, labels, what they are about or their text; of a kind, a proof, and
    for an item.
    """
    for word in text.split()[:WORDS]:
        rows = rows.filter(_has(word))
    if kind:
        rows = rows.filter(routine__kind=kind)
    if item_id is not None:
        rows = rows.filter(Exists(About.objects.filter(document=OuterRef("pk"), item_id=item_id)))
    if proof == Proof.NEVER:
        rows = rows.filter(never_used())
    elif proof == Proof.DOUBTFUL:
        rows = rows.filter(doubtful())
    elif proof == Proof.PROVEN:
        rows = rows.filter(routine__last_proven_on__isnull=False).exclude(doubtful())
    return rows


def elsewhere(words: str, caller: Caller) -> list[Choice]:
    """Fills `documents.elsewhere`: the routines that have these words, symptoms and labels of alerts too."""
    count = narrowed(routines_of(caller), text=words).count()
    url = f"{reverse('routines:routines')}?{urlencode({'q': words})}"
    label = ngettext("%(n)s routine has it", "%(n)s routines have it", count) % {"n": number(count)}
    return [Choice(label, url, count=count)] if count else []


def _has(word: str) -> Q:
    folded = fold(word)
    labels = RoutineLabel.objects.filter(routine=OuterRef("pk"))
    about = About.objects.filter(document=OuterRef("pk"), item__name_fold__contains=folded)
    return (
        Q(item__name_fold__contains=folded)
        | Q(routine__symptoms__icontains=word)
        | Q(published__text__icontains=word)
        | Q(Exists(labels.filter(Q(value__icontains=word) | Q(name=word))))
        | Q(Exists(about))
    )


def proof_of(document: Document, today: dt.date | None = None) -> Proof | None:
    """What `narrowed` would find it under; None when it is not published, or has been used but never proven and need
    not be.
    """
    day = today or timezone.localdate()
    routine: Routine | None = getattr(document, "routine", None)
    if document.published_id is not None and (routine is None or routine.uses == 0):
        return Proof.NEVER
    if routine is None:
        return None
    is_old = routine.prove_days is not None and (routine.proven_to is None or routine.proven_to < day)
    if document.is_doubtful or is_old:
        return Proof.DOUBTFUL
    return Proof.PROVEN if routine.last_proven_on is not None else None
