"""Which agency each task was opened for: the one it is with, or the first that it was handed on from."""

from django.db import migrations
from django.db.models import F


def name_agencies(apps, _schema_editor):
    Agency = apps.get_model("tracker", "Agency")
    Event = apps.get_model("tracker", "Event")
    Task = apps.get_model("tracker", "Task")
    Task.objects.filter(named_agency__isnull=True).update(named_agency=F("agency"))
    ids = dict(Agency.objects.values_list("key", "pk"))
    handed_on = Event.objects.filter(subject_type="task", verb="task.handed_over").order_by("-id")
    first = {event.subject_id: event.before.get("agency") for event in handed_on.iterator()}
    for task, key in first.items():
        if key in ids:
            Task.objects.filter(pk=task).update(named_agency=ids[key])


class Migration(migrations.Migration):
    dependencies = [("tracker", "0008_agencies_over_time")]
    operations = [migrations.RunPython(name_agencies, migrations.RunPython.noop)]
