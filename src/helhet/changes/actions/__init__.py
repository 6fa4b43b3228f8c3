"""What people do in this room, noun by noun."""

from helhet.changes.actions.moving import move_change
from helhet.changes.actions.periods import (
    change_freeze,
    change_window,
    end_freeze,
    end_window,
    state_freeze,
    state_window,
)
from helhet.changes.actions.signing import ask_exemption, sign_clash, withdraw_signature

__all__ = [
    "ask_exemption", "change_freeze", "change_window", "end_freeze", "end_window", "move_change", "sign_clash",
    "state_freeze", "state_window", "withdraw_signature",
]  # fmt: skip
