"""Letters of special procedures: mandates, subject, the questions asked, and the deadline of the reply."""

import re
from collections.abc import Iterator, Sequence

from servanda.language.documents.duties import Duty, around, duty_of
from servanda.language.documents.marks import item_of, number_of
from servanda.language.documents.paragraph_kinds import Kind, plain
from servanda.language.documents.question_words import QUESTION_SIGN
from servanda.language.documents.segments import tidied
from servanda.language.documents.terms import Term, terms_in
from servanda.language.documents.units import Block, Unit
from servanda.sources.documents.person_names import without_names
from servanda.sources.documents.symbols import LETTER

URGENT = ("UA", "JUA")
# The letter itself by its heading or its own words, and not one that it refers to: "our urgent appeal of 3 March".
URGENT_APPEAL = re.compile(
    r"\b(?:this|the\s+present)\s+(?:joint\s+)?urgent\s+appeal\b|\b(?:cet|le\s+présent)\s+appel\s+urgent\b"
    r"|\b(?:este|el\s+presente)\s+llamamiento\s+urgente\b|\b(?:este|o\s+presente)\s+apelo\s+urgente\b"
    r"|هذا\s+النداء\s+العاجل|النداء\s+العاجل\s+هذا"
    r"|\b(?-i:URGENT\s+APPEAL|APPEL\s+URGENT|LLAMAMIENTO\s+URGENTE|APELO\s+URGENTE)\b",
    re.I,
)
MOST_MANDATES = 60
LONGEST_SUBJECT = 300
SALUTATION = re.compile(
    r"^\W*(?:your\s+)?(?:excellenc(?:y|ies)|excelencia|excelência|monsieur|madame|dear\s|señor|(?:أصحاب|صاحب[ةه]?)\s+(?:ال)?(?:سعاد|معالي)|(?:سعادة|معالي))",
    re.I,
)
MANDATES = re.compile(
    r"^\W*(?:mandates?\s+of|mandats?\s+(?:du|de\s+la|de\s+l[’']|des)|mandatos?\s+(?:del|de\s+la|de\s+los|do|da)|ولاي(?:ة|ات|تا)(?:\s+كل\s+من)?)\s*",
    re.I,
)
BETWEEN_MANDATES = re.compile(
    r"\s*;\s*(?:and|et|y|e|و)?\s*|\s*؛\s*و?|(?:,\s*(?:(?:and|et|y|e)\s+)?|\s+(?:and|et|y|e)\s+)(?=(?:of\s+)?(?:the\s+|le\s+|la\s+|l[’']\s?|el\s+|du\s+|del\s+|de\s+la\s+|de\s+l[’']\s?|o\s+|a\s+)?"
    r"(?:special\s+rapp|independent\s+exp|working\s+gr|chair|rapporteu|expert|groupe\s+de|relator|grupo\s+de|perit))"
    r"|(?:،\s*و?|\s+و)(?=(?:المقرر|الفريق|الخبير))",
    re.I,
)
MANDATE_FIRST = re.compile(
    r"^\W*(?:(?:the|le|la|l[’']|el|o|a)\s*)?(?:special\s+rapp|independent\s+exp|working\s+gr|rapporteu|expert|groupe\s+de\s+travail|relator"
    r"|grupo\s+de\s+trab|perit)|^\W*و?(?:المقرر|الفريق|الخبير)",
    re.I,
)
ENDS_INSIDE = re.compile(
    r"(?:\b(?:the|of|and|on|le|la|du|de|des|et|el|los|del|y|e|do|da|of\s+the)|و|من)\s*$|[’']\s*$", re.I
)
ARTICLE = re.compile(r"^(?:of\s+)?(?:the|le|la|les|l[’']|el|los|du|del|de\s+la|de\s+l[’']|o|a|do|da)\s*", re.I)
REFERENCE_BEHIND = re.compile(
    r"\W*\b(?:(?:our\s+)?ref(?:erence|erencia)?|réf(?:érence)?|referência|(?:ال)?مرجع)\W*$", re.I
)
SUBJECT_LINE = re.compile(r"^\W*(?:subject|objet|asunto|assunto|الموضوع)\s*:\s*(?P<subject>.+)$", re.I)
SUBJECT = re.compile(
    r"(?:information|allegations)\s+(?:that\s+)?(?:we\s+have\s+)?received\s+(?:concerning|regarding|about|on|in\s+relation\s+to|relating\s+to)\s+(?P<en>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:informations?|allégations?)\s+(?:que\s+nous\s+avons\s+)?reçue?s?\s+(?:concernant|relatives?\s+[àa]u?x?|au\s+sujet\s+d\w+|sur|en\s+ce\s+qui\s+concerne)\s*(?P<fr>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:información|informaciones|alegaciones)\s+(?:que\s+hemos\s+)?(?:recibid[oa]s?\s+)(?:en\s+relación\s+con|sobre|acerca\s+de|relativ[oa]s?\s+al?|respecto\s+de|con\s+respecto\s+a)\s+(?P<es>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:informações|alegações)\s+(?:que\s+recebemos|recebidas)\s+(?:sobre|acerca\s+d[eoa]s?|a\s+respeito\s+d[eoa]s?|relativas\s+(?:a|à|ao)s?|referentes\s+(?:a|à|ao)s?|em\s+relação\s+(?:a|à|ao)s?)\s+(?P<pt>.+?)(?=\.(?:\s|$)|$)"
    r"|(?:ال)?معلومات\s+(?:التي\s+)?(?:تلقيناها|تلقينا|وردت\s+إلينا|وردتنا)\s+(?:بشأن|فيما\s+يتعلق\s+ب|حول|عن|تتعلق\s+ب|بخصوص)\s*(?P<ar>.+?)(?=\.(?:\s|$)|$)",
    re.I | re.S,
)
ASKS = re.compile(
    r"(?:observations|comments|views|information|response|replies|clarifications?)\s+(?:[\w’']+\s+){0,6}?(?:on|to|about|regarding)\s+(?:the\s+)?(?:following|below)"
    r"|following\s+(?:matters|questions|points|issues)\b.{0,80}:"
    r"|(?:observations|commentaires|renseignements|précisions|réponses?)\s+(?:[\w’']+\s+){0,6}?(?:sur|aux|concernant)\s+(?:les\s+)?(?:points|questions|sujets|éléments)\s+(?:suivant|ci-(?:après|dessous))"
    r"|(?:observations|commentaires|précisions|réponses?)\s+(?:[\w’']+\s+){0,6}?(?:sur|à|concernant)\s+ce\s+qui\s+suit"
    r"|répondre\s+(?:[\w’']+\s+){0,3}?aux\s+questions\s+(?:suivantes|ci-(?:après|dessous))"
    r"|(?:observaciones|comentarios|respuestas?|aclaraciones)\s+(?:\w+\s+){0,6}?(?:sobre|acerca\s+de|respecto\s+(?:de|a)|a)\s+lo\s+siguiente"
    r"|(?:responder|respuesta)\s+(?:\w+\s+){0,3}?a\s+las\s+(?:siguientes\s+preguntas|preguntas\s+siguientes)"
    r"|(?:observaciones|comentarios|información|respuestas?|aclaraciones)\s+(?:\w+\s+){0,6}?(?:sobre|acerca\s+de|a|en\s+relación\s+con|respecto\s+(?:de|a)|relativ[oa]s\s+a)\s+(?:los|las)\s+(?:siguientes\s+)?(?:asuntos|cuestiones|puntos|preguntas)"
    r"|(?:observações|comentários|respostas?|esclarecimentos)\s+(?:\w+\s+){0,6}?(?:sobre|acerca\s+de|a)\s*o\s+seguinte"
    r"|(?:observações|comentários|informações|respostas?|esclarecimentos)\s+(?:\w+\s+){0,6}?(?:sobre|acerca\s+de|a|em\s+relação)\s+(?:às?|aos?|as|os)?\s*(?:seguintes\s+)?(?:questões|assuntos|pontos|perguntas)"
    r"|(?:ملاحظات\w*|تعليقات\w*|ردود\w*|ردكم)\s+(?:\w+\s+){0,6}?(?:على|بشأن|حول)\s+ما\s+يلي"
    r"|(?:ملاحظات\w*|تعليقات\w*|ردود\w*|معلومات|ردكم)\s+(?:\w+\s+){0,6}?(?:على|بشأن|حول|عن)\s+(?:المسائل|النقاط|الأسئلة|القضايا)\s+(?:التالية|الآتية)",
    re.I,
)
ENDS = re.compile(
    r"^\W*(?:we\s+would\s+(?:appreciate|be\s+grateful)\s+(?:to\s+receiv|receiv|if\s+you|a\s+re)|please\s+accept|while\s+awaiting|this\s+communication|we\s+(?:may|intend)|annex\b|in\s+light\s+of|(?:in\s+view\s+of|given)\s+the\s+urgency"
    r"|(?:nous|je)\s+(?:serions|souhaiterions|vous\s+(?:serions|serais|saurions|saurais|prie))|veuillez\s+agréer|dans\s+l[’']attente"
    r"|(?:cette|la\s+présente)\s+communication|(?:compte\s+tenu\s+de|vu)\s+l[’']urgence|annexe\b|passé\s+ce"
    r"|(?:les?\s+)?agradecer[ií]a(?:mos)?|estaríamos\s+agradecid|dada\s+la\s+urgencia|acepte|aceptamos|a\s+la\s+espera|mientras|esta\s+comunicación|anexo\b|transcurrid"
    r"|agradecer[ií]amos|dada\s+a\s+urgência|ficaríamos\s+(?:gratos|agradecid)|queira\s+(?:aceitar|vossa)|enquanto\s+aguard|aguardando|após\s+(?:esse|este)\s+prazo"
    r"|(?:و?نكون|و?سنكون|و?نود|و?نرجو|و?نأمل)\s|و?نظرا\s+(?:إلى|ل)|و?ستنشر\s|وتفضلوا|وفي\s+انتظار|في\s+انتظار|ستتاح|المرفق)",
    re.I,
)
# A first question in a letter whose introduction to it is not known: "1. Please explain".
REQUESTED = re.compile(
    r"^\W*(?:please|kindly|sírvase|por\s+favor|veuillez|prière\s+de|merci\s+de|queiram?|solicita-se|يرجى|نرجو)(?!\w)",
    re.I,
)
# The authors of the letter ask: "We would appreciate receiving a response", "your reply".
ASKS_FOR_REPLY = re.compile(
    r"\b(?:we|i)\s+(?:would|should|kindly|look|request|ask|urge|hope|invite)\b|\byour\s+(?:repl(?:y|ies)|response)|\bappreciat\w+|\bgrateful\b"
    r"|\bagradec\w+|\bagradeç\w+|\b(?:rogamos|solicitamos|pedimos|quisi[eé]ramos|gostar[ií]amos|ficar[ií]amos)\b"
    r"|\breconnaissant\w*|\bsaur(?:ions|ais)\b|\bprions\b|\bje\s+vous\s+prie\b|\bobligée?s?\b|\bsouhaiterions\b|\bvotre\s+réponse\b"
    r"|\b(?:su|vuestra|sua|vossa)\s+respuest?a\b|\bsua\s+resposta\b"
    r"|(?<!\w)[وف]?(?:نرجو|أرجو|نكون|أكون|نود|أود|نأمل|آمل|نلتمس|نطلب)(?!\w)|ردكم",
    re.I,
)
SENTENCE_END = re.compile(r"(?<=[.?!؟])\s+")
PUBLISHED = re.compile(
    r"\b(?:be|being)\s+made\s+(?:public|available)\b|\brendue?s?\s+publiques?\b|\bhará[n]?\s+públic\w+|\bserá[n]?\s+public\w+"
    r"|\btornad\w+\s+públic\w+|(?<!\w)[وف]?(?:ستتاح|ستنشر|ستُنشر|ستُتاح)(?!\w)",
    re.I,
)


