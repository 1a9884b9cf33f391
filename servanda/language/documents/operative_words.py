"""Words of operative parts: titles, opening sentences, verbs of decisions, votes, and what ends them."""

import re

from servanda.kit.patterns import lazy_pattern

MOST_SKIPPED = 3
LONGEST_OPENER = 700
LONGEST_VERB = 90
TITLE_ABOVE = 4  # blocks between the title of the operative part and its opening sentence
ASKING = (
    r"recommends?|reiterates?|recomend(?:ó|a|aron|ou)|recomienda\w*|reitera\w*|recommande\w*|réitère\w*|orders?(?!\s+(?:of|on|dated|no)\b)|directs?"
    r"|ordena|dispone|dispõe|ordonne"
    r"|insta|exhorta|urges|requests?|requiere|solicita|calls\s+(?:up)?on|exhorte|prie|enjoins|enjoint|demande"
    r"|توصي|تطلب|تأمر|تحث|تدعو"
)
FINDING = (
    r"declares?|declara|déclare|decides?|decide|décide|resuelve|resolves?|holds?|finds?|estima|considera|dit|conclut|constate"
    r"|تعلن|تقرر|تقضي|تخلص|ترى|حكمت|قررت"
)
BODY = (
    r"(?:inter-?american\s+|african\s+)?commission\w*|comisi[oó]n\w*|comissão|cidh|iachr|court|corte|cour|tribunal"
    r"|deputies|délégués|committee|comité|state|estado|état|اللجنة|المحكمة"
)
_REASONS = (
    r"(?:for\s+(?:these|all\s+these|the\s+(?:above|foregoing|following)(?:[-\s]mentioned)?)\s+reasons|on\s+these\s+grounds"
    r"|in\s+(?:view|light|consideration)\s+of\s+(?:all\s+)?the\s+(?:above|foregoing|aforesaid)"
    r"|based\s+on\s+the\s+(?:above|foregoing)"
    r"|par\s+(?:ces|les)\s+motifs|pour\s+(?:ces|les)\s+(?:motifs|raisons)|(?:au\s+vu|compte\s+tenu|en\s+vertu)\s+de"
    r"\s+(?:tout\s+)?ce\s+qui\s+précède"
    r"|por\s+(?:estas|las|estos|los)\s+(?:razones|motivos)|por\s+(?:lo\s+)?tanto|por\s+lo\s+expuesto"
    r"|en\s+virtud\s+de\s+lo\s+(?:anterior|expuesto)|por\s+est[ae]s\s+(?:motivos|razões)"
    r"|(?:و?لهذه|لهذه)\s+الأسباب|و?بناء\s+على\s+(?:ما\s+(?:سبق|تقدم)|ذلك)|و?في\s+ضوء\s+ما\s+(?:سبق|تقدم))"
)
_TITLE = (
    r"(?:operative\s+(?:part|provisions|paragraphs)|puntos\s+resolutivos|dispositif|holding|parte\s+(?:resolutiva|dispositiva)"
    r"|(?:final\s+)?decision\s+of\s+the\s+(?:african\s+)?commission|décision\s+(?:finale\s+)?de\s+la\s+commission"
    r"|decisi[oó]n\s+(?:final\s+)?de\s+la\s+comisi[oó]n|(?:ال)?منطوق|منطوق\s+(?:القرار|الحكم)|قرار\s+اللجنة)"
)
OPENER = lazy_pattern(
    rf"\b(?:{BODY})\b.{{0,200}}?\b(?:{ASKING}|{FINDING})\b|\b(?:recommendations?|recomendaciones|recommandations)\s+"
    rf"(?:de\s+la|of\s+the|to\s+the|al\s+estado|de\s+la\s+cidh)"
    rf"|^\W*(?:(?:[IVXL]{{1,6}}|\d{{1,3}})\s?[.)–-]\s*)?(?:{_TITLE}|por\s+tanto|(?:the|les)\s+(?:deputies|délégués))\b|^\W*(?:\d{{1,3}}\s?[.)]\s*)?{_REASONS}(?!\w)",
    re.I,
)
TITLE = lazy_pattern(rf"^\W*(?:(?:[IVXL]{{1,6}}|\d{{1,3}})\s?[.)–-]\s*)?{_TITLE}(?!\w).{{0,60}}$", re.I)
GIVEN_REASONS = lazy_pattern(
    rf"^\W*(?:\d{{1,3}}\s?[.)]\s*)?{_REASONS}(?!\w)(?:.{{0,240}}?\b(?:{BODY})\b(?:\s+on\s+human\s+and\s+peoples[’']\s+rights"
    rf"|\s+africaine(?:\s+des\s+droits\s+de\s+l[’']homme\s+et\s+des\s+peuples)?|\s+[ai]fricana|\s+الأفريقية)?"
    rf"(?:\s*\([^)]*\))?)?[\s,:;،]*(?:(?:unanimously|by\s+a\s+majority|à\s+l[’']\s?unanimité|por\s+unanimidad|بالإجماع)"
    rf"[\s,:;،]*)?",
    re.I,
)
VERB_ALONE = lazy_pattern(
    rf"^\W*(?:(?:the|la|le|les|el|y|and|et)\s+)?(?:{BODY})?\W*\b(?P<verb>{ASKING}|{FINDING})\b[^.;]{{0,30}}$", re.I
)
_CAPITAL_VERB = (
    r"(?:Further\s+|Also\s+|Thus\s+)?(?:Holds|Finds|Declares|Decides|Rules|Dismisses|Urges|Requests|Recommends|Orders"
    r"|Calls\s+(?:up)?on|Enjoins|Invites|Notes|Concludes|Reiterates|Encourages"
    r"|Déclare|Décide|Constate|Dit|Conclut|Recommande|Demande|Exhorte|Invite|Ordonne|Enjoint|Prie|Rejette"
    r"|Declara|Concluye|Recomienda|Solicita|Exhorta|Insta|Ordena|Requiere|Invita)\s"
)
VERB_BEGINS = lazy_pattern(rf"(?:^|(?<=[.;,:])\s+|(?<=\band)\s+|(?<=\bet)\s+|(?<=\by)\s+)(?={_CAPITAL_VERB})")
POINT_BEGINS = lazy_pattern(rf"^\s*{_CAPITAL_VERB}")
BEFORE_POINT = lazy_pattern(rf"(?:[.;,:]|\b(?:and|et|y)|\b(?:{BODY}))\s*$", re.I)
ASKS = lazy_pattern(rf"\b(?:{ASKING})\b", re.I)
# Behind the sentence that introduces the points, where the file has lost the line break between them.
VOTE_BEHIND = lazy_pattern(
    r"(?<=:)[\s,]*(?:unanimously|by\s+unanimity|à\s+l[’']\s?unanimité|por\s+unanimidade?|بالإجماع)(?:,?\s+que)?[\s,:]*$",
    re.I,
)
VOTE = lazy_pattern(
    r"^\W*(?:y\s+)?(?:unanim\w*|por\s+(?:unanimidad|\w+\s+votos?)|by\s+(?:a\s+vote|\w+\s+votes?|unanimity|a\s+"
    r"majority)|à\s+l.unanimité|par\s+\w+\s+voix|disient\w+|dissent\w*"
    r"|judges?\s)\b.{0,160}$|^\W*(?:el|la|los|las)\s+jue(?:z|za|ces|zas)\b",
    re.I,
)
STOP = lazy_pattern(
    r"^\W*(?:[IVXL]+\s?\.?\s*)?(?:publication|publicación|publicação|notification|notificación|compliance\s+"
    r"analysis|análisis\s+de(?:l)?\s+cumplimiento"
    r"|comuníquese|publíquese|redactada|redigida|feito\s+em|emitida|let\s+it\s+be)\b"
    r"|^.{0,60}\b(?:vice-?president[ea]?|president[ea]?|registrar|secretari[oa])\W*$",  # who signed
    re.I,
)
FINDS_FIRST = lazy_pattern(
    r"^\W*(?:(?:dismiss|declar|hold|find|uphold|decide|reject|observe|note|rul|desestim|declara|admit|decid|rejett"
    r"|déclar|constat|conclu|décid)\w*|dit\b|thus\s+declares|تعلن|تقرر|تقضي|تخلص|ترى)",
    re.I,
)
BODY_ALONE = lazy_pattern(
    r"^\W*(?:the|la)\s+(?:court|corte|cour|commission|comisi[oó]n)\s*,?\W*$|^\W*(?:المحكمة|اللجنة)\W*$", re.I
)
STATE_FIRST = lazy_pattern(
    r"\b(?:estado|state|état|government|gouvernement|gobierno|republic|authorities|autorités|autoridades)s?\b|\bthe\s+(?-i:[A-Z]{2,5})\b"
    r"|الدول[ةه]|الحكوم[ةه]",
    re.I,
)
ORDERS_LATER = lazy_pattern(
    r"\b(?:orders?|ordena|ordonne|should|shall|must|(?:is|are)\s+to|deber?á\w*|debe[n]?|doi(?:t|vent)|devr(?:a|ont|ait|aient)"
    r"|payable|ser(?:a|ont)\s+à\s+(?:majorer|verser|payer|augmenter)|il\s+faudra)\b|يجب|ينبغي|يتعين|(?<!\w)تدفع|(?<!\w)أن\s+تدفع",
    re.I,
)
OF_PARTIES = lazy_pattern(  # requests to the parties or to the body's own staff are not requests to the State
    rf"^\W*(?:(?:the|la)\s+)?(?:{BODY})?.{{0,60}}?\b(?:{ASKING}|instructs|directs|invit(?:es?|a)|charge|dispone|disponer|encarga)\W+"
    r"(?:(?:to|the|both|au|aux|à|la|le|les|al|a|los|que)\s+){0,3}(?:parties|partes|secretariat|secretary|registr\w+|registry"
    r"|each\s+party|chaque\s+partie|cada\s+parte|complainants?|applicants?|greff\w+|secrétariat|secrétaire|requérants?|plaignants?|secretar[ií]\w+)\b",
    re.I,
)
SESSION = lazy_pattern(r"^\W*\d{1,3}(?:st|nd|rd|th|e|ème|ª|a)?\s+(?:(?:extra-?)?ordinary\s+)?session\b.{0,80}$", re.I)
ASKS_OF_STATE = lazy_pattern(  # infinitives, as in judgments of the Inter-American Court
    r"^\W*(?:solicitar|requerir|ordenar|instar|exhortar|disponer|recomendar|to\s+(?:request|require|order|urge|call\s+upon)"
    r"|(?:request|require|order|urge|call\s+upon)(?!\s+(?:for|of|by|from|in|on|concerning|regarding)\b)"
    r"|demander|ordonner|exhorter|enjoindre|requerer|determinar)\b.{0,40}?\b(?:estado|state|état|gobierno|government|gouvernement)\b"
    r"|^\W*و?(?:[أا]مر|[إا]لزام|مطالبة|دعوة|حث|تكليف)\s+(?:ال)?(?:دول[ةه]|حكوم[ةه])(?!\w)",
    re.I,
)
PAYS = lazy_pattern(
    r"\bintérêts?\s+(?:simple|moratoire)s?\b|\bpa(?:y|id|yable|yer|gar|gará)\b|\bvers(?:er|era)\b", re.I
)
DATED_ROW = 90
START_OF_POINT = 90


NUMBER, ROMAN, LETTER, BULLET, PLAIN = "number", "roman", "letter", "bullet", "plain"
