"""From draft to published version: submitting, what reviewers and approvers say, publishing, minor edits, dropping."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from helhet.documents.actions.writing import check_draft, checked_text
from helhet.documents.awaiting import ask_for_answer, end_waiting, tell_writer
from helhet.documents.describing import write_described
from helhet.documents.doubting import settle_published
from helhet.documents.finding import find_document
from helhet.documents.models import Document, Draft, DraftState, Verdict, Version
from helhet.documents.permissions import DocumentPermission
from helhet.documents.ports import Publication, cleaned_fields, plain_fields, published
from helhet.documents.standing import draft_of, may_answer, may_approve_own, require_step, said_yes, words_of
from helhet.documents.taking import computed_due
from helhet.items.finding import checked_name
from helhet.items.models import State
from helhet.items.writing import change_items
from helhet.journal.actions import record
from helhet.kit.errors import Clash, Invalid
from helhet.kit.rights import Caller
from helhet.kit.versions import check_version
from helhet.rules.comparing import altered_words
from helhet.rules.document_flow import Hindrance, Step, next_number
from helhet.rules.merging_texts import conflicts_left

TEXT_LIMIT = 20_000
MINOR_WORDS = 50
STEPS = {("review", True): Step.REVIEW, ("approval", True): Step.APPROVE}


@transaction.atomic
def submit_draft(address: str, *, by: Caller, version: int | None, note: str | None = None) -> Draft:
    """Ask those who review and approve; `version` is the draft's."""
    document, draft = _taken(address, by, version)
    by.require(DocumentPermission.WRITE, document)
    require_step(Step.SUBMIT, document, draft, by)
    draft.state, draft.submitted_at = DraftState.REVIEW, timezone.now()
    if note is not None:
        draft.note = " ".join(note.split())[:500]
    draft.save(update_fields=["state", "submitted_at", "note"])
    record("documents.draft.submitted", "document", document.pk, by=by, after={"draft": draft.version})
    ask_for_answer(document, asked_by=None if may_answer(document, draft, by) else by.user_id)
    return draft


@transaction.atomic
def give_verdict(
    address: str, *, by: Caller, version: int | None, step: str, is_yes: bool, text: str = ""
) -> Draft:  # fmt: skip
    """A yes or no in `review` or `approval` of the draft as the caller read it. A no, which has words, lets it be
    written again.
    """
    document, draft = _taken(address, by, version)
    by.require(DocumentPermission.APPROVE, document)
    if step not in {"review", "approval"}:
        raise Invalid(_("A verdict is given in review or approval."), field="step")
    words = text.strip()[:TEXT_LIMIT]
    if not is_yes and not words:
        raise Invalid(_("Say what has to be altered."), field="text")
    require_step(STEPS.get((step, is_yes), Step.REFUSE), document, draft, by)
    _say(document, draft, step, by, is_yes=is_yes, words=words)
    if not is_yes:
        draft.state, draft.submitted_at = DraftState.WRITING, None
    elif step == "approval":
        draft.state = DraftState.APPROVED
    draft.save(update_fields=["state", "submitted_at"])
    record(
        "documents.draft.approved" if is_yes and step == "approval" else f"documents.draft.{step}", "document",
        document.pk, by=by, after={"draft": draft.version, "is_yes": is_yes},
    )  # fmt: skip
    if not is_yes or step == "approval":
        tell_writer(document, draft, by, is_yes=is_yes)
    return draft


def _say(document: Document, draft: Draft, step: str, by: Caller, *, is_yes: bool, words: str = "") -> None:
    Verdict.objects.create(
        document=document, draft_version=draft.version, step=step, is_yes=is_yes, text=words, user_id=by.user_id,
        by=by.name[:200],
    )  # fmt: skip


@transaction.atomic
def publish(address: str, *, by: Caller, version: int | None, note: str | None = None) -> Version:
    """Make the draft the published version. An approved one by whoever writes; any other by one who may approve it,
    which is then said with it. All that was doubted is settled, and the next review is counted from today.
    """
    document, draft = _taken(address, by, version)
    by.require(DocumentPermission.WRITE, document)
    require_step(Step.PUBLISH, document, draft, by)
    if draft.state != DraftState.APPROVED:
        _say(document, draft, "approval", by, is_yes=True)
    if note is not None:
        draft.note = " ".join(note.split())[:500]
    names = {step: ", ".join(said_yes(document, draft, step)) for step in STEP_NAMES}
    made = _version(
        document, by, is_minor=False, title=draft.title, text=draft.text, fields=draft.fields, note=draft.note,
        written_by=", ".join(draft.writers)[:300], reviewed_by=names["review"][:300],
        approved_by=names["approval"][:300],
    )  # fmt: skip
    draft.delete()
    today = timezone.localdate()
    document.reviewed_on = today
    document.due_on = computed_due(today, document.review_count, document.review_unit)
    _publish(document, made, by, "published")
    settle_published(document, by=by)
    end_waiting(document)
    return made


