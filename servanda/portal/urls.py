from django.urls import path

from servanda.portal import record, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("recommendations/<str:code>/", record.recommendation, name="recommendation"),
    path("about/", views.about, name="about"),
]
