"""``briefing log REF``: how a record became what it is, from git."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from briefing.cli.names import no_ref, only, parts
from briefing.cli.output import say
from briefing.cli.past import add_format, open_history, write

if TYPE_CHECKING:
    import argparse

    from briefing.content.history import History, Step
    from briefing.document.document import Line
    from briefing.model.ref import Ref


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "ref", metavar="REF", help="BRIEFING/KIND/ID, or KIND/ID or ID where it is enough; a former id too"
    )
    add_format(parser)


def run(args: argparse.Namespace) -> int:
    with open_history(args) as history:
        ref = _find(history, args.ref)
        if ref is None:
            say(f"there is no record “{args.ref}” in the files or their history")
            return 1
        code = write(args.format, history.log(ref), data=_data, lines=_lines, markdown=_markdown)
    if code:
        say(f"git has no history of {ref}; is its file a link?")
    return code


def _find(history: History, text: str) -> Ref | None:
    """The record that TEXT names; Stop when it is no ref or several records bear the name."""
    from briefing.model.ref import SLUG

    briefing, kind, name = parts(text)
    if not re.fullmatch(SLUG, name):
        raise no_ref(text)
    return only(text, history.find(briefing, kind, name))


def _said(step: Step) -> Iterator[str]:
    """What happened, where it is more than changes of fields."""
    from briefing.content.changes import What

    if step.beginning:
        yield "this clone is shallow and begins here; git fetch --unshallow brings what was before"
    elif step.change.what is not What.CHANGED:
        yield step.change.what.value


def _lines(step: Step) -> Iterator[Line]:
    from briefing.cli.told import lines, style, title
    from briefing.document.document import Run

    when, who, why = _head(step)
    yield Run(when, "strong"), Run(f"  {who}" if who else ""), Run(f"  {why}" if why else "")
    if step.change.before is None or step.change.after is None:
        yield Run("  "), Run(f"{step.change.ref}", "muted"), Run(f"  {title(step.change.newest)}")
    for said in _said(step):
        yield Run("  "), Run(said, style(step.change.what))
    for line in lines(step.change):
        yield (Run("  "), *line)


def _markdown(step: Step) -> Iterator[str]:
    from briefing.cli.told import lines
    from briefing.document.markdown import escape

    yield f"## {escape(', '.join(filter(None, _head(step))))}"
    yield ""
    yield from (f"- {escape(said)}" for said in _said(step))
    yield from (f"- {escape(''.join(run.text for run in line))}" for line in lines(step.change))
    yield ""


def _head(step: Step) -> tuple[str, str, str]:
    """When, who and why."""
    commit = step.commit
    if commit is None:
        return "not committed yet", "", ""
    return commit.date[:10], commit.author, f"{commit.subject} ({commit.id[:10]})"


def _data(step: Step) -> dict[str, Any]:
    from briefing.cli.told import as_data

    commit = step.commit
    return {
        "commit": commit and commit.id,
        "date": commit and commit.date,
        "author": commit and commit.author,
        "subject": commit and commit.subject,
        "beginning": step.beginning,
        **as_data(step.change),
    }
