"""Updates: write, submit, approve, publish, return and withdraw. `permissions.py` decides who may."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can
from servanda.people.models import Instance, Institution, User
from servanda.people.versioning import refuse_if_changed
from servanda.planning.models import Action
from servanda.progress.models import Grade, InputRequest, Update
from servanda.progress.updates.coverage import (
    linked_to,
    open_request,
    records_of,
    refuse_answer,
    settle_items,
)
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.progress.updates.linking import link
from servanda.progress.updates.permissions import (
    create_once,
    refuse_closed,
    refuse_foreign,
    refuse_mixed,
    refuse_odd_days,
    refuse_unless_appointed,
    refuse_unless_in_scope,
    refuse_unnamed,
    refuse_unready,
    those_who_may,
)
from servanda.progress.updates.separation import (
    is_validated_apart,
    refuse,
    roles_before,
    why_not_publish,
    why_not_validate,
    writers_of,
)
from servanda.progress.updates.transitions import (
    Kind,
    State,
    lock,
    move,
    notify_of,
    pass_on,
    publish,
    refuse_unless,
    refuse_unless_coordinator,
    trail_label,
    writer_of,
)
from servanda.recommendations.models import Recommendation
from servanda.sources.models import Question
from servanda.sources.printed.reasons import required_reason
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event


@transaction.atomic
def start_update(
    *,
    institution: Institution,
    recommendations: Sequence[Recommendation],
    by: User,
    request: InputRequest | None = None,
    question: Question | None = None,
    form_key: UUID | None = None,
) -> Update:
    """Create a draft, seen by its institution only. `form_key` is that of the form: sent twice, it makes one draft.

    Raises `Refused` if this person may not write for the institution, if it is closed, or if a record or the question
    is not its own.
    """
    refuse_unless_appointed(by, Can.WRITE_UPDATE, institution, recommendations, question)
    refuse_closed(institution)
    refuse_foreign(institution, recommendations, by)
    fields: dict = {"institution": institution, "written_by": by, "request": request, "question": question}
    if question is not None:
        refuse_unnamed(institution, question)
    if request and request.round.period_start:
        fields |= {"start": request.round.period_start, "end": request.round.period_end}
    update, is_new = create_once(form_key, fields)
    if is_new and question is None:
        link(update, recommendations)
    if is_new:
        Event.record("update-started", update, by=by, label=trail_label(update))
    return update


@transaction.atomic
def save_update(
    *,
    update: Update,
    seen: int,
    text: str,
    obstacles: str,
    figures: str,
    language: str,
    start: date | None,
    end: date | None,
    recommendations: Sequence[Recommendation],
    actions: Sequence[Action],
    proposed_grade: Grade | None = None,
    by: User,
) -> Update:
    """Save a draft. `seen` is the version that the person was shown.

    Raises `ChangedMeanwhile` if another user has saved it since, and `Refused` if the person may not write it or the
    contents break a rule. Drafts are saved often, so the trail only records when another person takes one over.
    """
    update = lock(update)
    refuse_unless_in_scope(update, Can.WRITE_UPDATE, by)
    refuse_unless_appointed(by, Can.WRITE_UPDATE, update.institution, recommendations)
    refuse_unless(update, *Update.EDITABLE)
    if recommendations or actions:
        refuse_answer(update)
    fields: dict = {"text": clean(text), "obstacles": clean(obstacles), "figures": clean(figures)}
    fields |= {"language": language, "start": start, "end": end, "proposed_grade": proposed_grade}
    if is_saved(update, fields, recommendations, actions):
        return update
    sentence = _("Another user saved this update while you were editing. Compare the two versions, then save again.")
    refuse_if_changed(update.version, seen, sentence)
    refuse_odd_days(start, end)
    new = [record for record in recommendations if record.pk not in set(linked_to(update))]
    refuse_foreign(update.institution, new, by)
    refuse_mixed(recommendations)
    refuse_foreign_actions(update, actions, by)
    previous_writer, update.written_by = update.written_by, by
    for name, value in fields.items():
        setattr(update, name, value)
    update.version += 1
    update.save()
    link(update, recommendations)
    update.actions.set(actions)
    if previous_writer != by:
        update.earlier_writers.add(*[previous_writer] if previous_writer else [])
        Event.record("update-taken-over", update, by=by, label=trail_label(update))
    return update


@transaction.atomic
def submit_update(*, update: Update, by: User) -> Update:
    """Submit to the authority of the institution, skipping the steps that this instance does not require.

    Raises `Refused` if this person may not write for the institution, or if the update is incomplete.
    """
    update = lock(update)
    records = records_of(update)
    refuse_unless_in_scope(update, Can.WRITE_UPDATE, by)
    refuse_unless(update, *Update.EDITABLE)
    refuse_closed(update.institution)
    refuse_unready(update, records)
    if update.question is not None:
        refuse_unnamed(update.institution, update.question)
    update.request = update.request or open_request(update.institution, records, update.question)
    update.return_reason = ""
    move(update, State.SUBMITTED, by=by)
    update.evidence.update(is_submitted=True)
    if Instance.current().updates_need_validation:
        excluded = writers_of(update) if is_validated_apart(Instance.current()) else ()
        people = those_who_may(Can.VALIDATE_UPDATE, update, excluding=excluded)
        notify_of(update, Kind.UPDATE_SUBMITTED, people, by=by)
    else:
        pass_on(update, by=None)
    settle_items(update)
    difference = {"state": ["", update.state]}
    Event.record("update-submitted", update, by=by, label=trail_label(update), difference=difference)
    return update


@transaction.atomic
def validate_update(*, update: Update, by: User) -> Update:
    """Approve in the name of the institution.

    Raises `Refused` for anyone except its validating authority, and for the writer where the steps are separated.
    """
    update = lock(update)
    refuse_unless_in_scope(update, Can.VALIDATE_UPDATE, by)
    refuse_unless(update, State.SUBMITTED)
    refuse(why_not_validate(update, by))
    difference = roles_before(update, by)
    pass_on(update, by=by)
    Event.record("update-validated", update, by=by, label=trail_label(update), difference=difference)
    return update


@transaction.atomic
def publish_update(*, update: Update, by: User) -> Update:
    """Show it to everyone who sees one of its records.

    Raises `Refused` for anyone except a coordinator, and for the writer or validator where the steps are separated.
    """
    update = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(update, State.VALIDATED)
    refuse(why_not_publish(update, by))
    refuse_unready(update, records_of(update))
    difference = roles_before(update, by)
    publish(update, by=by)
    Event.record("update-published", update, by=by, label=trail_label(update), difference=difference)
    return update


@transaction.atomic
def return_update(*, update: Update, reason: str, by: User) -> Update:
    """Return to the writer with a reason: the authority what is submitted, the coordinator what is validated.

    Raises `Refused` for anyone else, and without a reason.
    """
    update = lock(update)
    if update.state == State.VALIDATED:
        refuse_unless_coordinator(by)
    else:
        refuse_unless_in_scope(update, Can.VALIDATE_UPDATE, by)
    refuse_unless(update, State.SUBMITTED, State.VALIDATED)
    update.return_reason = required_reason(reason)
    move(update, State.RETURNED, by=by, reason=update.return_reason)
    settle_items(update)
    writers = [*writer_of(update), *(those_who_may(Can.WRITE_UPDATE, update) if update.on_behalf else [])]
    notify_of(update, Kind.UPDATE_RETURNED, writers, by=by)
    Event.record(
        "update-returned", update, by=by, label=trail_label(update), difference={"reason": ["", update.return_reason]}
    )
    return update


@transaction.atomic
def withdraw_update(*, update: Update, reason: str, by: User) -> Update:
    """Withdraw with a reason: its institution before validation, the coordinator afterwards.

    Raises `Refused` for anyone else, and without a reason.
    """
    update = lock(update)
    if update.state in [State.VALIDATED, State.PUBLISHED]:
        refuse_unless_coordinator(by)
    else:
        refuse_unless_in_scope(update, Can.WRITE_UPDATE, by)
    update.withdrawn_at, update.withdrawn_by, update.withdrawal_reason = timezone.now(), by, required_reason(reason)
    update.version += 1
    update.save()
    settle_items(update)
    if update.state == State.PUBLISHED:
        keep_last_updates(linked_to(update))
    if update.state != State.DRAFT:
        difference = {"reason": ["", update.withdrawal_reason]}
        Event.record("update-withdrawn", update, by=by, label=trail_label(update), difference=difference)
    else:
        Event.record("update-withdrawn", update, by=by, label=trail_label(update))
    return update


def refuse_foreign_actions(update: Update, actions: Sequence[Action], by: User) -> None:
    linked = set(update.actions.values_list("pk", flat=True))
    new = {action.pk for action in actions} - linked
    allowed = Action.objects.kept().in_scope_of(by, Can.WRITE_UPDATE).filter(pk__in=new)
    if allowed.count() < len(new):
        raise Refused(_("One of these actions does not belong to your institution. Remove it, then save again."))


def is_saved(
    update: Update, fields: dict, recommendations: Sequence[Recommendation], actions: Sequence[Action]
) -> bool:
    """Whether the form holds nothing new, as when it is sent twice."""
    return (
        all(getattr(update, name) == value for name, value in fields.items())
        and {record.pk for record in recommendations} == set(linked_to(update))
        and {action.pk for action in actions} == set(update.actions.values_list("pk", flat=True))
    )
