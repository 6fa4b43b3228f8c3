"""Parts of service documentation that are let out as Markdown come back as the parts that they were."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st

from helhet.changes.models import StandardChange
from helhet.documents.actions import edit_minor
from helhet.documents.exporting import pages
from helhet.documents.models import Document, TextLink
from helhet.documents.ports import cleaned_fields
from helhet.documents.taking import Edition, NewPage, add_pages
from helhet.documents.taking_drafts import add_drafts
from helhet.groups.models import Group
from helhet.handbook.models import NotApplicable
from helhet.importers import portions
from helhet.importers.models import Finding, Verdict
from helhet.importers.tests.rig import SYSTEM, take, totals
from helhet.importers.told import lead
from helhet.importers.undo import undo_run
from helhet.items.models import Item
from helhet.routines.taking import New, add_routines
from helhet.rules.front_matter import split
from helhet.rules.front_matter_forms import FORMS
from helhet.suppliers.models import Contact, Contract, Supplier
from tests.world import make_group, make_item

pytestmark = pytest.mark.django_db
REFERENCE = re.compile(r"[A-ZÅÄÖ]{2,8}-\d+")
ANEW = ("document", "version", "published_on")
"""What counts anew in each Helhet."""
SERVICES = (("E-post", "s1"), ("Kartor", "k1"), ("Kartor", "k2"), ("Lön", ""))
ROUTINES = ("Starta om", "Starta om", "Byt certifikat", "Återläs")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch, settings: object, tmp_path: Path) -> None:
    monkeypatch.setattr(portions, "GAP", 0)
    settings.FILES_DIR = tmp_path / "files"  # type: ignore[attr-defined]


class Register:
    """The same things in each world, numbered in an order of their own."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(seed)
        makers = [
            *(lambda n=name, k=key: self.service(n, k) for name, key in SERVICES),
            *(lambda n=name: make_group(n, chair=None) for name in ("Drift", "Nät och telefoni")),
            *(lambda n=name: self.supplier(n) for name in ("Nordkabel", "Sydkabel")),
            *(lambda n=n: make_item(f"Annat {n}", kind="supporting_service") for n in range(3)),
            *(lambda n=n: make_group(f"Grupp {n}", chair=None) for n in range(2)),
        ]  # fmt: skip
        for make in chance.sample(makers, len(makers)):
            make()
        self.services = list(
            Item.objects.filter(name__in=[name for name, _key in SERVICES]).order_by("name", "source_keys__key")
        )
        group = Group.objects.get(item__name="Drift")
        for name in chance.sample(["Byt disk", "Lägg till konto"], 2):
            StandardChange.objects.create(name=name, kind=self.services[0].kind, group=group)

    def service(self, name: str, key: str) -> None:
        make_item(name, kind="supporting_service", key=key)

    def supplier(self, name: str) -> None:
        supplier = Supplier.objects.create(item=make_item(name, kind="supplier"))
        for role in ("Jour", "Kundansvarig"):
            Contact.objects.create(supplier=supplier, role=role, name="Kim" if role == "Jour" else "")
        for number in ("A-1", "A-2"):
            Contract.objects.create(
                item=make_item("Avtal", kind="contract"), supplier=supplier, number=f"{name} {number}"
            )


def rows_for(part: str, chance: random.Random) -> list[dict[str, Any]]:
    """Rows that point at whatever they can."""
    routines = [one.reference for one in Item.objects.filter(kind__key="routine")]
    groups = [one.reference for one in Group.objects.all()]
    supplier = chance.choice(list(Supplier.objects.all()))
    contacts = [str(one.pk) for one in supplier.contacts.all()]
    who = chance.choice([*groups, "Den som har jour", supplier.item.reference])
    row: dict[str, Any] = {
        "tasks": {"name": "Rensa", "routine": chance.choice([*routines, ""]), "who": who, "interval": "varje vecka",
                  "minutes": 15, "cost": "120.50"},
        "levels": {"measure": "Tillgänglighet", "target": "99,9 %", "hours": "vardagar"},
        "orders": {"name": "Konto", "for_whom": "alla", "routine": chance.choice(routines), "lead_time": "2 dagar"},
        "changes": {"name": "Byte", "standard": str(chance.choice(StandardChange.objects.all()).pk),
                    "conditions": "på\nnatten", "routine": chance.choice(routines)},
        "support": {"who": who, "hours": "dygnet runt", "escalate_minutes": 30},
        "suppliers": {"supplier": supplier.item.reference, "note": "kabel",
                      "contract": chance.choice([one.item.reference for one in supplier.contracts.all()]),
                      "contacts": chance.sample(contacts, chance.randrange(3))},
    }.get(part, {})  # fmt: skip
    return [row] if row else []


