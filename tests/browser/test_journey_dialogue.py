"""A dialogue from its announcement to its closure, in a browser, in English, its pages in Arabic too; also as an
institution that sees only its own point and question. Pages that a dialogue shares with a letter are shown by
test_journey_communication.py."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.proceedings.models import Draft, Proceeding
from servanda.recommendations.models import Cluster, ClusterMember
from tests import make
from tests.browser.walk import Walk, url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
DAY = timezone.localdate().isoformat()


def prepare(walk: Walk) -> Proceeding:
    """Entered, with dates, a delegation, points of which one begins with the register, and anticipated questions."""
    body = make.committee("CEDAW")
    cluster = Cluster.objects.create(name="Equal pay")
    ClusterMember.objects.create(cluster=cluster, recommendation=make.recommendation(body=body))
    page = walk.open(walk.coordinator, reverse("desk:add_proceeding"))
    page.locator(f"input[name=bodies][value='{body.pk}']").check()
    walk.fill(page, type="dialogue:committee", reference="CEDAW 90", title="Eighth report", received_on=DAY)
    dialogue = Proceeding.objects.get()
    named = {"row__0__institution": str(walk.place.pk), "row__1__institution": str(walk.beside.pk)}
    walk.post(walk.coordinator, url("set_named_institutions", dialogue), **named)
    walk.send(walk.coordinator, url("set_visit", dialogue), starts_on=DAY, ends_on=DAY)
    ask(walk, dialogue, 0, walk.place, "Which law?", "anticipated")
    ask(walk, dialogue, 1, walk.beside, "Which budget?", "anticipated")
    walk.post(walk.coordinator, url("take_step", dialogue, "shared"))
    walk.send(
        walk.coordinator,
        url("set_delegation", dialogue),
        row__0__name="Ana Delegate",
        row__0__role="Ambassador",
        row__0__languages="en, fr",
        row__0__is_head=True,
    )
    walk.press(walk.coordinator, dialogue.get_absolute_url(), "add_points", dialogue.key)
    walk.send(
        walk.coordinator,
        url("set_points", dialogue),
        row__0__institution=str(walk.place.pk),
        row__1__title="Budget for equality",
        row__1__institution=str(walk.beside.pk),
    )
    for step in ("prepared", "held"):
        walk.post(walk.coordinator, url("take_step", dialogue, step))
    return dialogue


def ask(walk: Walk, dialogue: Proceeding, row: int, place, text: str, origin: str) -> None:
    page = walk.open(walk.coordinator, url("set_questions", dialogue))
    page.locator(f"input[name=row-{row}-institutions][value='{place.pk}']").check()
    fields = {"number": str(row + 1), "text": text, "origin": origin}
    walk.fill(page, **{f"row__{row}__{name}": value for name, value in fields.items()})


def answer(walk: Walk, dialogue: Proceeding) -> None:
    """A question is asked during the dialogue; its institution writes, and sees nothing of the other."""
    ask(walk, dialogue, 2, walk.place, "How many women judges?", "room")
    page = walk.open(walk.writer, dialogue.get_absolute_url())
    seen = page.content()
    for own in ("Equal pay", "Which law?", "How many women judges?"):
        assert own in seen
    assert [
        hidden for hidden in ("Which budget?", "Budget for equality", "Finance", "Ana Delegate") if hidden in seen
    ] == []
    assert walk.faults(page) == []
    walk.post(walk.writer, url("save_draft", dialogue, "moj"), text="Forty.")
    draft = Draft.objects.get()
    walk.push(walk.writer, dialogue.get_absolute_url(), "submit_draft", draft.pk)
    walk.push(walk.authority, dialogue.get_absolute_url(), "validate_draft", draft.pk)


def reply(walk: Walk, dialogue: Proceeding) -> None:
    page = walk.send(walk.coordinator, url("write_reply", dialogue))
    assert "Forty." in page.content()
    walk.push(walk.coordinator, dialogue.get_absolute_url(), "start_clearance", dialogue.key)
    walk.push(walk.other, dialogue.get_absolute_url(), "clear_reply", dialogue.key)
    walk.post(walk.coordinator, url("take_step", dialogue, "cleared"))
    walk.post(walk.coordinator, url("record_dispatch", dialogue), replied_on=DAY, note_verbale="9/2026")
    walk.post(walk.coordinator, url("take_step", dialogue, "replied"))
    walk.post(walk.coordinator, url("record_outcome", dialogue), outcome="Observations are expected in March.")
    walk.send(walk.coordinator, url("take_step", dialogue, "closed"))


def test_a_dialogue_is_walked_from_its_announcement_to_its_closure(open_page, live_server, axe):
    walk = Walk(open_page, live_server, "en")
    dialogue = prepare(walk)
    answer(walk, dialogue)
    reply(walk, dialogue)
    assert [step.step for step in dialogue.steps.all()] == [step.code for step in dialogue.kind_facts.steps]
    page = walk.open(walk.coordinator, dialogue.get_absolute_url())
    assert walk.faults(page, axe) == []
