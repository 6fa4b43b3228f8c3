"""Words of operations that say the same, in Swedish and English, so that *backup* finds *säkerhetskopia*.

A line is a group: whatever of it is asked for, the others are looked for too. Only what is said of the same thing by
everybody stands here; what is merely near would bring the wrong routine at night.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from helhet.rules.words import runs, stems

JOINT = "‖"
"""Stands between the words of a phrase where it is one word of the index. No text has it in a word."""

_SAME = """
backup, säkerhetskopia, säkerhetskopiering
restore, återställa, återställning, återläsning
recovery, återställning, återstart
restart, reboot, omstart, starta om, boota om
shutdown, avstängning, stänga av, shut down
cert, certifikat, certificate, tls-certifikat
expired, gått ut, gå ut, utgått, utgånget, expires
password, lösenord
login, logon, inloggning, logga in, sign in
locked, låst, spärrat, utelåst
account, konto, användarkonto
mail, mejl, email, e-mail, e-post, epost
laptop, bärbar dator, bärbar pc
wifi, wi-fi, wlan, trådlöst nät, trådlöst nätverk
network, nätverk, nät
firewall, brandvägg
database, databas, db
file server, filserver, fileserver
web server, webbserver, webserver
storage, lagring
disk, hårddisk
queue, kö
cluster, kluster
alert, alarm, larm
monitoring, övervakning
outage, driftstopp, driftavbrott, driftstörning, downtime
power outage, power failure, strömavbrott, elavbrott, strömbortfall, strömlöst
slow, långsam, seg, segt
error, fel
phone, telefon
on-call, oncall, jour, beredskap
escalation, eskalering, escalate
supplier, vendor, leverantör
contract, avtal
order, beställning, beställa
access, behörighet, åtkomst
permission, behörighet
license, licence, licens
patch, patchning
upgrade, uppgradering, uppgradera
update, uppdatering, uppdatera
troubleshooting, felsökning, felsöka
routine, rutin, runbook
policy, riktlinje
continuity plan, kontinuitetsplan
change, ändring
contact, kontakta, kontakt, ringa, call, supportväg, support path
medical record, journal
payroll, lön
"""


@lru_cache(maxsize=1)
def _groups() -> dict[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for line in _SAME.strip().splitlines():
        said = list(dict.fromkeys(_said(one) for one in line.split(",")))
        for one in said:
            found.setdefault(one, {}).update(dict.fromkeys(other for other in said if other != one))
    return {one: tuple(others) for one, others in found.items()}


def _said(text: str) -> tuple[str, ...]:
    words = stems(text)
    # A whole of several words, such as e-post, is the whole.
    return (words[0],) if "-" in words[0] else tuple(words)


def others(said: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """What says the same as one stem or a phrase of several, as stems; empty where nothing is known to."""
    return _groups().get(tuple(said), ())


def joined(said: Sequence[str]) -> str:
    """One word for a phrase of several stems; a single stem is itself."""
    return JOINT.join(said)


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, ...], ...]:
    return tuple(said for said in _groups() if len(said) > 1)


def phrases_in(text: str, known: Collection[str]) -> list[str]:
    """The known phrases of several words that stand together in a text, each joined and once.

    `known` are the stems of the text's words: most texts lack a word of each phrase, and need not be read again.
    """
    possible = [said for said in _phrases() if all(word in known for word in said)]
    if not possible:
        return []
    found: dict[str, None] = {}
    for run in runs(text):
        for said in possible:
            size = len(said)
            if any(run[at] == said[0] and tuple(run[at : at + size]) == said for at in range(len(run) - size + 1)):
                found[joined(said)] = None
    return list(found)


def phrase_at(said: Sequence[str]) -> int:
    """How many of these stems, from the first on, are one known phrase of several words; 0 where none begins here."""
    return next((size for size in (3, 2) if len(said) >= size and tuple(said[:size]) in _groups()), 0)
