"""How often a routine was used and when it was last proven: kept beside it, counted from its runs."""

from __future__ import annotations

from django.utils import timezone

from helhet.routines.evidence import USED
from helhet.routines.models import Routine, Run, RunOutcome


def count_proof(number: int) -> None:
    """Bring `uses`, `last_proven_on` and `proven_to` of the routine with this number in step with its runs.

    Must run inside a transaction; takes the routine's row, so that of two runs that end at once both are counted.
    """
    routine = Routine.objects.select_for_update().get(pk=number)
    used = Run.objects.filter(routine=routine, outcome__in=USED)
    worked = used.filter(outcome=RunOutcome.WORKED, ended_at__isnull=False).order_by("-ended_at")
    at = worked.values_list("ended_at", flat=True).first()
    routine.uses, routine.last_proven_on = used.count(), timezone.localdate(at) if at is not None else None
    routine.keep_proof()
    routine.save(update_fields=["uses", "last_proven_on", "proven_to"])
