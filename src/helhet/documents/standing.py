"""How a document stands for one who acts, and the words for what hinders him."""

from __future__ import annotations

from django.utils.translation import gettext as _

from helhet.documents.models import ApprovalRule, Approver, Document, Draft, Verdict, Version
from helhet.documents.permissions import DocumentPermission
from helhet.items.models import State
from helhet.kit.errors import Clash, Forbidden
from helhet.kit.rights import Caller
from helhet.rules.document_flow import Hindrance, Standing, Step, hindrance
from helhet.rules.merging_texts import conflicts_left


def draft_of(document: Document) -> Draft | None:
    """The draft beside the published version, None when nobody has begun one."""
    return Draft.objects.filter(document=document).select_related("base").first()


def draft_for(document: Document, caller: Caller) -> Draft | None:
    """The draft, for those who write, review or approve it; to others there is none: they read what is published."""
    return draft_of(document) if caller.may(DocumentPermission.DRAFT_VIEW, document) else None


def last_of_withdrawn(document: Document) -> Version | None:
    """The edition that a withdrawn part had last, with which it can be taken into use again; None for all else, also
    for one that is being written anew.
    """
    if not document.part or document.published_id is not None or draft_of(document) is not None:
        return None
    return Version.objects.filter(document=document).first()


def rule_of(document: Document) -> ApprovalRule:
    """What the mandate of the document's group says of approval; when nothing is said, its chair or a deputy."""
    group_id = document.answering_group_id
    found = ApprovalRule.objects.filter(group_id=group_id).first() if group_id is not None else None
    return found or ApprovalRule()


def is_writer(draft: Draft | None, by: Caller) -> bool:
    """Whether the caller wrote in the draft."""
    return draft is not None and by.user_id is not None and by.user_id in draft.writer_ids


def may_approve(document: Document, draft: Draft | None, rule: ApprovalRule, by: Caller) -> bool:
    """Whether the group's rule lets the caller approve this draft."""
    if rule.approver == Approver.LEAD:
        return by.may(DocumentPermission.MANAGE, document)
    if not by.may(DocumentPermission.APPROVE, document):
        return False
    return rule.approver == Approver.MEMBER or not is_writer(draft, by)


def may_approve_own(document: Document, by: Caller) -> bool:
    """Whether the group's rule lets the caller approve what he wrote himself."""
    rule = rule_of(document)
    return rule.approver != Approver.OTHER and may_approve(document, None, rule, by)


def may_answer(document: Document, draft: Draft, by: Caller) -> bool:
    """Whether the caller may review or approve this draft."""
    rule = rule_of(document)
    may_review = rule.needs_review and by.may(DocumentPermission.APPROVE, document) and not is_writer(draft, by)
    return may_review or may_approve(document, draft, rule, by)


def said_yes(document: Document, draft: Draft, step: str) -> list[str]:
    """The names of those whose last word to the draft as it is was a yes, in the order of saying."""
    last: dict[tuple[int | None, str], Verdict] = {}
    for one in Verdict.objects.filter(document=document, draft_version=draft.version, step=step).order_by("pk"):
        last[one.user_id, one.by] = one
    return list(dict.fromkeys(one.by for one in last.values() if one.is_yes))


def standing_of(document: Document, by: Caller, draft: Draft | None = None) -> Standing:
    """How the document stands for the caller."""
    draft = draft or draft_of(document)
    rule = rule_of(document)
    return Standing(
        state=draft.state if draft else "",
        is_empty=draft is not None and not draft.text.strip() and not any(draft.fields.values()),
        is_unmerged=draft is not None and conflicts_left(draft.text) > 0,
        needs_review=rule.needs_review,
        is_reviewed=draft is not None and bool(said_yes(document, draft, "review")),
        is_writer=is_writer(draft, by),
        may_approve=may_approve(document, draft, rule, by),
        is_published=document.published_id is not None,
        is_withdrawn=not document.part and document.item.state == State.RETIRED,
    )


def words_of(found: Hindrance) -> tuple[str, str]:
    """(what hinders, what to do), in the reader's language."""
    words = {
        Hindrance.NO_DRAFT: (_("There is no draft."), _("Begin one by editing the text.")),
        Hindrance.HAS_DRAFT: (_("There is a draft beside it."), _("Make the edit in the draft, or drop the draft.")),
        Hindrance.NOT_PUBLISHED: (_("Nothing is published yet."), _("Publish the draft first.")),
        Hindrance.WITHDRAWN: (_("The document is withdrawn."), _("Bring it back first.")),
        Hindrance.NOT_SUBMITTED: (_("The draft is still being written."), _("Submit it first.")),
        Hindrance.SUBMITTED: (_("The draft is submitted already."), _("Wait for the answer, or edit it again.")),
        Hindrance.NOT_REVIEWED: (_("Nobody has reviewed the draft."), _("Ask a member who did not write it.")),
        Hindrance.NO_REVIEW_ASKED: (_("The group asks for no review."), _("Approve it at once.")),
        Hindrance.REVIEWED: (_("The draft is reviewed already."), _("What is left is to approve it.")),
        Hindrance.NOT_APPROVED: (_("The draft is not approved."), _("Submit it to those who approve.")),
        Hindrance.IS_WRITER: (_("You wrote in the draft yourself."), _("Ask a member who did not write it.")),
        Hindrance.NOT_APPROVER: (
            _("The group's mandate lets others approve."), _("Ask the chair, or whom the mandate names."),
        ),
        Hindrance.UNMERGED: (
            _("Two have altered the same words, and nobody has chosen."),
            _("Edit the draft: choose between the lines with >>>>>>> and <<<<<<<, and take those away."),
        ),
        Hindrance.EMPTY: (_("The draft is empty."), _("Write something first.")),
    }  # fmt: skip
    return words[found]


DENIED = frozenset({Hindrance.IS_WRITER, Hindrance.NOT_APPROVER})


def require_step(step: Step, document: Document, draft: Draft | None, by: Caller) -> Standing:
    """How the document stands. Raises Clash, or Forbidden where others might, when the step may not be taken."""
    standing = standing_of(document, by, draft)
    found = hindrance(step, standing)
    if found is not None:
        what, todo = words_of(found)
        if found in DENIED:
            raise Forbidden(what, todo=todo, permission=str(DocumentPermission.APPROVE))
        raise Clash(what, todo=todo)
    return standing
