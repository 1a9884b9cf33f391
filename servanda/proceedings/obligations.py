"""The deadline of a proceeding as an obligation of the State, so that it is in lists, calendars, feeds and reminders.
The proceeding is authoritative: the obligation follows each of its changes, is restricted to the mechanism and the
institutions named, and is never edited or published itself.
"""

from collections.abc import Mapping
from datetime import date
from itertools import count

from django.utils import timezone

from servanda.people.models import User
from servanda.people.versioning import attribute
from servanda.proceedings.document_terms import term_of
from servanda.proceedings.models import CaseFacts, Draft, Proceeding, StateReply
from servanda.sources.models import Obligation, ObligationStep
from servanda.sources.obligations.suspensions import day_after_suspensions
from servanda.vocab.models import Body, Certainty, Force, ObligationKind, ObligationRule

State, Trigger = Obligation.State, ObligationRule.Trigger
STATES: dict[str, str] = {"shared": State.IN_PREPARATION, "cleared": State.CLEARED, "closed": State.CLOSED}
# What a deadline that follows a proceeding has from it.
FOLLOWED = (
    *("body", "kind", "rule", "title", "clock_on", "due_on", "certainty", "day_from", "force", "state"),
    *("is_derived", "confidentiality", "is_published", "withdrawn_at", "withdrawn_reason"),
)
REFERRED = ("referral", "follow-up-closed")  # entries in the course of a case after which nothing is referred
ORIGINS: dict[str, str] = {
    StateReply.DueFrom.LETTER: Obligation.DayFrom.DOCUMENT,
    StateReply.DueFrom.RULE: Obligation.DayFrom.RULE,
    StateReply.DueFrom.ESTIMATE: Obligation.DayFrom.RULE,
    StateReply.DueFrom.EXTENDED: Obligation.DayFrom.EXTENSION,
    StateReply.DueFrom.MANUAL: Obligation.DayFrom.HAND,
}


def follow_proceeding(proceeding: Proceeding, *, by: User | None) -> None:
    """Bring the obligations in line with a locked proceeding: those of earlier submissions and that of the next. It
    has one as soon as a body is named; a visit or a dialogue, once it has a deadline."""
    if (body := proceeding.bodies.order_by("order", "code").first()) is None:
        return
    for earlier in proceeding.earlier.select_related("obligation"):
        if earlier.obligation is not None:
            follow(earlier.obligation, {"body": body, **values_of(proceeding, earlier)}, by=by)
            drop_unnamed(proceeding, earlier.obligation)
    if proceeding.kind_facts.referral:
        follow_referral(proceeding, body, by=by)
    if proceeding.kind_facts.pages and proceeding.due_on is None and proceeding.obligation is None:
        return
    obligation = proceeding.obligation or Obligation(code=free_code(proceeding))
    is_new = obligation.pk is None
    values = {"body": body, "clock_on": clock_of(proceeding), **values_of(proceeding, proceeding)}
    follow(obligation, values, by=by)
    if is_new:
        proceeding.obligation = obligation
        Proceeding.objects.filter(pk=proceeding.pk).update(obligation=obligation)
    follow_answers(proceeding)


def follow_referral(proceeding: Proceeding, body: Body, *, by: User | None) -> None:
    """The time limit for the referral of a case to a court, once its clock has started: with its suspensions."""
    case, rule = proceeding.case, ObligationRule.objects.in_place_of(proceeding.kind_facts.referral).first()
    start = proceeding.starts().get(rule.trigger) if rule else None
    if rule is None or (start is None and case.referral is None):
        return
    obligation = case.referral or Obligation(code=free_code(proceeding))
    day = rule.day_after(start) if start else None
    certainty = rule.certainty if day else Certainty.TO_BE_COMMUNICATED
    due_on, certainty, day_from = day_after_suspensions(obligation, day, certainty)
    is_over = proceeding.is_closed or proceeding.entries.filter(type__in=REFERRED).exists()
    values = {
        **in_common(proceeding),
        "body": body,
        "kind": rule.kind,
        "rule": rule,
        "force": rule.force,
        "clock_on": start,
        "due_on": due_on,
        "certainty": certainty,
        "day_from": day_from,
        "state": State.CLOSED if is_over else State.OPEN,
    }
    follow(obligation, values, by=by)
    if case.referral is None:
        case.referral = obligation
        CaseFacts.objects.filter(pk=case.pk).update(referral=obligation)


