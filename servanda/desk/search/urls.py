"""Addresses of the search and the palette."""

from django.urls import path

from servanda.desk.search import views

urlpatterns = [
    path("search/", views.search, name="search"),
    path("search/actions/", views.find_actions, name="find_actions"),
    path("search/records/", views.find_records, name="find_records"),
    path("palette/", views.palette, name="palette"),
]
