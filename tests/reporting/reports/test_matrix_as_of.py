"""The matrix of a report with facts as of a day: what was known then, also if it was changed or withdrawn since."""

from datetime import date

import pytest
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from servanda.people.access import Role
from servanda.planning.models import Action, ActionRecommendation, Assignment
from servanda.progress.models import Assessment
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.models import Cluster, ClusterMember, Position, Recommendation, TextVersion
from servanda.recommendations.records.stands import refresh_stands
from servanda.recommendations.register import matrix
from servanda.reporting.documents.contents import document_of, matrix_of
from servanda.reporting.reports.queries import offered_facts
from servanda.reporting.reports.scope import end_of_facts
from tests import actions_make, assessing_make, make, reports_make
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
    made = make.recommendation("Build schools.")
    Recommendation.every_kind.filter(pk=made.pk).update(created_at=at(EARLIER))
    TextVersion.objects.update(created_at=at(EARLIER))
    return made


@built_once
def report(coordinator, record):
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix", facts="actions")
    cluster = Cluster.objects.create(name="Children")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    return reports_make.report(coordinator, template=template, cluster=cluster, facts_on=DAY)


def values(report, user) -> dict[str, str]:
    lines = matrix_of(report, user, end_of_facts(report)).lines
    return lines[0].values if lines else {}


def today(report, user) -> dict[str, str]:
    report.facts_on = None
    return values(report, user)


def test_a_record_of_a_later_day_is_not_in_it(report, record, coordinator):
    assert values(report, coordinator)["text"] == "Build schools."
    Recommendation.every_kind.filter(pk=record.pk).update(created_at=at(LATER))
    assert values(report, coordinator) == {}
    assert today(report, coordinator)["text"] == "Build schools."


def test_the_position_is_that_of_the_day(report, record, coordinator):
    for stand, day in (("noted", EARLIER), ("supported", LATER)):
        made = Position.objects.create(recommendation=record, stand=stand, date=day, comment=f"We {stand} it.")
        Position.objects.filter(pk=made.pk).update(created_at=at(day))
    refresh_stands([record.pk])
    then = values(report, coordinator)
    assert (then["position"], then["comment"]) == ("Noted", "We noted it.")
    assert today(report, coordinator)["position"] == "Supported"


def test_the_lead_is_that_of_the_day(report, record, coordinator, ministry):
    other = make.institution("other")
    former = Assignment.objects.create(recommendation=record, institution=ministry, since=EARLIER, due_on=LATER)
    Assignment.objects.filter(pk=former.pk).update(
        assigned_at=at(EARLIER), ended_at=at(LATER), ending=Assignment.Ending.REPLACED
    )
    present = Assignment.objects.create(recommendation=record, institution=other, since=LATER)
    Assignment.objects.filter(pk=present.pk).update(assigned_at=at(LATER))
    assert values(report, coordinator)["lead"] == str(ministry)
    assert today(report, coordinator)["lead"] == str(other)


def test_an_action_has_its_title_of_the_day_though_it_was_withdrawn_since(report, record, coordinator, ministry):
    action = actions_make.action("Build ramps", ministry, [record])
    ActionRecommendation.objects.update(added_at=at(EARLIER))
    Action.objects.filter(pk=action.pk).update(created_at=at(EARLIER))
    Action.history.filter(id=action.pk).update(history_date=at(EARLIER))
    action.refresh_from_db()
    action.title, action.withdrawn_at, action.withdrawal_reason = "Build lifts", at(LATER), "Too dear."
    action.save()
    assert values(report, coordinator)["action"] == "Build ramps"
    offered = offered_facts(report.sections.get(key="annex"), "actions", coordinator).facts
    assert [fact.text.startswith("Build ramps") for fact in offered] == [True]
    assert "action" not in today(report, coordinator)


def test_the_assessment_is_that_of_the_day(report, record, coordinator):
    first = assessing_make.assessment(
        record, "started", is_published=True, is_latest=False, reason="No.", date=EARLIER
    )
    second = assessing_make.assessment(record, "full", is_published=True, reason="Built.", date=LATER)
    for made, day in ((first, EARLIER), (second, LATER)):
        QuerySet(Assessment).filter(pk=made.pk).update(made_at=at(day), published_at=at(day))
    then = values(report, coordinator)["status"]
    assert then.endswith(str(first.get_common_display()))
    assert today(report, coordinator)["status"].endswith(str(second.get_common_display()))


def test_an_assessment_that_was_published_later_is_not_known_on_the_day(report, record, coordinator):
    made = assessing_make.assessment(record, "full", reason="Built.", date=EARLIER)
    QuerySet(Assessment).filter(pk=made.pk).update(made_at=at(EARLIER), published_at=at(LATER))
    assert "status" not in values(report, coordinator)
    assert today(report, coordinator)["status"]


def test_the_page_names_what_cannot_be_rebuilt(client, report, coordinator):
    client.force_login(coordinator)
    page = client.get(reverse("desk:report", args=[report.key])).content.decode()
    assert "removed since" in " ".join(page.split())


def test_the_matrix_has_the_columns_of_the_facts_that_its_section_wants(report, record, coordinator, ministry):
    actions_make.action("Build ramps", ministry, [record])
    piece = assessing_make.evidence(record, is_public=True)
    report.facts_on = None
    report.sections.filter(key="annex").update(facts="positions actions assessments evidence")
    shown = columns(report, coordinator)
    assert (shown["Action"], shown["Evidence"]) == ("Build ramps", piece.title)
    report.sections.filter(key="annex").update(facts="positions")
    assert {"Action", "Evidence", "Lead"}.isdisjoint(columns(report, coordinator))


def columns(report, user) -> dict[str, str]:
    """The values of the first line of the matrix in the document, by the headings of the columns."""
    layout = document_of(report, user, on=LATER).layout
    line = layout.lines[0].values
    return {label: line.get(key, "") for label, key in zip(layout.headings, layout.columns, strict=True)}


@pytest.mark.database
def test_evidence_that_is_not_public_is_not_in_the_matrix(report, record, coordinator):
    report.facts_on = None
    assessing_make.evidence(record)
    assert "evidence" not in values(report, coordinator)


def test_a_reader_of_the_public_side_sees_no_former_text(record, coordinator):
    """It may be from before the record was published."""
    TextVersion.objects.update(text="Build schools in the camp.", ended_at=at(DAY))
    text = TextVersion.objects.create(recommendation=record, language="en", text="Build schools.", is_original=True)
    TextVersion.objects.filter(pk=text.pk).update(created_at=at(DAY))
    person = make.user(Role.PUBLIC)
    make.appointment(person, make.institution("ministry"), bodies="CRC")
    for reader, shown in ((coordinator, "Build schools in the camp."), (person, "Build schools.")):
        source = matrix.Source(Recommendation.objects.all(), audience_of(reader), moment=at(EARLIER))
        assert [line.values["text"] for line in matrix.matrix_of(source).lines] == [shown]
