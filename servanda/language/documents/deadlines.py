"""Finds paragraphs with deadlines: replies on some paragraphs, the next report, dissemination."""

import re
from collections.abc import Iterator

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.dates import ALIF
from servanda.language.documents.dissemination import is_dissemination
from servanda.language.documents.due_days import DATE_SET, SENTENCE_END, in_principle
from servanda.language.documents.duties import OWED_TO_BODY, Duty, around, duty_of, is_report_due
from servanda.language.documents.duty_words import (
    ADDITIONAL,
    COMMON_CORE,
    IN_REPORT,
    INFORMATION,
    LOIPR,
    MEASURES_TAKEN,
    OWN_REPORT,
    RECEIVES_LIST,
    REPORT_DUE,
    TO_BE_SET,
)
from servanda.language.documents.marks import letter_of, letter_value
from servanda.language.documents.paragraph_kinds import plain, sentences
from servanda.language.documents.term_words import Length
from servanda.language.documents.terms import Term, interval_in, is_of_report, terms_in

FOLLOW_UP_TITLE = lazy_pattern(
    r"^\W*(?:[A-Zа-яА-Я]\s?[.)]\s*)?(?:follow[- ]?up|(?:procédure\s+de\s+)?suivi"
    r"|(?:procedimiento\s+de\s+)?seguimiento|acompanhamento|(?:procedimento\s+de\s+)?seguimento|(?:процедура\s+)?последующ|дальнейш|متابعة|المتابعة|(?:إجراء(?:ات)?\s+)?المتابعة|后续)\b",
    re.I,
)
INFORMED_WITHIN = 80  # characters
NAMED = lazy_pattern(
    r"(?:\bparagraph(?:s|es|e)?|\bparas?\.|\bpars?\.|\bpárrafos?|\bpárrs?\.|\bparágrafos?|\bpunto?s?\b|\bparágs?\.|пункт\w*"
    r"|п?п\.|الفقرات|الفقرتين|الفقرة|فقرة|فقرات|第)\s*"
    r"(?P<list>\d{1,3}(?!\d|\s*,?\s*(?:of|de|del|du|da|do|из|من)?\s*(?:the\s+|l[’'])?"
    r"(?:Committee[’']s\s+)?(?:article|rule|règlement|artículo|reglamento|artigo|regimento|المادة|правил|стать))"
    r"(?:(?!\b(?:paras?|pars?|párrs?|parágs?|пп?)\.)[\s,;()\w\u0600-\u06ff-]|\.(?=\d))*)",
    re.I,
)
ONE_NAMED = lazy_pattern(
    r"(?<![\da-zA-Z/-])(\d{1,3})(?![\d/%])\s*((?:\(?\s?[^\W\d_]{1,3}\s?\)(?:\s*(?:,|to|and|à|et|y|e|a|и|و)\s*)?)*)"
)

# What the body had requested in an earlier document, whose paragraphs are not those of this one.
REQUESTED_EARLIER = lazy_pattern(
    r"\bprevious\s+concluding\s+observations\b[^.;]{0,160}?\b(?:requested|asked|invited)\b"
    r"|\bprécédentes\s+observations\s+finales\b[^.;]{0,160}?\ba(?:vait)?\s+(?:\w+\s+)?(?:demandé|invité|prié)\b"
    r"|\b(?:anteriores\s+observaciones\s+finales|observaciones\s+finales\s+anteriores)\b[^.;]{0,160}?\b(?:pidió|solicitó|invitó|había)\b"
    r"|предыдущи\w+\s+заключительн\w+\s+замечани\w+[^.;]{0,160}?\bпроси(?:л|ла)\b"
    r"|ملاحظات\w*\s+الختامية\s+السابقة[^.؛]{0,160}?(?:طلبت|دعت)"
    r"|(?:以往|上次|上一次|先前|前次)(?:的)?结论性意见[^。;；]{0,60}?(?:要求|请)",
    re.I,
)

