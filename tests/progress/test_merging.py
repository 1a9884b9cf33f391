"""A merge brings what was reported, shown and said to the record that stays, and undoing it takes that back."""

from datetime import date

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.progress.merging import merge_recommendations, unmerge_recommendation
from servanda.progress.models import Assessment, Evidence, InputItem
from tests import assessing_make, make, progress_make, rounds_make
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def by():
    return make.user(Role.COORDINATOR)


def said_now(record) -> dict[str, str]:
    return dict(Assessment.objects.latest().filter(recommendation=record).values_list("voice", "common"))


def test_what_was_reported_of_a_merged_record_is_on_the_one_that_stays_until_the_merge_is_undone(by):
    stays, other = make.recommendation(), make.recommendation()
    ministry = make.institution("health")
    update = progress_make.reported(other, "clinics", ministry, state="published")
    contribution = assessing_make.contribution(other)
    input_request = rounds_make.request(ministry, [other])
    merge_recommendations(into=stays, others=[other], by=by)
    assert list(stays.updates.all()) == [update]
    assert list(stays.evidence.all()) == list(update.evidence.all())
    assert list(stays.contributions.all()) == [contribution]
    assert [item.recommendation for item in InputItem.objects.owed().filter(request=input_request)] == [stays]
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=by)
    assert not stays.updates.exists()
    assert not stays.evidence.exists()
    assert not stays.contributions.exists()
    assert list(other.updates.all()) == [update]
    assert [item.recommendation for item in InputItem.objects.owed().filter(request=input_request)] == [other]


def test_of_two_records_the_newest_word_of_a_voice_stands_after_a_merge(by):
    stays, other = make.recommendation(), make.recommendation()
    assessing_make.assessment(stays, "partial", date=date(2026, 5, 1))
    assessing_make.assessment(other, "regressed", date=date(2026, 6, 1))
    assessing_make.assessment(other, "started", date=date(2026, 4, 1), is_latest=False)
    mechanism = assessing_make.assessment(other, "started", "mechanism")
    shown = assessing_make.evidence(other)
    mechanism.evidence.add(shown)
    merge_recommendations(into=stays, others=[other], by=by)
    assert said_now(stays) == {"government": "regressed", "mechanism": "started"}
    assert list(stays.assessments.get(voice="mechanism").evidence.all()) == [shown]
    assert stays.assessments.filter(voice="government").count() == 3
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=by)
    assert said_now(stays) == {"government": "partial"}
    assert said_now(other) == {"government": "regressed", "mechanism": "started"}


def test_an_answer_that_came_meanwhile_stays_where_it_was_said(by):
    stays, other = make.recommendation(), make.recommendation()
    input_request = rounds_make.request(make.institution("health"), [other])
    merge_recommendations(into=stays, others=[other], by=by)
    InputItem.objects.filter(recommendation=stays).update(answered_at="2026-06-01T10:00:00Z")
    other.refresh_from_db()
    unmerge_recommendation(recommendation=other, by=by)
    assert InputItem.objects.get(recommendation=stays).answered_at is not None
    assert [item.recommendation for item in InputItem.objects.owed().filter(request=input_request)] == [other]


def test_an_institution_still_sees_its_own_evidence_of_a_record_that_was_merged_away(by):
    stays, other = make.recommendation(), make.recommendation()
    ministry = make.institution("health")
    writer = make.user(Role.FOCAL_POINT, ministry)
    own = progress_make.reported(other, "clinics", ministry).evidence.get()
    merge_recommendations(into=stays, others=[other], by=by)
    assert list(Evidence.objects.visible_to(writer)) == [own]


def test_a_record_that_was_never_merged_takes_nothing_from_others(by):
    record = make.recommendation()
    update = progress_make.update(record, make.institution("health"))
    with pytest.raises(Refused, match="not merged"):
        unmerge_recommendation(recommendation=record, by=by)
    assert list(record.updates.all()) == [update]
