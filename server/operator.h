/* operator: work done at the command line, as the owner of the database: it sees every customer, and the audit log says
 * that the command did it. */
#ifndef YAGURA_SERVER_OPERATOR_H
#define YAGURA_SERVER_OPERATOR_H

#include "model/person.h"
#include "server/program.h"

struct operator {
    struct program program;
    struct db *db;
    struct principal who;
};

/* Opens the program and a transaction that sees every tenant; `name` stands in the audit log. */
must_check bool operator_begin(struct operator *o, const char *config, const char *name);
/* Sees tenants that were added since. */
must_check bool operator_look(struct operator *o);
must_check bool operator_find(struct operator *o, struct str email, struct person *out, bool *found);
/* Commits when good; the exit status. */
int operator_end(struct operator *o, bool good);

#endif
