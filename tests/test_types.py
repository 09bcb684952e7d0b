"""The types an answer is made of."""

import json
from dataclasses import replace

from assistant import Answer, Claim, Support, Usage


def test_a_claim_is_supported_until_it_is_found_not_to_be() -> None:
    claim = Claim("Rapat dimulai pukul 09.00.", (1,))

    assert (claim.support, claim.reason) == (Support.SUPPORTED, "")


def test_an_answer_as_json_says_which_claims_are_borne_out_and_why_not() -> None:
    doubtful = Claim("Rapat dimulai pukul 10.00.", (1,), support=Support.PARTLY, reason="Kutipan menyebut pukul 09.00.")
    answer = Answer(question="Kapan rapat?", query="Kapan rapat?", claims=(doubtful,))

    assert json.loads(answer.to_json())["claims"] == [
        {
            "text": "Rapat dimulai pukul 10.00.",
            "citations": [1],
            "quoted": False,
            "support": "partly",
            "reason": "Kutipan menyebut pukul 09.00.",
        }
    ]


def test_an_answer_as_json_carries_its_notice_and_what_the_model_was_asked_for() -> None:
    usage = Usage(model="openai:kecil", calls=2, input_tokens=900, output_tokens=80, seconds={"write": 1.23456})
    answer = Answer(question="Kapan?", query="Kapan?", notice="Model tidak menjawab.", usage=usage)

    fields = json.loads(answer.to_json())

    assert fields["notice"] == "Model tidak menjawab."
    assert fields["usage"] == {
        "model": "openai:kecil",
        "calls": 2,
        "input_tokens": 900,
        "output_tokens": 80,
        "estimated": False,
        "cached": False,
        "seconds": {"write": 1.2346},
    }
    assert json.loads(replace(answer, usage=None).to_json())["usage"] is None


def test_answers_are_equal_however_long_the_model_took() -> None:
    answer = Answer(question="Kapan?", query="Kapan?", usage=Usage(model="m", seconds={"write": 1.0}))

    assert answer == replace(answer, usage=Usage(model="m", seconds={"write": 2.0}))
    assert answer != replace(answer, notice="Terpotong.")
