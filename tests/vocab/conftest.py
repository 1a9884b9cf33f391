import pytest
from django.db import transaction

from servanda.vocab.services.loading import load_vocabulary


@pytest.fixture(scope="module")
def loaded_once(django_db_setup, django_db_blocker):
    """One load for a module: the tests' own transactions are savepoints within this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_vocabulary()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def vocabulary(loaded_once, db) -> None:
    """Countries, bodies and taxonomies as every installation has them."""
