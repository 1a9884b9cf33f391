"""The head of a letter of special procedures: the mandates, the reference, and where the text begins."""

import re
from collections.abc import Iterator, Sequence

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import days_in
from servanda.sources.documents.letters.mandate_ends import ADDRESSEE, SENT_BY, WRITES

LONGEST_SALUTATION = 90
MOST_MANDATES = 60
SALUTATION = lazy_pattern(
    r"^\W*(?:your\s+)?(?:excellenc(?:y|ies|e)|excelencia|excelência|su\s+excelencia|vossa\s+excelência|monsieur|madame|mesdames|messieurs"
    r"|dear\s|sir\b|madam\b|señor|estimad[oa]|distinguid[oa]|exm[oa]|excelent[ií]ss?im[oa]|senhor|prezad[oa]|your\s+honou?r|ambassador|minister\b"
    r"|уважаем|ваше\s+превосходительство|(?:أصحاب|صاحب[ةه]?)\s+(?:ال)?(?:سعاد|معالي)|(?:سعادة|معالي|حضرة)|السيد(?:ة)?\s+(?:السفير|الوزير)|阁下|尊敬的)",
    re.I,
)
SALUTATION_INSIDE = lazy_pattern(
    r"(?:^|(?<![,،;]\s)(?<=\s))(?:(?:Your\s+)?Excellenc(?:y|ies|e)|Excelencia|Excelência|Dear\s[\w.’ ]{3,40}"
    r"|Sir|Madam|(?:صاحبة?|أصحاب)\s+(?:السعادة|المعالي)|سعادة\s+السفيرة?|معالي\s+الوزيرة?)(?:\s+(?:الموقرة?|المحترمة?))?"
    r"\s*[,،:](?:\s+(?=[A-ZÀ-Ý\u0600-\u06ff])|$)"
)
ANNEX = lazy_pattern(
    r"^\W*(?:(?:annex(?:e|es|ure)?|appendix|anexos?|приложение|(?:ال)?مرفق(?:ات)?|附件)(?!\w)|references?\s+to\s+international|applicable\s+(?:international\s+)?(?:law|standards))",
    re.I,
)
# "We have the honour to address you in our capacities as Special Rapporteur on ...; pursuant to resolution ..."
_HOLDER = (
    r"(?:(?:united\s+nations\s+|un\s+)?(?:special\s+(?:rapp|rep)|independent\s+exp|working\s+gr|chair|vice-chair|member|mandate[\s-]holder)"
    r"|rapporteu|expert|groupe|président|membre|représentant|titulaire|relator|grupo|president|perit|miembro|representante"
    r"|специальн|независим|(?:ال)?مقرر|(?:ال)?خبير|(?:ال)?فريق|رئيس|(?:ال)?مكلف|أصحاب|عضو)"
)
_ARTICLES = r"(?:(?:the|le|la|les|l[’']|el|los|las|o|a|os|as|un|une|una|um|uma)\s*)?"
CAPACITY = lazy_pattern(
    rf"\b(?:in\s+(?:our|my|the|his|her|their)\s+(?:respective\s+|joint\s+)?(?:capacit(?:y|ies)|roles?|functions?)\s+(?:as|of)\s+{_ARTICLES}{_HOLDER}"
    rf"|en\s+(?:nos|notre|ma|mes|leurs?)\s+(?:\w+\s+)?(?:qualités?|capacités?)\s+(?:respectives?\s+)?(?:de\s+|d[’']){_ARTICLES}{_HOLDER}"
    rf"|en\s+(?:nuestras?|mi|mis|sus?)\s+(?:\w+\s+)?(?:calidad(?:es)?|capacidad(?:es)?|condición|condiciones)\s+(?:respectivas?\s+)?(?:de|del|como)\s+{_ARTICLES}{_HOLDER}"
    rf"|n[ao]s?\s+(?:nossas?|minhas?)\s+(?:\w+\s+)?(?:qualidades?|capacidades?)\s+(?:respectivas?\s+)?(?:de|da|do|como)\s+{_ARTICLES}{_HOLDER})"
    rf"|(?:بصفتنا|بصفتي|بصفاتنا|بصفته[مـا]\w*)\s+{_HOLDER}|в\s+(?:нашем\s+)?качестве\s+{_HOLDER}",
    re.I,
)
PURSUANT = lazy_pattern(
    r"[,،]?\s*\b(?:pursuant\s+to|in\s+accordance\s+with|in\s+line\s+with|under\s+(?:human\s+rights\s+council\s+)?resolutions?|as\s+mandated|appointed\s+(?:by|under|pursuant)"
    r"|conformément|en\s+(?:application|vertu)|de\s+conformidad|de\s+acuerdo|en\s+virtud|conforme|em\s+conformidad|nos\s+termos"
    r"|согласно|в\s+соответствии)\b|[,،]?\s*(?:عملا|عملاً|وفقا|وفقاً|بموجب)(?!\w)|\.(?:\s|$)",
    re.I,
)
MANDATES = lazy_pattern(
    r"^\W*(?:(?:the|les?|los|os)\s+)?(?:mandates?(?:\s+of|\s*[:–—-])|mandats?(?:\s+(?:du|de\s+la|de\s+l[’']|des|de\s+)|\s*[:–—-])"
    r"|(?:titulares\s+de\s+(?:los\s+)?)?mandatos?(?:\s+(?:del|de\s+la|de\s+los|de\s+las|de|do|da|dos|das)\b|\s*[:–—-])"
    r"|(?:أصحاب\s+)?(?:ال)?ولاي(?:ة|ات|تا|تي)(?:\s+كل\s+من|\s*[:–—-])?|мандаты?)\s*",
    re.I,
)
_ROLE = (
    r"(?:(?:united\s+nations\s+|un\s+)?(?:special\s+(?:rapporteurs?|representative)|independent\s+experts?|working\s+groups?"
    r"|(?:vice-)?chair(?:person)?(?:-rapporteur)?\W+(?:of\s+the\s+)?(?:working\s+group|coordination)|coordination\s+committee)(?!\w)"
    r"|rapporteu(?:rs?|ses?)\s+spécia(?:le|ux|l|les)(?!\w)|expert(?:e|s|es)?\s+indépendant\w*|groupes?\s+de\s+travail"
    r"|(?:vice-)?présidente?(?:-rapporteu\w+)?\s+du\s+groupe|représentante?\s+spéciale?"
    r"|relator(?:a|es|as)?\s+especia(?:l|les|is)(?!\w)|expert[oa]s?\s+independientes?|grupos?\s+de\s+traba(?:jo|lho)"
    r"|(?:vice)?president[ea](?:-relator\w*)?\s+d(?:el|o)\s+grupo|representante\s+especial|perit[oa]s?\s+independentes?)"
)
_LINK = (
    r"(?:of\s+)?(?:(?:the|les?|la|el|los|las|du|des|del|de\s+la|de\s+los|de\s+las|de|os?|as?|d[oa]s?)\s+"
    r"|(?:de\s+)?l[’']\s?|d[’']\s?)?"
)
_ARABIC_ROLE = (
    r"(?:(?:ال)?مقرر(?:ة|ين|ون)?\s+(?:ال)?خاص|(?:ال)?فريق\s+(?:ال)?عامل|(?:ال)?خبير(?:ة)?\s+(?:ال)?مستقل|(?:رئيسة?|نائبة?\s+رئيس)\s+(?:ال)?فريق|(?:ال)?ممثلة?\s+(?:ال)?خاص"
    r"|(?:ال)?مقررة?(?=\s+المعني))"
)
ROLE = lazy_pattern(rf"(?<!\w){_ROLE}|(?<!\w)و?(?:ل|لل)?{_ARABIC_ROLE}", re.I)
# What stands between two mandates: signs, and words such as "as well as".
BEHIND_MANDATE = lazy_pattern(
    r"[\s;؛•▪·●,،.–—/|&:-]*(?:(?<![^\W\d_])(?:and|et|y|e|as\s+well\s+as|ainsi\s+que|así\s+como|bem\s+como|و)"
    r"(?:\s*(?<!\w)(?:by|par|por|pel[oa]s?|من(?:\s+قبل)?))?[\s•–-]*)?$",
    re.I,
)
SEVERAL = lazy_pattern(
    r"^(?P<name>(?:special\s+rapporteurs|rapporteurs\s+spéciaux|rapporteuses\s+spéciales|relator[ea]s\s+especia(?:les|is)|independent\s+experts|working\s+groups"
    r"|المقررين\s+الخاصين|المقررون\s+الخاصون))\s+(?P<on>on|sur|sobre|المعني\w*\s+ب)",
    re.I,
)
AGAIN = lazy_pattern(r"(?<![\s,،;])[\s,،;]*+(?:\b(?:and|et|y|e|و)\s++)?\b(?:on|sur|sobre)\s++", re.I)
MANDATE_FIRST = lazy_pattern(rf"^\W*(?:{_LINK}{_ROLE})|^\W*و?{_ARABIC_ROLE}", re.I)
# Whom or what the row below the mandates is about.
OF_ADDRESSEE = lazy_pattern(
    r"^\W*(?:to\b|h\.\s?e\.|(?:his|her)\s+excellency|a:|al\b|à\b|au\b|ao\b|s\.\s?e\.|(?:su|son)\s+excel|subject|re:|objet|asunto|assunto|destinat|addressee|permanent\s+mission"
    r"|إلى|الموضوع|الى)",
    re.I,
)
ENDS_INSIDE = lazy_pattern(
    r"(?:\b(?:the|of|and|on|le|la|du|de|des|et|el|los|del|y|e|do|da|of\s+the)|و|من)\s*$|[’']\s*$", re.I
)
ARTICLE = lazy_pattern(
    r"^(?:of\s+)?(?:(?:de\s+)?l[’']\s?|d[’']\s?|(?:the|les?|la|el|los|las|du|des|del|de\s+la|de\s+los|de\s+las|de|os?|as?|d[oa]s?)\s+)",
    re.I,
)
REFERENCE_LABEL = lazy_pattern(
    r"^\W*(?:(?:our|your|notre|nos|votre|nuestras?|nossas?|su|n|v|file|case)\b[\s/.]*)?(?:ref(?:erence|erencias?|s)?|réf(?:érences?|s)?|referências?|n[.°ºo]+\s*(?:de\s+)?r[ée]f\w*"
    r"|(?:numéro|número)\s+de\s+r[ée]f\w*|(?:(?:ال)?رقم\s+)?(?:ال)?(?:مرجع(?:ي)?|إشارة|اشارة)|رقم\s+الملف|file\s+no|индекс|ссылка|номер)(?![^\W\d_])",
    re.I,
)
OF_OFFICE = lazy_pattern(
    r"palais\s+des|1211|geneva\s+10|\btel\b|t[ée]l[ée]?(?:phone|fax|c|x|gram)|\bfax\b|e-?mail|@|https?:|www\.|please\s+use|en\s+(?:su|votre)\s+répon|^\W*\(",
    re.I,
)
NOT_OWN = lazy_pattern(
    r"\b(?:reply|replies|response|previous|earlier|further\s+to|follow(?:s|ing|-up)\s+(?:up\s+)?(?:to|on)|refers?|référence\s+à\s+notre|suite\s+à|en\s+relación\s+con|cc|see|in\s+connection)\b",
    re.I,
)
_KIND = r"(?P<kind>JAL|JUA|JOL|AL|UA|OL|OTH|GA|PI)"
_NUMBER = r"(?P<iso>[A-Z]{3})[\s./–-]{0,3}(?P<n>[\d٠-٩]{1,3})\s?[/.-]\s?(?P<year>(?:19|20)\d\d|٢٠[٠-٩]{2})(?!\d)"
# Files of the mandates between: "G/SO 214 (67-17) Assembly & Association (2010-1)".
_FILES = r"(?:(?!\b(?:AL|UA|OL|JAL|JUA|JOL)\b)[^.;]){0,400}?"
WITH_FILES = lazy_pattern(rf"(?<![\w/]){_KIND}\b[\s:.,/–-]*(?P<files>{_FILES})(?<!\w){_NUMBER}")
BEHIND = lazy_pattern(rf"(?<![\w/]){_NUMBER}\s*[(\[,–-]\s*{_KIND}\b")
NUMBER_ALONE = lazy_pattern(rf"(?<![\w/]){_NUMBER}")
FILE_ALONE = lazy_pattern(
    r"(?:(?<![\w/])(?P<kind>JAL|JUA|JOL|AL|UA|OL)\s+)?(?P<files>G/SO\s+\d{3}(?:/\d+)?(?:\s*\([\d\s-]+\))?)"
)
LABEL_INSIDE = lazy_pattern(
    r"(?<=\s)(?:Our\s+)?(?:Ref(?:erence)?|REF(?:ERENCE)?|Réf(?:érence)?|Date|DATE|Fecha|المرجع|التاريخ)\s*\.?\s*:",
    re.S,
)
# Words before the reference in a row that lost its line breaks: "… Testland – letter AL TST 3/2026".
REFERENCE_BEHIND = lazy_pattern(
    r"\W*\b(?:(?:our\s+)?ref\w*|réf\w*|referência|(?:ال)?مرجع)\W*$"
    r"|(?:\s+[^\W\d_]+\s?[-–—])?\W+(?:letter|communication|lettre|carta|comunicación|comunicação|(?:ال)?رسالة|(?:ال)?بلاغ)\W*$",
    re.I,
)
# The letterhead, or a label of the next row, in one row with a mandate.
BESIDE_MANDATE = lazy_pattern(
    r"\s+(?:(?:United\s+Nations\s+)?Human\s+Rights\s+Council\s+Special\s+Procedures|United\s+Nations\s+(?:Human\s+Rights|Office|Nations)"
    r"|Nations\s+Unies\s+(?:Haut|Conseil|Nations|Droits)|Naciones\s+Unidas\s+(?:Alto|Consejo|Derechos)|Office\s+of\s+the\s+(?:United\s+Nations\s+)?High\s+Commissioner"
    r"|Haut-Commissariat\s+des|Oficina\s+del\s+Alto\s+Comisionado|Palais\s+des\s+Nations|الأمم\s+المتحدة\s+(?:حقوق|مجلس|مفوضية)|مجلس\s+حقوق\s+الإنسان\s+(?:ال)?إجراءات"
    r"|(?:From|To|Subject|State|Country|Addressee|De|À|Objet|État|Pays|Destinataire|Para|A|Asunto|Estado|País|من|إلى|الموضوع|الدولة)\s*:)",
    re.I,
)
IS_REPORT = lazy_pattern(r"^\W*(?:report|rapport|informe|relatório|تقرير|statement|press)\b", re.I)
DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩", "0123456789")


