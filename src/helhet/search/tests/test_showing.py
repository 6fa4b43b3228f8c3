"""No document is told to be found without what met it being marked, wherever that stands."""

from __future__ import annotations

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from helhet.items.actions import comment
from helhet.search.finding import find
from helhet.search.hits import PARTLY, Hit
from helhet.search.indexing import index_all
from helhet.search.models import Noun
from helhet.search.showing import READ_CHARACTERS
from helhet.search.tests.test_documents_found import write
from tests.world import SYSTEM

pytestmark = pytest.mark.django_db


def hits(text: str, each: int = 100) -> dict[str, Hit]:
    found = find(text, SYSTEM, nouns=[Noun.DOCUMENT], each=each)
    return {hit.name: hit for one in found if one.met != PARTLY for hit in one.hits}


def marked(hit: Hit) -> list[str]:
    return [text for text, is_match in (*hit.title, *hit.snippet) if is_match]


def test_a_phrase_is_met_where_its_words_stand_together_and_marked_as_one() -> None:
    write("Skrivare", "Töm kön och starta sedan om tjänsten.")
    write("Köer", "Om kön växer: starta skriptet.")
    write("Brev", "Skriv brevet. Starta. Om det inte går, ring.")
    write("Två rader", "- Starta\n- Om det inte går")
    write("Tjänsten", "Därefter startas\nom hela **tjänsten** på värden.")
    write("Starta om skrivaren", "Se handboken.")
    write("Omstart av kön", "Se handboken.")
    index_all()
    assert {name: marked(hit) for name, hit in hits("restart").items()} == {
        "Tjänsten": ["startas om"], "Starta om skrivaren": ["Starta om"], "Omstart av kön": ["Omstart"],
    }  # fmt: skip
    assert set(hits("starta om")) == {"Tjänsten", "Starta om skrivaren", "Omstart av kön"}
    assert marked(hits("starta om skrivare")["Starta om skrivaren"]) == ["Starta om", "skrivaren"]


def test_what_met_it_is_marked_in_an_alert_s_name_a_comment_and_far_down_in_a_long_text() -> None:
    far = "Vanlig text om annat. " * (READ_CHARACTERS // 20)
    write("Larm", "Se panelen.", routine={"labels": {"alertname": "QueueStuck_now"}})
    write("KubePodCrashLooping", "Se panelen.", routine={})
    write("Handbok", f"{far} Kontakta zirkonleverantören vid idéer.")
    write("Kafé", f"Kaffe serveras på kaféet. {far} Ny idé om röntgenbilden.")
    write("Utgången", "Lösenordet gick\nut igår. Åéå.")
    write("Flytt", "Servern för nya databaser står i källaren.")
    said = write("Utsagd", "Tom.")
    comment(said.item, "Obs.\n\nByt molybdenfiltret först", by=SYSTEM)
    index_all()
    expected = {
        "kö": {"Larm": ["Queue"]},
        "stuck": {"Larm": ["Stuck"]},
        "crash looping": {"KubePodCrashLooping": ["Crash", "Looping"]},
        "zirkon": {"Handbok": ["zirkonleverantören"]},
        "idéerna": {"Handbok": ["idéer"], "Kafé": ["idé"]},
        "röntgenbild": {"Kafé": ["röntgenbilden"]},
        "databasserver": {"Flytt": ["Servern", "databaser"]},
        "molybden": {"Utsagd": ["molybdenfiltret"]},
        "expired": {"Utgången": ["gick ut"]},
    }
    shown = {question: {name: marked(hit) for name, hit in hits(question).items()} for question in expected}
    assert shown == expected
    assert hits("molybden")["Utsagd"].snippet[0] == ("Obs. · Byt ", False)
    assert hits("kö")["Larm"].snippet == [("Queue", True), ("Stuck_now", False)]


PIECES = (
    "server", "Servrarna", "databas", "databasservern", "backup", "Säkerhetskopia", "omstart", "starta om", "om", "in",
    "startas\nom", "starta.", "logga", "bärbar dator", "trådlösa nätet", "E-post", "web-server", "ORA-01555", "ut",
    "QueueStuck", "idéerna", "skrivs", "RUT 3", "gick ut",
)  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=5).map(" ".join)
things = st.tuples(texts, texts, texts, texts, st.booleans())
questions = st.lists(st.sampled_from([one.rstrip(".").replace("\n", " ") for one in PIECES]), min_size=1, max_size=3)


@settings(
    max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(st.lists(things, min_size=1, max_size=4), questions.map(" ".join))
def test_something_is_marked_in_whatever_is_found(
    written: list[tuple[str, str, str, str, bool]], question: str
) -> None:
    with transaction.atomic():
        for number, (title, text, symptom, said, is_long) in enumerate(written):
            body = f"{'Vanligt prat. ' * (READ_CHARACTERS // 10)}\n\n{text}" if is_long else text
            one = write(f"{title} nr{number}", body, routine={"symptoms": symptom.replace("\n", " ")})
            if said:
                comment(one.item, said, by=SYSTEM)
        index_all()
        for each in (2, 100):
            for name, hit in hits(question, each).items():
                assert marked(hit), (name, question)
        transaction.set_rollback(True)
