#include "workflows/holidays_japan.h"

/* A named holiday in the years in which the law had it so. week 0: the fixed day of the month. */
struct named_day {
    int first_year, last_year, month, day, week;
    struct bilingual name;
};

enum { FOR_EVER = JAPAN_HOLIDAYS_LAST_YEAR };

#define NEW_YEAR { "New Year's Day", "元日" }
#define COMING_OF_AGE { "Coming of Age Day", "成人の日" }
#define EMPEROR { "Emperor's Birthday", "天皇誕生日" }
#define GREENERY { "Greenery Day", "みどりの日" }
#define MARINE { "Marine Day", "海の日" }
#define MOUNTAIN { "Mountain Day", "山の日" }
#define AGED { "Respect for the Aged Day", "敬老の日" }
#define HEALTH_SPORTS { "Health and Sports Day", "体育の日" }
#define SPORTS { "Sports Day", "スポーツの日" }

static const struct named_day named_days[] = {
    { 1949, FOR_EVER, 1, 1, 0, NEW_YEAR },
    { 1949, 1999, 1, 15, 0, COMING_OF_AGE },
    { 2000, FOR_EVER, 1, 0, 2, COMING_OF_AGE },
    { 1967, FOR_EVER, 2, 11, 0, { "National Foundation Day", "建国記念の日" } },
    { 2020, FOR_EVER, 2, 23, 0, EMPEROR },
    { 1949, 1988, 4, 29, 0, EMPEROR },
    { 1989, 2006, 4, 29, 0, GREENERY },
    { 2007, FOR_EVER, 4, 29, 0, { "Showa Day", "昭和の日" } },
    { 1949, FOR_EVER, 5, 3, 0, { "Constitution Day", "憲法記念日" } },
    { 2007, FOR_EVER, 5, 4, 0, GREENERY },
    { 1949, FOR_EVER, 5, 5, 0, { "Children's Day", "こどもの日" } },
    { 1996, 2002, 7, 20, 0, MARINE },
    { 2003, 2019, 7, 0, 3, MARINE },
    { 2020, 2020, 7, 23, 0, MARINE },
    { 2021, 2021, 7, 22, 0, MARINE },
    { 2022, FOR_EVER, 7, 0, 3, MARINE },
    { 2016, 2019, 8, 11, 0, MOUNTAIN },
    { 2020, 2020, 8, 10, 0, MOUNTAIN },
    { 2021, 2021, 8, 8, 0, MOUNTAIN },
    { 2022, FOR_EVER, 8, 11, 0, MOUNTAIN },
    { 1966, 2002, 9, 15, 0, AGED },
    { 2003, FOR_EVER, 9, 0, 3, AGED },
    { 1966, 1999, 10, 10, 0, HEALTH_SPORTS },
    { 2000, 2019, 10, 0, 2, HEALTH_SPORTS },
    { 2020, 2020, 7, 24, 0, SPORTS },
    { 2021, 2021, 7, 23, 0, SPORTS },
    { 2022, FOR_EVER, 10, 0, 2, SPORTS },
    { 1949, FOR_EVER, 11, 3, 0, { "Culture Day", "文化の日" } },
    { 1949, FOR_EVER, 11, 23, 0, { "Labour Thanksgiving Day", "勤労感謝の日" } },
    { 1989, 2018, 12, 23, 0, EMPEROR },
    { 1959, 1959, 4, 10, 0, { "Crown Prince's Wedding", "皇太子明仁親王の結婚の儀" } },
    { 1989, 1989, 2, 24, 0, { "Funeral of the Showa Emperor", "昭和天皇の大喪の礼" } },
    { 1990, 1990, 11, 12, 0, { "Enthronement Ceremony", "即位礼正殿の儀" } },
    { 1993, 1993, 6, 9, 0, { "Crown Prince's Wedding", "皇太子徳仁親王の結婚の儀" } },
    { 2019, 2019, 5, 1, 0, { "Accession to the Throne", "天皇の即位の日" } },
    { 2019, 2019, 10, 22, 0, { "Enthronement Ceremony", "即位礼正殿の儀" } },
};

