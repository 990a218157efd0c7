"""Starsim and Covasim, as people would use them, in an environment of their own.

A comparison of what a step of one agent costs, not of models: theirs pass an infection over a network of
contacts, ours runs the rules of a labour market. Neither does the other's work.
"""

import json
import os
import subprocess
import venv
from pathlib import Path

from benchmarks.records import Fact, Sample
from benchmarks.session import CHECKOUT, Session, run_and_read
from benchmarks.speed import compiled, per_person, town
from sim.core.errors import SamspelError
from sim.model.inputs import alone
from sim.model.simulate import burn_in

ENVIRONMENT = CHECKOUT / ".bench-env"
_PACKAGES = ("starsim", "covasim")
_TASKS = Path(__file__).parent / "peers"
_ABOUT: dict[str, dict[str, Fact]] = {
    "Starsim": {
        "steps": "months",
        "task": "SIR infection, births and deaths, four random contacts an agent redrawn each month",
        "generator": "NumPy, one stream a decision, slots by agent",
        "arithmetic": "NumPy arrays, numba in parts",
    },
    "Covasim": {
        "steps": "days",
        "task": "its default epidemic: fixed random contacts, no births, deaths of the infected only",
        "generator": "NumPy and numba (Mersenne Twister), one stream",
        "arithmetic": "numba kernels over arrays, float32",
    },
}
_OURS: dict[str, Fact] = {
    "steps": "months",
    "task": "all rules of the labour market, households and the ledger, a policy on every channel",
    "generator": "Squares32 under keys from Philox4x32-10, keyed by person and decision",
    "arithmetic": "numba kernels, one core, integers and float64",
}


def simulators(session: Session) -> list[Sample]:
    """Return agent-steps per second of each simulator and ours, taking turns, and peak memory per agent."""
    sizes = session.sizes
    session.turn("preparing an environment for Starsim and Covasim")
    python = _environment()
    inputs = town(sizes.peer_agents, sizes.burn_in, sizes.peer_steps)
    state = burn_in(alone(inputs))[0]
    compiled(inputs, state)
    rates: dict[str, list[float]] = {"Samspel": [], **{name: [] for name in _ABOUT}}
    found: dict[str, dict[str, object]] = {}
    for turn in range(sizes.peer_turns):
        for name in _ABOUT:
            session.turn(f"{name}, turn {turn + 1} of {sizes.peer_turns}")
            found[name] = _run(python, name, sizes.peer_agents, sizes.peer_steps)
            steps, seconds = float(str(found[name]["steps"])), float(str(found[name]["processor"]))
            rates[name].append(sizes.peer_agents * steps / seconds)
        session.turn(f"Samspel, turn {turn + 1} of {sizes.peer_turns}")
        rates["Samspel"] += session.turns({"": lambda: compiled(inputs, state)}, 1)[""].rates()
    samples = []
    for name, values in rates.items():
        about = {**(_ABOUT.get(name) or _OURS), "agents": sizes.peer_agents, "compiled": "warm"}
        about["version"] = str(found[name]["version"]) if name in found else None
        samples.append(Sample(label=name, unit="agent-steps/s", values=tuple(values), facts=about))
    for name in _ABOUT:
        session.turn(f"memory of {name}")
        least = _run(python, name, 100, sizes.peer_steps)["peak_bytes"]
        peaks = [float(str(peak)) if peak else None for peak in (least, found[name]["peak_bytes"])]
        samples.append(per_person(f"{name}, memory", sizes.peer_agents, peaks))
    return samples


def _run(python: Path, name: str, agents: int, steps: int) -> dict[str, object]:
    task = _TASKS / f"{name.lower()}_task.py"
    own = {"STARSIM_INSTALL_FONTS": "0", "MPLBACKEND": "agg", "SCIRIS_BACKEND": "agg"}
    printed = run_and_read([str(python), str(task), str(agents), str(steps)], own)
    found: dict[str, object] = json.loads(printed.splitlines()[-1])
    return found


def _environment() -> Path:
    """Return the Python of the environment, made when it is first needed."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = ENVIRONMENT / ".ready"
    if not ready.exists():
        venv.create(ENVIRONMENT, with_pip=True, clear=True)
        install = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *_PACKAGES]
        done = subprocess.run(install, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            last = (done.stderr.strip() or "no message").splitlines()[-1]
            raise SamspelError(f"{ENVIRONMENT.name}: {' and '.join(_PACKAGES)} cannot be installed: {last}")
        ready.touch()
    return python
