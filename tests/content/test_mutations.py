"""A thousand seeded mistakes in the sample briefing, and how many `check` sees."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from itertools import islice
from pathlib import Path

from briefing.content.checks.run import check_files
from briefing.content.library import File, find_library
from briefing.content.load import Loaded, Shared, load_file
from briefing.content.tree import read_items
from briefing.model.records import Briefing
from briefing.model.vocabulary import Kind
from tests.content.mutations import Mutation, Mutator, Tree

SEED = 20250613
MISTAKES = 1000
CAUGHT = 0.95
# Why a mistake can look sound, by its sort: what no program can see without reading the source.
EXPLAINED = {
    "swap values": "both values are of the same kind, and each could be true at the other's place",
    "misdate": "the wrong date is possible: no weekday, window or day of the briefing speaks against it",
    "misspell word": "the wrong word is a word of the vocabulary too",
    "misspell name": "the wrong name is the name of another record",
    "misname day": "the wrong weekday is one of the days that an interval means",
}


class Checker:
    """Checks the sample with one file changed; the others are loaded once."""

    def __init__(self, sample: Path, folder: Path) -> None:
        shutil.copytree(sample, folder)
        self._library = find_library(folder)
        self._files = {file.kind: file for file in self._library.files}
        self._loaded: dict[File, Loaded] = {}
        self._changed: Kind | None = None

    @property
    def trees(self) -> dict[Kind, list[Tree]]:
        found: dict[Kind, list[Tree]] = {}
        for kind, file in self._files.items():
            text = file.path.read_text(encoding="utf-8")
            items = read_items(text, listed=kind is not Kind.BRIEFING)
            found[kind] = [item.tree for item in items if isinstance(item.tree, dict)]
        return found

    def sees(self, mutation: Mutation) -> bool:
        path = self._files[mutation.kind].path
        sound = path.read_bytes()
        trees = mutation.trees[0] if mutation.kind is Kind.BRIEFING else mutation.trees
        path.write_text(json.dumps(trees, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
        self._changed = mutation.kind
        problems = check_files(self._library, self._load)
        path.write_bytes(sound)
        return problems != []

    def is_clean(self) -> bool:
        self._changed = None
        return check_files(self._library, self._load) == []

    def _load(self, file: File, shared: Shared, briefing: Briefing | None) -> Loaded:
        known = self._loaded.get(file)
        if known is not None and self._changed not in (file.kind, Kind.BRIEFING):
            return known
        loaded = load_file(file, display=str(file.path), shared=shared, briefing=briefing)
        if self._changed is None:
            self._loaded[file] = loaded
        return loaded


def test_mistakes_in_the_sample_are_caught(sample: Path, tmp_path: Path) -> None:
    checker = Checker(sample, tmp_path / "content")
    assert checker.is_clean()
    made: Counter[str] = Counter()
    missed: list[Mutation] = []
    for mutation in islice(Mutator(checker.trees, SEED).mutations(), MISTAKES):
        made[mutation.sort] += 1
        if not checker.sees(mutation):
            missed.append(mutation)
    report = "\n".join(
        f"{mutation}\n    {EXPLAINED.get(mutation.sort, 'NOT EXPLAINED')}" for mutation in missed
    )
    print(f"{made.total() - len(missed)} of {made.total()} caught ({dict(made)}); missed:\n{report}")
    assert len(made) == 9, made
    assert made.total() - len(missed) >= CAUGHT * made.total(), report
    assert [str(mutation) for mutation in missed if mutation.sort not in EXPLAINED] == []
