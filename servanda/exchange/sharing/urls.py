from django.urls import path

from servanda.exchange.sharing import views

urlpatterns = [
    path("feed", views.feed, name="feed"),
    path("feed/<int:number>", views.feed_page, name="feed_page"),
    path("sharing/", views.edit_sharing, name="edit_sharing"),
]
