"""The chart of what uncertainty rests on: Swedish names, grades, shares and no word of Vega's own."""

import polars as pl

from sim.report.share_chart import share_chart

ROWS = pl.DataFrame(
    {
        "parameter": [
            "supervision_share",
            "municipal_placements[0].places",
            "tiny",
            "outside",
            "chance",
            "rest",
        ],
        "label_sv": [
            "Tid för handledning",
            "Kommunala platser: platser",
            "Litet",
            "Utanför",
            "Slump",
            "Övriga",
        ],
        "grade": ["C", "case_settings", "B", "C", "chance", "rest"],
        "part": ["lever", "case", "model", "model", "chance", "rest"],
        "total": [0.35, 0.2, 0.01, None, 0.12, 0.3],
        "total_conf": [0.05, 0.04, 0.02, None, 0.03, None],
        "share": [0.36, 0.21, 0.01, None, 0.12, 0.3],
    }
)


def test_every_share_has_its_name_grade_and_percent() -> None:
    drawn = share_chart(ROWS, "Vad osäkerheten vilar på", most=2)
    for text in (
        "Tid för handledning (grad C)",
        "Kommunala platser: platser (fallets egen)",
        "Slump",
        "36 %",
    ):
        assert text in drawn.svg.replace("\u00a0", " "), text
    assert "Litet" not in drawn.svg and "Utanför" not in drawn.svg and "aria-" not in drawn.svg
    assert "…" not in share_chart(ROWS.with_columns(label_sv=pl.lit("Ett långt namn " * 5)), "x").svg
    assert drawn.alt == "Vad osäkerheten vilar på"
