from servanda.exchange.format.urls import urlpatterns as format_urls
from servanda.exchange.peers.urls import urlpatterns as peer_urls
from servanda.exchange.sharing.urls import urlpatterns as sharing_urls

app_name = "exchange"
urlpatterns = [*peer_urls, *sharing_urls, *format_urls]
