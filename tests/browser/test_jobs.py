"""The daily jobs, each begun at the desk or at the front door and done by following the pages alone. A press is a
click on a link, a button or a box; what is written into a form is not counted. The words of the pages are not read:
each job is done here in one look, and in every language, width and theme by every_look.py."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.planning.models import Assignment
from servanda.progress.assessments.scales import load_scales
from servanda.progress.contributions.answering import accept_contribution
from servanda.progress.models import Contribution, InputRound, Update
from servanda.recommendations.editing.indexing import reindex
from servanda.recommendations.editing.texts import write_text
from tests import assessing_make, make, progress_make, rounds_make

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
TODAY = timezone.localdate()


class Walk:
    """A person at a page, who only presses what is shown there."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def find(self, css: str, words: str = ""):
        found = self.page.locator(f"main {css}")
        return (found.filter(has_text=words) if words else found).locator("visible=true").first

    def press(self, css: str, words: str = "") -> "Walk":
        self.find(css, words).click()
        self.presses += 1
        return self

    def press_if_shown(self, css: str) -> "Walk":
        """What a narrow page folds away is opened first."""
        return self.press(css) if self.page.locator(f"main {css}").is_visible() else self

    def enter(self, css: str, words: str) -> None:
        self.find(css).fill(words)

    def choose(self, css: str, value: str) -> None:
        self.find(css).select_option(value)

    def ends_with(self, is_done: Callable[[], bool]) -> bool:
        """Whether the last press has its effect within half a minute."""
        for _try in range(300):
            if is_done():
                return True
            self.page.wait_for_timeout(100)
        return False

    def reads(self, words: str) -> bool:
        self.page.get_by_role("main").get_by_text(words).first.wait_for()
        return self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def link(name: str, *args) -> str:
    return f'a[href^="{reverse(name, args=args)}"]'


def assign_ten_leads(walk_of) -> int:
    ministry = make.institution("justice", name="Ministry of Justice")
    for _number in range(10):
        make.recommendation(stand="supported")
    walk = walk_of(make.user(Role.COORDINATOR), reverse("desk:home"))
    walk.press('a[href$="lead=-"]')
    walk.press("[data-select-page]")
    walk.press_if_shown(".selection-fold > summary")
    walk.press(f'button[formaction="{reverse("desk:assign_in_bulk")}"]')
    walk.choose("select[name=institution]", str(ministry.pk))
    walk.press("form button.btn-primary")
    walk.press("button[value=apply]")
    assert walk.ends_with(lambda: Assignment.objects.filter(institution=ministry, part="lead").count() == 10)
    return walk.presses


def answer_a_request(walk_of) -> int:
    ministry = make.institution("justice", name="Ministry of Justice")
    rounds_make.request(ministry, due_on=TODAY + timedelta(days=3), asked_on=TODAY)
    walk = walk_of(make.user(Role.FOCAL_POINT, ministry), reverse("desk:home"))
    walk.press(".desk-asked button")
    walk.enter("textarea[name=text]", "The law is in force since May.")
    walk.press("form button[value=submit]")
    assert walk.ends_with(lambda: Update.objects.get().state == Update.State.SUBMITTED)
    return walk.presses


def open_a_round(walk_of) -> int:
    ministry = make.institution("justice", name="Ministry of Justice")
    make.user(Role.FOCAL_POINT, ministry)
    record = make.recommendation()
    Assignment.objects.create(recommendation=record, institution=ministry, part="lead", since=TODAY)
    walk = walk_of(make.user(Role.COORDINATOR), reverse("desk:home"))
    walk.press(link("desk:open_round"))
    walk.press(".record-choices a")
    walk.enter("input[name=title]", "Autumn")
    walk.enter("input[name=due_on]", (TODAY + timedelta(days=30)).isoformat())
    walk.press("form button.btn-primary")
    walk.press("button[value=apply]")
    assert walk.ends_with(lambda: InputRound.objects.filter(title="Autumn").exists())
    return walk.presses


def read_a_status(walk_of) -> int:
    record = make.recommendation("End child marriage in law and in practice.")
    reindex([record.pk])
    assessing_make.assessment(record)
    walk = walk_of(None, "/")
    walk.enter("form[role=search] input[type=search]", "child marriage")
    walk.press("form[role=search] button")
    walk.find(".status-mark.mark-partial").wait_for()
    return walk.presses


