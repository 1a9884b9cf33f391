"""Templates of reports: shipped as data, copied, edited, and compared with newer shipped versions."""

from itertools import pairwise

import pytest
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.versioning import ChangedMeanwhile
from servanda.reporting.models import ReportTemplate, TemplateSection
from servanda.reporting.report_templates import services
from servanda.reporting.report_templates.loading import load_report_templates, shipped_files
from servanda.reporting.report_templates.queries import changed_parts, outline_of, total_share
from servanda.trail.models import Event
from servanda.vocab.models import ObligationKind
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db
LANGUAGES = {"en", "es", "fr", "pt", "ar"}
IN_FIVE_LANGUAGES = {
    *("upr-mid-term", "upr-national-report", "reply-to-issues", "follow-up-reply", "upr-addendum"),
    "declaration-report",
}
OF_THE_NETWORK = {
    *("practices", "commitments", "meetings", "shared-practices", "cooperation", "funding"),
    *("members", "agreements", "training", "mechanism"),
}


@built_once
def admin(loaded_once):
    return make.user("administrator")


def headings(template: ReportTemplate) -> list[str]:
    return [str(section.heading) for section in ReportTemplate.objects.get(pk=template.pk).outline]


def last_event() -> Event:
    return Event.objects.order_by("-sequence")[0]


# The files


def test_the_files_are_loaded_once_and_a_second_load_changes_nothing(vocabulary):
    assert load_report_templates() == len(shipped_files()) == 13
    assert load_report_templates() == 0
    report = ReportTemplate.objects.get(code="upr-national-report")
    assert (report.word_limit, report.body.code, report.is_own) == (10700, "UPR", False)
    assert [section.key for section in report.outline][-1] == "matrix"
    assert not report.outline[-1].is_counted


@pytest.mark.parametrize("code", sorted(IN_FIVE_LANGUAGES))
def test_these_have_headings_and_guidance_in_five_languages(code):
    written = shipped_files()[code]
    texts = [written["name"], written["counts"], written["note"]]
    texts += [text for section in written["sections"] for text in (section["heading"], section["guidance"])]
    assert [text for text in texts if set(text) != LANGUAGES or not all(text.values())] == []


def test_all_others_are_marked_as_drafts_in_one_language():
    others = {code: written for code, written in shipped_files().items() if code not in IN_FIVE_LANGUAGES}
    assert len(others) == 7
    assert {code for code, written in others.items() if not written.get("is_draft")} == set()
    assert {written["language"] for written in others.values()} == {"en"}


@pytest.mark.parametrize("code", sorted(shipped_files()))
def test_a_file_names_known_kinds_facts_and_contents_and_shares_all_words_or_none(code):
    written = shipped_files()[code]
    assert set(written["kinds"]) <= set(ObligationKind.values)
    facts = {fact for section in written["sections"] for fact in section.get("facts", [])}
    of_records = {
        "comments",
        "contributions",
        "positions",
        "updates",
        "measurements",
        "actions",
        "assessments",
        "independent-assessments",
        "evidence",
        *("late-actions", "late-obligations"),
        *("treaties", "reservations", "submitted-reports"),
    }
    assert facts <= of_records | OF_THE_NETWORK
    assert {section.get("content", "text") for section in written["sections"]} <= set(TemplateSection.Content.values)
    assert sum(section.get("share", 0) for section in written["sections"]) in (0, 100)
    keys = [section["key"] for section in written["sections"]]
    assert len(keys) == len(set(keys))
    assert written["source"]


@pytest.mark.parametrize(("code", "key"), [("upr-national-report", "achievements"), ("upr-mid-term", "chapters")])
def test_best_practices_are_facts_of_the_reports_to_the_review(code, key):
    [section] = [section for section in shipped_files()[code]["sections"] if section["key"] == key]
    assert "practices" in section["facts"]


def test_no_heading_above_others_draws_on_facts_in_the_common_core_document():
    sections = shipped_files()["common-core-document"]["sections"]
    above = [row for row, below in pairwise(sections) if below.get("depth", 1) > row.get("depth", 1)]
    assert [(row["key"], row.get("facts")) for row in above] == [("general", None), ("framework", None)]
    found = {row["key"]: row.get("facts", []) for row in sections}
    assert all("updates" in found[key] for key in ("norms", "legal", "promotion"))


def test_every_section_of_a_shipped_template_tells_its_writer_what_to_write():
    sections = [(code, row) for code, written in shipped_files().items() for row in written["sections"]]
    assert [(code, row["key"]) for code, row in sections if not row.get("guidance")] == []


