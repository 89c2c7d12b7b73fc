/* Which programs run scripts, and which of their command lines are one. */
#include "workflows/inventory_parts.h"

enum { NAME_MAX_CHARS = 32, SCANNED = 4096 };

static const struct runner {
    const char *name;
    enum script_kind kind;
    const char *only_with; /* the command line has to hold this; NULL: any that says more than the program's name */
} runners[] = {
    { "powershell.exe", SCRIPT_POWERSHELL, NULL }, { "pwsh.exe", SCRIPT_POWERSHELL, NULL },
    { "pwsh", SCRIPT_POWERSHELL, NULL }, { "powershell_ise.exe", SCRIPT_POWERSHELL, NULL },
    { "wscript.exe", SCRIPT_JSCRIPT, ".js" }, { "cscript.exe", SCRIPT_JSCRIPT, ".js" },
    { "wscript.exe", SCRIPT_VBSCRIPT, NULL }, { "cscript.exe", SCRIPT_VBSCRIPT, NULL },
    { "mshta.exe", SCRIPT_OTHER, NULL },
    { "cmd.exe", SCRIPT_BATCH, ".bat" }, { "cmd.exe", SCRIPT_BATCH, ".cmd" },
    { "python.exe", SCRIPT_PYTHON, NULL }, { "python", SCRIPT_PYTHON, NULL }, { "python3", SCRIPT_PYTHON, NULL },
    { "perl", SCRIPT_OTHER, NULL }, { "ruby", SCRIPT_OTHER, NULL }, { "node", SCRIPT_OTHER, NULL },
    { "php", SCRIPT_OTHER, NULL }, { "osascript", SCRIPT_OTHER, NULL },
    { "sh", SCRIPT_SHELL, NULL }, { "bash", SCRIPT_SHELL, NULL }, { "dash", SCRIPT_SHELL, NULL },
    { "zsh", SCRIPT_SHELL, NULL }, { "ksh", SCRIPT_SHELL, NULL },
};

static bool
holds_nocase(struct str text, const char *part)
{
    size_t len = strlen(part);
    for (size_t i = 0; i + len <= text.len && i < SCANNED; i++)
        if (strncasecmp(text.at + i, part, len) == 0)
            return true;
    return false;
}

/* "bash" and "C:\…\powershell.exe" alone are a prompt, not a script. */
static bool
says_more(struct str command_line)
{
    struct str rest = str_trim(command_line), part;
    if (rest.len && rest.at[0] == '"') {
        rest = str_skip(rest, 1);
        return str_cut(&rest, '"', &part) && str_trim(rest).len > 0;
    }
    return str_cut(&rest, ' ', &part) && str_trim(rest).len > 0;
}

enum script_kind
script_kind_of(struct str image, struct str command_line)
{
    struct str name = file_name_of(image);
    if (name.len > NAME_MAX_CHARS || !says_more(command_line))
        return SCRIPT_KIND_NONE;
    for (size_t i = 0; i < COUNT_OF(runners); i++)
        if (str_eq_nocase(name, str_of(runners[i].name))
            && (!runners[i].only_with || holds_nocase(command_line, runners[i].only_with)))
            return runners[i].kind;
    return SCRIPT_KIND_NONE;
}
