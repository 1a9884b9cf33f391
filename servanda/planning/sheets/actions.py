"""The actions that answer a record, as the columns of a sheet say: title, status, budget, plan."""

import re

from servanda.intake.columns.kinds import NOT_CHOSEN, SheetRow, folded, not_known
from servanda.kit.database.sentences import gettext as _
from servanda.planning.models import Action
from servanda.planning.sheets.assignments import DueDate
from servanda.planning.sheets.decisions import CellOutcome, CellOutcomes, NewAction
from servanda.planning.sheets.existing import AnyAction, Importing, Register
from servanda.planning.sheets.institutions import MeantInstitution
from servanda.planning.sheets.meanings import meaning_of
from servanda.planning.sheets.numbers import Amount, read_amount, read_currency
from servanda.planning.sheets.plans import PLAN, NewPlan
from servanda.sources.printed.texts import clean, clean_label

ACTION, STATUS, BUDGET, CURRENCY = "action", "action status", "budget", "currency"
DETAILS = (STATUS, BUDGET, CURRENCY, PLAN)
LONGEST_TITLE = 300
LIST_SIGN = re.compile(r"^(?:(?:\d{1,2}|[a-z])[.)]|[-–•*])\s+")  # of an item in a cell: "1. ", "a) ", "- "


def decide_actions(
    row: SheetRow,
    outcomes: CellOutcomes,
    due: DueDate,
    register: Register,
    *,
    lead: MeantInstitution | None,
    supporting: list[MeantInstitution],
) -> None:
    """Read the actions of a row. Each detail applies to all of them, or has one entry for each."""
    importing = register.importing
    titles = importing.context.entries(row.cells.get(ACTION, "")) if row.says(ACTION) else []
    if not titles or not importing.may_plan:
        leave_out(row, outcomes, may_plan=importing.may_plan)
        return
    plan = read_plan(row, outcomes[PLAN], importing)
    statuses = read_statuses(row, outcomes[STATUS], importing, len(titles))
    budgets = read_budgets(row, outcomes, importing, len(titles))
    for title, status, budget in zip(titles, statuses, budgets, strict=True):
        wanted = new_action(title, row, outcomes[ACTION])
        if wanted is None:
            continue
        wanted.plan, wanted.budget, wanted.due_on = plan, budget, due.day
        wanted.lead, wanted.supporting = lead, [institution for institution in supporting if institution != lead]
        decide_action(row, wanted, status, outcomes, due, register)
    for column in DETAILS:
        outcome = outcomes[column]
        if row.says(column) and not (outcome.imported or outcome.unchanged or outcome.reasons):
            is_currency = column == CURRENCY
            reason = _("The budget is not imported.") if is_currency else _("No action of this row is imported.")
            outcome.reasons.append(reason)


def leave_out(row: SheetRow, outcomes: CellOutcomes, *, may_plan: bool) -> None:
    reason = _("This row contains no action.")
    if not may_plan:
        reason = _("You do not have permission to add actions. Ask the coordinator to import this column.")
    for column in (ACTION, *DETAILS):
        if row.says(column):
            outcomes[column].reasons.append(reason)


def new_action(title: str, row: SheetRow, outcome: CellOutcome) -> NewAction | None:
    label = LIST_SIGN.sub("", clean_label(title))
    if not label:
        outcome.reasons.append(_("This cell contains no readable text."))
        return None
    if len(label) <= LONGEST_TITLE:
        return NewAction(label, "", row.where)
    outcome.notes.append(_("The title is longer than 300 characters: the whole text is kept as the description."))
    return NewAction(label[: LONGEST_TITLE - 1].rstrip() + "…", clean(title), row.where)


def decide_action(
    row: SheetRow, wanted: NewAction, status: str, outcomes: CellOutcomes, due: DueDate, register: Register
) -> None:
    importing = register.importing
    key = folded(wanted.title) or wanted.title, wanted.plan
    present: AnyAction | None = importing.earlier.actions.get(key) or importing.actions.get(key)
    if present is None:
        wanted.status = status or wanted.status
        if answer(row, wanted, outcomes[ACTION], register):
            importing.earlier.actions[key] = wanted
            importing.orders.actions.append(wanted)
            give_details(wanted, status, outcomes, due)
    elif answer(row, present, outcomes[ACTION], register):
        compare_details(present, wanted, status, outcomes, due)


def answer(row: SheetRow, action: AnyAction, outcome: CellOutcome, register: Register) -> bool:
    """Link the action to the record. Returns whether they are linked, now or before."""
    importing = register.importing
    pk = action.pk if isinstance(action, Action) else -id(action)
    if (row.record, pk) in register.answers or (row.about, pk) in importing.earlier.answers:
        outcome.unchanged += 1
        return True
    lead = importing.leads_of_actions.get(pk)
    if lead is None and isinstance(action, NewAction) and action.lead and action.lead.existing:
        lead = action.lead.existing.pk
    if lead and register.is_closed_to(row, lead):
        sentence = _(
            "The lead institution of “%(action)s” has no access to this record. Add it to the institutions with "
            "access on the record first."
        )
        outcome.reasons.append(sentence % {"action": action.title})
        return False
    if isinstance(action, Action):
        outcome.notes.append(
            _("%(code)s already exists and is now also linked to this record.") % {"code": action.code}
        )
    outcome.imported += 1
    importing.earlier.answers.add((row.about, pk))
    importing.orders.answers.append((row, action))
    return True


