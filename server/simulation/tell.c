/* tell: events as forwarders send them: flat JSON with the names Windows and Sysmon give. */
#include "core/base/civil.h"
#include "core/base/crypto.h"
#include "core/base/shape.h"
#include "server/simulation/parts.h"

struct event {
    struct sim_course *c;
    struct text line;
};

static void
put(struct event *e, const char *name, struct str value)
{
    text_addf(&e->line, ",\"%s\":", name);
    json_write_str(&e->line, value.at ? value : STR("-"));
}

static void
put_c(struct event *e, const char *name, const char *value)
{
    put(e, name, str_of(value));
}

static void
put_int(struct event *e, const char *name, int64_t value)
{
    text_addf(&e->line, ",\"%s\":%lld", name, (long long)value);
}

static struct str
host_name(struct sim_course *c)
{
    return str_printf(c->arena, "%s.%s", c->computer->name, c->company->dns);
}

static struct event
begin(struct sim_course *c, const char *channel, const char *source, int id)
{
    struct event e = { c, text_new(c->arena, SIM_LINE_MAX) };
    text_add_c(&e.line, "{\"@timestamp\":");
    json_write_str(&e.line, instant_format(c->arena, c->at));
    put(&e, "Hostname", host_name(c));
    put_c(&e, "Channel", channel);
    put_c(&e, "SourceName", source);
    put_int(&e, "EventID", id);
    return e;
}

static bool
end(struct event *e)
{
    text_add_char(&e->line, '}');
    return e->c->tell(e->c->to, &(struct sim_event){ e->c->at, host_name(e->c), text_str(&e->line) });
}

/* ---- Sysmon ---- */

static bool
is_linux(const struct sim_course *c)
{
    return c->computer->role & ROLE_LINUX;
}

static struct event
begin_sysmon(struct sim_course *c, int id)
{
    struct event e = is_linux(c) ? begin(c, "Linux-Sysmon/Operational", "Linux-Sysmon", id)
                                 : begin(c, "Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", id);
    struct civil d = civil_of_day(floor_div(c->at.us, DAYS(1)));
    int ms = (int)((c->at.us - floor_div(c->at.us, DAYS(1)) * DAYS(1)) / 1000);
    put(&e, "UtcTime", str_printf(c->arena, "%04d-%02d-%02d %02d:%02d:%02d.%03d", d.year, d.month, d.day, ms / 3600000,
                                  ms / 60000 % 60, ms / 1000 % 60, ms % 1000));
    put_c(&e, "RuleName", "-");
    return e;
}

static struct str
file_of(struct str path)
{
    size_t at = path.len;
    while (at > 0 && path.at[at - 1] != '\\' && path.at[at - 1] != '/')
        at--;
    return str_skip(path, at);
}

static struct str
hex_head(struct arena *a, struct str of, size_t digits)
{
    return str_head(hex_of(a, sha256_of(a, of)), digits);
}

/* The same program has the same hashes everywhere; what nobody knows differs from place to place. */
static struct str
hashes_of(struct sim_course *c, struct str image)
{
    const struct sim_program *known = sim_program_of(file_of(image));
    struct str seed = str_printf(c->arena, "simulation %s " STR_FMT, known ? known->company : "",
                                 STR_ARG(file_of(image)));
    struct arena *a = c->arena;
    struct str sha1 = hex_head(a, str_printf(a, STR_FMT " 1", STR_ARG(seed)), 40);
    struct str md5 = hex_head(a, str_printf(a, STR_FMT " 2", STR_ARG(seed)), 32);
    struct str imphash = hex_head(a, str_printf(a, STR_FMT " 3", STR_ARG(seed)), 32);
    return str_printf(a, "SHA1=" STR_FMT ",MD5=" STR_FMT ",SHA256=" STR_FMT ",IMPHASH=" STR_FMT, STR_ARG(sha1),
                      STR_ARG(md5), STR_ARG(hex_head(a, seed, 64)), STR_ARG(imphash));
}

static void
put_version(struct event *e, struct str image)
{
    const struct sim_program *p = sim_program_of(file_of(image));
    put_c(e, "FileVersion", p ? "10.0.26100.1" : NULL);
    put_c(e, "Description", p ? p->description : NULL);
    put_c(e, "Product", p ? p->product : NULL);
    put_c(e, "Company", p ? p->company : NULL);
    put_c(e, "OriginalFileName", p ? p->original : NULL);
}

