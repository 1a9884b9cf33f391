"""The pages of treaties: list, file, one treaty, and the forms that change it."""

import pytest
from django.urls import reverse
from lxml import html

from servanda.people.access import Role
from servanda.sources.models import Standing, TreatyStatus
from servanda.vocab.models import Instrument
from tests import make
from tests.treaties_make import instrument, reservation, treaty

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def page(name: str, *args) -> str:
    return reverse(f"desk:{name}", args=args)


def codes(answer) -> list[str]:
    return [status.instrument.code for status, *_facts in answer.context["rows"]]


def form_of(answer) -> dict:
    form = answer.context["form"]
    return {field.name: value for field in form if (value := field.value()) not in (None, "", False)}


def test_an_empty_list_offers_to_load_the_known_treaties(client, coordinator):
    instrument("CEDAW")
    instrument("ACHR", system="OAS")
    answer = client.get(page("treaties"))
    assert "No treaties yet" in answer.content.decode()
    assert page("list_treaties") in answer.content.decode()
    chosen = client.get(page("list_treaties")).context["form"]["instruments"].value()
    assert chosen == [Instrument.objects.get(code="CEDAW").pk]
    client.post(page("list_treaties"), {"instruments": chosen})
    assert codes(client.get(page("treaties"))) == ["CEDAW"]


def test_the_list_names_the_deposit_where_no_entry_into_force_is_known(client, coordinator):
    treaty("CAT", consent="accession", deposited_on="1993-07-16", in_force_on="1993-08-15")
    treaty("CRC", consent="succession", deposited_on="1992-07-06")
    treaty("CRPD")
    rows = html.fromstring(client.get(page("treaties")).content).xpath("//tbody/tr")
    since = [row.xpath("normalize-space(td[@data-label='In force since'])") for row in rows]
    assert since == ["15 August 1993", "Deposited on6 July 1992", "–"]


def test_the_list_is_filtered_by_standing_reservations_and_procedures(client, coordinator):
    treaty("CAT", consent="accession", source="UNTC").procedures.create(kind="complaints", article="22")
    reservation(treaty("CRC", consent="succession", source="UNTC"))
    reservation(treaty("CRPD", consent="succession"), withdrawn_on="2020-01-01")
    treaty("ICRMW", source="UNTC")
    found = {
        "standing=not-party": ["ICRMW"],
        "standing=party": ["CAT", "CRC", "CRPD"],
        "having=reservations": ["CRC"],
        "having=procedures": ["CAT"],
        "having=no-source": ["CRPD"],
        "words=icrmw": ["ICRMW"],
        "system=OAS": [],
        "standing=odd": ["CAT", "CRC", "CRPD", "ICRMW"],
    }
    assert {query: codes(client.get(f"{page('treaties')}?{query}")) for query in found} == found


def test_the_file_has_the_filtered_list(client, coordinator):
    treaty("CAT", consent="accession", deposited_on="1993-07-16", source="UNTC")
    treaty("ICRMW", source="UNTC")
    lines = b"".join(client.get(f"{page('treaties_export', 'csv')}?standing=party")).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("code,name,signed,consent")
    assert [line.rstrip(",") for line in lines[1:]] == ["CAT,Convention CAT,,accession,,1993-07-16,,,,,,UNTC"]


def test_the_page_shows_what_is_known_and_where_a_source_is_needed(client, coordinator):
    status = treaty("CEDAW", consent="succession")
    made = reservation(status, article="article 29", made_on="1992-07-06")
    made.objections.create(country=make.country("FRA", "France"), text="Incompatible.")
    content = client.get(page("treaty", "CEDAW")).content.decode()
    for words in (
        "Succession",
        "Source needed",
        "article 29",
        "made on 6 July 1992",
        "Incompatible.",
    ):
        assert words in content, words
    assert client.get(page("treaty", "NONE")).status_code == 404


def test_the_status_is_edited_on_a_page_and_a_refusal_stands_beside_its_field(client, coordinator):
    treaty("CEDAW")
    address = page("edit_treaty", "CEDAW")
    sent = form_of(client.get(address)) | {"deposited_on": "1992-07-06"}
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "Select how the State consented" in str(answer.context["form"].errors["consent"])
    assert client.post(address, sent | {"consent": "succession", "source": "UNTC"}).status_code == 302
    assert TreatyStatus.objects.get().standing == Standing.PARTY


