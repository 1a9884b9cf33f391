"""What an institution says it did: written, handed in, approved in its house, published, each by the right one."""

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
from servanda.planning.assignments.services import coordinators, may_read, needed
from servanda.planning.models import Action
from servanda.progress.models import Grade, InputItem, InputRequest, Update, UpdateRecommendation, UpdateStep
from servanda.progress.updates.coverage import link_cluster, linked_to, records_of, settle_items, spoken_of
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
    refuse_unless_held,
    refuse_unless_theirs,
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
    """A draft that its institution alone sees. `form_key` is that of the form: sent twice, it makes one draft."""
    refuse_unless_held(by, Can.WRITE_UPDATE, institution, recommendations)
    refuse_closed(institution)
    refuse_foreign(institution, recommendations, by)
    start: dict = {"institution": institution, "written_by": by, "request": request}
    if request and request.round.period_start:
        start |= {"start": request.round.period_start, "end": request.round.period_end}
    update, is_new = create_once(form_key, start)
    if is_new:
        link(update, recommendations)
        Event.record("update-started", update, by=by, label=called(update))
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
    """Keep a draft. `seen` is the version that the person was shown: nobody writes over what another has saved.

    A draft is saved again and again while it is written; the trail tells when it passes into other hands."""
    held = lock(update)
    refuse_unless_theirs(held, Can.WRITE_UPDATE, by)
    refuse_unless_held(by, Can.WRITE_UPDATE, held.institution, recommendations)
    refuse_unless(held, *Update.EDITABLE)
    said: dict = {"text": clean(text), "obstacles": clean(obstacles), "figures": clean(figures)}
    said |= {"language": language, "start": start, "end": end, "proposed_grade": proposed_grade}
    if is_saved(held, said, recommendations, actions):
        return held
    sentence = _("Somebody else saved this while you were writing. Compare, then save again.")
    refuse_if_changed(held.version, seen, sentence)
    refuse_odd_days(start, end)
    new = [record for record in recommendations if record.pk not in set(linked_to(held))]
    refuse_foreign(held.institution, new, by)
    refuse_mixed(recommendations)
    refuse_foreign_actions(held, actions, by)
    before, held.written_by = held.written_by, by
    for name, value in said.items():
        setattr(held, name, value)
    held.version += 1
    held.save()
    link(held, recommendations)
    held.actions.set(actions)
    if before != by:
        held.earlier_writers.add(*[before] if before else [])
        Event.record("update-taken-over", held, by=by, label=called(held))
    return held


@transaction.atomic
def submit_update(*, update: Update, by: User) -> Update:
    """Hand it in: to the authority of the institution, or past the steps that this instance does not ask for."""
    held = lock(update)
    records = records_of(held)
    refuse_unless_theirs(held, Can.WRITE_UPDATE, by)
    refuse_unless(held, *Update.EDITABLE)
    refuse_closed(held.institution)
    refuse_unready(held, records)
    held.request = held.request or open_request(held.institution, records)
    held.return_reason = ""
    move(held, State.SUBMITTED, by=by)
    held.evidence.update(is_submitted=True)
    if Instance.current().updates_need_validation:
        besides = writers_of(held) if is_validated_apart(Instance.current()) else ()
        people = appointed_to(held.institution, [Function.AUTHORITY], besides=besides)
        notify_of(held, Kind.UPDATE_SUBMITTED, people, by=by)
    else:
        pass_on(held, by=None)
    settle_items(held)
    Event.record("update-submitted", held, by=by, label=called(held), difference={"state": ["", held.state]})
    return held


@transaction.atomic
def validate_update(*, update: Update, by: User) -> Update:
    """The institution stands behind it."""
    held = lock(update)
    refuse_unless_theirs(held, Can.VALIDATE_UPDATE, by)
    refuse_unless(held, State.SUBMITTED)
    refuse(why_not_validate(held, by))
    difference = roles_before(held, by)
    pass_on(held, by=by)
    Event.record("update-validated", held, by=by, label=called(held), difference=difference)
    return held


@transaction.atomic
def publish_update(*, update: Update, by: User) -> Update:
    """From now on everybody reads it who sees one of its records."""
    held = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(held, State.VALIDATED)
    refuse(why_not_publish(held, by))
    refuse_unready(held, records_of(held))
    difference = roles_before(held, by)
    publish(held, by=by)
    Event.record("update-published", held, by=by, label=called(held), difference=difference)
    return held


