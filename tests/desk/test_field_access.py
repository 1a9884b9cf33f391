"""Fields of a record that only some may read, and records of some bodies only: on every page, in every file."""

from collections.abc import Collection, Iterator
from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from servanda.people.access import ROLES, Role
from servanda.people.models import User
from servanda.people.naming import shown_names
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import merging, notes, positions
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import Position, Recommendation, SourceRecord
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY, PART, of_record
from tests.house.answers import said

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pdf_is_its_page")]

WORD = "zorbatrix"
LISTS = ["desk:register_export", "desk:register_matrix", "portal:register_export"]
FORMATS = {"desk:register_matrix": ("docx", "xlsx")}


def add(record: Recommendation, by: User, *, day=None) -> Position:
    said_so = {"words": WORD, "symbol": "", "paragraph": "", "comment": f"Not {WORD} yet.", "is_draft": day is None}
    return positions.add_position(recommendation=record, stand="noted", date=day, **said_so, by=by)


def today() -> str:
    return f"?on={timezone.localdate().isoformat()}"


def pages_of(role: str, record: Recommendation) -> Iterator[str]:
    """Every address that such a person may look at and that can show the record."""
    for name, address in ADDRESSES.items():
        if "GET" not in address.methods or address.who not in {EVERYBODY, *ROLES[role]}:
            continue
        if name in LISTS:
            yield from (reverse(name, args=[ending]) for ending in FORMATS.get(name, ("csv", "xlsx", "json")))
        elif address.arguments is of_record:
            yield reverse(name, args=[record.code]) + (today() if name == "desk:record_as_of" else "")
    yield from (reverse("desk:register"), reverse("desk:home"), reverse("portal:register"))


def heard(client, role: str, *records: Recommendation, words: Collection[str] = (WORD,)) -> list[str]:
    urls = dict.fromkeys(url for record in records for url in pages_of(role, record))
    pages = {url: said(client.get(url, headers=PART)).lower() for url in urls}
    return [url for url, page in pages.items() if any(word in page for word in words)]


def found_by_word(client) -> int:
    return client.get(reverse("desk:register") + f"?q={WORD}").context["listing"].page.paginator.count


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR, name="Ana Primer")


def with_drafts(by: User) -> Recommendation:
    """A record with a draft by hand, one decided, one taken out, one in bulk and one that came with a merge."""
    record, other = make.recommendation(), make.recommendation()
    add(record, by)
    positions.end_position(position=add(record, by), reason="Too early.", by=by)
    add(other, by)
    merging.merge_recommendations(into=record, others=[other], by=by)
    change = Change("add-position", stand="noted", words=WORD, comment=WORD, is_draft=True)
    bulk.apply_bulk(bulk.start_bulk(change=change, records=Recommendation.objects.kept(), by=by))
    record.refresh_from_db()
    return record


READERS = [Role.READER, Role.FOCAL_POINT, Role.AUTHORITY, Role.CONTRIBUTOR]


@pytest.mark.parametrize("role", READERS)
def test_no_page_and_no_file_tells_of_a_draft_or_an_internal_note_to_those_who_may_not_read_it(
    client, coordinator, role
):
    record = with_drafts(coordinator)
    note = notes.add_note(recommendation=record, text=WORD, by=coordinator)
    notes.withdraw_note(note=notes.add_note(recommendation=record, text=WORD, by=coordinator), by=coordinator)
    reindex([record.pk])
    client.force_login(make.user(role))
    assert heard(client, role, record) == []
    assert found_by_word(client) == 0
    for name in ("withdraw_note", "restore_note", "add_note"):
        arguments = [record.code] if name == "add_note" else [record.code, note.pk]
        assert client.post(reverse(f"desk:{name}", args=arguments), {"text": "Mine."}).status_code == 403


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.ADMINISTRATOR])
def test_those_who_may_read_drafts_find_them_on_the_page_in_the_history_and_in_files(client, coordinator, role):
    record = with_drafts(coordinator)
    client.force_login(make.user(role))
    wanted = {reverse(f"desk:{name}", args=[record.code]) for name in ("record", "record_history")}
    wanted.add(reverse("desk:record_as_of", args=[record.code]) + today())
    wanted |= {reverse("desk:register_export", args=[ending]) for ending in ("csv", "xlsx", "json")}
    wanted |= {reverse("desk:register_matrix", args=[ending]) for ending in ("docx", "xlsx")}
    assert wanted <= set(pages_of(role, record))
    assert [url for url in wanted if WORD not in said(client.get(url, headers=PART)).lower()] == []


