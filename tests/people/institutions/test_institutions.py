import json
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from i18nfield.strings import LazyI18nString

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.institutions import services
from servanda.people.institutions.directory import by_name
from servanda.people.models import Institution
from servanda.people.versioning import version_of
from servanda.trail.models import Event
from tests import make
from tests.house.answers import source_of

pytestmark = pytest.mark.django_db
FORM = {
    "name_0": "Ministry of Rights",
    "code": "MOR",
    "branch": "executive",
    "level": "national",
    "email": "rights@example.org",
    "phone": "",
    "address": "",
    "active_from": "",
    "parent": "",
}


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, Role.COORDINATOR)


def edit(institution: Institution, by, **new) -> Institution:
    fields = {
        name: getattr(institution, name)
        for name in ("code", "name", "branch", "level", "parent", "email", "phone", "address", "active_from")
    }
    seen = version_of(institution)
    return services.edit_institution(institution=institution, **({"seen": seen} | fields | new), by=by)


def names_on(page) -> list[str]:
    return [str(row[0]) for row in page.context["rows"]]


def test_a_coordinator_adds_an_institution_and_the_trail_tells_of_it(client, coordinator):
    above = make.institution("gov")
    answer = client.post(reverse("people:create_institution"), FORM | {"parent": above.pk})
    made = Institution.objects.get(code="MOR")
    assert answer.url == reverse("people:institution", args=[made.pk])
    assert (str(made), made.parent, made.email) == ("Ministry of Rights", above, "rights@example.org")
    event = Event.objects.first()
    assert (event.action, event.object_id, event.actor) == ("institution-created", str(made.pk), coordinator)
    assert json.loads(event.difference)["parent"] == ["", "gov"]


@pytest.mark.parametrize("role", [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.AUDITOR])
def test_who_reads_the_directory_changes_nothing_in_it(client, role):
    institution = make.institution()
    client.force_login(make.user(role, institution))
    page = client.get(reverse("people:institution", args=[institution.pk]))
    assert page.status_code == 200
    assert reverse("people:edit_institution", args=[institution.pk]) not in page.content.decode()
    for name in ("edit_institution", "close_institution", "succeed_institution", "reopen_institution"):
        assert client.post(reverse(f"people:{name}", args=[institution.pk]), FORM).status_code == 403
    assert client.post(reverse("people:create_institution"), FORM).status_code == 403
    assert not Institution.objects.filter(code="MOR").exists()


@pytest.mark.parametrize("role", [Role.CONTRIBUTOR, Role.PUBLIC])
def test_an_outsider_sees_no_directory(client, role):
    client.force_login(make.user(role))
    assert client.get(reverse("people:institutions")).status_code == 403
    assert client.get(reverse("people:institution", args=[make.institution().pk])).status_code == 403


def test_an_institution_that_is_not_there_is_not_found(client, coordinator):
    for number in (987654, 9**30):
        assert client.get(reverse("people:institution", args=[number])).status_code == 404


def test_names_are_kept_in_each_language(client, coordinator):
    client.post(reverse("people:create_institution"), FORM | {"name_1": "Ministerio de Derechos"})
    assert Institution.objects.get(code="MOR").name.data["es"] == "Ministerio de Derechos"
    client.cookies["django_language"] = "es"
    assert "Ministerio de Derechos" in client.get(reverse("people:institutions")).content.decode()


def test_a_code_belongs_to_one_institution_whatever_its_capitals(client, coordinator):
    make.institution("mor")
    answer = client.post(reverse("people:create_institution"), FORM)
    assert answer.status_code == 422
    assert "already" in answer.context["form"].errors["code"][0]
    refusal = Event.objects.first()
    assert (refusal.action, refusal.object_label) == ("refused", "create_institution")


def test_no_institution_becomes_part_of_what_is_part_of_it(client, coordinator):
    ministry = make.institution("ministry")
    agency = make.institution("agency", parent=make.institution("department", parent=ministry))
    fields = FORM | {"code": "ministry", "parent": agency.pk, "seen": version_of(ministry)}
    answer = client.post(reverse("people:edit_institution", args=[ministry.pk]), fields)
    assert answer.status_code == 422
    assert ". Choose an institution that is not part of it." in answer.context["form"].errors["parent"][0]
    ministry.refresh_from_db()
    assert ministry.parent is None


