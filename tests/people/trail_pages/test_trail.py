import pytest
from django.urls import reverse
from django.utils.translation import override

from servanda.people.access import Role
from servanda.people.trail_pages.presenter import event_lines
from servanda.people.trail_pages.views import EVENTS_ON_A_PAGE
from servanda.trail.models import Event
from tests import make
from tests.house.answers import tight_source_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def anchor_file(settings, tmp_path):
    settings.ANCHOR_FILE = tmp_path / "anchors.jsonl"
    return settings.ANCHOR_FILE


@pytest.fixture
def auditor(client):
    return make.signed_in(client, Role.AUDITOR)


@pytest.fixture
def ask(client, auditor):
    return lambda **filters: client.get(reverse("people:trail"), filters)


def numbers(page) -> list[int]:
    return [row.event.sequence for row in page.context["rows"]]


def labels(page) -> list[str]:
    return [row.event.object_label for row in page.context["rows"]]


def at(day: str, label: str) -> None:
    event = Event.record("instance-edited", label=label)
    Event.objects.filter(pk=event.pk).update(at=f"{day}T12:00:00+00:00")


@pytest.mark.database
def test_walking_the_pages_meets_every_event_once_newest_first(ask, auditor):
    for _number in range(EVENTS_ON_A_PAGE + 10):
        Event.record("instance-edited", by=auditor)
    first = ask()
    second = ask(before=first.context["before"])
    everything = list(Event.objects.order_by("-sequence").values_list("sequence", flat=True))
    assert numbers(first) + numbers(second) == everything
    assert second.context["before"] is None
    assert 'rel="next"' in first.content.decode()
    assert ">Newest<" in tight_source_of(second)


def test_one_action_is_shown_alone(ask, auditor):
    Event.record("instance-edited", by=auditor)
    assert [row.event.action for row in ask(action="instance-edited").context["rows"]] == ["instance-edited"]


@pytest.mark.database
def test_an_action_a_date_or_a_number_that_makes_no_sense_shows_everything_and_is_marked(ask):
    page = ask(action="'; drop", before="-1", since="yesterday", kind="no.such", words="\0")
    assert numbers(page) == [1]
    assert set(page.context["form"].errors) == {"action", "since", "kind", "words"}


def test_only_actions_that_happened_are_offered(ask):
    Event.record("instance-edited")
    offered = {code for code, _label in ask().context["form"].fields["action"].choices}
    assert "instance-edited" in offered
    assert "password-reset" not in offered


def test_an_action_that_never_happened_says_what_to_do(ask):
    assert "Remove a filter" in ask(action="password-reset").content.decode()


def test_only_what_is_about_one_kind_of_thing_is_shown(ask):
    Event.record("institution-edited", make.institution("moj"))
    Event.record("account-edited", make.user(name="Bo"))
    assert labels(ask(kind="people.institution")) == ["MOJ"]


def test_what_a_person_did_and_what_was_done_to_them_is_found_by_name_or_address(ask):
    ana, bo = make.user(name="Ana Primer"), make.user(name="Bo", email="bo@example.org")
    Event.record("instance-edited", by=ana, label="by Ana")
    Event.record("account-edited", ana, label="on Ana")
    Event.record("instance-edited", by=bo, label="by Bo")
    assert labels(ask(person="primer")) == ["on Ana", "by Ana"]
    assert labels(ask(person="BO@example")) == ["by Bo"]


@pytest.mark.database
def test_great_and_small_letters_with_accents_are_the_same_ones(ask):
    Event.record("account-edited", make.user(name="Živa Šuštar"), label="ŠOLA")
    assert labels(ask(person="šuštar")) == labels(ask(person="živa")) == labels(ask(words="šola")) == ["ŠOLA"]


def test_the_days_asked_for_are_shown_with_both_ends(ask):
    for day in ("2026-03-01", "2026-03-02", "2026-03-03", "2026-03-04"):
        at(day, day)
    assert labels(ask(since="2026-03-02", until="2026-03-03")) == ["2026-03-03", "2026-03-02"]
    assert labels(ask(until="2026-03-01")) == ["2026-03-01"]
    assert "2026-03-04" in labels(ask(since="2026-03-04", until="9999-12-31"))