def history_of(client, record: Recommendation) -> str:
    return client.get(reverse("desk:record_history", args=[record.code])).content.decode()


def test_drafts_leave_no_entry_in_the_history_of_others_and_a_decision_is_told_without_its_draft(client, coordinator):
    record = make.recommendation()
    draft = add(record, coordinator)
    client.force_login(make.user(Role.READER))
    assert "Ana Primer" not in history_of(client, record)
    positions.decide_position(position=draft, date="2026-03-01", by=coordinator)
    page = history_of(client, record)
    assert "decided the position of the State on" in page
    assert "added a position" not in page
    assert "draft" not in page
    assert f"<ins>Noted; 2026-03-01; {WORD}; Not {WORD} yet.</ins>" in page


def test_a_bulk_draft_is_no_entry_in_the_history_of_others(client, coordinator):
    record = with_drafts(coordinator)
    client.force_login(make.user(Role.READER))
    assert "changed several records" not in history_of(client, record)
    client.force_login(coordinator)
    assert "changed several records" in history_of(client, record)


@pytest.mark.database
def test_a_draft_changes_nothing_that_others_filter_count_or_draw(client, coordinator):
    record = make.recommendation()
    add(record, coordinator, day="2025-01-01")
    client.force_login(make.user(Role.READER))
    urls = [reverse("desk:register") + query for query in ("", "?stand=noted", "?stand=-", "?by=stand")]
    urls += [reverse("desk:figure_table", args=["stand"]), reverse("desk:record_panel", args=[record.code])]
    urls += [reverse("desk:overview"), reverse("desk:chart", args=["stand"])]
    before = [said(client.get(url, headers=PART)) for url in urls]
    add(record, coordinator)
    change = Change("add-position", stand="supported", is_draft=True)
    bulk.apply_bulk(bulk.start_bulk(change=change, records=Recommendation.objects.all(), by=coordinator))
    assert Position.objects.current().filter(is_draft=True).count() == 2
    assert [said(client.get(url, headers=PART)) for url in urls] == before


@pytest.mark.database
def test_where_the_state_stands_comes_from_decided_positions_alone(coordinator):
    record = make.recommendation()
    add(record, coordinator)
    change = Change("add-position", stand="supported", is_draft=True)
    bulk.apply_bulk(bulk.start_bulk(change=change, records=Recommendation.objects.all(), by=coordinator))
    merging.merge_recommendations(into=record, others=[with_drafts(coordinator)], by=coordinator)
    assert set(Recommendation.objects.values_list("stand", flat=True)) == {""}


def test_the_word_matrix_tells_a_deadline_whether_or_not_a_hidden_draft_waits(client, coordinator):
    record = make.recommendation(decide_by=date(2026, 9, 1))
    client.force_login(make.user(Role.READER))
    url = reverse("desk:register_matrix", args=["xlsx"])
    before = said(client.get(url))
    assert date_format(record.decide_by, "DATE_FORMAT") in before
    add(record, coordinator)
    assert said(client.get(url)) == before


def test_a_note_is_written_withdrawn_and_put_back_on_the_page_of_the_record(client, coordinator):
    record = make.recommendation()
    client.force_login(coordinator)
    assert client.post(reverse("desk:add_note", args=[record.code]), {"text": " \0 "}).status_code == 422
    client.post(reverse("desk:add_note", args=[record.code]), {"text": f"Ask about {WORD}."})
    note = record.notes.get()
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    assert f"Ask about {WORD}." in page
    assert "Ana Primer" in page
    client.post(reverse("desk:withdraw_note", args=[record.code, note.pk]))
    note.refresh_from_db()
    assert note.withdrawn_at
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    assert reverse("desk:restore_note", args=[record.code, note.pk]) in page
    client.post(reverse("desk:restore_note", args=[record.code, note.pk]))
    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_an_auditor_reads_notes_and_is_offered_no_deed(client, coordinator):
    record = make.recommendation()
    note = notes.add_note(recommendation=record, text=WORD, by=coordinator)
    client.force_login(make.user(Role.AUDITOR))
    page = client.get(reverse("desk:record", args=[record.code])).content.decode()
    assert WORD in page
    assert "notes/" not in page
    client.post(reverse("desk:withdraw_note", args=[record.code, note.pk]))
    note.refresh_from_db()
    assert note.withdrawn_at is None