static void
put_actor(struct event *e, const struct sim_process *p)
{
    put(e, "ProcessGuid", p ? p->guid : STR_NONE);
    put_int(e, "ProcessId", p ? p->pid : 0);
    put(e, "Image", p ? p->image : STR_NONE);
}

static const char *
integrity_of(const struct sim_course *c, bool system)
{
    const char *person = c->computer->role & ROLE_SERVER ? "High" : "Medium";
    return is_linux(c) ? NULL : system ? "System" : person;
}

static bool
say_process(struct sim_course *c, const struct sim_step *step)
{
    struct sim_process *parent = sim_process_of(c, step->by);
    struct str parent_guid = parent ? parent->guid : STR_NONE, parent_image = parent ? parent->image : STR_NONE;
    struct str parent_line = parent ? parent->command_line : STR_NONE, parent_user = parent ? parent->user : STR_NONE;
    int64_t parent_pid = parent ? parent->pid : 0;
    struct sim_process *p = sim_begin_process(c, step);
    struct event e = begin_sysmon(c, 1);
    put_actor(&e, p);
    put_version(&e, p->image);
    put(&e, "CommandLine", p->command_line);
    put(&e, "CurrentDirectory", p->directory);
    put(&e, "User", p->user);
    bool system = str_starts(p->user, STR("NT "));
    unsigned logon = (unsigned)sim_mix_text(3, c->computer->name) & 0xFFFFFF;
    put(&e, "LogonId", system ? STR("0x3e7") : str_printf(c->arena, "0x%x", logon));
    put_int(&e, "TerminalSessionId", system ? 0 : 1);
    put_c(&e, "IntegrityLevel", integrity_of(c, system));
    put(&e, "Hashes", hashes_of(c, p->image));
    put(&e, "ParentProcessGuid", parent_guid);
    put_int(&e, "ParentProcessId", parent_pid);
    put(&e, "ParentImage", parent_image);
    put(&e, "ParentCommandLine", parent_line);
    put(&e, "ParentUser", parent_user);
    return end(&e);
}

static bool
say_acted(struct sim_course *c, const struct sim_step *step, int id, const char *name)
{
    struct event e = begin_sysmon(c, id);
    const struct sim_process *p = sim_process_of(c, step->by);
    put_actor(&e, p);
    if (name)
        put(&e, name, sim_fill(c, step->text));
    put(&e, "User", p ? p->user : STR_NONE);
    return end(&e);
}

static bool
say_connection(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_sysmon(c, 3);
    const struct sim_process *p = sim_process_of(c, step->by);
    put_actor(&e, p);
    put(&e, "User", p ? p->user : STR_NONE);
    put_c(&e, "Protocol", "tcp");
    put_c(&e, "Initiated", "true");
    put(&e, "SourceIp", sim_fill(c, "$ip"));
    put(&e, "SourceHostname", host_name(c));
    put_int(&e, "SourcePort", 49152 + (int64_t)(sim_mix(c->seed, (uint64_t)c->at.us) % 16000));
    put(&e, "DestinationIp", sim_fill(c, step->text));
    put(&e, "DestinationHostname", sim_fill(c, step->image));
    put_c(&e, "DestinationPort", step->more);
    return end(&e);
}

static bool
say_name(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_sysmon(c, 22);
    const struct sim_process *p = sim_process_of(c, step->by);
    put_actor(&e, p);
    put(&e, "QueryName", sim_fill(c, step->image));
    put_c(&e, "QueryStatus", "0");
    put(&e, "QueryResults", str_printf(c->arena, "::ffff:" STR_FMT ";", STR_ARG(sim_fill(c, step->text))));
    put(&e, "User", p ? p->user : STR_NONE);
    return end(&e);
}

static bool
say_registry(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_sysmon(c, 13);
    put_c(&e, "EventType", "SetValue");
    const struct sim_process *p = sim_process_of(c, step->by);
    put_actor(&e, p);
    put(&e, "TargetObject", sim_fill(c, step->image));
    put(&e, "Details", sim_fill(c, step->text));
    put(&e, "User", p ? p->user : STR_NONE);
    return end(&e);
}

