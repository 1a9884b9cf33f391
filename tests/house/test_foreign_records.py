"""A record, list or import that is no business of a person: as if it were not there, and nothing happens to it."""

from collections.abc import Iterator

import pytest
from django.forms.models import model_to_dict
from django.urls import reverse
from django.utils import timezone

from servanda.intake.models import Batch
from servanda.kit.refusal import Refused
from servanda.people.access import ROLES, Role
from servanda.recommendations.editing import merging, structure
from servanda.recommendations.models import (
    Link,
    Note,
    Position,
    Recommendation,
    SavedView,
    Tagging,
    TextVersion,
)
from servanda.trail.models import Event
from tests import make
from tests.house.addresses import ADDRESSES
from tests.house.addressing import EVERYBODY, PART
from tests.house.answers import said
from tests.house.scene import Scene

pytestmark = pytest.mark.django_db

# Who meets which record that they cannot see.
STRANGERS = {
    None: {"confidentiality": "internal"},
    Role.CONTRIBUTOR: {"is_published": False},
    Role.READER: {"confidentiality": "restricted"},
    Role.FOCAL_POINT: {"confidentiality": "restricted"},
    Role.AUTHORITY: {"confidentiality": "restricted"},
    Role.COORDINATOR: {},  # and an import that is not applied yet
    Role.ADMINISTRATOR: {},
}
MISSING = "SVN-UPR-9-000.00"
DATA = {
    "text": "Changed.",
    "stand": "noted",
    "reason": "Changed.",
    "name": "Changed",
    "language": "en",
    "form": "full",
}


def unapplied() -> Batch:
    return Batch.objects.create(state=Batch.State.APPLYING, sha256="0")


def scene_of(scene: Scene, record: Recommendation) -> Scene:
    """The scene with this record in place of the one that everyone sees."""
    other = make.recommendation()
    scene.record = scene.withdrawn = scene.merged = record
    scene.text = TextVersion.objects.create(recommendation=record, language="fr", text="Protéger.")
    scene.label = Tagging.objects.create(recommendation=record, term=scene.term, origin="machine")
    scene.follow_up = make.follow_up(record)
    scene.replied = make.follow_up(record, replied_on="2024-02-01")
    scene.former_follow_up = make.follow_up(record, "dissemination", ended_at=timezone.now())
    scene.draft = Position.objects.create(recommendation=record, stand="noted", is_draft=True)
    scene.note = Note.objects.create(recommendation=record, author=make.user(Role.COORDINATOR), text="Ask.")
    scene.assignment = make.assignment(record)
    scene.link = Link.objects.create(from_recommendation=record, to_recommendation=other, relation="repeats")
    return scene


def of_one_record(scene: Scene, role: str | None) -> Iterator[tuple[str, str, list]]:
    """Every address of one record that such a person may ask, with every method."""
    may = {EVERYBODY} | (ROLES[role] if role else set())
    if role == Role.ADMINISTRATOR:
        may -= ROLES[Role.COORDINATOR]  # who finds as many records, and asks for all of these
    for name, address in ADDRESSES.items():
        if address.who in may and is_of_record(scene, arguments := address.arguments(scene)):
            yield from ((method, name, arguments) for method in sorted(address.methods - {"HEAD"}))


def is_of_record(scene: Scene, arguments: list) -> bool:
    return arguments[:1] == [scene.record.code]


def ask(client, method: str, name: str, arguments: list) -> str:
    url = reverse(name, args=arguments)
    return said(client.post(url, DATA) if method == "POST" else client.get(url, headers=PART))


def state_of(record: Recommendation) -> list:
    rows = [record.texts, record.positions, record.taggings, record.notes, record.links_out, record.sources]
    rows += [record.assignments, record.follow_ups]
    return [Recommendation.objects.values().get(pk=record.pk), *(list(some.order_by("pk").values()) for some in rows)]


@pytest.mark.slow
@pytest.mark.parametrize("role", STRANGERS)
def test_a_record_that_one_cannot_see_is_as_one_that_is_not_there(client, scene_for, role):
    hidden = make.recommendation(**STRANGERS[role])
    if not STRANGERS[role]:
        Recommendation.objects.filter(pk=hidden.pk).update(
            added_by=Batch.objects.create(state="applying", sha256="0")
        )
    if role:
        client.force_login(make.user(role, institution=make.institution("mfa")))
    scene = scene_of(scene_for(), hidden)
    before, asked = state_of(hidden), list(of_one_record(scene, role))
    for method, name, arguments in asked:
        foreign = ask(client, method, name, arguments)
        missing = ask(client, method, name, [MISSING, *arguments[1:]])
        assert foreign.startswith("404"), f"{method} {name}"
        assert foreign.replace(hidden.code, MISSING) == missing
    assert len(asked) >= 2
    assert state_of(hidden) == before


