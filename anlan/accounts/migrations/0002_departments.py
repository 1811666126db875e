from typing import Any

from django.db import migrations

DEPARTMENTS = (
    ("emergency", "应急管理局", "Emergency management"),
    ("civil_affairs", "民政局", "Civil affairs"),
    ("finance", "财政局", "Finance"),
    ("natural_resources", "自然资源局", "Natural resources"),
    ("health", "卫生健康局", "Health"),
    ("water", "水利局", "Water"),
    ("housing", "住房和城乡建设局", "Housing and construction"),
    ("transport", "交通运输局", "Transport"),
    ("education", "教育局", "Education"),
    ("forestry", "林业局", "Forestry"),
    ("meteorology", "气象局", "Meteorology"),
    ("organisation", "组织部", "Organisation department"),
)


def seed(apps: Any, schema_editor: Any) -> None:
    department = apps.get_model("accounts", "Department")
    department.objects.bulk_create(
        department(key=key, name_zh=name_zh, name_en=name_en, order=order)
        for order, (key, name_zh, name_en) in enumerate(DEPARTMENTS, start=1)
    )


def clear(apps: Any, schema_editor: Any) -> None:
    apps.get_model("accounts", "Department").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(seed, clear)]
