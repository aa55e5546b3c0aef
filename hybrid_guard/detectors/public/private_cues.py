"""Words that tell of somebody's life. Lower case, in eight languages."""

from __future__ import annotations

from hybrid_guard.detectors.public.wording import pairs, words

__all__ = [
    "ADDRESSED",
    "CALLED",
    "CALLED_PAIRS",
    "DOCUMENTS",
    "FIRST_PERSON",
    "FIRST_PERSON_PAIRS",
    "FRENCH",
    "GREETED",
    "GREETINGS",
    "GROUPS",
    "HEADERS",
    "KIN",
    "LIFE",
    "LIFE_PAIRS",
    "NEEDS",
    "PERSONAL_PAIRS",
    "POINTERS",
    "RECORD_KEYS",
    "ROLES",
    "SALUTATIONS",
    "SIGN_OFFS",
    "SIGN_OFF_WORDS",
    "SOMEBODY",
    "WE_DEEDS",
]

FIRST_PERSON = words(
    "i my mine me myself we our ours us",
    "ich mich mir mein meine meinem meinen meiner meines wir uns unser unsere unserem unseren unserer unseres",
    "je j moi mon ma mes nous notre nôtre",
    "yo mi mis mío mía míos mías me conmigo soy nuestro nuestra nuestros nuestras tengo estoy",
    "io mio mia miei mie sono mi nostro nostra nostri nostre ho",
    "eu meu minha meus minhas sou tenho estou nosso nossa nossos nossas mim comigo",
    "ik mij mijn mezelf wij ons onze",
    "ja mój moja moje mojego mojej mojemu moją moim moich mnie mi jestem mam nasz nasza nasze naszego naszej",
    "mieszkam pracuję choruję biorę zarabiam nazywam urodziłem urodziłam",
    "padezco sufro gano cobro nací soffro guadagno prendo sofro ganho nasci cierpię leczę płacę",
    "digo dico hago",
)
"""Words by which a text speaks of its writer."""

FRENCH = words("les des du et je est une dans pour mon avec ai j à sur au s c")
"""Words that set French apart from languages in which *ma* is no possessive."""

FIRST_PERSON_PAIRS = pairs(
    "vivo en|con|a|in",
    "trabajo en|como|para|de",
    "vengo de",
    "abito a|in|al|con",
    "lavoro a|alla|al|in|come|per|da|nella|nel",
    "prendo il|la|lo",
    "moro em|no|na|com",
    "trabalho na|no|em|como|para",
    "nasci em|no|na",
    "nací en|el",
    "gano unos|un|dos",
    "w moim|mojej",
    "mam na",
)
"""Two words that do so together, in languages that leave the pronoun out."""

PERSONAL_PAIRS = pairs(
    "study at",
    "studying at",
    "studied at",
    "work at|for|as|in",
    "working at|for|as",
    "worked at|for|as",
    "live in|at|with|on",
    "living in|at|with",
    "born in|on",
    "moved to|from|here",
    "employed by|at|as",
    "diagnosed with",
    "suffer from",
    "suffering from",
    "graduated from",
    "student at|in",
    "students at",
    "job at|as|with",
    "studiere an|in",
    "geboren in|am",
)
"""Two words that tell about the writer's life in a sentence that speaks of him."""

WE_DEEDS = words(
    "are were have had live lived moved rent rented signed bought met stayed married owe paid hired fired got went",
    "sind waren haben hatten wohnen leben sommes avons habitons zijn waren hebben wonen",
)
"""What *we* do when it does not mean everybody."""

GROUPS = words(
    "team company organization organisation community neighborhood neighbourhood city town university college school",
    "department professor teacher group local public small business association library country government new",
    "project",
    "internal compliance it final annual",
)
"""What the writer belongs to together with many others."""

NEEDS = words("job jobs apartment flat lawyer attorney doctor therapist roommate room surgeon employer clinic")
"""What one looks for in one's own life."""

KIN = words(
    "wife husband son daughter mother father mom mum dad mama papa brother sister aunt uncle cousin niece nephew",
    "grandmother grandfather grandma grandpa grandson granddaughter stepson stepdaughter fiancé fiancée fiance",
    "fiancee",
    "girlfriend boyfriend partner spouse kid kids baby child children twins parents family friend roommate flatmate",
    "frau mann sohn tochter mutter vater bruder schwester tante onkel cousin cousine nichte neffe oma opa enkel",
    "enkelin freund freundin verlobte verlobter eltern kind kinder kindern familie schwager schwägerin partnerin",
    "femme mari fils fille mère père frère sœur soeur tante oncle nièce neveu grand copain copine compagne conjoint",
    "enfant enfants bébé ami amie parents famille",
    "esposa esposo marido mujer hijo hija madre padre hermano hermana tía tío prima primo sobrina sobrino abuela",
    "abuelo",
    "novia novio hijos padres amigo amiga familia pareja nieto nieta",
    "moglie marito figlio figlia madre padre fratello sorella zia zio cugina cugino nipote nonna nonno fidanzata",
    "fidanzato figli genitori amico amica famiglia compagna compagno",
    "mulher filho filha mãe pai irmão irmã tia tio sobrinha avó avô namorada namorado filhos pais família neto neta",
    "vrouw man zoon dochter moeder vader broer zus tante oom nicht neef oma opa vriend vriendin kinderen ouders",
    "gezin",
    "żona żonę mąż męża syn syna córka córkę matka ojciec brat brata siostra siostrę ciocia wujek kuzyn babcia",
    "dziadek",
    "narzeczona narzeczony dziecko dzieci rodzice przyjaciel rodzina",
    "ex exhusband exwife cat dog puppy katze hund chat chien gato perro gatto cane kat hond kot pies",
)
"""Who belongs to the writer when a first-person word stands before."""

