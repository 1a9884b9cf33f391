from django.urls import path

from servanda.exchange.peers import deciding_pages, member_feed, registers, unsigned_pages, views

urlpatterns = [
    path("peers/", views.peers, name="peers"),
    path("peers/add/", views.add_peer, name="add_peer"),
    path("peers/receive/", views.receive_parcel, name="receive_parcel"),
    path("peers/parcel/prepare/", views.prepare_parcel, name="prepare_parcel"),
    path("peers/parcel.zip", views.parcel_file, name="parcel_file"),
    path("peers/members-parcel.zip", views.members_parcel_file, name="members_parcel_file"),
    path("feed/members", member_feed.member_feed, name="member_feed"),
    path("feed/members/<int:number>", member_feed.member_feed_page, name="member_feed_page"),
    path("peers/key/replace/", views.replace_key, name="replace_key"),
    path("peers/keys/<str:fingerprint>/revoke/", views.revoke_key, name="revoke_key"),
    path("peers/<uuid:key>/", views.peer, name="peer"),
    path("peers/<uuid:key>/edit/", views.edit_peer, name="edit_peer"),
    path("peers/<uuid:key>/unsigned/", unsigned_pages.receive_unsigned, name="receive_unsigned"),
    path("peers/<uuid:key>/delete/", views.delete_peer, name="delete_peer"),
    path("peers/<uuid:key>/stop/", views.stop_peer, name="stop_peer"),
    path("peers/<uuid:key>/resume/", views.resume_peer, name="resume_peer"),
    path("peers/<uuid:key>/pull/", views.pull_feed, name="pull_feed"),
    path("peers/<uuid:key>/decide/", deciding_pages.decide_received, name="decide_received"),
    path("peers/decisions/<int:pk>/undo/", deciding_pages.undo_decision, name="undo_decision"),
    path("peers/<uuid:key>/progress/", views.peer_progress, name="peer_progress"),
    path("peers/parcel/progress/", views.parcel_progress, name="parcel_progress"),
    path("directory/", registers.directory, name="directory"),
    path("search/", registers.search_registers, name="search_registers"),
    path("compare/", registers.compare_peers, name="compare_peers"),
    path("received/", registers.accepted, name="accepted"),
    path("received/original/", registers.original, name="original"),
    path("received/<int:pk>/", registers.received, name="received"),
]
