"""Names and words of Vinterhamn. All of it is invented; a likeness with a real place or person is chance."""

from __future__ import annotations

ORGANISATION = "Vinterhamns kommun"
DOMAIN = "vinterhamn.example"

TEAM = "Ledningsgruppen för IT-leverans"
SERVERS, NETWORK, CLIENTS = "Servrar och lagring", "Nät och brandväggar", "Klienter och utskrift"
IDENTITY, CARE, SCHOOL = "Identitet och säkerhet", "Omsorgens system", "Skolans system"
MONEY, MAPS, PHONES = "Ekonomi och personal", "Samhälle och kartor", "Telefoni och växel"

# Name, basis, days ago that it was formed, number of members, mandate.
GROUPS: tuple[tuple[str, str, int, int, str], ...] = (
    (SERVERS, "technology", 730, 9,
     ("Håller servrar, virtuella maskiner, lagring och säkerhetskopior i drift för alla förvaltningar. Svarar för att "
      "operativsystem och databasmotorer är under stöd, och för att återläsning provas två gånger om året.")),
    (NETWORK, "technology", 730, 7,
     ("Svarar för kommunens nät, från stamnät och brandväggar till trådlöst nät i skolor och boenden. Beslutar om "
      "öppningar i brandväggen enligt rutin.")),
    (CLIENTS, "technology", 728, 9,
     ("Svarar för datorer, surfplattor, skrivare och de program som alla har. Beställer, lämnar ut, byter och tar "
      "tillbaka.")),
    (PHONES, "technology", 726, 5, "Svarar för växel, fast och mobil telefoni och för kontaktcenters köer."),
    (MONEY, "delivery", 720, 8,
     ("Svarar för systemen för ekonomi, lön, tid och inköp, och för att bokslut och lönekörning kan genomföras utan "
      "avbrott.")),
    (IDENTITY, "technology", 560, 6,
     "Svarar för konton, behörigheter, inloggning och certifikat, och för säkerhetsloggen."),
    (CARE, "delivery", 560, 9,
     ("Svarar för socialtjänstens och omsorgens system: verksamhetssystem, trygghetslarm, läkemedelssignering och "
      "planering av hembesök. Nås dygnet runt, eftersom larm gör det.")),
    (SCHOOL, "delivery", 545, 8,
     "Svarar för lärplattform, elevregister, schema och prov, och för att nationella prov kan hållas."),
    (MAPS, "delivery", 400, 5,
     "Svarar för kartor, bygglov, diarium, e-tjänster och kommunens webbplatser."),
)  # fmt: skip

PLACES = (
    "Stadshuset", "Kajhuset", "Medborgarkontoret", "Stadsbiblioteket", "Kulturhuset Slipen", "Norra hallen",
    "Södra hallen",
    "Vinterskolan", "Sjöbodskolan", "Bergnässkolan", "Rönnskolan", "Hamngymnasiet", "Förskolan Måsen",
    "Förskolan Tärnan",
    "Strandgårdens äldreboende", "Furulidens äldreboende", "Klippans gruppboende", "Räddningsstationen", "Vattenverket",
    "Reningsverket Udden", "Simhallen Vågen", "Teknikgården", "Socialhuset", "Återbruket",
)  # fmt: skip

