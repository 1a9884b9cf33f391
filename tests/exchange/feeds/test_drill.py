"""The drill with two real instances: servers and workers of their own, on copies of the database of the tests."""

import pytest
from django.db import connection

from tools.drill import Drill, Instance


@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_two_instances_exchange_records_through_failures(tmp_path, capsys):
    instances = [Instance(name, tmp_path / name.lower()) for name in ("Alder", "Birch")]
    try:
        for one in instances:
            (one.folder / "servanda.sqlite3").write_bytes(connection.connection.serialize())
        assert Drill(*instances, None, many=202).run(), capsys.readouterr().out
    finally:
        for one in instances:
            one.stop()
            one.relay.close()
