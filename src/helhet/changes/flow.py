"""What is so about a change, as the rules of its flow ask, and why a step may not be taken, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from helhet.changes.clashes import Clash as Found
from helhet.changes.clashes import clashes_of
from helhet.changes.models import (
    Change,
    ChangeItem,
    ChangeState,
    Order,
    Outcome,
    Position,
    Settlement,
    Stance,
    VersionState,
)
from helhet.changes.touching import Touch, others, touch_of
from helhet.groups.models import TaskState
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller
from helhet.rules.change_flow import Facts, Hindrance, Step, asks_clashes, asks_touched, hindrances


def positions_of(change: Change) -> list[Position]:
    """The positions that count, those asked first on top, each with its group, conditions and settlements."""
    rows = Position.objects.filter(change=change, withdrawn_at__isnull=True).select_related("group__item", "advance")
    return list(rows.prefetch_related("conditions__task", "settlements").order_by("asked_at", "pk"))


def settled(position: Position) -> Settlement | None:
    """The management team's decision that holds: the newest, unless the group was asked or has answered after it."""
    newest = next(iter(position.settlements.all()), None)
    if newest is None or max(position.asked_at, position.answered_at or position.asked_at) > newest.at:
        return None
    return newest


def hindering(position: Position) -> str:
    """How the position hinders the change: `stops`, `noes`, `unanswered`, `conditions_open`, or empty."""
    decision = settled(position)
    if decision is not None:
        return "" if decision.goes_on else "stops"
    if position.stance == Stance.NO:
        return "noes"
    if not position.stance:
        return "unanswered"
    # A task that was dropped is not done: else those who are to do it could take the condition away.
    is_open = any(condition.task.state != TaskState.DONE for condition in position.conditions.all())
    return "conditions_open" if is_open else ""


def earlier_not_done(change: Change) -> list[Change]:
    """The changes that must be finished before this one begins, and are not. One that was cancelled does not count."""
    before = Order.objects.filter(after=change).select_related("before__item")
    done = (ChangeState.REVIEW, ChangeState.CLOSED)
    return [order.before for order in before if order.before.state not in done]


def too_early(change: Change) -> list[Change]:
    """The changes that are to come after this one, have not begun, and are planned to begin before it ends."""
    after = Order.objects.filter(before=change).select_related("after__item", "after__group__item")
    waiting = (order.after for order in after)
    return [
        one for one in waiting
        if change.ends_at and one.starts_at and one.starts_at < change.ends_at and one.began_at is None
        and one.state != ChangeState.CLOSED
    ]  # fmt: skip


def too_late(change: Change) -> list[Change]:
    """The changes that this one waits for and that are planned to end after it begins; none once it has begun."""
    if change.starts_at is None or change.began_at is not None or change.is_over:
        return []
    return [one for one in earlier_not_done(change) if one.ends_at is not None and one.ends_at > change.starts_at]


def facts_of(
    change: Change, caller: Caller, *, touch: Touch | None = None, clashes: Sequence[Found] | None = None
) -> Facts:  # fmt: skip
    """All that the rules ask about, as it is now. `touch` is what it touches and `clashes` what it clashes with, where
    that is known already.
    """
    planned = change.state in {ChangeState.APPROVED, ChangeState.SCHEDULED, ChangeState.DRAFT}
    if clashes is None:
        clashes = clashes_of(change) if planned else []
    touch = touch if touch is not None else touch_of(change, caller)
    positions = positions_of(change)
    counts: dict[str, int] = {}
    for one in positions:
        how = hindering(one)
        counts[how] = counts.get(how, 0) + 1
    known = {one.group_id for one in positions}
    asked = others(change, touch)
    return Facts(
        type=change.type, state=change.state, is_history=change.is_history, has_group=change.group_id is not None,
        has_item=ChangeItem.objects.filter(change=change).exists(), has_window=change.starts_at is not None,
        has_standard=change.standard is not None and change.standard.state == VersionState.APPROVED,
        touched=len(asked), unasked=sum(one.group not in known for one in asked),
        unanswered=counts.get("unanswered", 0), conditions_open=counts.get("conditions_open", 0),
        noes=counts.get("noes", 0), stops=counts.get("stops", 0),
        clashes=sum(not one.is_signed for one in clashes) if planned else 0,
        earlier=len(earlier_not_done(change)), outcome=change.outcome, went_around=change.went_around,
        is_reviewed=bool(change.learnt.strip()),
    )  # fmt: skip


