"""The addendum is drafted from decided positions, in the groups that Slovenia uses, and stays within its limit."""

import re
from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.models import Cluster, ClusterMember, Position, Recommendation
from servanda.reporting.documents.blocks import Kind
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.models import Report, ReportTemplate
from servanda.reporting.reports import services
from servanda.reporting.reports.queries import total_of
from servanda.sources.models import Review
from servanda.sources.upr import working_group
from tests import actions_make, assessing_make, make, reports_make
from tests.once import built_once
from tests.paths import SLOVENIA

pytestmark = pytest.mark.django_db
NAMES = {"Slovenia": "SVN", "Peru": "PER", "Norway": "NOR", "Spain": "ESP"}


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


def decided(number: str, stand: str, comment: str = "", words: str = "", *, is_draft: bool = False) -> Recommendation:
    record = make.recommendation(paragraph=number, stand="" if is_draft else stand)
    Position.objects.create(recommendation=record, stand=stand, comment=comment, words=words, is_draft=is_draft)
    return record


def addendum_on(records, by, **fields):
    call_command("load_report_templates", verbosity=0)
    cluster = Cluster.objects.create(name=f"Cluster {next(make.numbers)}")
    ClusterMember.objects.bulk_create(ClusterMember(cluster=cluster, recommendation=record) for record in records)
    return reports_make.report(
        by, template=ReportTemplate.objects.get(code="upr-addendum"), cluster=cluster, **fields
    )


def drafted(report, by) -> dict[str, str]:
    texts = {}
    for section in report.sections.exclude(content="matrix"):
        texts[section.key] = services.draft_section(section=section, seen=section.version, by=by).text
    return texts


@pytest.mark.database
def test_positions_are_grouped_by_what_the_state_says(coordinator):
    records = [
        decided("140.1", "supported"),
        decided("140.2", "supported", "The law of 2024 does so.", "Accepted, already implemented"),
        decided("140.3", "supported", "The law of 2024 does so.", "Accepted, already implemented"),
        decided("140.4", "noted", "The Constitution protects it *already*."),
        decided("140.5", "partly", "The first half only."),
        decided("140.6", "noted"),
        decided("140.7", "supported", "A secret draft.", is_draft=True),
    ]
    texts = drafted(addendum_on(records, coordinator), coordinator)
    assert texts["supported"] == "Supports: 140.1."
    assert texts["under-way"].startswith("Supports, already implemented or under way: 140.2, 140.3.")
    assert "**140.2, 140.3:** The law of 2024 does so." in texts["under-way"]
    assert texts["noted"].startswith("Notes: 140.4, 140.5, 140.6.")
    assert "**140.4:** The Constitution protects it \\*already\\*." in texts["noted"]
    assert "**140.6:** **\\[The reason is missing.\\]**" in texts["noted"]
    assert "7 recommendations. 3 recommendations are supported. 3 recommendations are noted." in texts["introduction"]
    assert "Not decided yet: 140.7" in texts["introduction"]
    assert "secret" not in "".join(texts.values())


def test_an_explanation_alone_is_not_printed_as_implemented_or_under_way(coordinator):
    later = "The Government will examine this in 2028."
    records = [decided(f"140.{number}", "supported", later) for number in range(1, 7)]
    for record, status in zip(records, ("planned", "in-progress", "completed"), strict=False):
        actions_make.action("Build ramps", make.institution("ministry"), [record], status=status)
    assessing_make.assessment(records[3], "partial")
    assessing_make.assessment(records[4], "not-started")
    texts = drafted(addendum_on(records, coordinator), coordinator)
    numbers = "140.1, 140.5, 140.6"
    assert texts["supported"] == f"Supports, with explanation: {numbers}.\n\n**{numbers}:** {later}"
    assert texts["under-way"].startswith("Supports, already implemented or under way: 140.2, 140.3, 140.4.")
    assert "6 recommendations are supported." in texts["introduction"]


def test_the_draft_goes_below_what_was_written(coordinator):
    report = addendum_on([decided("140.1", "supported")], coordinator)
    section = report.sections.get(key="supported")
    section = services.write_section(section=section, text="Ours.", seen=1, by=coordinator)
    section = services.draft_section(section=section, seen=section.version, by=coordinator)
    assert section.text == "Ours.\n\nSupports: 140.1."


