"""Invented effects with the words, and the fit, of the project's cases."""

from dataclasses import replace

from synthetic import synthetic_facts

from sim.data.municipalities import municipality
from sim.policy.case import load_case
from sim.report.facts import ReportFacts
from sim.report.fit_facts import fit_facts
from sim.report.lead import lead

CASES = ("falkoping", "monsteras", "nykoping", "osby", "sydostra-skane")


def case_facts(name: str, lang: str = "sv") -> ReportFacts:
    """Return invented effects with the words, and the fit, of a real case."""
    case = load_case(name)
    names = tuple(municipality(code).name for code in case.municipalities)
    facts, texts = synthetic_facts(names=names, lang=lang), case.texts(lang)
    levers = tuple(instance.lever for instance in case.policy)
    return replace(
        facts,
        question=texts.question,
        lead=lead(case, lang),
        levers=levers,
        not_expressed=texts.not_expressed,
        cards=tuple(fit_facts(code, lang=lang) for code in case.municipalities),
    )
