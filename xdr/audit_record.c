/* audit_record: the lines of Linux's audit log.
 *
 * name=value, where a value stands in quotes, or bare, or as hexadecimal digits when it holds what could be mistaken.
 * The tail behind a byte 1D says the same once more in words. Programs (USER_...) say theirs inside msg='...'.
 */
#include "xdr/front_parts.h"

enum { GROUP_SEPARATOR = 0x1D };

/* ---- the head ---- */

static bool
number_before(struct str *rest, char mark, int64_t *out)
{
    struct str digits;
    return str_cut(rest, mark, &digits) && digits.len <= 18 && str_int(digits, out) && *out >= 0;
}

bool
audit_record_of(struct str line, struct audit_record *out)
{
    size_t at = str_find(line, STR("msg=audit("));
    struct str head = str_head(line, at), rest = str_skip(line, at + strlen("msg=audit("));
    size_t type = str_find(head, STR("type="));
    int64_t seconds, ms, serial;
    if (at == line.len || type == head.len)
        return false;
    struct str word = str_skip(head, type + strlen("type="));
    *out = (struct audit_record){ .type = str_trim(word) };
    size_t node = str_find(str_head(head, type), STR("node="));
    if (node < type) {
        struct str name = str_skip(str_head(head, type), node + strlen("node="));
        str_cut(&name, ' ', &out->node);
    }
    bool has_stamp = str_find(rest, STR("):")) < rest.len && number_before(&rest, '.', &seconds)
        && number_before(&rest, ':', &ms) && number_before(&rest, ')', &serial) && ms < 1000 && rest.len;
    if (!has_stamp || seconds > INT64_MAX / 2000 || out->type.len == 0 || str_find(out->type, STR(" ")) < out->type.len)
        return false;
    out->unix_ms = seconds * 1000 + ms;
    out->serial = serial;
    out->body = str_skip(rest, 1); /* the colon */
    return true;
}

bool
audit_record_is_alone(struct str type)
{
    static const char *const starts[] = { "USER", "CRED_", "ADD_", "DEL_", "SERVICE_", "LOGIN", "DAEMON_", "SYSTEM_",
                                          "GRP_", "ACCT_", "ROLE_", "CRYPTO_", "ANOM_LOGIN", "CHUSER_", "CHGRP_",
                                          "TTY" };
    for (size_t i = 0; i < COUNT_OF(starts); i++)
        if (str_starts(type, str_of(starts[i])))
            return true;
    return false;
}

/* The kernel writes the title of the process last; the end itself many logs leave out. */
bool
audit_record_ends(struct str type)
{
    return str_is(type, "EOE") || str_is(type, "PROCTITLE");
}

/* ---- values ---- */

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static bool
is_hex(struct str text)
{
    for (size_t i = 0; i < text.len; i++)
        if (hex_value(text.at[i]) < 0)
            return false;
    return text.len >= 2 && text.len % 2 == 0;
}

/* Bytes between the parts of a command are NUL: blanks for who reads. */
static struct str
of_hex(struct arena *a, struct str digits)
{
    char *out = arena_alloc(a, digits.len / 2 + 1);
    size_t len = digits.len / 2;
    for (size_t i = 0; i < len; i++) {
        char c = (char)(hex_value(digits.at[2 * i]) << 4 | hex_value(digits.at[2 * i + 1]));
        out[i] = c ? c : ' ';
    }
    return str_trim((struct str){ out, len });
}

/* a0, a1 ...; of a long argument a1[0], a1[1] ... */
static bool
is_argument(struct str name, bool *is_part, bool *is_first_part)
{
    size_t i = 1, digits = 0;
    if (name.len < 2 || name.at[0] != 'a')
        return false;
    for (; i < name.len && name.at[i] >= '0' && name.at[i] <= '9'; i++)
        digits++;
    *is_part = i < name.len && name.at[i] == '[';
    *is_first_part = *is_part && str_is(str_skip(name, i), "[0]");
    return digits > 0 && digits < 6 && (i == name.len || (*is_part && name.at[name.len - 1] == ']'));
}

static bool
may_be_hex(struct str type, struct str name)
{
    static const char *const names[] = { "proctitle", "name", "exe", "comm", "cwd", "cmd", "key", "acct", "path",
                                         "data", "dir", "file", "vm", "device" };
    bool is_part, is_first;
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (str_is(name, names[i]))
            return true;
    return str_is(type, "EXECVE") && is_argument(name, &is_part, &is_first);
}

/* ---- the body ---- */

/* The value at the head of *rest, which moves behind it. A quoted one is text as it is, whatever it looks like. */
static struct str
take_value(struct str *rest, bool *is_quoted)
{
    char quote = rest->len ? rest->at[0] : 0;
    *is_quoted = quote == '"' || quote == '\'';
    struct str inside = *is_quoted ? str_skip(*rest, 1) : *rest;
    size_t len = 0;
    while (len < inside.len && (*is_quoted ? inside.at[len] != quote
                                           : inside.at[len] != ' ' && inside.at[len] != GROUP_SEPARATOR))
        len++;
    *rest = str_skip(inside, len + *is_quoted);
    return str_head(inside, len);
}

static void
take_argument(struct pairs *out, struct text *command, struct str name, struct str value, bool is_part, bool is_first)
{
    if (command->len && (!is_part || is_first))
        text_add_char(command, ' ');
    text_add(command, value);
    struct str whole = name;
    if (is_part)
        str_cut(&whole, '[', &name);
    if (!is_part || is_first) {
        pairs_add(out, name, value);
        return;
    }
    /* The parts follow one another in the command; what it held before it grew stays where it was. */
    struct pair *last = out->count ? &out->items[out->count - 1] : NULL;
    size_t len = last ? last->value.len + value.len : 0;
    if (last && str_eq(last->name, name) && !command->full && command->len >= len)
        last->value = (struct str){ command->at + command->len - len, len };
}