def test_numbers_are_in_their_natural_order_across_groups(coordinator):
    comments = {"140.9": "One.", "140.99": "Two.", "140.209": "Two.", "140.120": "One."}
    records = [decided(number, "noted", comment) for number, comment in comments.items()]
    text = drafted(addendum_on(records, coordinator), coordinator)["noted"]
    assert text.startswith("Notes: 140.9, 140.99, 140.120, 140.209.")
    assert "**140.9, 140.120:** One." in text


def test_the_draft_is_made_once_and_again_in_its_place(coordinator):
    record = decided("140.1", "supported")
    section = addendum_on([record, decided("140.2", "noted")], coordinator).sections.get(key="supported")
    section = services.draft_section(section=section, seen=section.version, by=coordinator)
    with pytest.raises(Refused, match="has this draft already"):
        services.draft_section(section=section, seen=section.version, by=coordinator)
    text = f"Before.\n\n{section.text}\n\nAfter."
    section = services.write_section(section=section, text=text, seen=section.version, by=coordinator)
    Recommendation.objects.filter(paragraph="140.2").update(stand="supported")
    section = services.draft_section(section=section, seen=section.version, by=coordinator)
    assert section.text == "Before.\n\nSupports: 140.1, 140.2.\n\nAfter."


def test_a_draft_that_was_edited_is_not_doubled(coordinator):
    records = [decided("140.1", "noted", "One."), decided("140.2", "noted", "Two.")]
    section = addendum_on(records, coordinator).sections.get(key="noted")
    section = services.draft_section(section=section, seen=section.version, by=coordinator)
    text = section.text.replace("One.", "One of ours.")
    section = services.write_section(section=section, text=text, seen=section.version, by=coordinator)
    with pytest.raises(Refused, match="Delete what remains"):
        services.draft_section(section=section, seen=section.version, by=coordinator)
    section = services.write_section(section=section, text="Ours.", seen=section.version, by=coordinator)
    section = services.draft_section(section=section, seen=section.version, by=coordinator)
    assert section.text.startswith("Ours.\n\nNotes: 140.1, 140.2.")


def test_other_reports_have_no_draft(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    with pytest.raises(Refused, match="no draft for this section"):
        services.draft_section(section=section, seen=1, by=coordinator)


@pytest.mark.parametrize(("cycle", "supported", "noted"), [(3, None, None), (4, 217, 37)])
def test_the_addenda_of_slovenia_come_out_within_the_limit(coordinator, cycle, supported, noted):
    answers = list(working_group.read(SLOVENIA / f"upr{cycle}-addendum.pdf", country_names=NAMES))
    records = [
        decided(row.paragraph, row.position.stand, row.position.comment, row.position.words) for row in answers
    ]
    report = addendum_on(records, coordinator)
    texts = drafted(report, coordinator)
    stands = Counter(answer.position.stand for answer in answers)
    assert (stands["supported"], stands["noted"]) == (supported or stands["supported"], noted or stands["noted"])
    for answer in answers:
        named = [key for key in ("supported", "under-way", "noted") if names(texts[key], answer.paragraph)]
        assert named == [group_of(answer)]
    assert total_of(report, coordinator).words <= 2675
    with in_language_of(report):
        document = document_of(report, coordinator, on=date(2026, 11, 29))
    assert len(document.layout.lines) == len(answers)
    assert Kind.GAP not in {block.kind for block in document.blocks}


def names(text: str, number: str) -> bool:
    """In the list at its beginning."""
    first = " ".join(part for part in text.split("\n\n") if not part.startswith("**"))
    return re.search(rf"(?<![\d.]){re.escape(number)}(?![\d])", first) is not None


def group_of(answer) -> str:
    if answer.position.stand == "noted":
        return "noted"
    return "under-way" if "already implemented" in answer.position.words else "supported"


@pytest.mark.database
def test_records_of_several_reviews_are_refused(coordinator):
    """Their numbers alone would not tell them apart."""
    first, other = decided("140.1", "supported"), decided("115.1", "noted")
    review = Review.objects.create(country=first.review.country, body=first.review.body, cycle=1, year=2010)
    Recommendation.every_kind.filter(pk=other.pk).update(review=review)
    report = addendum_on([first, other], coordinator)
    section = report.sections.get(key="supported")
    with pytest.raises(Refused, match="several reviews"):
        services.draft_section(section=section, seen=section.version, by=coordinator)
    Report.objects.filter(pk=report.pk).update(review=first.review)
    section = report.sections.get(key="supported")
    assert "140.1" in services.draft_section(section=section, seen=section.version, by=coordinator).text
