"""Units of measure and currencies beside a number -> their canonical names, and the factor that leads to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from .numerals import ONE, adjoin

__all__ = ["CURRENCIES", "UNITS", "currency_before", "unit_at"]

CURRENCIES = {
    **dict.fromkeys(("rp", "idr"), "idr"),
    **dict.fromkeys(("$", "usd"), "usd"),
    **dict.fromkeys(("€", "eur"), "eur"),
    "£": "gbp",
    "¥": "jpy",
}
UNITS: dict[str, tuple[str, Decimal]] = {
    **dict.fromkeys(("%", "persen", "percent", "persentase"), ("%", ONE)),
    "rupiah": ("idr", ONE),
    **dict.fromkeys(("dolar", "dollar", "dollars"), ("usd", ONE)),
    **dict.fromkeys(("euro", "euros"), ("eur", ONE)),
    "yen": ("jpy", ONE),
    **dict.fromkeys(("km", "kilometer", "kilometers", "kilometre", "kilometres"), ("m", Decimal(1000))),
    **dict.fromkeys(("m", "meter", "meters", "metre", "metres"), ("m", ONE)),
    **dict.fromkeys(("cm", "sentimeter", "centimetres", "centimeters"), ("m", Decimal("0.01"))),
    **dict.fromkeys(("ha", "hektare", "hektar", "hectare", "hectares"), ("m2", Decimal(10_000))),
    **dict.fromkeys(("km2", "km²"), ("m2", Decimal(1_000_000))),
    **dict.fromkeys(("m2", "m²"), ("m2", ONE)),
    **dict.fromkeys(("kg", "kilogram", "kilograms", "kilo"), ("kg", ONE)),
    **dict.fromkeys(("ton", "tons", "tonne", "tonnes"), ("kg", Decimal(1000))),
    **dict.fromkeys(("liter", "liters", "litre", "litres"), ("l", ONE)),
    **dict.fromkeys(("tahun", "year", "years"), ("year", ONE)),
    **dict.fromkeys(("bulan", "month", "months"), ("month", ONE)),
    **dict.fromkeys(("pekan", "minggu", "week", "weeks"), ("day", Decimal(7))),
    **dict.fromkeys(("hari", "day", "days"), ("day", ONE)),
    **dict.fromkeys(("jam", "hour", "hours"), ("min", Decimal(60))),
    **dict.fromkeys(("menit", "minute", "minutes"), ("min", ONE)),
}
_PERCENT = {("per", "cent"), ("per", "sen"), ("poin", "persen"), ("percentage", "points")}
_SQUARE_BEFORE = {"square", "sq"}


def currency_before(text: str, tokens: Sequence[re.Match[str]], at: int) -> str:
    """The currency that stands before token ``at``, as in "Rp 4,2"; "" where none does."""
    if at == 0 or not re.fullmatch(r"[.\s\u00a0]{0,2}", text[tokens[at - 1].end() : tokens[at].start()]):
        return ""
    return CURRENCIES.get(tokens[at - 1].group().lower(), "")


def unit_at(text: str, tokens: Sequence[re.Match[str]], at: int) -> tuple[str, Decimal, int]:
    """The unit that token ``at`` begins, its factor, and the index behind it; "" where it is none."""
    if at >= len(tokens) or not adjoin(text, tokens, at):
        return "", ONE, at
    word = tokens[at].group().lower()
    second = tokens[at + 1].group().lower() if at + 1 < len(tokens) else ""
    if (word, second) in _PERCENT:
        return "%", ONE, at + 2
    if word in _SQUARE_BEFORE and second in UNITS:
        unit, factor = UNITS[second]
        return f"{unit}2", factor * factor, at + 2
    if word not in UNITS:
        return "", ONE, at
    unit, factor = UNITS[word]
    return (f"{unit}2", factor * factor, at + 2) if second == "persegi" else (unit, factor, at + 1)
