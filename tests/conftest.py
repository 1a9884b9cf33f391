"""What every test may ask for, and what the run says of itself."""

import atexit
import gc
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from subprocess import Popen
from unittest.mock import Mock

import pytest
from _pytest.unraisableexception import gc_collect_iterations_key
from django.conf import settings
from django.core.cache import cache
from django.core.management.commands import flush
from django.db import connection, transaction
from django.db.backends.postgresql.operations import DatabaseOperations
from django.template.base import Template
from django.test import Client, TestCase
from django.utils import translation
from django.utils.functional import Promise
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.flushing import of_filled_tables
from tests.marks import mark_of_all
from tests.once import BUILDS, asked_for, build_rows, fixtures_for, rows_asked_for
from tests.prepared import loaded_names, migrate_beside, migrated_once, put_vocabulary
from tests.references import where_there_are_rows
from tools.translations import compile_translations

SHARED_DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
MIGRATING = pytest.StashKey[Popen]()
ABSENT = "../shared/data is not beside the project"
# How long made inputs take depends on what else the machine does; the time of a whole test has a limit of its own.
hypothesis_settings.register_profile("any load", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any load")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files that may not be copied into the project; a test that needs them skips when they are absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(ABSENT)
    return SHARED_DATA


@pytest.fixture(scope="session")
def django_db_modify_db_settings(request, django_db_modify_db_settings, django_db_use_migrations, django_db_blocker):
    """No one waits for migrations twice, unless the cache of pytest is switched off."""
    cache_of_runs = getattr(request.config, "cache", None)
    if cache_of_runs is None or not django_db_use_migrations:
        yield
        return
    with ExitStack() as stack:
        with django_db_blocker.unblock():
            stack.enter_context(migrated_once(cache_of_runs.mkdir("migrated")))
        yield


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    """One load for a module: the tests' own transactions are savepoints within this one."""
    assert not connection.in_atomic_block, (
        "The vocabulary comes before rows that are built once: let them ask for it."
    )
    with django_db_blocker.unblock(), transaction.atomic(), pytest.MonkeyPatch.context() as patched:
        put_vocabulary()
        with loaded_names.given_to_lookups(patched):
            yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True, scope="module")
def rows_of_module(request) -> Iterator[dict[str, object]]:
    """What was built once for this test and those beside it (`built_once`)."""
    names = getattr(request, "param", ())
    if not names:
        yield {}
        return
    request.getfixturevalue("django_db_setup")
    needed = fixtures_for(request, names)
    with request.getfixturevalue("django_db_blocker").unblock(), transaction.atomic():
        cache.clear()
        translation.activate(settings.LANGUAGE_CODE)
        yield build_rows(request.module, names, needed)
        transaction.set_rollback(True)


def pytest_generate_tests(metafunc):
    """Tests that ask for rows that are built once, and others of the same module, to which these are not there."""
    if metafunc.module.__name__ in BUILDS:
        asked = tuple(dict.fromkeys(asked_for(metafunc.module, metafunc.fixturenames)))
        metafunc.parametrize("rows_of_module", [asked], indirect=True, scope="module", ids=[pytest.HIDDEN_PARAM])


def pytest_ignore_collect(collection_path: Path, config) -> bool | None:
    """With `-m database`, or `-m static`, files are not imported that do not name the mark. What gives a mark from
    elsewhere has the mark's name in its own (`asked_of_both_databases`)."""
    mark = mark_of_all(config.option.markexpr)
    if mark is None or not collection_path.match("test_*.py"):
        return None
    return mark not in collection_path.read_text() or None


def pytest_collection_modifyitems(items):
    """Within a module, tests that begin with the same rows follow each other."""
    modules = [list(group) for _module, group in groupby(items, key=lambda item: item.path)]
    items[:] = [item for group in modules for item in sorted(group, key=rows_asked_for)]


@pytest.fixture
def vocabulary(loaded_once, db) -> Iterator[None]:
    """Countries, bodies and taxonomies as every installation has them."""
    was_changed = loaded_names.is_changed
    yield
    loaded_names.is_changed = was_changed


@pytest.fixture(autouse=True)
def nothing_remembered():
    """Counted requests and used codes of one test are those of another person in the next, and so is a language."""
    cache.clear()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture(autouse=True, scope="session")
