"""Words that tell a sum or a riddle from somebody's life. Lower case, in eight languages."""

from __future__ import annotations

from hybrid_guard.detectors.public.wording import pairs, words

__all__ = ["AMOUNTS", "AMOUNT_PAIRS", "BEGINNINGS", "FOR", "GRAVE", "NUMBERS", "PUZZLES", "TITLES"]

AMOUNTS = words(
    "wieviel wieviele combien cuánto cuánta cuántos cuántas quanto quanta quanti quante quantos quantas hoeveel ile ilu"
)
"""Words that ask for an amount."""

AMOUNT_PAIRS = pairs(
    "how many|much|old|long|far|tall|fast|heavy|big|large|high|wide|deep|often",
    "what time|age|distance|speed|percent",
    "what fraction|percentage",
    "the likelihood|probability|chance|remainder|latest|earliest|greatest|smallest",
    "the total|average|sum|price|cost|length|area|ratio|difference",
    "total number|cost|price|amount|length",
    "wie viel|viele|vielen|alt|lange|weit|groß|schwer|schnell",
    "quel âge",
    "qué edad",
    "hoe oud|lang|ver|snel|zwaar",
)
"""The same in two words."""

NUMBERS = words(
    "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty hundred half third",
    "quarter twice double triple times dozen one",
    "zwei drei vier fünf sechs sieben acht neun zehn zwölf zwanzig hälfte drittel doppelt",
    "deux trois quatre cinq sept huit neuf dix douze vingt moitié double tiers",
    "dos tres cuatro cinco seis siete ocho nueve diez doce veinte mitad doble",
    "due tre quattro cinque sette otto nove dieci dodici venti metà doppio",
    "dois duas três quatro sete oito dez doze vinte metade dobro",
    "twee drie vijf zes zeven negen tien twaalf twintig helft",
    "dwa dwie trzy cztery pięć sześć siedem osiem dziewięć dziesięć połowa",
)
"""Numbers in words, of which a sum is made as well as of figures."""

PUZZLES = words(
    "riddle puzzle math maths mathematical arithmetic algebra brainteaser syllogism",
    "rätsel textaufgabe rechenaufgabe matheaufgabe devinette énigme acertijo adivinanza indovinello enigma charada",
    "raadsel rekensom zagadka zagadkę",
)
"""What a sum or a riddle is called."""

BEGINNINGS = words(
    "if when while after before since suppose assume today together then and but because compared so once that",
    "therefore thus hence either both neither only all some every",
    "yesterday now does did do can will has is was as with than to of for let how by each",
    "wenn als nachdem hat und quand si après cuando se quando als nadat jeśli kiedy gdy",
)
"""Words with a capital at the beginning of a sentence that are no given name of the name behind them."""

FOR = words("for to from für an von pour à de para a per da voor aan van dla do od")
"""Words before somebody whom a text is meant for or comes from."""

TITLES = words(
    "mr mrs ms miss mx dr prof professor sir madam herr frau herrn fräulein monsieur madame mme mlle m",
    "señor señora sr sra don doña signor signora signore dott senhor senhora dona meneer mevrouw dhr mw pan pani pana",
)
"""Words before a surname."""

