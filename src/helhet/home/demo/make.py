"""Writing Vinterhamn's two years, step by step and in their order, by the verbs that people use."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from helhet.accounts.models import User
from helhet.changes.models import Change
from helhet.estate.models import Dependency
from helhet.groups.actions.group import end_memberships
from helhet.groups.answering import assign_by_hand
from helhet.groups.models import Answer, Group, GroupState, LocalName, Membership
from helhet.groups.writing import (
    NewGroup,
    NewMembership,
    NewPerson,
    add_groups,
    add_memberships,
    add_persons,
    change_groups,
)
from helhet.home.demo import words as w
from helhet.home.demo.books import Books
from helhet.home.demo.clock import IMPORTED, WRITTEN, Clock, keeping_time
from helhet.home.demo.days import Days
from helhet.home.demo.doings import Doings
from helhet.home.demo.papers import Papers
from helhet.home.demo.persons import people
from helhet.home.demo.routines import Routines
from helhet.home.demo.things import (
    BY_HAND,
    CATALOGUE,
    CATALOGUES,
    INVENTORIES,
    INVENTORY,
    RETIRED,
    RETIREMENTS,
    Register,
    Thing,
)
from helhet.home.demo.web import Web
from helhet.home.demo.year import Year
from helhet.items.models import Item, Kind, Source, SourceKey
from helhet.items.touching import touch
from helhet.items.writing import NewItem, NewKey, add_items, change_items
from helhet.journal.actions import close_batch, open_batch
from helhet.journal.models import BatchSort
from helhet.kit.engines import engine
from helhet.kit.errors import Clash
from helhet.kit.rights import Caller, Level
from helhet.responsibility.actions import Draft, create_rule
from helhet.responsibility.deciding import recompute
from helhet.responsibility.models import Reading
from helhet.responsibility.readings import take_past_readings, take_reading

Told = Callable[[int, int], None]

# Days ago, group, filter, place in the list, note.
RULES: tuple[tuple[int, str, str, int, str], ...] = (
    (704, w.NETWORK, "kind:network_device -tag:telefoni", 1, "All nätutrustning, vem som än köpte den"),
    (690, w.CLIENTS, "kind:workplace_device", 2, "Datorer, plattor och skrivare"),
    (676, w.PHONES, "tag:telefoni", 3, "Växelns noder och bordstelefoner"),
    (648, w.SERVERS, "kind:storage,cluster,facility", 4, "Hallar, lagring och kluster"),
    (613, w.SERVERS, "kind:server,virtual_machine", 7, "Det som inte sägs av inventeringen"),
    (522, w.IDENTITY, "kind:certificate", 8, "Certifikat förnyas på ett ställe"),
    (455, w.CLIENTS, "kind:software tag:klient", 9, "Program som alla har"),
    (381, w.MAPS, 'name:"*webb*" kind:application', 10, "Webbplatser utan annan grupp"),
    (300, w.SERVERS, "kind:product", 11, "Byggstenar"),
    (5, w.SERVERS, "kind:database criticality:>=high", 5, "Databaser som många hänger på"),
)  # fmt: skip
CLOSED_AGO = 95
MANY = 100


class Story:
    """Makes the organisation and its history. `tell` hears (done, total) after each step."""

    def __init__(self, today: dt.date, tell: Told | None = None) -> None:
        """Nothing is written before `run`."""
        self.clock = Clock(today)
        self.chance = random.Random(f"{w.ORGANISATION} {today}")  # noqa: S311 - the same for the same day
        self.tell = tell
        self.things = Register(today).make()
        self.by_key = {thing.key: thing for thing in self.things}
        self.kinds = {kind.key: kind for kind in Kind.objects.all()}
        self.groups: dict[str, Group] = {}
        self.ids: dict[str, int] = {}
        self.persons: dict[str, int] = {}
        self.sources: dict[str, Source] = {}
        self.standards: dict[int, int] = {}
        self.made_events = f"demo-{today.isoformat()}"

    def by(self, name: str) -> Caller:
        """Somebody of the organisation, with the rights of its management team."""
        return Caller(name=name, person_id=self.persons.get(name), level=Level.COORDINATOR, request_id=self.made_events)

    def reference(self, name: str) -> str:
        """Of the thing with this name."""
        key = next(thing.key for thing in self.things if thing.name == name)
        return Item.objects.get(pk=self.ids[key]).reference

    def chair(self, group: str) -> Caller:
        """Who chairs the group, or chaired it last."""
        row = Membership.objects.filter(group=self.groups[group], role="chair").select_related("person").first()
        return self.by(row.person.name if row else w.ORGANISATION)

    @transaction.atomic
    def run(self) -> dict[str, int]:
        """Write it all, or nothing. Returns how many of what."""
        steps = sorted(self.steps(), key=lambda step: -step[0])
        with keeping_time():
            for place, (_ago, step) in enumerate(steps, start=1):
                step()
                if self.tell:
                    self.tell(place, len(steps))
        self._readings()
        return {
            "items": len(self.ids), "groups": len(self.groups), "persons": len(self.persons),
            "readings": Reading.objects.count(),
            "changes": Change.objects.filter(group__in=self.groups.values()).count(),
        }  # fmt: skip

    def steps(self) -> Iterator[tuple[int, Callable[[], None]]]:
        """(days ago, what happens then), in any order; those of one day happen as given here."""
        yield 731, self._begin
        for group in w.GROUPS:
            yield group[2], partial(self._form, *group)
        for ago in INVENTORIES:
            yield ago, partial(self._import, INVENTORY, ago)
        for ago in CATALOGUES:
            yield ago, partial(self._import, CATALOGUE, ago)
        for rule in RULES:
            yield rule[0], partial(self._rule, *rule)
        for ago in BY_HAND:
            yield ago, partial(self._write_by_hand, ago)
        for ago in RETIREMENTS:
            yield ago, partial(self._retire, ago)
        for (arrived, taker), keys in self._hands().items():
            ago = arrived - 2 - (arrived + len(taker)) % 5
            yield ago, partial(self._assign, keys, taker, ago)
        yield CLOSED_AGO, self._close_phones
        yield from Doings(self).steps()
        yield from Web(self).steps()
        yield from Year(self).steps()
        yield from Papers(self).steps()
        yield from Routines(self).steps()
        yield from Days(self).steps()
        yield from Books(self).steps()

    # ---- the organisation ------------------------------------------------------------------------------------

    def _begin(self) -> None:
        by = self.by("Helhet")
        with self.clock.at(731, 9) as day:
            LocalName.objects.get_or_create(
                noun="installation", language="sv", form="singular", defaults={"text": w.ORGANISATION}
            )
            LocalName.objects.get_or_create(
                noun="installation", language="en", form="singular", defaults={"text": "Vinterhamn Municipality"}
            )
            mandate = (
                "Leder leveransen av IT-tjänster. Bestämmer vilka grupper som finns, vem som svarar för vad, och tar "
                "upp det som grupperna inte kan lösa själva."
            )
            free = not Group.objects.filter(is_management_team=True).exists()
            draft = NewGroup(name=w.TEAM, basis="other", mandate=mandate, is_management_team=free)
            self.groups[w.TEAM] = Group.objects.get(pk=add_groups([draft], by=by, on=day)[0])
            self.members = list(people(random.Random(w.DOMAIN)))  # noqa: S311 - the same each time
            drafts = [NewPerson(one.name, one.email, one.unit, one.title) for one in self.members]
            ids = add_persons(drafts, by=by)
            self.persons = {one.name: person_id for one, person_id in zip(self.members, ids, strict=True)}
            for name in (INVENTORY, CATALOGUE):
                self.sources[name] = Source.objects.get_or_create(name=name)[0]

    def _form(self, name: str, basis: str, formed: int, _size: int, mandate: str) -> None:
        by = self.by("Helhet")
        with self.clock.at(formed, 10) as day:
            contacts = {
                "email": f"{name.split(maxsplit=1)[0].lower().translate(str.maketrans('åäö', 'aao'))}@{w.DOMAIN}"
            }
            draft = NewGroup(
                name=name, basis=basis, mandate=mandate, parent_id=self.groups[w.TEAM].pk, contacts=contacts
            )
            self.groups[name] = Group.objects.get(pk=add_groups([draft], by=by, on=day)[0])
            rows: dict[tuple[int, int], NewMembership] = {}
            for one in self.members:
                for group, role, since, until in one.groups:
                    if group == name or (group == w.TEAM and one.groups[0][0] == name):
                        key = (self.groups[group].pk, self.persons[one.name])
                        rows[key] = NewMembership(
                            *key, role=role, from_on=self.clock.day(since),
                            to_on=self.clock.day(until) if until is not None else None,
                            share=Decimal(self.chance.choice((10, 20, 20, 30, 50))),
                        )  # fmt: skip
            add_memberships(list(rows.values()), by=by)

    def _close_phones(self) -> None:
        """The group is closed; half of it was given away, the rest was forgotten."""
        group = Group.objects.select_related("item__kind").get(pk=self.groups[w.PHONES].pk)
        with self.clock.at(CLOSED_AGO, 15) as day:
            by = self.chair(w.SERVERS)
            held = list(Answer.objects.open().filter(group=group).order_by("item_id").values_list("item_id", flat=True))
            assign_by_hand(held[::2], self.groups[w.NETWORK], by=by, on=day, reason="Telefoni och växel läggs ner")
            end_memberships(list(Membership.objects.filter(group=group)), by=by, last=day)
            change_groups([(group, {"state": GroupState.CLOSED})], by=by, on=day, verb="groups.group.closed",
                          reason="Telefonin köps som tjänst")  # fmt: skip

    # ---- items -----------------------------------------------------------------------------------------------

    def _draft(self, thing: Thing) -> NewItem:
        key = None
        if thing.source:
            says = self.groups[thing.says].pk if thing.says in self.groups else None
            key = NewKey(self.sources[thing.source].pk, thing.key, digest=hash_of(thing), says_group_id=says)
        return NewItem(
            kind=self.kinds[thing.kind], name=thing.name, state=thing.state, criticality=thing.criticality,
            description=thing.description, attributes=thing.attributes, tags=thing.tags,
            part_of_id=self.ids[thing.whole] if thing.whole else None, key=key,
        )  # fmt: skip

    def _import(self, source: str, ago: int) -> None:
        with self.clock.at(ago, 5, 12, only=IMPORTED) as day:
            by = self.by("inventeringen" if source == INVENTORY else "tjänstekatalogen")
            batch = open_batch(BatchSort.IMPORT, f"{source} {day.isoformat()}", by=by)
            new = [thing for thing in self.things if thing.source == source and thing.arrives == ago]
            for depth in range(4):
                layer = [thing for thing in new if self._depth(thing) == depth]
                ids = add_items([self._draft(thing) for thing in layer], by=by, on=day, batch=batch)
                self.ids.update({thing.key: item_id for thing, item_id in zip(layer, ids, strict=True)})
            self._dependencies(source, batch.pk)
            changed = self._says_anew(source, day, batch.pk, by)
            if ago > 84 or ago < 7:
                changed += self._upgrades(source, day, batch, by)
            gone = [thing for thing in self.things if source == INVENTORY and thing.vanishes == ago]
            SourceKey.objects.filter(source=self.sources[source], key__in=[thing.key for thing in gone]).update(
                not_seen_since=day
            )
            Source.objects.filter(name=source).update(last_on=day, last_at=timezone.now())
            counts = {"created": len(new), "changed": changed, "not_seen": len(gone)}
            close_batch(batch, by=by, counts=counts)
            if len(new) >= MANY:
                engine().refresh_statistics()
            take_reading(day, batch=batch)

    def _depth(self, thing: Thing) -> int:
        depth = 0
        while thing.whole:
            thing, depth = self.by_key[thing.whole], depth + 1
        return depth

    def _dependencies(self, source: str, batch_id: int) -> None:
        """What was said to need something that is there now."""
        rows = []
        for thing in self.things:
            if thing.needs and thing.key in self.ids and all(key in self.ids for key in thing.needs):
                rows += [
                    Dependency(
                        from_item_id=self.ids[thing.key], to_item_id=self.ids[key], source=self.sources[source],
                        criticality="degrades" if thing.kind == "certificate" else "hard", batch_id=batch_id,
                        type="runs_on" if thing.kind in {"application", "database", "virtual_machine"} else "uses",
                    )
                    for key in thing.needs
                ]  # fmt: skip
                thing.needs = []
        Dependency.objects.bulk_create(rows)
        touch(row.from_item_id for row in rows)

    def _says_anew(self, source: str, day: dt.date, batch_id: int, by: Caller) -> int:
        """A group that was formed since the last import is named by the source from now on."""
        silent = SourceKey.objects.filter(source=self.sources[source], says_group__isnull=True)
        told: dict[str, list[int]] = {}
        for key, item_id in silent.values_list("key", "item_id"):
            group = self.by_key[key].says
            if group in self.groups:
                told.setdefault(group, []).append(item_id)
        for group, ids in told.items():
            silent.filter(item_id__in=ids).update(says_group_id=self.groups[group].pk)
        anew = sorted(itertools.chain.from_iterable(told.values()))
        recompute(anew, by=by, on=day, batch_id=batch_id)
        return len(anew)

    def _upgrades(self, source: str, day: dt.date, batch: object, by: Caller) -> int:
        """A few machines got another operating system, a few programs another version."""
        name, words = (
            ("operativsystem", w.OPERATING[:3]) if source == INVENTORY else ("version", ("12.0", "12.1", "13.2"))
        )
        kind = "virtual_machine" if source == INVENTORY else "application"
        there = Item.objects.filter(kind=self.kinds[kind], created_on__lt=day).order_by("id")
        ids = list(there.values_list("id", flat=True))
        drawn = self.chance.sample(ids, min(4, len(ids)))
        items = Item.objects.select_related("kind").in_bulk(drawn)
        chosen = [items[item_id] for item_id in drawn]
        changes = [(item, {"attributes": item.attributes | {name: self.chance.choice(words)}}) for item in chosen]
        return len(change_items(changes, by=by, on=day, batch=batch))  # type: ignore[arg-type]

    def _write_by_hand(self, ago: int) -> None:
        with self.clock.at(ago, self.chance.randrange(8, 17), self.chance.randrange(60), only=WRITTEN) as day:
            things = [thing for thing in self.things if not thing.source and thing.arrives == ago]
            ids = add_items([self._draft(thing) for thing in things], by=self._somebody(), on=day)
            self.ids.update({thing.key: item_id for thing, item_id in zip(things, ids, strict=True)})

    def _hands(self) -> dict[tuple[int, str], list[str]]:
        """What is assigned by hand: (arrival, group) to keys."""
        hands: dict[tuple[int, str], list[str]] = {}
        for thing in self.things:
            if thing.hand:
                hands.setdefault((thing.arrives, thing.hand), []).append(thing.key)
        return hands

    def _assign(self, keys: list[str], group: str, ago: int) -> None:
        with self.clock.at(ago, self.chance.randrange(8, 17), self.chance.randrange(60), only=WRITTEN) as day:
            ids = [self.ids[key] for key in keys]
            assign_by_hand(ids, self.groups[group], by=self.chair(group), on=day, reason="Togs på veckomötet")

    def _retire(self, ago: int) -> None:
        with self.clock.at(ago, self.chance.randrange(8, 17), only=WRITTEN) as day:
            ids = [self.ids[thing.key] for thing in self.things if thing.retires == ago]
            items = Item.objects.filter(pk__in=ids).select_related("kind").order_by("id")
            change_items([(item, {"state": RETIRED}) for item in items], by=self._somebody(), on=day, reason="Utbytt")

    def _somebody(self) -> Caller:
        return self.by(self.chance.choice(self.members[:40]).name)

    # ---- rules and readings ----------------------------------------------------------------------------------

    def _rule(self, ago: int, group: str, text: str, place: int, note: str) -> None:
        with self.clock.at(ago, 14) as day:
            draft = Draft(filter=text, group=self.groups[group], note=note, place=place)
            create_rule(draft, by=self.chair(w.SERVERS), on=day, reason=note)

    def _readings(self) -> None:
        """Weekly, and daily in the last month: each counted from the answers that held on its day."""
        agos = (*range(728, 28, -7), *range(28, -1, -1))
        take_past_readings({self.clock.day(ago): self.clock.moment(ago, 5, 15) for ago in agos})


def hash_of(thing: Thing) -> int:
    """A number that stands for the record as it was taken."""
    return random.Random(f"{thing.key}{thing.name}").getrandbits(62)  # noqa: S311 - stands for nothing secret


def refuse_unless_empty() -> None:
    """Raise Clash when anything is in the register."""
    if Item.objects.exists():
        raise Clash(
            _("There are items in the register already."),
            todo=_("Say --add to put the demonstration beside them, or start with an empty data folder."),
        )


def make_demo(*, add: bool = False, today: dt.date | None = None, tell: Told | None = None) -> dict[str, int]:
    """Fill the store with Vinterhamn; returns how many of what. Raises Clash when it is not empty, unless `add`."""
    if not add:
        refuse_unless_empty()
    if User.objects.filter(email__endswith=f"@{w.DOMAIN}").exists() or Source.objects.filter(name=INVENTORY).exists():
        raise Clash(_("The demonstration is here already."))
    with translation.override("sv"):
        return Story(today or timezone.localdate(), tell).run()
