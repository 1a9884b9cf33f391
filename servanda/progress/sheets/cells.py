"""The columns of a spreadsheet that hold follow-up: what they are called, and how their cells are read."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from servanda.intake.columns.kinds import Choices, Column, folded
from servanda.progress.assessments.forms import general_grades
from servanda.progress.models import Grade
from servanda.sources.printed.texts import clean

WORDS = Path(__file__).resolve().parents[1] / "data" / "status_words.csv"
STATUS, STATUS_DATE, PERCENT, REMARKS = "status", "status date", "percentage", "remarks"
MEASURES, APPROVED_MEASURES = "measures", "approved measures"
LONGEST_MEANING = 80
MOST_OF = 0.6  # share of values that are words for a status, for a column whose header says nothing
_BESIDE = re.compile(
    r"\(.*?\)|\[.*?\]|(?:\b(?:à|a|at|em|al)\s+)?[\d.,٫]+\s*[%٪]"
)  # text beside the words of a status: "En cours (30 %)"
_STOP = re.compile(r"[.;؛(\n]|\s[-–—]\s")
_PER_CENT = re.compile(r"(?<!\d)(?!100)[\d.,٫]+\s*[%٪]")  # "Réalisée à 60 %" is not realised
_LIMITS = re.compile(
    r"\b(?:not?|but|except|only|yet|part\w*|pas|non|mais|sauf|pero|salvo|falta|não|mas|exceto|لم|غير|لكن|باستثناء|جزئ\w*)\b",
    re.IGNORECASE,
)
_LATIN_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "01234567890123456789")
_DATED = re.compile(
    r"(?:^|(?<=[;؛\n]))[ \t]*(?:[-•*] *)?(?:(?:in|en|em|year|année|año|ano|في|سنة|عام)\s+)?"
    r"(?P<first>\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{4}|(?:19|20)\d{2})"
    r"(?:\s*[-–/]\s*(?P<last>(?:19|20)\d{2}))?\s*[:：–—-]\s+",
    re.IGNORECASE,
)


def columns() -> list[Column]:
    return [
        Column(
            STATUS,
            _("Status"),
            ("status", "implementation status", "current status", "progress status", "niveau de mise en œuvre",
                "niveau de mise en oeuvre",
        "état de mise en oeuvre", "niveau de réalisation", "état d’exécution", "situation",
        "situación", "estado actual", "estado de avance", "grado de cumplimiento",
        "grau de execução", "estado de execução", "grau de implementação", "مستوى التنفيذ",
        "وضعية التوصية", "status of implementation", "state of implementation",
             "level of implementation", "statut", "état d’avancement", "état de mise en œuvre",
             "état de réalisation",
             "degré de mise en œuvre", "estado de cumplimiento", "estado de implementación",
             "nivel de cumplimiento",
             "situação", "estado de implementação", "estado de cumprimento", "الحالة", "وضعية التنفيذ",
             "وضعية الإنجاز", "حالة التنفيذ", "حالة الإنجاز"),
            choices=choices,
            propose=propose,
            looks_like=are_statuses,
        ),
        Column(
            STATUS_DATE,
            _("Status date"),
            ("status date", "date of status", "date of the status", "status as of", "last update",
                "last updated", "updated on", "date of update",
        "date de mise à jour", "dernière mise à jour", "fecha de actualización", "última actualización",
        "data de atualização", "última atualização", "ponto de situação em", "تاريخ التحديث",
        "آخر تحديث", "date du statut",
             "date de l’état d’avancement", "date d’évaluation", "fecha del estado", "fecha de evaluación",
             "data da situação", "data do estado", "data de avaliação", "تاريخ الحالة", "تاريخ التقييم"),
        ),
        Column(
            PERCENT,
            _("Percentage of progress"),
            ("percentage", "percent", "percentage complete", "complete", "de execução", "% d’avancement",
        "% de avance", "% de cumplimiento", "% of progress", "taux d’exécution",
        "grau de execução %", "نسبة التنفيذ المنجزة", "progress", "progress %", "percentage of progress",
        "rate of implementation",
             "avancement", "avancement pct", "taux d’avancement", "taux de réalisation", "pourcentage", "avance",
             "porcentaje", "porcentaje de avance", "avanço", "percentagem", "percentagem de execução",
             "نسبة الإنجاز",
             "نسبة التقدم", "نسبة التنفيذ"),
        ),
        Column(
            REMARKS,
            _("Remarks"),
            ("remarks", "remark", "comment", "notes", "note", "notas", "nota",
        "observações e notas", "additional comments", "commentaires et observations", "الملاحظات",
        "تعليقات", "comments", "observation", "observations", "comments on status",
             "justification", "remarque", "remarques", "commentaire", "commentaires", "comentario", "comentarios",
             "observación", "observaciones", "observação", "observações", "ملاحظات", "ملاحظة", "تعليق"),
        ),
        Column(
            MEASURES,
            _("Measures taken (drafts of updates)"),
            ("measures", "measures taken", "measures adopted", "progress made", "mesures adoptées",
                "actions réalisées",
        "actions menées", "acciones adoptadas", "avances", "medidas tomadas",
        "progressos", "الإجراءات المنجزة", "المنجزات", "actions taken", "steps taken", "mesures", "mesures prises",
             "mesures entreprises", "réalisations", "medidas", "medidas adoptadas", "medidas tomadas",
             "acciones realizadas", "medidas adotadas", "ações realizadas", "التدابير", "التدابير المتخذة",
             "الإجراءات المتخذة"),
        ),
        Column(
            APPROVED_MEASURES,
            _("Measures taken, approved by the institution"),
            ("approved measures", "validated measures", "mesures validées", "medidas aprobadas",
                "medidas aprovadas",
             "التدابير المصادق عليها"),
        ),
    ]  # fmt: skip


def grades() -> dict[str, Grade]:
    """The government's grades in use for all bodies, by the code that mappings store."""
    return {code_of(grade): grade for grade in general_grades()}