def give_details(wanted: NewAction, status: str, outcomes: CellOutcomes, due: DueDate) -> None:
    outcomes[STATUS].imported += bool(status)
    outcomes[BUDGET].imported += wanted.budget is not None
    outcomes[CURRENCY].imported += wanted.budget is not None
    outcomes[PLAN].imported += wanted.plan is not None
    due.give()


def compare_details(present: AnyAction, wanted: NewAction, status: str, outcomes: CellOutcomes, due: DueDate) -> None:
    """Report differences: a row never changes an action of the register or of an earlier row."""
    name = present.code if isinstance(present, Action) else present.where
    outcomes[PLAN].unchanged += wanted.plan is not None
    if status:
        compare(outcomes[STATUS], name, is_same=status == present.status)
    if wanted.budget:
        is_same = wanted.budget == budget_of(present)
        compare(outcomes[BUDGET], name, is_same=is_same)
        compare(outcomes[CURRENCY], name, is_same=is_same)
    due.compare(present.due_on, name)


def compare(outcome: CellOutcome, name: str, *, is_same: bool) -> None:
    if is_same:
        outcome.unchanged += 1
    else:
        outcome.reasons.append(_("This action has other data in %(name)s. Correct one of the two.") % {"name": name})


def budget_of(action: AnyAction) -> Amount | None:
    if isinstance(action, NewAction):
        return action.budget
    return None if action.budget is None else Amount(action.budget, action.currency)


def read_plan(row: SheetRow, outcome: CellOutcome, importing: Importing) -> int | NewPlan | None:
    if not (printed := row.says(PLAN)):
        return None
    plan, sentence = importing.plans.meant(printed, importing.context)
    (outcome.reasons if plan is None else outcome.notes).extend(filter(None, [sentence]))
    return plan


def read_statuses(row: SheetRow, outcome: CellOutcome, importing: Importing, number: int) -> list[str]:
    """The status of each action, "" where it has none."""
    statuses = []
    for printed in for_each(row, STATUS, importing, number, outcome):
        code = meaning_of(printed, STATUS, importing.context, known=Action.Status.values) if printed else ""
        if printed and code not in Action.Status.values:
            outcome.reasons.append(NOT_CHOSEN % {"value": printed} if code == "" else not_known(printed))
        statuses.append(code if code in Action.Status.values else "")
    return statuses


def read_budgets(row: SheetRow, outcomes: CellOutcomes, importing: Importing, number: int) -> list[Amount | None]:
    """The budget of each action. One sum for several actions is left out, since no one knows how to split it."""
    nothing: list[Amount | None] = [None] * number
    printed = row.says(CURRENCY)
    currency = read_currency(printed)
    if printed and not currency:
        outcomes[CURRENCY].reasons.append(
            _("“%(value)s” is not a currency. Enter an ISO code, for example EUR.") % {"value": printed}
        )
    if not row.says(BUDGET):
        if printed and currency:
            outcomes[CURRENCY].reasons.append(_("This row has no budget."))
        return nothing
    entries = importing.context.entries(row.cells[BUDGET])
    if len(entries) != number:
        sentence = _("The number of budgets differs from the number of actions. Enter one for each action.")
        outcomes[BUDGET].reasons.append(sentence)
        return nothing
    currency = currency or ("" if printed else importing.currency_of_header)
    return [read_budget(entry, currency, outcomes[BUDGET]) for entry in entries]


def read_budget(printed: str, currency: str, outcome: CellOutcome) -> Amount | None:
    amount = read_amount(printed)
    if amount is None:
        sentence = _("“%(value)s” is not an amount. Enter a number, for example 1 200 000.")
        outcome.reasons.append(sentence % {"value": printed})
        return None
    if amount.currency and currency and amount.currency != currency:
        outcome.reasons.append(_(
            "The budget is in %(one)s, but the currency column has %(other)s. Correct one of the two."
        ) % {
            "one": amount.currency, "other": currency,
        })  # fmt: skip
        return None
    if not (amount.currency or currency):
        outcome.reasons.append(_("This amount has no currency. Enter it next to the number or in a separate column."))
        return None
    return Amount(amount.number, amount.currency or currency)


def for_each(row: SheetRow, column: str, importing: Importing, number: int, outcome: CellOutcome) -> list[str]:
    """Entries for each action; a single entry applies to all."""
    if not row.says(column):
        return [""] * number
    entries = importing.context.entries(row.cells[column])
    if len(entries) == 1:
        return entries * number
    if len(entries) != number:
        outcome.reasons.append(
            _("The number of entries differs from the number of actions. Enter one for each action.")
        )
        return [""] * number
    return entries
