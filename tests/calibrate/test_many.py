"""Many municipalities: what is current is left alone, what fails is told, what is finished is kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim.calibrate import many
from sim.calibrate.many import calibrate_many
from sim.calibrate.municipality import Calibrated
from sim.cli import main
from sim.core.errors import SamspelError
from sim.policy.estimates import POINTS, load_estimate
from sim.policy.vintage import made_with

CODES = ("0480", "1273", "1499")


class _Target:
    def __init__(self, code: str) -> None:
        self.code = code


@pytest.fixture
def stubbed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Calibrate in no time, and tell which municipalities were."""
    done: list[str] = []

    def calibrate(target: _Target, settings: object) -> Calibrated:
        if target.code == "1499" and "interrupt" in done:
            done.remove("interrupt")
            raise KeyboardInterrupt
        done.append(target.code)
        document = {
            "municipality": target.code,
            "made_with": made_with(),
            "season": [1.0] * 12,
            "fit": [{"key": "stativ_2018", "official": 11.0, "mean": 11.2}],
            "monthly_correlation": 0.9,
            "fights": [],
            "fallback": ["households_share"] if target.code == "0480" else [],
        }
        return Calibrated(target.code, np.ones((POINTS, 3)), document)

    def targets(codes: list[str], settings: object) -> dict[str, _Target]:
        if "0821" in codes:
            raise SamspelError("0821: only 1 of 3 figures to fit is published (af_stock_share).")
        return {code: _Target(code) for code in codes}

    monkeypatch.setattr(many, "calibrate", calibrate)
    monkeypatch.setattr(many, "targets", targets)
    monkeypatch.setattr(many, "warm", lambda console: None)
    return done


def test_what_is_current_is_not_done_again(stubbed: list[str], tmp_path: Path) -> None:
    first = calibrate_many(CODES[:2], processes=1, folder=tmp_path)
    assert sorted(first.done) == ["0480", "1273"]
    second = calibrate_many(CODES, processes=1, folder=tmp_path)
    assert (list(second.done), second.fresh) == (["1499"], CODES[:2])
    calibrate_many(CODES[:1], again=True, processes=1, folder=tmp_path)
    assert stubbed == ["0480", "1273", "1499", "0480"]


def test_an_interrupted_call_keeps_what_is_finished(stubbed: list[str], tmp_path: Path) -> None:
    stubbed.append("interrupt")
    with pytest.raises(KeyboardInterrupt):
        calibrate_many(CODES, processes=1, folder=tmp_path)
    assert load_estimate("1273", tmp_path) is not None
    assert load_estimate("1499", tmp_path) is None
    again = calibrate_many(CODES, processes=1, folder=tmp_path)
    assert (list(again.done), again.fresh) == (["1499"], CODES[:2])


def test_a_damaged_estimate_is_made_anew(stubbed: list[str], tmp_path: Path) -> None:
    calibrate_many(CODES[:1], processes=1, folder=tmp_path)
    (tmp_path / "draws" / "0480.parquet").write_bytes(b"")
    assert list(calibrate_many(CODES[:1], processes=1, folder=tmp_path).done) == ["0480"]
    assert load_estimate("0480", tmp_path) is not None


@pytest.mark.usefixtures("stubbed")
def test_one_that_cannot_be_calibrated_does_not_stop_the_others(tmp_path: Path) -> None:
    batch = calibrate_many(("0480", "0821"), processes=1, folder=tmp_path)
    assert list(batch.done) == ["0480"]
    assert "only 1 of 3" in batch.failed["0821"]


Reader = Callable[[], str]


@pytest.mark.usefixtures("stubbed")
def test_the_command_prints_each_fit_and_fails_for_what_it_could_not_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--processes", "1", "--out", str(tmp_path)]
    assert main(["calibrate", "Nyköping", *options]) == 0
    out = capsys.readouterr().out
    assert "11.0  11.2  +0.20" in out
    assert "households_share: none published, so the group's" in out
    assert main(["calibrate", "0480", "0821", *options]) == 2
    assert "only 1 of 3" in capsys.readouterr().err
    assert main(["calibrate", "Nyköpng", *options]) == 2
    assert "'Nyköping'" in capsys.readouterr().err
    assert main(["calibrate", "0480", "--all"]) == 2
