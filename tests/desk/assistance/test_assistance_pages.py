"""From a gap of a self-assessment to assistance that was useful, page by page."""

import pytest
from django.urls import reverse

from servanda.network.models import Assistance, Cooperation, Mission
from servanda.trail.models import Event
from tests import make, network_make
from tests.house.answers import body_of, source_of
from tests.house.test_query_budget import MOST, asked

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client):
    return make.signed_in(client, "coordinator")


@pytest.fixture
def own():
    return network_make.profile("Commission", is_own=True)


def send(client, kind: str, mechanism, **fields):
    sent = {"mechanism": mechanism.pk, "title": "Clustering", "text": "How.", "forms": ["advice"], "languages": "en"}
    return client.post(reverse("desk:add_assistance", args=[kind]), sent | fields, follow=True)


def press(client, assessment, question: str = "consult.nhri", form: str = "advice"):
    return client.post(reverse("desk:request_for_gap", args=[assessment.key, question, form]), follow=True)


@pytest.mark.parametrize(("form", "label"), [("advice", "Advice"), ("training", "Training")])
def test_a_gap_becomes_a_request_with_one_press_and_undo_is_offered(client, coordinator, own, form, label):
    gaps = network_make.self_assessment(own, level=1, completed_at="2026-03-02T10:00:00Z")
    address = reverse("desk:request_for_gap", args=[gaps.key, "consult.nhri", form])
    assert f'action="{address}"' in source_of(client.get(gaps.get_absolute_url()))
    page = source_of(press(client, gaps, form=form))
    request = Assistance.objects.get()
    assert (request.kind, request.forms) == ("request", form)
    assert (request.gap, request.capacity) == ("consult.nhri", "consult")
    assert request.title.startswith(f"{label}: The national human rights institution is consulted")
    assert request.text.startswith("Support so that: The national human rights institution is consulted")
    assert request.background.startswith("Self-assessment of 1 March 2026: In preparation.")
    assert f"Open request: <bdi>{label}</bdi>" in page
    assert f'action="{address}"' not in page
    undo = reverse("desk:undo_request_for_gap", args=[gaps.key, request.key])
    assert undo in page
    answer = client.post(undo, follow=True)
    assert answer.redirect_chain == [(gaps.get_absolute_url(), 302)]
    page = source_of(answer)
    assert "The request was withdrawn." in page
    assert f'action="{address}"' in page
    assert not Assistance.objects.kept().exists()
    client.post(reverse("desk:restore_assistance", args=[request.key]))
    assert Assistance.objects.kept().get() == request


def test_a_second_press_makes_no_second_request(client, coordinator, own):
    gaps = network_make.self_assessment(own, level=1, completed_at="2026-03-02T10:00:00Z")
    press(client, gaps)
    assert "already open" in source_of(press(client, gaps))
    press(client, gaps, form="training")
    assert list(Assistance.objects.values_list("forms", flat=True)) == ["training", "advice"]


@pytest.mark.parametrize("question", ["nothing", "consult.nhri'--", "a\u202eb"])
def test_what_is_no_gap_makes_no_request(client, coordinator, own, question):
    gaps = network_make.self_assessment(own, level=1, completed_at="2026-03-02T10:00:00Z")
    assert "not rated as a gap" in source_of(press(client, gaps, question))
    assert not Assistance.objects.exists()


def test_only_gaps_of_a_completed_self_assessment_of_our_own_make_requests(client, coordinator, own):
    theirs = network_make.profile("Neighbours", "HRV")
    draft = network_make.self_assessment(own, level=1)
    other = network_make.self_assessment(theirs, level=1, completed_at="2026-03-02T10:00:00Z")
    in_place = network_make.self_assessment(own, level=3, completed_at="2026-03-02T10:00:00Z")
    for assessment in (draft, other):
        assert "Only gaps in a completed" in source_of(press(client, assessment))
    assert "not rated as a gap" in source_of(press(client, in_place))
    assert press(client, in_place, form="funding").status_code == 404
    assert not Assistance.objects.exists()


