"""Public holidays by country and part of a country, from the package `holidays`, imported only when asked."""

from __future__ import annotations


def is_holiday_code(code: str) -> bool:
    """Whether public holidays of a country ("ID") or a part of one ("DE-BY") are known.

    Examples
    --------
    >>> is_holiday_code("ID"), is_holiday_code("DE-BY"), is_holiday_code("XX"), is_holiday_code("DE-QQ")
    (True, True, False, False)
    """
    country, _, part = code.partition("-")
    parts = holiday_codes().get(country)
    return parts is not None and ("-" not in code or part in parts)


def holiday_codes() -> dict[str, list[str]]:
    """Return the countries whose public holidays are known, with the codes of their parts."""
    import holidays

    return {country: parts for country, parts in holidays.list_supported_countries().items() if len(country) == 2}


def public_holidays(code: str, year: int) -> frozenset[int] | None:
    """Ordinals of a year's public holidays; None for a year of which the package knows nothing.

    Examples
    --------
    >>> from datetime import date
    >>> date(2026, 8, 17).toordinal() in public_holidays("ID", 2026), public_holidays("ID", 2500)
    (True, None)
    """
    import holidays

    country, _, part = code.partition("-")
    calendar = holidays.country_holidays(country, subdiv=part or None, years=year)
    if not calendar.start_year <= year <= calendar.end_year:
        return None
    return frozenset(day.toordinal() for day in calendar)
