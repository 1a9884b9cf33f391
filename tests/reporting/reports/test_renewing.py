"""A quotation whose source has changed gets the new text, alone or with all others, and the old one back."""

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import ReportSection
from servanda.reporting.reports import services
from servanda.reporting.reports.quoting import add_quotation
from servanda.reporting.reports.renewing import renew_quotations, undo_renewal
from servanda.trail.models import Event
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
NEW = reports_make.fact("The law changed twice.", citation="Update of May")


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def quoted(coordinator) -> ReportSection:
    """With two quotations, and words before and behind."""
    section = reports_make.report(coordinator).sections.get(key="method")
    source, text = reports_make.source("updates"), "Before."
    for fact in (reports_make.fact(), reports_make.fact("A plan\nexists.", key="2")):
        given = {"source": source, "fact": fact, "text": text, "seen": section.version}
        section = services.quote_fact(section=section, **given, by=coordinator)
        text = section.text
    return services.write_section(section=section, text=f"{text}Behind.", seen=section.version, by=coordinator)


def renewed(section, facts, by, **fields):
    given = {"text": section.text, "seen": section.version} | fields
    return renew_quotations(section=section, facts=facts, **given, by=by)


def test_the_new_text_takes_the_place_of_the_old_one(quoted, coordinator):
    stored = renewed(quoted, {1: NEW}, coordinator)
    assert stored.text == "Before.\n\n> The law changed twice. [^1]\n\n> A plan\n> exists. [^2]\nBehind."
    assert stored.quotations.get(number=1).citation == "Update of May"
    assert Event.objects.filter(action="report-quotations-renewed").count() == 1


def test_all_are_renewed_at_once_and_undone_one_by_one(quoted, coordinator):
    before = quoted.text
    stored = renewed(quoted, {1: NEW, 2: reports_make.fact("Two plans exist.")}, coordinator)
    assert "> Two plans exist. [^2]" in stored.text
    for number in (2, 1):
        given = {"number": number, "text": stored.text, "seen": stored.version}
        stored = undo_renewal(section=stored, **given, by=coordinator)
    assert stored.text == before
    assert stored.quotations.get(number=1).citation == "Update, Ministry"
    assert set(stored.quotations.values_list("earlier_text", flat=True)) == {""}


def test_words_that_were_edited_are_left_alone(quoted, coordinator):
    edited = services.write_section(section=quoted, text="Our own words. [^1]", seen=quoted.version, by=coordinator)
    with pytest.raises(Refused, match="edited in the text"):
        renewed(edited, {1: NEW}, coordinator)
    assert edited.quotations.get(number=1).text == "The law changed."


def test_an_answer_in_a_draft_is_renewed_in_its_place(coordinator):
    section = reports_make.report(coordinator).sections.get(key="method")
    add_quotation(section, "answers", reports_make.fact("A *law* exists."), by=coordinator)
    text = r"A \*law\* exists. [^1]"
    section = services.write_section(section=section, text=text, seen=section.version, by=coordinator)
    assert renewed(section, {1: reports_make.fact("No law.")}, coordinator).text == "No law. [^1]"


def test_what_was_typed_meanwhile_is_kept_and_a_conflict_is_told(quoted, coordinator):
    typed = quoted.text.replace("Behind.", "Typed.")
    assert renewed(quoted, {1: NEW}, coordinator, text=typed).text.endswith("Typed.")
    with pytest.raises(ChangedMeanwhile):
        renewed(quoted, {2: NEW}, coordinator, seen=quoted.version)


@pytest.mark.database
def test_nothing_is_undone_twice_or_by_others(quoted, coordinator):
    given = {"number": 1, "text": quoted.text, "seen": quoted.version}
    with pytest.raises(Refused):
        undo_renewal(section=quoted, **given, by=coordinator)
    with pytest.raises(Refused):
        renewed(quoted, {1: NEW}, make.user(Role.FOCAL_POINT, make.institution("ministry")))
