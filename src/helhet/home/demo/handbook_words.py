"""What Vinterhamn has written of its services: suppliers, and the parts of service documentation in every state."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from helhet.home.demo import words as w

Rows = tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Seller:
    """A supplier: contacts (role, phone, hours), days that its contract runs from today, and what it delivers."""

    name: str
    group: str
    contacts: tuple[tuple[str, str, str], ...]
    runs: int
    notice: int
    levels: Rows
    delivers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Book:
    """A service's parts: text and rows of each; `drafts` are not published, `ruled_out` says why a part is none."""

    service: str
    group: str
    parts: dict[str, tuple[str, Rows]]
    drafts: tuple[str, ...] = ()
    ruled_out: dict[str, str] = field(default_factory=dict)
    doubted: dict[str, str] = field(default_factory=dict)


SELLERS = (
    Seller(
        "Nordanvind System", w.CARE,
        (("Support", "0771-40 10 20", "vardagar 7–18"), ("Jour", "0771-40 10 99", "dygnet runt"),
         ("Kundansvarig", "0771-40 10 11", "vardagar 8–17")),
        520, 6,
        ({"measure": "Tillgänglighet per månad", "target": "99,80 %", "hours": "dygnet runt"},
         {"measure": "Svar vid stopp", "target": "inom 30 minuter", "hours": "dygnet runt"}),
        ("T001", "T002"),
    ),
    Seller(
        "Klarsikt Data", w.MONEY,
        (("Support lön", "0771-22 33 44", "vardagar 8–17"), ("Eskalering", "0771-22 33 55", "vardagar 7–20")),
        230, 6, ({"measure": "Löneutskick", "target": "klart den 25:e varje månad", "hours": ""},), ("T016",),
    ),
    Seller(
        "Polstjärnan", w.CLIENTS, (("Driftcentral", "0771-60 70 80", "dygnet runt"),),
        60, 3, ({"measure": "Tillgänglighet per månad", "target": "99,9 %", "hours": "dygnet runt"},), ("T029",),
    ),
)  # fmt: skip

SUPPORT = (
    {"who": "Servicedesk", "hours": "vardagar 7–17", "contact": "0500-12 34 56", "escalate_minutes": 15},
    {"who": "{group}", "hours": "vardagar 8–16", "escalate_minutes": 60},
    {"who": "Driftjouren", "hours": "övrig tid", "contact": "0500-12 34 99"},
)
BOOKS = (
    Book(
        "T001", w.CARE,
        {
            "description": (
                ("Journal och dokumentation för hemtjänst, särskilt boende och hälso- och sjukvård. Används av 1 140 "
                "medarbetare, dygnet runt.\n\nUtan journalen går det inte att se ordinationer och planerade insatser. "
                "Reservrutin är pappersjournalen i pärmen på varje enhet."), (),
            ),
            "tasks": (
                "Uppgifterna görs av driften och följs upp på gruppens veckomöte.",
                ({"name": "Prov av återläsning", "interval": "varje kvartal", "who": "Driftteknik", "minutes": 130},
                 {"name": "Omstart av integrationsmotorn", "interval": "vid behov", "who": "Driftteknik",
                  "minutes": 25},
                 {"name": "Rensning av loggar", "interval": "varje vecka", "who": "{group}", "minutes": 10}),
            ),
            "levels": (
                "Mäts varje månad och redovisas för socialförvaltningen.",
                ({"measure": "Tillgänglighet per månad", "target": "99,90 %", "hours": "dygnet runt"},
                 {"measure": "Återställd vid haveri", "target": "inom 4 timmar", "hours": "dygnet runt"},
                 {"measure": "Svarstid", "target": "under 2 sekunder", "hours": "vardagar 7–18"}),
            ),
            "orders": (
                "Avslut av konto återstår att beskriva.",
                ({"name": "Nytt konto", "for_whom": "vårdpersonal", "approval": "enhetschef",
                  "lead_time": "1 arbetsdag"},
                 {"name": "Utökad behörighet", "for_whom": "legitimerad personal", "approval": "MAS",
                  "lead_time": "2 arbetsdagar"}),
            ),
            "support": ("Dygnet runt, eftersom vården arbetar dygnet runt.", SUPPORT),
            "suppliers": ("Leverantören sköter driften av applikationen.", ({"supplier": "{seller}"},)),
        },
        drafts=("orders",),
        doubted={"tasks": "Databasen har bytts. Gäller tiderna för återläsning och omstart fortfarande?"},
    ),
    Book(
        "T016", w.MONEY,
        {
            "description": ("Lönesystemet räknar ut och betalar lön till 2 300 anställda den 27:e varje månad.", ()),
            "tasks": (
                "", ({"name": "Kontroll av lönefilen till banken", "interval": "varje månad", "who": "{group}",
                      "minutes": 40, "cost": "0"},),
            ),
            "levels": ("", ({"measure": "Lön utbetald", "target": "den 27:e varje månad"},)),
            "orders": (
                "", ({"name": "Ny löneadministratör", "for_whom": "ekonomienheten", "approval": "ekonomichef",
                      "lead_time": "3 arbetsdagar"},),
            ),
            "changes": (
                "", ({"name": "Ny löneart", "conditions": "Testad i provmiljön. Inte mellan den 15:e och 27:e."},),
            ),
            "support": ("", SUPPORT),
            "suppliers": ("", ({"supplier": "{seller}"},)),
        },
    ),
    Book(
        "T029", w.CLIENTS,
        {
            "description": ("E-post och kalender för alla anställda och förtroendevalda.", ()),
            "levels": ("", ({"measure": "Tillgänglighet per månad", "target": "99,9 %", "hours": "dygnet runt"},)),
            "support": ("", SUPPORT),
            "suppliers": ("", ({"supplier": "{seller}"},)),
        },
        ruled_out={"changes": "Leverantören ändrar själv i tjänsten; vi har inga egna ändringar."},
    ),
    Book(
        "T035", w.IDENTITY,
        {
            "description": ("Inloggning och konton för alla tjänster. Faller den kan ingen logga in någonstans.", ()),
            "support": ("Ring jouren direkt: allt annat väntar på inloggningen.", SUPPORT[2:]),
        },
        drafts=("support",),
        ruled_out={"suppliers": "Tjänsten drivs helt i egen regi."},
    ),
)  # fmt: skip
