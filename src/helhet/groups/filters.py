"""The fields that this room adds to the filters of items: who answers, who leads those, who helps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from helhet.groups.models import BY_NAME, Answer, Group, ItemRole, Membership, Person, Role
from helhet.items.filters import reference_condition
from helhet.items.models import Item, KeySort, SourceKey
from helhet.items.text import fold
from helhet.kit.filters import Context, Field, Meaning, Suggestion, only_matching, pattern_condition, unknown_value
from helhet.kit.words import noun
from helhet.rules.filters import Op, Term, Value
from helhet.rules.text import wildcard_match

MINE = frozenset({"mine", "min", "mina"})
SUGGESTIONS = 20
NAMES_IN_ERROR = 500


def groups_named(term: Term, value: Value, context: Context) -> set[int]:
    """Ids of the groups that a value names: `mine`, a reference, `source:key`, or a name, perhaps with stars."""
    if fold(value.text) in MINE and not value.wildcard:
        return set(context.caller.member_of)
    reference = reference_condition(value.text)
    source, colon, key = value.text.partition(":")
    condition = pattern_condition("item__name_fold", value, exact=term.op == Op.EXACT)
    if reference is not None:
        condition |= Q(item__in=Item.objects.filter(reference))
    if colon and key:
        keys = SourceKey.objects.filter(source__name=source, key=key, sort=KeySort.GROUP)
        condition |= Q(item__in=keys.values("item"))
    found = set(Group.objects.filter(condition, item__presence=0).order_by().values_list("pk", flat=True))
    if not found and not value.wildcard:
        raise unknown_value(term, value, Group.objects.values_list("item__name", flat=True)[:NAMES_IN_ERROR])
    return found


def _group(term: Term, context: Context) -> Meaning:
    only_matching(term)
    chosen: set[int] = set()
    asks_for_none = False
    for value in term.values:
        if value.asks_for_none:
            asks_for_none = True
        else:
            chosen |= groups_named(term, value, context)
    return _answered_by(sorted(chosen), or_nobody=asks_for_none)


def _answered_by(groups: list[int], *, or_nobody: bool = False) -> Meaning:
    """Items for which one of the groups answers now; `or_nobody` adds the unowned. Every item has its open row."""
    condition = Q(group_id__in=groups)
    if or_nobody:
        condition |= Q(group__isnull=True)
    answers = Answer.objects.open().filter(condition).order_by()
    if or_nobody:
        others = Answer.objects.open().filter(group__isnull=False, item_id=OuterRef("pk")).exclude(group_id__in=groups)
        held = ~Q(Exists(others))
    else:
        held = Q(Exists(answers.filter(item_id=OuterRef("pk"))))
    return Meaning(held, answers.values_list("item_id", flat=True))


def _chair(term: Term, context: Context) -> Meaning:
    only_matching(term)
    chairs = Membership.objects.on(context.today).filter(role=Role.CHAIR)
    groups: set[int] = set()
    for value in term.values:
        if value.asks_for_none:
            groups |= set(Group.objects.exclude(pk__in=chairs.values("group")).values_list("pk", flat=True))
        elif fold(value.text) in MINE and context.caller.person_id:
            groups |= set(chairs.filter(person_id=context.caller.person_id).values_list("group_id", flat=True))
        else:
            people = _people_named(term, value)
            groups |= set(chairs.filter(person_id__in=people).values_list("group_id", flat=True))
    return _answered_by(sorted(groups))


def _people_named(term: Term, value: Value) -> set[int]:
    """Ids of persons whose name or address a value is. Persons are few, so their names are folded as they are read."""
    exact = term.op == Op.EXACT or not value.wildcard
    parts = tuple(fold(part) for part in value.parts)

    def fits(text: str) -> bool:
        return fold(text) == parts[0] if exact else wildcard_match(parts, fold(text))

    people = list(Person.objects.values_list("pk", "name", "email"))
    found = {pk for pk, name, email in people if fits(name) or (email and fits(email))}
    if not found and exact:
        raise unknown_value(term, value, [name for _pk, name, _email in people[:NAMES_IN_ERROR]])
    return found


def _role(term: Term, context: Context) -> Meaning:
    """A further role by its name (`role:supports`), or any further role of a group."""
    only_matching(term)
    roles = ItemRole.objects.filter(to_on__isnull=True).order_by()
    names = set(roles.values_list("role", flat=True).distinct())
    condition, asks_for_none = Q(pk__in=()), False
    for value in term.values:
        fitting = {name for name in names if fold(name) == fold(value.text)}
        if value.asks_for_none:
            asks_for_none = True
        elif fitting:
            condition |= Q(role__in=fitting)
        else:
            condition |= Q(group_id__in=groups_named(term, value, context))
    having = roles.filter(condition)
    held = Q(Exists(having.filter(item_id=OuterRef("pk"))))
    if asks_for_none:
        return Meaning(held | ~Q(Exists(roles.filter(item_id=OuterRef("pk")))))
    return Meaning(held, having.values_list("item_id", flat=True))


# ---- completion ------------------------------------------------------------------------------------------------


def _complete_group(typed: str, _context: Context) -> Iterable[Suggestion]:
    folded = fold(typed)
    for word, label in (("none", _("nobody")), ("mine", _("groups of mine"))):
        if word.startswith(folded):
            yield Suggestion(word, str(label))
    yield from _suggested_groups(Group.objects.filter(item__presence=0), folded)


def _suggested_groups(groups: QuerySet[Group], folded: str) -> Iterable[Suggestion]:
    found = groups.filter(item__name_fold__contains=folded) if folded else groups
    rows = found.order_by(BY_NAME).values_list("item__name", "item__prefix", "item__number")[:SUGGESTIONS]
    for name, prefix, number in rows:
        yield Suggestion(name, f"{prefix}-{number}")


def _complete_chair(typed: str, context: Context) -> Iterable[Suggestion]:
    folded = fold(typed)
    chairs = Membership.objects.on(context.today).filter(role=Role.CHAIR)
    names = sorted(set(chairs.values_list("person__name", flat=True)))
    return [Suggestion(name) for name in names if folded in fold(name)][:SUGGESTIONS]


def _complete_role(typed: str, _context: Context) -> Iterable[Suggestion]:
    folded = fold(typed)
    names = ItemRole.objects.filter(to_on__isnull=True).order_by("role").values_list("role", flat=True).distinct()
    return [Suggestion(name) for name in names if fold(name).startswith(folded)][:SUGGESTIONS]


class _Word:
    """This house's word for a noun, asked for anew each time it is shown."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __str__(self) -> str:
        return noun(self.name).capitalize()


Complete = Callable[[str, Context], Iterable[Suggestion]]


def fields() -> list[Field]:
    """For the port `items.fields`."""
    declared: tuple[tuple[str, Any, Callable[[Term, Context], Meaning], Complete, tuple[str, ...]], ...] = (
        ("group", _Word("group"), _group, _complete_group, ("grupp",)),
        ("chair", _Word("chair"), _chair, _complete_chair, ("sammankallande",)),
        ("role", _("Further role"), _role, _complete_role, ("roll",)),
    )
    return [Field(name, label, mean, complete, aliases) for name, label, mean, complete, aliases in declared]
