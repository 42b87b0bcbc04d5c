"""Routes of the pages. The words in the addresses are Vietnamese without accents."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from tracker.web import home, task
from tracker.web.deeds import DEEDS
from tracker.web.forms import SignInForm

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path(
        "dang-nhap/",
        LoginView.as_view(
            template_name="web/sign_in.html",
            authentication_form=SignInForm,
            redirect_authenticated_user=True,
        ),
        name="sign-in",
    ),
    path("dang-xuat/", LogoutView.as_view(), name="sign-out"),
    path("viec-cua-toi/", home.own_tasks, name="own-tasks"),
    path("tong-quan/", home.overview, name="overview"),
    path("viec/<int:pk>/", task.task_page, name="task"),
    *(path(f"viec/<int:pk>/{deed.name}/", task.door_of(deed), name=deed.name) for deed in DEEDS),
]
