"""Files of a copy can be called what they are on any system, whatever prefixes an organisation has chosen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helhet.handbook.bundle.bodies import offline
from helhet.handbook.bundle.holding import page_of
from helhet.handbook.bundle.keys import own_key
from helhet.handbook.bundle.manifest import is_name
from helhet.handbook.bundle.verifying import verify
from helhet.handbook.tests.walking import faults_in, made
from helhet.handbook.tests.written import a_supplier, written
from helhet.items.kinds import PREFIX
from helhet.items.models import Kind
from tests.world import make_item

PREFIXES = st.text("AEOUZÅÄÖ19", min_size=1, max_size=4).filter(PREFIX.fullmatch)
ADDRESSES = st.builds("{}-{}{}".format, PREFIXES, st.integers(1, 20), st.sampled_from(["", "/orders", "/support"]))


@settings(max_examples=40)
@given(st.sets(ADDRESSES, max_size=8))
def test_every_address_has_a_file_of_its_own_and_its_links_lead_there(addresses: set[str]) -> None:
    pages = {address: page_of("documents", address) for address in addresses}
    assert len(set(pages.values())) == len(addresses)
    assert all(map(is_name, pages.values()))
    for address, page in pages.items():
        for link in (f"/documents/{address.replace('/', '~')}/", f"/items/{address.lower()}", f"/a/{address}?x=1#y"):
            assert offline(f'<a href="{link}">x</a>', pages) == f'<a href="../{page}">x</a>', link


def test_an_address_elsewhere_that_ends_as_a_reference_leads_elsewhere(settings: Any) -> None:
    settings.BASE_URL = "https://helhet.example"
    pages = {"RUT-3": "documents/rut-3.html"}
    assert "rut-3.html" in offline('<a href="https://helhet.example/items/RUT-3/">x</a>', pages)
    for link in ("https://jira.example/browse/RUT-3", "//jira.example/RUT-3", "https://helhet.example.org/RUT-3"):
        assert offline(f'<a href="{link}">x</a>', pages) == f'<span class="outside">x ({link})</span>', link


@pytest.mark.django_db
def test_a_copy_of_things_with_swedish_prefixes_is_whole(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    for kind, prefix in (("routine", "ÅTG"), ("supporting_service", "TJÄNST1"), ("supplier", "Ö")):
        Kind.objects.filter(key=kind).update(prefix=prefix)
    service = make_item("Journal", kind="supporting_service")
    routine = written("Starta om", "Klart.", routine="desk", about=(service,))
    a_supplier("Nordkabel", delivers=service)
    written("Beskrivning", f"[här](/items/{routine.address}/) och {routine.address}", item=service, part="description")
    made(tmp_path / "out")
    assert faults_in(tmp_path / "out") == []
    told = (tmp_path / "out" / page_of("documents", f"{service.reference}/description")).read_text()
    assert told.count(f'href="../{page_of("documents", routine.address)}"') == 2
    assert verify(tmp_path / "out", own_key()).is_sound
