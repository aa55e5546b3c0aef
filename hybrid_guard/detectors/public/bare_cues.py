"""Words that tell whether a name that stands alone is somebody's. Lower case, in eight languages."""

from __future__ import annotations

from hybrid_guard.detectors.public.wording import pairs, words

__all__ = [
    "ACTS",
    "ATTRIBUTES",
    "ATTRIBUTE_PAIRS",
    "GIVEN",
    "HIS_OWN",
    "LONG_AGO",
    "MODALS",
    "MOVES",
    "OFFICES",
    "WORKPLACE",
]

ACTS = words(
    "ask call meet visit phone bring send write email reply respond apologise apologize invite give speak talk",
    "schreib schreibe schreiben schick schicke sende frag frage ruf bel vraag stuur schrijf schrijven zapytaj odwiedź",
    "écris écrire envoie envoyer demande appelle escribe escribir envía enviar pregunta llama",
    "scrivi scrivere invia inviare chiedi chiama escreva escreve escrever envie enviar pergunte ligue",
    "napisz napisać wyślij zadzwoń",
)
"""What one does to people whom one knows."""

ATTRIBUTE_PAIRS = pairs(
    *(
        "how old",
        "wie alt",
        "hoe oud",
        "ile lat",
        "quanti anni",
        "quantos anos",
        "the keys",
        "her secret",
        "his secret",
    ),
    *("special class", "special education", "special needs", "special school", "clase especial", "classe spéciale"),
    *("educación especial", "educação especial", "speciaal onderwijs", "szkoła specjalna"),
)
"""What one asks of a person in his own life, in two words."""

ATTRIBUTES = words(
    "love loves affair relationship jealous smells ugly fat stupid lazy visa asylum liebt verliebt eifersüchtig stinkt",
    "dick faul schlüssel visum asyl aime amoureux amoureuse jalouse pue clés amante celosa huele llaves visado",
    "innamorata innamorato gelosa puzza chiavi apaixonada ciumenta chaves visto verliefd jaloers stinkt sleutels kocha",
    "iq förderschule sonderschule",
    "born birthday married dating lying cheating lives geboren geburtstag verheiratet wohnt âge habite mariée edad",
    "vive casado casada età abita sposata sposato idade mora leeftijd woont getrouwd wiek mieszka żonaty zamężna",
)
"""The same in one word."""

GIVEN = words(
    "message text note card gift present invitation speech toast apology letter meeting appointment lunch dinner party",
    "nachricht brief geschenk rede einladung termin lettre cadeau discours rendez mensaje carta regalo discurso cita",
    "messaggio lettera discorso appuntamento mensagem presente bericht toespraak afspraak wiadomość prezent",
)
"""What one makes for people whom one knows."""

HIS_OWN = words(
    "he she his her him their sein seine seinen seinem seiner ihr ihre ihren ihrem ihrer son sa ses su sus suo",
    "sua suoi sue seu seus suas zijn haar swoją swojego swojej swój jego jej",
)
"""Words behind a name that tie something to the one who bears it."""

LONG_AGO = words(
    "century centuries historical historically ancient medieval jahrhundert historisch antike mittelalter siècle",
    "historique antiquité siglo histórico histórica antigüedad secolo storico storica antichità século antiguidade",
    "eeuw historische oudheid wiek wieku starożytność",
)
"""Words of questions about what was long ago."""

MODALS = words(
    "can could should must may might would will does has need kann darf muss soll sollte könnte braucht bekommt",
    "peut doit puede debe può deve pode kan mag moet może musi powinien powinna",
)
"""Verbs before a name by which one asks what somebody may, must or needs."""

MOVES = words(
    "permit permits licence license insurance job pension lawyer doctor",
    "visit travel move stay apply live marry commute emigrate immigrate enrol enroll register qualify renew besuchen",
    "reisen umziehen bleiben beantragen wohnen heiraten visiter voyager déménager rester épouser visitar viajar",
    "mudarse quedarse solicitar vivir casarse visitare viaggiare trasferirsi restare sposare mudar ficar casar",
    "bezoeken reizen verhuizen blijven aanvragen wonen trouwen odwiedzić pojechać zostać przeprowadzić",
)
"""What people do and need in their own lives."""

OFFICES = words(
    "president minister chancellor senator governor mayor pope queen emperor ceo",
    "novelist poet playwright philosopher physicist mathematician composer painter sculptor actor actress",
    "singer rapper footballer striker goalkeeper quarterback astronaut",
    "präsident präsidentin minister ministerin kanzler kanzlerin könig königin kaiser dichter philosoph",
    "komponist maler",
    "président présidente ministre roi reine empereur écrivain romancier poète philosophe compositeur peintre acteur",
    "presidenta ministro ministra rey reina emperador escritor poeta filósofo compositor pintor actriz",
    "presidente re regina imperatore scrittore filosofo compositore pittore attore attrice",
    "rei rainha escritor pintor ator atriz koning koningin keizer schrijver dichter filosoof schilder",
    "prezydent król królowa cesarz pisarz poeta filozof kompozytor malarz aktor aktorka",
)
"""Offices and professions of which the papers and encyclopaedias write."""

WORKPLACE = words(
    "candidate candidates applicants interview kandidaten bewerber candidats candidatos candidati kandidaten kandydaci",
    "desk canteen cubicle warehouse shift shifts till locker lockers staffroom timesheet probation deadline deadlines",
    "late lateness absent absence coworkers colleagues employees staff warning billing balcony flatmates roommates",
    "cfo coo cto hr payroll promoted demoted overtime timesheets beförderung befördert promue ascendida promossa",
    "schreibtisch kantine lager schicht kasse spind probezeit verspätet fehlte fehlt abwesend abmahnung kollegen",
    "cantine entrepôt caisse casier retard absent absente avertissement collègues",
    "comedor almacén turno caja taquilla tarde ausente advertencia compañeros",
    "mensa magazzino cassa armadietto ritardo assente richiamo colleghi",
    "refeitório armazém caixa cacifo atrasado atrasada ausente advertência colegas",
    "kantine magazijn kassa kluisje laat afwezig waarschuwing proeftijd",
    "stołówka magazyn zmiana kasa szafka spóźnił spóźniła nieobecny nieobecna upomnienie koledzy",
)
"""Places and matters of work and of houses, in which a famous name is somebody else's."""
