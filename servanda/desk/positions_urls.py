"""Addresses of positions that institutions propose and the coordinator decides."""

from django.urls import path, re_path

from servanda.desk import deciding, positions, proposing

patterns = [
    path("positions/", positions.positions, name="positions"),
    re_path(
        r"^positions/(?P<pk>[0-9]{1,9})/addendum\.(?P<format>docx|xlsx)$",
        positions.positions_addendum,
        name="positions_addendum",
    ),
    path("positions/decide/", deciding.decide_in_bulk, name="decide_in_bulk"),
    path("register/<str:code>/proposal/", proposing.propose_position, name="propose_position"),
    path("register/<str:code>/proposal/<int:pk>/withdraw/", proposing.withdraw_proposal, name="withdraw_proposal"),
    path("register/<str:code>/settle/", deciding.settle_position, name="settle_position"),
]
