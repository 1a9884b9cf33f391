"""Addresses of treaties."""

from django.urls import path, re_path

from servanda.desk.treaties import editing, linking, views

urlpatterns = [
    path("treaties/", views.treaties, name="treaties"),
    re_path(r"^treaties\.(?P<format>csv|xlsx)$", views.treaties_export, name="treaties_export"),
    path("list-treaties/", editing.list_treaties, name="list_treaties"),
    path("treaties/<slug:code>/", views.treaty, name="treaty"),
    re_path(
        r"^treaties/(?P<code>[-\w]+)/history\.(?P<format>csv|xlsx)$", views.treaty_history, name="treaty_history"
    ),
    path("treaties/<slug:code>/edit/", editing.edit_treaty, name="edit_treaty"),
    path("treaties/<slug:code>/procedures/", editing.set_procedures, name="set_procedures"),
    path("treaties/<slug:code>/remove/", editing.remove_treaty, name="remove_treaty"),
    path("treaties/<slug:code>/records/", linking.link_to_treaty, name="link_to_treaty"),
    path("treaties/<slug:code>/records/<str:record>/unlink/", linking.unlink_from_treaty, name="unlink_from_treaty"),
    path(
        "treaties/<slug:code>/records/<str:record>/restore/", linking.restore_treaty_link, name="restore_treaty_link"
    ),
    path("treaties/<slug:code>/reservations/<int:pk>/records/", linking.link_to_treaty, name="link_to_treaty"),
    path(
        "treaties/<slug:code>/reservations/<int:pk>/records/<str:record>/unlink/",
        linking.unlink_from_treaty,
        name="unlink_from_treaty",
    ),
    path(
        "treaties/<slug:code>/reservations/<int:pk>/records/<str:record>/restore/",
        linking.restore_treaty_link,
        name="restore_treaty_link",
    ),
    path("register/<str:code>/treaties/", linking.set_treaty_links, name="set_treaty_links"),
    path("treaties/<slug:code>/reservations/add/", editing.add_reservation, name="add_reservation"),
    path("treaties/<slug:code>/reservations/<int:pk>/", editing.edit_reservation, name="edit_reservation"),
    path("treaties/<slug:code>/reservations/<int:pk>/remove/", editing.remove_reservation, name="remove_reservation"),
]