def is_salutation(row: str) -> bool:
    """Whether it is the salutation: in a row of its own, or at the beginning of the first paragraph."""
    match = SALUTATION.match(row)
    if match is None:
        return False
    return len(row) <= LONGEST_SALUTATION or row[match.end() :].lstrip()[:1] in (",", "،", ":", ";")


def begin_of(rows: Sequence[str]) -> int | None:
    """The row of the salutation, or in which it is, or else of the sentence with the capacity of the authors."""
    salutation = next((place for place, row in enumerate(rows) if is_closed_salutation(row)), None)
    if salutation is None:
        salutation = next((place for place, row in enumerate(rows) if is_salutation(row)), None)
    if salutation is not None:
        return salutation
    inside = next((place for place, row in enumerate(rows[:10]) if SALUTATION_INSIDE.search(row)), None)
    if inside is not None:
        return inside
    return next((place for place, row in enumerate(rows) if CAPACITY.search(row)), None)


def is_closed_salutation(row: str) -> bool:
    return is_salutation(row) and row.rstrip()[-1:] in (",", "،", ":", ";")


def head_of(rows: Sequence[str]) -> list[str]:
    """The rows above the text of the letter, and what stands before it in its first row, where the file has lost the
    line breaks."""
    begin = begin_of(rows)
    if begin is None:
        return list(rows)
    first = SALUTATION_INSIDE.search(rows[begin]) or CAPACITY.search(rows[begin])
    before = rows[begin][: first.start()] if first and not is_salutation(rows[begin]) else ""
    return [*rows[:begin], *([before] if before.strip() else [])]


