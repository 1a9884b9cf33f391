"""Files that are downloaded are named after the State, what they hold, and the day.

Each is looked at in test_every_page.py.
"""

import re
from datetime import date

import pytest

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
    *("people:own_personal_data", "people:personal_data", "desk:meeting_calendar", "portal:invited_meeting_calendar"),
    *("desk:exercise_file", "exchange:uhri_export"),
}


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
