"""What is told of a document in words: why it is doubted, when it is reviewed, what happened to it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from helhet.documents.altered_values import altered_words
from helhet.documents.aspects import APPROVED, COMPONENTS, DEPENDENCIES, GROUP, MEMBERS, SUPPLIERS
from helhet.documents.forms import LANGUAGES
from helhet.documents.models import Approver, Cause, Document, Doubt, Sort, Unit
from helhet.documents.ports import named
from helhet.documents.standing import rule_of
from helhet.groups.models import Person
from helhet.items.models import Item
from helhet.journal.models import Event
from helhet.kit import spoken
from helhet.kit.parts import HistoryLine
from helhet.kit.spoken import NOTHING
from helhet.rules.reviewing import read_day
from helhet.suppliers.models import Contact

ASPECTS = {
    "name": gettext_lazy("the name"), "kind": gettext_lazy("the kind"), "state": gettext_lazy("the state"),
    "presence": gettext_lazy("its place in the register"), "published": gettext_lazy("the published edition"),
    "description": gettext_lazy("the description"), "criticality": gettext_lazy("the criticality"),
    DEPENDENCIES: gettext_lazy("what it needs"), GROUP: gettext_lazy("the responsible group"),
    COMPONENTS: gettext_lazy("what it consists of"), SUPPLIERS: gettext_lazy("who delivers it"),
    APPROVED: gettext_lazy("the approved edition"), MEMBERS: gettext_lazy("the members"),
    "phone": gettext_lazy("the phone number"),
    "email": gettext_lazy("the e-mail address"), "hours": gettext_lazy("the hours"), "role": gettext_lazy("the role"),
    "use": gettext_lazy("what the contact is for"), "position": gettext_lazy("the place in the order of calling"),
    "web": gettext_lazy("the web address"), "contacts": gettext_lazy("how the group is reached"),
    "supplier": gettext_lazy("the supplier"), "notice_months": gettext_lazy("the months of notice"),
    "ends_on": gettext_lazy("the last day"), "ended_at": gettext_lazy("whether it still stands"),
    "ended_on": gettext_lazy("whether the person is still here"), "levels": gettext_lazy("the agreed levels"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A doubt in words, with what was altered before and after. `thing` and `url` are what it is of, empty where it is
    no thing of the register.
    """

    doubt: Doubt
    says: str
    thing: str
    url: str
    before: str
    after: str


def told_doubts(doubts: Sequence[Doubt]) -> list[Told]:
    """Each doubt with the thing that it is of, in few questions."""
    of: dict[str, set[int]] = {}
    for one in doubts:
        if one.noun_id is not None:
            of.setdefault(one.noun, set()).add(one.noun_id)
    things = {(noun, pk): thing for noun, ids in of.items() for pk, thing in _named(noun, ids).items()}
    words = altered_words(doubts)
    return [
        Told(one, says_of(one), *things.get((one.noun, one.noun_id or 0), ("", "")), *words[one.pk]) for one in doubts
    ]


def told_change(told: Told) -> str:
    """A doubt on one line: why, of what, and from what to what or in whose words."""
    altered = f"{told.before or NOTHING} → {told.after or NOTHING}" if told.before or told.after else ""
    of = ": ".join(part for part in (told.thing, altered or told.doubt.text) if part)
    return (
        f"{told.says} {of} ({spoken.moment(told.doubt.at)})" if of else f"{told.says} ({spoken.moment(told.doubt.at)})"
    )


