"""Addresses of the network."""

from django.urls import path

from servanda.desk.network import commitments, peer_entries, releases

urlpatterns = [
    path("network/share/<slug:kind>/<uuid:key>/", releases.share_entry, name="share_entry"),
    path("network/from-peers/", peer_entries.peer_entries, name="peer_entries"),
    path("network/commitments/", commitments.commitments, name="commitments"),
    path("network/commitments/declaration/", commitments.add_declaration, name="add_declaration"),
    path("network/new-commitment/", commitments.add_commitment, name="add_commitment"),
    path("register/<str:code>/commitment/", commitments.edit_commitment, name="edit_commitment"),
]
