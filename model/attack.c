#include "model/attack.h"

#include "core/base/arena.h"

const struct attack_tactic attack_tactics[] = {
    { "reconnaissance", "TA0043", { "Reconnaissance", "偵察" } },
    { "resource_development", "TA0042", { "Resource Development", "リソース開発" } },
    { "initial_access", "TA0001", { "Initial Access", "初期アクセス" } },
    { "execution", "TA0002", { "Execution", "実行" } },
    { "persistence", "TA0003", { "Persistence", "永続化" } },
    { "privilege_escalation", "TA0004", { "Privilege Escalation", "権限昇格" } },
    { "defense_evasion", "TA0005", { "Defense Evasion", "防御回避" } },
    { "credential_access", "TA0006", { "Credential Access", "認証情報アクセス" } },
    { "discovery", "TA0007", { "Discovery", "探索" } },
    { "lateral_movement", "TA0008", { "Lateral Movement", "水平展開" } },
    { "collection", "TA0009", { "Collection", "収集" } },
    { "command_and_control", "TA0011", { "Command and Control", "C&C" } },
    { "exfiltration", "TA0010", { "Exfiltration", "持ち出し" } },
    { "impact", "TA0040", { "Impact", "影響" } },
};
const size_t attack_tactic_count = COUNT_OF(attack_tactics);

/* Bits in the order of the tactics above. */
enum {
    RECON = 1 << 0, RESOURCE = 1 << 1, ACCESS = 1 << 2, EXECUTION = 1 << 3, PERSISTENCE = 1 << 4, PRIVILEGE = 1 << 5,
    EVASION = 1 << 6, CREDENTIAL = 1 << 7, DISCOVERY = 1 << 8, LATERAL = 1 << 9, COLLECTION = 1 << 10,
    CONTROL = 1 << 11, EXFILTRATION = 1 << 12, IMPACT = 1 << 13
};

