"""A report goes out: cleared step by step, submitted as files that never change, published if a person says so."""

import hashlib
from datetime import date, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.utils import timezone, translation

from servanda.jobs.backup import kept_files
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Notification
from servanda.people.notifications.services import in_words
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.clearance.services import StepValues, next_verdict, set_clearance_steps
from servanda.proceedings.models import Clearance
from servanda.recommendations.models import Cluster, ClusterMember, TextVersion
from servanda.reporting.documents.files import PDF, WRITERS
from servanda.reporting.models import Report, ReportSnapshot
from servanda.reporting.reports import services as writing
from servanda.reporting.reports.order import move_section
from servanda.reporting.submissions import clearance, making, services
from servanda.sources.models import Obligation
from servanda.trail.models import Event
from tests import make, obligation_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
State = Clearance.State


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def colleague():
    return make.user(Role.COORDINATOR)


@built_once
def report(coordinator):
    """A whole report on an obligation."""
    due = obligation_make.obligation("Mid-term report", kind="mid-term")
    made = reports_make.report(coordinator, obligation=due)
    for section in made.sections.all():
        writing.write_section(section=section, text="Two words.", seen=1, by=coordinator)
    return made


def fresh(report) -> Report:
    return Report.objects.select_related("clearance").get(pk=report.pk)


def notified(kind) -> set[str]:
    return set(Notification.objects.filter(kind=kind).values_list("person__email", flat=True))


def test_each_step_of_a_clearance_reaches_those_who_decide_it(report, coordinator, colleague):
    ministry = make.institution("justice")
    authority, other = make.user(Role.AUTHORITY, ministry), make.user(Role.AUTHORITY, make.institution("health"))
    steps = [StepValues("Minister", ministry), StepValues("Legal service", None)]
    set_clearance_steps(steps=steps, by=coordinator)
    clearance.start_report_clearance(report=report, steps=["Minister", "Legal service"], by=coordinator)
    assert notified("report-to-clear") == {authority.email}
    people = (authority, other, coordinator, colleague)
    assert [clearance.reports_to_clear(person).count() for person in people] == [1, 0, 0, 0]
    clearance.clear_report(report=report, by=authority)
    assert notified("report-to-clear") == {authority.email, colleague.email}
    assert [clearance.reports_to_clear(person).count() for person in people] == [0, 0, 0, 1]
    assert not Notification.objects.visible_to(authority).filter(kind="report-to-clear").exists()
    clearance.clear_report(report=report, by=colleague)
    assert notified("report-cleared") == {coordinator.email}
    assert [clearance.reports_to_clear(person).count() for person in people] == [0, 0, 0, 0]


def test_a_returned_report_reaches_its_writers(report, coordinator, colleague):
    clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)
    clearance.return_report(report=report, reason="A figure is wrong.", by=colleague)
    assert notified("report-returned") == {coordinator.email}
    notice = in_words(Notification.objects.visible_to(coordinator), to=coordinator)[0]
    assert (notice.href, "returned a report" in notice.sentence) == (report.get_absolute_url(), True)


def cleared(report, by, colleague) -> Report:
    clearance.start_report_clearance(report=report, steps=["Minister"], by=by)
    clearance.clear_report(report=report, by=colleague)
    return fresh(report)


def submitted(report, by) -> ReportSnapshot:
    snapshot = services.submit_report(report=report, submitted_on=timezone.localdate(), by=by)
    making.make_submitted_files.call(str(snapshot.key))
    snapshot.refresh_from_db()
    return snapshot


def content_of(file) -> bytes:
    with file.file.open("rb") as stored:
        return stored.read()


def test_steps_are_cleared_in_their_order(report, coordinator, colleague):
    clearance.start_report_clearance(report=report, steps=["Legal service", "", "Minister"], by=coordinator)
    assert [verdict.title for verdict in fresh(report).clearance.verdicts.all()] == ["Legal service", "Minister"]
    clearance.clear_report(report=report, by=colleague)
    assert fresh(report).clearance.state == State.OPEN
    clearance.clear_report(report=report, by=colleague)
    assert fresh(report).clearance.state == State.CLEARED


def test_a_section_without_a_text_blocks_clearance_by_name(report, coordinator):
    section = report.sections.get(key="chapters")
    writing.write_section(section=section, text="", seen=section.version, by=coordinator)
    with pytest.raises(Refused, match="1 section has no text. Write it first: “Chapters”"):
        clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)


