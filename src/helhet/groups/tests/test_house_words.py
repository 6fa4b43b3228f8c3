"""This house's words in every sentence."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext, pgettext, trans_real

from helhet.groups.actions.words import set_words
from helhet.kit.house_words import HouseTranslation
from helhet.kit.words import NOUNS, forget, local_names, noun
from helhet.rules.renaming import KEPT, Renaming
from tests.world import Cast, as_caller, make_item

pytestmark = pytest.mark.django_db

TEAM = {
    ("sv", "group", "singular"): "lag", ("sv", "group", "plural"): "lag", ("sv", "group", "definite"): "laget",
    ("sv", "group", "definite_plural"): "lagen",
    ("en", "group", "singular"): "team", ("en", "group", "plural"): "teams",
    ("en", "group", "definite"): "the team", ("en", "group", "definite_plural"): "the teams",
}  # fmt: skip


@pytest.fixture
def cast() -> Cast:
    """The actors in a house that calls a group a team."""
    cast = Cast()
    set_words(TEAM, by=as_caller(cast.administrator))
    forget()
    local_names()
    return cast


@pytest.mark.usefixtures("cast")
def test_sentences_say_the_houses_word_in_both_languages() -> None:
    with translation.override("sv"):
        assert gettext("Groups") == "Lag"
        assert ngettext("%(count)s group", "%(count)s groups", 2) == "%(count)s groups"
        assert noun("responsible_group") == "ansvarigt lag"
    with translation.override("en"):
        assert gettext("Without group") == "Without team"
        assert ngettext("%(count)s group", "%(count)s groups", 2) == "%(count)s teams"
        assert pgettext("no such context", "the group") == "the team"
        assert pgettext("no such context", "nothing of the kind") == "nothing of the kind"


def test_pages_say_it_and_filters_stay(client: Client, cast: Cast) -> None:
    make_item("srv1")
    client.force_login(cast.administrator)
    page = client.get(reverse("estate:items")).content.decode()
    assert "Utan lag" in page
    assert "Utan grupp" not in page
    assert "Ansvarigt lag" in page
    assert 'value="group:none"' in client.get(reverse("estate:items"), {"q": "group:none"}).content.decode()


def test_no_sentence_of_the_product_loses_a_placeholder_or_markup_to_any_noun() -> None:
    nouns = []
    for languages in NOUNS.values():
        forms = languages["sv"]
        built_in = (forms.singular, forms.plural, forms.definite, forms.definite_plural)
        nouns.append((built_in, ("sak", "saker", "saken", "sakerna")))
    renaming = Renaming("sv", nouns)
    texts = [text for catalog in trans_real.translation("sv")._catalog._catalogs for text in catalog.values()]
    assert len(texts) > 1_000
    changed = 0
    for text in texts:
        said = renaming.say(text)
        changed += said != text
        assert [one[0] for one in re.finditer(KEPT, said)] == [one[0] for one in re.finditer(KEPT, text)]
    assert changed > 300


def test_where_nothing_is_renamed_sentences_are_as_they_were() -> None:
    assert isinstance(trans_real.translation("sv"), HouseTranslation)
    with translation.override("sv"):
        assert gettext("Groups") == "Grupper"