@pytest.mark.slow
@pytest.mark.parametrize(
    ("deed", "what"),
    [
        ("end_text", "text"),
        ("confirm_label", "label"),
        ("remove_label", "label"),
        ("end_follow_up", "follow_up"),
        ("record_reply", "follow_up"),
        ("take_back_reply", "replied"),
        ("decide_position", "draft"),
        ("end_position", "draft"),
        ("unlink_recommendations", "link"),
        ("end_assignment", "assignment"),
    ],
)
def test_a_row_of_another_record_is_not_reached_through_this_one(client, scene_for, deed, what):
    client.force_login(make.user(Role.COORDINATOR))
    scene, mine = scene_for(), make.recommendation()
    before = state_of(scene.record)
    answer = client.post(reverse(f"desk:{deed}", args=[mine.code, getattr(scene, what).pk]), {"date": "2026-01-01"})
    assert answer.status_code == 404
    assert state_of(scene.record) == before


@pytest.mark.parametrize("deed", ["rename_view", "delete_view"])
def test_a_saved_list_of_somebody_else_is_not_there(client, deed):
    view = SavedView.objects.create(owner=make.user(Role.READER), name="Mine", query="?kind=pledge")
    client.force_login(make.user(Role.ADMINISTRATOR))
    assert client.post(reverse(f"desk:{deed}", args=[view.pk]), {"name": "Changed"}).status_code == 404
    assert model_to_dict(SavedView.objects.get()) == model_to_dict(view)


def test_a_bulk_change_is_no_import_and_an_import_no_bulk_change(client, scene_for):
    client.force_login(make.user(Role.COORDINATOR))
    scene = scene_for()
    before = dict(Batch.objects.values_list("key", "state"))
    of_sheet, of_change = ADDRESSES["desk:show_import"].arguments, ADDRESSES["desk:bulk_result"].arguments
    for name, address in ADDRESSES.items():
        if address.arguments in (of_sheet, of_change):
            wrong = scene.change if address.arguments is of_sheet else scene.sheet
            method = "GET" if "GET" in address.methods else "POST"
            assert client.generic(method, reverse(name, args=[wrong.key])).status_code == 404, name
    assert dict(Batch.objects.values_list("key", "state")) == before


@pytest.mark.parametrize("deed", ["link_recommendations", "merge_recommendations", "bulk_edit"])
def test_naming_a_hidden_record_in_a_form_is_like_naming_none(client, deed):
    client.force_login(make.user(Role.COORDINATOR))
    mine = make.recommendation()
    hidden = make.recommendation(added_by=unapplied())
    url = reverse(f"desk:{deed}", args=[] if deed == "bulk_edit" else [mine.code])
    answers = []
    for code in (hidden.code, MISSING):
        data = {"code": code, "codes": code, "relation": "repeats", "deed": "publish", "step": "apply", "count": "1"}
        answers.append(said(client.post(url, data, follow=True)))
    assert answers[0].replace(hidden.code, MISSING) == answers[1]
    assert not Link.objects.exists()
    assert not Event.objects.exclude(action="logged-in").exists()


@pytest.mark.parametrize("told", ["link", "merged"])
def test_the_history_of_an_open_record_names_no_restricted_one(client, told):
    by, mine = make.user(Role.COORDINATOR), make.institution("moj")
    record, secret = (
        make.recommendation(confidentiality="restricted"),
        make.recommendation(confidentiality="restricted"),
    )
    record.restricted_to.add(mine)
    secret.restricted_to.add(mine)
    if told == "link":
        structure.link_recommendations(recommendation=record, to=secret, relation="repeats", by=by)
    else:
        merging.merge_recommendations(into=record, others=[secret], by=by)
    Recommendation.objects.filter(pk=record.pk).update(confidentiality="public")
    pages = [reverse(f"desk:{name}", args=[record.code]) for name in ("record", "record_follow_up", "record_history")]
    for person, is_told in ((by, True), (make.user(Role.READER), False)):
        client.force_login(person)
        shown = [client.get(page).content.decode() for page in pages]
        assert (secret.code in shown[0]) == is_told
        assert (secret.code in "".join(shown)) == is_told
        assert (f"<dt>{told.capitalize()}</dt>" in shown[2]) == is_told


@pytest.mark.parametrize(("from_level", "into_level"), [("internal", "public"), ("restricted", "internal")])
def test_a_merge_does_not_open_what_is_confidential(from_level, into_level):
    secret, into = make.recommendation(confidentiality=from_level), make.recommendation(confidentiality=into_level)
    with pytest.raises(Refused, match="to more people. Set the same confidentiality for both"):
        merging.merge_recommendations(into=into, others=[secret], by=make.user(Role.COORDINATOR))
    into.refresh_from_db()
    assert merging.merge_recommendations(into=secret, others=[into], by=make.user(Role.COORDINATOR)) == secret


def test_a_merge_of_restricted_records_is_for_those_who_see_both():
    secret, into = (make.recommendation(confidentiality="restricted") for _number in range(2))
    into.restricted_to.add(make.institution("moj"), make.institution("mfa"))
    secret.restricted_to.add(make.institution("moj"))
    with pytest.raises(Refused, match="to more people. Set the same confidentiality for both"):
        merging.merge_recommendations(into=into, others=[secret], by=make.user(Role.COORDINATOR))
    assert merging.merge_recommendations(into=secret, others=[into], by=make.user(Role.COORDINATOR)) == secret