def mandates_of(rows: Sequence[str]) -> list[str]:
    """The mandates that the letter names above its reference, without doubles."""
    start = next((place for place, row in enumerate(rows) if MANDATES.match(row)), None)
    if start is None:
        return []
    heading: list[str] = []
    for row in rows[start:]:
        if SALUTATION.match(row) or re.match(r"^\W*(?:ref|réf|المرجع|مرجع)", row, re.I):
            break
        if reference := LETTER.search(row):  # in the same row, where the file has lost the line break
            heading.append(REFERENCE_BEHIND.sub("", row[: reference.start()]))
            break
        heading.append(row)
    text = re.sub(r"\s+", " ", MANDATES.sub("", "".join(in_rows(heading))))
    names = (ARTICLE.sub("", part.strip(" .,;،؛")) for part in BETWEEN_MANDATES.split(text))
    return list(dict.fromkeys(name[:1].upper() + name[1:] for name in names if name))[:MOST_MANDATES]


def in_rows(heading: Sequence[str]) -> Iterator[str]:
    """The rows, with a semicolon before each that begins with a mandate of its own."""
    for place, row in enumerate(heading):
        is_own = MANDATE_FIRST.match(row) and not ENDS_INSIDE.search(heading[place - 1])
        yield f"; {row}" if place and is_own else f" {row}"


