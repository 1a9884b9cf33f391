"""A template that was changed after a report was started: what differs is shown, and used where a person wants it."""

import pytest
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.reporting.reports import services
from servanda.reporting.reports.template_changes import sections_not_in, template_changes, use_current_template
from servanda.trail.models import Event
from tests import make, reports_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def report(coordinator):
    """Started before its template asked for other facts and guidance, and had a third section."""
    template = reports_make.template("Report", "Method", "Views")
    template.sections.update(facts="updates", guidance="Old guidance.")
    made = reports_make.report(coordinator, template=template)
    section = made.sections.get(key="views")
    services.write_section(section=section, text="What they said.", seen=1, by=coordinator)
    template.sections.filter(key="views").update(facts="updates comments actions", guidance="New guidance.")
    reports_make.section(template, "Outlook")
    del template.outline
    return type(made).objects.get(pk=made.pk)


def changed(report) -> list[str]:
    return [change.section.key for change in template_changes(report, report.sections.all())]


def test_only_sections_that_differ_are_named(report):
    [change] = template_changes(report, report.sections.all())
    assert (change.section.key, change.has_other_guidance) == ("views", True)
    assert ("Actions" in change.facts_added, change.facts_removed) == (True, [])
    assert [row.key for row in sections_not_in(report)] == ["outlook"]


def test_the_present_template_is_used_and_the_text_stays(report, coordinator):
    use_current_template(report=report, sections=["views", "method"], by=coordinator)
    section = report.sections.get(key="views")
    assert (section.facts, str(section.guidance)) == ("updates comments actions", "New guidance.")
    assert section.text.strip() == "What they said."
    assert changed(report) == []
    assert "Views" in Event.objects.get(action="report-template-used").difference
    with pytest.raises(Refused, match="already have"):
        use_current_template(report=report, sections=["views"], by=coordinator)


def test_sections_that_were_not_selected_stay_as_they_are(report, coordinator):
    with pytest.raises(Refused, match="already have"):
        use_current_template(report=report, sections=["method"], by=coordinator)
    assert changed(report) == ["views"]


def test_a_section_of_the_template_is_added_with_its_guidance_and_facts(report, coordinator):
    report.template.sections.filter(key="outlook").update(place=1, facts="actions", guidance="What is planned.")
    report.template.sections.filter(key="views").update(place=9)
    use_current_template(report=report, sections=[], added=["outlook"], by=coordinator)
    made = report.sections.get(key="outlook")
    assert (made.heading, made.facts, str(made.guidance)) == ("Outlook", "actions", "What is planned.")
    assert list(report.sections.values_list("key", "place")) == [("method", 1), ("outlook", 2), ("views", 3)]
    assert sections_not_in(report) == []
    assert changed(report) == ["views"]
    assert Event.objects.filter(action="report-section-added").exists()
    with pytest.raises(Refused, match="already have"):
        use_current_template(report=report, sections=[], added=["outlook"], by=coordinator)


def test_the_page_adds_sections_that_were_selected(client, report, coordinator):
    client.force_login(coordinator)
    address = reverse("desk:use_current_template", args=[report.key])
    assert client.post(address, {"once": "1"}).status_code == 422
    answer = client.post(address, {"added": ["outlook"]}, follow=True).content.decode()
    assert ">Outlook<" in answer
    assert "Outlook" not in client.get(address).content.decode()


def test_another_order_of_the_same_facts_is_no_change(report):
    report.sections.filter(key="views").update(facts="actions updates comments", guidance="New guidance.")
    assert changed(report) == []


def test_the_page_shows_the_changes_and_uses_those_selected(client, report, coordinator):
    client.force_login(coordinator)
    address = reverse("desk:use_current_template", args=[report.key])
    assert address in client.get(report.get_absolute_url()).content.decode()
    page = client.get(address).content.decode()
    for shown in ("Old guidance.", "New guidance.", "Facts added", "Outlook"):
        assert shown in page
    assert client.post(address, {"sections": "other"}).status_code == 422
    client.post(address, {"sections": ["views"]})
    assert changed(report) == []
    assert address not in client.get(report.get_absolute_url()).content.decode()
    assert "All sections have the present guidance" in client.get(address).content.decode()


def test_a_writer_of_one_section_does_not_change_the_report(client, report):
    here = make.institution()
    report.sections.filter(key="views").update(institution=here)
    make.signed_in(client, Role.FOCAL_POINT, institution=here)
    address = reverse("desk:use_current_template", args=[report.key])
    assert client.post(address, {"sections": ["views"]}).status_code == 403
    assert address not in client.get(report.get_absolute_url()).content.decode()
