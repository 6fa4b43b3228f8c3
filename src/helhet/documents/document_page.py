"""The page of one document, put together: its text, whether it can be trusted, its draft, and what can be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.contents import contents_of
from helhet.documents.doubting import open_doubts
from helhet.documents.forms import LANGUAGES, audience_choices
from helhet.documents.listing import group_names, sort_label, standing_on
from helhet.documents.models import Approver, Document, Draft, DraftState, Verdict, Version
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import papers, part_called, shown_fields, used_at, whole_url
from helhet.documents.reading import RemarkSeen, as_read, remarks_of, with_marks
from helhet.documents.rendering import html_of_text
from helhet.documents.standing import draft_for, last_of_withdrawn, rule_of, standing_of
from helhet.documents.telling import lines, review_sum, told_doubts
from helhet.journal.actions import history
from helhet.kit.parts import Crumb
from helhet.kit.rights import Caller
from helhet.rules.document_flow import Standing as Flow
from helhet.rules.document_flow import Step, hindrance

EVENTS = 15


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done with it now: a link to a form, or with `version` a button that posts."""

    label: str
    url: str
    is_first: bool = False
    version: int | None = None


def crumbs_of(document: Document | None = None) -> list[Crumb]:
    """The list, and a document of it; a part's item stands between them."""
    steps = [Crumb(_("Documents"), reverse("documents:documents"))]
    if document is None:
        return steps
    if document.part:
        steps.append(Crumb(document.item.name, whole_url(document)))
    return [*steps, Crumb(title_of(document), address_of("document", document))]


def address_of(name: str, document: Document, *more: object) -> str:
    """A page of the document; empty where there is no page of that name."""
    try:
        return reverse(f"documents:{name}", args=[document.address, *more])
    except NoReverseMatch:
        return ""


def title_of(document: Document, draft: Draft | None = None) -> str:
    """What it is called: the published title, else the draft's, else its item's name with the part's."""
    if document.published is not None:
        return document.published.title
    if draft is not None:
        return draft.title
    called = [port(document.part) for port in part_called] if document.part else []
    return f"{document.item.name}: {called[0].lower()}" if called else document.item.name


def context(document: Document, caller: Caller) -> dict[str, Any]:
    """All that the page shows."""
    day = timezone.localdate()
    draft = draft_for(document, caller)
    flow = standing_of(document, caller, draft)
    may_write = caller.may(DocumentPermission.WRITE, document)
    last = last_of_withdrawn(document)
    names = dict(audience_choices())
    remarks = [one for one in remarks_of(document) if one.remark.settled_at is None]
    return {
        "document": document,
        "title": title_of(document, draft),
        "crumbs": crumbs_of(document)[:-1],
        "standing": standing_on(document, day),
        "doubts": told_doubts(open_doubts(document)),
        "is_overdue": document.due_on is not None and document.due_on < day and document.published is not None,
        "has_ended": document.valid_to is not None and document.valid_to < day,
        "is_withdrawn": flow.is_withdrawn,
        "last_of_withdrawn": last,
        **_of_published(document, remarks, caller),
        **_of_draft(document, draft, flow, caller),
        "deeds": deeds(document, draft, flow, caller, last),
        "versions": list(document.versions.all()[:10]),
        "compare_url": address_of("compare", document),
        "remarks_url": address_of("remarks", document),
        "remarks": remarks,
        "report_url": address_of("report", document),
        "group": group_names([document]).get(document.item_id, ""),
        "readers": ", ".join(names.get(one.key, one.key) for one in document.audiences.all()),
        "language": dict(LANGUAGES).get(document.language, document.language),
        "sort": sort_label(document.sort),
        "about": [row.item for row in document.about.select_related("item__kind").order_by("item__name_key")],
        "review": review_sum(document),
        "may_write": may_write,
        "may_confirm": caller.may(DocumentPermission.CONFIRM, document),
        "may_manage": caller.may(DocumentPermission.MANAGE, document),
        "lines": lines(history("document", document.pk)[:EVENTS]),
        "day": day,
    }


def _of_published(document: Document, remarks: Sequence[RemarkSeen], caller: Caller) -> dict[str, Any]:
    version = document.published
    if version is None:
        return {"published": None, "body": "", "contents": [], "papers": [], "used_at": []}
    html = f"{html_of_text(version.text, caller, of=document)}{shown_fields(version, caller)}"
    return {
        "published": version, "body": with_marks(html, remarks), "contents": contents_of(version.text),
        "papers": [way for port in papers for way in port(document)],
        "used_at": [way for port in used_at for way in port(document)],
    }  # fmt: skip


def _of_draft(document: Document, draft: Draft | None, flow: Flow, caller: Caller) -> dict[str, Any]:
    said = Verdict.objects.filter(document=document, draft_version=draft.version) if draft else Verdict.objects.none()
    return {
        "draft": draft, "has_draft": bool(flow.state), "draft_says": draft_says(document, draft, flow) if draft else "",
        "verdicts": list(said),
        "first": as_read(document, draft, caller) if draft is not None and document.published is None else None,
    }  # fmt: skip


def draft_says(document: Document, draft: Draft, flow: Flow) -> str:
    """How far the draft has come, and who is waited for."""
    names = ", ".join(map(str, draft.writers)) or _("nobody")
    if draft.state == DraftState.APPROVED:
        return _("Written by %(names)s. Approved, and waits to be published.") % {"names": names}
    if draft.state == DraftState.REVIEW:
        if flow.needs_review and not flow.is_reviewed:
            return _("Written by %(names)s. Waits for a review.") % {"names": names}
        who = Approver(rule_of(document).approver).label if document.answering_group_id else _("a coordinator")
        return _("Written by %(names)s. Waits for approval by: %(who)s.") % {"names": names, "who": who}
    if not draft.writers:
        # A source wrote it, and its note says which.
        return draft.note or _("Nobody writes in it.")
    return _("Being written by %(names)s.") % {"names": names}


def deeds(
    document: Document, draft: Draft | None, flow: Flow, caller: Caller, last: Version | None = None
) -> list[Deed]:
    """What the caller can do now, the nearest step first. `last` is the edition that a withdrawn part had."""
    if not caller.may(DocumentPermission.WRITE, document):
        return []
    found: list[Deed] = []
    if (flow.is_withdrawn or last) and caller.may(DocumentPermission.MANAGE, document):
        back = address_of("bring_back", document)
        found = [Deed(_("Take into use again"), back, is_first=True, version=document.version)]
    if flow.is_withdrawn:
        return found
    if draft is not None:
        steps = (
            (Step.PUBLISH, _("Publish"), "publishing", flow.state == DraftState.APPROVED or flow.may_approve),
            (Step.APPROVE, _("Answer the draft"), "verdict", True),
            (Step.REVIEW, _("Review the draft"), "verdict", True),
            (Step.SUBMIT, _("Ask for approval"), "submit", not flow.may_approve),
        )
        found = [
            Deed(label, address_of(name, document), is_first=not found)
            for step, label, name, is_near in steps
            if is_near and hindrance(step, flow) is None
        ]
        if found:
            found = [Deed(one.label, one.url, is_first=place == 0) for place, one in enumerate(found)]
    edit = address_of("edit", document)
    if edit:
        label = _("Edit the draft") if draft else _("Write anew") if last else _("Edit")
        found.append(Deed(label, edit, is_first=not found))
    return found
