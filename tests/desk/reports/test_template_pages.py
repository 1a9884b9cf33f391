"""The pages of report templates."""

import pytest
from django.urls import reverse

from servanda.reporting.models import ReportTemplate
from servanda.reporting.report_templates import services
from tests import make, reports_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    person = make.user("administrator")
    client.force_login(person)
    return person


def text_of(answer) -> str:
    return answer.content.decode()


def section_form(heading: str = "Method", **fields) -> dict:
    usual = {"heading_0": heading, "depth": "1", "content": "text", "share": "", "source": "", "is_counted": "on"}
    return usual | fields


def test_a_reader_sees_templates_and_no_button_to_change_them(client):
    client.force_login(make.user("reader", make.institution("ministry")))
    template = reports_make.template("Mid-term report")
    page = text_of(client.get(reverse("desk:report_templates")))
    assert "Mid-term report" in page
    assert reverse("desk:add_report_template") not in page
    page = text_of(client.get(template.get_absolute_url()))
    assert "Chapters" in page
    assert reverse("desk:copy_report_template", args=[template.code]) not in page


def test_guidance_is_shown_as_markdown_and_its_html_stays_text(client, admin):
    template = reports_make.template("Report", "Method")
    guidance = reports_make.english("**Who** prepared it <script>alert(1)</script>")
    template.sections.update(guidance=guidance)
    page = text_of(client.get(template.get_absolute_url()))
    assert "<strong>Who</strong> prepared it &lt;script&gt;" in page
    assert "<script>alert" not in page


def test_an_administrator_copies_a_shipped_template_and_adds_a_section(client, admin):
    shipped = reports_make.template("Mid-term report")
    answer = client.post(reverse("desk:copy_report_template", args=[shipped.code]), {"name_0": "Ours"}, follow=True)
    assert "Template copied." in text_of(answer)
    copy = ReportTemplate.objects.get(is_own=True)
    answer = client.post(reverse("desk:add_template_section", args=[copy.code]), section_form("Views"), follow=True)
    assert "Section added at the end." in text_of(answer)
    assert [str(section.heading) for section in copy.sections.all()] == ["Method", "Chapters", "Views"]


def test_the_preview_shows_the_text_and_saves_nothing(client, admin):
    copy = reports_make.copied(reports_make.template(), admin)
    data = section_form("Views", guidance_0="Quote **all** of them.", preview="1")
    answer = client.post(reverse("desk:add_template_section", args=[copy.code]), data)
    assert "Quote <strong>all</strong> of them." in text_of(answer)
    assert copy.sections.count() == 2


def test_a_conflict_keeps_what_was_typed(client, admin):
    copy = reports_make.copied(reports_make.template(), admin)
    address = reverse("desk:edit_template_section", args=[copy.code, "method"])
    services.edit_template_section(
        section=copy.sections.get(key="method"), values=reports_make.section_values("Theirs"), seen=1, by=admin
    )
    answer = client.post(address, section_form("Mine", seen="1"))
    assert answer.status_code == 422
    assert "Another user changed this" in text_of(answer)
    assert 'value="Mine"' in text_of(answer)
    client.post(address, section_form("Mine", seen=str(ReportTemplate.objects.get(pk=copy.pk).version)))
    assert str(copy.sections.get(key="method").heading) == "Mine"


def test_a_section_moves_without_script_and_a_place_that_is_no_number_is_the_first(client, admin):
    copy = reports_make.copied(reports_make.template("Report", "A", "B", "C"), admin)
    client.post(reverse("desk:move_template_section", args=[copy.code, "a"]), {"place": "2"})
    client.post(reverse("desk:move_template_section", args=[copy.code, "c"]), {"place": "first"})
    assert [str(section.heading) for section in copy.sections.all()] == ["C", "B", "A"]


def test_shares_above_the_whole_are_pointed_out(client, admin):
    template = reports_make.template("Report", "Method")
    reports_make.section(template, "One", share=60)
    reports_make.section(template, "Two", share=50)
    assert "add up to 110%" in text_of(client.get(template.get_absolute_url()))


def test_a_newer_shipped_version_is_offered_beside_and_taken_over(client, admin):
    shipped = reports_make.template("Report", "Method")
    copy = reports_make.copied(shipped, admin)
    reports_make.section(shipped, "Pledges")
    assert "Newer version shipped" in text_of(client.get(reverse("desk:report_templates")))
    assert "Copy the shipped values" in text_of(client.get(copy.get_absolute_url()))
    client.post(reverse("desk:take_over_template_part", args=[copy.code, "pledges"]))
    assert "Newer version shipped" not in text_of(client.get(copy.get_absolute_url()))
    assert copy.sections.filter(key="pledges").exists()


@pytest.mark.parametrize("number", [1, 20])
def test_the_list_costs_the_same_number_of_queries_for_many_copies(
    client, admin, number, django_assert_max_num_queries
):
    shipped = reports_make.template()
    for _count in range(number):
        reports_make.copied(shipped, admin)
    with django_assert_max_num_queries(16):
        assert client.get(reverse("desk:report_templates")).status_code == 200
