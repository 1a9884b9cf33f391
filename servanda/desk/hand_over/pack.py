"""What a newcomer needs on the first day, as far as the person who reads it may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.desk.news.changes import Moments, RecordNews, changed_records, moments_of
from servanda.intake.models import Batch
from servanda.intake.services import WAITING
from servanda.people.access import Can, Role, can
from servanda.people.models import Appointment, HandOver, Instance, Institution, User, answering_for
from servanda.planning.models import Assignment
from servanda.recommendations.filters.follow_up import ASKED, SOON
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.models import FollowUp, Recommendation, Stand
from servanda.recommendations.register.listing import Row, parts_of, row_of

LOOKS_BACK = timedelta(days=90)
MOST_CONTACTS = 50
ON_A_PAGE, IN_A_FILE = 20, 200
CHANGED_SHOWN = 10
COORDINATES = {Role.COORDINATOR, Role.ADMINISTRATOR}


@dataclass(slots=True)
class First[Thing]:
    """The first of a list, with how many there are and where all of them stand."""

    rows: list[Thing]
    total: int
    href: str = ""

    @property
    def left_out(self) -> int:
        return self.total - len(self.rows)


@dataclass(slots=True)
class Pack:
    hand_over: HandOver
    appointment: Appointment
    is_inside: bool  # the reader may know what is open
    since: datetime
    named: First[Row]
    assigned: First[Row]
    undecided: First[Row]
    replies: First[Row]
    imports: First[Batch]
    contacts: list[Appointment]
    changed: First[RecordNews]
    moments: Moments


def read_pack(hand_over: HandOver, reader: User, *, on: date, most: int, start: int = 0) -> Pack:
    """Everything in a number of questions that does not grow; `start` turns the pages of the records named."""
    appointment = hand_over.appointment
    institutions = answering_for({appointment.institution_id})
    since = timezone.make_aware(datetime.combine(on - LOOKS_BACK, datetime.min.time()))
    is_inside = can(reader, Can.READ_INTERNAL)
    seen = Recommendation.objects.opened_to(reader) if is_inside else Recommendation.objects.none()
    named = seen.filter(naming(institutions))
    lists = [
        first_records(named.order_by("order_key", "pk"), most, start),
        first_assigned(seen, institutions, most),
        first_undecided(seen, appointment.body_codes(), most),
        first_replies(seen, hand_over, institutions, most, on=on),
    ]
    read_parts([record for found in lists for record in found.rows])
    named_first, assigned, undecided, replies = (in_rows(found) for found in lists)
    lately = f"{reverse('desk:whats_new')}?since={since.date().isoformat()}"
    return Pack(
        hand_over=hand_over,
        appointment=appointment,
        is_inside=is_inside,
        since=since,
        named=named_first,
        assigned=assigned,
        undecided=undecided,
        replies=replies,
        imports=first_imports(hand_over, reader, most),
        contacts=contacts(appointment.institution, reader, on=on),
        changed=First(*changed_records(named, since, reader, most=CHANGED_SHOWN), href=lately),
        moments=moments_of(institutions, since, reader, most=most),
    )


def naming(institutions: frozenset[int]) -> Q:
    """The records that name one of these institutions or are assigned to one now."""
    named = Recommendation.restricted_to.through.objects.filter(institution__in=institutions)
    assigned = Assignment.objects.current().filter(institution__in=institutions).order_by()
    return Q(pk__in=named.values("recommendation_id")) | Q(pk__in=assigned.values("recommendation_id"))


def first_records(records: QuerySet, most: int, start: int = 0, href: str = "") -> First[Recommendation]:
    """Without texts and labels, which are read for all lists of the sheet together."""
    rows, total = first_of(records.select_related("body", "review", "country", "document"), most, start)
    return First(rows, total, href)


def read_parts(records: Sequence[Recommendation]) -> None:
    """Of several lists at once; a record that stands in two of them is another object in each."""
    prefetch_related_objects(records, *parts_of(beginning=True))


def in_rows(found: First[Recommendation]) -> First[Row]:
    return First([row_of(record) for record in found.rows], found.total, found.href)


def first_of(rows: QuerySet, most: int, start: int = 0) -> tuple[list, int]:
    """Some of the rows and how many there are, in one question unless these are none."""
    some = list(rows.annotate(of_all=Window(Count("pk")))[start : start + most])
    return some, some[0].of_all if some else rows.count() if start else 0


def first_assigned(seen: QuerySet, institutions: frozenset[int], most: int) -> First[Recommendation]:
    """What these institutions answer for, the most urgent first."""
    theirs = Assignment.objects.current().filter(institution__in=institutions)
    due_on = theirs.filter(recommendation=OuterRef("pk")).order_by(F("due_on").asc(nulls_last=True))
    records = seen.filter(pk__in=theirs.order_by().values("recommendation_id")).annotate(
        due_on=Subquery(due_on.values("due_on")[:1])
    )
    found = first_records(records.order_by(F("due_on").asc(nulls_last=True), "order_key", "pk"), most)
    if found.left_out:  # else nothing leads there
        codes = Institution.objects.filter(pk__in=institutions).values_list("code", flat=True)
        found.href = f"{reverse('desk:register')}?{urlencode([('lead', code) for code in codes])}"
    return found


def first_undecided(seen: QuerySet, bodies: list[str], most: int) -> First[Recommendation]:
    """Positions that the State owes, the most urgent first; of some bodies only if the appointment says so."""
    undecided = seen.with_positions().filter(Q(stand=Stand.PENDING) | Q(stand="", decide_by__isnull=False))
    if bodies:
        undecided = undecided.filter(body__code__in=bodies)
    asked = [("stand", Stand.PENDING), ("stand", "-"), *(("body", code) for code in bodies)]
    href = f"{reverse('desk:register')}?{urlencode(asked)}"
    return first_records(undecided.order_by(F("decide_by").asc(nulls_last=True), "order_key", "pk"), most, href=href)


def first_replies(
    seen: QuerySet, hand_over: HandOver, institutions: frozenset[int], most: int, *, on: date
) -> First[Recommendation]:
    """What bodies wait to hear, the most urgent first: of all records for whoever coordinates, else of those that
    these institutions answer for; what is past for long is left to the register."""
    waiting = FollowUp.objects.current().outstanding().filter(due_on__gte=on - SOON)
    due_on = waiting.filter(recommendation=OuterRef("pk")).order_by("due_on").values("due_on")[:1]
    records = seen.filter(pk__in=waiting.order_by().values("recommendation")).annotate(reply_due_on=Subquery(due_on))
    asked = [(FOLLOW_UP, ASKED)]
    if (hand_over.to or hand_over.appointment.person).role not in COORDINATES:
        theirs = Assignment.objects.current().filter(institution__in=institutions)
        records = records.filter(pk__in=theirs.order_by().values("recommendation_id"))
    if bodies := hand_over.appointment.body_codes():
        records = records.filter(body__code__in=bodies)
        asked += [("body", code) for code in bodies]
    href = f"{reverse('desk:register')}?{urlencode(asked)}"
    return first_records(records.order_by("reply_due_on", "order_key", "pk"), most, href=href)


def first_imports(hand_over: HandOver, reader: User, most: int) -> First[Batch]:
    theirs = [hand_over.to_id or hand_over.appointment.person_id]
    waiting = Batch.objects.visible_to(reader).filter(created_by__in=theirs, state__in=WAITING)
    return First(*first_of(waiting, most), reverse("desk:imports"))


def contacts(institution: Institution, reader: User, *, on: date) -> list[Appointment]:
    """Who else answers for this institution, and for the one above it."""
    around = [institution.pk, institution.parent_id] if institution.parent_id else [institution.pk]
    others = Appointment.objects.visible_to(reader).current(on=on).filter(institution__in=around)
    others = others.exclude(person=reader.pk).select_related("person", "institution")
    return list(others.order_by("institution__code", "function", "person__name", "pk")[:MOST_CONTACTS])


def facts(pack: Pack) -> list[tuple[str, str]]:
    """The appointment in pairs of a label and what is there; what is empty is left out."""
    appointment = pack.appointment
    rows = [
        (_("Institution"), str(appointment.institution)),
        (_("Function"), appointment.get_function_display()),
        (_("Held until now by"), str(appointment.person)),
        (_("Appointed by"), appointment.act),
        (_("From"), date_format(appointment.start, "DATE_FORMAT")),
        (_("Until"), date_format(appointment.end, "DATE_FORMAT") if appointment.end else ""),
        (_("Only for these bodies"), ", ".join(appointment.body_codes())),
        (_("Taken over by"), str(pack.hand_over.to or _("nobody yet"))),
    ]
    return [(label, value) for label, value in rows if value]


def addresses(pack: Pack) -> list[tuple[str, str]]:
    """How the institution, the one above it and the secretariat are reached."""
    institution = pack.appointment.institution
    above, mechanism = institution.parent, Instance.current()
    rows = [(str(one), ", ".join(filter(None, [one.email, one.phone]))) for one in (institution, above) if one]
    rows.append((_("Secretariat: %(mechanism)s") % {"mechanism": mechanism}, mechanism.contact))
    return [(label, value) for label, value in rows if value]
