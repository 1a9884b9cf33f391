"""Which plan a value of a sheet means: one of the register, or one that the import creates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify

from servanda.intake.columns.kinds import CREATE, NOT_CHOSEN, Choices, SheetContext, folded, not_known
from servanda.intake.models import Batch
from servanda.kit.database.sentences import gettext as _
from servanda.people.models import User
from servanda.planning.models import BroughtPlan, Plan
from servanda.planning.plans.services import PlanValues, add_plan, mark
from servanda.planning.sheets.listed_institutions import numbered_code

PLAN = "plan"
LONGEST_NAME = 200
LONGEST_CODE = 40


@dataclass(frozen=True, slots=True)
class NewPlan:
    """A plan that the import creates, once for all spellings of its name."""

    key: str
    name: str


class Plans:
    """The plans of the register, and those that the rows read so far will create."""

    def __init__(self) -> None:
        self.of_code: dict[str, Plan] = {plan.code: plan for plan in Plan.objects.all()}
        self.new: dict[str, NewPlan] = {}

    def meant(self, printed: str, context: SheetContext) -> tuple[int | NewPlan | None, str]:
        """The plan or None, and the sentence for its cell."""
        meaning = context.meaning(PLAN, printed)
        if meaning == "":
            return None, NOT_CHOSEN % {"value": printed}
        if meaning == CREATE:
            return self._new(printed)
        code = self._called(printed) if meaning is None else meaning
        plan = self.of_code.get(code)
        return (plan.pk, "") if plan else (None, not_known(printed))

    def _called(self, printed: str) -> str:
        return propose_plan(printed, [(code, name) for code, plan in self.of_code.items() for name in names_of(plan)])

    def _new(self, printed: str) -> tuple[int | NewPlan | None, str]:
        if code := self._called(printed):
            return self.of_code[code].pk, ""
        if len(printed) > LONGEST_NAME:
            return None, _("The name of the plan is longer than 200 characters. Shorten it in the file.")
        key = folded(printed)
        if not key:
            return None, _("“%(name)s” cannot be used as the name of a plan. Correct it in the file.") % {
                "name": printed
            }
        plan = self.new.setdefault(key, NewPlan(key, printed))
        return plan, _("The plan “%(name)s” is created.") % {"name": plan.name}


def names_of(plan: Plan) -> set[str]:
    data = getattr(plan.name, "data", plan.name)
    return {str(name) for name in data.values()} if isinstance(data, dict) else {str(plan.name)}


def propose_plan(printed: str, choices: Choices) -> str:
    """The plan with this abbreviation or name; names are in the reader's language."""
    key = folded(printed)
    codes = {code for code, label in choices if code != CREATE and key in (folded(code), folded(label))}
    return codes.pop() if len(codes) == 1 else ""


def plan_choices() -> Choices:
    return [*((plan.code, str(plan.name)) for plan in Plan.objects.all()), (CREATE, _("Create as a new plan"))]


def create_plans(wanted: Sequence[NewPlan], *, batch: Batch, by: User | None) -> Mapping[NewPlan, Plan]:
    """Create internal plans without dates; people who manage plans complete and publish them."""
    taken = {code.casefold() for code in Plan.objects.values_list("code", flat=True)} if wanted else set()
    made = {
        plan: add_plan(values=PlanValues(code=free_code(plan.name, taken), name=plan.name), by=by)
        for plan in dict.fromkeys(wanted)
    }
    BroughtPlan.objects.bulk_create(BroughtPlan(batch=batch, plan=plan, mark=mark(plan)) for plan in made.values())
    return made


def free_code(name: str, taken: set[str]) -> str:
    """An abbreviation that no other plan has."""
    stem = slugify(name)[: LONGEST_CODE - 10].strip("-")
    if not any(map(str.isalpha, stem)):  # of "الخطة الوطنية 2024-2028" only the years are left
        stem = f"{PLAN}-{stem}".strip("-")
    return numbered_code(stem, taken)
