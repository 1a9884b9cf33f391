"""Addresses of positions that institutions propose and the coordinator decides."""

from django.urls import path, re_path

from servanda.desk.positions import decisions, proposals, views

urlpatterns = [
    path("positions/", views.positions, name="positions"),
    re_path(
        r"^positions/(?P<pk>[0-9]{1,9})/addendum\.(?P<format>docx|xlsx)$",
        views.positions_addendum,
        name="positions_addendum",
    ),
    path("positions/decide/", decisions.decide_in_bulk, name="decide_in_bulk"),
    path("register/<str:code>/proposal/", proposals.propose_position, name="propose_position"),
    path("register/<str:code>/proposal/<int:pk>/withdraw/", proposals.withdraw_proposal, name="withdraw_proposal"),
    path("register/<str:code>/settle/", decisions.settle_position, name="settle_position"),
]
