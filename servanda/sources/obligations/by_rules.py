"""What the rules of a body make due once their clocks start: a preview, its addition in one step, and the undo."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.sources.models import Obligation, TreatyStatus
from servanda.sources.obligations.replaced import move_deadline, restore_deadlines, why_not_restored
from servanda.sources.obligations.services import create_obligation
from servanda.sources.obligations.values import (
    DayFrom,
    ObligationValues,
    lock_obligation,
    refuse_before_treaty,
    refuse_without_permission,
)
from servanda.trail.models import Event
from servanda.vocab.models import Body, Certainty, ObligationKind, ObligationRule

SHAPE = "obligation-rules"
Trigger = ObligationRule.Trigger
SESSIONS = (Trigger.SESSION, Trigger.ADOPTION, Trigger.REVIEW)
SLIP = timedelta(days=366)  # a session further away is that of another cycle
REPORTS = (ObligationKind.INITIAL_REPORT, ObligationKind.PERIODIC_REPORT, ObligationKind.LOIPR)


@dataclass(frozen=True, slots=True)
class Proposal:
    """One obligation that a rule makes due, and the same one where it is in the list already; `moved` is one that the
    rule has computed from another day of the same session."""

    rule: ObligationRule
    clock_on: date | None
    due_on: date | None
    present: Obligation | None
    moved: Obligation | None = None
    is_replied: bool = False  # by the replies to a list of issues prior to reporting, which are proposed too

    @property
    def certainty(self) -> str:
        return self.rule.certainty if self.due_on else Certainty.TO_BE_COMMUNICATED

    @property
    def certainty_label(self) -> str:
        return str(Certainty(self.certainty).label)

    def is_wanted(self, *, on: date) -> bool:
        """Whether it is selected at first: not in the list yet, not twice, and its deadline has not passed."""
        return self.present is None and not self.is_replied and (self.due_on is None or self.due_on >= on)


def rules_of(body: Body) -> list[ObligationRule]:
    """The rules of this body that a start makes due. What only a document sets is entered with that document. A State
    that opted out of simplified reporting owes its report, and no replies to a list of issues prior to reporting."""
    rules = ObligationRule.objects.in_force().filter(body=body).exclude(trigger=Trigger.DOCUMENT)
    reported = opted_out(body).order_by().values("instrument")
    return list(
        rules.exclude(kind=ObligationKind.LOIPR, instrument__in=reported).select_related("instrument", "body")
    )


def opted_out(body: Body) -> QuerySet[TreatyStatus]:
    """The treaties of this body under which the State reports by the traditional procedure."""
    return TreatyStatus.objects.filter(instrument__body=body, denounced_on=None, opted_out_on__isnull=False)


def bodies_with_rules() -> QuerySet[Body]:
    rules = ObligationRule.objects.in_force().exclude(trigger=Trigger.DOCUMENT).order_by()
    return Body.objects.filter(pk__in=rules.values("body"))


def triggers_of(rules: Collection[ObligationRule]) -> list[str]:
    """What starts the clocks of these rules, except for what the body communicates."""
    return list(dict.fromkeys(rule.trigger for rule in rules if rule.trigger != Trigger.BODY))


def usual_starts(body: Body, rules: Collection[ObligationRule]) -> dict[str, date]:
    """Days that are known already: the entry into force of the treaty, and the deadline of the last report."""
    starts: dict[str, date] = {}
    instruments = {rule.instrument_id for rule in rules if rule.trigger == Trigger.ENTRY_INTO_FORCE}
    statuses = TreatyStatus.objects.filter(instrument__in=instruments - {None}, denounced_on=None)
    if len(instruments) == 1 and (status := statuses.first()) and status.in_force_on:
        starts[Trigger.ENTRY_INTO_FORCE] = status.in_force_on
    reports = Obligation.objects.kept().filter(body=body, kind__in=REPORTS).exclude(due_on=None)
    if (last := reports.order_by("-due_on").first()) and last.due_on:
        starts[Trigger.PREVIOUS_DEADLINE] = last.due_on
    return starts


def propose(rules: Collection[ObligationRule], starts: Mapping[str, date]) -> list[Proposal]:
    """The obligations that follow from these rules if their clocks start on these dates.

    Without a previous deadline, the periodic report follows the initial one. Raises `FieldRefused` for a start
    before the instrument itself was in force.
    """
    for rule in rules:
        refuse_before_treaty(rule.trigger, starts.get(rule.trigger), rule.instrument)
    first = next((rule for rule in rules if rule.kind == ObligationKind.INITIAL_REPORT), None)
    chained = dict(starts)
    if Trigger.PREVIOUS_DEADLINE not in starts and first and first.trigger in starts:
        chained |= {Trigger.PREVIOUS_DEADLINE: day} if (day := first.day_after(starts[first.trigger])) else {}
    present = present_of(rules)
    proposals = []
    for rule in rules:
        start = chained.get(rule.trigger)
        if start is None and rule.trigger != Trigger.BODY:
            continue
        due_on = rule.day_after(start) if start else None
        same = [row for row in present if is_what_it_proposes(row, rule, start, due_on)]
        moved = None if same else slipped(present, rule, start)
        proposals.append(Proposal(rule, start, due_on, same[0] if same else None, moved))
    return mark_replied(proposals)


def mark_replied(proposals: list[Proposal]) -> list[Proposal]:
    """Replies to a list of issues prior to reporting are the report: the periodic one beside them is the same."""
    replied = {row.rule.instrument_id for row in proposals if row.rule.kind == ObligationKind.LOIPR}
    periodic = ObligationKind.PERIODIC_REPORT
    return [
        replace(row, is_replied=row.rule.kind == periodic and row.rule.instrument_id in replied) for row in proposals
    ]


def present_of(rules: Collection[ObligationRule]) -> list[Obligation]:
    """Those that may be what these rules propose."""
    bodies, kinds = {rule.body_id for rule in rules}, {rule.kind for rule in rules}
    kept = Obligation.objects.kept().filter(body__in=bodies, kind__in=kinds)
    return list(kept.select_related("rule").order_by("pk"))


def is_what_it_proposes(
    obligation: Obligation, rule: ObligationRule, start: date | None, due_on: date | None
) -> bool:
    """Whether this rule, or the one that it replaces or is replaced by, added it from the same start; or whether it
    is due to the same body on the same day, wherever that day comes from."""
    if (obligation.body_id, obligation.kind) != (rule.body_id, rule.kind):
        return False
    is_of_rule = obligation.rule is not None and subject_of(obligation.rule) == subject_of(rule)
    if is_of_rule and start is not None and obligation.clock_on == start:
        return True
    is_of_treaty = None in (obligation.instrument_id, rule.instrument_id) or (
        obligation.instrument_id == rule.instrument_id
    )
    return is_of_treaty and obligation.due_on == due_on


def slipped(present: Collection[Obligation], rule: ObligationRule, start: date | None) -> Obligation | None:
    """The unsubmitted obligation computed from the former date of a session, nearest to the new date."""
    if start is None or rule.trigger not in SESSIONS:
        return None
    near = [
        (abs(row.clock_on - start), row.pk, row)
        for row in present
        if is_open_by_rule(row, rule) and row.clock_on is not None and abs(row.clock_on - start) <= SLIP
    ]
    return min(near, default=(None, None, None))[2]


def is_open_by_rule(obligation: Obligation, rule: ObligationRule) -> bool:
    is_open = obligation.state in Obligation.STILL_DUE and not obligation.is_derived
    if obligation.rule is None or obligation.day_from != DayFrom.RULE:
        return False
    return is_open and subject_of(obligation.rule) == subject_of(rule)


def subject_of(rule: ObligationRule) -> int:
    """The subject of a rule: that of the shipped rule which it replaces, if any."""
    return rule.replaces_id or rule.pk


@transaction.atomic
def add_by_rules(*, body: Body, starts: Mapping[str, date], chosen: Collection[str], by: User) -> Batch:
    """Add the chosen proposals, given by the code of their rule, in one step that can be undone. Where a session has
    slipped, the deadline that is there moves.

    Raises `Refused` if none is chosen or one is no longer proposed, and `FieldRefused` for an impossible start.
    """
    refuse_without_permission(by)
    proposals = {proposal.rule.code: proposal for proposal in propose(rules_of(body), starts)}
    if not chosen:
        raise Refused(_("Select at least one obligation."))
    if missing := [code for code in chosen if code not in proposals or proposals[code].present]:
        sentence = _("No longer proposed, or already added: %(codes)s. Check the list again.")
        raise Refused(sentence % {"codes": ", ".join(sorted(missing))})
    batch = Batch.objects.create(
        shape=SHAPE, name=body.code, state=Batch.State.APPLIED, applied_at=timezone.now(), created_by=by
    )
    rows = [proposals[code] for code in chosen]
    moved = [move(row, row.moved, batch=batch, by=by) for row in rows if row.moved]
    added = [add(row, body, batch=batch, by=by) for row in rows if row.moved is None]
    difference = {"obligations": ["", ", ".join(obligation.code for obligation in added)]}
    if moved:
        difference["moved"] = ["", ", ".join(moved)]
    Event.record("obligations-added-by-rules", batch, by=by, difference=difference, label=body.code)
    return batch


def add(proposal: Proposal, body: Body, *, batch: Batch, by: User) -> Obligation:
    """Its history says by which rule it was added, what started the clock and when, and the day that follows."""
    added, rule = create_obligation(values_of(proposal, body), by=by, batch=batch), proposal.rule
    values = {"rule": rule.code, "trigger": rule.trigger, "time": rule.time_of_clock}
    days = {name: str(getattr(added, name) or "") for name in ("clock_on", "due_on", "certainty")}
    difference = {name: ["", value] for name, value in (values | days).items() if value}
    Event.record("obligation-added-by-rule", added, by=by, difference=difference)
    return added


def move(proposal: Proposal, obligation: Obligation, *, batch: Batch, by: User) -> str:
    """Move the deadline; returns the reference. Raises `ChangedMeanwhile` if it was changed since it was proposed."""
    locked = lock_obligation(obligation, by=by, seen=obligation.version)
    move_deadline(
        locked,
        clock_on=proposal.clock_on,
        due_on=proposal.due_on,
        certainty=proposal.certainty,
        batch=batch,
        by=by,
    )
    return locked.code


def values_of(proposal: Proposal, body: Body) -> ObligationValues:
    rule = proposal.rule
    return ObligationValues(
        body=body,
        kind=rule.kind,
        instrument=rule.instrument,
        rule=rule,
        clock_on=proposal.clock_on,
        due_on=proposal.due_on,
        certainty=proposal.certainty,
        day_from=DayFrom.RULE,
        force=rule.force,
        word_limit=rule.word_limit,
    )


@transaction.atomic
def undo_rules(*, batch: Batch, by: User) -> int:
    """Remove what was added in this step, restore what it moved, and return how many.

    Raises `Refused` if it was undone already, or if one of the obligations was changed since.
    """
    refuse_without_permission(by)
    batch = Batch.objects.select_for_update().get(pk=batch.pk, shape=SHAPE)
    if batch.state != Batch.State.APPLIED:
        raise Refused(_("This has already been undone."))
    added = Obligation.objects.filter(added_by=batch)
    if changed := (added.filter(version__gt=1) | added.with_parts()).values_list("code", flat=True):
        sentence = _("Changed since: %(codes)s. Withdraw the others one by one.")
        raise Refused(sentence % {"codes": ", ".join(changed)})
    if sentence := why_not_restored(batch):
        raise Refused(sentence)
    batch.state = Batch.State.UNDONE
    batch.save(update_fields=["state"])
    restored = restore_deadlines(batch, by=by)
    difference = {"obligations": [", ".join(added.values_list("code", flat=True)), ""]}
    Event.record("obligations-by-rules-undone", batch, by=by, difference=difference, label=batch.name)
    return added.count() + restored
