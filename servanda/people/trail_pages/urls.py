from django.urls import path

from servanda.people.trail_pages import views as trail_views

patterns = [
    path("trail/", trail_views.trail, name="trail"),
    path("trail.<str:format>", trail_views.trail_export, name="trail_export"),
    path("trail/<str:kind>/<str:key>/", trail_views.activity_of_object, name="activity_of_object"),
    path("<int:pk>/activity/", trail_views.activity_of_person, name="activity_of_person"),
    path("institutions/<int:pk>/activity/", trail_views.activity_of_institution, name="activity_of_institution"),
]
