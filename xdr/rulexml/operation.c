/* operation: which events an operation stands for, and who is who in them. */
#include "core/base/text.h"
#include "xdr/rulexml/parts.h"

#define PROCESS { "Image", NULL, "" }
#define PROCESS_OF_MODULE { "Image", NULL, "Process" }
#define FILE_TARGET { "TargetFilename", NULL, "Target" }
#define WINDOWS "windows"

enum {
    FILES = ABOUT_FILE,
    PROGRAMS = ABOUT_FILE | ABOUT_PROGRAM,
};

#define FILE_KIND(name, kind_category) \
    { .operation = name, .category = kind_category, .groups = FILES, .process = PROCESS, .object = FILE_TARGET }
#define REGISTRY_KIND(name, kind_category, kind_guard, with_value) \
    { .operation = name, .category = kind_category, .guard = kind_guard, .groups = ABOUT_REGISTRY, \
      .process = PROCESS, .names_value = with_value }
#define NETWORK_KIND(name, kind_category, kind_guard) \
    { .operation = name, .category = kind_category, .guard = kind_guard, .groups = ABOUT_NETWORK, \
      .process = PROCESS, .remote_address = "DestinationIp", .remote_name = "DestinationHostname" }
#define ACCOUNT_KIND(name, ids) \
    { .operation = name, .product = WINDOWS, .service = "security", .event_ids = ids, .groups = ABOUT_LOGON, \
      .process = { "ProcessName", NULL, "" } }
#define INJECTION_KIND(name) \
    { .operation = name, .category = "create_remote_thread", \
      .groups = PROGRAMS | ABOUT_CLIENT | ABOUT_INJECTION, .process = { "TargetImage", NULL, "Target" }, \
      .object = { "TargetImage", NULL, "Target" }, .client = { "SourceImage", NULL, "Source" } }

const struct kind xml_kinds[] = {
    { .operation = "CreateProcess", .category = "process_creation", .groups = PROGRAMS, .process = PROCESS,
      .object = PROCESS },
    INJECTION_KIND("CodeInjection"),
    INJECTION_KIND("CreateRemoteThread"),
    { .operation = "OpenProcess", .category = "process_access", .groups = FILES | ABOUT_ACCESS,
      .process = { "SourceImage", NULL, "Source" }, .object = { "TargetImage", NULL, "Target" } },
    { .operation = "LoadDLL", .category = "image_load", .groups = PROGRAMS, .process = PROCESS_OF_MODULE,
      .object = { "ImageLoaded", NULL, "" } },
    { .operation = "LoadDriver", .category = "driver_load", .groups = PROGRAMS, .process = PROCESS_OF_MODULE,
      .object = { "ImageLoaded", NULL, "" } },
    { .operation = "ModuleDrop", .category = "file_executable_detected", .groups = PROGRAMS, .process = PROCESS,
      .object = FILE_TARGET },
    { .operation = "ModuleDrop", .category = "file_event", .guard = GUARD_IS_PROGRAM, .groups = PROGRAMS,
      .process = PROCESS, .object = FILE_TARGET },
    FILE_KIND("WriteFile", "file_event"),
    FILE_KIND("DeleteFile", "file_delete"),
    FILE_KIND("DeleteFile", "file_delete_detected"),
    { .operation = "RenameFile", .category = "file_rename", .groups = FILES | ABOUT_DESTINATION, .process = PROCESS,
      .object = { "SourceFilename", NULL, "Source" }, .destination = FILE_TARGET },
    { .operation = "ReadFile", .category = "file_access", .groups = FILES, .process = PROCESS,
      .object = { "TargetFilename", "FileName", "Target" } },
    FILE_KIND("TruncateFile", "file_truncate"),
    { .operation = "MultipleFilesChanged", .category = "file_bulk_change", .groups = ABOUT_BEHAVIOUR,
      .process = PROCESS },
    REGISTRY_KIND("RegSetValue", "registry_set", GUARD_NONE, true),
    REGISTRY_KIND("RegDeleteValue", "registry_delete", GUARD_DELETES_VALUE, true),
    REGISTRY_KIND("RegDeleteKey", "registry_delete", GUARD_DELETES_KEY, false),
    REGISTRY_KIND("RegRenameKey", "registry_rename", GUARD_NONE, false),
    REGISTRY_KIND("RegCreateKey", "registry_add", GUARD_NONE, false),
    NETWORK_KIND("TcpIpConnect", "network_connection", GUARD_OUTBOUND),
    { .operation = "TcpIpAccept", .category = "network_connection", .guard = GUARD_INBOUND, .groups = ABOUT_NETWORK,
      .process = PROCESS, .remote_address = "SourceIp", .remote_name = "SourceHostname" },
    NETWORK_KIND("TcpIpProtocolIdentified", "network_connection", GUARD_NONE),
    NETWORK_KIND("HttpRequest", "proxy", GUARD_NONE),
    { .operation = "DnsRequest", .category = "dns_query", .groups = ABOUT_DNS, .process = PROCESS },
    { .operation = "CreateNamedPipe", .category = "pipe_created", .groups = FILES, .process = PROCESS,
      .object = { "PipeName", NULL, "Target" } },
    { .operation = "Scripts", .category = "ps_script", .groups = ABOUT_SCRIPT, .process = PROCESS },
    { .operation = "WmiExecution", .product = WINDOWS, .service = "wmi", .groups = ABOUT_WMI | ABOUT_CLIENT,
      .process = PROCESS, .client = { "ClientImage", NULL, "Client" } },
    { .operation = "WmiQuery", .product = WINDOWS, .service = "wmi", .groups = ABOUT_WMI | ABOUT_CLIENT,
      .process = PROCESS, .client = { "ClientImage", NULL, "Client" } },
    { .operation = "WmiPersistence", .category = "wmi_event", .groups = ABOUT_WMI | ABOUT_CLIENT,
      .process = PROCESS, .client = { "ClientImage", NULL, "Client" } },
    ACCOUNT_KIND("UserLogin", "4624"),
    ACCOUNT_KIND("UserLogout", "4634 4647"),
    ACCOUNT_KIND("UserCreate", "4720"),
    ACCOUNT_KIND("UserRemove", "4726"),
    ACCOUNT_KIND("UserActivate", "4722"),
    ACCOUNT_KIND("UserDisable", "4725"),
    ACCOUNT_KIND("UserAddToGroup", "4728 4732 4756"),
    ACCOUNT_KIND("UserRemoveFromGroup", "4729 4733 4757"),
    { .operation = "Detection", .category = "antivirus", .groups = ABOUT_ENDPOINT | ABOUT_NETWORK | ABOUT_DETECTION,
      .process = { "ProcessName", NULL, "" }, .remote_address = "DestinationIp",
      .remote_name = "DestinationHostname" },
    { .operation = "BitsJobAddFile", .product = WINDOWS, .service = "bits-client", .event_ids = "16403",
      .groups = ABOUT_BITS, .process = { "processPath", NULL, "" } },
    { .operation = "DeleteVolumeShadowCopy", .category = "shadow_copy_delete", .groups = ABOUT_VOLUME,
      .process = PROCESS },
};
const size_t xml_kind_count = COUNT_OF(xml_kinds);

