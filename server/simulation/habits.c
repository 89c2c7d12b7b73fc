/* habits: what a working day is made of, also what looks odd and is not: an inventory agent that asks who it is, a
 * backup that makes shadow copies, archives with passwords for customers. */
#include "server/simulation/parts.h"

#define S32 "C:\\Windows\\System32\\"
#define OFFICE "C:\\Program Files\\Microsoft Office\\root\\Office16\\"
#define EDGE "C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe"
#define POWERSHELL S32 "WindowsPowerShell\\v1.0\\powershell.exe"
#define NT "NT AUTHORITY\\SYSTEM"

#define STEPS(name, ...) static const struct sim_step name[] = { __VA_ARGS__ }
#define PROCESS(after, parent, path, line, ...) \
    { .after_ms = after, .what = SIM_PROCESS, .by = parent, .image = path, .text = line, __VA_ARGS__ }
#define ENDS(after, process) { .after_ms = after, .what = SIM_END, .by = process }
#define CONNECTS(after, process, name, address, port) \
    { .after_ms = after, .what = SIM_CONNECT, .by = process, .image = name, .text = address, .more = port }
#define ASKS(after, process, name, address) \
    { .after_ms = after, .what = SIM_NAME, .by = process, .image = name, .text = address }
#define WRITES(after, process, file) { .after_ms = after, .what = SIM_WRITE, .by = process, .text = file }

/* ---- at a desk ---- */

STEPS(arrive,
    { .what = SIM_LOGON, .text = "2", .image = "$host", .more = "127.0.0.1" },
    PROCESS(900, "winlogon", S32 "userinit.exe", S32 "userinit.exe", .as = "userinit"),
    PROCESS(700, "userinit", "C:\\Windows\\explorer.exe", "C:\\Windows\\Explorer.EXE", .as = "explorer1"),
    PROCESS(4000, "explorer1", "$home\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe",
            "\"$home\\AppData\\Local\\Microsoft\\OneDrive\\OneDrive.exe\" /background", .as = "onedrive"),
    CONNECTS(900, "onedrive", "files.cloud.example", "198.51.100.20", "443"),
    PROCESS(2500, "explorer1", OFFICE "OUTLOOK.EXE", "\"" OFFICE "OUTLOOK.EXE\"", .as = "mail"),
    ASKS(600, "mail", "mail.cloud.example", "198.51.100.25"),
    CONNECTS(40, "mail", "mail.cloud.example", "198.51.100.25", "443"),
    PROCESS(5000, "explorer1", EDGE, "\"" EDGE "\" --profile-directory=Default", .as = "browser"),
    CONNECTS(800, "browser", "portal.$domain", "$net.30", "443"));

STEPS(read_mail,
    ASKS(0, "outlook", "mail.cloud.example", "198.51.100.25"),
    CONNECTS(35, "outlook", "mail.cloud.example", "198.51.100.25", "443"));

STEPS(write_document,
    PROCESS(0, "explorer", OFFICE "EXCEL.EXE", "\"" OFFICE "EXCEL.EXE\" \"$home\\Documents\\$doc.xlsx\"",
            .as = "excel"),
    { .after_ms = 900, .what = SIM_LOAD, .by = "excel", .text = OFFICE "mso40uiwin32client.dll",
            .more = "Microsoft Corporation" },
    WRITES(31000, "excel", "$home\\Documents\\~$$doc.xlsx"),
    WRITES(24000, "excel", "$home\\Documents\\$doc.xlsx"),
    ENDS(4000, "excel"));

STEPS(write_letter,
    PROCESS(0, "outlook", OFFICE "WINWORD.EXE",
            "\"" OFFICE "WINWORD.EXE\" /n \"$home\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outloo"
                    "k\\$n\\$doc.docx\"",
            .as = "word"),
    WRITES(42000, "word", "\\\\$fs\\share\\$doc.docx"),
    ENDS(2000, "word"));

STEPS(browse,
    PROCESS(0, "edge", EDGE, "\"" EDGE "\" --type=renderer --lang=ja --renderer-client-id=$n", .as = "tab"),
    ASKS(300, "edge", "news.daily.example", "198.51.100.80"),
    CONNECTS(30, "edge", "news.daily.example", "198.51.100.80", "443"),
    ASKS(8000, "edge", "$site", "$net.40"),
    CONNECTS(20, "edge", "$site", "$net.40", "443"),
    ENDS(50000, "tab"));

