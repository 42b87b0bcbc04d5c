"""Signed envelope senders."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured
from pytest_django import Settings

from config.environment import LONGEST_BOUNCE_NAME, bounce_address
from tracker.reminders.envelopes import Envelope, ForgedEnvelopeError, envelope_address, read_envelope

ONE = Envelope(8812, 1)


@pytest.fixture(autouse=True)
def configured(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = "thu-tra-lai@nhiemvu.example.vn"


def test_address_leads_back_to_its_mail() -> None:
    assert read_envelope(envelope_address(ONE)) == ONE


def test_address_is_read_inside_a_header_and_in_capitals() -> None:
    assert read_envelope(f'"Thu tra lai" <{envelope_address(ONE).upper()}>') == ONE


def test_longest_address_fits_a_mailbox_name(settings: Settings) -> None:
    settings.BOUNCE_ADDRESS = f"{'x' * LONGEST_BOUNCE_NAME}@example.vn"
    name = envelope_address(Envelope(10**14, 32767)).partition("@")[0]
    assert len(name) <= 64


@pytest.mark.parametrize("address", ["", "thu-tra-lai@nhiemvu.example.vn", "a+b@example.vn", "x" * 10000])
def test_other_address_is_none_of_ours(address: str) -> None:
    assert read_envelope(address) is None


@pytest.mark.parametrize("change", [("b8812-", "b8813-"), ("-1-", "-2-")])
def test_changed_address_is_forged(change: tuple[str, str]) -> None:
    with pytest.raises(ForgedEnvelopeError):
        read_envelope(envelope_address(ONE).replace(*change))


def test_address_outlives_a_change_of_the_secret_key(settings: Settings) -> None:
    address = envelope_address(ONE)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "khoa-moi"
    with pytest.raises(ForgedEnvelopeError):
        read_envelope(address)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert read_envelope(address) == ONE


@pytest.mark.parametrize(
    "value", ["khong-co-cong", "a+b@example.vn", "@example.vn", "tên@example.vn", f"{'x' * 21}@example.vn"]
)
def test_wrong_setting_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("BOUNCE_ADDRESS", value)
    with pytest.raises(ImproperlyConfigured, match="BOUNCE_ADDRESS"):
        bounce_address()


def test_setting_may_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOUNCE_ADDRESS", raising=False)
    assert bounce_address() == ""