def test_a_change_reopens_the_clearance(report, coordinator, colleague):
    cleared(report, coordinator, colleague)
    section = report.sections.get(key="method")
    writing.write_section(section=section, text="Three words now.", seen=section.version, by=coordinator)
    assert fresh(report).clearance.state == State.REOPENED
    cleared(report, coordinator, colleague)
    move_section(section=report.sections.get(key="chapters"), is_up=True, by=coordinator)
    assert fresh(report).clearance.state == State.REOPENED
    with pytest.raises(Refused, match="has not been cleared yet"):
        submitted(report, coordinator)


def test_a_returned_report_says_why(report, coordinator, colleague):
    clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)
    clearance.return_report(report=report, reason="Name the law.", by=colleague)
    assert fresh(report).clearance.state == State.RETURNED
    assert fresh(report).clearance.verdicts.get().reason == "Name the law."


@pytest.mark.parametrize("covered", [True, False])
def test_a_report_is_cleared_for_the_body_of_its_obligation_only(report, coordinator, covered):
    ministry, authority = make.institution("ministry"), make.user(Role.PUBLIC)
    bodies = report.obligation.body.code if covered else "SR Torture"
    make.appointment(authority, ministry, "authority", bodies=bodies)
    set_clearance_steps(steps=[StepValues("Minister", ministry)], by=coordinator)
    clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)
    assert Report.objects.visible_to(authority).exists() == covered
    assert report.sections.readable_by(authority).exists() == covered
    if covered:
        clearance.clear_report(report=report, by=authority)
    else:
        with pytest.raises(Refused, match="Only the validating authority"):
            clearance.clear_report(report=report, by=authority)


def test_a_limited_appointment_clears_no_report_without_an_obligation(coordinator):
    ministry, authority = make.institution("ministry"), make.user(Role.PUBLIC)
    make.appointment(authority, ministry, "authority", bodies="CEDAW")
    report = reports_make.report(coordinator)
    for section in report.sections.all():
        writing.write_section(section=section, text="Two words.", seen=1, by=coordinator)
    set_clearance_steps(steps=[StepValues("Minister", ministry)], by=coordinator)
    clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)
    assert not Report.objects.visible_to(authority).exists()
    with pytest.raises(Refused, match="Only the validating authority"):
        clearance.clear_report(report=report, by=authority)


def test_an_authority_reads_what_it_has_to_clear_and_writes_nothing(report, coordinator):
    ministry = make.institution("ministry")
    set_clearance_steps(steps=[StepValues("Minister", ministry)], by=coordinator)
    authority = make.user(Role.AUTHORITY, ministry)
    assert not Report.objects.visible_to(authority).exists()
    clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)
    assert Report.objects.visible_to(authority).get() == report
    assert report.sections.readable_by(authority).count() == 2
    assert not report.sections.visible_to(authority).exists()
    with pytest.raises(Refused, match="Only the validating authority"):
        clearance.clear_report(report=report, by=coordinator)
    clearance.clear_report(report=report, by=authority)
    assert fresh(report).clearance.state == State.CLEARED
    assert not Report.objects.visible_to(authority).exists()


def test_the_files_are_kept_with_their_hashes_and_the_obligation_is_submitted(report, coordinator, colleague):
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    assert snapshot.state == ReportSnapshot.State.COMPLETE
    assert {file.format for file in snapshot.files.all()} == {"docx", "pdf", "html", "md"}
    for file in snapshot.files.all():
        content = content_of(file)
        assert hashlib.sha256(content).hexdigest() == file.sha256
        assert len(content) == file.size
    event = Event.objects.get(action="report-submitted")
    assert snapshot.files.get(format="docx").sha256 in event.difference
    report.obligation.refresh_from_db()
    assert report.obligation.state == Obligation.State.SUBMITTED
    assert report.obligation.submission.words == 4


def test_a_submission_without_a_pdf_says_why(client, report, coordinator, colleague, monkeypatch):
    def refuse(*_given):
        raise Refused("A library is missing.")

    monkeypatch.setitem(WRITERS, PDF, refuse)
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    assert snapshot.state == ReportSnapshot.State.COMPLETE
    assert {file.format for file in snapshot.files.all()} == {"docx", "html", "md"}
    client.force_login(coordinator)
    page = client.get(report.get_absolute_url()).content.decode()
    assert "The PDF could not be created: A library is missing." in page