static const struct {
    uint16_t technique, tactics;
} techniques_for[] = { /* sorted */
    { 1001, CONTROL }, { 1003, CREDENTIAL }, { 1005, COLLECTION }, { 1006, EVASION }, { 1007, DISCOVERY },
    { 1008, CONTROL }, { 1010, DISCOVERY }, { 1011, EXFILTRATION }, { 1012, DISCOVERY }, { 1014, EVASION },
    { 1016, DISCOVERY }, { 1018, DISCOVERY }, { 1020, EXFILTRATION }, { 1021, LATERAL }, { 1025, COLLECTION },
    { 1027, EVASION }, { 1029, EXFILTRATION }, { 1030, EXFILTRATION }, { 1033, DISCOVERY }, { 1036, EVASION },
    { 1037, PERSISTENCE | PRIVILEGE }, { 1039, COLLECTION }, { 1040, CREDENTIAL | DISCOVERY },
    { 1041, EXFILTRATION }, { 1046, DISCOVERY }, { 1047, EXECUTION }, { 1048, EXFILTRATION }, { 1049, DISCOVERY },
    { 1052, EXFILTRATION }, { 1053, EXECUTION | PERSISTENCE | PRIVILEGE }, { 1055, PRIVILEGE | EVASION },
    { 1056, CREDENTIAL | COLLECTION }, { 1057, DISCOVERY }, { 1059, EXECUTION }, { 1068, PRIVILEGE },
    { 1069, DISCOVERY }, { 1070, EVASION }, { 1071, CONTROL }, { 1072, EXECUTION | LATERAL }, { 1074, COLLECTION },
    { 1078, ACCESS | PERSISTENCE | PRIVILEGE | EVASION }, { 1080, LATERAL }, { 1082, DISCOVERY },
    { 1083, DISCOVERY }, { 1087, DISCOVERY }, { 1090, CONTROL }, { 1091, ACCESS | LATERAL }, { 1092, CONTROL },
    { 1095, CONTROL }, { 1098, PERSISTENCE | PRIVILEGE }, { 1102, CONTROL }, { 1104, CONTROL }, { 1105, CONTROL },
    { 1106, EXECUTION }, { 1110, CREDENTIAL }, { 1111, CREDENTIAL }, { 1112, PERSISTENCE | EVASION },
    { 1113, COLLECTION }, { 1114, COLLECTION }, { 1115, COLLECTION }, { 1119, COLLECTION }, { 1120, DISCOVERY },
    { 1123, COLLECTION }, { 1124, DISCOVERY }, { 1125, COLLECTION }, { 1127, EVASION }, { 1129, EXECUTION },
    { 1132, CONTROL }, { 1133, ACCESS | PERSISTENCE }, { 1134, PRIVILEGE | EVASION }, { 1135, DISCOVERY },
    { 1136, PERSISTENCE }, { 1137, PERSISTENCE }, { 1140, EVASION }, { 1176, PERSISTENCE }, { 1185, COLLECTION },
    { 1187, CREDENTIAL }, { 1189, ACCESS }, { 1190, ACCESS }, { 1195, ACCESS }, { 1197, PERSISTENCE | EVASION },
    { 1199, ACCESS }, { 1200, ACCESS }, { 1201, DISCOVERY }, { 1202, EVASION }, { 1203, EXECUTION },
    { 1204, EXECUTION }, { 1205, PERSISTENCE | EVASION | CONTROL }, { 1207, EVASION }, { 1210, LATERAL },
    { 1211, EVASION }, { 1212, CREDENTIAL }, { 1213, COLLECTION }, { 1216, EVASION }, { 1217, DISCOVERY },
    { 1218, EVASION }, { 1219, CONTROL }, { 1220, EVASION }, { 1221, EVASION }, { 1222, EVASION },
    { 1480, EVASION }, { 1482, DISCOVERY }, { 1484, PRIVILEGE | EVASION }, { 1485, IMPACT }, { 1486, IMPACT },
    { 1489, IMPACT }, { 1490, IMPACT }, { 1491, IMPACT }, { 1495, IMPACT }, { 1496, IMPACT },
    { 1497, EVASION | DISCOVERY }, { 1498, IMPACT }, { 1499, IMPACT }, { 1505, PERSISTENCE }, { 1518, DISCOVERY },
    { 1526, DISCOVERY }, { 1528, CREDENTIAL }, { 1529, IMPACT }, { 1530, COLLECTION }, { 1531, IMPACT },
    { 1534, LATERAL }, { 1535, EVASION }, { 1537, EXFILTRATION }, { 1538, DISCOVERY }, { 1539, CREDENTIAL },
    { 1542, PERSISTENCE | EVASION }, { 1543, PERSISTENCE | PRIVILEGE }, { 1546, PERSISTENCE | PRIVILEGE },
    { 1547, PERSISTENCE | PRIVILEGE }, { 1548, PRIVILEGE | EVASION }, { 1550, EVASION | LATERAL },
    { 1552, CREDENTIAL }, { 1553, EVASION }, { 1554, PERSISTENCE }, { 1555, CREDENTIAL },
    { 1556, PERSISTENCE | EVASION | CREDENTIAL }, { 1557, CREDENTIAL | COLLECTION }, { 1558, CREDENTIAL },
    { 1559, EXECUTION }, { 1560, COLLECTION }, { 1561, IMPACT }, { 1562, EVASION }, { 1563, LATERAL },
    { 1564, EVASION }, { 1565, IMPACT }, { 1566, ACCESS }, { 1567, EXFILTRATION }, { 1568, CONTROL },
    { 1569, EXECUTION }, { 1570, LATERAL }, { 1571, CONTROL }, { 1572, CONTROL }, { 1573, CONTROL },
    { 1574, PERSISTENCE | PRIVILEGE | EVASION }, { 1578, EVASION }, { 1580, DISCOVERY }, { 1583, RESOURCE },
    { 1584, RESOURCE }, { 1585, RESOURCE }, { 1586, RESOURCE }, { 1587, RESOURCE }, { 1588, RESOURCE },
    { 1589, RECON }, { 1590, RECON }, { 1591, RECON }, { 1592, RECON }, { 1593, RECON }, { 1594, RECON },
    { 1595, RECON }, { 1596, RECON }, { 1597, RECON }, { 1598, RECON }, { 1599, EVASION }, { 1600, EVASION },
    { 1601, EVASION }, { 1602, COLLECTION }, { 1606, CREDENTIAL }, { 1608, RESOURCE }, { 1609, EXECUTION },
    { 1610, EVASION | EXECUTION }, { 1611, PRIVILEGE }, { 1612, EVASION }, { 1613, DISCOVERY },
    { 1614, DISCOVERY }, { 1615, DISCOVERY }, { 1619, DISCOVERY }, { 1620, EVASION }, { 1621, CREDENTIAL },
    { 1622, EVASION | DISCOVERY }, { 1647, EVASION }, { 1648, EXECUTION }, { 1649, CREDENTIAL },
    { 1650, RESOURCE }, { 1651, EXECUTION }, { 1652, DISCOVERY }, { 1653, PERSISTENCE }, { 1654, DISCOVERY },
    { 1657, IMPACT }, { 1659, ACCESS | CONTROL },
};

