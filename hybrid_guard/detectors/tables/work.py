"""Work and studies of someone: occupations, employers, schools and degrees, in eight languages."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import PERSONAL, far_words
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import LETTERS, UPPER, WORD_START, any_of
from hybrid_guard.detectors.views import WORD

__all__ = ["WORK"]

_EDGE = rf"(?:$|[^{WORD}])"
_MY = r"(?:my|his|her|our|their|your|mein(?:e[rmn]?)?|mon|ma|mi|mio|mia|meu|minha|mijn|m\xf3j|moja|moj[ae]j)"
_DOCTORS = (
    (
        "oncologist, cardiologist, dermatologist, neurologist, gastroenterologist, gynecologist, obstetrician, ob-gyn"
        ", urologist"
    ),
    (
        "endocrinologist, rheumatologist, ophthalmologist, pcp, gp, general practitioner, doctor, nurse, pediatrician"
        ", paediatrician, dentist, surgeon, therapist, psychiatrist, psychologist, midwife, primary care physician"
    ),
    (
        "arzt, ärztin, hausarzt, hausärztin, zahnarzt, therapeut, therapeutin, médecin, psychiatre, kiné, médico"
        ", médica, psicólogo, psicóloga, medico, psicologo, huisarts, tandarts, lekarz, lekarka, dentysta, psychiatra"
    ),
)
_TITLES = (
    (
        "accountant, actor, actress, administrator, advisor, adviser, agent, analyst, anesthesiologist, architect"
        ", artist, assistant, associate, astronaut, attorney, auditor, baker, banker, barber, barista, bartender"
        ", biologist, bookkeeper, broker, builder, bus driver, butcher, caregiver, carpenter, cashier, chef, chemist"
        ", chief, clerk, coach, columnist, composer, consultant, contractor, cook, coordinator, counselor, counsellor"
        ", dancer, dean, dentist, designer, detective, developer, dietitian, director, doctor, driver, economist"
        ", editor, electrician, engineer, entrepreneur, executive, farmer, fellow, filmmaker, firefighter"
        ", flight attendant, foreman, founder, freelancer, gardener, geologist, hairdresser, historian, housekeeper"
        ", hygienist, illustrator, inspector, instructor, intern, interpreter, janitor, journalist, judge, laborer"
        ", lawyer, lecturer, librarian, linguist, machinist, manager, marketer, mechanic, midwife, miner, musician"
        ", nanny, nurse, nutritionist, officer, operator, optometrist, painter, paralegal, paramedic, partner, pastor"
        ", pediatrician, pharmacist, photographer, physician, physicist, pilot, plumber, police officer, postdoc"
        ", president, school principal, producer, professor, programmer, psychiatrist, psychologist, radiologist"
        ", realtor, receptionist, recruiter, reporter, researcher, retiree, sailor, salesman, salesperson, saleswoman"
        ", scientist, secretary, security guard, server, singer, social worker, soldier, specialist, statistician"
        ", strategist, supervisor, surgeon, surveyor, teacher, technician, therapist, trader, trainer, translator"
        ", treasurer, truck driver, tutor, veterinarian, waiter, waitress, welder, writer, vp, vice president, ceo"
        ", cto, cfo, coo, homemaker, stay-at-home mom, stay-at-home dad, veteran"
    ),
    *_DOCTORS,
    (
        "lehrer, lehrerin, ingenieur, ingenieurin, arzt, ärztin, krankenpfleger, krankenschwester, buchhalter"
        ", buchhalterin, verkäufer, verkäuferin, anwalt, anwältin, entwickler, entwicklerin, rentner, rentnerin"
        ", student, studentin, polizist, polizistin, koch, köchin, kellner, kellnerin, mechaniker, elektriker"
        ", erzieher, erzieherin, beamter, beamtin"
    ),
    (
        "professeur, ingénieur, infirmier, infirmière, avocat, avocate, médecin, comptable, vendeur, vendeuse"
        ", enseignant, enseignante, étudiant, étudiante, cuisinier, cuisinière, retraité, retraitée, développeur"
        ", chauffeur, coiffeuse"
    ),
    (
        "profesor, profesora, ingeniero, ingeniera, enfermero, enfermera, abogado, abogada, médico, médica, contador"
        ", contable, camarero, camarera, albañil, carpintero, agricultor, ama de casa, jubilado, jubilada, estudiante"
        ", electricista"
    ),
    (
        "insegnante, ingegnere, infermiere, infermiera, avvocato, medico, commercialista, commesso, commessa, operaio"
        ", operaia, impiegato, impiegata, pensionato, pensionata, cuoco, muratore, studente, studentessa"
    ),
    (
        "professora, engenheiro, engenheira, enfermeiro, enfermeira, advogado, advogada, contador, contadora"
        ", vendedor, vendedora, motorista, aposentado, aposentada, pedreiro, estudante, cozinheiro"
    ),
    (
        "leraar, lerares, ingenieur, verpleegkundige, advocaat, huisarts, boekhouder, verkoper, verkoopster"
        ", gepensioneerd, timmerman, vrachtwagenchauffeur"
    ),
    (
        "nauczyciel, nauczycielka, inżynier, pielęgniarka, pielęgniarz, prawnik, prawniczka, lekarz, lekarka"
        ", księgowy, księgowa, sprzedawca, emeryt, emerytka, kierowca, programista, programistka, kucharz, studentka"
    ),
)
_TITLE = any_of(_TITLES)
_MODIFIERS = rf"(?:[{LETTERS}&/-]+\s){{0,3}}?"
_AS = (
    r"(?:i'?m|i\sam|i\swas|he'?s|she'?s|he\sis|she\sis|he\swas|she\swas|i've\sbeen|(?:work(?:s|ed|ing)?|job|position"
    r"|role|employed|hired"
    r"|career|start(?:ed|ing)?|serv(?:e|es|ed|ing)|experience|years)(?:\s\w+){0,4}?\sas|promoted\sto|ich\sbin"
    r"|arbeite\sals|als|bin"
    r"|je\ssuis|comme|soy|trabajo\scomo|trabaja\sde|como|sono|lavoro\scome|faccio|sou|trabalho\scomo|ik\sben"
    r"|ik\swerk\sals|jestem"
    r"|pracuj\xff\sjako|jako)"
)
_THE = r"(?:\s(?:an?|the|now|also|currently|your|our|my|ein[e]?|un|une|una|um|uma|een|el|la|le|il))*"
_DEGREES = (
    r"(?:(?i:(?:high\sschool|bachelor'?s?|master'?s?|doctoral|associate'?s?|undergraduate|graduate|law|medical)\s"
    r"(?:degree|diploma)"
    r"|(?:bachelor|master|doctor)\sof\s(?:arts|science|engineering|laws|education|nursing|business|fine\sarts"
    r"|public\shealth|philosophy)"
    r"|bachelor's|master's|doctorate)|B\.[ASE]\.|B\.?Sc\.?|B\.?F\.?A\.?|M\.[ASD]\.|M\.?Sc\.?|M\.?B\.?A\b\.?"
    r"|P[Hh]\.?\s?[Dd]\b\.?|J\.?D\b\.?"
    r"|LL\.?M\b\.?|MPH\b|(?:BA|BS|MA|MS)(?:\sdegree|\sin|\sfrom))"
)
_FIELD = (
    rf"(?:\s(?:degree\s)?(?:in|of|from)\s(?:the\s)?(?:{UPPER}[{LETTERS}.&'-]*(?:,?\s(?:(?:and|of|at|in|for|the|from"
    rf"|&)\s){{0,3}}{UPPER}[{LETTERS}.&'-]*){{0,6}}))?"
)

_COMPANY = rf"{UPPER}[{WORD}.'&+-]*(?:\s(?:(?:of|and|the|for|&|de|du|di|del|in)\s){{0,2}}{UPPER}[{WORD}.'&+-]*){{0,5}}"
_PAPERS = far_words(
    "invoice, nip, regon, krs, iban, contract, agreement, faktura, umowa, rechnung, vertrag, facture"
    ", contrat, factura, remitido por, nhc"
)

_CLAUSE = re.compile(
    r"(?i)\b(?:a|the|for|with|and|looking|trying|to|in|on|at|how|what|why|his|her|that|this|it|is|was|by|from|about|be"
    r"|who|if|or|my|your)\b"
)


def _refute_clause(value: str) -> bool | None:
    """Not a title, but a part of a sentence that ends with a word for an occupation."""
    return False if _CLAUSE.search(value.rpartition(" ")[0]) else None


def _refute_pronoun(value: str) -> bool | None:
    """A word that begins a sentence is no company."""
    return False if re.fullmatch(r"(?:I|The|A|An|My|In|It|He|She|We|They|Their|This|I'.*|.*')", value) else None


WORK: tuple[Pattern, ...] = (
    Pattern(
        name="occupation that someone gives",
        entity="OCCUPATION",
        regex=(
            rf"{WORD_START}{_AS}{_THE}\s(?P<span>{_MODIFIERS}{_TITLE}(?:\s(?:I{{1,3}}|IV|II)\b)?"
            rf"(?:\sof\s[{LETTERS}]+)?)s?{_EDGE}"
        ),
        score=0.4,
        check=_refute_clause,
    ),
    Pattern(
        name="what someone is or does as",
        entity="OCCUPATION",
        regex=rf"\bas\s(?:an?|the|your)\s(?P<span>{_MODIFIERS}{_TITLE}(?:\s(?:I{{1,3}}|IV)\b)?)s?{_EDGE}",
        score=0.3,
        context=("years", "experience", "career", "my", "currently", "role", "previously"),
        check=_refute_clause,
    ),
    Pattern(
        name="doctor of someone",
        entity="OCCUPATION",
        regex=rf"\b{_MY}\s(?:(?:new|old|primary|family|regular|local|\w+'s)\s)?(?P<span>{any_of(_DOCTORS)}){_EDGE}",
        score=0.4,
    ),
    Pattern(
        name="title in capitals",
        entity="OCCUPATION",
        regex=(
            rf"(?:^|[^{WORD}])(?P<span>(?:(?:{UPPER}[{LETTERS}&/-]+|of|and|&)\s){{0,4}}"
            r"(?:Manager|Engineer|Analyst|Director|Developer|Designer|Specialist|Coordinator|Consultant|Assistant"
            r"|Officer|Associate|Scientist"
            r"|Administrator|Supervisor|Technician|Accountant|Architect|Representative|Executive|President|Attorney"
            r"|Counsel|Nurse|Professor"
            r"|Lecturer|Fellow|Intern|Teacher|Physician|Surgeon|Therapist|Planner|Strategist|Recruiter|Editor|Writer"
            r"|Chair|Treasurer|Lead)"
            rf"(?:\s(?:I{{1,3}}|IV|V)\b)?(?:\sof\s{UPPER}[{LETTERS}]+(?:\s(?:and\s)?{UPPER}[{LETTERS}]+)?)?){_EDGE}"
        ),
        score=0.3,
        context=PERSONAL,
        cased=True,
    ),
    Pattern(
        name="degree",
        entity="EDUCATION",
        regex=rf"(?:^|[^{WORD}.])(?P<span>{_DEGREES}{_FIELD})",
        score=0.3,
        context=(*PERSONAL, "graduated", "degree", "earned", "holds", "studying", "hold"),
        cased=True,
    ),
    Pattern(
        name="field of study",
        entity="EDUCATION",
        regex=(
            r"\b(?P<span>(?:major(?:ing|ed)?|minor(?:ing|ed)?|stud(?:ying|ied|ies)|studiere|\xe9tudie|estudio|studio"
            r"|estudo|studeer|studiuj\xff)\s(?:in\s)?"
            rf"(?:{UPPER}[{LETTERS}&-]+(?:\s(?:and|&)\s|\s)?){{1,4}})"
        ),
        score=0.3,
        context=PERSONAL,
        fit=lambda value: len(re.sub(r"\s(?:and|&)?\s?$", "", value)),
        cased=True,
    ),
    Pattern(
        name="year of study",
        entity="EDUCATION",
        regex=(
            r"\b(?P<span>freshman|sophomore|(?:junior|senior)\s(?:year|at\scollege)|(?:first|second|third|fourth|fifth"
            r"|final|1st|2nd|3rd|4th|5th)[- ]year"
            rf"(?:\s[{LETTERS}]+){{0,3}}\s(?:student|major|resident|phd)|(?:ph\.?d\.?|doctoral|graduate|grad|college"
            r"|university|law|medical|high\sschool|exchange)\s"
            rf"(?:student|candidate)|class\sof\s(?:19|20)\d\d|(?:\d+th|1st|2nd|3rd)\s?grade(?:r|\sstudent)?"
            r"|grade\s\d{1,2})\b"
        ),
        score=0.3,
        context=PERSONAL,
    ),
    Pattern(
        name="student of something",
        entity="EDUCATION",
        regex=rf"(?:^|[^{WORD}])(?P<span>(?:{UPPER}[{LETTERS}&-]+\s){{1,3}}(?:major|student))\b",
        score=0.3,
        context=PERSONAL,
        cased=True,
    ),
    Pattern(
        name="grade point average",
        entity="EDUCATION",
        regex=(
            r"\b(?P<span>(?:cumulative\s|overall\s)?GPA(?:\s\w+){0,4}?[\s:(]{1,3}(?:(?:is|was|of)\s)?"
            r"(?:a\s)?[0-4]\.\d{1,2}(?:\s?/\s?[45](?:\.0)?)?|[0-4]\.\d{1,2}\sGPA)"
        ),
        score=0.6,
    ),
    Pattern(
        name="school that someone went to",
        entity="EDUCATION",
        regex=(
            rf"\b(?P<span>(?:{UPPER}[{LETTERS}.'&-]+\s){{1,4}}(?:University|College|High\sSchool|Academy|Elementary"
            r"|Institute\sof\sTechnology)"
            rf"(?:\sof\s{UPPER}[{LETTERS}]+(?:\s{UPPER}[{LETTERS}]+)?)?|University\sof\s(?:{UPPER}[{LETTERS}]+[\s,]{{1"
            rf",2}}){{1,3}}|(?:Universidad|Universit\xe9|Universit\xe4t"
            r"|Universit\xe0|Universidade|Universiteit|Uniwersytet)(?:\s(?:de|di|du|des|der|van|da|do))?"
            rf"(?:\s{UPPER}[{LETTERS}]+){{1,3}})"
        ),
        score=0.3,
        context=PERSONAL,
        fit=lambda value: len(value.rstrip(" ,")),
        cased=True,
    ),
    Pattern(
        name="employer of someone",
        entity="ORGANIZATION",
        regex=(
            rf"{WORD_START}(?i:(?:(?:member|treasurer|president|secretary|fellow|alum(?:na|nus|ni)?|graduated|chapter"
            r"|chair)\s(?:of|from|in|at)|joined|joining"
            r"|(?:work(?:s|ed|ing)?|job|employed|internship|interned|career|shifts?|hired|position|role|volunteer(?:s"
            r"|ed|ing)?|works?)\s(?:at|for|by|with)"
            r"|employer(?:\sis)?|my\scompany(?:\sis)?|arbeite|arbeitet|travaille|trabajo|trabaja|lavoro|lavora|trabalho"
            r"|trabalha|werk|werkt|pracuj\xff|pracuje)"
            r"(?:\s(?:as|als|comme|como|come|jako)\san?(?:\s[\w-]+){1,4}?)?,?\s?"
            r"(?:at|for|bei|f\xfcr|chez|en|para|presso|per|na|no|bij|voor|w|dla)?\s(?:the\s)?)"
            rf"(?P<span>{_COMPANY}){_EDGE}"
        ),
        score=0.3,
        context=PERSONAL,
        check=_refute_pronoun,
        cased=True,
    ),
    Pattern(
        name="employer after a title",
        entity="ORGANIZATION",
        regex=(
            r"\b(?i:manager|engineer|analyst|director|developer|designer|specialist|coordinator|consultant|assistant"
            r"|officer|associate|scientist"
            r"|administrator|supervisor|technician|accountant|architect|representative|executive|president|attorney"
            r"|nurse|professor|teacher"
            r"|physician|surgeon|therapist|student|intern|lawyer|barista|cashier|agent|appointment|surgery|treated|seen"
            r"|account|degree|undergrad"
            r"|major|program|hospitalized|admitted|insurance|policy|plan|coverage|loan|mortgage|card)"
            rf"\s(?:\w+\s)?(?:at|with|from|for|through|to|by|is)\s(?:the\s)?(?P<span>{_COMPANY}){_EDGE}"
        ),
        score=0.3,
        context=PERSONAL,
        check=_refute_pronoun,
        cased=True,
    ),
    Pattern(
        name="company by its legal form",
        entity="ORGANIZATION",
        regex=(
            rf"(?:^|[^{WORD}])(?P<span>(?:(?:{UPPER}|\d)[{WORD}.'&-]*,?\s(?:(?:and|und|et|y|i|&|of)\s)?"
            rf"|\"[^\"\n]+\"\s){{1,5}}"
            r"(?:Inc|LLC|L\.L\.C|Ltd|Limited|Corp|Corporation|LLP|PLC|GmbH(?:\s&\sCo\.?\sKG)?|AG|KG|e\.V|S\.?A\.?S?"
            r"|SARL|S\.?L\.?U?|S\.?[pP]\.?A|S\.?r\.?l|Lda"
            r"|Ltda|B\.?V|N\.?V|[Ss]p\.\s?z\s?o\.\s?o|sp\.\s?j|sp\.\s?k|Co|LP)(?:\.|\b))"
        ),
        score=0.3,
        context=(*PERSONAL, *_PAPERS),
        cased=True,
    ),
    Pattern(
        name="institution by its kind",
        entity="ORGANIZATION",
        regex=(
            rf"(?:^|[^{WORD}])(?P<span>(?:(?:{UPPER}[{WORD}.'&-]*|of|and|the)\s){{1,5}}(?:Hospital|Clinic|Medical\sCent"
            r"(?:er|re)|Bank"
            r"|Insurance|Credit\sUnion|Pharmacy|Church|Associates|Group|Partners|Society|Association|Foundation|School"
            r"|Elementary|Agency"
            r"|Department|Institute|Laboratories|Technologies|Solutions|Systems|Industries|Consulting|Federal|Dental"
            r"|Realty|Construction"
            r"|Logistics|Studios?|Motors|Airlines|Center|Centre)\b"
            rf"(?:\s(?:of|for)(?:\s(?:the\s)?{UPPER}[{WORD}]+){{1,3}})?|(?:Hospital|Cl\xednica|Cl\xednico"
            r"|Centro\sde\s[Ss]alud|Fundaci\xf3n|Instituto|Complejo\sHospitalario"
            r"|H\xf4pital|Clinique|Ospedale|Klinik|Klinikum|Krankenhaus|Ziekenhuis|Szpital|Urz\xffd\sSkarbowy"
            r"|Przychodnia|S\xffd\sRejonowy|Universit\xe4tsklinikum|Sparkasse|Banco"
            rf"|Banque|Banca|Caisse|AOK)(?:\s(?:(?:de|del|la|las|los|di|du|des|da|do|der|am|im|w|y|i)\s){{0"
            rf",2}}{UPPER}[{WORD}.'-]*){{1,6}})"
        ),
        score=0.3,
        context=(*PERSONAL, *_PAPERS),
        cased=True,
    ),
)
"""``OCCUPATION``, ``ORGANIZATION`` and ``EDUCATION``."""
