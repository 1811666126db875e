from django.urls import path

from anlan.web import views

urlpatterns = [
    path("", views.home, name="home"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("language/", views.language, name="language"),
    path("switch/", views.switch, name="switch"),
    path("jobs/<int:job_id>/", views.job, name="job"),
]