static void
read_pairs(const struct audit_record *r, struct str rest, struct pairs *out, struct text *command, bool is_inner)
{
    while (rest.len) {
        while (rest.len && (rest.at[0] == ' ' || rest.at[0] == GROUP_SEPARATOR || rest.at[0] == ','))
            rest = str_skip(rest, 1);
        size_t len = 0;
        while (len < rest.len && rest.at[len] != '=' && rest.at[len] != ' ' && rest.at[len] != GROUP_SEPARATOR)
            len++;
        struct str name = str_head(rest, len);
        bool has_value = len < rest.len && rest.at[len] == '=' && len > 0, quoted, is_part, is_first;
        rest = str_skip(rest, len + (len < rest.len));
        if (!has_value)
            continue;
        struct str value = take_value(&rest, &quoted);
        if (!quoted && is_hex(value) && may_be_hex(r->type, name))
            value = of_hex(out->arena, value);
        if (str_is(r->type, "EXECVE") && is_argument(name, &is_part, &is_first))
            take_argument(out, command, name, value, is_part, is_first);
        else if (str_is(name, "msg") && quoted && !is_inner)
            read_pairs(r, value, out, command, true);
        else if (!(value.len == 6 && str_is(value, "(null)")))
            pairs_add(out, name, value);
    }
}

void
audit_record_read(const struct audit_record *r, struct pairs *out, struct text *command)
{
    pairs_add(out, STR("type"), r->type);
    read_pairs(r, r->body, out, command, false);
}

/* ---- system calls ---- */

struct call {
    int number;
    const char *name;
};

static const struct call calls_x86_64[] = {
    { 2, "open" },        { 41, "socket" },      { 42, "connect" },     { 43, "accept" },       { 49, "bind" },
    { 50, "listen" },     { 56, "clone" },       { 57, "fork" },        { 58, "vfork" },        { 59, "execve" },
    { 62, "kill" },       { 76, "truncate" },    { 77, "ftruncate" },   { 82, "rename" },       { 83, "mkdir" },
    { 84, "rmdir" },      { 85, "creat" },       { 86, "link" },        { 87, "unlink" },       { 88, "symlink" },
    { 90, "chmod" },      { 91, "fchmod" },      { 92, "chown" },       { 93, "fchown" },       { 94, "lchown" },
    { 99, "sysinfo" },    { 101, "ptrace" },     { 103, "syslog" },     { 105, "setuid" },      { 106, "setgid" },
    { 113, "setreuid" },  { 117, "setresuid" },  { 133, "mknod" },      { 135, "personality" }, { 157, "prctl" },
    { 161, "chroot" },    { 165, "mount" },      { 166, "umount2" },    { 169, "reboot" },      { 170, "sethostname" },
    { 175, "init_module" }, { 176, "delete_module" }, { 257, "openat" }, { 258, "mkdirat" },    { 259, "mknodat" },
    { 260, "fchownat" },  { 263, "unlinkat" },   { 264, "renameat" },   { 265, "linkat" },      { 266, "symlinkat" },
    { 268, "fchmodat" },  { 288, "accept4" },    { 310, "process_vm_readv" }, { 311, "process_vm_writev" },
    { 313, "finit_module" }, { 316, "renameat2" }, { 319, "memfd_create" }, { 321, "bpf" },     { 322, "execveat" },
};

static const struct call calls_aarch64[] = {
    { 33, "mknodat" },    { 34, "mkdirat" },     { 35, "unlinkat" },    { 36, "symlinkat" },    { 37, "linkat" },
    { 38, "renameat" },   { 39, "umount2" },     { 40, "mount" },       { 45, "truncate" },     { 46, "ftruncate" },
    { 51, "chroot" },     { 52, "fchmod" },      { 53, "fchmodat" },    { 54, "fchownat" },     { 55, "fchown" },
    { 56, "openat" },     { 92, "personality" }, { 105, "init_module" }, { 106, "delete_module" }, { 116, "syslog" },
    { 117, "ptrace" },    { 129, "kill" },       { 142, "reboot" },     { 144, "setgid" },      { 145, "setreuid" },
    { 146, "setuid" },    { 147, "setresuid" },  { 161, "sethostname" }, { 167, "prctl" },      { 179, "sysinfo" },
    { 198, "socket" },    { 200, "bind" },       { 201, "listen" },     { 202, "accept" },      { 203, "connect" },
    { 220, "clone" },     { 221, "execve" },     { 242, "accept4" },    { 270, "process_vm_readv" },
    { 271, "process_vm_writev" }, { 273, "finit_module" }, { 276, "renameat2" }, { 279, "memfd_create" },
    { 280, "bpf" },       { 281, "execveat" },
};

const char *
audit_syscall_name(struct str arch, struct str number)
{
    bool is_x86 = str_is(arch, "c000003e"), is_arm = str_is(arch, "c00000b7");
    const struct call *calls = is_x86 ? calls_x86_64 : calls_aarch64;
    size_t count = is_x86 ? COUNT_OF(calls_x86_64) : is_arm ? COUNT_OF(calls_aarch64) : 0;
    int64_t wanted;
    for (size_t i = 0; i < count && str_int(number, &wanted); i++)
        if (calls[i].number == wanted)
            return calls[i].name;
    return NULL;
}