SOMEBODY = words(
    "he she his her him hers himself herself er seine seinem seinen seiner ihre ihrem ihren ihrer elle",
    "ella él suya lei ela ele dela dele hij haar ona jej jego",
)
"""Words that speak of one person: an illness beside them is somebody's."""

ROLES = words(
    "patient client customer tenant employee coworker colleague boss supervisor intern neighbor neighbour landlord",
    "landlady roommate classmate applicant trainee resident guest insured policyholder claimant defendant plaintiff",
    "subscriber payee beneficiary lessee borrower guarantor witness plumber babysitter",
    "patientin patienten kunde kundin mieter mieterin mitarbeiter mitarbeiterin kollege kollegin chefin nachbar",
    "nachbarin vermieter bewerber bewerberin azubi versicherter antragsteller mandant mandantin klient klientin",
    "patiente cliente locataire employé employée collègue patron patronne voisin voisine propriétaire candidat",
    "stagiaire",
    "paciente clienta inquilino inquilina empleado empleada compañero jefe jefa vecino vecina casero solicitante",
    "paziente inquilina dipendente collega vicino vicina padrone stagista",
    "inquilino funcionário funcionária chefe vizinho vizinha senhorio estagiário utente",
    "patiënt patiënte klant huurder werknemer collega buurman buurvrouw huisbaas sollicitant stagiair cliënt",
    "pacjent pacjentka pacjenta pacjentki klient klientka klienta klientki najemca pracownik pracownica pracownika",
    "kolega koleżanka szef sąsiad sąsiadka lokator wnioskodawca podopieczny",
)
"""Whom one knows by what he is to somebody: a person beside such a word is no public one."""

DOCUMENTS = words(
    "letter email memo reply complaint invoice refund appointment lease prescription cv resignation bill note",
    "eulogy funeral diary testimonial appeal referral tenancy eviction payslip lawsuit chart",
    "brief bewerbung kündigung rechnung beschwerde bescheid antrag lebenslauf zeugnis termin befund vertrag",
    "trauerrede",
    "lettre courriel facture réclamation contrat dossier ordonnance",
    "carta correo factura reclamación queja contrato solicitud currículum receta",
    "lettera fattura reclamo contratto domanda referto ricetta",
    "fatura reclamação pedido receita currículo",
    "factuur klacht brief contract aanvraag uitslag sollicitatie",
    "faktura reklamacja skarga skargę umowa wniosek wynik recepta",
)
"""What people write to one another about themselves."""

LIFE = words(
    "admitted discharged hospitalized hospitalised inpatient payroll overtime",
    "bedside biopsy vaccinated eingeliefert entlassen krankgeschrieben krankenschein buchhaltung personalabteilung",
    "hospitalisé hospitalisée comptabilité congés ingresado ingresada contabilidad nómina baja ricoverato ricoverata",
    "contabilità busta internado internada contabilidade folha opgenomen boekhouding ziekgemeld księgowość",
    "księgowości szpitala zwolnieniu kadr",
    "gefeuert gekündigt licencié licenciée despedido despedida demitido demitida licenziato licenziata ontslagen",
    "zwolniony zwolniona elternabend kindergarten",
)
"""What happens at work and in hospitals to people whom nobody else knows."""

LIFE_PAIRS = pairs(
    "sick leave|note",
    "on leave",
    "lab values|results",
    "blood results",
    "test results",
    "leaving card",
    "from accounting|payroll|hr|sales|marketing|finance|it|work|reception|upstairs|downstairs",
    "in accounting|payroll|hr",
    "opened by",
    "incident report",
    "moving out",
    "moved out",
    "move out",
    "wet floor",
    "next door",
    "missing practice",
    "at work",
    "report card",
    "your desk|office|house|team|boss|firm",
    "these candidates|applicants|employees|tenants|patients",
    "the suspect|victim|witness|defendant|deposit|lease",
    "spelling test",
    "drug test",
    "assigned to",
    "reported by",
    "his shift|chart|payslip|manager|contract|invoice",
    "her shift|chart|payslip|manager|contract|invoice",
    "needs his|her",
    "needs their",
    "paid his|her",
    "her rent",
    "his rent",
    "im krankenhaus",
    "en arrêt",
    "de baja",
    "in malattia",
    "ziek thuis",
    "na zwolnieniu",
)
"""The same in two words."""