def test_no_institution_becomes_part_of_itself(coordinator):
    ministry = make.institution("ministry")
    with pytest.raises(Refused, match=". Choose an institution that is not part of it."):
        edit(ministry, coordinator, parent=ministry)


def test_no_institution_is_put_under_a_closed_one(coordinator):
    closed = make.institution("closed", active_to=date(2025, 12, 31))
    with pytest.raises(Refused, match="is closed. Choose its successor."):
        edit(make.institution("agency"), coordinator, parent=closed)


def test_the_tree_has_five_levels_and_no_more(coordinator):
    above = None
    for level in range(1, 6):
        above = edit(make.institution(f"level-{level}"), coordinator, parent=above)
    with pytest.raises(Refused, match="at most 5 levels"):
        edit(make.institution("level-6"), coordinator, parent=above)
    top = Institution.objects.get(code="level-1")
    with pytest.raises(Refused, match="at most 5 levels"):
        edit(top, coordinator, parent=make.institution("on-top"))


def test_the_second_of_two_who_edit_is_told_and_keeps_their_words(client, coordinator):
    institution = make.institution("mor")
    seen = version_of(institution)
    edit(institution, coordinator, email="first@example.org")
    address = reverse("people:edit_institution", args=[institution.pk])
    answer = client.post(address, FORM | {"seen": seen, "email": "second@example.org"})
    assert answer.status_code == 422
    assert "Another user changed this while you were editing. Your" in answer.context["form"].non_field_errors()[0]
    assert "second@example.org" in answer.content.decode()
    institution.refresh_from_db()
    assert institution.email == "first@example.org"
    again = FORM | {"seen": answer.context["form"].data["seen"], "email": "second@example.org"}
    assert client.post(address, again).status_code == 302
    institution.refresh_from_db()
    assert institution.email == "second@example.org"


def test_saving_what_is_there_already_is_no_deed(coordinator):
    institution = make.institution("mor")
    before = Event.objects.count()
    edit(institution, coordinator)
    assert Event.objects.count() == before
    assert institution.history.count() == 1


def test_the_page_tells_in_words_what_was_changed(client, coordinator):
    old, new = make.institution("old"), make.institution("new")
    institution = make.institution("mor", parent=old, name=LazyI18nString({"en": "Rights", "fr": "Droits"}))
    edit(
        institution, coordinator, parent=new, branch="independent", name=LazyI18nString({"en": "Law", "fr": "Droits"})
    )
    page = client.get(reverse("people:institution", args=[institution.pk]))
    newest = page.context["changes"][0]
    assert newest["note"] == str(coordinator)
    for words in (
        "Name (English): changed from “Rights” to “Law”.",
        "Branch: changed from “Executive” to “Independent”.",
        "Part of: changed from “OLD” to “NEW”.",
    ):
        assert words in newest["text"]
    assert "French" not in newest["text"]
    assert page.context["changes"][-1]["text"] == "Added."


def test_the_list_follows_the_tree(client, coordinator):
    ministry = make.institution("m-b", name="B")
    make.institution("m-b-x", name="Not under B")
    make.institution("a", name="Under B", parent=ministry)
    make.institution("c", name="Deep", parent=Institution.objects.get(code="a"))
    make.institution("m-a", name="A")
    page = client.get(reverse("people:institutions"))
    assert names_on(page) == ["A", "B", "Under B", "Deep", "Not under B"]
    assert [row[1] for row in page.context["rows"]] == ["", "", "– ", "– – ", ""]


