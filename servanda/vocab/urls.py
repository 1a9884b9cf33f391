from django.urls import path

from servanda.vocab import confirming, views

app_name = "vocab"
urlpatterns = [
    path("", views.vocabulary, name="vocabulary"),
    path("unconfirmed/", confirming.unconfirmed, name="unconfirmed"),
    path("unconfirmed/confirm/", confirming.confirm_labels, name="confirm_labels"),
    path("bodies/", views.bodies, name="bodies"),
    path("bodies/add/", views.add_body, name="add_body"),
    path("bodies/<int:pk>/", views.edit_body, name="edit_body"),
    path("bodies/<int:pk>/delete/", views.delete_body, name="delete_body"),
    path("spellings/add/", views.add_spelling, name="add_spelling"),
    path("taxonomies/add/", views.add_taxonomy, name="add_taxonomy"),
    path("taxonomies/<slug:code>/", views.taxonomy, name="taxonomy"),
    path("taxonomies/<slug:code>/edit/", views.edit_taxonomy, name="edit_taxonomy"),
    path("taxonomies/<slug:code>/delete/", views.delete_taxonomy, name="delete_taxonomy"),
    path("taxonomies/<slug:code>/paste/", views.paste_terms, name="paste_terms"),
    path("taxonomies/<slug:code>/terms/add/", views.add_term, name="add_term"),
    path("taxonomies/<slug:code>/terms/<int:pk>/", views.edit_term, name="edit_term"),
    path("taxonomies/<slug:code>/terms/<int:pk>/delete/", views.delete_term, name="delete_term"),
]
