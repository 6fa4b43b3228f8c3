"""What a touched group answers, and what the management team decides when it says no or nothing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.changes.actions.asking import as_product, end_conditions, end_waiting, find_position, still_asked
from helhet.changes.models import Advance, ChangeType, Condition, Position, Settlement, Stance
from helhet.changes.permissions import ChangePermission
from helhet.groups.actions import create_task
from helhet.groups.finding import find_group
from helhet.items.finding import find_item
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid, NotFound
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version

WORDS = 1_000
CONDITION = 500
MOST = 20
FARTHEST = dt.timedelta(days=3 * 366)


@transaction.atomic
def answer_position(
    reference: str, group: str, *, by: Caller, version: int | None, stance: str, words: str = "",
    conditions: Sequence[str] = (),
) -> Position:  # fmt: skip
    """The group says yes, no, or yes if: then each condition is a task of the change's group. A later answer takes the
    place of an earlier one, whose open conditions are dropped. A no says why.
    """
    position = find_position(reference, group, by, for_change=True)
    by.require(ChangePermission.ANSWER, position)
    check_version(position, version, _("The position"))
    still_asked(position)
    said = _stance(stance)
    words = words.replace("\r\n", "\n").strip()[:WORDS]
    asked_for = _conditions(conditions) if said == Stance.YES_IF else []
    if said == Stance.YES_IF and not asked_for:
        raise Invalid(_("A yes-if says if what."), todo=_("Write at least one condition."), field="conditions")
    if said == Stance.NO and not words:
        raise Invalid(_("A no says why."), todo=_("Write a few words to those who asked."), field="words")
    before = {"stance": position.stance, "words": position.words}
    position.stance, position.words, position.advance = said, words, None
    position.answered_at, position.answered_by = timezone.now(), by.name[:200]
    position.version += 1
    position.save()
    _take_conditions(position, asked_for, by)
    end_waiting(position, by, str(Stance(said).label))
    record(
        "changes.position.answered", "item", position.change_id, by=by,
        before={"group": position.group.name} | before,
        after={"group": position.group.name, "stance": said, "words": words, "conditions": asked_for},
    )  # fmt: skip
    return position


def _stance(text: str) -> Stance:
    for one in Stance:
        if text.strip().lower() in {one.value, str(one.label).lower()}:
            return one
    raise Invalid(
        _("There is no answer %(word)s.") % {"word": text[:40]},
        todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(Stance.values)}, field="stance",
    )  # fmt: skip


def _conditions(texts: Sequence[str]) -> list[str]:
    found = list(dict.fromkeys(" ".join(text.split()) for text in texts if text.strip()))
    if len(found) > MOST or any(len(text) > CONDITION for text in found):
        raise Invalid(
            _("A position has at most 20 conditions of 500 characters."), todo=_("Write fewer, or shorter ones."),
            field="conditions",
        )  # fmt: skip
    return found


def _take_conditions(position: Position, texts: Sequence[str], by: Caller) -> None:
    change = position.change
    end_conditions(position, by, texts)
    known = set(position.conditions.values_list("text", flat=True))
    for text in texts:
        if text not in known:
            task = create_task(
                by=as_product(by), title=text[:300], text=text, item=change.item.reference, origin="condition",
                group=change.group.reference if change.group else position.group.reference, origin_id=position.pk,
                due_on=timezone.localdate(change.starts_at) if change.starts_at else None,
            )  # fmt: skip
            Condition.objects.create(position=position, text=text, task=task)


@transaction.atomic
def settle_position(
    reference: str, group: str, *, by: Caller, version: int | None, goes_on: bool, words: str
) -> Settlement:
    """The management team decides whether the change goes on in spite of a no, or of silence. It says why."""
    position = find_position(reference, group, by, for_change=True)
    by.require(ChangePermission.SETTLE, position)
    check_version(position, version, _("The position"))
    still_asked(position)
    if not words.strip():
        raise Invalid(_("A decision says why."), todo=_("Write the reason; it is kept."), field="words")
    if position.stance in {Stance.YES, Stance.YES_IF}:
        raise Clash(_("The group says yes: there is nothing to settle."), where=position.group.name)
    now = timezone.now()
    decision = Settlement.objects.create(
        position=position, goes_on=goes_on, words=words.strip()[:WORDS], decided_by=by.name[:200], at=now
    )
    position.version += 1
    position.save(update_fields=["version"])
    end_waiting(position, by, _("Settled by the management team."), dropped=True)
    record(
        "changes.position.settled", "item", position.change_id, by=by,
        after={"group": position.group.name, "goes_on": goes_on, "words": decision.words},
    )  # fmt: skip
    return decision


@transaction.atomic
def give_ahead(
    group: str, *, by: Caller, until_on: dt.date, item: str = "", type_: str = "", words: str = ""
) -> Advance:
    """The group says yes in advance: to changes of the type (empty: any) to the item (empty: any) until the day."""
    found = find_group(group, by)
    by.require(ChangePermission.GIVE_AHEAD, found)
    today = timezone.localdate()
    if not today <= until_on <= today + FARTHEST:
        raise Invalid(
            _("A yes in advance holds until a day to come, at most three years away."), todo=_("Give another day."),
            field="until_on",
        )  # fmt: skip
    if type_ and type_ not in ChangeType.values:
        raise Invalid(
            _("There is no type of change %(word)s.") % {"word": type_[:40]},
            todo=_("Choose one of: %(keys)s.") % {"keys": ", ".join(ChangeType.values)}, field="type",
        )  # fmt: skip
    made = Advance.objects.create(
        group=found, item=find_item(item, by) if item.strip() else None, type=type_, until_on=until_on,
        words=words.strip()[:500], given_by=by.name[:200],
    )  # fmt: skip
    record(
        "changes.advance.given", "item", found.pk, by=by,
        after={"item": item, "type": type_, "until_on": until_on.isoformat(), "words": made.words},
    )  # fmt: skip
    return made


@transaction.atomic
def end_ahead(advance_id: int, *, by: Caller, version: int | None) -> Advance:
    """The yes in advance holds no longer; what it has answered stands."""
    found = Advance.objects.select_for_update(of=("self",)).filter(pk=advance_id).select_related("group__item").first()
    if found is None:
        raise NotFound(_("There is no such position in advance."), where=str(advance_id))
    by.require(ChangePermission.GIVE_AHEAD, found)
    check_version(found, version, _("The position in advance"))
    if found.ended_at is None:
        found.ended_at = timezone.now()
        found.version += 1
        found.save(update_fields=["ended_at", "version"])
        record("changes.advance.ended", "item", found.group_id, by=by, before={"until_on": found.until_on.isoformat()})
    return found
