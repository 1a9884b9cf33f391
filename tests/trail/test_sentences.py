import re
from pathlib import Path

import pytest

import servanda
from servanda.intake.sheets.kinds import kinds
from servanda.people.models import Institution, User
from servanda.trail.models import Event
from servanda.trail.sentences import SENTENCES, sentence
from tests import make
from tests.once import built_once

ROOT = Path(servanda.__file__).parent
RECORDED = re.compile(
    r"(?:Event\.record\(|record_refused\(\s*|\brecord_event\(\s*"
    r"|\b(?:save_version|withdraw|restore)\(\s*[\w.]+,|\bsave_versions\([^\"]*,"
    r"|\b(?:keep|withdraw|restore)_file\([^\"]*\baction=)\s*\"([a-z-]+)\""
)


def recorded_actions() -> set[str]:
    written = {action for path in ROOT.rglob("*.py") for action in RECORDED.findall(path.read_text())}
    steps = ("sent", "applied", "undone", "discarded")
    return written | {f"{kind.trail}-{step}" for kind in kinds() for step in steps}


def test_every_action_recorded_in_the_code_has_a_sentence():
    assert recorded_actions() - set(SENTENCES) == set()


def test_no_sentence_is_kept_for_an_action_that_nothing_records():
    assert set(SENTENCES) - recorded_actions() == set()


@built_once
def ministry() -> Institution:
    return make.institution("moj", name="Ministry")


@built_once
def person() -> User:
    return make.user(name="Ana Primer")


@pytest.mark.django_db
@pytest.mark.parametrize("action", sorted(SENTENCES))
def test_a_sentence_names_who_did_it_or_to_whom(action, ministry, person):
    text = sentence(Event.record(action, ministry, by=person))
    assert "Ana Primer" in text or "Ministry" in text or text.startswith(("A contribution", "A log-in"))
    assert "%" not in text


@pytest.mark.django_db
def test_a_deed_without_a_person_is_the_systems():
    assert sentence(Event.record("instance-edited")).startswith("The system")


@pytest.mark.django_db
def test_an_action_of_an_older_version_is_shown_by_its_code():
    assert "long-gone" in sentence(Event.record("long-gone"))