def test_the_second_of_two_people_keeps_the_text(client, coordinator):
    status = treaty("CEDAW")
    address = page("edit_treaty", "CEDAW")
    sent = form_of(client.get(address)) | {"note": "Mine"}
    TreatyStatus.objects.filter(pk=status.pk).update(version=2, note="Theirs")
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert answer.context["form"]["note"].value() == "Mine"
    client.post(address, sent | {"seen": answer.context["form"].data["seen"]})
    assert TreatyStatus.objects.get().note == "Mine"


def test_procedures_are_set_as_a_group_of_fields_each(client, coordinator):
    treaty("CAT", instrument=instrument("CAT", procedures="complaints inquiry"), consent="accession")
    address = page("set_procedures", "CAT")
    sent = {"seen": 1, "accepted_0": "on", "article_0": "22", "accepted_on_0": "1993-07-16", "source_0": "UNTC"}
    assert client.post(address, sent).status_code == 302
    status = TreatyStatus.objects.get()
    assert [str(procedure) for procedure in status.procedures.all()] == ["Individual complaints, 22"]
    wrong = sent | {"seen": status.version, "withdrawn_on_0": "1990-01-01"}
    assert "withdrawn_on_0" in client.post(address, wrong).context["form"].errors


def test_a_reservation_with_its_objections_is_added_changed_and_deleted(client, coordinator):
    make.country("FRA", "France")
    treaty("CEDAW")
    address = page("add_reservation", "CEDAW")
    sent = {"kind": "reservation", "text": "Not bound.", "made_on": "1992-07-06", "seen": 1}
    bad = client.post(address, sent | {"objections": "France | 1993-01-01\nAtlantis | 1994-01-01"})
    assert "Line 2: “Atlantis” is not a known State." in str(bad.context["form"].errors["objections"])
    bad = client.post(address, sent | {"objections": "France | January"})
    assert "Line 1: “January” is not a date" in str(bad.context["form"].errors["objections"])
    client.post(address, sent | {"objections": "France | 1993-01-01 | Incompatible | with it."})
    made = TreatyStatus.objects.get().reservations.get()
    assert made.objections.get().text == "Incompatible | with it."
    address = page("edit_reservation", "CEDAW", made.pk)
    client.post(address, form_of(client.get(address)) | {"withdrawn_on": "2001-01-01"})
    made.refresh_from_db()
    assert (str(made.withdrawn_on), made.objections.count()) == ("2001-01-01", 1)
    address = page("remove_reservation", "CEDAW", made.pk)
    assert "Delete this reservation?" in client.get(address).content.decode()
    client.post(address)
    assert not TreatyStatus.objects.get().reservations.exists()


def test_a_treaty_without_facts_is_taken_off_the_list_after_a_question(client, coordinator):
    treaty("CEDAW")
    address = page("remove_treaty", "CEDAW")
    assert "Remove this treaty from the list?" in client.get(address).content.decode()
    client.post(address)
    assert not TreatyStatus.objects.exists()


@pytest.mark.parametrize("written", ["16 (1)(f)", "article 16 (1)(f)"])
def test_a_reservation_names_its_article_however_it_was_written(client, coordinator, written):
    reservation(treaty("CEDAW"), article=written)
    heading = html.fromstring(client.get(page("treaty", "CEDAW")).content).xpath("//article/h3")[0].text_content()
    assert " ".join(heading.split()) == "Reservation, article 16 (1)(f)"


def test_others_read_and_change_nothing(client):
    make.signed_in(client, Role.READER)
    treaty("CEDAW")
    content = client.get(page("treaty", "CEDAW")).content.decode()
    assert page("edit_treaty", "CEDAW") not in content
    assert client.get(page("edit_treaty", "CEDAW")).status_code == 403
    assert client.post(page("remove_treaty", "CEDAW")).status_code == 403


def test_a_page_of_fifty_treaties_asks_few_questions(client, coordinator, django_assert_max_num_queries):
    for number in range(50):
        status = treaty(f"T-{number}", consent="accession", source="UNTC")
        status.procedures.create(kind="complaints")
        reservation(status)
    with django_assert_max_num_queries(20):
        client.get(page("treaties"))
