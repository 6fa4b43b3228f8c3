"""The operational tasks of Vinterhamn, why some times were skipped, and what monitoring says."""

from __future__ import annotations

from typing import Any

from helhet.home.demo import words as w

# Group, kind of the item, what is to be done, and how it comes back.
TASKS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (w.SERVERS, "storage", "Gå igenom nattens säkerhetskopior",
     {"rule": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "closed_day": "next", "minutes": 15}),
    (w.SERVERS, "server", "Läs in säkerhetsuppdateringar",
     {"rule": "FREQ=MONTHLY;BYDAY=2TU", "closed_day": "next", "lead_days": 3, "minutes": 120}),
    (w.SERVERS, "facility", "Provkör reservkraften",
     {"rule": "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "lead_days": 5, "minutes": 60, "cost": 850}),
    (w.NETWORK, "network_device", "Kontrollera att kopior av inställningarna finns",
     {"rule": "FREQ=WEEKLY;BYDAY=TU", "closed_day": "next", "minutes": 20}),
    (w.NETWORK, "network_device", "Gå igenom brandväggens regler",
     {"after_days": 30, "closed_day": "next", "lead_days": 7, "minutes": 90}),
    (w.CLIENTS, "workplace_device", "Gå igenom datorer som inte har hörts av",
     {"rule": "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH", "closed_day": "before", "minutes": 45}),
    (w.IDENTITY, "certificate", "Se över certifikat som går ut inom 60 dagar",
     {"rule": "FREQ=WEEKLY;BYDAY=MO", "closed_day": "next", "minutes": 25}),
    (w.IDENTITY, "certificate", "Rensa behörigheter för dem som har slutat",
     {"after_days": 14, "closed_day": "next", "lead_days": 2, "minutes": 40}),
)  # fmt: skip
REASONS = (
    "Inga kopior togs under flytten av lagringen",
    "Ersattes av genomgången i måndags",
    "Ändringsstopp den veckan",
    "Den som kan verktyget var sjuk; inget larm under tiden",
)
NOTES = (
    (w.SERVERS, "Diskbytet i hall A är beställt men inte gjort. Leverantören kommer i morgon klockan nio."),
    (w.NETWORK, "Länken mot Norra skolan bröts två gånger i natt. Felanmäld, inget svar än."),
)
# Label alertname, what it says, how many hours ago it began, and after how many hours it was over (0: it is not).
ALERTS = (
    ("BackupFailed", "Nattens säkerhetskopia blev inte klar", 5, 0),
    ("LinkFlapping", "Länken har brutits två gånger på en timme", 9, 0),
    ("HighLoad", "Lasten har varit hög i 15 minuter", 50, 2),
)
