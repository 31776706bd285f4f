"""JSON Schemas of the content files, generated from the model, and the modelines that name them.

Draft-07, because the yaml-language-server knows it best. An editor reads YAML with types where `check`
reads text, so the schemas take what an editor makes of a text: `name: 1` and `anonymous: yes` are right.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import msgspec

from briefing.content.library import Library
from briefing.model.records import TYPES
from briefing.model.vocabulary import Kind

FOLDER = ".schema"
_DRAFT = "http://json-schema.org/draft-07/schema#"
_DEFINITIONS = "#/definitions/"
_MODELINE = re.compile(r"#\s*yaml-language-server:\s*\$schema=.*")


def schema_of(kind: Kind) -> dict[str, Any]:
    """The schema of a file of KIND: a list of records, or the mapping that a briefing is."""
    (top,), definitions = msgspec.json.schema_components([TYPES[kind]], ref_template=_DEFINITIONS + "{name}")
    definitions = {name: _adapted(definition) for name, definition in definitions.items()}
    shape = {"allOf": [top]} if kind is Kind.BRIEFING else {"type": ["array", "null"], "items": top}
    return {"$schema": _DRAFT, "title": _title(kind), **shape, "definitions": definitions}


def file_name(kind: Kind) -> str:
    """The schema's file, named as the file of records is."""
    return f"{'briefing' if kind is Kind.BRIEFING else kind.plural}.json"


def schema_text(kind: Kind) -> str:
    return msgspec.json.format(msgspec.json.encode(schema_of(kind)), indent=2).decode() + "\n"


def modeline(path: Path, folder: Path, kind: Kind) -> str:
    """The line by which an editor finds the schema in FOLDER of the file PATH."""
    relative = os.path.relpath(folder / file_name(kind), path.parent)
    return f"# yaml-language-server: $schema={Path(relative).as_posix()}"


def with_modeline(text: str, line: str) -> str:
    """TEXT with LINE as its first; one that names another schema is replaced."""
    first = text.partition("\n")[0].strip()
    if _MODELINE.fullmatch(first):
        return text.replace(first, line, 1)
    return f"{line}\n\n{text}" if text else f"{line}\n"


def schema_folder(library: Library) -> Path:
    """Where a library keeps its schemas: beside its briefings, also when it was opened as one of them."""
    inside = library.briefings and library.briefings[0].path == library.root
    root = Path(os.path.normpath(library.root.absolute())).parent if inside else library.root
    return root / FOLDER


def _title(kind: Kind) -> str:
    return "A briefing" if kind is Kind.BRIEFING else f"{kind.plural.capitalize()} of a briefing"


def _adapted(schema: Any) -> Any:
    """SCHEMA with what differs between records and the YAML that an editor sees."""
    if isinstance(schema, list):
        return [_adapted(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    adapted = {
        key: _adapted(value) for key, value in schema.items() if key != "default" or value not in (None, [])
    }
    if "$ref" in adapted and len(adapted) > 1:  # draft-07 overlooks whatever stands beside a $ref
        adapted = {"allOf": [{"$ref": adapted.pop("$ref")}], **adapted}
    required = adapted.get("required", ())
    if "properties" in adapted:
        adapted["properties"] = {
            name: value if name in required else _or_empty(value)
            for name, value in adapted["properties"].items()
        }
    match adapted.get("type"):
        case "string":
            adapted["type"] = (
                ["string", "number", "boolean"] if "pattern" not in adapted else ["string", "number"]
            )
        case "boolean":
            del adapted["type"]
            adapted["anyOf"] = [{"type": "boolean"}, {"enum": ["yes", "no"]}]
    return adapted


def _or_empty(schema: dict[str, Any]) -> dict[str, Any]:
    """SCHEMA of a key that may be left without a value."""
    if {"type": "null"} in schema.get("anyOf", ()):
        return schema
    if isinstance(schema.get("type"), str):
        return {**schema, "type": [schema["type"], "null"]}
    if isinstance(schema.get("type"), list):
        return {**schema, "type": [*schema["type"], "null"]}
    described: dict[str, Any] = {
        key: schema[key] for key in ("description", "examples", "default") if key in schema
    }
    inner = {key: value for key, value in schema.items() if key not in described}
    return {**described, "anyOf": [*(inner.pop("anyOf", None) or [inner]), {"type": "null"}]}
