"""Numbers that their label tells apart: of patients, policies, accounts, taxpayers and cases, in eight languages."""

from __future__ import annotations

import re

from hybrid_guard.detectors.matching import Pattern
from hybrid_guard.detectors.tables.labels import DIGIT_GROUPS, LETTERS, WORD_START, any_of, count_digits

__all__ = ["LABELLED_IDS"]

_LABELLED = 2.2
"""Evidence of a label: as much as a context word."""

# What may stand between a label and its value, in a form or in a sentence.
_LINK = (
    r"(?:\b|[\s:])"
    r"[\"'\x60*_)]{0,3}[\s:=|>#(]{0,3}"
    r"(?:(?:is|was|are|were|reads|it's|it\sis|i\sthink|starts\swith|will\sbe|which\s(?:is|was|are)|number|id|no\.?"
    r"|ending\sin|ends\sin|lautet|ist|war|es|era|est|\xe8"
    r"|\xe9|to|wynosi|jest|wins|of|nr\.?|num[\xe9e]ro|n[\xb0o]|:|-|\x1a)[\s:=#]{1,2}){0,3}[\"'\x60*(\[#]{0,2}\s?"
)
_VALUE = rf"(?P<span>(?:[*X\x1a.]{{2,}}[- ]?)?(?:(?-i:[A-Z]{{1,5}})\s\#?)?{DIGIT_GROUPS})"
_END = rf"(?:$|[^{LETTERS}\d@])"
# "my student ID from that school was", "the patient ID there is".
_ASIDE = (
    rf"(?:,?\s(?:at|from|with|for|on|in|there|here|of|just|as|to|by|which|that|they)(?:,?\s[{LETTERS}\d.&'-]+){{0,9}}?"
    r",?\s(?:is|was|are)"
    r"|\s\([^()\n]*\))?"
)

_FEWEST_DIGITS = 3
_FEW_DIGITS = 2


def _check_id(value: str) -> bool | None:
    """Holds four digits, three and something else, or two and a letter; is no year and no time."""
    digits = count_digits(value)
    if digits >= _FEWEST_DIGITS and not (digits == _FEWEST_DIGITS and value.isdigit()):
        return False if re.fullmatch(r"(?:19|20)\d\d|\d{1,2}[:.]\d\d(?:[ap]m)?", value) else None
    return None if digits == _FEW_DIGITS and re.search("[A-Za-z]", value) and "-" in value else False


def _check_reference(value: str) -> bool | None:
    """Letters and digits, or many digits: not how many of something there are."""
    digits = count_digits(value)
    mixed = re.search("[A-Za-z]", value) and re.search(r"\d[A-Za-z-]|[A-Za-z-]+\d", value)
    return None if digits > _FEWEST_DIGITS + 1 or (mixed and digits >= _FEW_DIGITS) else False


def _check_code(value: str) -> bool | None:
    """Four digits, or three characters of which some are letters."""
    return _check_id(value) if count_digits(value) > _FEWEST_DIGITS or re.search("[A-Za-z]", value) else False


def _check_plate(value: str) -> bool | None:
    """Letters and digits: not how many of something there are, nor how warm or how wide it is."""
    mixed = re.search(r"\d", value) and re.search("[A-Za-z]", value)
    return None if mixed and not re.search(r"\b[a-z]{4}", value) else False


def _fit_plate(value: str) -> int:
    """Up to the words of the sentence that goes on behind its digits."""
    word = re.search(r"(?<=\d) [a-z]+\b", value)
    return word.start() if word else len(value)


def _check_number(value: str) -> bool | None:
    return None if count_digits(value) > _FEWEST_DIGITS else False


