"""The reply that a letter asks for, and by when: in a sentence of its authors, and not in what its facts tell."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import ALIF, days_in, days_without_year
from servanda.language.documents.duties import Duty, around, duty_of
from servanda.language.documents.paragraph_kinds import Kind, plain
from servanda.language.documents.segments import tidied
from servanda.language.documents.terms import Term, lengths_in, terms_in
from servanda.language.documents.units import Block, Unit
from servanda.sources.documents.letters.questions import closing_in
from servanda.sources.documents.letters.words import REPLY, REQUESTS, TELLS, flat, measures_only, straight

# The authors of the letter ask: "We would appreciate receiving a response", "your reply".
ASKS_FOR_REPLY = lazy_pattern(
    r"\b(?:we|i)\s+(?:would|should|kindly|look|request|ask|urge|hope|invite|trust|expect|await|need|count|seek)\b"
    r"|\byour\s+(?:[\w’']+\s+){0,3}?(?:repl(?:y|ies)|response|answers?|observations|comments)|\bappreciat\w+|\bgrateful\b|\breach\s+us\b"
    r"|\b(?:receive[ds]?|send|sent|returned|provided|submitted|transmitted)\s+(?:to\s+)?us\b|\bplease\b|\b(?:is|are)\s+(?:kindly\s+)?(?:requested|invited|asked)\b"
    r"|\b(?:repl(?:y|ies)|response|answers?)\s+(?:\w+\s+){0,6}?(?:requested|expected|due|awaited|sought|welcome\w*|required)\b"
    r"|\b(?:deadline|time[\s-]?limit)\s+(?:for|to)\s+(?:\w+\s+){0,3}?(?:repl|respon|answer)"
    r"|\bagradec\w+|\bagradeç\w+|\b(?:rogamos|ruego|solicitamos|solicito|pedimos|esperamos|quisi[eé]ramos|gostar[ií]amos|ficar[ií]amos|aguardamos|s[íi]rva\w*)\b"
    r"|\breconnaissant\w*|\bsaur(?:ions|ais)\b|\bprions\b|\bje\s+vous\s+prie\b|\bobligée?s?\b|\bsouhaiterions\b|\bvotre\s+réponse\b"
    r"|\b(?:attendons|espérons|demandons|invitons|apprécierions|aimerions|voudrions|veuillez)\b|\bréponse\s+(?:\w+\s+){0,4}?(?:attendue|demandée|souhaitée|sollicitée)"
    r"|\b(?:su|vuestra|sua|vossa)\s+respuest?a\b|\bsua\s+resposta\b|\bresp(?:uesta|osta)\s+(?:\w+\s+){0,4}?(?:solicit|esper|requer)\w+"
    r"|\bplazo\s+(?:para|de)\s+(?:\w+\s+)?resp|\bdélai\s+(?:de|pour)\s+(?:\w+\s+)?répon|\bprazo\s+(?:para|de)\s+(?:\w+\s+)?resp"
    r"|(?<!\w)[وف]?(?:نرجو|أرجو|يرجى|نكون|سنكون|أكون|نود|أود|نأمل|آمل|نلتمس|نطلب|نتطلع|ننتظر|نتوقع|نقدر|ندعو)(?!\w)|ردكم|ردودكم|إجاباتكم",
    re.I,
)
PUBLISHED = lazy_pattern(
    r"\b(?:be|being|become|is|are)\s+(?:\w+\s+)?(?:made\s+)?(?:public|publicly|published|posted|available|uploaded|released|placed)\b|\bwebsites?\b|\bgo\s+public\b"
    r"|\brendue?s?\s+publiques?\b|\bpubliée?s?\b|\bhará[n]?\s+públic\w+|\bserá[n]?\s+(?:public|divulg)\w+|\bpublicará\w*"
    r"|\btornad\w+\s+públic\w+|\bpublicad[oa]s?\b|(?<!\w)[وف]?(?:ستتاح|ستنشر|ستُنشر|ستُتاح|تنشر|ستصبح)(?!\w)",
    re.I,
)
# What the authors tell of an earlier letter: "we regret that no reply was received within 60 days".
TOLD_OF_REPLY = lazy_pattern(
    r"\b(?:regret\w*|wrote|(?:was|were|has|have)\s+(?:not\s+)?(?:been\s+)?(?:received|answered|sent)|no\s+(?:reply|response)\s+(?:was|has|to))\b"
    r"|\b(?:regrett\w+|lament\w+|n[’'](?:a|ont|avons)\s+(?:pas\s+)?(?:été\s+)?(?:reçu|répondu)|no\s+(?:se\s+)?(?:ha|hemos|recibimos)|não\s+(?:foi|recebemos))\b"
    r"|(?<!\w)(?:نأسف|لم\s+نتلق|لم\s+يرد)(?!\w)",
    re.I,
)
STRICT = lazy_pattern(
    r"\b(?:respon(?:d\w*|se\w*)|repl(?:y|ies)|answer\w*|hear\s+from|répon\w+|resp(?:uesta|osta|ond)\w*|contest\w+|ответ\w*)\b|(?:(?<!\w)(?:ال)?رد(?!\w)|ردكم|رداً?|جواب|اجاب)",
    re.I,
)
AFTER = lazy_pattern(
    r"(?:\b(?:after|past|once|following|passés?|après|au-delà\s+de|tras|transcurrid\w+|después\s+de|pasad\w+|após|decorrid\w+|по\s+истечении)|(?<!\w)وبعد|(?<!\w)بعد)"
    r"(?:\s+\w+){0,4}\s*$",
    re.I,
)
WITHIN_IT = lazy_pattern(
    r"\bwithin\s+(?:that|this|the\s+same|the\s+said|such)\s+(?:time|period|delay)|\b(?:dans|avant)\s+ce\s+(?:délai|terme)|\b(?:en|dentro\s+de)\s+(?:ese|este|dicho)\s+plazo"
    r"|\b(?:nesse|neste|dentro\s+desse)\s+prazo|(?:خلال|في)\s+(?:هذه|تلك)\s+(?:المهلة|المدة|الفترة)",
    re.I,
)
# What the reader is asked to tell the authors, and not what others have to do within a time.
TELL_US = lazy_pattern(
    r"\b(?:let|tell|inform|advise|notify|write\s+to|assure|show|send)\s+(?:me|us)\b(?:\s+know)?|\b(?:report|confirm|reply|respond|answer)\s+to\s+(?:me|us)\b"
    r"|\b(?:me|m[’']|nous)\s*(?:faire\s+(?:savoir|connaître|parvenir)|dire|indiquer|informer|préciser|communiquer|répondre|confirmer|assurer|écrire|transmettre)\b"
    r"|\b(?:dites|indiquez|informez|précisez|communiquez|répondez|confirmez|écrivez|transmettez|faites)-(?:moi|nous)\b(?:\s+(?:savoir|connaître|parvenir))?"
    r"|\b(?:me|nos)\s+(?:haga[n]?\s+saber|(?:informe|diga|indique|comunique|confirme|responda|conteste|aclare|envíe|escriba)n?|faça[m]?\s+saber|esclareça[m]?|envie[m]?)(?!\w)"
    r"|\b(?:hacer|informar|decir|indicar|comunicar|confirmar|responder|contestar|aclarar|enviar|dígan?|infórme(?:n)?|comuníque(?:n)?|indíque(?:n)?)(?:me|nos)\b(?:\s+saber)?"
    r"|\b(?:fazer|informar|dizer|indicar|comunicar|confirmar|responder|esclarecer|enviar|informe[m]?|diga[m]?|comunique[m]?|indique[m]?)-(?:me|nos)\b(?:\s+saber)?"
    r"|(?<!\w)[وفب]?(?:افاد[ةت]|ابلاغ|اعلام|اطلاع|موافا[ةت]|اخبار|اجاب[ةت])(?:ي|نا)(?!\w)|(?<!\w)(?:[تي](?:فيدو|بلغو|علمو|خبرو|وافو|طلعو))ا?(?:ني|نا)(?!\w)",
    re.I,
)
MOST_TOLD_BEFORE = 3  # words between the request and its time: "inform me in writing within ten days"
CLAUSE = lazy_pattern(
    r"\b(?:how|what|whether|which|why|who|whom|when|where|if|that|about|on|of|si|comment|pourquoi|quel\w*|combien|où|quand|qui|que|sur|des?|du"
    r"|cómo|qué|cuál\w*|cuánt\w*|quién\w*|dónde|cuándo|sobre|del?|como|qual|quais|se|onde|quando|quem|d[aeo]s?)\b"
    r"|(?<!\w)(?:هل|ما|ماذا|كيف|اين|متى|من|ان|ب?ما|عن|عما|ب?مكان)(?!\w)",
    re.I,
)
SENTENCE = lazy_pattern(r"(?<=[.?!؟。])\s+(?=[^\W\d_a-zà-ÿ])")


def reply_of(blocks: Sequence[Block], questions: Sequence[Unit], issued: date | None, begins: int) -> Unit | None:
    """The paragraph that asks for a reply by a deadline: behind the questions, or else before them; a time that the
    facts give to others counts only behind the questions."""
    asked_at = {place for unit in questions for place in range(unit.first, unit.last + 1)}
    first, last = min(asked_at, default=len(blocks)), max(asked_at, default=len(blocks))
    found = [
        (is_asked, reply)
        for place, block in enumerate(blocks[begins:], begins)
        for is_asked, reply in replies_in(
            place, block, issued, is_question=place in asked_at, is_behind=place >= last
        )
    ]
    asked = [reply for is_asked, reply in found if is_asked]
    others = [reply for is_asked, reply in found if not is_asked and reply.first > first]
    behind = [reply for reply in asked if reply.first >= first]
    own = behind or [*reversed(asked)] or [*told_within(blocks, issued, begins)]
    return next(iter([*own, *others]), None)


def told_within(blocks: Sequence[Block], issued: date | None, begins: int) -> Iterator[Unit]:
    """The reply due by the time within which the reader is asked to tell the authors something: "Kindly let me know
    within two days where she is". It stands beside the request, before what is asked."""
    for place, block in enumerate(blocks[begins:], begins):
        text = straight(tidied(block.text))
        for sentence in SENTENCE.split(text):
            words = flat(sentence)
            for request in TELL_US.finditer(words):
                terms = (term for term in times_in(sentence, issued) if is_beside(words, request, term))
                if term := next((term for term in terms if not is_past(term, issued)), None):
                    yield reply_unit(place, block, text, term)