def test_what_was_submitted_does_not_say_draft_and_does_not_change(report, coordinator, colleague):
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    file = snapshot.files.get(format="docx")
    before = content_of(file)
    assert b"Draft" not in ZipFile(BytesIO(before)).read("word/header1.xml")
    section = report.sections.get(key="method")
    writing.write_section(section=section, text="Something else.", seen=section.version, by=coordinator)
    assert content_of(snapshot.files.get(format="docx")) == before


def test_the_files_are_in_a_backup(report, coordinator, colleague):
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    names = {name for name, _path in kept_files()}
    assert {f"files/{file.file.name}" for file in snapshot.files.all()} <= names


def test_a_report_that_changes_while_its_files_are_made_is_not_submitted(report, coordinator, colleague):
    cleared(report, coordinator, colleague)
    snapshot = services.submit_report(report=report, submitted_on=timezone.localdate(), by=coordinator)
    section = report.sections.get(key="method")
    writing.write_section(section=section, text="Late.", seen=section.version, by=coordinator)
    making.make_submitted_files.call(str(snapshot.key))
    snapshot.refresh_from_db()
    assert snapshot.state == ReportSnapshot.State.FAILED
    assert "was changed while its files were being created" in snapshot.problem
    assert not snapshot.files.exists()
    report.obligation.refresh_from_db()
    assert report.obligation.state != Obligation.State.SUBMITTED


def test_a_job_that_is_given_up_says_so(report, coordinator, colleague):
    cleared(report, coordinator, colleague)
    snapshot = services.submit_report(report=report, submitted_on=timezone.localdate(), by=coordinator)
    making.give_up_submission.call(str(snapshot.key))
    snapshot.refresh_from_db()
    assert snapshot.state == ReportSnapshot.State.FAILED
    assert "could not be created" in snapshot.problem


def test_it_cannot_be_submitted_twice_at_once_or_in_the_future(report, coordinator, colleague):
    cleared(report, coordinator, colleague)
    with pytest.raises(Refused, match="not in the future"):
        services.submit_report(report=report, submitted_on=timezone.localdate() + timedelta(1), by=coordinator)
    services.submit_report(report=report, submitted_on=timezone.localdate(), by=coordinator)
    with pytest.raises(Refused, match="are already being created"):
        services.submit_report(report=report, submitted_on=date(2026, 1, 2), by=coordinator)


def test_a_corrected_version_is_a_second_snapshot(report, coordinator, colleague):
    first = submitted(cleared(report, coordinator, colleague), coordinator)
    section = report.sections.get(key="method")
    writing.write_section(section=section, text="Corrected.", seen=section.version, by=coordinator)
    second = submitted(cleared(report, coordinator, colleague), coordinator)
    assert second.state == ReportSnapshot.State.COMPLETE
    assert first.files.get(format="md").sha256 != second.files.get(format="md").sha256


def test_it_is_public_only_after_a_person_has_published_it(report, coordinator, colleague):
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    assert not ReportSnapshot.objects.public().exists()
    services.publish_submitted_report(snapshot=snapshot, by=coordinator)
    assert ReportSnapshot.objects.public().get().is_public
    services.unpublish_submitted_report(snapshot=snapshot, by=coordinator)
    assert not ReportSnapshot.objects.public().exists()


def with_matrix(coordinator, *records) -> Report:
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix")
    cluster = Cluster.objects.create(name="Education")
    for record in records:
        ClusterMember.objects.create(cluster=cluster, recommendation=record)
    report = reports_make.report(coordinator, template=template, cluster=cluster)
    writing.write_section(section=report.sections.get(key="method"), text="Text.", seen=1, by=coordinator)
    return report


def test_a_matrix_with_hidden_records_is_not_published(coordinator, colleague):
    report = with_matrix(coordinator, make.recommendation(is_published=False))
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    with pytest.raises(Refused, match="1 record that is not public"):
        services.publish_submitted_report(snapshot=snapshot, by=coordinator)


def test_a_matrix_with_a_record_that_was_hidden_since_is_not_published(coordinator, colleague):
    record = make.recommendation()
    snapshot = submitted(cleared(with_matrix(coordinator, record), coordinator, colleague), coordinator)
    type(record).objects.filter(pk=record.pk).update(is_published=False)
    with pytest.raises(Refused, match="1 record that is not public"):
        services.publish_submitted_report(snapshot=snapshot, by=coordinator)


