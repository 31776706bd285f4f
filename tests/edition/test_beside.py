"""Work beside its asker: its result, its error where that is asked for, and no room for a thread."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event, Thread, current_thread

import pytest

from briefing.edition.beside import Beside


def test_the_asker_goes_on_and_whoever_asks_gets_the_result() -> None:
    asked, runs = Event(), []

    def work() -> str:
        runs.append(current_thread())
        return "done" if asked.wait(10) else "nobody went on"

    beside = Beside(work)
    asked.set()
    with ThreadPoolExecutor(4) as askers:
        assert [found.result(10) for found in [askers.submit(beside.result) for _ in range(8)]] == [
            "done"
        ] * 8
    assert beside.result() == "done"
    assert len(runs) == 1 and runs != [current_thread()]


@pytest.mark.parametrize("error", [ValueError("damaged"), SystemExit(3)])  # Rust's panics are no Exception
def test_an_error_is_raised_wherever_the_result_is_asked_for(error: BaseException) -> None:
    def work() -> None:
        raise error

    beside = Beside(work)
    for _ in range(2):
        with pytest.raises(type(error)) as raised:
            beside.result()
        assert raised.value is error


@pytest.mark.parametrize("fails", [False, True])
def test_without_room_for_a_thread_the_asker_does_it(fails: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    def work() -> Thread:
        if fails:
            raise ValueError("damaged")
        return current_thread()

    monkeypatch.setattr(Thread, "start", no_room)
    beside = Beside(work)
    if fails:
        with pytest.raises(ValueError, match="damaged"):
            beside.result()
    else:
        assert beside.result() is current_thread()
