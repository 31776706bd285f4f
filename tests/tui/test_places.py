"""The way back and forward."""

from __future__ import annotations

from briefing.model.ref import Ref
from briefing.model.vocabulary import Kind
from briefing.tui.places import REMEMBERED, History, Place, pane_of


def place(number: int) -> Place:
    return Place(Kind.QUOTE, Ref("story", Kind.QUOTE, f"q-{number}"))


def test_back_and_forward_lead_along_the_same_way() -> None:
    history = History()
    history.leave(place(1))
    history.leave(place(2))
    assert history.back(place(3)) == place(2)
    assert history.back(place(2)) == place(1)
    assert history.back(place(1)) is None
    assert history.forward(place(1)) == place(2)
    assert history.forward(place(2)) == place(3)
    assert history.forward(place(3)) is None


def test_a_new_way_forgets_what_was_ahead() -> None:
    history = History()
    history.leave(place(1))
    history.back(place(2))
    history.leave(place(1))
    assert history.forward(place(4)) is None
    assert history.back(place(4)) == place(1)


def test_staying_is_no_step_and_the_way_is_bounded() -> None:
    history = History()
    history.leave(place(1))
    history.leave(place(1))
    assert len(history.behind) == 1
    for number in range(1000):
        history.leave(place(number))
    assert len(history.behind) == REMEMBERED
    assert history.behind[-1] == place(999)


def test_an_issue_is_read_among_positions() -> None:
    assert pane_of(Kind.ISSUE) is Kind.POSITION
    assert pane_of(Kind.SOURCE) is Kind.SOURCE
