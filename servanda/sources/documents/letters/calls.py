"""Public calls of mandate holders on their letterhead: questions to everyone, and no letter to one State."""

import re
from collections.abc import Sequence

from servanda.kit.patterns import lazy_pattern
from servanda.sources.documents.letters.heads import head_of, names_mandate, reference_in

MOST_ROWS, LONGEST_TITLE = 15, 140
TITLE = lazy_pattern(
    r"^\W*(?:[^.:]{0,60}\s)?(?:calls?\s+for\s+(?:inputs?|submissions|contributions|information|evidence|comments)|questionnaire"
    r"|(?:appel\s+à|demande\s+de)\s+(?:contributions?|communications|commentaires)"
    r"|(?:convocatoria|llamad[oa]|llamamiento|solicitud)\s+(?:de|a|para)\s+(?:\w+\s+){0,3}(?:contribuciones|aportaciones|aportes|insumos)|cuestionario"
    r"|(?:chamada|convite)\s+(?:de|a|para|à)\s+(?:\w+\s+){0,3}(?:contribuições|subsídios)|questionário"
    r"|دعوة\s+(?:إلى\s+|ل)(?:تقديم\s+)?(?:مساهمات|مدخلات|إسهامات|معلومات)|(?:ال)?استبيان)(?!\w)",
    re.I,
)
TO_ALL = lazy_pattern(
    r"\b(?:invites?|encourages?|calls?\s+(?:up)?on|welcomes|seeks?)\b[^.]{0,120}\bstates\b[^.]{0,200}\b(?:civil\s+society|organi[sz]ations|stakeholders|academi\w+|everyone)\b"
    r"|\b(?:invite(?:nt)?|encourage)\b[^.]{0,120}\bétats\b[^.]{0,200}\b(?:société\s+civile|organisations|parties\s+prenantes|toute\s+personne)\b"
    r"|\binvita[n]?\b[^.]{0,120}\bestados\b[^.]{0,200}\b(?:sociedad\s+civil|organizaciones|partes\s+interesadas)\b"
    r"|\bconvida[m]?\b[^.]{0,120}\bestados\b[^.]{0,200}\b(?:sociedade\s+civil|organizações)\b"
    r"|(?<!\w)[وف]?[تي]دعو\b[^.]{0,120}الدول(?!ة)[^.]{0,200}(?:المجتمع\s+المدني|المنظمات|أصحاب\s+المصلحة)",
    re.I,
)


def is_public_call(rows: Sequence[str]) -> bool:
    """Whether mandate holders ask everyone for input: below their title, without the reference of a letter, by the
    title of a call or a sentence that invites States and others."""
    first = list(rows[:MOST_ROWS])
    if not any(names_mandate(row) for row in first) or reference_in(head_of(first)):
        return False
    is_titled = any(len(row) <= LONGEST_TITLE and TITLE.match(row) and row.rstrip()[-1:] not in ".;" for row in first)
    return is_titled or any(TO_ALL.search(row) for row in first)