GREETED = words(
    "there all everyone everybody chatgpt gpt claude gemini copilot ai assistant bot chat again can could i"
)
"""Words behind a greeting that name nobody."""

GREETINGS = words("hi hello hey hallo hola ciao olá hoi cześć bonjour salut moin servus")
"""Words before the person a short message is addressed to."""

SIGN_OFF_WORDS = words(
    "sincerely cheers regards best thanks lg mfg vg grüße cordialement amicalement atentamente saludos saluti",
    "atenciosamente abraços groeten groetjes pozdrawiam love",
)
"""Last lines of letters, of one word."""

POINTERS = words(
    "this these that following attached his her their diese dieser diesen dieses cette ce ces este esta estos estas",
    "questa questo queste questi deze dit ten ta tę te",
)
"""Words before a document that the writer has before him."""

RECORD_KEYS = words(
    "name names surname firstname lastname patient patientin client customer employee employer tenant dob born birth",
    "birthdate birthday ssn phone tel telephone mobile fax address addr email mail e id sex gender age occupation",
    "city diagnosis salary income passport iban account member policy mrn username user contact applicant student",
    "supervisor",
    "insured recipient sender complaint allergies medication employeeid customerid zip diagnosed",
    "vorname nachname geburtsdatum geboren adresse anschrift telefon kunde kundin beruf arbeitgeber alter diagnose",
    "patienten kundennummer wohnort gehalt steuernummer",
    "nom prénom naissance adresse téléphone patiente profession employeur âge diagnostic salaire",
    "nombre apellido apellidos nacimiento dirección domicilio teléfono paciente cliente profesión edad diagnóstico",
    "sueldo dni nif nhc",
    "nome cognome nascita indirizzo telefono paziente professione età diagnosi stipendio",
    "sobrenome nascimento endereço morada telefone profissão idade cpf rg salário",
    "naam voornaam achternaam geboortedatum adres telefoon patiënt klant beroep werkgever leeftijd bsn",
    "imię nazwisko urodzenia adres telefon pacjent pacjentka klient zawód pracodawca wiek rozpoznanie pesel nip",
)
"""Names of fields about a person, before a colon or an equals sign or between separators."""

HEADERS = words(
    "from to cc bcc subject sent von an betreff gesendet de à objet envoyé para asunto enviado da a oggetto inviato",
    "assunto van aan onderwerp verzonden od do temat",
)
"""Beginnings of the lines of a message's head."""

SALUTATIONS = words(
    "dear geehrter geehrte geehrtes lieber liebe cher chère estimado estimada querido querida gentile egregio caro",
    "cara",
    "prezado prezada geachte szanowny szanowna drogi droga",
)
"""Words before the person a letter is addressed to."""

ADDRESSED = words(
    "tell telling told remind reminding convince invite inviting email text message pay paying fire firing hire hiring",
    "evict thank congratulate apologize owe owes notify inform contact forward reschedule schedule onboard promote",
    "sagen sage sag erinnere einladen bezahle kündige kündigen informiere überzeuge anrufen danke gratuliere",
    "annoncer annonce dire dis préviens prévenir inviter rappelle payer licencier convaincre informer remercier",
    "decirle decir digo dile recuerda recordar pagar despedir avisa avisar invitar convencer agradecer",
    "dico dirgli ricorda ricordare pagare licenziare avvisa avvisare invitare convincere ringraziare",
    "dizer diga lembre lembrar demitir avise avisar convidar agradecer",
    "zeg zeggen herinner betaal betalen ontslaan informeer uitnodigen overtuigen bedank",
    "powiedzieć przypomnij przypomnieć zapłacić zwolnić poinformuj zaprosić przekonać podziękować",
)
"""What one does to people whom one knows, before the name."""

SIGN_OFFS = pairs(
    "best regards|wishes",
    "kind regards",
    "warm regards",
    "yours sincerely|faithfully|truly",
    "sincerely yours",
    "freundlichen grüßen",
    "viele grüße",
    "liebe grüße",
    "bien cordialement",
    "sincères salutations",
    "un saludo",
    "saludos cordiales",
    "cordiali saluti",
    "distinti saluti",
    "com cumprimentos",
    "atenciosamente eu",
    "vriendelijke groet|groeten",
    "z poważaniem",
)
"""Ends of letters."""

CALLED = words("appelle llamo heiße nazywam chamo heet")
"""One word that says the writer's name."""

CALLED_PAIRS = pairs(
    "name is|s",
    "names is",
    "name ist",
    "nom est",
    "nombre es",
    "nome è|é",
    "naam is",
    "mi chiamo",
    "call me",
    "lives at|in",
    "resides at|in",
    "wohnt in",
    "habite à",
    "vive en",
    "abita a",
    "mora em",
    "woont in",
    "mieszka w",
    "chart says",
    "owes me|us",
    "owe me|us",
    "room number",
    "date of",
    "medical record",
    "her chart",
    "his chart",
    "class teacher",
    "will miss",
)
"""Two words that tell about one person's life."""
