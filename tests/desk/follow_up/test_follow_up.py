"""The dashboards of follow-up: each number is that of the list it leads to, and tells nothing that is hidden."""

import json
import re
from datetime import date, timedelta
from html import unescape

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from lxml import html

from servanda.people.access import Role
from servanda.progress.dashboard.figures import dashboard_of
from servanda.progress.models import Voice
from servanda.recommendations.filters.audiences import audience_of
from servanda.recommendations.filters.query import narrow, read_filter
from servanda.recommendations.filters.registry import facets_for
from servanda.recommendations.models import Recommendation
from servanda.trail.models import Event
from tests import assessing_make, make
from tests.follow_up_make import FollowedUp, follow_up, say_of
from tests.house.answers import said, source_of
from tests.once import built_once

pytestmark = pytest.mark.django_db

NUMBER = re.compile(r'<a href="(/desk/register/\?[^"]+)">(\d+)<span')
PAGE = reverse("desk:follow_up") + "?of=all"


@built_once
def followed() -> FollowedUp:
    return follow_up()


def numbers(client, address: str) -> dict[str, int]:
    return {unescape(href): int(number) for href, number in NUMBER.findall(source_of(client.get(address)))}


def institution(followed: FollowedUp) -> str:
    return reverse("desk:institution_follow_up", args=[followed.health.pk])


def test_two_of_three_records_are_67_per_cent(client):
    person = make.signed_in(client, Role.COORDINATOR)
    records = [make.recommendation() for _number in range(3)]
    for record in records[:2]:
        assessing_make.assessment(record)
    shares = dashboard_of(audience_of(person), person, on=timezone.localdate()).shares
    assert (2, 1, 67) in {(share.present.count, share.missing.count, share.percent) for share in shares}
    assert ">67%</td>" in client.get(PAGE).content.decode()


@pytest.mark.database
@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.READER])
def test_each_number_is_that_of_the_list_it_leads_to(client, followed, role):
    person = make.signed_in(client, role)
    found = {}
    for voice in Voice.values:
        found |= numbers(client, f"{PAGE}&voice={voice}")
    found |= numbers(client, institution(followed))
    audience = audience_of(person)
    facets = facets_for(person, audience)
    asked = {href: read_filter(QueryDict(href.partition("?")[2]), facets) for href in found}
    assert [chosen.notes for chosen in asked.values() if chosen.notes] == []
    assert {href: narrow(audience, chosen, facets).count() for href, chosen in asked.items()} == found
    assert len(found) > 60


def test_the_voices_stand_side_by_side_and_a_record_counts_for_each_author(client, followed):
    make.signed_in(client, Role.READER)
    voices = {line["voice"]: line["cells"] for line in client.get(PAGE).context["voices"]}
    told = {
        voice: {str(cell["label"]): cell["count"] for cell in cells if cell["count"]}
        for voice, cells in voices.items()
    }
    assert told == {
        "government": {"Fully implemented": 1, "Not assessed": 4},
        "mechanism": {"Partially implemented": 1, "Not assessed": 1},
        "independent": {"Fully implemented": 1, "Started": 1, "Not assessed": 4},
    }


def test_shares_are_of_what_was_assessed_and_not_assessed_is_a_number_of_its_own(client, followed):
    make.signed_in(client, Role.READER)
    page = client.get(PAGE)
    (line,) = [line for line in page.context["voices"] if line["voice"] == Voice.INDEPENDENT]
    assert [cell["percent"] for cell in line["cells"]] == [None, 50, None, None, 50, None, None, None]
    assert [(piece.status, piece.length) for piece in line["bar"]["pieces"]] == [("started", 500), ("full", 500)]
    assert "status-none" not in source_of(page)


def test_all_charts_over_time_have_one_scale_and_a_legend_of_the_statuses_in_them(client, followed):
    make.signed_in(client, Role.READER)
    courses = client.get(PAGE).context["courses"]
    assert len({tuple(mark.y for mark in line["picture"].lines) for line in courses["lines"]}) == 1
    assert [value for value, _label in courses["legend"]] == ["started", "partial", "full"]
    assert all(line["picture"].dates for line in courses["lines"])


def test_what_is_hidden_changes_no_byte_for_a_reader(client, followed):
    make.signed_in(client, Role.READER)
    before = [said(client.get(page)) for page in (PAGE, institution(followed))]
    say_of(followed.hidden, followed.health)
    assessing_make.assessment(followed.records[3], "regressed", is_published=False, is_latest=False)
    assert [said(client.get(page)) for page in (PAGE, institution(followed))] == before


def test_an_institution_lands_on_its_own_page_and_may_go_on_to_the_whole(client, followed):
    make.signed_in(client, Role.FOCAL_POINT, institution=followed.health)
    assert client.get(reverse("desk:follow_up")).url == institution(followed)
    assert client.get(PAGE).status_code == 200
    heard = client.get(institution(followed)).context["heard"]
    assert (heard.led, heard.past, heard.never, heard.silent, heard.days, heard.owed) == (3, 3, 1, 1, 5, 1)