def is_of_letter(rows: Sequence[str]) -> bool:
    """Whether the rows of a head are those of a letter of mandate holders, and not of a reply to one."""
    if any(IS_REPLY.search(row) for row in rows[:12]):
        return False
    if has_own_reference(rows):
        return True
    head, begin = head_of(rows), begin_of(rows)
    if begin is None or not any(is_salutation(row) or SALUTATION_INSIDE.search(row) for row in rows):
        return False
    if any(CAPACITY.search(row) for row in rows[begin : begin + 6]):
        return True
    return bool(reference_in(head)) or (any(map(MANDATES.match, head)) and bool(mandates_in(head)))


MOST_HEAD_ROWS, LONGEST_TITLE, MOST_WORDS_OF_TITLE = 15, 90, 5
OWN_REFERENCE = lazy_pattern(rf"(?<![\w/])(?:AL|UA|OL|JAL|JUA|JOL)[\s:./–-]{{1,3}}{_NUMBER}")
# In a row that lost its line breaks: "Sender Special Rapporteur on … Reference AL TST 7/2026 Questions …".
LABEL_BEFORE = lazy_pattern(
    r"(?<!\()\b(?:REF|Ref|REFERENCE|Reference|RÉF|Réf|RÉFÉRENCE|Référence|REFERENCIA|Referencia|REFERÊNCIA|Referência)[\s.:|]*$"
    r"|(?<!\w)المرجع[\s.:|]*$"
)
FILE_LABEL = lazy_pattern(
    r"^\W*(?:[^\W\d_]+\s+){0,2}(?:dossier|expediente|processo|file|(?:ال)?ملف)\s*(?:n[.°ºo]+\s*)?$", re.I
)
OF_REPORT = lazy_pattern(
    r"\b(?:reports?|rapports?|informes?|relatórios?|press\s+release|statement|communiqué|comunicado|newsletter)\b|(?<!\w)(?:ال)?(?:تقرير|بيان)(?!\w)",
    re.I,
)


