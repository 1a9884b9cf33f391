"""An update goes from its draft to the public by steps, and each step belongs to a person."""

from datetime import date
from uuid import uuid4

import pytest

from servanda.kit.refusal import Refused
from servanda.people.access import Can, Role
from servanda.people.models import Instance, Notification
from servanda.people.versioning import ChangedMeanwhile
from servanda.progress.models import InputItem, InputRequest, InputRound, Update
from servanda.progress.updates import letters, linking
from servanda.progress.updates import services as updating
from servanda.recommendations.clusters.services import make_cluster
from servanda.trail.models import Event
from tests import make
from tests.house.kinds import place
from tests.once import built_once
from tests.progress_make import LETTER, SAID

pytestmark = pytest.mark.django_db
State = Update.State


@built_once
def writer():
    return make.user(Role.FOCAL_POINT, place("mfa"), name="Writer")


@built_once
def authority():
    return make.user(Role.AUTHORITY, place("mfa"), name="Authority")


@built_once
def coordinator():
    return make.user(Role.COORDINATOR, name="Coordinator")


@built_once
def record():
    made = make.recommendation()
    make.assignment(made, place("mfa"))
    return made


@built_once
def draft(writer, record) -> Update:
    started = updating.start_update(institution=place("mfa"), recommendations=[record], by=writer)
    return save(started, [record], writer)


def save(update, records, by, **values) -> Update:
    given = {"seen": update.version, "recommendations": records, "actions": [], **SAID, **values}
    return updating.save_update(update=update, **given, by=by)


@pytest.mark.database
def test_a_draft_goes_by_four_hands_to_the_public(draft, writer, authority, coordinator):
    updating.submit_update(update=draft, by=writer)
    updating.return_update(update=draft, reason="Say since when.", by=authority)
    draft.refresh_from_db()
    assert (draft.state, draft.return_reason) == (State.RETURNED, "Say since when.")
    updating.submit_update(update=draft, by=writer)
    updating.validate_update(update=draft, by=authority)
    updating.publish_update(update=draft, by=coordinator)
    assert list(draft.steps.values_list("state", "by__name")) == [
        ("submitted", "Writer"),
        ("returned", "Authority"),
        ("submitted", "Writer"),
        ("validated", "Authority"),
        ("published", "Coordinator"),
    ]
    assert list(Update.objects.public()) == [draft]
    told = Notification.objects.order_by("pk").values_list("kind", "person__name")
    assert list(told) == [
        ("update-submitted", "Authority"),
        ("update-returned", "Writer"),
        ("update-submitted", "Authority"),
        ("update-validated", "Coordinator"),
        ("update-published", "Writer"),
    ]
    actions = Event.objects.order_by("sequence").values_list("action", flat=True)
    assert list(actions)[-5:] == [
        "update-submitted",
        "update-returned",
        "update-submitted",
        "update-validated",
        "update-published",
    ]


def test_the_steps_that_the_instance_leaves_out_are_passed_by_nobody(draft, writer):
    Instance(pk=1, updates_need_validation=False, updates_need_publication=False).save()
    updating.submit_update(update=draft, by=writer)
    draft.refresh_from_db()
    assert draft.state == State.PUBLISHED
    assert list(draft.steps.values_list("state", "by")) == [
        ("submitted", writer.pk),
        ("validated", None),
        ("published", None),
    ]


def test_an_authority_who_wrote_it_leaves_the_approval_to_another(record, authority):
    draft = updating.start_update(institution=place("mfa"), recommendations=[record], by=authority)
    updating.submit_update(update=save(draft, [record], authority), by=authority)
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    other = make.user(Role.AUTHORITY, place("mfa"))
    updating.validate_update(update=draft, by=other)
    assert list(draft.steps.values_list("by", flat=True)) == [authority.pk, other.pk]


