"""Treaties, reservations and submitted reports as facts of reports: the list that the system holds of them, whatever
the records in the scope."""

from collections.abc import Iterable, Iterator
from datetime import date

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from servanda.recommendations.records.as_of import states_at
from servanda.reporting.facts.citing import cited, in_words, listed
from servanda.reporting.facts.overdue import day_of_facts
from servanda.reporting.facts.registry import Fact, FactContext, FactSource
from servanda.sources.models import Obligation, Reservation, Standing, TreatyStatus

KNOWN = (Standing.PARTY, Standing.SIGNED, Standing.DENOUNCED)
DAYS = {
    "signed_on": gettext_lazy("signed on"),
    "deposited_on": gettext_lazy("deposited on"),
    "in_force_on": gettext_lazy("in force for the State since"),
    "denounced_on": gettext_lazy("denunciation in force since"),
}


def treaties(context: FactContext) -> QuerySet:
    """Those that the State signed or is bound by, in the order of the list; by their state on that day."""
    rows = TreatyStatus.objects.visible_to(context.user)
    known = [row.pk for row in as_they_were(list(rows), context) if row.standing in KNOWN]
    return rows.filter(pk__in=known).select_related("instrument").prefetch_related("procedures")


def as_they_were(rows: list[TreatyStatus], context: FactContext) -> list[TreatyStatus]:
    if context.as_of is None:
        return rows
    states = states_at(TreatyStatus, [row.pk for row in rows], context.as_of)
    return [states.get(row.pk, row) for row in rows]


def treaty_facts(rows: Iterable[TreatyStatus], context: FactContext) -> list[Fact]:
    found = list(rows)
    then = {row.pk: row for row in as_they_were(found, context)}
    return [treaty_fact(row, then[row.pk], day_of_facts(context)) for row in found]


def treaty_fact(row: TreatyStatus, then: TreatyStatus, on: date) -> Fact:
    """`then` is its state on the day of the facts."""
    name, parts = str(row.instrument), "; ".join(treaty_parts(row, then, on))
    return Fact(
        key=str(row.pk),
        title=name,
        text=f"{name}: {parts}.",
        citation=cited(name, then.source),
        address=row.get_absolute_url(),
        day=then.in_force_on or then.deposited_on or then.signed_on,
    )


def treaty_parts(row: TreatyStatus, then: TreatyStatus, on: date) -> Iterator[str]:
    """The standing, the days that a source gives, and the accepted procedures."""
    consent = then.get_consent_display()
    yield f"{then.standing.label} ({consent})" if consent else str(then.standing.label)
    for name, label in DAYS.items():
        if day := getattr(then, name):
            yield labelled(label, in_words(day))
    accepted = [str(it) for it in row.procedures.all() if is_in_force(it.accepted_on, it.withdrawn_on, on)]
    if accepted:
        yield labelled(_("accepted procedures"), listed(*accepted))


def labelled(label: object, value: str) -> str:
    return f"{_('%(label)s:') % {'label': label}} {value}"


def is_in_force(begin: date | None, end: date | None, on: date) -> bool:
    return (begin is None or begin <= on) and (end is None or end > on)


def reservations(context: FactContext) -> QuerySet:
    """Reservations and declarations in force on the day of the facts."""
    on = day_of_facts(context)
    visible = TreatyStatus.objects.visible_to(context.user).order_by().values("pk")
    rows = Reservation.objects.filter(status__in=visible)
    rows = rows.filter(Q(made_on=None) | Q(made_on__lte=on), Q(withdrawn_on=None) | Q(withdrawn_on__gt=on))
    return rows.select_related("status__instrument").order_by("status__instrument__order", "made_on", "pk")


def reservation_facts(rows: Iterable[Reservation], _context: FactContext) -> list[Fact]:
    return [reservation_fact(row) for row in rows]


def reservation_fact(row: Reservation) -> Fact:
    name, day = f"{row.status.instrument}: {row}", in_words(row.made_on)
    return Fact(
        key=str(row.pk),
        title=name,
        text=row.text,
        citation=cited(name, row.source, day),
        address=row.status.get_absolute_url(),
        day=row.made_on,
        language=row.language,
        lead=f"{name} ({day})" if day else name,
    )


def submitted_reports(context: FactContext) -> QuerySet:
    """Public obligations to any body that were submitted by the day of the facts, the newest first."""
    rows = Obligation.objects.visible_to(context.user).reported_on()
    rows = rows.filter(submission__submitted_on__lte=day_of_facts(context))
    rows = rows.filter(confidentiality=Obligation.Confidentiality.PUBLIC)
    if context.as_of:
        rows = rows.filter(created_at__lte=context.as_of)
    return rows.select_related("body", "submission").order_by("-submission__submitted_on", "code")


def submission_facts(rows: Iterable[Obligation], _context: FactContext) -> list[Fact]:
    return [submission_fact(row) for row in rows]


def submission_fact(row: Obligation) -> Fact:
    name, day = f"{row.body.short}: {row.title or row.get_kind_display()}", in_words(row.submission.submitted_on)
    return Fact(
        key=str(row.pk),
        title=name,
        text=_("%(obligation)s was submitted on %(day)s.") % {"obligation": name, "day": day},
        citation=cited(row.code, name, row.submission.reply, day),
        address=row.get_absolute_url(),
        day=row.submission.submitted_on,
    )


SOURCES = (
    FactSource("treaties", gettext_lazy("Treaties"), treaties, treaty_facts, covered=None, is_drafted=True),
    FactSource(
        "reservations",
        gettext_lazy("Reservations and declarations"),
        reservations,
        reservation_facts,
        covered=None,
        is_drafted=True,
    ),
    FactSource(
        "submitted-reports",
        gettext_lazy("Submitted reports"),
        submitted_reports,
        submission_facts,
        covered=None,
        is_drafted=True,
    ),
)
