"""What sections may quote: what the same person sees in the rooms below, and on how many records there is nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from servanda.people.access import Role
from servanda.progress.models import Contribution
from servanda.recommendations.models import Cluster, ClusterMember, OrderedMeasure, Position
from servanda.reporting.facts.registry import FactSource, fact_sources, labels_of, register_facts
from servanda.reporting.models import ReportTemplate
from servanda.reporting.report_templates.loading import load_report_templates
from servanda.reporting.reports.forms import ReportForm, initial_of
from servanda.reporting.reports.queries import days_of_withdrawal, fact_of, offered_facts
from servanda.reporting.reports.scope import records_of
from servanda.reporting.reports.services import add_report, quote_fact
from servanda.sources.models import Document, Obligation, Submission
from tests import actions_make, assessing_make, make, obligation_make, progress_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator(loaded_once):
    return make.user(Role.COORDINATOR)


@built_once
def ministry(loaded_once):
    return make.institution("ministry")


def section_about(records, by, *facts: str):
    """A section that draws on these facts, of a report on the review of the records."""
    template = reports_make.template("Report", "Method")
    template.sections.update(facts=" ".join(facts))
    cluster = Cluster.objects.create(name=f"Cluster {next(make.numbers)}")
    for record in records:
        ClusterMember.objects.create(cluster=cluster, recommendation=record)
    return reports_make.report(by, template=template, cluster=cluster).sections.get()


def offered(section, code: str, user) -> list[str]:
    return [fact.text for fact in offered_facts(section, code, user).facts]


def test_approved_updates_are_offered_and_drafts_are_not(coordinator, ministry):
    record, other = make.recommendation(), make.recommendation()
    for state in ("draft", "validated", "published"):
        progress_make.update(record, ministry, state=state, text=f"We {state} it.", written_by=coordinator)
    section = section_about([record, other], coordinator, "updates")
    assert sorted(offered(section, "updates", coordinator)) == ["We published it.", "We validated it."]
    assert offered_facts(section, "updates", coordinator).gaps == 1


def test_decided_positions_are_offered_and_drafts_are_not(coordinator):
    record = make.recommendation()
    Position.objects.create(recommendation=record, stand="supported", comment="We agree.")
    Position.objects.create(recommendation=record, stand="noted", comment="Perhaps.", is_draft=True)
    section = section_about([record], coordinator, "positions")
    assert [text.endswith("We agree.") for text in offered(section, "positions", coordinator)] == [True]


def test_actions_values_assessments_and_evidence_are_offered(coordinator, ministry):
    record = make.recommendation()
    action = actions_make.action("Build ramps", ministry, [record])
    value = assessing_make.measurement(record)
    assessing_make.assessment(record, is_published=True, reason="The ramp is built.")
    evidence = assessing_make.evidence(record, title="The ramp")
    section = section_about([record], coordinator, "actions", "measurements", "assessments", "evidence")
    assert action.title in offered(section, "actions", coordinator)[0]
    assert offered(section, "measurements", coordinator) == [f"{value.indicator.name}: 7% (2025)"]
    assert "The ramp is built." in offered(section, "assessments", coordinator)[0]
    assert offered(section, "evidence", coordinator) == [evidence.title]
    for code in ("actions", "measurements", "assessments", "evidence"):
        assert offered_facts(section, code, coordinator).gaps == 0


@pytest.mark.parametrize(("code", "key"), [("upr-mid-term", "views"), ("inter-american-compliance", "observations")])
def test_sections_for_the_views_of_others_draw_on_independent_assessments_only(coordinator, vocabulary, code, key):
    record = make.recommendation()
    assessing_make.assessment(record, reason="The Government is content.")
    assessing_make.assessment(record, voice="independent", author="NHRI", reason="Little was done.")
    load_report_templates()
    shipped = ReportTemplate.objects.get(code=code).sections.get(key=key)
    section = section_about([record], coordinator, *shipped.fact_codes)
    texts = [text for source in shipped.fact_codes for text in offered(section, source, coordinator)]
    assert len(texts) == 1
    assert texts[0].endswith("Little was done.")
    assert offered_facts(section, "independent-assessments", coordinator).gaps == 0


def test_overdue_actions_and_obligations_are_offered_as_they_were_on_the_day(coordinator, ministry):
    record, today = make.recommendation(), timezone.localdate()
    for title, days in (("Late", -10), ("In time", 10)):
        actions_make.action(title, ministry, [record], due_on=today + timedelta(days=days))
        obligation_make.obligation(f"{title} report", due_on=today + timedelta(days=days))
    answered = obligation_make.obligation("Answered report", due_on=today - timedelta(days=10))
    obligation_make.submission(answered)
    obligation_make.obligation("Secret", due_on=today - timedelta(days=10), confidentiality="internal")
    Obligation.objects.update(created_at=timezone.now() - timedelta(days=90))
    section = section_about([record], coordinator, "late-actions", "late-obligations")
    [action] = offered(section, "late-actions", coordinator)
    assert action.startswith("Late (")
    [late] = offered(section, "late-obligations", coordinator)
    assert late.startswith("CEDAW: Late report was due on")
    section.report.facts_on = today - timedelta(days=5)
    Submission.objects.update(submitted_on=today - timedelta(days=2))
    texts = offered(section, "late-obligations", coordinator)
    assert [text.partition(" was due")[0] for text in texts] == ["CEDAW: Late report", "CEDAW: Answered report"]


def test_accepted_contributions_are_offered_as_the_public_reads_them(coordinator):
    record, closed = make.recommendation(), make.recommendation(is_published=False)
    answered = {"answered_at": timezone.now(), "state": "accepted"}
    nhri = assessing_make.contributor(name="Ada")
    assessing_make.contribution(record, "Ours.", contributor=nhri, organisation="NHRI", **answered)
    hidden = {"organisation": "Hidden", "hides_identity": True}
    assessing_make.contribution(record, "Theirs.", **hidden, **answered)
    assessing_make.contribution(record, "Pending.")
    assessing_make.contribution(record, "No.", **answered | {"state": "declined", "answer": "Off topic."})
    assessing_make.contribution(closed, "Closed.", **answered)
    section = section_about([record, closed], coordinator, "contributions")
    facts = {fact.text: fact for fact in offered_facts(section, "contributions", coordinator).facts}
    assert set(facts) == {"Ours.", "Theirs."}
    assert facts["Ours."].title == "NHRI"
    assert facts["Ours."].day == timezone.localdate()
    assert facts["Ours."].lead.startswith("NHRI wrote on")
    assert facts["Theirs."].title == "Not named"
    assert "Ada" not in facts["Ours."].citation
    assert "Hidden" not in facts["Theirs."].citation
    assert offered_facts(section, "contributions", coordinator).gaps == 1


def test_a_draft_quotes_a_contribution_without_an_author_as_such(coordinator):
    record = make.recommendation()
    answered = {"answered_at": timezone.now(), "state": "accepted", "hides_identity": True}
    assessing_make.contribution(record, "Theirs.", organisation="Hidden", **answered)
    section = section_about([record], coordinator, "contributions")
    [fact] = offered_facts(section, "contributions", coordinator).facts
    assert fact.lead.startswith("A contribution of ")
    assert "Not named" not in fact.citation


def test_a_contribution_that_was_withdrawn_since_is_marked_where_it_is_quoted(coordinator):
    record = make.recommendation()
    made = assessing_make.contribution(record, "Ours.", answered_at=timezone.now(), state="accepted")
    section = section_about([record], coordinator, "contributions")
    source, fact = fact_of(section, "contributions", str(made.pk), coordinator)
    quote_fact(section=section, source=source, fact=fact, text="", seen=section.version, by=coordinator)
    Contribution.objects.update(state="withdrawn", withdrawn_at=timezone.now())
    assert days_of_withdrawal(section.quotations.all()) == {1: timezone.localdate()}
    assert fact_of(section, "contributions", str(made.pk), coordinator) is None


def test_an_institution_is_offered_only_what_it_sees(coordinator, ministry):
    open_record = make.recommendation()
    closed = make.recommendation(confidentiality="restricted")
    for record, text in ((open_record, "Open."), (closed, "Closed.")):
        progress_make.update(record, make.institution("other"), state="published", text=text, written_by=coordinator)
    section = section_about([open_record, closed], coordinator, "updates")
    reports_make.assigned(section.report, section.key, ministry, coordinator)
    person = make.user(Role.FOCAL_POINT, ministry)
    assert offered(section, "updates", person) == ["Open."]
    assert offered_facts(section, "updates", person).records == 1
    assert sorted(offered(section, "updates", coordinator)) == ["Closed.", "Open."]


def test_a_fact_outside_of_the_scope_or_of_another_kind_cannot_be_quoted(coordinator, ministry):
    inside, outside = make.recommendation(), make.recommendation()
    here = progress_make.update(inside, ministry, state="published", written_by=coordinator)
    update = progress_make.update(outside, ministry, state="published", written_by=coordinator)
    section = section_about([inside], coordinator, "updates")
    assert fact_of(section, "updates", str(here.pk), coordinator) is not None
    assert fact_of(section, "updates", str(update.pk), coordinator) is None
    assert fact_of(section, "evidence", str(here.pk), coordinator) is None
    assert fact_of(section, "updates", "no number", coordinator) is None


def test_a_section_that_wants_no_facts_is_offered_none(coordinator):
    assert offered_facts(section_about([make.recommendation()], coordinator), "updates", coordinator) is None


def test_without_another_scope_a_report_is_about_the_body_of_its_obligation(coordinator):
    committee = make.committee("CEDAW")
    record = make.recommendation(body=committee)
    make.recommendation(body=make.committee("CAT"))
    report = reports_make.report(coordinator, obligation=obligation_make.obligation(body=committee))
    assert list(records_of(report, coordinator)) == [record]


def test_a_follow_up_report_is_about_the_selected_paragraphs_or_else_those_of_the_document(coordinator):
    committee = make.committee("CEDAW")
    older, latest = (Document.objects.create(symbol=f"CEDAW/C/SVN/CO/{number}") for number in (5, 7))
    make.recommendation(body=committee, document=older)
    selected, other = (make.recommendation(body=committee, document=latest) for _number in range(2))
    follow_up = assessing_make.follow_up(selected)
    assert list(records_of(reports_make.report(coordinator, obligation=follow_up), coordinator)) == [selected]
    fields = {"body": committee, "kind": "follow-up", "document": latest}
    report = reports_make.report(coordinator, obligation=obligation_make.obligation(**fields))
    assert set(records_of(report, coordinator)) == {selected, other}


def test_the_template_of_the_body_comes_first_and_other_obligations_have_none():
    commission = make.body("ACHPR")
    usual = reports_make.template("Periodic report", kinds="periodic-report", order=1)
    own = reports_make.template("Report to the Commission", kinds="periodic-report", order=2, body=commission)
    reports_make.template("Chapter", kinds="other")
    for fields, chosen in (({"body": commission}, own), ({}, usual), ({"kind": "other"}, None)):
        assert initial_of(None, obligation_make.obligation(**fields))["template"] == chosen


def test_a_filter_of_the_register_narrows_the_scope(coordinator):
    record = make.recommendation(body=make.committee("CEDAW"))
    make.recommendation(body=make.committee("CAT"))
    report = reports_make.report(coordinator, query="?body=CEDAW")
    assert list(records_of(report, coordinator)) == [record]


def test_each_shipped_source_has_a_label_and_two_of_one_code_are_refused():
    codes = [
        "answers",
        "comments",
        "positions",
        "updates",
        "measurements",
        "actions",
        "assessments",
        "independent-assessments",
        "evidence",
        "contributions",
        *("late-actions", "late-obligations"),
        *("treaties", "reservations", "submitted-reports"),
        "practices",
        *("commitments", "meetings", "shared-practices", "cooperation", "funding"),
        *("members", "agreements", "training", "mechanism"),
    ]
    assert [source.code for source in fact_sources()] == codes
    assert labels_of(["updates", "gone"]) == ["Updates"]
    source = fact_sources()[0]
    with pytest.raises(ValueError, match="registered already"):
        register_facts(FactSource("positions", "Again", source.rows, source.facts, source.covered))


# Measures of cases


def measure(**fields):
    made = make.recommendation(kind="measure", stand="", **fields)
    OrderedMeasure.objects.create(recommendation=made, type="general")
    return made


def test_a_report_on_cases_is_about_measures_that_its_reader_sees(coordinator, ministry):
    court = make.committee("IACTHR")
    public, closed = measure(body=court), measure(body=court, confidentiality="restricted")
    make.recommendation(body=court)
    template = reports_make.template("Action plan", "General", kinds="action-plan")
    report = reports_make.report(coordinator, template=template)
    assert set(records_of(report, coordinator)) == {public, closed}
    person = make.user(Role.FOCAL_POINT, ministry)
    assert list(records_of(report, person)) == [public]


def test_the_measures_of_one_body_are_chosen_as_the_scope(coordinator):
    mine = measure(body=make.committee("IACTHR"))
    measure(body=make.committee("ECHR"))
    template = reports_make.template("Action plan", "General", kinds="action-plan")
    form = ReportForm(
        {"title": "Plan", "template": template.pk, "language": "en", "view": "measures-IACTHR", "seen": "1"},
        user=coordinator,
    )
    assert form.is_valid(), form.errors
    report = add_report(values=form.values(), by=coordinator)
    assert report.query == "?kind=measure&body=IACTHR"
    assert list(records_of(report, coordinator)) == [mine]
