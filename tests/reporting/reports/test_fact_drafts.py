"""The first draft of a section from facts: by rules, in the order of the recommendations, with sources and gaps."""

import re
from datetime import date

import pytest
from django.utils import translation

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.models import Cluster, ClusterMember, Position, TextVersion
from servanda.reporting.facts.citing import cited, listed
from servanda.reporting.facts.record_numbers import RecordNumber, in_words
from servanda.reporting.models import ReportSection, ReportTemplate
from servanda.reporting.reports import services
from servanda.reporting.reports.counting import plain_text
from servanda.reporting.reports.fact_drafts import DraftChoice, drafted_sources, fact_draft, has_facts_to_draft
from servanda.reporting.reports.queries import fact_of, offered_facts
from servanda.reporting.reports.renewing import renew_quotations
from servanda.reporting.reports.uses import used_facts
from servanda.sources.models import Document
from tests import actions_make, assessing_make, make, progress_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
ALL = "positions updates measurements actions assessments evidence"


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def ministry():
    return make.institution("ministry", name="Ministry of Justice")


def section_about(records, by, facts: str = ALL, **report):
    template = reports_make.template("Report", "Chapters")
    template.sections.update(facts=facts)
    cluster = Cluster.objects.create(name=f"Cluster {next(make.numbers)}")
    for record in records:
        ClusterMember.objects.create(cluster=cluster, recommendation=record)
    return reports_make.report(by, template=template, cluster=cluster, **report).sections.get()


def drafted(section, by, choice: DraftChoice | None = None):
    section.refresh_from_db()
    return services.draft_section(section=section, seen=section.version, by=by, choice=choice)


def update(record, ministry, text: str, **fields):
    fields = {"state": "published", "language": "en"} | fields
    return progress_make.update(record, ministry, text=text, **fields)


@built_once
def records():
    return [make.recommendation(paragraph=number) for number in ("140.9", "140.10", "140.11")]


@pytest.mark.database
def test_the_facts_are_in_the_order_of_the_recommendations_each_with_its_source(coordinator, ministry, records):
    second, first = records[1], records[0]
    update(second, ministry, "A second law\nwas passed.")
    update(first, ministry, "A law was passed")
    section = drafted(section_about(records[:2], coordinator, "updates"), coordinator)
    assert section.text.split("\n\n") == [
        "**140.9 (A/HRC/59/15)**",
        "Ministry of Justice reported on 1 May 2026: A law was passed. [^1]",
        "**140.10 (A/HRC/59/15)**",
        "Ministry of Justice reported on 1 May 2026: A second law was passed. [^2]",
    ]


def section_on_paragraphs(records, by):
    """Of a follow-up report."""
    section = section_about(records, by, "updates")
    ReportTemplate.objects.update(kinds="follow-up")
    section.report.template.refresh_from_db()
    return section


def test_a_follow_up_reply_has_each_recommendation_as_the_body_wrote_it(coordinator, ministry):
    """In the language of the report, or else in that of the original."""
    first = make.recommendation("Repeal article 5* of the Act.\nReport on it.", paragraph="9", language="en")
    second = make.recommendation("Abroger la loi.", paragraph="10", language="fr")
    make_text(second, "Repeal the law, says a machine.", language="en", is_machine=True)
    make_text(first, "Abroger l’article 5.", language="fr")
    for record in (first, second):
        update(record, ministry, "Repealed.")
    section = drafted(section_on_paragraphs([first, second], coordinator), coordinator)
    assert section.text.split("\n\n") == [
        "**9 (A/HRC/59/15)**",
        "> Repeal article 5\\* of the Act.\n> Report on it.",
        "Ministry of Justice reported on 1 May 2026: Repealed. [^1]",
        "**10 (A/HRC/59/15)**",
        "> In French: “Abroger la loi.”",
        "Ministry of Justice reported on 1 May 2026: Repealed. [^2]",
    ]


def test_recommendations_with_the_same_fact_are_quoted_with_their_numbers_and_once(coordinator, ministry):
    first, second = (make.recommendation(f"Repeal {number}.", paragraph=number) for number in ("9", "10"))
    update(first, ministry, "A bill was drafted.")
    joint = update(first, ministry, "Both were repealed.")
    joint.recommendations.add(second)
    section = drafted(section_on_paragraphs([first, second], coordinator), coordinator)
    quoted = [part for part in section.text.split("\n\n") if part.startswith(">")]
    assert quoted == ["> Repeal 9.", "> **10** Repeal 10."]