# "Article 10, paragraph 1, of the Convention" is no paragraph of the document.
OF_ARTICLE = lazy_pattern(
    r"\b(?:articles?|art\.|artículos?|artigos?)\s+\d{1,3}(?:\s?\(\w{1,3}\))*\s*,\s*(?:paragraph(?:s|e|es)?|paras?\.|párrafos?|párrs?\."
    r"|parágrafos?|par\.)\s*\d{1,2}(?:\s?\(\w{1,3}\))*(?!\d)",
    re.I,
)
# Nor is one of another document: "(CEDAW/C/TST/CO/7, para. 24)", "paragraph 24 of its general comment No. 36".
_PARAGRAPHS = (
    r"(?:\bparagraph(?:s|es|e)?|\bparas?\.|\bpár(?:rafos?|rs?\.)|\bparágrafos?|\bpar\.|(?:ال)?فقر(?:ات|تين|ة))\s*"
    r"\d{1,3}(?:\s?\([^()]{1,6}\))*(?:\s*(?:,|and|to|et|à|y|e|a|–|-|و)\s*\d{1,3}(?:\s?\([^()]{1,6}\))*)*+(?!\d)"
)
OF_OTHER_DOCUMENT = lazy_pattern(
    r"(?:\b(?-i:[A-Z]{1,5}(?:/[\w.-]+){2,})|\bibid\.?|\b(?:general\s+(?:comment|recommendation)|(?:observation|recommandation)\s+générale"
    r"|(?:observación|recomendación)\s+general|comentário\s+geral|recomendação\s+geral)\s+(?:(?:conjunta|conjointe)\s+)?(?:no\.?|n[°º.]|núm\.?)?\s*\d{1,3}(?:\s?\(\d{4}\))?"
    rf"|(?:ال)?(?:تعليق|توصي[ةه])\w*\s+العام[ةه]?\s+رقم\s+\d{{1,3}}(?:\s?\(\d{{4}}\))?)\s*[,،]\s*{_PARAGRAPHS}"
    rf"|{_PARAGRAPHS}\s+(?:of|in|du|des?|dans|del?|d[ao]|من)\s*(?:(?:the|its|la|les?|l[’']|s[ao]n?|ses|el|l[oa]s|sus?|a|o|sua)\s*)?"
    r"(?:(?:joint\s+)?general\s+(?:comment|recommendation)|previous|report\s+of|observation\s+générale|recommandation\s+générale"
    r"|précédentes|rapport\s+(?:du|des?)|observación\s+general|recomendación\s+general|informe\s+de|comentário\s+geral"
    r"|recomendação\s+geral|relatório\s+d|تعليق\w*\s+العام|توصيت\w*\s+العام|تقرير\s)",
    re.I,
)
# "requests that Testland detail, within 15 days": the State by its name alone.
_NAME = r"(?-i:[A-ZÀ-Ý])[\w’'-]{2,30}(?:\s(?:(?:and|of|y|et|de|la|du)\s)?(?-i:[A-ZÀ-Ý])[\w’'-]{1,30}){0,4}"
_STATE = (
    r"(?:(?:the|el|la|le|l[’'])\s?)?(?:(?:state|government|estado|gobierno|gouvernement|état)\s+(?:of|de(?:\s+la|l)?|du)\s+)?"
    + _NAME
)
_SAME = r"(?!\W*+a\s+(?!la\s+comisión|más\b))"  # "que informe a los detenidos"
_ACCOUNT = (
    r"(?:(?:an?|une?|una?|la|des|de)\s+){0,2}(?:written\s+|escrita\s+|écrite\s+)?(?:response|reply|confirmation|account|information|réponse|compte\s+rendu"
    r"|informations|respuesta|confirmación|información)\b"
)
_RECEIVES = (
    rf"\b(?:cpt|spt|committee|subcommittee|commission|grevio|greta)\s+(?:also\s+)?(?:requests|asks)\s+(?:to\s+receive\b|(?:for\s+)?{_ACCOUNT})"
    rf"|\b(?:cpt|comité|sous-comité|commission)\s+demande\s+(?:à\s+recevoir\b|{_ACCOUNT})"
    rf"|\b(?:cpt|comité|subcomité|comisión)\s+(?:pide|solicita)\s+(?:recibir\b|{_ACCOUNT})"
)
_STATE_ANSWERS = (
    rf"\brequests?\s+that\s+{_STATE},?\s+(?:kindly\s+|also\s+)?(?:detail|report|inform|specify|provide|submit)\b(?!\s+(?:detainees|persons|victims))"
    rf"|\b(?:solicita|pide|requiere)\s+ao?l?\s+{_STATE}\s+(?:parte\s+)?(?:que,?\s+)?(?:[^.;]{{3,110}},\s+)?"
    rf"(?:(?:informe|detalle|presente|apresente)\b{_SAME}|tenga\s+a\s+bien\s+informar)"
    rf"|\bdemande\s+(?:à|au|aux)\s+{_STATE}\s+de\s+(?:l[’']informer|lui\s+(?:présenter|soumettre|fournir|préciser))"
)
_INVITED = (
    r"\b(?:authorities|government|state(?:\s+party)?)\s+(?:is|are)\s+(?:invited|requested)\s+to\s+(?:submit|provide|send|present|report)\b"
    r"|\b(?:autorités|gouvernement|état(?:\s+partie)?)\s+(?:est|sont)\s+(?:invité|prié)e?s?\s+(?:à|de)\s+(?:soumettre|présenter|fournir|transmettre)\b"
    r"|\bse\s+invita\s+a(?:\s+las\s+autoridades|l\s+(?:gobierno|estado))\s+a\s+(?:que\s+)?(?:present|facilit|envi)\w+"
)
# "to submit its next report by 1 May 2029, and to ratify the Optional Protocol"
BESIDE_REPORT = lazy_pattern(
    r"(?:,\s|\b(?:and|et|y|e)\s)(?:also\s|aussi\s|también\s)?(?:to\s|à\s|de\s|a\s|que\s){0,2}(?:(?:consider|envisager|considere)\s(?:de\s)?)?"
    r"(?:ratif(?:y(?:ing)?|ier|ie|iquen?|icar|icação|icación)\b|acced(?:e|ing)\b|withdraw(?:ing)?\b|adhér\w++(?!\saux\sdirectives)"
    r"|retir(?:er|e)\b|(?:se\s)?adhier\w++(?!\sa\slas\sdirectrices)|lift\b|make\sthe\sdeclaration|enact\b"
    r"|adopt\b(?!\s(?:(?:the|a)\s)?(?:\w+\s)?(?:simplified|guidelines|reporting)))"
    r"|(?<!\w)و(?:الى\s)?(?:ان\s)?(?:التصديق|تصدق|الانضمام|تنضم|سحب|تسحب)(?!\w)",
    re.I,
)
RESPONSES = {Duty.REPLY, Duty.COMPLIANCE}
# "The Committee requests the authorities to provide within six months a response", but no reply to prisoners.
ASKS_FOR_RESPONSE = lazy_pattern(
    rf"{_RECEIVES}|{_STATE_ANSWERS}|{_INVITED}"
    r"|\b(?:requests?|asks|invites)\b[^.;]{0,80}?\b(?:authorit(?:y|ies)|government|state)\b"
    r"|\b(?:wish(?:es)?|would\s+like|looks?\s+forward)\s+to\s+(?:receiv\w+|be\s+informed)"
    r"|\b(?:demande|prie|invite)\b[^.;]{0,80}?\b(?:autorités|gouvernement|état)\b|\bsouhait\w+\s+(?:recevoir|être\s+informé)\b"
    r"|\brequests?\s+that\s+(?:the\s+)?(?:government|state)\b"
    r"|\b(?:pide|solicita|invita)\b[^.;]{0,80}?\b(?:autoridades|gobierno|estado)\b|\bdesea\w*\s+(?:recibir|ser\s+informado)\b"
    r"|\b(?:pede|solicita|convida)\b[^.;]{0,80}?\b(?:autoridades|governo|estado)\b|\bdeseja\w*\s+receber\b"
    r"|\brequests\s+that\s+(?:a|its)\s+(?:written\s+)?(?:reply|response)\b|\bdemande\s+qu[’']une\s+réponse\b"
    r"|\b(?:pide|solicita)\s+que\s+se\s+(?:le\s+)?(?:envíe|remita|presente|transmita|facilite|proporcione)\s+una\s+respuesta\b"
    r"|(?<!\w)[وف]?(?:[تي]طلب|[تي]دعو|يرجي|يرجى)\s+(?:\S+\s+){0,3}?(?:الدول[ةه]|الحكوم[ةه]|السلطات)(?!\w)"
    r"|(?<!\w)[وف]?(?:تود|ترغب)\s+(?:\S+\s+){0,3}?ان\s+تتلقى(?!\w)",
    re.I,
)


