"""A filter's refusal names what was probably meant, and nothing where nothing is near."""

from __future__ import annotations

import pytest
from django.db.models import Q
from django.utils.translation import override

from helhet.kit.filters import FEW, Context, Field, Fields, FilterInvalid, Meaning, unknown_value
from helhet.kit.rights import NOBODY
from helhet.rules.filters import Term, parse

STATES = ("planned", "live", "retiring", "retired")


def anything(_term: Term, _context: Context) -> Meaning:
    return Meaning(Q())


def refused_value(text: str, known: tuple[str, ...], language: str) -> str:
    term = parse(text)
    assert isinstance(term, Term)
    with override(language):
        return str(FilterInvalid(unknown_value(term, term.values[0], known)).message)


@pytest.mark.parametrize(
    ("text", "language", "told"),
    [
        ("state:retierd", "en", "state has no value retierd. Did you mean retired?"),
        ("state:xyz", "en", "state has no value xyz. There are: live, planned, retired, retiring."),
        ("state:retierd", "sv", "state har inget värde retierd. Menade du retired?"),
        ("state:xyz", "sv", "state har inget värde xyz. Det finns: live, planned, retired, retiring."),
    ],
)
def test_a_value_that_there_is_not_is_told_with_the_near_one_or_with_the_few(text, language, told):
    assert refused_value(text, STATES, language) == told


def test_of_many_values_none_is_named_when_none_is_near():
    many = tuple(f"k{number:04}" for number in range(FEW + 1))
    assert refused_value("kind:zzz", many, "en") == "kind has no value zzz."


@pytest.mark.parametrize(("name", "guess"), [("kidn", "kind"), ("x", ""), ("foo", ""), ("grupp", "group")])
def test_a_field_that_there_is_not_is_told_with_the_near_one_or_with_none(name, guess):
    fields = Fields((Field("kind", "Kind", anything), Field("group", "Group", anything)), anything)
    with override("en"), pytest.raises(FilterInvalid) as refused:
        fields.translate(f"{name}:a", Context(NOBODY))
    assert str(refused.value.message) == f"There is no field {name}. Quote the text to search for it." + (
        f" Did you mean {guess}?" if guess else ""
    )
