from django.urls import path

from servanda.people import (
    account_urls,
    activity_urls,
    appointment_urls,
    institution_urls,
    invitation_urls,
    notification_urls,
    person_urls,
    session_urls,
    token_urls,
    views,
)

app_name = "people"
urlpatterns = [
    *institution_urls.patterns,
    *appointment_urls.patterns,
    path("instance/", views.instance, name="instance"),
    path("instance/edit/", views.edit_instance, name="edit_instance"),
    path("roles/", views.roles, name="roles"),
    *activity_urls.patterns,
    *token_urls.patterns,
    *person_urls.patterns,
    *invitation_urls.patterns,
    *account_urls.patterns,
    *notification_urls.patterns,
    *session_urls.patterns,
]
