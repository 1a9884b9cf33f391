"""Addresses of clusters and of duplicates for several States."""

from django.urls import path

from servanda.desk.clusters import duplicates, rejected_proposals, views

urlpatterns = [
    path("clusters/", views.clusters, name="clusters"),
    path("clusters/proposals/", views.cluster_proposals, name="cluster_proposals"),
    path("clusters/proposals/reject/", rejected_proposals.reject_cluster_proposal, name="reject_cluster_proposal"),
    path("clusters/rejected/", rejected_proposals.rejected_proposals, name="rejected_proposals"),
    path(
        "clusters/rejected/<uuid:key>/again/", rejected_proposals.propose_cluster_again, name="propose_cluster_again"
    ),
    path("clusters/tree/", views.draw_tree, name="draw_tree"),
    path("clusters/make/", views.make_cluster, name="make_cluster"),
    path("several-states/", duplicates.several_states, name="several_states"),
    path("several-states/merge/", duplicates.merge_groups, name="merge_groups"),
    path("several-states/apart/", duplicates.keep_apart, name="keep_apart"),
    path("several-states/back/", duplicates.take_back_groups, name="take_back_groups"),
    path("clusters/<uuid:key>/", views.cluster, name="cluster"),
    path("clusters/<uuid:key>/rename/", views.rename_cluster, name="rename_cluster"),
    path("clusters/<uuid:key>/add/", views.add_members, name="add_members"),
    path("clusters/<uuid:key>/members/", views.change_members, name="change_members"),
    path("clusters/<uuid:key>/dissolve/", views.dissolve_cluster, name="dissolve_cluster"),
    path("clusters/<uuid:key>/restore/", views.restore_cluster, name="restore_cluster"),
]