def test_the_common_core_document_has_the_headings_of_the_harmonized_guidelines():
    headings = [row["heading"]["en"] for row in shipped_files()["common-core-document"]["sections"]]
    assert headings == [
        "1. General information about the reporting State",
        "A. Demographic, economic, social and cultural characteristics of the State",
        "B. Constitutional, political and legal structure of the State",
        "2. General framework for the protection and promotion of human rights",
        "C. Acceptance of international human rights norms",
        "D. Legal framework for the protection of human rights at the national level",
        "E. Framework within which human rights are promoted at the national level",
        "F. Reporting process at the national level",
        "G. Other related human rights information",
        "3. Information on non-discrimination and equality and effective remedies",
    ]


def test_a_load_keeps_what_is_no_longer_offered_and_removes_a_section_that_is_gone(vocabulary):
    load_report_templates()
    ReportTemplate.objects.filter(code="vnr-chapter").update(is_retired=True, source="Changed")
    extra = reports_make.section(ReportTemplate.objects.get(code="vnr-chapter"), "Extra")
    assert load_report_templates() == 1
    loaded = ReportTemplate.objects.get(code="vnr-chapter")
    assert loaded.is_retired
    assert loaded.source != "Changed"
    assert not loaded.sections.filter(pk=extra.pk).exists()


# Add, copy, edit


def test_a_copy_has_the_sections_and_the_original_stays(admin):
    shipped = reports_make.template("Mid-term report", "Method", "Chapters")
    copy = reports_make.copied(shipped, admin)
    assert (headings(copy), copy.copied_from, copy.is_own) == (["Method", "Chapters"], shipped, True)
    services.edit_template_section(
        section=copy.sections.get(key="method"), values=reports_make.section_values("Ours"), seen=1, by=admin
    )
    assert (headings(copy), headings(shipped)) == (["Ours", "Chapters"], ["Method", "Chapters"])


def test_a_copy_of_a_copy_is_compared_with_the_shipped_original(admin):
    shipped = reports_make.template()
    second = reports_make.copied(reports_make.copied(shipped, admin), admin, "Second")
    assert second.copied_from == shipped
    assert not second.is_outdated


def test_two_templates_may_have_the_same_name(admin):
    first, second = (services.add_report_template(values=reports_make.template_values(), by=admin) for _ in "ab")
    assert first.code != second.code


def test_a_name_in_arabic_gets_a_code_too(admin):
    values = reports_make.template_values()
    name = LazyI18nString({"ar": "تقريرنا"})
    assert services.add_report_template(values=replaced(values, name=name), by=admin).code.startswith("template-")


def replaced(values, **fields):
    return type(values)(**{name: getattr(values, name) for name in values.__dataclass_fields__} | fields)


def test_a_template_without_a_name_and_a_section_without_a_heading_are_refused(admin):
    with pytest.raises(FieldRefused, match="at least one language"):
        services.add_report_template(values=reports_make.template_values(""), by=admin)
    copy = reports_make.copied(reports_make.template(), admin)
    with pytest.raises(FieldRefused, match="at least one language"):
        services.add_template_section(template=copy, values=reports_make.section_values(""), by=admin)


@pytest.mark.parametrize("deed", ["edit", "section", "drop"])
def test_a_shipped_template_is_never_changed(admin, deed):
    shipped = reports_make.template()
    section = shipped.sections.first()
    deeds = {
        "edit": lambda: services.edit_report_template(
            template=shipped, values=reports_make.template_values(), seen=1, by=admin
        ),
        "section": lambda: services.add_template_section(
            template=shipped, values=reports_make.section_values(), by=admin
        ),
        "drop": lambda: services.drop_template_section(section=section, by=admin),
    }
    with pytest.raises(Refused, match="comes with Servanda"):
        deeds[deed]()


def test_the_second_of_two_people_who_edit_a_template_is_told(admin):
    copy = reports_make.copied(reports_make.template(), admin)
    first = reports_make.template_values("First")
    services.edit_report_template(template=copy, values=first, seen=copy.version, by=admin)
    with pytest.raises(ChangedMeanwhile):
        services.edit_report_template(template=copy, values=first, seen=copy.version, by=admin)


def test_an_edit_is_one_line_of_the_trail_with_both_values(admin):
    copy = reports_make.copied(reports_make.template(), admin)
    services.edit_report_template(
        template=copy, values=reports_make.template_values("Ours", word_limit=9000), seen=copy.version, by=admin
    )
    event = last_event()
    assert (event.action, event.actor) == ("report-template-edited", admin)
    assert '"word_limit": ["", "9000"]' in event.difference


def test_an_edit_that_changes_nothing_leaves_no_line(admin):
    copy = reports_make.copied(reports_make.template(), admin)
    before = Event.objects.count()
    services.edit_report_template(template=copy, values=reports_make.template_values(), seen=copy.version, by=admin)
    assert Event.objects.count() == before


def test_a_template_has_an_end_to_its_sections(admin, monkeypatch):
    monkeypatch.setattr(services, "MOST_SECTIONS", 2)
    copy = reports_make.copied(reports_make.template(), admin)
    with pytest.raises(Refused, match="at most 2 sections"):
        services.add_template_section(template=copy, values=reports_make.section_values(), by=admin)


