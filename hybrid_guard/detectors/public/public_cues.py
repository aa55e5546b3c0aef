"""Words that ask about what everybody knows. Lower case, in eight languages."""

from __future__ import annotations

from hybrid_guard.detectors.public.wording import pairs, words

__all__ = [
    "ABOUT",
    "ASKING",
    "AUXILIARIES",
    "HARMLESS",
    "KNOWLEDGE",
    "KNOWLEDGE_PAIRS",
    "NAMED",
    "OPENERS",
    "QUESTIONS",
    "READING",
    "REQUESTED",
    "SERVICES",
    "STORIES",
    "TOPICS",
    "VERBS_FIRST",
    "WHERE",
    "WORKS",
]

ABOUT = words("about on in regarding über zu sur sobre acerca su riguardo over o na temat")
"""Words before the subject of a text."""

AUXILIARIES = words(
    "m am was have had been ve d ll would need want to just really also currently will can could should must do did",
    "always like trying hoping going for now don t not a bit very quite simply often recently still never working",
    "hoped planning started able keen if here on the in some an especially attempting re fully then be",
    "bin war habe hatte möchte will würde gerne gern muss müssen soll kann könnte gerade etwas auch mal zu ein eine",
    "einen das die ai suis étais voudrais veux aimerais dois peux vais un une à de en des les le d es",
    "quiero quisiera necesito debo puedo estoy voy un una el la que gustaría tengo estaba",
    "vorrei voglio devo posso sto per di il sono ho bisogno piacerebbe",
    "quero queria gostaria preciso devo posso estou vou o a de uma um tenho",
    "wil zou graag moet kan ben heb aan het een de om te even",
    "chcę chciałbym chciałabym muszę mogę potrzebuję się",
    "more mehr über puedes podrías puoi potresti pode poderia peux pouvez kannst könntest kun możesz ci",
    "word words page pages paragraph minute short long planning day days week weekend",
)
"""Words between the writer and what he does, which say nothing themselves."""

HARMLESS = words(
    # What one does with a subject.
    "understand understanding know learn learning study studying explore exploring research researching curious",
    "interested fascinated wondering wonder compare comparing discuss discussing write writing read reading see hear",
    "create creating explain explanation find finding prepare preparing draft drafting ask asking mean thinking",
    "think",
    "believe love enjoy enjoyed admire watched heard saw wrote developing designing compiling gathering analyze",
    "analyzing analyse examine examining summarize summarise outline imagine suppose guess hope wish appreciate",
    "question questions overview summary information details list examples example insight insights guidance",
    "comparison breakdown broad general brief comprehensive deeper clear better specifically particularly teach",
    "teaching play playing build building translate understood realize confused puzzled struggling familiar doing",
    "putting reviewing investigating focusing working drawn intrigued looked seeing get make making give tips advice",
    "looking seeking conducting collecting organizing teaching convince copied pulled pasted came noticed",
    "reflecting grasp trying student students beginner journalist",
    "perspective resources strategies methods ideas help please considering developing implementing evaluating found",
    # What one may have without saying who one is.
    "essay essays paper papers thesis class classroom lecture presentation presentations project projects blog",
    "podcast",
    "article articles report reports research homework assignment course seminar exam quiz students pupils audience",
    "readers book club novel story poem script game focus goal aim topic study view opinion curiosity knowledge mind",
    "perception identity brain brains body bodies economy economies genetic popular collective everyday shared",
    "planet world society societies culture solar universe history species ancestors time times lives daily modern",
    "lay answer answers response responses argument hypothesis understanding interest area studies",
    "schreibe lese lerne interessiere frage wissen verstehen lernen suche bereite verstehe schreiben referat aufsatz",
    "hausarbeit vortrag präsentation unterricht klasse schüler meinung neugierig erklären",
    "écris lis étudie prépare cherche savoir comprendre apprendre demande intéresse exposé dissertation cours",
    "opinion",
    "curieux curieuse mémoire",
    "escribo leo estudio preparo saber entender aprender pregunto interesa ensayo presentación clase opinión curioso",
    "curiosa trabajo escribir tarea gustaría",
    "scrivo leggo studio preparo sapere capire imparare chiedo interessa saggio tesi presentazione opinione curioso",
    "scrivere ricerca",
    "escrevo leio estudo preparo entender aprender pergunto ensaio trabalho apresentação aula opinião escrever",
    "weten begrijpen leren schrijf lees zoek vraag spreekbeurt werkstuk opstel scriptie nieuwsgierig benieuwd",
    "wiedzieć zrozumieć piszę czytam uczę szukam zastanawiam referat wypracowanie prezentację prezentacja pracę",
    "ciekaw ciekawa zdaniem",
    "try start watch expect choose pick answer begin visit erfahren erklären beschreiben nennen helfen expliquer",
    "décrire comparer résumer raconter aider explicar describir comparar resumir contar ayudar spiegare spiegarmi",
    "descrivere confrontare riassumere raccontare aiutare descrever explicarme uitleggen beschrijven vergelijken",
    "samenvatten wyjaśnić opisać porównać streścić pomóc helpen ajudar resumo leggere leer ler lire lezen",
    "conversation request requests prompt prompts trip vacation itinerary",
    "book books novel novels recommendations recommendation film films movie movies song songs facts recipe recipes",
    "include mention add cover lecture lectures talk seminar workshop vorlesung cita citas",
)
"""What the writer does or has without telling anything about himself."""