def test_a_request_that_no_gap_led_to_is_not_undone(client, coordinator, own):
    request = network_make.assistance("request", own)
    gaps = network_make.self_assessment(own, level=1, completed_at="2026-03-02T10:00:00Z")
    page = source_of(client.post(reverse("desk:undo_request_for_gap", args=[gaps.key, request.key]), follow=True))
    assert "Withdraw it instead." in page
    assert Assistance.objects.kept().exists()


def test_mechanisms_are_introduced_and_the_cooperation_is_evaluated(client, coordinator, own):
    neighbour = network_make.profile("Neighbours", "HRV")
    send(client, "offer", neighbour, title="Advice on clusters")
    page = source_of(send(client, "request", own))
    offer, request = Assistance.objects.get(kind="offer"), Assistance.objects.get(kind="request")
    assert "Advice on clusters" in page
    introduce = reverse("desk:introduce", args=[request.key]) + f"?offer={offer.pk}"
    assert introduce in page
    page = source_of(client.post(introduce, {"provider": neighbour.pk}, follow=True))
    assert "The mechanisms are introduced." in page
    cooperation = Cooperation.objects.get(offer=offer)
    progress = {"state": "done", "result": "Six clusters", "end": "2026-05-01", "seen": cooperation.version}
    client.post(reverse("desk:follow_cooperation", args=[cooperation.pk]), progress)
    data = {"side": "requester", "rating": "4", "text": "Quick"}
    page = source_of(client.post(reverse("desk:evaluate_cooperation", args=[cooperation.pk]), data, follow=True))
    for shown in ("Six clusters", "Very useful", "Quick"):
        assert shown in page
    listed = source_of(client.get(reverse("desk:assistance_by_year")))
    assert "Clustering" in listed
    assert "on behalf of" not in page + listed
    form = source_of(client.get(reverse("desk:evaluate_cooperation", args=[cooperation.pk])))
    assert form.index("The mechanism that asked: ") < form.index("The mechanism that helped: on behalf of Neighbours")
    theirs = {"side": "provider", "rating": "3", "text": "By letter."}
    page = source_of(client.post(reverse("desk:evaluate_cooperation", args=[cooperation.pk]), theirs, follow=True))
    assert page.count("Entered on behalf of <bdi>Neighbours</bdi>") == 1
    listed = source_of(client.get(reverse("desk:assistance_by_year")))
    assert listed.count("Useful (entered on behalf of the mechanism)") <= 1
    trail = Event.objects.filter(action="cooperation-evaluated").order_by("-pk").first()
    assert "on_behalf_of" in trail.difference


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"languages": "English"}, "is not the code of a language"),
        ({"currency": "euro"}, "Enter three capital letters, for example EUR."),
        ({"amount": "5"}, "Enter the currency."),
        ({"forms": ["magic"]}, "Choose one of the options"),
        ({"due_on": "soon"}, "Enter a date for “"),
    ],
)
def test_an_impossible_value_is_refused_beside_its_field(client, coordinator, own, fields, sentence):
    answer = send(client, "request", own, **fields)
    assert answer.status_code == 422
    assert sentence in source_of(answer)
    assert not Assistance.objects.exists()


def test_files_are_sent_of_the_list_and_of_a_year(client, coordinator, own):
    send(client, "request", own)
    listed = body_of(client.get(reverse("desk:assistance_export", args=["csv"]))).decode("utf-8-sig")
    assert "Clustering" in listed
    year = client.get(reverse("desk:assistance_by_year_export", args=["2026", "csv"]))
    assert year.status_code == 200
    assert client.get("/desk/assistance-0000.csv").status_code == 404


def test_the_list_offers_the_languages_and_themes_that_entries_have(client, coordinator, own):
    theme = make.term("Water")
    send(client, "request", own, themes=[theme.pk])
    network_make.assistance("offer", own, title="Maps", languages="fr")
    code = f"{theme.taxonomy.code}:{theme.code}"
    page = source_of(client.get(reverse("desk:assistance")))
    for option in ('<option value="fr">French', f'<option value="{code}">Water'):
        assert option in page
    page = source_of(client.get(reverse("desk:assistance"), {"theme": code, "language": "en"}))
    assert "Clustering" in page
    assert "Maps" not in page


