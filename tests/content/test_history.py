"""How records changed, told from real repositories: by commit, between revisions, whatever lies in them."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from briefing.content import git
from briefing.content.git import Contents
from briefing.content.versions import Piece, Place, Versions
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from tests.content.repository import BRIEFING, DRONE, Library, diff, incident, log, steps, told

pytestmark = [pytest.mark.needs("git"), pytest.mark.usefixtures("own_settings")]


def test_each_commit_that_changed_the_record_newest_first(library: Library) -> None:
    library.commit("Report it", incidents=incident())
    library.commit("Another", incidents=incident() + incident(id="flare"))
    last = library.commit("Confirm it", incidents=incident("tags: [air]", status="confirmed"))
    newest, first = log(library)
    assert newest.commit is not None
    assert newest.commit[:4] == (last, "2024-05-03T10:00:00+03:00", "Rana Haddad", "Confirm it")
    assert told(newest.change) == [
        "changed incident/drone",
        "status: suspected -> confirmed",
        "tags: None -> air",
    ]
    assert first.commit is not None and first.commit.subject == "Report it"
    assert told(first.change) == ["added incident/drone"]
    assert not first.beginning


def test_where_and_how_a_record_is_written_is_no_change(library: Library) -> None:
    library.commit("Report it", incidents=incident() + incident(id="flare"))
    library.commit("Order", incidents=incident(id="flare") + incident())
    library.commit("Move", incidents=incident(id="flare"), incidents__may=incident())
    library.commit("Quotes", incidents__may=incident().replace("title: Drone", "'title': Drone"))
    library.commit("Defaults", incidents__may=incident("by: []", "summary:"))
    assert [subject for subject, _ in steps(log(library))] == ["Report it"]
    assert diff(library, "HEAD~4", "HEAD") == []


def test_a_record_is_followed_through_its_former_ids(library: Library) -> None:
    library.commit("Report it", incidents=incident(id="object"))
    library.commit("Sure", incidents=incident(id="object", status="confirmed"))
    library.commit("Rename", incidents=incident("formerly: [object]", status="confirmed"))
    library.commit("Doubt", incidents=incident("formerly: [object]", status="disputed"))
    assert steps(log(library)) == [
        ("Doubt", ["changed incident/drone", "status: confirmed -> disputed"]),
        ("Rename", ["renamed incident/drone", "id: object -> drone", "formerly: None -> object"]),
        ("Sure", ["changed incident/drone", "status: suspected -> confirmed"]),
        ("Report it", ["added incident/drone"]),
    ]
    assert [told(change)[0] for change in diff(library, "HEAD~3", "HEAD")] == ["renamed incident/drone"]


def test_a_former_id_that_was_written_down_later_counts(library: Library) -> None:
    library.commit("Report it", incidents=incident(id="object"))
    library.commit("Rename", incidents=incident())
    library.commit("Say so", incidents=incident("formerly: [object]"))
    assert [subject for subject, _ in steps(log(library))] == ["Say so", "Rename", "Report it"]


def test_retracted_and_restored(library: Library) -> None:
    library.commit("Report it", incidents=incident())
    library.commit("Retract", incidents=incident("retracted: {date: 2024-05-20, why: misread}"))
    library.commit("Restore", incidents=incident())
    assert [fields[0] for _, fields in steps(log(library))] == [
        "restored incident/drone",
        "retracted incident/drone",
        "added incident/drone",
    ]


def test_a_record_that_is_gone_keeps_its_history(library: Library) -> None:
    library.commit("Report it", incidents=incident() + incident(id="flare"))
    library.commit("Delete it", incidents=incident(id="flare"))
    assert steps(log(library)) == [
        ("Delete it", ["removed incident/drone"]),
        ("Report it", ["added incident/drone"]),
    ]
    assert [told(change) for change in diff(library, "HEAD~1", "HEAD")] == [["removed incident/drone"]]


def test_a_file_that_was_broken_for_a_while_hides_nothing(library: Library) -> None:
    slip = incident().replace("title: ", 'title: "')
    library.commit("Report it", incidents=incident())
    library.commit("Slip", incidents=slip)
    library.commit("Slip again", incidents=incident(id="flare") + slip)
    library.commit("Repair", incidents=incident(status="confirmed"))
    library.commit("Unrelated", actors="- {id: a, name: A, kind: person}\n")
    with library.history() as history:
        found = steps(history.log(DRONE))
        assert any("not sound YAML" in notice for notice in history.notices)
    assert found == [
        ("Repair", ["changed incident/drone", "status: suspected -> confirmed"]),
        ("Report it", ["added incident/drone"]),
    ]


def test_a_file_that_was_broken_elsewhere_is_no_matter(library: Library) -> None:
    library.commit("Report it", incidents=incident())
    library.commit("Slip", incidents='- id: x\n  title: "open\n' + incident())
    library.commit("Repair", incidents=incident(status="confirmed"))
    with library.history() as history:
        assert [subject for subject, _ in steps(history.log(DRONE))] == ["Repair", "Report it"]
        assert history.notices == []


@pytest.mark.parametrize(
    "written",
    [
        "[{title: Drone, id: drone}]",
        "-\n  id: drone\n  title: Drone\n",
        "- title: Drone\n  'id' : \"drone\"\n",
        "# - id: drone\n\n  - {id: x, title: X}\n  - {id: drone, title: Drone}  # id: drone\n",
        "- id: drone-2\n  by: drone\n- id: x\n  summary: 'a\n    id: drone,'\n- {id: drone, title: Drone}",
        "- id: x\n  summary: |\n    - id: drone\n    - id: drone\n- id: drone\n  title: Drone\n",
        "- id: drone\r\n  title: Drone\r\n- id: x\r\n",
        "\ufeff- id: drone\n  title: Drone\n- id: drone\n  title: Another\n",
    ],
)
def test_a_record_is_found_however_it_is_written(library: Library, written: str) -> None:
    library.commit("Report it", incidents=written)
    library.commit("Confirm it", incidents=written.replace("title: Drone", "title: Plane"))
    library.commit("Gone", incidents="- {id: x, title: drone}\n")
    gone, confirmed, _ = log(library)
    assert told(gone.change) == ["removed incident/drone"]
    assert told(confirmed.change) == ["changed incident/drone", "title: Drone -> Plane"]


def test_a_merge_tells_what_neither_side_had(library: Library) -> None:
    library.commit("Report it", incidents=incident() + incident(id="flare"))
    library.git("checkout", "-q", "-b", "side")
    library.commit("Side", incidents=incident(status="confirmed") + incident(id="flare"))
    library.git("checkout", "-q", "main")
    library.commit("Main", incidents=incident() + incident(id="flare", status="denied"))
    library.git("merge", "-q", "--no-commit", "-s", "ours", "side")
    library.commit("Merge", incidents=incident(status="confirmed") + incident(id="flare", status="denied"))
    assert [subject for subject, _ in steps(log(library))] == ["Side", "Report it"]
    library.git("checkout", "-q", "side")
    library.git("merge", "-q", "--no-commit", "--no-ff", "-s", "ours", "main~1")
    library.commit("Both", incidents=incident(status="disputed"))
    assert steps(log(library))[0] == ("Both", ["changed incident/drone", "status: confirmed -> disputed"])


def test_what_is_not_committed_comes_first(library: Library) -> None:
    library.commit("Report it", incidents=incident())
    library.write(incidents=incident(status="confirmed"))
    newest, first = log(library)
    assert newest.commit is None and first.commit is not None
    assert told(newest.change)[1:] == ["status: suspected -> confirmed"]
    assert [told(change) for change in diff(library)] == [told(newest.change)]
    library.write(incidents=None)
    assert [told(change) for change in diff(library)] == [["removed incident/drone"]]


def test_a_difference_may_be_of_any_two_revisions(library: Library) -> None:
    library.commit("One", incidents=incident())
    library.git("tag", "evening")
    library.commit("Two", incidents=incident(status="confirmed"), actors="- {id: a, name: A, kind: person}\n")
    assert [told(change)[0] for change in diff(library, "evening", "HEAD")] == [
        "added actor/a",
        "changed incident/drone",
    ]
    assert [told(change)[0] for change in diff(library, "HEAD", "evening")] == [
        "removed actor/a",
        "changed incident/drone",
    ]
    assert diff(library, "HEAD", "main") == []


def test_a_difference_of_one_briefing(library: Library) -> None:
    library.commit("One", incidents=incident())
    other = library.content / "airport"
    other.mkdir()
    (other / "briefing.yaml").write_text(BRIEFING.replace("harbour", "airport"), encoding="utf-8")
    library.commit("Two", incidents=incident(status="confirmed"))
    with library.history() as history:
        refs = [str(change.ref) for change in history.diff("HEAD~1", "HEAD")]
        assert refs == ["airport/briefing/airport", "harbour/incident/drone"]
        only = history.diff("HEAD~1", "HEAD", "airport")
        assert [str(change.ref) for change in only] == ["airport/briefing/airport"]


def test_finding_a_record_by_any_name_it_had(library: Library) -> None:
    library.commit("One", incidents=incident(id="object") + incident(id="gone"))
    library.commit("Two", incidents=incident("formerly: [object]"))
    with library.history() as history:
        assert history.find(None, None, "drone") == [DRONE]
        assert history.find("harbour", Kind.INCIDENT, "drone") == [DRONE]
        assert history.find(None, None, "object") == [DRONE]
        assert history.find(None, None, "gone") == [DRONE._replace(id="gone")]
        assert history.find("harbour", Kind.INCIDENT, "gone") == [DRONE._replace(id="gone")]
        assert history.find(None, Kind.ACTOR, "gone") == []
        assert history.find("airport", None, "drone") == []
        assert history.find(None, None, "one") == []


def test_hostile_text_in_old_commits_is_shown_and_not_obeyed(library: Library) -> None:
    hostile = incident(r'note: "\e]0;x\a\u202e"', r'"\e[2J": x').encode()
    library.commit("One", incidents=hostile)
    subject, author = "\x1b]0;x\x07 \u202e \x1e\x1f", "\x9b2J\x1ea <x>"
    library.git("commit", "-q", "--amend", "-m", subject, f"--author={author}")
    library.commit("Two", incidents=incident())
    two, one = log(library)
    assert one.commit is not None
    assert one.commit.subject == "␛]0;x␇ ⟨U+202E⟩ ␞␟"
    assert one.commit.author == "⟨U+009B⟩2J␞a"
    assert told(two.change)[1:] == ["note: ␛]0;x␇⟨U+202E⟩ -> None", "␛[2J: x -> None"]


def test_what_is_no_file_of_records_is_not_read(library: Library) -> None:
    secret = library.top / "secret.yaml"
    secret.write_text(incident(id="secret"), encoding="utf-8")
    library.commit("One", incidents=incident())
    folder = library.content / "harbour"
    (folder / "quotes.yaml").symlink_to(secret)
    (folder / "texts").mkdir()
    (folder / "texts" / "incidents.yaml").write_text(incident(id="text"), encoding="utf-8")
    (folder / "incidents").mkdir()
    (folder / "incidents" / ".hidden.yaml").write_text(incident(id="hidden"), encoding="utf-8")
    library.commit("Two")
    assert diff(library, "HEAD~1", "HEAD") == []


def test_what_cannot_be_read_is_noted(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.commit("One", incidents=b"- id: \xff\n", actors="- {id: a, name: A, kind: person}\n")
    library.commit("Two", incidents=incident("note: " + "x" * 3000), actors="- [open\n")
    monkeypatch.setattr(git, "FILE_BYTES_MAX", 2048)
    with library.history() as history:
        assert [told(change) for change in history.diff("HEAD~1", "HEAD")] == [["removed actor/a"]]
        reasons = [notice.partition(": ")[2] for notice in history.notices]
        assert reasons[0] == "not sound YAML, so some of its records may be missing here"
        assert reasons[1] == "not UTF-8"
        assert "over the limit" in reasons[2]
        # What was too long was passed over whole: the next answer is the right one.
        assert [told(change)[0] for change in history.diff("HEAD", "HEAD~1")] == ["added actor/a"]


IDS = st.sampled_from(["drone", "drone-2", "flare", "a-drone"])
ENTRIES = st.lists(
    st.fixed_dictionaries(
        {"id": IDS},
        optional={
            "title": st.sampled_from(["id: drone", "- id: drone", "a\n- id: drone\n", "x: [y", "'\""]),
            "related": IDS | st.lists(IDS, max_size=2),
        },
    ),
    max_size=5,
)


@given(ENTRIES, st.sampled_from([True, False, None]), st.booleans(), st.sampled_from([40, 120]))
def test_entries_by_themselves_read_as_in_the_whole(
    entries: list[dict[str, object]], flow: bool | None, keys_sorted: bool, width: int
) -> None:
    text = yaml.safe_dump(entries, default_flow_style=flow, sort_keys=keys_sorted, width=width)
    with tempfile.NamedTemporaryFile("w", suffix=".yaml", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        piece = Piece(Place("harbour", Kind.INCIDENT), "", file.name, Path(file.name))
        versions = Versions(cast(Contents, None))  # a piece on disk asks git for nothing
        whole = {str(record["id"]): record for record in reversed(list(versions.records(piece)))}
        assert versions.named(piece, ["drone"]) == {k: v for k, v in whole.items() if k == "drone"}


def test_a_record_is_followed_through_the_folders_it_stood_in(library: Library) -> None:
    library.commit("Report it", incidents=incident(), actors="- {id: a, name: A, kind: person}\n")
    library.git("mv", "content/harbour", "content/port")
    path = library.content / "port" / "incidents.yaml"
    path.write_text(incident(status="confirmed"), encoding="utf-8")
    briefing = library.content / "port" / "briefing.yaml"
    briefing.write_text(BRIEFING.replace("id: harbour", "id: port"), encoding="utf-8")
    library.git("commit", "-qam", "Rename it")
    library.git("mv", "content", "library")
    library.git("commit", "-qm", "Move all")
    library.content = library.top / "library"
    assert steps(log(library, DRONE._replace(briefing="port"))) == [
        ("Rename it", ["changed incident/drone", "status: suspected -> confirmed"]),
        ("Report it", ["added incident/drone"]),
    ]
    assert steps(log(library, Ref("port", Kind.BRIEFING, "port"))) == [
        ("Rename it", ["renamed briefing/port", "id: harbour -> port"]),
        ("Report it", ["added briefing/port"]),
    ]


def test_a_folder_that_was_renamed_is_no_other_briefing(library: Library) -> None:
    library.commit("Report it", incidents=incident(), actors="- {id: a, name: A, kind: person}\n")
    library.git("mv", "content/harbour", "content/port")
    path = library.content / "port" / "incidents.yaml"
    path.write_text(incident(status="confirmed"), encoding="utf-8")
    briefing = library.content / "port" / "briefing.yaml"
    briefing.write_text(BRIEFING.replace("id: harbour", "id: port"), encoding="utf-8")
    assert [told(change) for change in diff(library)] == [
        ["renamed briefing/port", "id: harbour -> port"],
        ["changed incident/drone", "status: suspected -> confirmed"],
    ]


def test_a_folder_is_followed_where_each_file_was_edited_with_its_name(library: Library) -> None:
    many = "".join(f"- {{id: a{number}, name: A{number}, kind: person}}\n" for number in range(9))
    flare = incident(id="flare") + incident(id="smoke")
    library.commit("Report it", incidents=incident() + flare, actors=many)
    (library.content / "dock").mkdir()  # another one, gone in the same commit
    (library.content / "dock" / "briefing.yaml").write_text(BRIEFING.replace("harbour", "dock"), "utf-8")
    (library.content / "dock" / "actors.yaml").write_text(many.replace("A1,", "B,"), "utf-8")
    library.commit("Another")
    library.git("rm", "-q", "-r", "content/dock")
    library.git("mv", "content/harbour", "content/port")
    for name, text in (
        ("incidents", incident(status="confirmed") + flare),
        ("actors", many.replace("A1,", "B,")),
        ("briefing", BRIEFING.replace("id: harbour", "id: port")),
    ):
        (library.content / "port" / f"{name}.yaml").write_text(text, encoding="utf-8")
    changes = [
        ["renamed briefing/port", "id: harbour -> port"],
        ["changed actor/a1", "name: A1 -> B"],
        ["changed incident/drone", "status: suspected -> confirmed"],
    ]
    # dock is gone, and port is not taken for it.
    assert [told(change) for change in diff(library) if change.what != "removed"] == changes
    library.git("add", "--all")
    library.git("commit", "-qm", "Rename it")
    assert steps(log(library, DRONE._replace(briefing="port"))) == [
        ("Rename it", ["changed incident/drone", "status: suspected -> confirmed"]),
        ("Report it", ["added incident/drone"]),
    ]


def test_a_briefing_in_the_place_of_another_is_not_the_same(library: Library) -> None:
    library.commit("Report it", incidents=incident(), actors="- {id: a, name: A, kind: person}\n")
    library.git("mv", "content/harbour", "content/port")
    briefing = library.content / "port" / "briefing.yaml"
    briefing.write_text(BRIEFING.replace("id: harbour", "id: port"), encoding="utf-8")
    for name, text in (("incidents", incident(id="flare")), ("actors", "- {id: a, name: B, kind: person}\n")):
        (library.content / "port" / f"{name}.yaml").write_text(text, encoding="utf-8")
    assert {change.what for change in diff(library)} == {"added", "removed"}


def test_in_the_middle_of_a_merge_nothing_has_come_or_gone(library: Library) -> None:
    flare = incident(id="flare")
    library.commit("Report it", incidents=incident() + flare)
    sides = f"<<<<<<< HEAD\n{incident(status='denied')}=======\n{incident(status='confirmed')}>>>>>>> other\n"
    library.write(incidents=sides + incident(id="flare", status="confirmed"))
    assert [told(change) for change in diff(library)] == [
        ["changed incident/flare", "status: suspected -> confirmed"]
    ]
    with library.history() as history:
        assert history.find(None, None, "drone") == [DRONE]
    assert steps(log(library)) == [("Report it", ["added incident/drone"])]
