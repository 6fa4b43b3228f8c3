"""The routines of Vinterhamn, as its people wrote them, and how their runs went."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from helhet.home.demo import words as w


@dataclass(frozen=True, slots=True)
class Written:
    """One routine. `ago` is how many days ago it was published; `about` names the services that it is for. `runs` are
    (days ago, minutes, how it went, note): worked, exercise, deviations, skipped (worked, without what may be skipped),
    failed (at the second step), open.
    """

    kind: str
    title: str
    group: str
    ago: int
    text: str
    steps: tuple[dict[str, Any], ...]
    about: tuple[str, ...] = ()
    symptoms: str = ""
    labels: tuple[str, ...] = ()
    minutes: int | None = None
    prove_days: int | None = None
    runs: tuple[tuple[int, int, str, str], ...] = field(default=())


ROUTINES = (
    Written(
        "incident",
        "Full disk på en databasserver",
        w.SERVERS,
        150,
        "Används när övervakningen larmar om full disk. Rör inga filer under `data` innan steg 2 är klart.",
        (
            {
                "title": "Läs av hur full disken är",
                "text": "Kör `df -h /var/lib` på servern i larmet.",
                "input": "number",
                "unit": "%",
                "least": "0",
                "most": "100",
                "minutes": 2,
                "id": "full",
            },
            {
                "title": "Kontrollera att nattens kopia är klar",
                "text": "Utan kopia: **stanna här** och ring jouren.",
                "input": "choice",
                "options": ["ja", "nej"],
                "stop": True,
                "minutes": 3,
                "id": "kopia",
            },
            {
                "title": "Ring jouren för databaser",
                "when": {"step": "kopia", "value": "nej"},
                "minutes": 5,
                "id": "ring",
            },
            {
                "title": "Ta bort loggar äldre än sju dygn",
                "text": "```\nfind /var/log/db -name '*.gz' -mtime +7 -delete\n```",
                "minutes": 5,
                "id": "loggar",
            },
            {"title": "Fotografera skärmen om något ser fel ut", "input": "photo", "required": False, "id": "foto"},
            {
                "title": "Läs av disken igen",
                "text": "Under 80 procent är larmet löst.",
                "input": "number",
                "unit": "%",
                "most": "80",
                "minutes": 2,
                "id": "efter",
            },
            {"title": "Meddela servicedesk att det är klart", "minutes": 2, "id": "klart"},
        ),
        symptoms="disken är full\ndet går inte att spara\nNo space left on device",
        labels=("alertname=DiskFull",),
        minutes=20,
        prove_days=180,
        runs=(
            (121, 18, "worked", ""),
            (88, 26, "skipped", ""),
            (53, 41, "deviations", "Loggarna låg på en annan disk."),
            (17, 15, "worked", ""),
        ),
        about=("Drift av servrar",),
    ),
    Written(
        "incident",
        "Omstart av integrationsmotorn",
        w.SERVERS,
        200,
        "När meddelanden mellan systemen står still. Säg till servicedesk innan du börjar.",
        (
            {"title": "Bekräfta larmet i övervakningen", "minutes": 2, "id": "larm"},
            {
                "title": "Stoppa inflödet",
                "text": "Kör `motorctl inflow stop --wait 60`. Svaret ska vara **inflow stopped**.",
                "stop": True,
                "minutes": 4,
                "id": "stopp",
            },
            {"title": "Godkänn omstarten", "approval": True, "role": "Driftansvarig", "minutes": 3, "id": "ja"},
            {"title": "Starta om motorn", "text": "Kör `systemctl restart motor`.", "minutes": 4, "id": "omstart"},
            {"title": "Läs köns längd", "input": "number", "unit": "st", "most": "500", "minutes": 3, "id": "ko"},
            {"title": "Provskicka ett meddelande", "minutes": 5, "id": "prov"},
        ),
        symptoms="meddelanden kommer inte fram\nremisser fastnar",
        labels=("alertname=QueueStuck",),
        minutes=25,
        prove_days=120,
        runs=(
            (160, 22, "worked", ""),
            (21, 35, "failed", "Kommandot för att stoppa inflödet finns inte efter uppgraderingen."),
        ),
        about=("Integration",),
    ),
    Written(
        "operation",
        "Kontrollera nattens säkerhetskopior",
        w.SERVERS,
        320,
        "Varje vardag före klockan nio.",
        (
            {"title": "Öppna rapporten från i natt", "minutes": 2, "id": "rapport"},
            {"title": "Hur många jobb misslyckades?", "input": "number", "unit": "st", "minutes": 2, "id": "fel"},
            {
                "title": "Skapa ett ärende för varje jobb som misslyckades",
                "minutes": 10,
                "id": "arende",
                "when": {"step": "fel", "sense": "over", "value": "0"},
            },
            {"title": "Skriv vad som var ovanligt", "input": "text", "required": False, "id": "ovanligt"},
        ),
        minutes=8,
        prove_days=30,
        runs=tuple((ago, 6 + ago % 5, "skipped" if ago % 3 else "worked", "") for ago in range(1, 40, 4)),
        about=("Säkerhetskopiering",),
    ),
    Written(
        "desk",
        "Användare kan inte logga in",
        w.CLIENTS,
        240,
        "Frågorna i den ordning som löser flest ärenden.",
        (
            {"title": "Fråga efter användarnamn och vad skärmen visar", "input": "text", "minutes": 2, "id": "fraga"},
            {"title": "Är kontot låst?", "input": "choice", "options": ["ja", "nej"], "minutes": 1, "id": "last"},
            {"title": "Lås upp kontot", "when": {"step": "last", "value": "ja"}, "minutes": 2, "id": "upp"},
            {"title": "Be användaren försöka igen", "minutes": 2, "id": "igen"},
        ),
        symptoms="fel lösenord\nkontot är låst\ninloggningen snurrar",
        minutes=7,
        runs=(
            (66, 5, "worked", ""),
            (34, 9, "worked", ""),
            (9, 6, "worked", ""),
            (2, 12, "deviations", "Kontot låstes igen."),
        ),
        about=("Inloggning",),
    ),
    Written(
        "order",
        "Ny bärbar dator",
        w.CLIENTS,
        280,
        "Från godkänd beställning till att datorn är hämtad.",
        (
            {
                "title": "Kontrollera att beställningen är godkänd av chefen",
                "stop": True,
                "minutes": 3,
                "id": "godkand",
            },
            {
                "title": "Ta en dator ur lagret och anteckna inventarienumret",
                "input": "text",
                "minutes": 10,
                "id": "nummer",
            },
            {"title": "Installera och låt uppdateringarna gå klart", "minutes": 60, "id": "installera"},
            {"title": "Meddela beställaren att datorn kan hämtas", "minutes": 3, "id": "hamta"},
        ),
        minutes=80,
        runs=((45, 95, "worked", ""), (12, 70, "worked", "")),
        about=("Arbetsplats",),
    ),
    Written(
        "change",
        "Byta certifikat på en webbserver",
        w.SERVERS,
        180,
        "Standardändring: får göras utan ny prövning när villkoren är uppfyllda.",
        (
            {"title": "Kontrollera att det nya certifikatet gäller rätt namn", "minutes": 5, "id": "namn"},
            {"title": "Spara det gamla certifikatet", "minutes": 3, "id": "spara"},
            {
                "title": "Lägg in det nya och läs om webbservern",
                "text": "Kör `systemctl reload nginx`.",
                "minutes": 5,
                "id": "in",
            },
            {
                "title": "Hur många dagar gäller det?",
                "input": "number",
                "unit": "dagar",
                "least": "80",
                "minutes": 2,
                "id": "dagar",
            },
        ),
        labels=("alertname=CertificateExpires",),
        minutes=20,
        prove_days=365,
        runs=((75, 14, "worked", ""),),
        about=("Webbplatser", "E-tjänster"),
    ),
    Written(
        "recovery",
        "Återställa filservern från kopia",
        w.SERVERS,
        300,
        "När filservern är förlorad. Övas två gånger om året.",
        (
            {"title": "Besluta om återställning", "approval": True, "role": "Driftchef", "minutes": 10, "id": "beslut"},
            {"title": "Starta reservservern", "minutes": 20, "id": "reserv"},
            {"title": "Välj den senaste hela kopian", "input": "text", "minutes": 10, "id": "kopia"},
            {"title": "Läs tillbaka kopian", "minutes": 120, "id": "las"},
            {"title": "Öppna tre filer från olika förvaltningar", "minutes": 10, "id": "filer"},
        ),
        symptoms="filservern svarar inte\nG: är borta",
        minutes=180,
        prove_days=180,
        runs=((230, 205, "exercise", ""),),
        about=("Dokument och samarbete", "Säkerhetskopiering"),
    ),
    Written(
        "recovery",
        "Starta om allt efter strömavbrott",
        w.SERVERS,
        90,
        "Ordningen är viktig: nät, katalog, lagring, databaser, tillämpningar.",
        (
            {"title": "Kontrollera att strömmen är stabil", "stop": True, "minutes": 10, "id": "strom"},
            {"title": "Starta näten och katalogen", "minutes": 30, "id": "nat"},
            {"title": "Starta lagring och databaser", "minutes": 40, "id": "lagring"},
            {"title": "Starta tillämpningarna efter hur viktiga de är", "minutes": 60, "id": "resten"},
        ),
        minutes=150,
        prove_days=365,
        about=("Drift av servrar",),
    ),
)
