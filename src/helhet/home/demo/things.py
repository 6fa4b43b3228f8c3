"""The things of Vinterhamn, worked out before anything is written: values in, values out, the same for the same day."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass, field
from typing import Any

from helhet.home.demo import words as w

INVENTORY, CATALOGUE = "inventering", "tjänstekatalog"
FIRST_INVENTORY, FIRST_CATALOGUE = 725, 718
INVENTORIES = (FIRST_INVENTORY, *range(697, 84, -28), *range(78, 1, -7), 1)
CATALOGUES = (FIRST_CATALOGUE, *range(628, 0, -75))
BY_HAND = tuple(range(20, 600, 29))
RETIREMENTS = (4, 47, 83, 121, 160, 214)
"""Days ago: the imports of each source, when people write things by hand, and when they retire some."""

PLANNED, LIVE, RETIRING, RETIRED = range(4)


@dataclass(slots=True)
class Thing:
    """One item to be. `whole` is the key of what it is part of; `says` the group that its source names."""

    key: str
    kind: str
    name: str
    source: str = INVENTORY
    whole: str = ""
    says: str = ""
    criticality: int = 0
    state: int = LIVE
    description: str = ""
    attributes: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    arrives: int = 0
    hand: str = ""
    vanishes: int = 0
    retires: int = 0
    needs: list[str] = field(default_factory=list)


class Register:
    """Makes all things, by one generator of chance."""

    def __init__(self, today: dt.date) -> None:
        """`today` is the day that all others are counted from."""
        self.today = today
        self.chance = random.Random(w.ORGANISATION)  # noqa: S311 - the same each time is the point
        self.things: dict[str, Thing] = {}

    def make(self) -> list[Thing]:
        """All of them, each whole before its parts."""
        self._catalogue()
        self._inventory()
        self._papers()
        self._oddities()
        self._newcomers()
        self._fates()
        return sorted(self.things.values(), key=lambda thing: (-thing.arrives, self._depth(thing)))

    def add(self, key: str, kind: str, name: str, **fields: Any) -> Thing:
        """One more; it comes with a chance import of its source, never before what it is part of."""
        thing = Thing(key, kind, name, **fields)
        if not thing.arrives:
            thing.arrives = self._arrival(thing.source)
        if thing.whole:
            thing.arrives = min(thing.arrives, self._from(thing.source, self.things[thing.whole].arrives))
        self.things[key] = thing
        return thing

    def of(self, *kinds: str) -> list[Thing]:
        """The things of some kinds, in the order of making."""
        return [thing for thing in self.things.values() if thing.kind in kinds]

    def day(self, ago: int) -> str:
        """So many days ago, as attributes write it."""
        return (self.today - dt.timedelta(days=ago)).isoformat()

    def _arrival(self, source: str) -> int:
        if source == INVENTORY:
            return FIRST_INVENTORY if self.chance.random() < 0.62 else self.chance.choice(INVENTORIES[1:-13])
        if source == CATALOGUE:
            return int(FIRST_CATALOGUE if self.chance.random() < 0.7 else self.chance.choice(CATALOGUES[1:-1]))
        return int(self.chance.choice(BY_HAND))

    @staticmethod
    def _from(source: str, whole: int) -> int:
        """The first day of the source on which the whole is there."""
        days = {INVENTORY: INVENTORIES, CATALOGUE: CATALOGUES}.get(source, BY_HAND[::-1])
        return int(next((day for day in days if day <= whole), min(days)))

    def _depth(self, thing: Thing) -> int:
        depth = 0
        while thing.whole:
            thing, depth = self.things[thing.whole], depth + 1
        return depth

    def _catalogue(self) -> None:
        for number, (service, group, applications, criticality) in enumerate(w.SERVICES, start=1):
            kind = "supporting_service" if service in w.SUPPORTING else "business_service"
            whole = self.add(
                f"T{number:03}",
                kind,
                service,
                source=CATALOGUE,
                says=group,
                criticality=criticality,
                arrives=FIRST_CATALOGUE if number % 9 else CATALOGUES[2],
                tags=["samhällsviktig"] * (criticality > 3),
                attributes={
                    "öppettid": "dygnet runt" if criticality > 3 else "vardagar 7–18",
                    "beställare": self._unit(),
                },
                description=f"{service} för Vinterhamns verksamheter.",
            )
            for place, application in enumerate(applications, start=1):
                self.add(
                    f"{whole.key}-A{place}",
                    "application",
                    application,
                    source=CATALOGUE,
                    whole=whole.key,
                    criticality=max(criticality - place + 1, 1),
                    arrives=whole.arrives,
                    attributes={"leverantör": self.chance.choice(w.SUPPLIERS), "version": self._version()},
                )
            if number <= 26:
                supplier = self.chance.choice(w.SUPPLIERS)
                self.add(
                    f"AV{number:03}",
                    "contract",
                    f"Avtal {service}, {supplier}",
                    source=CATALOGUE,
                    whole=whole.key,
                    attributes={"leverantör": supplier, "slutar": self.day(-self.chance.randrange(-40, 900))},
                )
        self._products()

    def _products(self) -> None:
        for number, product in enumerate(w.PRODUCTS, start=1):
            group = (w.SERVERS, w.SERVERS, w.SERVERS, w.SERVERS, w.CLIENTS, w.CLIENTS, w.NETWORK, w.CLIENTS)[number - 1]
            self.add(f"P{number:02}", "product", product, source=CATALOGUE, says=group)
        carriers = self.of("application")
        for number in range(1, 37):
            held = self.chance.choice(carriers)
            self.add(
                f"L{number:03}",
                "licence",
                f"Licens {held.name}",
                source=CATALOGUE,
                whole=held.key,
                attributes={
                    "antal": self.chance.choice((25, 100, 400, 1200)),
                    "slutar": self.day(-self.chance.randrange(700)),
                },
            )

    def _inventory(self) -> None:
        for number, place in enumerate(w.PLACES, start=1):
            self.add(f"PL{number:02}", "location", place, arrives=FIRST_INVENTORY)
        for number, name in enumerate(w.ENVIRONMENTS, start=1):
            self.add(f"M{number}", "environment", name, arrives=FIRST_INVENTORY)
        rooms = [w.PLACES[place] for place in (0, 5, 6, 7, 9, 10, 14, 15, 17, 18, 19, 20, 21, 22)]
        for number, place in enumerate(rooms, start=1):
            kind = "Serverhall" if "hallen" in place else "Korskoppling"
            self.add(
                f"AN{number:02}", "facility", f"{kind} {place}", arrives=FIRST_INVENTORY, attributes={"plats": place}
            )
        for number in range(1, 7):
            self.add(
                f"CL{number}",
                "cluster",
                f"vhkluster{number}",
                arrives=FIRST_INVENTORY,
                criticality=3,
                attributes={"plats": rooms[1 + number % 2]},
            )
        for number in range(1, 11):
            self.add(
                f"ST{number:02}",
                "storage",
                f"vhlager{number:02}",
                arrives=FIRST_INVENTORY,
                criticality=3,
                attributes={"tillverkare": "Isfors", "kapacitet TB": 20 * number, "stöd slutar": self._support()},
            )
        self._machines()
        self._network()
        self._devices()
        self._software()

    def _machines(self) -> None:
        for number in range(1, 121):
            self.add(f"SV{number:03}", "server", f"vhsrv{number:03}", attributes=self._machine(number, w.SERVER_MODELS))
        clusters = self.of("cluster")
        for number in range(1, 241):
            self.add(
                f"VM{number:03}",
                "virtual_machine",
                f"vhvm{number:03}",
                attributes={
                    "operativsystem": self.chance.choice(w.OPERATING),
                    "minne GB": self.chance.choice((4, 8, 16, 32)),
                    "miljö": self.chance.choices(w.ENVIRONMENTS, (8, 3, 1))[0],
                    "ip": f"10.20.{number // 200}.{number % 200 + 10}",
                },
                needs=[self.chance.choice(clusters).key],
            )

    def _network(self) -> None:
        for number in range(1, 181):
            place = self.chance.choice(w.PLACES)
            kind = "ap" if number % 3 == 0 else "sw"
            tags = ["telefoni"] if number % 8 == 0 else []
            name = f"vhtel{number:03}" if tags else f"vh{kind}{number:03}"
            self.add(
                f"NU{number:03}",
                "network_device",
                name,
                tags=tags,
                attributes=self._machine(number, w.SWITCH_MODELS) | {"plats": place},
            )

    def _devices(self) -> None:
        for number in range(1, 376):
            maker, model = self.chance.choices(w.DEVICE_MODELS, (5, 6, 4, 2))[0]
            sort = {"Platta 10": "Surfplatta", "Skriv M40": "Skrivare"}.get(model, "Bärbar dator")
            self.add(
                f"AP{number:04}",
                "workplace_device",
                f"{sort} vh{number + 4000}",
                attributes={
                    "tillverkare": maker,
                    "modell": model,
                    "plats": self.chance.choice(w.PLACES),
                    "inköpt": self.day(self.chance.randrange(30, 1900)),
                    "serienummer": f"{self.chance.randrange(16**8):08X}",
                },
            )

    def _software(self) -> None:
        machines = self.of("virtual_machine")
        applications = self.of("application")
        for number in range(1, 71):
            held, machine = applications[number % len(applications)], self.chance.choice(machines)
            self.add(
                f"DB{number:03}",
                "database",
                f"{held.name}, databas",
                whole=held.key,
                criticality=held.criticality,
                attributes={
                    "motor": self.chance.choices(w.ENGINES, (6, 5, 1, 3, 3, 1))[0],
                    "storlek GB": self.chance.randrange(1, 900),
                },
                needs=[machine.key],
            )
        for number, name in enumerate(w.SOFTWARE * 4, start=1):
            self.add(f"PV{number:03}", "software", f"{name} {self._version()}", tags=["klient"])
        for number in range(1, 49):
            held = self.chance.choice(applications)
            host = held.name.lower().replace(" ", "-").translate(str.maketrans("åäö", "aao"))
            self.add(
                f"CE{number:03}",
                "certificate",
                f"{host}.{w.DOMAIN}",
                attributes={
                    "utfärdare": "Vinterhamn CA",
                    "slutar": self.day(-self.chance.randrange(-15, 380)),
                },
                needs=[held.key],
            )
        for held in applications:
            held.needs.extend(machine.key for machine in self.chance.sample(machines, 2))

    def _papers(self) -> None:
        services = [thing for thing in self.of("business_service", "supporting_service") if thing.arrives > 60]
        for number in range(1, 63):
            held = services[number % len(services)]
            name = w.DOCUMENTS[number // len(services) % 5] if number % 4 else w.DOCUMENTS[number % 5]
            self.add(
                f"D{number:03}",
                "document",
                f"{name} {held.name}",
                source="",
                whole=held.key,
                attributes={"granskad": self.day(self.chance.randrange(10, 800))},
            )
        applications = self.of("application")
        for number in range(1, 41):
            held = applications[number * 2 % len(applications)]
            self.add(
                f"R{number:03}",
                "routine",
                f"{w.ROUTINES[number % 5]} {held.name}",
                source="",
                whole=held.key,
                attributes={"intervall": self.chance.choice(("varje vecka", "varje månad", "två gånger om året"))},
            )
        for number, process in enumerate(w.PROCESSES, start=1):
            group = (w.CLIENTS, w.SERVERS, w.CLIENTS, w.SERVERS, w.SERVERS, w.SERVERS, w.MONEY, w.SERVERS)[number - 1]
            self.add(f"PR{number}", "process", process, source="", hand=group if number != 7 else "")

    def _oddities(self) -> None:
        """What every register has: names that somebody wrote in a hurry, and things that nobody will claim."""
        names = (
            "test test",
            "SRV-NY-KOPIA(2)",
            "Kartserver <gamla>",
            "=SUMMA(A1)",
            "Skrivaren på plan 4 (den trasiga)",
            "vhvm??? flyttad",
            "Åsas dator 'NY' é ü",
        )
        for place, name in zip((3, 17, 44, 71, 99, 130, 205), names, strict=True):
            self.of("virtual_machine", "workplace_device", "server")[place].name = name
        for key, name in (("AV900", "Avtal om köldmedium, Stenhuggarna Drift"), ("AV901", "Avtal om reservkraft")):
            self.add(key, "contract", name, source=CATALOGUE, arrives=CATALOGUES[3])
        for key, name in (("D900", "Nödlägesplan för serverhallarna"), ("D901", "Namnregler för servrar")):
            self.add(key, "document", name, source="", arrives=BY_HAND[4])
        for place, group in zip(
            (8, 41, 77, 120, 166, 201), (w.CARE, w.SCHOOL, w.MONEY, w.MAPS, w.CARE, w.IDENTITY), strict=True
        ):
            self.of("virtual_machine")[place].says = group

    def _newcomers(self) -> None:
        """What comes with each of the last weeks' imports without anybody to answer for it."""
        number = 0
        for ago in INVENTORIES[-12:]:
            count = 9 if ago == 1 else self.chance.randrange(2, 8)
            for _each in range(count):
                number += 1
                kind = self.chance.choice(("software", "database", "application"))
                about = self.chance.choice(w.SERVICES)[0].lower()
                name = {
                    "software": "Tilläggsprogram för",
                    "database": "Kopia av databasen för",
                    "application": "Provinstallation av",
                }[kind]
                group = self.chance.choice((w.SERVERS, w.CLIENTS, w.CARE, w.SCHOOL, w.MONEY))
                self.add(
                    f"NY{number:03}",
                    kind,
                    f"{name} {about} {number}",
                    arrives=ago,
                    hand="" if ago == 1 else group,
                    state=LIVE,
                    attributes={"hittad på": self.chance.choice(self.of("virtual_machine")).name},
                )

    def _fates(self) -> None:
        """Some retire, some are not seen any longer."""
        old = [thing for thing in self.of("server", "workplace_device", "virtual_machine") if thing.arrives > 300]
        for thing in self.chance.sample(old, 38):
            thing.retires = self.chance.choice(RETIREMENTS)
        for thing in self.chance.sample([thing for thing in old if not thing.retires], 11):
            thing.vanishes = self.chance.choice(INVENTORIES[-7:])
        for thing in self.chance.sample([one for one in old if not one.retires and not one.vanishes], 14):
            thing.state = RETIRING
        for thing in self.chance.sample(self.of("server", "virtual_machine"), 9):
            if not thing.retires and thing.state == LIVE:
                thing.state = PLANNED

    def _machine(self, number: int, models: tuple[tuple[str, str], ...]) -> dict[str, Any]:
        maker, model = self.chance.choice(models)
        return {
            "tillverkare": maker, "modell": model, "serienummer": f"{self.chance.randrange(16**8):08X}",
            "ip": f"10.10.{number // 200}.{number % 200 + 10}", "plats": self.chance.choice(w.PLACES[5:7]),
            "stöd slutar": self._support(),
        }  # fmt: skip

    def _support(self) -> str:
        return self.day(-self.chance.randrange(-200, 1500))

    def _version(self) -> str:
        return f"{self.chance.randrange(1, 12)}.{self.chance.randrange(10)}"

    def _unit(self) -> str:
        return self.chance.choice(w.UNITS)
