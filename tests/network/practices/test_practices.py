"""Practices: who writes, reviews and publishes them, their versions, endorsements, and what was received."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.network.models import Endorsement, MechanismProfile, Practice
from servanda.network.practices import received as received_services
from servanda.network.practices import services
from servanda.network.practices.queries import PracticeFilter, find_practices, language_for, shown_texts, text_in
from servanda.network.practices.received import ReceivedPractice
from servanda.network.practices.services import (
    EndorsementValues,
    EvidenceValues,
    PracticeText,
    PracticeValues,
)
from servanda.people.versioning import ChangedMeanwhile
from servanda.trail.models import Event
from tests import make, network_make

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator():
    return make.user("coordinator")


@pytest.fixture
def colleague():
    return make.user("coordinator")


def now(practice: Practice) -> Practice:
    return Practice.objects.get(pk=practice.pk)


def values(**fields) -> PracticeValues:
    return PracticeValues(**{"mechanism": MechanismProfile.objects.first() or network_make.profile()} | fields)


@pytest.mark.database
def test_a_practice_is_written_reviewed_by_another_person_and_published(coordinator, colleague):
    made = network_make.practice(by=coordinator)
    with pytest.raises(Refused, match="another person must review"):
        services.review_practice(practice=made, by=coordinator)
    with pytest.raises(Refused, match="Only a reviewed"):
        services.publish_practice(practice=made, by=colleague)
    services.review_practice(practice=made, by=colleague)
    assert not Practice.objects.public().exists()
    services.publish_practice(practice=made, by=coordinator)
    assert [row.is_public for row in Practice.objects.public()] == [True]
    services.unpublish_practice(practice=made, by=coordinator)
    assert now(made).state == "reviewed"
    services.return_practice(practice=made, by=coordinator)
    assert (now(made).state, now(made).reviewed_by) == ("draft", None)
    actions = [event.action for event in Event.objects.filter(action__startswith="practice-").order_by("pk")]
    assert actions == [f"practice-{deed}" for deed in ("added", "reviewed", "published", "unpublished", "returned")]


def test_nobody_reviews_what_they_wrote_before_somebody_else_added_to_it(coordinator, colleague):
    made = network_make.practice(by=coordinator)
    text = services.PracticeText(title="Title.", problem="Problem.", steps="Step.", result="Result.")
    services.edit_practice(practice=made, language="en", text=text, values=values(), seen=None, by=colleague)
    for person in (coordinator, colleague):
        with pytest.raises(Refused, match="another person must review"):
            services.review_practice(practice=made, by=person)
    services.review_practice(practice=made, by=make.user("coordinator"))


def test_a_published_practice_is_not_changed_and_a_reviewed_one_becomes_a_draft(coordinator):
    shown = network_make.practice(state="published")
    change = {"language": "en", "text": network_make.text("Other"), "values": values(), "by": coordinator}
    with pytest.raises(Refused, match="Stop publishing"):
        services.edit_practice(practice=shown, seen=None, **change)
    reviewed = network_make.practice(state="reviewed")
    services.edit_practice(practice=reviewed, seen=now(reviewed).version, **change)
    assert (str(now(reviewed)), now(reviewed).state, now(reviewed).reviewed_by) == ("Other", "draft", None)


def test_another_user_who_saved_since_is_not_overwritten_and_the_same_again_changes_nothing(coordinator):
    made = network_make.practice()
    change = {"language": "en", "text": network_make.text("Other"), "by": coordinator}
    services.edit_practice(practice=made, seen=made.version, values=values(), **change)
    with pytest.raises(ChangedMeanwhile):
        services.edit_practice(practice=made, seen=made.version, values=values(), **change)
    version = now(made).version
    services.edit_practice(practice=made, seen=version, values=values(), **change)
    assert now(made).version == version


def test_a_version_in_another_language_keeps_the_original(coordinator):
    made = network_make.practice("One register")
    text = network_make.text("سجل واحد", steps="تسمية جهة اتصال")
    services.edit_practice(practice=made, language="ar", text=text, values=values(), seen=None, by=coordinator)
    shown = now(made)
    assert shown.language_codes == ["en", "ar"]
    assert text_in(shown, "title", "ar") == ("سجل واحد", "ar")
    assert text_in(shown, "title", "fr") == ("One register", "en")
    assert language_for(shown, "ar") == "ar"
    assert [part.lines for part in shown_texts(shown, "en") if part.is_steps] == [
        ["Name a focal point", "Meet each month"]
    ]


@pytest.mark.parametrize("name", ["title", "problem", "steps", "result"])
def test_title_problem_steps_and_result_are_needed(coordinator, name):
    with pytest.raises(FieldRefused) as refused:
        services.add_practice(language="en", text=network_make.text(**{name: " "}), values=values(), by=coordinator)
    assert refused.value.field == name


def test_a_cost_needs_its_currency(coordinator):
    with pytest.raises(FieldRefused, match="currency"):
        services.add_practice(language="en", text=network_make.text(), values=values(cost=5), by=coordinator)


def test_markup_and_marks_that_turn_text_are_removed(coordinator):
    made = network_make.practice(
        "<b>One</b> register\u202e", parts={"problem": "<script>alert(1)</script>Late."}, contact="a\u202eb"
    )
    assert (str(made), str(made.problem), made.contact) == ("One register", "Late.", "ab")


def test_evidence_keeps_its_order_and_is_replaced(coordinator):
    rows = [EvidenceValues("Report", "Ministry", "https://example.org/1"), EvidenceValues("Law")]
    made = network_make.practice(evidence=rows)
    assert [(row.text, row.source) for row in made.evidence.all()] == [("Report", "Ministry"), ("Law", "")]
    change = {"language": "en", "text": network_make.text(), "seen": None, "by": coordinator}
    services.edit_practice(practice=made, values=values(evidence=rows[1:]), **change)
    assert [row.text for row in made.evidence.all()] == ["Law"]


def test_a_withdrawn_practice_is_on_no_list_until_it_is_restored(coordinator):
    shown = network_make.practice(state="published")
    with pytest.raises(Refused, match="reason"):
        services.withdraw_practice(practice=shown, reason=" ", by=coordinator)
    services.withdraw_practice(practice=shown, reason="Wrong figures.", by=coordinator)
    assert not Practice.objects.public().exists()
    assert not Practice.objects.visible_to(coordinator).exists()
    with pytest.raises(Refused, match="Restore it first"):
        services.publish_practice(practice=shown, by=coordinator)
    services.restore_practice(practice=shown, by=coordinator)
    assert list(Practice.objects.public()) == [shown]


@pytest.mark.database
def test_a_mechanism_has_one_entry_on_a_practice_which_is_replaced_withdrawn_and_restored(coordinator):
    own, other = network_make.profile("Own"), network_make.profile("Other", "HRV")
    practice = network_make.practice(of=own)
    entry = EndorsementValues(mechanism=other, kind="endorsed", day=date(2026, 1, 1), note="Good.")
    services.set_endorsement(practice=practice, values=entry, by=coordinator)
    again = EndorsementValues(mechanism=other, kind="tried", day=date(2026, 2, 1), note="Worked.")
    row = services.set_endorsement(practice=practice, values=again, by=coordinator)
    assert [(endorsement.kind, endorsement.note) for endorsement in Endorsement.objects.kept()] == [
        ("tried", "Worked.")
    ]
    services.withdraw_endorsement(endorsement=row, by=coordinator)
    assert not Endorsement.objects.kept().exists()
    services.restore_endorsement(endorsement=row, by=coordinator)
    with pytest.raises(Refused, match="already been done"):
        services.restore_endorsement(endorsement=row, by=coordinator)
    with pytest.raises(FieldRefused, match="comes from this mechanism"):
        services.set_endorsement(
            practice=practice, values=EndorsementValues(mechanism=own, kind="tried", day=date(2026, 1, 1)), by=None
        )
    later = EndorsementValues(mechanism=other, kind="tried", day=timezone.localdate() + timedelta(days=1))
    with pytest.raises(FieldRefused, match="future"):
        services.set_endorsement(practice=practice, values=later, by=coordinator)


def test_a_received_practice_follows_its_origin_is_not_edited_and_is_not_public(coordinator):
    address = "https://mechanism.example/exchange/practice/1"
    sent = {"origin": address, "sender": "Neighbours", "language": "fr"}
    text = {"fr": network_make.text("Un registre"), "en": PracticeText(title="One register")}
    received = ReceivedPractice(**sent, changed=date(2026, 5, 1), texts=text)
    first = received_services.receive_practice(received=received, values=PracticeValues(), by=coordinator)
    newer = ReceivedPractice(**sent, changed=date(2026, 5, 8), texts={"fr": network_make.text("Deux")})
    again = received_services.receive_practice(received=newer, values=PracticeValues(), by=coordinator)
    assert (again.pk, again.owner, now(first).received_on, str(now(first))) == (
        first.pk,
        "Neighbours",
        date(2026, 5, 8),
        "Deux",
    )
    assert not Practice.objects.public().exists()
    for deed in (services.review_practice, services.return_practice, services.publish_practice):
        with pytest.raises(Refused, match="Another system"):
            deed(practice=first, by=coordinator)
    change = {"language": "fr", "text": network_make.text(), "values": values(), "seen": None, "by": coordinator}
    with pytest.raises(Refused, match="Another system"):
        services.edit_practice(practice=first, **change)
    own = network_make.practice()
    assert received_services.delete_received(origins=[address, "https://other.example/1", ""]) == 1
    assert list(Practice.objects.all()) == [own]


def test_a_contributor_sees_no_practice():
    network_make.practice()
    assert not Practice.objects.visible_to(make.user("contributor", make.institution("nhri"))).exists()


@pytest.mark.database
def test_practices_are_found_by_stemmed_words_phrases_and_filters():
    own, other = network_make.profile("Own"), network_make.profile("Other", "HRV")
    theme, body = make.term("Health"), make.body("CRC", "treaty-body")
    first = network_make.practice(
        "Registers of children", of=own, themes=[theme], bodies=[body], capacities=["coordinate"], state="published"
    )
    second = network_make.practice("Consultas con la sociedad civil", of=other, language="es", capacities=["consult"])
    network_make.endorsement(first, other)

    def found(**filters: str) -> list[Practice]:
        return list(find_practices(Practice.objects.all(), PracticeFilter(**filters)))

    assert found() == [first, second]
    assert found(words="register child") == [first]
    assert found(words='"sociedad civil"') == [second]
    assert found(words="consulta") == [second]
    assert found(words="-register") == [second]
    assert found(words='"child register"') == []
    assert found(theme=f"{theme.taxonomy.code}:{theme.code}") == [first]
    assert found(body="CRC") == [first]
    assert found(capacity="consult") == [second]
    assert found(language="es") == [second]
    assert found(mechanism=str(other.pk)) == [second]
    assert found(tried_by=str(other.pk)) == [first]
    assert found(state="draft") == [second]
    assert found(mechanism="9" * 30) == found(theme="x") == []