def test_words_of_the_label_are_found(ask):
    Event.record("instance-edited", label="Ministry of Health")
    Event.record("instance-edited", label="Ministry of Justice")
    assert labels(ask(words="health")) == ["Ministry of Health"]


def test_all_that_one_request_did_is_found_by_the_number_that_its_error_page_names(client, ask):
    number = client.get("/no-such-page")["X-Request-ID"]
    denied = client.get(reverse("people:instance"))
    assert denied.status_code == 403
    assert labels(ask(request=number)) == []
    assert labels(ask(request=denied["X-Request-ID"])) == [reverse("people:instance")]


def test_the_difference_is_told_in_the_words_of_the_page(ask):
    ministry, person = make.institution("moj", name="Justice"), make.user(name="Ana Primer")
    appointed = make.appointment(person, ministry)
    Event.record(
        "appointment-edited", appointed, difference={"function": ["principal", "alternate"], "end": [None, ""]}
    )
    Event.record(
        "appointment-edited", appointed, difference={"institution": ["", ministry.pk], "person": [person.pk, 0]}
    )
    second, first = (
        [(change.label, change.old, change.new) for change in row.changes] for row in ask().context["rows"][:2]
    )
    assert first == [("until", "", ""), ("function", "Focal point, principal", "Focal point, alternate")]
    assert second == [("institution", "", "Justice"), ("person", "Ana Primer", "0")]


def test_the_parts_of_a_difference_have_words_in_every_language(ask):
    data = {"name.ar": ["", "وزارة"], "successors": ["", "moj"], "new": 3, "note": ["", "Ask."]}
    Event.record("institution-edited", make.institution("old"), difference=data)
    with override("es"):
        labels = [
            change.label
            for change in event_lines(Event.objects.order_by("-pk")[:1], to=make.user(Role.AUDITOR))[0].changes
        ]
    assert labels == ["nombre (árabe)", "Nueva", "nota", "sucesoras"]


def test_what_was_only_said_stands_as_new(ask):
    Event.record("register-exported", difference={"format": "csv", "records": 3, "is_open": [False, True]})
    changes = [(change.label, change.old, change.new) for change in ask().context["rows"][0].changes]
    assert changes == [("format", "", "csv"), ("is open", "no", "yes"), ("records", "", "3")]


def test_words_that_were_erased_are_told_to_be(ask):
    event = Event.record("person-invited", make.user(name="Ana Primer"))
    Event.objects.filter(pk=event.pk).update(salt="", object_label="", difference="")
    assert ask().context["rows"][0].sentence == "The system invited (erased on request)."


def test_names_with_angles_stay_text(ask):
    Event.record("instance-edited", by=make.user(name="<script>x</script>"), difference={"name": ["", "<b>bold</b>"]})
    page = ask().content.decode()
    assert "<script>x" not in page
    assert "&lt;b&gt;bold" in page


def test_the_page_costs_the_same_for_one_and_for_sixty_events(client, auditor, django_assert_max_num_queries):
    place = make.institution("moj")
    costs = []
    for _round in range(2):
        with django_assert_max_num_queries(20) as asked:
            client.get(reverse("people:trail"))
        costs.append(len(asked))
        for _number in range(30):
            person = make.user()
            Event.record(
                "appointment-edited", make.appointment(person, place), by=person, difference={"person": ["", 1]}
            )
    with django_assert_max_num_queries(20) as asked:
        client.get(reverse("people:trail"))
    assert len(asked) == costs[1]


def test_an_anchor_file_that_cannot_be_written_is_told_to_those_who_read_the_trail(ask, anchor_file):
    assert "The anchor file" not in ask().content.decode()
    anchor_file.mkdir()
    assert "The anchor file cannot be written" in ask().content.decode()


def test_a_reader_may_not_read_it(client):
    client.force_login(make.user(Role.READER))
    assert client.get(reverse("people:trail")).status_code == 403
