"""
Fields of forms, records and letter heads, in eight languages: whatever stands after ``Name:``, ``Domicilio:``, ``ur.``.

What the value looks like matters little, so it is found in any language and however rare the name is.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import FIELD_START, LETTERS, SEPARATOR, UPPER, WORD_START, any_of
from hybrid_guard.detectors.views import WORD

__all__ = ["FORMS"]

_GIVEN_NAMES = (
    (
        "first name, given name, last name, surname, family name, middle name, maiden name, full name, legal name"
        ", patient name, patient's name, name of patient, name of the patient, customer name, employee name"
        ", student name, client name, account holder, account holder name, cardholder, cardholder name, card holder"
        ", name on card, policy holder, policyholder, next of kin, emergency contact, emergency contact name"
        ", mother's maiden name, father's name, mother's name, spouse name, spouse's name, contact name"
        ", contact person, applicant name"
    ),
    (
        "vorname, nachname, familienname, geburtsname, vor- und nachname, vor- und zuname, zuname, name vorname"
        ", name des patienten, kontoinhaber, kontoinhaberin, ansprechpartner, karteninhaber, versicherungsnehmer"
    ),
    (
        "prénom, prénoms, nom de famille, nom de naissance, nom d'usage, nom complet, nom et prénom, nom et prénoms"
        ", nom prénom, nom du patient, prénom du patient, titulaire du compte, nom de jeune fille"
    ),
    (
        "nombre, apellido, apellidos, primer apellido, segundo apellido, nombre completo, nombre y apellidos"
        ", apellidos y nombre, nombre del paciente, titular de la cuenta, nombre del titular"
    ),
    "cognome, nome e cognome, cognome e nome, nominativo, nome del paziente, intestatario, intestatario del conto",
    (
        "sobrenome, apelido, nome completo, nome do paciente, nome da mãe, nome do pai, nome do titular"
        ", titular da conta"
    ),
    ("voornaam, achternaam, volledige naam, voor- en achternaam, rekeninghouder, naam patiënt, meisjesnaam, roepnaam"),
    (
        "imię, imiona, nazwisko, imię i nazwisko, nazwisko i imię, nazwisko rodowe, posiadacz rachunku, imię ojca"
        ", imię matki, nazwisko panieńskie, imię i nazwisko pacjenta"
    ),
)
_ROLES = (
    (
        "name, patient, student, employee, applicant, client, customer, intern, tenant, landlord, lessee, lessor"
        ", insured, subscriber, beneficiary, guarantor, guardian, parent, spouse, husband, wife, mother, father, son"
        ", daughter, child, physician, attending, attending physician, doctor, nurse, provider, referring physician"
        ", pcp, surgeon, therapist, dentist, teacher, supervisor, manager, witness, plaintiff, defendant, attorney"
        ", buyer, seller, borrower, debtor, passenger, guest, candidate, author, signed, signed by, signature"
        ", prepared by, reviewed by, reported by, submitted by, requested by, approved by, assignee, reporter"
        ", recipient, sender, payee, payer, from, to, cc, attn, attention, attendee, attendees, participants, member"
        ", donor, victim, suspect, caller"
    ),
    (
        "patientin, arzt, ärztin, hausarzt, behandelnder arzt, versicherte, versicherter, mieter, mieterin, vermieter"
        ", vermieterin, kunde, kundin, bewerber, bewerberin, antragsteller, antragstellerin, mitarbeiter"
        ", mitarbeiterin, schüler, schülerin, empfänger, absender, unterzeichner, zeuge, käufer, verkäufer, mandant"
        ", von, an"
    ),
    (
        "nom, patiente, médecin, médecin traitant, docteur, locataire, bailleur, assuré, assurée, titulaire, client"
        ", cliente, salarié, salariée, élève, étudiant, étudiante, destinataire, expéditeur, acheteur, vendeur"
        ", témoin, de"
    ),
    (
        "paciente, médico, doctor, doctora, titular, tutor, madre, padre, cónyuge, remitido por, responsable clínico"
        ", responsable, empleado, empleada, alumno, alumna, cliente, solicitante, arrendatario, arrendador, inquilino"
        ", firmado, destinatario, remitente, asegurado"
    ),
    (
        "nome, paziente, medico, medico curante, assistito, assistita, inquilino, conduttore, locatore, dipendente"
        ", studente, mittente, firmato, acquirente, venditore, richiedente"
    ),
    (
        "utente, médico, funcionário, funcionária, aluno, aluna, inquilino, locatário, locador, segurado, requerente"
        ", destinatário, remetente, comprador, vendedor, autor, réu"
    ),
    (
        "naam, patiënt, arts, huisarts, huurder, verhuurder, klant, werknemer, medewerker, verzekerde, afzender"
        ", aanvrager, ontvanger, koper, verkoper, van, aan"
    ),
    (
        "pacjent, pacjentka, lekarz, lekarz prowadzący, najemca, wynajmujący, pracownik, klient, klientka, uczeń"
        ", student, podatnik, małżonek, protokolant, przewodniczący, przewodniczący zebrania, kontrahent, nadawca"
        ", odbiorca, nabywca, sprzedawca, kupujący, wnioskodawca, ubezpieczony, ubezpieczona, zleceniodawca"
        ", zleceniobiorca, pełnomocnik, świadek, powód, powódka, pozwany, pozwana, sporządził, sporządziła"
        ", zatwierdził, podpis, osoba do kontaktu"
    ),
)
_ADDRESSES = (
    (
        "home address, street address, mailing address, postal address, billing address, shipping address"
        ", delivery address, current address, old address, new address, previous address, residential address"
        ", permanent address, work address, service address, property address, residence, domicile, street"
        ", address line 1, address line 2"
    ),
    (
        "anschrift, adresse, straße, straße und hausnummer, wohnanschrift, wohnadresse, lieferadresse"
        ", rechnungsadresse, wohnhaft, wohnhaft in, postanschrift, meldeadresse"
    ),
    "adresse postale, adresse du domicile, adresse personnelle, domicile, domicilié à, demeurant, rue",
    "dirección, domicilio, domicilio actual, dirección postal, dirección particular, calle",
    "indirizzo, indirizzo di residenza, residenza, domicilio fiscale, residente in, via",
    "endereço, morada, residência, endereço residencial, rua, logradouro",
    "adres, woonadres, postadres, straat, bezoekadres, adresgegevens",
    (
        "adres, adres zamieszkania, adres zameldowania, adres korespondencyjny, adres do korespondencji, ulica"
        ", zamieszkały, zamieszkała, zam., miejsce zamieszkania, siedziba, adres siedziby"
    ),
)
_PLACES = (
    (
        "city, town, county, place of birth, birthplace, birth place, hometown, zip, zip code, postal code, postcode"
        ", city/state, city state zip, country of birth, country of residence"
    ),
    "wohnort, geburtsort, postleitzahl, plz, plz/ort, ort, geburtsland, stadt",
    "ville, code postal, lieu de naissance, commune, pays de naissance, code postal et ville, pays",
    (
        "localidad, provincia, localidad/ provincia, localidad/provincia, población, municipio, código postal, cp"
        ", c.p., lugar de nacimiento, ciudad, país, país de nacimiento"
    ),
    "città, comune, luogo di nascita, cap, comune di residenza, comune di nascita",
    "cidade, cep, código postal, naturalidade, localidade, concelho, município, local de nascimento, bairro, país",
    "woonplaats, geboorteplaats, postcode, postcode en woonplaats, plaats",
    "miasto, miejscowość, kod pocztowy, miejsce urodzenia, województwo, powiat, gmina",
)
_GENDERS = (
    ("sex, gender, gender identity, pronouns, geschlecht, sexe, sexo, género, sesso, genere, gênero, geslacht, płeć"),
)
_MARRIAGES = (
    (
        "marital status, civil status, relationship status, familienstand, état civil, situation familiale"
        ", estado civil, stato civile, burgerlijke staat, stan cywilny"
    ),
)
_WORK = (
    (
        "occupation, job title, profession, current position, current job, beruf, berufsbezeichnung, tätigkeit"
        ", emploi, métier, fonction, profesión, ocupación, puesto, professione, occupazione, mansione, profissão"
        ", ocupação, cargo, beroep, functie, zawód, stanowisko, zawód wykonywany"
    ),
)
_EMPLOYERS = (
    (
        "employer, employer name, current employer, company name, name of employer, school, university, high school"
        ", hospital, clinic, insurance, insurance provider, insurer, bank, bank name, pharmacy, facility, arbeitgeber"
        ", firma, krankenkasse, employeur, entreprise, mutuelle, empleador, empresa, empresa empleadora"
        ", centro de salud, aseguradora, datore di lavoro, azienda, empregador, empresa, convênio, werkgever"
        ", zorgverzekeraar, pracodawca, nazwa firmy, zakład pracy, nazwa, sp"
    ),
)
_STUDIES = (
    (
        "education, degree, highest degree, major, field of study, gpa, ausbildung, abschluss, studiengang, diplôme"
        ", formation, formación, titulación, estudios, titolo di studio, istruzione, escolaridade, formação"
        ", opleiding, wykształcenie"
    ),
)
_GROUPS = (
    (
        "nationality, citizenship, religion, religious affiliation, ethnicity, race, ethnic origin"
        ", political affiliation, party affiliation, political party, tribe, caste, staatsangehörigkeit, nationalität"
        ", konfession, ethnie, religionszugehörigkeit, nationalité, religión, nacionalidad, etnia, raza, nazionalità"
        ", cittadinanza, religione, nacionalidade, religião, raça, cor/raça, nationaliteit, godsdienst, geloof"
        ", obywatelstwo, narodowość, wyznanie"
    ),
)
_UNIONS = ("union membership, trade union, gewerkschaft, syndicat, sindicato, sindacato, vakbond, związek zawodowy",)
_ORIENTATIONS = (
    (
        "sexual orientation, sexuelle orientierung, orientation sexuelle, orientación sexual, orientamento sessuale"
        ", orientação sexual, seksuele geaardheid, orientacja seksualna"
    ),
)
_ACCOUNTS = (
    (
        "username, user name, login name, screen name, nickname, gamertag, benutzername, nutzername"
        ", nom d'utilisateur, nombre de usuario, nome utente, nome de usuário, nome de utilizador, gebruikersnaam"
        ", nazwa użytkownika"
    ),
)
_LOGINS = (
    (
        "user, login, user id, userid, handle, account name, skype, telegram, instagram, twitter, discord, snapchat"
        ", github, benutzer, identifiant, pseudo, usuario, utente, usuário, utilizador, gebruiker, użytkownik"
    ),
)
_DISEASES = (
    (
        "diagnosis, diagnoses, admitting diagnosis, discharge diagnosis, primary diagnosis, assessment, impression"
        ", chief complaint, presenting complaint, past medical history, medical history, medical condition"
        ", medical conditions, pmh, pmhx, hpi, allergies, known allergies, symptoms, family history, disability"
    ),
    "diagnose, diagnosen, hauptdiagnose, nebendiagnose, allergien, anamnese, beschwerden, vorerkrankungen, befund",
    "diagnostic, diagnostic principal, antécédents, antécédents médicaux, motif de consultation, symptômes",
    (
        "diagnóstico, diagnóstico principal, antecedentes, antecedentes personales, alergias, motivo de ingreso"
        ", motivo de consulta, diagnósticos"
    ),
    "diagnosi, anamnesi, allergie, patologie, sintomi",
    "diagnóstico, alergias, queixa principal, antecedentes pessoais, sintomas",
    "diagnose, voorgeschiedenis, allergieën, klachten",
    "rozpoznanie, diagnoza, alergie, choroby przewlekłe, objawy, schorzenia",
)
_MEDICINES = (
    (
        "medication, medications, current medications, meds, prescription, prescriptions, rx, drug, medikation"
        ", medikamente, médicaments, traitement, ordonnance, medicación, tratamiento actual, farmaci"
        ", terapia in corso, medicamentos, medicação, medicatie, leki, przyjmowane leki"
    ),
)

_PARTICLES = r"(?:(?:de|del|la|las|los|da|do|dos|von|van|der|den|di|du|le|y|e|i)\s){0,3}"
_TITLE = r"(?:(?:Dr|DR|Mr|Ms|Mrs|Prof|Sr|Sra|Dra|DRA|Mme|Dott|Frau|Herr|Lek|Pan|Pani)[.:]{0,2}\s{1,3}){0,2}"
_TWO_NAMES = rf"(?P<span>{_TITLE}{UPPER}[{WORD}'-]*[,.]?(?:\x20{_PARTICLES}{UPPER}[{WORD}.'-]*){{1,4}})"
_ANY_NAME = (
    rf"(?P<span>[{LETTERS}][{LETTERS}.'-]*(?:,\x20{UPPER}[{LETTERS}'-]*)?(?:\x20[{LETTERS}.'-]+)*?)"
    rf"(?:$|\s?[^{LETTERS}.'\s-]|\s\s|[\n\r\t]|[.,]?\s{UPPER}[{LETTERS}]*(?:\s[{LETTERS}]+)?:)"
)
# The value of a field ends with its line, before the next field, or at a bracket, a quote, a bar or a gap.
_REST = rf"(?P<span>[{WORD}#][^\n\r\t|;<>{{}}\"\x60]*?)"
_REST_END = (
    rf"\s{{0,3}}(?:$|[\n\r\t|;<>{{}}\"\x60]|\s\s|\.\s{{0,2}}(?:$|[\n\r])|[.,]?\s{UPPER}[{LETTERS}/\xba\xb0]*"
    rf"(?:\s[{LETTERS}]+)?:)"
)

_LOGIN = rf"(?P<span>@?[{WORD}][{WORD}.@+-]+)(?:$|[^\w(\[])"

_LONGEST_VALUE = 12
_SHORTENED = re.compile(r"(?:^|[\s.,])[^\s.]{1,4}$")


def _fit_field(value: str) -> int:
    """Up to the end of its first sentence; 0 if that is longer than the value of a field."""
    end = len(value)
    for stop in re.finditer(r"\.\s", value):
        if not _SHORTENED.search(value[: stop.start()]):
            end = stop.start()
            break
    trimmed = value[:end].rstrip(" .,*'_)]-")
    return len(trimmed) if len(trimmed.split()) <= _LONGEST_VALUE else 0


_FILLER = re.compile(
    r"(?i)(?:none|null|nil|n/?a|unknown|str(?:ing)?|int(?:eger)?|bool(?:ean)?|float|object|array|list|dict|true|false"
    r"|tbd"
    r"|required|optional|text|varchar.*|your .*|the .*|a .*|an .*|any .*|enter .*|insert .*|\w+\(.*|https?|type|number"
    r"|date)"
)


def _refute_filler(value: str) -> bool | None:
    """Names of types and words that stand where a value is to be put."""
    return False if _FILLER.fullmatch(value) else None


def _refute_place(value: str) -> bool | None:
    """Not a street: addresses of machines and of mail, and words of prose."""
    if _FILLER.fullmatch(value) or re.match(r"(?i)0x|https?:|www\.|[0-9a-f]{0,4}:|[\d.]+$", value) or "@" in value:
        return False
    return None


def _refute_name(value: str) -> bool | None:
    return False if re.search(r"\d|[@/\\=]", value) else _refute_filler(value)


def _refute_plain_login(value: str) -> bool | None:
    """A word that may also begin a sentence, as it does in the transcript of a chat."""
    return None if re.search(r"[\d_@]|\w[.+-]\w", value) else False


def _field(
    name: str,
    entity: str,
    labels: tuple[str, ...],
    *,
    value: str = _REST + _REST_END,
    start: str = FIELD_START,
    score: float = 0.6,
    check: Callable[[str], bool | None] = _refute_filler,
) -> Pattern:
    """Whatever stands after one of *labels*."""
    return Pattern(
        name=name,
        entity=entity,
        regex=f"{start}(?i:{any_of(labels)}){SEPARATOR}{value}",
        score=score,
        check=check,
        fit=_fit_field,
        evidence=1.0,
        cased=True,
    )


FORMS: tuple[Pattern, ...] = (
    _field(
        "field of a name", "PERSON", _GIVEN_NAMES, value=_ANY_NAME, start=WORD_START, score=0.85, check=_refute_name
    ),
    _field("field of a person", "PERSON", _ROLES, value=_TWO_NAMES, score=0.7, check=_refute_name),
    _field("field of an address", "ADDRESS", _ADDRESSES, score=0.8, check=_refute_place),
    _field(
        "field called address",
        "ADDRESS",
        ("address",),
        value=rf"(?P<span>(?:{UPPER}|\d)[^\n\r\t|;<>{{}}\"\x60]*?){_REST_END}",
        score=0.7,
        check=_refute_place,
    ),
    _field("field of a place", "LOCATION", _PLACES, score=0.6),
    _field(
        "field of a gender",
        "GENDER",
        _GENDERS,
        start=WORD_START,
        value=rf"(?P<span>[{LETTERS}][{LETTERS}/-]*)(?:$|[^\w(])",
    ),
    _field("field of a marital status", "MARITAL_STATUS", _MARRIAGES, start=WORD_START),
    _field("field of an occupation", "OCCUPATION", _WORK),
    _field(
        "field of an employer",
        "ORGANIZATION",
        _EMPLOYERS,
        value=rf"(?P<span>{UPPER}[^\n\r\t|;<>{{}}\"\x60]*?){_REST_END}",
    ),
    _field("field of an education", "EDUCATION", _STUDIES),
    _field("field of a group", "NRP", _GROUPS),
    _field("field of a union", "TRADE_UNION", _UNIONS),
    _field("field of an orientation", "SEXUAL_ORIENTATION", _ORIENTATIONS),
    _field("field of an account", "USERNAME", _ACCOUNTS, value=_LOGIN),
    _field("field of a login", "USERNAME", _LOGINS, value=_LOGIN, check=_refute_plain_login),
    _field("field of a diagnosis", "MEDICAL_CONDITION", _DISEASES),
    _field("field of a medicine", "MEDICATION", _MEDICINES),
)
"""Fields whose value is not known by its shape."""
