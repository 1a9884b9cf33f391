"""Who may write an update, for which institution and on which records; and forms that are sent twice."""

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.kit.refusal import Refused
from servanda.people.access import Can, scopes
from servanda.people.models import Appointment, Institution, User, answering_for
from servanda.planning.models import Action, ActionCluster, ActionRecommendation, Assignment
from servanda.progress.models import InputItem, Update
from servanda.recommendations.models import ClusterMember, Recommendation
from servanda.sources.models import Question
from servanda.sources.printed.texts import clean

Function = Appointment.Function
WRITERS = (Function.PRINCIPAL, Function.ALTERNATE, Function.AUTHORITY)
SENT_ALREADY = gettext_lazy(
    "This form was already sent from another page or account. Open the form again and send it."
)


def records_to_write_on(institution: Institution, user: User) -> QuerySet[Recommendation]:
    """Records assigned to it, requested from it in a round, or served by an action in which it takes part."""
    institutions = answering_for({institution.pk})
    assigned = Assignment.objects.current().filter(institution__in=institutions)
    requested = InputItem.objects.filter(request__institution__in=institutions)
    actions = Q(
        action__withdrawn_at=None,
        action__parts__institution__in=institutions,
        action__in=Action.objects.visible_to(user),
    )
    served = ActionRecommendation.objects.filter(actions)
    clusters = ActionCluster.objects.filter(actions).order_by().values("cluster")
    through = ClusterMember.objects.reached().filter(cluster__in=clusters)
    links = [rows.order_by().values("recommendation") for rows in (assigned, requested, served, through)]
    return Recommendation.every_kind.opened_to(user).filter(reduce(or_, (Q(pk__in=rows) for rows in links)))


def related_to_write_on(update: Update, user: User) -> QuerySet[Recommendation]:
    """Records in the same clusters as those of an update, as far as its institution may write on them.

    Neither the cluster nor its name is shown, so that no one learns of a record that they may not read.
    """
    named = update.abouts.values("recommendation")
    clusters = ClusterMember.objects.reached().filter(recommendation__in=named).values("cluster")
    in_same_clusters = ClusterMember.objects.reached().filter(cluster__in=clusters).values("recommendation")
    return records_to_write_on(update.institution, user).filter(pk__in=in_same_clusters).exclude(pk__in=named)


def holds(
    user: User,
    permission: Can,
    institution: Institution,
    records: Iterable[Recommendation],
    question: Question | None = None,
) -> bool:
    """Whether this person's appointments give the permission in the institution, for the bodies of all these
    records and of the question."""
    bodies = {record.body.code for record in records}
    if question is not None:
        bodies.add(question.body_code)
    return any(
        institution.pk in scope.institutions and (not scope.bodies or bodies <= scope.bodies)
        for scope in scopes(user, permission)
    )


def institutions_to_write_for(user: User) -> QuerySet[Institution]:
    institutions = [scope.institutions for scope in scopes(user, Can.WRITE_UPDATE)]
    allowed = Institution.objects.filter(pk__in=frozenset().union(*institutions))
    return allowed.active(on=timezone.localdate()).order_by("code")


def appointed_to(
    institution: Institution | None,
    functions: Sequence[str],
    *,
    bodies: Collection[str] | None = None,
) -> list[User]:
    """The active holders of these functions in the institution, for one of the bodies if they are given; if it has
    none, in the nearest one above that has."""
    current = Appointment.objects.current(on=timezone.localdate()).filter(function__in=functions)
    covers = (lambda _row: True) if bodies is None else (lambda row: row.covers(bodies))
    return nearest_holders(institution, current, covers)


def nearest_holders(
    institution: Institution | None, current: QuerySet[Appointment], covers: Callable[[Appointment], bool]
) -> list[User]:
    while institution is not None:
        appointments = current.filter(institution=institution, person__is_active=True).select_related("person")
        if people := {row.person_id: row.person for row in appointments if covers(row)}:
            return list(people.values())
        institution = institution.parent
    return []


def those_who_may(permission: Can, update: Update, *, excluding: Collection[int] = ()) -> list[User]:
    """Whom to notify of an update: the writers or authorities of its institution, or of the nearest one above, whose
    appointment covers its bodies."""
    functions = WRITERS if permission == Can.WRITE_UPDATE else (Function.AUTHORITY,)
    current = Appointment.objects.current(on=timezone.localdate()).filter(function__in=functions)
    permitted = Update.objects.filter(pk=update.pk)

    def covers(appointment: Appointment) -> bool:
        return not appointment.bodies or permitted.in_scope_of(appointment.person, permission).exists()

    return nearest_holders(update.institution, current.exclude(person__in=excluding), covers)


def refuse_unless_appointed(
    by: User,
    permission: Can,
    institution: Institution,
    records: Iterable[Recommendation] = (),
    question: Question | None = None,
) -> None:
    if not holds(by, permission, institution, records, question):
        raise Refused(missing_appointment(permission, institution))


