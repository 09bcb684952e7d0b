"""What Prometheus may ask: requests, answers, and what is indexed. Nothing in it says who asked, or what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from starlette.types import Scope

from assistant.types import Answer
from index.store import ArticleIndex

__all__ = ["Metrics"]

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """The figures of one application, in a registry of their own."""

    def __init__(self, index: ArticleIndex) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "tanya_requests", "Requests by route, method and status.", ("route", "method", "status"),
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "tanya_request_seconds", "Seconds until a request was done.", ("route",),
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._answers = Counter(
            "tanya_answers", "Complete answers, by whether the articles answer.", ("found",), registry=self._registry
        )
        self.running = Gauge("tanya_answers_running", "Answers under way.", registry=self._registry)
        self.under_way = Gauge("tanya_requests_running", "Requests under way.", registry=self._registry)
        self._registry.register(cast("Collector", _IndexFigures(index)))

    def request(self, scope: Scope, status: int, seconds: float) -> None:
        """Counts a request that is done. Its route, never its path: paths are endless, and hold what people sent."""
        route = scope.get("route")
        path = getattr(route, "path", "")
        name = f"/v1{path}" if scope.get("root_path", "").endswith("/v1") and path else path
        known = name if name.startswith(("/v1", "/mcp")) else "page"
        method = scope["method"] if scope["method"] in _METHODS else "other"
        self._requests.labels(known, method, str(status)).inc()
        self._seconds.labels(known).observe(seconds)

    def answered(self, answer: Answer) -> None:
        """Counts a complete answer."""
        self._answers.labels("yes" if answer.found else "no").inc()

    def text(self) -> bytes:
        """All of it in Prometheus's text format; see ``prometheus_client.CONTENT_TYPE_LATEST``."""
        return bytes(generate_latest(self._registry))


_METHODS = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})


class _IndexFigures:
    """A collector: counted when asked for, so that the figures are never old."""

    def __init__(self, index: ArticleIndex) -> None:
        self._index = index

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        yield GaugeMetricFamily("tanya_articles", "Articles in the index.", value=len(self._index))
        yield GaugeMetricFamily("tanya_chunks", "Chunks in the index.", value=self._index.chunk_count)
