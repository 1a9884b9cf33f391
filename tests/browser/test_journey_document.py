"""The journey of a document: read, looked through, applied, labelled, beside what was asked before, and found."""

from datetime import date
from pathlib import Path

import docx
import pytest
from django.core.files import File
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import Instance
from servanda.recommendations.imports import pipeline
from servanda.recommendations.labels import learning
from servanda.recommendations.models import Cluster, FollowUp, Recommendation, Suggestion, Tagging
from servanda.recommendations.search import encoding
from servanda.sources.models import Obligation, ReadUnit
from servanda.vocab.models import Taxonomy
from tests import make
from tests.paths import SLOVENIA
from tests.prepared import put_vocabulary

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
OLDER = SLOVENIA / "upr3-thematic-list.docx"
SYMBOL = "CERD/C/SVN/CO/12"
WATER = "The State party should provide safe drinking water and sanitation to Roma who live in informal settlements."
# Own sentences. Two units swallow each other: "4" has two demands, and what begins "5." belongs to it.
PARAGRAPHS = (
    ("", "Committee on the Elimination of Racial Discrimination"),
    ("", "Concluding observations on the twelfth report of Slovenia"),
    ("1.", "The Committee considered the twelfth report at its meeting and adopted the present observations."),
    ("", "C. Principal areas of concern and recommendations"),
    ("2.", "The Committee is concerned that Roma children leave school early."),
    ("3.", "The Committee recommends that the State party:"),
    ("(a)", "Prevent early school leaving of Roma children and give them help with learning;"),
    ("(b)", "Prosecute hate speech on the Internet and in the media."),
    ("4.", f"{WATER} It should also provide shelters for women victims of domestic violence in every region."),
    ("5.", "It should train the staff of these shelters."),
    ("6.", "The report has a common core document that is out of date, and the Committee recommends to renew it."),
    ("", "Follow-up"),
    (
        "7.",
        "The Committee requests the State party to provide, within one year, information on the implementation of "
        "the recommendation in paragraph 3 (b) above.",
    ),
)


def written(path: Path) -> Path:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = SYMBOL
    for mark, text in PARAGRAPHS:
        if mark:
            document.add_paragraph(f"{mark}\t{text}")
        else:
            document.add_paragraph().add_run(text).bold = True
    document.save(str(path))
    return path


def older_cycle() -> None:
    """Slovenia's own list of the third cycle, and what is learned from its themes."""
    with OLDER.open("rb") as content:
        batch = pipeline.receive_file(file=File(content), name=OLDER.name, by=None)
    pipeline.claim(batch, accept_refused=False)
    pipeline.apply_batch(batch)
    encoding.encode_missing()
    assert learning.learn_taxonomy(Taxonomy.objects.get(code="uhri-theme"))


def unit_of(page, number: str):
    unit = ReadUnit.objects.filter(is_dropped=False, number=number).earliest("place")
    page.locator(f"#unit-{unit.pk}").get_by_role("link", name="Edit").click()
    area = page.locator(f"#unit-{unit.pk} textarea[name=text]")
    area.wait_for()
    return area


def look_through(page) -> None:
    """With the keyboard: split what was swallowed, join what belongs together, leave out what asks for nothing."""
    area = unit_of(page, "4")
    area.evaluate("it => { it.focus(); const at = it.value.indexOf('It should'); it.setSelectionRange(at, at); }")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    unit_of(page, "5").focus()
    with page.expect_navigation():
        page.keyboard.press("Alt+ArrowUp")
    unit_of(page, "6").focus()
    page.keyboard.press("Escape")
    page.wait_for_function("() => !document.querySelector('[data-unit] textarea')")
    page.keyboard.press("d")
    page.get_by_role("button", name="Include again 6").wait_for()
    kept = ReadUnit.objects.filter(is_dropped=False).values_list("number", flat=True)
    assert list(kept) == ["1", "2", "3(a)", "3(b)", "4", "4", "7"]
    assert not Recommendation.objects.filter(document__symbol=SYMBOL).exists()


