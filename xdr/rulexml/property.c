/* property: the components and properties that conditions may name, and where their answer stands. */
#include "xdr/rulexml/parts.h"

#define LIST(array) .properties = array, .count = COUNT_OF(array)

static const struct property file_properties[] = {
    { .name = "FullPath", .meaning = MEANS_PATH },
    { .name = "FileName", .meaning = MEANS_NAME },
    { .name = "FileNameWithoutExtension", .meaning = MEANS_STEM },
    { .name = "Path", .meaning = MEANS_FOLDER },
    { .name = "Extension", .meaning = MEANS_EXTENSION },
    { .name = "FileSize", .meaning = MEANS_FACT_NUMBER, .field = "FileSize" },
};

static const struct property module_properties[] = {
    { .name = "OriginalFileName", .meaning = MEANS_FACT, .field = "OriginalFileName" },
    { .name = "SignatureType", .meaning = MEANS_SIGNATURE },
    { .name = "SignerName", .meaning = MEANS_FACT, .field = "Signature", .also = "SignerName" },
    { .name = "CompanyName", .meaning = MEANS_FACT, .field = "Company" },
    { .name = "ProductName", .meaning = MEANS_FACT, .field = "Product" },
    { .name = "FileDescription", .meaning = MEANS_FACT, .field = "Description" },
    { .name = "InternalName", .meaning = MEANS_FACT, .field = "InternalName" },
    { .name = "FileVersion", .meaning = MEANS_FACT, .field = "FileVersion" },
    { .name = "ProductVersion", .meaning = MEANS_FACT, .field = "ProductVersion" },
    { .name = "Sha1", .meaning = MEANS_HASH, .field = "SHA1", .also = "sha1" },
    { .name = "Sha256", .meaning = MEANS_HASH, .field = "SHA256", .also = "sha256" },
    { .name = "Md5", .meaning = MEANS_HASH, .field = "MD5", .also = "md5" },
};

static const struct property process_properties[] = {
    { .name = "CommandLine", .meaning = MEANS_FACT, .field = "CommandLine" },
    { .name = "IntegrityLevel", .meaning = MEANS_INTEGRITY },
    { .name = "UserName", .meaning = MEANS_FACT, .field = "User" },
    { .name = "UserSid", .meaning = MEANS_FACT, .field = "UserSid" },
    { .name = "LogonId", .meaning = MEANS_FACT, .field = "LogonId" },
    { .name = "CurrentDirectory", .meaning = MEANS_FACT, .field = "CurrentDirectory" },
    { .name = "Compromised", .meaning = MEANS_FACT_BOOL, .field = "Compromised" },
};

static const struct property reputation_properties[] = {
    { .name = "Reputation", .meaning = MEANS_FACT_NUMBER, .field = "Reputation" },
    { .name = "Popularity", .meaning = MEANS_FACT_NUMBER, .field = "Popularity" },
    { .name = "Age", .meaning = MEANS_FACT_NUMBER, .field = "ReputationAge" },
};

static const struct property fleet_properties[] = {
    { .name = "Popularity", .meaning = MEANS_FACT_NUMBER, .field = "FleetPopularity" },
    { .name = "Age", .meaning = MEANS_FACT_NUMBER, .field = "FleetAge" },
    { .name = "Safe", .meaning = MEANS_FACT, .field = "FleetSafe" },
    { .name = "Blocked", .meaning = MEANS_FACT, .field = "FleetBlocked" },
};

static const struct property network_properties[] = {
    { .name = "IpAddressV4", .meaning = MEANS_REMOTE_ADDRESS },
    { .name = "IpAddressV6", .meaning = MEANS_REMOTE_ADDRESS },
    { .name = "SourceIpAddressV4", .meaning = MEANS_ADDRESS, .field = "SourceIp" },
    { .name = "SourceIpAddressV6", .meaning = MEANS_ADDRESS, .field = "SourceIp" },
    { .name = "DestinationIpAddressV4", .meaning = MEANS_ADDRESS, .field = "DestinationIp" },
    { .name = "DestinationIpAddressV6", .meaning = MEANS_ADDRESS, .field = "DestinationIp" },
    { .name = "Port", .meaning = MEANS_NUMBER, .field = "DestinationPort" },
    { .name = "SourcePort", .meaning = MEANS_NUMBER, .field = "SourcePort" },
    { .name = "Protocol", .meaning = MEANS_TEXT, .field = "Protocol" },
    { .name = "Hostname", .meaning = MEANS_REMOTE_NAME },
    { .name = "Url", .meaning = MEANS_TEXT, .field = "c-uri", .also = "Url" },
    { .name = "Inbound", .meaning = MEANS_NOT_BOOL, .field = "Initiated" },
};

static const struct property dns_properties[] = {
    { .name = "QueryName", .meaning = MEANS_TEXT, .field = "QueryName" },
    { .name = "Hostname", .meaning = MEANS_TEXT, .field = "QueryName" },
    { .name = "DnsName", .meaning = MEANS_TEXT, .field = "QueryName" },
    { .name = "Name", .meaning = MEANS_TEXT, .field = "QueryName" },
    { .name = "IpAddress", .meaning = MEANS_TEXT, .field = "QueryResults" },
    { .name = "Result", .meaning = MEANS_TEXT, .field = "QueryResults" },
    { .name = "Status", .meaning = MEANS_NUMBER, .field = "QueryStatus" },
};