def follow(obligation: Obligation, values: Mapping[str, object], *, by: User | None) -> None:
    is_new = obligation.pk is None
    if not is_new and all(getattr(obligation, name) == value for name, value in values.items()):
        return
    for name, value in values.items():
        setattr(obligation, name, value)
    obligation.version += 0 if is_new else 1
    attribute(obligation, by=by, reason="proceeding-followed")
    obligation.save()


def free_code(proceeding: Proceeding) -> str:
    """The random part of its key, with a number added for each later submission, even one that was undone."""
    code = first = f"C-{proceeding.key.hex[:10].upper()}"
    for number in count(2):
        if not Obligation.objects.filter(code=code).exists():
            break
        code = f"{first}-{number}"
    return code


def drop_unnamed(proceeding: Proceeding, obligation: Obligation) -> None:
    """An institution that is no longer named sees nothing of earlier submissions either."""
    obligation.steps.exclude(institution__in=proceeding.named.order_by().values("institution")).delete()


def values_of(proceeding: Proceeding, reply: StateReply) -> dict[str, object]:
    rule, origin = proceeding.rule(), origin_of(proceeding, reply)
    return in_common(proceeding) | {
        "kind": kind_of(proceeding, rule),
        "rule": rule if origin == Obligation.DayFrom.RULE else None,
        "due_on": reply.due_on,
        "certainty": certainty_of(reply, rule),
        "day_from": origin,
        "force": rule.force if rule else Force.REQUESTED,
        "state": state_of(proceeding, reply),
    }


def origin_of(proceeding: Proceeding, reply: StateReply) -> str:
    """A day that is computed follows from the document where that sets the term."""
    if reply.due_from in Proceeding.BY_RULE and term_of(proceeding) is not None:
        return Obligation.DayFrom.DOCUMENT
    return ORIGINS.get(reply.due_from, Obligation.DayFrom.DOCUMENT)


def in_common(proceeding: Proceeding) -> dict[str, object]:
    """Nothing confidential but the reference: calendars are read in programs outside the system."""
    return {
        "is_derived": True,
        "title": proceeding.reference,
        "confidentiality": Obligation.Confidentiality.RESTRICTED,
        "is_published": False,
        "withdrawn_at": proceeding.withdrawn_at,
        "withdrawn_reason": proceeding.withdrawn_reason,
    }


def clock_of(proceeding: Proceeding) -> date | None:
    """The day on which the clock of the first deadline started; that of a later one starts with what it answers."""
    if proceeding.is_later:
        return None
    rule = proceeding.rule()
    return (proceeding.starts().get(rule.trigger) if rule else None) or proceeding.sent_on


def certainty_of(reply: StateReply, rule: ObligationRule | None) -> str:
    """A deadline that is counted from a letter is not to be communicated: a person has to enter the date of it."""
    if reply.due_on is None:
        is_counted = rule is not None and rule.trigger in (Trigger.LETTER, Trigger.RECEIPT)
        return Certainty.ESTIMATE if is_counted else Certainty.TO_BE_COMMUNICATED
    return Certainty.ESTIMATE if reply.due_from == StateReply.DueFrom.ESTIMATE else Certainty.FIXED


def kind_of(proceeding: Proceeding, rule: ObligationRule | None) -> str:
    if proceeding.kind_facts.is_case:
        return rule.kind if rule else ObligationKind.COMPLIANCE
    if proceeding.kind_facts.is_dialogue:
        return ObligationKind.WRITTEN_RESPONSE
    return ObligationKind.COMMENTS if proceeding.kind_facts.is_visit else ObligationKind.REPLY


def state_of(proceeding: Proceeding, reply: StateReply) -> str:
    if reply.replied_on and not proceeding.is_closed:
        return State.SUBMITTED
    return STATES.get(proceeding.step, State.OPEN)


def follow_answers(proceeding: Proceeding) -> None:
    """A step for each institution named, by its internal deadline; done once it has submitted its answer."""
    obligation = proceeding.obligation
    if obligation is None:
        return
    present = {step.institution_id: step for step in obligation.steps.all()}
    answered = set(
        proceeding.drafts.current().exclude(state__in=Draft.EDITABLE).values_list("institution", flat=True)
    )
    named = list(proceeding.named.select_related("institution"))
    obligation.steps.exclude(institution__in=[row.institution_id for row in named]).delete()
    for row in named:
        step = present.get(row.institution_id) or ObligationStep(obligation=obligation, institution=row.institution)
        step.title, step.due_on = f"{proceeding.reference} · {row.institution.code}", row.due_on
        if (step.done_on is not None) != (row.institution_id in answered):
            step.done_on = timezone.localdate() if row.institution_id in answered else None
        step.save()
