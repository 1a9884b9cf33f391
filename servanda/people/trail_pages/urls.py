from django.urls import path

from servanda.people.trail_pages import views

patterns = [
    path("trail/", views.trail, name="trail"),
    path("trail.<str:format>", views.trail_export, name="trail_export"),
    path("trail/<str:kind>/<str:key>/", views.activity_of_object, name="activity_of_object"),
    path("<int:pk>/activity/", views.activity_of_person, name="activity_of_person"),
    path("institutions/<int:pk>/activity/", views.activity_of_institution, name="activity_of_institution"),
]
