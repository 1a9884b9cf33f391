"""The pages of Word templates, and a report that is downloaded and submitted in one."""

from contextlib import redirect_stdout
from io import BytesIO, TextIOWrapper

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from docx import Document

from servanda.kit.clean_files import process
from servanda.kit.files.programs import Result
from servanda.people.access import Role
from servanda.reporting.documents import filling, template_process
from servanda.reporting.models import Report, WordTemplate
from servanda.reporting.reports import services as reports
from servanda.reporting.submissions.fingerprint import fingerprint_of
from servanda.reporting.word_templates import services
from servanda.reporting.word_templates.labels import FIELDS
from tests import make, reports_make
from tests.word_templates_make import WHOLE, added, word_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch):
    """Templates are cleaned and filled in processes of their own, for each of which tests/reporting starts some."""

    def filled_here(program, _bounds, **_given) -> Result:
        with redirect_stdout(TextIOWrapper(BytesIO(), write_through=True)) as output:
            code = template_process.main(*program[-2:])
        return Result(code, output.buffer.getvalue())

    monkeypatch.setattr(services, "cleaned_apart", lambda path, mime: process.cleaned(str(path), mime))
    monkeypatch.setattr(filling, "run_within", filled_here)


@pytest.fixture
def admin(client):
    person = make.user(Role.ADMINISTRATOR)
    client.force_login(person)
    return person


def sent(client, content: bytes, **values):
    file = SimpleUploadedFile("ours.docx", content)
    usual = {"name": "Ministry", "language": "", "file": file}
    return client.post(reverse("desk:add_word_template"), usual | values, follow=True)


def test_an_administrator_downloads_the_example_and_adds_it(client, admin):
    page = client.get(reverse("desk:word_templates")).content.decode()
    assert "No Word templates yet" in page
    for name in FIELDS:
        assert f"{{{{ {name} }}}}" in page
    file = client.get(reverse("desk:example_word_template")).getvalue()
    page = sent(client, file).content.decode()
    assert "Word template added." in page
    template = WordTemplate.objects.get()
    stored = client.get(reverse("desk:word_template_file", args=[template.key]))
    assert "{{ title }}" in "".join(words.text for words in Document(BytesIO(stored.getvalue())).paragraphs)
    assert "ministry" in stored["Content-Disposition"]


def test_a_faulty_template_is_explained_beside_its_field(client, admin):
    answer = sent(client, word_file(*WHOLE, "{{ author }}"))
    assert answer.status_code == 422
    assert "Unknown field “author” in the text, at “{{ author }}”." in answer.context["form"].errors["file"][0]
    assert not WordTemplate.objects.exists()


def test_a_template_is_retired_and_offered_again(client, admin):
    template = added(by=admin)
    page = client.post(reverse("desk:retire_word_template", args=[template.key]), follow=True).content.decode()
    assert "no longer offered" in page
    assert reverse("desk:offer_word_template", args=[template.key]) in page
    client.post(reverse("desk:offer_word_template", args=[template.key]))
    assert WordTemplate.objects.offered().get() == template


def test_others_find_no_tab_and_no_page(client):
    client.force_login(make.user(Role.COORDINATOR))
    assert reverse("desk:word_templates") not in client.get(reverse("desk:reports")).content.decode()
    assert client.get(reverse("desk:word_templates")).status_code == 403


def test_a_report_is_downloaded_in_the_template_that_was_chosen(client, admin):
    template = added(word_file("Ministry of Justice", *WHOLE), by=admin)
    shape = reports_make.template()
    values = {"title": "Our report", "template": shape.pk, "language": "en", "word_template": template.pk}
    client.post(reverse("desk:add_report"), values)
    report = Report.objects.get()
    assert report.word_template == template
    answer = client.get(reverse("desk:report_file", args=[report.key, "docx"]))
    text = [paragraph.text for paragraph in Document(BytesIO(answer.getvalue())).paragraphs]
    assert text[:3] == ["Ministry of Justice", "Our report", "Draft"]


def test_a_retired_template_is_not_offered_but_stays_with_its_report(client, admin):
    template = added(by=admin)
    report = reports_make.report(admin, word_template=template)
    services.retire_word_template(template=template, by=admin)
    assert "Ministry" not in client.get(reverse("desk:add_report")).content.decode()
    form = client.get(reverse("desk:edit_report", args=[report.key])).context["form"]
    assert form.fields["word_template"].queryset.get() == template
    assert form["word_template"].value() == template.pk


def test_another_template_after_clearance_has_to_be_cleared_again(admin):
    report = reports_make.report(admin)
    before = fingerprint_of(report)
    template = added(by=admin)
    values = reports_make.report_values(report.template, word_template=template)
    reports.edit_report(report=report, values=values, seen=report.version, by=admin)
    report.refresh_from_db()
    assert fingerprint_of(report) != before


def test_a_file_in_a_template_comes_back_with_its_changes(client, admin):
    report = reports_make.report(admin, word_template=added(word_file("Ministry", *WHOLE), by=admin))
    section = report.sections.get(key="method")
    reports.write_section(section=section, text="One sentence.", seen=1, by=admin)
    content = client.get(reverse("desk:report_file", args=[report.key, "docx"])).getvalue()
    document = Document(BytesIO(content))
    next(p for p in document.paragraphs if p.text == "One sentence.").runs[0].text = "Another sentence."
    changed = BytesIO()
    document.save(changed)
    file = SimpleUploadedFile("back.docx", changed.getvalue())
    answer = client.post(reverse("desk:send_word_file", args=[report.key]), {"file": file}, follow=True)
    returned = report.returns.get()
    assert [row.text.strip() for row in returned.sections.all()] == ["Another sentence."]
    assert answer.status_code == 200
    assert [note.text for note in returned.notes.all()] == []


def test_a_file_whose_headings_the_template_writes_cannot_come_back(client, admin):
    loop = ("{{ status }}", "{%p for row in sections %}", "{{ row.heading }}", "{{ row.text }}", "{%p endfor %}")
    report = reports_make.report(admin, word_template=added(word_file(*loop), by=admin))
    content = client.get(reverse("desk:report_file", args=[report.key, "docx"])).getvalue()
    file = SimpleUploadedFile("back.docx", content)
    answer = client.post(reverse("desk:send_word_file", args=[report.key]), {"file": file})
    assert answer.status_code == 422
    assert not report.returns.exists()
