"""The writer, with chat models that say what they are told to. The evidence and its verification are real."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

from assistant import Answer, Assistant, Settings, Support, Turn
from assistant.core import open_index
from assistant.wording import NOT_FOUND
from benchmarks.verification import CLAIMS, CORRECT, SEEDS
from benchmarks.writing import outcome
from index.errors import ChatModelError, SettingsError
from index.reading import read_articles
from index.types import Article
from tests.chat_servers import code_of
from tests.scripted import BRIDGE, MARKET, QUESTION, Reply, Scripted, length


def asked(bridges, *replies: Reply, question: str = QUESTION, **settings: Any) -> tuple[list[Answer], Scripted]:
    model = Scripted(replies=list(replies), prompts=[])
    assistant = Assistant(bridges, llm=model, settings=Settings(**settings))
    return list(assistant.stream(question)), model


def test_a_statement_cites_the_exact_characters_of_its_sentence(bridges) -> None:
    answers, model = asked(bridges, length)
    answer = answers[-1]
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert answer.found
    assert answer.complete
    assert [(c.support, c.citations) for c in answer.claims] == [(Support.SUPPORTED, (1,))]
    (citation,) = answer.citations
    assert citation.article.id == BRIDGE.id
    assert citation.quote == "Panjang Jembatan Rantau Indah 640 meter dan lebarnya 12 meter."
    assert len(model.prompts) == 1
    assert answer.confidence > 0


def test_what_streams_never_shows_half_a_marker_and_only_grows(bridges) -> None:
    def reply(prompt: str) -> str:
        return f"{length(prompt)} Biaya pembangunannya Rp215 miliar [{code_of(prompt, 'Rp215')}, zz99]."

    answers, _ = asked(bridges, reply)
    texts = [answer.text for answer in answers]
    assert len(texts) > 10
    assert not any(sign in text.replace("[1]", "").replace("[2]", "") for text in texts for sign in "[]")
    claims = [answer.claims for answer in answers]
    assert all(after[: len(before)] == before for before, after in pairwise(claims))
    assert [answer.complete for answer in answers] == [False] * (len(answers) - 1) + [True]
    assert texts[-1] == "Panjang Jembatan Rantau Indah 640 meter. [1] Biaya pembangunannya Rp215 miliar. [2]"


def test_citations_are_numbered_as_they_appear_and_once_for_each_sentence(bridges) -> None:
    def reply(prompt: str) -> str:
        cost, size = code_of(prompt, "Rp215"), code_of(prompt, "640 meter")
        return f"Biayanya Rp215 miliar [{cost}]. Panjangnya 640 meter [{size}]. Lebarnya 12 meter [{size}]."

    answer = asked(bridges, reply)[0][-1]
    assert [claim.citations for claim in answer.claims] == [(1,), (2,), (2,)]
    assert [citation.number for citation in answer.citations] == [1, 2]


def test_a_citation_brings_its_copies_and_what_its_weekdays_mean(tmp_path: Path) -> None:
    text = (
        "Jembatan Rantau Indah diresmikan Bupati Wirya Kusuma pada Senin (4/3) di hadapan ratusan warga desa."
        " Panjang Jembatan Rantau Indah 640 meter dan lebarnya 12 meter, terpanjang di sepanjang Sungai Rantau."
        " Biaya pembangunannya Rp215 miliar, seluruhnya dari anggaran provinsi tahun jamak."
    )
    wire = Article(title="Jembatan Rantau Indah diresmikan", publisher="ANTARA", published=date(2024, 3, 5), text=text)
    copy = replace(wire, publisher="Kabar Muara", published=date(2024, 3, 6))

    def reply(prompt: str) -> str:
        return f"Jembatan Rantau Indah diresmikan Bupati Wirya Kusuma [{code_of(prompt, 'Senin (4/3)')}]."

    with open_index(Settings(index=tmp_path), create=True) as index:
        index.add([wire, copy])
        (cited,) = asked(index, reply, question="Siapa yang meresmikan Jembatan Rantau Indah?")[0][-1].citations
    assert [one.publisher for one in cited.copies] == ["Kabar Muara"]
    assert [(gloss.text, gloss.meaning) for gloss in cited.glosses] == [("Senin (4/3)", "4 Maret 2024")]


FLOOD = Article(
    title="Banjir Rantau Indah",
    publisher="Kabar Muara",
    published=date(2025, 3, 12),
    text="Banjir melanda Rantau Indah. Jumlah korban banjir Rantau Indah mencapai 1.250 jiwa, kata Camat Sari Dewi.",
)
FLOODED = Article(
    title="Korban banjir Rantau Indah",
    publisher="Warta Hulu",
    published=date(2025, 3, 10),
    text="Air naik sejak malam. Jumlah korban banjir Rantau Indah mencapai 980 jiwa, kata Bupati Wirya Kusuma.",
)
VICTIMS = "Berapa jumlah korban banjir Rantau Indah?"


def test_a_figure_that_ages_has_its_day_and_one_that_lasts_has_none(tmp_path: Path, bridges) -> None:
    def reply(prompt: str) -> str:
        return f"Korban banjir Rantau Indah 1.250 jiwa [{code_of(prompt, '1.250 jiwa')}]."

    with open_index(Settings(index=tmp_path), create=True) as index:
        index.add([FLOOD])
        *growing, last = asked(index, reply, question=VICTIMS)[0]
    assert (last.as_of, last.notice) == (date(2025, 3, 12), "Angkanya per 12 Maret 2025.")
    assert {answer.as_of for answer in growing} == {None}
    assert asked(bridges, length)[0][-1].as_of is None


@pytest.mark.parametrize("both", [True, False], ids=["both cited", "one passed over"])
def test_articles_that_contradict_what_is_written_are_shown_beside_it(tmp_path: Path, both: bool) -> None:
    def reply(prompt: str) -> str:
        old, new = (code_of(prompt, figure) for figure in ("980 jiwa", "1.250 jiwa"))
        later = f" Kemudian korban banjir Rantau Indah 1.250 jiwa [{new}]." if both else ""
        return f"Korban banjir Rantau Indah 980 jiwa [{old}].{later}"

    with open_index(Settings(index=tmp_path), create=True) as index:
        index.add([FLOOD, FLOODED])
        last = asked(index, reply, question=VICTIMS)[0][-1]
    assert [cited.article.publisher for cited in last.citations] == ["Warta Hulu", "Kabar Muara"]
    assert last.disagreement == ((2, 1),)
    said = last.text.partition("\n\n")[2]
    beside = [
        "Artikel-artikel ini tidak sama:",
        "1.250 jiwa. [2] (Kabar Muara, 12 Maret 2025)",
        "980 jiwa. [1] (Warta Hulu, 10 Maret 2025)",
    ]
    assert said.splitlines() == ([] if both else beside)
    assert all(claim.support is Support.SUPPORTED for claim in last.claims)


def test_an_invented_code_is_stripped_and_the_statement_cited_by_verification(bridges) -> None:
    answer = asked(bridges, "Panjang Jembatan Rantau Indah 640 meter [b9z9][1].")[0][-1]
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert answer.citations[0].quote.startswith("Panjang Jembatan Rantau Indah 640 meter")
    assert answer.claims[0].support is Support.SUPPORTED


def test_a_statement_that_cites_the_neighbouring_sentence_is_cited_anew(bridges) -> None:
    answer = asked(bridges, lambda p: f"Panjang Jembatan Rantau Indah 640 meter [{code_of(p, '12 Maret')}].")[0][-1]
    assert answer.claims[0].support is Support.SUPPORTED
    assert any("640 meter" in answer.citations[number - 1].quote for number in answer.claims[0].citations)


def test_what_no_article_says_is_marked_in_words_or_removed(bridges) -> None:
    def reply(prompt: str) -> str:
        return f"{length(prompt)} Menteri Budi Hartono meresmikannya pada 1 Januari 1999."

    marked, model = asked(bridges, reply, "1. Tetap begitu.")
    answer = marked[-1]
    assert answer.claims[1].support is Support.UNSUPPORTED
    assert answer.claims[1].reason
    assert answer.text.endswith("1 Januari 1999. (tidak didukung artikel)")
    assert len(model.prompts) == 2
    removed = asked(bridges, reply, "1. Tetap begitu.", llm_unsupported="remove")[0][-1]
    assert removed.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert "tidak ditampilkan" in removed.notice


def test_one_repair_round_mends_or_drops(bridges) -> None:
    def wrong(prompt: str) -> str:
        return f"Panjang Jembatan Rantau Indah 460 meter [{code_of(prompt, '640 meter')}]. Gubernur Tono hadir."

    def mend(prompt: str) -> str:
        assert "1. Panjang Jembatan Rantau Indah 460 meter" in prompt
        assert "2. Gubernur Tono hadir" in prompt
        return f"1. Panjang Jembatan Rantau Indah 640 meter [{code_of(prompt, '640 meter')}].\n2. HAPUS"

    answers, model = asked(bridges, wrong, mend)
    assert answers[-1].text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert answers[-1].claims[0].support is Support.SUPPORTED
    assert len(model.prompts) == 2
    assert answers[-1].usage is not None
    assert answers[-1].usage.calls == 2


def test_a_repair_that_makes_nothing_better_changes_nothing(bridges) -> None:
    def wrong(prompt: str) -> str:
        return f"{length(prompt)} Jembatan itu ambruk pada 1998 [{code_of(prompt, '12 Maret')}]."

    answer = asked(bridges, wrong, "1. Jembatan itu runtuh pada 1997.")[0][-1]
    assert answer.claims[1].text == "Jembatan itu ambruk pada 1998."
    assert answer.claims[1].support is Support.UNSUPPORTED


def test_weak_evidence_is_refused_before_the_model_is_asked(bridges) -> None:
    answers, model = asked(bridges, length, question="Siapa pemenang Piala Dunia 1998 di Prancis?")
    assert not answers[-1].found
    assert answers[-1].text.startswith(NOT_FOUND["id"])
    assert model.prompts == []
    usage = answers[-1].usage
    assert usage is not None
    assert (usage.calls, usage.input_tokens, usage.output_tokens) == (0, 0, 0)


@pytest.mark.parametrize(
    "reply",
    [
        "TIDAK DITEMUKAN",
        "tidak ditemukan.",
        "Maaf, informasi itu tidak disebutkan dalam artikel.",
        "The articles do not mention this.",
        "<think>Mungkin 640 meter? Saya tidak yakin.</think>TIDAK DITEMUKAN",
    ],
)
def test_a_model_that_finds_nothing_refuses(bridges, reply) -> None:
    answers, model = asked(bridges, reply)
    assert not answers[-1].found
    assert answers[-1].text.startswith(NOT_FOUND["id"])
    assert answers[-1].claims == answers[-1].citations == ()
    assert answers[-1].passages
    assert len(model.prompts) == 1
    assert not any("TIDAK" in answer.text for answer in answers[:-1])


def test_an_answer_of_which_nothing_holds_is_a_refusal_that_says_why(bridges) -> None:
    answer = asked(bridges, "Presiden Tono Wijaya membeli 77 kapal di Hamburg.", "1. HAPUS")[0][-1]
    assert not answer.found
    assert answer.text.startswith(NOT_FOUND["id"])
    assert "tidak didukung" in answer.notice
    assert "Tono" not in answer.text


def test_an_english_question_is_asked_and_answered_in_english(bridges) -> None:
    def reply(prompt: str) -> str:
        assert "You answer questions about news" in prompt
        assert "Question: " in prompt
        return f"The Rantau Indah bridge is 640 metres long [{code_of(prompt, '640 meter')}]. It was sold to Tom Jones."

    script = Scripted(replies=[reply, "1. DELETE please not"], prompts=[])
    assistant = Assistant(bridges, llm=script, settings=Settings(confidence=0.0))
    answer = assistant.ask("How long is the Jembatan Rantau Indah bridge in meters?")
    assert answer.found
    assert answer.claims[0].text == "The Rantau Indah bridge is 640 metres long."


def test_the_prompt_holds_the_articles_as_data_with_codes_publisher_and_date(bridges) -> None:
    _, model = asked(bridges, length)
    (prompt,) = model.prompts
    assert "<<< Kabar Muara | - | Jembatan Rantau Indah selesai\n[" in prompt
    assert prompt.rstrip().endswith(f"Pertanyaan: {QUESTION}")


def test_codes_are_new_for_every_question(bridges) -> None:
    codes = {code_of(asked(bridges, length)[1].prompts[0], "640 meter") for _ in range(4)}
    assert len(codes) > 1


def test_native_citations_are_used_and_verified(bridges) -> None:
    class Citing(Scripted):
        def _stream(self, messages, stop=None, run_manager=None, **kwargs) -> Iterator[ChatGenerationChunk]:
            self._next(messages)
            note = {"type": "citation", "cited_text": "Biaya pembangunannya Rp215 miliar."}
            for block in (
                {"type": "text", "text": "Biaya jembatan itu Rp215 miliar"},
                {"type": "text", "text": "", "annotations": [note]},
                {"type": "text", "text": ". Biayanya Rp999 miliar"},
                {"type": "text", "text": ".", "annotations": [note]},
            ):
                yield ChatGenerationChunk(message=AIMessageChunk(content=[block]))

    model = Citing(replies=["", "1. HAPUS"], prompts=[])
    question = "Berapa biaya pembangunan Jembatan Rantau Indah?"
    answer = [*Assistant(bridges, llm=model, settings=Settings()).stream(question)][-1]
    assert answer.citations[0].quote == "Biaya pembangunannya Rp215 miliar."
    assert answer.claims[0].support is Support.SUPPORTED
    assert answer.claims[1].support is Support.UNSUPPORTED


# Follow-ups and questions in parts


def test_a_follow_up_is_rewritten_by_the_model(bridges) -> None:
    model = Scripted(replies=["Berapa biaya pembangunan Jembatan Rantau Indah?", lambda p: _cost(p)], prompts=[])
    history = [Turn(QUESTION, "640 meter.")]
    answer = Assistant(bridges, llm=model, settings=Settings()).ask("Kalau biayanya?", history)
    assert answer.query == "Berapa biaya pembangunan Jembatan Rantau Indah?"
    assert answer.question == "Kalau biayanya?"
    assert "T: Kalau biayanya?" in model.prompts[0]
    assert answer.claims[0].text == "Biayanya Rp215 miliar."


def _cost(prompt: str) -> str:
    return f"Biayanya Rp215 miliar [{code_of(prompt, 'Rp215')}]."


@pytest.mark.parametrize(
    "reply",
    ["Berapa biaya Stadion Utama Palaran?", "Jawabannya Rp215 miliar.", "", "a?\nb?\nc?\nd?\ne?", TimeoutError("lama")],
    ids=["a name nobody said", "no question", "empty", "too many", "failure"],
)
def test_a_rewriting_that_cannot_be_trusted_leaves_it_to_the_rules(bridges, reply) -> None:
    question, history = "Berapa panjangnya?", [Turn("Di mana Jembatan Rantau Indah?", "Di Rantau Indah.")]
    model = Scripted(replies=[reply, length], prompts=[])
    ruled = Assistant(bridges, settings=Settings()).ask(question, history).query
    assert "Jembatan Rantau Indah" in ruled
    assert Assistant(bridges, llm=model, settings=Settings()).ask(question, history).query == ruled


def test_each_part_of_a_question_is_answered_or_refused_on_its_own(bridges) -> None:
    question = "Berapa panjang Jembatan Rantau Indah dan siapa pemenang Piala Dunia 1998 di Prancis?"
    parts = "Berapa panjang Jembatan Rantau Indah?\nSiapa pemenang Piala Dunia 1998 di Prancis?"
    model = Scripted(replies=[parts, length], prompts=[])
    answers = list(Assistant(bridges, llm=model, settings=Settings()).stream(question))
    answer = answers[-1]
    assert answer.found
    assert answer.question == question
    assert answer.text == (
        f"Panjang Jembatan Rantau Indah 640 meter. [1]\n\nSiapa pemenang Piala Dunia 1998 di Prancis? {NOT_FOUND['id']}"
    )
    assert len(model.prompts) == 2
    assert [a.complete for a in answers] == [False] * (len(answers) - 1) + [True]


def test_parts_number_their_citations_through(bridges) -> None:
    question = "Berapa panjang Jembatan Rantau Indah? Siapa camat yang membuka Pasar Rantau Indah?"

    def reply(prompt: str) -> str:
        asks_market = prompt.rstrip().endswith("Pasar Rantau Indah?")
        if asks_market:
            return f"Pasar itu dibuka Camat Sari Dewi [{code_of(prompt, 'Sari Dewi')}]."
        return length(prompt)

    model = Scripted(replies=["(tidak tahu)", reply], prompts=[])
    answer = Assistant(bridges, llm=model, settings=Settings()).ask(question)
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]\n\nPasar itu dibuka Camat Sari Dewi. [2]"
    assert [claim.citations for claim in answer.claims] == [(1,), (2,)]
    assert [citation.article.id for citation in answer.citations] == [BRIDGE.id, MARKET.id]


# Failure, budget, cache


def test_a_model_that_fails_leaves_the_answer_to_the_reader_with_a_notice(bridges) -> None:
    answers, _ = asked(bridges, ConnectionRefusedError("nobody there"))
    answer = answers[-1]
    assert answer.found
    assert any(claim.quoted for claim in answer.claims)
    assert answer.notice.startswith("Model bahasa tidak dapat dihubungi; jawaban ini dikutip")
    assert answer.complete


def test_a_model_that_fails_may_be_an_error_instead(bridges) -> None:
    with pytest.raises(ChatModelError, match=r"could not be reached.*TANYA_LLM_FAILURE=reader"):
        asked(bridges, ConnectionRefusedError("nobody there"), llm_failure="error")


@pytest.mark.parametrize(("reply", "said"), [("", "tidak memberi jawaban"), ("...\n---", "tidak dapat dibaca")])
def test_empty_and_malformed_replies_fall_back(bridges, reply, said) -> None:
    answer = asked(bridges, reply)[0][-1]
    assert said in answer.notice
    assert any(claim.quoted for claim in answer.claims)


def test_a_model_in_circles_is_cut_after_a_whole_sentence(bridges) -> None:
    answers, _ = asked(bridges, lambda p: length(p) + " dan lagi dan lagi" * 400)
    assert answers[-1].text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert "dipotong" in answers[-1].notice


def test_a_budget_too_small_for_the_prompt_asks_nobody(bridges) -> None:
    model = Scripted(replies=["Berapa panjang Jembatan Rantau Indah?" + " ya" * 900, length], prompts=[])
    assistant = Assistant(bridges, llm=model, settings=Settings(llm_tokens=2000))
    answer = assistant.ask(QUESTION, [Turn(QUESTION * 30, "640 meter")])
    assert "batas token" in answer.notice
    assert len(model.prompts) == 1


def test_repair_is_left_out_where_the_budget_has_no_room_for_it(bridges) -> None:
    def wrong(prompt: str) -> str:
        return length(prompt) + " Gubernur Tono Wijaya hadir di sana dan menari." * 8

    answers, model = asked(bridges, wrong, "1. HAPUS", llm_tokens=2000)
    assert len(model.prompts) == 1
    assert answers[-1].text.count("(tidak didukung artikel)") == 8


def test_a_reply_is_kept_and_taken_from_the_cache(bridges, tmp_path) -> None:
    folder = tmp_path / "cache"
    first, _ = asked(bridges, length, llm_cache=folder)
    (entry,) = folder.iterdir()
    kept = json.loads(entry.read_text(encoding="utf-8"))["reply"]
    assert "[#" in kept
    second, model = asked(bridges, "Salah semua.", llm_cache=folder)
    assert model.prompts == []
    assert second[-1] == first[-1]
    usage = second[-1].usage
    assert usage is not None
    assert usage.cached
    assert usage.calls == 0
    entry.write_text("{damaged", encoding="utf-8")
    third, model = asked(bridges, length, llm_cache=folder)
    assert len(model.prompts) == 1
    assert third[-1] == first[-1]


def test_another_question_model_or_prompt_is_another_entry(bridges, tmp_path) -> None:
    folder = tmp_path / "cache"
    asked(bridges, length, llm_cache=folder)
    asked(bridges, length, llm_cache=folder, question="Jembatan Rantau Indah panjangnya berapa meter?")
    asked(bridges, length, llm_cache=folder, llm="other:model")
    assert len(list(folder.iterdir())) == 3


def test_usage_tells_model_calls_tokens_and_steps(bridges) -> None:
    usage = asked(bridges, length)[0][-1].usage
    assert usage is not None
    assert usage.model == "scripted"
    assert usage.calls == 1
    assert usage.estimated
    assert usage.input_tokens > 100
    assert usage.output_tokens > 5
    assert {
        "retrieve_passages",
        "read_passages",
        "first_words",
        "verify_claims",
        "write_answer",
    } <= usage.seconds.keys()
    assert all(seconds >= 0 for seconds in usage.seconds.values())


# The chain around it


def test_callbacks_see_the_model_inside_the_steps(bridges) -> None:
    class Seen(BaseCallbackHandler):
        def __init__(self) -> None:
            self.runs: dict[object, tuple[str, object]] = {}
            self.models: list[object] = []
            self.tokens = 0

        def on_chain_start(self, serialized, inputs, *, run_id, parent_run_id=None, **kwargs) -> None:
            self.runs[run_id] = (kwargs["name"], parent_run_id)

        def on_chat_model_start(self, serialized, messages, *, run_id, parent_run_id=None, **kwargs) -> None:
            self.models.append(parent_run_id)

        def on_llm_new_token(self, token, **kwargs) -> None:
            self.tokens += 1

    seen = Seen()
    model = Scripted(replies=[length], prompts=[])
    Assistant(bridges, llm=model, settings=Settings()).ask(QUESTION, config={"callbacks": [seen]})
    (parent,) = seen.models
    names = []
    while parent is not None:
        name, parent = seen.runs[parent]
        names.append(name)
    assert names[0] == "compose_answer"
    assert names[-1] == "tanya_berita"
    assert seen.tokens > 5


def test_async_gives_the_same_and_leaves_the_loop_free(bridges) -> None:
    model = Scripted(replies=[length], prompts=[])
    assistant = Assistant(bridges, llm=model, settings=Settings())

    async def both() -> tuple[list[Answer], Answer]:
        return [answer async for answer in assistant.astream(QUESTION)], await assistant.aask(QUESTION)

    streamed, answer = asyncio.run(both())
    # Scores are sums of floats, whose last digit depends on how many threads the library gets.
    said = [replace(one, passages=(), confidence=0.0) for one in (streamed[-1], answer, assistant.ask(QUESTION))]
    assert said[0] == said[1] == said[2]
    assert len(streamed) > 5


def test_a_stream_may_be_left_early(bridges) -> None:
    model = Scripted(replies=[length], prompts=[])
    assistant = Assistant(bridges, llm=model, settings=Settings())
    for stop in (1, 3):
        stream = assistant.stream(QUESTION)
        for _ in range(stop):
            next(stream)
        stream.close()
    assert assistant.ask(QUESTION).found


def test_without_a_model_nothing_of_it_is_imported_or_shown(bridges) -> None:
    answer = Assistant(bridges, settings=Settings()).ask(QUESTION)
    assert answer.usage is None
    assert answer.notice == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("anthropic:claude", r"pip install 'tanya-berita\[anthropic\]'"),
        ("google_genai:gemini", r"pip install 'tanya-berita\[google\]'"),
        ("groq:llama", r"pip install langchain-groq"),
        ("tidakada:model", "Unsupported"),
    ],
)
def test_a_provider_that_is_not_installed_says_what_to_install(bridges, monkeypatch, name, said) -> None:
    for key in ("ANTHROPIC_API_KEY", "GOOGLE_API_KEY"):
        monkeypatch.setenv(key, "kunci")
    with pytest.raises(SettingsError, match=said):
        Assistant(bridges, settings=Settings(llm=name)).ask(QUESTION)


def test_a_missing_key_is_named(bridges, monkeypatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(SettingsError, match="TANYA_LLM_API_KEY or OPENAI_API_KEY"):
        Assistant(bridges, settings=Settings(llm="openai:gpt")).ask(QUESTION)


def test_folder_of_the_cache_is_made_only_when_something_is_kept(bridges, tmp_path: Path) -> None:
    asked(bridges, ValueError("odd"), llm_cache=tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


@pytest.mark.slow
def test_the_scripted_wrong_answers_are_caught_or_mended_and_the_right_ones_left_alone() -> None:
    articles = {Path(a.source).name: a for a in read_articles(SEEDS) if isinstance(a, Article)}
    rows = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    results = [(row["kind"], outcome(row, articles[row["article"]])) for row in rows]
    true = {"invented id", "true but uncited"}  # what is said is true: a citation mends it
    wrong = [kind in true or result == "flagged" for kind, result in results if kind != CORRECT]
    right = [result == "flagged" for kind, result in results if kind == CORRECT]
    assert len(wrong) == len(right) == 100
    assert sum(wrong) >= 95
    assert sum(right) <= 5
