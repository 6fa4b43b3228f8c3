"""What people do in this room, noun by noun."""

from helhet.changes.actions.answering import answer_position, end_ahead, give_ahead, settle_position
from helhet.changes.actions.asking import ask_positions, remind
from helhet.changes.actions.drafting import change_change, draft_change
from helhet.changes.actions.feeds import end_feed, make_feed, renew_feed
from helhet.changes.actions.moving import move_change
from helhet.changes.actions.ordering import (
    clear_mark,
    end_consequence,
    end_order,
    mark_impact,
    put_after,
    tell_consequence,
)
from helhet.changes.actions.periods import (
    change_freeze,
    change_window,
    end_freeze,
    end_window,
    state_freeze,
    state_window,
)
from helhet.changes.actions.signing import ask_exemption, sign_clash, withdraw_signature
from helhet.changes.actions.stepping import (
    approve_change,
    begin_change,
    cancel_change,
    close_change,
    finish_change,
    schedule_change,
    take_back_change,
)
from helhet.changes.actions.undoing import undo_event

__all__ = [
    "answer_position", "approve_change", "ask_exemption", "ask_positions", "begin_change", "cancel_change",
    "change_change", "change_freeze", "change_window", "clear_mark", "close_change", "draft_change",
    "end_ahead", "end_consequence", "end_feed", "end_freeze", "end_order", "end_window", "finish_change",
    "give_ahead", "make_feed", "mark_impact", "move_change", "put_after", "remind", "renew_feed",
    "schedule_change", "settle_position", "sign_clash", "state_freeze", "state_window", "take_back_change",
    "tell_consequence", "undo_event", "withdraw_signature",
]  # fmt: skip