STEPS(use_share,
    { .what = SIM_LOGON, .text = "3", .image = "$host", .more = "$ip" },
    CONNECTS(0, "system", "$fs.$domain", "$net.20", "445"),
    PROCESS(1500, "explorer", "C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\Acrobat.exe",
            "\"C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\Acrobat.exe\" \"\\\\$fs\\share\\$doc.pdf\"",
                    .as = "reader"),
    ENDS(60000, "reader"));

STEPS(send_archive,
    PROCESS(0, "explorer", "C:\\Program Files\\7-Zip\\7z.exe",
            "\"C:\\Program Files\\7-Zip\\7z.exe\" a -tzip -p$n \"$home\\Desktop\\$doc.zip\" "
                    "\"$home\\Documents\\$doc.xlsx\"",
            .as = "zip"),
    WRITES(1200, "zip", "$home\\Desktop\\$doc.zip"),
    ENDS(100, "zip"));

STEPS(meet,
    PROCESS(0, "explorer", "C:\\Program Files\\WindowsApps\\MSTeams_26290.1.0_x64__8wekyb3d8bbwe\\ms-teams.exe",
            "\"C:\\Program Files\\WindowsApps\\MSTeams_26290.1.0_x64__8wekyb3d8bbwe\\ms-teams.exe\"", .as = "teams"),
    ASKS(700, "teams", "meet.cloud.example", "198.51.100.31"),
    CONNECTS(30, "teams", "meet.cloud.example", "198.51.100.31", "443"));

/* ---- who makes things ---- */

STEPS(build_code,
    PROCESS(0, "explorer", "$home\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe",
            "\"$home\\AppData\\Local\\Programs\\Microsoft VS Code\\Code.exe\" C:\\src\\tracker", .as = "code"),
    PROCESS(3000, "code", "C:\\Program Files\\Git\\cmd\\git.exe", "git fetch --all --prune", .as = "git",
            .more = "C:\\src\\tracker\\"),
    CONNECTS(500, "git", "git.$domain", "$net.30", "443"),
    PROCESS(9000, "code", S32 "cmd.exe", "cmd.exe /d /s /c \"npm run build\"", .as = "shell",
            .more = "C:\\src\\tracker\\"),
    PROCESS(400, "shell", "C:\\Program Files\\nodejs\\node.exe",
            "\"C:\\Program Files\\nodejs\\node.exe\" C:\\src\\tracker\\node_modules\\vite\\bin\\vite.js build",
                    .as = "node",
            .more = "C:\\src\\tracker\\"),
    WRITES(14000, "node", "C:\\src\\tracker\\dist\\assets\\index-$n.js"),
    ENDS(300, "node"), ENDS(50, "shell"));

STEPS(fetch_tool,
    PROCESS(0, "explorer", POWERSHELL, "powershell.exe", .as = "console", .more = "C:\\src\\"),
    PROCESS(6000, "console", S32 "curl.exe",
            "\"" S32 "curl.exe\" -L -o $home\\Downloads\\protoc-28.3-win64.zip "
                    "https://packages.dev.example/protoc-28.3-win64.zip",
            .as = "curl", .more = "C:\\src\\"),
    ASKS(200, "curl", "packages.dev.example", "198.51.100.60"),
    CONNECTS(30, "curl", "packages.dev.example", "198.51.100.60", "443"),
    WRITES(2200, "curl", "$home\\Downloads\\protoc-28.3-win64.zip"),
    { .after_ms = 4000, .what = SIM_SCRIPT, .by = "console", .text = "Expand-Archive "
            "$home\\Downloads\\protoc-28.3-win64.zip C:\\src\\tools" });

STEPS(administer,
    PROCESS(0, "explorer", S32 "mstsc.exe", "\"" S32 "mstsc.exe\" /v:$app", .as = "remote"),
    CONNECTS(600, "remote", "$app.$domain", "$net.30", "3389"),
    PROCESS(61000, "explorer", POWERSHELL, "powershell.exe -NoExit -Command Import-Module ActiveDirectory",
            .as = "console"),
    { .after_ms = 5000, .what = SIM_SCRIPT, .by = "console",
      .text = "Get-ADUser -Filter {PasswordExpired -eq $true} | Select-Object Name,LastLogonDate" },
    ENDS(40000, "console"));