# What bodies whose reports are answered ask to hear before the response as a whole.
_BODY = r"(?:the\s+(?:committee|commission|cpt)|cpt|ecri|grevio|greta)\b"
IS_INFORMED = lazy_pattern(
    rf"{_RECEIVES}|{_STATE_ANSWERS}"
    r"|\btheir\s+comments\b|\bits\s+(?:comments|observations)\b|\b(?:leurs|ses)\s+(?:commentaires|observations)\b"
    r"|\bsus\s+(?:comentarios|observaciones)\b|(?<!\w)(?:ملاحظاتها|تعليقاتها)(?!\w)"
    r"|\b(?:wish(?:es)?|would\s+(?:also\s+)?like|looks?\s+forward)\s+(?:also\s+)?to\s+be(?:ing)?\s+(?:kept\s+)?informed\b"
    rf"|\b(?:inform|keep)\s+{_BODY}"
    r"|\b(?:authorit(?:y|ies)|government)\s+to\s+(?:\w+ly\s+)?confirm\b"
    r"|\brequests?\s+that\s+the\s+(?:\w+\s+)?(?:authorities|government)\s+confirm\b"
    r"|\bsouhait\w+\s+(?:également\s+|aussi\s+)?être\s+informé\w*"
    r"|\binformer\s+(?:le\s+(?:comité|cpt|grevio|greta)|la\s+commission|l[’']ecri)\b|\ble\s+tenir\s+informé\w*"
    r"|\b(?:autorités|gouvernement)\s+(?:de|à)\s+(?:lui\s+)?confirmer\b"
    r"|\b(?:desea\w*|quisiera|deseja\w*)\s+(?:también\s+|também\s+)?ser\s+informad[oa]\b"
    r"|\b(?:autoridades|gobierno|governo|estado)\s+(?:a\s+)?confirmar\b"
    r"|\binforme[n]?\s+a\s+la\s+(?:comisión|cidh)\b|\b(?:informar|informe[n]?)\s+al\s+comité\b"
    r"|\b(?:autoridades|gobierno|estado)(?:\s+de(?:l|\s+la)?)?(?:\s+\w+){0,3}?\s+(?:a\s+)?que\s+(?:le\s+)?informe[n]?\b"
    r"(?!\W*+a\s+(?!más\b))",
    re.I,
)
# With which the Inter-American Commission transmits an unpublished report: "to grant it two months to report". What
# it had granted, "giving the State two months" or "otorgándole", is in the report that it publishes.
GRANTS_TIME = lazy_pattern(
    r"\b(?:grant|give)s?\s+(?:it|the\s+state)\b[^.;]{3,60}?\bto\s+(?:report|inform)\b"
    r"|\b(?:otorg(?:ar(?:le)?|a|an|ue)|conced(?:er(?:le)?|e|en|a))\s+(?:al\s+estado\s+)?(?:un\s+)?plazo\b[^.;]{3,60}?\b(?:para\s+(?:que\s+)?inform\w+)"
    r"|\b(?:lui\s+)?accord(?:er?|ent)\s+(?:à\s+l[’']état\s+)?un\s+délai\b[^.;]{3,60}?\bpour\s+(?:l[’'])?(?:informer|faire\s+rapport|rendre\s+compte)",
    re.I,
)
HAD_DECIDED = lazy_pattern(
    r"\b(?:decided|agreed|resolved|decidió|acordó|resolvió|decidiu|(?:a|avait)\s+(?:décidé|convenu|résolu))\b", re.I
)
# That the report is the published one.
MADE_PUBLIC = lazy_pattern(
    r"\b(?:decid\w+|resolv\w+|agree[sd]?)\b[^.;]{0,60}?\b(?:make|publish)\w*\s+(?:public\s+)?(?:this|the\s+present)\s+report\b|\bmake\s+this\s+report\s+public\b"
    r"|\b(?:hacer\s+públic[oa]|publicar|dar\s+a\s+publicidad)\s+(?:este|el\s+presente)\s+informe\b"
    r"|\b(?:rendre\s+public|publier)\s+(?:ce|le\s+présent)\s+rapport\b|\btornar\s+público\s+(?:este|o\s+presente)\s+relatório\b"
    r"|\((?:publicaci[oó]n|publication|publicação)\)",
    re.I,
)
# "Inform the Court every six months": to the body, and not "to the families of the victims".
TO_THE_BODY = lazy_pattern(
    r"\b(?:to|with|inform|keep|provide|furnish)\s+(?:(?:the|this)\s+)?(?:[\w-]+\s+)?(?:court|tribunal|committee|subcommittee|commission|cpt|ecri"
    r"|grevio|greta|secretariat)\b"
    r"|\b(?:à\s+la|informer\s+la)\s+(?:cour|commission)\b|\b(?:au|informer\s+le)\s+(?:comité|sous-comité|cpt|grevio|greta|tribunal)\b"
    r"|\b(?:al|a\s+(?:la|esta|este))\s+(?:corte|tribunal|comisión|comité|subcomité|cpt)\b|(?<!\w)(?:ال|لل)(?:محكم[ةه]|لجن[ةه])",
    re.I,
)
TO_ORGAN = lazy_pattern(
    r"\bto\s+(?:(?:the|its|their)\s+)?(?:public\s+)?(?:parliament|ministry|prosecutors?)\b|\b(?:au|aux)\s+(?:parlement|ministère|procureurs?)\b"
    r"|\b(?:al|a\s+la)\s+(?:parlamento|congreso|ministerio|fiscal(?:ía)?)\b",
    re.I,
)
TO_OTHERS = lazy_pattern(
    r"\b(?:to|inform)\s+(?:(?:the|its|their|his|her)\s+)?(?:[\w-]+\s+)?(?:famil(?:y|ies)|relatives|next\s+of\s+kin|victims?|applicants?|parliament"
    r"|ministry|public|prosecutor)\b"
    r"|\b(?:aux?|à\s+(?:la|leurs?|l[’']))\s*(?:familles?|proches|victimes?|requérante?s?|parlement|ministère|public)\b"
    r"|\ba\s*(?:l|la|los|las|sus)\s+(?:familiares|familias?|víctimas?|parlamento|congreso|ministerio|público)\b"
    r"|(?:الى|ا?بلاغ|[تي]بلغ)\s+(?:ال|لل)?(?:اسر|ضحايا|ضحي[ةه]|عائل\w+|برلمان)",
    re.I,
)
# In an opinion of the Working Group on Arbitrary Detention, which asks for information in the paragraph before.
_BOTH = (
    r"(?:\bthe\s+source\s+and\s+(?:to\s+)?the\s+government|\bla\s+source\s+et\s+(?:le|au)\s+gouvernement"
    r"|\bla\s+fuente\s+y\s+(?:al?|el)\s*+(?:el\s+)?gobierno|المصدر\s+و(?:ا?لى\s+)?(?:من\s+)?(?:الحكوم[ةه]|حكوم[ةه]))"
)
ASKED_ABOVE = lazy_pattern(
    rf"{_BOTH}[^.;؛]{{0,80}}?(?:\b(?:above-?mentioned|requested)\s+information\b"
    r"|\b(?:informations|renseignements)\s+(?:sus-?mentionn|mentionn|demand)ée?s\b"
    r"|\binformación\s+(?:antes\s+|arriba\s+)?(?:mencionada|solicitada|requerida)\b"
    r"|المعلومات\s+(?:المذكورة|المطلوبة)(?:\s+\S*(?:اعلاه|انفا))?)"
    rf"|{_BOTH}[^.;؛]{{0,140}}?(?:\binformation\s+on\s+(?:the\s+)?(?:action|measures|steps)\s+taken\b"
    r"|\b(?:informations|renseignements)\s+sur\s+les\s+(?:mesures|suites)\b|\binformación\s+sobre\s+las\s+medidas\b"
    r"|معلومات\s+(?:\S+\s+){0,2}?(?:الاجراءات|التدابير|الخطوات))",
    re.I,
)
# Words of another clause behind the request, whose term is one for others: "information on whether prisoners are seen
# by a doctor within 24 hours".
_REPORTED = (
    r"(?:(?:(?:the|all|any|its|their|these?|this|each|le|la|les|l[’']|ce|cet|cette|ces|los|las|el|este|esta|estos|estas)\s*){0,2}"
    r"(?:present|above|various|said|measures?|actions?|steps|implementation|outcome|results?|progress|follow-?up|report|opinion|adoption"
    r"|findings|recommendations?|observations|matters?|issues?|points?|questions?|paragraphs?|mesures|suites?|mise|avis|rapport"
    r"|résultats?|recommandations|présente?|sujet|medidas|seguimiento|aplicación|cumplimiento|informe|resultados?|recomendaciones"
    r"|adopción|presente|cuestión|cuestiones)\b|(?:this|it|them|ello|esto|cela)\b)"
)
OTHER_CLAUSE = lazy_pattern(
    r"\b(?:whether|which|who|whom|whose|where|when|that)\b|\bto\s+be\s+(?!(?:kept\s+)?informed|provided|sent|submitted|received)\w+"
    r"|\b(?:are|is|be|been|being)\s+(?:\w+ly\s+)?(?:seen|examined|brought|heard|decided|informed|placed|treated)\b"
    r"|\b(?:ce\s+que|qui|dont|laquelle|lesquel\w+|où|si)\b|\b(?:vue?s?|examinée?s?|traitée?s?)\s+(?:par|dans)\b|\bque\s+(?:tou\w+|chaque)\b"
    r"|\b(?:cuales|quienes|si|por\s+que|de\s+que|(?:garanti\w+|asegur\w+|confirm\w+)\s+que)\b"
    r"|\bque\s+(?:debe\w*|deve\w*|se|son|sean|han|são)\b",
    re.I,
)
ABOUT = lazy_pattern(
    rf"\b(?:information|details|data|informations|renseignements|información|datos)\s+(?:on|about|sur|sobre)\s+(?!{_REPORTED})",
    re.I,
)
NEW_CLAUSE = lazy_pattern(r"\b(?:and|et|y|e)\b|:", re.I)
# Of a term that runs from the admission of a prisoner.
OF_PERSONS = lazy_pattern(
    r"\W*(?:of|after|following|from|de|del|suivant|après|desde)\s+(?:(?:the|their|his|her|its|any|each|an?|la|le|leur|son|sa|su|el)\s+)?"
    r"(?:admission|l[’']admission|arrival|arrivée|l[’']arrivée|apprehension|arrest|l[’']arrestation|arrestation|detention|detención|placement"
    r"|reception|ingreso|llegada|admisión|interpellation|l[’']interpellation)\b",
    re.I,
)
LEAST_HOURS = 24  # a term of fewer hours is one for the police or a judge


