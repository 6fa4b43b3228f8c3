"""What people do with service documentation beside writing it."""

from helhet.handbook.actions.contradicting import contradict, settle
from helhet.handbook.actions.parts import begin_part, confirm_part
from helhet.handbook.actions.ruling_out import rule_out, set_weight, take_back

__all__ = ["begin_part", "confirm_part", "contradict", "rule_out", "set_weight", "settle", "take_back"]
