"""A communication from its arrival to its closure; what each step needs; whom it is confidential from."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.kit.refusal import FieldRefused, Refused
from servanda.people.access import Role
from servanda.people.models import Notification, Succession
from servanda.people.versioning import ChangedMeanwhile
from servanda.proceedings.contents.drafts import save_draft
from servanda.proceedings.kinds import kinds
from servanda.proceedings.life.listing import ProceedingFilter, find_proceedings
from servanda.proceedings.life.needs import NEEDS, OF_ENTRY, missing_for
from servanda.proceedings.life.services import (
    add_proceeding,
    edit_proceeding,
    refuse_used_reference,
    restore_proceeding,
    withdraw_proceeding,
)
from servanda.proceedings.life.steps import return_step, take_step
from servanda.proceedings.models import PersonConcerned, Proceeding
from servanda.proceedings.replies.services import record_dispatch, record_outcome
from servanda.sources.obligations.feeds import events_for
from servanda.trail.models import Event
from servanda.vocab.models import Body
from tests import make
from tests import proceedings_make as made
from tests.once import built_once

pytestmark = pytest.mark.django_db


@built_once
def coordinator():
    return make.user(Role.COORDINATOR)


@built_once
def other():
    return make.user(Role.COORDINATOR)


@built_once
def place():
    return make.institution("moj")


@built_once
def writer(place):
    return make.user(Role.FOCAL_POINT, place)


@pytest.fixture
def authority(place):
    return make.user(Role.AUTHORITY, place)


def step(proceeding: Proceeding, code: str, by, on: date | None = None) -> Proceeding:
    version = made.fresh(proceeding).version
    take_step(proceeding=proceeding, step=code, on=on or timezone.localdate(), seen=version, by=by)
    return made.fresh(proceeding)


def test_every_need_of_a_kind_has_its_check_and_every_kind_ends_closed():
    for kind in kinds().values():
        needs = {need for found in kind.steps for need in found.needs}
        entries = {need.removeprefix(OF_ENTRY) for need in needs if need.startswith(OF_ENTRY)}
        assert entries <= kind.entries.keys()
        assert {need for need in needs if not need.startswith(OF_ENTRY)} <= NEEDS.keys()
        assert kind.last.code == "closed"
        assert set(kind.parties) <= set(PersonConcerned.Role.values)
        assert set(kind.bodies) <= set(Body.Kind.values)


def test_every_label_of_a_kind_is_in_all_five_languages():
    labels = [label for kind in kinds().values() for label in [kind.label, *(step.label for step in kind.steps)]]
    labels += [sort.label for kind in kinds().values() for sort in kind.sorts.values()]
    labels += [label for kind in kinds().values() for label in (kind.entries | kind.former_entries).values()]
    assert [label for label in labels if set(label.data) != {"en", "es", "fr", "pt", "ar"}] == []


def test_a_letter_is_walked_from_its_arrival_to_its_closure(coordinator, other, place, writer, authority):
    letter = made.proceeding(coordinator, place)
    made.person(letter, coordinator)
    letter = step(letter, "shared", coordinator)
    assert list(Notification.objects.filter(kind="reply-asked").values_list("person", flat=True)) == [
        writer.pk,
        authority.pk,
    ]
    with pytest.raises(Refused, match="MOJ has not approved its answer yet. Write the reply of the State."):
        step(letter, "cleared", coordinator)
    made.approved(letter, place, writer, authority)
    made.cleared(letter, coordinator, other)
    letter = step(letter, "cleared", coordinator)
    with pytest.raises(Refused, match="Record when and how"):
        step(letter, "replied", coordinator)
    today = timezone.localdate()
    record_dispatch(
        proceeding=letter,
        replied_on=today,
        note_verbale="",
        channel="Permanent mission",
        acknowledged_on=None,
        seen=letter.version,
        by=coordinator,
    )
    with pytest.raises(Refused, match="number of the note verbale"):
        step(letter, "replied", coordinator)
    record_dispatch(
        proceeding=letter,
        replied_on=today,
        note_verbale="12/2026",
        channel="",
        acknowledged_on=today,
        seen=made.fresh(letter).version,
        by=coordinator,
    )
    letter = step(letter, "replied", coordinator)
    assert [missing.sentence for missing in missing_for(letter, "closed")] == [
        "Enter the outcome.",
        "Enter the outcome for each alleged victim.",
    ]
    PersonConcerned.objects.update(outcome="released")
    record_outcome(proceeding=letter, outcome="Released.", reprisals_handling="", seen=letter.version, by=coordinator)
    letter = step(letter, "closed", coordinator)
    assert letter.is_closed
    assert [row.step for row in letter.steps.all()] == ["received", "shared", "cleared", "replied", "closed"]


def test_alleged_reprisals_are_handled_before_it_is_closed(coordinator):
    letter = made.proceeding(coordinator, alleges_reprisals=True)
    assert "Enter how the alleged reprisals were handled." in [
        missing.sentence for missing in missing_for(letter, "closed")
    ]


def test_a_step_cannot_be_left_out_unless_it_is_optional(coordinator):
    letter = made.proceeding(coordinator, make.institution())
    with pytest.raises(Refused, match="does not follow"):
        step(letter, "replied", coordinator)
    assert [found.code for found in kinds()["communication"].after("replied")] == ["published", "closed"]


def test_a_step_is_not_dated_before_the_present_one_or_in_the_future(coordinator):
    letter = made.proceeding(coordinator, make.institution())
    with pytest.raises(Refused, match="before the date of the present step"):
        step(letter, "shared", coordinator, date(2026, 1, 1))
    with pytest.raises(Refused, match="today or in the past"):
        step(letter, "shared", coordinator, date(2099, 1, 1))


def test_a_closed_one_is_returned_with_a_reason_before_it_changes(coordinator):
    letter = made.proceeding(coordinator)
    Proceeding.objects.filter(pk=letter.pk).update(step="closed")
    with pytest.raises(Refused, match="is closed"):
        made.name(letter, coordinator, make.institution())
    with pytest.raises(Refused, match="Enter a reason"):
        return_step(proceeding=letter, step="received", reason=" ", seen=letter.version, by=coordinator)
    return_step(proceeding=letter, step="received", reason="A new letter.", seen=letter.version, by=coordinator)
    last = letter.steps.last()
    assert (made.fresh(letter).step, last.is_return, last.reason) == ("received", True, "A new letter.")


@pytest.mark.parametrize(
    ("sort", "due_on", "expected", "origin"),
    [
        ("allegation", None, date(2026, 3, 13), "rule"),
        ("allegation", date(2026, 2, 1), date(2026, 2, 1), "letter"),
        ("urgent", None, None, ""),
        ("urgent", date(2026, 1, 20), date(2026, 1, 20), "letter"),
    ],
)
def test_the_deadline_of_the_letter_outranks_the_rule(coordinator, sort, due_on, expected, origin):
    letter = made.proceeding(coordinator, sort=sort, due_on=due_on)
    assert (letter.due_on, letter.due_from) == (expected, origin)


def test_calendars_name_the_rule_by_which_the_deadline_of_a_letter_was_computed(coordinator):
    by_rule = made.proceeding(coordinator)
    by_letter = made.proceeding(coordinator, due_on=date(2026, 2, 1))
    sources = {
        event.summary.partition(": ")[2]: event.description.split("\n")[2]
        for event in events_for(coordinator, on=made.SENT, origin="")
    }
    rule = f"Deadline from: Rule ({by_rule.rule().source})"
    assert sources == {by_rule.reference: rule, by_letter.reference: "Deadline from: Document"}


def test_a_letter_without_a_date_gets_no_deadline_by_the_rule(coordinator):
    letter = made.proceeding(coordinator, sent_on=None)
    assert (letter.due_on, letter.due_from) == (None, "")


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"reference": " "}, "Enter the reference"),
        ({"title": ""}, "Enter the subject"),
        ({"sort": "request"}, "type of letter that belongs to this kind"),
        ({"kind": "letter"}, "Choose a kind"),
        ({"received_on": date(2099, 1, 1)}, "today or in the past"),
        ({"received_on": date(2026, 1, 1)}, "received before its date"),
        ({"due_on": date(2026, 1, 1)}, "deadline is before the letter"),
    ],
)
def test_bad_input_is_refused_with_a_sentence_and_nothing_is_written(coordinator, fields, sentence):
    with pytest.raises(Refused, match=sentence):
        add_proceeding(values=made.values(**fields), by=coordinator)
    assert not Proceeding.objects.exists()


def test_a_reference_is_used_once_in_a_kind(coordinator):
    made.proceeding(coordinator, reference="AL SVN 1/2026")
    with pytest.raises(Refused, match="was already entered"):
        made.proceeding(coordinator, reference=" AL  SVN 1/2026 ")
    fields = {"kind": "urgent-action", "sort": "request", "bodies": [make.committee("CED")]}
    made.proceeding(coordinator, reference="AL SVN 1/2026", **fields)
    assert Proceeding.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "sort", "other", "own"),
    [("early-warning", "letter", "CED", "CERD"), ("urgent-action", "reminder", "CERD", "CED")],
)
def test_early_warnings_are_of_cerd_and_urgent_actions_of_ced_only(coordinator, kind, sort, other, own):
    with pytest.raises(FieldRefused, match="does not belong to this type"):
        made.proceeding(coordinator, kind=kind, sort=sort, bodies=[make.committee(other)])
    letter = made.proceeding(coordinator, kind=kind, sort=sort, bodies=[make.committee(own)])
    assert letter.bodies.get().code == own


def test_twenty_five_mandates_may_send_one_letter(coordinator):
    bodies = [made.mandate(f"SR {number}") for number in range(25)]
    assert made.proceeding(coordinator, bodies=bodies).bodies.count() == 25


def test_the_second_of_two_editors_is_refused(coordinator, other):
    letter = made.proceeding(coordinator)
    first, second = made.values(title="First"), made.values(title="Second")
    edit_proceeding(proceeding=letter, values=first, seen=letter.version, by=coordinator)
    with pytest.raises(ChangedMeanwhile):
        edit_proceeding(proceeding=letter, values=second, seen=letter.version, by=other)
    assert made.fresh(letter).title == "First"


def test_withdrawn_it_is_found_by_nobody_until_it_is_restored(coordinator):
    letter = made.proceeding(coordinator)
    withdraw_proceeding(proceeding=letter, reason="Entered twice.", by=coordinator)
    assert not Proceeding.objects.visible_to(coordinator).exists()
    restore_proceeding(proceeding=letter, by=coordinator)
    assert Proceeding.objects.visible_to(coordinator).get() == letter


def test_only_the_mechanism_and_the_institutions_named_see_it(coordinator, place):
    letter = made.proceeding(coordinator, place)
    parent = make.institution("government")
    make.institution("moj").__class__.objects.filter(pk=place.pk).update(parent=parent)
    below = make.institution("prisons", parent=place)
    seen = {
        role: Proceeding.objects.visible_to(person).filter(pk=letter.pk).exists()
        for role, person in {
            "coordinator": coordinator,
            "auditor": make.user(Role.AUDITOR),
            "focal point": make.user(Role.FOCAL_POINT, place),
            "above": make.user(Role.FOCAL_POINT, parent),
            "below": make.user(Role.FOCAL_POINT, below),
            "beside": make.user(Role.FOCAL_POINT, make.institution("moh")),
            "contributor": make.user(Role.CONTRIBUTOR, place),
        }.items()
    }
    assert [role for role, is_seen in seen.items() if is_seen] == ["coordinator", "auditor", "focal point", "above"]


@pytest.mark.database
def test_an_appointment_for_other_bodies_does_not_open_it(coordinator, place):
    letter = made.proceeding(coordinator, place, bodies=[made.mandate("SR A"), made.mandate("SR B")])
    for bodies, is_seen in (("SR A, SR B", True), ("SR A", True), ("CRC", False)):
        person = make.user(Role.PUBLIC)
        make.appointment(person, place, bodies=bodies)
        assert Proceeding.objects.visible_to(person).filter(pk=letter.pk).exists() == is_seen


@pytest.mark.parametrize("which", ["open", "late", "soon", "closed", "reprisals", "mine"])
def test_the_list_shows_what_its_filter_says(coordinator, which):
    today = date(2026, 2, 20)
    found = {
        "open": made.proceeding(coordinator, sort="urgent"),
        "late": made.proceeding(coordinator, due_on=date(2026, 2, 1)),
        "soon": made.proceeding(coordinator),
        "closed": made.proceeding(coordinator, sort="urgent"),
        "reprisals": made.proceeding(coordinator, sort="urgent", alleges_reprisals=True),
    }
    Proceeding.objects.filter(pk=found["closed"].pk).update(step="closed")
    shown = set(find_proceedings(coordinator, ProceedingFilter(which=which), on=today))
    expected = {
        "open": {found[name] for name in ("open", "late", "soon", "reprisals")},
        "mine": set(found.values()),  # a filter of institutions is none of the mechanism
    }
    assert shown == expected.get(which, {found.get(which)})
    assert {letter.pk for letter in found.values() if letter.is_late(on=today)} == {found["late"].pk}


def test_filters_reveal_nothing_of_others_to_an_institution(coordinator, place, writer):
    letter = made.proceeding(coordinator, place, make.institution("moh"), alleges_reprisals=True)
    for filters in ({"institution": "moh"}, {"institution": "none"}, {"which": "reprisals"}):
        found = find_proceedings(writer, ProceedingFilter(**filters), on=date(2026, 2, 1))
        assert list(found) == [letter]


def test_the_trail_has_a_line_for_each_deed_and_no_confidential_text(coordinator):
    letter = made.proceeding(coordinator, note="A secret note")
    edit_proceeding(
        proceeding=letter,
        values=made.values(reference=letter.reference, note="Another secret"),
        seen=letter.version,
        by=coordinator,
    )
    lines = Event.objects.filter(object_type="proceedings.proceeding")
    assert set(lines.values_list("action", flat=True)) == {"proceeding-added", "proceeding-edited"}
    assert not any("secret" in line.difference for line in lines)


def test_the_page_of_a_letter_without_a_date_asks_for_it_or_for_the_deadline(client):
    by = make.signed_in(client, Role.COORDINATOR)
    letter = made.proceeding(by, sent_on=None)
    sentence = "No deadline can be computed without this date: Date of the letter. Enter that date, or the deadline."
    assert sentence in client.get(letter.get_absolute_url()).content.decode()
    values = made.values(reference=letter.reference, sent_on=made.SENT)
    edit_proceeding(proceeding=letter, values=values, seen=letter.version, by=by)
    assert sentence not in client.get(letter.get_absolute_url()).content.decode()
    urgent = made.proceeding(by, sent_on=None, sort="urgent")
    assert sentence not in client.get(urgent.get_absolute_url()).content.decode()


@pytest.mark.parametrize("written", ["al svn 1/2026", "AL SVN 01/2026", "AL  SVN 001/2026", "AL SVN 1 / 2026"])
def test_a_reference_in_another_spelling_is_used_already(coordinator, written):
    first = made.proceeding(coordinator, reference="AL SVN 1/2026")
    with pytest.raises(FieldRefused, match="AL SVN 1/2026 was already entered") as refused:
        made.proceeding(coordinator, reference=written)
    assert refused.value.taken == first


def test_two_spellings_that_were_entered_before_can_still_be_edited(coordinator):
    made.proceeding(coordinator, reference="AL SVN 1/2026")
    second = made.proceeding(coordinator, reference="AL SVN 2/2026")
    Proceeding.objects.filter(pk=second.pk).update(reference="AL SVN 01/2026")
    second.refresh_from_db()
    refuse_used_reference(second)  # it is not changed
    second.reference = "AL SVN 001/2026"
    with pytest.raises(FieldRefused):
        refuse_used_reference(second)


@pytest.mark.parametrize(
    "other", ["AL SVN 11/2026", "AL SVN 1/2025", "UA SVN 1/2026", "AL SVN 1/2026 (b)", "AL SVN 10/2026"]
)
def test_another_reference_is_free(coordinator, other):
    made.proceeding(coordinator, reference="AL SVN 1/2026")
    assert made.proceeding(coordinator, reference=other).reference == other


def test_a_closed_institution_without_an_answer_is_named_with_its_successor(coordinator, place, other):
    letter = step(made.proceeding(coordinator, place), "shared", coordinator)
    place.active_to = timezone.localdate() - timedelta(days=1)
    place.save()
    successor = make.institution("new")
    Succession.objects.create(predecessor=place, successor=successor, on=timezone.localdate())
    missing = missing_for(letter, "cleared")[0]
    assert missing.sentence == f"{place} no longer exists. Name its successor: {successor}."
    assert missing.page == "set_named_institutions"


def test_what_a_closed_institution_wrote_still_has_to_be_approved(coordinator, place, writer):
    letter = step(made.proceeding(coordinator, place), "shared", coordinator)
    save_draft(proceeding=letter, institution=place, text="Much.", language="en", seen=None, by=writer)
    place.active_to = timezone.localdate() - timedelta(days=1)
    place.save()
    assert "has not approved its answer yet" in missing_for(letter, "cleared")[0].sentence


def test_before_a_letter_is_closed_its_page_asks_for_the_persons_that_it_names(client):
    by = make.signed_in(client, Role.COORDINATOR)
    letter = made.proceeding(by)
    Proceeding.objects.filter(pk=letter.pk).update(step="replied", outcome="Released.")
    url = reverse("desk:take_step", args=[letter.key, "closed"])
    question = (
        "No persons concerned have been entered. If the letter names persons, first enter them and the "
        "outcome for each."
    )
    assert question in client.get(url).content.decode()
    made.person(letter, by)
    assert question not in client.get(url).content.decode()
