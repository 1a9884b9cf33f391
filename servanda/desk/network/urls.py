"""Addresses of the network."""

from django.urls import path, re_path

from servanda.desk.network import commitments, profile_editing, profiles

urlpatterns = [
    path("network/", profiles.mechanisms, name="mechanisms"),
    re_path(r"^mechanisms\.(?P<format>csv|xlsx)$", profiles.mechanisms_export, name="mechanisms_export"),
    path("network/compare/", profiles.compare_mechanisms, name="compare_mechanisms"),
    path("network/commitments/", commitments.commitments, name="commitments"),
    path("network/commitments/declaration/", commitments.add_declaration, name="add_declaration"),
    path("network/new-commitment/", commitments.add_commitment, name="add_commitment"),
    path("register/<str:code>/commitment/", commitments.edit_commitment, name="edit_commitment"),
    path("network/new-mechanism/", profile_editing.add_profile, name="add_profile"),
    path("network/mechanisms/<uuid:key>/", profiles.mechanism, name="mechanism"),
    path("network/mechanisms/<uuid:key>/edit/", profile_editing.edit_profile, name="edit_profile"),
    path("network/mechanisms/<uuid:key>/facts/<slug:group>/", profile_editing.set_facts, name="set_facts"),
    path("network/mechanisms/<uuid:key>/publish/", profile_editing.publish_profile, name="publish_profile"),
    path("network/mechanisms/<uuid:key>/unpublish/", profile_editing.unpublish_profile, name="unpublish_profile"),
    path("network/mechanisms/<uuid:key>/withdraw/", profile_editing.withdraw_profile, name="withdraw_profile"),
    path("network/mechanisms/<uuid:key>/restore/", profile_editing.restore_profile, name="restore_profile"),
]
