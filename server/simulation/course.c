#include "core/base/civil.h"
#include "core/base/crypto.h"
#include "server/simulation/parts.h"

uint64_t
sim_mix(uint64_t a, uint64_t b)
{
    uint64_t x = a + 0x9E3779B97F4A7C15ull * (b + 1);
    x = (x ^ x >> 30) * 0xBF58476D1CE4E5B9ull;
    x = (x ^ x >> 27) * 0x94D049BB133111EBull;
    return x ^ x >> 31;
}

uint64_t
sim_mix_text(uint64_t seed, const char *text)
{
    for (; *text; text++)
        seed = sim_mix(seed, (unsigned char)*text);
    return seed;
}

/* ---- holes ---- */

static struct str
document_of(const struct sim_course *c)
{
    size_t count = 0;
    while (c->company->documents[count])
        count++;
    return str_of(c->company->documents[c->seed % count]);
}

static struct str
day_of(struct sim_course *c)
{
    struct civil d = civil_of_day(floor_div(c->at.us, DAYS(1)));
    return str_printf(c->arena, "%04d%02d%02d", d.year, d.month, d.day);
}

static struct str
person_of(const struct sim_course *c)
{
    struct str name = c->user;
    size_t mark = str_find(name, STR("\\"));
    return mark < name.len ? str_skip(name, mark + 1) : name;
}

static struct str
hole(struct sim_course *c, struct str name)
{
    const struct sim_company *co = c->company;
    struct arena *a = c->arena;
    if (str_is(name, "user"))
        return person_of(c);
    if (str_is(name, "USER"))
        return c->user;
    if (str_is(name, "home"))
        return str_printf(a, "C:\\Users\\" STR_FMT, STR_ARG(person_of(c)));
    if (str_is(name, "ip"))
        return str_printf(a, "%s.%d", co->net, c->computer->address);
    if (str_is(name, "n"))
        return str_printf(a, "%08x", (unsigned)sim_mix(c->seed, 77));
    if (str_is(name, "day"))
        return day_of(c);
    if (str_is(name, "doc"))
        return document_of(c);
    const struct { const char *name, *value; } rest[] = {
        { "host", c->computer->name }, { "dc", co->dc }, { "fs", co->fs }, { "app", co->app }, { "domain", co->dns },
        { "DOMAIN", co->domain }, { "net", co->net }, { "site", co->site },
    };
    for (size_t i = 0; i < COUNT_OF(rest); i++)
        if (str_is(name, rest[i].name))
            return str_of(rest[i].value);
    return STR_NONE;
}

static bool
is_letter(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z');
}

struct str
sim_fill(struct sim_course *c, const char *template)
{
    if (!template)
        return STR_NONE;
    struct text out = text_new(c->arena, SIM_LINE_MAX);
    for (const char *at = template; *at;) {
        size_t len = 0;
        while (*at == '$' && is_letter(at[1 + len]))
            len++;
        struct str value = len ? hole(c, (struct str){ at + 1, len }) : STR_NONE;
        if (value.at)
            text_add(&out, value);
        else
            text_add(&out, (struct str){ at, len + 1 });
        at += len + 1;
    }
    return text_str(&out);
}

/* ---- processes ---- */

#define SYSTEM32 "C:\\Windows\\System32\\"
#define NT "NT AUTHORITY\\SYSTEM"

