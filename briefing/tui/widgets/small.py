"""What stands on a terminal that is too small to read on."""

from __future__ import annotations

from textual.strip import Strip

from briefing.tui.widgets.painted import Painted

LEAST = (60, 20)


class TooSmall(Painted):
    """Says how much room there is, how much is needed, and what else can be done."""

    def render_line(self, y: int) -> Strip:
        width, height = self.size
        words = (
            f"{width}x{height} is too small.",
            f"The reader needs {LEAST[0]}x{LEAST[1]}:",
            "make the window larger,",
            "or quit with q and use",
            "briefing --plain.",
        )
        style = self.paint.style("plain" if y else "warning")
        return self.strip([(words[y] if y < len(words) else "", style)], width, self.paint.plain)
