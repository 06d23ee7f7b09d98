"""Foreign keys point the way that imports do: to what stands lower."""

from django.apps import apps

from tests.repository import code


def test_foreign_keys_point_downwards() -> None:
    height = {app: number for number, app in enumerate(code.LAYERS)}
    found = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation
        and not field.auto_created
        and isinstance(field.related_model, type)
        and model._meta.app_label in height
        and field.related_model._meta.app_label in height
        and height[field.related_model._meta.app_label] > height[model._meta.app_label]
    ]
    assert found == []
