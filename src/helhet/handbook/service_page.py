"""What the page of one service shows: its seven parts with their content, state, reason and next step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helhet.documents.addressing import href_of
from helhet.documents.models import Document, Doubt, Draft, DraftState, Version
from helhet.documents.permissions import DocumentPermission
from helhet.documents.standing import last_of_withdrawn
from helhet.documents.telling import Told, told_doubts
from helhet.estate.references import links_for
from helhet.handbook.doing import Doing, doing
from helhet.handbook.models import NotApplicable, Part
from helhet.handbook.permissions import HandbookPermission
from helhet.handbook.pointing import rows_of
from helhet.handbook.shapes import SHAPES, part_label
from helhet.handbook.showing import Drawn, drawn_of, sentence_of, shown
from helhet.handbook.states import CLASSES, MARKS, PARTS, Standing, is_ended, is_overdue, standings, state_label
from helhet.items.models import Item
from helhet.kit import spoken
from helhet.kit.markdown import html_of
from helhet.kit.rights import Caller
from helhet.rules.service_parts import PartState


@dataclass(slots=True)
class PartView:
    """One part as the page shows it. `is_closed` says that it is kept for other readers: then nothing is told of it
    but its state, which coverage counts for everybody.
    """

    key: str
    number: int
    standing: Standing
    document: Document | None = None
    version: Version | None = None
    draft: Draft | None = None
    text_html: SafeString = field(default_factory=SafeString)
    fields: SafeString = field(default_factory=SafeString)
    doubts: Sequence[Told] = ()
    ruled_out: NotApplicable | None = None
    is_closed: bool = False
    doing: Doing | None = None
    last: Version | None = None
    """The edition that it had last, where it is withdrawn."""

    @property
    def label(self) -> str:
        """Its name."""
        return part_label(self.key)

    @property
    def state(self) -> PartState:
        """How it stands."""
        return self.standing.state

    @property
    def state_label(self) -> str:
        """That in words."""
        return state_label(self.state)

    @property
    def mark(self) -> str:
        """The mark beside the words."""
        return MARKS[self.state]

    @property
    def css(self) -> str:
        """How its bar is drawn."""
        return CLASSES[self.state]

    @property
    def belongs(self) -> str:
        """What belongs in it, for whoever begins it."""
        return SHAPES[self.key].says()

    @property
    def is_overdue(self) -> bool:
        """Whether its day of review has passed: whoever has read it through says that it still holds."""
        return is_overdue(self.document) if self.document else False

    @property
    def is_ended(self) -> bool:
        """Whether its last day has passed: it holds again only with a new one."""
        return is_ended(self.document) if self.document else False

    @property
    def can_be_confirmed(self) -> bool:
        """Whether there is something that "still true" answers."""
        return bool(self.doubts) or self.is_overdue

    @property
    def facts_url(self) -> str:
        """Where its validity is set."""
        return document_url("facts", self.document) if self.document else ""

    @property
    def note(self) -> str:
        """When it was reviewed and is to be again, or how far its draft has come."""
        if self.ruled_out is not None:
            told = {"by": self.ruled_out.by, "day": spoken.day(self.ruled_out.at)}
            return _("says %(by)s, %(day)s") % told
        if self.is_closed:
            return ""
        if self.state == PartState.DRAFT and self.draft is not None:
            return draft_words(self.draft)
        if self.last is not None:
            return _("withdrawn; edition %(number)s was its last") % {"number": self.last.number}
        if self.document is None or self.version is None:
            return "" if self.document else _("nobody has begun")
        return _reviewed(self.document)

    @property
    def draft_label(self) -> str:
        """That a draft waits beside the published text."""
        return _("A draft waits")

    @property
    def draft_note(self) -> str:
        """How far the draft beside the published text has come."""
        return draft_words(self.draft) if self.draft is not None else ""

    @property
    def draft_sentence(self) -> str:
        """What the first draft says so far, in one line."""
        return sentence_of(self.key, self.draft.fields, self.draft.text) if self.draft is not None else ""

    @property
    def url(self) -> str:
        """Where its versions, readers and review are."""
        return document_url("document", self.document) if self.document else ""

    @property
    def edit_url(self) -> str:
        """Where it is written."""
        return document_url("edit", self.document) if self.document else ""

    @property
    def back_url(self) -> str:
        """Where a withdrawn part is taken into use again, as it was; empty for others."""
        return document_url("bring_back", self.document) if self.document and self.last else ""


def document_url(name: str, document: Document) -> str:
    """The page of a document with this name, empty where that room has none."""
    try:
        return reverse(f"documents:{name}", args=[document.address])
    except NoReverseMatch:
        return ""


def whole_of(document: Document) -> str:
    """Fills `documents.whole`: the part in its place on the page of its service."""
    if document.part not in PARTS:
        return ""
    return f"{reverse('handbook:service', args=[document.item.reference])}#part-{document.part}"


def draft_words(draft: Draft) -> str:
    """How far a draft has come and who wrote in it last."""
    states = {
        DraftState.WRITING: _("is being written"), DraftState.REVIEW: _("waits for approval"),
        DraftState.APPROVED: _("is approved, waits to be published"),
    }  # fmt: skip
    told = states.get(DraftState(draft.state), "")
    names = ", ".join(str(one) for one in draft.writers[-2:])
    day = spoken.day(draft.changed_at)
    return _("changed %(day)s by %(names)s, %(state)s") % {"day": day, "names": names, "state": told} if names else (
        _("changed %(day)s, %(state)s") % {"day": day, "state": told}
    )  # fmt: skip


def _reviewed(document: Document) -> str:
    reviewed = _("reviewed %(day)s") % {"day": spoken.day(document.reviewed_on)} if document.reviewed_on else ""
    due = _("next by %(day)s") % {"day": spoken.day(document.due_on)} if document.due_on else ""
    return ", ".join(one for one in (reviewed, due) if one)


def parts_of(item: Item, caller: Caller) -> list[PartView]:
    """The seven parts of a service in their order, with what this reader may read of them."""
    stand = standings([item.pk])[item.pk]
    documents = {
        one.part: one
        for one in Document.objects.filter(item=item, part__in=PARTS).select_related("item__kind", "published")
    }
    readable = set(Document.objects.visible_to(caller).filter(item=item, part__in=PARTS).values_list("pk", flat=True))
    may_see = caller.may(DocumentPermission.DRAFT_VIEW, item)
    drafts = {one.document_id: one for one in Draft.objects.filter(document__item=item)} if may_see else {}
    ruled_out = {one.part: one for one in NotApplicable.objects.filter(item=item)}
    doubts = _doubts(item)
    views = []
    for number, key in enumerate(PARTS, start=1):
        document = documents.get(key)
        view = PartView(key, number, stand[key], ruled_out=ruled_out.get(key))
        if document is not None and document.pk in readable:
            view.document, view.doubts = document, doubts.get(document.pk, [])
            _fill(view, document, drafts.get(document.pk), caller)
        elif document is not None:
            view.is_closed, view.standing = True, Standing(stand[key].state)
        if key == Part.TASKS and not view.is_closed:
            view.doing = doing(item, rows_of(view.version.fields) if view.version else (), caller)
        views.append(view)
    return views


def _fill(view: PartView, document: Document, draft: Draft | None, caller: Caller) -> None:
    view.draft = draft
    view.version = document.published
    view.last = last_of_withdrawn(document)
    if view.version is not None:
        view.version.document = document
        view.text_html = html_of(view.version.text, links=links_for(caller), top=4, mark=view.key)
        view.fields = shown(view.version, caller)


def _doubts(item: Item) -> dict[int, list[Told]]:
    found: dict[int, list[Told]] = {}
    for one in told_doubts(list(Doubt.objects.filter(document__item=item, settled_at__isnull=True))):
        found.setdefault(one.doubt.document_id, []).append(one)
    return found


def says_of(parts: Sequence[PartView]) -> SafeString:
    """The state of the service in one sentence, its figures leading to the parts."""
    counted = [one for one in parts if one.state != PartState.NOT_APPLICABLE]
    valid = sum(one.state == PartState.VALID for one in counted)
    first = _("%(valid)d of %(count)d parts of the service documentation hold.") % {
        "valid": valid, "count": len(counted)
    }  # fmt: skip
    said = [format_html('<a href="#parts">{}</a>', first)]
    checks = [one for one in counted if one.state == PartState.CHECK]
    if checks:
        words = _("%(parts)s must be checked.") % {"parts": _joined(checks)}
        said.append(format_html('<a class="hh-due" href="#part-{}">{}</a>', checks[0].key, words))
    missing = [one for one in counted if one.state == PartState.MISSING]
    if missing:
        words = _("Missing: %(parts)s.")
        said.append(format_html('<a href="#part-{}">{}</a>', missing[0].key, words % {"parts": _joined(missing)}))
    return format_html("{}" + " {}" * (len(said) - 1), *said)


def _joined(parts: Sequence[PartView]) -> str:
    labels = [part.label if place == 0 else part.label.lower() for place, part in enumerate(parts)]
    if len(labels) < 2:
        return labels[0]
    return _("%(some)s and %(last)s") % {"some": ", ".join(labels[:-1]), "last": labels[-1]}


def rights(item: Item, caller: Caller) -> dict[str, bool]:
    """What this caller may do here."""
    return {
        "may_write": caller.may(DocumentPermission.WRITE, item),
        "may_confirm": caller.may(DocumentPermission.CONFIRM, item),
        "may_bring_back": caller.may(DocumentPermission.MANAGE, item),
        "may_rule_out": caller.may(HandbookPermission.RULE_OUT, item),
        "may_contradict": caller.may(HandbookPermission.CONTRADICT),
        "may_settle": caller.may(HandbookPermission.SETTLE, item),
    }


def drawn_data(drawn: Drawn) -> dict[str, Any]:
    """What the register says of the service, as the API gives it beside the description."""

    def named(items: Sequence[Item]) -> list[dict[str, str]]:
        return [{"reference": one.reference, "name": one.name} for one in items]

    return {
        "parts": named(drawn.parts), "needs": named(drawn.needs), "suppliers": named(drawn.suppliers),
        "group": drawn.group.reference if drawn.group else None,
        "facts": [{"label": label, "value": value} for label, value in drawn.facts],
    }  # fmt: skip


def part_data(one: PartView) -> dict[str, Any]:
    """A part as the API gives it."""
    return {
        "part": one.key, "state": str(one.state), "is_closed": one.is_closed,
        "address": one.document.address if one.document else None,
        "href": href_of(one.document.address) if one.document else None,
        "version": one.version.number if one.version else None, "has_draft": one.standing.has_draft,
        "title": one.version.title if one.version else "", "text": one.version.text if one.version else "",
        "fields": one.version.fields if one.version else {},
        "drawn": drawn_data(drawn_of(one.version.document.item))
        if one.version and one.key == Part.DESCRIPTION else None,
        "reviewed_on": one.document.reviewed_on if one.document else None,
        "due_on": one.document.due_on if one.document else None,
        "valid_to": one.document.valid_to if one.document else None,
        "reason": one.ruled_out.reason if one.ruled_out else "", "by": one.ruled_out.by if one.ruled_out else "",
        "doubts": [
            {"id": view.doubt.pk, "cause": view.doubt.cause, "thing": view.thing, "aspect": view.doubt.aspect,
             "before": view.doubt.before, "after": view.doubt.after,
             "before_words": view.before, "after_words": view.after, "text": view.doubt.text, "at": view.doubt.at}
            for view in one.doubts
        ],
        "version_of_not_applicable": one.ruled_out.version if one.ruled_out else None,
    }  # fmt: skip