@transaction.atomic
def return_update(*, update: Update, reason: str, by: User) -> Update:
    """Back to the writer, with what is missing; the authority and the coordinator each return what waits for them."""
    held = lock(update)
    if held.state == State.VALIDATED:
        refuse_unless_coordinator(by)
    else:
        refuse_unless_theirs(held, Can.VALIDATE_UPDATE, by)
    refuse_unless(held, State.SUBMITTED, State.VALIDATED)
    held.return_reason = needed(reason)
    move(held, State.RETURNED, by=by, reason=held.return_reason)
    settle_items(held)
    writers = [held.written_by, *(appointed_to(held.institution, WRITERS) if held.on_behalf else [])]
    notify_of(held, Kind.UPDATE_RETURNED, writers, by=by)
    Event.record("update-returned", held, by=by, label=called(held), difference={"reason": ["", held.return_reason]})
    return held


@transaction.atomic
def withdraw_update(*, update: Update, reason: str, by: User) -> Update:
    """It counts no longer, with a reason: its institution takes back what is not approved yet, the coordinator the
    rest."""
    held = lock(update)
    if held.state in [State.VALIDATED, State.PUBLISHED]:
        refuse_unless_coordinator(by)
    else:
        refuse_unless_theirs(held, Can.WRITE_UPDATE, by)
    held.withdrawn_at, held.withdrawn_by, held.withdrawal_reason = timezone.now(), by, needed(reason)
    held.version += 1
    held.save()
    settle_items(held)
    if held.state == State.PUBLISHED:
        keep_last_updates(linked_to(held))
    if held.state != State.DRAFT:
        difference = {"reason": ["", held.withdrawal_reason]}
        Event.record("update-withdrawn", held, by=by, label=called(held), difference=difference)
    else:
        Event.record("update-withdrawn", held, by=by, label=called(held))
    return held


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
    """What came by letter or mail: the institution has said it, so it waits for nobody in its house."""
    refuse_unless_coordinator(by)
    refuse_letter(institution, letter, letter_date)
    refuse_odd_days(start, end)
    for record in recommendations:
        if not may_read(institution, record):
            sentence = _("%(institution)s is not among those that may see this record. Name it on the record first.")
            raise Refused(sentence % {"institution": institution})
    said: dict = {"text": clean(text), "obstacles": clean(obstacles), "figures": clean(figures)}
    said |= {"language": language, "start": start, "end": end}
    by_letter = {"on_behalf": True, "letter": clean(letter), "letter_date": letter_date}
    update, is_new = create_once(form_key, {"institution": institution, "written_by": by, **said, **by_letter})
    if not is_new:
        return update
    link(update, recommendations)
    if cluster is not None:
        link_cluster(update, cluster, by=by)
    refuse_unready(update, list(recommendations))
    update.request = request or open_request(institution, spoken_of(update))
    pass_on(update, by=by)
    settle_items(update)
    Event.record("update-entered", update, by=by, label=called(update))
    return update


@transaction.atomic
def link_update(
    *, update: Update, recommendations: Sequence[Recommendation], by: User, cluster: Cluster | None = None
) -> Update:
    """Say that a published text answers further records too, or a cluster: it is shown there and copied nowhere."""
    held = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(held, State.PUBLISHED)
    new = [record for record in recommendations if record.pk not in set(linked_to(held))]
    if not new and cluster is None:
        raise Refused(_("It is shown on these records already. Choose others."))
    refuse_mixed([*records_of(held), *new])
    UpdateRecommendation.objects.bulk_create(UpdateRecommendation(update=held, recommendation=one) for one in new)
    keep_last_updates([record.pk for record in new])
    difference = {"records": ["", ", ".join(record.code for record in new)]} if new else {}
    if cluster is not None:
        link_cluster(held, cluster, by=by)
        difference |= {"clusters": ["", cluster.name]}
    held.version += 1
    held.save()
    settle_items(held)
    Event.record("update-linked", held, by=by, label=called(held), difference=difference)
    return held


@transaction.atomic
def unlink_update(*, update: Update, cluster: Cluster, by: User) -> Update:
    """Show it no longer through a cluster; it needs something else that it is about."""
    held = lock(update)
    refuse_unless_coordinator(by)
    refuse_unless(held, State.PUBLISHED)
    records = spoken_of(held)
    gone, _by_model = held.cluster_abouts.filter(cluster=cluster).delete()
    if not gone:
        raise Refused(_("This update is not on that cluster."))
    refuse_unready(held, records_of(held))
    held.version += 1
    held.save()
    settle_items(held, records)
    difference = {"clusters": [cluster.name, ""]}
    Event.record("update-unlinked", held, by=by, label=called(held), difference=difference)
    return held


