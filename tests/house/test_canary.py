"""Canary: one odd word in every text that is not for everyone; no answer to anyone else ever sings it."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpResponse
from django.urls import resolve, reverse

from servanda.desk.hand_over import views as hand_over_views
from servanda.people import naming
from servanda.people.access import ROLES, Can, Role
from servanda.people.models import Appointment, HandOver, Instance, Institution, Notification, Succession, User
from servanda.people.trail_pages import presenter as trail_presenter
from servanda.recommendations.filters import audiences
from servanda.recommendations.models import Recommendation, RecommendationQuerySet
from servanda.trail.models import ChainHead, Event, RepeatedRefusal
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY, LOGGED_IN, PART
from tests.house.answers import said
from tests.house.asking import Watching
from tests.house.canary_pages import (
    ASKED,
    PUBLIC,
    SIGNED_IN_OUTSIDE,
    TABLES,
    arguments,
    closed_and_withdrawn,
    further_arguments,
    pages,
)
from tests.house.canary_people import person_of, remember
from tests.house.canary_records import STATES
from tests.house.canary_words import (
    ABSENT,
    BROUGHT,
    CLOSED,
    CONTRIBUTOR,
    DRAFT,
    HANDED,
    HIDDEN,
    NOTE,
    Canary,
    searched,
    unheard,
)
from tests.house.kinds import NAMED, asked_of_both_databases, granted
from tests.house.scene import Scene
from tests.house.test_addresses import LISTENING, faults_at, passes_guard

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

LISTENERS = [
    "anonymous",
    "without any role",
    "contributor",
    "reader",
    "focal point for another body",
    "authority",
    "auditor",
    "administrator",
]
# Whose pages are asked for on both engines: the kind for whom the queries narrow most. What is left out of a query is
# left out on either engine; which engine finds a word is asked of several kinds below, and which rows a kind may see
# in test_agreement.py.
ON_BOTH = {"focal point for another body"}
# Who asks and for whom, whose system this is, and that a person was refused.
WHO = (Session, User, Authenticator, Appointment, Succession, Institution)
FRAME = (*WHO, Instance, Notification, Event, ChainHead, RepeatedRefusal)
ASKED_BY_EVERY_PAGE = {model._meta.db_table for model in FRAME}


def worth_asking(canary: Canary, person: User) -> list[Recommendation]:
    """Those that this person may open somewhere. Of the others, it is seen in test_states.py for each kind of people,
    each state and each address of a record that they are as if they were not there: two of them are enough here."""
    seen = set(Recommendation.every_kind.visible_to(person).values_list("pk", flat=True))
    kept = closed_and_withdrawn(canary)
    return [record for record in canary.hidden if record.pk in seen or record.merged_into_id or record in kept]


def listeners(*, left_out: str) -> list:
    return asked_of_both_databases((kind for kind in LISTENERS if kind != left_out), ON_BOTH)


def names_for(kind: str) -> list[str]:
    """Every address that tells such a person more than the refusal of its guard; those where they are refused come
    last, for the trail keeps what a person asked for."""
    allowed = granted(kind, ROLES) | {EVERYBODY, LOGGED_IN}
    names = [name for name in ADDRESSES if passes_guard(name, kind)]
    return sorted(names, key=lambda name: ADDRESSES[name].who not in allowed)


def leaks(
    client,
    urls: Iterable[str],
    words: Iterable[str],
    *,
    waiting: Iterable[str] = (),
    wrong_at: Callable[[str, HttpResponse], list[str]] = lambda _url, _answer: [],
    **headers: str,
) -> list[str]:
    """Where a word comes back that is not in the address, signed-in answers that a person may keep, and what else is
    wrong at an address; and the words that are waited for and never come."""
    found, missed, refused = [], set(waiting), set()
    for url in urls:
        match = resolve(url.partition("?")[0])
        page = match.view_name, match.kwargs.get("kind")  # each kind of spreadsheet has a permission of its own
        if page in refused:
            continue
        with connection.execute_wrapper(watching := Watching()):
            answer = client.get(url, headers=PART | headers)
        if answer.status_code == 403 and watching.tables <= ASKED_BY_EVERY_PAGE:
            refused.add(page)  # whatever of its kind is asked for, no one looks at it
        found += wrong_at(url, answer)
        text = said(answer).lower()
        found += [f"{url}: {word}" for word in words if word.lower() in text and word.lower() not in url.lower()]
        missed = {word for word in missed if word not in text or word in url}
        if ("_auth_user_id" in client.session or headers) and "no-store" not in answer.get("Cache-Control", ""):
            found.append(f"{url}: not no-store")
    return [*found, *sorted(missed)]


def stage(client, canary_for, kind: str) -> tuple[Canary, list[str]]:
    """Everything hidden, a person of this kind logged in, and the words that they must not hear."""
    person = person_of(kind)
    canary = canary_for(person)
    if person is not None:
        remember(person, canary)
        client.force_login(person)
    return canary, [*unheard(kind), *canary.keys]


@pytest.mark.timeout(300)  # every page
@pytest.mark.parametrize("kind", listeners(left_out="administrator"))
def test_nobody_hears_a_word_that_is_not_theirs(client, canary_for, refusals_drawn_once, kind):
    canary, words = stage(client, canary_for, kind)
    if kind != "anonymous":
        canary.asked = worth_asking(canary, User.objects.get(pk=client.session["_auth_user_id"]))
    names = [name for name in names_for(kind) if name not in PUBLIC or kind in {"anonymous", *SIGNED_IN_OUTSIDE}]
    asked_once = set() if kind == "anonymous" else PUBLIC
    urls = pages(canary, names, asked_once=asked_once, words=searched(kind))
    assert leaks(client, urls, words, wrong_at=partial(faults_in_scene, names_in(canary.scene), kind)) == []


def names_in(scene: Scene) -> dict[str, str]:
    """The addresses of what everyone at the desk may see, whose answers test_addresses.py leaves to this walk."""
    inside = {name: address for name, address in ADDRESSES.items() if address.who != EVERYBODY}
    return {address.url(name, scene): name for name, address in inside.items()}


def faults_in_scene(names: Mapping[str, str], kind: str, url: str, answer: HttpResponse) -> list[str]:
    return faults_at(answer, names[url], "GET", kind) if kind in LISTENING and url in names else []


@pytest.mark.parametrize("kind", listeners(left_out="anonymous"))
def test_no_key_hears_a_word_that_is_not_its_owners(client, canary_for, refusals_drawn_once, kind):
    person = person_of(kind)
    canary = canary_for(person)
    api = [name for name in ADDRESSES if name.startswith("api:") and name != "api:documentation"]
    key = {"authorization": f"Bearer {make.token(person)}"}
    assert leaks(client, pages(canary, api), [*unheard(kind), *canary.keys], **key) == []


@pytest.mark.database
@pytest.mark.parametrize("kind", ["anonymous", "contributor", "reader", "auditor"])
def test_searching_for_a_word_is_like_searching_for_one_that_is_nowhere(client, canary_for, kind):
    stage(client, canary_for, kind)
    rooms = ["portal"] if kind == "anonymous" else ["portal", "desk"]
    texts = [word for word in (HIDDEN, CLOSED, BROUGHT, DRAFT, NOTE) if word in unheard(kind)]
    urls = {reverse(f"{room}:search"): unheard(kind) for room in rooms}
    urls |= {reverse(f"{room}:register"): texts for room in rooms}
    urls |= {reverse("portal:register_export", args=["json"]): texts, reverse("api:recommendations"): texts}
    for url, words in urls.items():
        nothing = said(client.get(url, {"q": ABSENT}))
        for word in words:
            assert said(client.get(url, {"q": word})).replace(word, ABSENT) == nothing, f"{url} {word}"


# Each flaw is heard


FORGETFUL: dict[str, Callable[[RecommendationQuerySet], RecommendationQuerySet]] = {
    "draft": lambda records: records.kept().filter(confidentiality="public"),
    "internal": lambda records: records.kept().filter(is_published=True),
    "restricted": lambda records: records.kept().filter(is_published=True),
    "withdrawn": lambda records: records.live().filter(merged_into=None, is_published=True, confidentiality="public"),
    "merged": lambda records: records.live().filter(withdrawn_at=None, is_published=True, confidentiality="public"),
    "of an import that is not applied": lambda records: records.filter(
        withdrawn_at=None, merged_into=None, is_published=True, confidentiality="public"
    ),
}


@pytest.mark.parametrize("state", FORGETFUL)
def test_a_condition_that_public_forgets_is_heard(client, canary_for, monkeypatch, state):
    canary = canary_for()
    canary.asked = [canary.hidden[list(STATES).index(state)]]
    word, _fields = STATES[state]
    monkeypatch.setattr(RecommendationQuerySet, "public", FORGETFUL[state])
    monkeypatch.setattr(audiences, "_public_queries", audiences._public_queries.__wrapped__)  # without what it keeps
    names = ["portal:register", "portal:recommendation", "portal:register_export", "portal:search"]
    monkeypatch.setitem(ASKED, "portal:search", [f"?q=protect+the+{word}"])
    urls = pages(canary, names, words=())
    heard = {url.partition(":")[0].partition("?")[0] for url in leaks(client, urls, [f"the {word}"])}
    assert {reverse("portal:register"), reverse("portal:search")} <= heard
    assert reverse("portal:recommendation", args=[canary.asked[0].code]) in heard
    assert {reverse("portal:register_export", args=[format]) for format in TABLES} <= heard


def test_who_may_not_open_a_page_is_refused_before_anything_else_is_read(client):
    """If not, the walks ask in vain for everything that is hidden at addresses that are closed anyhow."""
    client.force_login(person_of("reader"))
    with connection.execute_wrapper(watching := Watching()):
        assert client.get(reverse("people:trail"), headers=PART).status_code == 403
    assert watching.tables - ASKED_BY_EVERY_PAGE == set()


def hears(client, canary_for, kind: str, word: str, names: Iterable[str]) -> set[str]:
    canary, words = stage(client, canary_for, kind)
    assert word in words
    return {name for name in names if leaks(client, pages(canary, [name]), [word])}


def test_a_note_that_everybody_inside_reads_is_heard(client, canary_for, monkeypatch):
    monkeypatch.setitem(ROLES, Role.READER, ROLES[Role.READER] | {Can.READ_NOTES})
    names = ["desk:record", "desk:record_history", "desk:register_export"]
    assert hears(client, canary_for, "reader", NOTE, names) == set(names)


def test_a_draft_that_everybody_inside_reads_is_heard(client, canary_for, monkeypatch):
    monkeypatch.setitem(ROLES, Role.READER, ROLES[Role.READER] | {Can.READ_DRAFT_POSITIONS})
    names = ["desk:record", "desk:record_as_of", "desk:register_export", "desk:register_matrix"]
    assert hears(client, canary_for, "reader", DRAFT, names) == set(names)


def test_a_contributor_who_is_named_is_heard(client, canary_for, monkeypatch):
    monkeypatch.setattr(naming, "unnamed", lambda _people, *, to: set())
    monkeypatch.setattr(trail_presenter, "unnamed", lambda _people, *, to: set())
    names = ["people:trail", "people:trail_export", "people:notifications", "desk:record"]
    assert hears(client, canary_for, "auditor", CONTRIBUTOR, names) == set(names)


def test_the_pack_of_somebody_else_is_heard_on_the_page_and_in_both_files(client, canary_for, monkeypatch):
    monkeypatch.setattr(hand_over_views, "find", lambda _request, pk: HandOver.objects.get(pk=pk))
    canary, words = stage(client, canary_for, "contributor")
    heard = leaks(client, pages(canary, ["desk:hand_over", "desk:hand_over_file"]), words)
    for url in ("desk:hand_over", "desk:hand_over_file"):
        wanted = [reverse(url, args=some) for some in arguments(url, canary, further_arguments(canary))][1:]
        assert {f"{address}: {HANDED}" for address in wanted} <= set(heard)


def test_an_answer_that_may_be_kept_is_heard(client, settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "no_store" not in name]
    client.force_login(make.user(Role.READER))
    assert leaks(client, [reverse("desk:home")], []) == [f"{reverse('desk:home')}: not no-store"]


@pytest.mark.database
def test_an_institution_that_is_named_finds_the_word(client, canary_for):
    canary = canary_for()
    client.force_login(make.user(Role.FOCAL_POINT, institution=make.institution(NAMED)))
    closed, _withdrawn = closed_and_withdrawn(canary)
    urls = [reverse("desk:register"), reverse("desk:record", args=[closed.code])]
    assert [url.partition(":")[0] for url in leaks(client, urls, [f"the {CLOSED}"])] == urls