static const struct property registry_properties[] = {
    { .name = "Key", .meaning = MEANS_KEY, .field = "TargetObject" },
    { .name = "KeyName", .meaning = MEANS_KEY, .field = "TargetObject" },
    { .name = "FullPath", .meaning = MEANS_TEXT, .field = "TargetObject" },
    { .name = "ValueName", .meaning = MEANS_VALUE_NAME, .field = "TargetObject" },
    { .name = "Name", .meaning = MEANS_VALUE_NAME, .field = "TargetObject" },
    { .name = "NewName", .meaning = MEANS_TEXT, .field = "NewName" },
    { .name = "StringValue", .meaning = MEANS_TEXT, .field = "Details" },
    { .name = "Value", .meaning = MEANS_TEXT, .field = "Details" },
    { .name = "NumericValue", .meaning = MEANS_DWORD, .field = "Details" },
    { .name = "IntValue", .meaning = MEANS_DWORD, .field = "Details" },
};

static const struct property script_properties[] = {
    { .name = "script", .meaning = MEANS_TEXT, .field = "ScriptBlockText" },
};

static const struct property injection_properties[] = {
    { .name = "InjectionType", .meaning = MEANS_TEXT, .field = "InjectionType" },
    { .name = "StartModule", .meaning = MEANS_TEXT, .field = "StartModule" },
    { .name = "StartFunction", .meaning = MEANS_TEXT, .field = "StartFunction" },
    { .name = "StartAddress", .meaning = MEANS_TEXT, .field = "StartAddress" },
};

static const struct property access_properties[] = {
    { .name = "AccessMask", .meaning = MEANS_ACCESS_MASK, .field = "GrantedAccess" },
    { .name = "DesiredAccess", .meaning = MEANS_ACCESS_MASK, .field = "GrantedAccess" },
    { .name = "CallTrace", .meaning = MEANS_TEXT, .field = "CallTrace" },
};

static const struct property behaviour_properties[] = {
    { .name = "FileOperations", .meaning = MEANS_NUMBER, .field = "FileOperations" },
};

static const struct property logon_properties[] = {
    { .name = "LogonType", .meaning = MEANS_NUMBER, .field = "LogonType" },
    { .name = "UserName", .meaning = MEANS_TEXT, .field = "TargetUserName" },
    { .name = "AccountName", .meaning = MEANS_TEXT, .field = "TargetUserName" },
    { .name = "Domain", .meaning = MEANS_TEXT, .field = "TargetDomainName" },
    { .name = "UserSid", .meaning = MEANS_TEXT, .field = "TargetUserSid", .also = "TargetSid" },
    { .name = "GroupName", .meaning = MEANS_TEXT, .field = "TargetUserName" },
    { .name = "GroupSid", .meaning = MEANS_TEXT, .field = "TargetSid" },
    { .name = "MemberName", .meaning = MEANS_TEXT, .field = "MemberName" },
    { .name = "MemberSid", .meaning = MEANS_TEXT, .field = "MemberSid" },
    { .name = "SidNameUse", .meaning = MEANS_TEXT, .field = "SidNameUse" },
    { .name = "IpAddress", .meaning = MEANS_ADDRESS, .field = "IpAddress" },
    { .name = "WorkstationName", .meaning = MEANS_TEXT, .field = "WorkstationName" },
    { .name = "SubjectUserName", .meaning = MEANS_TEXT, .field = "SubjectUserName" },
};

static const struct property endpoint_properties[] = {
    { .name = "ThreatName", .meaning = MEANS_TEXT, .field = "Signature" },
    { .name = "Name", .meaning = MEANS_TEXT, .field = "Signature" },
    { .name = "Path", .meaning = MEANS_TEXT, .field = "Filename" },
    { .name = "Uri", .meaning = MEANS_TEXT, .field = "Filename" },
    { .name = "Action", .meaning = MEANS_TEXT, .field = "Action" },
    { .name = "Severity", .meaning = MEANS_TEXT, .field = "SeverityName" },
};

static const struct property bits_properties[] = {
    { .name = "RemoteName", .meaning = MEANS_TEXT, .field = "RemoteName" },
    { .name = "Url", .meaning = MEANS_TEXT, .field = "RemoteName" },
    { .name = "LocalName", .meaning = MEANS_TEXT, .field = "LocalName" },
    { .name = "FileName", .meaning = MEANS_TEXT, .field = "LocalName" },
    { .name = "JobName", .meaning = MEANS_TEXT, .field = "jobTitle" },
};

static const struct property volume_properties[] = {
    { .name = "VolumeName", .meaning = MEANS_TEXT, .field = "VolumeName" },
    { .name = "ShadowCopyId", .meaning = MEANS_TEXT, .field = "ShadowCopyId" },
};

