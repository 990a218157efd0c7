"""A Dask cluster gives what one process gives, also when a worker is killed under way."""

import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import toy

from sim.core.errors import SamspelError
from sim.experiment.canonical import frame_hash
from sim.experiment.run import Results, run_experiment

if os.environ.get("CI") != "true":
    pytest.importorskip("distributed", reason="Dask is not installed: pip install 'samspel[dask]'")

HERE = Path(__file__).parent
TASKS = 40


def hashes(results: Results) -> tuple[str, ...]:
    tables = (results.runs, results.series, results.effects, results.draws)
    return (*(frame_hash(table) for table in tables), results.fingerprint)


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A scheduler and two workers on the loopback, and the scheduler's address."""
    address = f"tcp://127.0.0.1:{free_port()}"
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    environment = os.environ | {"PYTHONPATH": path, "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    common = {"env": environment, "cwd": tmp_path, "stderr": subprocess.DEVNULL}
    dask = [sys.executable, "-m", "dask"]
    local = ["--host", "127.0.0.1", "--no-dashboard"]
    scheduler = subprocess.Popen([*dask, "scheduler", "--port", address.rpartition(":")[2], *local], **common)  # type: ignore[call-overload]
    worker = [*dask, "worker", address, "--nthreads", "1", "--no-nanny", *local]
    workers = [subprocess.Popen(worker, **common) for _ in range(2)]  # type: ignore[call-overload]
    _wait_for(address)
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


def _wait_for(address: str) -> None:
    deadline = time.monotonic() + 60
    host, port = address.removeprefix("tcp://").split(":")
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, int(port)), 1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail("the scheduler did not start")


def test_a_worker_killed_under_way_loses_nothing(
    cluster: tuple[str, list[subprocess.Popen[bytes]]], tmp_path: Path
) -> None:
    address, workers = cluster
    killed = []

    def kill_one() -> None:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if len(list(tmp_path.glob("cluster/*/done/*.json"))) >= 4:
                workers[0].send_signal(signal.SIGKILL)
                killed.append(len(list(tmp_path.glob("cluster/*/done/*.json"))))
                return
            time.sleep(0.01)

    watcher = threading.Thread(target=kill_one)
    watcher.start()
    on_cluster = run_experiment(
        toy.experiment(TASKS, "slow"), folder=tmp_path / "cluster", scheduler=address, progress=False
    )
    watcher.join()
    assert killed and killed[0] < TASKS
    assert workers[0].wait(timeout=10) == -signal.SIGKILL and workers[1].poll() is None
    local = run_experiment(toy.experiment(TASKS, "slow"), 2, folder=tmp_path / "local", progress=False)
    assert hashes(on_cluster) == hashes(local)
    assert on_cluster.runs.height == 2 * TASKS


def test_an_unreachable_scheduler_is_told_within_seconds(tmp_path: Path) -> None:
    address = f"tcp://127.0.0.1:{free_port()}"
    with pytest.raises(SamspelError, match=r"no scheduler answers.*dask scheduler --port 8786"):
        run_experiment(toy.experiment(2), folder=tmp_path, scheduler=address)
    with pytest.raises(SamspelError, match=r"no scheduler answers"):
        run_experiment(toy.experiment(2), folder=tmp_path, scheduler="nonsense://x")


class _Speaker(socketserver.BaseRequestHandler):
    """What answers at an address where something else than a scheduler listens."""

    def handle(self) -> None:
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def test_something_else_that_answers_is_no_scheduler(tmp_path: Path) -> None:
    with socketserver.TCPServer(("127.0.0.1", 0), _Speaker) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"tcp://127.0.0.1:{server.server_address[1]}"
        with pytest.raises(SamspelError, match=r"no scheduler answers"):
            run_experiment(toy.experiment(2), folder=tmp_path, scheduler=address)
        server.shutdown()


def test_without_dask_it_is_said_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(SamspelError, match=r"pip install 'samspel\[dask\]'"):
        run_experiment(toy.experiment(2), folder=tmp_path, scheduler="tcp://127.0.0.1:1")


def test_dask_is_imported_only_when_asked_for(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; import toy; from sim.experiment.run import run_experiment\n"
        "import sim.experiment.sweeps.run, sim.commands.sweep\n"
        "run_experiment(toy.experiment(2), 1, folder=Path(sys.argv[1]))\n"
        "assert not {'dask', 'distributed', 'duckdb'} & set(sys.modules)"
    )
    path = os.pathsep.join([str(HERE), str(HERE.parents[1])])
    environment = os.environ | {"PYTHONPATH": path}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], env=environment, check=True)