static const struct bilingual vernal_equinox = { "Vernal Equinox Day", "春分の日" };
static const struct bilingual autumnal_equinox = { "Autumnal Equinox Day", "秋分の日" };
static const struct bilingual substitute = { "Substitute holiday", "振替休日" };
static const struct bilingual citizens = { "Citizens' holiday", "国民の休日" };

/* Since when the two derived kinds are law, and since when a substitute may move past further holidays. */
static const struct civil substitutes_since = { .year = 1973, .month = 4, .day = 12 };
static const struct civil citizens_since = { .year = 1985, .month = 12, .day = 27 };
enum { SUBSTITUTES_MOVE_SINCE_YEAR = 2007, TROPICAL_MICRODAYS = 242194 };

/* Day of the month in ten thousandths at 1980, by half centuries around it. */
static int
equinox_day(int year, int before_1980, int until_2099, int until_2150)
{
    int base = year < 1980 ? before_1980 : year < 2100 ? until_2099 : until_2150;
    int leap_base = year < 1980 ? 1983 : 1980;
    int64_t drift = (int64_t)TROPICAL_MICRODAYS * (year - 1980) + (int64_t)base * 100;
    return (int)(floor_div(drift, 1000000) - floor_div(year - leap_base, 4) - (year < 1980 && (year - leap_base) % 4));
}

static int
vernal_day(int year)
{
    return equinox_day(year, 208357, 208431, 218510);
}

static int
autumnal_day(int year)
{
    return equinox_day(year, 232588, 232488, 242488);
}

static bool
in_years(int year)
{
    return year >= JAPAN_HOLIDAYS_FIRST_YEAR && year <= JAPAN_HOLIDAYS_LAST_YEAR;
}

static const struct bilingual *
named_holiday(int64_t day_number)
{
    struct civil c = civil_of_day(day_number);
    if (!in_years(c.year))
        return NULL;
    if (c.month == 3 && c.day == vernal_day(c.year))
        return &vernal_equinox;
    if (c.month == 9 && c.day == autumnal_day(c.year))
        return &autumnal_equinox;
    for (size_t i = 0; i < COUNT_OF(named_days); i++) {
        const struct named_day *n = &named_days[i];
        if (n->month != c.month || c.year < n->first_year || c.year > n->last_year)
            continue;
        if (n->week ? nth_weekday(c.year, c.month, MONDAY, n->week) == day_number : n->day == c.day)
            return &n->name;
    }
    return NULL;
}

static int64_t
day_of(struct civil c)
{
    return civil_day(c.year, c.month, c.day);
}

/* Walks back over the unbroken run of named days that ends yesterday: is one of them a Sunday? */
static bool
is_substitute(int64_t day_number)
{
    if (day_number <= day_of(substitutes_since))
        return false;
    bool moves = civil_of_day(day_number).year >= SUBSTITUTES_MOVE_SINCE_YEAR;
    for (int64_t d = day_number - 1; named_holiday(d); d--) {
        if (weekday_of(d) == SUNDAY)
            return d >= day_of(substitutes_since);
        if (!moves)
            return false;
    }
    return false;
}

static bool
is_between_holidays(int64_t day_number)
{
    return day_number >= day_of(citizens_since) && weekday_of(day_number) != SUNDAY
        && named_holiday(day_number - 1) && named_holiday(day_number + 1);
}

bool
japan_is_holiday(int64_t day_number, struct bilingual *name)
{
    const struct bilingual *found = named_holiday(day_number);
    if (!found && in_years(civil_of_day(day_number).year))
        found = is_substitute(day_number) ? &substitute : is_between_holidays(day_number) ? &citizens : NULL;
    if (found && name)
        *name = *found;
    return found != NULL;
}
