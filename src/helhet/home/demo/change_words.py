"""What the changes of Vinterhamn are called, and what people say about them."""

from __future__ import annotations

from helhet.home.demo import words as w

# Kind, how often among a hundred, titles, plan, test, way back.
SORTS: tuple[tuple[str, int, tuple[str, ...], str, str, str], ...] = (
    ("virtual_machine", 18,
     ("Uppgradera operativsystemet på {}", "Säkerhetsrättningar på {}", "Utöka disken på {}",
      "Flytta {} till ett annat kluster"),
     "1. Ta en ögonblicksbild.\n2. Stäng tjänsterna i ordning.\n3. Gör ändringen.\n4. Starta och läs loggen.",
     "Tjänsterna på maskinen svarar, och övervakningen är grön i en kvart.",
     "Återställ ögonblicksbilden. Det tar högst tjugo minuter."),
    ("application", 30,
     ("Ny version av {}", "Inloggning genom Inloggningsportalen i {}", "Ny behörighetsmodell i {}",
      "Rättning av fel i {}", "Ny koppling från {} till Diariet"),
     "1. Meddela användarna.\n2. Ta säkerhetskopia.\n3. Lägg in paketet från leverantören.\n4. Öppna för alla.",
     "Två handläggare går igenom de tio vanligaste momenten.",
     "Lägg tillbaka förra versionen och läs in kopian av databasen."),
    ("database", 19,
     ("Uppgradera motorn: {}", "Flytta till ny värd: {}", "Bygg om index: {}", "Nytt kopieringsschema: {}"),
     "1. Provläs senaste kopian.\n2. Stäng programmet.\n3. Gör ändringen.\n4. Jämför antalet rader.",
     "Rapporten för förra månaden ger samma siffror som före.",
     "Peka tillbaka mot den gamla värden, som står kvar i fjorton dagar."),
    ("network_device", 11,
     ("Byt ut {}", "Ny fast programvara i {}", "Nytt delnät i {}", "Ny öppning i brandväggen bakom {}"),
     "1. Spara konfigurationen.\n2. Lägg om trafiken.\n3. Gör ändringen på plats.\n4. Lägg tillbaka trafiken.",
     "Telefon, dator och larm på platsen når det de ska.",
     "Läs in den sparade konfigurationen; reservenheten står i skåpet."),
    ("server", 9,
     ("Byt diskar i {}", "Ny fast programvara i {}", "Flytta {} till Södra hallen", "Utöka minnet i {}"),
     "1. Töm värden på maskiner.\n2. Stäng av.\n3. Gör bytet.\n4. Kör minnesprov och ta i drift.",
     "Minnesprovet är felfritt och värden tar emot en provmaskin.",
     "Sätt tillbaka de gamla delarna; de slängs först efter en vecka."),
    ("certificate", 5, ("Byt certifikatet {}",),
     "1. Beställ.\n2. Lägg in.\n3. Starta om webbservern.", "Webbläsaren visar det nya slutdatumet.",
     "Det gamla certifikatet gäller ännu och ligger kvar."),
    ("document", 3, ("Ny utgåva: {}",),
     "1. Inarbeta synpunkter.\n2. Fastställ.\n3. Publicera på Kajen.", "Länkarna från rutinerna leder rätt.",
     "Publicera den förra utgåvan."),
    ("business_service", 3, ("Nya öppettider för {}", "Nytt formulär i {}"),
     "1. Informera verksamheten.\n2. Ställ om.\n3. Följ upp efter en vecka.", "Beställaren godkänner.",
     "Gå tillbaka till det som gällde förut."),
    ("storage", 2, ("Byt styrkort i {}", "Utöka {} med fler hyllor"),
     "1. Flytta last till andra noden.\n2. Byt.\n3. Bygg om spegeln.", "Spegeln är hel och svarstiden som före.",
     "Kör på den andra noden tills felet är funnet."),
)  # fmt: skip
PURPOSES = (
    "Stödet från leverantören upphör.", "Användarna har bett om det i flera månader.",
    "Revisionen anmärkte på detta.", "Felet har stört arbetet varje måndag.",
    "Krävs för att nästa steg i upphandlingen ska gå att göra.", "Minskar kostnaden för drift.",
    "Täpper till en känd säkerhetsbrist.",
)  # fmt: skip
# How often of a hundred the changes of a group go wrong, and in a small way.
FORTUNES: dict[str, tuple[int, int]] = {
    w.SERVERS: (6, 8), w.NETWORK: (3, 6), w.CLIENTS: (5, 9), w.IDENTITY: (9, 9), w.CARE: (12, 12),
    w.SCHOOL: (34, 14), w.MONEY: (5, 5), w.MAPS: (25, 12),
}  # fmt: skip
YES = ("", "", "Går bra för oss.", "Ja, men ring jouren om det drar ut på tiden.", "Vi har inget inplanerat då.")
CONDITIONS = (
    "Meddela enhetscheferna senast dagen före", "Kör efter nattens kopiering", "Prova först i testmiljön",
    "Ha någon på plats i Kajhuset under bytet", "Ta en extra säkerhetskopia samma dag",
)  # fmt: skip
NOES = (
    "Vi håller på med terminsstart och klarar inget avbrott den veckan.",
    "Larmen går genom den här maskinen och vi har ingen reserv ännu.",
    "Förra gången stod vi stilla i två timmar. Vi vill se ett prov först.",
)
GOES_ON = (
    "Risken av att vänta är större. Gruppen får en person på plats under bytet.",
    "Ändringen görs, men först efter klockan 20, när verksamheten har stängt.",
)
STOPS = "Ändringen väntar tills reserven är på plats. Ta upp den igen då."
LEARNT_BAD = (
    "Provet gjordes i en miljö som inte var lik den riktiga. Testmiljön ska få samma version först.",
    "Vi visste inte att filöverföringen gick genom maskinen. Beroendet är nu inlagt.",
    "Leverantörens paket saknade en fil. Vi provinstallerar alltid samma dag framöver.",
    "Återgången tog en timme längre än planen sade. Planen är skriven om och provad.",
)
LEARNT_FAULTS = (
    "Utskriften låg nere en stund efteråt. Rutinen har fått ett steg till.",
    "Några användare fick logga in på nytt. Nästa gång säger vi det i förväg.",
)
LEARNT_DONE = ("", "", "", "Gick snabbare än väntat.", "Att vara två var rätt.")
CANCELLED = (
    "Leverantören drog tillbaka versionen.", "Görs i stället när servern byts ut.", "Beställaren behöver det inte.",
    "Upphandlingen blev försenad.",
)  # fmt: skip
SIGNED = (
    "Grupperna har talats vid: den ena väntar in den andra.",
    "Avbrottet är kortare än en minut och märks inte.",
    "Stödet upphör, det kan inte vänta till nästa tid.",
)
INCIDENTS = ("Ingen kunde logga in", "Långsamma svar hela förmiddagen", "Filer kom inte fram", "Larm om full disk")

