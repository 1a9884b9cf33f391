"""Recognises taxonomies of statuses, which spreadsheets of countries often have in a column of labels."""

from collections.abc import Iterable

from servanda.language.words.tokens import tokens

SHARE = 0.5  # of the labels of a taxonomy

_WORDS = """
not started, not implemented, not realised, not realized, not achieved, not done, no progress,
started, begun, ongoing, on going, in progress, in process, under way, underway, pending,
partially implemented, partly implemented, partially achieved, substantially implemented,
largely implemented, mostly implemented, implemented, fully implemented, fully achieved, achieved,
completed, complete, done, realised, realized, delayed, suspended, regressed, not assessed,
no information, non commencé, non commencée, non réalisé, non réalisée, non mise en œuvre,
pas mise en œuvre, commencé, commencée, en cours, en cours de réalisation,
en cours de mise en œuvre, partiellement mise en œuvre, partiellement réalisé,
partiellement réalisée, largement mise en œuvre, mise en œuvre, entièrement mise en œuvre, réalisé,
réalisée, achevé, achevée, terminé, terminée, en retard, suspendu, suspendue, non évaluée,
no iniciado, no iniciada, sin iniciar, no cumplido, no cumplida, iniciado, iniciada, en curso,
en proceso, pendiente, parcialmente cumplido, parcialmente cumplida, cumplido parcialmente,
cumplida parcialmente, cumplimiento parcial, cumplido, cumplida, cumplimiento total,
totalmente cumplida, plenamente cumplida, implementado, implementada, realizado, realizada,
terminado, terminada, concluido, concluida, sin evaluar, não iniciado, não iniciada, não cumprido,
não cumprida, em curso, em andamento, parcialmente cumprido, parcialmente cumprida, cumprido,
cumprida, totalmente cumprida, realizado, realizada, concluído, concluída, pendente,
لم يبدأ التنفيذ, لم تنفذ, غير منفذة, غير منفذ, غير منجزة, غير منجز, بدأ التنفيذ, قيد التنفيذ,
قيد الإنجاز, في طور الإنجاز, منفذة جزئيا, منفذ جزئيا, منجزة جزئيا, منفذة, منفذ, منفذة بالكامل,
منجزة, منجز, أنجزت, مكتملة, مكتمل, متأخرة
"""


def plain(label: str) -> str:
    return " ".join(tokens(label, ""))


STATUSES = frozenset(plain(word) for word in _WORDS.replace("\n", " ").split(","))


def are_statuses(labels: Iterable[str]) -> bool:
    """Whether these labels are statuses rather than topics: at least half of them are known status words."""
    plain_labels = [plain(label) for label in labels if label.strip()]
    statuses = sum(label in STATUSES for label in plain_labels)
    return bool(plain_labels) and statuses >= SHARE * len(plain_labels)
