"""Facts as of a day: a report is written from what was known then, and what became known since is shown apart."""

from datetime import date, timedelta

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from servanda.people.access import Role
from servanda.planning.models import Action, Measurement
from servanda.progress.models import Assessment, Evidence, Update, UpdateStep
from servanda.recommendations.models import Cluster, ClusterMember, Position
from servanda.reporting.documents.blocks import Kind
from servanda.reporting.documents.contents import document_of
from servanda.reporting.models import Report
from servanda.reporting.reports import services
from servanda.reporting.reports.queries import fact_of, offered_facts
from tests import actions_make, assessing_make, indicator_make, make, progress_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
EARLIER, DAY, LATER = date(2026, 1, 10), date(2026, 2, 1), date(2026, 3, 1)


def at(day: date):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day, 12))


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def ministry():
    return make.institution("ministry")


@built_once
def record():
    return make.recommendation()


@built_once
def section(coordinator, record):
    template = reports_make.template("Report", "Method")
    template.sections.update(facts="positions updates measurements actions assessments evidence")
    cluster = Cluster.objects.create(name="Children")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    report = reports_make.report(coordinator, template=template, cluster=cluster, facts_on=DAY)
    return report.sections.select_related("report").get()


def texts(section, code: str, user, *, is_new: bool = False) -> list[str]:
    return [fact.text for fact in offered_facts(section, code, user, is_new=is_new).facts]


def update_of(day: date, text: str, record, ministry, by) -> Update:
    made = progress_make.update(record, ministry, state="validated", text=text, written_by=by)
    step = UpdateStep.objects.create(update=made, state="validated", by=by)
    UpdateStep.objects.filter(pk=step.pk).update(at=at(day))
    return made


def test_updates_approved_later_are_new(section, coordinator, record, ministry):
    update_of(EARLIER, "Known.", record, ministry, coordinator)
    late = update_of(LATER, "Not known yet.", record, ministry, coordinator)
    assert texts(section, "updates", coordinator) == ["Known."]
    assert texts(section, "updates", coordinator, is_new=True) == ["Not known yet."]
    assert offered_facts(section, "updates", coordinator).new == 1
    assert fact_of(section, "updates", str(late.pk), coordinator)[1].text == "Not known yet."


def test_without_a_day_everything_known_today_is_offered(section, coordinator, record, ministry):
    Report.objects.update(facts_on=None)
    update_of(LATER, "Known today.", record, ministry, coordinator)
    section.report.refresh_from_db()
    offered = offered_facts(section, "updates", coordinator, is_new=True)
    assert [fact.text for fact in offered.facts] == ["Known today."]
    assert (offered.new, offered.is_new) == (0, False)


def test_a_value_is_offered_as_it_was_before_its_correction(section, coordinator, record):
    indicator = indicator_make.indicator(about=record)
    old = indicator_make.value(indicator, 2024, 40, superseded_at=at(LATER))
    new = indicator_make.value(indicator, 2024, 60)
    Measurement.objects.filter(pk=old.pk).update(entered_at=at(EARLIER))
    Measurement.objects.filter(pk=new.pk).update(entered_at=at(LATER))
    assert [("40" in text, "60" in text) for text in texts(section, "measurements", coordinator)] == [(True, False)]


def test_the_chart_of_a_quoted_value_has_no_value_entered_since(section, coordinator, record):
    indicator = indicator_make.indicator(about=record)
    known, since = indicator_make.value(indicator, 2023, 40), indicator_make.value(indicator, 2025, 77)
    for value, day in ((known, EARLIER), (since, LATER)):
        Measurement.objects.filter(pk=value.pk).update(entered_at=at(day))
    quote_value(section, known, coordinator)
    assert "to 40" in chart_of(section, coordinator)
    quote_value(section, since, coordinator)
    assert "to 77" in chart_of(section, coordinator)


def quote_value(section, value: Measurement, by) -> None:
    section.refresh_from_db()
    source, fact = fact_of(section, "measurements", str(value.pk), by)
    what = {"source": source, "fact": fact, "text": section.text, "seen": section.version}
    services.quote_fact(section=section, **what, by=by)


def chart_of(section, user) -> str:
    """The text alternative of the only chart of the document."""
    document = document_of(section.report, user, on=LATER)
    [chart] = [block for block in document.blocks if block.kind == Kind.PICTURE]
    return chart.picture.alternative


@pytest.mark.database
def test_an_action_is_offered_as_its_history_has_it(section, coordinator, record, ministry):
    action = actions_make.action("Build ramps", ministry, [record])
    Action.objects.filter(pk=action.pk).update(created_at=at(EARLIER))
    Action.history.filter(id=action.pk).update(history_date=at(EARLIER))
    action.refresh_from_db()
    action.title = "Build lifts"
    action.save()
    assert [text.startswith("Build ramps") for text in texts(section, "actions", coordinator)] == [True]
    Report.objects.update(facts_on=None)
    section.report.refresh_from_db()
    assert [text.startswith("Build lifts") for text in texts(section, "actions", coordinator)] == [True]


def test_the_assessment_of_that_day_is_offered_though_a_later_one_replaced_it(section, coordinator, record):
    first = assessing_make.assessment(record, is_published=True, is_latest=False, reason="Not yet.", date=EARLIER)
    second = assessing_make.assessment(record, "full", is_published=True, reason="Built.", date=LATER)
    for made, day in ((first, EARLIER), (second, LATER)):
        QuerySet(Assessment).filter(pk=made.pk).update(made_at=at(day), published_at=at(day))
    assert [text.endswith("Not yet.") for text in texts(section, "assessments", coordinator)] == [True]


