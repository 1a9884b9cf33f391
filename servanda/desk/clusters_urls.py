"""Addresses of clusters, and of what several States said as one."""

from django.urls import path

from servanda.desk import clusters, rejected_proposals, several_states

patterns = [
    path("clusters/", clusters.clusters, name="clusters"),
    path("clusters/proposals/", clusters.cluster_proposals, name="cluster_proposals"),
    path("clusters/proposals/reject/", rejected_proposals.reject_cluster_proposal, name="reject_cluster_proposal"),
    path("clusters/rejected/", rejected_proposals.rejected_proposals, name="rejected_proposals"),
    path(
        "clusters/rejected/<uuid:key>/again/", rejected_proposals.propose_cluster_again, name="propose_cluster_again"
    ),
    path("clusters/tree/", clusters.draw_tree, name="draw_tree"),
    path("clusters/make/", clusters.make_cluster, name="make_cluster"),
    path("several-states/", several_states.several_states, name="several_states"),
    path("several-states/merge/", several_states.merge_groups, name="merge_groups"),
    path("several-states/apart/", several_states.keep_apart, name="keep_apart"),
    path("several-states/back/", several_states.take_back_groups, name="take_back_groups"),
    path("clusters/<uuid:key>/", clusters.cluster, name="cluster"),
    path("clusters/<uuid:key>/rename/", clusters.rename_cluster, name="rename_cluster"),
    path("clusters/<uuid:key>/add/", clusters.add_members, name="add_members"),
    path("clusters/<uuid:key>/members/", clusters.change_members, name="change_members"),
    path("clusters/<uuid:key>/dissolve/", clusters.dissolve_cluster, name="dissolve_cluster"),
    path("clusters/<uuid:key>/restore/", clusters.restore_cluster, name="restore_cluster"),
]
