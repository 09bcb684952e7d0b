"""What holds for every test: nothing is judged by how long it takes, because the machines tests run on are shared."""

from __future__ import annotations

import os

from hypothesis import settings
from playwright.sync_api import expect

# Hypothesis gives each example 200 ms. Its own profile "ci" has no limit either, and draws the same examples each time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "unhurried")
expect.set_options(timeout=60_000)  # 5 s by default