def test_retiring_twice_is_refused_and_it_can_be_offered_again(admin):
    shipped = reports_make.template()
    services.retire_report_template(template=shipped, by=admin)
    assert ReportTemplate.objects.in_use().count() == 0
    with pytest.raises(Refused, match="just done this"):
        services.retire_report_template(template=shipped, by=admin)
    services.offer_report_template(template=shipped, by=admin)
    assert ReportTemplate.objects.in_use().get() == shipped


# The order of sections


@pytest.mark.parametrize(
    ("key", "place", "after"),
    [
        ("a", 3, ["B", "C", "A", "D"]),
        ("d", 1, ["D", "A", "B", "C"]),
        ("b", 99, ["A", "C", "D", "B"]),
        ("b", 0, ["B", "A", "C", "D"]),
        ("b", 2, ["A", "B", "C", "D"]),
    ],
)
def test_a_section_moves_to_the_place_that_is_named(admin, key, place, after):
    copy = reports_make.copied(reports_make.template("Report", "A", "B", "C", "D"), admin)
    services.move_template_section(section=copy.sections.get(key=key), place=place, by=admin)
    assert headings(copy) == after


def test_moving_passes_over_a_section_that_is_left_out_which_can_come_back(admin):
    copy = reports_make.copied(reports_make.template("Report", "A", "B", "C"), admin)
    services.drop_template_section(section=copy.sections.get(key="b"), by=admin)
    assert headings(copy) == ["A", "C"]
    services.move_template_section(section=copy.sections.get(key="c"), place=1, by=admin)
    assert headings(copy) == ["C", "A"]
    services.restore_template_section(section=copy.sections.get(key="b"), by=admin)
    assert sorted(headings(copy)) == ["A", "B", "C"]
    with pytest.raises(Refused, match="just done this"):
        services.restore_template_section(section=copy.sections.get(key="b"), by=admin)


# Newer shipped versions


@built_once
def outdated(admin) -> ReportTemplate:
    """A copy whose original got another limit, another guidance, a new section, and lost one."""
    shipped = reports_make.template("Report", "Method", "Chapters", "Pledges")
    copy = reports_make.copied(shipped, admin)
    shipped.word_limit = 5000
    shipped.save()
    method = shipped.sections.get(key="method")
    method.guidance = reports_make.english("Say who was consulted.")
    method.save()
    shipped.sections.get(key="pledges").delete()
    reports_make.section(shipped, "Views", place=9)
    return fresh(copy)


def fresh(template: ReportTemplate) -> ReportTemplate:
    return ReportTemplate.objects.select_related("copied_from").get(pk=template.pk)


def test_a_newer_shipped_version_is_shown_part_by_part(outdated):
    assert outdated.is_outdated
    assert {part.key for part in changed_parts(outdated)} == {"template", "method", "pledges", "views"}
    method = next(part for part in changed_parts(outdated) if part.key == "method")
    assert "Say who was consulted." in method.shipped
    assert "Say who was consulted." not in method.local


def test_each_part_can_be_taken_over_alone(outdated, admin):
    for key in ("method", "views", "pledges", "template"):
        services.take_over_template_part(template=outdated, key=key, by=admin)
    taken = fresh(outdated)
    assert headings(taken) == ["Method", "Chapters", "Views"]
    assert str(taken.outline[0].guidance) == "Say who was consulted."
    assert taken.word_limit == 5000
    assert not taken.is_outdated


def test_a_part_that_did_not_change_cannot_be_taken_over(outdated, admin):
    with pytest.raises(Refused, match="already decided"):
        services.take_over_template_part(template=outdated, key="chapters", by=admin)


def test_keeping_the_copy_ends_the_notice_until_the_next_version(outdated, admin):
    services.keep_template_parts(template=outdated, by=admin)
    kept = fresh(outdated)
    assert (kept.is_outdated, headings(kept)) == (False, ["Method", "Chapters", "Pledges"])
    section = kept.copied_from.sections.get(key="views")
    section.share = 10
    section.save()
    assert [part.key for part in changed_parts(fresh(kept))] == ["views"]


def test_what_the_copy_changed_itself_is_no_newer_version(admin):
    copy = reports_make.copied(reports_make.template(), admin)
    section = copy.sections.get(key="method")
    services.edit_template_section(section=section, values=reports_make.section_values("Ours"), seen=1, by=admin)
    assert not fresh(copy).is_outdated


# Shares


def test_a_share_is_shown_in_words_of_the_limit_unless_the_section_does_not_count(admin):
    template = reports_make.template("Report", "Method", word_limit=10700)
    reports_make.section(template, "Follow-up", share=30)
    reports_make.section(template, "Matrix", share=10, is_counted=False)
    rows = outline_of(template)
    assert [row.words for row in rows] == [None, 3210, None]
    assert total_share(template) == 30
