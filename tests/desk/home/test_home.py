import re
from datetime import date, timedelta
from unittest.mock import ANY

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.people.access import Role
from servanda.people.models import Instance, Institution, Notification, Succession, User
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.models import Recommendation, SavedView, Tagging, TextVersion
from tests import (
    actions_make,
    assessing_make,
    consulting_make,
    indicator_make,
    make,
    obligation_make,
    proceedings_make,
    progress_make,
    rounds_make,
    suggesting_make,
)
from tests.desk.tiles import tiles_of, tiles_on_desk

pytestmark = pytest.mark.django_db

# Of whoever answers for an institution.
ANSWERING = {"notices", "records", "news", "mine", "mine_due", "position_to_propose", "asked", "updates-write"}
ANSWERING |= {"actions_mine_late", "actions_mine_soon", "values_due", "mine_follow_up", "obligations_mine_late"}
ANSWERING |= {"proceedings_mine", "questions_owned", "report_sections", "report_tasks", "translations"}


def counts(client, role: str) -> dict[str, int | None]:
    client.force_login(make.user(role))
    return {key: tile.count for key, tile in tiles_on_desk(client).items()}


def labelled(**fields):
    made = make.recommendation(**fields)
    Tagging.objects.create(recommendation=made, term=make.term())
    return made


def sent(number: int, state: str = Batch.State.PREVIEWED, **fields) -> Batch:
    return Batch.objects.create(name=f"{number}.docx", state=state, sha256=f"{number}", **fields)


def test_a_coordinator_sees_what_waits(client):
    labelled(stand="pending")
    make.recommendation()
    make.recommendation(is_published=False)
    sent(1)
    sent(2, Batch.State.UPLOADED, shape="sheet")
    sent(3, Batch.State.APPLIED)
    sent(4, Batch.State.UPLOADED)
    found = counts(client, Role.COORDINATOR)
    assert (found["without_theme"], found["pending"], found["unpublished"], found["imports"]) == (2, 1, 1, 2)


def test_a_suggestion_of_the_machine_is_no_theme_yet(client):
    suggested = make.recommendation()
    Tagging.objects.create(recommendation=suggested, term=make.term(), origin=Tagging.Origin.MACHINE)
    assert counts(client, Role.COORDINATOR)["without_theme"] == 1


def test_a_label_that_an_undone_import_brought_is_no_label(client):
    undone = sent(1, Batch.State.UNDONE)
    Tagging.objects.create(recommendation=make.recommendation(), term=make.term(), added_by=undone)
    assert counts(client, Role.COORDINATOR)["without_theme"] == 1


def test_a_record_without_its_text_in_one_of_the_languages_waits_for_a_translation(client):
    Instance.objects.create(pk=1, languages="en,fr")
    both, _english = make.recommendation(), make.recommendation()
    TextVersion.objects.create(recommendation=both, language="fr", text="Protéger.")
    undone = sent(1, Batch.State.UNDONE)
    taken_back = make.recommendation()
    TextVersion.objects.create(recommendation=taken_back, language="fr", text="Protéger.", added_by=undone)
    plain = make.recommendation()
    TextVersion.objects.create(recommendation=plain, language="fr", text="Protéger.", form="plain")
    assert counts(client, Role.COORDINATOR)["untranslated"] == 3
    page = client.get(reverse("desk:register"), {"missing": "fr"}).context["listing"]
    assert page.page.paginator.count == 3
    assert client.get(reverse("desk:register"), {"missing": "en"}).context["listing"].page.paginator.count == 0
    options = next(facet for facet in page.facets if facet["key"] == "missing")["options"]
    assert [(option["key"], option["count"]) for option in options] == [("fr", 3)]


def test_a_position_says_by_when(client):
    make.recommendation(stand="pending", decide_by=timezone.localdate() + timedelta(days=3))
    client.force_login(make.user(Role.COORDINATOR))
    assert "first deadline" in tiles_on_desk(client)["pending"].said
    make.recommendation(stand="pending", decide_by=date(2026, 1, 1))
    assert tiles_on_desk(client)["pending"].said == "1 overdue"


