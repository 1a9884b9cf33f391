"""What a server has loaded is out of the collector's rounds."""

import gc

from servanda.kit.server.memory import freeze_loaded_objects


def test_what_is_loaded_is_looked_through_no_more():
    kept = [[] for _number in range(1000)]
    try:
        freeze_loaded_objects()
        looked_through = {id(thing) for thing in gc.get_objects()}
        assert not any(id(one) in looked_through for one in kept)
        assert id(later := [kept]) in {id(thing) for thing in gc.get_objects()}
        assert later
    finally:
        gc.unfreeze()
