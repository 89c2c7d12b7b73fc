#include "server/simulation/parts.h"

static const char *const aoba_documents[] = {
    "見積書_2026下期", "生産計画_11月", "議事録_品質会議", "在庫一覧", "検査成績書_A-204", "出荷予定表", "原価計算_新製品",
    "設計変更通知_0873", "勤怠集計", "取引先一覧", NULL,
};

static const struct sim_computer aoba_computers[] = {
    { "AOB-DC01", NULL, ROLE_DOMAIN, 10 },
    { "AOB-DC02", NULL, ROLE_DOMAIN, 11 },
    { "AOB-FS01", NULL, ROLE_FILES, 20 },
    { "AOB-APP01", NULL, ROLE_APPLICATION, 30 },
    { "AOB-BK01", NULL, ROLE_FILES, 21 },
    { "aob-web01", NULL, ROLE_LINUX, 40 },
    { "aob-db01", NULL, ROLE_LINUX, 41 },
    { "AOB-PC01", "k-sasaki", ROLE_ADMIN, 101 },
    { "AOB-PC02", "d-hayashi", ROLE_OFFICE, 102 },
    { "AOB-PC03", "y-mori", ROLE_OFFICE, 103 },
    { "AOB-PC04", "m-ikeda", ROLE_OFFICE, 104 },
    { "AOB-PC05", "n-hashimoto", ROLE_ADMIN, 105 },
    { "AOB-PC06", "s-saito", ROLE_OFFICE, 106 },
    { "AOB-PC07", "y-tanaka", ROLE_OFFICE, 107 },
    { "AOB-PC08", "m-okada", ROLE_OFFICE, 108 },
    { "AOB-PC09", "h-kondo", ROLE_OFFICE, 109 },
    { "AOB-PC10", "r-fujita", ROLE_OFFICE, 110 },
    { "AOB-PC11", "t-nagai", ROLE_OFFICE, 111 },
    { "AOB-PC12", "a-murakami", ROLE_OFFICE, 112 },
    { "AOB-PC13", "k-endo", ROLE_OFFICE, 113 },
    { "AOB-PC14", "j-smith", ROLE_DEVELOPER, 114 },
    { "AOB-PC15", "e-aoki", ROLE_DEVELOPER, 115 },
    { "AOB-PC16", "t-sakamoto", ROLE_DEVELOPER, 116 },
    { "AOB-PC17", "n-maeda", ROLE_OFFICE, 117 },
    { "AOB-PC18", "c-fujii", ROLE_OFFICE, 118 },
    { "AOB-PC19", "s-nishimura", ROLE_OFFICE, 119 },
};

static const struct sim_company aoba = {
    .code = "AOBA", .domain = "AOBA", .dns = "aoba.example", .site = "www.aoba.example", .net = "10.20.4",
    .zone = "Asia/Tokyo", .dc = "AOB-DC01", .fs = "AOB-FS01", .app = "AOB-APP01", .documents = aoba_documents,
    .computers = aoba_computers, .computer_count = COUNT_OF(aoba_computers),
};

static const char *const harbor_documents[] = {
    "Manifest week 48", "Customs declarations", "Rate card Q4", "Berth plan", "Invoice 20931", "Fleet insurance",
    "Crane maintenance", "Payroll November", NULL,
};

static const struct sim_computer harbor_computers[] = {
    { "HBR-DC01", NULL, ROLE_DOMAIN, 10 },
    { "HBR-FS01", NULL, ROLE_FILES, 20 },
    { "HBR-TOS01", NULL, ROLE_APPLICATION, 30 },
    { "hbr-web01", NULL, ROLE_LINUX, 40 },
    { "hbr-build01", NULL, ROLE_LINUX, 41 },
    { "HBR-LT01", "eclarke", ROLE_ADMIN, 101 },
    { "HBR-LT02", "ohughes", ROLE_OFFICE, 102 },
    { "HBR-LT03", "ppatel", ROLE_OFFICE, 103 },
    { "HBR-LT04", "gwalker", ROLE_OFFICE, 104 },
    { "HBR-LT05", "sbaker", ROLE_OFFICE, 105 },
    { "HBR-LT06", "tmorgan", ROLE_DEVELOPER, 106 },
    { "HBR-LT07", "jfoster", ROLE_OFFICE, 107 },
    { "HBR-LT08", "lreed", ROLE_OFFICE, 108 },
    { "HBR-LT09", "akaya", ROLE_OFFICE, 109 },
};

