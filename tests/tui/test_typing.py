"""Keys that come in one bundle do what they do one by one."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual import events

from briefing.edition.edition import Edition
from briefing.tui.places import Place
from tests.tui.reading import Reading, reading

BUNDLES = [
    ["slash", *"hamidawi"],
    ["5", "slash", *"iraq", "enter", "j", "j"],
    ["4", "j", "enter", "tab", "tab", "enter", "backspace"],
    ["slash", *"erbil", "enter", "4", "enter", "tab", "enter", "backspace", "backspace", "escape"],
    ["L", "slash", *"hamidawi", "enter", "j"],
    ["4", "d", *"2025-06-13", "enter", "j"],
    ["slash", *"iraq", "enter", "f", "enter", "5", "slash", *"drone"],
    ["2", "pagedown", "5", "pagedown", "pagedown", "slash", *"iraq", "enter", "pagedown"],
    ["5", "pagedown", "enter", "pagedown", "backspace", "1", "pagedown", "slash", *"type:drone", "enter"],
    ["5", "slash", *"speaker:su", "tab", "enter", "j"],
    ["5", "slash", *"spea", "tab", "tab", "down", "tab", *"win", "enter"],
    ["5", "slash", *"hamidawaway", "tab", "enter"],
    ["2", "G", "question_mark", "escape", "k", "3", "slash", *"drone", "escape", "j"],
]


async def type_ahead(session: Reading, keys: Sequence[str]) -> None:
    """All KEYS at once, as a slow line delivers them."""
    for key in keys:
        character = {"slash": "/", "question_mark": "?"}.get(key, key if len(key) == 1 else None)
        session.app.post_message(events.Key(key, character))
    await session.until(lambda: session.app.keys_waiting + session.app.message_queue_size == 0)
    await session.rest()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=str)
@pytest.mark.parametrize("keys", BUNDLES, ids=lambda keys: "".join(keys)[:24])
async def test_a_bundle_ends_where_single_keys_end(
    edition: Edition, keys: list[str], size: tuple[int, int]
) -> None:
    places: list[Place] = []
    screens: list[list[str]] = []
    for ahead in (False, True):
        async with reading(edition, size) as session:
            await (type_ahead(session, keys) if ahead else session.press(*keys))
            places.append(session.screen.place)
            screens.append([line for number, line in enumerate(session.lines) if number != 2])
    assert places[0] == places[1]
    assert screens[0] == screens[1]


async def test_tab_takes_what_the_query_may_become_as_it_stands(edition: Edition) -> None:
    """Not what was offered before the last letter, which would be left behind what is taken."""
    async with reading(edition) as session:
        await session.press("slash", *"speaker:s")
        await session.until(lambda: session.screen.search.completions.display)
        await type_ahead(session, ["u", "tab"])
        assert session.screen.search.value == 'speaker:"Mohammed Shia al-Sudani"'


async def test_a_flood_of_keys_ends(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("2")
        await type_ahead(session, ["j"] * 3000)
        assert session.screen.list.cursor == edition.count(session.screen.place.pane) - 1


async def test_a_widget_that_goes_away_does_not_hold_up_the_keyboard(edition: Edition) -> None:
    async with reading(edition) as session:
        for _ in range(5):
            await type_ahead(session, ["question_mark", "escape", "ctrl+p", "escape"])
        await type_ahead(session, ["5"])
        assert session.screen.list.has_focus


async def test_a_key_that_waited_while_the_reader_ended_is_dropped(edition: Edition) -> None:
    async with reading(edition) as session:
        await session.press("5")
        ended = session.app
    ended._keys.append(events.Key("j", "j"))
    await ended._next()
    assert ended.keys_waiting == 0
