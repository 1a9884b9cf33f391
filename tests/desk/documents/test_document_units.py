"""The page with a document beside its units: seen, worked on with plain forms, and confirmed."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.sources.models import DocumentReading, ReadUnit
from servanda.sources.units.doubts import is_cut_off
from servanda.sources.units.reading import read_into_units
from servanda.vocab.models import Body
from tests import make
from tests.once import built_once
from tests.sources import documents_make

pytestmark = pytest.mark.django_db


def sent(client, path, user) -> Batch:
    with path.open("rb") as content:
        client.post(reverse("desk:receive_files"), {"files": content, "country": "", "publish": "on"})
    batch = Batch.objects.get()
    assert batch.shape == "document"
    read_into_units(batch)
    batch.refresh_from_db()
    return batch


@built_once
def person():
    make.country()
    body = make.body("CERD")
    Body.objects.filter(pk=body.pk).update(symbol_pattern="CERD/C/{ISO3}/CO/{n}")
    return make.user(Role.COORDINATOR)


@built_once
def document(person, tmp_path_factory) -> Batch:
    client = Client()
    client.force_login(person)
    return sent(client, documents_make.typed_docx(tmp_path_factory.mktemp("units") / "co.docx"), person)


@pytest.fixture
def coordinator(client, person):
    client.force_login(person)
    return person


@pytest.fixture
def batch(coordinator, document) -> Batch:
    return document


def page(client, batch):
    answer = client.get(reverse("desk:document_units", args=[batch.key]))
    assert answer.status_code == 200
    return html.fromstring(answer.content)


def values(form) -> dict:
    return {name: value for name, value in form.fields.items() if value is not None}


def press(client, form, name: str, **changed):
    """The button of a form whose address ends with this name, as a browser without script presses it."""
    places = [*form.xpath(".//button/@formaction"), form.action]
    address = next(place for place in places if f"/{name}/" in place)
    return client.post(address, {**values(form), **changed}, follow=True)


def form_of(tree, unit: ReadUnit):
    return tree.xpath(f'//*[@id="unit-{unit.pk}"]//form')[0]


def opened(client, batch, unit: ReadUnit):
    """The form of a unit, opened with the link beside its text."""
    [link] = page(client, batch).xpath(f'//*[@id="unit-{unit.pk}"]//a[@data-deed="open"]/@href')
    address, _hash, anchor = link.partition("#")
    assert anchor == f"unit-{unit.pk}"
    answer = client.get(reverse("desk:document_units", args=[batch.key]) + address)
    return form_of(html.fromstring(answer.content), unit)


def alone(client, address: str, data: dict | None = None):
    """What the script exchanges for one unit."""
    headers = {"hx-request": "true"}
    answer = client.get(address, headers=headers) if data is None else client.post(address, data, headers=headers)
    assert answer.status_code == 200
    return html.fromstring(f"<div>{answer.content.decode()}</div>")


def beside(tree, place: str):
    """What the script exchanges elsewhere on the page."""
    return tree.xpath(f"//*[@hx-swap-oob='innerHTML:#{place}']")[0]


def test_a_document_is_sent_and_leads_to_its_units(client, batch):
    answer = client.get(reverse("desk:imports"))
    assert reverse("desk:document_units", args=[batch.key]) in answer.content.decode()


def test_the_page_of_a_document_that_waits_looks_by_itself_whether_it_is_read(client, coordinator, tmp_path):
    with documents_make.typed_docx(tmp_path / "co.docx").open("rb") as content:
        client.post(reverse("desk:receive_files"), {"files": content, "country": "", "publish": "on"})
    batch = Batch.objects.get()
    url = reverse("desk:import_progress", args=[batch.key])
    waiting = html.fromstring(client.get(reverse("desk:show_import", args=[batch.key])).content)
    assert waiting.xpath('//*[@id="progress"]/@hx-get') == [url]
    assert waiting.xpath('//*[@id="progress"]//*[@role="status"]')
    assert client.get(url).status_code == 204
    read_into_units(batch)
    assert client.get(url).headers["HX-Refresh"] == "true"
    DocumentReading.objects.update(confirmed_at=timezone.now())
    waiting = html.fromstring(client.get(reverse("desk:show_import", args=[batch.key])).content)
    assert waiting.xpath('//*[@id="progress"]/@hx-get') == [url]
    assert client.get(url).status_code == 204


def test_both_panes_show_the_document_and_what_was_found(client, batch):
    tree = page(client, batch)
    left = tree.xpath('//section[@class="document-pane"]')[0].text_content()
    assert "hate speech in the media" in left
    shown = [node.text_content().strip() for node in tree.xpath("//article[@data-unit]//h3/bdi")]
    assert shown == documents_make.NUMBERS
    assert "Follow-up" in tree.xpath("//article[@data-unit]")[1].text_content()


def test_a_screen_reader_hears_the_document_in_its_language_and_each_unit_by_its_name(client, batch):
    DocumentReading.objects.update(language="en")
    client.cookies.load({"django_language": "fr"})
    tree = page(client, batch)
    assert not tree.xpath("//article//textarea")
    texts = tree.xpath("//article//*[contains(@class, 'unit-text')]")
    assert {text.get("lang") for text in texts} == {"en"}
    tree = html.fromstring(html.tostring(opened(client, batch, ReadUnit.objects.earliest("place"))))
    assert len(tree.xpath("//textarea")) == len(tree.xpath("//textarea/@lang")) > 0
    tree = page(client, batch)
    spoken = tree.xpath('//section[@class="document-pane"]//p/ancestor::*[@lang][1]/@lang')
    assert {*spoken, *tree.xpath("//textarea/@lang"), *tree.xpath('//input[@name="title"]/@lang')} == {"en"}
    assert tree.xpath('//select[@name="language"]/option[@value="en"]')[0].text == "anglais"
    units = tree.xpath("//article[@data-unit]")
    assert [tree.get_element_by_id(unit.get("aria-labelledby")).tag for unit in units] == ["h3"] * len(units)


def test_general_comments_that_a_unit_cites_stand_beside_it(client, batch):
    unit = ReadUnit.objects.earliest("place")
    ReadUnit.objects.filter(pk=unit.pk).update(text="Recalling its general recommendation No. 35 (2013), it regrets.")
    DocumentReading.objects.update(symbol="CERD/C/SVN/CO/8")
    first, *rest = page(client, batch).xpath("//article[@data-unit]")
    told = " ".join(first.text_content().split())
    assert "Cites: General recommendation No. 35 (2013) · CERD" in told
    assert all("Cites:" not in element.text_content() for element in rest)


def test_a_unit_is_mended_without_script(client, batch):
    read_unit = ReadUnit.objects.get(number="1")
    answer = press(client, opened(client, batch, read_unit), "edit", kind="information", number="1 bis")
    read_unit.refresh_from_db()
    assert (read_unit.kind, read_unit.number) == ("information", "1 bis")
    assert answer.redirect_chain[0][0].endswith(f"#unit-{read_unit.pk}")


def test_units_are_read_first_and_one_form_is_open_at_a_time(client, batch):
    tree = page(client, batch)
    assert tree.xpath("//article[@data-unit]")
    assert not tree.xpath("//article//textarea")
    unit = ReadUnit.objects.get(number="2(a)")
    assert unit.text in tree.xpath(f'//*[@id="unit-{unit.pk}"]')[0].text_content()
    form = opened(client, batch, unit)
    assert form.fields["text"].strip() == unit.text
    assert form.xpath(".//textarea[@name='text'][@autofocus]")
    assert len(form.xpath("//article//textarea[@name='text']")) == 1


def test_the_script_exchanges_one_unit_and_the_numbers_above_the_list(client, batch):
    unit = ReadUnit.objects.get(number="3")
    address = f"{reverse('desk:document_units', args=[batch.key])}?page=1&unit={unit.pk}"
    form = alone(client, address).xpath("//form[.//textarea]")[0]
    assert not alone(client, f"{address}&read=1").xpath("//textarea")
    edit = reverse("desk:edit_unit", args=[batch.key, unit.pk])
    tree = alone(client, f"{edit}?page=1", values(form) | {"kind": "information"})
    assert [article.get("id") for article in tree.xpath("//article")] == [f"unit-{unit.pk}"]
    assert "Saved." in tree.text_content()
    assert "Corrected" in tree.xpath("//h3")[0].text_content()
    assert "Information: 1" in " ".join(beside(tree, "units-count").text_content().split())
    unit.refresh_from_db()
    assert unit.kind == "information"
    drop = reverse("desk:drop_unit", args=[batch.key, unit.pk])
    tree = alone(client, f"{drop}?page=1", {"version": unit.version})
    assert "3" in beside(tree, "gaps").text_content()
    assert beside(tree, "numbering").xpath(".//input[@name='numbering_is_right']")
    assert tree.xpath("//button[@data-deed='restore']")
    assert "Left out: 1" in " ".join(beside(tree, "units-count").text_content().split())


def test_the_page_and_the_part_of_it_are_kept_apart_by_caches(client, batch):
    answer = client.get(reverse("desk:document_units", args=[batch.key]))
    assert "HX-Request" in answer["Vary"]


@pytest.mark.parametrize("headers", [{}, {"hx-request": "true"}])
def test_what_was_typed_stays_when_it_has_to_be_corrected_or_another_person_was_first(client, batch, headers):
    unit = ReadUnit.objects.get(number="1")
    form = opened(client, batch, unit)
    edit = f"{reverse('desk:edit_unit', args=[batch.key, unit.pk])}?page=1"
    answer = client.post(edit, values(form) | {"number": "1 bis", "text": " "}, headers=headers)
    assert answer.status_code == (200 if headers else 422)
    tree = html.fromstring(answer.content)
    assert tree.xpath("//input[@name='number']/@value") == ["1 bis"]
    assert "Enter a text. To leave the unit out" in answer.content.decode()
    ReadUnit.objects.filter(pk=unit.pk).update(version=7, text="By another user.")
    answer = client.post(edit, values(form) | {"text": "Mine."}, headers=headers)
    assert answer.status_code == (200 if headers else 409)
    tree = html.fromstring(answer.content)
    assert "By another user." in tree.xpath("//blockquote")[0].text_content()
    [again] = [form for form in tree.xpath("//form") if form.xpath(".//textarea[@name='text']")]
    assert again.fields["text"].strip() == "Mine."
    client.post(edit, values(again), headers=headers)
    unit.refresh_from_db()
    assert unit.text == "Mine."


def test_what_is_doubtful_is_said_beside_the_unit_until_a_person_corrects_it(client, batch):
    first, second, *_rest = ReadUnit.objects.order_by("place")
    ReadUnit.objects.filter(pk=first.pk).update(text="The Committee recommends that the State", number="")
    ReadUnit.objects.filter(number="3").update(is_dropped=True)
    told = [" ".join(unit.text_content().split()) for unit in page(client, batch).xpath("//article[@data-unit]")]
    assert "No number was found." in told[0]
    assert "The text may be cut off." in told[0]
    assert "The text may be cut off." not in told[1]
    assert any("Missing after this unit: 3." in text for text in told)
    ReadUnit.objects.filter(pk=first.pk).update(changed_by=make.user())
    [unit, *_others] = page(client, batch).xpath("//article[@data-unit]")
    assert "cut off" not in unit.text_content()


@pytest.mark.parametrize(
    ("text", "is_so"),
    [
        ("Adopt a law.", False),
        ("Adopt a law; and", False),
        ("(a) Adopt a law;", False),
        ("اعتماد قانون؛", False),
        ("Adopt a law (Norway)", False),
        ("Adopt a law that", True),
        ("Adopt a law,", True),
        ("", False),
    ],
)
def test_a_text_that_ends_in_the_middle_of_a_sentence_is_found(text, is_so):
    assert is_cut_off(text) is is_so


def test_a_unit_of_another_document_is_not_opened(client, batch):
    other = f"{reverse('desk:document_units', args=[batch.key])}?unit=999999999"
    for headers in ({}, {"hx-request": "true"}):
        answer = client.get(other, headers=headers)
        assert answer.status_code == 200
        assert len(html.fromstring(answer.content).xpath("//article[@data-unit]")) > 1


def test_split_join_and_leave_out_without_script(client, batch):
    read_unit = ReadUnit.objects.get(number="2(a)")
    press(client, opened(client, batch, read_unit), "split", text="Adopt a law;\n\nAnd train judges.")
    added = ReadUnit.objects.get(text="And train judges.")
    press(client, opened(client, batch, added), "join")
    read_unit.refresh_from_db()
    assert read_unit.text == "Adopt a law; And train judges."
    press(client, form_of(page(client, batch), read_unit), "drop")
    read_unit.refresh_from_db()
    assert read_unit.is_dropped
    press(client, form_of(page(client, batch), read_unit), "restore")
    read_unit.refresh_from_db()
    assert not read_unit.is_dropped


def test_what_the_document_is_can_be_mended_and_a_wrong_state_is_told(client, batch):
    address = reverse("desk:describe_document", args=[batch.key])
    answer = client.post(address, {"country": "XYZ", "language": "en", "symbol": "CERD/C/SVN/CO/12"})
    assert answer.status_code == 422
    assert "Unknown State code. Enter the three-letter ISO code." in answer.content.decode()
    client.post(address, {"country": "svn", "language": "en", "symbol": "CERD/C/SVN/CO/13"})
    assert DocumentReading.objects.get().symbol == "CERD/C/SVN/CO/13"


def test_a_missing_number_is_asked_about_before_confirming(client, batch):
    ReadUnit.objects.filter(number="3").update(is_dropped=True)
    tree = page(client, batch)
    assert "3" in tree.xpath('//section[@aria-labelledby="gaps-title"]//li')[0].text_content()
    confirm = reverse("desk:confirm_units", args=[batch.key])
    assert "Numbers are missing" in client.post(confirm, follow=True).content.decode()
    client.post(confirm, {"numbering_is_right": "on"})
    assert DocumentReading.objects.get().confirmed_at


def test_a_page_of_a_pdf_is_drawn_for_whoever_may_import_and_for_nobody_else(client, coordinator, tmp_path):
    batch = sent(client, documents_make.pdf(tmp_path / "co.pdf"), coordinator)
    address = reverse("desk:page_image", args=[batch.key, 1])
    assert address in html.tostring(page(client, batch)).decode()
    answer = client.get(address)
    assert (answer["content-type"], answer.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    assert client.get(reverse("desk:page_image", args=[batch.key, 999])).status_code == 404
    make.signed_in(client, Role.READER)
    assert client.get(address).status_code == 403


def test_a_long_document_costs_as_many_questions_as_a_short_one(client, batch, django_assert_max_num_queries):
    reading = DocumentReading.objects.get()
    rows = [ReadUnit(reading=reading, place=place, kind="concern", text="Text.") for place in range(100, 400)]
    ReadUnit.objects.bulk_create(rows)
    with django_assert_max_num_queries(20):
        client.get(reverse("desk:document_units", args=[batch.key]))


def test_who_may_not_import_sees_no_units(client, batch):
    make.signed_in(client, Role.READER)
    assert client.get(reverse("desk:document_units", args=[batch.key])).status_code == 403