@pytest.mark.parametrize("code", ["moj", "mfa-agency"])
def test_nobody_takes_a_step_for_another_ministry_nor_for_the_one_above(draft, writer, code):
    other, foreign = make.user(Role.AUTHORITY, place(code)), make.user(Role.FOCAL_POINT, place(code))
    with pytest.raises(Refused, match="can write for it"):
        save(draft, [], foreign)
    updating.submit_update(update=draft, by=writer)
    with pytest.raises(Refused, match="Only the validating authority of MFA"):
        updating.validate_update(update=draft, by=other)
    with pytest.raises(Refused, match="Only the validating authority of MFA"):
        updating.return_update(update=draft, reason="No.", by=other)
    with pytest.raises(Refused, match="Only the coordinator"):
        updating.publish_update(update=draft, by=other)
    assert not Update.objects.visible_to(foreign).exists()


def test_a_focal_point_approves_nothing_and_an_administrator_writes_for_nobody(draft, writer):
    updating.submit_update(update=draft, by=writer)
    with pytest.raises(Refused, match="Only the validating authority"):
        updating.validate_update(update=draft, by=writer)
    with pytest.raises(Refused, match="can write for it"):
        updating.start_update(institution=place("mfa"), recommendations=[], by=make.user(Role.ADMINISTRATOR))


def test_a_focal_point_for_some_bodies_writes_on_records_of_these_only(record):
    limited = make.user(Role.PUBLIC)
    make.appointment(limited, place("mfa"), bodies="CRC")
    with pytest.raises(Refused, match="can write for it"):
        updating.start_update(institution=place("mfa"), recommendations=[record], by=limited)


def test_what_moved_on_meanwhile_is_said_and_nothing_is_done(draft, writer, authority):
    updating.submit_update(update=draft, by=writer)
    updating.return_update(update=draft, reason="Say more.", by=authority)
    with pytest.raises(Refused, match="This update has been returned to the institution for"):
        updating.validate_update(update=draft, by=authority)
    updating.submit_update(update=draft, by=writer)
    with pytest.raises(Refused, match="This update has been submitted and is awaiting the"):
        updating.submit_update(update=draft, by=writer)
    with pytest.raises(Refused, match="This update has been submitted and is awaiting the"):
        save(draft, [], writer)


def test_who_saves_second_writes_over_nobody(draft, record, writer, authority):
    save(draft, [record], authority, text="The words of the authority.")
    with pytest.raises(ChangedMeanwhile):
        save(draft, [record], writer, text="Other words.")
    draft.refresh_from_db()
    assert (draft.text, draft.written_by) == ("The words of the authority.", authority)
    assert Event.objects.filter(action="update-taken-over").count() == 1


def test_the_same_form_sent_twice_makes_one_update(record, writer):
    given = {"institution": place("mfa"), "recommendations": [record], "by": writer, "form_key": uuid4()}
    assert updating.start_update(**given) == updating.start_update(**given)
    assert Event.objects.filter(action="update-started").count() == 1


def test_the_key_of_a_form_that_somebody_else_sent_makes_nothing_and_shows_nothing(record, writer, authority):
    given = {"institution": place("mfa"), "recommendations": [record], "form_key": uuid4()}
    draft = updating.start_update(**given, by=writer)
    with pytest.raises(Refused, match="This form was already sent from another page or account."):
        updating.start_update(**given, by=authority)
    assert Update.objects.get() == draft


def test_what_is_empty_or_about_nothing_is_not_handed_in(draft, writer):
    with pytest.raises(Refused, match="at least one sentence"):
        updating.submit_update(update=save(draft, [], writer, text=" \n "), by=writer)
    draft.refresh_from_db()
    with pytest.raises(Refused, match="Select a record or an action, then submit."):
        updating.submit_update(update=save(draft, [], writer), by=writer)


def test_a_record_that_is_neither_assigned_nor_asked_about_is_refused(draft, writer):
    with pytest.raises(Refused, match="is not assigned to MFA or part of a request to it"):
        save(draft, [make.recommendation()], writer)


def test_a_restricted_record_has_a_text_of_its_own(draft, record, writer):
    closed = make.recommendation(confidentiality="restricted")
    closed.restricted_to.add(place("mfa"))
    make.assignment(closed, place("mfa"))
    with pytest.raises(Refused, match="These records have different readers, and anyone who can"):
        save(draft, [record, closed], writer)