static const struct sim_company harbor = {
    .code = "HARBOR", .domain = "HARBOR", .dns = "harbor.example", .site = "track.harbor.example", .net = "10.61.2",
    .zone = "Europe/London", .dc = "HBR-DC01", .fs = "HBR-FS01", .app = "HBR-TOS01", .documents = harbor_documents,
    .computers = harbor_computers, .computer_count = COUNT_OF(harbor_computers),
};

const struct sim_company *const sim_companies[] = { &aoba, &harbor };
const size_t sim_company_count = COUNT_OF(sim_companies);

struct str
sim_company_code(const struct sim_company *c)
{
    return str_of(c->code);
}

size_t
sim_computer_count(const struct sim_company *c)
{
    return c->computer_count;
}

const struct sim_company *
sim_company_of(struct str code)
{
    for (size_t i = 0; i < sim_company_count; i++)
        if (str_is(code, sim_companies[i]->code))
            return sim_companies[i];
    return NULL;
}

const struct sim_computer *
sim_computer_of(const struct sim_company *c, const char *name)
{
    for (size_t i = 0; i < c->computer_count; i++)
        if (strcmp(c->computers[i].name, name) == 0)
            return &c->computers[i];
    return NULL;
}

#define WINDOWS "Microsoft® Windows® Operating System"
#define MICROSOFT "Microsoft Corporation"
#define SYSTEM(file, description) { file, file, description, WINDOWS, MICROSOFT }

