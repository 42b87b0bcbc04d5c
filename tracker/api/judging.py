"""What is well formed and still of no use: said with its own code, at its field (422)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.utils.translation import gettext as _

from tracker.agencies.models import Agency
from tracker.api.problems import UnknownAgency
from tracker.core.errors import InvalidInputError, UnusableInputError

_CODES = {"new_due": "unusable_deadline", "files": "unusable_file", "agency": "unusable_agency"}


@contextmanager
def judging() -> Iterator[None]:
    """The form was right before: what a service refuses in here is answered under its field's code."""
    try:
        yield
    except InvalidInputError as refusal:
        code = _CODES.get(refusal.field)
        if code is None:
            raise
        raise UnusableInputError(str(refusal), field=refusal.field, code=code) from refusal


def agency_of(key: str) -> Agency:
    """The agency with this key of the registry. Raises UnknownAgency."""
    agency = Agency.objects.filter(key=key).first()
    if agency is None:
        raise UnknownAgency(_("Danh mục không có cơ quan nào mang khóa %s.") % key)
    return agency
