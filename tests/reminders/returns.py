"""Returned mails as mail servers write them."""

from __future__ import annotations

from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText


def delivery_report(
    *, to: str, action: str = "failed", status: str = "5.1.1", diagnosis: str = "550 5.1.1 User unknown"
) -> bytes:
    """A report as Postfix sends it (RFC 3464), to the envelope sender of the mail that it is about."""
    report = MIMEMultipart("report")
    report.set_param("report-type", "delivery-status")
    report["From"] = "MAILER-DAEMON@mx.example.vn (Mail Delivery System)"
    report["To"] = to
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Auto-Submitted"] = "auto-replied"
    report.attach(MIMEText("This is the mail system at host mx.example.vn.\n"))
    report.attach(_status(action=action, status=status, diagnosis=diagnosis))
    return report.as_bytes()


def absence_note(*, to: str) -> bytes:
    note = EmailMessage()
    note["From"], note["To"], note["Subject"] = "lan@example.vn", to, "Tự động: tôi đi công tác"
    note["Auto-Submitted"] = "auto-replied"
    note.set_content("Tôi sẽ trả lời sau. 5.1.1")
    return note.as_bytes()


def _status(**fields: str) -> Message:
    about_all, about_one = Message(), Message()
    about_all["Reporting-MTA"] = "dns; mx.example.vn"
    about_one["Final-Recipient"] = "rfc822; lan@example.vn"
    about_one["Action"] = fields["action"]
    about_one["Status"] = fields["status"]
    about_one["Diagnostic-Code"] = f"smtp; {fields['diagnosis']}"
    part = Message()
    part["Content-Type"] = "message/delivery-status"
    part.set_payload([about_all, about_one])
    return part
