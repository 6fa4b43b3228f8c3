"""A judged set of questions: the document that a person in operations means stands first."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from helhet.search.indexing import index_all
from helhet.search.tests.test_documents_found import ask, titles, write
from tests.world import make_item

pytestmark = pytest.mark.django_db

# What is asked, and what must stand first.
JUDGED = {
    # titles before headings before text
    "brandvägg": "Öppna en port i brandväggen",
    "brandväggar": "Öppna en port i brandväggen",
    "certifikatbyte": "Byt certifikat på webbservern",
    "byta certifikatet": "Byt certifikat på webbservern",
    "säkerhetskopia": "Återställ en säkerhetskopia",
    "återställning av säkerhetskopior": "Återställ en säkerhetskopia",
    "beredskapspolicy": "Beredskapspolicy",
    "felsökning": "Långsam inloggning",
    # the whole phrase, or all words near each other, before the same words scattered
    "starta om tjänsten": "Omstart av kötjänsten",
    "restart the print spooler": "Printer does not answer",
    # symptoms and the names of alerts find the routine, also in words
    "inloggningen är långsam": "Långsam inloggning",
    "HostOutOfDiskSpace": "Disk full on a host",
    "host out of disk space": "Disk full on a host",
    "host_out_of_memory": "Memory exhausted",
    "vit skärm": "Omstart av journalsystemet",
    "sidan svarar inte": "Omstart av journalsystemet",
    "disk full": "Disk full on a host",
    "printer not answering": "Printer does not answer",
    # the service that the question names
    "omstart treserva": "Omstart av journalsystemet",
    "omstart platina": "Omstart av kötjänsten",
    "leverantör treserva": "Treserva: leverantörer",
    # compounds by their beginning and end, and inflected
    "journal": "Omstart av journalsystemet",
    "omsorgsjournaler": "Omsorgsjournalens innehåll",
    "kötjänster": "Omstart av kötjänsten",
    "webbserver": "Byt certifikat på webbservern",
    # by address, and questions as people write them
    "hur byter man ett certifikat?": "Byt certifikat på webbservern",
    "how do I restart the spooler": "Printer does not answer",
    "vad gör jag när disken är full": "Disk full on a host",
    # words that say the same, in the other language, in several words, and as people in trouble write
    "byta cert": "Byt certifikat på webbservern",
    "certificate expired": "Byt certifikat på webbservern",
    "certifikatet har gått ut": "Byt certifikat på webbservern",
    "restore backup": "Återställ en säkerhetskopia",
    "firewall": "Öppna en port i brandväggen",
    "slow login": "Långsam inloggning",
    "spoolern ligger nere": "Printer does not answer",
    "treserva fungerar inte igen": "Omstart av journalsystemet",
    "starta om platina": "Omstart av kötjänsten",
    # none holds all words: what lacks one, or holds the rarest, in its title rather than in its text
    "omstart treserva kvarnsten": "Omstart av journalsystemet",
    "glömt hur säkerhetskopian återläses": "Återställ en säkerhetskopia",
    "brandvägg kvarnsten zebra": "Öppna en port i brandväggen",
    # a whole word before titles with another that only begins so, which stand first while it is being written
    "bank": "Räkningar",
    "bankerna": "Räkningar",
    "banket": "Bankett i stadshuset",
    # the later half of a compound, inflected
    "attackerna": "Säkerhetsläget",
    "servicedesken": "Säkerhetsläget",
    # an alert's name in words, and a title that is no more than the question
    "scheduler down": "KubeSchedulerDown",
    "node not ready": "KubeNodeNotReady",
    "certificate": "Certificates",
    "jenkins agent": "Jenkins agents",
    # use and state among what is alike
    "patchning av servrar": "Patchning av servrar, Linux",
    "nätverksavbrott": "Nätverksavbrott, i drift",
    "larmlista": "Larmlista",
}


def _world(today: dt.date) -> None:
    treserva = make_item("Treserva", kind="business_service")
    platina = make_item("Platina", kind="business_service")
    write("Öppna en port i brandväggen", "Beställ av nätgruppen.", routine={})
    write("Nätets uppbyggnad", "## Brandväggar\n\nTvå par. Brandvägg, brandvägg och brandvägg.")
    write("Byt certifikat på webbservern", "Byt ut filen. Kontrollera datum.", routine={"uses": 4})
    write("Lista över datum", "Här står när certifikat ska bytas, certifikatbyte sker i maj.")
    write("Återställ en säkerhetskopia", "Återställningen tar en timme.", routine={"kind": "recovery"})
    write("Lagring", "Säkerhetskopiering sker nattligen. En säkerhetskopia sparas i 90 dagar. Återställning tar tid.")
    write("Beredskapspolicy", "Vem som har beredskap.")
    write("Långsam inloggning", "## Felsökning\n\nMät svarstiden.", routine={"symptoms": "inloggningen är långsam"})
    write("Allmänt", "Inloggningen är ibland långsam, det är känt. Felsökning pågår.")
    write("Omstart av kötjänsten", "Starta om tjänsten med kommandot.", routine={}, about=(platina,))
    write("Tjänstens ordlista", "Att starta något. " + "Text om annat. " * 30 + "Om tjänsten.")
    write("Printer does not answer", "Restart the print spooler.", routine={"symptoms": "printer not answering"})
    write("Office rules", "The print room. " + "More words here. " * 30 + "Restart your day. A spooler.")
    write("Disk full on a host", "Remove old logs.", routine={
        "symptoms": "disken är full", "labels": {"alertname": "HostOutOfDiskSpace"}})  # fmt: skip
    write("Memory exhausted", "Restart.", routine={"labels": {"alertname": "host_out_of_memory"}})
    symptoms = "vit skärm\nsidan svarar inte"
    proven = {"symptoms": symptoms, "uses": 12, "last_proven_on": today}
    write("Omstart av journalsystemet", "Sidan svarar inte ibland.", routine=proven, about=(treserva,))
    write("Protokoll", "Vi talade om att sidan svarar inte. Vit skärm. Omstart av Treserva.")
    write("Treserva: leverantörer", "Leverantör är bolaget.", item=treserva, part="suppliers")
    write("Omsorgsjournalens innehåll", "Vad som står i en omsorgsjournal.")
    write("Patchning av servrar, Linux", routine={"uses": 30, "last_proven_on": today, "prove_days": 90})
    write("Patchning av servrar, AIX", routine={"prove_days": 90}, is_doubtful=True)
    write("Nätverksavbrott, i drift", due_on=today + dt.timedelta(days=9))
    write("Nätverksavbrott, gammal", valid_to=today - dt.timedelta(days=1))
    write("Räkningar", "Ring banken om en räkning saknas.")
    write("Bankett i stadshuset", "Så dukas det.", routine={"uses": 12})
    write("Säkerhetsläget", "Skydd mot cyberattacker. Rapportera till servicedesk.")
    write("KubeSchedulerDown", "The component is gone.", routine={"labels": {"alertname": "KubeSchedulerDown"}})
    write("Environment schedule", "When environments are down.", routine={"uses": 5})
    write("KubeNodeNotReady", "Look at the node.", routine={"labels": {"alertname": "KubeNodeNotReady"}})
    write("Node debugging", "## When a node is not ready\n\nLook at it.", routine={"uses": 9})
    write("Certificates", "Where they are kept.")
    write("Jenkins agents", "How they are made.")
    write("Jenkins agents for releases", "How an agent is made.", routine={"uses": 3})
    write("Larmlista", "alla larm")
    write("Larmlista för jouren", "alla larm", routine={"uses": 50})


def test_what_is_meant_stands_first_for_every_judged_question() -> None:
    _world(timezone.localdate())
    index_all()
    first = {question: (titles(question, each=3) or [""]) for question in JUDGED}
    wrong = {question: first[question] for question, meant in JUDGED.items() if first[question][0] != meant}
    assert not wrong


def test_doubtful_overdue_and_retired_documents_say_so_and_stand_last() -> None:
    today = timezone.localdate()
    write("Vattenlarm A", valid_to=today - dt.timedelta(days=1))
    write("Vattenlarm B", due_on=today - dt.timedelta(days=1))
    write("Vattenlarm C", is_doubtful=True)
    write("Vattenlarm D")
    write("Vattenlarm E", routine={"uses": 1, "prove_days": 30, "last_proven_on": today - dt.timedelta(days=31)})
    write("Vattenlarm F", routine={"prove_days": 30})
    index_all()
    found = ask("vattenlarm")
    assert found is not None
    assert [(hit.name[-1], hit.state) for hit in found.hits] == [
        ("E", "due"), ("F", "unknown"), ("D", ""), ("B", "over"), ("C", "check"), ("A", "none"),
    ]  # fmt: skip


def test_the_order_is_the_same_each_time() -> None:
    for _number in range(7):
        write("Samma titel", "samma text")
    index_all()
    runs = [[hit.id for hit in found.hits] for found in (ask("samma titel") for _turn in range(3)) if found]
    assert runs[0] == sorted(runs[0])
    assert len(runs) == 3
    assert runs[0] == runs[1] == runs[2]
