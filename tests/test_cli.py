"""The command line: details through click's runner, exit codes and tracebacks through real processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from assistant.cli import cli
from assistant.evaluating.rows import read_rows
from assistant.wording import NOT_FOUND

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"
COMMANDS = ["add", "ask", "search", "chat", "list", "show", "remove", "ui", "evaluate retrieval", "evaluate answers"]
COMMANDS += ["evaluate draft", "serve", "mcp", "keys add", "keys list", "keys revoke"]
COMMANDS += ["doctor", "rebuild", "backup", "restore"]
QUESTION = "Panjang Jembatan Pulau Balang berapa meter?"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    for name in [name for name in os.environ if name.startswith("TANYA_")]:
        monkeypatch.delenv(name)


def run(index: Path, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["--index", str(index), *arguments], input=stdin, catch_exceptions=False)


def process(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant.cli", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def article(folder: Path, name: str, text: str, **fields: str) -> Path:
    fields = {"title": name.title(), "publisher": "Kabar Uji", "date": "2024-05-06"} | fields
    head = "\n".join(f"{key}: {value}" for key, value in fields.items())
    path = folder / f"{name}.md"
    path.write_text(f"---\n{head}\n---\n\n{text}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """Folder of an index of ``seeds/``; tests only read it."""
    index = tmp_path_factory.mktemp("cli") / "index"
    result = run(index, "add", str(ROOT / "seeds"))
    assert result.exit_code == 0, result.output
    return index


@pytest.fixture
def small(tmp_path):
    """A small index of its own, to change."""
    berita = tmp_path / "berita"
    berita.mkdir()
    article(berita, "pasar", "Pasar ikan Tenggarong dibuka Bupati Rina Lestari pada Senin. Ada 40 pedagang di sana.")
    article(berita, "banjir", "Banjir setinggi satu meter merendam Desa Muara Kaman sejak Rabu.", publisher="Warta Uji")
    index = tmp_path / "index"
    assert run(index, "add", str(berita)).exit_code == 0
    return index


def identifiers(index: Path) -> dict[str, str]:
    """Article ids by title."""
    return {row["title"]: row["id"] for row in json.loads(run(index, "list", "--json").stdout)}


@pytest.mark.parametrize("command", COMMANDS)
def test_help_has_an_example(command):
    result = CliRunner().invoke(cli, [*command.split(), "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert f"tanya {command}" in result.output


def test_help_lists_every_command():
    output = CliRunner().invoke(cli, ["--help"]).output
    for command in COMMANDS:
        assert f"\n  {command.split()[0]} " in output
    assert "..." not in output.split("Commands:")[1]  # each summary fits its line


def test_version():
    from importlib.metadata import PackageNotFoundError, version

    try:
        expected = version("tanya-berita")
    except PackageNotFoundError:
        pytest.skip("the package is not installed, only checked out")
    assert CliRunner().invoke(cli, ["--version"]).output == f"tanya, version {expected}\n"


def test_add_reports_and_adds_once(tmp_path, small):
    assert run(small, "add", str(tmp_path / "berita")).stdout == "added 0, updated 0, unchanged 2, failed 0\n"
    article(tmp_path / "berita", "pasar", "Pasar ikan Tenggarong tutup lagi pada Kamis karena air pasang.")
    result = run(small, "add", str(tmp_path / "berita"))
    assert result.exit_code == 0
    assert "updated 1" in result.stdout
    assert "unchanged 1" in result.stdout
    assert len(identifiers(small)) == 2


def test_add_refuses_a_missing_path_before_adding_anything(tmp_path):
    there = article(tmp_path, "ada", "Artikel ini ada dan cukup panjang untuk dibaca.")
    result = run(tmp_path / "index", "add", str(there), str(tmp_path / "hilang.md"))
    assert result.exit_code == 1
    assert "hilang.md" in result.stderr
    assert "nothing was added" in result.stderr
    assert not (tmp_path / "index").exists()


def test_add_goes_on_after_a_bad_file_and_fails_when_all_are_bad(tmp_path):
    good = article(tmp_path, "baik", "Artikel ini baik dan cukup panjang untuk dibaca.")
    bad = tmp_path / "rusak.json"
    bad.write_text("{tidak", encoding="utf-8")
    result = run(tmp_path / "index", "add", str(bad), str(good))
    assert result.exit_code == 0
    assert result.stdout == "added 1, updated 0, unchanged 0, failed 1\n"
    assert "rusak.json" in result.stderr
    result = run(tmp_path / "index", "add", str(bad))
    assert result.exit_code == 1
    assert "rusak.json" in result.stderr
    assert len(identifiers(tmp_path / "index")) == 1


def test_ask_answers_with_the_quote(seeds):
    result = run(seeds, "ask", QUESTION)
    assert result.exit_code == 0
    assert "804 meter" in result.stdout
    assert "[1]" in result.stdout


def test_ask_json_is_the_answer(seeds):
    answer = json.loads(run(seeds, "ask", "--json", QUESTION).stdout)
    assert answer["found"] is True
    assert answer["citations"][0]["number"] == 1
    assert any("804 meter" in citation["quote"] for citation in answer["citations"])


def test_filters_reach_ask_search_and_list(seeds, small):
    options = ["--since", "2030-01-01"]
    refused = run(seeds, "ask", QUESTION, *options).stdout
    assert refused.startswith(NOT_FOUND["id"])
    assert "1 Januari 2030" in refused
    assert json.loads(run(seeds, "search", "bendera", "--json", *options).stdout) == []
    assert run(seeds, "list", *options).stdout == ""
    assert run(small, "list", "--publisher", "warta uji").stdout.endswith("Warta Uji  Banjir\n")
    both = run(small, "list", "--since", "2024-05-06", "--until", "2024-05-06").stdout
    assert len(both.splitlines()) == 2
    topics = json.loads(run(seeds, "list", "--json", "--topic", "KPU Kaltim").stdout)
    assert topics
    assert all("KPU Kaltim" in row["topics"] for row in topics)


def test_search_shows_passages_with_scores(seeds):
    result = run(seeds, "search", "jalan tol menuju Nusantara", "-k", "3")
    assert result.exit_code == 0
    assert result.stdout.startswith("1. ")
    assert "\n3. " in result.stdout
    assert "\n4. " not in result.stdout
    assert "score" in result.stdout
    passages = json.loads(run(seeds, "search", "jalan tol", "-k", "2", "--json").stdout)
    assert len(passages) == 2
    assert passages[0]["score"] >= passages[1]["score"]
    assert {"text", "start", "end", "scores", "article"} <= set(passages[0])


def test_list_and_show(small):
    ids = identifiers(small)
    assert set(ids) == {"Pasar", "Banjir"}
    lines = run(small, "list").stdout.splitlines()
    assert f"{ids['Pasar']}  2024-05-06  Kabar Uji  Pasar" in lines
    shown = run(small, "show", ids["Banjir"][:8]).stdout
    assert "publisher: Warta Uji" in shown
    assert "merendam Desa Muara Kaman" in shown
    assert json.loads(run(small, "show", "--json", ids["Banjir"]).stdout)["id"] == ids["Banjir"]


def test_remove(small):
    ids = identifiers(small)
    result = run(small, "remove", ids["Banjir"], "0000-none")
    assert result.exit_code == 1
    assert result.stderr == "tanya: no article has the id 0000-none; `tanya list` shows them all\n"
    assert len(identifiers(small)) == 2  # nothing is removed when one of the ids is wrong
    assert run(small, "remove", ids["Banjir"]).stdout == f"removed {ids['Banjir']}  Banjir\n"
    assert set(identifiers(small)) == {"Pasar"}


def test_chat_answers_line_by_line_until_keluar(seeds):
    result = run(seeds, "chat", stdin=f"{QUESTION}\n\n{'a' * 20_000}\nkeluar\nSiapa gubernur?\n")
    assert result.exit_code == 0
    assert "804 meter" in result.stdout
    assert result.stderr.count("tanya: ") == 1  # the long question; the chat goes on
    assert "Seno" not in result.stdout


def test_chat_resolves_follow_ups_from_its_own_history(seeds, monkeypatch):
    from assistant.core import Assistant

    histories = []
    ask = Assistant.ask

    def listening(self, question, history=(), *rest):
        histories.append(list(history))
        return ask(self, question, history, *rest)

    monkeypatch.setattr(Assistant, "ask", listening)
    run(seeds, "chat", stdin=f"{QUESTION}\nKapan jembatan itu selesai?\n")
    assert [len(history) for history in histories] == [0, 1]
    assert histories[1][0].question == QUESTION
    assert "804 meter" in histories[1][0].answer


def test_evaluate_answers_prints_a_table(seeds, tmp_path):
    path = tmp_path / "questions.jsonl"
    rows = [
        {"question": QUESTION, "answer": "804 meter", "kind": "angka"},
        {"question": "Berapa tinggi gunung tertinggi di Swiss?", "answer": None, "kind": "tanpa jawaban"},
    ]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = run(seeds, "evaluate", "answers", "--questions", str(path))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert [line.split("  ")[0] for line in lines[:4]] == ["kind", "angka", "tanpa jawaban", "total"]
    assert any(line.startswith("net score  ") for line in lines)
    figures = json.loads(run(seeds, "evaluate", "answers", "--json", "--questions", str(path)).stdout)
    assert figures["answerable"] == figures["unanswerable"] == 1
    assert figures["held"] == 1
    assert figures["figures"]["held"]["value"] == 1.0
    assert figures["baselines"]["always refuse"]["net score"] == 0.0
    assert set(figures["baselines"]) == {"as measured", "always refuse", "never refuse"}


def test_evaluate_answers_reads_csv_and_writes_rows(seeds, tmp_path):
    path, rows = tmp_path / "pertanyaan.csv", tmp_path / "rows.jsonl"
    path.write_text(f"question,answer\n{QUESTION},804 meter\n", encoding="utf-8")
    result = run(seeds, "evaluate", "answers", "--questions", str(path), "--rows", str(rows))
    assert result.exit_code == 0, result.output
    (row,) = read_rows(rows)
    assert (row.question, row.verdict, row.recall) == (QUESTION, "held", 1.0)
    assert any("804 meter" in cited.quote and cited.shows for cited in row.citations)


def test_evaluate_answers_compares_and_reports(seeds, tmp_path):
    path, rows, page = tmp_path / "pertanyaan.csv", tmp_path / "rows.jsonl", tmp_path / "report.html"
    article = "2025-07-10-batu-bara-ekonomi-kaltim.md"
    path.write_text(
        f"question,answer,article\n{QUESTION},804 meter,\nSiapa presiden?,Budi,{article}\n", encoding="utf-8"
    )
    command = ("evaluate", "answers", "--questions", str(path))
    strict = run(seeds, *command, "--rows", str(rows), "--report", str(page), "--against", "TANYA_CONFIDENCE=1")
    assert strict.exit_code == 0, strict.output
    assert "before: this run, after: confidence=1" in strict.stdout
    assert f"held -> missed: {QUESTION}" in strict.stdout
    assert QUESTION in page.read_text(encoding="utf-8")
    same = json.loads(run(seeds, *command, "--compare", str(rows), "--json").stdout)["comparison"]
    assert (same["questions"], same["left_out"], same["changes"]) == (2, 0, [])


def test_drafts_from_the_index_are_told_to_be_drafts(seeds, tmp_path):
    path = tmp_path / "drafts.jsonl"
    made = run(seeds, "evaluate", "draft", "--out", str(path), "--count", "4", "--since", "2025-01-01")
    assert made.exit_code == 0, made.output
    assert "4 drafts" in made.stdout
    asked = run(seeds, "evaluate", "answers", "--questions", str(path), "--json")
    assert "4 of 4 questions are drafts that nobody has reviewed" in asked.stderr
    assert json.loads(asked.stdout)["figures"]["nDCG@10"]["value"] is not None
    again = run(seeds, "evaluate", "draft", "--out", str(path))
    assert (again.exit_code, again.stderr.count("\n")) == (1, 1)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--against", "confidence"], "NAME=VALUE"),
        (["--against", "kebenaran=1"], "NAME=VALUE"),
        (["--against", "llm_api_key=rahasia"], "NAME=VALUE"),  # it would be shown
        (["--against", "confidence=2"], "TANYA_CONFIDENCE"),
        (["--against", "top_k=3", "--compare", "tak-ada.jsonl"], "one of them"),
        (["--compare", "tak-ada.jsonl"], "tak-ada.jsonl"),
    ],
)
def test_what_cannot_be_compared_is_told_before_anything_is_asked(seeds, tmp_path, arguments, words):
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"question": QUESTION}), encoding="utf-8")
    result = run(seeds, "evaluate", "answers", "--questions", str(path), *arguments)
    assert result.exit_code in (1, 2)
    assert words in result.stderr


def test_evaluate_retrieval_prints_the_figures(tmp_path):
    rows = [
        {"question": "Siapa membuka pasar ikan?", "context": "Pasar ikan dibuka Bupati Rina.", "answers": ["Rina"]},
        {"question": "Di mana banjir terjadi?", "context": "Banjir merendam Muara Kaman.", "answers": ["Muara Kaman"]},
    ]
    (tmp_path / "uji.valid.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = CliRunner().invoke(cli, ["evaluate", "retrieval", "--questions", str(tmp_path)])
    assert result.exit_code == 0, result.output
    assert "nDCG@10" in result.stdout
    assert all(word in result.stdout for word in ("bm25", "dense", "fused"))
    figures = CliRunner().invoke(cli, ["evaluate", "retrieval", "--json", "--questions", str(tmp_path)]).stdout
    assert json.loads(figures)["figures"]["uji.valid"]["bm25"]["Success@1"] == 1.0


@pytest.mark.slow
def test_of_the_questions_about_the_seeds_seven_in_ten_are_right(seeds):
    path = SHARED / "seeds-articles" / "QUESTIONS.jsonl"
    if not path.is_file():
        pytest.skip("the shared folder with the questions about the seeds is not here")
    figures = json.loads(run(seeds, "evaluate", "answers", "--json", "--questions", str(path)).stdout)
    assert figures["held"] / figures["answerable"] >= 0.7
    assert figures["refused"] / figures["unanswerable"] >= 0.7


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["ask", "Siapa?"], {}, "tanya add"),
        (["list"], {}, "tanya add"),
        (["add", "tak-ada.md"], {}, "tak-ada.md"),
        (["list"], {"TANYA_TOP_K": "banyak"}, "TANYA_TOP_K"),
        (["evaluate", "answers", "--questions", "tak-ada.jsonl"], {}, "tak-ada.jsonl"),
    ],
)
def test_errors_are_one_line_and_exit_code_1(tmp_path, arguments, environment, words):
    done = process(*arguments, TANYA_INDEX=str(tmp_path / "none"), **environment)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("tanya: ")
    assert done.stderr.count("\n") == 1
    assert words in done.stderr


def test_errors_of_the_question_and_of_the_folder(seeds, tmp_path):
    for question in ("", "a" * 20_000):
        result = run(seeds, "ask", question)
        assert result.exit_code == 1
        assert result.stderr.startswith("tanya: the question ")
    file = tmp_path / "file"
    file.write_text("not an index", encoding="utf-8")
    for command in (["list"], ["add", str(ROOT / "seeds")]):
        result = run(file, *command)
        assert result.exit_code == 1
        assert result.stderr.startswith("tanya: ")
        assert str(file) in result.stderr
    assert file.read_text(encoding="utf-8") == "not an index"


@pytest.mark.parametrize(
    "arguments", [["ask"], ["forget"], ["ask", "Siapa?", "--since", "kemarin"], ["--colour", "list"]]
)
def test_wrong_usage_is_exit_code_2(arguments):
    done = process(*arguments)
    assert done.returncode == 2
    assert "Usage:" in done.stderr
    assert "Traceback" not in done.stderr


def test_output_is_utf8_without_colour_codes_whatever_the_locale(seeds):
    done = process("--index", str(seeds), "ask", QUESTION, PYTHONIOENCODING="ascii", LC_ALL="C", FORCE_COLOR="1")
    assert done.returncode == 0, done.stderr
    assert "“" in done.stdout
    assert "\x1b" not in done.stdout + done.stderr
    assert done.stderr == ""


def test_a_closed_pipe_and_an_interrupt_end_quietly(seeds):
    command = [sys.executable, "-m", "assistant.cli", "--index", str(seeds)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen([*command, "list"], cwd=ROOT, **pipes) as listing:
        listing.stdout.close()
        assert listing.stderr.read() == b""
        assert listing.wait(60) == 1
    # Tests started in the background ignore the interrupt, and their children would too.
    heeding = partial(signal.signal, signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen([*command, "chat"], cwd=ROOT, preexec_fn=heeding, **pipes) as chatting:
        chatting.stdin.write(f"{QUESTION}\n".encode())
        chatting.stdin.flush()
        assert chatting.stdout.readline()
        chatting.send_signal(signal.SIGINT)
        assert chatting.wait(60) == 130
        assert b"Traceback" not in chatting.stderr.read()


def test_ask_loads_nothing_heavy_and_help_nearly_nothing(seeds):
    code = (
        "import sys\n"
        "from assistant.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    heavy = {"torch", "transformers", "sentence_transformers", "gradio", "trafilatura", "dateparser", "pypdf", "docx"}

    def modules(*arguments: str) -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
        )
        return set(done.stderr.split())

    assert not modules("--index", str(seeds), "ask", QUESTION) & heavy
    assert not modules("--help") & (heavy | {"chromadb", "langchain_core", "numpy", "onnxruntime", "tqdm"})
