"""A kind of bulk change is one short class: what kinds have in common is in the runner and in `bulk/bases.py`."""

import inspect

import pytest

from servanda.intake.models import Batch
from servanda.recommendations.bulk.registry import kind_of, shapes

MOST_LINES = 60


@pytest.mark.parametrize("shape", shapes())
def test_a_kind_is_one_class_of_at_most_sixty_lines(shape):
    source = inspect.getsource(kind_of(Batch(shape=shape)))
    lines = source[source.index("class ") :].splitlines()  # without the decorator
    assert len(lines) <= MOST_LINES
