"""The one line about estimates that are missing or stale."""

from collections.abc import Iterable

import pytest

import sim.policy.vintage
from sim.policy.vintage import stale_warning


def found(monkeypatch: pytest.MonkeyPatch, stale: dict[str, tuple[str, ...]]) -> None:
    def answer(_: Iterable[str]) -> dict[str, tuple[str, ...]]:
        return stale

    monkeypatch.setattr(sim.policy.vintage, "stale_estimates", answer)


def test_current_estimates_need_no_word(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, {})
    assert stale_warning(["0480"]) == ""


def test_missing_and_stale_estimates_are_named_with_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, {"0480": ("data", "model"), "0481": ("estimate",)})
    assert stale_warning(["0480", "0481", "0780"]) == (
        "0481 without an estimate (wide priors are used); 0480 with an estimate made with other data, model. "
        "Run: samspel calibrate 0480 0481"
    )


def test_many_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = [f"{code:04d}" for code in range(30)]
    found(monkeypatch, dict.fromkeys(codes, ("estimate",)))
    said = stale_warning([*codes, "0480"])
    assert said.startswith("30 of 31 municipalities without") and said.endswith(
        "Run: samspel calibrate --all"
    )
    assert "\n" not in said
