"""Two people or two workers at one report in the same moment."""

from functools import partial

import pytest
from django.utils import timezone

from servanda.jobs.backup import kept_files
from servanda.people.access import Role
from servanda.reporting.models import ReportSnapshot
from servanda.reporting.reports import services as writing
from servanda.reporting.submissions import clearance, making
from servanda.reporting.submissions.fingerprint import fingerprint_of
from servanda.sources.models import Submission
from servanda.trail.models import Event
from tests import make, obligation_make, reports_make
from tests.reporting.submissions.test_submissions import cleared, content_of, fresh, two_steps
from tests.threads import at_once, outcome_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.database
def test_of_two_who_clear_one_report_in_the_same_moment_one_is_refused():
    coordinator, *others = (make.user(Role.COORDINATOR) for _number in range(3))
    report = reports_make.report(coordinator)
    for section in report.sections.all():
        writing.write_section(section=section, text="Two words.", seen=1, by=coordinator)
    seen = two_steps(report, coordinator)
    deeds = [partial(clearance.clear_report, report=report, seen=seen, by=person) for person in others]
    refusals = at_once([partial(outcome_of, deed) for deed in deeds])
    assert sorted(map(bool, refusals)) == [False, True]
    verdicts = fresh(report).clearance.verdicts.values_list("verdict", flat=True)
    assert list(verdicts) == ["cleared", "pending"]


@pytest.mark.database
def test_of_two_workers_on_one_submission_one_keeps_its_files():
    coordinator, colleague = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
    report = reports_make.report(coordinator, obligation=obligation_make.obligation("Mid-term", kind="mid-term"))
    for section in report.sections.all():
        writing.write_section(section=section, text="Two words.", seen=1, by=coordinator)
    report = cleared(report, coordinator, colleague)
    snapshot = ReportSnapshot.objects.create(
        report=report,
        fingerprint=fingerprint_of(report),
        title=report.title,
        language=report.language,
        submitted_on=timezone.localdate(),
        by=coordinator,
    )
    content = [making.MadeFile("html", "report.html", b"<p>Two words.</p>")]
    completing = partial(making.complete, snapshot, content, problem="", by=coordinator)
    assert at_once([partial(outcome_of, completing)] * 2) == ["", ""]
    making.fail(snapshot, "The worker was stopped.")
    snapshot.refresh_from_db()
    assert (snapshot.state, snapshot.files.count()) == (ReportSnapshot.State.COMPLETE, 1)
    assert Event.objects.filter(action="report-submitted").count() == 1
    assert Submission.objects.count() == 1
    stored = snapshot.files.get()
    assert content_of(stored) == b"<p>Two words.</p>"
    assert f"files/{stored.file.name}" in {name for name, _path in kept_files()}
