"""Addresses of the exchange; wings with few pages have theirs here."""

from django.urls import path

from servanda.exchange.decisions import views as decisions
from servanda.exchange.feeds import views as feeds
from servanda.exchange.format.urls import urlpatterns as format_urls
from servanda.exchange.parcels import views as parcels
from servanda.exchange.peers.urls import urlpatterns as peer_urls
from servanda.exchange.registers import views as registers
from servanda.exchange.sharing.urls import urlpatterns as sharing_urls

app_name = "exchange"
urlpatterns = [
    *peer_urls,
    *sharing_urls,
    path("peers/receive/", parcels.receive_parcel, name="receive_parcel"),
    path("peers/<uuid:key>/unsigned/", parcels.receive_unsigned, name="receive_unsigned"),
    path("feed/members", feeds.member_feed, name="member_feed"),
    path("feed/members/<int:number>", feeds.member_feed_page, name="member_feed_page"),
    path("peers/<uuid:key>/pull/", feeds.pull_feed, name="pull_feed"),
    path("peers/<uuid:key>/decide/", decisions.decide_received, name="decide_received"),
    path("peers/decisions/<int:pk>/undo/", decisions.undo_decision, name="undo_decision"),
    path("directory/", registers.directory, name="directory"),
    path("search/", registers.search_registers, name="search_registers"),
    path("compare/", registers.compare_peers, name="compare_peers"),
    path("received/", registers.accepted, name="accepted"),
    path("received/original/", registers.original, name="original"),
    path("received/<int:pk>/", registers.received, name="received"),
    *format_urls,  # last: an id is any kind and code
]
