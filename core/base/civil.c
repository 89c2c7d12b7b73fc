#include "core/base/civil.h"

/* Years are counted from March, so that the leap day is the last of its year; 400 years are one era. */
enum { ERA_YEARS = 400, ERA_DAYS = 146097, EPOCH_SHIFT = 719468 };

int64_t
civil_day(int year, int month, int day)
{
    int64_t y = month <= 2 ? (int64_t)year - 1 : year;
    int64_t era = floor_div(y, ERA_YEARS);
    int64_t year_of_era = y - era * ERA_YEARS;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * ERA_DAYS + day_of_era - EPOCH_SHIFT;
}

struct civil
civil_of_day(int64_t day_number)
{
    int64_t shifted = day_number + EPOCH_SHIFT;
    int64_t era = floor_div(shifted, ERA_DAYS);
    int64_t day_of_era = shifted - era * ERA_DAYS;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted_month = (5 * day_of_year + 2) / 153;
    int month = (int)(shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
    return (struct civil){
        .year = (int)(year_of_era + era * ERA_YEARS + (month <= 2)),
        .month = month,
        .day = (int)(day_of_year - (153 * shifted_month + 2) / 5 + 1),
    };
}

enum weekday
weekday_of(int64_t day_number)
{
    return (enum weekday)(day_number + 3 - floor_div(day_number + 3, 7) * 7);
}

int64_t
nth_weekday(int year, int month, enum weekday weekday, int nth)
{
    int64_t first = civil_day(year, month, 1);
    int wait = ((int)weekday - (int)weekday_of(first) + 7) % 7;
    return first + wait + 7 * (int64_t)(nth - 1);
}

bool
civil_date_parse(struct str text, int64_t *day_number)
{
    int64_t year, month, day;
    if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
        return false;
    if (!str_int(str_head(text, 4), &year) || !str_int(str_head(str_skip(text, 5), 2), &month)
        || !str_int(str_skip(text, 8), &day) || year < 0 || month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *day_number = civil_day((int)year, (int)month, (int)day);
    struct civil back = civil_of_day(*day_number);
    return back.month == month && back.day == day;
}
