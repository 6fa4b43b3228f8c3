"""What may be done with a draft next, and what hinders it: the one list of decision 0014."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """What is done with a document's draft."""

    SUBMIT = "submit"
    REVIEW = "review"
    APPROVE = "approve"
    REFUSE = "refuse"
    PUBLISH = "publish"
    DROP = "drop"
    EDIT_MINOR = "edit_minor"


class Hindrance(StrEnum):
    """Why a step may not be taken."""

    NO_DRAFT = "no_draft"
    HAS_DRAFT = "has_draft"
    NOT_PUBLISHED = "not_published"
    WITHDRAWN = "withdrawn"
    NOT_SUBMITTED = "not_submitted"
    SUBMITTED = "submitted"
    NOT_REVIEWED = "not_reviewed"
    NO_REVIEW_ASKED = "no_review_asked"
    REVIEWED = "reviewed"
    NOT_APPROVED = "not_approved"
    IS_WRITER = "is_writer"
    NOT_APPROVER = "not_approver"
    EMPTY = "empty"
    UNMERGED = "unmerged"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands for one who acts. `state` is the draft's (`writing`, `review`, `approved`), empty for none.

    `is_unmerged`: places where two altered the same words are still to be chosen in. `is_reviewed`: somebody said yes
    to the draft as it is. `may_approve`: the group's rule lets the one who acts.
    """

    state: str = ""
    is_empty: bool = False
    is_unmerged: bool = False
    needs_review: bool = False
    is_reviewed: bool = False
    is_writer: bool = False
    may_approve: bool = False
    is_published: bool = False
    is_withdrawn: bool = False


def hindrance(step: Step, one: Standing) -> Hindrance | None:
    """Why the step may not be taken by the one who acts; None when it may."""
    if one.is_withdrawn:
        return Hindrance.WITHDRAWN
    if step == Step.EDIT_MINOR:
        if not one.is_published:
            return Hindrance.NOT_PUBLISHED
        return Hindrance.HAS_DRAFT if one.state else None
    if not one.state:
        return Hindrance.NO_DRAFT
    return _OF_DRAFT[step](one)


def _unfit(one: Standing) -> Hindrance | None:
    if one.is_empty:
        return Hindrance.EMPTY
    return Hindrance.UNMERGED if one.is_unmerged else None


def _submit(one: Standing) -> Hindrance | None:
    if one.state != "writing":
        return Hindrance.SUBMITTED
    return _unfit(one)


def _review(one: Standing) -> Hindrance | None:
    if not one.needs_review:
        return Hindrance.NO_REVIEW_ASKED
    if one.state != "review":
        return Hindrance.NOT_SUBMITTED
    if one.is_reviewed:
        return Hindrance.REVIEWED
    return Hindrance.IS_WRITER if one.is_writer else None


def _approve(one: Standing) -> Hindrance | None:
    if one.state != "review":
        return Hindrance.NOT_SUBMITTED
    if one.needs_review and not one.is_reviewed:
        return Hindrance.NOT_REVIEWED
    return None if one.may_approve else Hindrance.NOT_APPROVER


def _refuse(one: Standing) -> Hindrance | None:
    if one.state == "writing":
        return Hindrance.NOT_SUBMITTED
    return None if one.may_approve or not one.is_writer else Hindrance.IS_WRITER


def _publish(one: Standing) -> Hindrance | None:
    """An approved draft by whoever may write; any other by one who may approve it, which he then does with it."""
    if (found := _unfit(one)) is not None or one.state == "approved":
        return found
    if not one.may_approve:
        return Hindrance.NOT_APPROVED
    return Hindrance.NOT_REVIEWED if one.needs_review and not one.is_reviewed else None


def _drop(_one: Standing) -> Hindrance | None:
    return None


_OF_DRAFT = {
    Step.SUBMIT: _submit,
    Step.REVIEW: _review,
    Step.APPROVE: _approve,
    Step.REFUSE: _refuse,
    Step.PUBLISH: _publish,
    Step.DROP: _drop,
}


def next_number(major: int, minor: int, *, is_minor: bool) -> tuple[int, int]:
    """The number after this one; the first is (1, 0), after (0, 0)."""
    return (major, minor + 1) if is_minor else (major + 1, 0)
