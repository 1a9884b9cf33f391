"""A judgment from its arrival to its closure, in a browser, in Arabic, its pages in English too; also as an
institution that sees only its own measure."""

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.people.models import Instance
from servanda.proceedings.models import Draft, Proceeding
from servanda.progress.models import Voice
from servanda.recommendations.models import OrderedMeasure, Recommendation
from servanda.vocab.models import Body
from tests import assessing_make, make
from tests import proceedings_make as made
from tests.browser.walk import Walk, url

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TODAY = timezone.localdate()
DAY = TODAY.isoformat()
NOTE = "A note of the mechanism"


def prepare(walk: Walk) -> Proceeding:
    """Entered, decided and final; its deadline follows the rule."""
    made.shipped_rule("echr-action-plan")
    body = made.court()
    Body.objects.filter(pk=body.pk).update(assesses=True)
    make.country()
    Instance.objects.create(pk=1, name="Office", state_code="SVN", languages="en,ar")
    page = walk.open(walk.coordinator, reverse("desk:add_proceeding"))
    page.locator(f"input[name=bodies][value='{body.pk}']").check()
    walk.fill(page, type="case-european:judgment", reference="1234/20", title="A. v. Slovenia", received_on=DAY)
    case = Proceeding.objects.get()
    facts = {"applicants": "A.B.", "decided_on": DAY, "articles": "3, 13", "standing": "leading"}
    walk.send(walk.coordinator, url("set_case", case), **facts, supervision="enhanced")
    walk.send(walk.coordinator, url("take_step", case, "decided"))
    walk.post(walk.coordinator, url("set_case", case), final_on=DAY)
    walk.post(walk.coordinator, url("take_step", case, "final"))
    case.refresh_from_db()
    assert case.due_on == case.rule().day_after(TODAY)
    return case


def order(walk: Walk, case: Proceeding) -> None:
    """Two measures of one judgment; each is open to the institution named when it was added."""
    for place, rows in (
        (
            walk.place,
            {"row__0__paragraph": "3", "row__0__text": "Reopen the investigation.", "row__0__type": "investigation"},
        ),
        (walk.beside, {"row__0__paragraph": "4", "row__0__text": "Pay the applicant.", "row__0__type": "payment"}),
    ):
        walk.send(walk.coordinator, url("set_named_institutions", case), row__0__institution=str(place.pk))
        money = {"row__0__amount": "9000", "row__0__currency": "EUR"} if "payment" in rows.values() else {}
        walk.send(walk.coordinator, url("add_case_measures", case), language="en", **rows, **money)
    walk.post(walk.coordinator, url("set_named_institutions", case), row__0__institution=str(walk.place.pk))
    walk.post(walk.coordinator, url("take_step", case, "shared"))
    entry = {"row__0__type": "action-plan", "row__0__on": DAY, "row__0__note": NOTE}
    walk.send(walk.coordinator, url("set_case_course", case), **entry)


def answer(walk: Walk, case: Proceeding) -> None:
    """The institution sees its own measure, and nothing of the other one or of the mechanism."""
    page = walk.open(walk.writer, case.get_absolute_url())
    seen = page.content()
    assert "Reopen the investigation." in seen
    assert [hidden for hidden in ("Pay the applicant.", "9,000", "Finance", NOTE) if hidden in seen] == []
    assert walk.faults(page) == []
    walk.send(walk.writer, url("save_draft", case, "moj"), text="The investigation was reopened.")
    draft = Draft.objects.get()
    walk.press(walk.writer, case.get_absolute_url(), "submit_draft", draft.pk)
    walk.press(walk.authority, case.get_absolute_url(), "validate_draft", draft.pk)
    walk.send(walk.coordinator, url("write_reply", case))
    walk.press(walk.coordinator, case.get_absolute_url(), "start_clearance", case.key)
    walk.press(walk.other, case.get_absolute_url(), "clear_reply", case.key)
    walk.post(walk.coordinator, url("take_step", case, "cleared"))
    walk.send(walk.coordinator, url("record_dispatch", case), replied_on=DAY, note_verbale="7/2026")
    walk.post(walk.coordinator, url("take_step", case, "replied"))


def close(walk: Walk, case: Proceeding) -> None:
    """Closed only once the payment has its day, the body has assessed both measures, and it has resolved so."""
    rows = {}
    for number, entry in enumerate(("committee-decision", "action-report", "final-resolution"), 1):
        rows |= {f"row__{number}__type": entry, f"row__{number}__on": DAY}
    walk.send(walk.coordinator, url("set_case_course", case), **rows)
    walk.post(walk.coordinator, url("take_step", case, "examined"))
    walk.send(walk.coordinator, url("record_outcome", case), outcome="Closed by final resolution.")
    page = walk.open(walk.coordinator, case.get_absolute_url())
    assert page.locator(f"a[href='{url('take_step', case, 'closed')}']").count() == 0
    payment = OrderedMeasure.objects.get(type="payment")
    form = reverse("desk:set_measure_facts", args=[payment.recommendation.code])
    walk.send(walk.coordinator, form, paid_on=DAY)
    grade = {"grade": str(assessing_make.grade("full", Voice.MECHANISM).pk), "symbol": "CM/ResDH(2026)1"}
    for record in Recommendation.every_kind.all():
        form = reverse("desk:enter_grade", args=[record.code])
        walk.send(walk.coordinator, form, **grade, date=DAY, reason="Carried out.", is_published=True)
    walk.send(walk.coordinator, url("take_step", case, "closed"))


def test_a_judgment_is_walked_from_its_arrival_to_its_closure(open_page, live_server, axe):
    walk = Walk(open_page, live_server, "ar")
    case = prepare(walk)
    order(walk, case)
    answer(walk, case)
    close(walk, case)
    optional = {step.code for step in case.kind_facts.steps if step.is_optional} - {"examined"}
    expected = [step.code for step in case.kind_facts.steps if step.code not in optional]
    assert [step.step for step in case.steps.all()] == expected
    for path in (case.get_absolute_url(), reverse("desk:ordered_measures")):
        page = walk.open(walk.coordinator, path)
        assert walk.faults(page, axe) == []