def has_own_reference(rows: Sequence[str]) -> bool:
    """Whether the head has one reference of a letter, in a row of its own or with a label or a short title: it makes
    the document a letter whatever its headings. Reports cite several letters, or one in a sentence."""
    head = [row for row in head_of(rows[:MOST_HEAD_ROWS]) if row.strip()]
    found: set[str] = set()
    is_own = False
    for row in head:
        if OF_REPORT.search(row) and len(row) <= LONGEST_TITLE and not found:
            return False
        for match in OWN_REFERENCE.finditer(row):
            found.add(numbered(match))
            is_own = is_own or is_own_in(row, match.start())
    return is_own and len(found) == 1


def is_own_in(row: str, start: int) -> bool:
    before = row[:start].strip(" \t|([:.,–—-")
    if not before or REFERENCE_LABEL.match(row) or FILE_LABEL.search(before) or LABEL_BEFORE.search(row[:start]):
        return True
    is_sentence = len(row) > LONGEST_TITLE or row.rstrip().endswith((".", ";", "؛"))
    return not is_sentence and not NOT_OWN.search(before) and len(before.split()) <= MOST_WORDS_OF_TITLE


IS_REPLY = lazy_pattern(
    r"\bpermanent\s+mission\b[^\n]{0,120}\bpresents\s+its\s+compliments|\bmission\s+permanente\b[^\n]{0,120}\bprésente\s+ses\s+compliments"
    r"|\bmisión\s+permanente\b[^\n]{0,120}\b(?:saluda|presenta\s+sus)|^\W*note\s+verbale|^\W*nota\s+verbal"
    r"|^\W*(?:reply|replies|response|comments|observations|information)\s+(?:of|from|by|provided\s+by)\s+(?:the\s+)?(?:government|state|kingdom|republic|authorities|permanent)"
    r"|^\W*(?:réponse|observations|commentaires)\s+(?:du|de\s+la|de\s+l[’'])\s*(?:gouvernement|état|république|royaume|mission)"
    r"|^\W*(?:respuesta|observaciones|comentarios)\s+(?:del|de\s+la)\s+(?:gobierno|estado|república|reino|misión)"
    r"|^\W*(?:resposta|observações)\s+d[oa]\s+(?:governo|estado|república)|^\W*(?:رد|ردود|ملاحظات)\s+(?:ال)?(?:حكومة|دولة|مملكة|جمهورية)",
    re.I,
)