def test_the_next_page_of_offers_fits_in_the_same(client, coordinator, own):
    request = network_make.assistance("request", own, capacity="engage")
    neighbour = network_make.profile("Neighbours", "HRV")
    for number in range(26):
        network_make.assistance("offer", neighbour, title=f"Offer {number}", capacity="engage", languages="ar")
    network_make.assistance("offer", neighbour, title="Another capacity", capacity="consult", languages="ar")
    first = client.get(request.get_absolute_url(), {"fit": ["forms", "capacity"]})
    assert first.context["page"].paginator.count == 26
    second = client.get(request.get_absolute_url() + first.context["next_url"])
    assert second.context["page"].paginator.count == 26
    assert [code for code, _label, is_chosen in second.context["fits"] if is_chosen] == ["forms", "capacity"]


def test_the_page_of_a_request_costs_the_same_for_many_offers(client, coordinator, own):
    request = network_make.assistance("request", own)
    network_make.assistance("offer", network_make.profile("Neighbours", "HRV"))
    few = len(asked(client, request.get_absolute_url()))
    for number in range(8):
        offer = network_make.assistance("offer", network_make.profile(f"Mechanism {number}", "HRV"))
        network_make.cooperation(request, offer)
    of_cooperations = 5  # their evaluations, those received, missions, withdrawn missions and agreements
    assert len(asked(client, request.get_absolute_url())) <= min(few + of_cooperations, MOST)


def test_a_mission_is_on_the_page_of_the_request_in_the_year_and_public(client, coordinator, own):
    neighbour = network_make.profile("Neighbours", "HRV", is_published=True)
    own.is_published = True
    own.save()
    request, offer = network_make.assistance("request", own), network_make.assistance("offer", neighbour)
    cooperation = network_make.cooperation(request, offer)
    sent = {
        "sent_by": neighbour.pk,
        "people": "Ada Example",
        "destination": "Ljubljana",
        "start": "2026-06-15",
        "end": "2026-06-16",
        "purpose": "Show the clusters.",
        "cost": "1840",
        "currency": "EUR",
        "result": "Twelve clusters.",
        "is_published": "on",
    }
    page = source_of(client.post(reverse("desk:add_mission", args=[cooperation.pk]), sent, follow=True))
    assert "Ada Example" in page
    assert "840.00" in page
    assert "Ljubljana" in source_of(client.get(reverse("desk:assistance_by_year"), {"year": "2026"}))
    for profile in (own, neighbour):
        shown = source_of(client.get(reverse("portal:mechanism", args=[profile.key])))
        assert "Twelve clusters." in shown
        assert "Ada Example" not in shown
    mission = Mission.objects.get()
    withdraw = reverse("desk:withdraw_mission", args=[mission.pk])
    page = source_of(client.post(withdraw, {"reason": "Cancelled."}, follow=True))
    assert "Withdrawn missions" in page
    client.post(reverse("desk:restore_mission", args=[mission.pk]))
    assert Mission.objects.visible_to(coordinator).exists()


def test_the_public_page_of_a_mechanism_costs_the_same_for_many_missions(client, coordinator, own):
    neighbour = network_make.profile("Neighbours", "HRV", is_published=True)
    own.is_published = True
    own.save()
    request, offer = network_make.assistance("request", own), network_make.assistance("offer", neighbour)
    cooperation = network_make.cooperation(request, offer)
    addresses = [reverse("portal:mechanism", args=[neighbour.key]), request.get_absolute_url()]
    network_make.mission(cooperation, is_published=True)
    few = [len(asked(client, address)) for address in addresses]
    for _number in range(8):
        network_make.mission(cooperation, is_published=True)
    assert [len(asked(client, address)) for address in addresses] == few