EMERGENCIES = (
    ("Stoppa spridning av skadlig kod från {}", "virtual_machine"),
    ("Starta om {} efter strömavbrott", "server"),
    ("Täpp till allvarlig säkerhetsbrist i {}", "application"),
    ("Ersätt trasig {}", "network_device"),
)

# Name, kind, group, conditions, routine, way back, minutes.
STANDARDS: tuple[tuple[str, str, str, str, str, str, int], ...] = (
    ("Månadens säkerhetsrättningar", "virtual_machine", w.SERVERS,
     "Rättningarna har legat i testmiljön i tre dygn. Görs efter klockan 18.",
     "1. Ta en ögonblicksbild.\n2. Lägg in rättningarna.\n3. Starta om.\n4. Kontrollera övervakningen.",
     "Återställ ögonblicksbilden.", 60),
    ("Byte av trådlös åtkomstpunkt eller växel mot samma modell", "network_device", w.NETWORK,
     "Samma modell och samma konfiguration. Platsen är meddelad.",
     "1. Läs ut konfigurationen.\n2. Byt enheten.\n3. Läs in.\n4. Mät på plats.", "Sätt tillbaka den gamla.", 45),
    ("Förnyelse av certifikat", "certificate", w.IDENTITY,
     "Samma namn och samma utfärdare.", "1. Begär.\n2. Lägg in.\n3. Läs om webbservern.",
     "Det gamla gäller ännu.", 30),
    ("Utökning av databas med mer utrymme", "database", w.SERVERS,
     "Högst en fördubbling, och lagret har plats.", "1. Utöka volymen.\n2. Utöka filsystemet.\n3. Läs av.",
     "Behövs inte: inget tas bort.", 30),
    ("Rättningsversion från leverantör", "application", w.MONEY,
     "Bara sista siffran i versionen ändras.", "1. Säkerhetskopia.\n2. Lägg in.\n3. Gå igenom provlistan.",
     "Lägg tillbaka förra versionen.", 60),
    ("Omstart av lagringsnod", "storage", w.SERVERS,
     "Den andra noden är frisk.", "1. Flytta lasten.\n2. Starta om.\n3. Flytta tillbaka.", "Kör på den andra noden.",
     45),
)  # fmt: skip
THRESHOLDS = (
    ("workplace_device", "Byte, omflyttning och återlämning av dator", "beställningen i servicedesken", w.CLIENTS),
    ("licence", "Fler eller färre användare i en licens", "beställningen i inköpsportalen", w.MONEY),
)
EXPLAINED = (
    "Månadens rättningar, uppgiften i driftschemat", "Felskrivet i inventeringen, inget ändrades i verkligheten",
    "Gjordes på en gång under jouren",
)  # fmt: skip
AROUND = "Även det som görs på jouren skrivs in som brådskande ändring samma natt."
