"""What rules make due: the days, the chain from the initial to the periodic report, the preview, and its undo."""

from datetime import date

import pytest

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.sources.models import Obligation, TreatyStatus
from servanda.sources.obligations import by_rules, services
from servanda.sources.obligations.extensions import answer_extension, ask_extension
from servanda.vocab.models import Instrument
from tests import make, obligation_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def convention() -> Instrument:
    in_force = {"in_force_on": date(1981, 9, 3)}
    return Instrument.objects.create(
        code="CEDAW", name="Convention", system="UN", body=make.committee("CEDAW"), **in_force
    )


@built_once
def reports(convention):
    """The initial report a year after the entry into force, and the periodic ones every four years."""
    first = {"kind": "initial-report", "trigger": "entry-into-force", "offset": 12, "certainty": "fixed"}
    return [
        obligation_make.rule("cedaw-initial", instrument=convention, **first, order=1),
        obligation_make.rule("cedaw-periodic", instrument=convention, order=2),
    ]


def days(proposals) -> list[tuple[str, date | None, str]]:
    return [(proposal.rule.code, proposal.due_on, proposal.certainty) for proposal in proposals]


def test_a_treaty_in_force_gives_the_initial_report_and_the_estimate_of_the_next(reports):
    body = make.committee("CEDAW")
    TreatyStatus.objects.create(instrument=reports[0].instrument, consent="accession", in_force_on=date(2024, 2, 29))
    starts = by_rules.usual_starts(body, by_rules.rules_of(body))
    assert days(by_rules.propose(by_rules.rules_of(body), starts)) == [
        ("cedaw-initial", date(2025, 2, 28), "fixed"),
        ("cedaw-periodic", date(2029, 2, 28), "estimate"),
    ]


def test_the_last_deadline_of_a_report_starts_the_next_cycle(reports):
    obligation_make.obligation(due_on=date(2027, 3, 1))
    body = make.committee("CEDAW")
    starts = by_rules.usual_starts(body, by_rules.rules_of(body))
    assert days(by_rules.propose(by_rules.rules_of(body), starts)) == [
        ("cedaw-periodic", date(2031, 3, 1), "estimate")
    ]


def test_a_state_that_opted_out_of_simplified_reporting_owes_no_replies_prior_to_a_report(reports):
    body, convention = make.committee("CEDAW"), reports[0].instrument
    issues = {"kind": "loipr", "trigger": "list-of-issues", "offset": 12}
    replies = obligation_make.rule("cedaw-loipr", instrument=convention, **issues, order=3)
    status = TreatyStatus.objects.create(instrument=convention, consent="accession", in_force_on=date(2024, 2, 29))
    assert by_rules.rules_of(body) == [*reports, replies]
    TreatyStatus.objects.filter(pk=status.pk).update(opted_out_on=date(2025, 5, 1))
    assert by_rules.rules_of(body) == reports
    TreatyStatus.objects.filter(pk=status.pk).update(denounced_on=date(2026, 1, 1))
    assert by_rules.rules_of(body) == [*reports, replies]


def test_replies_prior_to_a_report_are_the_report_and_only_one_of_the_two_is_selected(reports):
    body, convention = make.committee("CEDAW"), reports[0].instrument
    issues = {"kind": "loipr", "trigger": "list-of-issues", "offset": 12, "certainty": "estimate"}
    obligation_make.rule("cedaw-loipr", instrument=convention, **issues, order=3)
    starts, on = {"previous-deadline": date(2027, 3, 1)}, date(2027, 3, 2)

    def wanted() -> list[str]:
        return [row.rule.code for row in by_rules.propose(by_rules.rules_of(body), starts) if row.is_wanted(on=on)]

    assert wanted() == ["cedaw-periodic"]
    starts |= {"list-of-issues": date(2029, 7, 1)}
    assert wanted() == ["cedaw-loipr"]
    TreatyStatus.objects.create(instrument=convention, consent="accession", opted_out_on=date(2025, 5, 1))
    assert wanted() == ["cedaw-periodic"]


def test_a_session_of_the_review_gives_what_comes_before_and_after_it():
    upr = {"body": make.body()}
    obligation_make.rule(
        "a", kind="national-report", trigger="session", offset=-12, unit="weeks", certainty="fixed", **upr
    )
    questions = {"kind": "advance-questions", "force": "none", "trigger": "session", "unit": "working-days"}
    obligation_make.rule("b", offset=-10, certainty="fixed", **questions, **upr)
    obligation_make.rule("c", kind="addendum", trigger="adoption", offset=-1, unit="days", certainty="fixed", **upr)
    obligation_make.rule("d", kind="mid-term", trigger="review", offset=30, force="voluntary", **upr)
    rules = by_rules.rules_of(upr["body"])
    starts = {"session": date(2027, 11, 1), "adoption": date(2028, 3, 1), "review": date(2027, 11, 3)}
    assert days(by_rules.propose(rules, starts)) == [
        ("a", date(2027, 8, 9), "fixed"),
        ("b", date(2027, 10, 18), "fixed"),
        ("c", date(2028, 2, 29), "fixed"),
        ("d", date(2030, 5, 3), "estimate"),
    ]
    assert days(by_rules.propose(rules, {"review": date(2027, 8, 31)})) == [("d", date(2030, 2, 28), "estimate")]