def test_a_note_of_another_record_is_not_reached_through_this_one(client, coordinator):
    note = notes.add_note(recommendation=make.recommendation(), text=WORD, by=coordinator)
    client.force_login(coordinator)
    for name in ("withdraw_note", "restore_note"):
        url = reverse(f"desk:{name}", args=[make.recommendation().code, note.pk])
        assert client.post(url).status_code == 404


def test_a_contributor_is_named_only_to_those_who_may_know(coordinator):
    contributor = make.user(Role.CONTRIBUTOR, name="Zora Batrix")
    former = make.user(Role.PUBLIC, name="Former Person")
    make.appointment(former, make.institution("ngo"), "contributor", end="2026-01-31")
    both = make.user(Role.CONTRIBUTOR, name="Known Anyway")
    make.appointment(both, make.institution("moj"), "reader")
    retired = make.user(Role.PUBLIC, name="Retired Coordinator")
    everybody = [contributor, former, both, retired, coordinator]
    hidden = "A contributor"
    named = [str(person) for person in everybody]
    assert list(shown_names(everybody, to=make.user(Role.READER)).values()) == [hidden, hidden, *named[2:]]
    assert list(shown_names(everybody, to=coordinator).values()) == named
    assert list(shown_names(everybody, to=make.user(Role.AUDITOR)).values()) == [hidden, hidden, *named[2:]]
    assert shown_names([contributor], to=contributor)[contributor.pk] == "Zora Batrix"
    assert shown_names([contributor], to=None)[contributor.pk] == hidden


def test_the_names_of_many_people_cost_one_question():
    people, reader = [make.user(Role.CONTRIBUTOR) for _number in range(5)], make.user(Role.READER)
    assert reader.roles
    with CaptureQueriesContext(connection) as captured:
        shown_names([*people, None], to=reader)
    assert len(captured) == 1


def test_pages_of_a_record_do_not_name_a_contributor_who_set_a_label(client, coordinator):
    record, contributor = make.recommendation(), make.user(Role.CONTRIBUTOR, name=f"Zora {WORD}")
    labels.add_labels(recommendation=record, terms=[make.term("Health")], by=contributor)
    change = bulk.start_bulk(change=Change("unpublish"), records=Recommendation.objects.all(), by=contributor)
    bulk.apply_bulk(change)
    for person, is_named in ((make.user(Role.READER), False), (coordinator, True)):
        client.force_login(person)
        pages = [client.get(reverse(f"desk:{name}", args=[record.code])) for name in ("record", "record_history")]
        pages.append(client.get(reverse("desk:record_as_of", args=[record.code]) + today()))
        for answer in pages:
            assert (WORD in answer.content.decode()) == is_named
            assert ("A contributor" in answer.content.decode()) != is_named


def test_a_record_costs_a_reader_the_same_with_one_name_on_it_and_with_twenty(client, coordinator):
    asked = []
    for number in (1, 20):
        record = make.recommendation()
        for at in range(number):
            author = make.user(Role.CONTRIBUTOR)
            labels.add_labels(recommendation=record, terms=[make.term(f"Theme {at}")], by=author)
        client.force_login(make.user(Role.READER))
        for name in ("record", "record_history"):
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse(f"desk:{name}", args=[record.code])).status_code == 200
            asked.append(len(captured))
    assert asked[:2] == asked[2:]


# Appointments for some bodies only.


@pytest.fixture
def of_the_child():
    """Who answers for the Ministry of Justice, and only for what the CRC asked."""
    person = make.user(Role.PUBLIC, name="Cvetka Otrok")
    make.appointment(person, make.institution("moj"), "principal", bodies="CRC")
    return person