ASKING = words(
    "tell explain give help show teach remind recommend let for to suggest guide walk provide how do can should",
    "did would could why what if when about makes around allow enable kun kan wil als zou waarom hoe",
    "erkläre erklär sag sage gib zeige zeig hilf nenne erzähl erzähle können warum wie kannst könntest bitte",
    "explique expliquez dis dites donne donnez aide aidez montre parle pour cite",
    "dime explica explícame dame cuéntame ayúdame puedes podrías para",
    "dimmi spiega dammi puoi aiuta aiutami diga explique dê pode poderia ajude",
    "leg geef vertel help laat noem powiedz wyjaśnij opowiedz pomóż podaj czy możesz daj o",
)
"""Words before *me* or *we* that only ask, or mean everybody."""

KNOWLEDGE = words(
    "explain describe compare contrast outline discuss analyze analyse define recommend suggest elaborate evaluate",
    "examine explore trace identify list name overview provide clarify illustrate differentiate",
    "erkläre erklären erklär beschreibe vergleiche nenne definiere erläutere analysiere diskutiere",
    "explique expliquez décris décrivez compare comparez cite citez définis énumère présente",
    "explica explique describe compara enumera define dame cuéntame háblame analiza menciona nombra",
    "spiega spiegami descrivi confronta elenca definisci parlami dimmi analizza illustra racconta",
    "descreva descreve compare liste enumere defina fale analise cite",
    "beschrijf vergelijk noem definieer analyseer",
    "wyjaśnij opisz porównaj wymień zdefiniuj opowiedz przeanalizuj omów",
    # What one is after, behind "I am" or "I need".
    "curious interested wondering fascinated explanation comparison breakdown",
    "researching reflecting exploring studying",
    "convert calculate compute solve quote recite erklären beschreiben vergleichen nennen expliquer décrire comparer",
    "raconter explicar describir comparar contar spiegare spiegarmi descrivere confrontare raccontare dime descrever",
    "contar uitleggen beschrijven vergelijken wyjaśnić opisać porównać opowiedzieć explicarme describirme explain",
    "understand vertel parle parlez háblame hábleme parla fala conte cuenta opowiadaj",
    "raconte racontez",
)
"""Orders and wishes to hear what is known."""

KNOWLEDGE_PAIRS = pairs(
    "tell me|us",
    "give me|us|an|a|examples|some",
    "detail the|how",
    "break down",
    "touch upon|on",
    "provide an|a|examples|me|some|details",
    "know how|what|why|more|whether|about",
    "understand how|what|why|the",
    "learn how|about|more",
    "gib mir|einen|eine|ein",
    "erzähl mir",
    "sag mir",
    "donne moi",
    "parle moi",
    "dis moi",
    "leg de|het|uit",
    "geef me|een",
    "vertel me|mij",
    "dê me",
    "podaj mi",
    "powiedz mi",
    "hear how|about|more|what",
    "mehr über",
    "plus sur",
    "más sobre",
    "di più",
    "mais sobre",
    "meer over",
    "więcej o",
    "find out",
    "read about",
    "dimmi qualcosa",
    "raconte moi",
    "jakiego powodu",
)
"""The same in two words."""

