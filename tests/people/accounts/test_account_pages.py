import re

import pytest
from django.urls import reverse

from servanda.jobs.models import Mail
from servanda.people.demonstration import PASSWORD
from servanda.people.models import Instance
from servanda.trail.models import Event
from tests import make

pytestmark = pytest.mark.django_db


def test_the_demonstration_shows_its_accounts_on_the_log_in_page(client):
    Instance.objects.create(is_demonstration=True)
    make.user(email="cora@example.org", is_demonstration=True)
    make.user(email="real@example.org")
    page = client.get(reverse("account_login")).content.decode()
    assert "cora@example.org" in page
    assert PASSWORD in page
    assert "real@example.org" not in page


def test_an_instance_that_is_no_demonstration_shows_no_account(client):
    make.user(email="cora@example.org", is_demonstration=True)
    page = client.get(reverse("account_login")).content.decode()
    assert "cora@example.org" not in page
    assert PASSWORD not in page


def test_a_forgotten_password_is_set_anew_through_a_link(client):
    person = make.user(email="ana@example.org")
    client.post(reverse("account_reset_password"), {"email": "ana@example.org"})
    link = re.search(r"http://testserver(/\S+)", Mail.objects.get().body).group(1)
    form = client.get(link, follow=True)
    new = "another long pass phrase"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    person.refresh_from_db()
    assert person.check_password(new)
    assert list(Event.objects.values_list("action", flat=True)[:2]) == ["logged-in", "password-reset"]


@pytest.mark.parametrize(("name", "start"), [("", "Set"), ("Council", "[Council] Set")])
def test_the_subject_of_a_mail_begins_with_the_name_of_the_system_once_it_has_one(client, name, start):
    Instance.objects.update_or_create(defaults={"name": name})
    make.user(email="ana@example.org")
    client.post(reverse("account_reset_password"), {"email": "ana@example.org"})
    assert Mail.objects.get().subject.startswith(start)


def test_a_used_link_says_how_to_get_a_new_one(client):
    page = client.get("/account/password/reset/key/1-wrong/").content.decode()
    assert "This link has already been used or has expired. Request a" in page
    assert reverse("account_reset_password") in page


def test_an_unknown_address_is_told_nothing_on_the_page_and_no_way_to_sign_up_by_mail(client):
    answer = client.post(reverse("account_reset_password"), {"email": "nobody@example.org"})
    assert answer.url == reverse("account_reset_password_done")
    assert "signup" not in Mail.objects.get().body


def test_nobody_makes_an_account_alone(client):
    page = client.get(reverse("account_signup")).content.decode()
    assert "Accounts are created by the mechanism" in page
    assert '<form method="post" novalidate' not in page


def test_a_wrong_password_is_explained_in_a_summary_that_takes_the_focus(client):
    make.user(email="ana@example.org")
    page = client.post(reverse("account_login"), {"login": "ana@example.org", "password": "wrong"}).content.decode()
    assert re.search(r'class="error-summary"[^>]* autofocus', page)
