from django.urls import path

from servanda.exchange.peers import views

urlpatterns = [
    path("peers/", views.peers, name="peers"),
    path("peers/add/", views.add_peer, name="add_peer"),
    path("peers/<uuid:key>/", views.peer, name="peer"),
    path("peers/<uuid:key>/edit/", views.edit_peer, name="edit_peer"),
    path("peers/<uuid:key>/delete/", views.delete_peer, name="delete_peer"),
    path("peers/<uuid:key>/stop/", views.stop_peer, name="stop_peer"),
    path("peers/<uuid:key>/resume/", views.resume_peer, name="resume_peer"),
    path("peers/<uuid:key>/progress/", views.peer_progress, name="peer_progress"),
]