def test_a_recommendation_that_the_reply_has_is_not_repeated(coordinator, ministry):
    record = make.recommendation("Repeal the law.", paragraph="9")
    update(record, ministry, "A bill was drafted.")
    section = drafted(section_on_paragraphs([record], coordinator), coordinator)
    update(record, ministry, "It was repealed.")
    text = drafted(section, coordinator).text
    assert "It was repealed." in text
    assert text.count("> Repeal the law.") == 1


def make_text(record, text: str, **fields) -> None:
    TextVersion.objects.create(recommendation=record, text=text, **fields)


@pytest.mark.database
def test_every_kind_of_fact_makes_a_sentence_and_every_source_names_number_and_document(
    coordinator, ministry, records
):
    record = records[0]
    Position.objects.create(recommendation=record, stand="supported", comment="We agree.", date=date(2025, 3, 1))
    update(record, ministry, "A law was passed.")
    value = assessing_make.measurement(record)
    actions_make.action("Build ramps", ministry, [record], due_on=date(2026, 12, 31))
    assessing_make.assessment(record, reason="The ramp is built.")
    assessing_make.evidence(record, title="The ramp")
    section = drafted(section_about([record], coordinator), coordinator)
    sentences = section.text.split("\n\n")[1:]
    assert [sentence.partition(" [^")[0] for sentence in sentences] == [
        "Position of the State, 1 March 2025: Supported. We agree.",
        "Ministry of Justice reported on 1 May 2026: A law was passed.",
        f"{value.indicator.name}: 7% (2025).",
        "Action, due on 31 December 2026: Build ramps (Not started).",
        "Government assessment, 1 September 2026: partial. The ramp is built.",
        "Statistic: The ramp.",
    ]
    assert record.code not in section.text
    for quotation in section.quotations.all():
        assert quotation.citation.endswith("140.9 (A/HRC/59/15)"), quotation.citation
        assert value.indicator.code not in quotation.citation


def test_a_record_without_a_document_is_named_by_its_body(coordinator, ministry):
    record = make.recommendation(paragraph="12", document=None)
    update(record, ministry, "A law was passed.")
    section = drafted(section_about([record], coordinator, "updates"), coordinator)
    assert section.text.startswith("**12 (UPR)**")
    assert section.quotations.get().citation.endswith("12 (UPR)")


@pytest.mark.parametrize("document", ["CEDAW/C/SVN/CO/7", ""])
def test_a_record_without_a_paragraph_is_named_by_reference_and_document(document):
    printed = Document.objects.create(symbol=document) if document else None
    record = make.recommendation(paragraph="", document=printed)
    named = f"{record.code} ({document})" if document else record.code
    assert in_words([RecordNumber.of(record)]) == named


@pytest.mark.parametrize("language", ["en", "es", "fr", "pt", "ar"])
def test_no_language_has_internal_codes_or_doubled_words_in_its_drafts(coordinator, ministry, records, language):
    first, second, third = records
    Position.objects.create(recommendation=first, stand="noted", comment="We disagree.", date=date(2025, 3, 1))
    update(first, ministry, "A law was passed.")
    value = assessing_make.measurement(first)
    action = actions_make.action("Build ramps", ministry, [first], due_on=date(2026, 12, 31))
    actions_make.action("Train teachers", ministry, [second])
    assessing_make.assessment(first, reason="The ramp is built.")
    assessing_make.evidence(first, title="The ramp")
    make.assignment(third, ministry)
    section = drafted(section_about(records, coordinator, language=language), coordinator)
    printed = [plain_text(section.text), *section.quotations.values_list("citation", flat=True)]
    for words in printed:
        for code in (first.code, second.code, third.code, value.indicator.code, action.code):
            assert code not in words, words
        assert re.search(r"\b([^\W\d]{3,})\W+\1\b", words) is None, words
        assert not re.search(r"[.:,]{2}|\s[.,)]|\(\s", words), words


def test_a_fact_in_another_language_is_quoted_with_its_language(coordinator, ministry, records):
    update(records[0], ministry, "Une loi a été adoptée.", language="fr")
    section = drafted(section_about(records[:1], coordinator, "updates"), coordinator)
    sentence = section.text.split("\n\n")[1]
    assert sentence == "Ministry of Justice reported on 1 May 2026, in French: “Une loi a été adoptée.” [^1]"


def test_what_is_said_on_several_recommendations_is_said_once(coordinator, ministry, records):
    written = update(records[0], ministry, "One law for both.")
    written.abouts.create(recommendation=records[1])
    section = drafted(section_about(records[:2], coordinator, "updates"), coordinator)
    assert section.text.split("\n\n")[0] == "**140.9, 140.10 (A/HRC/59/15)**"
    assert section.text.count("One law for both.") == 1


