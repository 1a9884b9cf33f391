"""Concerns of concluding observations that are known by their place: right above what is recommended."""

import re
from collections.abc import Sequence

from servanda.kit.patterns import lazy_pattern
from servanda.language.documents.deadlines import owed_by
from servanda.language.documents.paragraph_kinds import Kind, plain
from servanda.language.documents.units import Unit

OF_CONCERNS = lazy_pattern(
    r"concern|préoccup|preocup|recommend|recommand|recomend|проблем|озабоч|обеспоко|рекоменд|قلق|شواغل|توصيات|关切|建议",
    re.I,
)
WELCOMES = lazy_pattern(
    r"\b(?:welcom\w+|satisfaction|commend\w*|appreciat\w+|gratitude|grateful|congratulat\w+|pleased|encouraged\s+by|prais\w+|positive\w*"
    r"|félicit\w+|réjoui\w*|salue|accueill\w+|remerci\w+|intérêt|satisfait\w*|positi(?:f|ve)s?"
    r"|acoge|celebra|encomia|agradec\w+|felicit\w+|beneplácito|satisfacción|valora|reconoce|positiv\w+|saúda|congratul\w+|elogia|satisfação"
    r"|приветству\w+|удовлетворени\w+|признательност\w+|благодар\w+|высоко\s+оценива\w+)\b"
    r"|(?<!\w)[وف]?(?:[تي]رحب|[تي]شيد|[تي]ثني|[تي]شكر|مع\s+(?:الارتياح|التقدير)|بارتياح|بتقدير|تقديرها)(?!\w)|欢迎|赞赏|赞扬|满意",
    re.I,
)
# What the body only says of its own work or of the law.
REFERS = lazy_pattern(
    r"^\W*(?:\d+\.\s*)?(?:(?:the|le|el|o)\s+)?(?:committee|comité|comitê|комитет|اللجنة)?\s*(?:also\s+|further\s+)?"
    r"(?:recalls?|refers?|reminds?|reaffirms?|considered|examined|rappelle|renvoie|réaffirme|examiné|recuerda|se\s+remite|reafirma|examinó|recorda"
    r"|напоминает|ссылается|[تي]ذكر|[تي]شير|[تي]حيل)\b",
    re.I,
)


def worry(units: Sequence[Unit]) -> None:
    """Make concerns of the paragraphs of a section on concerns that neither ask nor welcome anything, where the next
    paragraph below the same heading recommends something."""
    for unit, below in zip(units, units[1:], strict=False):
        is_above = below.kind == Kind.RECOMMENDATION and below.headings == unit.headings
        if unit.kind == Kind.INFORMATION and is_above and unit.number and not unit.lead and is_on_concerns(unit):
            unit.kind = Kind.CONCERN


def is_on_concerns(unit: Unit) -> bool:
    text = plain(unit.text)
    if not any(OF_CONCERNS.search(title) for title in unit.headings):
        return False
    return not (WELCOMES.search(text) or REFERS.match(text) or owed_by(text, unit.headings))
