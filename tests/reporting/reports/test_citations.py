"""Endnotes of translated files are in the language of the file, as far as their source is still what was quoted."""

import pytest
from i18nfield.strings import LazyI18nString

from servanda.kit.pages.markdown_segments import segments_of
from servanda.people.access import Role
from servanda.people.models import Institution
from servanda.planning.models import Action
from servanda.recommendations.models import Cluster, ClusterMember
from servanda.reporting.documents.contents import document_of, in_language_of
from servanda.reporting.models import ReportSection, ReportTranslation
from servanda.reporting.reports import services
from servanda.reporting.reports.queries import fact_of
from tests import actions_make, make, progress_make, reports_make
from tests.once import built_once
from tests.reporting.reports.test_facts_as_of import DAY

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def record():
    return make.recommendation()


@built_once
def section(coordinator, record) -> ReportSection:
    template = reports_make.template("Report", "Method")
    template.sections.update(facts="updates actions")
    cluster = Cluster.objects.create(name="Children")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    report = reports_make.report(coordinator, template=template, cluster=cluster)
    return report.sections.select_related("report").get()


def quote(section, code: str, key: int, by) -> None:
    source, fact = fact_of(section, code, str(key), by)
    section.refresh_from_db()
    services.quote_fact(section=section, source=source, fact=fact, text=section.text, seen=section.version, by=by)
    section.refresh_from_db()


def notes(section, by, language: str = "fr") -> list[str]:
    into = translated(section, by, language)
    with in_language_of(into):
        return document_of(section.report, by, on=DAY, into=into, with_charts=False).notes


def translated(section, by, language: str = "fr") -> ReportTranslation:
    """Each paragraph has a translation with the same marks of endnotes."""
    into = section.report.translations.filter(language=language).first()
    into = into or reports_make.into(section.report, language, by)
    targets = segments_of(section.text)
    reports_make.translated(into.sections.get(section=section), targets, by)
    return into


@built_once
def update(record, coordinator):
    names = LazyI18nString({"en": "Ministry of Justice", "fr": "Ministère de la Justice"})
    place = make.institution("moj")
    Institution.objects.filter(pk=place.pk).update(name=names)
    place.refresh_from_db()
    return progress_make.update(record, place, state="published", text="A law.", published_at="2026-02-01T12:00Z")


def test_an_endnote_is_in_the_language_of_the_file(section, coordinator, record, update):
    quote(section, "updates", update.pk, coordinator)
    stored = section.quotations.get().citation
    assert stored.startswith("Update, Ministry of Justice, ")
    named = f"{record.paragraph} (A/HRC/59/15)"
    french = f"Point de situation, Ministère de la Justice, 1er février 2026, {named}"
    assert notes(section, coordinator) == [french]
    with in_language_of(section.report):
        assert document_of(section.report, coordinator, on=DAY, with_charts=False).notes == [stored]
    assert section.quotations.get().citation == stored


def test_a_fact_that_says_something_else_by_now_keeps_the_citation_of_the_report(section, coordinator, record):
    action = actions_make.action(records=[record], status="planned")
    quote(section, "actions", action.pk, coordinator)
    Action.objects.filter(pk=action.pk).update(status="completed")
    assert notes(section, coordinator) == [section.quotations.get().citation]


def test_a_withdrawn_fact_and_a_language_without_translations_keep_it_too(section, coordinator, update):
    quote(section, "updates", update.pk, coordinator)
    stored = section.quotations.get().citation
    assert notes(section, coordinator, "sl") == [stored]
    type(update).objects.filter(pk=update.pk).update(withdrawn_at="2026-02-02T12:00Z", withdrawal_reason="Wrong.")
    assert notes(section, coordinator) == [stored]


def test_citations_take_as_many_queries_for_many_quotations(
    section, coordinator, record, update, django_assert_max_num_queries
):
    for number in range(8):
        more = progress_make.update(record, update.institution, state="published", text=f"Law {number}.")
        quote(section, "updates", more.pk, coordinator)
    into = translated(section, coordinator)
    with in_language_of(into), django_assert_max_num_queries(30):
        assert len(document_of(section.report, coordinator, on=DAY, into=into, with_charts=False).notes) == 8
