"""Updates: write, submit, validate, publish, return, withdraw, and who may do each."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.access import Can, can
from servanda.people.models import Instance, Institution, Notification, User
from servanda.people.notifications.services import notify
from servanda.people.versioning import refuse_if_changed
from servanda.planning.assignments.services import coordinators, may_read, required_reason
from servanda.planning.models import Action
from servanda.progress.models import Grade, InputItem, InputRequest, Update, UpdateRecommendation, UpdateStep
from servanda.progress.updates.coverage import covered_records, link_cluster, linked_to, records_of, settle_items
from servanda.progress.updates.last_updates import keep_last_updates
from servanda.progress.updates.permissions import (
    WRITERS,
    Function,
    appointed_to,
    create_once,
    refuse_closed,
    refuse_foreign,
    refuse_letter,
    refuse_mixed,
    refuse_odd_days,
    refuse_unless_appointed,
    refuse_unless_in_scope,
    refuse_unready,
)
from servanda.progress.updates.separation import (
    is_validated_apart,
    refuse,
    roles_before,
    why_not_publish,
    why_not_validate,
    writers_of,
)
from servanda.recommendations.models import Cluster, Recommendation
from servanda.sources.printed.texts import clean
from servanda.trail.models import Event

State, Kind = Update.State, Notification.Kind
CODES_NAMED = 5


@transaction.atomic
def start_update(
    *,
    institution: Institution,
    recommendations: Sequence[Recommendation],
    by: User,
    request: InputRequest | None = None,
    form_key: UUID | None = None,
) -> Update:
    """Create a draft, seen by its institution only. `form_key` is that of the form: sent twice, it makes one draft.

    Raises `Refused` if this person may not write for the institution, if it is closed, or if a record is not its own.
    """
    refuse_unless_appointed(by, Can.WRITE_UPDATE, institution, recommendations)
    refuse_closed(institution)
    refuse_foreign(institution, recommendations, by)
    fields: dict = {"institution": institution, "written_by": by, "request": request}
    if request and request.round.period_start:
        fields |= {"start": request.round.period_start, "end": request.round.period_end}
    update, is_new = create_once(form_key, fields)
    if is_new:
        link(update, recommendations)
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

    Raises `ChangedMeanwhile` if somebody else saved since, and `Refused` if the person may not write it or the
    contents break a rule. Drafts are saved often, so the trail only records when another person takes one over.
    """
    update = lock(update)
    refuse_unless_in_scope(update, Can.WRITE_UPDATE, by)
    refuse_unless_appointed(by, Can.WRITE_UPDATE, update.institution, recommendations)
    refuse_unless(update, *Update.EDITABLE)
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
    update.request = update.request or open_request(update.institution, records)
    update.return_reason = ""
    move(update, State.SUBMITTED, by=by)
    update.evidence.update(is_submitted=True)
    if Instance.current().updates_need_validation:
        excluded = writers_of(update) if is_validated_apart(Instance.current()) else ()
        people = appointed_to(update.institution, [Function.AUTHORITY], excluding=excluded)
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

    Raises `Refused` for anybody but its validating authority, and for the writer where the steps are separated.
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
    """Show it to everybody who sees one of its records.

    Raises `Refused` for anybody but a coordinator, and for the writer or validator where the steps are separated.
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

    Raises `Refused` for anybody else, and without a reason.
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
    writers = [update.written_by, *(appointed_to(update.institution, WRITERS) if update.on_behalf else [])]
    notify_of(update, Kind.UPDATE_RETURNED, writers, by=by)
    Event.record(
        "update-returned", update, by=by, label=trail_label(update), difference={"reason": ["", update.return_reason]}
    )
    return update


@transaction.atomic
def withdraw_update(*, update: Update, reason: str, by: User) -> Update:
    """Withdraw with a reason: its institution before validation, the coordinator afterwards.

    Raises `Refused` for anybody else, and without a reason.
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


@transaction.atomic
def enter_on_behalf(
    *,
    institution: Institution,
    recommendations: Sequence[Recommendation],
    letter: str,
    letter_date: date,
    text: str,
    obstacles: str,
    figures: str,
    language: str,
    start: date | None,
    end: date | None,
    by: User,
    request: InputRequest | None = None,
    cluster: Cluster | None = None,
    form_key: UUID | None = None,
) -> Update:
    """Enter what came by letter or mail. The institution has spoken already, so no validation is needed.

    Raises `Refused` for anybody but a coordinator, and if the letter, the period or the records break a rule.
    """
    refuse_unless_coordinator(by)
    refuse_letter(institution, letter, letter_date)
    refuse_odd_days(start, end)
    for record in recommendations:
        if not may_read(institution, record):
            sentence = _(
                "%(institution)s has no access to this record. Add it to the institutions with access on the "
                "record first."
            )
            raise Refused(sentence % {"institution": institution})
    fields: dict = {"text": clean(text), "obstacles": clean(obstacles), "figures": clean(figures)}
    fields |= {"language": language, "start": start, "end": end}
    by_letter = {"on_behalf": True, "letter": clean(letter), "letter_date": letter_date}
    update, is_new = create_once(form_key, {"institution": institution, "written_by": by, **fields, **by_letter})
    if not is_new:
        return update
    link(update, recommendations)
    if cluster is not None:
        link_cluster(update, cluster, by=by)
    refuse_unready(update, list(recommendations))
    update.request = request or open_request(institution, covered_records(update))
    pass_on(update, by=by)
    settle_items(update)
    Event.record("update-entered", update, by=by, label=trail_label(update))
    return update


