"""Proleptic Gregorian arithmetic for years far beyond Python's own (days counted from 1970-01-01)."""

MAX_YEAR = 999_999_999
_MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    return 29 if month == 2 and is_leap(year) else _MONTH_DAYS[month - 1]


def is_date(year: int, month: int, day: int) -> bool:
    return -MAX_YEAR <= year <= MAX_YEAR and 1 <= month <= 12 and 1 <= day <= days_in_month(year, month)


def epoch_day(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01, by counting from 1 March so that the leap day ends the year."""
    shifted = year - 1 if month <= 2 else year
    era, year_of_era = divmod(shifted, 400)
    day_of_year = (153 * ((month + 9) % 12) + 2) // 5 + day - 1
    return era * 146_097 + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - 719_468


def from_epoch_day(days: int) -> tuple[int, int, int]:
    """Year, month and day of a day number: the inverse of `epoch_day`."""
    era, day_of_era = divmod(days + 719_468, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    day = day_of_year - (153 * shifted_month + 2) // 5 + 1
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return year_of_era + era * 400 + (1 if month <= 2 else 0), month, day


def week_of_year(year: int, month: int, day: int) -> int:
    """The ISO 8601 week number: weeks begin on Monday, week 1 holds the first Thursday."""
    today = epoch_day(year, month, day)
    thursday = today - (today + 3) % 7 + 3
    thursday_year = from_epoch_day(thursday)[0]
    return (thursday - epoch_day(thursday_year, 1, 1)) // 7 + 1