static const struct property wmi_properties[] = {
    { .name = "Query", .meaning = MEANS_TEXT, .field = "Query" },
    { .name = "Namespace", .meaning = MEANS_TEXT, .field = "EventNamespace", .also = "NamespaceName" },
    { .name = "Operation", .meaning = MEANS_TEXT, .field = "Operation" },
    { .name = "Name", .meaning = MEANS_TEXT, .field = "Name" },
    { .name = "ConsumerType", .meaning = MEANS_TEXT, .field = "Type" },
    { .name = "Consumer", .meaning = MEANS_TEXT, .field = "Consumer" },
    { .name = "Filter", .meaning = MEANS_TEXT, .field = "Filter" },
    { .name = "Destination", .meaning = MEANS_TEXT, .field = "Destination" },
};

static const struct property system_properties[] = {
    { .name = "SystemType", .meaning = MEANS_SYSTEM },
    { .name = "SystemArchitecture", .meaning = MEANS_TEXT, .field = "SystemArchitecture" },
    { .name = "ComputerName", .meaning = MEANS_TEXT, .field = "Computer" },
};

static const struct property time_properties[] = {
    { .name = "Minute", .meaning = MEANS_TIME, .part = PART_MINUTE },
    { .name = "Hour", .meaning = MEANS_TIME, .part = PART_HOUR },
    { .name = "Day", .meaning = MEANS_TIME, .part = PART_DAY },
    { .name = "WeekDay", .meaning = MEANS_TIME, .part = PART_WEEKDAY },
    { .name = "Month", .meaning = MEANS_TIME, .part = PART_MONTH },
    { .name = "Year", .meaning = MEANS_TIME, .part = PART_YEAR },
};

static const struct component components[] = {
    { .name = "FileItem", .group = ABOUT_FILE, LIST(file_properties) },
    { .name = "DestFileItem", .group = ABOUT_DESTINATION, LIST(file_properties) },
    { .name = "Module", .group = ABOUT_PROGRAM, LIST(module_properties) },
    { .name = "ProcessInfo", .group = ABOUT_PROGRAM, LIST(process_properties) },
    { .name = "LiveGrid", .group = ABOUT_PROGRAM, LIST(reputation_properties), .is_enriched = true },
    { .name = "Enterprise", .group = ABOUT_PROGRAM, LIST(fleet_properties), .is_enriched = true },
    { .name = "Network", .group = ABOUT_NETWORK, LIST(network_properties) },
    { .name = "DnsInfo", .group = ABOUT_DNS, LIST(dns_properties) },
    { .name = "RegistryItem", .group = ABOUT_REGISTRY, LIST(registry_properties) },
    { .name = "Scripts", .group = ABOUT_SCRIPT, LIST(script_properties) },
    { .name = "CodeInjectionInfo", .group = ABOUT_INJECTION, LIST(injection_properties) },
    { .name = "OpenProcess", .group = ABOUT_ACCESS, LIST(access_properties) },
    { .name = "ProcessBehavior", .group = ABOUT_BEHAVIOUR, LIST(behaviour_properties) },
    { .name = "UserLogonData", .group = ABOUT_LOGON, LIST(logon_properties) },
    { .name = "UserData", .group = ABOUT_LOGON, LIST(logon_properties) },
    { .name = "Endpoint", .group = ABOUT_ENDPOINT, LIST(endpoint_properties) },
    { .name = "BitsJobAddFile", .group = ABOUT_BITS, LIST(bits_properties) },
    { .name = "VolumeShadowCopyInfo", .group = ABOUT_VOLUME, LIST(volume_properties) },
    { .name = "WmiExecution", .group = ABOUT_WMI, LIST(wmi_properties) },
    { .name = "WmiQuery", .group = ABOUT_WMI, LIST(wmi_properties) },
    { .name = "WmiPersistence", .group = ABOUT_WMI, LIST(wmi_properties) },
    { .name = "InspectDetection", .group = ABOUT_DETECTION },
    { .name = "SystemInfo", .group = ABOUT_SYSTEM, LIST(system_properties) },
    { .name = "DateTime", .group = ABOUT_SYSTEM, LIST(time_properties) },
    { .name = "EnterpriseInspector", .group = ABOUT_SYSTEM, .is_enriched = true },
};

const struct component *
xml_component(struct str name)
{
    for (size_t i = 0; i < COUNT_OF(components); i++)
        if (str_eq_nocase(name, str_of(components[i].name)))
            return &components[i];
    return NULL;
}

const struct property *
xml_property(const struct component *c, struct str name)
{
    for (size_t i = 0; i < c->count; i++)
        if (str_eq_nocase(name, str_of(c->properties[i].name)))
            return &c->properties[i];
    return NULL;
}

bool
xml_is_client(struct str component, struct str *plain)
{
    static const char *const of_client[] = { "ClientProcessInfo", "ClientModule", "ClientLiveGrid", "ClientFileItem",
                                             "ClientEnterprise" };
    for (size_t i = 0; i < COUNT_OF(of_client); i++)
        if (str_eq_nocase(component, str_of(of_client[i]))) {
            *plain = str_skip(str_of(of_client[i]), strlen("Client"));
            return true;
        }
    return false;
}
