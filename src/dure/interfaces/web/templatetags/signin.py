"""Template tags of the sign-in pages: the library's forms drawn by our components."""

from __future__ import annotations

from django import template
from django.forms import BaseForm

from dure.interfaces.web.base import Form

register = template.Library()


@register.simple_tag
def ours(form: object) -> object:
    """Give a form of the library as `c-form` and `c-field` draw it; any other as it is."""
    if not isinstance(form, BaseForm):
        return form
    values = {name: value for name, value in form.data.items() if "password" not in name}
    errors = {
        name: " ".join(str(one) for one in found)
        for name, found in form.errors.items()
        if name != "__all__"
    }
    return Form(values=values, errors=errors, sentence=" ".join(map(str, form.non_field_errors())))
