"""Records linked with the treaties that they ask to ratify, and the reservations that they ask to withdraw."""

import pytest
from django.urls import reverse

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.recommendations.editing import merging, treaty_links
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import RecordInstrument
from servanda.trail.models import Event
from tests import make
from tests.treaties_make import instrument, reservation, treaty

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


@pytest.fixture
def icrmw():
    return treaty("ICRMW", source="UNTC")


def page(name: str, *args) -> str:
    return reverse(f"desk:{name}", args=args)


def test_records_are_linked_by_their_codes_and_shown_with_who_recommended(client, coordinator, icrmw):
    record = make.recommendation("Ratify the Convention.")
    record.recommending.create(country=make.country("MEX", "Mexico"))
    client.post(page("link_to_treaty", "ICRMW"), {"codes": f"{record.code}\n{record.code}"})
    content = client.get(page("treaty", "ICRMW")).content.decode()
    assert record.code in content
    assert "Mexico" in content
    listed = client.get(f"{page('treaties')}?having=recommended&standing=not-party")
    assert [row[-1] for row in listed.context["rows"]] == ["UPR (1)"]
    exported = b"".join(client.get(page("treaties_export", "csv"))).decode()
    assert "UPR (1)" in exported
    assert Event.objects.filter(action="treaty-linked").count() == 1


def test_an_unknown_code_is_refused_by_name(client, coordinator, icrmw):
    answer = client.post(page("link_to_treaty", "ICRMW"), {"codes": "SVN-NONE"})
    assert answer.status_code == 422
    assert "SVN-NONE" in str(answer.context["form"].errors["codes"])


def test_a_link_is_removed_and_restored(client, coordinator, icrmw):
    record = make.recommendation()
    treaty_links.link_to_treaty(recommendations=[record], target=icrmw.instrument, by=coordinator)
    answer = client.post(page("unlink_from_treaty", "ICRMW", record.code), follow=True)
    assert page("restore_treaty_link", "ICRMW", record.code) in answer.content.decode()
    assert treaty_links.targets_of(record) == []
    client.post(page("restore_treaty_link", "ICRMW", record.code))
    assert treaty_links.targets_of(record) == [icrmw.instrument]
    treaty_links.unlink_from_treaty(recommendation=record, target=icrmw.instrument, by=coordinator)
    with pytest.raises(Refused, match="not linked"):
        treaty_links.unlink_from_treaty(recommendation=record, target=icrmw.instrument, by=coordinator)


def test_the_page_of_a_record_sets_treaties_and_reservations(client, coordinator, icrmw):
    record, made = make.recommendation(), reservation(treaty("CEDAW"), article="article 29")
    address = page("set_treaty_links", record.code)
    client.post(address, {"instruments": [icrmw.instrument_id], "reservations": [made.pk]})
    assert treaty_links.targets_of(record) == [icrmw.instrument, made]
    assert record.code in client.get(page("treaty", "CEDAW")).content.decode()
    client.post(address, {"reservations": [made.pk]})
    assert treaty_links.targets_of(record) == [made]


def test_a_merge_takes_the_links_along_and_gives_them_back(coordinator, icrmw):
    survivor, other = make.recommendation(), make.recommendation()
    treaty_links.link_to_treaty(recommendations=[other], target=icrmw.instrument, by=coordinator)
    merging.merge_recommendations(into=survivor, others=[other], by=coordinator)
    assert treaty_links.targets_of(survivor) == [icrmw.instrument]
    merging.unmerge_recommendation(recommendation=other, by=coordinator)
    assert treaty_links.targets_of(survivor) == []


def test_a_record_that_a_reader_may_not_see_is_neither_shown_nor_counted(client, icrmw):
    secret = make.recommendation(confidentiality="restricted")
    by = make.user(Role.COORDINATOR)
    treaty_links.link_to_treaty(recommendations=[secret], target=icrmw.instrument, by=by)
    reader = make.signed_in(client, Role.READER)
    assert not RecordInstrument.objects.visible_to(reader).exists()
    assert not RecordInstrument.objects.public().exists()
    assert secret.code not in client.get(page("treaty", "ICRMW")).content.decode()
    assert [row[-1] for row in client.get(page("treaties")).context["rows"]] == [""]
    assert client.get(f"{page('treaties')}?having=recommended").context["page"].paginator.count == 0


def test_a_reader_links_nothing(client, icrmw):
    make.signed_in(client, Role.READER)
    record = make.recommendation()
    assert client.post(page("unlink_from_treaty", "ICRMW", record.code)).status_code == 403
    assert client.get(page("set_treaty_links", record.code)).status_code == 403


def test_records_whose_text_asks_to_ratify_are_suggested_and_linked_only_when_chosen(client, coordinator):
    protocol = instrument("CRC-OP-IC", name={"en": "Optional Protocol on a communications procedure"})
    treaty("CRC-OP-IC")
    asking = make.recommendation("Ratify the Optional Protocol on a communications procedure.")
    other = make.recommendation("Teach the Optional Protocol on a communications procedure.")
    reindex([asking.pk, other.pk])
    form = client.get(page("link_to_treaty", "CRC-OP-IC")).context["form"]
    assert list(form.fields["suggested"].queryset) == [asking]
    assert form["suggested"].value() in (None, [])
    assert not RecordInstrument.objects.exists()
    client.post(page("link_to_treaty", "CRC-OP-IC"), {"suggested": [asking.pk]})
    assert treaty_links.targets_of(asking) == [protocol]
    assert "suggested" not in client.get(page("link_to_treaty", "CRC-OP-IC")).context["form"].fields


def test_nothing_chosen_is_refused(client, coordinator, icrmw):
    answer = client.post(page("link_to_treaty", "ICRMW"), {"codes": " "})
    assert "Select at least one record." in str(answer.context["form"].errors["codes"])
