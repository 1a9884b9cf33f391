"""What the house knows of a person is handed out whole, and erased from everywhere but a number in the trail."""

import json
import os
import pickle
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch, StagedRow
from servanda.intake.people_sheets.kind import SHAPE as PEOPLE_SHEET
from servanda.jobs import mail_files
from servanda.jobs.models import Mail
from servanda.jobs.services import forget_old, queue_mail, send_due_mails
from servanda.kit.refusal import Refused
from servanda.people.access import Role
from servanda.people.access_keys.services import make_token
from servanda.people.accounts import personal_data as services
from servanda.people.accounts import services as accounts
from servanda.people.appointments import services as appointments
from servanda.people.invitations.services import invite_person
from servanda.people.models import AccountState, HandOver, User
from servanda.recommendations.models import SavedView
from servanda.trail import verifying
from servanda.trail.models import Event
from tests import make
from tests.house.answers import notices_of

pytestmark = pytest.mark.django_db
NAME, EMAIL, PHONE = "Zorbatrix Plumbogex", "zorbatrix@ministry.example", "+386 1 2345678"
TODAY = timezone.localdate()


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path):
    """A directory of its own, with mails as files and a cache, as an installation without a mail server has it."""
    settings.DATA_DIR, settings.ANCHOR_FILE = tmp_path, tmp_path / "anchors.jsonl"
    file = {
        "BACKEND": "django.core.mail.backends.filebased.EmailBackend",
        "OPTIONS": {"file_path": tmp_path / "mail"},
    }
    settings.MAILERS = {"default": file}
    files = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = settings.STORAGES | {"default": files}
    return tmp_path


@pytest.fixture
def administrator():
    return make.user(Role.ADMINISTRATOR, name="Adem")


@pytest.fixture
def person(administrator) -> User:
    """A person who left traces in every table that knows people."""
    invited = invite_person(email=EMAIL, name=NAME, language="en", by=administrator)
    key = invited.link.split("/")[-2]
    browser = Client()
    chosen = {"name": NAME, "language": "fr", "password": make.PASSWORD}
    browser.post(reverse("people:accept_invitation", args=[key]), chosen)
    owner = User.objects.get(email=EMAIL)
    accounts.edit_own_account(name=NAME, phone=PHONE, language="fr", digest="daily", by=owner)
    Client().post(reverse("account_login"), {"login": EMAIL, "password": make.PASSWORD})
    Client().post(reverse("account_login"), {"login": EMAIL, "password": "not the password"})
    Client().post(reverse("account_reset_password"), {"email": EMAIL})
    place = make.institution("moj")
    appointment = appointments.appoint_person(
        person=owner, institution=place, function="principal", act="Decree 7", start=TODAY - timedelta(days=90),
        end=None, bodies="", by=administrator,
    )  # fmt: skip
    owner = User.objects.get(pk=owner.pk)  # which appointments a person holds is asked for once
    HandOver.objects.create(appointment=appointment, note=f"{NAME} knows the file.")
    make_token(name="statistics", scope="read", last_day=TODAY + timedelta(days=9), by=owner)
    make.phone(owner)
    EmailAddress.objects.create(user=owner, email=EMAIL, primary=True)
    SocialAccount.objects.create(user=owner, provider="oidc", uid=EMAIL, extra_data={"name": NAME})
    queue_mail(to=EMAIL, subject="Due soon", body="One item waits.")
    send_due_mails(on=timezone.now())
    queue_mail(to=EMAIL, subject="Due soon", body="One item waits.")
    queue_mail(to="other@ministry.example", subject=f"{NAME} was appointed", body=f"Write to {EMAIL}.")
    Event.record(
        "refused", by=administrator, label="appoint_person", difference={"reason": ["", f"{NAME} is there."]}
    )
    return owner


def erase(person: User, by: User) -> User:
    return services.erase_person(person=person, by=by)


def every_text() -> dict[str, str]:
    """All that every table says, and every session, opened."""
    data = {"opened sessions": str([session.get_decoded() for session in Session.objects.all()])}
    data["cache"] = str([pickle.loads(value) for value in caches["default"]._cache.values()])
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            rows = cursor.fetchall()
            data[table] = str(
                [[bytes(item) if isinstance(item, memoryview) else item for item in row] for row in rows]
            )
    return data


def places_of(*words: str) -> set[str]:
    return {place for place, text in every_text().items() if any(word.lower() in text.lower() for word in words)}


# Handing out


