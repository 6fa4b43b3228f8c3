"""The offline copy as somebody opens it in the fire: from disk, with no server, no network and no script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from helhet.estate.models import Dependency
from helhet.groups.models import Answer
from helhet.handbook.bundle.holding import find_audience
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.tests.written import a_supplier, written
from tests.browser.walking import PATIENCE, faults_of, wide_parts
from tests.world import SYSTEM, make_group, make_item

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
STEPS = [
    {"id": "a", "title": "Ring jouren", "role": "Driften", "minutes": 5},
    {"id": "b", "title": "Mät", "input": "number", "unit": "V", "least": "3", "most": "5"},
    {"id": "c", "title": "Byt nod", "stop": True, "text": "Kör `failover --now`."},
]


@pytest.fixture
def copy(tmp_path: Path, settings: Any, chromium: Browser) -> Path:
    """A copy with a service, a routine, a supplier and what stands around them. No server runs."""
    del chromium
    folder = tmp_path / "data"
    folder.mkdir()
    settings.DATA_DIR = folder
    service, node = make_item("Journalsystemet", kind="business_service"), make_item("vm-journal-01")
    Answer.objects.filter(item=service).update(group=make_group("Vårdsystem", contacts={"phone": "040-1234"}))
    Dependency.objects.create(from_item=service, to_item=node)
    a_supplier("Nordkabel", delivers=service)
    written("Återstarta journalen", "| A | B |\n|---|---|\n| 1 | 2 |\n\n[ut](https://example.org/lång/adress)",
            about=(service,), routine="incident", fields={"steps": STEPS}, is_doubtful=True)  # fmt: skip
    written(
        "Stödvägar",
        "Ring.",
        item=service,
        part="support",
        fields={"rows": [{"who": "Jouren", "escalate_minutes": "30"}]},
    )
    written("Återställ Helhet", "Läs första sidan.", routine="recovery")
    make_bundle(find_audience("operations"), [tmp_path / "out"], by=SYSTEM)
    return tmp_path / "out"


@pytest.mark.parametrize("width", [360, 1280])
def test_a_named_routine_is_found_from_disk_without_script_or_network(
    chromium: Browser, copy: Path, width: int
) -> None:
    context = chromium.new_context(java_script_enabled=False, offline=True, viewport={"width": width, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for way, sought in (("Efter namn", "Återstarta journalen"), ("Efter tjänst", "Journalsystemet")):
        page.goto((copy / "index.html").as_uri())
        expect(page.locator("h1")).to_have_text("Så återställs systemet")
        page.get_by_role("link", name=way).click()
        page.get_by_role("link", name=sought, exact=True).click()
    page.get_by_role("link", name="Återstarta journalen").click()
    expect(page.locator("main .warning")).to_contain_text("Kontroll behövs")
    page.get_by_label("Ring jouren").check()
    expect(page.get_by_label("Ring jouren")).to_be_checked()
    page.get_by_role("link", name="Efter ord").click()
    page.locator("main a", has_text="misslyckas").or_(page.locator("main a[href*='words/i-']")).first.click()
    expect(page.locator("main")).to_contain_text("inloggning")
    page.get_by_role("link", name="Leverantörer").click()
    expect(page.locator("main")).to_contain_text("A-2026-17")
    assert [url for url in asked if not url.startswith(copy.as_uri())] == []
    context.close()


def one_of_each(copy: Path) -> list[Path]:
    """The pages that stand alone, and one of each folder; of documents the one that has everything."""
    folders = {path.parent: path for path in sorted(copy.rglob("*.html")) if path.parent != copy}
    full = next(path for path in (copy / "documents").iterdir() if "failover" in path.read_text())
    return [*sorted(copy.glob("*.html")), *{**folders, copy / "documents": full}.values()]


def test_axe_finds_nothing_in_it_and_nothing_scrolls_sideways(chromium: Browser, copy: Path) -> None:
    faults = []
    for width, scheme in ((360, "dark"), (1280, "light")):
        context = chromium.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)  # type: ignore[arg-type]
        page = context.new_page()
        for path in one_of_each(copy):
            page.goto(path.as_uri())
            name = f"{path.relative_to(copy)} at {width}"
            faults += [f"{name}: {fault}" for fault in faults_of(page)]
            faults += [f"{name}: wider than the screen: {part}" for part in wide_parts(page)]
        context.close()
    assert faults == []
