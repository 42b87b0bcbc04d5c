"""Routes of the pages. The words in the addresses are Vietnamese without accents."""

from __future__ import annotations

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from tracker.web import (
    assignment,
    documents,
    extensions,
    home,
    mail_links,
    reminder_pages,
    review_doors,
    task,
    tasks,
    tokens,
    undelivered,
    urging,
)
from tracker.web.deeds import DEEDS
from tracker.web.sign_in import PasswordView, SignInView

app_name = "web"

urlpatterns = [
    path("", home.home, name="home"),
    path("dang-nhap/", SignInView.as_view(), name="sign-in"),
    path("mat-khau/", PasswordView.as_view(), name="password"),
    path("dang-xuat/", LogoutView.as_view(), name="sign-out"),
    # Without a token: it would make every page differ, and a stranger could change no more than the words.
    # Leads back by the referrer; an answer to a form, which cannot be asked for again, offers no choice.
    path("ngon-ngu/", csrf_exempt(set_language), name="language"),
    path("viec-cua-toi/", home.own_tasks, name="own-tasks"),
    path("", include("tracker.web.feed_urls")),
    path("", include("tracker.web.registry_urls")),
    path("khoa-api/", tokens.tokens_page, name="tokens"),
    path("khoa-api/<int:pk>/thu-hoi/", tokens.revoke, name="revoke-token"),
    path("tong-quan/", home.overview, name="overview"),
    path("viec/", tasks.task_list, name="tasks"),
    path("viec/don-doc/", urging.urge_selection, name="urge-selection"),
    path("viec/dua-vao-theo-doi/", tasks.take_selection, name="take-selection"),
    path("viec/<int:pk>/", task.task_page, name="task"),
    path("viec/<int:pk>/don-doc/", urging.urge, name="urge"),
    *(path(f"viec/<int:pk>/{deed.name}/", task.door_of(deed), name=deed.name) for deed in DEEDS),
    path("viec/<int:pk>/nhac/", reminder_pages.why, name="why"),
    path("thu-nhac/", reminder_pages.preferences, name="reminders"),
    path("thu-hong/", undelivered.undelivered, name="undelivered"),
    path("thu-hong/<int:pk>/gui-lai/", undelivered.retry, name="retry-mail"),
    path("thu-hong/dia-chi/<int:pk>/gui-lai/", undelivered.lift, name="lift-refusal"),
    path("minh-chung/<int:pk>/", task.evidence, name="evidence"),
    path("gia-han/", extensions.extension_list, name="extensions"),
    path("van-ban/", documents.document_list, name="documents"),
    path("van-ban/nap/", review_doors.upload, name="upload"),
    path("van-ban/<int:pk>/", documents.document_page, name="document"),
    path("van-ban/<int:pk>/toan-van/", documents.document_text, name="document-text"),
    path("van-ban/<int:pk>/theo-doi/", review_doors.publish, name="publish"),
    path("van-ban/<int:pk>/xac-nhan/", review_doors.set_confirmation, name="confirmation"),
    path("du-thao/<int:pk>/sua/", review_doors.edit_draft, name="edit-draft"),
    path("du-thao/<int:pk>/nhan/", review_doors.accept_draft, name="accept-draft"),
    path("du-thao/<int:pk>/loai/", review_doors.reject_draft, name="reject-draft"),
    # Without sign-in: the token in the address is the right.
    path("thu/<str:token>/", mail_links.deed_by_link, name="mail-link"),
    path("thu/nhip/<str:token>/", mail_links.rhythm_by_link, name="mail-rhythm"),
    path("can-phan-cong/", assignment.queue, name="assignment"),
    path("can-phan-cong/<int:pk>/", assignment.assign, name="assign"),
]
