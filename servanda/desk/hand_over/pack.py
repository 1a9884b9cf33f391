"""The hand-over pack: what a newcomer needs on the first day, as far as the reader may see it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Window, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from servanda.desk.news.changes import LatestChanges, RecordNews, changed_records, moments_of
from servanda.intake.models import Batch
from servanda.intake.services import WAITING
from servanda.people.access import Can, Role, can
from servanda.people.models import Appointment, HandOver, Instance, Institution, User, answering_for
from servanda.planning.models import Assignment
from servanda.recommendations.filters.follow_up import ASKED, SOON
from servanda.recommendations.filters.follow_up import KEY as FOLLOW_UP
from servanda.recommendations.models import FollowUp, Recommendation, Stand
from servanda.recommendations.register.rows import Row, parts_of, row_of
from servanda.reporting.models import ReportSection
from servanda.sources.models import Obligation
from servanda.sources.obligations.listing import ALL, ORDER
from servanda.sources.obligations.persons import handed_over_with

LOOKS_BACK = timedelta(days=90)
MOST_CONTACTS = 50
ON_A_PAGE, IN_A_FILE = 20, 200
CHANGED_SHOWN = 10
COORDINATES = {Role.COORDINATOR, Role.ADMINISTRATOR}


@dataclass(slots=True)
class First[Thing]:
    """The first rows of a list, their total number, and a link to all of them."""

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
    is_inside: bool  # the reader may see the internal side
    since: datetime
    named: First[Row]
    assigned: First[Row]
    undecided: First[Row]
    replies: First[Row]
    imports: First[Batch]
    report_sections: First[ReportSection] | None
    obligations: First[Obligation] | None  # that moved
    contacts: list[Appointment]
    changed: First[RecordNews]
    moments: LatestChanges


def read_pack(
    hand_over: HandOver, reader: User, *, on: date, most: int, start: int = 0, is_file: bool = False
) -> Pack:
    """The whole pack in a constant number of queries; `start` is the offset in the list of named records. Only a file
    lists obligations and sections of reports: the page leads to their lists, which saves queries."""
    appointment = hand_over.appointment
    institutions = answering_for({appointment.institution_id})
    since = timezone.make_aware(datetime.combine(on - LOOKS_BACK, datetime.min.time()))
    is_inside = can(reader, Can.READ_INTERNAL)
    visible = Recommendation.every_kind.opened_to(reader) if is_inside else Recommendation.every_kind.none()
    named = visible.filter(naming(institutions))
    lists = [
        first_records(named.order_by("order_key", "pk"), most, start),
        first_assigned(visible, institutions, most),
        first_undecided(visible, appointment.body_codes(), most),
        first_replies(visible, hand_over, institutions, most, on=on),
    ]
    read_parts([record for listing in lists for record in listing.rows])
    named_first, assigned, undecided, replies = (in_rows(listing) for listing in lists)
    news_url = f"{reverse('desk:whats_new')}?since={since.date().isoformat()}"
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
        report_sections=first_sections(institutions, reader, most) if is_file else None,
        obligations=first_obligations(hand_over, reader, most, on=on) if is_file else None,
        contacts=contacts(appointment.institution, reader, on=on),
        changed=First(*changed_records(named, since, reader, most=CHANGED_SHOWN), href=news_url),
        moments=moments_of(institutions, since, reader, most=most),
    )


def naming(institutions: frozenset[int]) -> Q:
    """Records that name one of these institutions, or are assigned to one."""
    named = Recommendation.restricted_to.through.objects.filter(institution__in=institutions)
    assigned = Assignment.objects.current().filter(institution__in=institutions).order_by()
    return Q(pk__in=named.values("recommendation_id")) | Q(pk__in=assigned.values("recommendation_id"))


def first_records(records: QuerySet, most: int, start: int = 0, href: str = "") -> First[Recommendation]:
    """The first records without texts and labels, which are loaded for all lists together."""
    rows, total = first_of(records.select_related("body", "review", "country", "document"), most, start)
    return First(rows, total, href)


def read_parts(records: Sequence[Recommendation]) -> None:
    """Load texts and labels for the records of several lists, which may contain the same record as two objects."""
    prefetch_related_objects(records, *parts_of(beginning=True))


def in_rows(records: First[Recommendation]) -> First[Row]:
    return First([row_of(record) for record in records.rows], records.total, records.href)


def first_of(rows: QuerySet, most: int, start: int = 0) -> tuple[list, int]:
    """Some of the rows and their total number, in one query unless there are none."""
    some = list(rows.annotate(of_all=Window(Count("pk")))[start : start + most])
    return some, some[0].of_all if some else rows.count() if start else 0


def first_assigned(visible: QuerySet, institutions: frozenset[int], most: int) -> First[Recommendation]:
    """Records assigned to these institutions, the most urgent first."""
    assignments = Assignment.objects.current().filter(institution__in=institutions)
    due_on = assignments.filter(recommendation=OuterRef("pk")).order_by(F("due_on").asc(nulls_last=True))
    records = visible.filter(pk__in=assignments.order_by().values("recommendation_id")).annotate(
        due_on=Subquery(due_on.values("due_on")[:1])
    )
    listing = first_records(records.order_by(F("due_on").asc(nulls_last=True), "order_key", "pk"), most)
    if listing.left_out:  # otherwise no link is shown
        codes = Institution.objects.filter(pk__in=institutions).values_list("code", flat=True)
        listing.href = f"{reverse('desk:register')}?{urlencode([('lead', code) for code in codes])}"
    return listing


def first_undecided(visible: QuerySet, bodies: list[str], most: int) -> First[Recommendation]:
    """Records without a position of the State, the most urgent first, of the bodies of the appointment."""
    undecided = visible.with_positions().filter(Q(stand=Stand.PENDING) | Q(stand="", decide_by__isnull=False))
    if bodies:
        undecided = undecided.filter(body__code__in=bodies)
    filters = [("stand", Stand.PENDING), ("stand", "-"), *(("body", code) for code in bodies)]
    href = f"{reverse('desk:register')}?{urlencode(filters)}"
    return first_records(undecided.order_by(F("decide_by").asc(nulls_last=True), "order_key", "pk"), most, href=href)


def first_replies(
    visible: QuerySet, hand_over: HandOver, institutions: frozenset[int], most: int, *, on: date
) -> First[Recommendation]:
    """Replies due to bodies, the most urgent first: on all records for coordinators, otherwise on those assigned to
    these institutions. Long overdue ones are left out."""
    waiting = FollowUp.objects.current().outstanding().filter(obligation__due_on__gte=on - SOON)
    due_on = (
        waiting.filter(recommendation=OuterRef("pk")).order_by("obligation__due_on").values("obligation__due_on")[:1]
    )
    records = visible.filter(pk__in=waiting.order_by().values("recommendation")).annotate(
        reply_due_on=Subquery(due_on)
    )
    filters = [(FOLLOW_UP, ASKED)]
    if (hand_over.to or hand_over.appointment.person).role not in COORDINATES:
        assignments = Assignment.objects.current().filter(institution__in=institutions)
        records = records.filter(pk__in=assignments.order_by().values("recommendation_id"))
    if bodies := hand_over.appointment.body_codes():
        records = records.filter(body__code__in=bodies)
        filters += [("body", code) for code in bodies]
    href = f"{reverse('desk:register')}?{urlencode(filters)}"
    return first_records(records.order_by("reply_due_on", "order_key", "pk"), most, href=href)


def first_imports(hand_over: HandOver, reader: User, most: int) -> First[Batch]:
    owners = [hand_over.to_id or hand_over.appointment.person_id]
    waiting = Batch.objects.visible_to(reader).filter(created_by__in=owners, state__in=WAITING)
    return First(*first_of(waiting, most), reverse("desk:imports"))


def first_sections(institutions: frozenset[int], reader: User, most: int) -> First[ReportSection]:
    """Sections of reports that these institutions are still to write, the earliest deadline first."""
    rows = ReportSection.objects.visible_to(reader).to_be_written().filter(institution__in=institutions)
    rows = rows.select_related("report").order_by(F("due_on").asc(nulls_last=True), "report", "place", "pk")
    return First(*first_of(rows, most), f"{reverse('desk:reports')}#sections")


def first_obligations(hand_over: HandOver, reader: User, most: int, *, on: date) -> First[Obligation]:
    """Obligations for which the former office holder was responsible and that this hand-over moves, the earliest
    deadline first."""
    rows = Obligation.objects.internal_to(reader).filter(handed_over_with(hand_over.pk, on=on))
    return First(*first_of(rows.select_related("body").order_by(*ORDER), most), obligations_url(hand_over))


def obligations_url(hand_over: HandOver) -> str:
    return f"{reverse('desk:obligations')}?{urlencode({'handed_over': hand_over.pk, 'state': ALL})}"


def contacts(institution: Institution, reader: User, *, on: date) -> list[Appointment]:
    """Other people appointed to this institution and its parent."""
    around = [institution.pk, institution.parent_id] if institution.parent_id else [institution.pk]
    others = Appointment.objects.visible_to(reader).current(on=on).filter(institution__in=around)
    others = others.exclude(person=reader.pk).select_related("person", "institution")
    return list(others.order_by("institution__code", "function", "person__name", "pk")[:MOST_CONTACTS])


def facts(pack: Pack) -> list[tuple[str, str]]:
    """Label and value of each fact of the appointment, without empty ones."""
    appointment = pack.appointment
    rows = [
        (_("Institution"), str(appointment.institution)),
        (_("Function"), appointment.get_function_display()),
        (_("Previous office holder"), str(appointment.person)),
        (_("Act of appointment"), appointment.act),
        (_("From"), date_format(appointment.start, "DATE_FORMAT")),
        (_("Until"), date_format(appointment.end, "DATE_FORMAT") if appointment.end else ""),
        (_("Only for these bodies"), ", ".join(appointment.body_codes())),
        (_("Successor"), str(pack.hand_over.to or _("to be determined"))),
    ]
    return [(label, value) for label, value in rows if value]


def addresses(pack: Pack) -> list[tuple[str, str]]:
    """Contact details of the institution, its parent and the secretariat."""
    institution = pack.appointment.institution
    above, mechanism = institution.parent, Instance.current()
    rows = [
        (str(institution_or_none), ", ".join(filter(None, [institution_or_none.email, institution_or_none.phone])))
        for institution_or_none in (institution, above)
        if institution_or_none
    ]
    rows.append((_("Secretariat: %(mechanism)s") % {"mechanism": mechanism}, mechanism.contact))
    return [(label, value) for label, value in rows if value]
