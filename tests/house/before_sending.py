"""What has to happen in the scene before some forms can be sent."""

from collections.abc import Callable

from servanda.people.access import Role
from servanda.people.models import User
from servanda.progress.models import Update
from servanda.recommendations.models import Tagging
from servanda.reporting.models import AcceptedGap, ReportSection
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.text_gaps import key_of
from servanda.reporting.submissions import clearance
from tests import assessing_make, make, network_make
from tests.house.scene import Scene


def appointed(scene: Scene, person: User) -> None:
    for place in (scene.asked.institution, scene.ministry):
        make.appointment(person, place)


def drafting(scene: Scene, person: User) -> None:
    appointed(scene, person)
    Update.objects.filter(pk=scene.update.pk).update(state=Update.State.DRAFT, published_at=None)
    scene.update.actions.add(scene.planned.action)


def proposing(scene: Scene, _person: User) -> None:
    Update.objects.filter(pk=scene.update.pk).update(proposed_grade=assessing_make.grade())


def after_the_meeting(scene: Scene, _person: User) -> None:
    network_make.begun(scene.network.meeting)


def written_report(scene: Scene, _person: User) -> None:
    """Every section of the report has a text, by another person: no one clears what they wrote. It is in one
    language."""
    writer = make.user(Role.COORDINATOR)
    for section in scene.reported.report.sections.filter(text=""):
        writing.write_section(section=section, text="Text.", seen=section.version, by=writer)
    scene.reported.report.translations.update(is_dropped=True)


def report_in_clearance(scene: Scene, person: User) -> None:
    written_report(scene, person)
    clearance.start_report_clearance(report=scene.reported.report, steps=["Minister"], by=person)


def cleared_report(scene: Scene, person: User) -> None:
    report_in_clearance(scene, person)
    clearance.clear_report(report=scene.reported.report, by=make.user(Role.COORDINATOR))


# Who writes for an institution is appointed there, and what has been handed in is written no longer.
def labelled(scene: Scene, _person: User) -> None:
    Tagging.objects.create(recommendation=scene.record, term=make.term("Health"), origin="person")


def with_gap(scene: Scene, _person: User) -> None:
    ReportSection.objects.filter(pk=scene.reported.section.pk).update(text=r"**\[No data.\]**")


def with_paragraphs(scene: Scene, _person: User) -> None:
    ReportSection.objects.filter(pk=scene.reported.section.pk).update(text="One.\n\nTwo.")


def with_changed_template(scene: Scene, _person: User) -> None:
    """The report was started before its template wanted these facts."""
    ReportSection.objects.filter(report=scene.reported.section.report).update(facts="assessments")


def with_accepted_gap(scene: Scene, person: User) -> None:
    AcceptedGap.objects.create(
        section=scene.reported.section, key=key_of("No data.", None, 0), reason="None.", by=person
    )


BEFORE: dict[str, Callable[[Scene, User], None]] = {
    "desk:accept_gap": with_gap,
    "desk:adopt_minutes": after_the_meeting,
    "desk:split_report_section": with_paragraphs,
    "desk:reopen_gap": with_accepted_gap,
    "desk:use_current_template": with_changed_template,
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
