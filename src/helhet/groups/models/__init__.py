"""The nouns of groups."""

from helhet.groups.models.answer import FURTHER_ROLES, Answer, Ground, GroundSort, ItemRole
from helhet.groups.models.group import BY_NAME, Basis, Group, GroupState, Membership, Person, Role
from helhet.groups.models.task import SavedView, Task, TaskState
from helhet.groups.models.words import LocalName

__all__ = [
    "BY_NAME",
    "FURTHER_ROLES",
    "Answer",
    "Basis",
    "Ground",
    "GroundSort",
    "Group",
    "GroupState",
    "ItemRole",
    "LocalName",
    "Membership",
    "Person",
    "Role",
    "SavedView",
    "Task",
    "TaskState",
]