@pytest.mark.database
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["court", "edu"]),
        ({"words": "éducation"}, ["edu"]),
        ({"words": "ministère édu"}, ["edu"]),
        ({"words": "educación"}, ["edu"]),
        ({"words": "COU"}, ["court"]),
        ({"words": "nothing"}, []),
        ({"words": "%"}, []),
        ({"branch": "judiciary"}, ["court"]),
        ({"level": "region"}, ["court"]),
        ({"state": "closed"}, ["old"]),
        ({"state": "all", "branch": "judiciary"}, ["court", "old"]),
        ({"branch": "planted", "level": "planted", "state": "planted", "page": "x"}, ["court", "edu"]),
        ({"page": "99"}, ["court", "edu"]),
    ],
)
def test_the_list_shows_what_is_asked_for(client, coordinator, query, found):
    make.institution("court", name="Court", branch="judiciary", level="region")
    make.institution("old", name="Old court", branch="judiciary", active_to=date(2025, 12, 31))
    make.institution("edu", name=LazyI18nString({"fr": "Ministère de l’Éducation", "es": "Ministerio de Educación"}))
    page = client.get(reverse("people:institutions"), query)
    assert [row[0].code for row in page.context["rows"]] == found


def test_a_closed_institution_beside_open_ones_is_marked_with_a_word(client, coordinator):
    above = make.institution("moj")
    make.institution("old", parent=above, active_to=date(2025, 12, 31))
    make.institution("last-days", parent=above, active_to=date(2099, 12, 31))
    pages = (reverse("people:institutions") + "?state=all", reverse("people:institution", args=[above.pk]))
    for page in map(source_of, map(client.get, pages)):
        assert page.count("closed, existed until 31 December 2025") == 1
        assert "closed, existed until 31 December 2099" not in page
    people = client.get(reverse("people:people"))
    labels = [str(label) for _value, label in people.context["form"].fields["institution"].choices]
    assert "OLD (closed)" in labels
    assert "LAST-DAYS" in labels


def test_a_filter_by_institution_marks_closed_ones():
    rows = [make.institution("moj"), make.institution("old", active_to=date(2025, 12, 31))]
    assert list(by_name(rows)) == [("moj", "MOJ"), ("old", "OLD (closed)")]


def test_the_list_is_paged_and_the_next_page_keeps_the_filters(client, coordinator):
    for number in range(60):
        make.institution(f"court-{number:02}", branch="judiciary")
    page = client.get(reverse("people:institutions"), {"branch": "judiciary"})
    assert names_on(page) == [f"COURT-{number:02}" for number in range(50)]
    following = client.get(reverse("people:institutions") + page.context["next_url"])
    assert names_on(following) == [f"COURT-{number:02}" for number in range(50, 60)]
    assert (following.context["asked"].branch, following.context["next_url"]) == ("judiciary", "")


def test_the_list_names_the_focal_points_of_today_the_principal_first(client, coordinator):
    institution = make.institution()
    today = timezone.localdate()
    make.appointment(make.user(Role.PUBLIC, name="Alto"), institution, "alternate")
    make.appointment(make.user(Role.PUBLIC, name="Prima"), institution, "principal")
    make.appointment(make.user(Role.PUBLIC, name="Over"), institution, "alternate", end=today - timedelta(days=1))
    page = client.get(reverse("people:institutions"))
    shown = page.context["rows"][0][0].focal_points_now
    assert [str(appointment.person) for appointment in shown] == ["Prima", "Alto"]


def test_contributors_stand_on_the_page_for_those_who_may_know_them_only(client, coordinator):
    institution = make.institution("nhri")
    make.user(Role.CONTRIBUTOR, institution, name="Nour Hidden")
    address = reverse("people:institution", args=[institution.pk])
    assert "Nour Hidden" in client.get(address).content.decode()
    client.force_login(make.user(Role.READER, institution))
    assert "Nour Hidden" not in client.get(address).content.decode()


def test_the_list_and_the_page_cost_the_same_for_one_and_for_many(client, coordinator):
    institution = make.institution()
    edit(institution, coordinator, email="mail@example.org")
    addresses = [reverse("people:institutions"), reverse("people:institution", args=[institution.pk])]
    before = [queries_of(client, address) for address in addresses]
    for number in range(20):
        make.user(Role.FOCAL_POINT, make.institution(f"below-{number}", parent=institution))
        make.user(Role.READER, institution)
        edit(institution, coordinator, email=f"mail{number}@example.org")
    assert [queries_of(client, address) for address in addresses] == before
    assert max(before) < 20


def queries_of(client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)
