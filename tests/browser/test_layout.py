"""Where words, numbers and columns are on a page, measured: in narrow windows, in tables and in Arabic."""

from datetime import date

import pytest
from django.urls import reverse

from servanda.people.access import Role
from servanda.people.models import HandOver
from servanda.recommendations.editing.indexing import reindex
from servanda.sources.models import Obligation
from servanda.vocab.models import Certainty
from tests import actions_make, make, obligation_make
from tests.follow_up_make import follow_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Strengthen efforts to prevent and punish domestic violence, to protect victims, and to train the police. " * 3
# Words of visible text that are on more than one line, apart from codes and addresses, which may break.
BROKEN = """main => {
  const found = [], texts = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const text = texts.currentNode, parent = text.parentElement;
    if (parent.closest(".visually-hidden, .code, .langtext, thead, svg, select")) continue;
    if (!parent.checkVisibility()) continue;
    for (const word of text.data.matchAll(/[^\\s\\u2013\\/-]+/g)) {
      const range = document.createRange();
      range.setStart(text, word.index);
      range.setEnd(text, word.index + word[0].length);
      const boxes = [...range.getClientRects()].filter((box) => box.width > 0);
      const [top, bottom] = [Math.min(...boxes.map((box) => box.top)), Math.max(...boxes.map((box) => box.bottom))];
      if (boxes.length > 1 && bottom - top > 1.6 * boxes[0].height) found.push(word[0]);
    }
  }
  return found;
}"""
EDGES = """values => values.map(value => {
  const range = document.createRange();
  range.selectNodeContents(value);
  return Math.round(range.getBoundingClientRect().right);
})"""


def broken(page) -> list[str]:
    return page.get_by_role("main").evaluate(BROKEN)


@pytest.fixture
def coordinator():
    return make.user(Role.COORDINATOR, name="Ana Primer")


@pytest.mark.parametrize(("name", "language"), [("follow_up", "fr"), ("obligations", "ar"), ("actions", "es")])
def test_no_word_and_no_number_is_broken_on_a_telephone(logged_in, coordinator, name, language):
    follow_up()
    ministry = make.institution("labour", name="Ministry of Labour, Family, Social Affairs and Equal Opportunities")
    owed = {"due_on": date(2027, 3, 24), "certainty": Certainty.ESTIMATE, "owner": ministry}
    obligation_make.obligation("Report on equality", **owed)
    actions_make.action("Train the police", lead=ministry, due_on=date(2026, 11, 18))
    page = logged_in(coordinator, reverse(f"desk:{name}"), width=360, language=language)
    assert broken(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") == 0


def test_the_text_is_the_widest_column_of_a_list_and_a_date_is_one_line(logged_in, coordinator):
    ministry = make.institution("labour", name="Ministry of Labour")
    record = make.recommendation(LONG, stand="supported", decide_by=date(2026, 11, 18))
    make.assignment(record, ministry, due_on=date(2026, 11, 18))
    actions_make.action(LONG[:100], lead=ministry, records=[record], due_on=date(2026, 11, 18))
    appointment = make.appointment(make.user(Role.PUBLIC), ministry, end=date(2026, 2, 1))
    made = HandOver.objects.create(appointment=appointment, to=make.user(Role.FOCAL_POINT, ministry))
    for address in (reverse("desk:hand_over", args=[made.pk]), reverse("desk:actions")):
        page = logged_in(coordinator, address)
        widths = "rows => rows.map(row => [...row.cells].map(cell => cell.getBoundingClientRect().width))"
        rows = page.locator(".list-table > tbody > tr").evaluate_all(widths)
        text = 1 if "hand-over" in address else 0
        assert rows
        assert all(row[text] == max(row) for row in rows)
        dates = page.locator(".list-table time")
        assert dates.count() > 0
        assert dates.evaluate_all("dates => dates.map(one => one.getClientRects().length)") == [1] * dates.count()


def test_on_a_telephone_the_bar_of_selected_records_is_one_line_and_has_all_actions(logged_in, coordinator):
    for number in range(3):
        make.recommendation(f"{number}: {LONG}", paragraph=f"140.{number}", stand="supported")
    page = logged_in(coordinator, reverse("desk:register"), width=360, language="fr", dark=True)
    page.locator("input[name=code]").first.check()
    bar = page.locator("[data-selection]")
    assert "1" in bar.locator("[role=status]").inner_text()
    assert bar.bounding_box()["height"] < 60
    assert page.locator("tr.result-row").first.bounding_box()["y"] < 600
    assert not bar.locator("input[name=all]").is_visible()
    bar.locator("summary").first.click()
    for control in ("input[name=all]", "[data-clear]", f"[formaction='{reverse('desk:assign_in_bulk')}']"):
        assert bar.locator(control).is_visible()


def test_values_in_latin_letters_begin_at_the_edge_of_the_others_in_arabic(logged_in, coordinator):
    place = make.institution("mfa", name="Ministry of Foreign Affairs")
    owed = obligation_make.obligation("Report on equality", due_on=date(2027, 3, 24), owner=place)
    Obligation.objects.filter(pk=owed.pk).update(note="Ask the mission in Geneva.")
    page = logged_in(coordinator, reverse("desk:obligation", args=[owed.code]), language="ar")
    assert len(set(page.locator(".facts").first.locator("> dd").evaluate_all(EDGES))) == 1


def test_the_text_of_a_deadline_is_beside_its_date_however_long_it_is(open_page):
    title = "Report on the measures taken to give effect to the recommendations of the Committee " * 3
    published = {"is_published": True, "confidentiality": Obligation.Confidentiality.PUBLIC}
    obligation_make.obligation(title[:250], due_on=date(2027, 3, 24), **published)
    page = open_page(reverse("portal:calendar") + "?year=2027")
    day, text = page.locator(".calendar-year time").first, page.locator(".calendar-year li > div").first
    assert text.bounding_box()["x"] >= day.bounding_box()["x"] + day.bounding_box()["width"]
    assert text.bounding_box()["height"] > 2 * day.bounding_box()["height"]


def test_on_a_telephone_the_action_of_an_item_is_beside_its_text(logged_in, coordinator):
    make.recommendation()  # else the desk shows its first steps only
    actions_make.action("Train the police", due_on=date(2026, 3, 18))
    page = logged_in(coordinator, reverse("desk:home"), width=360)
    item = page.locator(".desk-group .desk-items > li").first
    text, button = item.locator("div").first.bounding_box(), item.locator(".btn").first.bounding_box()
    assert button["x"] >= text["x"] + text["width"] - 1
    assert button["y"] < text["y"] + text["height"]


def test_a_word_that_was_found_is_marked_no_higher_than_its_line(open_page):
    record = make.recommendation(LONG)
    reindex([record.pk])
    page = open_page(f"{reverse('portal:register')}?q=violence", width=360, language="ar")
    mark = page.locator(".result-row mark").first
    height = mark.evaluate("mark => parseFloat(getComputedStyle(mark).backgroundSize.split(' ')[1])")
    line = mark.evaluate("mark => parseFloat(getComputedStyle(mark.parentElement).lineHeight)")
    assert 0 < height <= line