def refuse_unless_in_scope(update: Update, permission: Can, by: User) -> None:
    """Raises `Refused`. An appointment limited to some bodies covers updates on their records, and none on
    clusters."""
    if not Update.objects.in_scope_of(by, permission).filter(pk=update.pk).exists():
        raise Refused(missing_appointment(permission, update.institution))


def missing_appointment(permission: Can, institution: Institution) -> str:
    if permission == Can.VALIDATE_UPDATE:
        sentence = _("Only the validating authority of %(institution)s can do this.")
    else:
        sentence = _("Only people appointed to %(institution)s can write for it. Your text has been kept.")
    return sentence % {"institution": institution}


def refuse_foreign(institution: Institution, records: Sequence[Recommendation], by: User) -> None:
    """Raises `Refused` if one of the records is neither assigned to the institution nor requested from it."""
    codes = {record.pk: record.code for record in records}
    assigned = Assignment.objects.current().filter(institution=institution, recommendation__in=codes)
    allowed = set(assigned.values_list("recommendation", flat=True)) if codes else set()
    if unassigned := codes.keys() - allowed:
        allowed |= set(records_to_write_on(institution, by).filter(pk__in=unassigned).values_list("pk", flat=True))
    if foreign := sorted(code for pk, code in codes.items() if pk not in allowed):
        sentence = _(
            "%(code)s is not assigned to %(institution)s or part of a request to it. Ask the coordinator to "
            "assign it."
        )
        raise Refused(sentence % {"code": foreign[0], "institution": institution})


def refuse_unnamed(institution: Institution, question: Question) -> None:
    """Raises `Refused` unless the institution, or one that it answers for, is to answer the question."""
    named = question.institutions.filter(pk__in=answering_for({institution.pk}))
    if not named.exists():
        sentence = _("%(institution)s is not named at this question. Ask the coordinator to name it.")
        raise Refused(sentence % {"institution": institution})


def refuse_mixed(records: Iterable[Recommendation]) -> None:
    """Raises `Refused` unless all the records have the same readers: whoever sees one of them reads the text."""
    pks = {record.pk for record in records}
    if len(pks) < 2:
        return
    rows = Recommendation.objects.filter(pk__in=pks).prefetch_related("restricted_to")
    if len({readers_of(record) for record in rows}) > 1:
        sentence = _(
            "These records have different readers, and anyone who can see one of them can read the text. Write "
            "a separate text for each group of records."
        )
        raise Refused(sentence)


def readers_of(record: Recommendation) -> tuple:
    restricted = record.confidentiality == Recommendation.Confidentiality.RESTRICTED
    named = frozenset(institution.pk for institution in record.restricted_to.all()) if restricted else frozenset()
    return record.confidentiality, record.is_published, named


def refuse_unready(update: Update, records: Sequence[Recommendation]) -> None:
    """Raises `Refused` if the update is not complete enough for others to read."""
    if update.question_id is not None:
        if not update.text:
            raise Refused(_("Enter the answer, then submit."))
        return
    if not update.text:
        raise Refused(_("Enter at least one sentence on what was done, then submit."))
    if not records and not update.actions.exists() and not update.clusters.exists():
        raise Refused(_("Select a record or an action, then submit."))
    if any(record.withdrawn_at or record.merged_into_id for record in records):
        sentence = _("%(code)s is no longer in the register. Remove it, then submit.")
        former = next(record for record in records if record.withdrawn_at or record.merged_into_id)
        raise Refused(sentence % {"code": former.code})
    refuse_mixed(records)


def refuse_closed(institution: Institution) -> None:
    if not institution.is_active(on=timezone.localdate()):
        sentence = _(
            "%(institution)s no longer exists. Copy your text into an update of the institution that took its place."
        )
        raise Refused(sentence % {"institution": institution})


def refuse_odd_days(start: date | None, end: date | None) -> None:
    if start and end and end < start:
        raise Refused(_("Enter an end date that is not before the start date."))


def refuse_letter(institution: Institution, letter: str, letter_date: date) -> None:
    if not clean(letter):
        raise Refused(_("Enter the number of the letter."))
    if letter_date > timezone.localdate():
        raise Refused(_("The date of the letter must be today or in the past."))
    if not institution.is_active(on=letter_date):
        sentence = _("%(institution)s did not exist on the date of the letter. Choose another institution or date.")
        raise Refused(sentence % {"institution": institution})


def refuse_other_sender(sender: User | None, by: User | None) -> None:
    if sender != by:
        raise Refused(SENT_ALREADY)


def create_once(form_key: UUID | None, fields: dict) -> tuple[Update, bool]:
    """The update made by this form, and whether it is new. Raises `Refused` if another person sent the form."""
    if form_key is None:
        return Update.objects.create(**fields), True
    update, is_new = Update.objects.get_or_create(form_key=form_key, defaults=fields)
    refuse_other_sender(update.written_by, fields["written_by"])
    return update, is_new
