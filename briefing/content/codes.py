"""Every problem that `check` can report: its code, severity, and what it means, with an example.

One registry, from which `check --explain`, the checks' page of the manual and SARIF rules come.
E1 files and YAML, E2 schema, E3 references and identity, E4 dates; W warnings; A advice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from briefing.content.finding import Finding
from briefing.content.problem import Problem, Severity

if TYPE_CHECKING:
    from briefing.content.marks import Mark


class Code(NamedTuple):
    """One kind of problem; `example` shows content that has it."""

    code: str
    severity: Severity
    title: str
    explanation: str
    example: str = ""


CODES: dict[str, Code] = {}


def declare(code: str, title: str, explanation: str, example: str = "") -> str:
    """Enter a code into the registry and give it back; its letter says the severity."""
    if code in CODES:
        raise ValueError(f"{code} is declared twice")
    CODES[code] = Code(code, _SEVERITY[code[0]], title, explanation, example)
    return code


def problem(
    code: str,
    message: str,
    *,
    file: str,
    line: int = 0,
    column: int = 0,
    width: int = 1,
    record: str = "",
    excerpt: str = "",
    hint: str = "",
) -> Problem:
    """A problem of CODE, with the severity the registry gives it."""
    return Problem(
        code=code,
        severity=CODES[code].severity,
        file=file,
        line=line,
        column=column,
        width=width,
        message=message,
        record=record,
        excerpt=excerpt,
        hint=hint,
    )


def placed(finding: Finding, mark: Mark, *, file: str, record: str, excerpt: str) -> Problem:
    """The problem that FINDING is at MARK."""
    return problem(
        finding.code,
        finding.message,
        file=file,
        line=mark.line,
        column=mark.column,
        width=mark.width,
        record=record,
        excerpt=excerpt,
        hint=finding.hint,
    )


def is_error(finding: Finding) -> bool:
    """Whether the finding keeps its record out."""
    return CODES[finding.code].severity is Severity.ERROR


_SEVERITY = {"E": Severity.ERROR, "W": Severity.WARNING, "A": Severity.ADVICE}

UNREADABLE = declare(
    "E100",
    "file cannot be read",
    "The system refuses to read the file; its message says why, most often missing permission.",
)
NOT_UTF8 = declare(
    "E101",
    "file is not UTF-8",
    "Content is UTF-8 text. Save the file in that encoding; most editors offer it under Save As. So is the "
    "name of a file: rename it where it is not.",
)
NOT_REGULAR = declare(
    "E102",
    "not a regular file",
    "Pipes, devices and sockets are never opened, because reading one may hang or never end.",
)
OUTSIDE = declare(
    "E103",
    "link out of the library",
    "A symbolic link that leads out of the library's folder is not followed, so that content from "
    "elsewhere cannot show files of the machine that reads it.",
)
TOO_LARGE = declare(
    "E104",
    "file is too large",
    "A file over the limit is not read. Make a folder of the kind's name and split the list into files "
    "in it.",
    "incidents/2025-06.yaml\nincidents/2025-07.yaml",
)
FOLDER_NAME = declare(
    "E105",
    "folder name is not an id",
    "A briefing is named by its folder, and refs carry that name: lower-case words of a-z and 0-9 joined by "
    "single hyphens, at most 64 characters.",
    "content/Iraq 2025/briefing.yaml",
)
SYNTAX = declare(
    "E110",
    "not valid YAML",
    "The YAML parser stopped here. The record is left out, and the next one is read. Often a quote is not "
    "closed, the indentation differs from the line above, or a text needs quotes since it holds "
    '": " or starts with one of [ ] { } > | * & ! % @ `.',
    "- id: a\n  title: Talks: a beginning",
)
DUPLICATE_KEY = declare(
    "E111",
    "key given twice",
    "A mapping holds each key once; of two values one would be lost without a word.",
    "- id: a\n  title: One\n  title: Two",
)
TAG = declare(
    "E112",
    "YAML tag",
    "Tags (!name) are refused: they say how to build values, and content is text.",
    "- id: !!python/name:os.system a",
)
ANCHOR = declare(
    "E113",
    "YAML anchor",
    "Anchors (&name) are refused: with aliases a small file can grow without bound.",
    "- id: &a x",
)
ALIAS = declare(
    "E114", "YAML alias", "Aliases (*name) are refused: repeat the value where it is needed.", "- id: *a"
)
MERGE_KEY = declare(
    "E115",
    "YAML merge key",
    "The merge key (<<) is refused: write each key where it belongs.",
    "- id: a\n  <<: *defaults",
)
SECOND_DOCUMENT = declare(
    "E116",
    "further document",
    "A file holds one YAML document; what follows a second --- is not read.",
    "- id: a\n---\n- id: b",
)
TOO_DEEP = declare(
    "E117", "nested too deeply", "No record needs more than a few levels; over 20 the value is not read."
)
TOP_LEVEL = declare(
    "E118",
    "wrong shape of file",
    "A file of records is a list at the top level: each record starts with a hyphen. Only briefing.yaml is "
    "a mapping.",
    "id: a\ntitle: One",
)
NO_HYPHEN = declare(
    "E120",
    "record without its hyphen",
    "An id is given twice in one record: the second begins another one, whose hyphen is missing. Neither is "
    "read.",
    "- id: a\n  name: One\n  id: b\n  name: Two",
)
KEY_SHAPE = declare("E119", "key is not a text", "A key is one word, not a list or mapping.", "- [a, b]: c")

NOT_A_RECORD = declare(
    "E201", "not a record", "Each entry of the list is a mapping of keys to values.", "- just a text"
)
MISSING = declare(
    "E202",
    "required key missing",
    "The record cannot do without this key. A value left empty counts as missing.",
    "- id: a\n  # an actor without a name\n  kind: person",
)
EMPTY_TEXT = declare(
    "E203",
    "empty text",
    "The text must not be empty; leave the key out when nothing is known.",
    'summary: ""',
)
UNKNOWN_KEY = declare(
    "E204",
    "unknown key",
    "No such key exists here. Every key is listed in the guide for editors.",
    "- id: a\n  loction: {name: Erbil}",
)
UNKNOWN_WORD = declare(
    "E205", "word not in the vocabulary", "The value must be one of a closed list of words.", "stance: agrees"
)
WRONG_SHAPE = declare(
    "E206", "wrong shape", "A list, a mapping or a text stands where another of them belongs.", "tags: {a: b}"
)
NOT_A_NUMBER = declare(
    "E207", "not a number", "A number is written in digits, without units or separators.", "para: five"
)
OUT_OF_RANGE = declare(
    "E208", "number out of range", "The number is smaller or larger than it can be.", "lat: 91"
)
BAD_ID = declare(
    "E209",
    "not an id",
    "Ids, tags and utterances are lower-case words of a-z and 0-9 joined by single hyphens, at "
    "most 64 characters.",
    "id: Kataib_Hezbollah",
)
BAD_REFERENCE = declare(
    "E210",
    "not a reference",
    "A reference is an id, KIND/ID, or BRIEFING/KIND/ID.",
    "actor: Kataib Hezbollah",
)
BAD_PATTERN = declare(
    "E211",
    "not of the form needed",
    "The text does not have the form that this key asks for.",
    "country: Iraq",
)
NOT_BOOLEAN = declare(
    "E212", "not true or false", "Write true or false (yes and no do as well).", "undated: maybe"
)
EMPTY_ITEM = declare(
    "E213", "empty list entry", "A hyphen without a value stands in the list.", "tags:\n  -\n  - energy"
)
RULE = declare(
    "E214",
    "values do not agree",
    "Each value is sound but together they break a rule of the record.",
    "deaths: {low: 5, high: 3}",
)
TOO_LONG = declare("E215", "text too long", "The text is longer than this key allows.")

NO_DATE = declare(
    "E401",
    "not a date",
    "A date is YYYY, YYYY-MM, YYYY-MM-DD, or an interval A/B, and the day exists.",
    "date: 2025-02-30",
)
WHEN = declare(
    "E402",
    "neither dated nor undated",
    "Give either `date` or `undated: true`, never both and never neither.",
    "when: {date_text: On Sunday}",
)

UNKNOWN_FILE = declare(
    "W101",
    "file is not read",
    "No kind of record has a file of this name, so nothing in it is read.",
    "actor.yaml",
)
CUT_SHORT = declare(
    "W215",
    "text that ends at a #",
    "In a text without quotes, a # after a space begins a comment, and what follows is not read: a hashtag, "
    "a number. Put quotes around the whole text, or, where a comment is meant, a space after the #.",
    "title: We stand with #Norhaven",
)
EMPTY_FILE = declare(
    "W102",
    "file holds nothing",
    "The file has no records. Write [] to say that none are meant, or remove it.",
)
# With these nobody knows which records the file holds, or was to hold: a broken entry may have swallowed the
# one after it, and an emptied file all of them.
UNREAD = (
    *(UNREADABLE, NOT_UTF8, NOT_REGULAR, TOO_LARGE, SYNTAX, SECOND_DOCUMENT, TOP_LEVEL, NO_HYPHEN),
    EMPTY_FILE,
)
NO_BRIEFING = declare(
    "W103",
    "folder is no briefing",
    "The folder holds files of records but no briefing.yaml, or is no folder of the library itself but of "
    "one in it, so it is not read.",
)
BROKEN_MARK = declare(
    "W104",
    "mark of verification that cannot be read",
    "The entry of verified.yaml is none that `briefing verify --write` writes, as after a merge that was not "
    "finished. It counts for nothing, and verify writes nothing over it: mend or remove it, then verify "
    "anew.",
    "# verified.yaml\n<<<<<<< HEAD",
)
OVERRIDE = declare(
    "A301",
    "shared actor overridden",
    "The briefing gives fields of an actor of _shared anew; here they replace the shared ones.",
    "# _shared/actors.yaml: {id: iran, role: state}\n- id: iran\n  role: party to the conflict",
)
