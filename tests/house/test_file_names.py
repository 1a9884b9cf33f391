"""Files that are downloaded are named after the State, what they hold, and the day."""

import re
from datetime import date

import pytest
from django.template.backends.django import Template
from django.utils import timezone

from servanda.people.access import Role
from servanda.people.instance.file_names import file_name
from servanda.people.models import Instance
from servanda.proceedings.models import Proceeding
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import plain
from tests.house.scene import set_scene

NAME = re.compile(r"filename\*?=(?:\"|utf-8'')([^\";]+)")
# Named by those who added the file, kept as submitted, a form that is filled in, the own data of one person, an entry
# of a calendar, or named as by another system.
NAMED_OTHERWISE = {
    *("desk:comment_file", "portal:public_comment_file", "portal:evidence_file", "desk:course_material"),
    *("desk:legal_text", "portal:legal_text_file"),
    *("desk:proceeding_file", "desk:obligation_file", "desk:evidence_file", "desk:meeting_paper"),
    *("desk:downloaded_report", "desk:answer_sheet", "desk:sheet_template"),
    *("desk:submitted_file", "desk:submitted_translation"),
    *("portal:submitted_report_file", "portal:submitted_report_translation"),
    *("people:own_personal_data", "desk:meeting_calendar", "portal:invited_meeting_calendar"),
    *("desk:exercise_file", "exchange:uhri_export"),
}


@pytest.mark.slow
@pytest.mark.django_db
def test_files_that_are_downloaded_are_named_after_the_state_and_the_day(client, monkeypatch):
    monkeypatch.setattr(Template, "render", lambda *_drawn, **_with: "<p>No page is drawn.</p>")
    person = make.user(Role.COORDINATOR)
    scene = set_scene(person)
    client.force_login(person)
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    day, wrong, right = timezone.localdate().isoformat(), [], []
    for name, address in ADDRESSES.items():
        if "GET" not in address.methods or plain(name) in NAMED_OTHERWISE:
            continue
        url = address.url(name, scene)
        answer = client.head(url) if "HEAD" in address.methods else client.get(url)
        found = NAME.search(answer.get("Content-Disposition", ""))
        if found and "attachment" in answer["Content-Disposition"]:
            is_right = "SVN" in found[1] and day in found[1]
            (right if is_right else wrong).append(f"{name}: {found[1]}")
    assert wrong == [], "\n".join(wrong)
    assert len(right) > 30


@pytest.mark.django_db
def test_a_reference_with_signs_that_no_file_may_have_is_in_the_name():
    Instance.objects.create(pk=1, name="Office", state_code="SVN")
    assert file_name("submissions", "docx", on=date(2026, 1, 2), about="AL SVN 1/2026") == (
        "SVN-AL-SVN-1-2026-submissions-2026-01-02.docx"
    )
    assert file_name("x", "csv", on=date(2026, 1, 2), about="../SVN-1:") == "SVN-1-x-2026-01-02.csv"


@pytest.mark.django_db
def test_all_submissions_of_a_letter_are_named_after_it(client):
    person = make.user(Role.COORDINATOR)
    scene = set_scene(person)
    client.force_login(person)
    name = next(name for name in ADDRESSES if plain(name) == "desk:proceeding_submissions")
    reference = re.sub(r"[^\w.-]+", "-", Proceeding.objects.first().reference)
    assert reference in client.get(ADDRESSES[name].url(name, scene))["Content-Disposition"]
