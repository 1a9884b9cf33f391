"""Sections of a started report: added, renamed, removed while empty, divided by themes and clusters."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from servanda.kit.pages.markdown import as_html
from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.recommendations.models import Cluster, ClusterMember, Position, Tagging
from servanda.reporting.reports import outline, services
from servanda.reporting.reports.queries import offered_facts
from servanda.trail.models import Event
from servanda.vocab.models import Taxonomy, Term
from tests import make, progress_make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def record():
    return make.recommendation()


@built_once
def report(coordinator, record):
    """The chapters A (with A1) and B, on the review of the record."""
    template = reports_make.template("Report", "A", "A1", "B")
    template.sections.update(facts="updates")
    template.sections.filter(key="a1").update(depth=2)
    return reports_make.report(coordinator, template=template, review=record.review)


def order_of(report) -> list[tuple[str, int]]:
    return [(section.heading, section.depth) for section in report.sections.all()]


def test_a_section_is_added_behind_another_and_all_below_it(report, coordinator):
    reports_make.into(report, "fr", coordinator)
    after = report.sections.get(key="a")
    made = outline.add_report_section(report=report, heading=" C ", after=after, by=coordinator)
    assert order_of(report) == [("A", 1), ("A1", 2), ("C", 1), ("B", 1)]
    assert (made.facts, made.translations.count()) == ("updates", 1)
    outline.add_report_section(report=report, heading="First", after=None, by=coordinator)
    assert order_of(report)[0] == ("First", 1)
    with pytest.raises(FieldRefused, match="Enter a heading"):
        outline.add_report_section(report=report, heading=" ", after=None, by=coordinator)


def test_a_section_is_renamed(report, coordinator):
    section = report.sections.get(key="b")
    outline.rename_report_section(section=section, heading="Outlook", by=coordinator)
    assert order_of(report)[-1] == ("Outlook", 1)
    assert '["B", "Outlook"]' in Event.objects.get(action="report-section-renamed").difference


def test_only_an_empty_section_is_removed(report, coordinator):
    with pytest.raises(Refused, match="sections below"):
        outline.remove_report_section(section=report.sections.get(key="a"), by=coordinator)
    written = report.sections.get(key="b")
    services.write_section(section=written, text="A text.", seen=1, by=coordinator)
    with pytest.raises(Refused, match="Only a section without text"):
        outline.remove_report_section(section=written, by=coordinator)
    outline.remove_report_section(section=report.sections.get(key="a1"), by=coordinator)
    assert order_of(report) == [("A", 1), ("B", 1)]


def test_a_chapter_for_each_theme_draws_on_the_records_with_that_theme(report, coordinator, record):
    other, ministry = make.recommendation(review=record.review), make.institution()
    health, school = make.term("Health"), make.term("School")
    Tagging.objects.create(recommendation=record, term=health, origin="person")
    Tagging.objects.create(recommendation=other, term=school, origin="machine")
    for row, text in ((record, "On health."), (other, "On another thing.")):
        progress_make.update(row, ministry, state="published", text=text)
    [themes] = outline.taxonomies_of(report, coordinator)
    assert [part.subject for part in outline.labels_of(report, themes, coordinator)] == [health]
    section = report.sections.get(key="b")
    assert outline.divide_report_section(section=section, subjects=[health], by=coordinator) == 1
    assert order_of(report)[-2:] == [("B", 1), ("Health", 2)]
    made = report.sections.get(theme=health)
    assert [fact.text for fact in offered_facts(made, "updates", coordinator).facts] == ["On health."]
    with pytest.raises(Refused, match="no section yet"):
        outline.divide_report_section(section=section, subjects=[health], by=coordinator)


@pytest.mark.parametrize(
    ("share", "text", "shares"),
    [(31, "", [None, 16, 15]), (31, "A text.", [11, 10, 10]), (1, "", [None, 1, None]), (None, "", [None] * 3)],
)
def test_the_parts_of_a_section_have_its_share_of_the_words(report, coordinator, share, text, shares):
    report.sections.filter(key="b").update(share=share, text=text)
    subjects = [make.term("Health"), make.term("School")]
    outline.divide_report_section(section=report.sections.get(key="b"), subjects=subjects, by=coordinator)
    found = report.sections.filter(place__gte=report.sections.get(key="b").place)
    assert list(found.values_list("share", flat=True)) == shares


def test_one_taxonomy_is_asked_for_and_themes_come_first(client, report, coordinator, record):
    themes = Taxonomy.objects.create(code="themes", name="Themes", order=10)
    goals = Taxonomy.objects.create(code="goals", name="Goals", order=30)
    health = Term.objects.create(taxonomy=themes, code="health", label="Health")
    goal = Term.objects.create(taxonomy=goals, code="3", label="Good health")
    for term in (health, goal):
        Tagging.objects.create(recommendation=record, term=term, origin="person")
    client.force_login(coordinator)
    page = reverse("desk:divide_report_section", args=[report.key, "b"])
    shown = {by: client.get(page, {"by": by} if by else {}).content.decode() for by in ("", "goals", "clusters", "x")}
    assert ["Health (1)" in html for html in shown.values()] == [True, False, False, True]
    assert ["Good health (1)" in html for html in shown.values()] == [False, True, False, False]
    assert client.post(page, {"parts": [goal.pk]}).status_code == 422
    client.post(f"{page}?by=goals", {"parts": [goal.pk]})
    assert report.sections.filter(theme=goal).exists()


def test_a_chapter_for_each_cluster_draws_on_its_members(report, coordinator, record):
    cluster = Cluster.objects.create(name="Children")
    ClusterMember.objects.create(cluster=cluster, recommendation=record)
    progress_make.update(record, make.institution(), state="published", text="On children.")
    progress_make.update(make.recommendation(review=record.review), make.institution(), state="published")
    assert [str(part) for part in outline.clusters_of(report, coordinator)] == ["Children (1)"]
    outline.divide_report_section(section=report.sections.get(key="a"), subjects=[cluster], by=coordinator)
    assert order_of(report) == [("A", 1), ("A1", 2), ("Children", 2), ("B", 1)]
    made = report.sections.get(cluster=cluster)
    assert [fact.text for fact in offered_facts(made, "updates", coordinator).facts] == ["On children."]


def test_chapters_on_noted_ones_and_on_pledges_draw_on_these_alone(coordinator, record):
    noted, pledge = (
        make.recommendation(review=record.review),
        make.recommendation(review=record.review, kind="pledge"),
    )
    Position.objects.create(recommendation=noted, stand="noted")
    for row, text in ((record, "Supported."), (noted, "Noted."), (pledge, "Pledged.")):
        progress_make.update(row, make.institution(), state="published", text=text)
    template = reports_make.template("Report", "Noted", "Pledges", "Chapters")
    template.sections.update(facts="updates")
    report = reports_make.report(coordinator, template=template, review=record.review)
    offered = {
        section.key: sorted(fact.text for fact in offered_facts(section, "updates", coordinator).facts)
        for section in report.sections.all()
    }
    everything = ["Noted.", "Pledged.", "Supported."]
    assert offered == {"noted": ["Noted."], "pledges": ["Pledged."], "chapters": everything}


def test_only_those_who_edit_reports_change_the_outline(report, record):
    person = make.user(Role.FOCAL_POINT, make.institution())
    section = report.sections.get(key="b")
    for deed in (
        lambda: outline.add_report_section(report=report, heading="C", after=None, by=person),
        lambda: outline.rename_report_section(section=section, heading="C", by=person),
        lambda: outline.remove_report_section(section=section, by=person),
        lambda: outline.divide_report_section(section=section, subjects=[], by=person),
    ):
        with pytest.raises(Refused, match="permission to edit reports"):
            deed()


TITLE = "Article <b>7</b> & <the law> &amp; more\u202e"


def test_titles_keep_what_looks_like_markup(client, coordinator):
    """Plain fields: what is typed is text, and is escaped where it is shown."""
    report = reports_make.report(coordinator, title=TITLE)
    section = report.sections.first()
    outline.rename_report_section(section=section, heading=f" {TITLE}\n", by=coordinator)
    section.refresh_from_db()
    assert section.heading == report.title == TITLE[:-1]
    client.force_login(coordinator)
    for page in (report.get_absolute_url(), reverse("desk:report_text", args=[report.key])):
        text = client.get(page).content.decode()
        assert text.count("Article &lt;b&gt;7&lt;/b&gt; &amp; &lt;the law&gt; &amp;amp; more") >= 2
        assert "Article <b>" not in text


def test_files_keep_what_looks_like_markup_in_titles(client, coordinator):
    report = reports_make.report(coordinator, title=TITLE)
    outline.rename_report_section(section=report.sections.first(), heading=TITLE, by=coordinator)
    client.force_login(coordinator)
    docx, html, markdown = (
        b"".join(client.get(reverse("desk:report_file", args=[report.key, format])).streaming_content)
        for format in ("docx", "html", "md")
    )
    printed = [row.text for row in Document(BytesIO(docx)).paragraphs]
    assert sum("Article <b>7</b> & <the law> &amp; more" in row for row in printed) >= 2
    assert html.decode().count("Article &lt;b&gt;7&lt;/b&gt; &amp; &lt;the law&gt; &amp;amp; more") >= 2
    assert "Article <b>" not in markdown.decode()
    shown = as_html(markdown.decode())
    assert shown.count("Article &lt;b&gt;7&lt;/b&gt; &amp; &lt;the law&gt; &amp;amp; more") >= 2
