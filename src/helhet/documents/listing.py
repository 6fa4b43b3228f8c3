"""Lists of documents: which ones, in what state, and what they amount to in a sentence."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from helhet.documents.figures import HAS_TEXT, IS_NOT_SEEN, IS_WITHDRAWN, Figures, found, standing
from helhet.documents.models import Document, Draft, DraftState, Sort
from helhet.groups.models import Answer
from helhet.items.models import State
from helhet.kit.errors import Invalid
from helhet.kit.rights import Caller

STATES = ("valid", "check", "overdue", "draft", "waiting", "unpublished", "not_seen", "withdrawn")
SOON = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Asked:
    """Which documents: a filter over their items, a sort, a state, an audience; each empty for all."""

    filter: str = ""
    sort: str = ""
    state: str = ""
    audience: str = ""


def sort_label(sort: str) -> str:
    """A sort of document, in words."""
    return str(Sort(sort).label) if sort in Sort.values else sort


def state_label(state: str) -> str:
    """A state of the list, in words."""
    return {
        "valid": _("valid"), "check": _("check needed"), "overdue": _("past its review"), "draft": _("has a draft"),
        "waiting": _("waits for approval"), "unpublished": _("not published"), "withdrawn": _("withdrawn"),
        "not_seen": _("not seen any more"),
    }.get(state, "")  # fmt: skip


def asked_for(caller: Caller, asked: Asked, day: dt.date) -> QuerySet[Document]:
    """The documents that are asked for, by name. Raises Invalid for a filter, sort or state that there is not."""
    if asked.state and asked.state not in STATES:
        raise Invalid(_("There is no such state."), todo=", ".join(STATES), field="state")
    documents = of_all_states(caller, asked)
    beside = {"withdrawn": IS_WITHDRAWN, "not_seen": IS_NOT_SEEN}.get(asked.state)
    documents = documents.filter(beside) if beside is not None else standing(documents)
    condition = condition_of(asked.state, day)
    return documents.filter(condition).select_related("item__kind", "published").order_by("item__name_key", "pk")


def of_all_states(caller: Caller, asked: Asked) -> QuerySet[Document]:
    """The same whatever their state, also those that do not stand. Raises Invalid for a filter or sort."""
    if asked.sort and asked.sort not in Sort.values:
        raise Invalid(_("There is no such sort of document."), todo=", ".join(Sort.values), field="sort")
    documents = found(caller, asked.filter)
    if asked.sort:
        documents = documents.filter(sort=asked.sort)
    if asked.audience:
        documents = documents.filter(read_by__audience__key=asked.audience[:40])
    return documents


def condition_of(state: str, day: dt.date) -> Q:
    """What a document in this state fulfils on this day; every one for no state."""
    is_overdue, draft = Q(due_on__lt=day), Draft.objects.filter(document=OuterRef("pk"))
    is_published = Q(published__isnull=False)
    needs_check = Q(is_doubtful=True) | is_overdue
    return {
        "valid": is_published
        & ~needs_check
        & (Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        & (Q(valid_from__isnull=True) | Q(valid_from__lte=day)),
        "check": HAS_TEXT & needs_check,
        "overdue": HAS_TEXT & is_overdue,
        "draft": Q(Exists(draft)),
        "waiting": Q(Exists(draft.exclude(state=DraftState.WRITING))),
        "unpublished": Q(published__isnull=True),
    }.get(state, Q())


def counts_by_state(documents: QuerySet[Document], told: Figures) -> dict[str, int]:
    """How many of these documents (`of_all_states`) are in each state, and in none (""), on the day of their figures;
    what the figures told is not counted again.
    """
    stands = standing(documents.order_by())
    drafts = Draft.objects.filter(document__in=stands)
    return {
        "": told.documents, "check": told.check_needed, "overdue": told.overdue,
        "withdrawn": told.withdrawn, "not_seen": told.not_seen,
        **stands.aggregate(
            **{one: Count("pk", filter=condition_of(one, told.as_of)) for one in ("valid", "unpublished")}
        ),
        **drafts.aggregate(draft=Count("pk"), waiting=Count("pk", filter=~Q(state=DraftState.WRITING))),
    }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Standing:
    """How a document stands on a day: a mark and words."""

    mark: str
    words: str


def standing_on(document: Document, day: dt.date) -> Standing:
    """How it stands: withdrawn, not published, gone from its source, to be checked, valid and so on."""
    due, last = document.due_on, document.valid_to
    if not document.part and document.item.state == State.RETIRED:
        found = Standing("none", _("withdrawn"))
    elif document.published_id is None:
        found = Standing("draft", _("not published"))
    elif document.not_seen_since is not None:
        found = Standing("unknown", _("not seen any more"))
    elif last is not None and last < day:
        found = Standing("over", _("no longer valid"))
    elif document.valid_from is not None and document.valid_from > day:
        found = Standing("due", _("not valid yet"))
    elif document.is_doubtful:
        found = Standing("check", _("check needed"))
    elif due is None:
        found = Standing("good", _("valid, without a review date"))
    elif due < day:
        found = Standing("over", _("past its review"))
    else:
        found = Standing("due", _("soon to be reviewed")) if due <= day + SOON else Standing("good", _("valid"))
    return found


def group_names(documents: Sequence[Document]) -> dict[int, str]:
    """The responsible group's name by item, of those that have one."""
    answers = Answer.objects.open().filter(item_id__in={one.item_id for one in documents}, group__isnull=False)
    return {item_id: name or "" for item_id, name in answers.values_list("item_id", "group__item__name")}
