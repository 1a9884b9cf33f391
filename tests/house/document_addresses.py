"""Who may ask for what of documents that are looked through unit by unit."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, LOOK, Address
from tests.house.scene import Scene


def of_document(scene: Scene) -> list:
    return [scene.unit.reading.batch.key]


def of_unit(scene: Scene) -> list:
    return [scene.unit.reading.batch.key, scene.unit.pk]


def of_page(scene: Scene) -> list:
    return [scene.unit.reading.batch.key, 1]


document = partial(Address, who=Can.IMPORT, arguments=of_document)
unit = partial(Address, DO, Can.IMPORT, of_unit)

DOCUMENTS: dict[str, Address] = {
    "desk:document_units": document(LOOK),
    "desk:describe_document": document(DO),
    "desk:confirm_units": document(DO),
    "desk:read_as_document": document(DO),
    "desk:recognise_text": document(DO),
    "desk:page_image": Address(LOOK, Can.IMPORT, of_page),
    "desk:edit_unit": unit(),
    "desk:split_unit": unit(),
    "desk:join_unit": unit(),
    "desk:drop_unit": unit(),
    "desk:restore_unit": unit(),
}
