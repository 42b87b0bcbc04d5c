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


@shared_task
def send_reminders() -> int:
    """Beat's "look now": plans and sends what is due; two at once do no harm. Returns the mails sent."""
    from tracker.calendar_feed.attachment import deadlines_file
    from tracker.core import clock
    from tracker.core.workdays import working_days
    from tracker.reminders.services import look_now

    look = look_now(moment=clock.now(), clock=clock.now, working=working_days(), calendar_of=deadlines_file)
    for who, reason in look.delivery.failed:
        logger.error("reminder not delivered to %s: %s", who, reason)
    logger.info("planned %d reminders, sent %d mails", look.plan.lines, look.delivery.sent)
    return look.delivery.sent


@shared_task
def sweep_evidence() -> int:
    """Beat's daily look for files that no record names. Returns how many it removed."""
    from django.utils import timezone

    from tracker.duties.evidence import sweep_evidence as sweep

    swept = sweep(now=timezone.now())  # a file's age is real, also under a fixed day
    logger.info("swept %d files", swept)
    return swept


@shared_task
def send_notices() -> int:
    """Asked for after the commit of a decision or an urging: sends it without waiting for the next look.

    A call that is lost costs a quarter of an hour, one that comes twice nothing. Returns the mails sent.
    """
    from tracker.core import clock
    from tracker.core.workdays import working_days
    from tracker.reminders import services

    delivery = services.send_notices(clock=clock.now, working=working_days())
    for who, reason in delivery.failed:
        logger.error("notice not delivered to %s: %s", who, reason)
    return delivery.sent


@shared_task
def send_webhooks() -> int:
    """Beat's look at what webhooks are to be told. Returns the messages that were taken."""
    from tracker.core import clock
    from tracker.webhooks.look import look_now

    look = look_now(today=clock.today(), now=clock.now())
    logger.info("webhooks: planned %d, sent %d, failed %d", look.planned, look.sent, look.failed)
    return look.sent