def test_a_record_that_was_closed_afterwards_takes_the_text_from_the_public(draft, record, writer):
    Update.objects.filter(pk=draft.pk).update(state=State.PUBLISHED, published_at="2026-05-01T00:00Z")
    outsider = make.user(Role.READER, place("moj"))
    assert Update.objects.public().exists()
    assert Update.objects.visible_to(outsider).exists()
    record.confidentiality = "restricted"
    record.save()
    assert not Update.objects.public().exists()
    assert not Update.objects.visible_to(outsider).exists()


def test_a_text_on_two_records_leaves_the_public_when_one_of_them_is_closed(draft, record):
    other = make.recommendation()
    draft.abouts.create(recommendation=other)
    Update.objects.filter(pk=draft.pk).update(state=State.PUBLISHED, published_at="2026-05-01T00:00Z")
    assert Update.objects.public().exists()
    other.confidentiality = "internal"
    other.save()
    assert not Update.objects.public().exists()


def test_a_closed_institution_hands_nothing_in(draft, writer):
    made = place("mfa")
    made.active_to = date(2026, 2, 1)
    made.save()
    with pytest.raises(Refused, match="no longer exists"):
        updating.submit_update(update=draft, by=writer)


def test_who_leaves_writes_no_longer_and_a_colleague_goes_on(draft, record, writer):
    leaving = make.user(Role.PUBLIC)
    make.appointment(leaving, place("mfa"), end=date(2026, 2, 1))
    with pytest.raises(Refused, match="can write for it. Your text has been kept."):
        save(draft, [record], leaving)
    colleague = make.user(Role.FOCAL_POINT, place("mfa"))
    assert save(draft, [record], colleague, text="A law was passed, and is in force.").written_by == colleague


def test_drafts_are_the_business_of_their_institution(draft, writer, coordinator):
    assert list(Update.objects.visible_to(writer)) == [draft]
    for stranger in (coordinator, make.user(Role.ADMINISTRATOR), make.user(Role.AUDITOR)):
        assert not Update.objects.visible_to(stranger).exists()
    assert draft.text not in "".join(Event.objects.values_list("object_label", flat=True))


@pytest.mark.database
def test_what_a_round_asks_is_answered_when_handed_in_and_open_again_when_returned(draft, record, writer, authority):
    input_round = InputRound.objects.create(title="Spring", question="What was done?", due_on=date(2026, 4, 1))
    request = InputRequest.objects.create(round=input_round, institution=place("mfa"), due_on=input_round.due_on)
    item = InputItem.objects.create(request=request, recommendation=record)

    def is_answered() -> bool:
        item.refresh_from_db()
        return item.answered_at is not None

    updating.submit_update(update=draft, by=writer)
    draft.refresh_from_db()
    assert (draft.request, is_answered()) == (request, True)
    updating.return_update(update=draft, reason="Say more.", by=authority)
    assert not is_answered()
    updating.submit_update(update=draft, by=writer)
    assert is_answered()
    updating.withdraw_update(update=draft, reason="Of another State.", by=writer)
    assert not is_answered()


def test_a_letter_is_entered_by_the_coordinator_and_told_to_the_institution(record, writer, coordinator):
    given = {"institution": place("mfa"), "recommendations": [record], **SAID, **LETTER}
    with pytest.raises(Refused, match="Only the coordinator"):
        letters.enter_on_behalf(**given, by=writer)
    with pytest.raises(Refused, match="must be today or in the past"):
        letters.enter_on_behalf(**given | {"letter_date": date(2999, 1, 1)}, by=coordinator)
    entered = letters.enter_on_behalf(**given, form_key=(key := uuid4()), by=coordinator)
    assert letters.enter_on_behalf(**given, form_key=key, by=coordinator) == entered
    assert (entered.state, entered.letter) == (State.VALIDATED, "12/2026")
    updating.publish_update(update=entered, by=make.user(Role.COORDINATOR))
    assert Notification.objects.filter(person=writer, kind="update-published").exists()