def test_positions_with_the_same_words_are_one_sentence_on_all_of_their_recommendations(coordinator, records):
    for record in records[:2]:
        Position.objects.create(
            recommendation=record, stand="supported", date=date(2025, 3, 1), symbol="A/59/15/Add.1"
        )
    Position.objects.create(recommendation=records[2], stand="noted", comment="Too dear.", date=date(2025, 3, 1))
    section = drafted(section_about(records, coordinator, "positions"), coordinator)
    assert section.text.split("\n\n") == [
        "**140.9, 140.10 (A/HRC/59/15)**",
        "Position of the State, 1 March 2025: Supported. [^1]",
        "**140.11 (A/HRC/59/15)**",
        "Position of the State, 1 March 2025: Noted. Too dear. [^3]",
    ]
    assert [row.citation for row in section.quotations.all()] == [
        "Position of the State, A/59/15/Add.1, 1 March 2025",
        "Position of the State, A/59/15/Add.1, 1 March 2025, 140.10 (A/HRC/59/15)",
        "Position of the State, 1 March 2025, 140.11 (A/HRC/59/15)",
    ]
    assert not has_facts_to_draft(section, coordinator)  # none of them is offered again


def test_a_draft_has_all_positions_of_a_review(coordinator, monkeypatch, records):
    monkeypatch.setattr("servanda.reporting.reports.fact_drafts.MOST_FACTS", 1)
    for record in records:
        Position.objects.create(recommendation=record, stand="supported", date=date(2025, 3, 1))
    draft = fact_draft(section_about(records, coordinator, "positions"), coordinator)
    assert (draft.left_out, draft.counts) == (0, {"positions": 3})
    assert draft.text.startswith("**140.9, 140.10, 140.11 (A/HRC/59/15)**")


def test_gaps_are_named_with_the_institution_that_leads(coordinator, ministry, records):
    update(records[0], ministry, "A law was passed.")
    make.assignment(records[1], ministry)
    section = drafted(section_about(records, coordinator, "updates"), coordinator)
    assert section.text.split("\n\n")[2:] == [
        r"**\[No information received from Ministry of Justice on: 140.10 (A/HRC/59/15).\]**",
        r"**\[No approved update on: 140.11 (A/HRC/59/15).\]**",
    ]


def test_a_second_draft_repeats_no_fact_and_no_gap(coordinator, ministry, records):
    update(records[0], ministry, "A law was passed.")
    section = drafted(section_about(records, coordinator, "updates"), coordinator)
    with pytest.raises(Refused, match="no draft"):
        drafted(section, coordinator)
    update(records[1], ministry, "A plan exists.")
    text = drafted(section, coordinator).text
    assert text.count("A law was passed.") == text.count("A plan exists.") == 1
    assert text.count("No approved update") == 1
    assert "140.10" not in text[text.index("No approved update") :]


def test_a_draft_that_was_deleted_as_a_whole_can_be_made_again(coordinator, ministry, records):
    update(records[0], ministry, "A law was passed.")
    update(records[1], ministry, "A fund was created.")
    section = drafted(section_about(records, coordinator, "updates"), coordinator)
    text = section.text
    kept = text.partition("**140.10")[0]
    section = services.write_section(section=section, text=kept, seen=section.version, by=coordinator)
    assert not fact_draft(section, coordinator).facts
    section = services.write_section(section=section, text="", seen=section.version, by=coordinator)
    again = drafted(section, coordinator)
    assert "A law was passed. [^3]" in again.text
    assert "A fund was created. [^4]" in again.text


@pytest.mark.database
def test_a_fact_that_another_section_quotes_is_not_drafted_again(coordinator, ministry, records):
    written = update(records[0], ministry, "A law was passed.")
    section = section_about(records, coordinator, "updates")
    other = ReportSection.objects.create(report=section.report, key="pledges", place=2, heading="P", facts="updates")
    source, fact = fact_of(other, "updates", str(written.pk), coordinator)
    services.quote_fact(section=other, source=source, fact=fact, text="", seen=other.version, by=coordinator)
    assert not has_facts_to_draft(section, coordinator)
    assert [fact.used_in for fact in offered_facts(section, "updates", coordinator).facts] == ["“P”"]
    [used] = used_facts(section, drafted_sources(section), coordinator)
    assert str(used) == "Ministry of Justice reported on 1 May 2026: A law was passed. (used in “P”)"
    assert "A law was passed." in drafted(section, coordinator, DraftChoice(again=(used.key,))).text
    assert used_facts(section, drafted_sources(section), coordinator) == []


