"""Reading a library's records for building; stands in until the content loader is there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import yaml

from briefing.model.records import RECORDS, AnyRecord, Briefing
from briefing.model.ref import SHARED
from briefing.model.vocabulary import Kind


class LibraryError(Exception):
    """The folder holds nothing that can be read as a library."""


class File(NamedTuple):
    briefing: str
    kind: Kind
    path: Path


def find_files(root: Path) -> list[File]:
    """The files of the library or single briefing at ROOT."""
    if not root.is_dir():
        raise LibraryError(f"{root}: no such folder")
    if (root / "briefing.yaml").is_file():
        folders = [root]
    else:
        folders = sorted(folder for folder in root.iterdir() if (folder / "briefing.yaml").is_file())
        if (root / SHARED).is_dir():
            folders.insert(0, root / SHARED)
    if not folders:
        raise LibraryError(f"{root}: no briefing in this folder")
    files = []
    for folder in folders:
        if (folder / "briefing.yaml").is_file():
            files.append(File(folder.name, Kind.BRIEFING, folder / "briefing.yaml"))
        for kind in RECORDS:
            if (folder / f"{kind.plural}.yaml").is_file():
                files.append(File(folder.name, kind, folder / f"{kind.plural}.yaml"))
            files += (File(folder.name, kind, path) for path in sorted((folder / kind.plural).glob("*.yaml")))
    return files


def read_file(file: File) -> Iterator[tuple[AnyRecord | Briefing, int]]:
    """Each sound record of FILE with the line it starts at."""
    text = file.path.read_text()
    if file.kind is Kind.BRIEFING:
        yield _converted(yaml.load(text, yaml.CBaseLoader), Briefing), 1  # noqa: S506
        return
    node = yaml.compose(text, yaml.CBaseLoader)
    lines = [entry.start_mark.line + 1 for entry in node.value] if node is not None else []
    trees = yaml.load(text, yaml.CBaseLoader) or []  # noqa: S506
    for tree, line in zip(trees, lines, strict=True):
        yield _converted(tree, RECORDS[file.kind]), line


def _converted(tree: Any, kind: type[Any]) -> Any:
    return msgspec.convert(_pruned(tree), kind, strict=False)


def _pruned(tree: Any) -> Any:
    if isinstance(tree, dict):
        return {key: _pruned(value) for key, value in tree.items() if value != ""}
    return [_pruned(value) for value in tree] if isinstance(tree, list) else tree
