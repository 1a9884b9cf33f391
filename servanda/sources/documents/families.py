"""The kinds of documents: by which marks and words each is recognised, its body and its layout."""

import re

from django.utils.translation import gettext_lazy as _

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.units import Layout
from servanda.sources.documents.council_of_europe import COUNCIL_OF_EUROPE
from servanda.sources.documents.family import BEHIND_COLON, IN_TITLE, NEVER, ROW, Family, any_of
from servanda.sources.documents.symbols import (
    EARLY_WARNING,
    LETTER_REFERENCE,
    URGENT_ACTION,
    URGENT_ACTION_NUMBER,
)

# A report of the committee on its urgent actions, or a note of a State that replies to one.
ON_URGENT_ACTIONS = lazy_pattern(
    ROW
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
    any_of(
        ROW + r"(?:summary\s+(?:prepared|of\s+(?:the\s+)?(?:\w+\s+)?(?:stakeholders|submissions|judg|case|report))"
        r"|compilation\s+(?:prepared|on|of\s+un)|press\s+(?:release|summary)|legal\s+summary|information\s+note"
        r"|(?:official\s+)?summary\s+issued|official\s+summary|executive\s+summary\s+of|national\s+report\s+submitted)",
        ROW
        + r"(?:résumé\s+(?:établi|des\s+communications|des\s+observations|officiel|juridique|de\s+l[’']arrêt|émanant)"
        r"|compilation\s+(?:établie|concernant|de\s+renseignements)|communiqué\s+de\s+presse|note\s+d[’']information"
        r"|rapport\s+national\s+(?:présenté|soumis))",
        ROW + r"(?:resumen\s+(?:preparado|de\s+las\s+comunicaciones|oficial|de\s+la\s+sentencia|elaborado)"
        r"|comunicado\s+(?:corte|cidh|no\.?\s)|comunicado\W*(?:\n|$)|recopilaci[oó]n\s+(?:preparada|sobre|de\s+informaci[oó]n)|comunicado\s+de\s+prensa|nota\s+informativa"
        r"|informe\s+nacional\s+presentado)",
        ROW + r"(?:موجز\s+(?:أعدته|لورقات|لمعلومات|المعلومات|ورقات|البلاغات|الحكم)|ملخص\s+(?:أعدته|الحكم|رسمي)"
        r"|تجميع\s+(?:أعدته|للمعلومات|المعلومات|بشأن)|بيان\s+صحفي|بلاغ\s+صحفي|تقرير\s+وطني\s+مقدم)",
    ),
    lazy_pattern(r"\bA/HRC/WG\.6/\d+/[A-Z]{3}/[123]\b"),
)

