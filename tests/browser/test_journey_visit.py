"""A visit from its announcement to its closure, in a browser, in Arabic, its pages in English too; also as an
institution that sees only its own meetings and writes its own comments. Pages that a visit shares with a case are
shown by test_journey_case.py."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.proceedings.models import Draft, Proceeding
from servanda.sources.models import Document
from servanda.vocab.models import Body
from tests import make, progress_make
from tests.browser.walk import Walk, url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TODAY = timezone.localdate()
DAY = TODAY.isoformat()
NOTE = "A note of the mechanism"
FILE = {"name": "draft.csv", "mimeType": "text/csv", "buffer": progress_make.file().read()}


def prepare(walk: Walk) -> Proceeding:
    """Entered, answered, with its dates and a meeting of each institution."""
    body = make.body("SPT", Body.Kind.TREATY_BODY)
    page = walk.open(walk.coordinator, reverse("desk:add_proceeding"))
    page.locator(f"input[name=bodies][value='{body.pk}']").check()
    walk.fill(page, type="visit:prevention", reference="SPT 2026", title="Visit to prisons", received_on=DAY)
    visit = Proceeding.objects.get()
    named = {"row__0__institution": str(walk.place.pk), "row__1__institution": str(walk.beside.pk)}
    walk.post(walk.coordinator, url("set_named_institutions", visit), **named)
    dates = {"answer": "unasked", "answered_on": DAY, "starts_on": DAY, "ends_on": DAY}
    walk.send(walk.coordinator, url("set_visit", visit), **dates)
    walk.post(walk.coordinator, url("take_step", visit, "answered"))
    rows = {}
    for number, (place, title) in enumerate(((walk.place, "Central prison"), (walk.beside, "Budget of prisons"))):
        rows |= {f"row__{number}__on": DAY, f"row__{number}__at": "09:30", f"row__{number}__title": title}
        rows |= {f"row__{number}__institution": str(place.pk), f"row__{number}__note": NOTE}
    walk.send(walk.coordinator, url("set_programme", visit), **rows)
    for step in ("prepared", "held"):
        walk.post(walk.coordinator, url("take_step", visit, step))
    return visit


def comment(walk: Walk, visit: Proceeding) -> None:
    """The draft report arrives; one institution comments, and sees nothing of the other."""
    walk.send(walk.coordinator, url("add_proceeding_file", visit), kind="report", file=FILE)
    walk.post(walk.coordinator, url("take_step", visit, "shared"))
    page = walk.open(walk.writer, visit.get_absolute_url())
    seen = page.content()
    assert "Central prison" in seen
    assert [hidden for hidden in ("Budget of prisons", "Finance", NOTE, "draft.csv") if hidden in seen] == []
    assert walk.faults(page) == []
    walk.post(walk.writer, url("save_draft", visit, "moj"), text="Paragraph 12 is out of date.")
    draft = Draft.objects.get()
    walk.push(walk.writer, visit.get_absolute_url(), "submit_draft", draft.pk)
    walk.push(walk.authority, visit.get_absolute_url(), "validate_draft", draft.pk)


def reply(walk: Walk, visit: Proceeding) -> None:
    page = walk.open(walk.coordinator, url("set_programme", visit))
    walk.fill(page, row__1__on="", row__1__title="")
    walk.post(walk.coordinator, url("set_named_institutions", visit), row__0__institution="")
    walk.post(walk.coordinator, url("write_reply", visit))
    walk.push(walk.coordinator, visit.get_absolute_url(), "start_clearance", visit.key)
    walk.push(walk.other, visit.get_absolute_url(), "clear_reply", visit.key)
    walk.post(walk.coordinator, url("take_step", visit, "cleared"))
    walk.post(walk.coordinator, url("record_dispatch", visit), replied_on=DAY, note_verbale="7/2026")
    walk.post(walk.coordinator, url("take_step", visit, "replied"))


def publish(walk: Walk, visit: Proceeding) -> None:
    """Only after the State has authorised it; then the report is linked in the register."""
    walk.send(walk.coordinator, url("record_publication", visit), published_on=DAY)
    visit.refresh_from_db()
    assert visit.published_on is None
    walk.send(walk.coordinator, url("set_visit", visit), authorised_on=DAY)
    walk.send(walk.coordinator, url("record_publication", visit), published_on=DAY)
    walk.post(walk.coordinator, url("take_step", visit, "published"))
    Document.objects.create(symbol="CAT/OP/SVN/1")
    walk.send(walk.coordinator, url("link_report", visit), symbol="CAT/OP/SVN/1")
    walk.post(walk.coordinator, url("take_step", visit, "imported"))
    walk.post(walk.coordinator, url("record_outcome", visit), outcome="Recommendations are followed up.")
    walk.send(walk.coordinator, url("take_step", visit, "closed"))


def test_a_visit_is_walked_from_its_announcement_to_its_closure(open_page, live_server, axe):
    walk = Walk(open_page, live_server, "ar")
    visit = prepare(walk)
    comment(walk, visit)
    reply(walk, visit)
    publish(walk, visit)
    assert [step.step for step in visit.steps.all()] == [step.code for step in visit.kind_facts.steps]
    for path in (visit.get_absolute_url(), reverse("desk:proceedings")):
        page = walk.open(walk.coordinator, path)
        assert walk.faults(page, axe) == []
