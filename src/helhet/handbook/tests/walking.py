"""Copies made for tests, and walked from disk as a reader does."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from helhet.handbook.bundle.holding import find_audience
from helhet.handbook.bundle.making import make_bundle
from helhet.handbook.models import Bundle
from tests.world import SYSTEM


def made(out: Path, audience: str = "operations") -> Bundle:
    """Make one and put it there."""
    return make_bundle(find_audience(audience), [out], by=SYSTEM).bundle


def every_text(out: Path) -> str:
    """All that stands in it."""
    return "\n".join(path.read_text() for path in out.rglob("*") if path.is_file() and path.suffix != ".sig")


class Addresses(HTMLParser):
    """All that a page points at, and its anchors."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.loaded: list[str] = []
        self.marks: set[str] = set()
        self.tags: set[str] = set()
        self.scripts: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in {"href", "src", "srcset", "action", "data", "poster", "background"}:
                self.loaded.append(value or "")
            elif name == "id":
                self.marks.add(value or "")
            elif name.startswith("on"):
                self.scripts.append(name)


def faults_in(out: Path) -> list[str]:
    """Dead links, addresses outside the bundle, scripts: walked from disk, page by page."""
    pages = {path.relative_to(out).as_posix(): Addresses(path.read_text()) for path in out.rglob("*.html")}
    faults = []
    for name, page in pages.items():
        faults += [f"{name}: {what}" for what in ({"script", "iframe", "object", "base", "form"} & page.tags)]
        faults += [f"{name}: {what}" for what in page.scripts]
        for address in (*page.links, *page.loaded):
            parts = urlsplit(address)
            if parts.scheme in {"mailto", "tel"} and address in page.links:
                continue
            target = (out / name).parent.joinpath(unquote(parts.path)).resolve() if parts.path else out / name
            if parts.scheme or parts.netloc or not target.is_file() or not target.is_relative_to(out.resolve()):
                faults.append(f"{name}: {address}")
            elif parts.fragment and target.suffix == ".html":
                marks = pages[target.relative_to(out.resolve()).as_posix()].marks
                faults += [] if parts.fragment in marks else [f"{name}: {address}"]
    met, wave = {"index.html"}, ["index.html"]
    for name in wave:
        for address in pages[name].links:
            path = urlsplit(address).path
            near = (out / name).parent.joinpath(path).resolve().relative_to(out.resolve()).as_posix() if path else name
            if near in pages and near not in met:
                met.add(near)
                wave.append(near)
    return faults + [f"{name}: nothing leads there" for name in pages.keys() - met]
