"""Canary: one odd word in every text that is not for everybody; no answer to a stranger ever sings it."""

from collections.abc import Callable, Iterable, Iterator
from itertools import count

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch, SenderMapping, StagedRow
from servanda.people.access import ROLES, Role
from servanda.people.models import Institution, User
from servanda.recommendations.models import (
    FieldChange,
    Link,
    Note,
    Position,
    Recommendation,
    RecommendationQuerySet,
    RecommendingState,
    SavedView,
    SourceRecord,
    Tagging,
    TextVersion,
    WaitingAnswer,
)
from servanda.recommendations.services.notes import add_note
from servanda.recommendations.services.settling import reindex
from servanda.sources.models import Document
from servanda.trail.models import Event
from tests import make
from tests.house.addresses import ADDRESSES, EVERYBODY, PART, Scene, of_record, set_scene
from tests.house.answers import said

pytestmark = [pytest.mark.django_db, pytest.mark.database]

WORD = "zorbatrix"
ABSENT = "plumbogex"  # as long, as odd, and nowhere
CODE = "KLIMPERFAX"  # in the reference of every hidden record
MINISTRY = "moj"
numbers = count(1)

QUERIES = ["", "?by=theme", "?by=stand&sort=newest", "?stand=-", "?year=-", "?kind=pledge", "?language=sl"]
FIGURES = ("body", "review", "year", "stand", "theme", "sdg")
FORMATS = {
    "portal:register_export": ("csv", "xlsx", "json"),
    "desk:register_export": ("csv", "xlsx", "json"),
    "desk:register_matrix": ("docx", "xlsx"),
    "portal:figure_table": FIGURES,
    "desk:figure_table": FIGURES,
}
LISTS = {"portal:register", "desk:register", "api:recommendations", *FORMATS}


def batch(state: str) -> Batch:
    return Batch.objects.create(name=f"{WORD}.json", state=state, message=WORD, sha256=WORD, country=WORD[:8])


HIDDEN: dict[str, Callable[[], dict]] = {
    "draft": lambda: {"is_published": False},
    "internal": lambda: {"confidentiality": "internal"},
    "restricted": lambda: {"confidentiality": "restricted"},
    "withdrawn": lambda: {"withdrawn_at": timezone.now(), "withdrawn_reason": f"It was {WORD}."},
    "merged": lambda: {"merged_into": make.recommendation()},
    "of an import that is not applied": lambda: {"added_by": batch(Batch.State.APPLYING)},
    "of an import that was undone": lambda: {"added_by": batch(Batch.State.UNDONE)},
}


def hide(state: str) -> Recommendation:
    """A record that is nobody else's business, with everything that can hang on one."""
    number = next(numbers)
    document = Document.objects.create(symbol=f"A/{WORD}/{number}", title=WORD)
    paragraph = f"{number}.{WORD}"
    code = f"SVN-{CODE}-{number}"
    fields = {"document": document, "paragraph": paragraph, "code": code, "language": "sl", "kind": "pledge"}
    record = make.recommendation(f"Protect the {WORD}.", **fields, **HIDDEN[state]())
    record.restricted_to.add(make.institution(MINISTRY))
    speak_of(record, added_by=record.added_by)
    return record


def speak_of(record: Recommendation, **owned) -> None:
    """One of each row that hangs on a record, all with the word; `owned` says why they do not count."""
    common = {"recommendation": record, **owned}
    TextVersion.objects.create(**common, language="fr", text=f"Le {WORD}.", source=WORD, is_machine=True)
    TextVersion.objects.create(**common, language="en", form="plain", text=f"The {WORD}, plainly.")
    Position.objects.create(**common, stand="noted", words=WORD, symbol=WORD, paragraph=WORD, comment=WORD)
    SourceRecord.objects.create(**common, scheme="uhri", external_id=WORD, digest=WORD, where=WORD, raw=WORD)
    Tagging.objects.create(**common, term=make.term("Health"), scheme=WORD)
    RecommendingState.objects.create(**common, country=make.country("FJI", "Fiji"))


def hide_around(record: Recommendation) -> None:
    """What hangs on a record that everybody sees, and is not for everybody."""
    author = make.user(Role.COORDINATOR, name=f"Ana {WORD}", email=f"{WORD}@example.org")
    undone, applying = batch(Batch.State.UNDONE), batch(Batch.State.APPLYING)
    speak_of(record, added_by=undone)
    speak_of(record, added_by=applying)
    speak_of(record, ended_at=timezone.now())
    speak_of(record, ended_by=batch(Batch.State.APPLIED))
    Position.objects.create(recommendation=record, stand="supported", is_draft=True, words=WORD, comment=WORD)
    SourceRecord.objects.create(
        recommendation=record, scheme="uhri", external_id="a-1", digest=WORD, where=WORD, raw=WORD
    )
    Tagging.objects.create(recommendation=record, term=make.term(), origin="person", said_by=author)
    TextVersion.objects.create(recommendation=record, language="es", text="Proteger.", reviewed_by=author)
    FieldChange.objects.create(batch=applying, recommendation=record, field="paragraph", old="", new=WORD)
    Note.objects.create(recommendation=record, author=author, text=WORD)
    add_note(recommendation=record, text=WORD, by=author)


