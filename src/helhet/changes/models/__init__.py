"""The nouns of this room."""

from helhet.changes.models.change import (
    PLANNED,
    Change,
    ChangeItem,
    ChangePerson,
    ChangeState,
    ChangeType,
    Consequence,
    ImpactMark,
    Order,
    Outcome,
    Risk,
    Snapshot,
)
from helhet.changes.models.found import Lasting, Unregistered
from helhet.changes.models.period import ClashSignature, Feed, Freeze, Window
from helhet.changes.models.position import Advance, Condition, Position, Settlement, Stance
from helhet.changes.models.standard import StandardChange, StandardVersion, Threshold, VersionState

__all__ = [
    "PLANNED",
    "Advance",
    "Change",
    "ChangeItem",
    "ChangePerson",
    "ChangeState",
    "ChangeType",
    "ClashSignature",
    "Condition",
    "Consequence",
    "Feed",
    "Freeze",
    "ImpactMark",
    "Lasting",
    "Order",
    "Outcome",
    "Position",
    "Risk",
    "Settlement",
    "Snapshot",
    "Stance",
    "StandardChange",
    "StandardVersion",
    "Threshold",
    "Unregistered",
    "VersionState",
    "Window",
]
