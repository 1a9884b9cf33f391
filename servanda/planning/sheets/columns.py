"""The columns of an imported list that the plan reads: institutions, due dates, actions, indicators."""

from collections.abc import Sequence
from itertools import batched

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from servanda.intake.columns.kinds import Cell, Choices, Column, SheetContext, SheetRow
from servanda.intake.models import Batch
from servanda.people.models import User
from servanda.planning.models import Action
from servanda.planning.sheets import apply_undo
from servanda.planning.sheets.actions import ACTION, BUDGET, CURRENCY, STATUS, decide_actions
from servanda.planning.sheets.assignments import DUE, LEAD, RESPONSIBLE, SUPPORTING, DueDate, decide_institutions
from servanda.planning.sheets.decisions import CellOutcomes
from servanda.planning.sheets.existing import Importing, Register
from servanda.planning.sheets.indicators import INDICATOR, VALUE, decide_indicators
from servanda.planning.sheets.institutions import Directory
from servanda.planning.sheets.meanings import propose_status
from servanda.planning.sheets.plans import PLAN, plan_choices, propose_plan
from servanda.planning.sheets.writing import write_orders

AT_ONCE = 500
COLUMNS = (LEAD, SUPPORTING, RESPONSIBLE, DUE, ACTION, STATUS, BUDGET, CURRENCY, PLAN, INDICATOR, VALUE)
HEADERS = {
    LEAD: ("lead", "lead institution", "lead agency", "lead ministry", "lead department", "lead body",
        "lead entity", "responsible institution",
        "responsible ministry", "responsible agency", "responsible entity", "structure responsable",
        "structure chef de file", "institution responsable", "ministere responsable", "entidad responsable",
        "ministerio responsable", "organo responsable", "entidade responsavel", "orgao responsavel",
        "ministerio responsavel", "الجهة المكلفة", "القطاع المسؤول", "chef de file", "institution chef de file",
           "responsable principal", "institucion lider", "institucion responsable", "instituicao lider",
           "instituicao responsavel", "responsable", "responsavel", "institucion principal",
           "entidade coordenadora", "الجهة الرئيسية", "الجهة القائدة", "المؤسسة القائدة",
           "الجهة الرائدة"),
    SUPPORTING: ("supporting", "support", "other institutions", "partner institutions", "supporting agencies",
        "structures associees",
        "structures partenaires", "autres structures", "autres institutions", "otras instituciones",
        "instituciones participantes", "entidades participantes", "outras entidades", "outras instituicoes",
        "entidades envolvidas", "entidades parceiras", "جهات أخرى", "الجهات المشاركة", "appui", "en appui",
        "soutien", "apoyo", "apoio", "supporting institutions",
                 "partners", "partenaires", "institutions partenaires", "institutions associees", "socios",
                 "instituciones de apoyo", "instituicoes de apoio", "parceiros", "الجهات الداعمة", "الشركاء",
                 "المؤسسات الشريكة"),
    RESPONSIBLE: ("responsible", "responsible institutions", "responsible bodies", "responsible ministries",
                  "responsible", "organismes responsables", "organisme responsable", "organismes_responsables",
                  "responsables", "departements concernes", "instituciones responsables", "entidades responsables",
                  "instituicoes responsaveis", "orgaos responsaveis", "الجهات المسؤولة", "المؤسسات المسؤولة",
                  "القطاعات المعنية", "الجهة المسؤولة"),
    DUE: ("due", "due date", "by when", "timeline", "completion date", "date d echeance",
        "date butoir", "fecha de vencimiento", "fecha de cumplimiento", "data de conclusao",
        "الأجل المحدد", "due on", "deadline", "target date", "echeance", "date limite", "delai", "fecha limite",
          "plazo de cumplimiento", "vencimiento", "data limite", "prazo final", "تاريخ الاستحقاق", "الموعد النهائي",
          "أجل التنفيذ", "تاريخ الإنجاز"),
    ACTION: ("actions", "planned action", "planned actions", "actions planned", "action to be taken",
        "actions to be taken", "planned measures",
        "actions a mener", "activites", "activites prevues", "actividades",
        "medidas previstas", "atividades", "الإجراءات المبرمجة", "التدابير المبرمجة", "activity", "activities",
        "mesures prevues",
             "actions prevues", "acciones", "accion", "acciones previstas", "acoes", "acao", "acoes previstas",
             "الإجراءات", "الإجراء", "التدابير المبرمجة", "الأنشطة"),
    STATUS: ("status of the action", "action status", "etat de l action", "statut de l action",
             "estado de la accion", "estado da acao", "حالة الإجراء"),
    BUDGET: ("budget", "cost", "cout", "presupuesto", "costo", "orcamento", "custo", "الميزانية", "الكلفة",
             "التكلفة"),
    CURRENCY: ("currency", "devise", "monnaie", "moneda", "moeda", "العملة"),
    PLAN: ("plan", "action plan", "plan d action", "plan de accion", "plano", "plano de acao", "خطة العمل",
        "الخطة"),
    INDICATOR: ("indicator", "indicators", "indicateur", "indicateurs", "indicador", "indicadores", "المؤشر",
                "المؤشرات"),
    VALUE: ("indicator value", "value of the indicator", "valeur", "valeur de l indicateur", "valor",
            "valor del indicador", "valor do indicador", "القيمة", "قيمة المؤشر"),
}  # fmt: skip