def parts_are_not_remembered(django_test_environment):
    """The test client copies the context of every template it sees; for the fifty parts of a page no one asks."""
    remembered = Template._render

    def rendered(template, context):
        is_whole = context.template is template
        return remembered(template, context) if is_whole else template.nodelist.render(context)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Template, "_render", rendered)
        yield


@pytest.fixture(autouse=True)
def files_of_answers_are_closed(monkeypatch):
    """A file of which a test reads only the head would stay open until litter is collected, in another test."""
    answers, ask = [], Client.request

    def ask_and_note(client, **environ):
        answers.append(ask(client, **environ))
        return answers[-1]

    monkeypatch.setattr(Client, "request", ask_and_note)
    yield
    for close in [close for answer in answers if answer.streaming for close in answer._resource_closers]:
        close()


@pytest.fixture(autouse=True, scope="session")
def reports_are_not_laid_out():
    """Each submission would wait ten seconds for LibreOffice; its own test asks for the page numbers."""
    from servanda.reporting.documents import page_numbers

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(page_numbers, "program", lambda: None)
        yield


@pytest.fixture(autouse=True, scope="session")
def objects_of_events_have_translated_names():
    """The audit log names the kind of each object in the language of its reader."""
    from servanda.trail.models import Event

    record = Event.record

    def recorded(action, thing=None, **rest):
        assert thing is None or isinstance(thing._meta.verbose_name, Promise), type(thing)
        return record(action, thing, **rest)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Event, "record", recorded)
        yield


@pytest.fixture(autouse=True, scope="session")
def flush_only_empties():
    """Django writes its table of permissions anew after each test with transactions of its own; nothing reads it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(flush, "emit_post_migrate_signal", lambda *_options: None)
        patched.setattr(DatabaseOperations, "sql_flush", of_filled_tables(DatabaseOperations.sql_flush))
        yield


@pytest.fixture(autouse=True, scope="session")
def references_are_followed_where_there_are_rows():
    """Django looks after each test whether any leads to nothing; in all tables this took a millisecond more."""
    looks = where_there_are_rows(TestCase._should_check_constraints)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(TestCase, "_should_check_constraints", looks)
        yield


@pytest.fixture
def pdf_is_its_page(monkeypatch):
    """A file takes WeasyPrint a while. Tests that look for words in it only get the page that it would lay out."""
    monkeypatch.setattr("weasyprint.HTML", lambda string, **_given: Mock(write_pdf=lambda **_: string.encode()))


def pytest_addoption(parser):
    parser.addoption("--tally", type=Path, help="a file for two numbers: what passed and what failed")


def pytest_configure(config):
    gc.set_threshold(400_000, 50, 100)  # at 100,000, garbage collection took 4 % of the time
    if hasattr(config, "workerinput"):
        # Nobody hears what a worker finds after its last test.
        config.stash[gc_collect_iterations_key] = 0
        atexit.register(gc.freeze)
    else:
        compile_translations()


def pytest_sessionstart(session):
    """While workers import the tests, a process beside them migrates the database that they copy."""
    cache_of_runs = getattr(session.config, "cache", None)
    if session.config.getoption("numprocesses", None) and cache_of_runs is not None:
        session.config.stash[MIGRATING] = migrate_beside(cache_of_runs.mkdir("migrated"))


def pytest_sessionfinish(session):
    if MIGRATING in session.config.stash:
        session.config.stash[MIGRATING].wait()


def pytest_collection_finish():
    """What is loaded by now stays to the end: it is not gone through again each time that litter is looked for."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    return without_skip((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    return without_skip((yield))


def without_skip(report):
    """Skipped tests go unnoticed, so a skip is a failure unless ../shared/data is missing."""
    if report.skipped and not hasattr(report, "wasxfail") and ABSENT not in str(report.longrepr):
        report.outcome = "failed"
        report.longrepr = f"Only a test that needs ../shared/data may skip. It said: {report.longrepr}"
    return report


def pytest_terminal_summary(terminalreporter, exitstatus, config):
    skipped = len(terminalreporter.stats.get("skipped", []))
    terminalreporter.write_line(f"skipped because {ABSENT}: {skipped}")
    tally = config.getoption("--tally")
    if tally is None or hasattr(config, "workerinput"):
        return
    failed = sum(len(terminalreporter.stats.get(kind, [])) for kind in ("failed", "error"))
    passed = len(terminalreporter.stats.get("passed", []))
    tally.write_text(f"{passed} {failed or int(bool(exitstatus))}\n")
