"""The fields that this room adds to the filters of items."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from helhet.groups.models import Answer, GroundSort
from helhet.kit.filters import Context, Field, Meaning, Suggestion, only_matching, unknown_value
from helhet.responsibility.coverage import WORDS, condition_of, counted
from helhet.responsibility.models import Rule
from helhet.rules.filters import Term

COVERAGE = {
    "counted": _("counted"),
    "owned": _("has a group"),
    "unowned": _("without group"),
    "contested": _("contested"),
    "dead": _("group that cannot answer"),
    "living": _("under a living group"),
}
GROUNDS = {
    "hand": GroundSort.HAND,
    "rule": GroundSort.RULE,
    "source": GroundSort.SOURCE,
    "part_of": GroundSort.PART_OF,
    "none": GroundSort.NONE,
}


def _coverage(term: Term, context: Context) -> Meaning:
    only_matching(term)
    words = [value.text.lower() for value in term.values]
    for word, value in zip(words, term.values, strict=True):
        if word not in WORDS:
            raise unknown_value(term, value, WORDS)
    condition = Q(pk__in=())
    for word in words:
        condition |= condition_of(word, context.today)
    if words == ["unowned"]:
        without = Answer.objects.open().filter(group__isnull=True)
        return Meaning(condition, without.order_by().values_list("item_id", flat=True), counted())
    return Meaning(condition)


def _ground(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    sorts = []
    for value in term.values:
        if value.text.lower() not in GROUNDS:
            raise unknown_value(term, value, GROUNDS)
        sorts.append(GROUNDS[value.text.lower()])
    answers = Answer.objects.open().filter(ground__sort__in=sorts)
    return Meaning(
        Q(Exists(answers.filter(item_id=OuterRef("pk")))), answers.order_by().values_list("item_id", flat=True)
    )


def _rule(term: Term, _context: Context) -> Meaning:
    only_matching(term)
    numbers = []
    for value in term.values:
        if not value.text.isascii() or not value.text.isdigit() or len(value.text) > 9:
            raise unknown_value(term, value, map(str, Rule.objects.values_list("number", flat=True)))
        numbers.append(int(value.text))
    rules = list(Rule.objects.filter(number__in=numbers).values_list("id", flat=True))
    answers = Answer.objects.open().filter(ground__rule_id__in=rules)
    return Meaning(
        Q(Exists(answers.filter(item_id=OuterRef("pk")))), answers.order_by().values_list("item_id", flat=True)
    )


def _complete_rule(typed: str, _context: Context) -> Iterable[Suggestion]:
    for rule in Rule.objects.order_by("position"):
        if str(rule.number).startswith(typed):
            yield Suggestion(str(rule.number), rule.filter or str(rule.sort))


def fields() -> list[Field]:
    """For the port `items.fields`."""
    return [
        Field(
            "coverage", _("Coverage"), _coverage,
            lambda typed, _c: [Suggestion(w, str(label)) for w, label in COVERAGE.items() if w.startswith(typed)],
            ("täckning",), COVERAGE,
        ),
        Field(
            "ground", _("Ground"), _ground,
            lambda typed, _c: [Suggestion(w, str(s.label)) for w, s in GROUNDS.items() if w.startswith(typed)],
            ("grund",), {word: sort.label for word, sort in GROUNDS.items()},
        ),
        Field("rule", _("Rule"), _rule, _complete_rule, ("regel",)),
    ]  # fmt: skip
