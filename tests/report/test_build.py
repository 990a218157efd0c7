"""The whole way from a case to a file, on the real model with few and short runs."""

import os
import shutil
from pathlib import Path

import polars as pl
import pytest
from pages import NOTEBOOK, plain
from papermill.exceptions import PapermillExecutionError
from papermill.execute import execute_notebook

from sim.core.errors import SamspelError
from sim.core.paths import root
from sim.policy.posteriors import Posterior, save_posterior
from sim.policy.vintage import stale_estimates
from sim.report.build import build_report
from sim.report.pdf import pdf_problem
from sim.report.readability import lix

SMALL = """
title: Samma lokaler
question: Vad ger samma lokaler i Dorotea?
municipalities: [Dorotea]
start: 2023-09
horizon: 24
known_until: 2023-12
policy:
  - {lever: co_location, staff_share: 1.0, start: 2023-09}
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder of its own, so that nothing is read from or left in the real one."""
    folder = tmp_path_factory.mktemp("home")
    for name in ("data", "params", "notebooks"):
        shutil.copytree(root() / name, folder / name)
    return folder


@pytest.fixture(autouse=True)
def at_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMSPEL_HOME", str(home))


def test_a_case_becomes_one_file_at_the_path_that_is_printed(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    case = tmp_path / "small.yaml"
    case.write_text(SMALL, encoding="utf-8")
    path = build_report(case, replications=20, settings=["co_location.staff_share=0.5"])
    printed = capsys.readouterr()
    names = ["small.html", "small.xlsx", "small-csv.zip", "small.txt"]
    assert printed.out.splitlines() == [str(home / "reports" / name) for name in names]
    assert path == home / "reports" / "small.html"
    assert printed.err.count("Run: samspel calibrate 2425") == bool(stale_estimates(["2425"]))
    assert sorted(found.name for found in path.parent.iterdir()) == sorted(names)
    page = path.read_text(encoding="utf-8")
    assert '<html lang="sv">' in page
    assert "--set co_location.staff_share=0.5" in page
    assert "Vad ger samma lokaler i Dorotea?" in page
    assert "Efter två år" in page and ">nan" not in page
    assert page.index("Så väl stämmer modellen") < page.index("Svaret i korthet")
    summary = page[page.index("<main>") : page.index('<div class="underlag')]
    assert lix(plain(summary)) <= 45


def test_the_same_runs_give_an_english_report_a_pdf_and_a_summary(home: Path, tmp_path: Path) -> None:
    case = tmp_path / "small.yaml"
    case.write_text(SMALL, encoding="utf-8")
    runs = sorted((home / "runs").glob("*"))
    settings = ["co_location.staff_share=0.5"]
    path = build_report(
        case, "en", tmp_path / "out", replications=20, settings=settings, pdf=True, summary=True
    )
    assert sorted((home / "runs").glob("*")) == runs  # the Swedish report's
    endings = {found.name.removeprefix("small-en") for found in path.parent.iterdir()}
    files = {".html", ".xlsx", "-csv.zip", ".txt", "-summary.html"}
    assert endings == files | (set() if pdf_problem() else {".pdf", "-summary.pdf"})
    page = path.read_text(encoding="utf-8")
    assert '<html lang="en">' in page and '<span lang="sv">Vad ger samma lokaler i Dorotea?</span>' in page
    assert "--lang en" in page and "After two years" in page
    shorter = (tmp_path / "out" / "small-en-summary.html").read_text(encoding="utf-8")
    assert "Appendix" not in plain(shorter) and "What must be true?" in plain(shorter)


def test_a_report_can_draw_from_what_an_evaluation_has_taught(home: Path, tmp_path: Path) -> None:
    case = tmp_path / "small.yaml"
    case.write_text(SMALL, encoding="utf-8")
    table = pl.DataFrame({"point": [3, 5], "weight": [0.5, 0.5]})
    save_posterior(Posterior("lagt-pa", table, {"source": "a test"}))
    page = build_report(case, replications=20, out=tmp_path, posterior="lagt-pa").read_text("utf-8")
    assert "--posterior lagt-pa" in page and "sparat som lagt-pa" in page
    usual = (home / "reports" / "small.html").read_text("utf-8")
    assert plain(page).split("fingeravtryck")[1][:25] != plain(usual).split("fingeravtryck")[1][:25]
    with pytest.raises(SamspelError, match="Did you mean 'lagt-pa'"):
        build_report(case, replications=20, out=tmp_path / "out", posterior="lagt-po")
    assert not (tmp_path / "out").exists()


def test_a_policy_that_changes_nothing_claims_nothing(tmp_path: Path) -> None:
    case = tmp_path / "null.yaml"
    case.write_text(SMALL.replace("staff_share: 1.0", "staff_share: 0.0"), encoding="utf-8")
    page = plain(build_report(case, replications=20, out=tmp_path).read_text(encoding="utf-8"))
    said = page[: page.index("Så läser du rapporten")]  # the word list explains "troligen"
    assert "I modellen gör satsningen ingen skillnad" in said
    assert "trolig" not in said.lower()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"case": "nykopping"}, r"'nykopping'.*Did you mean 'nykoping'"),
        ({"lang": "se"}, "lang = 'se'"),
        ({"replications": 3}, "replications = 3 is not allowed. Allowed: a whole number from 20 to 10000"),
        ({"replications": 10**9}, "replications = 1000000000"),
        ({"seed": -1}, "seed = -1"),
        ({"seed": 2**64}, "seed = 18446744073709551616"),
        ({"settings": ["co_locatoin.handover_days=10"]}, "co_location"),
        ({"settings": ["municipal_placements.places=-5"]}, "places"),
    ],
)
def test_a_mistake_is_one_clear_error_and_leaves_nothing(
    tmp_path: Path, given: dict[str, object], message: str
) -> None:
    out = tmp_path / "out"
    with pytest.raises(SamspelError, match=message):
        build_report(**{"case": "nykoping", "out": out, **given})  # type: ignore[arg-type]
    assert not out.exists()


@pytest.mark.parametrize("name", ["population", "education", "municipal_tax", "af_stock"])
def test_a_municipality_without_figures_is_named_before_anything_runs(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for folder in ("data", "params", "notebooks"):
        shutil.copytree(home / folder, tmp_path / folder)
    path = tmp_path / "data" / f"{name}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(line for line in lines if line[:4] != "1286") + "\n", encoding="utf-8")
    monkeypatch.setenv("SAMSPEL_HOME", str(tmp_path))
    with pytest.raises(SamspelError, match=f"{name}.*|1286"):
        build_report("sydostra-skane", out=tmp_path / "out")
    assert not (tmp_path / "runs").exists() and not (tmp_path / "out").exists()


def test_a_folder_that_cannot_be_written_is_refused_before_anything_runs(home: Path, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file, not a folder")
    runs = sorted((home / "runs").glob("*")) if (home / "runs").exists() else []
    with pytest.raises(SamspelError, match=r"--out = .*a folder that you may write to"):
        build_report("nykoping", out=tmp_path / "taken", seed=77)
    assert sorted((home / "runs").glob("*")) == runs


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere")
def test_a_read_only_folder_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SamspelError, match="--out"):
        build_report("nykoping", out=tmp_path)


def test_bare_papermill_refuses_a_misspelt_parameter() -> None:
    with pytest.raises(PapermillExecutionError, match="Did you mean 'replications'"):
        execute_notebook(
            NOTEBOOK, None, {"replicatoins": 50}, kernel_name="python3", cwd=str(root()), progress_bar=False
        )
