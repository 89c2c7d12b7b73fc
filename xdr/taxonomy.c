#include "xdr/taxonomy.h"

#define WINDOWS "windows"

const struct taxonomy_channel taxonomy_channels[] = {
    { "Security", WINDOWS, "security" },
    { "System", WINDOWS, "system" },
    { "Application", WINDOWS, "application" },
    { "Microsoft-Windows-Sysmon/Operational", WINDOWS, "sysmon" },
    { "Linux-Sysmon/Operational", "linux", "sysmon" },
    { "Microsoft-Windows-PowerShell/Operational", WINDOWS, "powershell" },
    { "PowerShellCore/Operational", WINDOWS, "powershell" },
    { "Windows PowerShell", WINDOWS, "powershell-classic" },
    { "Microsoft-Windows-TaskScheduler/Operational", WINDOWS, "taskscheduler" },
    { "Microsoft-Windows-WMI-Activity/Operational", WINDOWS, "wmi" },
    { "Microsoft-Windows-NTLM/Operational", WINDOWS, "ntlm" },
    { "Microsoft-Windows-DHCP-Server/Operational", WINDOWS, "dhcp" },
    { "Microsoft-Windows-PrintService/Admin", WINDOWS, "printservice-admin" },
    { "Microsoft-Windows-PrintService/Operational", WINDOWS, "printservice-operational" },
    { "Microsoft-Windows-SmbClient/Security", WINDOWS, "smbclient-security" },
    { "Microsoft-Windows-SmbClient/Connectivity", WINDOWS, "smbclient-connectivity" },
    { "Microsoft-Windows-SMBServer/Connectivity", WINDOWS, "smbserver-connectivity" },
    { "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational", WINDOWS,
      "terminalservices-localsessionmanager" },
    { "Microsoft-Windows-CodeIntegrity/Operational", WINDOWS, "codeintegrity-operational" },
    { "Microsoft-Windows-AppLocker/MSI and Script", WINDOWS, "applocker" },
    { "Microsoft-Windows-AppLocker/EXE and DLL", WINDOWS, "applocker" },
    { "Microsoft-Windows-AppLocker/Packaged app-Deployment", WINDOWS, "applocker" },
    { "Microsoft-Windows-AppLocker/Packaged app-Execution", WINDOWS, "applocker" },
    { "MSExchange Management", WINDOWS, "msexchange-management" },
    { "Microsoft-Windows-Windows Defender/Operational", WINDOWS, "windefend" },
    { "Microsoft-Windows-Windows Firewall With Advanced Security/Firewall", WINDOWS, "firewall-as" },
    { "Microsoft-Windows-Bits-Client/Operational", WINDOWS, "bits-client" },
    { "Microsoft-Windows-Security-Mitigations/Kernel Mode", WINDOWS, "security-mitigations" },
    { "Microsoft-Windows-Security-Mitigations/User Mode", WINDOWS, "security-mitigations" },
    { "Microsoft-Windows-Diagnosis-Scripted/Operational", WINDOWS, "diagnosis-scripted" },
    { "Microsoft-Windows-Shell-Core/Operational", WINDOWS, "shell-core" },
    { "OpenSSH/Operational", WINDOWS, "openssh" },
    { "Microsoft-Windows-LDAP-Client/Debug", WINDOWS, "ldap" },
    { "Microsoft-Windows-BitLocker/BitLocker Management", WINDOWS, "bitlocker" },
    { "Microsoft-Windows-VHDMP-Operational", WINDOWS, "vhdmp" },
    { "Microsoft-Windows-VHDMP/Operational", WINDOWS, "vhdmp" },
    { "Microsoft-Windows-AppXDeploymentServer/Operational", WINDOWS, "appxdeployment-server" },
    { "Microsoft-Windows-LSA/Operational", WINDOWS, "lsa-server" },
    { "Microsoft-Windows-AppxPackaging/Operational", WINDOWS, "appxpackaging-om" },
    { "Microsoft-Windows-DNS Client Events/Operational", WINDOWS, "dns-client" },
    { "Microsoft-Windows-DNS-Client/Operational", WINDOWS, "dns-client" },
    { "DNS Server", WINDOWS, "dns-server" },
    { "Microsoft-Windows-DNS-Server/Audit", WINDOWS, "dns-server" },
    { "Microsoft-Windows-DNS-Server/Analytical", WINDOWS, "dns-server-analytic" },
    { "Microsoft-Windows-AppModel-Runtime/Admin", WINDOWS, "appmodel-runtime" },
    { "Microsoft-Windows-CAPI2/Operational", WINDOWS, "capi2" },
    { "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational", WINDOWS,
      "certificateservicesclient-lifecycle-system" },
    { "Microsoft-Windows-DriverFrameworks-UserMode/Operational", WINDOWS, "driver-framework" },
    { "Microsoft-Windows-Kernel-ShimEngine/Operational", WINDOWS, "kernel-shimengine" },
    { "Microsoft-Windows-Kernel-ShimEngine/Diagnostic", WINDOWS, "kernel-shimengine" },
    { "Microsoft-Windows-Application-Experience/Program-Telemetry", WINDOWS, "application-experience" },
    { "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant", WINDOWS, "application-experience" },
    { "Microsoft-Windows-Ntfs/Operational", WINDOWS, "ntfs" },
    { "Microsoft-Windows-Hyper-V-Worker", WINDOWS, "hyper-v-worker" },
    { "Microsoft-Windows-Hyper-V-Worker-Admin", WINDOWS, "hyper-v-worker" },
    { "Microsoft-Windows-Kernel-EventTracing", WINDOWS, "kernel-event-tracing" },
    { "Microsoft-Windows-Kernel-EventTracing/Admin", WINDOWS, "kernel-event-tracing" },
    { "Microsoft-Windows-SENSE/Operational", WINDOWS, "sense" },
    { "Microsoft-ServiceBus-Client/Admin", WINDOWS, "microsoft-servicebus-client" },
    { "Microsoft-ServiceBus-Client/Operational", WINDOWS, "microsoft-servicebus-client" },
    { "Microsoft-IIS-Configuration/Operational", WINDOWS, "iis-configuration" },
};
const size_t taxonomy_channel_count = COUNT_OF(taxonomy_channels);

