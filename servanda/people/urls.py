from django.urls import path

from servanda.people import token_urls, views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("instance/", views.instance, name="instance"),
    path("instance/edit/", views.edit_instance, name="edit_instance"),
    path("roles/", views.roles, name="roles"),
    path("trail/", views.trail, name="trail"),
    *token_urls.patterns,
]