def test_the_last_month_says_what_the_list_says_and_older_months_what_was_said_then(followed):
    record = followed.records[0]
    assessing_make.assessment(record, "started", date=date(2026, 3, 5), is_latest=False)
    person = make.user(Role.READER)
    months = dashboard_of(audience_of(person), person, on=date(2026, 11, 25)).months
    told = {month.end.isoformat(): dict(month.numbers["government"]) for month in months}
    assert told["2026-03-31"] == told["2026-08-31"] == {"started": 1}
    assert told["2026-09-30"] == told["2026-11-25"] == {"full": 1}
    assert dict(months[-1].numbers["independent"]) == {"full": 1, "started": 1}


def test_all_tables_go_out_as_one_workbook_and_the_trail_knows(client, followed):
    make.signed_in(client, Role.COORDINATOR)
    answer = client.get(reverse("desk:follow_up_file"))
    assert b"".join(answer.streaming_content)[:2] == b"PK"
    assert Event.objects.filter(action="follow-up-exported").count() == 1


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.FOCAL_POINT])
def test_the_number_of_questions_does_not_grow(client, followed, role):
    make.signed_in(client, role)
    asked = []
    for _again in range(2):
        with CaptureQueriesContext(connection) as captured:
            client.get(PAGE)
            client.get(institution(followed))
        asked.append(len(captured))
        for number in range(20):
            record = make.recommendation()
            make.assignment(
                record, make.institution(f"place-{number}"), due_on=timezone.localdate() + timedelta(days=3)
            )
            assessing_make.assessment(record, "started")
    assert asked[1] <= asked[0]


def told(client, name: str) -> dict[str, dict]:
    answer = client.get(reverse(name, args=["json"]))
    return {row["code"]: row for row in json.loads(b"".join(answer.streaming_content))["recommendations"]}


def test_the_files_say_what_the_voices_say_and_to_everybody_what_is_published(client, followed):
    first, second = followed.records[:2]
    make.signed_in(client, Role.READER)
    rows = told(client, "desk:register_export")
    assert rows[first.code]["government_status"] == ["full"]
    assert sorted(rows[second.code]["independent_status"]) == ["full", "started"]
    assert (rows[first.code]["actions"], rows[first.code]["indicators"], rows[first.code]["evidence"]) == (1, 1, 1)
    assert rows[followed.records[2].code]["last_update"] is None
    public = told(client, "portal:register_export")
    assert public[first.code]["government_status"] == ["full"]
    assert public[first.code]["actions"] is None  # no one has published it
    assert "lead_institution" not in public[first.code]


def test_the_api_takes_the_filters_of_follow_up_as_far_as_one_may_see(client, followed):
    page, headers = reverse("api:recommendations"), {"authorization": f"Bearer {make.token(make.user(Role.READER))}"}
    assert client.get(page + "?government=full").json()["recommendations"][0]["status"]["government"] == ["full"]
    assert client.get(page + "?action=with").json()["count"] == 0  # no one has published it
    assert client.get(page + "?action=with", headers=headers).json()["count"] == 2
    assert client.get(page + "?due=past").status_code == 400
    assert client.get(page + "?due=past", headers=headers).status_code == 200


def test_everybody_narrows_the_public_register_by_what_is_published(client, followed):
    Recommendation.objects.filter(pk=followed.records[1].pk).update(is_published=False)
    page = reverse("portal:register")
    found = {
        query: client.get(page + query).context["listing"].page.paginator.count
        for query in ("?government=full", "?independent=full", "?voices=apart", "?update=with", "?action=with")
    }
    assert found == {
        "?government=full": 1,
        "?independent=full": 0,
        "?voices=apart": 1,
        "?update=with": 1,
        "?action=with": 0,
    }


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.AUDITOR, Role.FOCAL_POINT])
def test_the_tabs_stay_in_one_row_and_the_rest_folds(client, role):
    person = make.user(Role.PUBLIC if role == Role.FOCAL_POINT else role)
    if role == Role.FOCAL_POINT:
        make.appointment(person, make.institution())
    client.force_login(person)
    bar = html.fromstring(client.get(PAGE).content).xpath('//nav[@aria-label="Follow-up"]')[0]
    folded = [link.text_content() for link in bar.xpath("./details//a")]
    assert 1 < len(bar.xpath("./ul/li")) <= 8
    assert {"Contributions", "Scorecard", "Treaties", "Measures ordered"} <= set(folded)


@pytest.mark.parametrize("name", ["clusters", "treaties", "scorecard", "ordered_measures", "contributions"])
def test_the_menu_behind_the_tabs_marks_the_page_that_is_open(client, name):
    make.signed_in(client, Role.COORDINATOR)
    page = html.fromstring(client.get(reverse(f"desk:{name}")).content)
    marked = page.xpath('//nav[@aria-label="Follow-up"]/details//a[@aria-current="page"]/@href')
    assert marked == [reverse(f"desk:{name}")]
