"""What production refuses, and where the environment is read."""

import os
import re
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import override_settings

from servanda import environment
from servanda.demo import people
from servanda.people.checks import no_key_that_can_be_guessed
from servanda.people.invitations.services import invite_person
from servanda.people.models import User
from tests import make

ROOT = environment.ROOT
LOOPBACK = ["localhost", "127.0.0.1", "[::1]", "demo.localhost"]


def faults() -> list[str]:
    return [fault.id for fault in run_checks(databases=["default"]) if str(fault.id).startswith("people.")]


def production(*command: str, **variables: str) -> subprocess.CompletedProcess:
    variables = {
        **os.environ,
        "SERVANDA_MODE": "production",
        "DJANGO_SETTINGS_MODULE": "servanda.settings",
        **variables,
    }
    variables.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # of the browser tests, should they share this process
    return subprocess.run([sys.executable, *command], cwd=ROOT, env=variables, capture_output=True, text=True)


@pytest.mark.django_db
@pytest.mark.database
def test_production_refuses_a_database_with_demonstration_accounts():
    people.load()
    with pytest.raises(SystemCheckError, match="coordinator@example.org"):
        call_command("check", databases=["default"])


@pytest.mark.django_db
@pytest.mark.database
def test_accounts_of_real_people_are_no_fault():
    make.user()
    assert faults() == []


@pytest.mark.django_db
def test_the_demonstration_may_hold_demonstration_accounts():
    people.load()
    with override_settings(MODE="demo", ALLOWED_HOSTS=LOOPBACK):
        assert faults() == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("setting", "fault"),
    [
        ({"ORIGIN": "https://servanda.example.org"}, "people.E003"),
        ({"ALLOWED_HOSTS": [*LOOPBACK, "servanda.example.org"]}, "people.E004"),
        ({"ALLOWED_HOSTS": ["*"]}, "people.E004"),
        ({"ALLOWED_HOSTS": ["10.0.0.7"]}, "people.E004"),
    ],
)
def test_the_demonstration_refuses_the_settings_of_production(setting, fault):
    with override_settings(**{"MODE": "demo", "ALLOWED_HOSTS": LOOPBACK} | setting):
        assert faults() == [fault]


@pytest.mark.django_db
@pytest.mark.database
def test_the_demonstration_refuses_a_database_with_accounts_of_real_people():
    people.load()
    make.user()
    with override_settings(MODE="demo", ALLOWED_HOSTS=LOOPBACK):
        assert faults() == ["people.E005"]


@pytest.mark.django_db
def test_whoever_is_invited_into_the_demonstration_belongs_to_it():
    people.load()
    invite_person(email="ana@example.org", name="Ana", by=User.objects.get(email="admin@example.org"))
    with override_settings(MODE="demo", ALLOWED_HOSTS=LOOPBACK):
        assert faults() == []


def test_the_demonstration_does_not_start_under_a_public_address(tmp_path):
    given = {
        "SERVANDA_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "SERVANDA_ORIGIN": "https://servanda.example.org",
    }
    done = production("-m", "tools.start", "demo", **given)
    assert done.returncode != 0
    assert "people.E003" in done.stderr
    assert "./run serve" in done.stderr
    assert "Bringing the demonstration" not in done.stdout


def test_production_behind_tls_passes_every_check_of_a_deployment(tmp_path):
    given = {
        "SERVANDA_DATA_DIR": str(tmp_path),
        "DATABASE_URL": "",
        "SERVANDA_HOSTS": "servanda.example.org",
        "SERVANDA_ORIGIN": "https://servanda.example.org",
        "SERVANDA_MAIL_URL": "smtp://mail.example.org:587?tls=true",
    }
    check = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = production(*check, **given)
    assert done.returncode == 0, done.stderr
    plain = production(*check, "--tag", "security", **given | {"SERVANDA_ORIGIN": "http://servanda.example.org"})
    assert "security.W004" in plain.stderr


