"""The documents of Vinterhamn, as its people wrote them."""

from __future__ import annotations

from dataclasses import dataclass

from helhet.home.demo import words as w


@dataclass(frozen=True, slots=True)
class Paper:
    """One document. `ago` is how many days ago it was published, or submitted where `until` is `review`; it is to be
    looked at again after so many months, never of itself for 0. `about` is the name of a service; `key` that of a bare
    item of the register which becomes the document.
    """

    sort: str
    title: str
    group: str
    ago: int
    months: int
    text: str
    about: str = ""
    key: str = ""
    until: str = "published"
    later: str = ""
    """What is added to the text in a draft that somebody is writing now."""


PAPERS = (
    Paper(
        "policy",
        "Riktlinje för säkerhetskopiering",
        w.SERVERS,
        410,
        12,
        """\
Riktlinjen gäller alla system som kommunen driver själv, och det som leverantörer driver åt oss när avtalet säger det.

## Vad som kopieras

| Vad | Hur ofta | Sparas |
|---|---|---|
| Databaser | varje timme | 30 dagar |
| Virtuella servrar | varje natt | 14 dagar |
| Filer på gemensamma ytor | varje natt | 90 dagar |

En kopia av allt förs varje natt till Södra hallen. Ingen har rätt att radera kopior i förtid.

## Återläsning

Återläsning provas två gånger om året för varje samhällsviktig tjänst. Provet skrivs upp som en körning av rutinen,
med tid och utfall. En kopia som ingen har läst tillbaka räknas inte som en kopia.

## Undantag

Undantag beslutas av ledningsgruppen, med skäl och slutdatum.
""",
        about="Säkerhetskopiering",
    ),
    Paper(
        "policy",
        "Riktlinje för konton och behörigheter",
        w.IDENTITY,
        140,
        12,
        """\
Varje konto tillhör en människa eller ett system, och någon svarar för det.

- Konton skapas och avslutas automatiskt utifrån personalsystemet.
- Behörighet ges av närmaste chef och för högst ett år.
- Konton för leverantörer är avstängda utom när ett arbete pågår.
- Den som byter tjänst förlorar sina gamla behörigheter samma dag.

## Uppföljning

Gruppen går igenom behörigheterna i samhällsviktiga tjänster varje kvartal. Det som ingen chef har bekräftat tas
bort efter tre veckor.
""",
        about="Inloggning",
    ),
    Paper(
        "process",
        "Hantera incidenter",
        w.CLIENTS,
        330,
        6,
        """\
En incident är när något inte fungerar som det ska för dem som använder det.

1. Servicedesk tar emot, skriver upp vad som är fel och för vem, och bedömer hur bråttom det är.
2. Den som tar hand om incidenten söker rutinen för felet och följer den.
3. Hjälper inte rutinen lämnas incidenten vidare enligt tjänstens supportväg.
4. De berörda får besked minst varje timme så länge en samhällsviktig tjänst står stilla.
5. När allt fungerar igen bekräftar den som anmälde, och incidenten stängs.

Har samma fel kommit tre gånger på en månad skrivs ett problem upp, och den ansvariga gruppen tar upp det på nästa
möte.
""",
        key="PR1",
    ),
    Paper(
        "agreement",
        "Driftöverenskommelse för Omsorgsjournal",
        w.CARE,
        190,
        12,
        """\
Överenskommelsen är mellan socialförvaltningen och gruppen Omsorgens system.

## Vad som lovas

- Journalen går att läsa och skriva i dygnet runt, 99,8 procent av tiden räknat per månad.
- Planerade avbrott ligger mellan 02 och 05 och meddelas en vecka i förväg.
- Vid avbrott kan journalen läsas i en kopia som är högst en timme gammal.

## Vad verksamheten gör

Varje enhet har en pärm med reservblanketter, och övar med dem en gång om året.

## När det inte räcker

Löftet följs upp varje månad. Två missade månader i rad tas upp i ledningsgruppen.
""",
        about="Omsorgsjournal",
    ),
    Paper(
        "other",
        "Kontinuitetsplan för Trygghetslarm",
        w.CARE,
        350,
        12,
        """\
Ett larm som ingen tar emot kan kosta liv. Planen säger vad som görs när larmmottagningen inte fungerar.

## Inom fem minuter

- Ring jouren hos leverantören och säg att mottagningen står stilla.
- Koppla om larmnumret till reservmottagningen på Räddningsstationen.

## Inom en timme

- Hemtjänstens grupper ringer upp alla som har larm, enligt listan i pärmen.
- Den som leder arbetet meddelar socialchefen.

## Tillbaka till det vanliga

Larmnumret kopplas tillbaka först när tio provlarm i rad har kommit fram. Skriv upp hur många larm som kom under
avbrottet och vad som hände med dem.
""",
        about="Trygghetslarm",
    ),
    Paper(
        "other",
        "Så hänger näten ihop",
        w.NETWORK,
        240,
        6,
        """\
Stamnätet är en ring mellan Norra hallen, Södra hallen och Stadshuset. Går en sträcka av tar den andra över inom en
sekund.

- Skolor och boenden hänger på den närmaste hallen, med en fiber var.
- Vattenverket och Räddningsstationen har två vägar in, som aldrig går i samma rör.
- Gästnätet är helt skilt från det andra och når bara internet.

Ritningen över rören finns hos tekniska kontoret.
""",
        about="Internet och trådlöst nät",
        later="""
## Mobil reserv

Fyra boenden har fått en mobil reserv som går igång när fibern är borta i mer än en minut.
""",
    ),
    Paper(
        "minutes",
        "Protokoll från möte om driftstoppet i Norra hallen",
        w.SERVERS,
        75,
        0,
        """\
Närvarande: gruppen Servrar och lagring, samt Nät och brandväggar.

Kylan i Norra hallen stannade en söndag kväll och larmet gick till en telefon som ingen bar. Servrarna stängde av
sig själva efter 40 minuter. Trygghetslarm och Omsorgsjournal gick över till Södra hallen utan avbrott.

## Beslut

1. Larmet från kylan går till jouren, och provas första måndagen i varje månad.
2. Rutinen för att starta hallen skrivs om, eftersom ordningen i den inte stämde.
3. Reservkraftens batterier byts före vintern.
""",
    ),
    Paper(
        "policy",
        "Riktlinje för öppningar i brandväggen",
        w.NETWORK,
        3,
        12,
        """\
En öppning i brandväggen ges för ett ändamål, mellan angivna adresser och till ett slutdatum.

- Beställaren är den grupp som svarar för systemet.
- Gruppen Nät och brandväggar svarar inom två arbetsdagar, med ja, nej eller ja på villkor.
- Öppningar mot internet prövas också av Identitet och säkerhet.
- Varje öppning gås igenom en gång om året. Den som ingen längre kan förklara stängs.
""",
        about="Internet och trådlöst nät",
        until="review",
    ),
)
"""Most are read by all of operations; some of them are past the day of their review."""