def reference_in(head: Sequence[str]) -> str:
    """The reference of the letter in its head, without the files of the mandates where it has a number of its own:
    "UA TST 3/2014". Rows that tell of other letters do not count."""
    own = [row for row in head if not (NOT_OWN.search(row) and not REFERENCE_LABEL.match(row))]
    places = [place for place, row in enumerate(own) if REFERENCE_LABEL.match(row)]
    texts = [" ".join(own[place : place + 8]) for place in places] + [" ".join(own)]
    for pattern in (WITH_FILES, BEHIND):
        for text in [*texts, *own]:
            if match := pattern.search(text):
                return f"{match['kind']} {numbered(match)}"
    for place in places:
        text = " ".join(own[place : place + 8])
        if match := NUMBER_ALONE.search(text):
            return numbered(match)
    for text in texts:
        if found := list(FILE_ALONE.finditer(text)):
            kind = next((match["kind"] for match in found if match["kind"]), "")
            files = dict.fromkeys(re.sub(r"\s+", " ", match["files"]) for match in found)
            return f"{kind} {' '.join(files)}".strip()[:120]
    return ""


def numbered(match: re.Match[str]) -> str:
    number = str(int(match["n"].translate(DIGITS)))
    printed = match["n"].translate(DIGITS)
    return f"{match['iso']} {printed if printed == number else printed}/{match['year'].translate(DIGITS)}"


