"""Everything that the server's OpenAPI document allows, and some that it does not, asked of the real process."""

from __future__ import annotations

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from assistant import Settings, open_index
from index.reading import read_articles

from .serving import ROOT, serving

pytestmark = pytest.mark.slow

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    unsupported_method,
]
EXAMPLES = 12  # of valid requests for each operation, and as many of others


@pytest.fixture(scope="module")
def schema(tmp_path_factory):
    folder = tmp_path_factory.mktemp("contract")
    with open_index(Settings(index=folder / "index")) as index:
        assert not index.add(list(read_articles(ROOT / "seeds"))[:5]).failed
    with serving(folder / "index", folder, rate=1_000_000) as server:
        yield schemathesis.openapi.from_url(f"{server.url}/v1/openapi.json")


def test_the_document_names_every_way_to_ask(schema):
    operations = {(op.ok().method.upper(), op.ok().path) for op in schema.get_all_operations()}
    assert operations == {
        ("POST", "/ask"),
        ("POST", "/search"),
        ("GET", "/articles"),
        ("POST", "/articles"),
        ("GET", "/articles/{article_id}"),
        ("DELETE", "/articles/{article_id}"),
        ("GET", "/health"),
        ("GET", "/metrics"),
        ("GET", "/models"),
        ("POST", "/chat/completions"),
    }
    for operation in schema.get_all_operations():
        raw = operation.ok().definition.raw
        assert raw["summary"]
        assert raw["description"]
        if "requestBody" in raw and operation.ok().path != "/articles":
            assert "200" in raw["responses"]


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["valid", "invalid"])
def test_the_server_keeps_to_its_document(schema, mode):
    tried = 0
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        if mode is GenerationMode.NEGATIVE and not (operation.body or operation.query or operation.path_parameters):
            continue  # there is nothing that could be invalid

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def ask(case):
            nonlocal tried
            tried += 1
            response = case.call(timeout=120)
            # What is too large is refused before it is read; schemathesis does not count 413 as a refusal.
            refused = mode is GenerationMode.NEGATIVE and response.status_code != 413
            case.validate_response(response, checks=[*CHECKS, negative_data_rejection] if refused else CHECKS)

        ask()
    assert tried > EXAMPLES