def has_follow_up_title(headings: tuple[str, ...]) -> bool:
    return bool(headings and FOLLOW_UP_TITLE.match(headings[-1]))


def is_follow_up(text: str, headings: tuple[str, ...] = ()) -> bool:
    """Whether a paragraph requests information on other paragraphs by a deadline."""
    text = without_earlier_requests(text)
    titled, flat = has_follow_up_title(headings), plain(text).translate(ALIF)
    return (
        bool(INFORMATION.search(flat))
        and (titled or bool(named_paragraphs(text)) or bool(ASKED_ABOVE.search(flat)))
        and bool(terms_in(text))
    )


def without_earlier_requests(text: str) -> str:
    """Without the sentences that tell what the body had requested in an earlier document."""
    return " ".join(part for part in sentences(text) if not REQUESTED_EARLIER.search(plain(part)))


def owed_by(
    text: str, headings: tuple[str, ...] = (), *, of_case: bool = False, is_answered: bool = False
) -> tuple[Duty, Term | None] | None:
    """What a paragraph as a whole makes due to the body, and by when; None if it asks for something else.

    A report whose date the body will communicate has no term, and an updated common core document usually none. In a
    case, reports on compliance, replies and submissions are due; elsewhere they may be due to others, unless it is a
    report that is answered and the body asks the State.
    """
    if is_dissemination(text, headings):
        return Duty.DISSEMINATION, next(iter(terms_in(text)), None)
    flat = plain(text).translate(ALIF)
    terms = terms_in(text)
    if not terms and (of_case or is_answered) and (interval := interval_of_report(text, of_case=of_case)):
        terms = [interval]
    if TO_BE_SET.search(flat) or (DATE_SET.search(flat) and terms):
        return Duty.PERIODIC_REPORT, day_announced(flat, terms)
    if RECEIVES_LIST.search(flat) and LOIPR.search(flat):
        return Duty.LOIPR, terms[0] if terms else None
    if is_answered and (ASKS_FOR_RESPONSE.search(flat) or grants_time(flat)):
        return next(((Duty.REPLY, term) for term in terms if is_response(text, term)), None)
    if not of_case and terms and ADDITIONAL.search(flat) and INFORMATION.search(flat):
        return Duty.PERIODIC_REPORT, terms[0]
    if owed := next(duties_of(text, terms, headings, of_case=of_case), None):
        return owed
    return (Duty.COMMON_CORE, next(iter(terms), None)) if not of_case and COMMON_CORE.search(flat) else None


