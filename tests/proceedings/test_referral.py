"""The time limit for the referral of a case to the Inter-American Court: beside the reply, with its suspensions."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.proceedings.cases import referral
from servanda.proceedings.cases.services import EntryValues, set_case, set_course
from servanda.proceedings.models import CaseEntry, Proceeding
from servanda.sources.models import Obligation, Suspension
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db
NOTIFIED, DUE = date(2026, 1, 14), date(2026, 4, 14)


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def case(coordinator, place) -> Proceeding:
    """A report on the merits that was notified in January."""
    return made.petition(coordinator, place, notified_on=NOTIFIED, reference="12.345")


def set_dates(case: Proceeding, by, notified_on: date | None, decided_on: date = made.SENT) -> None:
    days = {"decided_on": decided_on, "notified_on": notified_on}
    set_case(proceeding=case, **days, seen=made.fresh(case).version, by=by)


def time_limit(case: Proceeding) -> Obligation:
    return made.fresh(case).case.referral


def suspend(case: Proceeding, by, starts_on: date, ends_on: date | None) -> Suspension:
    given = {"starts_on": starts_on, "ends_on": ends_on, "ground": "Talks on a settlement."}
    return referral.add_suspension(obligation=time_limit(case), **given, by=by)


def test_it_runs_from_the_notification_and_is_restricted_like_the_case(case, coordinator, place):
    due = time_limit(case)
    assert (due.kind, due.due_on, due.clock_on, due.force) == ("referral", DUE, NOTIFIED, "none")
    assert (due.confidentiality, due.is_derived, due.title) == ("restricted", True, "12.345")
    assert due != made.fresh(case).obligation
    assert due in Obligation.objects.visible_to(coordinator)
    assert due not in Obligation.objects.visible_to(make.user(Role.FOCAL_POINT, place))
    assert not Obligation.objects.public().exists()


@pytest.mark.database
def test_a_suspension_moves_it_and_later_changes_of_the_case_keep_it(case, coordinator):
    suspend(case, coordinator, date(2026, 2, 1), date(2026, 3, 1))
    assert time_limit(case).due_on == date(2026, 5, 12)
    set_dates(case, coordinator, date(2026, 1, 15))
    assert (time_limit(case).due_on, time_limit(case).day_from) == (date(2026, 5, 13), "suspension")
    suspension = suspend(case, coordinator, date(2026, 4, 1), None)
    assert (time_limit(case).due_on, time_limit(case).certainty) == (None, "to-be-communicated")
    referral.end_suspension(suspension=suspension, ends_on=date(2026, 4, 2), by=coordinator)
    assert time_limit(case).due_on == date(2026, 5, 14)
    referral.remove_suspension(suspension=suspension, by=coordinator)
    assert time_limit(case).due_on == date(2026, 5, 13)


def test_it_ends_with_the_referral_in_the_course_of_the_case(case, coordinator):
    for entries, state in (([EntryValues("referral", date(2026, 3, 1))], "closed"), ([], "open")):
        set_course(proceeding=case, entries=entries, seen=made.fresh(case).version, by=coordinator)
        assert time_limit(case).state == state


def test_a_suspension_is_entered_in_one_place_and_an_earlier_entry_stays(case, coordinator, client):
    client.force_login(coordinator)
    url = reverse("desk:set_case_course", args=[case.key])
    assert "Referral to the Court suspended" not in client.get(url).content.decode()
    with pytest.raises(Refused, match="belongs to this body"):
        save_course(case, coordinator, EntryValues("referral-suspended", date(2026, 2, 1)))
    entry = CaseEntry.objects.create(proceeding=case, type="referral-suspended", on=date(2026, 2, 1))
    for address in (url, case.get_absolute_url()):
        assert "Referral to the Court suspended" in client.get(address).content.decode()
    save_course(case, coordinator, EntryValues(entry.type, entry.on, "12/2026", pk=entry.pk))
    assert case.entries.get().reference == "12/2026"


def save_course(case: Proceeding, by, *entries: EntryValues) -> None:
    set_course(proceeding=case, entries=entries, seen=made.fresh(case).version, by=by)


@pytest.mark.parametrize(
    ("notified_on", "words"),
    [
        (date(2026, 2, 2), "A suspension starts on 1 February 2026"),
        (date(2025, 10, 31), "would end before the suspension of 1 February 2026"),
        (None, "Remove the suspensions first"),
    ],
)
def test_a_notification_that_contradicts_a_suspension_is_refused_beside_its_field(
    case, coordinator, notified_on, words
):
    suspend(case, coordinator, date(2026, 2, 1), None)
    with pytest.raises(FieldRefused, match=words) as refused:
        set_dates(case, coordinator, notified_on, decided_on=date(2025, 10, 1))
    assert refused.value.field == "notified_on"
    assert made.fresh(case).case.notified_on == NOTIFIED


def test_a_suspension_after_the_referral_is_refused_from_both_sides(case, coordinator):
    referred = EntryValues("referral", date(2026, 2, 10))
    save_course(case, coordinator, referred)
    with pytest.raises(FieldRefused, match="referred to the Court on 10 February 2026") as refused:
        suspend(case, coordinator, date(2026, 2, 11), None)
    assert refused.value.field == "starts_on"
    save_course(case, coordinator)
    suspend(case, coordinator, date(2026, 2, 11), None)
    with pytest.raises(Refused, match="is before the suspension that starts on 11 February 2026"):
        save_course(case, coordinator, referred)


def test_only_cases_of_the_commission_have_it(coordinator):
    made.shipped_rule("iachr-referral")
    assert made.case(coordinator).case.referral is None
    assert not Obligation.objects.filter(kind="referral").exists()


def test_another_deadline_of_a_proceeding_is_not_suspended(coordinator):
    with pytest.raises(Refused, match="follows a communication"):
        referral.add_suspension(
            obligation=made.proceeding(coordinator).obligation,
            starts_on=NOTIFIED,
            ends_on=None,
            ground="Talks.",
            by=coordinator,
        )


def test_the_page_of_the_case_shows_it_to_the_mechanism_only(case, coordinator, place, client):
    client.force_login(coordinator)
    code = time_limit(case).code
    typed = {"starts_on": "2026-02-01", "ends_on": "2026-03-01", "ground": "Talks on a settlement."}
    answer = client.post(reverse("desk:add_suspension", args=[code]), typed, follow=True)
    assert [url for url, _status in answer.redirect_chain][-1] == case.get_absolute_url()
    for words in ("Referral to the Court", "12 May 2026", "Suspended from 1 February 2026", "Talks on a settlement."):
        assert words in answer.content.decode()
    client.force_login(make.user(Role.FOCAL_POINT, place))
    page = client.get(case.get_absolute_url()).content.decode()
    assert ("Referral to the Court" in page, "Talks on" in page) == (False, False)
