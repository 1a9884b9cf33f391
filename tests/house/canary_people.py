"""People and institutions, and what the house keeps of them."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.utils import timezone

from servanda.desk.hand_over.services import end_appointment
from servanda.people.access import Role, can
from servanda.people.access_keys.services import make_token
from servanda.people.invitations.services import invite_person
from servanda.people.models import ApiToken, Institution, KnownBrowser, LogInAttempt, Notification, Opened, User
from servanda.people.notifications.services import PAGES
from servanda.recommendations.models import SavedView
from tests import make
from tests.house.canary_words import CONTACT, CONTRIBUTOR, DEED, FILE, HANDED, LATER, OWN, PLACE, SECRET, Canary
from tests.house.kinds import KINDS


def hide_people(canary: Canary, by: User) -> None:
    """A contributor and an official, their institution, and everything that the house keeps of the two."""
    place = Institution.objects.create(
        code=f"{PLACE}-x", name=PLACE, email=f"{PLACE}@example.org", phone=PLACE, address=PLACE
    )
    hidden = {"email": f"ana@{CONTRIBUTOR}.org", "phone": CONTACT}
    contributor = make.user(Role.CONTRIBUTOR, place, name=f"Ana {CONTRIBUTOR}", **hidden)
    official = make.user(Role.READER, place, name="Olga Official", email=f"olga@{PLACE}.org", phone=PLACE)
    newcomer = make.user(Role.PUBLIC, name=f"Ben {CONTRIBUTOR}", email=f"ben@{CONTRIBUTOR}.org", phone=CONTACT)
    other = make.user(Role.PUBLIC, name="Otto Official", email=f"otto@{PLACE}.org", phone=PLACE)
    canary.people, canary.places = [contributor, official, newcomer, other], [place]
    for person, to in ((contributor, newcomer), (official, other)):
        appointment = person.appointments.get()
        appointment.act = CONTRIBUTOR if person is contributor else ""
        appointment.save()
        SavedView.objects.create(owner=person, name=OWN, query=f"?q={OWN}")
        passed = {"appointment": appointment, "on": timezone.localdate() + LATER, "to": to, "act": "", "note": HANDED}
        canary.hand_overs.append(end_appointment(**passed, origin="http://testserver", by=by))
        canary.appointments.append(appointment)
        keep_of(person, canary)
    invited = invite_person(email=f"iva@{CONTRIBUTOR}.org", name=f"Iva {CONTRIBUTOR}", by=by)
    make.appointment(invited.invitation.person, place, "contributor")
    canary.people.append(invited.invitation.person)
    canary.keys.append(invited.link.split("/")[-2])
    for kind in Notification.Kind:
        tell(official, kind, canary, by=contributor, label=OWN)


def tell(person: User, kind: Notification.Kind, canary: Canary, *, by: User, label: str) -> None:
    """Of an appointment, or of something that has a page under this primary key or this key of a file."""
    thing = canary.appointments[0] if kind == Notification.Kind.APPOINTED else canary.scene.person
    key = canary.scene.sheet.key if PAGES[kind].asked_by == "key" else thing.pk
    about = {"object_type": thing._meta.label_lower, "object_id": str(thing.pk), "page_key": str(key)}
    Notification.objects.create(person=person, kind=kind, by=by, label=label, created_at=timezone.now(), **about)


def keep_of(person: User, canary: Canary) -> None:
    UserSession.objects.create(user=person, ip="192.0.2.9", user_agent=OWN, session_key=SECRET + str(person.pk))
    KnownBrowser.objects.create(person=person, digest=SECRET, seen_at=timezone.now())
    LogInAttempt.objects.create(account=SECRET, browser=SECRET, at=timezone.now())
    Opened.objects.create(person=person, kind="record", number=canary.hidden[0].pk, at=timezone.now())
    _token, key = make_token(name=DEED, scope="read", last_day=timezone.localdate() + LATER, by=person)
    ApiToken.objects.filter(person=person).update(digest=f"{SECRET}{person.pk}")
    canary.keys += [key, person.password, person.session_stamp]


def person_of(kind: str) -> User | None:
    """A person of this kind who was told before what only others may know now, and opened what is hidden now."""
    made = KINDS[kind]()
    if made is not None:
        User.objects.filter(pk=made.pk).update(digest="daily", language="en")
        made.refresh_from_db()
    return made


def remember(person: User, canary: Canary) -> None:
    for number, record in enumerate(canary.hidden):
        at = timezone.now() + timedelta(seconds=number)
        Opened.objects.create(person=person, kind="record", number=record.pk, at=at)
    Opened.objects.create(person=person, kind="institution", number=canary.places[0].pk, at=timezone.now())
    view = SavedView.objects.get(owner=canary.people[0], name=OWN)
    Opened.objects.create(person=person, kind="saved-list", number=view.pk, at=timezone.now())
    for kind in (*Notification.ABOUT, Notification.Kind.APPOINTED):
        is_closed = kind in Notification.ABOUT and not can(person, Notification.ABOUT[kind])
        tell(person, kind, canary, by=canary.people[0], label=f"{FILE}.docx" if is_closed else "")
