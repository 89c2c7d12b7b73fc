/* yagura-rules: the engine's command line by itself, where the whole of yagura is not wanted. */
#include "xdr/rules_command.h"

int
main(int argc, char **argv)
{
    return rules_command(argc - 1, argv + 1);
}
