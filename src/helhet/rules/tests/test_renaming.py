"""A house that calls a group something else is told so in whole sentences, and nothing else in them is touched."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helhet.rules.renaming import KEPT, Renaming

GROUP = ("grupp", "grupper", "gruppen", "grupperna")
ITEM = ("objekt", "objekt", "objektet", "objekten")
SV = Renaming("sv", [(GROUP, ("lag", "lag", "laget", "lagen")), (ITEM, ("pryl", "prylar", "prylen", "prylarna"))])
EN = Renaming(
    "en",
    [
        (("group", "groups", "the group", "the groups"), ("unit", "units", "the unit", "the units")),
        (("change", "changes", "the change", "the changes"), ("RFC", "RFCs", "the RFC", "the RFCs")),
        (("item", "items", "the item", "the items"), ("asset", "assets", "the asset", "the assets")),
        (("measure", "measures", "the measure", "the measures"), ("hour", "hours", "the hour", "the hours")),
    ],
)


@pytest.mark.parametrize(
    ("built_in", "own"),
    [
        ("En grupp har en ordförande.", "Ett lag har en ordförande."),
        ("Ingen grupp svarar för det här objektet.", "Inget lag svarar för den här prylen."),
        ("den ansvariga gruppen", "det ansvariga laget"),
        ("Gruppens uppdrag, och gruppernas", "Lagets uppdrag, och lagens"),
        ("En annan grupp", "Ett annat lag"),
        ("Nytt objekt", "Ny pryl"),
        ("Objekt", "Prylar"),
        ("Detta objekt", "Denna pryl"),
        ("Alla objekt i denna grupp", "Alla prylar i detta lag"),
        ("Skriv grupp:ingen eller group:none", "Skriv grupp:ingen eller group:none"),
        ("Kolumnen <code>grupp</code> är en grupp", "Kolumnen <code>grupp</code> är ett lag"),
        ("Ledningsgruppen, supportgrupp och grupp-id", "Ledningsgruppen, supportgrupp och grupp-id"),
        ("%(grupp)s och {grupp} i grupperna", "%(grupp)s och {grupp} i lagen"),
    ],
)
def test_swedish_follows_the_gender_and_the_form(built_in: str, own: str) -> None:
    assert SV.say(built_in) == own


@pytest.mark.parametrize(
    ("built_in", "own"),
    [
        ("A group, and the groups", "A unit, and the units"),
        ("An item of a group", "An asset of a unit"),
        ("A measure", "An hour"),
        ("Change fields of the change", "Change fields of the RFC"),
        ("The change cannot be changed", "The RFC cannot be changed"),
        ("Changes", "RFCs"),
        ("Nobody may change it", "Nobody may change it"),
    ],
)
def test_english_follows_the_article_and_leaves_verbs(built_in: str, own: str) -> None:
    assert EN.say(built_in) == own


def test_a_number_tells_which_of_two_forms_that_look_alike_is_meant() -> None:
    assert [SV.say("%(number)s objekt", number) for number in (1, 2)] == ["%(number)s pryl", "%(number)s prylar"]


@given(
    st.lists(
        st.sampled_from(("grupp", "Grupper", "gruppen", "objekt", "%(grupp)s", "%(n)d", "{objekt}", "<b class='grupp'>",
                         "</b>", "`grupp`", "grupp:x", "och", "en", "ett", "100%%", "–", "."))
    ).map(" ".join)
)  # fmt: skip
def test_placeholders_markup_and_other_words_stay(text: str) -> None:
    said = SV.say(text)
    kept = [one[0] for one in re.finditer(KEPT, text)]
    assert [one[0] for one in re.finditer(KEPT, said)] == kept
    assert len(said.split()) == len(text.split())
    assert SV.say(said) == said


def test_what_is_not_renamed_stays_and_a_word_that_could_be_markup_is_not_taken() -> None:
    assert not Renaming("sv", [(GROUP, GROUP)])
    assert not Renaming("sv", [(GROUP, ("<b>", "lag", "laget", "lagen"))])
    assert Renaming("sv", []).say("En grupp") == "En grupp"