@pytest.mark.parametrize("change", ["member", "position", "text"])
def test_a_matrix_that_changed_since_it_was_sent_is_cleared_again(coordinator, colleague, change):
    first, second = make.recommendation(), make.recommendation()
    report = cleared(with_matrix(coordinator, first, second), coordinator, colleague)
    if change == "member":
        ClusterMember.objects.filter(recommendation=second).delete()
    elif change == "position":
        type(first).objects.filter(pk=first.pk).update(stand="noted")
    else:
        TextVersion.objects.create(recommendation=first, language="fr", text="Un autre texte.")
    with pytest.raises(Refused, match="have changed since the report was sent"):
        submitted(report, coordinator)
    assert submitted(cleared(report, coordinator, colleague), coordinator).state == "complete"


def test_the_steps_of_the_last_clearance_are_proposed_again(report, coordinator, colleague):
    clearance.start_report_clearance(
        report=report, steps=["Unit", "Language"], translated_by="Language", by=coordinator
    )
    clearance.return_report(report=report, reason="No.", by=colleague)
    assert clearance.proposed_steps(fresh(report)) == (["Unit", "Language"], "Language")


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("title", ["Translation", "traduction", "الترجمة"])
def test_the_usual_step_of_translation_is_found_in_every_language(report, coordinator, language, title):
    set_clearance_steps(steps=[StepValues("Unit"), StepValues(title)], by=coordinator)
    with translation.override(language):
        assert clearance.proposed_steps(report) == (["Unit", title], title)


def test_an_institution_submits_and_publishes_nothing(report, coordinator, colleague):
    snapshot = submitted(cleared(report, coordinator, colleague), coordinator)
    writer = make.user(Role.FOCAL_POINT, make.institution())
    with pytest.raises(Refused, match="permission to edit reports"):
        services.submit_report(report=report, submitted_on=timezone.localdate(), by=writer)
    with pytest.raises(Refused, match="permission to edit reports"):
        services.publish_submitted_report(snapshot=snapshot, by=writer)


def test_nobody_clears_what_they_wrote_before_somebody_else_added_to_it(report, coordinator, colleague):
    section = report.sections.get(key="method")
    writing.write_section(section=section, text="Two words, and more.", seen=fresh_section(section), by=colleague)
    clearance.start_report_clearance(report=report, steps=["Minister"], by=coordinator)
    for person in (coordinator, colleague):
        with pytest.raises(Refused, match="another person must clear"):
            clearance.clear_report(report=report, by=person)
    clearance.clear_report(report=report, by=make.user(Role.COORDINATOR))
    assert fresh(report).clearance.state == State.CLEARED


def fresh_section(section) -> int:
    section.refresh_from_db()
    return section.version


def two_steps(report, by) -> int:
    """In clearance through two steps, both of a coordinator; the first of them."""
    clearance.start_report_clearance(report=report, steps=["Legal service", "Minister"], by=by)
    return next_verdict(fresh(report).clearance).pk


def test_nobody_clears_a_step_that_they_were_not_shown(report, coordinator, colleague):
    seen = two_steps(report, coordinator)
    clearance.clear_report(report=report, seen=seen, by=colleague)
    with pytest.raises(ChangedMeanwhile, match="decided after you opened the page"):
        clearance.clear_report(report=report, seen=seen, by=make.user(Role.COORDINATOR))
    with pytest.raises(ChangedMeanwhile):
        clearance.return_report(report=report, reason="No.", seen=seen, by=colleague)
    assert fresh(report).clearance.state == State.OPEN


# Above the word limit


def test_above_its_limit_a_report_goes_on_only_if_a_person_confirms_the_figures(report, coordinator, colleague):
    Report.objects.update(word_limit=3)
    with pytest.raises(FieldRefused, match="The report has 4 words, its limit is 3"):
        clearance.start_report_clearance(report=fresh(report), steps=["Minister"], by=coordinator)
    clearance.start_report_clearance(report=fresh(report), steps=["Minister"], over_limit=True, by=coordinator)
    clearance.clear_report(report=report, by=colleague)
    on = timezone.localdate()
    with pytest.raises(FieldRefused, match="The report has 4 words"):
        services.submit_report(report=fresh(report), submitted_on=on, by=coordinator)
    services.submit_report(report=fresh(report), submitted_on=on, over_limit=True, by=coordinator)
    changes = Event.objects.filter(action="report-over-limit").values_list("difference", flat=True)
    assert list(changes) == ['{"words": ["3", "4"]}'] * 2
