"""A new system: each list says what will be in it and offers the first step, and no page fails."""

import re

import pytest
from django.urls import reverse

from servanda.people.access import Role
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import Address
from tests.house.test_query_budget import FILES

pytestmark = pytest.mark.django_db

EMPTY = re.compile(r'<div class="empty">(.*?)</div>', re.DOTALL)
LINK = re.compile(r'<a class="btn btn-primary" href="([^"]+)">')
PEOPLE = {
    "anonymous": lambda: None,
    "contributor": lambda: make.user(Role.CONTRIBUTOR, make.institution("nhri")),
    "focal point": lambda: make.user(Role.FOCAL_POINT, make.institution("mfa")),
    "coordinator": lambda: make.user(Role.COORDINATOR),
}
ACTIVE = {"anonymous", "coordinator"}  # for the others, steps that they may not take are left out
# Pages without the part, and why.
FULL_FROM_THE_START = {
    "portal:about": "a text",
    "exchange:formats": "the kinds of objects, with their numbers",
    "exchange:parcel_progress": "a part of the page of peers: how far a parcel is",
    "portal:open_data": "addresses of files, which are the same for an empty register",
    "portal:search": "a form; what it finds is tried in tests/desk/search",
    "portal:shortcuts": "a text",
    "portal:page_help": "it comes with the product",
    "portal:glossary": "it comes with the product",
    "portal:languages": "they come with the product",
    "portal:palette": "commands and pages",
    "api:documentation": "a text",
    "desk:home": "it shows the first steps instead (tests/desk/home)",
    "desk:search": "a form, with commands and pages",
    "desk:palette": "commands and pages",
    "portal:find_records": "a part of a form",
    "desk:find_records": "a part of a form",
    "desk:find_actions": "a part of a form",
    "desk:network_rules": "the subjects, each with its form",
    "desk:budget_evidence": "figures, of which each says where there are no data",
    "desk:own_calendar": "one address, with the button that creates it",
    "desk:report_templates": "they come with the product",
    "desk:scales": "they come with the product",
    "desk:institution_follow_up": "the page of one institution",
    "desk:vacancies": "a success: no function is vacant",
    "vocab:vocabulary": "it comes with the product",
    "vocab:bodies": "they come with the product",
    "vocab:unconfirmed": "labels that come with the product",
    "people:people": "whoever reads it is on it",
    "people:own_account": "one's own data",
    "people:institutions": "the institution of whoever reads it is on it",
    "people:instance": "settings",
    "people:roles": "they come with the product",
    "people:trail": "it records the first log-in",
}
# Where the part offers no step, and why.
WITHOUT_STEP = {
    "desk:imports": "the form is above it",
    "desk:contributions": "they come from outside, once the public form is open",
    "people:notifications": "they come by themselves",
    "desk:whats_new": "the form with the date is above it",
    "desk:unsent_mails": "nothing is to be done",
}


def names_no_object(address: Address) -> bool:
    try:
        return address.arguments(None) == []
    except AttributeError:  # it takes the key of something
        return False


LISTS = [
    name
    for name, address in ADDRESSES.items()
    if "GET" in address.methods
    and "POST" not in address.methods
    and names_no_object(address)
    and not any(
        part in name
        for part in (*FILES, "api:", "calendar_file", "map_chart", "exchange:feed", "member_feed", "exchange_keys")
    )
]


def faults(client, name: str, who: str) -> list[str]:
    answer = client.get(reverse(name))
    if answer.status_code in (302, 403):
        return []
    if answer.status_code == 200 and name in FULL_FROM_THE_START:
        return []
    if answer.status_code != 200:
        return [f"answers {answer.status_code}"]
    parts = EMPTY.findall(answer.content.decode())
    if not parts:
        return ["has no list and no empty state"]
    return [fault for part in parts for fault in faults_of_part(client, name, part, who)]


def faults_of_part(client, name: str, part: str, who: str) -> list[str]:
    found = [] if re.search(r"<p>[^<]+</p>", part) else ["does not say what will be here"]
    steps = LINK.findall(part)
    if not steps and who in ACTIVE and name not in WITHOUT_STEP:
        found.append("offers no step")
    return found + [f"leads to {step}" for step in steps if client.get(step).status_code != 200]


@pytest.mark.parametrize("who", PEOPLE)
def test_each_empty_list_says_what_will_be_here_and_offers_the_first_step(client, who):
    if person := PEOPLE[who]():
        client.force_login(person)
    found = {name: faults(client, name, who) for name in LISTS}
    assert {name: wrong for name, wrong in found.items() if wrong} == {}
