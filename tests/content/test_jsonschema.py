"""The JSON Schemas: made from the model, up to date, and understood by the real language server."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from briefing.cli.main import run
from briefing.content.jsonschema import FOLDER, file_name, schema_of, schema_text, with_modeline
from briefing.model.vocabulary import Kind
from tests.conftest import leave_out
from tests.content.language_server import LanguageServer

VERSION = "1.18.0"
NEEDS_NODE = pytest.mark.needs("node", "npm")
IRAQ = "iraq-militias-2025-06"


@pytest.mark.parametrize("kind", list(Kind))
def test_the_schemas_of_the_sample_are_up_to_date(kind: Kind, sample: Path) -> None:
    assert (sample / FOLDER / file_name(kind)).read_text(encoding="utf-8") == schema_text(kind)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_field_is_described(kind: Kind) -> None:
    schema = schema_of(kind)
    for name, definition in schema["definitions"].items():
        assert "enum" in definition or definition.get("description"), name
        for key, field in definition.get("properties", {}).items():
            assert "description" in json.dumps(field), f"{name}.{key}"


def test_writing_schemas_and_modelines(
    tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(sample / IRAQ, folder / IRAQ)
    actors = folder / IRAQ / "actors.yaml"
    actors.write_text(actors.read_text().partition("\n")[2])
    (folder / IRAQ / "quotes").mkdir()
    more = folder / IRAQ / "quotes" / "mo\x1bre.yaml"
    more.write_bytes(b"# yaml-language-server: $schema=elsewhere.json\r\n[]\r\n")
    assert run(["schema", "--write", "--content", str(folder)]) == 0
    assert actors.read_text().startswith("# yaml-language-server: $schema=../.schema/actors.json\n")
    assert more.read_bytes() == b"# yaml-language-server: $schema=../../.schema/quotes.json\r\n[]\r\n"
    assert "mo␛re.yaml\n" in capsys.readouterr().out
    assert sorted(path.name for path in (folder / FOLDER).iterdir()) == sorted(
        file_name(kind) for kind in Kind
    )
    assert run(["schema", "--write", "--content", str(folder / IRAQ)]) == 0
    assert capsys.readouterr().out == ""  # nothing left to change, and the same place


def test_no_schema_is_written_through_a_link_out_of_the_library(
    tmp_path: Path, sample: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(sample / IRAQ, folder / IRAQ)
    (folder / FOLDER).mkdir()
    outside = tmp_path / "mine.json"
    outside.write_text("{}")
    (folder / FOLDER / "actors.json").symlink_to(outside)
    assert run(["schema", "--write", "--content", str(folder)]) == 2
    assert outside.read_text() == "{}"
    assert "actors.json: the link leads out of the library" in capsys.readouterr().err


def test_a_file_that_gets_no_line_is_no_success(tmp_path: Path, sample: Path) -> None:
    folder = tmp_path / "content"
    shutil.copytree(sample / IRAQ, folder / IRAQ)
    (folder / IRAQ / "quotes.yaml").write_bytes(b"\xff")
    assert run(["schema", "--write", "--content", str(folder)]) == 1


def test_schemas_stand_beside_the_briefing_that_is_opened_from_a_folder_of_it(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "content"
    shutil.copytree(sample, folder)
    (folder / IRAQ / "texts").mkdir()
    monkeypatch.chdir(folder / IRAQ / "texts")
    assert run(["schema", "--write", "--content", ".."]) == 0
    assert list(Path().iterdir()) == []
    assert (folder / ".schema" / "actors.json").exists()


def test_a_modeline_is_put_before_the_text() -> None:
    assert with_modeline("- id: a\n", "# m") == "# m\n\n- id: a\n"
    assert with_modeline("", "# m") == "# m\n"


def test_one_schema_is_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "quotes"]) == 0
    assert json.loads(capsys.readouterr().out)["items"] == {"$ref": "#/definitions/Quote"}
    assert run(["schema"]) == 2
    assert run(["schema", "quotes", "--write", "--content", str(tmp_path)]) == 2
    assert "writes the schemas of all kinds: leave quotes out" in capsys.readouterr().err


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[LanguageServer, Path]]:
    """The real server over a copy of the sample; installed once into the user's cache."""
    home = Path.home() / ".cache" / "briefing-tests" / f"yaml-language-server-{VERSION}"
    program = home / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    if not program.exists():
        home.mkdir(parents=True, exist_ok=True)
        command = [
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(home),
            f"yaml-language-server@{VERSION}",
        ]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
        if done.returncode:
            leave_out(f"npm cannot install the yaml-language-server: {done.stderr}")
    root = tmp_path_factory.mktemp("editor")
    shutil.copytree(Path(__file__).parent.parent.parent / "content", root / "content")
    with LanguageServer(["node", str(program), "--stdio"], root) as running:
        yield running, root / "content" / IRAQ


@NEEDS_NODE
@pytest.mark.xdist_group("yaml-language-server")
class TestInAnEditor:
    def test_the_sample_is_sound(self, server: tuple[LanguageServer, Path]) -> None:
        running, folder = server
        for path in sorted(folder.glob("*.yaml")):
            assert running.open(path, path.read_text(encoding="utf-8")) == [], path.name

    def test_keys_and_words_are_completed_and_explained(self, server: tuple[LanguageServer, Path]) -> None:
        running, folder = server
        path = folder / "new-actors.yaml"
        text = (
            "# yaml-language-server: $schema=../.schema/actors.json\n- id: a\n  name: A\n  kind: state\n  \n"
        )
        running.open(path, text)
        assert {"aliases", "member_of", "wikidata"} <= set(running.complete(path, 4, 2))
        assert {"armed-group", "person"} <= set(running.complete(path, 3, 8))
        assert "The name by which readers are to know it" in running.hover(path, 2, 4)
        assert "What sort of actor it is" in running.hover(path, 3, 4)

    def test_parts_of_records_are_completed(self, server: tuple[LanguageServer, Path]) -> None:
        running, folder = server
        path = folder / "new-incidents.yaml"
        modeline = "# yaml-language-server: $schema=../.schema/incidents.json\n"
        text = modeline + "- id: a\n  place:\n    \n  when:\n    \n"
        running.open(path, text)
        assert {"name", "precision", "coords_from"} <= set(running.complete(path, 3, 4))
        assert {"date", "date_basis", "undated"} <= set(running.complete(path, 5, 4))

    def test_mistakes_are_marked(self, server: tuple[LanguageServer, Path]) -> None:
        running, folder = server
        path = folder / "wrong-actors.yaml"
        text = (
            "# yaml-language-server: $schema=../.schema/actors.json\n"
            "- id: Not An Id\n  name: A\n  kind: robot\n  loction: x\n"
        )
        lines = {found["range"]["start"]["line"] for found in running.open(path, text)}
        assert lines == {1, 3, 4}

    def test_what_check_allows_the_editor_allows(self, server: tuple[LanguageServer, Path]) -> None:
        running, folder = server
        path = folder / "odd-actors.yaml"
        text = (
            "# yaml-language-server: $schema=../.schema/actors.json\n"
            "- id: 2025\n  name: 12:30\n  kind: person\n  anonymous: yes\n  role:\n  tags:\n"
            "  aliases: [no, 1e3]\n  member_of: iran\n  retracted: {date: 2025, why: no}\n"
        )
        assert running.open(path, text) == []
