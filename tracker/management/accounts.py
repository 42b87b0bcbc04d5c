"""The demonstration accounts of `seeds/accounts.yaml`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from django.db import transaction

from tracker.agencies.enums import PostRole
from tracker.agencies.services import save_person
from tracker.core.enums import OfficeRole
from tracker.core.errors import InvalidInputError
from tracker.core.events import Actor

_WORDS = ("username", "family_name", "given_name", "email")


@dataclass(frozen=True, slots=True)
class Account:
    """A person of the file. `does` says to whoever tries the tracker what this person is for."""

    username: str
    family_name: str
    given_name: str
    email: str
    does: str = ""
    office_role: str = OfficeRole.NONE
    is_staff: bool = False
    posts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accounts:
    """The people of the file, who all have one password."""

    password: str
    people: Sequence[Account]


def read_accounts(path: Path) -> Accounts:
    """Read the file. Raises InvalidInputError that names the file and the entry at fault."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InvalidInputError(f"Không đọc được tài khoản mẫu «{path}»: {error}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("people"), list):
        raise InvalidInputError(f"«{path}» phải có «password» và danh sách «people».")
    password = content.get("password")
    if not isinstance(password, str) or not password:
        raise InvalidInputError(f"«{path}»: thiếu «password».")
    return Accounts(password=password, people=[_account(entry, path) for entry in content["people"]])


@transaction.atomic
def save_accounts(accounts: Accounts, *, actor: Actor, now: datetime) -> int:
    """Make the accounts that are missing, all or none; returns how many."""
    saved = [
        save_person(
            username=one.username,
            family_name=one.family_name,
            given_name=one.given_name,
            email=one.email,
            office_role=one.office_role,
            is_staff=one.is_staff,
            posts=one.posts,
            password=accounts.password,
            actor=actor,
            now=now,
        )
        for one in accounts.people
    ]
    return sum(one.is_new for one in saved)


def _account(entry: Any, path: Path) -> Account:
    known = set(Account.__dataclass_fields__)
    if not isinstance(entry, dict) or not all(isinstance(entry.get(name), str) for name in _WORDS):
        raise InvalidInputError(f"«{path}»: mỗi người cần {', '.join(_WORDS)}; mục này thì không: {entry}.")
    name = entry["username"]
    if unknown := sorted(entry.keys() - known):
        raise InvalidInputError(f"«{path}», «{name}»: không hiểu «{unknown[0]}».")
    account = Account(**entry)
    if account.office_role not in OfficeRole.values:
        raise InvalidInputError(f"«{path}», «{name}»: không có vai trò «{account.office_role}».")
    if not isinstance(account.posts, dict) or not set(account.posts.values()) <= set(PostRole.values):
        raise InvalidInputError(f"«{path}», «{name}»: «posts» phải là khóa cơ quan → officer hoặc head.")
    return account
