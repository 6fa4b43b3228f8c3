"""Whatever people do to a document, in whatever order: states, numbers and who may what are as a plain model has them,
what is published changes by publishing alone, and no text that was saved is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from helhet.documents import actions
from helhet.documents.models import ApprovalRule, Document, Draft, DraftText, Version
from helhet.kit.errors import Refused
from tests.world import Cast, as_caller

pytestmark = pytest.mark.django_db
# What is refused whoever tries is tried too, but seldom: the flow is to come far in few steps.
WHO = st.sampled_from(["member", "chair"] * 4 + ["reader"])
TEXTS = st.sampled_from(["ett", "två", "tre"])
OLD = st.sampled_from([False] * 9 + [True])


@dataclass
class Drafted:
    """A draft in the model. `words` are the last words of each, by (who, step), to the text as it is."""

    text: str
    state: str = "writing"
    writers: set[str] = field(default_factory=set)
    words: dict[tuple[str, str], bool] = field(default_factory=dict)

    @property
    def is_reviewed(self) -> bool:
        return any(yes for (_who, step), yes in self.words.items() if step == "review")


def is_in(*states: str) -> Callable[[Flow], bool]:
    """The draft is in one of these; empty: there is none. What does not fit is tried by `out_of_order`."""
    return lambda flow: (flow.draft.state if flow.draft else "") in states


class Flow(RuleBasedStateMachine):
    """One document of a group with a member and a chair, and one who only reads."""

    cast: Cast

    @initialize(
        approver=st.sampled_from(["lead", "other", "member"]), needs_review=st.booleans(), text=TEXTS,
        is_published=st.booleans(), then=st.sampled_from(["", "draft", "review"]), other=TEXTS,
    )  # fmt: skip
    def begin(self, approver: str, text: str, then: str, other: str, *, needs_review: bool, is_published: bool) -> None:
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        self.approver, self.needs_review = approver, needs_review
        ApprovalRule.objects.create(group=self.cast.group, approver=approver, needs_review=needs_review)
        self.callers = {who: as_caller(getattr(self.cast, who)) for who in ("member", "chair", "reader")}
        made = actions.create_document(by=self.callers["member"], sort="routine", title="Omstart", text=text)
        self.pk, self.address = made.pk, made.address
        self.draft: Drafted | None = Drafted(text, writers={"member"})
        self.editions: list[tuple[str, str]] = []
        self.saved, self.is_withdrawn = {text}, False
        # Far into the flow at once, by the same steps: alone few rows of steps would come there.
        if is_published:
            self.submit("member", is_old=False)
            self.answer("chair", "review", is_yes=True, is_old=False)
            self.answer("chair", "approval", is_yes=True, is_old=False)
            self.publish("member", is_old=False)
        if then and is_published:
            self.save("chair" if then == "draft" else "member", other, is_old=False)
        if then == "review":
            self.submit("member", is_old=False)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    def number(self, *, is_old: bool) -> int:
        draft = Draft.objects.filter(document=self.pk).first()
        return (draft.version if draft else 0) + 100 * is_old

    def tries(self, verb: Callable[..., Any], who: str, *, expected: bool, **given: Any) -> bool:
        """Do it; it is refused exactly where the model refuses it."""
        is_done = True
        try:
            with transaction.atomic():
                verb(self.address, by=self.callers[who], **given)
        except Refused:
            is_done = False
        assert is_done == expected, (verb.__name__, who)
        return is_done

    def may_approve(self, who: str) -> bool:
        assert self.draft is not None
        if who == "reader":
            return False
        return {"lead": who == "chair", "other": who not in self.draft.writers, "member": True}[self.approver]

    @rule(who=WHO, text=TEXTS, is_old=OLD)
    def save(self, who: str, text: str, *, is_old: bool) -> None:
        expected = who != "reader" and not is_old and not self.is_withdrawn
        if not self.tries(
            actions.save_draft, who, expected=expected, version=self.number(is_old=is_old), text=text
        ):  # fmt: skip
            return
        self.saved.add(text)
        if self.draft is None or self.draft.text != text:
            self.draft = Drafted(text, writers=(self.draft.writers if self.draft else set()) | {who})

    @precondition(is_in("writing"))
    @rule(who=WHO, is_old=OLD)
    def submit(self, who: str, *, is_old: bool) -> None:
        one = self.draft
        expected = who != "reader" and not is_old and one is not None and one.state == "writing"
        if self.tries(actions.submit_draft, who, expected=expected, version=self.number(is_old=is_old)) and one:
            one.state = "review"

    @precondition(is_in("review", "approved"))
    @rule(who=WHO, step=st.sampled_from(["review", "approval"]), is_yes=st.booleans(), is_old=OLD)
    def answer(self, who: str, step: str, *, is_yes: bool, is_old: bool) -> None:
        one = self.draft
        expected = who != "reader" and not is_old and one is not None
        if one is not None and expected:
            if not is_yes:
                expected = one.state != "writing" and (self.may_approve(who) or who not in one.writers)
            elif step == "review":
                expected = (
                    self.needs_review and one.state == "review" and not one.is_reviewed and who not in one.writers
                )
            else:
                ready = one.is_reviewed or not self.needs_review
                expected = one.state == "review" and ready and self.may_approve(who)
        if self.tries(
            actions.give_verdict, who, expected=expected, version=self.number(is_old=is_old), step=step, is_yes=is_yes,
            text="ord",
        ) and one:  # fmt: skip
            one.words[who, step] = is_yes
            one.state = "writing" if not is_yes else "approved" if step == "approval" else one.state

    @precondition(is_in("writing", "review", "approved"))
    @rule(who=WHO, is_old=OLD)
    def publish(self, who: str, *, is_old: bool) -> None:
        one = self.draft
        expected = who != "reader" and not is_old and one is not None
        if one is not None and expected:
            ready = one.is_reviewed or not self.needs_review
            expected = one.state == "approved" or (self.may_approve(who) and ready)
        if self.tries(actions.publish, who, expected=expected, version=self.number(is_old=is_old)) and one:
            major = int(self.editions[-1][0].partition(".")[0]) + 1 if self.editions else 1
            self.editions.append((str(major), one.text))
            self.draft = None

    @precondition(lambda flow: bool(flow.editions) and flow.draft is None)
    @rule(who=WHO, text=TEXTS)
    def mend(self, who: str, text: str) -> None:
        expected = who != "reader" and bool(self.editions) and self.draft is None and not self.is_withdrawn
        version = Document.objects.get(pk=self.pk).version
        if self.tries(actions.edit_minor, who, expected=expected, version=version, text=text):
            major, _dot, minor = self.editions[-1][0].partition(".")
            if self.editions[-1][1] != text:
                self.editions.append((f"{major}.{int(minor or 0) + 1}", text))

    @precondition(is_in("writing", "review", "approved"))
    @rule(who=WHO, is_old=OLD)
    def drop(self, who: str, *, is_old: bool) -> None:
        expected = who != "reader" and not is_old and self.draft is not None
        if self.tries(actions.drop_draft, who, expected=expected, version=self.number(is_old=is_old)):
            self.draft = None

    @rule(who=WHO, what=st.sampled_from(["submit", "review", "approval", "publish", "drop", "mend"]))
    def out_of_order(self, who: str, what: str) -> None:
        if what == "mend":
            self.mend(who, "ett")
        elif what in {"review", "approval"}:
            self.answer(who, what, is_yes=True, is_old=False)
        else:
            getattr(self, what)(who, is_old=False)

    @precondition(lambda flow: flow.is_withdrawn or len(flow.editions) > 1)
    @rule(who=WHO)
    def withdraw_or_bring_back(self, who: str) -> None:
        version = Document.objects.get(pk=self.pk).version
        given = {"expected": who == "chair", "version": version, "reason": "paus"}
        verbs = (actions.withdraw, actions.bring_back)
        wrong, right = verbs if self.is_withdrawn else verbs[::-1]
        self.tries(wrong, who, **{**given, "expected": False})
        if self.tries(right, who, **given):
            self.draft, self.is_withdrawn = None, not self.is_withdrawn

    @invariant()
    def stands_as_the_model_has_it(self) -> None:
        if not hasattr(self, "pk"):
            return
        document = Document.objects.select_related("published").get(pk=self.pk)
        versions = list(Version.objects.filter(document=self.pk).order_by("pk"))
        assert [(one.number, one.text) for one in versions] == self.editions
        assert (document.published.number if document.published else "") == (
            self.editions[-1][0] if self.editions else ""
        )  # fmt: skip
        draft = Draft.objects.filter(document=self.pk).first()
        assert ((draft.text, draft.state) if draft else None) == (
            (self.draft.text, self.draft.state) if self.draft else None
        )  # fmt: skip
        assert self.saved <= set(DraftText.objects.filter(document=self.pk).values_list("text", flat=True))


def test_a_document_goes_as_the_model_says_whatever_is_done() -> None:
    here = Cast()
    machine = type("Here", (Flow,), {"cast": here})
    run_state_machine_as_test(
        machine, settings=settings(max_examples=20, stateful_step_count=8, deadline=None, phases=[Phase.generate])
    )