def hide_in_the_house() -> None:
    """What belongs to no record, and to nobody outside."""
    author = make.user(Role.COORDINATOR, name=WORD)
    sheet = batch(Batch.State.PREVIEWED)
    StagedRow.objects.create(
        batch=sheet, number=1, where=WORD, verdict="new", summary=WORD, reason=WORD, difference=WORD, code=WORD
    )
    common = {"symbol": "A/HRC/59/15", "words": WORD, "comment": WORD, "digest": WORD, "where": WORD, "raw": WORD}
    WaitingAnswer.objects.create(**common, paragraph=WORD, stand="noted", said_in=WORD)
    SenderMapping.objects.create(sender=WORD)
    SavedView.objects.create(owner=author, name=WORD, query=f"?q={WORD}")
    Institution.objects.create(code=f"{WORD}-x", name=WORD)
    Event.record("import-received", sheet, by=author, difference={"name": WORD})


def set_canary(states: Iterable[str], owner: User | None = None) -> tuple[Scene, list[Recommendation]]:
    there, hidden = set_scene(owner), [hide(state) for state in states]
    for record in hidden:
        Link.objects.create(from_recommendation=there.record, to_recommendation=record, relation="repeats")
        Link.objects.create(from_recommendation=record, to_recommendation=there.record, relation="follows-up")
    reindex(Recommendation.objects.values_list("pk", flat=True))
    return there, hidden


def pages(who: set, there: Scene, hidden: list[Recommendation]) -> Iterator[str]:
    """Every address that such a person may look at, for what they may see and for what they may not."""
    for name, address in ADDRESSES.items():
        if "GET" not in address.methods or address.who not in who:
            continue
        urls = [address.url(name, there)]
        if address.arguments is of_record:
            urls += [reverse(name, args=[record.code]) for record in hidden]
        urls = [reverse(name, args=[format]) for format in FORMATS.get(name, ())] or urls
        queries = QUERIES if name in LISTS else [""]
        yield from (url + query for url in urls for query in queries)


def leaks(client, urls: Iterable[str], words=(WORD, CODE)) -> list[str]:
    """Where a word comes back that was not in the question."""
    found = []
    for url in urls:
        answer = said(client.get(url, headers=PART)).lower()
        found += [f"{url}: {word}" for word in words if word.lower() in answer and word not in url]
    return found


@pytest.fixture
def everything_hidden():
    there, hidden = set_canary(HIDDEN)
    hide_around(there.record)
    hide_in_the_house()
    reindex([there.record.pk])
    return there, hidden


def test_no_public_page_says_the_word(client, everything_hidden):
    assert leaks(client, pages({EVERYBODY}, *everything_hidden)) == []


def test_no_page_for_a_contributor_says_the_word(client, everything_hidden):
    client.force_login(make.user(Role.CONTRIBUTOR))
    assert leaks(client, pages({EVERYBODY} | ROLES[Role.CONTRIBUTOR], *everything_hidden)) == []


def test_no_page_of_another_institution_says_the_word_of_a_restricted_record(client):
    person = make.user(Role.FOCAL_POINT, institution=make.institution("mfa"))
    there, hidden = set_canary(["restricted"], person)
    client.force_login(person)
    assert leaks(client, pages({EVERYBODY} | ROLES[Role.FOCAL_POINT], there, hidden)) == []


def test_an_institution_that_is_named_finds_the_word(client):
    there, hidden = set_canary(["restricted"])
    client.force_login(make.user(Role.FOCAL_POINT, institution=make.institution(MINISTRY)))
    urls = [reverse("desk:register"), reverse("desk:record", args=[hidden[0].code])]
    assert [url.partition(":")[0] for url in leaks(client, urls, words=[WORD])] == urls


@pytest.mark.parametrize("role", [None, Role.CONTRIBUTOR])
def test_searching_for_the_word_is_like_searching_for_one_that_is_nowhere(client, everything_hidden, role):
    if role:
        client.force_login(make.user(role))
    rooms = ["portal", "desk"] if role else ["portal"]
    urls = [reverse(f"{room}:register") for room in rooms]
    urls += [reverse(f"{room}:register_export", args=[format]) for room in rooms for format in ("csv", "json")]
    for url in urls:
        answers = [said(client.get(url, {"q": word})) for word in (WORD, ABSENT)]
        assert answers[0].replace(WORD, ABSENT) == answers[1]


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
def test_a_condition_that_public_forgets_is_heard(client, monkeypatch, state):
    there, hidden = set_canary([state])
    monkeypatch.setattr(RecommendationQuerySet, "public", FORGETFUL[state])
    heard = {url.partition(":")[0].partition("?")[0] for url in leaks(client, pages({EVERYBODY}, there, hidden))}
    assert {reverse("portal:register"), reverse("portal:recommendation", args=[hidden[0].code])} <= heard
    assert {reverse("portal:register_export", args=[format]) for format in ("csv", "xlsx", "json")} <= heard
