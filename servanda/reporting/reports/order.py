"""The order of the sections of a report: a section moves past its neighbour of the same level, with all below it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext as _

from servanda.kit.refusal import Refused
from servanda.people.models import User
from servanda.proceedings.clearance import services as clearing
from servanda.reporting.models import ReportSection
from servanda.reporting.reports.outline_history import record_outline
from servanda.reporting.reports.services import lock_report, save
from servanda.trail.models import Event


def end_of(sections: Sequence[ReportSection], place: int) -> int:
    """Where the section and all below its heading end."""
    end = place + 1
    while end < len(sections) and sections[end].depth > sections[place].depth:
        end += 1
    return end


def before(sections: Sequence[ReportSection], place: int) -> int | None:
    """The place of the section before it on its level, below the same heading."""
    earlier = place - 1
    while earlier >= 0 and sections[earlier].depth > sections[place].depth:
        earlier -= 1
    return earlier if earlier >= 0 and sections[earlier].depth == sections[place].depth else None


def behind(sections: Sequence[ReportSection], place: int) -> int | None:
    """The place of the section behind it on its level, below the same heading."""
    end = end_of(sections, place)
    return end if end < len(sections) and sections[end].depth == sections[place].depth else None


@transaction.atomic
def move_section(*, section: ReportSection, is_up: bool, by: User) -> None:
    """Move a section with all below its heading past its neighbour of the same level.

    Raises `Refused` if there is none.
    """
    report = lock_report(section.report, by=by)
    sections = list(report.sections.all())
    place = next(place for place, row in enumerate(sections) if row.pk == section.pk)
    start = before(sections, place) if is_up else place
    middle = place if is_up else behind(sections, place)
    if start is None or middle is None:
        raise Refused(_("This section cannot be moved further."))
    end = end_of(sections, middle)
    sections[start:end] = [*sections[middle:end], *sections[start:middle]]
    for number, row in enumerate(sections, 1):
        row.place = number
    ReportSection.objects.bulk_update(sections, ["place"])
    record_outline(report)
    clearing.reopen(report.clearance)
    save(report)
    Event.record(
        "report-section-moved", section, by=by, difference={"place": [place + 1, sections.index(section) + 1]}
    )
