"""An edition built on the one before answers exactly as one built anew, whatever was edited."""

from __future__ import annotations

import json
import shutil
import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st

from briefing.edition import construct
from briefing.edition.construct import build_here, update_here
from briefing.edition.edition import Edition, open_edition
from briefing.edition.opening import look, open_folder
from briefing.edition.ripples import fill
from briefing.edition.survey import State, Survey, hashed
from briefing.model.ref import SHARED, Ref
from briefing.model.vocabulary import Kind
from tests.edition.libraries import write_library
from tests.edition.views import RecordingWriter, everything, view_of

Files = dict[str, str]

ids = st.sampled_from(["a", "b", "c", "d"])
briefings = st.sampled_from(["east", "west"])
dates = st.sampled_from(
    ["2025-06-13", "2025-06-13", "2025-06-14", "2025-06", "2025", "2025-06-12/2025-06-14", None]
)
words = st.sampled_from(["Kataib", "Hezbollah", "Amir Saad", "the strike", "talks held", "men"])


@st.composite
def reference(draw: st.DrawFn, kind: str | None = None) -> str:
    """A reference, now and then to another briefing or to nothing."""
    name = draw(st.sampled_from(["a", "b", "c", "d", "a", "b", "nobody"]))
    kind = kind or draw(st.sampled_from(["actor", "quote", "incident"]))
    form = draw(st.integers(0, 9))
    if form == 0:
        return f"{draw(briefings)}/{kind}/{name}"
    return f"{kind}/{name}" if form < 3 else name


@st.composite
def when(draw: st.DrawFn) -> dict[str, Any]:
    date = draw(dates)
    if date is None:
        return {"undated": True}
    return {"date": date, **({"time": "12:30"} if draw(st.booleans()) else {})}


