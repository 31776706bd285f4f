"""The app: what is common to all screens of one reader: settings, theme, keys, notices, output."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from textual import events
from textual._compositor import ChopsUpdate, LayoutUpdate
from textual.app import App
from textual.command import Provider
from textual.timer import Timer

from briefing.edition.progress import BEGUN, Step
from briefing.model.vocabulary import Kind
from briefing.tui.clipboard import copy_sequence
from briefing.tui.commands import Command, key_name
from briefing.tui.frames import Frame
from briefing.tui.kept import keep_query, keep_theme, queries_kept
from briefing.tui.painting import Painting
from briefing.tui.screens.reader import ReaderScreen
from briefing.tui.settings import Settings
from briefing.tui.themes import NAMES, textual_theme
from briefing.tui.typing import InOrder
from briefing.tui.widgets.chrome import Masthead

if TYPE_CHECKING:
    from rich.console import RenderableType
    from textual.driver import Driver
    from textual.screen import Screen

    from briefing.content.problem import Problem
    from briefing.edition.edition import Edition

Tone = Literal["plain", "good", "warning", "bad"]
NOTICE_SECONDS = 6.0
# On a slow line a frame may follow another after this long (seconds).
SLOW_FRAME = 1 / 12
# How long to wait before looking again whether the line takes another frame.
BUSY_FRAME = 0.03


def _palette() -> type[Provider]:
    from briefing.tui.palette import ReaderCommands

    return ReaderCommands


class ReaderApp(InOrder):
    """One reader of one edition, with its own settings; any number may run in a process."""

    # Read once: of many readers in a process, one may find no descriptor free.
    CSS = Path(__file__).with_name("style.tcss").read_text(encoding="utf-8")
    TITLE = "briefing"
    COMMANDS: ClassVar[set[type[Provider] | Callable[[], type[Provider]]]] = {_palette}

    def __init__(
        self, edition: Edition, settings: Settings, *, driver_class: type[Driver] | None = None
    ) -> None:
        super().__init__(driver_class=driver_class)
        self.settings = settings
        self.library = edition
        self.queries = queries_kept(settings.state)
        self.animation_level = "none"
        self._frame: Frame | None = None
        self._frame_size = (0, 0)
        self._frame_at = 0.0
        self._frame_timer: Timer | None = None
        self._notice_timer: Timer | None = None
        # Of files that were saved broken since, and so are not what is shown.
        self.broken: tuple[Problem, ...] = ()
        # How far the building of the next edition is.
        self.progress: Step | None = BEGUN if edition.partial else None
        for name in NAMES:
            self.register_theme(textual_theme(name))
        # Set before anything is styled, so that the first screen is styled once.
        self.set_reactive(App.theme, settings.theme)
        self._styled = settings.theme
        self.stylesheet.set_variables(self.get_css_variables())
        # In the terminal's own colours nothing is translated into others.
        self._refresh_truecolor_filter(self.ansi_theme)
        self.set_keymap(dict(settings.keys))

    async def on_event(self, event: events.Event) -> None:
        if isinstance(event, events.Paste):
            # The one way in for text that no key can type, and that its reader may never have seen.
            from briefing.content.sanitise import sanitise

            event.text = sanitise(event.text)
        await super().on_event(event)

    def refresh_css(self, animate: bool = True) -> None:
        """Style everything anew; not at the start, for the theme that it was styled in."""
        if self._styled != self.theme:
            self._styled = self.theme
            super().refresh_css(animate)

    def get_default_screen(self) -> Screen[Any]:
        return ReaderScreen(self.library, self.queries, later=self._chooses)

    @property
    def _chooses(self) -> bool:
        """Whether the reader first chooses what to read, from several briefings."""
        return self.library.only_briefing is None and self.library.count(Kind.BRIEFING) > 1

    def on_mount(self) -> None:
        self.app_resume_signal.subscribe(self, lambda _app: self._show_again(cleared=True))
        if self.settings.problems:
            self.notify(
                "\n".join(self.settings.problems),
                title="Config",
                severity="warning",
                timeout=20,
                markup=False,
            )

        if self._chooses:
            reader = self.screen
            assert isinstance(reader, ReaderScreen)
            reader.action_library()

    # Words to the reader

    def tell(self, words: str, tone: Tone = "plain") -> None:
        """Say something in the footer for a while."""
        screen = self.screen
        footer = getattr(screen, "footer", None)
        if footer is None:
            self.notify(words, markup=False)
            return
        footer.tone, footer.notice = tone, words
        if self._notice_timer is not None:
            self._notice_timer.stop()
        self._notice_timer = self.set_timer(NOTICE_SECONDS, lambda: setattr(footer, "notice", ""))

    def take_back(self, words: str) -> None:
        """Say WORDS no longer: what they were about is not shown any more."""
        footer = getattr(self.screen, "footer", None)
        if footer is not None and footer.notice == words:
            footer.notice = ""

    def key_of(self, command: Command) -> str:
        """The key of COMMAND as people write it, the config's where it gives one."""
        return key_name(self.settings.keys.get(command.id, command.keys).split(",")[0])

    def copy(self, text: str, what: str) -> None:
        """Put TEXT into the reader's own clipboard; WHAT says what it is."""
        if not self.settings.clipboard:
            self.tell(f"This terminal has no clipboard. {text}", "warning")
            return
        try:
            sequence = copy_sequence(text, self.settings.multiplexer)
        except ValueError as error:
            self.tell(f"Not copied: {error}", "warning")
            return
        if self._driver is not None:
            self._driver.write(sequence)
        self.tell(f"Copied {what}: {text}", "good")

    def show_edition(self, edition: Edition) -> None:
        """Go on with a newer edition of the library, each screen where it is."""
        from briefing.tui.screens.listing import Listing

        only = self.library.only_briefing
        self.library = edition.only(only)
        for screen in self.screen_stack:
            if isinstance(screen, ReaderScreen | Listing):
                try:
                    newer = edition.only(screen.edition.only_briefing)
                except KeyError:
                    self.tell(
                        f"The briefing “{screen.edition.only_briefing}” is gone; all others are shown.",
                        "warning",
                    )
                    if isinstance(screen, ReaderScreen):
                        screen.read(self.library)
                    else:
                        screen.show_edition(self.library)
                else:
                    screen.show_edition(newer)

    def show_broken(self, broken: tuple[Problem, ...]) -> None:
        """Say, as long as it is so, that files were saved BROKEN and are not what is shown."""
        if self.broken != broken:
            self.broken = broken
            self.show_edition(self.library)

    @property
    def warning(self) -> str:
        """What stands at the head of every screen as long as files are broken."""
        return "! saved broken" if self.broken else ""

    def tell_broken(self) -> None:
        """Say what was saved broken, if anything was."""
        if self.broken:
            self.tell(f"Saved broken, the last content stays: {self.broken[0].brief}", "warning")

    def show_progress(self, step: Step | None) -> None:
        """Say on every screen how far the building of the next edition is; None when it is over."""
        self.progress = step
        for screen in self.screen_stack:
            for masthead in screen.query(Masthead):
                masthead.progress = step

    def keep_query(self, query: str) -> None:
        """Remember QUERY as the newest."""
        self.queries[:] = [*(known for known in self.queries if known != query), query]
        keep_query(self.settings.state, query)

    # Commands of all screens

    def action_next_theme(self) -> None:
        self.use_theme(NAMES[(NAMES.index(self.theme) + 1) % len(NAMES)])

    def use_theme(self, name: str) -> None:
        """Change to the theme NAME and keep it for next time."""
        self.theme = name
        keep_theme(self.settings.state, name)
        self.tell(f"Theme: {name}")

    def action_command_palette(self) -> None:
        from briefing.tui.palette import Palette

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def action_redraw(self) -> None:
        """Draw everything again, after something else has written on the terminal."""
        self._show_again()

    def action_suspend_reader(self) -> None:
        if self.settings.may_suspend:
            self.action_suspend_process()

    def action_help_quit(self) -> None:
        """Ctrl-C leaves, as it does everywhere."""
        self.exit(return_code=130)

    # Output: cells that changed, when the line takes them (see frames.py)

    def _show_again(self, *, cleared: bool = False) -> None:
        """Write the whole frame: on a terminal that was CLEARED, or whose cells are not known."""
        if self._frame is not None:
            (self._frame.clear if cleared else self._frame.forget)(*self._frame_size)
            self._send_frame()

    def _display(self, screen: Screen[Any], renderable: RenderableType | None) -> None:
        driver = self._driver
        if (
            not isinstance(renderable, Painting | LayoutUpdate | ChopsUpdate)
            or driver is None
            or driver.is_headless
            or not self._running
        ):
            super()._display(screen, renderable)
            return
        size = (self.size.width, self.size.height)
        if self._frame is None:
            self._frame = Frame(self.settings.colours, erases_in_colour=self.settings.erases_in_colour)
            self._frame.clear(*size)
        elif self._frame_size != size:
            self._frame.forget(*size)
        self._frame_size = size
        self._frame.apply(renderable)
        self._send_frame()
        self.post_display_hook()

    def _send_frame(self) -> None:
        """Write what has changed, unless it is too early for the line."""
        driver, frame = self._driver, self._frame
        if driver is None or frame is None or self._frame_timer is not None or self._closed:
            return
        wait = self._frame_at + SLOW_FRAME - time.monotonic() if self.settings.low_bandwidth else 0.0
        if _busy(driver):
            wait = max(wait, BUSY_FRAME)
        if wait > 0:
            self._frame_timer = self.set_timer(wait, self._frame_due)
            return
        data = self.take_frame()
        if data:
            self._begin_update()
            driver.write(data)
            x, y = self.cursor_position
            # Where the cursor of an input is scrolled to is known a little later than its letters.
            if (
                self.cursor_position != (0, 0)
                and x in range(self.size.width)
                and y in range(self.size.height)
            ):
                driver.write(f"\x1b[{y + 1};{x + 1}H")
            self._end_update()
            driver.flush()
            self._frame_at = time.monotonic()

    def take_frame(self) -> str:
        """What brings the terminal from what was sent last to what stands on the screen now."""
        return "" if self._frame is None or self._batch_count else self._frame.take()

    def _end_batch(self) -> None:
        super()._end_batch()
        if not self._batch_count:
            # Textual drops what is drawn in a batch, and takes it for drawn.
            self._send_frame()

    def _frame_due(self) -> None:
        self._frame_timer = None
        self._send_frame()


def _busy(driver: Driver) -> bool:
    """Whether earlier output still waits for the terminal to take it."""
    writer = getattr(driver, "_writer_thread", None)
    return writer is not None and writer._queue.qsize() > 1