/* What stands on a computer all day. No user: whoever sits there. */
static const struct standing {
    const char *as, *image, *command_line, *user;
    unsigned roles;
} standing[] = {
    { "explorer", "C:\\Windows\\explorer.exe", "C:\\Windows\\Explorer.EXE", NULL, ROLE_WINDOWS },
    { "services", SYSTEM32 "services.exe", SYSTEM32 "services.exe", NT, ROLE_WINDOWS },
    { "svchost", SYSTEM32 "svchost.exe", SYSTEM32 "svchost.exe -k netsvcs -p -s Schedule", NT, ROLE_WINDOWS },
    { "wmi", SYSTEM32 "wbem\\WmiPrvSE.exe", SYSTEM32 "wbem\\wmiprvse.exe -secured -Embedding",
      "NT AUTHORITY\\NETWORK SERVICE", ROLE_WINDOWS },
    { "winlogon", SYSTEM32 "winlogon.exe", "winlogon.exe", NT, ROLE_WINDOWS },
    { "lsass", SYSTEM32 "lsass.exe", SYSTEM32 "lsass.exe", NT, ROLE_WINDOWS },
    { "system", "System", "", NT, ROLE_WINDOWS },
    { "defender", "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26100.3-0\\MsMpEng.exe",
      "\"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26100.3-0\\MsMpEng.exe\"", NT, ROLE_WINDOWS },
    { "outlook", "C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE",
      "\"C:\\Program Files\\Microsoft Office\\root\\Office16\\OUTLOOK.EXE\"", NULL, ROLE_DESK },
    { "edge", "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe",
      "\"C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe\" --no-startup-window", NULL, ROLE_DESK },
    { "backup", "C:\\Program Files\\Kura Backup\\BackupAgent.exe",
      "\"C:\\Program Files\\Kura Backup\\BackupAgent.exe\" --service", NT, ROLE_SERVER },
    { "inventory", "C:\\Program Files\\Asset Ledger\\InventoryAgent.exe",
      "\"C:\\Program Files\\Asset Ledger\\InventoryAgent.exe\"", NT, ROLE_WINDOWS },
    { "sql", "C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\Binn\\sqlservr.exe",
      "\"C:\\Program Files\\Microsoft SQL Server\\MSSQL16.MSSQLSERVER\\MSSQL\\Binn\\sqlservr.exe\" -sMSSQLSERVER",
      "NT SERVICE\\MSSQLSERVER", ROLE_APPLICATION },
    { "systemd", "/usr/lib/systemd/systemd", "/sbin/init", "root", ROLE_LINUX },
    { "sshd", "/usr/sbin/sshd", "sshd: /usr/sbin/sshd -D [listener]", "root", ROLE_LINUX },
    { "cron", "/usr/sbin/cron", "/usr/sbin/cron -f -P", "root", ROLE_LINUX },
    { "nginx", "/usr/sbin/nginx", "nginx: worker process", "www-data", ROLE_LINUX },
    { "tomcat", "/usr/lib/jvm/java-17-openjdk-amd64/bin/java",
      "/usr/lib/jvm/java-17-openjdk-amd64/bin/java -Xmx2g org.apache.catalina.startup.Bootstrap start", "tomcat",
      ROLE_LINUX },
};

static void
identify(struct sim_course *c, struct sim_process *p, uint64_t seed)
{
    uint64_t one = sim_mix_text(seed, p->as ? p->as : "-"), two = sim_mix(one, 5);
    p->pid = 600 + (int64_t)(one % 6000) * 4;
    p->guid = str_printf(c->arena, "{%08x-%04x-%04x-%04x-%012llx}", (unsigned)(one >> 32),
                         (unsigned)(one >> 16) & 0xFFFF, (unsigned)one & 0xFFFF, (unsigned)(two >> 48),
                         (unsigned long long)(two & 0xFFFFFFFFFFFFull));
}

static struct sim_process *
new_process(struct sim_course *c)
{
    if (c->process_count == SIM_PROCESSES_MAX)
        c->process_count--;
    struct sim_process *p = &c->processes[c->process_count++];
    *p = (struct sim_process){ .host = c->computer->name };
    return p;
}

static struct str
owner(const struct sim_course *c)
{
    return c->computer->user
        ? str_printf(c->arena, "%s\\%s", c->company->domain, c->computer->user)
        : str_printf(c->arena, "%s\\administrator", c->company->domain);
}

static struct sim_process *
stand(struct sim_course *c, const struct standing *from)
{
    struct sim_process *p = new_process(c);
    p->as = from->as;
    p->image = str_of(from->image);
    p->command_line = str_of(from->command_line);
    p->user = from->user ? str_of(from->user) : owner(c);
    p->directory = c->computer->role & ROLE_LINUX ? STR("/") : STR("C:\\Windows\\system32\\");
    p->stands = true;
    uint64_t day = (uint64_t)floor_div(c->at.us, DAYS(1));
    identify(c, p, sim_mix(sim_mix_text(11, c->computer->name), day));
    return p;
}

struct sim_process *
sim_process_of(struct sim_course *c, const char *name)
{
    for (size_t i = c->process_count; name && i-- > 0;)
        if (strcmp(c->processes[i].as, name) == 0
            && (!c->processes[i].stands || c->processes[i].host == c->computer->name))
            return &c->processes[i];
    for (size_t i = 0; name && i < COUNT_OF(standing); i++)
        if (strcmp(standing[i].as, name) == 0)
            return stand(c, &standing[i]);
    return NULL;
}

struct sim_process *
sim_begin_process(struct sim_course *c, const struct sim_step *step)
{
    struct sim_process *p = new_process(c);
    p->as = step->as ? step->as : "";
    p->image = sim_fill(c, step->image);
    p->command_line = sim_fill(c, step->text);
    p->user = c->user;
    bool plain = !(c->computer->role & ROLE_LINUX);
    p->directory = step->more ? sim_fill(c, step->more) : plain ? sim_fill(c, "$home\\") : STR("/");
    identify(c, p, sim_mix(sim_mix(c->seed, (uint64_t)c->at.us), c->process_count));
    return p;
}
