"""Every address in every language, with text of double size, and in the dark; every job in every look. It takes half
an hour, so its name is not that of a test, and it runs only when asked for:

    .venv/bin/python -m pytest -q tests/browser/every_look.py
"""

import pytest

from servanda.people.access import Role
from tests import make
from tests.browser.long_names import LONG_NAMES, name_at_length
from tests.browser.test_every_address import BEHIND_LOG_IN, PUBLIC, TELEPHONE, is_page, width_faults
from tests.browser.test_jobs import JOBS, LOOKS, do_job
from tests.house.addresses import ADDRESSES
from tests.house.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]
AXE_LOOKS_AT = {"en", "ar"}


def looked_at(page, axe, url: str, language: str) -> list[str]:
    page.set_viewport_size({"width": 1366, "height": 800})
    answer = page.goto(url, wait_until="load")
    if answer is None or "text/html" not in answer.headers.get("content-type", "") or not page.query_selector("main"):
        return []
    found = []
    if language in AXE_LOOKS_AT:
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            found += [f"{scheme}: {fault}" for fault in axe(page)]
    page.set_viewport_size({"width": TELEPHONE, "height": 800})
    return found + width_faults(page)


def faults_of(page, axe, scene, names, language: str) -> dict[str, list[str]]:
    urls = {name: ADDRESSES[name].url(name, scene) for name in names}
    found = {name: looked_at(page, axe, url, language) for name, url in urls.items() if is_page(name, url)}
    return {name: faults for name, faults in found.items() if faults}


@pytest.mark.parametrize("language", LONG_NAMES)
def test_every_page_has_no_fault_in_any_look(logged_in, axe, language):
    person = make.user(Role.ADMINISTRATOR)
    scene = set_scene(person)
    name_at_length()
    page = logged_in(person, "/about/", width=TELEPHONE, language=language)
    assert faults_of(page, axe, scene, BEHIND_LOG_IN, language) == {}


@pytest.mark.parametrize("language", LONG_NAMES)
def test_every_public_page_has_no_fault_in_any_look(open_page, axe, language):
    scene = set_scene()
    name_at_length()
    page = open_page("/about/", width=TELEPHONE, language=language)
    assert faults_of(page, axe, scene, PUBLIC, language) == {}


@pytest.mark.parametrize("look", LOOKS, ids=str)
@pytest.mark.parametrize("job", JOBS)
def test_every_job_is_done_with_few_presses_in_any_look(logged_in, open_page, job, look):
    assert do_job(job, look, logged_in, open_page) <= JOBS[job]