def test_a_published_text_is_shown_on_a_further_record_without_being_copied(draft, coordinator):
    Update.objects.filter(pk=draft.pk).update(state=State.PUBLISHED, published_at="2026-05-01T00:00Z")
    other = make.recommendation()
    linking.link_update(update=draft, recommendations=[other], by=coordinator)
    assert Update.objects.get().recommendations.count() == 2
    with pytest.raises(Refused, match="already"):
        linking.link_update(update=draft, recommendations=[other], by=coordinator)
    with pytest.raises(Refused, match="These records have different readers, and anyone who can"):
        linking.link_update(
            update=draft, recommendations=[make.recommendation(confidentiality="internal")], by=coordinator
        )


def test_only_the_coordinator_withdraws_what_is_published(draft, writer, coordinator):
    Update.objects.filter(pk=draft.pk).update(state=State.PUBLISHED, published_at="2026-05-01T00:00Z")
    with pytest.raises(Refused, match="Only the coordinator"):
        updating.withdraw_update(update=draft, reason="Wrong.", by=writer)
    updating.withdraw_update(update=draft, reason="Wrong.", by=coordinator)
    assert not Update.objects.visible_to(coordinator).exists()
    with pytest.raises(Refused, match="has been withdrawn"):
        linking.link_update(update=draft, recommendations=[], by=coordinator)


@built_once
def of_one_body():
    """A focal point whose appointment is for the UPR alone."""
    person = make.user(Role.PUBLIC)
    make.appointment(person, place("mfa"), bodies="UPR")
    return person


@built_once
def other(record):
    """A record of another body that is assigned to the same institution."""
    made = make.recommendation(body=make.committee("CRC"), review=None)
    make.assignment(made, place("mfa"))
    return made


def test_a_focal_point_for_the_upr_writes_on_its_records_and_on_none_beside_them(of_one_body, record, other):
    with pytest.raises(Refused):
        updating.start_update(institution=place("mfa"), recommendations=[record, other], by=of_one_body)
    draft = updating.start_update(institution=place("mfa"), recommendations=[record], by=of_one_body)
    with pytest.raises(Refused):
        save(draft, [record, other], of_one_body)
    save(draft, [record], of_one_body)
    assert list(draft.recommendations.all()) == [record]
    updating.submit_update(update=draft, by=of_one_body)
    assert Update.objects.get().state == State.SUBMITTED


def test_an_update_that_also_speaks_of_another_body_is_not_for_a_focal_point_of_the_upr(
    draft, of_one_body, record, other
):
    def writable() -> list[Update]:
        return list(Update.objects.in_scope_of(of_one_body, Can.WRITE_UPDATE))

    assert writable() == [draft]
    draft.abouts.create(recommendation=other)
    assert writable() == []
    with pytest.raises(Refused):
        updating.submit_update(update=draft, by=of_one_body)
    draft.abouts.filter(recommendation=other).delete()
    assert writable() == [draft]


def test_an_update_on_a_cluster_is_not_for_a_focal_point_of_the_upr(
    draft, writer, of_one_body, record, other, coordinator
):
    cluster = make_cluster(name="Schools", records=[record, other], by=coordinator)
    draft.cluster_abouts.create(cluster=cluster)
    assert list(Update.objects.in_scope_of(writer, Can.WRITE_UPDATE)) == [draft]
    assert not Update.objects.in_scope_of(of_one_body, Can.WRITE_UPDATE).exists()
    with pytest.raises(Refused):
        updating.submit_update(update=draft, by=of_one_body)
    assert Update.objects.get().state == State.DRAFT


def test_a_published_update_that_was_withdrawn_is_read_by_nobody(draft, writer, authority, coordinator):
    Update.objects.filter(pk=draft.pk).update(state=State.VALIDATED)
    updating.publish_update(update=draft, by=coordinator)
    assert list(Update.objects.published()) == list(Update.objects.public()) == [draft]
    updating.withdraw_update(update=draft, reason="It names a child.", by=coordinator)
    assert not Update.objects.published().exists()
    assert not Update.objects.public().exists()
    assert not any(Update.objects.visible_to(person).exists() for person in (writer, authority, coordinator))