QUESTIONS = words(
    "what who whom whose why how when where which",
    "wer wem wen wessen was warum wieso weshalb wie wann wo woher wohin welche welcher welches welchen",
    "qui que quoi quel quelle quels quelles pourquoi comment quand où combien qu",
    "quién quiénes qué cuál cuáles cómo cuándo dónde cuánto cuántos cuántas",
    "chi che cosa quale quali qual perché come quando dove quanto quanti quante cos",
    "quem qual quais porque porquê por como onde quanto quantos o",
    "waarom hoe wanneer waar welke welk wat",
    "kto kim kogo co czym dlaczego jak kiedy gdzie skąd jaki jaka jakie jakich który która które ile czy",
    "hoeveel wieveel ilu którym której jakim jakiej welchem welcher wievielen lequel laquelle cuántas quantas which",
    "jakiego jakiej jakim quelle",
)
"""Beginnings of questions."""

VERBS_FIRST = words(
    "is are was were does do did can has have had will would should could isn aren wasn weren doesn didn",
    "ist sind war waren hat haben kann können stimmt gibt est peut es son fue era hay puede è sono era può foi são",
    "há",
    "é kan zijn heeft",
    "s re do does puede pode può kann",
)
"""Verbs that begin a question, and that stand near the beginning of the others."""

SERVICES = words(
    "summarize summarise write rewrite rephrase paraphrase translate create compose generate plan pretend imagine",
    "act",
    "act embody make design draft correct classify extract convert edit find suggest brainstorm answer complete play",
    "expand flesh pull break polish proofread shorten jazz structure format replace rank select fill choose predict",
    "detect decide determine tag sort order count categorize arrange solve calculate compute converting change",
    "turn simplify continue add craft develop propose prepare assume take suppose read given use prove solve",
    "debug refactor implement optimize optimise",
    "fasse schreibe schreib verfasse übersetze formuliere erstelle plane stell entwirf korrigiere dichte erfinde",
    "résume résumez écris écrivez rédige traduis imagine crée planifie corrige invente",
    "resume escribe redacta traduce crea planifica imagina corrige inventa",
    "riassumi scrivi traduci crea pianifica immagina correggi inventa",
    "resuma resume escreva escreve traduza crie planeje imagine corrija invente",
    "vat schrijf vertaal maak bedenk plan verzin",
    "streść napisz przetłumacz stwórz zaplanuj wymyśl popraw ułóż podsumuj",
    "fais faites fammi hazme faça faz zrób maak mach mache samenvatten résumer resumir riassumere streścić",
    "zusammenfassen schreiben écrire escribir scrivere escrever schrijven napisać role roleplay",
    # Exercises of language.
    "rearrange reorder rework modify alter merge split pick output label annotate punctuate capitalize transform match",
    "verify check embrace conjugate underline reverse remove insert bring",
    "bestimme ordne setze ergänze bilde verwandle markiere prüfe sortiere verbessere kürze konjugiere wandle ersetze",
    "mets mettez conjugue complète transforme remplace souligne classe trouve améliore raccourcis vérifie",
    "pon ponga conjuga completa transforma cambia ordena clasifica subraya sustituye mejora acorta comprueba",
    "trasforma coniuga completa ordina classifica sottolinea sostituisci migliora accorcia verifica volgi metti",
    "passe ponha conjugue complete transforme ordene classifique sublinhe substitua melhore encurte verifique",
    "zet vul verander rangschik verbeter vervang controleer onderstreep vervoeg kort",
    "zamień uzupełnij przekształć odmień podkreśl uporządkuj sprawdź skróć zastąp wstaw",
)
"""Beginnings of orders to make or change a text."""