@pytest.fixture
def records() -> dict[tuple[str, str], Recommendation]:
    made = {}
    for code, state in product(("CRC", "UPR"), ("open", "internal", "draft", "moj", "mfa")):
        fields: dict = {"internal": {"confidentiality": "internal"}, "draft": {"is_published": False}}.get(state, {})
        if state in ("moj", "mfa"):
            fields = {"confidentiality": "restricted"}
        body = make.body(code, "upr" if code == "UPR" else "treaty-body")
        text = f"{state} {code} {WORD if (code, state) not in SEEN else ''}"
        record = make.recommendation(text, body=body, paragraph=f"{code}{state}", **fields)
        if state in ("moj", "mfa"):
            record.restricted_to.add(make.institution(state))
        SourceRecord.objects.create(
            recommendation=record, scheme="uhri", external_id=f"{code}-{state}", digest="1", where="1", raw="raw-one"
        )
        made[code, state] = record
    reindex(record.pk for record in made.values())
    return made


SEEN = {("CRC", "open"), ("CRC", "internal"), ("CRC", "draft"), ("CRC", "moj"), ("UPR", "open")}


def test_who_answers_for_one_body_sees_what_is_internal_of_that_body_only(records, of_the_child):
    found = Recommendation.objects.visible_to(of_the_child)
    assert {key for key, record in records.items() if record in found} == SEEN
    opened = Recommendation.objects.opened_to(of_the_child)
    assert {key for key, record in records.items() if record in opened} == SEEN - {("UPR", "open")}


@pytest.mark.database
def test_counts_search_and_files_keep_to_the_bodies(client, records, of_the_child):
    client.force_login(of_the_child)
    listing = client.get(reverse("desk:register")).context["listing"]
    assert listing.page.paginator.count == len(SEEN)
    bodies = next(facet for facet in listing.facets if facet["key"] == "body")
    assert {option["key"]: option["count"] for option in bodies["options"]} == {"CRC": 4, "UPR": 1}
    assert found_by_word(client) == 0
    assert (
        client.get(reverse("desk:register") + "?published=no&body=UPR").context["listing"].page.paginator.count == 0
    )
    assert heard(client, Role.FOCAL_POINT, *records.values()) == []


@pytest.mark.parametrize("name", ["record", "record_history", "record_as_of", "record_panel"])
def test_the_pages_of_a_hidden_record_are_as_those_of_none(client, records, of_the_child, name):
    client.force_login(of_the_child)
    missing = said(client.get(reverse(f"desk:{name}", args=["SVN-NONE-9"]), headers=PART))
    for key, record in records.items():
        url = reverse(f"desk:{name}", args=[record.code])
        status = client.get(url, headers=PART if name == "record_panel" else {}).status_code
        if key not in SEEN:
            assert status == 404
            assert said(client.get(url, headers=PART)).replace(record.code, "SVN-NONE-9") == missing
        elif key == ("UPR", "open") and name != "record_panel":
            assert status in (302, 404)
        else:
            assert status == 200


def test_of_an_open_record_of_another_body_the_person_reads_what_the_public_reads(client, records, of_the_child):
    record = records["UPR", "open"]
    Recommendation.objects.filter(pk=record.pk).update(decide_by="2031-05-05")
    client.force_login(of_the_child)
    assert client.get(reverse("desk:record", args=[record.code])).url == record.get_absolute_url()
    assert client.get(reverse("desk:record_history", args=[record.code])).status_code == 404
    heard_at = heard(client, Role.FOCAL_POINT, record, words=("2031-05-05", "raw-one"))
    assert [url for url in heard_at if not url.startswith("/api/")] == []


def test_two_appointments_open_both_bodies_and_one_without_bodies_opens_all(records, of_the_child):
    make.appointment(of_the_child, make.institution("mfa"), "alternate", bodies="UPR, CEDAW")
    person = User.objects.get(pk=of_the_child.pk)
    found = Recommendation.objects.visible_to(person)
    seen = {key for key, record in records.items() if record in found}
    assert seen == set(records) - {("CRC", "mfa"), ("UPR", "moj")}
    make.appointment(person, make.institution("mfa"), "reader")
    found = Recommendation.objects.visible_to(User.objects.get(pk=person.pk))
    assert {key for key, record in records.items() if record in found} == set(records) - {("UPR", "moj")}
