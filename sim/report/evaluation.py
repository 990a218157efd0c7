"""What an evaluation notebook shows: the estimate of a case, the model's prediction, and what it changes.

Public names: `evaluation_found` and its result `EvaluationFound`.
"""

from dataclasses import dataclass
from pathlib import Path

from sim.core.errors import SamspelError, input_error
from sim.evaluate.ex_post.beside import Level, published_levels
from sim.evaluate.ex_post.evaluation import PRIMARY, Evaluation, evaluate_case, plan_of
from sim.evaluate.ex_post.plan import read_plan
from sim.evaluate.ex_post.pooled import Pooled, evaluate_pooled
from sim.evaluate.ex_post.prediction import Prediction, predict_effect
from sim.evaluate.panels.own import read_own
from sim.evaluate.power.study import Study, power_study
from sim.evaluate.update.case import CaseUpdate, update_case
from sim.policy.case import load_case
from sim.report.verdict import verdict_sentences
from sim.report.words import check_language

LEAST_DRAWS = 20


@dataclass(frozen=True)
class EvaluationFound:
    """An evaluation and what stands beside it.

    Attributes:
        evaluation: Estimates of all estimators, spill-over, what could be seen.
        prediction: What the model expected of the official statistic; None for a table of one's own.
        update: What the estimate does to the model's draws.
        levels: What is published beside the outcome.
        pooled: The mean effect of this and other cases, where others were named.
        power: Simulated trials, where they were asked for.
        verdict: The sentences, in the language asked for.
        lang: That language.
    """

    evaluation: Evaluation
    prediction: Prediction | None
    update: CaseUpdate | None
    levels: list[Level]
    pooled: Pooled | None
    power: Study | None
    verdict: list[str]
    lang: str


def evaluation_found(
    case: str,
    outcome: str = "stativ_share",
    estimator: str = PRIMARY,
    last: int = 2019,
    plan: str = "",
    file: str = "",
    draws: int = 100,
    pool: str = "",
    trials: int = 0,
    lang: str = "sv",
) -> EvaluationFound:
    """Evaluate a case, and let the estimate meet the model.

    Args:
        case: Name of a case, or the path of a case file.
        outcome: The statistic.
        estimator: The estimator that the verdict rests on.
        last: The last year used.
        plan: Path of a sealed plan; what is done otherwise is listed as a deviation.
        file: Path of a table of one's own with the outcome.
        draws: Draws of the model's prediction.
        pool: Other cases to pool with this one, separated by commas; takes minutes.
        trials: Simulated panels that say what could have been seen, at least 20; none with 0.
        lang: Language of the verdict, sv or en.

    Raises:
        SamspelError: A parameter is not allowed, or there is no panel; the message says what would give one.
    """
    check_language("evaluation", "lang", lang)
    if draws < LEAST_DRAWS:
        raise input_error("evaluation", "draws", draws, f"a whole number of at least {LEAST_DRAWS}")
    if trials and trials < LEAST_DRAWS:
        raise input_error("evaluation", "trials", trials, f"0 or at least {LEAST_DRAWS}")
    chosen = load_case(case)
    others = [load_case(name.strip()) for name in pool.split(",") if name.strip()]
    sealed, day = read_plan(Path(plan)) if plan else (None, None)
    if sealed and sealed.case != chosen.name:
        raise SamspelError(f"{plan}: is a plan for {sealed.case}. Allowed: a plan for {chosen.name}.")
    rows = read_own(Path(file)) if file else None
    smallest = sealed.smallest if sealed else 0.0
    done = evaluate_case(chosen, plan_of(chosen, outcome, estimator, last, smallest), rows, sealed, day)
    prediction = update = surprise = None
    if rows is None:
        prediction = predict_effect(chosen, done.design, done.panel.after, outcome, draws)
        update = update_case(chosen, prediction, done.main.effect, done.main.se)
        surprise = update.update.surprise
    verdict = verdict_sentences(done.main, done.detectable, prediction, surprise, lang)
    return EvaluationFound(
        done,
        prediction,
        update,
        published_levels(done.design),
        evaluate_pooled([chosen, *others], outcome, last) if others else None,
        power_study(chosen, draws=trials, last=last, effects=draws) if trials else None,
        verdict,
        lang,
    )