def everything(person: User) -> None:
    """At least two of everything that a tile counts."""
    Instance.objects.create(pk=1, languages="en,fr", name="Office", state_code="SVN")
    for number in range(2):
        record = make.recommendation("Protect the children.", stand="pending", is_published=False)
        reindex([record.pk])
        labelled()
        sent(number)
        make.institution(f"ministry{number}")
        make.assignment(record, make.institution(f"ministry{number}"), due_on=date(2026, 1, 1))
        make.assignment(record, refused_at=timezone.now(), refusal_reason="It is not ours.")
        actions_make.action(due_on=date(2026, 1, 1))
        obligation_make.obligation(f"Late {number}", due_on=date(2026, 1, 1))
        obligation_make.obligation(f"Due {number}", due_on=timezone.localdate())
        obligation_make.obligation(f"Left {number}", responsible=make.user(Role.PUBLIC), due_on=None)
        obligation_make.obligation(f"Imported {number}", due_on=date(2020, 1, 1), is_past_at_entry=True)
        proceedings_make.proceeding(sent_on=date(2026, 1, 1), received_on=date(2026, 1, 2))
        dialogue = proceedings_make.dialogue(person)
        proceedings_make.question(dialogue, 1, "Which law?", origin="room", owner=person)
        what_follows(record, make.institution(f"silent{number}"))
        suggesting_make.suggestion(record, make.term("Water", taxonomy="national-plan"))
        make.proposal(record, make.institution("ministry0"))
        make.proposal(record, make.institution("ministry1"), stand="noted")
        make.appointment(make.user(), make.institution("ministry0"), "alternate", end=timezone.localdate())
        make.user(Role.PUBLIC, accepted_at=None, is_active=False)
        Notification.objects.create(
            person=person, kind="role-changed", object_type="people.user", object_id=1, created_at=timezone.now()
        )
    report, invited = consulting_make.cleared_report(person), consulting_make.contributor()
    for _number in range(2):
        consulting_make.comment(consulting_make.opened(person, invited, report=report), invited)
    for name, query in (
        ("To decide", "?stand=pending"),
        ("Children", "?q=children"),
        ("All", "?"),
        ("No", "?stand=noted"),
    ):
        SavedView.objects.create(owner=person, name=name, query=query)


def what_follows(record: Recommendation, place: Institution) -> None:
    """One of each thing of follow-up that waits for the coordinator, and two voices that differ."""
    make.assignment(record, place, part="supporting", since=date(2020, 1, 1))
    rounds_make.request(place, [record], due_on=date(2026, 1, 1))
    make.follow_up(record, due_on=timezone.localdate())
    progress_make.update(record, make.institution("ministry0"), state="validated")
    indicator_make.indicator()
    assessing_make.contribution(record)
    assessing_make.assessment(record, "full")
    assessing_make.assessment(record, "regressed", "mechanism")


def rows_of(page) -> int:
    """How many things the list behind a tile says that it has."""
    if listing := page.context.get("listing"):
        return listing.page.paginator.count
    if shown := page.context.get("shown"):
        return shown.rows.count()
    for key in ("notices", "ending", "entries"):
        if key in page.context:
            return len(page.context[key])
    shown = page.context["page"]
    return shown.paginator.count if hasattr(shown, "paginator") else shown.total


@pytest.mark.database
def test_each_tile_leads_to_a_list_with_as_many_rows(client):
    person = make.user(Role.COORDINATOR)
    everything(person)
    client.force_login(person)
    tiles = tiles_on_desk(client)
    del tiles["news"]  # tests/desk/news/test_whats_new.py
    del tiles["report_tasks"]  # tests/desk/reports/test_note_pages.py
    del tiles["reports_to_clear"]  # tests/desk/reports/test_submission_pages.py
    del tiles["peers_troubled"], tiles["received"]  # tests/exchange/peers/test_peers.py
    del tiles["translations"]  # tests/desk/reports/test_translation_pages.py
    lists = {key: client.get(tile.href) for key, tile in tiles.items()}
    vacant = lists.pop("vacant").context
    assert tiles.pop("vacant").count == vacant["page"].paginator.count > 1
    assert {key: tile.count for key, tile in tiles.items()} == {key: rows_of(page) for key, page in lists.items()}
    saved = {tile.label: tile.count for key, tile in tiles.items() if key.startswith("saved-")}
    assert saved == {"To decide": 2, "Children": 2, "All": 4, "No": 0}
    assert {key for key, tile in tiles.items() if not tile.count} == {
        key for key in tiles if tiles[key].label == "No"
    }