def test_the_file_holds_what_every_table_knows(person):
    data = services.export_personal_data(person)
    assert (data["account"]["name"], data["account"]["phone"]) == (NAME, PHONE)
    assert [appointment["act"] for appointment in data["appointments"]] == ["Decree 7"]
    assert [version["act"] for version in data["earlier_versions_of_appointments"]] == ["Decree 7"]
    for part in ("invitations", "access_keys", "known_browsers", "sessions", "second_factors", "single_sign_on"):
        assert data[part], part
    assert "invitation-accepted" in {deed["action"] for deed in data["deeds"]}
    assert {"person-invited", "person-appointed"} <= {deed["action"] for deed in data["deeds_of_others_about_you"]}


def test_the_file_opens_no_door(person):
    exported = json.dumps(services.export_personal_data(person), default=str)
    secrets = [person.password, person.session_stamp, make.SECRET]
    secrets += [token.digest for token in person.api_tokens.all()]
    secrets += [invitation.digest for invitation in person.invitations.all()]
    secrets += [session.session_key for session in UserSession.objects.filter(user=person)]
    assert len(secrets) > 5
    assert [secret for secret in secrets if secret in exported] == []


def test_one_downloads_ones_own_data_and_the_trail_tells(client, person):
    client.force_login(person)
    answer = client.get(reverse("people:own_personal_data"))
    assert "attachment" in answer["Content-Disposition"]
    assert json.loads(answer.content)["account"]["email"] == EMAIL
    assert Event.objects.first().action == "personal-data-exported"


def test_the_data_of_another_are_for_those_who_give_roles(client, person, administrator):
    address = reverse("people:personal_data", args=[person.pk])
    client.force_login(make.user(Role.COORDINATOR))
    assert client.get(address).status_code == 403
    client.force_login(administrator)
    assert client.get(address).json()["account"]["email"] == EMAIL


# Erasing


def test_before_the_erasure_the_name_is_where_the_search_looks(person):
    """So that the next test can fail."""
    assert {"people_user", "trail_event", "jobs_mail", "people_handover", "opened sessions"} <= places_of(NAME, EMAIL)
    assert {"account_emailaddress", "socialaccount_socialaccount"} <= places_of(EMAIL)


def test_after_the_erasure_no_table_holds_name_address_or_telephone(person, administrator):
    erase(person, administrator)
    assert places_of(NAME, "zorbatrix", "plumbogex", EMAIL, PHONE) == set()


def test_what_stays_is_an_account_without_a_name_that_opens_nothing(client, person, administrator):
    erase(person, administrator)
    erased = User.objects.get(pk=person.pk)
    assert erased.state == AccountState.ERASED
    assert str(erased) == f"Erased person {person.pk}"
    assert (erased.email, erased.has_usable_password()) == (f"erased-{person.pk}@invalid.example", False)
    assert erased.roles == set()
    assert not client.login(email=erased.email, password=make.PASSWORD)


def test_every_row_that_belonged_to_the_person_alone_is_gone(person, administrator):
    erase(person, administrator)
    theirs = [person.invitations, person.api_tokens, person.known_browsers]
    assert [rows.count() for rows in theirs] == [0, 0, 0]
    kept = [EmailAddress, Authenticator, SocialAccount, UserSession]
    assert [model.objects.filter(user=person).count() for model in kept] == [0, 0, 0, 0]


def test_their_sessions_end_and_those_of_others_go_on(client, person, administrator):
    browser, other = Client(), Client()
    browser.force_login(person)
    other.force_login(administrator)
    erase(person, administrator)
    assert browser.get(reverse("people:own_account")).status_code == 302
    assert other.get(reverse("people:own_account")).status_code == 200


def test_current_appointments_end_and_the_acts_stay(person, administrator):
    future = make.appointment(person, make.institution("mfa"), start=TODAY + timedelta(days=5))
    erase(person, administrator)
    appointment = person.appointments.get()
    assert (appointment.act, appointment.end) == ("Decree 7", TODAY - timedelta(days=1))
    assert appointment.history.count() == 2
    assert not person.appointments.filter(pk=future.pk).exists()


@pytest.mark.database
def test_the_trail_keeps_who_did_what_under_a_number_and_is_still_whole(person, administrator):
    before = list(Event.objects.order_by("sequence").values_list("sequence", "action", "actor", "hash"))
    erase(person, administrator)
    after = list(Event.objects.order_by("sequence").values_list("sequence", "action", "actor", "hash"))
    assert after[:-1] == before
    event = Event.objects.first()
    assert (event.action, event.object_id) == ("personal-data-erased", str(person.pk))
    lines, _nothing = json.loads(event.difference)["erased"]
    emptied = Event.objects.filter(salt="").values_list("sequence", flat=True)
    assert sorted(emptied) == lines
    assert verifying.verify().faults == []


@pytest.mark.database
def test_a_line_emptied_without_a_request_is_found(person, administrator):
    erase(person, administrator)
    other = Event.objects.exclude(salt="").order_by("sequence").first()
    Event.objects.filter(pk=other.pk).update(object_label="", difference="", salt="")
    assert [fault.entry for fault in verifying.verify().faults] == [other.sequence]


