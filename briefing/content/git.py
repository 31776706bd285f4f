"""Asking git: revisions, the files of a commit, and the commits that touched files.

Git is run with lists of arguments, never through a shell; what a person wrote reaches it only behind
`--end-of-options`, and only full commit hashes go on from there. No pager, file monitor or other program
of the repository's settings is started.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import NamedTuple, Self

from briefing.content.library import FILE_BYTES_MAX
from briefing.content.sanitise import sanitise_line

_HASH = re.compile("[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SETTINGS = ("-c", "core.fsmonitor=false", "-c", "log.showRoot=true", "-c", "log.showSignature=false")
# A hook of git, for one, sets variables that name another repository than the folder's.
_KEPT = re.compile("(?!GIT_)|GIT_(CONFIG|CEILING_DIRECTORIES$|DISCOVERY_ACROSS_FILESYSTEM$|EXEC_PATH$)")
_ENVIRONMENT = {
    "LC_ALL": "C",
    "GIT_LITERAL_PATHSPECS": "1",  # a folder may be called `:x` or `*`
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
_LOG = (
    "log",
    "-z",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-color",
    "--no-ext-diff",
    "--diff-merges=combined",
    "--date-order",
    "--encoding=UTF-8",
    "--format=tformat:%H%x00%aI%x00%an%x00%s",
)


class GitError(Exception):
    """Git cannot answer; the message says why, and what to do where that is known."""


class Blob(NamedTuple):
    """A file's content as git keeps it, and its path from the top of the repository."""

    path: PurePosixPath
    id: str


class Commit(NamedTuple):
    """A commit that touched files: for each parent the files before, and the files after.

    Only files that differ from those of every parent are there: a merge that takes either side of
    a file as it is has changed nothing.
    """

    id: str
    date: str  # the author's, ISO 8601
    author: str
    subject: str
    before: tuple[tuple[Blob, ...], ...]
    after: tuple[Blob, ...]