_TREATY_BODY = r"\b(?:(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)\s?/C|E/C\.12)/(?:[A-Z]+/)?[A-Z]{3}"
FAMILIES = (
    SUMMARY,
    Family(
        "advance-questions",
        _("Advance questions of States (UPR)"),
        "UPR",
        Layout.QUESTIONS,
        any_of(
            ROW + r"(?:advanced?|additional)\s+questions\s+(?:to|for)\b",
            ROW + r"questions\s+(?:préparées|posées|soumises)\s+à\s+l[’']avance",
            ROW + r"preguntas\s+(?:preparadas|formuladas|presentadas)\s+(?:de\s+antemano|por\s+anticipado)",
            ROW + r"(?:предварительные|заблаговременно\s+\w+)\s+вопросы",
            ROW + r"(?:ال)?أسئلة\s+(?:ال)?(?:مُ?عدَّ?ة|مقدَّ?مة|مطروحة)\s+(?:سلفاً?|مسبقاً?)",
            ROW + r"(?:预先|事先)\S{0,6}问题",
        ),
    ),
    Family(
        "loipr",
        _("List of issues prior to reporting"),
        "",
        Layout.QUESTIONS,
        any_of(
            ROW + r"lists?\s+of\s+(?:issues|themes)\s+(?:and\s+questions\s+)?(?:transmitted\s+)?prior\s+to",
            ROW + r"liste\s+(?:préalable\s+de\s+points|de\s+(?:points|thèmes)\s+[\w\s]{0,30}(?:avant|préalable))",
            ROW + r"lista\s+de\s+(?:cuestiones|temas)\s+(?:y\s+preguntas\s+)?previas?\b",
            ROW + r"перечень\s+(?:вопросов|тем)[^\n]{0,40}(?:предваря|до\s+представлени|предшеству)",
            ROW + r"قائمة\s+(?:ال)?(?:مسائل|قضايا)\s+(?:\S+\s+){0,2}(?:قبل|السابقة|تسبق)",
            ROW + r"\S{0,20}(?:报告前|提交报告之?前)\S{0,8}(?:议题|问题)清单",
        ),
        lazy_pattern(_TREATY_BODY + r"/QPR/\d"),
    ),
    Family(
        "list-of-issues",
        _("List of issues"),
        "",
        Layout.QUESTIONS,
        any_of(
            ROW + r"lists?\s+of\s+(?:issues|themes|questions)\b",
            ROW + r"liste\s+des?\s+(?:points|thèmes|questions)\b",
            ROW + r"lista\s+de\s+(?:cuestiones|temas|questões|preguntas)\b",
            ROW + r"перечень\s+(?:вопросов|тем)",
            ROW + r"قائمة\s+(?:ال)?(?:مسائل|قضايا|مواضيع|أسئلة)",
            ROW + r"[^\n]{0,40}(?:议题|问题|主题)清单",
        ),
        lazy_pattern(_TREATY_BODY + r"/Q/\d"),
    ),
    Family(
        "questionnaire",
        _("Questionnaire or call for input"),
        "",
        Layout.QUESTIONS,
        any_of(
            IN_TITLE + r"(?:questionnaire|cuestionario)\b",
            BEHIND_COLON + r"questions\s+(?:(?:addressed|put|posed)\s+to\b|(?:to|for)\s+(?:the\s+)?"
            r"(?:authorities|governments?|(?:member\s+)?states?)\b)",
            BEHIND_COLON + r"questions\s+(?:adressées|posées)\s+(?:à|aux?)\b(?!\s+l[’']avance)",
            BEHIND_COLON + r"preguntas\s+(?:dirigidas|formuladas)\s+al?\b",
            IN_TITLE + r"calls?\s+for\s+(?:inputs?|submissions|contributions|information)\b",
            ROW + r"(?:appel\s+à|demande\s+de)\s+(?:contributions?|communications)",
            ROW + r"(?:convocatoria|llamad[oa]|llamamiento|solicitud)\s+(?:de|a|para)\s+"
            r"(?:\w+\s+){0,2}(?:contribuciones|aportaciones)",
            ROW + r"(?:вопросник|опросник|анкета|(?:призыв|просьба)\s+[ко]\s+пред(?:ставлени|оставлени))",
            ROW + r"(?:(?:ال)?استبيان|دعوة\s+(?:إلى|ل)\s?(?:تقديم\s+)?(?:مساهمات|مدخلات|إسهامات|معلومات))",
            ROW + r"[^\n]{0,30}(?:问卷|征集\S{0,6}(?:意见|材料|资料))",
        ),
    ),
    Family(
        "sp-letter",
        _("Letter of special procedures"),
        "",
        Layout.LETTER,
        any_of(
            ROW + r"mandates?\s+of\s+the\s+(?:special|working|independent|chair)",
            ROW + r"mandats?\s+(?:du|de\s+la|de\s+l[’']|des)\s*(?:rapporteu|groupe\s+de|expert|présiden)",
            ROW + r"mandatos?\s+(?:del|de\s+la|de\s+los|do|da)\s+(?:relator|grupo\s+de|expert|perit|president)",
            ROW + r"ولاي(?:ة|ات|تا)\s+(?:كل\s+من\s+)?(?:المقرر|الفريق|الخبير)",
        ),
        LETTER_REFERENCE,
        is_confidential=True,
    ),
    Family(
        "urgent-action",
        _("Urgent action of the Committee on Enforced Disappearances"),
        "CED",
        Layout.PARAGRAPHS,
        any_of(
            r"registered\s+as\s+urgent\s+action",
            # the file of the committee's urgent actions
            ROW + r"(?:(?:our\s+|votre\s+|nuestra\s+)?(?:ref(?:erence|erencia)?|référence|réf|(?:ال)?مرجع)\W{0,6})?"
            r"G/SO\s+229/31\b",
            r"enregistrée?\s+(?:en\s+tant\s+qu[’']\s?|comme\s+|sous\s+l[’']\s?)action\s+en\s+urgence",
            r"registrad[ao]\s+(?:como|con)\s+(?:la\s+)?acción\s+urgente",
            r"(?:سُ?جل|المسجل)\w*\s+(?:بوصفه\s+|تحت\s+|باعتباره\s+)?(?:ال)?إجراء\w?\s+(?:ال)?عاجل",
            r"(?:^|\n)(?!\W*(?:re(?:ply|plies|sponse)|observations|réponse|respuesta|observaciones|رد|ردود)\b)[^\n]{0,200}?"
            rf"{URGENT_ACTION_NUMBER.pattern}\W*(?:\n|$)",
        ),
        lazy_pattern(
            rf"{ROW}(?:(?:our\s+)?ref(?:erence|erencia)?\W{{0,6}}|référence\W{{0,6}})?{URGENT_ACTION.pattern}", re.I
        ),
        is_confidential=True,
        is_answered=True,
    ),
    Family(
        "early-warning",
        _("Early warning letter of the Committee on the Elimination of Racial Discrimination"),
        "CERD",
        Layout.PARAGRAPHS,
        any_of(r"under\s+its\s+early\s+warning\s+and\s+urgent\s+action\s+procedures?[^\n]{0,400}\bexcellency\b"),
        lazy_pattern(
            rf"{ROW}(?:(?:our\s+)?ref(?:erence|erencia)?\W{{0,6}}|référence\W{{0,6}}|(?:ال)?مرجع\W{{0,6}})?{EARLY_WARNING.pattern}",
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
        any_of(
            ROW + r"(?:joint\s+)?general\s+(?:comment|recommendation)s?\s+no",
            ROW + r"observation\s+générale\s+(?:conjointe\s+)?n",
            ROW + r"recommandation\s+générale\s+n",
            ROW + r"(?:observación|recomendación)\s+general\s+(?:conjunta\s+)?n",
            ROW + r"замечани[ея]\s+общего\s+порядка\s+№",
            ROW + r"общая\s+рекомендация\s+№",
            ROW + r"(?:التعليق\s+العام|التوصية\s+العامة)",
        ),
        lazy_pattern(r"\b[A-Z]+\s?/C/GC/\d|\bE/C\.12/GC/\d"),
    ),
    Family(
        "views",
        _("Views or decision of a treaty body on a communication"),
        "",
        Layout.PARAGRAPHS,
        any_of(
            r"\bviews\s+adopted\s+by\s+the\s+(?:committee|human)",
            r"\b(?:decision|opinion)\s+adopted\s+by\s+the\s+committee\s+(?:under|on|concerning)",
            r"\bconstatations\s+(?:adoptées|du\s+comité)|\bdécision\s+adoptée\s+par\s+le\s+comité",
            r"\bdictamen\s+aprobado|\bdecisión\s+(?:adoptada|aprobada)\s+por\s+el\s+comité",
            r"آراء\s+اعتمدتها|قرار\s+اعتمدته\s+اللجنة|الآراء\s+التي\s+اعتمدتها",
        ),
        lazy_pattern(r"\b(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CED)/C/\d+/DR?/\d|\bE/C\.12/\d+/D/\d"),
        is_case=True,
    ),
    Family(
        "concluding-observations",
        _("Concluding observations of a treaty body"),
        "",
        Layout.PARAGRAPHS,
        any_of(
            r"concluding\s+observations\s+(?:on|of)\b",
            r"observations\s+finales\s+(?:concernant|sur|du)\b",
            r"observaciones\s+finales\s+(?:sobre|del)\b",
            r"observações\s+finais\s+(?:sobre|do)\b",
            r"заключительные\s+замечания",
            r"ملاحظات\s+ختامية|الملاحظات\s+الختامية",
        ),
        any_of(
            r"\b(?:CCPR|CEDAW|CAT|CERD|CRC|CRPD|CMW|CED)\s?/C/(?:[A-Z]+/)?(?:[A-Z]{3}|\d+)/CO/\d",
            r"\bE/C\.12/[A-Z]{3}/CO/\d|\bCCPR/CO/\d+/[A-Z]|\b(?:CRC/C/15|CCPR/C/79|CERD/C/304|E/C\.12/1)/Add\.\d",
        ),
    ),
    *COUNCIL_OF_EUROPE,
    Family(
        "spt",
        _("Report of the Subcommittee on Prevention of Torture"),
        "SPT",
        Layout.PARAGRAPHS,
        any_of(
            r"(?:report|recommendations)\s+of\s+the\s+subcommittee\s+on\s+(?:the\s+)?prevention\s+of\s+torture",
            r"rapport\s+du\s+sous-comité\s+pour\s+la\s+prévention\s+de\s+la\s+torture",
            r"informe\s+del\s+subcomité\s+para\s+la\s+prevención\s+de\s+la\s+tortura",
            r"تقرير\s+اللجنة\s+الفرعية\s+لمنع\s+التعذيب|visit\S*[^\n]{0,200}(?:by|of)\s+the\s+subcommittee\s+on\s+prevention\s+of\s+torture",
        ),
        lazy_pattern(r"\bCAT/OP/[A-Z]{3}/(?:R\.|ROSP/|RONPM/)?\d"),
        is_answered=True,
    ),
    Family(
        "wgad",
        _("Opinion of the Working Group on Arbitrary Detention"),
        "WG Arbitrary detention",
        Layout.PARAGRAPHS,
        any_of(
            r"opinions?\s+adopted\s+by\s+the\s+working\s+group\s+on\s+arbitrary\s+detention",
            r"avis\s+adoptés?\s+par\s+le\s+groupe\s+de\s+travail\s+sur\s+la\s+détention\s+arbitraire",
            r"opini[oó]n(?:es)?\s+(?:aprobadas?|adoptadas?)\s+por\s+el\s+grupo\s+de\s+trabajo\s+sobre\s+la\s+detención\s+arbitraria",
            r"(?:آراء|الآراء|الرأي)\s+\S*\s*اعتمد\S*\s+الفريق\s+العامل\s+المعني\s+بالاحتجاز\s+التعسفي",
        ),
        lazy_pattern(r"\bA/HRC/WGAD/\d{4}/\d"),
    ),
    Family(
        "iacthr",
        _("Judgment or order of the Inter-American Court"),
        "IACtHR",
        Layout.OPERATIVE,
        any_of(
            r"corte\s+interamericana\s+de\s+(?:derechos\s+humanos|direitos\s+humanos)",
            r"inter-?american\s+court\s+of\s+human\s+rights",
            r"cour\s+interaméricaine\s+des\s+droits",
            r"المحكمة\s+الأمريكية\s+لحقوق|محكمة\s+البلدان\s+الأمريكية",
            r"\bcorte\s+idh\b",
        ),
        lazy_pattern(r"\bSeri(?:es|e)\s+C\s+N"),
        is_case=True,
    ),
    Family(
        "afchpr",
        _("Judgment of the African Court"),
        "AfCHPR",
        Layout.OPERATIVE,
        any_of(
            r"african\s+court\s+on\s+human\s+and\s+peoples",
            r"cour\s+africaine\s+des\s+droits",
            r"tribunal\s+africano\s+dos\s+direitos",
            r"corte\s+africana\s+de\s+derechos",
            r"المحكمة\s+الأ?[اإ]?فريقية\s+لحقوق",
        ),
        lazy_pattern(r"\[\d{4}\]\s+AfCHPR\b"),
        is_case=True,
    ),
    Family(
        "iachr",
        _("Report of the Inter-American Commission"),
        "IACHR",
        Layout.OPERATIVE,
        any_of(
            r"inter-?american\s+commission\s+on\s+human\s+rights",
            r"comisión\s+interamericana\s+de\s+derechos\s+humanos",
            r"comissão\s+interamericana",
            r"commission\s+interaméricaine",
            r"\bla\s+CIDH\b|\bthe\s+IACHR\b",
        ),
        lazy_pattern(r"\bOEA/Ser\.?\s?L/V/II"),
        is_answered=True,
    ),
    Family(
        "achpr",
        _("Concluding observations or resolution of the African Commission"),
        "ACHPR",
        Layout.PARAGRAPHS,
        any_of(
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
        any_of(
            ROW + r"(?:communications?\s*(?:n[o°º]s?\.?\s*)?)?\d{1,4}/\d{2,4}(?:\s?[-–,&]\s?\d{1,4}/\d{2,4})*"
            r"\s*[-–—:.]?\s+[^\n]{2,220}?(?:\s/\s?|\sv\.?s?\.?\s|\sc\.\s|\scontre\s|\w/(?=[A-Z]))\s*\S",
            ROW + r"البلاغ\s+(?:رقم\s+)?\d{1,4}/\d{2,4}",
        ),
        is_case=True,
    ),
    Family(
        "visit-report",
        _("Report of a special procedure on a visit"),
        "",
        Layout.PARAGRAPHS,
        any_of(
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
