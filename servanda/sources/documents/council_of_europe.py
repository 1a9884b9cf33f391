"""The kinds of documents of the Council of Europe: its Court, its Committee of Ministers, its monitoring bodies."""

from django.utils.translation import gettext_lazy as _

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.units import Layout
from servanda.sources.documents.family import ROW, Family, any_of

COUNCIL_OF_EUROPE = (
    Family(
        "cm-notes",
        _("Notes of the secretariat for the Committee of Ministers"),
        "ECtHR-CM",
        Layout.INFORMATION,
        any_of(ROW + r"notes\s+on\s+the\s+agenda", ROW + r"notes\s+sur\s+l[’']ordre\s+du\s+jour"),
        lazy_pattern(r"\bCM/Notes/\d"),
        is_case=True,
    ),
    Family(
        "cm-communication",
        _("Action plan, action report or communication to the Committee of Ministers"),
        "ECtHR-CM",
        Layout.INFORMATION,
        any_of(
            ROW + r"secretariat\s+of\s+the\s+committee\s+of\s+ministers",
            ROW + r"(?:updated\s+|revised\s+)?action\s+(?:plan|report)\b(?!\s+(?:of|on|for)\s+the\s+(?:imp|nat))",
            ROW + r"(?:plan|bilan)\s+d[’']action\b",
        ),
        lazy_pattern(r"\bDH-DD\s?\(\d{4}\)\s?\d"),
        is_case=True,
    ),
    Family(
        "cm-decision",
        _("Decision or resolution of the Committee of Ministers"),
        "ECtHR-CM",
        Layout.PARAGRAPHS,
        any_of(
            r"ministers[’']?\s+deputies",
            r"délégués\s+des\s+ministres",
            ROW + r"(?:d[ée]cisions?\s+)?(?:the\s+deputies|les\s+délégués)\W*(?:\n|$)",
            r"\binterim\s+resolution|\brésolution\s+(?:intérimaire|finale)|\bfinal\s+resolution",
            ROW + r"(?:the\s+committee\s+of\s+ministers,\s+under|le\s+comité\s+des\s+ministres,\s+en\s+vertu)",
        ),
        lazy_pattern(r"\bCM/(?:Del/Dec|ResDH)\W?\(?\d"),
        is_case=True,
    ),
    Family(
        "ecthr",
        _("Judgment or decision of the European Court of Human Rights"),
        "ECtHR-CM",
        Layout.OPERATIVE,
        any_of(
            ROW + r"(?:the\s+)?european\s+court\s+of\s+human\s+rights",
            ROW + r"(?:la\s+)?cour\s+européenne\s+des\s+droits\s+de\s+l[’']homme",
            ROW + r"tribunal\s+europeo\s+de\s+derechos\s+humanos",
            ROW + r"المحكمة\s+الأوروبية\s+لحقوق\s+الإنسان",
            r"\((?:applications?|requêtes?|demandas?)\s+n[o°ºs.]+\.?\s*\d{1,5}/\d\d(?!\d)",
            ROW + r"(?:grand\s+chamber|grande\s+chambre|(?:first|second|third|fourth|fifth)\s+section"
            r"|(?:première|deuxième|troisième|quatrième|cinquième)\s+section)\W*(?:\n|$)",
        ),
        is_case=True,
    ),
    Family(
        "cpt",
        _("Report of the CPT"),
        "CPT",
        Layout.PARAGRAPHS,
        any_of(
            r"prevention\s+of\s+torture\s+and\s+inhuman\s+or\s+degrading.{0,40}\(CPT\)",
            r"prévention\s+de\s+la\s+torture.{0,60}\(CPT\)",
            r"prevención\s+de\s+la\s+tortura.{0,60}\(CPT\)",
            r"\b(?:by|of|par|du|le|the)\s+(?:the\s+)?CPT\b",
        ),
        lazy_pattern(r"\bCPT(?:/Inf)?\s?\(\d{4}\)\s?\d"),
        is_answered=True,
    ),
    Family("grevio", _("Report of GREVIO"), "GREVIO", Layout.PARAGRAPHS, any_of(r"\bGREVIO\b"), is_answered=True),
    Family("greta", _("Report of GRETA"), "GRETA", Layout.PARAGRAPHS, any_of(r"\bGRETA\b"), is_answered=True),
    Family("ecri", _("Report of ECRI"), "ECRI", Layout.PARAGRAPHS, any_of(r"\bECRI\b")),
    Family(
        "fcnm",
        _("Opinion of the Advisory Committee on the Framework Convention"),
        "FCNM",
        Layout.PARAGRAPHS,
        any_of(
            r"advisory\s+committee\s+on\s+the\s+framework\s+convention",
            r"comité\s+consultatif\s+(?:de|sur)\s+la\s+convention-cadre",
            r"comité\s+consultivo\s+(?:del|sobre\s+el)\s+convenio\s+marco",
        ),
        lazy_pattern(r"\bACFC/(?:INF/)?OP/"),
        is_answered=True,
    ),
    Family(
        "ecrml",
        _("Evaluation report of the Committee of Experts of the Languages Charter"),
        "ECRML",
        Layout.PARAGRAPHS,
        any_of(
            r"evaluation\s+report\s+(?:of|by)\s+the\s+committee\s+of\s+experts",
            r"rapport\s+d[’']évaluation\s+du\s+comité\s+d[’']experts",
            r"informe\s+de\s+evaluación\s+del\s+comité\s+de\s+expertos",
        ),
        lazy_pattern(r"\bMIN-LANG\b"),
        is_answered=True,
    ),
    Family(
        "ecsr",
        _("Conclusions or decision of the European Committee of Social Rights"),
        "ECSR",
        Layout.PARAGRAPHS,
        any_of(r"european\s+committee\s+of\s+social\s+rights", r"comité\s+européen\s+des\s+droits\s+sociaux"),
    ),
)