static const struct sim_program programs[] = {
    SYSTEM("explorer.exe", "Windows Explorer"),
    SYSTEM("svchost.exe", "Host Process for Windows Services"),
    SYSTEM("services.exe", "Services and Controller app"),
    SYSTEM("lsass.exe", "Local Security Authority Process"),
    SYSTEM("winlogon.exe", "Windows Logon Application"),
    SYSTEM("userinit.exe", "Userinit Logon Application"),
    SYSTEM("taskhostw.exe", "Host Process for Windows Tasks"),
    SYSTEM("conhost.exe", "Console Window Host"),
    SYSTEM("whoami.exe", "whoami - displays logged on user information"),
    SYSTEM("ipconfig.exe", "IP Configuration Utility"),
    SYSTEM("nltest.exe", "Microsoft® Logon Server Test Utility"),
    SYSTEM("systeminfo.exe", "Displays system information"),
    SYSTEM("tasklist.exe", "Lists the current running tasks"),
    SYSTEM("netstat.exe", "TCP/IP Netstat Command"),
    SYSTEM("reg.exe", "Registry Console Tool"),
    SYSTEM("sc.exe", "Service Control Manager Configuration Tool"),
    SYSTEM("schtasks.exe", "Task Scheduler Configuration Tool"),
    SYSTEM("taskkill.exe", "Terminates Processes"),
    SYSTEM("vssadmin.exe", "Command Line Interface for Microsoft® Volume Shadow Copy Service"),
    SYSTEM("bcdedit.exe", "Boot Configuration Data Editor"),
    SYSTEM("ntdsutil.exe", "NT5DS"),
    SYSTEM("robocopy.exe", "Microsoft Robocopy"),
    SYSTEM("gpupdate.exe", "Microsoft® Group Policy Update Utility"),
    SYSTEM("dllhost.exe", "COM Surrogate"),
    SYSTEM("msiexec.exe", "Windows® installer"),
    SYSTEM("notepad.exe", "Notepad"),
    SYSTEM("mstsc.exe", "Remote Desktop Connection"),
    SYSTEM("rundll32.exe", "Windows host process (Rundll32)"),
    SYSTEM("wevtutil.exe", "Eventing Command Line Utility"),
    SYSTEM("cscript.exe", "Microsoft ® Console Based Script Host"),
    SYSTEM("wscript.exe", "Microsoft ® Windows Based Script Host"),
    { "cmd.exe", "Cmd.Exe", "Windows Command Processor", WINDOWS, MICROSOFT },
    { "net.exe", "net.exe", "Net Command", WINDOWS, MICROSOFT },
    { "net1.exe", "net1.exe", "Net Command", WINDOWS, MICROSOFT },
    { "WMIC.exe", "wmic.exe", "WMI Commandline Utility", WINDOWS, MICROSOFT },
    { "WmiPrvSE.exe", "Wmiprvse.exe", "WMI Provider Host", WINDOWS, MICROSOFT },
    { "wbadmin.exe", "WBADMIN.EXE", "Command Line Interface for Microsoft® BLB Backup", WINDOWS, MICROSOFT },
    { "powershell.exe", "PowerShell.EXE", "Windows PowerShell", WINDOWS, MICROSOFT },
    { "OUTLOOK.EXE", "Outlook.exe", "Microsoft Outlook", "Microsoft Office", MICROSOFT },
    { "EXCEL.EXE", "Excel.exe", "Microsoft Excel", "Microsoft Office", MICROSOFT },
    { "WINWORD.EXE", "WinWord.exe", "Microsoft Word", "Microsoft Office", MICROSOFT },
    { "ms-teams.exe", "ms-teams.exe", "Microsoft Teams", "Microsoft Teams", MICROSOFT },
    { "msedge.exe", "msedge.exe", "Microsoft Edge", "Microsoft Edge", MICROSOFT },
    { "OneDrive.exe", "OneDrive.exe", "Microsoft OneDrive", "Microsoft OneDrive", MICROSOFT },
    { "MsMpEng.exe", "MsMpEng.exe", "Antimalware Service Executable", WINDOWS, MICROSOFT },
    { "sqlservr.exe", "SQLSERVR.EXE", "SQL Server Windows NT - 64 Bit", "Microsoft SQL Server", MICROSOFT },
    { "w3wp.exe", "w3wp.exe", "IIS Worker Process", "Internet Information Services", MICROSOFT },
    { "Code.exe", "electron.exe", "Visual Studio Code", "Visual Studio Code", MICROSOFT },
    { "chrome.exe", "chrome.exe", "Google Chrome", "Google Chrome", "Google LLC" },
    { "node.exe", "node.exe", "Node.js JavaScript Runtime", "Node.js", "Node.js" },
    { "git.exe", "git.exe", "Git for Windows", "Git", "The Git Development Community" },
    { "python.exe", "python.exe", "Python", "Python", "Python Software Foundation" },
    { "7z.exe", "7z.exe", "7-Zip Console", "7-Zip", "Igor Pavlov" },
    { "Acrobat.exe", "Acrobat.exe", "Adobe Acrobat", "Adobe Acrobat", "Adobe Inc." },
    { "rclone.exe", "rclone.exe", "Rclone", "Rclone", "https://rclone.org" },
    { "PSEXESVC.exe", "psexesvc.exe", "PsExec Service", "Sysinternals PsExec", "Sysinternals" },
    { "PsExec64.exe", "psexec.c", "Execute processes remotely", "Sysinternals PsExec", "Sysinternals" },
    { "BackupAgent.exe", "BackupAgent.exe", "Nightly backup", "Kura Backup", "Kura Software KK" },
    { "InventoryAgent.exe", "InventoryAgent.exe", "Asset inventory", "Asset Ledger", "Hashira Systems KK" },
};

const struct sim_program *
sim_program_of(struct str file)
{
    for (size_t i = 0; i < COUNT_OF(programs); i++)
        if (str_eq_nocase(file, str_of(programs[i].file)))
            return &programs[i];
    return NULL;
}
