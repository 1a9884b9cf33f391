"""The rules and treaties that come with Servanda."""

import pytest

from servanda.vocab.models import Body, Certainty, Force, Instrument, ObligationRule
from servanda.vocab.services.loading import load_vocabulary, rows_of

pytestmark = pytest.mark.django_db
PAGES = {"en", "es", "fr", "pt", "ar"}
CORE = {"ICERD", "ICCPR", "ICESCR", "CEDAW", "CAT", "CRC", "ICRMW", "CRPD", "ICPPED"}
# Facts of domain.md, b9 and b16: how many, of what, how strongly, and the limit of words.
FACTS = {
    "upr-national-report": ("session", -12, "weeks", "binding", "fixed", 10_700),
    "upr-advance-questions": ("session", -10, "working-days", "none", "fixed", None),
    "upr-addendum": ("adoption", -1, "days", "requested", "fixed", 2_675),
    "common-core": ("document", None, "", "requested", "fixed", 42_400),
    "loipr-initial": ("document", None, "", "binding", "fixed", 31_800),
    "loipr-periodic": ("document", None, "", "binding", "fixed", 21_200),
    "list-of-issues": ("document", None, "", "requested", "fixed", 10_700),
    "ccpr-periodic": ("previous-deadline", 96, "months", "binding", "estimate", 21_200),
    "crc-periodic": ("body", None, "", "binding", "to-be-communicated", 21_200),
    "ccpr-follow-up": ("issued", 36, "months", "requested", "fixed", None),
    "cedaw-follow-up": ("document", None, "", "requested", "fixed", None),
    "cat-follow-up": ("issued", 12, "months", "requested", "fixed", None),
    "ced-follow-up": ("issued", 12, "months", "requested", "fixed", None),
    "cmw-follow-up": ("issued", 24, "months", "requested", "fixed", None),
    "cescr-views": ("notification", 6, "months", "binding", "fixed", None),
    "echr-action-plan": ("finality", 6, "months", "binding", "fixed", None),
    "cpt-response": ("document", None, "", "requested", "fixed", None),
    "esc-report": ("previous-deadline", 24, "months", "binding", "estimate", None),
    "fcnm-report": ("previous-deadline", 60, "months", "binding", "estimate", None),
    "ecrml-report": ("previous-deadline", 60, "months", "binding", "estimate", None),
    "ecrml-immediate-action": ("previous-deadline", 30, "months", "requested", "estimate", None),
    "grevio-follow-up": ("issued", 36, "months", "requested", "fixed", None),
    "greta-comments": ("receipt", 2, "months", "requested", "fixed", None),
    "iachr-referral": ("notification", 3, "months", "none", "fixed", None),
    "iachr-merits-report": ("document", None, "", "binding", "fixed", None),
    "iacthr-compliance": ("notification", 12, "months", "binding", "fixed", None),
    "achpr-periodic": ("previous-deadline", 24, "months", "binding", "estimate", None),
    "achpr-decision": ("notification", 180, "days", "binding", "fixed", None),
    "communication": ("letter", 60, "days", "requested", "fixed", None),
    "communication-urgent": ("document", None, "", "requested", "fixed", None),
}


@pytest.mark.parametrize("code", FACTS)
def test_a_shipped_rule_has_the_facts_of_the_field(vocabulary, code):
    rule = ObligationRule.objects.get(code=code)
    assert (rule.trigger, rule.offset, rule.unit, rule.force, rule.certainty, rule.word_limit) == FACTS[code]


def test_every_rule_has_a_source_and_says_why_its_clock_starts_where_it_does(vocabulary):
    rules = ObligationRule.objects.all()
    assert rules.count() >= 60
    assert [rule.code for rule in rules if not rule.source or PAGES - rule.clock.data.keys()] == []


def test_every_explanation_has_the_five_languages_of_the_pages(vocabulary):
    texts = {row["code"]: row for row in rows_of("rule_texts")}
    assert [code for code, row in texts.items() if not all(row[language] for language in PAGES)] == []
    used = {row[name] for row in rows_of("obligation_rules") for name in ("counts", "clock", "note")} - {""}
    assert used == texts.keys()


def test_what_is_not_confirmed_is_to_be_verified(vocabulary):
    unverified = set(ObligationRule.objects.filter(is_to_verify=True).values_list("code", flat=True))
    assert {"communication", "upr-addendum", "arab-initial", "arab-periodic", "acerwc-periodic"} <= unverified
    assert not {"communication-wgad", "echr-action-plan", "upr-national-report"} & unverified


def test_the_mid_term_report_is_voluntary_and_the_days_of_others_are_for_information(vocabulary):
    assert ObligationRule.objects.get(code="upr-mid-term").force == Force.VOLUNTARY
    events = set(ObligationRule.objects.filter(force=Force.NONE).values_list("code", flat=True))
    assert events == {"upr-advance-questions", "upr-next-review", "iachr-referral"}


def test_every_day_that_is_counted_from_a_cycle_is_an_estimate(vocabulary):
    cycles = ObligationRule.objects.filter(trigger__in=["previous-deadline", "review"])
    assert set(cycles.values_list("certainty", flat=True)) == {Certainty.ESTIMATE}


def test_the_committee_without_follow_up_has_no_rule_for_it(vocabulary):
    assert not ObligationRule.objects.filter(body__code="CRPD", kind="follow-up").exists()


def test_the_nine_core_treaties_have_an_initial_report_and_a_next_one(vocabulary):
    assert set(Instrument.objects.filter(is_core=True).values_list("code", flat=True)) == CORE
    for kind in ("initial-report", "periodic-report"):
        found = ObligationRule.objects.filter(kind=kind, instrument__is_core=True)
        assert set(found.values_list("instrument__code", flat=True)) == CORE


def test_every_treaty_has_a_name_in_the_five_languages_a_body_and_a_source(vocabulary):
    for instrument in Instrument.objects.select_related("body"):
        assert instrument.name.data.keys() >= PAGES, instrument.code
        assert None not in (instrument.body, instrument.source or None), instrument.code
        days = [day for day in (instrument.adopted_on, instrument.in_force_on) if day]
        assert days == sorted(days), instrument.code


def test_protocols_belong_to_a_treaty_and_treaties_to_nothing(vocabulary):
    kinds = {(instrument.kind, instrument.parent is not None) for instrument in Instrument.objects.all()}
    assert kinds == {("treaty", False), ("protocol", True)}


def test_local_rules_and_treaties_stay_when_the_vocabulary_is_loaded_again(vocabulary):
    own = ObligationRule.objects.create(code="own", kind="other", trigger="document", source="Law", is_own=True)
    Instrument.objects.filter(code="CRC").update(name={"en": "Children's convention"}, is_own=True)
    ObligationRule.objects.filter(code="cat-follow-up").update(offset=18)
    ObligationRule.objects.filter(code="cmw-follow-up").update(is_retired=True)
    assert +load_vocabulary() == {"rules ~": 1}
    assert ObligationRule.objects.get(code="cat-follow-up").offset == 12
    assert ObligationRule.objects.get(code="cmw-follow-up").is_retired
    assert str(Instrument.objects.get(code="CRC").name) == "Children's convention"
    own.refresh_from_db()


def test_a_body_of_a_rule_that_is_missing_leaves_the_rule_without_one(vocabulary):
    assert set(ObligationRule.objects.filter(body=None).values_list("code", flat=True)) == {
        *("common-core", "loipr-initial", "loipr-periodic", "list-of-issues"),
        *("communication", "communication-urgent"),
    }
    assert Body.objects.filter(rules__isnull=False).distinct().count() >= 25