@pytest.mark.parametrize(("mode", "is_on"), [("production", False), ("demo", False), ("development", True)])
def test_errors_show_their_insides_in_development_only(tmp_path, mode, is_on):
    ask = "from django.conf import settings; print(settings.DEBUG)"
    given = {"SERVANDA_MODE": mode, "SERVANDA_DATA_DIR": str(tmp_path), "DATABASE_URL": "", "DEBUG": "1"}
    done = production("-c", ask, **given)
    assert done.stdout.split() == [str(is_on)], done.stderr


@pytest.mark.django_db
def test_production_refuses_debug():
    with override_settings(DEBUG=True):
        assert faults() == ["people.E001"]


def test_a_database_without_tables_is_no_fault_yet(tmp_path):
    check = ["manage.py", "check", "--database", "default", "--tag", "database", "--tag", "secrets"]
    done = production(*check, SERVANDA_DATA_DIR=str(tmp_path), DATABASE_URL="")
    assert done.returncode == 0, done.stderr


def test_a_mode_that_does_not_exist_is_named(tmp_path):
    done = production("manage.py", "check", SERVANDA_DATA_DIR=str(tmp_path), SERVANDA_MODE="prodution")
    assert done.returncode != 0
    assert "'prodution'; it must be production, demo or development" in done.stderr


def test_the_environment_is_read_in_one_file_only():
    reads = re.compile(r"os\.environ(\.get|\[)|getenv\(|from os import .*environ")
    readers = {
        str(path.relative_to(ROOT)) for path in (ROOT / "servanda").rglob("*.py") if reads.search(path.read_text())
    }
    assert readers == {"servanda/environment.py"}


def test_settings_and_their_reads_stay_within_the_budget():
    lines = (ROOT / "servanda" / "settings.py").read_text().splitlines()
    assert len(lines) <= 200
    assert len(environment.VARIABLES) <= 25


def test_the_secret_key_is_made_once_and_kept_private(tmp_path):
    first = environment.secret_key(tmp_path)
    assert environment.secret_key(tmp_path) == first
    assert len(first) > 50
    assert (tmp_path / "secret_key").stat().st_mode & 0o077 == 0


def test_a_password_of_the_mail_server_may_hold_any_sign(monkeypatch, tmp_path):
    monkeypatch.setenv("SERVANDA_MAIL_URL", "smtp://unit%40gov.example:a%2Fb%3F@mail.gov.example:587?tls=true")
    options = environment.mailer(tmp_path)["OPTIONS"]
    assert (options["host"], options["port"], options["use_tls"]) == ("mail.gov.example", 587, True)
    assert (options["username"], options["password"]) == ("unit@gov.example", "a/b?")


def test_without_a_mail_server_mails_are_kept_as_files(monkeypatch, tmp_path):
    monkeypatch.setenv("SERVANDA_MAIL_URL", "")
    assert environment.mailer(tmp_path)["OPTIONS"] == {"file_path": tmp_path / "mail"}


@pytest.mark.parametrize(
    ("key", "hosts", "ids"),
    [
        ("x", ["servanda.example.org"], ["people.E006"]),
        ("ab" * 40, ["servanda.example.org"], ["people.E006"]),
        ("kJ3-vQ8_zX1mN5bV7cL9tR2yW4pD6fG0hS-aE_uIoPqTrYwZ12", ["*"], ["people.E007"]),
        ("kJ3-vQ8_zX1mN5bV7cL9tR2yW4pD6fG0hS-aE_uIoPqTrYwZ12", ["servanda.example.org"], []),
    ],
)
@pytest.mark.django_db
def test_production_refuses_a_key_that_can_be_guessed_and_a_name_for_all_hosts(key, hosts, ids):
    with override_settings(MODE="production", SECRET_KEY=key, ALLOWED_HOSTS=hosts):
        assert faults() == ids


def test_a_key_that_is_made_at_the_first_start_is_good_enough(tmp_path):
    key = environment.secret_key(tmp_path)
    with override_settings(MODE="production", SECRET_KEY=key, ALLOWED_HOSTS=LOOPBACK):
        assert no_key_that_can_be_guessed(None) == []
