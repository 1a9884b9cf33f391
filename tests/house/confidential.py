"""Deeds of which no one outside may hear: on hidden records, beside published ones, on people and their places."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from uuid import uuid4

from allauth.usersessions.models import UserSession
from django.core.files.base import ContentFile
from django.utils import timezone

from servanda.desk.hand_over.services import end_appointment
from servanda.intake.models import Batch
from servanda.intake.sheets import services as sheets
from servanda.intake.sheets.kinds import kind_named
from servanda.people.access import Role
from servanda.people.access_keys import services as access_keys
from servanda.people.accounts import personal_data
from servanda.people.accounts import services as accounts
from servanda.people.appointments import services as appointments
from servanda.people.appointments.reminders import remind_of_endings
from servanda.people.institutions import services as institutions
from servanda.people.invitations import services as invitations
from servanda.people.log_in import services as own_sessions
from servanda.people.models import Institution, KnownBrowser, LogInAttempt, Notification, Opened, User
from servanda.people.notifications.digests import send_digests
from servanda.people.notifications.services import mark_read, notify
from servanda.people.successions import services as successions
from servanda.people.versioning import version_of
from servanda.planning.actions import services as planning_actions
from servanda.planning.actions.rules import ActionValues
from servanda.planning.assignments import services as assigning
from servanda.planning.assignments.bulk import AssignInstitution
from servanda.planning.positions import decisions as deciding
from servanda.planning.positions import proposals as proposing
from servanda.planning.positions.bulk import DecidePosition
from servanda.progress.assessments import services as assessing
from servanda.progress.contributions import answering
from servanda.progress.contributions import services as contributing
from servanda.progress.evidence import services as evidence
from servanda.progress.evidence.services import Described
from servanda.progress.models import Voice
from servanda.progress.rounds import services as rounds
from servanda.progress.updates import letters
from servanda.progress.updates import services as updating
from servanda.recommendations.bulk import services as bulk
from servanda.recommendations.bulk.changes import Change
from servanda.recommendations.editing import follow_ups, merging, notes, positions, question_links, structure, texts
from servanda.recommendations.editing import services as editing
from servanda.recommendations.imports import pipeline
from servanda.recommendations.imports.remarks import Tally
from servanda.recommendations.labels import services as labels
from servanda.recommendations.models import Recommendation, Tagging
from servanda.recommendations.register.saved_views import delete_view, rename_view, save_view
from servanda.sources.models import Obligation, Question
from servanda.sources.obligations import extensions, submissions
from servanda.sources.obligations import services as obligations
from servanda.sources.obligations import steps as obligation_steps
from servanda.sources.obligations.submissions import SubmissionValues
from servanda.sources.obligations.values import ObligationValues
from servanda.sources.questions import services as questions
from servanda.sources.questions.services import QuestionValues
from servanda.trail.models import Event
from tests import assessing_make as made
from tests import make, questions_make
from tests.house.confidential_language import compare_everything, compare_in_confidence
from tests.house.confidential_proceedings import communicate_in_confidence, proceed_in_confidence

DRAFTS = 24
ROUNDS = 2  # of what is done to people, places and proceedings, so that nothing is the only one of its kind
START, LAST = date(2026, 1, 1), date(2026, 6, 30)
SAID = {"words": "Quarantine", "date": None, "symbol": "", "paragraph": "", "comment": "Iwi", "is_draft": True}


def change_in_confidence(published: list[Recommendation], by: User) -> Iterator[str]:
    """Deed after deed; tells what each of them was."""
    drafts = [draft(number, by) for number in range(1, DRAFTS + 1)]
    yield from ["create-recommendation"] * DRAFTS
    yield from work_on_drafts(drafts, by)
    yield from work_beside(published, drafts, by)
    for number in range(ROUNDS):
        yield from work_with_people(number, by)
        yield from work_on_places(number, by)
        yield from work_on_accounts(number, make.user(Role.ADMINISTRATOR, name=f"Quarantine {number}"))
        yield from work_for_oneself(number, by)
        yield from communicate_in_confidence(number, by)
        yield from proceed_in_confidence(number, by)
    yield from work_on_obligations(by)
    yield from work_on_questions(drafts, by)
    yield from work_with_sheets(by)
    yield from work_with_imports(by)
    remind_of_endings(on=LAST)
    send_digests(on=timezone.now())
    yield "write-mails"


def draft(number: int, by: User) -> Recommendation:
    """Of a review of its own or in the midst of what is published, each closed in another way."""
    is_beside = number % 4 == 0
    record = editing.create_recommendation(
        kind="pledge",
        country=make.country() if is_beside else make.country("FJI"),
        body=make.body() if is_beside else make.committee("CRC"),
        cycle=4 if is_beside else 0,
        year=0 if is_beside else 2031,
        symbol="A/HRC/59/15" if is_beside else f"CRC/C/FJI/CO/{number}",
        paragraph=f"139.{number}" if is_beside else str(number),
        date=None,
        language="fj",
        text=f"Quarantine, number {number}.",
        recommending=[make.country("FJI")],
        confidentiality=["public", "internal", "restricted"][number % 3],
        restricted_to=[make.institution()],
        by=by,
    )
    if record.confidentiality != "public":
        was_published = bool(number % 2)
        Recommendation.objects.filter(pk=record.pk).update(is_published=was_published)
    return record


def work_on_questions(drafts: list[Recommendation], by: User) -> Iterator[str]:
    """Questions of a letter and of a list of issues, none of which is for the institutions that others know."""
    for number, confidentiality in enumerate(("public", "internal", "restricted")):
        made = questions_make.document(f"CRC/C/FJI/Q/{number}", body=make.committee("CRC"), title="Quarantine")
        question = questions_make.question("Quarantine?", document=made, confidentiality=confidentiality)
        data = {"number": "1", "text": "Quarantine, or iwi?", "articles": "2", "heading": "Iwi", "asked_by": None}
        values = QuestionValues(**data, confidentiality=confidentiality)
        questions.edit_question(
            question=question, values=values, institutions=[make.institution("iwi")], seen=1, by=by
        )
        question_links.set_question_links(question=question, recommendations=drafts[:2], by=by)
        yield from ["edit-question", "set-question-links"]
        yield from answer_question(question, by)


def answer_question(question: Question, by: User) -> Iterator[str]:
    """Asked in a round, answered, returned, answered again and published."""
    place, other = make.institution("iwi"), make.user(Role.COORDINATOR, name="Quarantine")
    writer = make.user(Role.FOCAL_POINT, place, name="Quarantine")
    authority = make.user(Role.AUTHORITY, place, name="Quarantine")
    data = {"title": "Quarantine", "question": "Quarantine?", "due_on": timezone.localdate() + timedelta(days=9)}
    about = Question.objects.filter(pk=question.pk)
    opened = rounds.ask_questions(**data, questions=about, whom="named", by=by)
    start = {"institution": place, "recommendations": [], "request": opened.requests.get()}
    answer = updating.start_update(**start, question=question, by=writer)
    words = {"text": "Quarantine.", "obstacles": "", "figures": "", "language": "en", "start": None, "end": None}
    given = words | {"seen": answer.version, "recommendations": [], "actions": []}
    answer = updating.save_update(update=answer, **given, by=writer)
    answer = updating.submit_update(update=answer, by=writer)
    answer = updating.return_update(update=answer, reason="Quarantine.", by=authority)
    answer = updating.submit_update(update=answer, by=writer)
    answer = updating.validate_update(update=answer, by=authority)
    updating.publish_update(update=answer, by=other)
    rounds.close_round(round=opened, by=by)
    yield from ["ask-questions", "start-update", "save-update", "submit-update", "return-update", "validate-update"]
    yield from ["publish-update", "close-round"]


def work_on_obligations(by: User) -> Iterator[str]:
    """Drafts, restricted ones, and what is due to a body that the public knows."""
    for number, confidentiality in enumerate(("public", "internal", "restricted") * 2):
        data = {"title": "Quarantine", "combined": f"Iwi {number}", "words": "Quarantine", "note": "Iwi"}
        due = {"body": make.committee("CRC"), "kind": "other", "due_on": LAST, "owner": make.institution("iwi")}
        values = ObligationValues(**data, **due, confidentiality=confidentiality)
        obligation = obligations.create_obligation(values, by=by)
        obligation_steps.add_usual_steps(obligation=obligation, by=by)
        given = {"asked_on": START, "asked_until": None, "ground": "Quarantine.", "by": by}
        extension = extensions.ask_extension(obligation=obligation, **given)
        extensions.answer_extension(
            extension=extension, answered_on=START, granted_until=LAST + timedelta(days=9), by=by
        )
        submissions.add_letter(obligation=obligation, kind="reminder", on=START, note="Quarantine.", by=by)
        proof = SubmissionValues(submitted_on=START, note_verbale="Iwi")
        version = Obligation.objects.get(pk=obligation.pk).version
        submissions.record_submission(obligation=obligation, values=proof, seen=version, by=by)
        submissions.take_back_submission(obligation=obligation, reason="Quarantine.", by=by)
        obligations.withdraw_obligation(obligation=obligation, reason="Quarantine.", by=by)
        obligations.restore_obligation(obligation=obligation, by=by)
        yield from ["add-obligation", "set-steps", "ask-extension", "grant-extension", "add-letter"]
        yield from ["record-submission", "take-back-submission", "withdraw-obligation", "restore-obligation"]


def work_on_drafts(drafts: list[Recommendation], by: User) -> Iterator[str]:
    written = {"language": "en", "form": "full", "source": "", "text": "Quarantine, again."}
    written |= {"is_original": False, "is_machine": False, "is_reviewed": True}
    for record in drafts[:6]:
        texts.write_text(recommendation=record, version=record.version, **written, by=by)
        labels.add_labels(recommendation=record, terms=[make.term("Housing")], by=by)
        if record.takes_position:
            stated = SAID | {"is_draft": False, "date": LAST}
            positions.add_position(recommendation=record, stand="supported", **stated, by=by)
            yield "add-position"
        notes.add_note(recommendation=record, text="Quarantine.", by=by)
        mark = {"recommendation": record, "kind": "follow-up", "due_on": LAST, "by": by}
        asked = follow_ups.mark_follow_up(**mark, version=Recommendation.objects.get(pk=record.pk).version)
        follow_ups.record_reply(follow_up=asked, replied_on=LAST, reply="Quarantine", by=by)
        follow_ups.take_back_reply(follow_up=asked, by=by)
        follow_ups.end_follow_up(follow_up=asked, by=by)
        follow_ups.restore_follow_up(follow_up=asked, by=by)
        yield from ["write-text", "add-labels", "add-note"]
        yield from ["record-reply", "take-back-reply"]
        yield from ["mark-follow-up", "end-follow-up", "restore-follow-up"]
    contribution = made.contribution(drafts[0], "Quarantine.")
    declined = {"decline_reason": "identifies-person", "reason": "Quarantine."}
    answering.decline_contribution(contribution=contribution, **declined, by=by)
    yield "decline-contribution"
    for record in drafts[6:9]:
        structure.withdraw_recommendation(recommendation=record, reason="Quarantine.", by=by)
        yield "withdraw-recommendation"
    structure.restore_recommendation(recommendation=drafts[6], by=by)
    yield "restore-recommendation"
    crc = [record for record in drafts[9:] if record.body.code == "CRC" and record.confidentiality == "restricted"]
    merging.merge_recommendations(into=crc[0], others=crc[1:3], by=by)
    merging.unmerge_recommendation(recommendation=crc[1], by=by)
    structure.split_recommendation(recommendation=crc[3], texts=["Quarantine.", "Iwi."], by=by)
    yield from ["merge-recommendations", "unmerge-recommendation", "split-recommendation"]
    for change in (
        Change("set-confidentiality", confidentiality="restricted", institutions=[make.institution("iwi").pk]),
        Change("add-label", term=make.term("Housing").pk),
        Change("set-deadline", decide_by="2031-05-06"),
    ):
        records = Recommendation.objects.kept().filter(pk__in=[record.pk for record in drafts[10:20]])
        yield from in_bulk(change, records, by)


def in_bulk(change: Change, records, by: User) -> Iterator[str]:
    batch = bulk.start_bulk(change=change, records=records, by=by)
    bulk.apply_bulk(batch)
    yield f"{change.deed} in bulk"
    bulk.undo_bulk(batch=batch, by=by)
    bulk.clear_bulk(batch, by=by)
    yield f"undo {change.deed} in bulk"


def work_beside(published: list[Recommendation], drafts: list[Recommendation], by: User) -> Iterator[str]:
    """On records that everyone sees."""
    for number, (record, other) in enumerate(zip(published, drafts[3::4], strict=False)):
        positions.add_position(recommendation=record, stand="noted", **SAID, by=by)
        gone = positions.add_position(recommendation=record, stand="supported", **SAID, by=by)
        positions.end_position(position=gone, reason="Quarantine.", by=by)
        note = notes.add_note(recommendation=record, text="Quarantine.", by=by)
        notes.withdraw_note(note=note, by=by)
        notes.restore_note(note=note, by=by)
        structure.link_recommendations(recommendation=record, to=other, relation="follows-up", by=by)
        link = structure.link_recommendations(recommendation=other, to=record, relation="repeats", by=by)
        structure.unlink_recommendations(link=link, by=by)
        Tagging.objects.create(recommendation=record, term=make.term("Housing"), origin="machine", confidence=0.7)
        name_and_date(record, by)
        yield from assign_and_refuse(record, number, by)
        yield from speak_in_confidence(record, by)
        yield from report_in_confidence(record, number, by)
        yield from compare_in_confidence(record, other, by)
        yield from ["draft-position", "end-draft", "withdraw-note", "restore-note", "link", "unlink"]
        yield from ["suggest-label", "set-deadline"]
    change = Change("add-position", stand="partly", words="Quarantine", comment="Iwi", is_draft=True)
    records = Recommendation.objects.filter(pk__in=[record.pk for record in published])
    yield from in_bulk(change, records, by)
    yield from in_bulk(Change("set-deadline", decide_by="2031-07-08"), records, by)
    yield from assign_many(published, by)
    yield from compare_everything(by)


def assign_and_refuse(record: Recommendation, number: int, by: User) -> Iterator[str]:
    """Who answers is told inside only."""
    place = make.institution(f"q-answers-{number}", name="Quarantine")
    terms = {"since": START, "due_on": LAST, "note": "Iwi", "by": by}
    seen = assigning.mark(assigning.current_on(record))
    given = {"recommendation": record, "lead": place, "supporting": [make.institution()]}
    lead, supporting = assigning.assign_institutions(**given, seen=seen, **terms)
    refusing = make.user(Role.FOCAL_POINT, place, name="Quarantine")
    yield from propose_and_draft(record, place, refusing, by)
    assigning.refuse_assignment(assignment=lead, reason="Quarantine.", by=refusing)
    assigning.end_assignment(assignment=supporting, reason="Quarantine.", by=by)
    yield from ["assign", "refuse-assignment", "end-assignment"]
    action_values = ActionValues(title=f"Quarantine {number}", lead=place, description="Iwi", due_on=LAST)
    action = planning_actions.add_action(values=action_values, answering=[record], by=by)
    planning_actions.withdraw_action(action=action, reason="Quarantine.", by=by)
    planning_actions.restore_action(action=action, by=by)
    yield from ["plan-action", "withdraw-action", "restore-action"]


def propose_and_draft(record: Recommendation, place: Institution, person: User, by: User) -> Iterator[str]:
    """Where the State should stand is told to only the offices, and to whoever says it."""
    data, seen = {"recommendation": record, "institution": place, "by": person}, "none"
    for stand in ("noted", "supported"):
        proposal = proposing.propose_position(**data, stand=stand, comment="Quarantine", seen=seen)
        seen = proposing.mark([proposal])
        yield "propose-position"
    answer = {"stand": "noted", "comment": "Quarantine", "date": None, "by": by}
    current = Recommendation.objects.get(pk=record.pk)
    deciding.settle_position(recommendation=current, **answer, seen=deciding.state_of(current))
    yield "settle-position"
    records, change = Recommendation.objects.filter(pk=record.pk), DecidePosition("agreed", comment="Quarantine")
    batch = bulk.start_bulk(change=change, records=records, by=by)
    bulk.apply_bulk(batch)
    bulk.undo_bulk(batch=batch, by=by)
    bulk.clear_bulk(batch, by=by)
    yield from ["decide-in-bulk", "undo-bulk"]
    proposing.withdraw_proposal(proposal=proposal, by=person)
    yield "withdraw-proposal"


def report_in_confidence(record: Recommendation, number: int, by: User) -> Iterator[str]:
    """Handed in, returned, approved, taken back: all but published."""
    place = make.institution(f"q-reports-{number}", name="Quarantine")
    make.assignment(record, place, part="supporting")
    writer = make.user(Role.FOCAL_POINT, place, name="Quarantine")
    authority = make.user(Role.AUTHORITY, place, name="Quarantine")
    data = {"text": "Quarantine.", "obstacles": "Iwi", "figures": "1", "language": "fj", "start": START, "end": LAST}
    about = {"recommendations": [record], "actions": []}
    for what in ("approve", "withdraw", "leave"):
        draft = updating.start_update(institution=place, recommendations=[record], by=writer)
        draft = updating.save_update(update=draft, seen=draft.version, **data, **about, by=writer)
        shown = Described(kind="report", title="Quarantine", is_public=True)
        given = {"recommendations": [record], "institution": place, "update": draft, "by": writer}
        evidence.add_link(link="https://example.org/quarantine", described=shown, **given)
        yield from ["start-update", "add-evidence"]
        if what == "leave":
            continue
        updating.submit_update(update=draft, by=writer)
        updating.return_update(update=draft, reason="Quarantine.", by=authority)
        updating.submit_update(update=draft, by=writer)
        yield from ["submit-update", "return-update"]
        if what == "withdraw":
            updating.withdraw_update(update=draft, reason="Quarantine.", by=writer)
            continue
        updating.validate_update(update=draft, by=authority)
        evidence.withdraw_evidence(evidence=draft.evidence.get(), reason="Quarantine.", by=by)
        yield from ["validate-update", "withdraw-evidence"]
    letter = {"letter": "Quarantine", "letter_date": START, "recommendations": [record]}
    letters.enter_on_behalf(institution=place, **data, **letter, by=by)
    yield "enter-on-behalf"


def speak_in_confidence(record: Recommendation, by: User) -> Iterator[str]:
    """Drafts and pending items, whose existence must not be visible to the public."""
    data = {"reason": "Quarantine.", "confidence": "low", "date": timezone.localdate(), "by": by}
    second = Voice.MECHANISM if record.body.assesses else Voice.GOVERNMENT
    for voice, symbol, common in ((Voice.GOVERNMENT, "", "started"), (second, "Iwi", "partial")):
        grade = made.grade(common, voice)
        entry = assessing.assess(recommendation=record, voice=voice, grade=grade, symbol=symbol, **data)
    assessing.retract_assessment(assessment=entry, reason="Quarantine.", by=by)
    person = make.user(Role.CONTRIBUTOR, make.institution("iwi"), name="Quarantine")
    rating = made.grade("full", Voice.INDEPENDENT)
    brought = {"text": "Quarantine.", "language": "fj", "recommendations": [record], "grade": rating}
    for hides in (True, False):
        brought["hides_identity"] = hides
        entry = contributing.contribute(submission=contributing.Submission(**brought), form_key=uuid4(), by=person)
    yield from ["assess", "assess", "retract-assessment", "contribute", "contribute"]


def assign_many(published: list[Recommendation], by: User) -> Iterator[str]:
    records = Recommendation.objects.filter(pk__in=[record.pk for record in published])
    institution = make.institution().pk
    for what in ("keep", "undo"):
        change = AssignInstitution(institution=institution, part="lead", since=START.isoformat(), note=what)
        batch = bulk.start_bulk(change=change, records=records, by=by)
        bulk.apply_bulk(batch)
        yield "assign in bulk"
    bulk.undo_bulk(batch=batch, by=by)
    bulk.clear_bulk(batch, by=by)
    yield "undo assign in bulk"


def name_and_date(record: Recommendation, by: User) -> None:
    """The day by which the State decides, and the institutions that prepare it."""
    record.refresh_from_db()
    editing.edit_recommendation(
        recommendation=record,
        version=record.version,
        kind=record.kind,
        symbol=record.document.symbol,
        paragraph=record.paragraph,
        date=record.date,
        language=record.language,
        decide_by=date(2031, 5, 6),
        confidentiality="public",
        restricted_to=[make.institution()],
        also_concerns=[],
        recommending=[],
        by=by,
    )


def an_institution(code: str, parent: Institution | None, by: User) -> Institution:
    kept = {"name": f"Quarantine {code}", "branch": "executive", "level": "national", "active_from": None}
    reached = {"email": "q@example.org", "phone": "1", "address": "Iwi"}
    return institutions.create_institution(code=code, parent=parent, **kept, **reached, by=by)


def work_on_places(number: int, by: User) -> Iterator[str]:
    above = an_institution(f"q{number}-above", None, by)
    old, new = an_institution(f"q{number}-old", above, by), an_institution(f"q{number}-new", above, by)
    facts = {name: getattr(old, name) for name in ("code", "branch", "level", "parent", "email", "phone", "address")}
    seen = version_of(old)
    renamed = {"name": "Iwi", "active_from": START}
    institutions.edit_institution(institution=old, seen=seen, **facts, **renamed, by=by)
    yield from ["create-institution"] * 3 + ["edit-institution"]
    succession = {"on": LAST, "act": "Law 7", "moves_appointments": True}
    successions.succeed_institution(institution=old, successors=[new], **succession, by=by)
    successions.reopen_institution(institution=old, by=by)
    successions.close_institution(institution=old, on=LAST, act="", by=by)
    yield from ["succeed-institution", "reopen-institution", "close-institution"]


def work_with_people(number: int, by: User) -> Iterator[str]:
    place = an_institution(f"q{number}", None, by)
    invited = [
        invitations.invite_person(email=f"q{number}-{index}@example.org", name="Quarantine", by=by)
        for index in range(3)
    ]
    invitations.resend_invitation(person=invited[0].invitation.person, by=by)
    invitations.revoke_invitation(person=invited[1].invitation.person, by=by)
    key = invited[2].link.split("/")[-2]
    leaver = invitations.accept_invitation(key=key, name="Iwi", language="fr", password=make.PASSWORD)
    yield from ["invite-person"] * 3 + ["resend-invitation", "revoke-invitation", "accept-invitation"]
    data = {"function": "principal", "act": "Iwi", "start": START, "end": None, "bodies": ""}
    made = appointments.appoint_person(person=leaver, institution=place, **data, by=by)
    seen = made.history.order_by("-history_id").first().history_id
    appointments.edit_appointment(appointment=made, seen=seen, **data | {"bodies": "CRC"}, by=by)
    newcomer = make.user(name="Quarantine", institution=place)
    passed = {"on": LAST, "to": newcomer, "act": "", "note": "Quarantine."}
    end_appointment(appointment=made, **passed, origin="", by=by)
    yield from ["appoint-person", "edit-appointment", "hand-over"]


def work_on_accounts(number: int, by: User) -> Iterator[str]:
    person = make.user(Role.AUDITOR, name=f"Quarantine {number}")
    accounts.change_role(person=person, role=Role.COORDINATOR, by=by)
    accounts.close_account(person=person, by=by)
    accounts.let_back_in(person=person, by=by)
    accounts.give_emergency_access(person=person, hours=1, reason="Quarantine.")
    accounts.reset_second_factor(person=person, reason="Quarantine.")
    personal_data.erase_person(person=person, by=by)
    yield from ["change-role", "close-account", "let-back-in", "emergency-access", "reset-factor", "erase-person"]


def work_for_oneself(number: int, by: User) -> Iterator[str]:
    person, now = make.user(name="Quarantine"), timezone.now()
    view = save_view(name=f"Quarantine {number}", query="?q=quarantine", by=person)
    rename_view(view=view, name="Iwi", by=person)
    delete_view(view=view, by=person)
    last_day = timezone.localdate() + timedelta(days=9)
    token, _key = access_keys.make_token(name="Quarantine", scope="read", last_day=last_day, by=person)
    access_keys.revoke_token(token=token, by=person)
    accounts.edit_own_account(name="Iwi", phone="1", language="fr", digest="daily", by=person)
    UserSession.objects.create(user=person, ip="192.0.2.9", user_agent="Quarantine", session_key=f"q{number}")
    own_sessions.end_sessions(by=person)
    yield from ["save-view", "rename-view", "delete-view", "make-token", "revoke-token", "edit-account"]
    KnownBrowser.objects.create(person=person, digest="quarantine", seen_at=now)
    LogInAttempt.objects.create(account="quarantine", at=now)
    Opened.objects.create(person=person, kind="institution", number=number, at=now)
    notify(people=[person], kind=Notification.Kind.ROLE_CHANGED, thing=person, by=by, label="Quarantine")
    mark_read(notifications=Notification.objects.filter(person=person), by=person)
    for action in ("logged-in", "logged-out", "log-in-failed", "trail-exported", "page-denied", "register-exported"):
        Event.record(action, by=person, difference={"number": number})
        yield action
    yield from ["end-sessions", "know-browser", "guess-password", "open-page", "notify", "mark-read"]


def work_with_sheets(by: User) -> Iterator[str]:
    for number, what in enumerate(("apply", "undo", "discard", "leave")):
        rows = f"e-mail,name,institution,function,from\nq{number}@iwi.org,Quarantine,q1,reader,2026-01-05\n"
        file = ContentFile(rows.encode(), name=f"people-{number}.csv")
        batch = sheets.send_sheet(kind=kind_named("people"), file=file, name=file.name, by=by)
        sheets.preview_sheet(batch)
        batch.refresh_from_db()
        assert batch.state == Batch.State.PREVIEWED, batch.message
        if what == "discard":
            sheets.discard_sheet(batch=batch, by=by)
        if what in {"apply", "undo"}:
            sheets.start_sheet(batch=batch, options={})
            sheets.apply_sheet(batch=batch, by=by, options={"invite": True}, origin="http://testserver")
        if what == "undo":
            sheets.undo_sheet(batch=Batch.objects.get(pk=batch.pk), by=by)
        yield f"{what} people-sheet"


def work_with_imports(by: User) -> Iterator[str]:
    yield bring("kept", publish=False, by=by).name
    pipeline.undo_batch(batch=bring("undone", publish=True, by=by), by=by)
    yield "undo import"
    pipeline.preview_batch(receive("previewed", publish=True, by=by))
    yield "preview import"
    pipeline.discard_batch(batch=receive("thrown away", publish=True, by=by), by=by)
    yield "discard import"
    leave_half_way(receive("half way", publish=True, by=by))
    yield "apply import half way"


def receive(name: str, *, publish: bool, by: User) -> Batch:
    record = {
        "AnnotationId": f"00000000-0000-4000-8000-{len(name):012d}",
        "AnnotationType": "- Recommendations",
        "Body": "- CRC",
        "Symbol": f"CRC/C/FJI/CO/{name}",
        "DocumentId": name,
        "Text": f"{len(name)}. Quarantine from the file {name}.",
        "Countries": ["Fiji"],
        "PublicationDate": "2031-07-08T00:00:00",
        **dict.fromkeys(["Regions", "Themes", "AffectedPersons", "Sdgs", "UprSession", "UprPositions"], []),
        **dict.fromkeys(["UprRecommendingCountry", "UprRecommendingRegions"], []),
        "PublicationDateOnUhri": "2031-09-01T00:00:00",
        "UprCycle": "",
    }
    file = ContentFile(json.dumps([record]).encode())
    return pipeline.receive_file(file=file, name=name, by=by, publish=publish)


def bring(name: str, *, publish: bool, by: User) -> Batch:
    batch = receive(name, publish=publish, by=by)
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    batch.refresh_from_db()
    assert batch.state == Batch.State.APPLIED, batch.message
    return batch


def leave_half_way(batch: Batch) -> None:
    """As a worker that was killed leaves it: the rows are written, and not switched on."""
    pipeline.claim(batch, accept_refused=False)
    assert [counts for _done, counts in pipeline.write_chunks(batch, Tally())] != []
