"""Treaties, reservations and submitted reports as facts, as the common core document wants them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from servanda.people.access import Role
from servanda.reporting.facts.registry import fact_sources
from servanda.reporting.report_templates.loading import load_report_templates, shipped_files
from servanda.reporting.reports.fact_drafts import drafted_sources, fact_draft
from servanda.reporting.reports.queries import offered_facts
from servanda.sources.models import AcceptedProcedure, Obligation, Submission, TreatyStatus
from tests import actions_make, make, obligation_make, reports_make, treaties_make

pytestmark = pytest.mark.django_db
DAY = date(2020, 6, 1)


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR)


@pytest.fixture
def section(coordinator):
    template = reports_make.template("Report", "Norms")
    template.sections.update(facts="treaties reservations submitted-reports")
    return reports_make.report(coordinator, template=template).sections.get()


def texts(section, code: str, user) -> list[str]:
    return [fact.text for fact in offered_facts(section, code, user).facts]


def bound(code: str = "CEDAW", **fields) -> TreatyStatus:
    fields = {"consent": "accession", "in_force_on": date(1993, 8, 5), "source": "UNTC"} | fields
    return treaties_make.treaty(code, **fields)


def test_treaties_are_offered_with_standing_days_and_procedures(section, coordinator):
    status = bound(deposited_on=date(1993, 7, 6))
    AcceptedProcedure.objects.create(status=status, kind="complaints", accepted_on=date(2004, 9, 23))
    AcceptedProcedure.objects.create(status=status, kind="inquiry", withdrawn_on=date(2010, 1, 1))
    treaties_make.treaty("CMW", source="UNTC")
    treaties_make.treaty("CED")
    [text] = texts(section, "treaties", coordinator)
    parts = ("Party (Accession)", "deposited on: 6 July 1993", "in force for the State since: 5 August 1993")
    assert all(part in text for part in parts)
    assert text.startswith("Convention CEDAW: ")
    procedures = text.partition("accepted procedures: ")[2]
    assert (procedures != "", "nquir" in procedures) == (True, False)


def test_a_treaty_is_offered_as_it_was_on_the_day_of_the_facts(section, coordinator):
    status = bound(signed_on=date(2019, 1, 1), consent="", in_force_on=None)
    TreatyStatus.history.update(history_date=timezone.now() - timedelta(days=3_000))
    status.consent, status.in_force_on = "ratification", date(2024, 1, 1)
    status.save()
    section.report.facts_on = DAY
    [then] = texts(section, "treaties", coordinator)
    section.report.facts_on = None
    [now] = texts(section, "treaties", coordinator)
    assert ("Signed, not ratified" in then, "Party (Ratification)" in now) == (True, True)


def test_reservations_in_force_on_the_day_are_offered(section, coordinator):
    status = bound()
    treaties_make.reservation(status, text="Not bound by it.", article="Article 29", made_on=date(1993, 7, 6))
    treaties_make.reservation(status, text="Withdrawn.", withdrawn_on=date(2021, 1, 1))
    treaties_make.reservation(status, text="Later.", made_on=date(2022, 1, 1))
    assert texts(section, "reservations", coordinator) == ["Not bound by it.", "Later."]
    section.report.facts_on = DAY
    assert set(texts(section, "reservations", coordinator)) == {"Not bound by it.", "Withdrawn."}
    [fact] = [fact for fact in offered_facts(section, "reservations", coordinator).facts if "bound" in fact.text]
    assert "Article 29" in fact.lead


def test_submitted_reports_are_offered_and_confidential_ones_are_not(section, coordinator):
    for title, confidentiality in (("Sixth report", "public"), ("Secret", "internal")):
        due = obligation_make.obligation(title, confidentiality=confidentiality)
        obligation_make.submission(due, submitted_on=date(2020, 1, 15))
    obligation_make.obligation("Not submitted")
    [text] = texts(section, "submitted-reports", coordinator)
    assert text.endswith("Sixth report was submitted on 15 January 2020.")
    Obligation.objects.update(created_at=timezone.make_aware(timezone.datetime(2019, 1, 1)))
    section.report.facts_on = DAY
    assert len(texts(section, "submitted-reports", coordinator)) == 1
    Submission.objects.update(submitted_on=date(2021, 1, 1))
    assert texts(section, "submitted-reports", coordinator) == []


def test_the_common_core_document_wants_what_the_system_holds(vocabulary):
    load_report_templates()
    wanted = {row["key"]: row.get("facts", []) for row in shipped_files()["common-core-document"]["sections"]}
    assert {"treaties", "reservations"} <= set(wanted["norms"])
    assert set(wanted["reporting"]) == {"mechanism", "submitted-reports"}
    known = {source.code for source in fact_sources()}
    assert {code for codes in wanted.values() for code in codes} <= known


def test_facts_that_are_not_about_records_are_drafted_beside_others(coordinator):
    """In the annual report: late obligations beside late actions."""
    record, ministry = make.recommendation(), make.institution("ministry")
    actions_make.action("Build ramps", ministry, [record], due_on=timezone.localdate() - timedelta(days=9))
    obligation_make.obligation("Sixth report", due_on=timezone.localdate() - timedelta(days=9))
    template = reports_make.template("Report", "Late")
    template.sections.update(facts="late-actions late-obligations")
    section = reports_make.report(coordinator, template=template).sections.get()
    assert [source.code for source in drafted_sources(section)] == ["late-actions", "late-obligations"]
    text = fact_draft(section, coordinator).text
    assert ("Build ramps" in text, "Sixth report" in text) == (True, True)