def write_parts(parts: Sequence[tuple[int, str]], services: Sequence[Item], chance: random.Random) -> None:
    """Routines, and parts whose rows point at them and at the register."""
    for at, name in enumerate(ROUTINES):
        item = make_item(name, kind="routine")
        (document,) = add_pages([NewPage(item.pk, name, f"Rutin {at}", sort="routine")], by=SYSTEM, note="")
        add_routines([New(document.pk)])
    for at, part in parts:
        service, form = services[at], chance.choice(FORMS)
        raw = (
            {"rows": [row for _n in range(chance.randrange(3)) for row in rows_for(part, chance)]}
            if part != "description"
            else {}
        )
        page = NewPage(
            service.pk, f"{service.name}: {part}", chance.choice(["", "Text om *allt*.\n"]), sort="documentation",
            part=part, fields=cleaned_fields("documentation", part, raw), front_form=form, audiences=["operations"],
            is_draft=chance.random() < 0.4, path=chance.choice([f"{at}.md", f"_drafts/{at}/{part}.md"]),
        )  # fmt: skip
        (document,) = add_pages([page], by=SYSTEM, note="")
        if page.is_draft:
            add_drafts([Edition(document, page.title, page.text, page.fields)], by=SYSTEM, note="")


def called(text: str) -> str:
    """What a reference is called here; of what several are called, with what tells them apart."""
    prefix, _dash, number = text.rpartition("-")
    item = Item.objects.get(prefix=prefix, number=number)
    told = Document.objects.filter(item=item, part="").values_list("published__text", flat=True).first() or ""
    contract = Contract.objects.filter(pk=item.pk).values_list("number", flat=True).first() or ""
    return f"<{item.name} {told}{contract}>"


def in_words(value: Any, within: str = "") -> Any:
    """Front matter with names in place of numbers, and without what counts anew."""
    if isinstance(value, dict):
        kept = {name: one for name, one in value.items() if name not in {*ANEW, "home", "revision"}}
        return {in_words(name, within): in_words(one, name) for name, one in kept.items()}
    if isinstance(value, list):
        return [in_words(one, within) for one in value]
    if within == "contacts" and isinstance(value, str) and value.isdigit():
        contact = Contact.objects.get(pk=value)
        return f"<{contact.role} {contact.supplier.item.name}>"
    if within in {"standard", "standards"} and isinstance(value, str) and value.isdigit():
        return f"<{StandardChange.objects.get(pk=value).name}>"
    return REFERENCE.sub(lambda found: called(found[0]), value) if isinstance(value, str) else value


def let_out() -> dict[str, tuple[Any, str]]:
    """What each file says."""
    every = {one.path: split(one.text) for one in pages(Document.objects.all(), caller=SYSTEM)}
    return {path: (in_words(one.facts), one.text) for path, one in every.items()}


def stands() -> dict[tuple[str, str, str], Any]:
    """What each part says here."""
    found = {}
    for one in Document.objects.exclude(part="").select_related("item", "published", "draft"):
        written = one.published or getattr(one, "draft", None)
        if written is not None:
            key = one.item.source_keys.filter(source__name="cmdb").values_list("key", flat=True).first() or ""
            keys = sorted(one.audiences.values_list("key", flat=True))
            found[one.item.name, key, one.part] = (
                written.title, written.text, in_words(written.fields), one.sort, keys,
                one.published.number if one.published else "",
            )  # fmt: skip
    return found