def mandates_of(rows: Sequence[str]) -> list[str]:
    """The mandates that the letter names above its reference, or else in its first sentence, without doubles."""
    return mandates_in(head_of(rows)) or mandates_in_capacity(rows)


def mandates_in(head: Sequence[str]) -> list[str]:
    """The roles that the rows of the head name one after the other, below whatever title."""
    start = next((place for place, row in enumerate(head) if names_mandate(row)), None)
    if start is None:
        return []
    heading: list[str] = []
    for row in head[start:]:
        cut = reference_behind(row)
        own = row if cut is None else REFERENCE_BEHIND.sub("", row[:cut])
        if heading and ends_mandates(own, heading[-1]):
            break
        first = ROLE.search(own)
        heading.append(own if heading or not first else own[link_start(own, first.start()) :])
        if cut is not None:
            break
    return named_in(in_rows(heading))


def reference_behind(row: str) -> int | None:
    """Where the reference or the date begins that a row has behind its mandates, where the file lost a line break."""
    role = ROLE.search(row)
    begins = role.end() if role else 0
    found = (pattern.search(row, begins) for pattern in (WITH_FILES, FILE_ALONE, LABEL_INSIDE))
    return min((match.start() for match in found if match), default=None)


def names_mandate(row: str) -> bool:
    """Whether a row of the head names a mandate: the first, or behind a title such as "Mandates of" or "From:"."""
    if is_salutation(row) or CAPACITY.search(row) or IS_REPORT.match(row):
        return False
    return ROLE.search(row) is not None