_NUMBER_WORD = r"(?:number|numbers|num|no\.|no|nr\.?|id|ids|identifier|identification(?:\snumber)?|code|card|\#)"
_SUBJECTS = (
    "employee, staff, personnel, student, teacher, faculty, university, school, patient, patient portal, chart"
    ", encounter, visit, specimen, accession, medical record, health record, hospital record, patient record, hospital"
    ", record, member, membership, subscriber, group, policy, insurance, insurance policy, insurance claim, health plan"
    ", plan, customer, client, user, case, claim, file, docket, ticket, support ticket, invoice, order, booking"
    ", reservation, confirmation, reference, ref, voter, voter registration, tax, tax file, tax identification"
    ", taxpayer, national, national identity, identity, identity card, badge, license, licence, nursing license"
    ", medical license, professional license, permit, registration, prescription, rx, loan, student loan, medicaid"
    ", medicare, portal, visa, visa application, application, applicant, alien, alien registration, case file, serial"
    ", device, tracking, shipment, transaction, receipt, contract, lease, agreement, unit, account holder, vendor"
    ", supplier, frequent flyer, loyalty, rewards, library card, social, beneficiary, certificate"
    ", registration certificate, birth certificate, marriage certificate, request, incident, report, police report"
    ", complaint, warranty, job, requisition, project, site, sample, study, subject, participant, health card, benefit"
    ", pension, military, service, veteran, va, payroll, pnr, locator, meter, matter, property"
)
# Written so only for an identifier; what follows is its value, if it has digits.
_CODES = (
    (
        "ssn, mrn, npi, dea, ein, itin, tin, abn, tfn, acn, nino, utr, chi number, hkid, nric, orcid, hicn, mbi, guid"
        ", emr id, ni number, national insurance number, social security number, social security no, social security"
        ", ssn#, sin, nin"
    ),
    (
        "medicare number, medicare id, medicaid id, chart #, pan, aadhaar, uan, epic number, vat, vat id, vat number"
        ", crn"
    ),
    (
        "tax id, id, id no, id number, id #, s/n, student id, imei, imsi, iccid, eori, lei, duns, patient id, uid, pnr"
        ", pid, ppsn, swift/bic, employee id here, cost center"
    ),
    (
        "svnr, kvnr, ahv, ahv-nr, steuer-id, steueridnr, idnr, ustid, ust-idnr, steuer-nr, vers.-nr, az, aktenzeichen"
        ", geschäftszeichen, kassenzeichen, fall-nr, pat.-nr, pat-nr, kd.-nr, rg.-nr, personalausweis, ausweis-nr"
        ", mitglieds-nr, vertrags-nr, kunden-nr, pers.-nr, matrikel-nr, matrikelnr, iknr"
    ),
    "nir, nss, n° ss, n° sécu, numéro de sécu, insee, siret, siren, ipp, nip patient, iep, adeli, rpps, dossier",
    (
        "dni, nif, nie, nhc, nass, cip, cipa, nuhsa, cif, curp, rfc, nuss, nºcol, nº col, ncol, n.colegiado"
        ", colegiado, nº colegiado, expediente, historia clínica, nº historia, hc, póliza, cédula, cuit, cuil, rut"
        ", nts, episodio"
    ),
    (
        "codice fiscale, c.f., p.iva, p. iva, partita iva, tessera sanitaria, matricola, pratica, polizza"
        ", cartella clinica"
    ),
    (
        "cpf, cnpj, rg, cns, sus, nus, niss, nif, cnh, pis, nit, crm, processo, utente nº, prontuário, apólice"
        ", título de eleitor, cartão de cidadão, cc"
    ),
    "bsn, kvk, btw, btw-id, agb, uzovi, big, sofinummer, rijksregisternummer, insz, dossier, polis, kenmerk",
    (
        "pesel, nip, regon, krs, pwz, dowód, dowód osobisty, dowód osobisty nr, seria i numer, sygnatura, sygn. akt"
        ", nr pwz, nr polisy, nr dowodu, nr paszportu, polisa, nr rachunku, numer rachunku, nr konta, nr klienta"
        ", nr telefonu"
    ),
)
_ACCOUNTS = (
    "account, bank account, checking account, chequing account, savings account, current account, brokerage account"
    ", credit card account, lease account, pharmacy account, billing account, acct, acc, a/c, routing, routing/aba, aba"
    ", sort code, transit, iban, bic, swift, wire, bsb, clabe, credit union account, 401k account, ira account"
    ", kontonummer, konto, konto-nr, bankleitzahl, blz, compte, numéro de compte, compte bancaire, n° de compte, rib"
    ", cuenta, número de cuenta, cuenta bancaria, nº de cuenta, ccc, conto, conto corrente, numero di conto, c/c, conta"
    ", conta corrente, número da conta, agência, nib, rekening, rekeningnummer, rachunek, numer konta, nr rachunku"
)
_WHOSE = rf"(?:\s[{LETTERS}'.&]+){{0,4}}?"