# Service, group that comes to answer for it, applications that carry it, criticality 0 to 4.
SERVICES: tuple[tuple[str, str, tuple[str, ...], int], ...] = (
    ("Omsorgsjournal", CARE, ("Omsorgsjournal webb", "Omsorgsjournal mobil", "Journalarkiv"), 4),
    ("Trygghetslarm", CARE, ("Larmmottagning", "Larmstatistik"), 4),
    ("Läkemedelssignering", CARE, ("Signeringslista",), 4),
    ("Planering av hembesök", CARE, ("Ruttplanering", "Nyckelfri hemtjänst"), 3),
    ("Ekonomiskt bistånd", CARE, ("Biståndshandläggning", "E-ansökan bistånd"), 3),
    ("Familjerätt och barn", CARE, ("Barnakten",), 3),
    ("Avvikelserapportering", CARE, ("Avvikelsen",), 2),
    ("Lärplattform", SCHOOL, ("Lärplattformen", "Vårdnadshavarappen"), 3),
    ("Elevregister", SCHOOL, ("Elevregistret", "Skolplacering"), 3),
    ("Schema och frånvaro", SCHOOL, ("Schemaläggaren", "Frånvaroanmälan"), 2),
    ("Digitala prov", SCHOOL, ("Provtjänsten",), 3),
    ("Skolbibliotek", SCHOOL, ("Skolbibliotekskatalogen",), 1),
    ("Skolmat och matsedlar", SCHOOL, ("Kostplanering",), 1),
    ("Barnomsorgskö", SCHOOL, ("Förskolekön",), 2),
    ("Ekonomisystem", MONEY, ("Redovisningen", "Fakturaportalen", "Budget och prognos"), 4),
    ("Lön", MONEY, ("Lönesystemet", "Lönespecifikationen"), 4),
    ("Tid och bemanning", MONEY, ("Tidregistreringen", "Vikarieförmedlingen"), 3),
    ("Inköp och avtal", MONEY, ("Inköpsportalen", "Avtalsdatabasen"), 2),
    ("Rekrytering", MONEY, ("Rekryteringsverktyget",), 1),
    ("Bygglov", MAPS, ("Bygglovshandläggning", "E-tjänst bygglov"), 2),
    ("Kartor och mätning", MAPS, ("Kartverkstaden", "Publika kartan"), 2),
    ("Diarium och arkiv", MAPS, ("Diariet", "E-arkivet"), 3),
    ("E-tjänster", MAPS, ("E-tjänsteplattformen", "Mina sidor"), 3),
    ("Webbplatser", MAPS, ("Vinterhamn.example", "Intranätet Kajen"), 2),
    ("Felanmälan", MAPS, ("Felanmälan gata och park",), 1),
    ("Vatten och avlopp", MAPS, ("Driftövervakning VA", "VA-kartan"), 4),
    ("Telefonväxel", PHONES, ("Växeln", "Kontaktcenter"), 3),
    ("Mobiltelefoni", PHONES, ("Mobilkatalogen",), 2),
    ("E-post och kalender", CLIENTS, ("E-postsystemet", "Kalendern"), 4),
    ("Videomöten", CLIENTS, ("Videomötestjänsten",), 2),
    ("Dokument och samarbete", CLIENTS, ("Samarbetsytan", "Filarkivet"), 3),
    ("Utskrift", CLIENTS, ("Följ mig-utskrift",), 1),
    ("Arbetsplats", CLIENTS, ("Programportalen", "Klienthanteringen"), 3),
    ("Servicedesk", CLIENTS, ("Ärendehanteringen",), 2),
    ("Inloggning", IDENTITY, ("Inloggningsportalen", "Kontoautomaten"), 4),
    ("Säkerhetslogg", IDENTITY, ("Logginsamlingen",), 3),
    ("Integration", SERVERS, ("Integrationsplattformen", "Filöverföringen"), 4),
    ("Säkerhetskopiering", SERVERS, ("Kopieringsschemat",), 4),
    ("Drift av servrar", SERVERS, ("Driftövervakningen",), 4),
    ("Internet och trådlöst nät", NETWORK, ("Gästnätsportalen", "Adresshanteringen"), 4),
)
SUPPORTING = frozenset({
    "Inloggning", "Säkerhetslogg", "Integration", "Säkerhetskopiering", "Drift av servrar", "Internet och trådlöst nät",
    "Arbetsplats", "Utskrift", "Servicedesk", "Telefonväxel", "Dokument och samarbete", "Mobiltelefoni",
})  # fmt: skip

PRODUCTS = (
    "Virtuell server, standard", "Virtuell server, utökad", "Databas, delad", "Lagring per terabyte", "Bärbar dator",
    "Surfplatta för skolan", "Trådlös åtkomstpunkt", "Mobilabonnemang",
)  # fmt: skip

