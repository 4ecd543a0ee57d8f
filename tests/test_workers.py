"""Workers: order, and that hanging, crashing and greedy tasks cost only themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from archive_check import workers
from archive_check.model import Problem, SourceFile
from archive_check.understand import understand_all


def act(task: str) -> str:
    """A task that does what it is called."""
    if task == "hang":
        time.sleep(60)
    while task == "spin" or (task == "work" and time.process_time() < 1):
        pass
    if task == "die":
        os._exit(3)
    if task == "abort":
        os.abort()
    if task == "mutter":
        os.write(2, b"a library's warning")
    if task == "raise":
        raise ValueError("odd bytes")
    if task == "eat":
        return str(len(bytearray(4 * 2**30)))
    return task.upper()


@pytest.mark.parametrize("jobs", [0, 1, 3])
def test_every_task_gives_a_result(jobs: int) -> None:
    tasks = [f"t{number}" for number in range(50)]
    results = dict(workers.run(act, tasks, jobs))
    assert results == {number: f"T{number}" for number in range(50)}


def test_nothing_to_do_starts_nothing() -> None:
    assert list(workers.run(act, [], 4)) == []


def test_what_libraries_write_about_a_file_stays_off_the_terminal(
    capfd: pytest.CaptureFixture[str],
) -> None:
    assert dict(workers.run(act, ["mutter"], 1)) == {0: "MUTTER"}
    assert capfd.readouterr().err == ""


def test_one_bad_task_loses_only_itself() -> None:
    tasks = ["a", "hang", "b", "die", "c", "raise", "d", "die", "e"] + ["f"] * 40
    begun = time.monotonic()
    found = list(workers.run(act, tasks, 2, seconds=1))
    assert time.monotonic() - begun < 30
    results = dict(found)
    assert len(found) == len(results)  # what a worker had done before it died is told once
    problems = {
        tasks[index]: (result.kind, result.detail.key)
        for index, result in results.items()
        if isinstance(result, Problem)
    }
    assert problems == {
        "hang": ("limit", "reading.time"),
        "die": ("damaged", "reading.crashed"),
        "raise": ("damaged", "reading.crashed"),
    }
    assert sorted(results) == list(range(len(tasks)))
    assert all(results[index] == task.upper() for index, task in enumerate(tasks) if len(task) == 1)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing tells what a process used")
def test_on_a_busy_machine_a_task_has_its_time_of_the_processor() -> None:
    tasks = ["work"] * 6 + ["spin"]  # more than there are processors on most machines that test
    results = dict(workers.run(act, tasks, len(tasks), seconds=1.5))
    assert [results[index] for index in range(len(tasks) - 1)] == ["WORK"] * (len(tasks) - 1)
    spun = results[len(tasks) - 1]
    assert isinstance(spun, Problem)
    assert spun.detail.key == "reading.time"


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory can't be limited")
def test_memory_is_limited() -> None:
    results = dict(workers.run(act, ["a", "eat", "b"], 1, memory=2**30))
    assert (results[0], results[2]) == ("A", "B")
    assert isinstance(results[1], Problem)
    assert results[1].detail.key == "reading.memory"


@pytest.mark.skipif(sys.platform == "win32", reason="no signals end processes there")
def test_a_library_that_aborts_was_refused_memory() -> None:
    results = dict(workers.run(act, ["a", "abort", "b"], 1))
    assert (results[0], results[2]) == ("A", "B")
    assert isinstance(results[1], Problem)
    assert (results[1].kind, results[1].detail.key) == ("limit", "reading.memory")


def test_documents_come_in_the_order_of_their_sources(tmp_path: Path) -> None:
    sources = []
    for number in range(30):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"text {number}\n" * (1 + 500 * (number % 3)), "utf-8")
        sources.append(SourceFile(path.name, str(path), path.stat().st_size))
    seen: list[str] = []
    documents = [one.document for one in understand_all(sources, 2, progress=seen.append)]
    assert [document.path for document in documents] == [source.path for source in sources]
    assert [document.lines[0].text for document in documents] == [f"text {n}" for n in range(30)]
    assert sorted(seen) == sorted(source.path for source in sources)
    assert documents == [one.document for one in understand_all(sources, 1)]


def test_a_file_given_up_still_has_its_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.4\n")
    source = SourceFile("a.pdf", str(path), 9)
    (document,) = [one.document for one in understand_all([source], 1, seconds=0)]
    assert document.problem is not None
    assert document.problem.detail.key == "reading.time"
    assert document.media_type == "application/pdf"
    assert document.sha256 is not None
    assert len(document.sha256) == 64


def test_a_program_without_a_guard_or_a_file_can_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("text")
    program = (
        "from pathlib import Path\n"
        "from archive_check.scan import scan\n"
        "from archive_check.understand import understand_all\n"
        f"found = scan(Path({str(tmp_path)!r}))\n"
        "print([one.document.text for one in understand_all(found.files, 2)])\n"
    )
    ended = subprocess.run(
        [sys.executable, "-"], input=program, capture_output=True, text=True, timeout=60
    )
    assert (ended.stdout, ended.stderr) == ("['text']\n", "")


def test_workers_that_cannot_start_are_not_the_files_fault(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(workers, "_serve", act_at_once)
    with pytest.raises(RuntimeError, match="could not start"):
        list(workers.run(act, ["a", "b"], 1))


def act_at_once(*_: object) -> None:
    """A worker that ends before it says that it has started."""
    os._exit(4)


def test_modules_that_lie_in_the_current_folder_are_not_run(tmp_path: Path) -> None:
    (tmp_path / "case").mkdir()
    (tmp_path / "case" / "note.txt").write_text("text", "utf-8")
    ran = tmp_path / "ran"
    for name in ("yaml", "lxml", "magic", "pypdf", "pickle", "rapidfuzz", "archive_check"):
        hostile = f"open({str(ran)!r}, 'a').write({name!r})\n"
        (tmp_path / "case" / f"{name}.py").write_text(hostile, "utf-8")
    command = Path(sys.executable).with_name("archive-check")
    done = subprocess.run(
        [command, "check", ".", "--format", "json", "--no-cache"],
        cwd=tmp_path / "case",
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    assert not ran.exists(), ran.read_text("utf-8")
    report = json.loads(done.stdout)["cases"][0]
    assert [finding for finding in report["findings"] if finding["rule"] == "AR01.1"] == []
