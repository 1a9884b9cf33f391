"""The guided walk through the demonstration, and nowhere else."""

import re

import pytest
from django.urls import reverse

from servanda.people.demonstration import COORDINATOR, FOCAL_POINT
from servanda.people.models import Instance
from servanda.portal.tour import STEPS
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY

pytestmark = pytest.mark.django_db
TOUR = "portal:tour"


@pytest.fixture
def demonstration() -> None:
    Instance.objects.create(pk=1, name="Office", is_demonstration=True)


def test_a_real_instance_has_no_tour(client):
    Instance.objects.create(pk=1, name="Office")
    assert client.get(reverse(TOUR)).url == reverse("portal:home")
    assert reverse(TOUR) not in client.get(reverse("portal:home")).content.decode()


@pytest.mark.usefixtures("demonstration")
def test_every_page_of_the_demonstration_leads_to_the_tour(client):
    for name in ("portal:home", "portal:about", "account_login"):
        assert f'href="{reverse(TOUR)}"' in client.get(reverse(name)).content.decode()


@pytest.mark.usefixtures("demonstration")
def test_the_tour_goes_from_step_to_step_and_back(client):
    titles, address = [], reverse(TOUR)
    while address:
        page = client.get(address)
        titles.append(str(page.context["step"].title))
        assert page.content.decode().count('aria-current="step"') == 1
        address = page.context["next_url"]
    assert titles == [str(step.title) for step in STEPS]
    assert page.context["previous_url"] == f"{reverse(TOUR)}?step={len(STEPS) - 1}"


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("asked", ["0", "99", "-1", "x", "1e9", "²", "\0"])
def test_a_step_that_is_not_there_begins_the_tour(client, asked):
    assert client.get(reverse(TOUR), {"step": asked}).context["number"] == 1


@pytest.mark.usefixtures("demonstration")
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_step_about_logging_in_names_the_accounts_of_the_demonstration(client, language):
    number = [step.page for step in STEPS].index("account_login") + 1
    page = client.get(reverse(TOUR), {"step": number}, headers={"accept-language": language}).content.decode()
    assert all(page.count(account) == 1 for account in (COORDINATOR, FOCAL_POINT))


@pytest.mark.usefixtures("demonstration")
def test_each_step_leads_to_a_page_that_opens_or_asks_to_log_in(client):
    record = make.recommendation()
    make.recommendation(is_published=False)
    for number, step in enumerate(STEPS, 1):
        page = client.get(reverse(TOUR), {"step": number})
        answer = client.get(page.context["address"])
        is_open = step.page.startswith("account_") or ADDRESSES[step.page].who == EVERYBODY
        assert answer.status_code == (200 if is_open else 302), step.page
        if not is_open:
            assert answer.url.startswith(reverse("account_login"))
    third = client.get(reverse(TOUR), {"step": 3}).context["address"]
    assert third == reverse("portal:recommendation", args=[record.code])


@pytest.mark.usefixtures("demonstration")
def test_the_tour_of_an_empty_register_shows_the_list(client):
    assert client.get(reverse(TOUR), {"step": 3}).context["address"] == reverse("portal:register")


@pytest.mark.usefixtures("demonstration")
def test_the_tour_in_arabic_has_its_help_in_arabic(client):
    page = client.get(reverse(TOUR), headers={"accept-language": "ar"}).content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    help_page = client.get(
        reverse("portal:page_help", args=[TOUR]), headers={"accept-language": "ar"}
    ).content.decode()
    help_text = re.search(r'<div class="help-text" lang="ar" dir="rtl">(.*?)</div>', help_page, re.DOTALL)[1]
    assert "النسخة التجريبية" in help_text
