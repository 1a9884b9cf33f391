"""The list at the desk: more than the public sees, by role, and lists saved for later."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from lxml import html

from servanda.intake.models import Batch
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import SavedView, Tagging
from servanda.trail.models import Event
from tests import assessing_make, make

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/register/"


@pytest.fixture
def records():
    restricted = make.recommendation("For one ministry", paragraph="4", confidentiality="restricted")
    restricted.restricted_to.add(make.institution("moj"))
    make.recommendation("For all", paragraph="1")
    make.recommendation("Not yet", paragraph="2", is_published=False)
    make.recommendation("Inside", paragraph="3", confidentiality="internal")


def signed_in(client, role: str, **fields):
    user = make.user(role, **fields)
    client.force_login(user)
    return user


def total(client, query: str = "") -> int:
    return client.get(ADDRESS + query).context["listing"].page.paginator.count


def test_a_stranger_is_sent_to_log_in(client):
    answer = client.get(f"{ADDRESS}?stand=noted")
    assert answer.url == "/account/login/?next=%2Fdesk%2Fregister%2F%3Fstand%3Dnoted"


@pytest.mark.parametrize(
    ("role", "institution", "seen"),
    [
        ("contributor", None, 1),
        ("reader", None, 3),
        ("focal-point", "mfa", 3),
        ("focal-point", "moj", 4),
        ("coordinator", None, 4),
    ],
)
def test_each_person_sees_and_counts_what_their_role_allows(client, records, role, institution, seen):
    signed_in(client, role, institution=make.institution(institution) if institution else None)
    assert total(client) == seen
    listing = client.get(ADDRESS).context["listing"]
    kinds = next(facet for facet in listing.facets if facet["key"] == "kind")
    assert [option["count"] for option in kinds["options"]] == [seen]


def test_a_contributor_is_offered_no_filter_that_tells_of_hidden_records(client, records):
    signed_in(client, "contributor")
    listing = client.get(f"{ADDRESS}?published=no&confidentiality=internal").context["listing"]
    assert not {"published", "confidentiality", "batch"} & {facet["key"] for facet in listing.facets}
    assert listing.page.paginator.count == 1


def test_a_coordinator_finds_what_one_import_brought(client):
    batch = Batch.objects.create(name="list.docx", sha256="0", state=Batch.State.APPLIED)
    make.recommendation(added_by=batch)
    make.recommendation()
    signed_in(client, "coordinator")
    assert total(client, f"?batch={batch.key}") == 1
    signed_in(client, "reader")
    assert total(client, f"?batch={batch.key}") == 2  # not offered to a reader: left out, and said


def test_a_record_beside_the_list_follows_the_same_rule(client, records):
    code = "SVN-UPR-4-4"
    signed_in(client, "reader")
    assert client.get(f"{ADDRESS}{code}/panel/", headers={"HX-Request": "true"}).status_code == 404
    signed_in(client, "coordinator")
    panel = client.get(f"{ADDRESS}{code}/panel/", headers={"HX-Request": "true"})
    assert "For one ministry" in panel.content.decode()


def test_a_twin_holds_what_this_person_sees_and_the_trail_remembers_it(client, records):
    user = signed_in(client, "reader")
    answer = client.get("/desk/register.json?kind=recommendation")
    found = json.loads(b"".join(answer.streaming_content))["recommendations"]
    assert [record["paragraph"] for record in found] == ["1", "2", "3"]
    event = Event.objects.get(action="register-exported")
    assert event.actor == user
    assert json.loads(event.difference)["records"] == 3


def test_asking_only_for_the_head_of_a_twin_leaves_no_trace(client, records):
    signed_in(client, "reader")
    client.head("/desk/register.csv")
    assert not Event.objects.filter(action="register-exported").exists()


def test_a_list_is_saved_in_its_shortest_form_and_found_again(client):
    user = signed_in(client, "reader")
    client.post(
        "/desk/saved-lists/save/", {"name": " Open  questions ", "stand": "pending", "page": "4", "evil": "1"}
    )
    view = SavedView.objects.get()
    assert (view.owner, view.name, view.query) == (user, "Open questions", "?stand=pending")
    assert f'href="{ADDRESS}?stand=pending"' in client.get(ADDRESS).content.decode()


@pytest.mark.database
def test_saving_under_the_same_name_keeps_the_new_list(client):
    signed_in(client, "reader")
    for stand in ("pending", "noted"):
        client.post("/desk/saved-lists/save/", {"name": "Mine", "stand": stand})
    assert SavedView.objects.get().query == "?stand=noted"


def test_a_list_needs_a_name(client):
    signed_in(client, "reader")
    answer = client.post("/desk/saved-lists/save/", {"name": "  ", "stand": "noted"}, follow=True)
    assert "characters for the list." in answer.content.decode()
    assert not SavedView.objects.exists()


def test_a_list_can_be_renamed_but_not_to_a_name_in_use(client):
    user = signed_in(client, "reader")
    first = SavedView.objects.create(owner=user, name="First", query="?stand=noted")
    SavedView.objects.create(owner=user, name="Second", query="")
    client.post(f"/desk/saved-lists/{first.pk}/rename/", {"name": "Third"})
    answer = client.post(f"/desk/saved-lists/{first.pk}/rename/", {"name": "Second"}, follow=True)
    assert "Another saved list already has this name. Choose a" in answer.content.decode()
    assert sorted(SavedView.objects.values_list("name", flat=True)) == ["Second", "Third"]


def test_nobody_sees_renames_or_deletes_the_list_of_another(client):
    view = SavedView.objects.create(owner=make.user(), name="Secret list", query="?stand=noted")
    signed_in(client, "administrator")
    assert "Secret list" not in client.get(ADDRESS).content.decode()
    assert client.post(f"/desk/saved-lists/{view.pk}/rename/", {"name": "x"}).status_code == 404
    assert client.post(f"/desk/saved-lists/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.get().name == "Secret list"


def test_a_list_can_be_deleted(client):
    view = SavedView.objects.create(owner=signed_in(client, "reader"), name="Mine", query="")
    client.post(f"/desk/saved-lists/{view.pk}/delete/")
    assert not SavedView.objects.exists()


def test_only_those_who_may_change_records_can_tick_them(client, records):
    signed_in(client, "reader")
    assert 'type="checkbox" name="code"' not in client.get(ADDRESS).content.decode()
    signed_in(client, "coordinator")
    assert client.get(ADDRESS).content.decode().count('type="checkbox" name="code"') == 4


EVERYTHING = (
    "?q=protect&body=UPR&review=UPR-4&year=2025&theme=-&group=-&sdg=-&stand=noted&kind=recommendation&language=en"
    "&recommending=-&country=SVN&published=yes&confidentiality=public&batch=-"
)


@pytest.mark.database
@pytest.mark.parametrize("query", ["", "?stand=noted", EVERYTHING])
def test_the_page_of_a_coordinator_costs_at_most_20_questions(client, query):
    other = make.country("HRV", "Croatia")
    for label, taxonomy in (("Health", "uhri-theme"), ("Women", "uhri-group"), ("16", "sdg")):
        make.term(label, taxonomy=taxonomy)
    record = make.recommendation("Protect them.", stand="noted", year=2025)
    record.also_concerns.add(other)
    reindex([record.pk])
    make.recommendation(country=other, review=None)
    signed_in(client, "coordinator")
    with CaptureQueriesContext(connection) as captured:
        assert client.get(ADDRESS + query).context["listing"].page.paginator.count >= 1
    assert len(captured) <= 20


def test_suggested_labels_are_folded_behind_their_number(client):
    record = make.recommendation()
    for number in range(3):
        Tagging.objects.create(recommendation=record, term=make.term(f"t{number}"), origin="machine")
    signed_in(client, "coordinator")
    page = html.fromstring(client.get(ADDRESS).content)
    folded = page.xpath('//tr[@class="result-row"]//details[not(@open)]')
    assert folded[0].xpath("normalize-space(summary)") == "+3 suggested"
    assert len(folded[0].xpath(".//li")) == 3


def test_labels_of_sources_and_people_are_folded_behind_their_number_too(client):
    record = make.recommendation()
    for number, origin in enumerate(("source", "person", "machine")):
        Tagging.objects.create(recommendation=record, term=make.term(f"t{number}"), origin=origin)
    signed_in(client, "coordinator")
    (folded,) = html.fromstring(client.get(ADDRESS).content).xpath('//tr[@class="result-row"]//details[not(@open)]')
    assert folded.xpath("normalize-space(summary)") == "2 labels +1 suggested"
    assert [len(chips.xpath("li")) for chips in folded.xpath("ul")] == [2, 1]


def test_a_row_has_a_mark_for_each_assessment_that_its_body_knows(client):
    assessing_make.assessment(make.recommendation())
    signed_in(client, "coordinator")
    marks = html.fromstring(client.get(ADDRESS).content).xpath(
        '//tr[@class="result-row"]//*[@class="status-marks"]/*'
    )
    assert [mark.get("title") for mark in marks] == [
        "Government assessment: Partially implemented",
        "Independent assessment: Not assessed",
    ]


def test_a_row_without_an_assessment_says_so_once_and_in_words(client):
    make.recommendation()
    signed_in(client, "coordinator")
    (row,) = html.fromstring(client.get(ADDRESS).content).xpath('//tr[@class="result-row"]')
    assert row.xpath('normalize-space(td[@data-label="Status"])') == "Not assessed"


def test_records_selected_on_other_pages_are_changed_with_those_of_this_page(client):
    made = [make.recommendation(paragraph=str(number)) for number in range(3)]
    signed_in(client, "coordinator")
    ticked = {"code": made[0].code, "codes": f"{made[1].code} {made[0].code} SVN-UPR-1-none"}
    answer = client.post(reverse("desk:bulk_edit"), ticked)
    assert answer.context["chosen"] == 2
    again = html.fromstring(answer.content).xpath('//main//input[@name="codes"]/@value')[0].split()
    assert {made[0].code, made[1].code} <= set(again)


@pytest.mark.parametrize(("role", "verbs"), [("coordinator", 5), ("reader", 0)])
def test_those_who_may_change_many_records_find_five_actions_and_the_others_in_a_menu(client, role, verbs):
    make.recommendation()
    signed_in(client, role)
    page = html.fromstring(client.get(ADDRESS).content)
    assert len(page.xpath('//*[@class="selection-verbs"]/button[@type="submit"]')) == verbs
    assert bool(page.xpath('//*[@class="selection-verbs"]//button[@name="deed"]')) == bool(verbs)


def test_a_record_beside_the_list_shows_how_far_it_is_implemented(client):
    record = make.recommendation()
    assessing_make.assessment(record, "partial")
    signed_in(client, "coordinator")
    for address in (f"{ADDRESS}{record.code}/panel/", f"/recommendations/{record.code}/panel/"):
        panel = client.get(address, headers={"HX-Request": "true"}).content.decode()
        assert "<dt>Government assessment</dt>" in panel
        assert "<dd>Partially implemented</dd>" in panel
        assert "<dt>Independent assessment</dt>" in panel
        assert "<dd>Not assessed</dd>" in panel
