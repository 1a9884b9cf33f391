"""What a process has loaded is out of the collector's rounds."""

import gc

import pytest

from servanda.kit.server.memory import freeze_loaded_objects, loading


@pytest.fixture(autouse=True)
def unfrozen():
    yield
    gc.unfreeze()


def looked_through() -> set[int]:
    return {id(thing) for thing in gc.get_objects()}


def test_what_is_loaded_is_looked_through_no_more():
    kept = [[] for _number in range(1000)]
    freeze_loaded_objects()
    assert looked_through().isdisjoint(map(id, kept))
    assert id(later := [kept]) in looked_through()
    assert later


def test_nothing_is_looked_through_while_it_is_loaded():
    with loading():
        assert not gc.isenabled()
        kept = [[] for _number in range(1000)]
    assert gc.isenabled()
    assert looked_through().isdisjoint(map(id, kept))


def test_the_collector_goes_on_where_something_cannot_be_loaded():
    with pytest.raises(ImportError), loading():
        raise ImportError
    assert gc.isenabled()
