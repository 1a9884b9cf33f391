"""What has to happen in the scene before some forms can be sent."""

from collections.abc import Callable

from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.models import Update
from servanda.recommendations.models import Tagging
from servanda.reporting.models import AcceptedGap, ReportSection
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.gaps import key_of
from servanda.reporting.submissions import clearance
from tests import assessing_make, make
from tests.house.scene import Scene


def appointed(there: Scene, person: User) -> None:
    for place in (there.asked.institution, there.ministry):
        make.appointment(person, place)


def drafting(there: Scene, person: User) -> None:
    appointed(there, person)
    Update.objects.filter(pk=there.update.pk).update(state=Update.State.DRAFT, published_at=None)
    there.update.actions.add(there.planned.action)


def proposing(there: Scene, _person: User) -> None:
    Update.objects.filter(pk=there.update.pk).update(proposed_grade=assessing_make.grade())


def written_report(there: Scene, _person: User) -> None:
    """Every section of the report has a text, by another person: nobody clears what they wrote. It is in one
    language."""
    writer = make.user(Role.COORDINATOR)
    for section in there.reported.report.sections.filter(text=""):
        writing.write_section(section=section, text="Text.", seen=section.version, by=writer)
    there.reported.report.translations.update(is_dropped=True)


def report_in_clearance(there: Scene, person: User) -> None:
    written_report(there, person)
    clearance.start_report_clearance(report=there.reported.report, steps=["Minister"], by=person)


def cleared_report(there: Scene, person: User) -> None:
    report_in_clearance(there, person)
    clearance.clear_report(report=there.reported.report, by=make.user(Role.COORDINATOR))


# Who writes for an institution is appointed there, and what has been handed in is written no longer.
def labelled(there: Scene, _person: User) -> None:
    Tagging.objects.create(recommendation=there.record, term=make.term("Health"), origin="person")


def with_gap(there: Scene, _person: User) -> None:
    ReportSection.objects.filter(pk=there.reported.section.pk).update(text=r"**\[No data.\]**")


def with_paragraphs(there: Scene, _person: User) -> None:
    ReportSection.objects.filter(pk=there.reported.section.pk).update(text="One.\n\nTwo.")


def with_accepted_gap(there: Scene, person: User) -> None:
    AcceptedGap.objects.create(
        section=there.reported.section, key=key_of("No data.", None, 0), reason="None.", by=person
    )


BEFORE: dict[str, Callable[[Scene, User], None]] = {
    "desk:accept_gap": with_gap,
    "desk:split_report_section": with_paragraphs,
    "desk:reopen_gap": with_accepted_gap,
    "desk:divide_report_section": labelled,
    **dict.fromkeys(
        ["desk:apply_sheet@answers", "desk:undo_sheet@answers", "desk:discard_sheet@answers", "desk:start_update"],
        appointed,
    ),
    "desk:save_update": drafting,
    "desk:save_draft": appointed,
    "desk:take_over_level": proposing,
    "desk:start_report_clearance": written_report,
    "desk:return_report": report_in_clearance,
    "desk:submit_report": cleared_report,
}
