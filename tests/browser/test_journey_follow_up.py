"""The life of a recommendation, from the file that brings it to the page where two voices disagree about it."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from servanda.jobs.models import Mail
from servanda.people.access import Role
from servanda.planning.models import Action, Indicator
from servanda.progress.assessments.scales import load_scales
from servanda.progress.models import Assessment, Contribution, Update
from servanda.recommendations.models import Recommendation, Stand
from tests import make
from tests.browser.walk import cookie_of
from tests.paths import SOURCES
from tests.prepared import put_vocabulary

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
EXPORT = SOURCES / "uhri_export.json"
TODAY = timezone.localdate()


class People:
    """Everyone with a browser of their own; each looks at one page after the other."""

    def __init__(self, open_page, live_server):
        self.open_page, self.server, self.pages = open_page, live_server.url, {}
        ministry = make.institution("justice", name="Ministry of Justice")
        self.coordinator = make.user(Role.COORDINATOR, name="Cora Coordinator")
        self.focal_point = make.user(Role.FOCAL_POINT, ministry, name="Fran Focal", email="fran@example.org")
        self.authority = make.user(Role.AUTHORITY, ministry, name="Vera Authority")
        self.nhri = make.user(Role.CONTRIBUTOR, make.institution("nhri", name="Ombudsman"), name="Nora Nhri")

    def at(self, person, path: str, *, width: int = 1366):
        if (person, width) in self.pages:
            self.pages[person, width].goto(path)
        else:
            cookies = (cookie_of(person, self.server),)
            self.pages[person, width] = self.open_page(path, width=width, cookies=cookies)
        return self.pages[person, width].get_by_role("main")


def send(main, name: str) -> None:
    main.get_by_role("button", name=name, exact=True).click()


def import_file(people: People) -> Recommendation:
    main = people.at(people.coordinator, reverse("desk:imports"))
    main.locator("input[type=file]").set_input_files(EXPORT)
    send(main, "Send and check")
    main.get_by_label("Publish at once").check()
    send(main, "Apply")
    return Recommendation.objects.public().filter(stand=Stand.SUPPORTED).order_by("order_key").first()


def assign(people: People, record: Recommendation) -> None:
    main = people.at(people.coordinator, reverse("desk:assign_institutions", args=[record.code]))
    main.get_by_label("Lead", exact=True).select_option(label="Ministry of Justice")
    main.get_by_label("Due", exact=True).fill((TODAY + timedelta(days=60)).isoformat())
    send(main, "Save")


def take_a_position(people: People, record: Recommendation) -> None:
    """The institution proposes, the coordinator decides."""
    main = people.at(people.focal_point, reverse("desk:propose_position", args=[record.code]))
    main.get_by_label("Supported in part", exact=True).check()
    main.get_by_label("Comment for the State's answer").fill("The law first; the protocol after it.")
    send(main, "Send")
    main = people.at(people.coordinator, reverse("desk:settle_position", args=[record.code]))
    main.get_by_label("Supported in part", exact=True).check()
    main.get_by_label("Comment for the State's answer").fill("The law first; the protocol after it.")
    main.get_by_label("Decided on").fill(TODAY.isoformat())
    send(main, "Save")
    record.refresh_from_db()
    assert record.stand == Stand.PARTLY


def plan(people: People, record: Recommendation) -> Indicator:
    """The institution plans an action, and the coordinator says what will show whether it helped."""
    main = people.at(people.focal_point, f"{reverse('desk:add_action')}?record={record.code}")
    main.get_by_label("Title", exact=True).fill("A law on complaints")
    send(main, "Save")
    action = Action.objects.get()
    assert list(action.recommendations.all()) == [record]
    main = people.at(people.coordinator, f"{reverse('desk:add_indicator')}?recommendation={record.code}")
    main.get_by_label("Reference", exact=True).fill("COMPLAINTS")
    main.get_by_label("Name", exact=True).fill("Complaints that were answered")
    main.get_by_label("Type", exact=True).select_option("outcome")
    actions = main.get_by_role("group", name="Linked actions")
    actions.get_by_label("Search by words or reference").fill("complaints")
    actions.get_by_label(action.code).check()
    send(main, "Save")
    indicator = Indicator.objects.get()
    assert list(indicator.actions.all()) == [action]
    return indicator


def ask(people: People, record: Recommendation) -> None:
    """A round of questions, and the mail that reminds of it."""
    main = people.at(people.coordinator, f"{reverse('desk:open_round')}?lead=justice")
    main.get_by_label("Title", exact=True).fill("Autumn")
    main.get_by_label("Deadline").fill((TODAY + timedelta(days=1)).isoformat())
    send(main, "Preview")
    send(main, "Open the round")
    main.get_by_role("button", name="Send reminder").click()
    main.get_by_text("Reminder sent to 1 person.").wait_for()
    assert "Autumn" in Mail.objects.get(to="fran@example.org").body


def write(people: People, text: str) -> Update:
    """On the telephone, from the list of what is asked to the deed that hands it in."""
    main = people.at(people.focal_point, reverse("desk:asked"), width=360)
    main.get_by_role("button", name="Answer").click()
    main.get_by_label("Steps taken and results").fill(text)
    assert main.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    send(main, "Save and submit")
    return Update.objects.get(state=Update.State.SUBMITTED)


def answer(people: People) -> Update:
    """The authority returns the first answer, and approves the second; then everyone may read it."""
    update = write(people, "We work on it.")
    main = people.at(people.authority, update.get_absolute_url())
    main.get_by_label("Reason").fill("Say what has changed for people.")
    send(main, "Return with this reason")
    main = people.at(people.focal_point, reverse("desk:save_update", args=[update.pk]), width=360)
    main.get_by_text("Say what has changed for people.").wait_for()
    main.get_by_label("Steps taken and results").fill("The law is in force; 40 complaints were answered.")
    send(main, "Save and submit")
    send(people.at(people.authority, update.get_absolute_url()), "Approve")
    send(people.at(people.coordinator, update.get_absolute_url()), "Publish")
    update.refresh_from_db()
    assert update.state == Update.State.PUBLISHED
    return update


def assess(people: People, record: Recommendation, indicator: Indicator) -> None:
    """What was done is no outcome: the upper step is refused until there is a value of an outcome indicator."""
    page = reverse("desk:assess", args=[record.code])
    main = people.at(people.coordinator, page)
    main.get_by_label("Value", exact=True).select_option(label="Substantially implemented")
    main.get_by_label("Reason", exact=True).fill("Complaints are answered.")
    main.get_by_label("Publish at once").check()
    send(main, "Save")
    main.get_by_text("” requires evidence of an outcome that supports it, or a").first.wait_for()
    assert not Assessment.objects.exists()

    main = people.at(people.coordinator, reverse("desk:measure", args=[indicator.code]))
    main.get_by_label("From", exact=True).fill("2025-01-01")
    main.get_by_label("Until", exact=True).fill("2025-12-31")
    main.get_by_label("Value", exact=True).fill("40")
    send(main, "Save")
    main = people.at(people.coordinator, page)
    main.get_by_label("Value", exact=True).select_option(label="Substantially implemented")
    main.get_by_label("Reason", exact=True).fill("Complaints are answered.")
    main.get_by_label("Publish at once").check()
    main.get_by_role("group", name="Indicator values").get_by_role("checkbox").first.check()
    send(main, "Save")
    assert Assessment.objects.get().common == "substantial"


def disagree(people: People, record: Recommendation) -> None:
    """The national human-rights institution says otherwise, with what shows it, and is answered."""
    main = people.at(people.nhri, f"{reverse('desk:contribute')}?about={record.code}")
    main.get_by_label("Your contribution").fill("Most complaints wait for a year.")
    main.get_by_label("Your rating").select_option(label="First steps only (Started)")
    main.get_by_label("Supporting links").fill("https://example.org/report")
    main.get_by_label("Make this evidence public").check()
    send(main, "Send")
    contribution = Contribution.objects.get()
    main = people.at(people.coordinator, reverse("desk:accept_contribution", args=[contribution.pk]))
    send(main, "Accept")
    contribution.refresh_from_db()
    assert contribution.state == Contribution.State.ACCEPTED


def test_a_recommendation_is_followed_from_the_file_to_two_voices_that_disagree(open_page, live_server):
    put_vocabulary()
    load_scales()
    people = People(open_page, live_server)
    record = import_file(people)
    assign(people, record)
    take_a_position(people, record)
    indicator = plan(people, record)
    ask(people, record)
    update = answer(people)
    assess(people, record, indicator)
    disagree(people, record)

    main = people.at(people.coordinator, reverse("desk:follow_up"))
    main.get_by_role("link", name="1 With differing assessments").click()
    main.get_by_role("link", name=record.code).first.wait_for()
    outside = open_page(record.get_absolute_url()).get_by_role("main")
    for words in (update.text, "Complaints are answered.", "Most complaints wait for a year."):
        outside.get_by_text(words).first.wait_for()
