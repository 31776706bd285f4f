"""Small git repositories with a library in them, made for one test, and what their history tells."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from briefing.content.history import History, RecordChange, Step
from briefing.content.library import find_library
from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind

BRIEFING = "schema: 1\nid: harbour\ntitle: The harbour\nquestion: Will they sail?\nas_of: 2024-05-15\n"
INCIDENT = """\
- id: {id}
  title: Drone over the harbour
  type: other
  when: {{date: 2024-05-13}}
  place: {{name: Harbour, precision: city}}
  status: {status}
  sources:
    - {{source: paper, para: 1}}
"""


def incident(*lines: str, id: str = "drone", status: str = "suspected") -> str:  # noqa: A002
    """The YAML of an incident, with more LINES of it."""
    return INCIDENT.format(id=id, status=status) + "".join(f"  {line}\n" for line in lines)


class Library:
    """A library in a repository; each commit is a day later than the one before."""

    def __init__(self, top: Path, content: str = "content", *arguments: str) -> None:
        self.top = top
        self.content = top / content
        self._day = 0
        top.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main", *arguments)

    def git(self, *arguments: str, **environment: str) -> str:
        """Run git, whatever the machine's own settings are."""
        done = subprocess.run(
            ["git", "-C", str(self.top), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
                "GIT_CONFIG_GLOBAL": os.devnull,
                "GIT_CONFIG_NOSYSTEM": "1",
                "GIT_AUTHOR_NAME": "Rana Haddad",
                "GIT_AUTHOR_EMAIL": "rana@example.org",
                "GIT_COMMITTER_NAME": "Desk",
                "GIT_COMMITTER_EMAIL": "desk@example.org",
                "GIT_AUTHOR_DATE": f"2024-05-{self._day:02d}T10:00:00+03:00",
                "GIT_COMMITTER_DATE": f"2024-05-{self._day:02d}T11:00:00+03:00",
                **environment,
            },
            check=False,
        )
        if done.returncode:
            raise AssertionError(f"git {arguments}: {done.stderr.decode()}")
        return done.stdout.decode().strip()

    def write(self, **files: str | bytes | None) -> None:
        """Write files of the briefing: `actors` is actors.yaml, `incidents__may` one in a folder."""
        folder = self.content / "harbour"
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / "briefing.yaml").exists():
            (folder / "briefing.yaml").write_text(BRIEFING, encoding="utf-8")
        for name, text in files.items():
            path = folder / f"{name.replace('__', '/')}.yaml"
            if text is None:
                path.unlink()
                continue
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def commit(self, subject: str = "Change", **files: str | bytes | None) -> str:
        """Write FILES, and commit all there is; the commit's hash."""
        self.write(**files)
        self._day += 1
        self.git("add", "--all")
        self.git("commit", "-q", "--allow-empty", "-m", subject)
        return self.git("rev-parse", "HEAD")

    def history(self) -> History:
        return History(find_library(self.content))


DRONE = Ref("harbour", Kind.INCIDENT, "drone")


def log(library: Library, ref: Ref = DRONE) -> list[Step]:
    with library.history() as history:
        return list(history.log(ref))


def diff(library: Library, first: str = "HEAD", second: str | None = None) -> list[RecordChange]:
    with library.history() as history:
        return list(history.diff(first, second))


def told(change: RecordChange) -> list[str]:
    """The change in short: what became of the record, and of which fields."""
    fields = [f"{field}: {before} -> {after}" for field, _, before, after in change.fields]
    return [f"{change.what} {change.ref.short}", *fields]


def steps(steps: Iterable[Step]) -> list[tuple[str, list[str]]]:
    return [(step.commit.subject if step.commit else "", told(step.change)) for step in steps]