def test_an_assessment_that_was_retracted_since_is_offered_as_of_the_day_and_marked(section, coordinator, record):
    first = assessing_make.assessment(record, is_published=True, reason="Not yet.", date=EARLIER - timedelta(days=5))
    wrong = assessing_make.assessment(record, "full", is_published=True, reason="Built.", date=EARLIER)
    for made in (first, wrong):
        QuerySet(Assessment).filter(pk=made.pk).update(made_at=at(made.date), published_at=at(made.date))
    retracted = {"retracted_at": at(LATER), "retraction_reason": "A mistake.", "is_latest": False}
    Assessment.objects.filter(pk=wrong.pk).update(**retracted)
    (fact,) = offered_facts(section, "assessments", coordinator).facts
    assert (fact.text.endswith("Built."), fact.withdrawn_on) == (True, LATER)
    assert fact_of(section, "assessments", fact.key, coordinator) is None
    assert not offered_facts(section, "assessments", make.user(Role.READER)).facts
    Assessment.objects.filter(pk=wrong.pk).update(retracted_at=at(EARLIER))
    assert [text.endswith("Not yet.") for text in texts(section, "assessments", coordinator)] == [True]


def test_an_assessment_that_was_published_later_is_new(section, coordinator, record):
    made = assessing_make.assessment(record, reason="Not yet.", date=EARLIER)
    QuerySet(Assessment).filter(pk=made.pk).update(made_at=at(EARLIER), published_at=at(LATER))
    assert texts(section, "assessments", coordinator) == []
    assert len(texts(section, "assessments", coordinator, is_new=True)) == 1


def test_positions_and_evidence_of_later_days_are_not_offered(section, coordinator, record):
    position = Position.objects.create(recommendation=record, stand="supported", comment="We agree.")
    Position.objects.filter(pk=position.pk).update(created_at=at(LATER))
    piece = assessing_make.evidence(record)
    Evidence.objects.filter(pk=piece.pk).update(added_at=at(LATER))
    for code in ("positions", "evidence"):
        assert texts(section, code, coordinator) == []
        assert len(texts(section, code, coordinator, is_new=True)) == 1


def test_the_day_is_set_with_the_report(section, coordinator):
    report, day = section.report, timezone.localdate() - timedelta(days=1)
    values = reports_make.report_values(report.template, facts_on=day)
    services.edit_report(report=report, values=values, seen=report.version, by=coordinator)
    report.refresh_from_db()
    assert report.facts_on == day


def withdrawn(row, day: date):
    reason = {"withdrawn_at": at(day), "withdrawal_reason": "It was wrong."}
    type(row).objects.filter(pk=row.pk).update(**reason)


def test_what_was_withdrawn_since_is_offered_as_of_the_day_and_marked(section, coordinator, record, ministry):
    update = update_of(EARLIER, "Known.", record, ministry, coordinator)
    evidence = Evidence.objects.create(title="A decree", kind="law", institution=ministry, link="https://example.org")
    evidence.abouts.create(recommendation=record)
    Evidence.objects.filter(pk=evidence.pk).update(added_at=at(EARLIER))
    for row in (update, evidence):
        withdrawn(row, LATER)
    for code in ("updates", "evidence"):
        (fact,) = offered_facts(section, code, coordinator).facts
        assert fact.withdrawn_on == LATER
        assert fact_of(section, code, fact.key, coordinator) is None
        assert not offered_facts(section, code, make.user(Role.READER)).facts
    withdrawn(update, EARLIER)
    assert texts(section, "updates", coordinator) == []
    section.report.facts_on = None
    section.report.save()
    assert texts(section, "evidence", coordinator) == []


def test_a_section_says_that_it_quotes_what_was_withdrawn(client, section, coordinator, record, ministry):
    update = update_of(EARLIER, "Known.", record, ministry, coordinator)
    source, fact = fact_of(section, "updates", str(update.pk), coordinator)
    services.quote_fact(section=section, source=source, fact=fact, text="", seen=section.version, by=coordinator)
    client.force_login(coordinator)
    page = section.get_absolute_url()
    assert "withdrawn" not in client.get(page).content.decode()
    withdrawn(update, LATER)
    shown = client.get(page).content.decode()
    assert "This section quotes a fact that was withdrawn since: [^1]." in shown
    assert "withdrawn on 1 March 2026" in shown


def test_the_records_are_those_that_were_in_the_cluster_on_the_day(section, coordinator, record, ministry):
    later, gone = make.recommendation(), make.recommendation()
    cluster = section.report.cluster
    Cluster.objects.update(created_at=at(EARLIER))
    for other in (later, gone):
        ClusterMember.objects.create(cluster=cluster, recommendation=other)
        update_of(EARLIER, f"On {other.code}.", other, ministry, coordinator)
    members = ClusterMember.objects.filter(cluster=cluster)
    members.update(added_at=at(EARLIER))
    members.filter(recommendation=later).update(added_at=at(LATER))
    members.filter(recommendation=gone).update(left_at=at(LATER))
    section = type(section).objects.select_related("report__cluster").get(pk=section.pk)
    assert texts(section, "updates", coordinator) == [f"On {gone.code}."]
    assert texts(section, "updates", coordinator, is_new=True) == [f"On {later.code}."]