class Repository:
    """The git repository that FOLDER lies in."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # The folder's path from the top: "" there, else ending in a slash.
        self.prefix = self._ask("rev-parse", "--show-prefix").removesuffix("\n")
        # Paths are given from the top, so git runs there.
        self.top = self._folder = Path(self._ask("rev-parse", "--show-toplevel").removesuffix("\n"))

    def commit(self, revision: str) -> str:
        """The hash of the commit that REVISION names; GitError when it names none."""
        name = sanitise_line(revision)
        if revision and "\0" not in revision:
            arguments = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
            found = self._run(*arguments).stdout.decode("ascii", "replace").strip()
            # A range or an excluded commit is answered too, by more than a hash.
            if _HASH.fullmatch(found):
                return found
        if revision == "HEAD":
            raise GitError("nothing is committed yet; git add and git commit begin a history")
        if ".." in revision:
            first, _, second = name.partition("..")
            raise GitError(f'"{name}" is no single revision; write two: {first} {second.lstrip(".")}')
        ending = (
            "; this clone is shallow, and git fetch --unshallow brings the rest" if self.beginnings else ""
        )
        raise GitError(f'git knows no revision "{name}"{ending}')

    @cached_property
    def beginnings(self) -> frozenset[str]:
        """The commits at which a shallow clone ends: their parents were left out."""
        path = Path(self._ask("rev-parse", "--git-path", "shallow").removesuffix("\n"))
        try:
            return frozenset((self._folder / path).read_text(encoding="ascii").split())
        except FileNotFoundError:
            return frozenset()

    def files(self, commit: str, folders: list[str]) -> list[Blob]:
        """The files in COMMIT under FOLDERS, which are paths from the top."""
        listed = self._ask_bytes("ls-tree", "-r", "-z", commit, "--", *folders)
        files = []
        for entry in listed.split(b"\0")[:-1]:
            about, _, path = entry.partition(b"\t")
            mode, _, name = about.decode("ascii").split()
            if _is_file(mode):
                files.append(Blob(_path(path), name))
        return files

    def left_out(self, folders: list[str]) -> list[Blob]:
        """The files under FOLDERS that a sparse checkout leaves out: nobody removed them."""
        listed = self._ask_bytes("ls-files", "-z", "-t", "--stage", "--", *folders)
        files = []
        for entry in listed.split(b"\0")[:-1]:
            about, _, raw = entry.partition(b"\t")
            tag, mode, name, _ = about.decode("ascii").split()
            path = _path(raw)
            if tag == "S" and _is_file(mode) and not (self._folder / path).exists():
                files.append(Blob(path, name))
        return files

    def log(self, commit: str, paths: list[str]) -> Iterator[Commit]:
        """The commits before and at COMMIT that touched PATHS, newest first, children before parents."""
        command = self._command(*_LOG, "--end-of-options", commit, "--", *paths)
        with _started(command) as process:
            assert process.stdout is not None
            try:
                yield from _commits(_fields(process.stdout))
                if process.wait():
                    shown = sanitise_line(str(self._folder))
                    raise GitError(f"{shown}: git cannot read all of the history (see: git fsck)")
            finally:
                process.terminate()

    def renamed(self, commit: str) -> list[tuple[PurePosixPath, PurePosixPath]]:
        """The files that COMMIT renamed and left much as they were: for each the old path and the new one."""
        # Where hundreds were, by hashes and names alone: comparing all with all would take long.
        # A merge renames nothing that its sides did not.
        command = ("diff-tree", "-r", "-z", "-M", "-l400", "--diff-filter=R", "--no-commit-id", commit)
        listed = self._ask_bytes(*command)
        paths = [_path(field) for field in listed.split(b"\0")[:-1] if not field.startswith(b":")]
        return list(zip(paths[::2], paths[1::2], strict=True))

    def last_with(self, commit: str, pattern: str, paths: list[str]) -> list[PurePosixPath]:
        """The files among PATHS that last gained or lost a line matching PATTERN (POSIX, extended)."""
        found = self._ask_bytes(
            "log", "-1", "-z", "--no-renames", "--no-textconv", "--no-ext-diff", "--diff-merges=first-parent",
            "--format=", "--name-only",
            f"-G{pattern}", "--end-of-options", commit, "--", *paths,
        )  # fmt: skip
        return [_path(path) for path in found.split(b"\0") if path]

    def contents(self) -> Contents:
        """A reader of blobs; a context manager."""
        return Contents(self._command("cat-file", "--batch"))

    def _command(self, *arguments: str) -> list[str]:
        return ["git", "-C", str(self._folder), "--no-pager", *_SETTINGS, *arguments]

    def _run(self, *arguments: str) -> subprocess.CompletedProcess[bytes]:
        try:
            return subprocess.run(  # noqa: S603  a list, and no shell
                self._command(*arguments),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                env=_environment(),
                check=False,
            )
        except FileNotFoundError as error:
            raise GitError("git is not installed, and the history is kept by git") from error

    def _ask(self, *arguments: str) -> str:
        return os.fsdecode(self._ask_bytes(*arguments))

    def _ask_bytes(self, *arguments: str) -> bytes:
        done = self._run(*arguments)
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode(errors="replace")
        shown = sanitise_line(str(self._folder))
        if "not a git repository" in said:
            raise GitError(f"{shown} is in no git checkout, and the history is kept by git")
        if "dubious ownership" in said:
            way_out = "git reads it after: git config --global --add safe.directory PATH-OF-ITS-TOP"
            raise GitError(f"{shown} is in a checkout that another user owns; {way_out}")
        reason = next((line for line in said.splitlines() if line), f"exit code {done.returncode}")
        raise GitError(f"{shown}: git says: {sanitise_line(reason.removeprefix('fatal: '))}")


class Contents:
    """Reads blobs through one process of git."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process = _started(command)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def read(self, name: str) -> bytes:
        """The content of the blob NAME; GitError when it is not here or larger than a file may be."""
        size = self._ask(name)
        stdout = self._process.stdout
        assert stdout is not None
        if size is None:
            raise GitError("not in this clone, which is a partial one or damaged")
        if size > FILE_BYTES_MAX:
            for start in range(0, size + 1, 2**20):
                stdout.read(min(2**20, size + 1 - start))
            raise GitError(f"over the limit of {FILE_BYTES_MAX // 2**20} MiB; it is not read")
        data = stdout.read(size)
        stdout.read(1)
        return data

    def _ask(self, name: str) -> int | None:
        """The size of the blob NAME, which git then writes; None when it is not here."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        answer: list[bytes] = []
        with suppress(BrokenPipeError):
            stdin.write(f"{name}\n".encode("ascii"))
            stdin.flush()
            answer = stdout.readline().split()
        if not answer:  # git gave up: what a partial clone lacks could not be fetched
            self._end()
            self._process = _started(self._command)
        return int(answer[2]) if len(answer) == 3 else None

    def _end(self) -> None:
        with self._process, suppress(BrokenPipeError):
            assert self._process.stdin is not None
            self._process.stdin.close()


def _started(command: list[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  a list, and no shell
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    )


def _environment() -> dict[str, str]:
    """The environment without what else would say to git where things are or how to show them."""
    kept = {name: value for name, value in os.environ.items() if _KEPT.match(name)}
    return {**kept, **_ENVIRONMENT}


def _path(raw: bytes) -> PurePosixPath:
    return PurePosixPath(os.fsdecode(raw))


def _is_file(mode: str) -> bool:
    """Whether the mode is a regular file's: links and submodules are never followed."""
    return mode.startswith("100")


def _fields(stream: Iterator[bytes]) -> Iterator[bytes]:
    """What stands between NUL bytes, as it comes."""
    rest = b""
    for line in stream:  # lines only cut the stream into pieces; a field may span several
        *whole, rest = (rest + line).split(b"\0")
        yield from whole


def _commits(fields: Iterator[bytes]) -> Iterator[Commit]:
    """The commits in the output of `git log -z --raw`, whose parts are parted by NUL like the commits."""
    head: list[str] = []
    before: list[list[Blob]] = []
    after: list[Blob] = []
    for field in fields:
        raw = field.removeprefix(b"\n")
        if raw.startswith(b":"):
            _changed(raw.decode("ascii"), _path(next(fields)), before, after)
            continue
        if not raw:  # between a merge and what follows
            continue
        if head:
            yield _commit(head, before, after)
        head = [raw.decode("ascii"), *(next(fields).decode("utf-8", "replace") for _ in range(3))]
        before, after = [], []
    if head:
        yield _commit(head, before, after)


def _commit(head: list[str], before: list[list[Blob]], after: list[Blob]) -> Commit:
    name, date, author, subject = head
    return Commit(
        name, date, sanitise_line(author), sanitise_line(subject), tuple(map(tuple, before)), tuple(after)
    )


def _changed(raw: str, path: PurePosixPath, before: list[list[Blob]], after: list[Blob]) -> None:
    """Enter one changed file: a colon, a mode and a hash for each parent, then the mode and hash after."""
    parents = len(raw) - len(raw.lstrip(":"))
    words = raw.lstrip(":").split()
    modes, names = words[: parents + 1], words[parents + 1 : 2 * parents + 2]
    before.extend([] for _ in range(parents - len(before)))
    for place in range(parents):
        if _is_file(modes[place]):
            before[place].append(Blob(path, names[place]))
    if _is_file(modes[parents]):
        after.append(Blob(path, names[parents]))
