"""What the people of Vinterhamn do beside the imports: talk, link, give each other tasks, keep lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from helhet.accounts.actions import create_user
from helhet.groups.actions.task import create_task, finish_task
from helhet.groups.actions.view import save_view
from helhet.groups.models import ItemRole, Task
from helhet.home.demo import words as w
from helhet.home.demo.clock import WRITTEN
from helhet.items.actions import comment, link
from helhet.items.models import Comment, Criticality, Item, Link
from helhet.items.writing import change_items
from helhet.journal.models import Event
from helhet.kit.rights import Caller, Level, the_system

if TYPE_CHECKING:
    from helhet.home.demo.make import Story

Step = tuple[int, Callable[[], None]]

VIEWS = (
    ("Servrar utan stöd inom ett år", "kind:server stöd_slutar:<{next_year}", "name"),
    ("Nytt sedan förra veckan", "created:>=-7d", "-updated"),
    ("Samhällsviktiga tjänster", "tag:samhällsviktig", "name"),
    ("Databaser på gammal motor", 'kind:database motor:"*12","*2014"', "name"),
    ("Inte sett i inventeringen", "seen:no", "name"),
)
TASK_GROUPS = (w.SERVERS, w.TEAM, w.TEAM, w.SERVERS, w.MAPS, w.SERVERS, w.SERVERS, w.IDENTITY)
USERS = 3


class Doings:
    """The steps that need no order among themselves."""

    def __init__(self, story: Story) -> None:
        """Of one organisation."""
        self.story = story
        self.chance = story.chance
        self.user_ids: list[int] = []

    def steps(self) -> Iterator[Step]:
        """(days ago, what happens then)."""
        chance = self.chance
        for _number in range(46):
            ago, text = chance.randrange(0, 500), chance.choice(w.COMMENTS)
            yield ago, partial(self._comment, ago, text)
        for ago in chance.sample(range(600), 24):
            yield ago, partial(self._rate, ago)
        for number in range(28):
            yield 300 - number * 9, partial(self._link, ago, number)
        for place, (title, made, due) in enumerate(w.TASKS):
            yield -made, partial(self._task, place, title, ago, due)
        for number in range(14):
            ago = 40 + number * 37
            yield ago, partial(self._done_task, ago, number)
        yield 200, self._roles
        yield 180, self._users_and_views

    def _item(self) -> Item:
        key = self.chance.choice(sorted(self.story.ids))
        return Item.objects.select_related("kind").get(pk=self.story.ids[key])

    def _comment(self, ago: int, text: str) -> None:
        by = self._person()
        hour, minute = self.chance.randrange(8, 17), self.chance.randrange(60)
        with self.story.clock.at(ago, hour, minute, only=(Event, Comment)):
            comment(self._item(), text, by=by)

    def _rate(self, ago: int) -> None:
        """Somebody says how much hangs on some things, or writes what they are for."""
        keys = self.chance.sample(sorted(self.story.ids), 4)
        ids = [self.story.ids[key] for key in keys]
        hour, minute = self.chance.randrange(8, 17), self.chance.randrange(60)
        with self.story.clock.at(ago, hour, minute, only=WRITTEN) as day:
            changes: list[tuple[Item, dict[str, Any]]] = []
            for item in Item.objects.filter(pk__in=ids).select_related("kind").order_by("id"):
                if item.criticality:
                    text = f"{item.name} används av {self.chance.choice(w.UNITS)}."
                    changes.append((item, {"description": text}))
                else:
                    level = self.chance.choice((Criticality.LOW, Criticality.MEDIUM))
                    changes.append((item, {"criticality": int(level)}))
            change_items(changes, by=self._person(), on=day)

    def _link(self, ago: int, number: int) -> None:
        type_ = ("ersätter", "beskrivs i", "liknar")[number % 3]
        one, other = self._item(), self._item()
        with self.story.clock.at(ago, 13, number, only=(Event, Link)):
            if one.pk != other.pk:
                link(one, other, type_, by=self._person())

    def _task(self, place: int, title: str, ago: int, due: int) -> None:
        group = TASK_GROUPS[place] if place < len(TASK_GROUPS) else self.chance.choice(w.GROUPS[:7])[0]
        if group == w.PHONES:
            group = w.NETWORK
        story = self.story
        with story.clock.at(ago, 9, place, only=(Event, Task)):
            create_task(
                by=self._person(), title=title, group=story.groups[group].item.reference,
                item=self._item().reference if place > 8 else "", due_on=story.clock.day(-due),
            )  # fmt: skip

    def _done_task(self, ago: int, number: int) -> None:
        story = self.story
        item = self._item()
        person = story.persons[self.chance.choice(story.members[:30]).name]
        title = ("Kontrollera {}", "Uppgradera {}", "Rätta uppgifterna om {}")[number % 3].format(item.name)
        with story.clock.at(ago, 9, only=(Event, Task)):
            task = create_task(
                by=self._person(), title=title, person=person, item=item.reference, due_on=story.clock.day(ago - 20)
            )
        with story.clock.at(max(ago - self.chance.randrange(5, 30), 0), 15, only=(Event, Task)):
            finish_task(task.pk, by=self._person(), version=task.version, outcome="Klart")

    def _roles(self) -> None:
        """Groups that help with what another answers for."""
        story = self.story
        applications = [thing for thing in story.things if thing.kind == "application" and thing.key in story.ids]
        with story.clock.at(200, 10) as day:
            for thing in self.chance.sample(applications, 24):
                for group, role in ((w.SERVERS, "stöder"), (w.IDENTITY, "rådfrågas")):
                    ItemRole.objects.create(
                        item_id=story.ids[thing.key], group=story.groups[group], role=role, from_on=day
                    )

    def _users_and_views(self) -> None:
        """Three can sign in when an administrator gives them a link; one of them keeps lists for all."""
        story = self.story
        with story.clock.at(180, 10):
            for one in story.members[:USERS]:
                user = create_user(one.email, by=the_system("Helhet").in_request(story.made_events), name=one.name)
                self.user_ids.append(user.pk)
            owner = Caller(user_id=self.user_ids[0], name=story.members[0].name, level=Level.COORDINATOR,
                           request_id=story.made_events)  # fmt: skip
            next_year = story.clock.day(-365).isoformat()
            for name, text, sort in VIEWS:
                save_view(
                    by=owner,
                    name=name,
                    is_shared=True,
                    filter=text.format(next_year=next_year),
                    sort=sort,
                    listing="items",
                )

    def _person(self) -> Caller:
        return self.story.by(self.chance.choice(self.story.members[:40]).name)