OPERATING = ("Debian 12", "Debian 11", "Ubuntu 22.04", "Ubuntu 20.04", "Windows Server 2022", "Windows Server 2016")
ENGINES = ("PostgreSQL 15", "PostgreSQL 14", "PostgreSQL 12", "MariaDB 10.11", "SQL Server 2019", "SQL Server 2014")
SERVER_MODELS = (("Fjällsta", "R540"), ("Fjällsta", "R750"), ("Norrsken", "NX20"), ("Norrsken", "NX30"))
SWITCH_MODELS = (("Trådvik", "S48"), ("Trådvik", "S24P"), ("Länkö", "E1200"), ("Länkö", "AP-7"))
DEVICE_MODELS = (("Björksta", "Bok 14"), ("Björksta", "Bok 15 G2"), ("Skärvik", "Platta 10"), ("Skärvik", "Skriv M40"))
SOFTWARE = (
    "Kontorspaketet", "PDF-läsaren", "Ritverktyget", "Bildredigeraren", "Webbläsaren", "Textredigeraren",
    "Fjärrhjälpen",
    "Virusskyddet", "Kartvisaren", "Ljudinspelaren", "Statistikpaketet", "Projektplaneraren", "Skärmläsaren",
    "Talsyntesen", "Lösenordsvalvet",
)  # fmt: skip
ENVIRONMENTS = ("Produktion", "Test", "Utbildning")
DOCUMENTS = ("Systemdokumentation", "Driftöverenskommelse", "Informationsklassning", "Riskanalys", "Kontinuitetsplan")
ROUTINES = ("Återläsning av", "Uppgradering av", "Behörighetsgenomgång i", "Månadskontroll av", "Start och stopp av")
PROCESSES = (
    "Hantera incidenter", "Hantera ändringar", "Hantera beställningar", "Hantera problem", "Ta in nya system",
    "Avveckla system", "Hantera leverantörer", "Ge och ta bort behörighet",
)  # fmt: skip
SUPPLIERS = ("Nordanvind System", "Klarsikt Data", "Havsbris IT", "Tre Broar", "Stenhuggarna Drift", "Polstjärnan")
UNITS = (
    "IT-avdelningen", "Socialförvaltningen", "Utbildningsförvaltningen", "Ekonomienheten", "HR-enheten",
    "Samhällsbyggnad", "Kommunikationsenheten", "Tekniska kontoret",
)  # fmt: skip
TITLES = (
    "Systemförvaltare", "IT-tekniker", "Nätverkstekniker", "Verksamhetsutvecklare", "Systemadministratör",
    "Enhetschef", "IT-arkitekt", "Driftledare", "Handläggare",
)  # fmt: skip
FIRST_NAMES = (
    "Alva", "Anders", "Arvid", "Asta", "Axel", "Birgit", "Bo", "Cecilia", "Dag", "Disa", "Edvin", "Elin", "Elsa",
    "Erik",
    "Ester", "Folke", "Frida", "Greta", "Gunnar", "Hanna", "Hedda", "Henrik", "Hilma", "Ingrid", "Ivar", "Jasmin",
    "Johan", "Karin", "Klara", "Leif", "Leila", "Lena", "Linus", "Maja", "Malin", "Mattias", "Mira", "Nils", "Noor",
    "Olle", "Per", "Petra", "Ragnhild", "Rune", "Saga", "Samir", "Signe", "Siv", "Sixten", "Sofia", "Stina", "Sven",
    "Tage", "Thea", "Tove", "Tyra", "Ulf", "Vera", "Viggo", "Åke", "Åsa", "Örjan", "Yusuf", "Zahra", "Doris",
)  # fmt: skip
LAST_NAMES = (
    "Alm", "Bergfors", "Björkdal", "Boström", "Dahlvik", "Ekdahl", "Enmark", "Fagerås", "Fjällström", "Forsvik",
    "Granlid",
    "Grönvall", "Hallvik", "Hedlund", "Holmdal", "Häggmo", "Isaksnäs", "Kallvik", "Kvarnström", "Lidmark", "Lindåker",
    "Lövgård", "Malmnäs", "Mossberg", "Norrbo", "Nyholt", "Oxvik", "Rosengård", "Rydmark", "Sandfors", "Sjögårde",
    "Skogvall", "Stenvik", "Sundnäs", "Tallroth", "Udd", "Vallmark", "Vikander", "Västerholm", "Wiklid", "Åslund",
    "Ängmark", "Öbrink", "Haddad", "Karimi", "Nowakowa",
)  # fmt: skip

COMMENTS = (
    "Provade återläsning i dag, tog 38 minuter. Allt stämde.",
    "Leverantören säger att nästa version kräver PostgreSQL 15.",
    "Står kvar i gamla hallen tills kablaget är draget.",
    "Vem beställde den här? Ingen på kontoret känner till den.",
    "Garantin går ut i vår. Vi bör ta ställning före budget.",
    "Flyttad till Södra hallen, rack 4.",
    "Används bara under nationella proven, stäng inte av i mars.",
    "Certifikatet förnyas för hand, påminn i god tid.",
    "Delas med tekniska kontoret, fråga dem före omstart.",
    "Namnet i inventeringen stämmer inte med skylten på skåpet.",
    "Avtalet har automatisk förlängning på tolv månader.",
    "Fick klagomål om långsamhet på måndagar, ser ut att vara kopieringen.",
)
TASKS = (
    ("Bestäm vem som svarar för objekten ur gårdagens inventering", -0, 5),
    ("Utse ny sammankallande i Samhälle och kartor", -20, -6),
    ("Ta över det som Telefoni och växel lämnade", -80, -21),
    ("Provläs säkerhetskopior för höstterminen", -40, -3),
    ("Byt certifikat på e-tjänsteplattformen", -12, 2),
    ("Gå igenom vad som inte längre syns i inventeringen", -9, 6),
    ("Reda ut vem som svarar för de omtvistade maskinerna", -14, 9),
    ("Skriv klart uppdraget för Identitet och säkerhet", -30, 12),
    ("Planera bort Ubuntu 20.04", -25, 20),
    ("Granska behörigheter i Lön", -6, 14),
    ("Avsluta gamla avtalet med Tre Broar", -18, 25),
    ("Mät trådlöst nät på Bergnässkolan", -4, 11),
    ("Beställ nya åtkomstpunkter till Furuliden", -10, 30),
    ("Beskriv hur larmmottagningen startas om", -22, 18),
    ("Kontrollera licenser för Ritverktyget", -3, 28),
    ("Flytta testmiljön till Södra hallen", -45, 40),
)