#define SYSMON(id, ...) { "sysmon", id, { __VA_ARGS__ }, DIALECT_PLAIN }
#define ANTIVIRUS(id) { "windefend", id, { "antivirus" }, DIALECT_DEFENDER }

const struct taxonomy_kind taxonomy_kinds[] = {
    SYSMON(1, "process_creation"),
    SYSMON(2, "file_change"),
    SYSMON(3, "network_connection"),
    SYSMON(4, "sysmon_status"),
    SYSMON(5, "process_termination"),
    SYSMON(6, "driver_load"),
    SYSMON(7, "image_load"),
    SYSMON(8, "create_remote_thread"),
    SYSMON(9, "raw_access_thread"),
    SYSMON(10, "process_access"),
    SYSMON(11, "file_event"),
    SYSMON(12, "registry_event", "registry_add", "registry_delete"),
    SYSMON(13, "registry_event", "registry_set"),
    SYSMON(14, "registry_event", "registry_rename"),
    SYSMON(15, "create_stream_hash"),
    SYSMON(16, "sysmon_status"),
    SYSMON(17, "pipe_created"),
    SYSMON(18, "pipe_created"),
    SYSMON(19, "wmi_event"),
    SYSMON(20, "wmi_event"),
    SYSMON(21, "wmi_event"),
    SYSMON(22, "dns_query"),
    SYSMON(23, "file_delete"),
    SYSMON(24, "clipboard_capture", "clipboard_change"),
    SYSMON(25, "process_tampering"),
    SYSMON(26, "file_delete_detected"),
    SYSMON(27, "file_block_executable"),
    SYSMON(28, "file_block_shredding"),
    SYSMON(29, "file_executable_detected"),
    SYSMON(255, "sysmon_error"),
    { "security", 4688, { "process_creation" }, DIALECT_PROCESS_AUDIT },
    { "powershell", 4103, { "ps_module" }, DIALECT_PLAIN },
    { "powershell", 4104, { "ps_script" }, DIALECT_PLAIN },
    { "powershell-classic", 400, { "ps_classic_start" }, DIALECT_PLAIN },
    { "powershell-classic", 600, { "ps_classic_provider_start" }, DIALECT_PLAIN },
    { "powershell-classic", 800, { "ps_classic_script" }, DIALECT_PLAIN },
    ANTIVIRUS(1006), ANTIVIRUS(1007), ANTIVIRUS(1008), ANTIVIRUS(1009), ANTIVIRUS(1010), ANTIVIRUS(1011),
    ANTIVIRUS(1012), ANTIVIRUS(1017), ANTIVIRUS(1018), ANTIVIRUS(1019), ANTIVIRUS(1115), ANTIVIRUS(1116),
};
const size_t taxonomy_kind_count = COUNT_OF(taxonomy_kinds);