def require(step: Step, change: Change, caller: Caller, *, facts: Facts | None = None) -> Facts:
    """The facts, when the step may be taken. Raises Clash that says what hinders it and what to do. What the step does
    not ask about is not worked out: impact and clashes cost more than all the rest.
    """
    if facts is None:
        touch = None if asks_touched(step, change.type) else Touch()
        facts = facts_of(change, caller, touch=touch, clashes=None if asks_clashes(step) else ())
    found = hindrances(step, facts)
    if found:
        what, todo = say(found[0], change, facts)
        raise Clash(what, todo=todo, where=change.reference, hindrances=[str(one) for one in found])
    return facts


def say(hindrance: Hindrance, change: Change, facts: Facts) -> tuple[str, str]:
    """(what hinders, what to do) in the language of the reader."""
    if hindrance == Hindrance.WRONG_STATE:
        outcome = Outcome(change.outcome).label if change.outcome and change.state == ChangeState.CLOSED else ""
        return (
            _("The change is now: %(state)s.") % {"state": outcome or ChangeState(change.state).label},
            _("Look at the change again: what can be done next stands at its top."),
        )
    return _words(facts)[hindrance]


def _words(facts: Facts) -> dict[Hindrance, tuple[str, str]]:
    return {**_words_of_draft(), **_words_of_answers(facts), **_words_of_time(facts)}


def _words_of_draft() -> dict[Hindrance, tuple[str, str]]:
    return {
        Hindrance.HISTORY: (
            _("The change is history that another tool told of."),
            _("Alter it there; it follows with the next import."),
        ),
        Hindrance.NO_GROUP: (_("No group answers for the change."), _("Choose its group.")),
        Hindrance.NO_ITEM: (_("The change alters no item."), _("Say which items it alters.")),
        Hindrance.NO_WINDOW: (_("The change has no time."), _("Say when it begins and ends.")),
        Hindrance.ASKS_NOBODY: (
            _("This type of change does not go that way."),
            _("A standard change asks nobody; an emergency asks when it has begun."),
        ),
        Hindrance.NOBODY_TO_ASK: (_("It touches no other group."), _("Approve it.")),
        Hindrance.NO_STANDARD: (
            _("The standard change that it was raised by is not approved."),
            _("Make it a normal change, or raise it anew."),
        ),
        Hindrance.NO_OUTCOME: (_("It is not said how it went."), _("Say the outcome.")),
        Hindrance.NO_REVIEW: (
            _("A change that went like this is not closed without its review."),
            _("Write what was learnt."),
        ),
    }


def _words_of_answers(facts: Facts) -> dict[Hindrance, tuple[str, str]]:
    return {
        Hindrance.MUST_ASK: (
            ngettext(
                "%(count)d touched group has not been asked.",
                "%(count)d touched groups have not been asked.",
                facts.unasked,
            )
            % {"count": facts.unasked},
            _("Ask for their positions."),
        ),
        Hindrance.NEW_GROUPS: (
            ngettext(
                "%(count)d group is touched that was not when you asked.",
                "%(count)d groups are touched that were not when you asked.",
                facts.unasked,
            )
            % {"count": facts.unasked},
            _("Ask for their positions."),
        ),
        Hindrance.UNANSWERED: (
            ngettext("%(count)d group has not answered.", "%(count)d groups have not answered.", facts.unanswered)
            % {"count": facts.unanswered},
            _("Remind them, or let the management team settle it."),
        ),
        Hindrance.CONDITION_OPEN: (
            ngettext(
                "The conditions of %(count)d group are not met.",
                "The conditions of %(count)d groups are not met.",
                facts.conditions_open,
            )
            % {"count": facts.conditions_open},
            _("Do what they ask for; the tasks stand at their positions."),
        ),
    } | _words_of_noes(facts)


def _words_of_noes(facts: Facts) -> dict[Hindrance, tuple[str, str]]:
    return {
        Hindrance.SAID_NO: (
            ngettext("%(count)d group says no.", "%(count)d groups say no.", facts.noes) % {"count": facts.noes},
            _("Move it, alter it, or let the management team settle it."),
        ),
        Hindrance.STOPPED: (
            _("The management team has decided that it does not go on."),
            _("Alter it and ask anew, or cancel it."),
        ),
    }


def _words_of_time(facts: Facts) -> dict[Hindrance, tuple[str, str]]:
    return {
        Hindrance.CLASH: (
            ngettext(
                "It clashes with %(count)d thing that nobody has signed for.",
                "It clashes with %(count)d things that nobody has signed for.",
                facts.clashes,
            )
            % {"count": facts.clashes},
            _("Move it, or sign for the clash."),
        ),
        Hindrance.EARLIER_NOT_DONE: (
            ngettext(
                "%(count)d change must be finished before it.",
                "%(count)d changes must be finished before it.",
                facts.earlier,
            )
            % {"count": facts.earlier},
            _("Wait for it, or take the order away."),
        ),
    }
