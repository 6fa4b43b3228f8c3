"""The nouns of this room."""

from helhet.routines.models.alert import Alert
from helhet.routines.models.operation import (
    ClosedDay,
    Handover,
    Occurrence,
    OccurrenceState,
    OperationalTask,
)
from helhet.routines.models.routine import (
    Routine,
    RoutineKind,
    RoutineLabel,
    Run,
    RunOrigin,
    RunOutcome,
    RunStep,
    StepState,
)

__all__ = [
    "Alert",
    "ClosedDay",
    "Handover",
    "Occurrence",
    "OccurrenceState",
    "OperationalTask",
    "Routine",
    "RoutineKind",
    "RoutineLabel",
    "Run",
    "RunOrigin",
    "RunOutcome",
    "RunStep",
    "StepState",
]