def day_announced(flat: str, terms: list[Term]) -> Term | None:
    """The day that the body sets for the next report, or names "in principle" until it sets one."""
    if not TO_BE_SET.search(flat):
        return terms[0]
    return next((term for term in terms if term.day and in_principle(flat, term.start)), None)


def interval_of_report(text: str, *, of_case: bool) -> Term | None:
    """The interval of a report without a first term that is due to the body: a report on what was done to comply,
    in a case or asked of the State, is due to it wherever the text does not name others."""
    interval = interval_in(text)
    if interval is None:
        return None
    flat = plain(text).translate(ALIF)
    before, after = around(flat, interval, [])
    sentence = f"{before} {after}"
    if not of_case and before.strip() and not ASKS_FOR_RESPONSE.search(before):
        return None
    if TO_OTHERS.search(sentence) or not is_of_report(flat, interval.start, interval.end):
        return None
    is_asked = of_case or not is_of_other_clause(before)
    is_to_body = TO_THE_BODY.search(sentence) or (is_asked and MEASURES_TAKEN.search(sentence))
    return interval if is_to_body else None


def asks_for_more(text: str) -> bool:
    """Whether a paragraph that asks for a report also asks the State to ratify, accede to or withdraw something."""
    return BESIDE_REPORT.search(plain(text).translate(ALIF)) is not None


