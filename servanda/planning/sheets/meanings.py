"""What the values of a column mean: chosen on the page of values, or clear from the words."""

from collections.abc import Container

from servanda.intake.columns.kinds import Choices, SheetContext, folded
from servanda.planning.models import Action

STATUSES = {
    Action.Status.PLANNED: ("planned", "not started", "to do", "prevu", "prevue", "planifie", "planifiee",
                            "non demarre", "non commence", "a faire", "non entame", "previsto", "planificado",
                            "no iniciado", "sin iniciar", "planejado", "nao iniciado", "مبرمج", "مخطط", "لم يبدأ"),
    Action.Status.IN_PROGRESS: ("in progress", "ongoing", "under way", "started", "en cours",
                                "en cours de realisation",
                                "en curso", "en proceso", "em andamento", "em curso", "قيد التنفيذ", "جار", "جاري",
                                "قيد الإنجاز", "في طور الإنجاز"),
    Action.Status.SUSPENDED: ("suspended", "on hold", "suspendu", "suspendue", "en suspens", "suspendido", "suspenso",
                              "معلق", "متوقف"),
    Action.Status.COMPLETED: ("completed", "complete", "done", "finished", "realise", "realisee", "acheve", "achevee",
                              "termine", "terminee", "completado", "terminado", "concluido", "realizado", "منجز",
                              "مكتمل", "تم الإنجاز", "أنجز"),
    Action.Status.ABANDONED: ("abandoned", "cancelled", "canceled", "abandonne", "abandonnee", "annule", "annulee",
                              "abandonado", "cancelado", "ملغى", "متخلى عنه"),
}  # fmt: skip
STATUS_OF = {folded(word): str(code.value) for code, words in STATUSES.items() for word in words}


def propose_status(printed: str, choices: Choices = ()) -> str:
    return STATUS_OF.get(folded(printed), "")


def meaning_of(printed: str, column: str, context: SheetContext, *, known: Container[str]) -> str | None:
    """The code of a value; "" if it is to be left out, None if it is not known."""
    meaning = context.meaning(column, printed)
    if meaning is not None:
        return meaning if meaning in known or not meaning else None
    return propose_status(printed) or None