def test_what_the_body_communicates_has_no_day_and_what_a_document_sets_is_not_proposed():
    fields = {"offset": None, "certainty": "to-be-communicated"}
    obligation_make.rule("crc", trigger="body", **fields)
    obligation_make.rule("follow-up", trigger="document", **fields)
    proposals = by_rules.propose(by_rules.rules_of(make.committee("CEDAW")), {})
    assert days(proposals) == [("crc", None, "to-be-communicated")]


def test_a_start_before_the_treaty_is_refused_beside_its_field(reports):
    rules = by_rules.rules_of(make.committee("CEDAW"))
    with pytest.raises(FieldRefused, match="before the entry into force") as refused:
        by_rules.propose(rules, {"entry-into-force": date(1980, 1, 1)})
    assert refused.value.field == "entry-into-force"


def test_the_chosen_ones_are_added_once_and_removed_in_one_step(coordinator, reports):
    body, starts = make.committee("CEDAW"), {"previous-deadline": date(2027, 3, 1)}
    given = {"body": body, "starts": starts, "by": coordinator}
    batch = by_rules.add_by_rules(chosen=["cedaw-periodic"], **given)
    due = Obligation.objects.kept().get()
    assert (due.due_on, due.day_from, due.certainty, due.word_limit, due.clock_on) == (
        date(2031, 3, 1),
        "rule",
        "estimate",
        21200,
        date(2027, 3, 1),
    )
    with pytest.raises(Refused, match="already added"):
        by_rules.add_by_rules(chosen=["cedaw-periodic"], **given)
    assert by_rules.undo_rules(batch=batch, by=coordinator) == 1
    assert not Obligation.objects.kept().exists()
    with pytest.raises(Refused, match="already"):
        by_rules.undo_rules(batch=batch, by=coordinator)
    assert by_rules.propose(by_rules.rules_of(body), starts)[0].present is None


def test_what_was_changed_since_is_not_removed(coordinator, reports):
    starts = {"previous-deadline": date(2027, 3, 1)}
    batch = by_rules.add_by_rules(
        body=make.committee("CEDAW"), starts=starts, chosen=["cedaw-periodic"], by=coordinator
    )
    due = Obligation.objects.kept().get()
    services.set_obligation_state(obligation=due, state="open", reason="", seen=None, by=coordinator)
    with pytest.raises(Refused, match=due.code):
        by_rules.undo_rules(batch=batch, by=coordinator)
    assert Obligation.objects.kept().exists()


def test_nothing_chosen_adds_nothing(coordinator, reports):
    with pytest.raises(Refused, match="Select at least one"):
        by_rules.add_by_rules(body=make.committee("CEDAW"), starts={}, chosen=[], by=coordinator)


def test_a_local_rule_does_not_propose_again_what_the_shipped_one_has_added(coordinator, reports):
    body, starts = make.committee("CEDAW"), {"previous-deadline": date(2027, 3, 1)}
    by_rules.add_by_rules(body=body, starts=starts, chosen=["cedaw-periodic"], by=coordinator)
    obligation_make.rule(
        "cedaw-periodic-local", instrument=reports[1].instrument, is_own=True, replaces=reports[1], offset=36
    )
    [proposal] = by_rules.propose(by_rules.rules_of(body), starts)
    assert (proposal.rule.code, proposal.due_on) == ("cedaw-periodic-local", date(2030, 3, 1))
    assert proposal.present == Obligation.objects.kept().get()
    [of_next_cycle] = by_rules.propose(by_rules.rules_of(body), {"previous-deadline": date(2031, 3, 1)})
    assert of_next_cycle.present is None


def test_what_a_document_or_a_person_made_due_on_that_day_is_not_proposed_again(reports):
    due = obligation_make.obligation(due_on=date(2031, 3, 1))
    other = obligation_make.rule("cedaw-follow-up", kind="follow-up", instrument=reports[1].instrument, order=3)
    starts = {"previous-deadline": date(2027, 3, 1)}
    proposals = by_rules.propose([reports[1], other], starts)
    assert [proposal.present for proposal in proposals] == [due, None]


def test_what_was_extended_since_is_not_proposed_again(coordinator, reports):
    body, starts = make.committee("CEDAW"), {"previous-deadline": date(2027, 3, 1)}
    by_rules.add_by_rules(body=body, starts=starts, chosen=["cedaw-periodic"], by=coordinator)
    due = Obligation.objects.kept().get()
    data = {"asked_on": date(2026, 1, 1), "asked_until": None, "ground": "Elections."}
    extension = ask_extension(obligation=due, **data, by=coordinator)
    answer = {"answered_on": date(2026, 2, 1), "granted_until": date(2031, 6, 1)}
    answer_extension(extension=extension, **answer, by=coordinator)
    [proposal] = by_rules.propose(by_rules.rules_of(body), starts)
    assert (proposal.due_on, proposal.present) == (date(2031, 3, 1), due)
