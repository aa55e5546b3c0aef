"""Amounts of money that are somebody's: pay, balances, debts and bills. What a thing costs is no secret."""

from __future__ import annotations

import re

from hybrid_guard.detectors.context import PERSONAL
from hybrid_guard.detectors.matching import Pattern

__all__ = ["MONEY"]

_AMOUNT = r"(?:\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_SCALE = r"(?:\s?(?:k|m|mn|bn|thousand|million|billion|trillion|Mio\.?|Mrd\.?)\b)?"
_TIMES = r"(?:k\s?|(?:thousand|million|billion|Mio\.?|Mrd\.?)\s)?"
_SIGN = r"[$\xa2-\xa5]"
_CODES = r"(?:USD|EUR|GBP|CHF|JPY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|BRL|MXN|CNY|RMB|KRW|TRY|ZAR)"
_UNITS = r"(?:dollars?|euros?|bucks|rupees|yen|francs?|reais|pesos|z\xff?o?tych|kronor)"
_PRIVATE_AMOUNTS = (
    "salary,salaries,wage,wages,income,earn,earns,earning,gross pay,net pay,take home,compensation,bonus,stipend"
    ",pension"
    ",balance,savings,checking,account,deposit,withdraw,overdraft,statement,owe,owes,owed,debt,loan,mortgage,rent,lease"
    ",premium,copay,deductible,invoice,amount due,total due,due,past due,refund,reimburse,transfer,wire,remit,billed"
    ",patient responsibility,alimony,child support,settlement,net worth,inherit,401k,ira,portfolio,credit limit"
    ",monthly payment,escrow,tuition,scholarship,grant,fafsa,agi,w-2,1099,taxes,withheld,payroll"
    ",annually"
    ""
    ",gehalt,lohn,einkommen,verdiene,verdient,brutto,netto,miete,kontostand,schulden,kredit,rente,rechnung"
    ",\xfcberweisung"
    ",salaire,revenus,mon revenu,revenu annuel,gagne,loyer,solde,dette,dettes,pr\xeat,facture,virement,\xe9pargne"
    ",retraite"
    ",salario,sueldo,ingresos,gano,gana,alquiler,saldo,deuda,pr\xe9stamo,factura,transferencia,n\xf3mina,hipoteca"
    ",ahorros"
    ",stipendio,reddito,guadagno,guadagna,affitto,debito,mutuo,fattura,bonifico,risparmi,busta paga"
    ",sal\xe1rio,ordenado,renda,ganho,aluguel,d\xedvida,empr\xe9stimo,fatura,transfer\xeancia,poupan\xe7a"
    ",salaris,loon,inkomen,verdien,huur,schuld,lening,factuur,spaargeld,hypotheek"
    ",pensja,wynagrodzenie,zarabiam,zarabia,dochody,czynsz,saldo,d\u0142ug,kredyt,faktura,kwota,przelew"
    ",oszcz\u0119dno\u015bci"
)
_CONTEXT = (
    *_PRIVATE_AMOUNTS.split(","),
    *PERSONAL,
)


def _refute_public(value: str) -> bool | None:
    # One digit after a sign is an argument in many languages; billions are the money of states and companies.
    return False if re.search(r"^[$]\s?\d$|(?i:billion|trillion|bn\b|mrd)", value) else None


_PER = (
    r"(?:\s?(?:/|per\s|an?\s|each\s|im\s|pro\s|par\s|al\s|por\s|all')\s?(?:year|yr|month|mo|week|hour|hr|annum|jahr"
    r"|monat|stunde"
    r"|mois|an|heure|mes|a\xf1o|hora|mese|anno|ora|m\xeas|ano)\b|\s(?:annually|monthly|weekly|hourly|yearly))?"
)

MONEY: tuple[Pattern, ...] = (
    Pattern(
        name="amount after its currency",
        entity="MONEY",
        regex=rf"(?:^|[^\w$])(?P<span>(?:(?:US|CA|AU|NZ|HK|S|R)?{_SIGN}|{_CODES}|Rs\.?)\s?{_AMOUNT}{_SCALE}{_PER})",
        score=0.3,
        context=_CONTEXT,
        check=_refute_public,
    ),
    Pattern(
        name="one digit after its currency",
        entity="MONEY",
        regex=r"(?:^|[^\w$])(?P<span>[$\xa2-\xa5]\s?\d)\b",
        score=0.3,
        context=tuple(_PRIVATE_AMOUNTS.split(",")),
    ),
    Pattern(
        name="amount before its sign",
        entity="MONEY",
        regex=rf"(?:^|[^\w$.,\xa2-\xa5])(?P<span>{_AMOUNT}\s?{_TIMES}{_SIGN})(?:$|[^\w$])",
        score=0.3,
        context=_CONTEXT,
        check=_refute_public,
    ),
    Pattern(
        name="amount before its currency",
        entity="MONEY",
        regex=rf"\b{_AMOUNT}\s?{_TIMES}(?:{_CODES}|{_UNITS})\b",
        score=0.3,
        context=_CONTEXT,
        check=_refute_public,
    ),
)
"""``MONEY``."""
