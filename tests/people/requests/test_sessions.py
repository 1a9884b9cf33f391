from datetime import timedelta
from importlib import import_module

import pytest
from django.conf import settings
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

pytestmark = pytest.mark.django_db
Store = import_module(settings.SESSION_ENGINE).SessionStore


def stored() -> db.SessionStore:
    session = Store()
    session["opened_at"] = 7
    session.save()
    return session


def test_a_session_is_found_by_its_key():
    sessions = [stored(), stored()]
    assert [Store(session.session_key).load() for session in sessions] == [{"opened_at": 7}] * 2
    assert Store(sessions[0].session_key)["opened_at"] == 7


def test_a_session_that_is_over_or_was_never_there_is_empty_and_has_no_key():
    session = stored()
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    for key in (session.session_key, "x" * 32):
        found = Store(key)
        assert (found.load(), found.session_key) == ({}, None)


def test_a_session_that_django_stored_is_read():
    session = db.SessionStore()
    session["opened_at"] = 7
    session.save()
    assert Store(session.session_key)["opened_at"] == 7