GRAVE = words(
    # Income, debts and law.
    "salary wage wages income rent debt debts loan mortgage pension alimony owe owes owed overtime payroll tax taxes",
    "benefit benefits bankrupt lawyer court police prison jail arrested sued fired hired divorce divorced custody",
    "gehalt lohn einkommen miete schulden kredit rente unterhalt steuer schuldet polizei gericht anwalt scheidung",
    "salaire loyer dette dettes crédit retraite impôt impôts doit police avocat divorce",
    "salario sueldo alquiler deuda deudas préstamo pensión impuestos debe policía abogado divorcio",
    "stipendio affitto debito debiti prestito pensione tasse deve polizia avvocato divorzio",
    "salário aluguel aluguer dívida dívidas empréstimo impostos polícia advogado divórcio",
    "salaris loon huur schuld schulden lening pensioen belasting politie advocaat scheiding",
    "pensja pensję zarabia czynsz dług długi kredyt emerytura podatek policja adwokat rozwód",
    # What people are blamed for, and what is done to them.
    "stole steal stolen steals theft thief beat beaten beats hit hits cheat cheated cheating lied violence abuse",
    "abused threatened harassed bullied assault assaulted raped quit quits resign resigned dismissed misconduct",
    "rape rapes raping stealing steals blackmail blackmailed embezzled stalks stalked harassing hates affair",
    "weed addicted robbed robbery stabbed killed murdered evicted foreclosed bail parole custody detox rehab",
    "überfallen vermisst frauenhaus entzug bewährung agressé foyer asaltada atracada reformatorio aggredito pobita",
    "gestohlen stahl stiehlt diebstahl schlägt geschlagen betrogen betrügt bedroht gemobbt missbraucht kündigt alkohol",
    "volé vole vol battu bat trompé trompe menacé harcelé démissionne alcool drogue quitté",
    "robó robado robo pegó golpeó engañó amenazó acosó renunció alcohol drogas",
    "rubato ruba furto picchiato picchia tradito minacciato licenzia alcol droga",
    "roubou roubado furto bateu traiu ameaçou demitiu álcool drogas",
    "gestolen steelt diefstal geslagen slaat bedrogen bedreigd gepest drugs",
    "ukradł ukradła kradnie kradzież pobił pobiła bije zdradził zdradziła groził groziła alkohol narkotyki",
    # Belief, opinions, the body.
    "voted votes vote prays pray prayers mosque transitioned gay lesbian sex blood pressure pulse attack",
    "hijab headscarf kippah rosary kopftuch foulard velo hoofddoek hidżab chusta",
    "abortion abortions pregnancy pregnancies suicidal wählt wählte betet blutdruck blutzucker",
    "abtreibung schwul lesbisch voté vote prie tension avortement votó vota reza embarazo aborto votato prega",
    "gravidanza votou gravidez gestemd bidt bloeddruk abortus głosował głosowała modli aborcja ciśnienie",
    # Health.
    "chemo chemotherapy radiotherapy dialysis hospice ward biopsy transplant miscarriage overdose shelter",
    "chemotherapie strahlentherapie dialyse pflegeheim fehlgeburt chimio chimiothérapie quimio quimioterapia",
    "chemioterapia dialisi quimioterapia diálise chemokuur chemioterapia dializa hospicjum",
    "cancer krebs cáncer cancro kanker rak hiv aids hepatitis diabetes dementia alzheimer depression autism",
    "tumor tumour stroke epilepsy asthma disabled gout account accounts konto",
    "therapy psychiatrist therapie therapeut thérapie terapia psiquiatra psychiater psychiatra",
    "doctor hospital clinic nurse therapist dose dosage mg pill pills tablet tablets medicine medication drug drugs",
    "weigh weighs sick ill illness disease symptoms fever pain drunk drinks alcohol pregnant surgery died dead suicide",
    "arzt ärztin krankenhaus klinik dosis tabletten medikament medikamente wiegt krank krankheit fieber schwanger",
    "médecin hôpital médicament comprimés pèse malade maladie fièvre enceinte mort morte",
    "médico hospital pastillas pesa enfermo enferma enfermedad fiebre embarazada murió",
    "medico ospedale medicina pastiglie malato malata malattia febbre incinta morto morta",
    "remédio comprimidos doente doença febre grávida morreu",
    "dokter arts ziekenhuis pillen weegt ziek ziekte koorts zwanger overleden",
    "lekarz szpital leki tabletki waży chory chora choroba gorączka ciąży zmarł zmarła",
)
"""Matters of life beside which no name is one of a sum or of a story."""