def test_two_people_are_erased_one_after_the_other_and_the_trail_stays_whole(person, administrator):
    second = make.user(Role.COORDINATOR, name="Bo Bolon")
    accounts.change_role(person=person, role="auditor", by=administrator)
    erase(person, administrator)
    erase(second, administrator)
    assert verifying.verify().faults == []


def test_a_name_from_before_is_emptied_too(administrator):
    person = make.user(name="Maiden Nameless")
    line = Event.record("account-closed", person, by=administrator)
    accounts.edit_own_account(name="Married Nameful", phone="", language="en", digest="daily", by=person)
    erase(person, administrator)
    assert Event.objects.get(pk=line.pk).object_label == ""
    assert places_of("Nameless", "Nameful") == set()


@pytest.mark.database
@pytest.mark.parametrize("spelt", ["ŽIGA ČUK", "žiga čuk"])
def test_a_name_is_found_in_great_and_in_small_letters(administrator, spelt):
    person = make.user(name="Žiga Čuk")
    line = Event.record("refused", by=administrator, label=f"appoint {spelt}")
    erase(person, administrator)
    line.refresh_from_db()
    assert line.object_label == ""


def test_lines_about_records_are_left_alone_whatever_somebody_is_called(administrator):
    record = make.recommendation()
    line = Event.record("recommendation-created", record, by=administrator)
    person = make.user(name=str(record))
    erase(person, administrator)
    assert Event.objects.get(pk=line.pk).object_label == str(record)


def test_a_name_within_another_word_is_not_taken_for_the_person(administrator):
    person, other = make.user(name="Ana"), make.user(name="Anastasia")
    line = Event.record("account-closed", other, by=administrator)
    erase(person, administrator)
    assert Event.objects.get(pk=line.pk).object_label == "Anastasia"


@pytest.mark.parametrize("name", ["role", "administrator", "erased", "change_role", "Other Person"])
def test_nobody_is_called_so_that_erasing_them_empties_what_the_trail_says_of_others(administrator, name):
    other, gone = make.user(name="Other Person"), make.user(name="Gone Already")
    erase(gone, administrator)
    accounts.change_role(person=other, role="administrator", by=administrator)
    Event.record("refused", by=other, label="change_role")
    before = set(Event.objects.exclude(salt="").values_list("pk", flat=True))
    person = make.user(name=name)
    erase(person, administrator)
    assert before <= set(Event.objects.exclude(salt="").values_list("pk", flat=True))
    assert verifying.verify().faults == []


@pytest.mark.database
def test_lists_saved_and_rows_of_spreadsheets_are_told_of_and_forgotten(person, administrator):
    SavedView.objects.create(owner=person, name="Mine", query="?q=health")
    sheet = Batch.objects.create(shape=PEOPLE_SHEET, name="people.csv", state="previewed", sha256="1")
    sheet.file.save("people.csv", ContentFile(person.email.encode()))
    StagedRow.objects.create(
        batch=sheet, number=1, where="row 2", verdict="new", summary=person.name, difference=f"e-mail: {person.email}"
    )
    told = services.export_personal_data(person)
    assert [row["name"] for row in told["saved_lists"]] == ["Mine"]
    assert [row["where"] for row in told["rows_of_spreadsheets"]] == ["row 2"]
    erase(person, administrator)
    sheet.refresh_from_db()
    assert (sheet.state, bool(sheet.file)) == ("discarded", False)
    assert not SavedView.objects.filter(owner=person).exists()
    assert list(StagedRow.objects.values_list("summary", "difference")) == [("", "")]


def test_the_last_administrator_oneself_and_the_erased_are_not_erased(person, administrator):
    helper = make.user(Role.COORDINATOR, emergency_until=timezone.now() + timedelta(hours=1))
    with pytest.raises(Refused, match="last administrator"):
        erase(administrator, helper)
    with pytest.raises(Refused, match="your own account"):
        erase(administrator, administrator)
    erase(person, administrator)
    with pytest.raises(Refused, match="The personal data of this person have already been erased."):
        erase(person, administrator)
    assert User.objects.get(pk=administrator.pk).state == AccountState.ACTIVE


# Files


def texts_of_files(directory: Path) -> dict[str, str]:
    """Every file as it is, and mails as a reader sees them too."""
    data = {}
    for path in (path for path in directory.rglob("*") if path.is_file()):
        content = path.read_bytes()
        data[path.name] = content.decode(errors="replace")
        if path.suffix == ".log":
            data[path.name] += "".join(mail_files.text_of(mail) for mail in content.split(mail_files.END))
    return data


def files_naming(directory: Path, *words: str) -> set[str]:
    kept = texts_of_files(directory)
    return {name for name, text in kept.items() if any(word.lower() in text.lower() for word in words)}


