"""The command palette: every command of the screen; over the reader, saved searches and actors too."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from rich.text import Text
from textual.command import CommandPalette, DiscoveryHit, Hit, Hits, Provider

from briefing.model.vocabulary import Kind
from briefing.tui.commands import in_palette
from briefing.tui.screens.reader import ReaderScreen
from briefing.tui.screens.steady import Steady

if TYPE_CHECKING:
    from briefing.tui.app import ReaderApp

_ACTORS_SHOWN = 20


class Palette(CommandPalette, Steady[None]):
    """Textual's palette, for a terminal whose size changes."""


class _Offer(NamedTuple):
    """One line of the palette."""

    title: str
    help: str
    run: Callable[[], Any]


class ReaderCommands(Provider):
    """Offers commands at once, and actors by the edition's own search, so that a million cost nothing."""

    def _offers(self) -> Iterator[_Offer]:
        app = cast("ReaderApp", self.app)
        screen = self.screen
        # What a screen binds is what works there, and two names of one action are offered once.
        actions = {binding.id: binding.action for _, binding in screen._bindings}
        offered: set[str] = set()
        for command in in_palette():
            action = actions.get(command.id)
            if action is None or action in offered:
                continue
            offered.add(action)
            run = partial(app.run_action, action, screen)
            yield _Offer(command.title, f"{command.help} ({app.key_of(command)})", run)
        if isinstance(screen, ReaderScreen):
            for name, query in app.settings.searches.items():
                yield _Offer(f"Search: {name}", query, partial(screen.search_for, query))

    async def discover(self) -> Hits:
        for offer in self._offers():
            yield DiscoveryHit(Text(offer.title), offer.run, offer.title, _plain(offer.help))

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for offer in self._offers():
            score = matcher.match(offer.title)
            if score > 0:
                yield Hit(score, Text(offer.title), offer.run, offer.title, _plain(offer.help))
        if isinstance(self.screen, ReaderScreen):
            for hit in await self._actors(self.screen, query):
                yield hit

    async def _actors(self, screen: ReaderScreen, query: str) -> list[Hit]:
        edition = screen.edition
        hits = await asyncio.to_thread(edition.search, query, typing=True, kinds=(Kind.ACTOR,))
        found = []
        for place, hit in enumerate(hits.ranked(0, _ACTORS_SHOWN)):
            name = edition.name(hit.entry.ref)
            role = getattr(hit.entry.record, "role", None) or ""
            # Below any command that matches, in the order of the search.
            score = 0.01 / (place + 1)
            found.append(Hit(score, Text(name), partial(screen.follow, hit.entry.ref), name, _plain(role)))
        return found


def _plain(text: str) -> str:
    """TEXT so that the palette, which reads help as markup, shows it as it is."""
    return text.replace("[", "\\[")
