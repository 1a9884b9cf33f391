"""The public form stays open: an address that floods meets its own limit, and in heavy traffic each visitor waits."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from servanda.kit.pages.forms import LASTS, sign_opening
from servanda.kit.refusal import Refused
from servanda.people.models import AddressSalt, Instance, VisitorPost
from servanda.people.requests import visitors
from servanda.progress.contributions.services import Submission, contribute
from servanda.progress.contributions.visitors import (
    LONGEST,
    QUIET,
    SHORTEST,
    Visitor,
    current_wait,
    seconds_to_wait,
)
from servanda.progress.models import Contribution
from servanda.recommendations.models import Recommendation
from tests import assessing_make as made
from tests import make

pytestmark = pytest.mark.django_db
TRIED = (0, 1, 20, 22, 100, 250, 260, 499)
TEXT = "The school in Plumbogex has no ramp."


@pytest.fixture
def record() -> Recommendation:
    Instance.objects.create(takes_public_contributions=True)
    return make.recommendation()


def form(record: Recommendation, *, opened_ago: float = 300, **fields) -> dict:
    key = uuid4()
    opened = sign_opening(key, timezone.now() - timedelta(seconds=opened_ago))
    start = {"records": record.code, "text": TEXT, "language": "en", "kind": "report", "stance": "context"}
    return start | {"form_key": key, "opened": opened} | fields


def post(client, fields: dict, address: str = "192.0.2.1", **more):
    return client.post(reverse("portal:contribute"), fields, REMOTE_ADDR=address, **more)


def is_taken(record: Recommendation, address: str) -> bool:
    """What the page does with a form that was opened two minutes ago, without its pages."""
    key = visitors.key_on(visitors.network_of(address), timezone.now().date())
    visitor = Visitor(address=key, opened_at=timezone.now() - timedelta(seconds=LONGEST))
    brought = Submission(text=TEXT, language="en", recommendations=[record])
    try:
        contribute(submission=brought, form_key=uuid4(), by=None, visitor=visitor)
    except Refused:
        return False
    return True


def received(number: int) -> None:
    Contribution.objects.bulk_create(Contribution(text="So.", language="en") for _number in range(number))


def test_of_five_hundred_posts_from_one_address_a_few_count_and_another_visitor_gets_through(client, record):
    assert post(client, form(record)).status_code == 302
    taken = sum(is_taken(record, "192.0.2.1") for _number in range(498))
    assert taken == visitors.MOST_OF_AN_ADDRESS - 1
    assert post(client, form(record)).status_code == 422
    assert post(client, form(record, opened_ago=SHORTEST), "198.51.100.7").status_code == 302
    page = post(client, form(record)).content.decode()
    assert "Too many contributions were sent from your network address" in page
    assert TEXT in page


def test_of_five_hundred_addresses_each_gets_through_and_the_wait_grows_and_is_bounded(client, record):
    waits = {}
    for number in range(500):
        if number in TRIED:  # the others are written at once, to save time
            waits[number] = current_wait(on=timezone.now())
            assert is_taken(record, f"10.0.{number // 250}.{number % 250}")
        else:
            received(1)
    assert waits == dict(zip(TRIED, [3, 3, 3, 4, 43, 118, 120, 120], strict=True))
    assert post(client, form(record, opened_ago=LONGEST), "198.51.100.7").status_code == 302
    hasty = post(client, form(record, opened_ago=0), "203.0.113.9")
    assert hasty.status_code == 422
    seconds = int(re.search(r"Wait (\d+) seconds", hasty.content.decode())[1])
    assert LONGEST - 2 <= seconds <= LONGEST


def test_the_wait_never_grows_beyond_two_minutes():
    assert [seconds_to_wait(number) for number in (0, 20, 22, 100, 254, 10**9)] == [3, 3, 4, 43, 120, 120]


def test_who_is_asked_to_wait_keeps_text_and_form_and_gets_through_afterwards(client, record):
    received(100)
    sent = form(record, opened_ago=10)
    answer = post(client, sent)
    page = answer.content.decode()
    assert (answer.status_code, TEXT in page) == (422, True)
    assert re.search(r"Many contributions are being sent.*Wait 3[23] seconds", page)
    assert f'value="{sent["form_key"]}"' in page
    assert f'value="{sent["opened"]}"' in page
    key = sent["form_key"]
    again = sent | {"opened": sign_opening(key, timezone.now() - timedelta(seconds=50))}
    assert post(client, again).status_code == 302


def test_the_page_needs_no_script_to_carry_the_time(client, record):
    page = client.get(reverse("portal:contribute")).content.decode()
    fields = dict(re.findall(r'name="(form_key|opened)" value="([^"]+)"', page))
    assert post(client, form(record, **fields)).status_code == 422  # three seconds are not over
    assert post(client, form(record, form_key=fields["form_key"])).status_code == 422  # signed for another key


def test_a_form_makes_one_contribution_however_often_it_is_sent(client, record):
    sent = form(record)
    assert {post(client, sent)["Location"] for _number in range(5)} == {
        reverse("portal:contribution_receipt", args=[Contribution.objects.get().key])
    }


@pytest.mark.parametrize("opened", ["", "1.x", "9" * 30 + ".x", "²².x", "expired", "of another form", "tomorrow"])
def test_a_forged_and_an_expired_form_begin_anew_with_the_text(client, record, opened):
    key, now = uuid4(), timezone.now()
    known = {
        "expired": sign_opening(key, now - LASTS - timedelta(seconds=1)),
        "of another form": sign_opening(uuid4(), now - timedelta(hours=1)),
        "tomorrow": sign_opening(key, now + timedelta(days=1)),
    }
    answer = post(client, form(record, form_key=key, opened=known.get(opened, opened)))
    page = answer.content.decode()
    assert (answer.status_code, TEXT in page) == (422, True)
    assert "This form has expired. Your text is kept below. Wait 3 seconds" in page
    fields = dict(re.findall(r'name="(form_key|opened)" value="([^"]+)"', page))
    assert fields["form_key"] != str(key)
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("192.0.2.1", "::ffff:192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
    ],
)
def test_an_address_of_the_sixth_version_counts_by_its_first_half(one, other, is_same):
    assert (visitors.network_of(one) == visitors.network_of(other)) is is_same


def test_a_browser_does_not_choose_its_address_unless_a_proxy_is_configured(client, record, settings):
    for number in range(visitors.MOST_OF_AN_ADDRESS + 1):
        last = post(client, form(record), headers={"x-forwarded-for": f"198.51.100.{number}"})
    assert last.status_code == 422
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert post(client, form(record), headers={"x-forwarded-for": "8.8.8.8, 198.51.100.1"}).status_code == 302
    assert post(client, form(record), headers={"x-forwarded-for": "198.51.100.1, 192.0.2.1"}).status_code == 422


@pytest.mark.database
def test_no_address_is_stored_and_what_stands_for_it_is_gone_within_the_hour(client, record):
    post(client, form(record), "203.0.113.77")
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            assert "203.0.113.77" not in str(cursor.fetchall())
    day, network = timezone.now().date(), "203.0.113.77"
    assert VisitorPost.objects.get().address == visitors.key_on(network, day)
    assert visitors.key_on(network, day + timedelta(days=1)) != visitors.key_on(network, day)
    visitors.forget_visitors(on=timezone.now() + VisitorPost.KEPT)
    assert not VisitorPost.objects.exists()
    visitors.forget_visitors(on=timezone.now() + timedelta(days=2))
    assert not AddressSalt.objects.exists()


def test_contributions_of_accounts_do_not_make_visitors_wait(record):
    for _number in range(QUIET + 30):
        made.contribution(record, contributor=None if _number < QUIET else make.user())
    assert current_wait(on=timezone.now()) == SHORTEST
