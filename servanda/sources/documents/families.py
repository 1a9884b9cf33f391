"""The kinds of documents: by which marks and words each is recognised, its body and its layout."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from servanda.language.documents.units import Layout
from servanda.sources.documents.symbols import (
    EARLY_WARNING,
    LETTER_REFERENCE,
    URGENT_ACTION,
    URGENT_ACTION_NUMBER,
)

NEVER = re.compile("(?!)")


@dataclass(frozen=True, slots=True)
class Family:
    """A kind of document; `body` is empty where it follows from the symbol."""

    code: str
    name: object
    body: str
    layout: Layout
    words: re.Pattern[str]  # words of its masthead
    marks: re.Pattern[str] = NEVER  # its symbol, which is more reliable than words
    is_case: bool = False  # an individual case against a State
    is_confidential: bool = False  # until the body publishes it
    is_answered: bool = False  # by a response of the State as a whole

    def matches(self, row: str) -> bool:
        return bool(self.marks.search(row) or self.words.search(row))


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.I)


_ROW = r"(?:^|\n)\W*"
# A report of the committee on its urgent actions, or a note of a State that replies to one.
ON_URGENT_ACTIONS = re.compile(
    _ROW
    + r"(?:report\s+on|rapport\s+sur|informe\s+sobre)\s+(?:\w+\s+){0,4}?(?:urgent\s+actions?|actions?\s+en\s+urgence"
    r"|acci(?:ón|ones)\s+urgentes?)\b"
    r"|\bpermanent\s+mission\s(?:(?!secretariat|commissioner|committee)[^;]){0,160}?\bpresents\s+its\s+compliments\b"
    r"|\bmission\s+permanente\s(?:(?!secrétariat|commissa|comité)[^;]){0,160}?\bprésente\s+ses\s+compliments\b"
    r"|\bmisión\s+permanente\s(?:(?!secretaría|comisi|comité)[^;]){0,160}?\b(?:saluda\s+(?:muy\s+)?atentamente|presenta\s+sus\s+cumplidos)\b",
    re.I,
)
SUMMARY = Family(
    "summary",
    _("Summary, compilation, national report or press release"),
    "",
    Layout.INFORMATION,
    _any(
        _ROW + r"(?:summary\s+(?:prepared|of\s+(?:the\s+)?(?:\w+\s+)?(?:stakeholders|submissions|judg|case|report))"
        r"|compilation\s+(?:prepared|on|of\s+un)|press\s+(?:release|summary)|legal\s+summary|information\s+note"
        r"|(?:official\s+)?summary\s+issued|official\s+summary|executive\s+summary\s+of|national\s+report\s+submitted)",
        _ROW
        + r"(?:résumé\s+(?:établi|des\s+communications|des\s+observations|officiel|juridique|de\s+l[’']arrêt|émanant)"
        r"|compilation\s+(?:établie|concernant|de\s+renseignements)|communiqué\s+de\s+presse|note\s+d[’']information"
        r"|rapport\s+national\s+(?:présenté|soumis))",
        _ROW + r"(?:resumen\s+(?:preparado|de\s+las\s+comunicaciones|oficial|de\s+la\s+sentencia|elaborado)"
        r"|comunicado\s+(?:corte|cidh|no\.?\s)|comunicado\W*(?:\n|$)|recopilaci[oó]n\s+(?:preparada|sobre|de\s+informaci[oó]n)|comunicado\s+de\s+prensa|nota\s+informativa"
        r"|informe\s+nacional\s+presentado)",
        _ROW + r"(?:موجز\s+(?:أعدته|لورقات|لمعلومات|المعلومات|ورقات|البلاغات|الحكم)|ملخص\s+(?:أعدته|الحكم|رسمي)"
        r"|تجميع\s+(?:أعدته|للمعلومات|المعلومات|بشأن)|بيان\s+صحفي|بلاغ\s+صحفي|تقرير\s+وطني\s+مقدم)",
    ),
    re.compile(r"\bA/HRC/WG\.6/\d+/[A-Z]{3}/[123]\b"),
)

_TREATY_BODY = r"\b(?:(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)\s?/C|E/C\.12)/(?:[A-Z]+/)?[A-Z]{3}"
_BEHIND_COLON = _ROW + r"(?:[^\n]{0,160}[:–—-]\s+)?"
_IN_TITLE = _ROW + r"(?:[^\n.]{0,80}\s)?"
FAMILIES = (
    SUMMARY,
    Family(
        "advance-questions",
        _("Advance questions of States (UPR)"),
        "UPR",
        Layout.QUESTIONS,
        _any(
            _ROW + r"(?:advanced?|additional)\s+questions\s+(?:to|for)\b",
            _ROW + r"questions\s+(?:préparées|posées|soumises)\s+à\s+l[’']avance",
            _ROW + r"preguntas\s+(?:preparadas|formuladas|presentadas)\s+(?:de\s+antemano|por\s+anticipado)",
            _ROW + r"(?:предварительные|заблаговременно\s+\w+)\s+вопросы",
            _ROW + r"(?:ال)?أسئلة\s+(?:ال)?(?:مُ?عدَّ?ة|مقدَّ?مة|مطروحة)\s+(?:سلفاً?|مسبقاً?)",
            _ROW + r"(?:预先|事先)\S{0,6}问题",
        ),
    ),
    Family(
        "loipr",
        _("List of issues prior to reporting"),
        "",
        Layout.QUESTIONS,
        _any(
            _ROW + r"lists?\s+of\s+(?:issues|themes)\s+(?:and\s+questions\s+)?(?:transmitted\s+)?prior\s+to",
            _ROW + r"liste\s+(?:préalable\s+de\s+points|de\s+(?:points|thèmes)\s+[\w\s]{0,30}(?:avant|préalable))",
            _ROW + r"lista\s+de\s+(?:cuestiones|temas)\s+(?:y\s+preguntas\s+)?previas?\b",
            _ROW + r"перечень\s+(?:вопросов|тем)[^\n]{0,40}(?:предваря|до\s+представлени|предшеству)",
            _ROW + r"قائمة\s+(?:ال)?(?:مسائل|قضايا)\s+(?:\S+\s+){0,2}(?:قبل|السابقة|تسبق)",
            _ROW + r"\S{0,20}(?:报告前|提交报告之?前)\S{0,8}(?:议题|问题)清单",
        ),
        re.compile(_TREATY_BODY + r"/QPR/\d"),
    ),
    Family(
        "list-of-issues",
        _("List of issues"),
        "",
        Layout.QUESTIONS,
        _any(
            _ROW + r"lists?\s+of\s+(?:issues|themes|questions)\b",
            _ROW + r"liste\s+des?\s+(?:points|thèmes|questions)\b",
            _ROW + r"lista\s+de\s+(?:cuestiones|temas|questões|preguntas)\b",
            _ROW + r"перечень\s+(?:вопросов|тем)",
            _ROW + r"قائمة\s+(?:ال)?(?:مسائل|قضايا|مواضيع|أسئلة)",
            _ROW + r"[^\n]{0,40}(?:议题|问题|主题)清单",
        ),
        re.compile(_TREATY_BODY + r"/Q/\d"),
    ),
    Family(
        "questionnaire",
        _("Questionnaire or call for input"),
        "",
        Layout.QUESTIONS,
        _any(
            _IN_TITLE + r"(?:questionnaire|cuestionario)\b",
            _BEHIND_COLON + r"questions\s+(?:(?:addressed|put|posed)\s+to\b|(?:to|for)\s+(?:the\s+)?"
            r"(?:authorities|governments?|(?:member\s+)?states?)\b)",
            _BEHIND_COLON + r"questions\s+(?:adressées|posées)\s+(?:à|aux?)\b(?!\s+l[’']avance)",
            _BEHIND_COLON + r"preguntas\s+(?:dirigidas|formuladas)\s+al?\b",
            _IN_TITLE + r"calls?\s+for\s+(?:inputs?|submissions|contributions|information)\b",
            _ROW + r"(?:appel\s+à|demande\s+de)\s+(?:contributions?|communications)",
            _ROW + r"(?:convocatoria|llamad[oa]|llamamiento|solicitud)\s+(?:de|a|para)\s+"
            r"(?:\w+\s+){0,2}(?:contribuciones|aportaciones)",
            _ROW + r"(?:вопросник|опросник|анкета|(?:призыв|просьба)\s+[ко]\s+пред(?:ставлени|оставлени))",
            _ROW + r"(?:(?:ال)?استبيان|دعوة\s+(?:إلى|ل)\s?(?:تقديم\s+)?(?:مساهمات|مدخلات|إسهامات|معلومات))",
            _ROW + r"[^\n]{0,30}(?:问卷|征集\S{0,6}(?:意见|材料|资料))",
        ),
    ),
    Family(
        "sp-letter",
        _("Letter of special procedures"),
        "",
        Layout.LETTER,
        _any(
            _ROW + r"mandates?\s+of\s+the\s+(?:special|working|independent|chair)",
            _ROW + r"mandats?\s+(?:du|de\s+la|de\s+l[’']|des)\s*(?:rapporteu|groupe\s+de|expert|présiden)",
            _ROW + r"mandatos?\s+(?:del|de\s+la|de\s+los|do|da)\s+(?:relator|grupo\s+de|expert|perit|president)",
            _ROW + r"ولاي(?:ة|ات|تا)\s+(?:كل\s+من\s+)?(?:المقرر|الفريق|الخبير)",
        ),
        LETTER_REFERENCE,
        is_confidential=True,
    ),
    Family(
        "urgent-action",
        _("Urgent action of the Committee on Enforced Disappearances"),
        "CED",
        Layout.PARAGRAPHS,
        _any(
            r"registered\s+as\s+urgent\s+action",
            # the file of the committee's urgent actions
            _ROW + r"(?:(?:our\s+|votre\s+|nuestra\s+)?(?:ref(?:erence|erencia)?|référence|réf|(?:ال)?مرجع)\W{0,6})?"
            r"G/SO\s+229/31\b",
            r"enregistrée?\s+(?:en\s+tant\s+qu[’']\s?|comme\s+|sous\s+l[’']\s?)action\s+en\s+urgence",
            r"registrad[ao]\s+(?:como|con)\s+(?:la\s+)?acción\s+urgente",
            r"(?:سُ?جل|المسجل)\w*\s+(?:بوصفه\s+|تحت\s+|باعتباره\s+)?(?:ال)?إجراء\w?\s+(?:ال)?عاجل",
            r"(?:^|\n)(?!\W*(?:re(?:ply|plies|sponse)|observations|réponse|respuesta|observaciones|رد|ردود)\b)[^\n]{0,200}?"
            rf"{URGENT_ACTION_NUMBER.pattern}\W*(?:\n|$)",
        ),
        re.compile(
            rf"{_ROW}(?:(?:our\s+)?ref(?:erence|erencia)?\W{{0,6}}|référence\W{{0,6}})?{URGENT_ACTION.pattern}", re.I
        ),
        is_confidential=True,
        is_answered=True,
    ),
    Family(
        "early-warning",
        _("Early warning letter of the Committee on the Elimination of Racial Discrimination"),
        "CERD",
        Layout.PARAGRAPHS,
        _any(r"under\s+its\s+early\s+warning\s+and\s+urgent\s+action\s+procedures?[^\n]{0,400}\bexcellency\b"),
        re.compile(
            rf"{_ROW}(?:(?:our\s+)?ref(?:erence|erencia)?\W{{0,6}}|référence\W{{0,6}}|(?:ال)?مرجع\W{{0,6}})?{EARLY_WARNING.pattern}",
            re.I,
        ),
        is_confidential=True,
        is_answered=True,
    ),
    Family(
        "general-comment",
        _("General comment or general recommendation"),
        "",
        Layout.INFORMATION,
        _any(
            _ROW + r"(?:joint\s+)?general\s+(?:comment|recommendation)s?\s+no",
            _ROW + r"observation\s+générale\s+(?:conjointe\s+)?n",
            _ROW + r"recommandation\s+générale\s+n",
            _ROW + r"(?:observación|recomendación)\s+general\s+(?:conjunta\s+)?n",
            _ROW + r"замечани[ея]\s+общего\s+порядка\s+№",
            _ROW + r"общая\s+рекомендация\s+№",
            _ROW + r"(?:التعليق\s+العام|التوصية\s+العامة)",
        ),
        re.compile(r"\b[A-Z]+\s?/C/GC/\d|\bE/C\.12/GC/\d"),
    ),
    Family(
        "views",
        _("Views or decision of a treaty body on a communication"),
        "",
        Layout.PARAGRAPHS,
        _any(
            r"\bviews\s+adopted\s+by\s+the\s+(?:committee|human)",
            r"\b(?:decision|opinion)\s+adopted\s+by\s+the\s+committee\s+(?:under|on|concerning)",
            r"\bconstatations\s+(?:adoptées|du\s+comité)|\bdécision\s+adoptée\s+par\s+le\s+comité",
            r"\bdictamen\s+aprobado|\bdecisión\s+(?:adoptada|aprobada)\s+por\s+el\s+comité",
            r"آراء\s+اعتمدتها|قرار\s+اعتمدته\s+اللجنة|الآراء\s+التي\s+اعتمدتها",
        ),
        re.compile(r"\b(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CED)/C/\d+/DR?/\d|\bE/C\.12/\d+/D/\d"),
        is_case=True,
    ),
    Family(
        "concluding-observations",
        _("Concluding observations of a treaty body"),
        "",
        Layout.PARAGRAPHS,
        _any(
            r"concluding\s+observations\s+(?:on|of)\b",
            r"observations\s+finales\s+(?:concernant|sur|du)\b",
            r"observaciones\s+finales\s+(?:sobre|del)\b",
            r"observações\s+finais\s+(?:sobre|do)\b",
            r"заключительные\s+замечания",
            r"ملاحظات\s+ختامية|الملاحظات\s+الختامية",
        ),
        _any(
            r"\b(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)\s?/C/(?:[A-Z]+/)?(?:[A-Z]{3}|\d+)/CO/\d",
            r"\bE/C\.12/[A-Z]{3}/CO/\d|\bCCPR/CO/\d+/[A-Z]|\b(?:CRC/C/15|CCPR/C/79|CERD/C/304|E/C\.12/1)/Add\.\d",
        ),
    ),
    Family(
        "cm-notes",
        _("Notes of the secretariat for the Committee of Ministers"),
        "ECtHR-CM",
        Layout.INFORMATION,
        _any(_ROW + r"notes\s+on\s+the\s+agenda", _ROW + r"notes\s+sur\s+l[’']ordre\s+du\s+jour"),
        re.compile(r"\bCM/Notes/\d"),
        is_case=True,
    ),
    Family(
        "cm-communication",
        _("Action plan, action report or communication to the Committee of Ministers"),
        "ECtHR-CM",
        Layout.INFORMATION,
        _any(
            _ROW + r"secretariat\s+of\s+the\s+committee\s+of\s+ministers",
            _ROW + r"(?:updated\s+|revised\s+)?action\s+(?:plan|report)\b(?!\s+(?:of|on|for)\s+the\s+(?:imp|nat))",
            _ROW + r"(?:plan|bilan)\s+d[’']action\b",
        ),
        re.compile(r"\bDH-DD\s?\(\d{4}\)\s?\d"),
        is_case=True,
    ),
    Family(
        "cm-decision",
        _("Decision or resolution of the Committee of Ministers"),
        "ECtHR-CM",
        Layout.PARAGRAPHS,
        _any(
            r"ministers[’']?\s+deputies",
            r"délégués\s+des\s+ministres",
            _ROW + r"(?:d[ée]cisions?\s+)?(?:the\s+deputies|les\s+délégués)\W*(?:\n|$)",
            r"\binterim\s+resolution|\brésolution\s+(?:intérimaire|finale)|\bfinal\s+resolution",
            _ROW + r"(?:the\s+committee\s+of\s+ministers,\s+under|le\s+comité\s+des\s+ministres,\s+en\s+vertu)",
        ),
        re.compile(r"\bCM/(?:Del/Dec|ResDH)\W?\(?\d"),
        is_case=True,
    ),
    Family(
        "ecthr",
        _("Judgment or decision of the European Court of Human Rights"),
        "ECtHR-CM",
        Layout.OPERATIVE,
        _any(
            _ROW + r"(?:the\s+)?european\s+court\s+of\s+human\s+rights",
            _ROW + r"(?:la\s+)?cour\s+européenne\s+des\s+droits\s+de\s+l[’']homme",
            _ROW + r"tribunal\s+europeo\s+de\s+derechos\s+humanos",
            _ROW + r"المحكمة\s+الأوروبية\s+لحقوق\s+الإنسان",
            r"\((?:applications?|requêtes?|demandas?)\s+n[o°ºs.]+\.?\s*\d{1,5}/\d\d(?!\d)",
            _ROW + r"(?:grand\s+chamber|grande\s+chambre|(?:first|second|third|fourth|fifth)\s+section"
            r"|(?:première|deuxième|troisième|quatrième|cinquième)\s+section)\W*(?:\n|$)",
        ),
        is_case=True,
    ),
    Family(
        "cpt",
        _("Report of the CPT"),
        "CPT",
        Layout.PARAGRAPHS,
        _any(
            r"prevention\s+of\s+torture\s+and\s+inhuman\s+or\s+degrading.{0,40}\(CPT\)",
            r"prévention\s+de\s+la\s+torture.{0,60}\(CPT\)",
            r"prevención\s+de\s+la\s+tortura.{0,60}\(CPT\)",
            r"\b(?:by|of|par|du|le|the)\s+(?:the\s+)?CPT\b",
        ),
        re.compile(r"\bCPT(?:/Inf)?\s?\(\d{4}\)\s?\d"),
        is_answered=True,
    ),
    Family(
        "spt",
        _("Report of the Subcommittee on Prevention of Torture"),
        "SPT",
        Layout.PARAGRAPHS,
        _any(
            r"(?:report|recommendations)\s+of\s+the\s+subcommittee\s+on\s+(?:the\s+)?prevention\s+of\s+torture",
            r"rapport\s+du\s+sous-comité\s+pour\s+la\s+prévention\s+de\s+la\s+torture",
            r"informe\s+del\s+subcomité\s+para\s+la\s+prevención\s+de\s+la\s+tortura",
            r"تقرير\s+اللجنة\s+الفرعية\s+لمنع\s+التعذيب|visit\S*[^\n]{0,200}(?:by|of)\s+the\s+subcommittee\s+on\s+prevention\s+of\s+torture",
        ),
        re.compile(r"\bCAT/OP/[A-Z]{3}/(?:R\.|ROSP/|RONPM/)?\d"),
        is_answered=True,
    ),
    Family("grevio", _("Report of GREVIO"), "GREVIO", Layout.PARAGRAPHS, _any(r"\bGREVIO\b"), is_answered=True),
    Family("greta", _("Report of GRETA"), "GRETA", Layout.PARAGRAPHS, _any(r"\bGRETA\b"), is_answered=True),
    Family("ecri", _("Report of ECRI"), "ECRI", Layout.PARAGRAPHS, _any(r"\bECRI\b")),
    Family(
        "fcnm",
        _("Opinion of the Advisory Committee on the Framework Convention"),
        "FCNM",
        Layout.PARAGRAPHS,
        _any(
            r"advisory\s+committee\s+on\s+the\s+framework\s+convention",
            r"comité\s+consultatif\s+(?:de|sur)\s+la\s+convention-cadre",
            r"comité\s+consultivo\s+(?:del|sobre\s+el)\s+convenio\s+marco",
        ),
        re.compile(r"\bACFC/(?:INF/)?OP/"),
        is_answered=True,
    ),
    Family(
        "ecrml",
        _("Evaluation report of the Committee of Experts of the Languages Charter"),
        "ECRML",
        Layout.PARAGRAPHS,
        _any(
            r"evaluation\s+report\s+(?:of|by)\s+the\s+committee\s+of\s+experts",
            r"rapport\s+d[’']évaluation\s+du\s+comité\s+d[’']experts",
            r"informe\s+de\s+evaluación\s+del\s+comité\s+de\s+expertos",
        ),
        re.compile(r"\bMIN-LANG\b"),
        is_answered=True,
    ),
    Family(
        "wgad",
        _("Opinion of the Working Group on Arbitrary Detention"),
        "WG Arbitrary detention",
        Layout.PARAGRAPHS,
        _any(
            r"opinions?\s+adopted\s+by\s+the\s+working\s+group\s+on\s+arbitrary\s+detention",
            r"avis\s+adoptés?\s+par\s+le\s+groupe\s+de\s+travail\s+sur\s+la\s+détention\s+arbitraire",
            r"opini[oó]n(?:es)?\s+(?:aprobadas?|adoptadas?)\s+por\s+el\s+grupo\s+de\s+trabajo\s+sobre\s+la\s+detención\s+arbitraria",
            r"(?:آراء|الآراء|الرأي)\s+\S*\s*اعتمد\S*\s+الفريق\s+العامل\s+المعني\s+بالاحتجاز\s+التعسفي",
        ),
        re.compile(r"\bA/HRC/WGAD/\d{4}/\d"),
    ),
    Family(
        "ecsr",
        _("Conclusions or decision of the European Committee of Social Rights"),
        "ECSR",
        Layout.PARAGRAPHS,
        _any(r"european\s+committee\s+of\s+social\s+rights", r"comité\s+européen\s+des\s+droits\s+sociaux"),
    ),
    Family(
        "iacthr",
        _("Judgment or order of the Inter-American Court"),
        "IACtHR",
        Layout.OPERATIVE,
        _any(
            r"corte\s+interamericana\s+de\s+(?:derechos\s+humanos|direitos\s+humanos)",
            r"inter-?american\s+court\s+of\s+human\s+rights",
            r"cour\s+interaméricaine\s+des\s+droits",
            r"المحكمة\s+الأمريكية\s+لحقوق|محكمة\s+البلدان\s+الأمريكية",
            r"\bcorte\s+idh\b",
        ),
        re.compile(r"\bSeri(?:es|e)\s+C\s+N"),
        is_case=True,
    ),
    Family(
        "afchpr",
        _("Judgment of the African Court"),
        "AfCHPR",
        Layout.OPERATIVE,
        _any(
            r"african\s+court\s+on\s+human\s+and\s+peoples",
            r"cour\s+africaine\s+des\s+droits",
            r"tribunal\s+africano\s+dos\s+direitos",
            r"corte\s+africana\s+de\s+derechos",
            r"المحكمة\s+الأ?[اإ]?فريقية\s+لحقوق",
        ),
        re.compile(r"\[\d{4}\]\s+AfCHPR\b"),
        is_case=True,
    ),
    Family(
        "iachr",
        _("Report of the Inter-American Commission"),
        "IACHR",
        Layout.OPERATIVE,
        _any(
            r"inter-?american\s+commission\s+on\s+human\s+rights",
            r"comisión\s+interamericana\s+de\s+derechos\s+humanos",
            r"comissão\s+interamericana",
            r"commission\s+interaméricaine",
            r"\bla\s+CIDH\b|\bthe\s+IACHR\b",
        ),
        re.compile(r"\bOEA/Ser\.?\s?L/V/II"),
        is_answered=True,
    ),
    Family(
        "achpr",
        _("Concluding observations or resolution of the African Commission"),
        "ACHPR",
        Layout.PARAGRAPHS,
        _any(
            r"african\s+commission\s+on\s+human\s+and\s+peoples",
            r"commission\s+africaine\s+des\s+droits",
            r"comisión\s+africana\s+de\s+derechos",
            r"اللجنة\s+الأ?[اإ]?فريقية\s+لحقوق",
        ),
    ),
    Family(
        "achpr-decision",
        _("Decision of the African Commission on a communication"),
        "ACHPR",
        Layout.OPERATIVE,
        _any(
            _ROW + r"(?:communications?\s*(?:n[o°º]s?\.?\s*)?)?\d{1,4}/\d{2,4}(?:\s?[-–,&]\s?\d{1,4}/\d{2,4})*"
            r"\s*[-–—:.]?\s+[^\n]{2,220}?(?:\s/\s?|\sv\.?s?\.?\s|\sc\.\s|\scontre\s|\w/(?=[A-Z]))\s*\S",
            _ROW + r"البلاغ\s+(?:رقم\s+)?\d{1,4}/\d{2,4}",
        ),
        is_case=True,
    ),
    Family(
        "visit-report",
        _("Report of a special procedure on a visit"),
        "",
        Layout.PARAGRAPHS,
        _any(
            r"report\s+of\s+the\s+(?:special\s+rapporteur|independent\s+expert|working\s+group)",
            r"rapport\s+(?:du|de\s+la|de\s+l.)\s*(?:rapporteur|expert|groupe\s+de\s+travail)",
            r"informe\s+(?:del|de\s+la)\s+(?:relator|expert|grupo\s+de\s+trabajo)",
            r"доклад\s+(?:специальн|независим|рабочей\s+группы)",
            r"تقرير\s+(?:المقرر|الخبير|الفريق\s+العامل)",
            r"\bvisit\s+to\b|\bvisita\s+a\b|\bvisite\s+(?:en|au)\b",
        ),
    ),
)
# A title may name the visit before the body whose delegation made it.
# Bodies whose name stands above the title of a list of questions that they send, and how far below it is.
OTHER = Family("other", _("Another document"), "", Layout.PARAGRAPHS, NEVER)
BY_CODE = {family.code: family for family in (*FAMILIES, OTHER)}