def link_start(row: str, start: int) -> int:
    before = re.search(rf"(?<!\w){_LINK}$", row[:start], re.I)
    return before.start() if before else start


def ends_mandates(row: str, above: str) -> bool:
    """Whether the row below the mandates is none and goes on with none."""
    if (
        is_salutation(row)
        or REFERENCE_LABEL.match(row)
        or OF_OFFICE.search(row)
        or is_dated(row)
        or OF_ADDRESSEE.match(row)
    ):
        return True
    if MANDATE_FIRST.match(row) or ROLE.search(row) or not row.strip():
        return False
    is_open = ENDS_INSIDE.search(above) or above.rstrip().endswith((",", "،")) or row[:1].islower()
    return not is_open and re.search(r"[\u0600-\u06ff]", row) is None


def is_dated(row: str) -> bool:
    day = next(days_in(row), None)
    return day is not None and len(re.findall(r"[^\W\d_]+", row[: day.start] + row[day.end :])) <= 4


def mandates_in_capacity(rows: Sequence[str]) -> list[str]:
    """The mandates of "in our capacities as Special Rapporteur on …; Independent Expert on …, pursuant to …"."""
    for row in rows:
        if match := CAPACITY.search(row):
            holder = re.search(_HOLDER, match[0], re.I)
            behind = row[match.start() + (holder.start() if holder else 0) :]
            end = PURSUANT.search(behind)
            return named_in([behind[: end.start()] if end else behind])
    begin = begin_of(rows)
    for row in rows[begin + 1 : begin + 3] if begin is not None else ():
        if MANDATE_FIRST.match(row):  # "The Special Rapporteur on torture presents his compliments"
            end = WRITES.search(row)
            return named_in([row[: end.start()] if end else row])
        if sent := SENT_BY.search(row):
            behind = row[sent.end() :]
            end = PURSUANT.search(behind)
            return named_in([behind[: end.start()] if end else behind])
    return []


def named_in(heading: Iterator[str] | Sequence[str]) -> list[str]:
    """The mandates of the text: one begins wherever a role does, with or without a sign before it."""
    text = re.sub(r"\s+", " ", MANDATES.sub("", "".join(heading).strip()))
    cuts = [link_start(text, match.start()) for match in ROLE.finditer(text)]
    whole = (text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True))
    parts = [ADDRESSEE.split(BESIDE_MANDATE.split(part, maxsplit=1)[0], maxsplit=1)[0] for part in whole]
    cleaned = (ARTICLE.sub("", BEHIND_MANDATE.sub("", part).strip(" .,;:،؛•-–")) for part in parts if part.strip())
    names = [name for part in cleaned for name in apart(re.sub(r"^و(?=ال)", "", part)) if ROLE.match(name)]
    return list(dict.fromkeys(name[:1].upper() + name[1:] for name in names))[:MOST_MANDATES]


def apart(part: str) -> list[str]:
    """Several mandates of one kind: "Special Rapporteurs on the right to food and on torture"."""
    match = SEVERAL.match(part)
    if match is None:
        return [part] if part else []
    subjects = AGAIN.split(part[match.end() :].strip())
    return [f"{match['name']} {match['on']} {subject.strip(' ,')}" for subject in subjects if subject.strip(" ,")]


def in_rows(heading: Sequence[str]) -> Iterator[str]:
    """The rows, with a semicolon before each that begins with a mandate of its own."""
    for place, row in enumerate(heading):
        is_own = MANDATE_FIRST.match(row) and not ENDS_INSIDE.search(heading[place - 1])
        yield f"; {row}" if place and is_own else f" {row}"
