"""Searching as one types, in all panes at once."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest

from briefing.edition.edition import Edition
from briefing.model.vocabulary import Kind
from briefing.tui.places import PANES, TITLES
from briefing.tui.settings import Settings
from tests.tui.reading import reading


async def test_results_come_with_each_letter(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("slash")
        for typed in ("h", "ha", "ham", "hami"):
            await session.type(typed[-1])
            hits = edition.search(typed, typing=True)
            assert f"{hits.total} of " in session.lines[2]
            assert session.screen.list.rows.total == hits.total
        assert " / hami" in session.lines[2]


async def test_every_pane_shows_its_hits_in_its_own_order(edition: Edition) -> None:
    hits = edition.search("hezbollah", typing=True)
    async with reading(edition) as session:
        await session.search("hezbollah")
        await session.press("enter")
        for index, kind in enumerate(PANES[1:], 2):
            assert f"{TITLES[kind]} {hits.counts.get(kind, 0)}" in session.lines[1]
            await session.press(str(index))
            found = session.screen.list.rows.page(0, 50)
            positions = [edition.position(line.key) for line in found]  # type: ignore[arg-type]
            assert positions == sorted(position for position in positions if position is not None)
            assert len(found) == hits.counts.get(kind, 0)


async def test_escape_brings_back_what_was_there(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("2", "j", "j")
        before, lines = session.screen.place, session.lines
        await session.search("hamidawi")
        assert session.screen.place != before
        await session.press("escape")
        assert session.screen.place == before
        assert session.lines == lines
        assert session.screen.list.has_focus


async def test_enter_keeps_the_hits_and_goes_to_the_list(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("5")
        await session.search("hamidawi")
        await session.press("enter")
        assert session.screen.list.has_focus
        assert session.screen.place.query == "hamidawi"
        assert "hamidawi" in session.lines[2]
        await session.press("j")
        assert session.screen.list.cursor == 1
        await session.press("escape")
        assert session.screen.place.query == ""
        assert session.screen.list.rows.total == edition.count(Kind.QUOTE)


async def test_back_and_forward_go_across_searches(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("5")
        await session.search("hamidawi")
        await session.press("enter")
        found = session.screen.list.rows.total
        await session.press("backspace")
        assert session.screen.place.query == ""
        await session.press("alt+right")
        assert session.screen.place.query == "hamidawi"
        assert session.screen.list.rows.total == found


async def test_a_link_to_what_is_no_hit_leaves_the_search_and_back_returns_to_it(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("5")
        await session.search("tel aviv")
        await session.press("enter", "enter")
        source = next(
            target for target in session.screen.document.links if getattr(target, "kind", "") == "source"
        )
        session.screen.follow(source)
        await session.rest()
        assert session.screen.place.query == ""
        await session.press("backspace")
        assert session.screen.place.query == "tel aviv"
        assert session.screen.list.rows.total == 1


async def test_matches_are_marked_and_walked(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("5")
        await session.search("america")
        await session.press("enter")
        document = session.screen.document
        count = len(document._flow.matches)
        assert count
        await session.press("n")
        assert document.match == 0
        assert f"Match 1 of {count}." in session.lines[-1]
        await session.press("N")
        assert document.match == count - 1
        style = session.screen.list.paint.style("quote", match=True)
        y = next(y for y, line in enumerate(session.lines) if "America" in line)
        strip = session.app.screen._compositor.render_strips()[y]
        assert any(piece.style and piece.style.bgcolor == style.bgcolor for piece in strip)


async def test_the_best_hit_is_marked_and_one_key_away(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("2")
        await session.search("iraq")
        await session.press("enter", "G", "b")
        best = edition.search("iraq", typing=True).best(Kind.ACTOR)
        assert session.screen.list.cursor == best
        row = next(line for line in session.lines if line.startswith("▌"))
        assert row[1] == "*"


async def test_from_the_brief_the_best_of_all_kinds_come_first(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.search("hamidawi")
        ranked = [hit.entry.ref for hit in edition.search("hamidawi", typing=True).ranked(0, 50)]
        assert [line.key for line in session.screen.list.rows.page(0, 50)] == ranked
        kinds = {line.split()[0].lstrip("│*▌") for line in session.lines[4:10]}
        assert {"Actor", "Quote"} <= kinds


@pytest.mark.parametrize("width", [80, 100, 120, 200])
async def test_among_all_hits_a_name_is_whole_and_what_is_said_begins(edition: Edition, width: int) -> None:
    async with reading(edition, (width, 40)) as session:
        await session.search("hamidawi")
        rows = [line.lstrip("│*").split(maxsplit=1) for line in session.lines[4:9]]
        assert [kind[:3] for kind, _ in rows] == ["Act", "Pos", "Pos", "Quo", "Quo"]
        said = ("secretary-", "Announces", "Calls for", "“We are", "“If America")
        for (_, line), begins in zip(rows, said, strict=True):
            assert re.search(f"Abu Hussein al-Hamidawi +{begins}", line)


async def test_the_panes_keep_their_places_while_letters_find_nothing(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("2")
        rules = [y for y, line in enumerate(session.lines) if "───" in line]
        await session.search("zzzzqqqq")
        assert [y for y, line in enumerate(session.lines) if "───" in line] == rules


async def test_nothing_found_says_so_and_what_to_do(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.search("zzzzqqqq")
        assert "Nothing found for “zzzzqqqq”." in session.text
        assert "Esc brings back what was there." in session.text
        await session.press("escape")
        assert "Will Iraqi militias" in session.text


async def test_nothing_in_this_pane_says_where_there_is(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("6")
        await session.search("hamidawi")
        hits = edition.search("hamidawi", typing=True)
        assert not hits.counts.get(Kind.SOURCE)
        assert "No sources found for “hamidawi”." in session.text
        assert f"{hits.counts[Kind.QUOTE]} in Quotes: 5" in session.text


async def test_a_wrong_query_is_told_whole_on_enter_and_not_before(edition: Edition) -> None:
    problem = edition.search("stance:oppose").problem
    assert problem
    async with reading(edition, (60, 20)) as session:
        await session.search("stance:oppose")
        assert "cannot be" not in session.text
        await session.press("enter")
        assert session.screen.search.typing
        told = " ".join(line[3:].strip(" │") for line in session.lines[3:5])
        assert told == problem
        # What was meant can be taken, and what is typed on takes the message away.
        await session.press("tab")
        assert "cannot be" not in session.text
        assert "▌ opposes" in session.text
        await session.press("enter", "s", "enter")
        assert "cannot be" not in session.text
        assert not session.screen.search.typing


async def test_earlier_queries_come_back(edition: Edition) -> None:
    async with reading(edition) as session:
        for query in ("hamidawi", "erbil"):
            await session.search(query)
            await session.press("enter", "escape")
        await session.press("slash", "up")
        assert session.screen.place.query == "erbil"
        await session.press("up")
        assert session.screen.place.query == "hamidawi"
        await session.press("down", "down")
        assert session.screen.place.query == ""


async def test_arrows_go_on_through_queries_that_end_in_a_field(edition: Edition) -> None:
    """What the last word of an earlier query may become is not offered: the arrows would go through that."""
    queries = ["speaker:sudani", "actor:iran", "type:drone"]
    async with reading(edition) as session:
        session.app.queries[:] = queries
        await session.press("slash")
        for query in reversed(queries):
            await session.press("up")
            assert session.screen.search.value == session.screen.place.query == query
            assert not session.screen.search.completions.display
        await session.press("backspace")
        assert session.screen.search.completions.display


async def test_a_key_never_waits_and_only_the_last_search_counts(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()
    search = Edition.search

    def slow(self: Edition, query: str, **options: Any) -> Any:
        if query == "h":
            release.wait(20)
        return search(self, query, **options)

    monkeypatch.setattr(Edition, "search", slow)
    async with reading(edition) as session:
        await session.pilot.press("slash")
        await session.pilot.pause()
        await session.pilot.press("h", "a", "m")
        await session.until(lambda: session.screen.place.query == "ham")
        total = session.screen.list.rows.total
        release.set()
        await session.rest()
        assert session.screen.place.query == "ham"
        assert session.screen.list.rows.total == total


async def test_saved_searches_stand_in_the_palette(edition: Edition) -> None:
    settings = Settings(searches={"The leader": "hamidawi"})
    async with reading(edition, settings=settings) as session:
        await session.press("ctrl+p")
        await session.type("leader")
        await session.until(lambda: "Search: The leader" in session.text)
        await session.press("enter")
        await session.until(lambda: session.app.screen is session.app.screen_stack[0])
        await session.rest()
        assert session.screen.place.query == "hamidawi"


async def test_a_pane_shows_no_record_that_is_not_among_its_hits(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("5")
        first = session.screen.place.ref
        assert first is not None
        await session.press("4")
        await session.search("zzzq")
        await session.press("enter", "5")
        assert session.screen.place.ref is None
        assert not any("Quote by" in line for line in session.lines)


async def test_what_is_open_does_not_hang_on_the_letters_in_between(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("4")
        before = session.screen.place.ref
        await session.search("drone")
        found = edition.search("drone", typing=True)
        assert before is not None
        if found.position(before) is None:
            assert session.screen.list.cursor == 0
        else:
            assert session.screen.place.ref == before


async def test_what_is_said_of_vague_dates_goes_with_the_query(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.search("date:2025-06")
        await session.until(lambda: "more may be of that time" in session.lines[-1])
        await session.type(" drone")
        await session.until(lambda: session.screen.place.query == "date:2025-06 drone")
        await session.press("escape")
        await session.until(lambda: session.screen.hits is None)
        assert "more may be" not in session.lines[-1]


async def test_matches_are_marked_in_the_words_of_a_record_alone(edition: Edition) -> None:
    async with reading(edition, (120, 40)) as session:
        await session.press("5")
        await session.search("mohammed or jun")
        view = session.screen.list
        marked = [
            segment.text
            for y in range(view.size.height)
            for segment in view.render_line(y)
            if segment.style is not None
            and segment.style.bgcolor == view.paint.style("name", match=True).bgcolor
        ]
        assert any("Mohammed" in text for text in marked)
        assert any("Jun" in line for line in session.lines[4:])
        assert not any("Jun" in text for text in marked)


async def test_the_cursor_stands_on_its_letter_with_its_marks_however_long_the_query(
    edition: Edition,
) -> None:
    async with reading(edition, (60, 20)) as session:
        await session.press("slash")
        entry = session.screen.search._input
        assert entry is not None

        def under_cursor() -> str:
            chosen = entry.paint.style("plain", chosen=True)
            return "".join(segment.text for segment in entry.render_line(0) if segment.style == chosen)

        entry.put("one two three four five six seven eight nine ten", 40)
        await session.rest()
        assert (under_cursor(), entry.cursor_position - entry.scroll_offset.x) == ("n", entry.size.width - 1)
        entry.put("re\u0301pit", 1)
        await session.rest()
        assert under_cursor() == "e\u0301"
        await session.press("right")
        assert under_cursor() == "e\u0301"
        await session.press("shift+right", "shift+right")
        assert under_cursor() == "i"
        chosen = [
            segment.text
            for segment in entry.render_line(0)
            if segment.style == entry.paint.style("plain", row="cursor")
        ]
        assert chosen == ["e\u0301p"]