def lock(update: Update) -> Update:
    """As it is now, and nobody else's meanwhile."""
    there = Update.objects.select_for_update(of=("self",)).select_related("institution", "written_by")
    held = there.get(pk=update.pk)
    if held.withdrawn_at:
        raise Refused(_("This update was withdrawn meanwhile. Nothing was done."))
    return held


def link(update: Update, recommendations: Sequence[Recommendation]) -> None:
    """Exactly these records."""
    wanted, there = {record.pk for record in recommendations}, set(linked_to(update))
    update.abouts.exclude(recommendation__in=wanted).delete()
    UpdateRecommendation.objects.bulk_create(
        UpdateRecommendation(update=update, recommendation_id=pk) for pk in sorted(wanted - there)
    )


def called(update: Update) -> str:
    """Its institution and records; its words are for those only who see it."""
    codes = list(update.abouts.order_by("recommendation__order_key").values_list("recommendation__code", flat=True))
    named = ", ".join(codes[:CODES_NAMED]) + (" …" if len(codes) > CODES_NAMED else "")
    return f"{update.institution.code}: {named}" if named else update.institution.code


def refuse_unless(update: Update, *states: str) -> None:
    if update.state in states:
        return
    now = {
        State.DRAFT: _("It is a draft, which nobody has handed in."),
        State.SUBMITTED: _("It was handed in meanwhile and waits for the authority of the institution."),
        State.VALIDATED: _("It was approved meanwhile and waits for the coordinator."),
        State.RETURNED: _("It was returned meanwhile, and the institution works on it again."),
        State.PUBLISHED: _("It was published meanwhile."),
    }
    raise Refused(f"{now[State(update.state)]} {_('Nothing was changed.')}")


def refuse_unless_coordinator(by: User) -> None:
    if not can(by, Can.PUBLISH_UPDATE):
        raise Refused(_("Only the coordinator can do this."))


def refuse_foreign_actions(update: Update, actions: Sequence[Action], by: User) -> None:
    kept = set(update.actions.values_list("pk", flat=True))
    new = {action.pk for action in actions} - kept
    theirs = Action.objects.kept().held_by(by, Can.WRITE_UPDATE).filter(pk__in=new)
    if theirs.count() < len(new):
        raise Refused(_("One of these actions is not one of your institution. Take it out, then save again."))


def is_saved(
    update: Update, said: dict, recommendations: Sequence[Recommendation], actions: Sequence[Action]
) -> bool:
    """A form sent twice says nothing new the second time, and writes over nobody."""
    return (
        all(getattr(update, name) == value for name, value in said.items())
        and {record.pk for record in recommendations} == set(linked_to(update))
        and {action.pk for action in actions} == set(update.actions.values_list("pk", flat=True))
    )


def move(held: Update, state: str, *, by: User | None, reason: str = "") -> None:
    held.state = state
    held.version += 1
    held.save()
    UpdateStep.objects.create(update=held, state=state, by=by, reason=reason)


def pass_on(held: Update, *, by: User | None) -> None:
    """To the coordinator; or to everybody, where the instance asks for no further step. `by` is nobody, when the step
    is one that the instance leaves out."""
    move(held, State.VALIDATED, by=by)
    if Instance.current().updates_need_publication:
        notify_of(held, Kind.UPDATE_VALIDATED, coordinators(), by=by)
    else:
        publish(held, by=None)


def publish(held: Update, *, by: User | None) -> None:
    held.published_at = timezone.now()
    move(held, State.PUBLISHED, by=by)
    keep_last_updates(linked_to(held))
    people = appointed_to(held.institution, WRITERS) if held.on_behalf else [held.written_by]
    notify_of(held, Kind.UPDATE_PUBLISHED, people, by=by)


def notify_of(held: Update, kind: Notification.Kind, people: Sequence[User | None], *, by: User | None) -> None:
    notify(people=people, kind=kind, thing=held, by=by, label=called(held))


def open_request(institution: Institution, records: Sequence[Recommendation]) -> InputRequest | None:
    """The question that this answers, though its writer did not come from there."""
    asked = InputItem.objects.filter(request__institution=institution, recommendation__in=records, answered_at=None)
    there = InputRequest.objects.open().filter(institution=institution, items__in=asked)
    return there.order_by("due_on", "pk").first()
