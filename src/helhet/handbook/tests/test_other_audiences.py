"""Whatever ties what one audience reads to what another does, a copy tells each of its own alone."""

from __future__ import annotations

import random
import re
from pathlib import Path
from typing import Any

import pytest

from helhet.documents.models import Audience, Cause, Document, Doubt
from helhet.estate.models import Dependency
from helhet.groups.models import Answer
from helhet.handbook.pointing import REFERENCES
from helhet.handbook.shapes import SHAPES
from helhet.handbook.tests.walking import faults_in, made
from helhet.handbook.tests.written import a_supplier, written
from helhet.items.models import Item, Kind, State
from tests.world import make_group, make_item

pytestmark = pytest.mark.django_db
SIDES = ("amber", "basalt")


class World:
    """Two audiences with documents, each about the other's and tied to them in every way that there is."""

    def __init__(self, seed: int) -> None:
        """Names begin with their audience's word, and what one side writes never has the other's."""
        self.chance = random.Random(seed)
        self.group = make_group("Drift")
        self.services = [make_item(f"Tjänst {at}", kind="supporting_service") for at in range(3)]
        Answer.objects.filter(item__in=self.services).update(group=self.group)
        for side in SIDES:
            Audience.objects.create(key=side, name_sv=side, name_en=side)
            Kind.objects.filter(key="document").update(prefix=side[:3].upper())
            Kind.objects.filter(key="routine").update(prefix=side[:3].upper())
            for at in range(5):
                self.write(side, at)
        for side in SIDES:
            for document in self.of(side):
                self.tie(document, self.of(SIDES[side == SIDES[0]]))
        a_supplier("Nordkabel", delivers=self.services[0])

    def of(self, side: str) -> list[Document]:
        return list(Document.objects.filter(audiences__key=side, part="").select_related("item", "published"))

    def write(self, side: str, at: int) -> None:
        sort = self.chance.choice(["", "desk", "recovery", "incident"])
        document = written(
            f"{side} namn {at}", f"{side}text {at}", audience=side, routine=sort, fields={"k": f"{side}fält"},
            about=tuple(self.chance.sample(self.services, 2)), is_doubtful=True, front_matter={"x": f"{side}huvud"},
        )  # fmt: skip
        Doubt.objects.create(document=document, cause=Cause.REPORTED, text=f"{side}tvivel", by=f"{side}person")
        part = self.chance.choice(list(SHAPES))
        service = self.services[at % 3]
        if not Document.objects.filter(item=service, part=part).exists():
            written(f"{side} del {at}", f"{side}text", audience=side, item=service, part=part)

    def tie(self, document: Document, others: list[Document]) -> None:
        """About it, depending on it both ways, delivering it, and, in the parts of its side, pointing at it."""
        other = self.chance.choice(others)
        Dependency.objects.get_or_create(from_item=document.item, to_item=other.item)
        Dependency.objects.get_or_create(from_item=self.chance.choice(self.services), to_item=other.item)
        document.about.get_or_create(item=other.item)
        Item.objects.filter(pk=document.item_id).update(criticality=self.chance.randrange(4))
        side = document.audiences.get().key
        for part in Document.objects.filter(audiences__key=side).exclude(part="").select_related("published"):
            row = {column.name: self.chance.choice(others).address for column in SHAPES[part.part].columns
                   if column.name in REFERENCES}  # fmt: skip
            assert part.published is not None
            part.published.fields = {"rows": [row, {}]}
            part.published.save()


@pytest.mark.parametrize("seed", range(3))
def test_no_file_of_a_copy_has_a_word_of_the_other_audience(seed: int, tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    world = World(seed)
    for side, other in (SIDES, SIDES[::-1]):
        out = tmp_path / side
        made(out, side)
        assert faults_in(out) == []
        own, met = world.of(side), ""
        for path in out.rglob("*"):
            told = path.name + (path.read_bytes().decode(errors="replace") if path.is_file() else "")
            assert other not in told.lower(), (path, re.findall(f".{{60}}{other}.{{20}}", told.lower()))
            assert f"{other[:3].upper()}-" not in told, path
            met += told
        assert all(
            document.address in met and document.published.title in met for document in own if document.published
        )


def test_a_cell_that_points_at_anothers_document_says_that_it_is_kept(tmp_path: Path, settings: Any) -> None:
    settings.DATA_DIR = tmp_path / "data"
    service, group = make_item("Post", kind="supporting_service"), make_group("Jouren")
    Audience.objects.create(key="security", name_sv="Säkerhet", name_en="Security")
    secret = written("kanariefågel", audience="security", routine="incident")
    open_one = written("Öppen rutin", audience="operations", routine="desk")
    retired = written("Gammal rutin", audience="operations", routine="desk")
    Item.objects.filter(pk=retired.item_id).update(state=State.RETIRED)
    told = (secret.address, secret.address.lower(), open_one.address, retired.address, group.reference)
    rows = [{"who": one} for one in told]
    part = written("Stödvägar", item=service, part="support", fields={"rows": rows})
    made(tmp_path / "out")
    page = (tmp_path / "out" / f"documents/{service.reference.lower()}-support.html").read_text()
    assert "<td>förbehållet andra läsare</td>" in page
    assert f"<td>{retired.address}</td>" in page
    assert "Öppen rutin" in page
    assert f"Jouren ({group.reference})" in page
    assert part.address in page
    every = "".join(path.read_text() for path in (tmp_path / "out").rglob("*.*") if path.suffix in {".html", ".json"})
    assert "kanarie" not in every
    assert secret.address.lower() not in every.lower()