static bool
say_load(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_sysmon(c, 7);
    const struct sim_process *p = sim_process_of(c, step->by);
    struct str library = sim_fill(c, step->text);
    put_actor(&e, p);
    put(&e, "ImageLoaded", library);
    put_version(&e, library);
    put(&e, "Hashes", hashes_of(c, library));
    put_c(&e, "Signed", step->more ? "true" : "false");
    put_c(&e, "Signature", step->more);
    put_c(&e, "SignatureStatus", step->more ? "Valid" : "Unavailable");
    put(&e, "User", p ? p->user : STR_NONE);
    return end(&e);
}

static bool
say_between(struct sim_course *c, const struct sim_step *step, bool thread)
{
    struct event e = begin_sysmon(c, thread ? 8 : 10);
    const struct sim_process *p = sim_process_of(c, step->by), *other = sim_process_of(c, step->image);
    const char *guid = thread ? "ProcessGuid" : "ProcessGUID";
    put(&e, str_c(c->arena, str_printf(c->arena, "Source%s", guid)), p ? p->guid : STR_NONE);
    put_int(&e, "SourceProcessId", p ? p->pid : 0);
    put(&e, "SourceImage", p ? p->image : STR_NONE);
    put(&e, str_c(c->arena, str_printf(c->arena, "Target%s", guid)), other ? other->guid : STR_NONE);
    put_int(&e, "TargetProcessId", other ? other->pid : 0);
    put(&e, "TargetImage", other ? other->image : str_of(step->image));
    if (thread) {
        put_c(&e, "StartModule", step->text);
        put_c(&e, "StartFunction", step->more);
    } else {
        put_c(&e, "GrantedAccess", step->text);
        put_c(&e, "CallTrace", step->more);
    }
    put(&e, "SourceUser", p ? p->user : STR_NONE);
    put(&e, "TargetUser", other ? other->user : STR_NONE);
    return end(&e);
}

static bool
say_pipe(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_sysmon(c, 17);
    put_c(&e, "EventType", "CreatePipe");
    const struct sim_process *p = sim_process_of(c, step->by);
    put_actor(&e, p);
    put(&e, "PipeName", sim_fill(c, step->text));
    put(&e, "User", p ? p->user : STR_NONE);
    return end(&e);
}

/* ---- other logs of Windows ---- */

static struct event
begin_security(struct sim_course *c, int id)
{
    return begin(c, "Security", "Microsoft-Windows-Security-Auditing", id);
}

static void
put_subject(struct event *e, const char *before)
{
    struct arena *a = e->c->arena;
    put(e, str_c(a, str_printf(a, "%sUserName", before)), sim_fill(e->c, "$user"));
    put_c(e, str_c(a, str_printf(a, "%sDomainName", before)), e->c->company->domain);
}

static bool
say_script(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin(c, "Microsoft-Windows-PowerShell/Operational", "Microsoft-Windows-PowerShell", 4104);
    const struct sim_process *p = sim_process_of(c, step->by);
    put_int(&e, "ExecutionProcessID", p ? p->pid : 0);
    put_int(&e, "MessageNumber", 1);
    put_int(&e, "MessageTotal", 1);
    put(&e, "ScriptBlockText", sim_fill(c, step->text));
    put(&e, "ScriptBlockId", str_printf(c->arena, "%016llx", (unsigned long long)sim_mix(c->seed, (uint64_t)c->at.us)));
    put(&e, "UserID", c->user);
    return end(&e);
}

static bool
say_logon(struct sim_course *c, const struct sim_step *step, bool good)
{
    struct event e = begin_security(c, good ? 4624 : 4625);
    put_subject(&e, "Target");
    put_c(&e, "LogonType", step->text);
    put_c(&e, "LogonProcessName", "NtLmSsp");
    put_c(&e, "AuthenticationPackageName", "NTLM");
    put_c(&e, "WorkstationName", step->image);
    put(&e, "IpAddress", sim_fill(c, step->more));
    put_c(&e, "IpPort", "50212");
    if (!good) {
        put_c(&e, "Status", "0xc000006d");
        put_c(&e, "SubStatus", "0xc000006a");
    }
    return end(&e);
}

