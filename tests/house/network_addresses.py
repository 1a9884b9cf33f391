"""Addresses of the network, for the one table."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, EVERYBODY, FORM, LOOK, Address
from tests.house.scene import Scene


def of_profile(there: Scene) -> list:
    return [there.network.profile.key]


def of_published(there: Scene) -> list:
    return [there.network.published.key]


edit = partial(Address, who=Can.EDIT_NETWORK, arguments=of_profile)

NETWORK: dict[str, Address] = {
    "desk:mechanisms": Address(LOOK, Can.READ_INTERNAL),
    "desk:mechanisms_export": Address(LOOK, Can.READ_INTERNAL, lambda _there: ["csv"]),
    "desk:compare_mechanisms": Address(LOOK, Can.READ_INTERNAL),
    "desk:mechanism": Address(LOOK, Can.READ_INTERNAL, of_profile),
    "desk:add_profile": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_profile": edit(FORM),
    "desk:set_facts": edit(FORM, arguments=lambda there: [*of_profile(there), "basis"]),
    "desk:publish_profile": edit(DO),
    "desk:unpublish_profile": edit(DO, arguments=of_published),
    "desk:withdraw_profile": edit(FORM),
    "desk:restore_profile": edit(DO, arguments=lambda there: [there.network.withdrawn.key]),
    "desk:commitments": Address(LOOK, Can.READ_INTERNAL),
    "desk:add_declaration": Address(DO, Can.EDIT_NETWORK),
    "desk:add_commitment": Address(FORM, Can.EDIT_NETWORK),
    "desk:edit_commitment": Address(
        FORM, Can.EDIT_NETWORK, lambda there: [there.network.commitment.recommendation.code]
    ),
    "portal:mechanisms": Address(LOOK, EVERYBODY),
    "portal:mechanism": Address(LOOK, EVERYBODY, of_published),
}
