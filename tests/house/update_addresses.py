"""Who may ask for updates and their evidence."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address, of_record
from tests.house.scene import Scene


def of_update(scene: Scene) -> list:
    return [scene.update.pk]


def of_evidence(scene: Scene) -> list:
    return [scene.evidence.key]


def of_clustered(scene: Scene) -> list:
    return [scene.update.pk, scene.cluster.key]


at_update = partial(Address, arguments=of_update)

UPDATES: dict[str, Address] = {
    "desk:updates": Address(LOOK, Can.READ_INTERNAL),
    "desk:next_update": Address(LOOK, Can.READ_INTERNAL),
    "desk:start_update": Address(FORM, Can.WRITE_UPDATE),
    "desk:enter_on_behalf": Address(FORM, Can.PUBLISH_UPDATE),
    "desk:update": at_update(LOOK, Can.READ_INTERNAL),
    "desk:save_update": at_update(FORM, Can.WRITE_UPDATE),
    "desk:submit_update": at_update(DO, Can.WRITE_UPDATE),
    "desk:validate_update": at_update(DO, Can.VALIDATE_UPDATE),
    "desk:publish_update": at_update(DO, Can.PUBLISH_UPDATE),
    "desk:return_update": at_update(FORM, Can.READ_INTERNAL),
    "desk:take_over_level": at_update(FORM, Can.ASSESS),
    "desk:link_update": at_update(FORM, Can.PUBLISH_UPDATE),
    "desk:unlink_update": Address(DO, Can.PUBLISH_UPDATE, of_clustered),
    "desk:show_on_cluster": Address(DO, Can.PUBLISH_UPDATE, of_clustered),
    "desk:withdraw_update": at_update(FORM, Can.READ_INTERNAL),
    "desk:add_evidence": Address(FORM, Can.ASSESS, of_record),
    "desk:evidence_file": Address(LOOK, Can.USE_DESK, of_evidence),
    "desk:edit_evidence": Address(FORM, Can.READ_INTERNAL, of_evidence),
    "desk:withdraw_evidence": Address(FORM, Can.READ_INTERNAL, of_evidence),
    "portal:evidence_file": Address(LOOK, EVERYBODY, of_evidence),
}
