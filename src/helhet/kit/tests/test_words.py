"""The glossary's nouns, and a house's own words for them."""

import pytest
from django.utils import translation

from helhet.kit import words

pytestmark = pytest.mark.usefixtures("kit_alone")

OWN = {("sv", "group", "plural"): "team", ("en", "group", "singular"): "squad"}


def own_words() -> dict[words.Key, str]:
    """What a house might have chosen."""
    return OWN


@pytest.fixture
def local_names(kit_alone: None) -> None:
    """A house that calls a group something else."""
    words.overrides.fill([f"{__name__}.own_words"])
    words.overrides._loaded = (own_words,)
    words.forget()


def test_every_noun_has_all_forms_in_both_languages() -> None:
    for code, noun, form in words.every_form():
        assert words.noun(noun, form, code).strip()


def test_nouns_follow_the_language() -> None:
    with translation.override("sv"):
        assert words.noun("group", "definite_plural") == "grupperna"
        assert words.counted("item", 14) == "objekt"
    with translation.override("en"):
        assert words.noun("group", "definite") == "the group"
        assert words.counted("group", 1) == "group"


@pytest.mark.usefixtures("local_names")
def test_a_house_may_use_its_own_words() -> None:
    with translation.override("sv"):
        assert words.noun("group", "plural") == "team"
        assert words.noun("group", "singular") == "grupp"
    with translation.override("en"):
        assert words.counted("group", 1) == "squad"


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(KeyError, match="definite_plural"):
        words.noun("group", "genitive")