def test_a_fact_whose_mark_was_deleted_elsewhere_is_drafted_again(coordinator, ministry, records):
    update(records[0], ministry, "A law was passed.")
    section = section_about(records, coordinator, "updates")
    other = ReportSection.objects.create(report=section.report, key="more", place=2, heading="P", facts="updates")
    other.refresh_from_db()
    services.draft_section(section=other, seen=other.version, by=coordinator)
    assert not has_facts_to_draft(section, coordinator)
    other.refresh_from_db()
    services.write_section(section=other, text="No law.", seen=other.version, by=coordinator)
    assert has_facts_to_draft(section, coordinator)


@pytest.mark.database
def test_what_sections_of_others_use_changes_nothing_for_an_institution(coordinator, ministry, records):
    update(records[0], ministry, "A law was passed.")
    section = section_about(records, coordinator, "updates")
    other = ReportSection.objects.create(report=section.report, key="more", place=2, heading="P", facts="updates")
    reports_make.assigned(section.report, section.key, ministry, coordinator)
    focal_point = make.user(Role.FOCAL_POINT, ministry)
    before = fact_draft(section, focal_point)
    services.draft_section(section=other, seen=other.version, by=coordinator)
    assert fact_draft(section, focal_point) == before
    assert used_facts(section, drafted_sources(section), focal_point) == []
    assert [fact.used_in for fact in offered_facts(section, "updates", focal_point).facts] == [""]


@pytest.mark.database
def test_facts_outside_of_the_period_are_marked_and_drafted_only_if_wanted(coordinator, ministry, records):
    update(records[0], ministry, "Long ago.", published_at="2020-05-01T10:00:00Z")
    update(records[1], ministry, "Lately.", start=date(2026, 2, 1), end=date(2026, 3, 1))
    period = {"start": date(2026, 1, 1), "end": date(2026, 12, 31)}
    section = section_about(records[:2], coordinator, "updates", **period)
    shown = {fact.text: fact.is_outside for fact in offered_facts(section, "updates", coordinator).facts}
    assert shown == {"Long ago.": True, "Lately.": False}
    text = drafted(section, coordinator).text
    assert "Lately." in text
    assert "Long ago." not in text
    gap = r"**\[No approved update on: 140.9 (A/HRC/59/15). Period: 1 January 2026 – 31 December 2026.\]**"
    assert gap in text
    text = drafted(section, coordinator, DraftChoice(is_of_period=False)).text
    assert "Long ago." in text
    assert "No approved update" not in text


@pytest.mark.database
def test_chosen_kinds_only_and_the_words_before_they_are_inserted(coordinator, ministry, records):
    update(records[0], ministry, "A law was passed.")
    actions_make.action("Build ramps", ministry, records[:1])
    section = section_about(records[:1], coordinator)
    whole = fact_draft(section, coordinator)
    assert whole.counts == {"updates": 1, "actions": 1}
    some = fact_draft(section, coordinator, DraftChoice(codes=("actions",)))
    assert 0 < some.words < whole.words
    text = drafted(section, coordinator, DraftChoice(codes=("actions",))).text
    assert some.text == text
    assert "A law" not in text


def test_a_sentence_of_a_draft_is_renewed_in_its_place(coordinator, ministry, records):
    update(records[0], ministry, "Une loi\nexiste", language="fr")
    update(records[1], ministry, "A law exists")
    section = drafted(section_about(records[:2], coordinator, "updates"), coordinator)
    facts = {1: reports_make.fact("Deux lois."), 2: reports_make.fact("Two laws exist")}
    given = {"text": section.text, "seen": section.version}
    stored = renew_quotations(section=section, facts=facts, **given, by=coordinator)
    assert "in French: “Deux lois.” [^1]" in stored.text
    assert "Two laws exist. [^2]" in stored.text


@pytest.mark.parametrize("number", [1, 20])
def test_a_draft_costs_the_same_number_of_queries(coordinator, ministry, number, django_assert_max_num_queries):
    records = [make.recommendation() for _number in range(number)]
    for record in records:
        update(record, ministry, "A law was passed.")
        assessing_make.evidence(record)
        make.assignment(record, ministry)
    section = section_about([*records, make.recommendation()], coordinator)
    with django_assert_max_num_queries(40):
        drafted(section, coordinator)


def test_an_annex_with_the_matrix_is_not_drafted(coordinator):
    """Its columns have the facts already."""
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "Annex", content="matrix", facts="positions actions")
    section = reports_make.report(coordinator, template=template).sections.get(key="annex")
    assert drafted_sources(section) == []


@pytest.mark.parametrize(("language", "comma"), [("en", ", "), ("ar", "، ")])
def test_the_parts_of_leads_and_citations_have_the_comma_of_the_language(language, comma):
    with translation.override(language):
        assert listed("A", "", None, "B") == f"A{comma}B"
        assert cited("A", "B") == f"A{comma}B"