def written_to(folder: Path) -> Path:
    """The export as a folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for page in pages(Document.objects.all(), caller=SYSTEM):
        place = folder / page.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(page.text, encoding="utf-8", newline="\n")
    return folder


PARTS = st.sampled_from(("description", "tasks", "levels", "orders", "changes", "support", "suppliers"))
WORLDS = st.lists(st.tuples(st.integers(0, len(SERVICES) - 1), PARTS), min_size=1, max_size=6, unique=True)


@settings(max_examples=6, phases=(Phase.explicit, Phase.generate))
@given(WORLDS, st.integers(0, 10_000))
@example([(3, "orders"), (1, "orders"), (3, "levels")], 1019)  # two of one path
def test_parts_come_back_elsewhere_as_what_they_were(parts: list[tuple[int, str]], seed: int) -> None:
    with TemporaryDirectory() as place, transaction.atomic():
        empty = transaction.savepoint()
        write_parts(parts, Register(seed).services, random.Random(seed))
        before, told, folder = stands(), let_out(), written_to(Path(place, "ut"))
        assert totals(take(folder, source="hemma", mapping="pages")) == (0, 0, len(parts) + len(ROUTINES), 0, 0)
        assert (stands(), let_out()) == (before, told), "at home it is what it was"
        transaction.savepoint_rollback(empty)
        again = transaction.savepoint()
        Register(seed + 1)
        assert take(folder, source="annan", mapping="pages", trial=True).findings == 0
        outcome = take(folder, source="annan", mapping="pages")
        assert totals(outcome)[0] == len(parts) + len(ROUTINES)
        assert not Finding.objects.filter(closed_at=None).exists()
        assert stands() == before
        assert let_out() == told
        assert totals(take(folder, source="annan", mapping="pages"))[:2] == (0, 0)
        transaction.savepoint_rollback(again)
        transaction.savepoint_rollback(empty)


def a_part(part: str, rows: list[dict[str, Any]], *, text: str = "Text", service: Item | None = None) -> Document:
    """One published part."""
    service = service or make_item("E-post", kind="supporting_service")
    page = NewPage(service.pk, "E-post", text, sort="documentation", part=part, fields={"rows": rows})
    return add_pages([page], by=SYSTEM, note="")[0]


def page_of(folder: Path) -> Path:
    (page,) = folder.rglob("*.md")
    return page


def wrong() -> list[tuple[str, str]]:
    rows = Finding.objects.filter(closed_at=None).select_related("source", "item__kind").order_by("field", "pk")
    return [(one.field, lead(one)) for one in rows]


def test_what_is_not_there_is_told_and_the_rest_of_the_rows_is_kept(tmp_path: Path) -> None:
    empty = transaction.savepoint()
    drift, routine = make_group("Drift", chair=None), make_item("Återläs", kind="routine")
    supplier = Supplier.objects.create(item=make_item("Nordkabel", kind="supplier"))
    rows = [
        {"name": "Rensa", "routine": routine.reference, "who": drift.reference, "minutes": 5},
        {"name": "Mät", "routine": "", "who": "Jouren", "minutes": None},
    ]
    service = make_item("E-post", kind="supporting_service")
    a_part("tasks", cleaned_fields("documentation", "tasks", {"rows": rows})["rows"], service=service)
    a_part("suppliers", [{"supplier": supplier.item.reference, "note": "fiber"}], service=service)
    Item.objects.filter(pk=routine.pk).update(name="Återläs en ♥ databas")
    folder = written_to(tmp_path / "ut")
    transaction.savepoint_rollback(empty)
    for name in ("Annan", "Tredje"):
        make_group(name, chair=None)
        make_item(name, kind="routine")
    waiting = take(folder, source="annan", mapping="pages", trial=True)
    assert (totals(waiting)[0], waiting.report.total(Verdict.WAITING), waiting.findings) == (0, 2, 2)
    waiting = take(folder, source="annan", mapping="pages")
    assert (totals(waiting)[0], waiting.report.total(Verdict.WAITING), waiting.findings) == (0, 2, 2)
    assert "E-post" in wrong()[0][1]
    make_item("E-post", kind="supporting_service")
    trial = take(folder, source="annan", mapping="pages", trial=True)
    taken = take(folder, source="annan", mapping="pages")
    assert (totals(trial), trial.findings) == (totals(taken), taken.findings)
    assert totals(taken)[0] == 2
    tasks, suppliers = Document.objects.exclude(part="").order_by("-part")
    assert [(row["name"], row["routine"], row["who"]) for row in tasks.published.fields["rows"]] == [
        ("Rensa", "", "Drift"), ("Mät", "", "Jouren")
    ]  # fmt: skip
    assert suppliers.published.fields == {"rows": []}
    told = wrong()
    assert [field for field, _words in told] == ["fields.rows.0", "fields.rows.0.routine", "fields.rows.0.who"]
    assert all(word in told[0][1] for word in ("Nordkabel", "fiber"))
    assert "Återläs en ♥ databas" in told[1][1]
    make_group("Drift", chair=None)
    make_item("Återläs en ♥ databas", kind="routine")
    Supplier.objects.create(item=make_item("Nordkabel", kind="supplier"))
    assert totals(take(folder, source="annan", mapping="pages"))[1] == 2
    assert wrong() == []
    tasks.refresh_from_db()
    assert [in_words(row["who"]) for row in tasks.published.fields["rows"]] == ["<Drift >", "Jouren"]
    assert in_words(tasks.published.fields["rows"][0]["routine"]) == "<Återläs en ♥ databas >"


def test_a_part_that_was_let_out_here_is_edited_in_its_file(tmp_path: Path) -> None:
    drift = make_group("Drift", chair=None)
    part = a_part("support", cleaned_fields("documentation", "support", {"rows": [{"who": drift.reference}]})["rows"])
    folder = written_to(tmp_path / "ut")
    page = page_of(folder)
    # A group that is called so now is no reason to point at another one in the place that let the part out.
    Item.objects.filter(pk=drift.pk).update(name="Drift och nät", name_fold="drift och nat")
    make_group("Drift", chair=None)
    assert totals(take(folder, source="annan", mapping="pages")) == (0, 0, 1, 0, 0)
    part.refresh_from_db()
    assert (part.published.number, part.version) == ("1", 1)
    page.write_text(page.read_text().replace("\n\nText", "\n\nNy text"))
    assert totals(take(folder, source="annan", mapping="pages"))[1] == 1
    part.refresh_from_db()
    assert (part.published.number, part.published.text) == ("2", "Ny text")
    assert part.published.fields["rows"][0]["who"] == drift.reference
    page.write_text(page.read_text().replace("Ny text", "Nyare [text](../annan.md)"))
    (folder / "annan.md").write_text("# Annan")
    take(folder, source="annan", mapping="pages")
    part.refresh_from_db()
    assert part.published.text == "Nyare [text](../annan.md)"
    # Edited on both sides: what stands here stands, and is told; made from what stands now, the file is taken.
    edit_minor(part.address, by=SYSTEM, version=part.version, text="Skriven [här](../annan.md)")
    assert TextLink.objects.get(document=part).item == Document.objects.get(path="annan.md").item
    page.write_text(page.read_text().replace("Nyare", "Annan"))
    assert take(folder, source="annan", mapping="pages").findings == 1
    part.refresh_from_db()
    assert part.published.text == "Skriven [här](../annan.md)"
    written_to(folder)
    page.write_text(page.read_text().replace("Skriven", "I filen"))
    undone = take(folder, source="annan", mapping="pages")
    assert undone.findings == 0
    part.refresh_from_db()
    assert (part.published.number, part.published.text) == ("4", "I filen [här](../annan.md)")
    undo_run(undone.run, by=SYSTEM)
    part.refresh_from_db()
    assert part.published.text == "Skriven [här](../annan.md)"
    assert Item.objects.filter(kind__key="document").count() == 1


def test_a_part_goes_by_its_service_whatever_its_path_is(tmp_path: Path) -> None:
    here = transaction.savepoint()
    a_part("levels", [{"measure": "Svarstid", "target": "1 s", "hours": ""}])
    folder = written_to(tmp_path / "ut")
    transaction.savepoint_rollback(here)
    make_item("E-post", kind="supporting_service")
    first = take(folder, source="annan", mapping="pages")
    assert wrong() == []
    part = Document.objects.get()
    undo_run(first.run, by=SYSTEM)
    part.refresh_from_db()
    assert part.published is None
    assert totals(take(folder, source="annan", mapping="pages"))[0] == 1
    part.refresh_from_db()
    assert part.published.fields["rows"][0]["measure"] == "Svarstid"
    page_of(folder).rename(folder / "flyttad.md")
    moved = [take(folder, source="annan", mapping="pages", trial=is_trial) for is_trial in (True, False)]
    assert [totals(one) for one in moved] == [(0, 1, 0, 0, 0)] * 2
    shutil.copy(folder / "flyttad.md", folder / "igen.md")
    take(folder, source="annan", mapping="pages")
    assert "flyttad.md" in wrong()[0][1]
    (folder / "igen.md").unlink()
    (folder / "flyttad.md").rename(folder / "x.txt")
    (folder / "annan.md").write_text("# Annan")
    assert totals(take(folder, source="annan", mapping="pages"))[4] == 2
    part.refresh_from_db()
    assert part.not_seen_since is not None
    assert part.item.source_keys.count() == 0
    NotApplicable.objects.create(item=part.item, part="levels", reason="Inga", by="Anna")
    (folder / "x.txt").rename(folder / "flyttad.md")
    assert take(folder, source="annan", mapping="pages").report.total(Verdict.WAITING) == 1
