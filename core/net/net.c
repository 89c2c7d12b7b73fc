#include "core/net/net.h"

#include <auth-client.h>
#include <curl/curl.h>
#include <gmime/gmime.h>
#include <signal.h>

bool
net_start(void)
{
    if (signal(SIGPIPE, SIG_IGN) == SIG_ERR || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return false;
    g_mime_init();
    auth_client_init();
    return true;
}
