"""The management system of Vinterhamn: what its groups have written, approved and published, and what is on its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from helhet.documents.actions import create_document, give_verdict, publish, save_draft, set_review, submit_draft
from helhet.documents.models import Document, Draft
from helhet.home.demo.paper_words import PAPERS, Paper
from helhet.items.models import Item
from helhet.kit.rights import Caller

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

WRITTEN, ADDED = 9, 2
"""Days that writing takes before it is published; days ago that somebody began to write on."""
AUDIENCES = ("operations",)


class Papers:
    """The steps, of which each document has its own."""

    def __init__(self, story: Story) -> None:
        """Of one organisation."""
        self.story = story
        self.addresses: dict[str, str] = {}

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then)."""
        for paper in map(self._after_its_item, PAPERS):
            yield paper.ago + WRITTEN, partial(self._write, paper)
            yield paper.ago, partial(self._settle, paper)
            if paper.later:
                yield ADDED, partial(self._write_on, paper)

    def _after_its_item(self, paper: Paper) -> Paper:
        """A bare item is known some time before it is described."""
        if not paper.key:
            return paper
        return replace(paper, ago=min(paper.ago, self.story.by_key[paper.key].arrives - 2 * WRITTEN))

    def _write(self, paper: Paper) -> None:
        story = self.story
        with story.clock.believe(paper.ago + WRITTEN, 10):
            about = [story.reference(paper.about)] if paper.about else []
            item = Item.objects.get(pk=story.ids[paper.key]).reference if paper.key else ""
            document = create_document(
                by=self._writer(paper), sort=paper.sort, title=paper.title, text=paper.text, item=item, about=about,
                audiences=AUDIENCES, group=story.groups[paper.group].item.reference,
            )  # fmt: skip
            self.addresses[paper.title] = document.address

    def _settle(self, paper: Paper) -> None:
        """Submitted by whoever wrote it, then approved and published by the group's chair."""
        address = self.addresses[paper.title]
        chair = self.story.chair(paper.group)
        with self.story.clock.believe(paper.ago, 13):
            number = self._draft(address).version
            submit_draft(address, by=self._writer(paper), version=number)
            if paper.until == "review":
                return
            give_verdict(address, by=chair, version=number, step="approval", is_yes=True)
            publish(address, by=chair, version=number)
            if paper.months:
                version = self._document(address).version
                set_review(address, by=chair, version=version, count=paper.months)

    def _write_on(self, paper: Paper) -> None:
        address = self.addresses[paper.title]
        with self.story.clock.believe(ADDED, 15):
            save_draft(
                address, by=self._writer(paper), version=None, text=paper.text + paper.later,
                note="Den mobila reserven är ny",
            )  # fmt: skip

    def _writer(self, paper: Paper) -> Caller:
        """Somebody of the group, the same each time."""
        names = [one.name for one in self.story.members if one.groups and one.groups[0][0] == paper.group]
        return self.story.by(names[len(paper.title) % len(names)])

    @staticmethod
    def _document(address: str) -> Document:
        prefix, _dash, number = address.partition("-")
        return Document.objects.get(item__prefix=prefix, item__number=int(number), part="")

    def _draft(self, address: str) -> Draft:
        return Draft.objects.get(document=self._document(address))
