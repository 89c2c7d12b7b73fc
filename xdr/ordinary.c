#include "xdr/ordinary.h"

#include <pthread.h>

#include "xdr/find.h"

enum { LITERAL_BYTES_MAX = 60, RUN = 3, RUN_BITS = 15 };

const char ordinary_values[] =
    "\nc:\\windows\\system32\\svchost.exe\n"
    "c:\\windows\\system32\\svchost.exe -k netsvcs -p -s schedule\n"
    "c:\\windows\\system32\\conhost.exe\n"
    "\\??\\c:\\windows\\system32\\conhost.exe 0xffffffff -forcev1\n"
    "c:\\windows\\system32\\cmd.exe\n"
    "\"c:\\windows\\system32\\cmd.exe\" /c dir c:\\users\\user\n"
    "c:\\windows\\system32\\cmd.exe /d /s /c \"git status -z -u\"\n"
    "c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe\n"
    "powershell.exe -noprofile -executionpolicy bypass -file c:\\scripts\\start.ps1\n"
    "\"c:\\windows\\system32\\windowspowershell\\v1.0\\powershell.exe\" -noninteractive -command get-process\n"
    "c:\\windows\\system32\\wbem\\wmiprvse.exe -secured -embedding\n"
    "c:\\windows\\system32\\rundll32.exe c:\\windows\\system32\\shell32.dll,control_rundll\n"
    "c:\\windows\\system32\\backgroundtaskhost.exe\n"
    "c:\\windows\\system32\\reg.exe query hklm\\software\\microsoft\\windows nt\\currentversion /v version\n"
    "c:\\windows\\system32\\taskhostw.exe\nc:\\windows\\system32\\services.exe\nc:\\windows\\system32\\lsass.exe\n"
    "c:\\windows\\system32\\csrss.exe\nc:\\windows\\system32\\dllhost.exe\nc:\\windows\\explorer.exe\n"
    "c:\\windows\\explorer.exe\n" /* again: the parent of what people start */
    "c:\\windows\\syswow64\\cmd.exe\nc:\\windows\\system32\\ntdll.dll\nc:\\windows\\system32\\kernel32.dll\n"
    "c:\\windows\\system32\\ntdll.dll+9c534|c:\\windows\\system32\\kernelbase.dll+305fe|"
    "c:\\windows\\system32\\wbem\\wmiprvsd.dll+1a2b\n"
    "c:\\windows\\winsxs\\amd64_microsoft-windows-servicingstack\\tiworker.exe\n"
    "c:\\program files\\google\\chrome\\application\\chrome.exe\n"
    "\"c:\\program files\\google\\chrome\\application\\chrome.exe\" --type=renderer --lang=en --url=https://www\n"
    "c:\\program files (x86)\\microsoft\\edge\\application\\msedge.exe\n"
    "c:\\program files\\windows defender\\msmpeng.exe\n"
    "c:\\programdata\\microsoft\\windows defender\\platform\\nissrv.exe\n"
    "c:\\users\\user\\appdata\\local\\microsoft\\teams\\current\\teams.exe\n"
    "c:\\users\\user\\appdata\\local\\temp\\file.tmp\nc:\\users\\user\\appdata\\roaming\\code\\user.json\n"
    "c:\\users\\user\\downloads\\setup.exe\nc:\\users\\user\\desktop\\readme.txt\nc:\\users\\public\\file.lnk\n"
    "c:\\windows\\temp\\file.tmp\nc:\\windows\\\nc:\\windows\\system32\\\n"
    "hklm\\system\\currentcontrolset\\services\\bam\\state\\usersettings\n"
    "hklm\\software\\microsoft\\windows\\currentversion\\explorer\\run\n"
    "hklm\\software\\wow6432node\\microsoft\\windows\\currentversion\\uninstall\n"
    "hku\\s-1-5-21-1004336348-1177238915-682003330-1001\\software\\microsoft\\windows\\currentversion\\run\n"
    "microsoft corporation\nmicrosoft\nmicrosoft windows\nmicrosoft\xC2\xAE windows\xC2\xAE operating system\n"
    "windows command processor\ngoogle llc\n-\n?\ntrue\nfalse\nvalid\ncmd.exe\npowershell.exe\nsvchost.exe\n"
    "nt authority\\system\nsystem\nmedium\nhigh\nlow\ndword (0x00000001)\nbinary data\n(empty)\n"
    "0x1000\n0x1400\n0x1410\n0x1478\n0x1fffff\n0x1\n0x3e7\nsetvalue\ncreatekey\nkey\nfile\nprocess\nsecurity\n"
    "tcp\nudp\n10.0.0.1\n192.168.1.10\n443\n80\n53\n135\n445\nwww.example.com\nget\npost\n200\n404\nmozilla/5.0\n"
    "/usr/bin/bash\n/usr/bin/python3 /opt/app/main.py --config /etc/app.conf\n/bin/sh -c ls -la /tmp /home /var/log\n"
    "/usr/bin/sudo\n/usr/sbin/sshd -d\n/usr/lib/systemd/systemd\n/usr/bin/cat /etc/hosts\n/dev/null\nroot\n";

/* ---- runs of three bytes that stand among them: what has another one does not ---- */

static uint64_t runs_there[(1 << RUN_BITS) / 64];
static pthread_once_t runs_made = PTHREAD_ONCE_INIT;

static uint32_t
run_place(const char *at)
{
    const unsigned char *b = (const unsigned char *)at;
    return (b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16) * 0x85EBCA6Bu >> (32 - RUN_BITS);
}

static void
make_runs(void)
{
    for (size_t i = 0; i + RUN < sizeof ordinary_values; i++) {
        uint32_t place = run_place(ordinary_values + i);
        runs_there[place / 64] |= 1ull << place % 64;
    }
}

static bool
may_stand(struct str sought)
{
    pthread_once(&runs_made, make_runs);
    for (size_t i = 0; i + RUN <= sought.len; i++) {
        uint32_t place = run_place(sought.at + i);
        if (!(runs_there[place / 64] >> place % 64 & 1))
            return false;
    }
    return true;
}

size_t
ordinary_count(bool begins_line, struct str literal, bool ends_line)
{
    char sought[LITERAL_BYTES_MAX + 2];
    size_t len = 0, count = 0;
    if (literal.len > LITERAL_BYTES_MAX)
        return 0;
    if (begins_line)
        sought[len++] = '\n';
    if (literal.len)
        memcpy(sought + len, literal.at, literal.len);
    len += literal.len;
    if (ends_line)
        sought[len++] = '\n';
    struct str rest = { ordinary_values, sizeof ordinary_values - 1 }, part = { sought, len };
    if (!may_stand(part))
        return 0;
    for (size_t at; len && count < ORDINARY_COUNT_MAX && (at = find_where(rest, part)) < rest.len; count++)
        rest = str_skip(rest, at + 1);
    return count;
}