def times_in(sentence: str, issued: date | None) -> list[Term]:
    days = [Term("", day.start, day.end, day=day.day) for day in days_of(sentence, issued)]
    found = terms_in(sentence) or sorted([*lengths_in(sentence), *days], key=lambda term: term.start)
    return [replace(term, words=term.words or plain(sentence)[term.start : term.end]) for term in found]


def is_beside(words: str, request: re.Match[str], term: Term) -> bool:
    """Whether the time belongs to the request: it follows at once, or opens the sentence."""
    if term.start >= request.end():
        between = words[request.end() : term.start]
        return len(between.split()) <= MOST_TOLD_BEFORE and CLAUSE.search(between) is None
    return len(words[: term.start].split()) <= 1 and CLAUSE.search(words, term.end, request.start()) is None


def replies_in(
    place: int, block: Block, issued: date | None, *, is_question: bool, is_behind: bool
) -> Iterator[tuple[bool, Unit]]:
    """Replies due by a deadline in a paragraph, and whether the authors ask for them; questions are about others."""
    text = straight(tidied(block.text))
    own = closing_in(text) if is_question else text
    for term in terms_in(own):
        if duty_of(own, term) == Duty.REPLY and not is_published_by(own, term):
            clause = " ".join(around(plain(own), term, []))
            is_asked = ASKS_FOR_REPLY.search(clause) is not None
            if TOLD_OF_REPLY.search(clause):
                continue
            yield is_asked, reply_unit(place, block, text, term)
    for term in loose_terms(own, issued, is_behind=is_behind):
        yield True, reply_unit(place, block, text, term)