def return_an_update(walk_of) -> int:
    ministry, record = make.institution("justice", name="Ministry of Justice"), make.recommendation()
    Assignment.objects.create(recommendation=record, institution=ministry, part="lead", since=TODAY)
    writer = make.user(Role.FOCAL_POINT, ministry)
    update = progress_make.update(record, ministry, state="submitted", written_by=writer)
    walk = walk_of(make.user(Role.AUTHORITY, ministry), reverse("desk:home"))
    walk.press(link("desk:update", update.pk))
    walk.enter(f'form[action="{reverse("desk:return_update", args=[update.pk])}"] textarea', "What has changed?")
    walk.press(f'form[action="{reverse("desk:return_update", args=[update.pk])}"] button')
    assert walk.ends_with(lambda: Update.objects.get().state == Update.State.RETURNED)
    return walk.presses


def send_a_contribution(walk_of) -> int:
    """And read the answer, which the secretariat has written before the second visit."""
    load_scales()
    record, nhri = make.recommendation(), make.user(Role.CONTRIBUTOR, make.institution("nhri"))
    walk = walk_of(nhri, reverse("desk:home"))
    walk.press(link("desk:contribute"))
    walk.enter("input[name=records_words]", record.code)
    walk.press(".picker-rows input")
    walk.enter("textarea[name=text]", "Complaints take a year.")
    walk.press("form button.btn-primary")
    assert walk.ends_with(Contribution.objects.exists)
    sent = Contribution.objects.get()
    accept_contribution(contribution=sent, answer="It is now part of the file.", by=make.user(Role.COORDINATOR))
    walk.page.goto(reverse("desk:home"))
    walk.press('a[href$="mine=1"]')
    walk.press(link("desk:contribution", sent.pk))
    assert walk.reads("It is now part of the file.")
    return walk.presses


def find_who_changed_a_text(walk_of) -> int:
    record, editor = make.recommendation("End child marriage."), make.user(Role.COORDINATOR, name="Edda Editor")
    text = record.texts.get()
    write_text(
        recommendation=record,
        version=record.version,
        language=text.language,
        form=text.form,
        text="End child marriage in law.",
        is_original=True,
        is_machine=False,
        is_reviewed=False,
        source="A/HRC/59/15",
        by=editor,
    )
    walk = walk_of(make.user(Role.AUDITOR), reverse("desk:home"))
    walk.enter("form[role=search] input[type=search]", "child marriage")
    walk.press("form[role=search] button")
    walk.press(link("desk:record", record.code))
    walk.press(".side-panel a.btn-primary")
    walk.press(link("desk:record_history", record.code))
    assert walk.reads("Edda Editor")
    return walk.presses


def find_a_mail_that_failed(walk_of) -> int:
    make.recommendation()
    make.user(Role.FOCAL_POINT, make.institution("justice"), email="fran@example.org")
    Mail.objects.create(
        to="fran@example.org",
        subject="Reminder",
        body="",
        problem="550 No such mailbox",
        tries=8,
        next_try=timezone.now(),
    )
    walk = walk_of(make.user(Role.ADMINISTRATOR), reverse("desk:home"))
    walk.press(".desk-system summary")
    assert walk.reads("550 No such mailbox")
    return walk.presses


def see_what_is_late(walk_of) -> int:
    ministry, record = make.institution("justice", name="Ministry of Justice"), make.recommendation("End torture.")
    due_on = TODAY - timedelta(days=9)
    Assignment.objects.create(
        recommendation=record, institution=ministry, part="lead", since=due_on - timedelta(days=90), due_on=due_on
    )
    walk = walk_of(make.user(Role.READER), reverse("desk:home"))
    walk.press(link("desk:brief"))
    walk.press(".brief-attention a")
    assert walk.reads("End torture.")
    return walk.presses


# Each job, and with how many presses it is done at most.
JOBS: dict[Callable, int] = {
    assign_ten_leads: 6,
    answer_a_request: 3,
    open_a_round: 5,
    read_a_status: 2,
    return_an_update: 2,
    send_a_contribution: 5,
    find_who_changed_a_text: 4,
    find_a_mail_that_failed: 1,
    see_what_is_late: 2,
}
LOOKS = [
    {"language": language, "width": width, "dark": dark}
    for width, dark in ((1366, False), (360, True), (360, False), (1366, True))
    for language in ("en", "es", "ar")
]


def do_job(job: Callable, look: dict, logged_in, open_page) -> int:
    """How many presses it took."""

    def walk_of(person, path: str) -> Walk:
        return Walk(logged_in(person, path, **look) if person else open_page(path, **look))

    return job(walk_of)


@pytest.mark.parametrize(("job", "look"), list(zip(JOBS, LOOKS, strict=False)))
def test_a_job_is_done_with_few_presses(logged_in, open_page, job, look):
    assert do_job(job, look, logged_in, open_page) <= JOBS[job]