def test_before_the_erasure_the_name_is_in_files_of_mails(person, data_dir):
    """So that the next test can fail."""
    assert files_naming(data_dir, NAME, EMAIL)


@pytest.mark.database
def test_after_the_erasure_no_file_and_no_table_holds_name_or_address(person, administrator, data_dir):
    send_due_mails(on=timezone.now())
    others = queue_mail(to="other@ministry.example", subject="Žofia", body="Of somebody else.")
    send_due_mails(on=timezone.now())
    erase(person, administrator)
    assert files_naming(data_dir, NAME, "zorbatrix", "plumbogex", EMAIL, PHONE) == set()
    assert places_of(NAME, "zorbatrix", "plumbogex", EMAIL, PHONE) == set()
    assert files_naming(data_dir, "Of somebody else.")
    assert Mail.objects.filter(pk=others.pk).exists()


def test_a_mail_to_another_that_is_not_sent_yet_goes_out_without_the_name(person, administrator):
    erase(person, administrator)
    mail = Mail.objects.get(to="other@ministry.example")
    number = f"Erased person {person.pk}"
    assert (mail.subject, mail.body) == (f"{number} was appointed", f"Write to {number}.")


def test_a_name_in_an_encoded_mail_is_found_and_the_other_mails_of_the_file_stay(data_dir):
    folder = data_dir / "mail"
    folder.mkdir(exist_ok=True)
    mails = [
        EmailMessage(f"Pour {name}", "À bientôt.", to=["a@example.org"]).message().as_bytes() + b"\n"
        for name in ("Žiga Čuk", "Žigalia", "Émile")
    ]
    path = folder / "20260303-101010-1.log"
    path.write_bytes(b"".join(mail + mail_files.END for mail in mails))
    assert "Žiga Čuk".encode() not in path.read_bytes()
    assert mail_files.forget_in_mail_files(["žiga čuk"]) == 1
    assert path.read_bytes() == mails[1] + mail_files.END + mails[2] + mail_files.END
    assert mail_files.forget_in_mail_files(["Žigalia", "émile"]) == 2
    assert list(folder.iterdir()) == []


def test_files_of_mails_are_kept_for_thirty_days(data_dir):
    folder = data_dir / "mail"
    folder.mkdir(exist_ok=True)
    now = timezone.now()
    for days in (29, 31):
        path = folder / f"{days}.log"
        path.write_bytes(b"Subject: So\n\nSo.\n" + mail_files.END)
        at = (now - timedelta(days=days)).timestamp()
        os.utime(path, (at, at))
    forget_old(on=now)
    assert [path.name for path in folder.iterdir()] == ["29.log"]


# The page


def test_the_address_has_to_be_typed(client, person, administrator):
    client.force_login(administrator)
    address = reverse("people:erase_person", args=[person.pk])
    wrong = client.post(address, {"email": "zorbatrix@ministry.exampl"})
    assert (wrong.status_code, User.objects.get(pk=person.pk).name) == (422, NAME)
    assert EMAIL not in client.get(address).content.decode()
    page = client.post(address, {"email": f" {EMAIL.upper()} "}, follow=True)
    assert len(notices_of(page)) == 1
    assert Event.objects.filter(action="personal-data-erased").count() == 1
    assert User.objects.get(pk=person.pk).state == AccountState.ERASED


def test_the_pages_of_an_erased_person_name_nobody(client, person, administrator):
    erase(person, administrator)
    client.force_login(administrator)
    for address in (
        reverse("people:person", args=[person.pk]),
        reverse("people:people") + "?state=erased",
        reverse("people:trail"),
    ):
        page = client.get(address).content.decode()
        assert f"Erased person {person.pk}" in page
        assert "orbatrix" not in page


def test_a_person_who_was_only_invited_can_be_erased(administrator):
    invited = invite_person(email="ivo@ministry.example", name="Ivo Ivic", by=administrator)
    erase(invited.invitation.person, administrator)
    assert places_of("ivo@ministry.example", "Ivo Ivic") == set()
    key = invited.link.split("/")[-2]
    assert Client().get(reverse("people:accept_invitation", args=[key])).status_code == 410


@pytest.mark.parametrize("name", ["Bor Kos", "Committee"])
def test_a_chosen_name_of_another_or_of_one_word_empties_no_text_about_others(administrator, name):
    bor = make.user(Role.COORDINATOR, name="Bor Kos")
    sentence = "Bor Kos was given the office by the Committee"
    event = Event.record("role-changed", bor, by=administrator, difference={"reason": ["", sentence]})
    services.erase_person(person=make.user(Role.CONTRIBUTOR, name=name), by=administrator)
    event.refresh_from_db()
    assert sentence in event.difference