def test_a_tile_with_nothing_says_so_and_leads_nowhere(client):
    make.recommendation()
    client.force_login(make.user(Role.COORDINATOR))
    tiles = tiles_on_desk(client)
    empty = [tile for tile in tiles.values() if tile.count == 0]
    assert len(empty) > 5
    assert all(tile.said and not tile.leads for tile in empty)
    page = client.get(reverse("desk:home")).content.decode()
    assert "No files to review." in page
    assert f'href="{reverse("desk:imports")}?state=' not in page


def test_the_list_of_files_that_wait_keeps_to_them_from_page_to_page(client):
    for number in range(30):
        sent(number)
    sent(99, Batch.State.APPLIED)
    client.force_login(make.user(Role.COORDINATOR))
    page = client.get(reverse("desk:imports"), {"state": "waiting"})
    assert page.context["next_url"] == "?state=waiting&page=2"
    assert len(client.get(reverse("desk:imports") + page.context["next_url"]).context["page"].object_list) == 5
    assert len(client.get(reverse("desk:imports"), {"page": 2}).context["page"].object_list) == 6


def test_saved_lists_count_what_their_owner_sees_and_are_nobody_elses(client):
    reader = make.user(Role.READER)
    make.recommendation()
    make.recommendation(confidentiality="restricted")
    SavedView.objects.create(owner=reader, name="Mine", query="?stand=-")
    SavedView.objects.create(owner=make.user(), name="Theirs", query="?stand=-")
    client.force_login(reader)
    tiles = tiles_on_desk(client).values()
    assert [(tile.label, tile.count) for tile in tiles if tile.key.startswith("saved-")] == [("Mine", 1)]


@pytest.mark.database
def test_what_is_assigned_to_the_institutions_of_a_person_is_on_their_desk(client):
    """Of the ministry, of an agency below it and of an office whose place it took, once for each record."""
    ministry, agency, office = (make.institution(code) for code in ("ministry", "agency", "office"))
    Institution.objects.filter(pk=agency.pk).update(parent=ministry)
    Succession.objects.create(predecessor=office, successor=ministry, on=date(2026, 2, 1))
    both, old, theirs = (make.recommendation() for _number in range(3))
    today = timezone.localdate()
    make.assignment(both, ministry, due_on=today + timedelta(days=400))
    make.assignment(both, agency, part="supporting", due_on=today + timedelta(days=30))
    make.assignment(old, office, due_on=today + timedelta(days=31))
    make.assignment(theirs, make.institution("other"), due_on=today)
    for record, days in ((both, 90), (old, -91), (theirs, 0)):
        make.follow_up(record, due_on=today + timedelta(days=days))
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    tiles = tiles_on_desk(client)
    assert (tiles["mine"].count, tiles["mine_due"].count, tiles["mine_follow_up"].count) == (2, 1, 1)
    for key in ("mine", "mine_due", "mine_follow_up"):
        assert client.get(tiles[key].href).context["listing"].page.paginator.count == tiles[key].count


def test_the_latest_events_are_told_in_sentences(client):
    make.recommendation()
    client.force_login(make.user(Role.COORDINATOR))
    page = client.get(reverse("desk:home"))
    assert [entry["text"].endswith("logged in.") for entry in page.context["events"]] == [True]


@pytest.mark.parametrize(
    ("role", "keys"),
    [
        (Role.CONTRIBUTOR, {"notices", "records", "contributed", "open_drafts"}),
        (Role.READER, {"notices", "records", "news", "mine", "mine_due", "mine_follow_up"}),
        (Role.FOCAL_POINT, ANSWERING),
        (Role.AUTHORITY, ANSWERING | {"updates-validate", "reports_to_clear"}),
        (Role.AUDITOR, {"notices", "records", "news"}),
    ],
)
def test_each_role_has_its_tiles(client, role, keys):
    client.force_login(make.user(role))
    page = client.get(reverse("desk:home"))
    assert set(tiles_of(page)) == keys
    assert (reverse("people:trail") in page.content.decode()) == (role == Role.AUDITOR)
    assert "First steps" not in page.content.decode()


