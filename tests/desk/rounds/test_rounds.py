"""The pages of the rounds: opened from the list, watched by the coordinator, answered by those who are asked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.progress.models import InputRound, Reminder
from servanda.recommendations.models import SavedView
from tests import make
from tests.rounds_make import request

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
YESTERDAY, LATER = timezone.localdate() - DAY, timezone.localdate() + 30 * DAY


def test_a_round_is_opened_in_three_steps_from_ticked_records(client):
    make.signed_in(client, Role.COORDINATOR)
    record, other = make.recommendation(), make.recommendation()
    for each in (record, other):
        make.assignment(each)
    url, ticked = reverse("desk:open_round"), {"code": record.code}
    assert "1 record selected" in client.post(url, ticked).content.decode()
    data = ticked | {"title": "Spring", "question": "What was done?", "due_on": LATER.isoformat(), "whom": "lead"}
    preview = client.post(url, data | {"step": "preview"}).content.decode()
    assert "1 institution," in preview
    assert "no active focal point" in preview
    assert not InputRound.objects.exists()
    answer = client.post(url, data | {"step": "apply", "count": "1"})
    assert answer.url == reverse("desk:round", args=[InputRound.objects.get().pk])


def test_what_changed_since_the_preview_is_shown_again(client):
    make.signed_in(client, Role.COORDINATOR)
    make.assignment(make.recommendation())
    data = {"all": "1", "title": "Spring", "question": "What?", "due_on": LATER.isoformat(), "whom": "lead"}
    answer = client.post(reverse("desk:open_round"), data | {"step": "apply", "count": "7"})
    assert answer.status_code == 200
    assert not InputRound.objects.exists()


def test_the_coordinator_reminds_whoever_is_late_and_is_told_who_had_a_mail_today(client):
    make.signed_in(client, Role.COORDINATOR)
    place = make.institution("ministry")
    focal_point = make.user(Role.FOCAL_POINT, place)
    input_request = request(place, due_on=YESTERDAY)
    url = reverse("desk:remind_now", args=[input_request.round_id])
    assert "1 person" in client.post(url, follow=True).content.decode()
    again = client.post(url, {"request": input_request.pk}, follow=True).content.decode()
    assert f"Already e-mailed today; no second e-mail was sent: {focal_point}" in again
    assert Mail.objects.count() == 1


def test_a_mail_of_which_nobody_knows_stands_on_the_page_of_the_round(client):
    make.signed_in(client, Role.COORDINATOR)
    input_request, person = request(due_on=YESTERDAY), make.user()
    mail = Mail.objects.create(to=person.email, subject="Due", next_try=timezone.now(), tries=1)
    Reminder.objects.create(request=input_request, person=person, on=YESTERDAY, step="due", mail=mail)
    url = reverse("desk:round", args=[input_request.round_id])
    assert "may not have arrived" not in client.get(url).content.decode()
    Mail.objects.update(uncertain_since=timezone.now(), problem="SMTPServerDisconnected: gone")
    assert "outcome not known" in client.get(url).content.decode()


def test_those_who_are_asked_find_their_items_and_the_way_to_write(client):
    ministry, agency = make.institution("ministry"), make.institution("agency")
    input_request, foreign = request(ministry), request(agency)
    make.signed_in(client, Role.FOCAL_POINT, institution=ministry)
    page = client.get(reverse("desk:asked")).content.decode()
    code = input_request.items.get().recommendation.code
    assert code in page
    assert f'action="{reverse("desk:start_update")}?request={input_request.pk}"' in page
    assert f'name="codes" value="{code}"' in page
    assert foreign.items.get().recommendation.code not in page


def test_a_reader_sees_what_is_asked_and_is_offered_no_way_to_write(client):
    ministry = make.institution("ministry")
    request(ministry)
    make.signed_in(client, Role.READER, institution=ministry)
    assert "?request=" not in client.get(reverse("desk:asked")).content.decode()


def test_a_record_that_was_restricted_since_is_not_shown_to_those_who_were_asked(client):
    ministry = make.institution("ministry")
    record = request(ministry).items.get().recommendation
    record.confidentiality = "restricted"
    record.save()
    make.signed_in(client, Role.FOCAL_POINT, institution=ministry)
    assert record.code not in client.get(reverse("desk:asked")).content.decode()


@pytest.mark.parametrize("show", ["open", "closed", "late", "silent"])
def test_each_list_of_the_rounds_costs_the_same_for_many_rows(client, django_assert_max_num_queries, show):
    make.signed_in(client, Role.COORDINATOR)
    for number in range(25):
        request(make.institution(f"place{number}"), due_on=YESTERDAY)
    InputRound.objects.filter(pk__in=list(InputRound.objects.values_list("pk", flat=True)[:12])).update(
        closed_at=timezone.now()
    )
    with django_assert_max_num_queries(20):
        assert client.get(reverse("desk:rounds"), {"show": show}).status_code == 200


def test_the_pages_of_a_round_cost_the_same_for_many_rows(client, django_assert_max_num_queries):
    ministry = make.institution("ministry")
    person = make.signed_in(client, Role.COORDINATOR)
    input_request = request(ministry, [make.recommendation() for _number in range(20)], due_on=YESTERDAY)
    for number in range(20):
        request(make.institution(f"place{number}"), of=input_request.round, due_on=YESTERDAY)
    with django_assert_max_num_queries(20):
        assert client.get(input_request.round.get_absolute_url()).status_code == 200
    client.force_login(make.user(Role.FOCAL_POINT, ministry))
    with django_assert_max_num_queries(20):
        assert client.get(reverse("desk:asked")).status_code == 200
    assert person.pk


def test_the_file_of_a_round_has_a_line_for_each_institution(client):
    make.signed_in(client, Role.COORDINATOR)
    answer = client.get(reverse("desk:round_export", args=[request().round_id]))
    assert b"".join(answer.streaming_content).startswith(b"PK")
    answer.close()


def test_the_overdue_round_comes_first_and_is_marked(client):
    make.signed_in(client, Role.COORDINATOR)
    today = timezone.localdate()
    late = request(make.institution("health"), due_on=today - timedelta(days=4)).round
    InputRound.objects.filter(pk=late.pk).update(due_on=today - timedelta(days=4), title="The late one")
    later = request(make.institution("justice"), due_on=today + timedelta(days=9)).round
    InputRound.objects.filter(pk=later.pk).update(due_on=today + timedelta(days=9), title="The later one")
    page = client.get(reverse("desk:rounds")).content.decode()
    assert page.index("The late one") < page.index("(overdue)") < page.index("The later one")
    assert page.count("(overdue)") == 1


def test_a_tile_has_as_many_as_its_list(client):
    ministry = make.institution("ministry")
    request(ministry, [make.recommendation(), make.recommendation()], due_on=YESTERDAY)
    make.signed_in(client, Role.FOCAL_POINT, institution=ministry)
    home = client.get(reverse("desk:home"))
    tiles = {tile.key: tile.count for tile in home.context["waiting"]}
    assert tiles["asked"] == 2
    make.signed_in(client, Role.COORDINATOR)
    tiles = {tile.key: tile.count for tile in client.get(reverse("desk:home")).context["waiting"]}
    assert (tiles["late_answers"], tiles["open_rounds"], tiles["silent"]) == (1, 1, 0)


def test_a_round_without_chosen_records_starts_from_a_review_or_a_saved_list(client):
    coordinator = make.signed_in(client, Role.COORDINATOR)
    make.recommendation()
    SavedView.objects.create(owner=coordinator, name="Open questions", query="?stand=pending")
    page = html.fromstring(client.get(reverse("desk:open_round")).content)
    choices = page.xpath('//main//*[@class="record-choices"]//a')
    assert [link.get("href") for link in choices][-1] == "?stand=pending"
    assert not page.xpath('//main//input[@name="all"]')
    about_review = html.fromstring(client.get(reverse("desk:open_round") + choices[0].get("href")).content)
    assert about_review.xpath('//main//input[@name="query"]/@value') == [choices[0].get("href").removeprefix("?")]


def test_a_round_on_a_review_is_named_after_it_and_has_four_weeks(client):
    make.signed_in(client, Role.COORDINATOR)
    make.recommendation()
    page = html.fromstring(client.get(reverse("desk:open_round")).content)
    review = page.xpath('//main//*[@class="record-choices"]//a')[0]
    form = client.get(reverse("desk:open_round") + review.get("href")).context["form"]
    assert form["title"].value().startswith(review.text_content().split("·")[0].strip())
    assert form["due_on"].value() == timezone.localdate() + timedelta(weeks=4)


def test_the_first_step_of_a_round_counts_the_records_of_reviews_only(client):
    make.signed_in(client, Role.COORDINATOR)
    make.recommendation()
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("desk:open_round"))
    assert [query["sql"] for query in captured if "planning_assignment" in query["sql"]] == []