def _named(noun: str, ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """What the things of one noun are called, and where they are."""
    if noun in {"item", "supplier", "contract"}:
        return {pk: (str(one), one.get_absolute_url()) for pk, one in Item.objects.in_bulk(ids).items()}
    if noun == "person":
        return {pk: (name, "") for pk, name in Person.objects.filter(pk__in=ids).values_list("pk", "name")}
    if noun == "document":
        rows = Document.objects.filter(pk__in=ids).select_related("item")
        return {one.pk: (str(one.item), one.item.get_absolute_url()) for one in rows}
    if noun == "contact":
        called = Contact.objects.filter(pk__in=ids).select_related("supplier__item")
        return {one.pk: (f"{one.supplier.item.name}: {one}", one.supplier.get_absolute_url()) for one in called}
    return {pk: thing for port in named for pk, thing in port(noun, ids).items()}


def aspect_word(aspect: str) -> str:
    """An aspect in words; an attribute by its own name."""
    if aspect.startswith("attributes."):
        return aspect.removeprefix("attributes.")
    return str(ASPECTS.get(aspect, aspect))


def says_of(doubt: Doubt) -> str:
    """Why it is doubted, as one sentence."""
    if doubt.cause == Cause.CHANGED:
        word = aspect_word(doubt.aspect)
        return _("What the text describes has changed: %(aspect)s.") % {"aspect": word}
    if doubt.cause == Cause.REPORTED:
        return _("%(name)s says that it is wrong.") % {"name": doubt.by or _("A reader")}
    if doubt.cause == Cause.FAILED:
        return _("A run of it failed.")
    return _("%(name)s asks for a check.") % {"name": doubt.by or _("Somebody")}


def review_sum(document: Document) -> str:
    """When it is to be reviewed next, with the sum shown."""
    if document.due_on is None:
        if document.review_count is None:
            return _("No review is asked for.")
        return _("Nobody has reviewed it yet, so no day can be computed.")
    if document.review_count is None or document.reviewed_on is None:
        return _("By %(day)s, as stated.") % {"day": spoken.day(document.due_on)}
    return _("By %(day)s: reviewed %(from)s, with %(count)s %(unit)s between.") % {
        "day": spoken.day(document.due_on), "from": spoken.day(document.reviewed_on),
        "count": document.review_count, "unit": interval_word(document.review_count, document.review_unit),
    }  # fmt: skip


def who_answers(document: Document) -> str:
    """Who is asked when a draft of it is submitted, and who then says yes."""
    group = Item.objects.filter(pk=document.answering_group_id or 0).first()
    if group is None:
        return _("It has no responsible group, so a coordinator approves it. Tell one: nobody gets a task.")
    rule = rule_of(document)
    told = {"group": group.name, "who": Approver(rule.approver).label}
    if rule.needs_review:
        return (
            _("%(group)s gets a task. A member who did not write it reviews the draft, then %(who)s approves it.")
            % told
        )
    return _("%(group)s gets a task. The draft is approved by %(who)s.") % told


def interval_word(count: int, unit: str) -> str:
    """The unit of an interval, as it is said after this number."""
    one = {"day": _("day"), "week": _("week"), "month": _("month"), "year": _("year")}
    many = {"day": _("days"), "week": _("weeks"), "month": _("months"), "year": _("years")}
    return str((one if count == 1 else many).get(unit, unit))


DID = {
    "documents.remark.made": gettext_lazy("made a remark"),
    "documents.remark.settled": gettext_lazy("saw to a remark"),
    "documents.remark.removed": gettext_lazy("removed a remark"),
    "documents.document.reported": gettext_lazy("told the group something as a reader"),
    "documents.document.created": gettext_lazy("made the document"),
    "documents.document.imported": gettext_lazy("took it in from a file"),
    "documents.document.published": gettext_lazy("published it"),
    "documents.document.edited": gettext_lazy("made a minor edit"),
    "documents.document.changed": gettext_lazy("changed"),
    "documents.document.reviewed": gettext_lazy("reviewed it"),
    "documents.document.readers_set": gettext_lazy("set the readers"),
    "documents.document.withdrawn": gettext_lazy("withdrew it"),
    "documents.document.brought_back": gettext_lazy("took it into use again"),
    "routines.routine.changed": gettext_lazy("changed what it is for and how it is found"),
    "documents.draft.begun": gettext_lazy("began a draft"),
    "documents.draft.saved": gettext_lazy("wrote in the draft"),
    "documents.draft.submitted": gettext_lazy("asked for approval"),
    "documents.draft.review": gettext_lazy("answered in review"),
    "documents.draft.approval": gettext_lazy("answered no to the draft"),
    "documents.draft.approved": gettext_lazy("approved the draft"),
    "documents.draft.dropped": gettext_lazy("dropped the draft"),
    "documents.doubt.raised": gettext_lazy("asked for a check"),
    "documents.doubt.still_true": gettext_lazy("said that it is still true"),
}
FIELDS = {
    "published": gettext_lazy("edition"), "language": gettext_lazy("language"), "sort": gettext_lazy("sort"),
    "valid_from": gettext_lazy("valid from"), "valid_to": gettext_lazy("valid to"), "about": gettext_lazy("about"),
    "review_count": gettext_lazy("review interval"), "review_unit": gettext_lazy("unit of the interval"),
    "due_on": gettext_lazy("next review"), "reviewed_on": gettext_lazy("reviewed"),
    "audiences": gettext_lazy("readers"), "edited_on": gettext_lazy("last edited"), "path": gettext_lazy("path"),
}  # fmt: skip


def lines(events: Iterable[Event]) -> list[HistoryLine]:
    """What happened to it, a line for each changed field."""
    shown: list[HistoryLine] = []
    unit = ""
    for event in events:
        text = format_html(
            "<b>{}</b> {}", event.actor or _("The system"), DID.get(event.verb) or _("changed something about it")
        )
        if event.reason:
            text = format_html("{} ({})", text, event.reason)
        changed = [one for one in event.changes if one[0] in FIELDS] if event.before else []
        if "review_count" in (event.after or {}):
            # The newest events come first: until one that altered it, the unit was what it is now.
            unit = unit or _unit_now(event)
            changed = [one for one in changed if one[0] != "review_unit"]
        after, before = ((side or {}).get("review_unit") for side in (event.after, event.before))
        units = before or unit, after or unit
        shown += [
            HistoryLine(
                event.at,
                format_html("{}: {}", text, FIELDS[name]),
                _value(name, old, units[0]),
                _value(name, new, units[1]),
            )
            for name, old, new in changed
        ] or [HistoryLine(event.at, text)]
        unit = units[0]
    return shown


def _unit_now(event: Event) -> str:
    return Document.objects.filter(pk=event.noun_id).values_list("review_unit", flat=True).first() or ""


LABELS: dict[str, Iterable[tuple[str, Any]]] = {
    "language": LANGUAGES, "sort": Sort.choices, "review_unit": Unit.choices
}  # fmt: skip
DAYS = frozenset({"valid_from", "valid_to", "due_on", "reviewed_on", "edited_on"})


def _value(name: str, value: Any, unit: str) -> str:
    if value in (None, "", []):
        return ""
    if name in DAYS and (found := read_day(str(value))):
        return spoken.day(found)
    if name == "review_count" and isinstance(value, int) and unit:
        return f"{value} {interval_word(value, unit)}"
    if name in LABELS:
        return str(dict(LABELS[name]).get(value, value))
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