@pytest.mark.database
def test_the_page_costs_the_same_for_one_and_for_many(client, django_assert_max_num_queries):
    person = make.user(Role.ADMINISTRATOR)
    everything(person)
    client.force_login(person)
    client.get(reverse("desk:home"))
    with django_assert_max_num_queries(38) as few:
        client.get(reverse("desk:home"))
    for number in range(4):
        make.recommendation(is_published=False)
        sent(100 + number)
        make.institution(f"more{number}")
        SavedView.objects.create(owner=person, name=f"More {number}", query=f"?q=word{number}")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("desk:home"))


# The first steps.


def step_states(client) -> list[bool]:
    return [step.is_done for step in client.get(reverse("desk:home")).context["first_steps"]]


def test_the_first_steps_tick_themselves_and_go_when_all_are_done(client):
    client.force_login(make.user(Role.ADMINISTRATOR))
    assert step_states(client) == [False] * 5
    instance = Instance.objects.create(pk=1, name="Office", state_code="SVN", languages="sl,en")
    assert step_states(client) == [True, True, False, False, False]
    sent(1, Batch.State.APPLIED)
    assert step_states(client) == [True, True, True, False, False]
    ministry = make.institution("ministry")
    assert step_states(client) == [True, True, True, True, False]
    instance.delete()
    make.appointment(make.user(Role.PUBLIC), ministry)
    assert step_states(client) == [False, False, True, True, True]
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    assert step_states(client) == []


def test_the_first_step_begins_with_the_state(client, vocabulary):
    client.force_login(make.user(Role.ADMINISTRATOR))
    page = client.get(reverse("desk:home")).content.decode()
    steps = re.search(r'<section class="panel first-run.*?</section>', page, re.DOTALL)[0]
    assert f'<form method="get" action="{reverse("people:edit_instance")}"' in steps
    assert '<option value="SVN">Slovenia</option>' in steps
    client.force_login(make.user(Role.COORDINATOR))
    assert "<option" not in client.get(reverse("desk:home")).content.decode().partition("<main")[2]


def test_a_coordinator_is_told_which_steps_an_administrator_takes(client):
    client.force_login(make.user(Role.COORDINATOR))
    page = client.get(reverse("desk:home")).content.decode()
    steps = re.search(r'<section class="panel first-run.*?</section>', page, re.DOTALL)[0]
    assert reverse("people:edit_instance") not in steps
    assert steps.count("An administrator does this.") == 2
    pages = [reverse("desk:send_sheet", args=["people"]), reverse("people:invite_person")]
    pages += [f"{reverse('desk:imports')}?history={kind}" for kind in ("official", "upr", "sheet")]
    assert [page for page in pages if f'href="{page}"' not in steps] == []


def test_the_step_of_the_history_continues_where_it_was_left(client):
    client.force_login(make.user(Role.COORDINATOR))
    step = client.get(reverse("desk:home")).context["first_steps"][2]
    assert (step.title, step.begun) == ("Bring your history", None)
    left = sent(1, Batch.State.UPLOADED, shape="sheet")
    sent(2, Batch.State.UPLOADED, shape=PEOPLE_SHEET)  # of people, which is another step
    page = client.get(reverse("desk:home"))
    assert page.context["first_steps"][2].begun.href == reverse("desk:map_columns", args=[left.key])
    assert "Continue with “1.docx”" in page.content.decode()
    Batch.objects.filter(pk=left.pk).update(state=Batch.State.APPLIED)
    assert client.get(reverse("desk:home")).context["first_steps"][2][2:] == (True, "", (), ANY, None)


def test_the_first_steps_can_be_hidden_and_shown_again(client):
    person, other = make.user(Role.COORDINATOR), make.user(Role.COORDINATOR)
    client.force_login(person)
    assert client.post(reverse("desk:fold_first_steps")).url == reverse("desk:home")
    assert step_states(client) == []
    assert "Show remaining first steps" in client.get(reverse("desk:home")).content.decode()
    client.post(reverse("desk:fold_first_steps"), {"show": "1"})
    assert len(step_states(client)) == 5
    client.force_login(other)
    assert len(step_states(client)) == 5


def test_the_first_steps_cost_a_question_each(client):
    person = make.user(Role.ADMINISTRATOR)
    client.force_login(person)
    with CaptureQueriesContext(connection) as open_steps:
        client.get(reverse("desk:home"))
    User.objects.filter(pk=person.pk).update(hides_first_steps=True)
    with CaptureQueriesContext(connection) as hidden:
        client.get(reverse("desk:home"))
    assert len(open_steps) - len(hidden) <= 4