STEPS(look_at_groups,
    PROCESS(0, "explorer", S32 "cmd.exe", "\"" S32 "cmd.exe\"", .as = "shell"),
    PROCESS(8000, "shell", S32 "net.exe", "net group \"Domain Admins\" /domain", .as = "net"),
    PROCESS(20, "net", S32 "net1.exe", S32 "net1 group \"Domain Admins\" /domain"),
    ENDS(9000, "shell"));

/* ---- what runs by itself ---- */

STEPS(update_policy,
    PROCESS(0, "svchost", S32 "taskhostw.exe", "taskhostw.exe", .as = "task", .user = NT),
    PROCESS(400, "svchost", S32 "gpupdate.exe", "gpupdate.exe /target:computer", .as = "policy"),
    CONNECTS(200, "lsass", "$dc.$domain", "$net.10", "88"),
    { .after_ms = 300, .what = SIM_REGISTRY, .by = "svchost",
      .image = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Group Policy\\History\\LastRefresh",
              .text = "$day" },
    ENDS(900, "policy"));

STEPS(take_inventory,
    PROCESS(0, "inventory", S32 "cmd.exe", "cmd.exe /c whoami /user & systeminfo & tasklist /svc", .as = "shell",
            .user = NT),
    PROCESS(80, "shell", S32 "whoami.exe", "whoami /user"),
    PROCESS(120, "shell", S32 "systeminfo.exe", "systeminfo"),
    PROCESS(2600, "shell", S32 "tasklist.exe", "tasklist /svc"),
    CONNECTS(400, "inventory", "assets.$domain", "$net.30", "8443"),
    ENDS(60, "shell"));

STEPS(scan_for_malware,
    PROCESS(0, "svchost", "C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26100.3-0\\MpCmdRun.exe",
            "\"C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.26100.3-0\\MpCmdRun.exe\" Scan "
                    "-ScheduleJob -RestrictPrivileges",
            .as = "scan", .user = NT),
    ENDS(90000, "scan"));

STEPS(back_up,
    PROCESS(0, "backup", S32 "vssadmin.exe", "vssadmin.exe create shadow /for=D:", .as = "shadow", .user = NT),
    ENDS(5200, "shadow"),
    PROCESS(300, "backup", S32 "Robocopy.exe", "robocopy.exe "
            "\\\\?\\GLOBALROOT\\Device\\HarddiskVolumeShadowCopy4\\share \\\\$net.21\\backup\\$day /MIR /R:1",
            .as = "copy"),
    CONNECTS(900, "system", "backup.$domain", "$net.21", "445"),
    WRITES(58000, "copy", "\\\\$net.21\\backup\\$day\\catalog.xml"),
    ENDS(900, "copy"));

STEPS(serve_database,
    { .what = SIM_LOGON, .text = "3", .image = "$app", .more = "$net.30", .user = "svc-tracker" },
    CONNECTS(0, "sql", "$dc.$domain", "$net.10", "389"),
    PROCESS(700, "svchost", "C:\\Program Files\\Microsoft SQL Server\\150\\DTS\\Binn\\DTExec.exe",
            "\"C:\\Program Files\\Microsoft SQL Server\\150\\DTS\\Binn\\DTExec.exe\" /ISServer "
                    "\"\\SSISDB\\Nightly\\Orders.dtsx\"",
            .as = "load", .user = NT),
    ENDS(44000, "load"));

STEPS(answer_tickets,
    { .what = SIM_TICKET, .image = "$fs$", .text = "0x12", .more = "$net.102", .user = "svc-file" },
    { .after_ms = 40, .what = SIM_LOGON, .text = "3", .image = "$fs", .more = "$net.20", .user = "svc-file" });

STEPS(mistype_password,
    { .what = SIM_LOGON_FAILED, .text = "2", .image = "$host", .more = "127.0.0.1" },
    { .after_ms = 9000, .what = SIM_LOGON, .text = "2", .image = "$host", .more = "127.0.0.1" });

/* ---- Linux ---- */

