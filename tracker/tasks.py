"""Every Celery task: ids in, call a service. Imports of the domains stay inside the bodies."""

from __future__ import annotations

import logging

from celery import shared_task

logger = logging.getLogger(__name__)


@shared_task
def open_periods() -> int:
    """Beat's daily look at recurring duties and at bodies that changed. Returns the tasks opened."""
    from tracker import pipeline
    from tracker.core import clock
    from tracker.core.events import SYSTEM

    opened = pipeline.open_periods(today=clock.today(), actor=SYSTEM, now=clock.now())
    logger.info("opened %d tasks", len(opened))
    return len(opened)