def subject_of(blocks: Sequence[Block]) -> str:
    """What the letter is about, without the names of persons."""
    for block in blocks:
        if match := SUBJECT_LINE.match(block.text.strip()):
            return without_names(tidied(match["subject"]))[:LONGEST_SUBJECT]
    for block in blocks:
        if match := SUBJECT.search(without_names(tidied(block.text))):
            return without_names(next(part for part in match.groups() if part).strip())[:LONGEST_SUBJECT]
    return ""


def letter_units(blocks: Sequence[Block]) -> list[Unit]:
    """The questions of the letter with their numbers, and the reply that is due."""
    questions = list(questions_in(blocks))
    reply = reply_in(blocks) or usual_reply(questions) or reply_to_mandates(blocks)
    units = [*questions, *([reply] if reply else [])]
    return sorted(units, key=lambda unit: unit.first)


def questions_in(blocks: Sequence[Block]) -> Iterator[Unit]:
    opener = opener_of(blocks)
    if opener is None:
        return
    unit: Unit | None = None
    is_closed = False
    for place, block in enumerate(blocks[opener + 1 :], opener + 1):
        text = tidied(block.text)
        mark = number_of(f"{block.number} {text}".strip())
        if mark and mark.value == (int(unit.number) if unit else 0) + 1:
            if unit:
                yield unit
            unit = Unit(mark.printed, Kind.QUESTION, mark.rest, page=block.page, first=place, last=place)
        elif unit and (ENDS.match(plain(text)) or SALUTATION.match(text)):
            is_closed = True
            break
        elif unit and text and (item_of(text) or not block.is_heading):
            unit.text, unit.last = f"{unit.text} {text}".strip(), place
    if unit:
        unit.text = unit.text if is_closed else without_closing(unit.text)
        yield unit


