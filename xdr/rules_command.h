/* rules_command: the command-line face of the engine.
 *
 *     yagura rules check DIR|FILE ...          lint: counts and every refusal with file, line and reason
 *     yagura rules eval --rules DIR --events FILE|- [--threads N] [--format auto] [--cache FILE]
 *     yagura rules explain --rules DIR --rule ID --event FILE
 *     yagura rules test DIR                    rules/a/name.yml against rules/a/name.test.json
 *     yagura rules import-list DIR             one line of JSON per rule that loads
 *
 * Exit status: 0 all well, 1 something was refused or failed, 2 the command line itself was wrong.
 */
#ifndef YAGURA_XDR_RULES_COMMAND_H
#define YAGURA_XDR_RULES_COMMAND_H

/* argv[0] is the sub-verb. */
int rules_command(int argc, char **argv);

#endif