OPENERS = words(
    "please can could would you me want need like love m am trying explaining very really also so now and then but",
    "also ok okay hi hello hey first next finally kindly let s i d",
    "in your opinion from to if as for on after before during under by with bitte kannst könntest du sie mir und",
    "dann noch mal s il te vous plaît peux tu pouvez et moi por favor puedes podrías y me per piacere puoi potresti",
    "e",
    "mi pode poderia em de alsjeblieft graag kun kan je u en proszę czy możesz mógłbyś i mi w na do z za od seit in",
    "im",
    "à en dans depuis d après während nach vor di nel nella da no na",
    "você vocês usted lei pan pani tu there about m is it possible someone anyone hazme an of us in",
    "ich möchte würde gern gerne yo quiero quisiera gustaría io vorrei quero queria gostaria ik wil zou graag",
    "je voudrais aimerais savoir chcę chciałbym chciałabym wissen saber sapere weten wiedzieć",
    "mit bei aus auf zu con avec met przy pod o over at",
    "help",
    "z ze",
    "pour per por dire decir dizer zeggen sagen",
)
"""Words that may stand before one of those."""

WORKS = words(
    "series saga franchise",
    "theorem theory theories law laws paradox novel novels book books poem poems poetry play plays film films movie",
    "painting paintings symphony opera album albums song songs works speech presidency reign philosophy style",
    "biography",
    "conjecture equation principle experiment roman romane gedicht gedichte werk werke theorie stil rede lieder",
    "livre livres poème poèmes œuvre œuvres théorie discours chansons tableau tableaux",
    "novela novelas libro libros poema poemas obra obras teoría estilo discurso canciones cuadros",
    "romanzo romanzi libri poesia poesie opere teoria stile canzoni quadri discorso",
    "romance romances livro livros músicas boek boeken gedichten werken theorie schilderijen liedjes toespraak",
    "powieść powieści książki wiersze dzieła teoria obrazy piosenki przemówienie",
)
"""What public people leave behind: beside such a word a name is that of an author."""

REQUESTED = words(
    "essay summary poem story overview explanation biography quiz article speech recipe itinerary table definition",
    "translation comparison timeline introduction outline report slides lesson review",
)
"""What one needs or wants to have written."""

TOPICS = words(
    "about style debate conversation interview haiku limerick sonnet ballad rap monologue article news paragraph",
    "passage",
    "act pretend imagine play role roleplay embody embrace persona speak history life legacy era century following",
    "list résumé résumés streszczenie resumen riassunto samenvatting zusammenfassung samenvattingen works dokonania",
    "plot theme trivia facts fans wikipedia sentence sentences text line lines lyrics quote people persons names",
    "über stil debatte gespräch gedicht sonett rolle geschichte leben rede artikel zeile zitat text absatz",
    "style débat conversation sonnet rôle histoire vie discours article phrase citation texte chanson sur",
    "estilo debate conversación soneto papel historia vida discurso artículo frase cita texto sobre",
    "stile dibattito conversazione sonetto ruolo storia vita discorso articolo frase citazione testo su",
    "conversa papel história discurso artigo citação",
    "stijl debat gesprek gedicht rol geschiedenis leven toespraak artikel citaat tekst over",
    "stylu styl debata rozmowa sonet rola historia życie życia przemówienie artykuł cytat tekst wiersz wiersza o",
)
"""What texts about public people are about, or are."""

WHERE = words("where wo où dónde dove onde waar gdzie")
"""Questions for a place, which a name behind them is not."""

READING = words("erfahren wissen verstehen lernen lesen hören weten begrijpen leren lezen horen")
"""Verbs at the end of a wish to hear about something."""

STORIES = words(
    "story tale fable dialogue scene screenplay fairy character plot novel sketch fanfiction bedtime geschichte",
    "märchen",
    "fabel dialog histoire conte fable dialogue historia cuento relato diálogo storia racconto favola dialogo conto",
    "história fábula verhaal sprookje opowiadanie bajka bajkę historię opowieść",
)
"""Made-up texts, in which names are made up too."""

NAMED = words(
    "named called character hero heroine namens heißt genannt nommé nommée appelé appelée llamado llamada chiamato",
    "chiamata chamado chamada genaamd imieniem",
)
"""Words before a made-up name."""