LABELLED_IDS: tuple[Pattern, ...] = (
    Pattern(
        name="labelled identifier",
        entity="ID_NUMBER",
        regex=rf"\b{any_of((_SUBJECTS,))}[\s_-]?{_NUMBER_WORD}{_ASIDE}{_LINK}{_VALUE}{_END}",
        score=0.6,
        check=_check_id,
        evidence=_LABELLED,
    ),
    Pattern(
        name="identifier after its abbreviation",
        entity="ID_NUMBER",
        regex=rf"{WORD_START}{any_of(_CODES)}{_ASIDE}{_LINK}{_VALUE}{_END}",
        score=0.6,
        check=_check_code,
        evidence=_LABELLED - 0.1,
    ),
    Pattern(
        name="reference after the name of a paper",
        entity="ID_NUMBER",
        regex=(
            r"\b(?:invoice|receipt|ticket|confirmation|booking|reservation|reference|ref|claim|policy|order|docket"
            r"|participant"
            r"|tracking|check|cheque|prescription|rx|voucher|rechnung|beleg|facture|factura|fattura|fatura|factuur"
            r"|faktura"
            r"|buchung|auftrag|commande|pedido|ordine|bestelling|zam\xf3wienie|p\xf3liza|polizza|polis|ap\xf3lice"
            r"|polisa)"
            rf"(?:\s(?:ref|reference|confirmation))?\.?\s?(?:[:#]\s?#?\s?|n[r\xb0\xbao]\.?\s?|\s)(?P<span>[A-Z]{{0"
            rf",8}}-?\d[A-Z0-9]*(?:[-/][A-Z0-9]+)*"
            rf"|[A-Z]+(?:-[A-Z0-9]+)+)(?:$|[^{LETTERS}\d%.,]|[.,](?:\D|$))"
        ),
        score=0.6,
        check=_check_reference,
        evidence=_LABELLED - 0.1,
    ),
    Pattern(
        name="German or Dutch word for a number",
        entity="ID_NUMBER",
        regex=rf"{WORD_START}[{LETTERS}-]{{2,}}(?:nummer|numer|-?nr\b\.?|zeichen){_LINK}{_VALUE}{_END}",
        score=0.6,
        check=_check_id,
        evidence=_LABELLED - 0.2,
    ),
    Pattern(
        name="word for a number, then whose it is",
        entity="ID_NUMBER",
        regex=(
            rf"{WORD_START}(?:num[\xe9e]ro|n[\xfau]mero|numero|numer|nr\.?|n\s?\xb0\.?|no\.?\s(?:de|do|da|del|di|dossier)\b|n[\xfau]m\.)"
            rf"(?:\s(?:de|du|di|da|do|d'|del|della|de\sla|de\sl')?)?{_WHOSE}{_LINK}{_VALUE}{_END}"
        ),
        score=0.6,
        check=_check_number,
        evidence=_LABELLED - 0.3,
    ),
    Pattern(
        name="labelled account",
        entity="US_BANK_NUMBER",
        regex=rf"\b{any_of((_ACCOUNTS,))}(?:[\s_-]?{_NUMBER_WORD})?{_ASIDE}{_LINK}{_VALUE}{_END}",
        score=0.6,
        check=_check_id,
        evidence=_LABELLED - 0.1,
    ),
    Pattern(
        name="end of an account or card",
        entity="CREDIT_CARD",
        regex=(
            r"(?:^|\W)(?P<span>(?:(?:visa|mastercard|master\scard|amex|american\sexpress|discover|maestro|debit|credit"
            r"|card|account|acct)\s){0,3}"
            r"(?:ending|endet|endend|endende|se\sterminant|terminada|termina|terminado|che\stermina|eindigend"
            r"|ko\xffcz\xffca)"
            r"(?:\s(?:in|with|on|auf|par|en|con|com|em|op|s\xff)|:)\s(?:the\s)?(?:digits\s|numbers\s)?[:#*\x1a.-]{0"
            r",4}\d{3,6}"
            r"|(?:card|account|visa|mastercard|amex)\s(?:ends|ended)\s(?:in|with)\s\d{3,6}|(?:visa|mastercard|amex"
            r"|maestro|discover)\s?[*.\x1a]{1,4}\s?\d{4})\b"
        ),
        score=0.6,
        context=("card", "visa", "mastercard", "amex", "debit", "credit"),
        evidence=_LABELLED,
    ),
    Pattern(
        name="what a card ends or starts with",
        entity="CREDIT_CARD",
        regex=r"\b(?:ends?|ended|starts?|begins?)\s(?:in|with)\s(?P<span>\d{4}(?:\s\d{4})?)\b",
        score=0.3,
        context=("card", "visa", "mastercard", "amex", "debit", "credit", "account"),
    ),
    Pattern(
        name="last digits",
        entity="ID_NUMBER",
        regex=(
            r"\b(?:last|final|letzten?|derniers?|[\xfau]ltim[oa]s?|ultime|laatste|ostatnie)\s"
            r"(?:4|four|five|5|six|6|vier|quatre|cuatro|quattro|quatro|cztery)\b"
            rf"(?:\s[{LETTERS}'.]+){{0,6}}?{_LINK}(?P<span>\d{{4,6}})\b"
        ),
        score=0.6,
        evidence=_LABELLED,
    ),
    Pattern(
        name="masked social-security number",
        entity="US_SSN",
        regex=r"\b(?:[X\d]{3}|[*\x1a]{3})-(?:XX|\*\*|\x1a\x1a|\d\d)-(?:\d{4}|XXXX)\b",
        score=0.6,
        check=lambda value: None if re.search("[Xx*\x1a]", value) and re.search(r"\d", value) else False,
        evidence=_LABELLED + 0.1,
    ),
    Pattern(
        name="masked card or account",
        entity="CREDIT_CARD",
        regex=(
            r"(?:^|[^\w*])(?P<span>(?:\d{4,6}[ -]?)?(?:[X*\x1a.]{2,6}[ -]?){1,4}\d{3,5}"
            r"|\d{4}[ -]?[X*\x1a]{4}[ -]?[X*\x1a]{4}[ -]?\d{4})\b"
        ),
        score=0.3,
        context=(
            "card",
            "visa",
            "mastercard",
            "amex",
            "debit",
            "acct",
            "account",
            "ending",
            "konto",
            "tarjeta",
            "carte",
        ),
        check=lambda value: None if re.search(r"[Xx*\x1a]{2}|\.{4}", value) else False,
    ),
    Pattern(
        name="reference with a prefix",
        entity="ID_NUMBER",
        regex=r"\b[A-Z]{2,6}-(?:[A-Z0-9]+-)*\d{3,}(?:-[A-Z0-9]+)*\b",
        score=0.3,
        context=(
            "id",
            "number",
            "invoice",
            "policy",
            "claim",
            "case",
            "patient",
            "member",
            "employee",
            "reference",
            "account",
        ),
        cased=True,
    ),
    Pattern(
        name="long reference after a number sign",
        entity="ID_NUMBER",
        regex=r"(?:^|[\s(])#\s?(?P<span>(?:[A-Z]{1,5}-?)?\d[\dA-Z-]{6,24})\b",
        score=0.5,
        check=_check_number,
        cased=True,
    ),
    Pattern(
        name="labelled driving licence",
        entity="US_DRIVER_LICENSE",
        regex=(
            r"\b(?:driver'?s?'?|driving)\s?licen[cs]e(?:[\s_-]?(?:number|num|no\.?|\#|id))?"
            rf"{_ASIDE}(?:,?\sstate\sof\s\w+,?)?,?{_LINK}(?:[A-Z][a-z]+\s)?{_VALUE}{_END}"
        ),
        score=0.6,
        check=_check_number,
        evidence=_LABELLED,
    ),
    Pattern(
        name="labelled licence in other languages",
        entity="US_DRIVER_LICENSE",
        regex=(
            any_of(
                (
                    (
                        "führerschein, führerscheinnummer, permis de conduire, carnet de conducir, permiso de conducir"
                        ", "
                        "patente"
                        ", patente di guida, carta de condução, rijbewijs, rijbewijsnummer, prawo jazdy, nr prawa jazdy"
                    ),
                )
            )
            + rf"(?:\s?(?:nr\.?|n[\xb0o]|no\.?|number))?{_LINK}{_VALUE}{_END}"
        ),
        score=0.6,
        check=_check_number,
        evidence=_LABELLED,
    ),
    Pattern(
        name="labelled passport",
        entity="US_PASSPORT",
        regex=(
            WORD_START
            + any_of(
                (
                    (
                        "passport, reisepass, pasaporte, passaporto, passeport, passaporte, paspoort, paszport, "
                        "reisepassnummer"
                        ", paspoortnummer, nr paszportu, numer paszportu, pass-nr, passnummer"
                    ),
                )
            )
            + rf"(?:,?\s?(?:number|num|no\.?|nr\.?|n[\xb0o]|\#|id|card))?,?{_ASIDE}{_LINK}"
            + rf"(?:[A-Z][a-z]+\s)?{_VALUE}{_END}"
        ),
        score=0.6,
        check=_check_number,
        evidence=_LABELLED,
    ),
    Pattern(
        name="labelled vehicle",
        entity="LICENSE_PLATE",
        regex=(
            WORD_START
            + any_of(
                (
                    (
                        "license plate, licence plate, number plate, registration plate, plate, plate number, plates, "
                        "plate #"
                        ", license plate number, tag number, kennzeichen, kfz-kennzeichen, amtliches kennzeichen"
                        ", immatriculation, plaque d'immatriculation, matrícula, matricula, placa, targa, kenteken"
                        ", numer rejestracyjny, nr rejestracyjny, nr rej., rejestracja"
                    ),
                )
            )
            + rf"{_LINK}(?P<span>[A-Z\xc4\xd6\xdc\d]{{1,4}}(?:[ -]?[A-Z\d]{{1,5}}){{0,3}}){_END}"
        ),
        score=0.6,
        check=_check_plate,
        fit=_fit_plate,
        evidence=_LABELLED,
    ),
)
"""Identifiers without a shape of their own."""