STEPS(rotate_logs,
    PROCESS(0, "cron", "/usr/bin/dash", "/bin/sh -c test -x /usr/sbin/logrotate && /usr/sbin/logrotate "
            "/etc/logrotate.conf",
            .as = "sh", .user = "root"),
    PROCESS(30, "sh", "/usr/sbin/logrotate", "/usr/sbin/logrotate /etc/logrotate.conf", .as = "rotate"),
    WRITES(60, "rotate", "/var/lib/logrotate/status.tmp"),
    PROCESS(90, "rotate", "/usr/bin/gzip", "gzip -9 /var/log/nginx/access.log.1"),
    ENDS(800, "rotate"), ENDS(5, "sh"));

STEPS(watch_service,
    PROCESS(0, "cron", "/usr/bin/dash", "/bin/sh -c /opt/monitor/check.sh", .as = "sh", .user = "monitor"),
    PROCESS(20, "sh", "/usr/bin/curl", "curl -fsS -m 5 http://127.0.0.1:8080/health", .as = "curl"),
    CONNECTS(10, "curl", "localhost", "127.0.0.1", "8080"),
    ENDS(30, "curl"), ENDS(5, "sh"));

STEPS(log_in_over_ssh,
    PROCESS(0, "sshd", "/usr/sbin/sshd", "sshd: deploy [priv]", .as = "session", .user = "root"),
    PROCESS(400, "session", "/usr/bin/bash", "-bash", .as = "bash", .user = "deploy"),
    PROCESS(7000, "bash", "/usr/bin/systemctl", "systemctl status tracker.service --no-pager"),
    PROCESS(21000, "bash", "/usr/bin/journalctl", "journalctl -u tracker.service -n 100 --no-pager"),
    PROCESS(16000, "bash", "/usr/bin/sudo", "sudo systemctl reload nginx", .as = "sudo"),
    ENDS(200, "sudo"), ENDS(60000, "bash"));

#define HABIT(steps_, roles_, times, from, to) \
    { .name = #steps_, .roles = roles_, .per_day = times, .from_hour = from, .to_hour = to, \
      .steps = steps_, .count = COUNT_OF(steps_) }

static const struct sim_habit desk[] = {
    HABIT(arrive, ROLE_DESK, 1, 8, 10),
    HABIT(read_mail, ROLE_DESK, 24, 8, 19),
    HABIT(write_document, ROLE_OFFICE | ROLE_ADMIN, 7, 9, 18),
    HABIT(write_letter, ROLE_OFFICE, 4, 9, 18),
    HABIT(browse, ROLE_DESK, 9, 9, 18),
    HABIT(use_share, ROLE_DESK, 5, 9, 18),
    HABIT(meet, ROLE_DESK, 2, 9, 18),
    HABIT(build_code, ROLE_DEVELOPER, 9, 9, 20),
    HABIT(administer, ROLE_ADMIN, 3, 9, 18),
    HABIT(mistype_password, ROLE_DESK, 1, 8, 10),
};

static const struct sim_habit machine[] = {
    HABIT(update_policy, ROLE_WINDOWS, 12, 0, 24),
    HABIT(scan_for_malware, ROLE_WINDOWS, 1, 0, 24),
    HABIT(back_up, ROLE_FILES, 1, 0, 24),
    HABIT(serve_database, ROLE_APPLICATION, 12, 0, 24),
    HABIT(answer_tickets, ROLE_DOMAIN, 80, 0, 24),
    HABIT(rotate_logs, ROLE_LINUX, 1, 0, 24),
    HABIT(watch_service, ROLE_LINUX, 96, 0, 24),
    HABIT(log_in_over_ssh, ROLE_LINUX, 2, 9, 18),
};

/* Times a week: what looks odd and is not. */
static const struct sim_habit rare[] = {
    HABIT(send_archive, ROLE_OFFICE, 2, 9, 18),
    HABIT(fetch_tool, ROLE_DEVELOPER, 1, 10, 17),
    HABIT(look_at_groups, ROLE_ADMIN, 1, 10, 17),
    HABIT(take_inventory, ROLE_WINDOWS, 2, 0, 24),
};

const struct sim_habit *const sim_habit_tables[] = { desk, machine, rare };
const size_t sim_habit_table_sizes[] = { COUNT_OF(desk), COUNT_OF(machine), COUNT_OF(rare) };
const size_t sim_habit_table_count = COUNT_OF(sim_habit_tables);
