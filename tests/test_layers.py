"""Foreign keys point downwards only, and no table is forgotten by the audit trail."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection, models

from config.governed import GOVERNED, NOT_GOVERNED, Governed

PROJECT = Path(__file__).parent.parent


def layers() -> dict[str, int]:
    """The height of each package in the layers contract; the lowest is 0."""
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    (contract,) = (each for each in contracts if each["type"] == "layers")
    return {
        name.strip(): height
        for height, row in enumerate(reversed(contract["layers"]))
        for name in row.split("|")
    }


def relations() -> Iterator[
    tuple[type[models.Model], models.Field[object, object], type[models.Model]]
]:
    """Every foreign key of our own models: (model, field, where it points)."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in layers():
            continue
        for field in model._meta.get_fields():
            target = field.related_model
            if isinstance(field, models.Field) and isinstance(target, type):
                yield model, field, target


def upward() -> list[str]:
    heights = layers()
    return [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field, target in relations()
        if heights.get(target._meta.app_label, -1) > heights[model._meta.app_label]
    ]


def test_no_foreign_key_points_to_a_higher_layer() -> None:
    found = list(relations())
    assert len(found) > 30, "the walk over the models has lost its way"
    assert upward() == []


def test_layers_side_by_side_do_not_point_at_each_other() -> None:
    heights = layers()
    sideways = [
        f"{model._meta.label}.{field.name} → {target._meta.label}"
        for model, field, target in relations()
        if model._meta.app_label != target._meta.app_label
        and heights.get(target._meta.app_label) == heights[model._meta.app_label]
    ]
    assert sideways == []


def test_the_layers_contract_names_every_package_of_the_project() -> None:
    packages = {path.parent.name for path in PROJECT.glob("*/__init__.py")} - {"tests", "bench"}
    assert packages == set(layers())


@pytest.mark.django_db
def test_every_table_is_governed_or_says_why_not() -> None:
    assert set(GOVERNED) & set(NOT_GOVERNED) == set()
    assert set(GOVERNED) | set(NOT_GOVERNED) == tables()
    assert [table for table, reason in NOT_GOVERNED.items() if not reason.strip()] == []


def test_every_model_is_governed_or_says_why_not() -> None:
    stored = {model._meta.db_table for model in apps.get_models(include_auto_created=True)}
    assert stored - set(GOVERNED) - set(NOT_GOVERNED) == set()


@pytest.mark.django_db
def test_the_triggers_of_the_database_are_those_of_the_list() -> None:
    assert triggers() == {
        (table, kind): how for table, how in GOVERNED.items() for kind in _kinds(how)
    }


def _kinds(how: Governed) -> tuple[str, ...]:
    return ("insert", "delete", "update") if how.many else ("write", "update")


@pytest.mark.django_db
def test_no_trigger_of_the_trail_is_switched_off() -> None:
    with connection.cursor() as cursor:
        cursor.execute("select tgname from pg_trigger where not tgisinternal and tgenabled = 'D'")
        assert cursor.fetchall() == []


@pytest.mark.django_db
def test_the_columns_left_out_exist() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns where table_schema = 'public'"
        )
        columns = set(cursor.fetchall())
    named = {(table, column) for table, how in GOVERNED.items() for column in how.left_out}
    named |= {(table, how.agency) for table, how in GOVERNED.items() if how.agency.endswith("_id")}
    assert named - columns == set()


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select relname from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace"
        )
        return {row[0] for row in cursor.fetchall()}


def triggers() -> dict[tuple[str, str], Governed]:
    """What the triggers do: (table, the events of which one) → how."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select c.relname, pg_get_triggerdef(t.oid) from pg_trigger t"
            " join pg_class c on c.oid = t.tgrelid join pg_proc p on p.oid = t.tgfoid"
            " where p.proname in ('audit_record', 'audit_record_rows')"
        )
        return dict(_read(table, definition) for table, definition in cursor.fetchall())


def _read(table: str, definition: str) -> tuple[tuple[str, str], Governed]:
    shapes = {
        "write": r"AFTER INSERT OR DELETE ON \S+ FOR EACH ROW EXECUTE",
        "insert": r"AFTER INSERT ON \S+ REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE",
        "delete": r"AFTER DELETE ON \S+ FOR EACH ROW EXECUTE",
        "update": r"AFTER UPDATE ON \S+ FOR EACH ROW WHEN \(\(old\.\* IS DISTINCT FROM new\.\*\)\) EXECUTE",
    }
    (kind,) = (kind for kind, shape in shapes.items() if re.search(shape, definition))
    function = "audit_record_rows" if kind == "insert" else "audit_record"
    (arguments,) = re.findall(function + r"\('(.*?)', '(.*?)'\)", definition)
    agency, left_out = arguments
    many = kind in {"insert", "delete"} or GOVERNED[table].many
    return (table, kind), Governed(agency, tuple(filter(None, left_out.split(","))), many=many)
