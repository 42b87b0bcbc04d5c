"""Routes of the registry, the report, and the forms that plan tasks anew."""

from __future__ import annotations

from django.urls import path

from tracker.web import agencies, replanning, reports

urlpatterns = [
    path("van-ban/<int:pk>/het-hieu-luc/", replanning.expire, name="expire-document"),
    path("nhiem-vu/<int:pk>/thoi-han/", replanning.deadline, name="duty-deadline"),
    path("nhiem-vu/<int:pk>/thoi-lap/", replanning.end, name="duty-end"),
    path("bao-cao/", reports.report, name="report"),
    path("bao-cao/bao-cao-quy.xlsx", reports.spreadsheet, name="report-xlsx"),
    path("bao-cao/bao-cao-quy.docx", reports.letter, name="report-docx"),
    path("bao-cao/nhat-ky/", reports.record, name="record"),
    path("bao-cao/nhat-ky.csv", reports.record_file, name="record-csv"),
    path("co-quan/", agencies.agency_list, name="agencies"),
    path("co-quan/ke-thua/<int:pk>/xac-nhan/", agencies.confirm, name="confirm-succession"),
    path("co-quan/<slug:key>/", agencies.agency_page, name="agency"),
    path("co-quan/<slug:key>/<slug:kind>/", agencies.change, name="change-agency"),
]