static unsigned
tactics_for(int64_t technique)
{
    size_t low = 0, high = COUNT_OF(techniques_for);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (techniques_for[middle].technique == technique)
            return techniques_for[middle].tactics;
        if (techniques_for[middle].technique < technique)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* "privilege-escalation" and "privilege_escalation" are the same. */
static bool
is_tactic(struct str word, const char *key)
{
    size_t i = 0;
    for (; i < word.len && key[i]; i++)
        if (word.at[i] != key[i] && !(word.at[i] == '-' && key[i] == '_'))
            return false;
    return i == word.len && !key[i];
}

static bool
read_technique(struct arena *a, struct str word, struct str *name, int64_t *number)
{
    if (word.len < 5 || (word.at[0] != 't' && word.at[0] != 'T') || !str_int(str_head(str_skip(word, 1), 4), number))
        return false;
    for (size_t i = 5; i < word.len; i++)
        if ((i == 5) != (word.at[i] == '.') || (i > 5 && (word.at[i] < '0' || word.at[i] > '9')))
            return false;
    *name = str_printf(a, "T" STR_FMT, STR_ARG(str_skip(word, 1)));
    return true;
}

static void
add_once(struct strs *list, struct str word)
{
    for (size_t i = 0; i < list->count; i++)
        if (str_eq(list->items[i], word))
            return;
    list->items[list->count++] = word;
}

void
attack_of_tags(struct arena *a, struct strs tags, struct strs *techniques, struct strs *tactics)
{
    unsigned named = 0;
    *techniques = (struct strs){ arena_array_of(a, tags.count + 1, struct str), 0 };
    *tactics = (struct strs){ arena_array_of(a, COUNT_OF(attack_tactics) + 1, struct str), 0 };
    for (size_t i = 0; i < tags.count; i++) {
        struct str word = str_lower(a, tags.items[i]), name;
        int64_t number;
        if (!str_starts(word, STR("attack.")))
            continue;
        word = str_skip(word, 7);
        if (read_technique(a, word, &name, &number)) {
            add_once(techniques, name);
            named |= tactics_for(number) << 16;
        }
        for (size_t t = 0; t < COUNT_OF(attack_tactics); t++)
            named |= is_tactic(word, attack_tactics[t].key) ? 1u << t : 0;
    }
    /* What the author says of tactics stands; the table speaks only where the author is silent. */
    unsigned chosen = named & 0xFFFF ? named & 0xFFFF : named >> 16;
    for (size_t t = 0; t < COUNT_OF(attack_tactics); t++)
        if (chosen >> t & 1)
            add_once(tactics, str_of(attack_tactics[t].key));
}