static bool
say_ticket(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_security(c, 4769);
    put(&e, "TargetUserName", str_printf(c->arena, STR_FMT "@%s", STR_ARG(sim_fill(c, "$user")), c->company->dns));
    put(&e, "ServiceName", sim_fill(c, step->image));
    put_c(&e, "TicketOptions", "0x40810000");
    put_c(&e, "TicketEncryptionType", step->text);
    put_c(&e, "Status", "0x0");
    put(&e, "IpAddress", str_printf(c->arena, "::ffff:" STR_FMT, STR_ARG(sim_fill(c, step->more))));
    return end(&e);
}

static bool
say_account(struct sim_course *c, const struct sim_step *step, bool member)
{
    struct event e = begin_security(c, member ? 4728 : 4720);
    put_subject(&e, "Subject");
    if (member)
        put(&e, "MemberName", str_printf(c->arena, "CN=%s,CN=Users,DC=%s", step->image, c->company->domain));
    put_c(&e, "TargetUserName", member ? step->text : step->image);
    put_c(&e, "TargetDomainName", c->company->domain);
    if (!member)
        put_c(&e, "SamAccountName", step->image);
    return end(&e);
}

static bool
say_share(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin_security(c, 5145);
    put_subject(&e, "Subject");
    put_c(&e, "ObjectType", "File");
    put(&e, "IpAddress", sim_fill(c, step->more));
    put_c(&e, "ShareName", step->image);
    put(&e, "RelativeTargetName", sim_fill(c, step->text));
    put_c(&e, "AccessMask", "0x2");
    return end(&e);
}

static bool
say_service(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin(c, "System", "Service Control Manager", 7045);
    put_c(&e, "Provider_Name", "Service Control Manager");
    put(&e, "ServiceName", sim_fill(c, step->image));
    put(&e, "ImagePath", sim_fill(c, step->text));
    put_c(&e, "ServiceType", "user mode service");
    put_c(&e, "StartType", "demand start");
    put_c(&e, "AccountName", "LocalSystem");
    return end(&e);
}

static bool
say_cleared(struct sim_course *c)
{
    struct event e = begin(c, "Security", "Microsoft-Windows-Eventlog", 1102);
    put_c(&e, "Provider_Name", "Microsoft-Windows-Eventlog");
    put_subject(&e, "Subject");
    return end(&e);
}

static bool
say_antivirus(struct sim_course *c, const struct sim_step *step)
{
    struct event e = begin(c, "Microsoft-Windows-Windows Defender/Operational",
                           "Microsoft-Windows-Windows Defender", 1116);
    put_c(&e, "ThreatName", step->image);
    put(&e, "Path", sim_fill(c, step->text));
    put_c(&e, "SeverityName", "Severe");
    put_c(&e, "ActionName", step->more ? step->more : "Quarantine");
    put(&e, "User", c->user);
    return end(&e);
}

bool
sim_say(struct sim_course *c, const struct sim_step *step)
{
    switch (step->what) {
    case SIM_PROCESS: return say_process(c, step);
    case SIM_END: return say_acted(c, step, 5, NULL);
    case SIM_CONNECT: return say_connection(c, step);
    case SIM_NAME: return say_name(c, step);
    case SIM_WRITE: return say_acted(c, step, 11, "TargetFilename");
    case SIM_REMOVE: return say_acted(c, step, 23, "TargetFilename");
    case SIM_REGISTRY: return say_registry(c, step);
    case SIM_LOAD: return say_load(c, step);
    case SIM_ACCESS: return say_between(c, step, false);
    case SIM_THREAD: return say_between(c, step, true);
    case SIM_PIPE: return say_pipe(c, step);
    case SIM_SCRIPT: return say_script(c, step);
    case SIM_LOGON: return say_logon(c, step, true);
    case SIM_LOGON_FAILED: return say_logon(c, step, false);
    case SIM_TICKET: return say_ticket(c, step);
    case SIM_SERVICE: return say_service(c, step);
    case SIM_ACCOUNT: return say_account(c, step, false);
    case SIM_MEMBER: return say_account(c, step, true);
    case SIM_LOG_CLEARED: return say_cleared(c);
    case SIM_SHARE: return say_share(c, step);
    case SIM_ANTIVIRUS: return say_antivirus(c, step);
    }
    return false;
}