@transaction.atomic
def link_update(
    *, update: Update, recommendations: Sequence[Recommendation], by: User, cluster: Cluster | None = None
) -> Update:
    """Show a published update on further records or a cluster as well; nothing is copied.

    Raises `Refused` for anybody but a coordinator, if nothing new is chosen, or if the readers of the records differ.
    """
    update = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(update, State.PUBLISHED)
    new = [record for record in recommendations if record.pk not in set(linked_to(update))]
    if not new and cluster is None:
        raise Refused(_("This update is already shown on these records. Choose others."))
    refuse_mixed([*records_of(update), *new])
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation=record) for record in new
    )
    keep_last_updates([record.pk for record in new])
    difference = {"records": ["", ", ".join(record.code for record in new)]} if new else {}
    if cluster is not None:
        link_cluster(update, cluster, by=by)
        difference |= {"clusters": ["", cluster.name]}
    update.version += 1
    update.save()
    settle_items(update)
    Event.record("update-linked", update, by=by, label=trail_label(update), difference=difference)
    return update


@transaction.atomic
def unlink_update(*, update: Update, cluster: Cluster, by: User) -> Update:
    """Stop showing an update through a cluster.

    Raises `Refused` for anybody but a coordinator, and if the update would be about nothing any more.
    """
    update = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(update, State.PUBLISHED)
    records = covered_records(update)
    deleted, _by_model = update.cluster_abouts.filter(cluster=cluster).delete()
    if not deleted:
        raise Refused(_("This update is not shown on that cluster."))
    refuse_unready(update, records_of(update))
    update.version += 1
    update.save()
    settle_items(update, records)
    difference = {"clusters": [cluster.name, ""]}
    Event.record("update-unlinked", update, by=by, label=trail_label(update), difference=difference)
    return update


def lock(update: Update) -> Update:
    """The present row, locked until the transaction ends. Raises `Refused` if it was withdrawn."""
    updates = Update.objects.select_for_update(of=("self",)).select_related("institution", "written_by")
    locked = updates.get(pk=update.pk)
    if locked.withdrawn_at:
        raise Refused(_("This update has been withdrawn. No changes were made."))
    return locked


def link(update: Update, recommendations: Sequence[Recommendation]) -> None:
    """Link the update to exactly these records."""
    chosen, linked = {record.pk for record in recommendations}, set(linked_to(update))
    update.abouts.exclude(recommendation__in=chosen).delete()
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation_id=pk) for pk in sorted(chosen - linked)
    )


def trail_label(update: Update) -> str:
    """Name it by its institution and records: not everybody who reads the trail may read its text."""
    codes = list(update.abouts.order_by("recommendation__order_key").values_list("recommendation__code", flat=True))
    listed = ", ".join(codes[:CODES_NAMED]) + (" …" if len(codes) > CODES_NAMED else "")
    return f"{update.institution.code}: {listed}" if listed else update.institution.code


def refuse_unless(update: Update, *states: str) -> None:
    if update.state in states:
        return
    sentences = {
        State.DRAFT: _("This update is a draft that has not been submitted."),
        State.SUBMITTED: _("This update has been submitted and is awaiting the validating authority."),
        State.VALIDATED: _("This update has been approved and is awaiting the coordinator."),
        State.RETURNED: _("This update has been returned to the institution for changes."),
        State.PUBLISHED: _("This update has been published."),
    }
    raise Refused(f"{sentences[State(update.state)]} {_('No changes were made.')}")


def refuse_unless_coordinator(by: User) -> None:
    if not can(by, Can.PUBLISH_UPDATE):
        raise Refused(_("Only the coordinator can do this."))


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


def move(update: Update, state: str, *, by: User | None, reason: str = "") -> None:
    update.state = state
    update.version += 1
    update.save()
    UpdateStep.objects.create(update=update, state=state, by=by, reason=reason)


def pass_on(update: Update, *, by: User | None) -> None:
    """Mark as validated, and publish if the instance requires no further step.

    `by` is None if validation is a step that the instance leaves out.
    """
    move(update, State.VALIDATED, by=by)
    if Instance.current().updates_need_publication:
        notify_of(update, Kind.UPDATE_VALIDATED, coordinators(), by=by)
    else:
        publish(update, by=None)


def publish(update: Update, *, by: User | None) -> None:
    update.published_at = timezone.now()
    move(update, State.PUBLISHED, by=by)
    keep_last_updates(linked_to(update))
    people = appointed_to(update.institution, WRITERS) if update.on_behalf else [update.written_by]
    notify_of(update, Kind.UPDATE_PUBLISHED, people, by=by)


def notify_of(update: Update, kind: Notification.Kind, people: Sequence[User | None], *, by: User | None) -> None:
    notify(people=people, kind=kind, thing=update, by=by, label=trail_label(update))


def open_request(institution: Institution, records: Sequence[Recommendation]) -> InputRequest | None:
    """The open request that an update on these records answers, even if it was not started from that request."""
    items = InputItem.objects.filter(request__institution=institution, recommendation__in=records, answered_at=None)
    requests = InputRequest.objects.open().filter(institution=institution, items__in=items)
    return requests.order_by("due_on", "pk").first()