def grants_time(flat: str) -> bool:
    """Whether it transmits a report on the merits, and does not tell how it was transmitted."""
    for match in GRANTS_TIME.finditer(flat):
        start = max((end.end() for end in SENTENCE_END.finditer(flat, 0, match.start())), default=0)
        if HAD_DECIDED.search(flat, start, match.start()) is None:
            return True
    return False


def is_response(text: str, term: Term) -> bool:
    """Whether a term is that of the request to answer the body, and not one that is asked about."""
    before, after = around(plain(text).translate(ALIF), term, terms_in(text))
    if OF_PERSONS.match(after) or is_of_other_clause(before) or TO_ORGAN.search(NEW_CLAUSE.split(after)[0]):
        return False
    if duty_of(text, term) in RESPONSES:
        return True
    if term.length == Length.HOURS and term.count < LEAST_HOURS:
        return False
    if IS_INFORMED.search(before[-INFORMED_WITHIN:]):
        return True
    informed = IS_INFORMED.search(after[:INFORMED_WITHIN])
    return informed is not None and NEW_CLAUSE.search(after, 0, informed.start()) is None


def is_of_other_clause(before: str) -> bool:
    """Whether the words before a term begin a clause of their own behind the request."""
    requests = [match for pattern in (ASKS_FOR_RESPONSE, IS_INFORMED) for match in pattern.finditer(before)]
    if not requests:
        return False
    request = max(requests, key=lambda match: match.end())
    return bool(OTHER_CLAUSE.search(before, request.end()) or ABOUT.search(before, request.start()))


