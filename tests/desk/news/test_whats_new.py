"""What changed since my last visit: as far as I may see it, newest first."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.people.access import Role
from servanda.people.models import Institution, User
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import positions, structure, texts
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import Recommendation, Tagging
from tests import make
from tests.desk.tiles import tiles_on_desk

pytestmark = pytest.mark.django_db

BY_HAND = {"words": "", "date": None, "symbol": "", "paragraph": "", "comment": ""}


@pytest.fixture
def ministry():
    return make.institution("moj", name="Ministry of Justice")


@pytest.fixture
def reader(ministry) -> User:
    """Was here a minute ago, before all that the tests do."""
    return was_here(make.user(Role.FOCAL_POINT, ministry))


@pytest.fixture
def coordinator() -> User:
    return make.user(Role.COORDINATOR, name="Cora")


def was_here(person: User, ago: timedelta = timedelta(minutes=1)) -> User:
    """Whose next log-in makes this their visit before."""
    User.objects.filter(pk=person.pk).update(last_login=timezone.now() - ago)
    person.refresh_from_db()
    return person


def page(client, person: User, **query):
    client.force_login(User.objects.get(pk=person.pk))
    return client.get(reverse("desk:whats_new"), query)


def told(client, person: User, **query) -> dict[str, list[str]]:
    shown = page(client, person, **query).context
    return {change.row.record.code: [entry.what for entry in change.entries] for change in shown["changed"]}


def label(record: Recommendation, by: User, name: str = "Detention") -> None:
    labels.add_labels(recommendation=record, terms=[make.term(name)], by=by)


def test_logging_in_remembers_the_visit_before(client):
    person = make.user()
    client.force_login(person)
    person.refresh_from_db()
    assert person.previous_visit is None
    first = person.last_login
    client.force_login(person)
    person.refresh_from_db()
    assert person.previous_visit == first < person.last_login


def test_the_first_visit_is_explained_and_tells_nothing(client, coordinator):
    newcomer = make.user(Role.READER)
    label(make.recommendation(), coordinator)
    shown = page(client, newcomer)
    assert "This is your first visit" in shown.content.decode()
    assert "changed" not in shown.context
    assert "This is your first visit." in client.get(reverse("desk:home")).content.decode()


def test_a_label_a_text_and_a_position_are_told_in_sentences_newest_first(client, reader, coordinator):
    one, two, three, untouched = (make.recommendation() for _number in range(4))
    label(one, coordinator)
    written = {"language": "fr", "form": "full", "text": "Protéger.", "source": "", "version": two.version}
    truths = dict.fromkeys(["is_original", "is_machine", "is_reviewed"], False)
    texts.write_text(recommendation=two, **written, **truths, by=coordinator)
    positions.add_position(recommendation=three, stand="noted", is_draft=False, by=coordinator, **BY_HAND)
    news = told(client, reader)
    assert list(news) == [three.code, two.code, one.code]
    assert news[one.code] == [f"Cora added labels to the record {one.code}."]
    assert untouched.code not in news


def test_what_happened_before_the_visit_is_not_told(client, reader, coordinator):
    record = make.recommendation()
    label(record, coordinator, "Old")
    was_here(reader, timedelta(0))
    label(record, coordinator, "New")
    assert told(client, reader) == {record.code: [f"Cora added labels to the record {record.code}."]}


def test_a_chosen_day_looks_further_back(client, coordinator):
    record, person = make.recommendation(), make.user(Role.READER)
    label(record, coordinator)
    assert list(told(client, person, since=timezone.localdate().isoformat())) == [record.code]
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "No changes" in page(client, person, since=tomorrow.isoformat()).content.decode()


@pytest.mark.parametrize("day", ["yesterday", "0001-01-01", "2026-02-30"])
def test_a_day_that_is_none_is_said(client, reader, day):
    assert page(client, reader, since=day).status_code == 422


def test_what_an_import_brought_and_took_away_is_told(client, reader, coordinator):
    old, new, waiting = make.recommendation(), make.recommendation(), make.recommendation()
    applied = Batch.objects.create(
        name="list.docx", state=Batch.State.APPLIED, applied_at=timezone.now(), created_by=coordinator
    )
    undone = Batch.objects.create(name="undone.docx", state=Batch.State.UNDONE, applied_at=timezone.now())
    Tagging.objects.create(recommendation=old, term=make.term(), added_by=applied)
    Tagging.objects.create(recommendation=waiting, term=make.term(), added_by=undone)
    Recommendation.objects.filter(pk=new.pk).update(added_by=applied)
    assert told(client, reader) == {old.code: ["Cora imported list.docx."], new.code: []}


@pytest.mark.database
def test_a_change_of_many_records_is_told_of_each(client, reader, coordinator):
    record = make.recommendation()
    batch = bulk.start_bulk(
        change=Change("set-deadline", decide_by="2030-01-01"), records=Recommendation.objects.all(), by=coordinator
    )
    bulk.apply_bulk(batch)
    assert list(told(client, reader)) == [record.code]


def test_a_record_that_i_may_not_see_does_not_count(client, reader, coordinator):
    record = make.recommendation("Protect the zorbatrix.", confidentiality="restricted")
    label(record, coordinator)
    shown = page(client, reader)
    assert shown.context["page"].paginator.count == 0
    assert "zorbatrix" not in shown.content.decode()
    assert list(told(client, was_here(coordinator))) == [record.code]


def test_a_record_that_was_withdrawn_is_gone_from_here_too(client, reader, coordinator):
    record = make.recommendation()
    label(record, coordinator)
    structure.withdraw_recommendation(recommendation=record, reason="Printed twice.", by=coordinator)
    assert page(client, reader).context["page"].paginator.count == 0


def test_a_restricted_record_counts_for_those_named_on_it(client, reader, coordinator, ministry):
    record = make.recommendation(confidentiality="restricted")
    record.restricted_to.add(ministry)
    label(record, coordinator)
    assert list(told(client, reader)) == [record.code]


def test_a_draft_position_neither_counts_nor_is_told_until_it_is_decided(client, reader, coordinator):
    by_hand, in_bulk = make.recommendation(), make.recommendation()
    draft = positions.add_position(recommendation=by_hand, stand="noted", is_draft=True, by=coordinator, **BY_HAND)
    change = Change("add-position", stand="noted", is_draft=True)
    batch = bulk.start_bulk(change=change, records=Recommendation.objects.filter(pk=in_bulk.pk), by=coordinator)
    bulk.apply_bulk(batch)
    assert told(client, reader) == {}
    assert set(told(client, was_here(coordinator))) == {by_hand.code, in_bulk.code}
    positions.decide_position(position=draft, date=timezone.localdate(), by=coordinator)
    assert list(told(client, reader)) == [by_hand.code]


def test_a_link_to_a_secret_record_does_not_count(client, reader, coordinator):
    known, secret = make.recommendation(), make.recommendation(confidentiality="restricted")
    structure.link_recommendations(recommendation=known, to=secret, relation="repeats", by=coordinator)
    assert told(client, reader) == {}


def test_my_institution_and_its_people_are_told_and_others_are_not(client, reader, ministry):
    agency = make.institution("agency", name="Agency of Prisons", parent=ministry)
    make.appointment(make.user(Role.PUBLIC, name="Avi"), agency, "authority", end=timezone.localdate())
    Institution.objects.create(code="mfa", name="Ministry of Others")
    make.appointment(make.user(Role.PUBLIC, name="Gia"), make.institution("mfa"))
    moments = [moment.text for moment in page(client, reader).context["moments"].rows]
    of_agency = [text for text in moments if "Agency of Prisons" in text]
    assert [("Avi" in text, "Validating authority" in text) for text in sorted(of_agency, key=len)] == [
        (False, False),
        (True, True),
    ]
    assert not [text for text in moments if "Gia" in text or "Others" in text]


def test_who_manages_people_is_told_of_all_of_them(client, coordinator):
    was_here(coordinator)
    make.appointment(make.user(Role.PUBLIC, name="Gia"), make.institution("mfa"))
    moments = page(client, coordinator).context["moments"]
    assert any("Gia was appointed" in moment.text for moment in moments.rows)


def test_contributors_are_not_named(client, reader, ministry):
    before = page(client, reader).context["moments"].total
    was_here(reader)
    make.user(Role.CONTRIBUTOR, ministry, name="Nour")
    shown = page(client, reader)
    assert "Nour" not in shown.content.decode()
    assert shown.context["moments"].total == before


@pytest.mark.parametrize(("role", "status"), [(Role.CONTRIBUTOR, 403), (Role.PUBLIC, 403), (Role.AUDITOR, 200)])
def test_it_is_for_those_who_read_inside(client, role, status):
    assert page(client, make.user(role)).status_code == status


def test_the_tile_on_the_desk_has_the_count_of_the_page(client, reader, coordinator):
    for _number in range(3):
        label(make.recommendation(), coordinator)
    label(make.recommendation(confidentiality="restricted"), coordinator)
    shown = page(client, reader).context
    assert shown["page"].paginator.count == 3
    assert tiles_on_desk(client)["news"].count == 3 + shown["moments"].total
    assert tiles_on_desk(client)["news"].leads == reverse("desk:whats_new")


def test_a_contributor_has_no_such_tile(client):
    client.force_login(make.user(Role.CONTRIBUTOR))
    assert reverse("desk:whats_new") not in client.get(reverse("desk:home")).content.decode()


def test_the_pages_are_cut_by_the_database_and_cost_the_same(client, reader, coordinator):
    counts, totals = [], []
    for further in (3, 9, 12):
        for _number in range(further):
            label(make.recommendation(), coordinator)
        page(client, was_here(reader))
        with CaptureQueriesContext(connection) as queries:
            shown = client.get(reverse("desk:whats_new"))
        counts.append(len(queries))
        totals.append((len(shown.context["changed"]), shown.context["page"].paginator.count))
    assert totals == [(3, 3), (10, 12), (10, 24)]
    assert counts == [counts[0]] * 3
    last = page(client, was_here(reader), page=3)
    assert len(last.context["changed"]) == 4
    assert 'rel="prev"' in last.content.decode()