def opener_of(blocks: Sequence[Block]) -> int | None:
    """The paragraph that introduces the questions."""
    opener = next((place for place, block in enumerate(blocks) if ASKS.search(plain(block.text))), None)
    return first_requested(blocks) if opener is None else opener


def first_requested(blocks: Sequence[Block]) -> int | None:
    """The paragraph above the first question, by the words or the sign of that question."""
    for place, block in enumerate(blocks):
        mark = number_of(f"{block.number} {tidied(block.text)}".strip())
        if mark and mark.value == 1 and (REQUESTED.match(plain(mark.rest)) or QUESTION_SIGN.search(mark.rest)):
            return place - 1
    return None


def without_closing(text: str) -> str:
    """Without the closing sentences of the letter; some PDF files have them in the paragraph of the last question."""
    for end in SENTENCE_END.finditer(text):
        if ENDS.match(plain(text[end.end() :])):
            return text[: end.start()]
    return text


def reply_in(blocks: Sequence[Block]) -> Unit | None:
    """The paragraph that asks for a reply by a deadline: where the letter itself asks, and not where its facts tell
    that others have to answer within a time."""
    opener = opener_of(blocks)
    begins = len(blocks) if opener is None else opener
    found = [reply for place, block in enumerate(blocks) for reply in replies_in(place, block)]
    asked = [reply for is_asked, reply in found if is_asked]
    others = [reply for is_asked, reply in found if not is_asked and reply.first > begins]
    behind = [reply for reply in asked if reply.first >= begins]
    return next(iter([*behind, *asked, *others]), None)


def replies_in(place: int, block: Block) -> Iterator[tuple[bool, Unit]]:
    """Replies due by a deadline in a paragraph, and whether the authors ask for them; questions are about others."""
    text = tidied(block.text)
    is_question = number_of(f"{block.number} {text}".strip()) is not None
    for term in terms_in(text):
        if duty_of(text, term) == Duty.REPLY and not is_published_by(text, term):
            is_asked = ASKS_FOR_REPLY.search(" ".join(around(plain(text), term, []))) is not None
            if is_asked or not is_question:
                yield is_asked, reply_unit(place, block, text, term)


def is_published_by(text: str, term: Term) -> bool:
    """Whether it is the time after which the letter itself is published: "will be made public within 48 hours"."""
    before, _after = around(plain(text), term, terms_in(text))
    return PUBLISHED.search(before) is not None


def reply_unit(place: int, block: Block, text: str, term: Term | None) -> Unit:
    return Unit("", Kind.OBLIGATION, text, page=block.page, first=place, last=place, deadline=term, duty=Duty.REPLY)


def usual_reply(questions: Sequence[Unit]) -> Unit | None:
    """The reply to a letter without a deadline of its own; when it is due, the rules say."""
    if not questions:
        return None
    last = questions[-1]
    return reply_unit(last.last, Block(last.text, page=last.page), last.text, None)


def reply_to_mandates(blocks: Sequence[Block]) -> Unit | None:
    """The reply to a letter in which neither a question nor a deadline was recognised: it must not be lost."""
    for place, block in enumerate(blocks):
        text = tidied(block.text)
        if mandates_of([text]):
            return reply_unit(place, block, text, None)
    return None


def is_urgent(reference: str, words: str) -> bool:
    """Whether it is the reference of an urgent appeal; the words of a letter count where it has no reference."""
    return reference.split(" ")[0].upper() in URGENT if reference else asks_urgently(words)


def asks_urgently(words: str) -> bool:
    return URGENT_APPEAL.search(words) is not None