def institution_columns() -> list[Column]:
    directory = Directory()  # shared by all columns; reads names on first use

    def in_workbook(context: SheetContext) -> Directory:
        """The same with the institutions that another sheet of the workbook lists."""
        return context.memory.setdefault("directory", Directory(context)) if context.listed else directory

    def split(printed: str, context: SheetContext) -> list[str]:
        return in_workbook(context).split(printed)

    def is_answered(printed: str, context: SheetContext) -> bool:
        return in_workbook(context).is_listed(printed)

    def column(code: str, label: Promise) -> Column:
        return Column(
            code,
            label,
            HEADERS[code],
            directory.choices,
            directory.propose,
            is_list=True,
            split=split,
            is_answered=is_answered,
            creates=_("Create an institution for each value that is “Not imported”"),
            fills_down=True,
        )

    return [
        column(LEAD, _("Lead institution")),
        column(SUPPORTING, _("Supporting institutions")),
        column(RESPONSIBLE, _("Responsible institutions, without a lead")),
    ]


class PlanningColumns:
    """The columns of planning: institutions, due dates, actions, indicators."""

    code = "planning"

    def columns(self) -> Sequence[Column]:
        return [
            *institution_columns(),
            Column(DUE, _("Due date"), HEADERS[DUE]),
            Column(ACTION, _("Actions"), HEADERS[ACTION], is_list=True),
            Column(
                STATUS,
                _("Status of the action"),
                HEADERS[STATUS],
                choices=statuses,
                propose=propose_status,
                is_list=True,
            ),
            Column(BUDGET, _("Budget of the action"), HEADERS[BUDGET], is_list=True),
            Column(CURRENCY, _("Currency of the budget"), HEADERS[CURRENCY]),
            Column(
                PLAN,
                _("Plan of the action"),
                HEADERS[PLAN],
                choices=plan_choices,
                propose=propose_plan,
                creates=_("Create a plan for each value that is “Not imported”"),
            ),
            Column(INDICATOR, _("Indicators"), HEADERS[INDICATOR], is_list=True),
            Column(VALUE, _("Values of the indicators"), HEADERS[VALUE], is_list=True),
        ]

    def judge(self, rows: Sequence[SheetRow], context: SheetContext) -> list[Cell]:
        register = Register(rows, Importing.of(context))
        return [cell for row in rows for cell in decide(row, register)]

    def write(self, rows: Sequence[SheetRow], context: SheetContext) -> None:
        context.memory.pop(self.code, None)
        for some in batched(rows, AT_ONCE):
            self.judge(some, context)
        write_orders(Importing.of(context).orders, batch=context.batch, by=context.by)

    def why_not_undone(self, batch: Batch) -> list[str]:
        return apply_undo.why_not_undone(batch)

    def undo(self, batch: Batch, *, by: User | None) -> None:
        apply_undo.undo(batch, by=by)


def decide(row: SheetRow, register: Register) -> list[Cell]:
    """Decide what becomes of each cell of a row; what is to be written is added to the orders of the import."""
    if not any(row.says(column) for column in COLUMNS):
        return []
    outcomes = CellOutcomes()
    due = DueDate(row, outcomes[DUE])
    lead, supporting = decide_institutions(row, outcomes, due, register)
    decide_actions(row, outcomes, due, register, lead=lead, supporting=supporting)
    decide_indicators(row, outcomes, register)
    due.finish()
    return outcomes.cells(row, COLUMNS)


def statuses() -> Choices:
    return [(code, str(label)) for code, label in Action.Status.choices]