def code_of(grade: Grade) -> str:
    return f"{grade.scale.code}/{grade.code}"[:LONGEST_MEANING]


def choices() -> Choices:
    return choices_of(grades())


def choices_of(grades: dict[str, Grade]) -> Choices:
    several = len({grade.scale_id for grade in grades.values()}) > 1
    return [
        (code, f"{grade.label} ({grade.scale.name})" if several else str(grade.label))
        for code, grade in grades.items()
    ]


def propose(printed: str, offered: Choices) -> str:
    """The choice that says the same in its own words, or means the same in any of the five languages; else ""."""
    own = {folded(label): code for code, label in offered}
    if code := own.get(folded(printed)):
        return code
    common = common_of(printed)
    for code, label in offered if common else ():
        if code.endswith(f"/{common}") or common_of(label) == common:
            return code
    return ""


def common_of(printed: str) -> str:
    """The step of the common scale that a word for a status means; "" if it is not known.

    Of a sentence the words before its first stop count, "Ongoing. The audit was finished", if nothing limits them.
    """
    if whole := known_word(printed):
        return whole
    stop = _STOP.search(printed)
    if stop and _LIMITS.search(printed[stop.end() :]):
        return ""
    beside = _BESIDE.sub(" ", printed)
    code = known_word(beside) or (known_word(_BESIDE.sub(" ", printed[: stop.start()])) if stop else "")
    return "" if code == "full" and _PER_CENT.search(printed) else code


def known_word(printed: str) -> str:
    return words().get(plain(printed), "")


def plain(printed: str) -> str:
    return folded(printed.replace("œ", "oe").replace("Œ", "oe"))


@cache
def words() -> dict[str, str]:
    with WORDS.open(encoding="utf-8", newline="") as file:
        return {plain(word): row["common"] for row in csv.DictReader(file) for word in row["words"].split("|")}


def are_statuses(values: Sequence[str]) -> bool:
    return sum(bool(common_of(value)) for value in values) >= MOST_OF * len(values)


@dataclass(frozen=True, slots=True)
class Measure:
    """One thing that an institution did, with its dates if the cell has them."""

    text: str
    start: date | None = None
    end: date | None = None


def measures_of(cell: str) -> list[Measure]:
    """The measures of a cell: one, or several that each begin with a year or a day: "2023: …; 2024: …"."""
    text = clean(cell)
    matches = list(_DATED.finditer(text.translate(_LATIN_DIGITS)))
    ends = [match.start() for match in matches[1:]] + [len(text)]
    before = text[: matches[0].start()] if matches else text
    measures = [Measure(before.strip(" ;؛\n"))]
    for match, end in zip(matches, ends, strict=False):
        start, last = period(match["first"], match["last"])
        words_of_it = text[match.end() : end] if start else text[match.start() : end]
        measures.append(Measure(words_of_it.strip(" ;؛\n"), start, last))
    return [measure for measure in dict.fromkeys(measures) if measure.text]


def period(first: str, last: str | None) -> tuple[date, date] | tuple[None, None]:
    try:
        if len(first) == len("2024"):
            start, end = int(first), int(last or first)
            return (date(start, 1, 1), date(end, 12, 31)) if start <= end else (None, None)
        if "-" in first:
            day = date.fromisoformat(first)
        else:
            parts = [int(part) for part in re.split(r"[./]", first)]
            day = date(parts[2], parts[1], parts[0])
    except ValueError:
        return None, None
    return day, day
