"""The types an answer is made of."""

import json

from assistant import Answer, Claim, Support


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
