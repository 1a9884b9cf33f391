"""Addresses of clusters, and of recommendations that several States made, with who may open them."""

from functools import partial

from servanda.people.access import Can
from tests.house.addressing import DO, FORM, LOOK, Address
from tests.house.scene import Scene


def of_cluster(scene: Scene) -> list:
    return [scene.cluster.key]


def of_rejected(scene: Scene) -> list:
    return [scene.rejected.key]


change = partial(Address, DO, Can.EDIT_REGISTER)
form = partial(Address, FORM, Can.EDIT_REGISTER)

CLUSTERS = {
    "desk:clusters": Address(LOOK, Can.READ_EVERYTHING),
    "desk:cluster": Address(LOOK, Can.READ_EVERYTHING, of_cluster),
    "desk:cluster_proposals": Address(LOOK, Can.EDIT_REGISTER),
    "desk:rejected_proposals": Address(LOOK, Can.EDIT_REGISTER),
    "desk:reject_cluster_proposal": change(),
    "desk:propose_cluster_again": change(of_rejected),
    "desk:draw_tree": change(),
    "desk:several_states": Address(LOOK, Can.EDIT_REGISTER),
    "desk:merge_groups": change(),
    "desk:keep_apart": change(),
    "desk:take_back_groups": change(),
    "desk:make_cluster": form(),
    "desk:rename_cluster": change(of_cluster),
    "desk:add_members": form(of_cluster),
    "desk:change_members": change(of_cluster),
    "desk:dissolve_cluster": change(of_cluster),
    "desk:restore_cluster": change(of_cluster),
}
