"""Scripts in every stored word: whatever people, files and machines wrote, no page runs it, and none becomes wider
than a telephone. The pages are those in Arabic, so that each is loaded once for both questions; those which
test_every_address.py leaves to this language are accessible too, and fit with text of double size."""

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.db.models import F, Value
from django.db.models.functions import Cast, Concat

from servanda.people.access import Role
from tests import make
from tests.browser.test_every_address import (
    BEHIND_LOG_IN,
    PUBLIC,
    TELEPHONE,
    faults_in_both_widths,
    is_page,
    part_of,
    width_faults,
)
from tests.house.addresses import ADDRESSES
from tests.house.scene import set_scene

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]

PARTS = 2
SCRIPTS = [
    "\"'><img src=x onerror=ran=1> <script>ran=1</script> </textarea> </title> <svg/onload=ran=1> ",
    "\"'></title><b onload=ran> ",  # where little room is
    "<b onload=ran>",
]
NAME = 200  # characters at most of a name, which some pages show on one line that nothing breaks
ADDRESS = "javascript:ran=1"
# What the program itself writes and reads: a person cannot put words there, and a page would only break.
MACHINES = {
    "code", "key", "codename", "digest", "sha256", "hash", "previous", "session_key", "session_stamp", "password",
    "query", "object_id", "object_type", "page_key", "scheme", "shape", "difference", "raw", "email", "language",
    "kind", "state",
}  # fmt: skip
OURS = {
    "intake", "language", "people", "planning", "progress", "recommendations", "sources", "vocab",
}  # fmt: skip


def is_written(field: models.Field) -> bool:
    """Whether people fill this column with words of their own."""
    return (
        isinstance(field, models.CharField | models.TextField)
        and not isinstance(field, models.FileField | models.JSONField)
        and field.concrete
        and not (field.choices or field.unique or field.primary_key or field.name in MACHINES)
    )


def script_for(field: models.Field) -> str | None:
    """The longest script that the column has room for, beside the number that keeps its rows apart."""
    if isinstance(field, models.URLField):
        return ADDRESS
    room = (field.max_length or 10_000) - 8
    scripts = SCRIPTS[1:] if room < NAME else SCRIPTS
    return next((script for script in scripts if len(script) <= room), None)


def plant_scripts() -> int:
    """Put a script into every column that people fill; answers how many columns got one."""
    planted = 0
    for model in apps.get_models():
        if model._meta.app_label not in OURS or model._meta.proxy:
            continue
        for field in filter(is_written, model._meta.local_fields):
            if script := script_for(field):
                plant_in(model, field, script)
                planted += 1
    return planted


def plant_in(model: type[models.Model], field: models.Field, script: str) -> None:
    """In each row; where a rule of the table wants the empty ones empty, in those that say something."""
    number = Cast(F("pk"), models.CharField())
    words = Value(script) if isinstance(field, models.URLField) else Concat(Value(script), number)
    rows = model._base_manager.all()
    try:
        with transaction.atomic():
            rows.update(**{field.name: words})
    except IntegrityError:
        rows.exclude(**{field.name: ""}).update(**{field.name: words})


def ran_on(page, url: str) -> list[str]:
    answer = page.goto(url, wait_until="load")
    found = [f"answers {answer.status}"] if answer.status >= 500 else []
    risky = "document.querySelectorAll('[onerror], [onload], [href^=\"javascript:\"], [src=x]').length"
    ran, risks = page.evaluate(f"[typeof window.ran, {risky}]")
    if ran != "undefined":
        found.append("a script ran")
    return found + ["a script became part of the page"] * bool(risks)


def answers_of(page, axe, scene, names, whole: list[str], *, colours: bool = False) -> dict[str, list[str]]:
    """What is wrong with these pages, and with the whole look of some of them."""
    found = {}
    for name in names:
        url = ADDRESSES[name].url(name, scene)
        if is_page(name, url):
            found[name] = ran_on(page, url)
            if name in whole:
                found[name] += faults_in_both_widths(page, axe, colours=colours)
                page.set_viewport_size({"width": TELEPHONE, "height": 800})
            else:
                found[name] += width_faults(page, ("100%",))
    return {name: said for name, said in found.items() if said}


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_runs_what_is_stored_or_outgrows_a_telephone(logged_in, axe, part):
    person = make.user(Role.ADMINISTRATOR)
    scene = set_scene(person)
    assert plant_scripts() > 150
    page = logged_in(person, "/about/", language="ar", width=TELEPHONE)
    page.emulate_media(reduced_motion="reduce")  # see test_every_address.py
    names = BEHIND_LOG_IN[part::PARTS]
    assert answers_of(page, axe, scene, names, part_of(BEHIND_LOG_IN, "ar")) == {}


def test_no_public_page_runs_what_is_stored_or_outgrows_a_telephone(open_page, axe):
    scene = set_scene()
    plant_scripts()
    page = open_page("/about/", language="ar", width=TELEPHONE)
    page.emulate_media(reduced_motion="reduce")
    assert answers_of(page, axe, scene, PUBLIC, part_of(PUBLIC, "ar"), colours=True) == {}
