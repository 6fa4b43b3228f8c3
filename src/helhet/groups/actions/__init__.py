"""What people do in this room, noun by noun."""

from helhet.groups.actions.assigning import add_role, assign, end_role, release, take
from helhet.groups.actions.group import change_group, close_group, create_group, reopen_group, weight_of
from helhet.groups.actions.membership import (
    add_member,
    change_chair,
    change_membership,
    end_membership,
    remove_membership,
    share_peak,
)
from helhet.groups.actions.person import change_person, create_person, end_person, return_person, weight_of_person
from helhet.groups.actions.task import (
    change_task,
    create_task,
    drop_task,
    finish_task,
    hand_over_task,
    reopen_task,
    take_task,
)
from helhet.groups.actions.view import change_view, delete_view, save_view
from helhet.groups.actions.words import reset_noun, set_words

__all__ = [
    "add_member", "add_role", "assign", "change_chair", "change_group", "change_membership", "change_person",
    "change_task", "change_view", "close_group", "create_group", "create_person", "create_task", "delete_view",
    "drop_task", "end_membership", "end_person", "end_role", "finish_task", "hand_over_task", "release",
    "remove_membership", "reopen_group", "reopen_task", "reset_noun", "return_person", "save_view", "set_words",
    "share_peak", "take", "take_task", "weight_of", "weight_of_person",
]  # fmt: skip
