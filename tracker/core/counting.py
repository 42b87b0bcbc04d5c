"""Counting what comes too often, in the cache: bounds against guessing and hammering, not records."""

from __future__ import annotations

from django.core.cache import cache


def count_one_more(key: str, *, seconds: int) -> int:
    """How often this was counted within `seconds` of the first time, this one with it.

    0 where nothing can count: the key was thrown out of a full cache, or the cache is away. A bound
    then binds nobody, and nobody is shut out.
    """
    cache.add(key, 0, seconds)
    try:
        return cache.incr(key) or 0
    except ValueError:  # thrown out between the two calls
        return 0