def bring_in(page, path: Path) -> None:
    page.set_input_files("input[type=file]", path)
    page.get_by_role("button", name="Send and check").click()
    page.get_by_role("link", name="Review the units found").click()
    look_through(page)
    page.get_by_label("Date").fill("2026-03-02")
    page.get_by_role("button", name="Save document details").click()
    page.get_by_label("The numbering is correct").check()
    page.get_by_role("button", name="Confirm and compare with the register").click()
    page.get_by_role("link", name="5 New").wait_for()
    page.get_by_role("heading", name="1 obligation will be added").wait_for()
    page.get_by_label("Publish at once").check()
    page.get_by_role("button", name="Apply", exact=True).click()
    page.get_by_role("button", name="Undo this import").wait_for()


def unfold(page, words: str) -> None:
    """What opens with a click, and not the help that quotes its words."""
    page.get_by_role("main").locator("summary").and_(page.get_by_text(words, exact=True)).click()


def label(page) -> None:
    """All from one probability on, after a preview; the machine's labels count only then."""
    page.goto(f"{reverse('desk:suggestions')}?taxonomy=uhri-theme")
    unfold(page, "Accept by probability")
    page.get_by_role("link", name="Preview").first.click()
    page.get_by_role("button", name="Apply").click()
    page.get_by_role("button", name="Undo").wait_for()


def cluster(page, record: Recommendation) -> None:
    page.goto(reverse("desk:record", args=[record.code]))
    unfold(page, "More")
    page.get_by_role("link", name="Add to a cluster").click()
    page.get_by_label("Similarity of records in a cluster").fill("0.8")
    page.get_by_role("button", name="Show").click()
    proposal = page.locator("fieldset", has=page.get_by_role("checkbox", name=record.code))
    proposal.get_by_label("Name").fill("Water in Roma settlements")
    proposal.get_by_role("button", name="Create this cluster").click()
    page.get_by_role("heading", name="Water in Roma settlements").wait_for()


def test_a_document_is_read_labelled_clustered_and_found_in_another_language(logged_in, tmp_path):
    put_vocabulary()
    Instance.objects.create(pk=1, name="Office", state_code="SVN", languages="en,es")
    older_cycle()
    coordinator = make.user(Role.COORDINATOR)
    page = logged_in(coordinator, reverse("desk:imports"))
    bring_in(page, written(tmp_path / "observations.docx"))

    records = {record.paragraph: record for record in Recommendation.objects.filter(document__symbol=SYMBOL)}
    water = Recommendation.objects.get(texts__text=WATER)
    page.goto(f"{reverse('desk:register')}?follow-up=asked")
    page.get_by_role("link", name=records["3(b)"].code).first.wait_for()
    follow_up = FollowUp.objects.get(recommendation=records["3(b)"])
    assert (follow_up.words, follow_up.due_on) == ("within one year", date(2027, 3, 2))
    reply = Obligation.objects.kept().get()
    assert (reply.kind, reply.paragraph, reply.due_on) == ("follow-up", "7", date(2027, 3, 2))

    label(page)
    taggings = Tagging.objects.current().filter(recommendation__document__symbol=SYMBOL, origin="person")
    assert {tagging.said_by for tagging in taggings} == {coordinator}
    accepted = Suggestion.objects.filter(state="accepted", recommendation__document__symbol=SYMBOL)
    assert accepted.count() == taggings.count()

    cluster(page, water)
    bodies = set(Cluster.objects.get().members.values_list("recommendation__review__body__code", flat=True))
    assert {"UPR"} < bodies

    page.goto(reverse("portal:register"))
    page.get_by_role("main").get_by_role("searchbox").fill(
        "¿Qué se pidió sobre el agua potable en los asentamientos romaníes?"
    )
    page.keyboard.press("Enter")
    page.wait_for_url("**q=**")  # the list before the search has the text as well
    page.get_by_role("main").get_by_text(WATER).wait_for()
    assert water.code in " ".join(page.get_by_role("main").locator("tbody tr").all_inner_texts()[:3])
