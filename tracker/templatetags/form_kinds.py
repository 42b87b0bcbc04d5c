"""How a field of a form is drawn: a box to tick, a list of boxes, or a label that holds it."""

from __future__ import annotations

from django import forms, template

register = template.Library()


@register.filter
def is_list(field: forms.BoundField) -> bool:
    """Whether the field is a list of boxes."""
    return isinstance(field.field.widget, forms.CheckboxSelectMultiple)


@register.filter
def is_check(field: forms.BoundField) -> bool:
    """Whether the field is one box."""
    return isinstance(field.field.widget, forms.CheckboxInput)
