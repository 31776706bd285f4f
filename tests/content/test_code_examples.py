"""The examples of the manual and of `check --explain` have the problem that they are examples of."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

import pytest

import briefing.content.checks  # noqa: F401  enters the codes of all checks
from briefing.content.codes import CODES, Code
from tests.content.cases import BASE, Case

# Examples of what lies beside the records, or of the way out: of files, folders, shared actors and marks.
OF_FILES = {"E104", "E105", "W101", "W104", "E304", "A301", "W213", "W214"}
EXAMPLES = [code for code in CODES.values() if code.example and code.code not in OF_FILES]

# What stands around a key that is not one of a record itself.
AROUND = {
    "para": "sources: [{{source: article, {}}}]",
    "lat": "place: {{name: Erbil, precision: city, {}}}",
    "date": "when: {{{}, date_basis: stated}}",
    "undated": "when: {{{}}}",
    "text": "judgements:\n  - {}",
}
# Whom examples name and the base library lacks.
ACTORS = BASE["x/actors.yaml"] + "- {id: usa, name: United States, kind: state, country: US}\n"
# Keys of kinds whose records stand in one line there; of others the base library's last record has them.
SHORT = {"x/actors.yaml": "name: A group\nkind: organisation", "x/sources.yaml": "kind: article\ntitle: News"}
# Keys of the sound records, and of the briefing, without which alone the example is one.
WITHOUT = {"E216": "by_status", "W203": "quotes", "W403": "window"}


def _file(text: str) -> str:
    """The file of the kind of record that the keys or the id in TEXT are of."""
    keys = set(re.findall(r"\w+(?=:)", text))
    if "judgements" in keys:
        return "x/briefing.yaml"
    if "id: q-" in text or keys & {"speaker", "about"}:
        return "x/quotes.yaml"
    if "id: p-" in text or keys & {"stance", "actor", "summary"}:
        return "x/positions.yaml"
    if keys & {"status", "by", "by_status", "when", "place", "title", "deaths", "sources"}:
        return "x/incidents.yaml"
    return "x/sources.yaml" if "file" in keys else "x/actors.yaml"


def _within_sound_content(code: Code) -> Case:
    """The example as it stands if it is of YAML, else each of its records with the keys that it lacks."""
    lines = [line for line in code.example.splitlines() if not line.startswith("#")]
    text = "\n".join(lines) + "\n"
    if code.code.startswith("E1") or code.code in ("E201", "E202"):
        return Case(code.code, {"x/actors.yaml": text}, [])
    if (key := text.partition(":")[0]) in AROUND:
        text = AROUND[key].format(text.rstrip()) + "\n"
    files: dict[str, str] = defaultdict(str)
    sound = {path: re.sub(rf"^ *{WITHOUT.get(code.code)}:.*\n", "", BASE[path], flags=re.M) for path in BASE}
    if not text.startswith("- "):
        text = "- " + ("" if key == "id" else "id: new\n  ") + text.replace("\n", "\n  ").rstrip(" ")
    for record in re.split(r"^- ", text, flags=re.M)[1:]:
        path = _file(record)
        if path == "x/briefing.yaml":
            files[path] = sound[path] + re.sub("^id: new\n|^  ", "", record, flags=re.M)
            continue
        keys = re.findall(r"(?:^ *|[{,] ?)(\w+):", record, flags=re.M)
        known = SHORT.get(path) or sound[path].partition("\n  ")[2]
        more = [line.strip() for line in known.splitlines() if line.partition(":")[0].strip() not in keys]
        if record.startswith("{"):
            files[path] += f"- {record.rstrip()[:-1]}, {', '.join(more)}}}\n"
        else:
            files[path] += "\n  ".join([f"- {record.rstrip()}", *more]) + "\n"
    return Case(
        code.code, {"x/briefing.yaml": sound["x/briefing.yaml"], "x/actors.yaml": ACTORS, **files}, []
    )


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: code.code)
def test_an_example_has_its_problem(code: Code, tmp_path: Path) -> None:
    problems = _within_sound_content(code).check(tmp_path)
    assert code.code in {problem.code for problem in problems}