static bool
variant_allows(enum variant variant, const char *category)
{
    const char *other = variant == VARIANT_CREATE ? "registry_delete" : variant == VARIANT_DELETE ? "registry_add" : "";
    return strcmp(category, other) != 0;
}

size_t
taxonomy_categories(struct str service, int64_t event_id, enum variant variant, struct str out[CATEGORIES_MAX],
                    enum dialect *dialect)
{
    size_t count = 0;
    *dialect = DIALECT_PLAIN;
    for (size_t i = 0; i < taxonomy_kind_count; i++) {
        const struct taxonomy_kind *k = &taxonomy_kinds[i];
        if (k->event_id != event_id || !str_is(service, k->service))
            continue;
        *dialect = k->dialect;
        for (size_t j = 0; j < CATEGORIES_MAX && k->categories[j]; j++)
            if (variant_allows(variant, k->categories[j]))
                out[count++] = str_of(k->categories[j]);
    }
    return count;
}

const struct taxonomy_mark taxonomy_marks[] = {
    { MARK_CHANNEL, SHAPE_FLAT, "Channel" },
    { MARK_CHANNEL, SHAPE_EVTX, "Event/System/Channel" },
    { MARK_CHANNEL, SHAPE_EVTX, "System/Channel" },
    { MARK_CHANNEL, SHAPE_ECS, "winlog/channel" },
    { MARK_CHANNEL, SHAPE_ECS, "winlog.channel" },
    { MARK_CHANNEL, SHAPE_ECS, "log_name" },
    { MARK_CHANNEL, SHAPE_OCSF, "metadata/log_name" },
    { MARK_EVENT_ID, SHAPE_FLAT, "EventID" },
    { MARK_EVENT_ID, SHAPE_FLAT, "EventId" },
    { MARK_EVENT_ID, SHAPE_FLAT, "EventCode" },
    { MARK_EVENT_ID, SHAPE_EVTX, "Event/System/EventID" },
    { MARK_EVENT_ID, SHAPE_EVTX, "System/EventID" },
    { MARK_EVENT_ID, SHAPE_ECS, "winlog/event_id" },
    { MARK_EVENT_ID, SHAPE_ECS, "winlog.event_id" },
    { MARK_EVENT_ID, SHAPE_ECS, "event_id" },
    { MARK_EVENT_ID, SHAPE_ECS, "event/code" },
    { MARK_EVENT_ID, SHAPE_ECS, "event.code" },
    { MARK_EVENT_ID, SHAPE_OCSF, "metadata/event_code" },
    { MARK_TIME, SHAPE_EVTX, "Event/System/TimeCreated/#attributes/SystemTime" },
    { MARK_TIME, SHAPE_EVTX, "System/TimeCreated/#attributes/SystemTime" },
    { MARK_TIME, SHAPE_EVTX, "Event/System/TimeCreated/@SystemTime" },
    { MARK_TIME, SHAPE_FLAT, "UtcTime" },
    { MARK_TIME, SHAPE_FLAT, "@timestamp" },
    { MARK_TIME, SHAPE_FLAT, "TimeCreated" },
    { MARK_TIME, SHAPE_FLAT, "EventTime" },
    { MARK_TIME, SHAPE_FLAT, "timestamp" },
    { MARK_TIME, SHAPE_FLAT, "eventTime" },
    { MARK_TIME, SHAPE_FLAT, "time" },
    { MARK_TIME, SHAPE_FLAT, "Timestamp" },
};
const size_t taxonomy_mark_count = COUNT_OF(taxonomy_marks);