STEP_NAMES = ("review", "approval")


@transaction.atomic
def edit_minor(
    address: str, *, by: Caller, version: int | None, title: str | None = None, text: str | None = None,
    fields: Mapping[str, Any] | None = None, note: str = "",
) -> Version:  # fmt: skip
    """Mend the published text without altering what it means: published at once as 2.1, review and doubts as they were.

    `version` is the document's. Refused while there is a draft, and where more than MINOR_WORDS words are altered by
    one who may not approve what he writes: nobody has approved them.
    """
    document = find_document(address, by, for_change=True)
    by.require(DocumentPermission.WRITE, document)
    check_version(document, version, document.address)
    require_step(Step.EDIT_MINOR, document, draft_of(document), by)
    last = document.published
    assert last is not None
    wanted = {
        "title": checked_name(title) if title is not None else last.title,
        "text": checked_text(text) if text is not None else last.text,
        "fields": cleaned_fields(document.sort, document.part, fields) if fields is not None else last.fields,
    }
    if all(getattr(last, name) == value for name, value in wanted.items()):
        return last
    if conflicts_left(str(wanted["text"])):
        what, todo = words_of(Hindrance.UNMERGED)
        raise Clash(what, todo=todo, field="text")
    is_approved = may_approve_own(document, by)
    new = Version(document=document, **wanted)
    if not is_approved and _words_altered(last, new) > MINOR_WORDS:
        raise Clash(
            _("A minor edit alters at most %(most)s words; this one alters more.") % {"most": MINOR_WORDS},
            todo=_("Save it as a draft, and ask for approval."),
        )
    made = _version(
        document, by, is_minor=True, **wanted, note=" ".join(note.split())[:500], written_by=by.name[:300],
        approved_by=by.name[:300] if is_approved else "",
    )  # fmt: skip
    _publish(document, made, by, "edited")
    return made


def _words_altered(before: Version, after: Version) -> int:
    pairs = ((before.title, after.title), (before.text, after.text), (plain_fields(before), plain_fields(after)))
    return sum(altered_words(*pair) for pair in pairs)


@transaction.atomic
def drop_draft(address: str, *, by: Caller, version: int | None, reason: str = "") -> Document:
    """Let a draft go. What was saved in it is kept, and read under `kept`."""
    document, draft = _taken(address, by, version)
    by.require(DocumentPermission.WRITE, document)
    require_step(Step.DROP, document, draft, by)
    number = draft.version
    draft.delete()
    record("documents.draft.dropped", "document", document.pk, by=by, reason=reason, before={"draft": number})
    end_waiting(document)
    return document


def _taken(address: str, by: Caller, version: int | None) -> tuple[Document, Draft]:
    document = find_document(address, by, for_change=True)
    draft = draft_of(document)
    if draft is not None or version:
        check_draft(document, draft, version)
    if draft is None:
        by.require(DocumentPermission.WRITE, document)
        require_step(Step.DROP, document, None, by)
    assert draft is not None
    return document, draft


def _version(document: Document, by: Caller, *, is_minor: bool, **content: Any) -> Version:
    last = document.published
    if last is None:
        # A part that was withdrawn begins after the numbers that it has had.
        highest = Version.objects.filter(document=document).aggregate(major=Max("major"))["major"] or 0
        numbers = next_number(highest, 0, is_minor=False)
    else:
        numbers = next_number(last.major, last.minor, is_minor=is_minor)
    return Version.objects.create(
        document=document, major=numbers[0], minor=numbers[1], published_by=by.name[:200], **content
    )


def _publish(document: Document, made: Version, by: Caller, verb: str) -> None:
    before = document.published
    document.published = made
    document.edited_on = timezone.localdate()
    document.not_seen_since = None
    document.version += 1
    document.save(update_fields=["published", "edited_on", "reviewed_on", "due_on", "not_seen_since", "version"])
    if not document.part:
        wanted: dict[str, Any] = {"name": made.title}
        if document.item.state == State.PLANNED:
            wanted["state"] = int(State.LIVE)
        change_items([(document.item, wanted)], by=by, on=timezone.localdate())
    record(
        f"documents.document.{verb}", "document", document.pk, by=by, reason=made.note,
        before={"published": before.number if before else None}, after={"published": made.number},
    )  # fmt: skip
    write_described(document, made)
    for participant in published:
        participant(Publication(document, made, by))
