"""A practice from its first words to paper, in a browser at 360 px, in Arabic, its pages in English too: written,
reviewed by another person, published, found by a recommendation, linked to it, and printed."""

import pytest
from django.urls import reverse

from servanda.network.models import Practice, PracticeLink
from servanda.recommendations.models import Tagging
from tests import make, network_make
from tests.browser.walk import Walk

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.timeout(300),
]
TITLE = "قابلات بالقوارب"


def write(walk: Walk, title: str, theme) -> Practice:
    profile = network_make.profile("Island Commission", is_published=True)
    page = walk.open(walk.coordinator, reverse("desk:add_practice"))
    page.locator(f"input[name=themes][value='{theme.pk}']").check()
    page.locator("input[name=capacities][value=coordinate]").check()
    texts = {"title": title, "problem": "No help on the islands.", "steps": "Buy a boat\nTrain midwives"}
    texts |= {"result": "All births were attended.", "failures": "Boats in winter."}
    evidence = {"evidence__0__text": "Annual report", "evidence__0__source": "Ministry of Health"}
    walk.fill(page, language=walk.language, mechanism=str(profile.pk), **texts, **evidence)
    return Practice.objects.get()


def test_a_practice_is_walked_from_its_first_words_to_paper(open_page, live_server, axe):
    walk = Walk(open_page, live_server, "ar")
    theme = make.term("Health")
    record = make.recommendation("Reduce maternal mortality.")
    Tagging.objects.create(recommendation=record, term=theme, origin="person")
    practice = write(walk, TITLE, theme)
    address = practice.get_absolute_url()
    assert walk.open(walk.coordinator, address).locator("form[action$='/review/']").count() == 0
    walk.press(walk.other, address, "review_practice", practice.key)
    walk.press(walk.coordinator, address, "publish_practice", practice.key)

    page = walk.open(walk.coordinator, reverse("desk:record", args=[record.code]))
    page.locator("details[hx-get] summary").click()
    page.locator("#practices").get_by_role("link", name=TITLE).wait_for()
    walk.press(
        walk.coordinator,
        reverse("desk:record_practices", args=[record.code]),
        "link_practice",
        record.code,
        practice.key,
    )
    assert PracticeLink.objects.get().decision == "linked"

    public = reverse("portal:practice", args=[practice.key])
    page = walk.open(walk.other, public)
    with page.expect_download() as download:
        page.locator("a[href*='file.pdf']").click()
    assert download.value.suggested_filename.endswith(".pdf")
    for path in (address, public, reverse("desk:practices"), reverse("desk:record_practices", args=[record.code])):
        page = walk.open(walk.coordinator, path)
        assert walk.faults(page, axe) == []
