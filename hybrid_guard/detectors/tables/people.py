"""What people say of themselves and others: names, gender, family, work, studies and origin, in eight languages."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import PERSONAL
from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import LETTERS, UPPER, WORD_START, any_of
from hybrid_guard.detectors.views import WORD

__all__ = ["PEOPLE"]

_EDGE = rf"(?:$|[^{WORD}])"

_I_AM = (
    r"(?:my\s(?:full\s|legal\s|first\s|last\s|real\s)?name(?:\sis|'s|:)|i\sam\scalled|they\scall\sme|you\scan\scall\sme"
    r"|mein\s(?:vor|nach)?name\sist|ich\shei(?:\xdf|ss)e|je\sm'appelle|mon\snom\sest|me\sllamo|mi\snombre\ses"
    r"|mi\schiamo"
    r"|il\smio\snome\s\xe8|meu\snome\s\xe9|me\schamo|chamo-me|mijn\snaam\sis|ik\sheet|nazywam\ssi\xff|mam\sna\simi\xff)"
)
_NAME = (
    rf"{UPPER}[{WORD}'-]*\.?(?:\s(?:(?:de|del|da|dos|von|van|der|den|di|du|la|le)\s){{0,2}}{UPPER}[{WORD}'-]*\.?){{0"
    rf",3}}"
)
_PERSON_NOUNS = (
    (
        "man, woman, male, female, boy, girl, guy, lady, gentleman, transgender man, transgender woman, trans man"
        ", trans woman, transgender, non-binary, nonbinary, genderqueer, genderfluid, agender, intersex"
        ", cisgender man, cisgender woman, mother, father, mom, dad, grandmother, grandfather, son, daughter"
    ),
    "mann, frau, junge, mädchen, männlich, weiblich, divers",
    "homme, femme, garçon, fille, masculin, féminin",
    "varón, mujer, hombre, niño, niña, masculino, femenino, lactante, adolescente",
    "uomo, donna, ragazzo, ragazza, maschio, femmina",
    "homem, mulher, menino, menina, rapaz, moça",
    "vrouw, jongen, meisje, mannelijk, vrouwelijk",
    "mężczyzna, kobieta, chłopiec, dziewczynka",
)
_AGES = (
    r"(?:\d{1,3}[- ]?(?:years?|yrs?|months?)[- ]olds?|\d{1,3}\s?(?:yo|y/o)|\d{1,3}[- ]?j\xe4hrige[rnsm]?|\d{1"
    r",3}-?jarige"
    r"|\d{1,3}[- ]letni[aem]?)"
)
_STATUS = (
    (
        "married, single, divorced, widowed, widow, widower, separated, engaged, unmarried, never married"
        ", newly married, verheiratet, ledig, geschieden, verwitwet, marié, mariée, célibataire, divorcé, divorcée"
        ", veuf, veuve, pacsé, pacsée, casado, casada, soltero, soltera, divorciado, divorciada, viudo, viuda"
        ", sposato, sposata, celibe, nubile, divorziato, divorziata, vedovo, vedova, solteiro, solteira, viúvo, viúva"
        ", getrouwd, gehuwd, ongehuwd, gescheiden, weduwe, weduwnaar, żonaty, zamężna, kawaler, panna, rozwiedziony"
        ", rozwiedziona, wdowiec, wdowa"
    ),
)
_BE = (
    r"(?:i'?m|i\sam|i\swas|i've\sbeen|(?:have|has|had)\sbeen|he'?s|she'?s|he\sis|she\sis|who\sis|we're|we\sare|ich\sbin"
    r"|er\sist|sie\sist"
    r"|je\ssuis|il\sest|elle\sest|soy|estoy|est\xe1|es|sono|\xe8|sou|\xe9|estou|ik\sben|hij\sis|zij\sis|jestem|jest)"
)
_HOW = (
    r"(?:\s(?:a|an|now|also|currently|recently|happily|newly|still|not|legally|both|ahora|actualmente|jetzt|seit"
    r"|maintenant|nu|teraz|\w+ly))*"
)
_MINE = r"(?:my|our|mein(?:e[rmn]?)?|mon|ma|mi|mio|mia|meu|minha|mijn|m\xf3j|moja|moj[ae]j)"
_MY = r"(?:my|his|her|our|their|your|mein(?:e[rmn]?)?|mon|ma|mi|mio|mia|meu|minha|mijn|m\xf3j|moja|moj[ae]j)"

_SIDE = (
    "republican, democrat, democratic party, republican party, conservative, liberal, libertarian, socialist, communist"
    ", marxist, anarchist, labour party, green party, tory, left-wing, right-wing, progressive, trump supporter"
    ", pro-life, pro-choice, cdu, csu, spd, afd, fdp, die linke, grüne, psoe, vox, podemos, rassemblement national"
    ", lega, fratelli d'italia, pis"
)
_ORIGINS = (
    (
        "african american, african-american, asian american, asian-american, native american, american indian"
        ", alaska native, hispanic, latino, latina, latinx, caucasian, white, black, middle eastern, south asian"
        ", east asian, southeast asian, asian, arab, pacific islander, native hawaiian, mixed-race, mixed race"
        ", biracial, multiracial, mestizo, mestiza, indigenous, aboriginal, first nations, roma, sinti, kurdish"
        ", jewish, ashkenazi, ashkenazi jewish, persian, punjabi, tamil, bengali, sikh, hindu, muslim, christian"
        ", catholic, roman catholic, protestant, orthodox, buddhist, atheist, agnostic, mormon, baptist, lutheran"
        ", methodist, evangelical, sunni, shia, quaker, jehovah's witness, american, british, english, irish"
        ", scottish, welsh, german, french, spanish, italian, portuguese, dutch, polish, russian, ukrainian, greek"
        ", turkish, swedish, norwegian, danish, finnish, czech, slovak, hungarian, romanian, bulgarian, serbian"
        ", croatian, bosnian, albanian, swiss, austrian, belgian, mexican, cuban, puerto rican, dominican, colombian"
        ", venezuelan, peruvian, brazilian, argentinian, chilean, salvadoran, guatemalan, honduran, haitian, jamaican"
        ", chinese, japanese, korean, vietnamese, thai, filipino, filipina, indonesian, malaysian, indian, pakistani"
        ", bangladeshi, sri lankan, nepali, afghan, iranian, iraqi, syrian, lebanese, palestinian, israeli, saudi"
        ", egyptian, moroccan, algerian, tunisian, nigerian, ghanaian, kenyan, ethiopian, eritrean, somali, sudanese"
        ", south african, congolese, european, african, scandinavian, slavic, canadian, australian, japanese-american"
        ", mexican-american, chinese-american, korean-american, indian-american, vietnamese-american"
    ),
    (
        "katholisch, evangelisch, muslimisch, jüdisch, türkisch, russisch, deutscher, deutsche, österreicher"
        ", schweizer, pole, polin, musulman, musulmane, juif, juive, catholique, français, française, algérien"
        ", algérienne, marocain, marocaine, católico, católica, musulmán, musulmana, judío, judía, gitano, gitana"
        ", ecuatoriano, ecuatoriana, colombiano, colombiana, boliviano, boliviana, peruano, peruana, marroquí, rumano"
        ", rumana, negra, negro, blanca, blanco, caucásico, caucásica, cattolico, cattolica, ebreo, ebrea, katoliek"
        ", moslim, katolik, żyd, żydówka, muzułmanin"
    ),
)
_ORIGIN = any_of(_ORIGINS)
PEOPLE: tuple[Pattern, ...] = (
    Pattern(
        name="name that someone gives",
        entity="PERSON",
        regex=rf"{WORD_START}(?i:{_I_AM})\s(?:(?:Dr|Mr|Ms|Mrs|Prof)\.?\s)?(?P<span>{_NAME}){_EDGE}",
        score=0.7,
        check=lambda value: False if re.match(r"(?:The|A|An|My|What|How|Why|Not|It|I|In|For)\b", value) else None,
        cased=True,
    ),
    Pattern(
        name="name in lower case that someone gives",
        entity="PERSON",
        regex=(
            r"\bmy\s(?:full\s|legal\s)?name(?:\sis|'s)\s(?P<span>[a-z'-]+(?:\s[a-z'-]+)?)(?:\s(?:and|i|but|from|born)\b"
            r"|[,.;!?]|\s?$)"
        ),
        score=0.6,
    ),
    Pattern(
        name="gender beside an age",
        entity="GENDER",
        regex=rf"{_AGES},?\s(?:[{LETTERS}-]+\s){{0,4}}?(?P<span>{any_of(_PERSON_NOUNS)}){_EDGE}",
        score=0.6,
    ),
    Pattern(
        name="gender before an age",
        entity="GENDER",
        regex=(
            rf"{WORD_START}(?P<span>{any_of(_PERSON_NOUNS)})(?:\s[{LETTERS}-]+){{0,2}}?,?\s(?:(?:de|di|d'|von|van|of"
            r"|w\swieku|aged?|age)\s)?"
            r"\d{1,3}\s?(?:years|yo|y/o|a\xf1os|anos|ans|anni|jahre|jaar|lat|lata|meses|mois|mesi|months)\b"
        ),
        score=0.6,
    ),
    Pattern(
        name="gender of a patient",
        entity="GENDER",
        regex=(
            rf"{WORD_START}(?:patient|patiente|paciente|paziente|pati\xebnt|pacjent)\s"
            rf"(?P<span>{any_of(_PERSON_NOUNS)}){_EDGE}"
        ),
        score=0.6,
    ),
    Pattern(
        name="gender that someone gives",
        entity="GENDER",
        regex=(
            rf"{WORD_START}{_BE}{_HOW}\s(?:(?:a|an|eine?|une?|una?|uma?|een)\s)?(?:[{LETTERS}-]+\s){{0,2}}?"
            rf"(?P<span>{any_of(_PERSON_NOUNS)}){_EDGE}|\bpronouns?\W{{1,4}}(?P<two>\w+/\w+)"
        ).replace("|\\bpronouns?\\W{1,4}(?P<two>\\w+/\\w+)", ""),
        score=0.4,
    ),
    Pattern(
        name="gender of a clinical note",
        entity="GENDER",
        regex=(
            r"(?:^|[\n:.]\s?)(?P<span>Var\xf3n|Mujer|Hombre|Ni\xf1[oa]|Lactante|Adolescente|Neonato|Femme|Homme|Uomo"
            rf"|Donna|Homem|Mulher){_EDGE}"
        ),
        score=0.4,
        cased=True,
    ),
    Pattern(
        name="marital status that someone gives",
        entity="MARITAL_STATUS",
        regex=rf"{WORD_START}{_BE}{_HOW}\s(?P<span>{any_of(_STATUS)}){_EDGE}",
        score=0.5,
    ),
    Pattern(
        name="marital status",
        entity="MARITAL_STATUS",
        regex=(
            rf"{WORD_START}(?:got|getting|is|was|status|mother|father|woman|man|mujer|hombre|frau|mann|female"
            rf"|male)[\s,:'\"]{{1,4}}(?:now\s|recently\s|to\s)?"
            rf"(?P<span>{any_of(_STATUS)}){_EDGE}"
        ),
        score=0.3,
        context=(*PERSONAL, "i", "he", "she"),
    ),
    Pattern(
        name="marital status before a person",
        entity="MARITAL_STATUS",
        regex=rf"\ban?\s(?P<span>{any_of(_STATUS)}),?\s(?:\d\d|mother|father|mom|dad|parent|woman|man|male|female)\b",
        score=0.3,
        context=PERSONAL,
    ),
    Pattern(
        name="spouse",
        entity="MARITAL_STATUS",
        regex=(
            rf"\b{_MINE}\s(?:late\s|ex-|former\s|current\s|new\s)?(?P<span>wife|husband|spouse|fianc[\xe9e]{{1,2}}"
            r"|ex-wife|ex-husband|ehefrau|ehemann"
            r"|esposa|esposo|marido|mujer|\xe9pouse|femme|mari|moglie|marito|vrouw|echtgenoot|echtgenote|\xffona"
            rf"|m\xff\xff){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="origin or belief of someone",
        entity="NRP",
        regex=(
            rf"{WORD_START}(?:(?:{_BE}|identify\sas|raised|born|practi[cs]ing|observant|lapsed|devout){_HOW}\s(?:of\s)?|{_AGES},?\s"
            rf"(?:old\s)?(?:[{LETTERS}-]+\s){{0,1}}?"
            rf"|\b(?:mujer|hombre|paciente|var\xf3n|raza|origen)\s)(?P<span>{_ORIGIN}(?:[/-]{_ORIGIN})?){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="origin before the word for it",
        entity="NRP",
        regex=(
            rf"{WORD_START}(?P<span>{_ORIGIN}(?:[\s/]{_ORIGIN})?)\s(?:descent|heritage|ancestry|origin|background"
            r"|ethnicity|faith"
            r"|(?:wo)?man|male|female|citizen|national|immigrant|boy|girl|family)\b"
        ),
        score=0.3,
        context=PERSONAL,
    ),
    Pattern(
        name="origin said of someone in German or Dutch",
        entity="NRP",
        regex=(
            rf"{WORD_START}(?:bin|bist|(?:er|sie)\s(?:ist|war)|ben|bent|(?:hij|zij|ze)\s(?:is|was))\s(?:van\s)?"
            rf"(?P<span>[{LETTERS}-]+(?:ischer\s(?:herkunft|abstammung)|se\safkomst)){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="political side of someone",
        entity="NRP",
        regex=(
            rf"{WORD_START}(?:{_BE}{_HOW}|vot(?:e|ed|ing)\s(?:for\s)?(?:the)?|member\sof\sthe|mitglied\sder|support"
            r"(?:er|s)?(?:\sof)?\s?(?:the)?"
            rf"|registered|lifelong)\s(?P<span>{any_of((_SIDE,))}){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="sexual orientation of someone",
        entity="SEXUAL_ORIENTATION",
        regex=(
            rf"{WORD_START}(?:{_BE}{_HOW}|came\sout\sas|coming\sout\sas|identif(?:y|ies)\sas|as\sa|being|{_MY}|var\xf3n"
            r"|paciente|hombre|mujer)"
            r"\s(?P<span>gay|lesbian|bisexual|bi|queer|asexual|pansexual|homosexual|heterosexual|straight|schwul"
            r"|lesbisch|bisexuell|homosexuell"
            r"|lesbienne|bisexuel(?:le)?|homosexuel(?:le)?|lesbiana|bisessuale|omosessuale|l\xe9sbica|homoseksueel"
            rf"|biseksueel|gej|lesbijka){_EDGE}"
        ),
        score=0.5,
    ),
    Pattern(
        name="distinguishing mark",
        entity="BIOMETRIC",
        regex=(
            r"\b(?P<span>(?:tattoo|birthmark|scar|tatuaje|tatouage|t\xe4towierung|tatuaggio|tatuagem|cicatriz)\s(?:on"
            rf"|of|en|auf|sur|am|su|na)(?:\s[{LETTERS}]+){{2,5}})"
        ),
        score=0.3,
        context=PERSONAL,
    ),
    Pattern(
        name="handle",
        entity="USERNAME",
        regex=r"(?:^|[\s('\"\x60:])(?P<span>@[A-Za-z0-9_](?:\.?[A-Za-z0-9_-])+)(?:$|[^\w.(@/-]|[./-](?:\W|$))",
        score=0.3,
        context=(
            "handle",
            "twitter",
            "instagram",
            "tiktok",
            "telegram",
            "snapchat",
            "username",
            "follow",
            "github",
            "dm",
            "account",
            "profile",
            "linkedin",
            "reddit",
            "discord",
            "mastodon",
        ),
        check=lambda value: None if len(value) > 3 else False,
    ),
    Pattern(
        name="name of an account in a sentence",
        entity="USERNAME",
        regex=(
            rf"{WORD_START}(?:username|user\sname|login|handle|screen\sname|gamertag|skype|telegram|discord|github"
            r"|reddit|benutzername"
            r"|identifiant|pseudo|usuario|nome\sutente|usu\xe1rio|gebruikersnaam|nazwa\su\xffytkownika)(?:\s(?:name|id"
            r"|handle|username|account))?"
            r"\s(?:is|was|ist|lautet|est|es|\xe8|\xe9|to)\s[\"'\x60]?(?P<span>@?[A-Za-z0-9][\w.#-]{2,30})"
        ),
        score=0.6,
        check=lambda value: None if re.search(r"[\d_@#-]|\w\.\w", value) else False,
        fit=lambda value: len(value.rstrip(".")),
    ),
)
"""Names, demographics, work, studies and what Article 9 of the GDPR protects, where they are somebody's."""
