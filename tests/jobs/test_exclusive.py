"""Work that one process does at a time, on either engine; a process that was killed holds nothing."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from servanda.jobs.exclusive import AlreadyRunning, exclusive, under_way_since
from tests.jobs.conftest import ROOT, wait_for

pytestmark = [pytest.mark.database, pytest.mark.django_db, pytest.mark.timeout(180)]

REFUSAL = "Somebody is at it."
HOLD = """
import time
from servanda.jobs.exclusive import exclusive
with exclusive("digging", refusal="no"):
    print("holds", flush=True)
    time.sleep(120)
"""
TRY = """
from servanda.jobs.exclusive import AlreadyRunning, exclusive, under_way_since
since = under_way_since("digging")
try:
    with exclusive("digging", refusal="no"):
        print("free", since)
except AlreadyRunning:
    print("held", since is not None)
"""


def test_the_second_is_refused_until_the_first_is_done():
    with exclusive("digging", refusal=REFUSAL):
        with pytest.raises(AlreadyRunning, match=REFUSAL), exclusive("digging", refusal=REFUSAL):
            pytest.fail("two at once")
        with exclusive("filling", refusal=REFUSAL):
            pass  # other work is free
    with exclusive("digging", refusal=REFUSAL):
        pass


def test_an_error_in_the_work_lets_go_of_it():
    with pytest.raises(ZeroDivisionError), exclusive("digging", refusal=REFUSAL):
        raise ZeroDivisionError
    assert under_way_since("digging") is None


def test_it_is_known_since_when_somebody_is_at_it():
    assert under_way_since("digging") is None
    with exclusive("digging", refusal=REFUSAL):
        since = under_way_since("digging")
        assert since
        assert abs(timezone.now() - since) < timedelta(minutes=1)
        assert under_way_since("filling") is None
    assert under_way_since("digging") is None


def test_an_undone_transaction_lets_go_of_nothing():
    with exclusive("digging", refusal=REFUSAL):
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            raise ZeroDivisionError
        assert under_way_since("digging")


def test_a_process_that_was_killed_holds_nothing(place):
    command = [sys.executable, "manage.py", "shell", "--no-imports", "-c", HOLD]
    with subprocess.Popen(command, cwd=ROOT, env=place.environment, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout.readline() == "holds\n"
        assert place.python(TRY) == "held True"
        holder.kill()
    wait_for(lambda: place.python(TRY) == "free None")