def loose_terms(text: str, issued: date | None, *, is_behind: bool) -> Iterator[Term]:
    """Any length or day in a sentence in which the authors ask for a reply, whatever words lead to it. Behind the
    questions a sentence speaks of the reply if it speaks of any, or requests anything but measures."""
    parts = SENTENCE.split(text)
    for place, sentence in enumerate(parts):
        if TOLD_OF_REPLY.search(sentence):
            continue
        words = flat(sentence)
        is_asked, is_on_reply = ASKS_FOR_REPLY.search(sentence) is not None, REPLY.search(words) is not None
        is_close = is_behind and (is_on_reply or REQUESTS.search(words) is not None) and not measures_only(words)
        is_early = is_asked and STRICT.search(words) is not None and not TELLS.search(words)
        if not (is_close or is_early):
            continue
        if place and WITHIN_IT.search(sentence):
            yield from lengths_in(parts[place - 1])
        for term in times_in(sentence, issued):
            if not is_published_by(sentence, term) and not is_past(term, issued):
                yield term


def days_of(sentence: str, issued: date | None) -> Iterator:
    flat = plain(sentence).translate(ALIF)
    yield from days_in(flat)
    if issued:
        yield from days_without_year(flat, behind=issued)


def is_past(term: Term, issued: date | None) -> bool:
    return term.day is not None and issued is not None and term.day <= issued


def is_published_by(text: str, term: Term) -> bool:
    """Whether it is the time after which the letter itself is published: "will be made public within 48 hours"."""
    before, after = around(plain(text), term, terms_in(text))
    if PUBLISHED.search(before):
        return True
    if AFTER.search(before) and PUBLISHED.search(after):
        return True
    own = re.split(r"[,;،؛]", after, maxsplit=1)[0]
    return PUBLISHED.search(after) is not None and not REPLY.search(flat(before)) and not REPLY.search(flat(own))


def reply_unit(place: int, block: Block, text: str, term: Term | None) -> Unit:
    return Unit("", Kind.OBLIGATION, text, page=block.page, first=place, last=place, deadline=term, duty=Duty.REPLY)