def optional(strategy: st.SearchStrategy[Any], **names: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.builds(lambda base, more: {**base, **more}, strategy, st.fixed_dictionaries({}, optional=names))


def actors_of(name: str) -> st.SearchStrategy[Any]:
    actor_refs = st.lists(reference("actor"), max_size=2)
    full = optional(
        st.fixed_dictionaries(
            {"id": ids, "name": words, "kind": st.sampled_from(["person", "armed-group", "state"])}
        ),
        aliases=st.lists(words, max_size=2),
        member_of=actor_refs,
        note=words,
        tags=st.just(["x"]),
    )
    return full if name == "_shared" else st.one_of(full, st.fixed_dictionaries({"id": ids, "role": words}))


locators = st.lists(
    optional(st.fixed_dictionaries({"source": ids}), para=st.just(2), text=words), min_size=1, max_size=2
)
RECORDS: dict[str, st.SearchStrategy[Any]] = {
    "issues": st.fixed_dictionaries({"id": ids, "question": words}),
    "positions": optional(
        st.fixed_dictionaries(
            {
                "id": ids,
                "actor": reference("actor"),
                "issue": reference("issue"),
                "stance": st.just("supports"),
                "act": st.just("warns"),
                "summary": words,
                "when": when(),
                "sources": locators,
            }
        ),
        target=st.lists(reference("actor"), max_size=2),
        supersedes=reference("position"),
        quotes=reference("quote"),
    ),
    "incidents": optional(
        st.fixed_dictionaries(
            {
                "id": ids,
                "title": words,
                "type": st.just("meeting"),
                "when": when(),
                "place": st.just({"name": "Erbil"}),
                "status": st.just("reported"),
                "sources": locators,
            }
        ),
        by=reference("actor"),
        target=reference("actor"),
        retracted=st.just({"date": "2025-06-20", "why": "wrong"}),
    ),
    "quotes": optional(
        st.fixed_dictionaries(
            {
                "id": ids,
                "speaker": reference("actor"),
                "text": words,
                "form": st.just("full"),
                "medium": st.just("speech"),
                "when": when(),
                "sources": locators,
            }
        ),
        about=st.lists(reference(), max_size=2),
        formerly=st.lists(ids, max_size=1),
    ),
    "sources": optional(
        st.fixed_dictionaries({"id": ids, "kind": st.just("article"), "title": words}),
        published=st.just("2025-06-01"),
        sha256=st.sampled_from(["a" * 64, "b" * 64]),
    ),
}
MARK = "- {{record: quote/{0}, verdict: verbatim, hash: {1}, source: source/{0}, sha256: {2}}}\n"


@st.composite
def files(draw: st.DrawFn) -> tuple[str, str | None]:
    """A file of a library and its text; None: it is not there."""
    name = draw(st.sampled_from(["_shared", "east", "east", "west"]))
    stem = (
        "actors" if name == "_shared" else draw(st.sampled_from(["actors", "briefing", "verified", *RECORDS]))
    )
    path = f"{name}/{stem}.yaml"
    if draw(st.integers(0, 7)) == 0:
        return path, None
    if stem == "briefing":
        window = draw(st.sampled_from(["2025", "2024", "2025-06-13"]))
        head = {"schema": 1, "id": name, "title": draw(words), "question": "Q?", "as_of": "2025-06-16"}
        return path, json.dumps({**head, "window": window})
    if stem == "verified":
        marks = draw(
            st.lists(st.tuples(ids, st.sampled_from(["0" * 16, HASH]), st.just("a" * 64)), max_size=3)
        )
        return path, "".join(MARK.format(*mark) for mark in marks) or "[]\n"
    if stem != "actors" and draw(st.booleans()):
        path = f"{name}/{stem}/{draw(st.sampled_from(['one', 'two']))}.yaml"
    records = draw(st.lists(actors_of(name) if stem == "actors" else RECORDS[stem], max_size=4))
    text = "".join(f"- {json.dumps(record)}\n" for record in records) or "[]\n"
    return path, text + draw(st.sampled_from(["", "", "", "", "- [broken\n", "- {id: a, unknown: 1}\n"]))


HASH = "3b7b8d7d5f5f6a4b"


def write(root: Path, path: str, text: str | None) -> None:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    if text is None:
        file.unlink(missing_ok=True)
    else:
        file.write_text(text)


def survey_of(root: Path) -> Survey:
    seen = look(root)
    return seen._replace(states=[hashed(root, state, None) for state in seen.states])


def built(folder: Path, seen: Survey) -> list[State]:
    folder.mkdir()
    return build_here(folder, seen, None)


def changed(text: str, change: tuple[int, str]) -> str:
    """TEXT, an entry a line, with one of them touched."""
    lines = text.splitlines(keepends=True)
    place = change[0] % len(lines)
    line = lines[place]
    instead = {
        "drop": [],
        "again": [line, line],
        "comment": ["# A line more.\n", line],
        "words": [line.replace("Kataib", "Liwa").replace("men", "women")],
        "last": [],
    }[change[1]]
    lines[place : place + 1] = instead
    return "".join([*lines, line] if change[1] == "last" else lines) or "[]\n"


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    first=st.lists(files(), min_size=4, max_size=14),
    edits=st.lists(st.lists(files(), min_size=1, max_size=3), min_size=1, max_size=3),
)
def test_an_update_answers_as_a_new_edition_does(
    first: list[tuple[str, str | None]], edits: list[list[tuple[str, str | None]]]
) -> None:
    check_updates(first, edits)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(
    first=st.lists(files(), min_size=4, max_size=14),
    changes=st.lists(
        st.tuples(
            st.integers(0, 99),
            st.tuples(st.integers(0, 99), st.sampled_from(["drop", "again", "comment", "words", "last"])),
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_so_does_one_of_files_of_which_most_stayed(
    first: list[tuple[str, str | None]], changes: list[tuple[int, tuple[int, str]]]
) -> None:
    now = {
        path: text for path, text in first if text and not path.endswith(("briefing.yaml", "verified.yaml"))
    }
    edits: list[list[tuple[str, str | None]]] = []
    for number, change in changes:
        if now:
            path = sorted(now)[number % len(now)]
            now[path] = changed(now[path], change)
            edits.append([(path, now[path])])
    note(f"edits: {edits}")
    check_updates(list(dict(first).items()), edits)


def check_updates(first: list[tuple[str, str | None]], edits: list[list[tuple[str, str | None]]]) -> None:
    work = Path(tempfile.mkdtemp())
    patch = pytest.MonkeyPatch()
    patch.setattr(construct, "IndexWriter", RecordingWriter)
    try:
        root = work / "library"
        for name in ("east", "west"):
            head = {"schema": 1, "id": name, "title": "T", "question": "Q?", "as_of": "2025-06-16"}
            write(root, f"{name}/briefing.yaml", json.dumps(head))
        for path, text in first:
            if not path.endswith("briefing.yaml") or text:
                write(root, path, text)
        older = work / "0"
        seen = survey_of(root)
        before = built(older, seen)
        for number, edit in enumerate(edits):
            for path, text in edit:
                write(root, path, text)
            if not list(root.glob("*/briefing.yaml")):
                break
            seen = survey_of(root)
            folder, fresh = work / f"u{number}", work / f"f{number}"
            folder.mkdir()
            update_here(folder, seen, older, before)
            built(fresh, seen)
            assert everything(view(folder, seen), folder) == everything(view(fresh, seen), fresh)
            older, before = folder, seen.states
    finally:
        patch.undo()
        # Tantivy, which watches an open index, may put its lock file there once more.
    shutil.rmtree(work, ignore_errors=True)


@pytest.mark.parametrize("changing", ["east", "_shared"])
def test_whom_a_copy_of_a_shared_actor_stands_for_follows_both(changing: str) -> None:
    actor = "- {id: a, name: Amir Saad, kind: person}\n"
    quote: dict[str, object] = {"id": "q", "speaker": "a", "text": "men", "form": "full", "medium": "speech"}
    quote |= {"when": {"date": "2025-06-13"}, "sources": [{"source": "s", "para": 1}]}
    first = {
        "_shared/actors.yaml": actor,
        "east/actors.yaml": actor,
        "east/quotes.yaml": f"- {json.dumps(quote)}\n",
    }
    path, noted = f"{changing}/actors.yaml", actor.replace("person}", "person, note: A note}")
    check_updates(list(first.items()), [[(path, noted)], [(path, actor)]])


def test_actors_alike_of_briefings_stand_in_the_order_of_these_whichever_came_first() -> None:
    actor = "- {id: a, name: Amir Saad, kind: person}\n"
    head = {"schema": 1, "id": "dawn", "title": "T", "question": "Q?", "as_of": "2025-06-16"}
    came: list[tuple[str, str | None]] = [
        ("dawn/briefing.yaml", json.dumps(head)),
        ("dawn/actors.yaml", actor),
    ]
    check_updates([("west/actors.yaml", actor)], [came])


def test_a_shared_actor_is_found_from_a_briefing_that_is_gone_as_from_one_that_never_was(
    tmp_path: Path,
) -> None:
    files = {"_shared/actors.yaml": "- {id: a, name: Amir Saad, kind: person}\n", "east/issues.yaml": "[]\n"}
    root = write_library(tmp_path / "library", {**files, "west/issues.yaml": "[]\n"})
    before = open_edition(root, cache=tmp_path / "cache")
    shutil.rmtree(root / "west")
    updated = before.refresh().edition
    assert updated is not None
    for edition in (before, updated, open_edition(root, cache=tmp_path / "another")):
        for briefing in ("west", "nowhere"):
            entry = edition.get(Ref(briefing, Kind.ACTOR, "a"))
            assert entry is not None and entry.ref.briefing == SHARED


def test_what_is_as_it_was_in_a_changed_file_keeps_its_number(tmp_path: Path) -> None:
    root = tmp_path / "library"
    head = {"schema": 1, "id": "east", "title": "T", "question": "Q?", "as_of": "2025-06-16"}
    write(root, "east/briefing.yaml", json.dumps(head))
    sources = [f"- id: s-{name}\n  kind: article\n  title: {name}\n" for name in "abc"]
    write(root, "east/sources.yaml", "".join(sources))
    seen = survey_of(root)
    before = built(tmp_path / "0", seen)
    write(root, "east/sources.yaml", "# One.\n" + "".join(sources).replace("title: b", "title: d"))
    (tmp_path / "1").mkdir()
    update_here(tmp_path / "1", survey_of(root), tmp_path / "0", before)
    query = "SELECT id, number, line FROM record WHERE id LIKE 's-_' ORDER BY id"
    old, new = (sqlite3.connect(tmp_path / name / "store.db").execute(query).fetchall() for name in "01")
    assert [line for _, _, line in new] == [line + 1 for _, _, line in old]
    assert [now[1] == then[1] for now, then in zip(new, old, strict=True)] == [True, False, True]


def view(folder: Path, seen: Survey) -> Edition:
    return view_of(open_folder(folder, "x"), seen)


@given(st.lists(st.one_of(st.none(), st.integers(1, 15)), max_size=12))
def test_labels_rise_and_keep_what_rises(known: list[int | None]) -> None:
    labels = fill(known, 16)
    assert labels == sorted(set(labels))
    assert all(0 < label < 16 for label in labels)
    if labels == known:
        assert labels == known


def test_a_label_that_fits_is_kept() -> None:
    assert fill([4, None, 12], 16) == [4, 8, 12]


def test_kinds_are_all_compared() -> None:
    assert set(Kind) == {
        Kind(kind) for kind in (["briefing", "actor", "issue", "position", "incident", "quote", "source"])
    }