const struct kind xml_any_event = {
    .operation = "", .groups = PROGRAMS, .process = { "Image", "SourceImage", "" },
    .object = { "Image", "SourceImage", "" },
};

bool
xml_operation_is_known(struct str type)
{
    for (size_t i = 0; i < xml_kind_count; i++)
        if (str_eq_nocase(type, str_of(xml_kinds[i].operation)))
            return true;
    return false;
}

static const struct expr *
text_is(struct arena *a, const char *field, struct str text)
{
    return expr_test(a, (struct test){ .kind = TEST_TEXT, .field = str_of(field), .pattern = pattern_equal(a, text) });
}

/* What tells a program from other files where the event does not say so itself. */
static const struct expr *
is_program(struct arena *a)
{
    static const char *const endings[] = { ".exe", ".dll", ".sys", ".scr", ".ocx", ".cpl", ".com", ".so", ".ko" };
    const struct expr *parts[COUNT_OF(endings) + 1];
    for (size_t i = 0; i < COUNT_OF(endings); i++)
        parts[i] = expr_test(a, (struct test){ .kind = TEST_TEXT, .field = STR("TargetFilename"),
                                               .pattern = pattern_ends(a, str_of(endings[i])) });
    parts[COUNT_OF(endings)] = text_is(a, "IsExecutable", STR("true"));
    return expr_or(a, parts, COUNT_OF(parts));
}

static const struct expr *
is_one_of_events(struct arena *a, const char *ids)
{
    const struct expr *parts[8];
    size_t count = 0;
    struct str rest = str_of(ids), id;
    while (count < COUNT_OF(parts) && str_cut(&rest, ' ', &id))
        parts[count++] = text_is(a, "EventID", id);
    return expr_or(a, parts, count);
}

const struct expr *
xml_kind_guard(struct arena *a, const struct kind *kind)
{
    switch (kind->guard) {
    case GUARD_OUTBOUND: return expr_not(a, text_is(a, "Initiated", STR("false")));
    case GUARD_INBOUND: return text_is(a, "Initiated", STR("false"));
    case GUARD_DELETES_VALUE: return text_is(a, "EventType", STR("DeleteValue"));
    case GUARD_DELETES_KEY: return text_is(a, "EventType", STR("DeleteKey"));
    case GUARD_IS_PROGRAM: return is_program(a);
    case GUARD_NONE: break;
    }
    return kind->event_ids ? is_one_of_events(a, kind->event_ids) : NULL;
}
