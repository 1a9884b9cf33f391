"""What a test with transactions of its own wrote is gone before the next one begins, on both databases."""

import pytest
from django.core.management import call_command
from django.db import connection

from servanda.people.models import Institution, User
from tests import make
from tests.flushing import filled_tables

pytestmark = [pytest.mark.database, pytest.mark.django_db(transaction=True)]


def test_no_table_keeps_a_row_and_rules_hold_afterwards():
    make.appointment(make.user(institution=make.institution("mjust")), make.institution("health"))
    tables = connection.introspection.django_table_names(only_existing=True)
    assert {User._meta.db_table, Institution._meta.db_table} <= set(filled_tables(tables))
    call_command("flush", verbosity=0, interactive=False, reset_sequences=False, inhibit_post_migrate=True)
    assert filled_tables(tables) == []
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SHOW session_replication_role")
            assert cursor.fetchone() == ("origin",)