def duties_of(
    text: str, terms: list[Term], headings: tuple[str, ...], *, of_case: bool
) -> Iterator[tuple[Duty, Term]]:
    """What is due to the body with its term: a report, then follow-up, then what is due in a case."""
    titled = has_follow_up_title(headings)
    if is_own_report(plain(text).translate(ALIF), titled=titled):
        yield from due(Duty.PERIODIC_REPORT, text, terms, titled=titled)
    if not of_case and is_follow_up(text, headings):
        text = without_earlier_requests(text)
        terms = [term for term in terms_in(text) if term.words in {known.words for known in terms}]
        yield from due(Duty.FOLLOW_UP, text, terms, titled=titled, names_paragraphs=True)
    if of_case:
        yield from ((duty, term) for term in terms if (duty := duty_of(text, term)) in OWED_TO_BODY)


def due(duty: Duty, text: str, terms: list[Term], **context: bool) -> Iterator[tuple[Duty, Term]]:
    yield from ((duty, term) for term in terms if duty_of(text, term, **context) == duty)


def is_own_report(flat: str, *, titled: bool) -> bool:
    """Whether a report itself is requested, and not only information in one."""
    in_report = IN_REPORT.search(flat)
    own = OWN_REPORT.search(flat) or (REPORT_DUE.search(flat) if is_report_due(flat) else None)
    if own is None or in_report is None:
        return own is not None
    # "provide it in its next report": the report that the verb reaches is the one in which information is given
    return not titled and own.start() < in_report.start() and own.end() <= in_report.start()


def named_paragraphs(text: str) -> list[str]:
    """The paragraphs that a text refers to: "paragraphs 9 (a), 21 and 31 above" gives 9(a), 21, 31."""
    numbers: dict[str, None] = {}
    for term in terms_in(text):
        text = text.replace(term.words, ";")  # "8 November" is no paragraph 8
    for run in NAMED.finditer(OF_OTHER_DOCUMENT.sub(";", OF_ARTICLE.sub(";", plain(text)))):
        for reference in ONE_NAMED.finditer(run["list"]):
            letters = [letter_value(sign) for sign in re.findall(r"([^\W\d_]{1,3})\s?\)", reference[2])]
            places = [f"{reference[1]}({letter_of(value)})" for value in letters if value]
            numbers.update(dict.fromkeys(places or [reference[1]]))
    return list(numbers)
