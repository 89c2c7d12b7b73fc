/* bench_upload: a file hashed and written locally, and the same file sent to the service.
 *
 *     bench_upload local FILE TARGET      SHA-256, SHA-1 and MD5, write, fsync: what any store has to do at least
 *     bench_upload send PORT FILE         the head of the request comes on stdin; sendfile, then the answer is read
 *
 * Each prints one line of JSON. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/instant.h"

enum { BLOCK = 256 * 1024, HEAD_MAX = 8192 };

static int
complain(const char *what)
{
    perror(what);
    return 1;
}

static bool
hash_and_write(int from, int to, EVP_MD_CTX *const *hashes, int64_t *bytes)
{
    static char block[BLOCK];
    ssize_t got;
    while ((got = read(from, block, sizeof block)) > 0) {
        for (int i = 0; i < 3; i++)
            EVP_DigestUpdate(hashes[i], block, (size_t)got);
        if (write(to, block, (size_t)got) != got)
            return false;
        *bytes += got;
    }
    return got == 0 && fsync(to) == 0;
}

static int
local(const char *source, const char *target)
{
    const EVP_MD *kinds[] = { EVP_sha256(), EVP_sha1(), EVP_md5() };
    EVP_MD_CTX *hashes[3];
    uint8_t digest[EVP_MAX_MD_SIZE];
    int64_t bytes = 0;
    for (int i = 0; i < 3; i++) {
        hashes[i] = EVP_MD_CTX_new();
        EVP_DigestInit_ex(hashes[i], kinds[i], NULL);
    }
    int from = open(source, O_RDONLY), to = open(target, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    int64_t begun = clock_monotonic_us();
    if (from < 0 || to < 0 || !hash_and_write(from, to, hashes, &bytes))
        return complain("local");
    for (int i = 0; i < 3; i++) {
        EVP_DigestFinal_ex(hashes[i], digest, NULL);
        EVP_MD_CTX_free(hashes[i]);
    }
    printf("{\"bytes\":%lld,\"seconds\":%.6f}\n", (long long)bytes, (double)(clock_monotonic_us() - begun) / 1e6);
    return 0;
}

static bool
send_all(int socket, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = write(socket, text, length);
        if (sent <= 0)
            return false;
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

static int
send_to(const char *port, const char *source)
{
    char head[HEAD_MAX], answer[HEAD_MAX];
    size_t length = fread(head, 1, sizeof head, stdin);
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(port, NULL, 10)),
                                   .sin_addr = { htonl(INADDR_LOOPBACK) } };
    struct stat about;
    int from = open(source, O_RDONLY), to = socket(AF_INET, SOCK_STREAM, 0);
    if (from < 0 || fstat(from, &about) != 0 || connect(to, (struct sockaddr *)&address, sizeof address) != 0)
        return complain("send");
    int64_t begun = clock_monotonic_us();
    if (!send_all(to, head, length))
        return complain("send head");
    for (off_t at = 0; at < about.st_size;)
        if (sendfile(to, from, &at, 1 << 20) <= 0)
            return complain("send body");
    ssize_t got = read(to, answer, sizeof answer - 1);
    int status = got > 12 ? (int)strtol(answer + 9, NULL, 10) : 0;
    printf("{\"status\":%d,\"bytes\":%lld,\"seconds\":%.6f}\n", status, (long long)about.st_size,
           (double)(clock_monotonic_us() - begun) / 1e6);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc == 4 && strcmp(argv[1], "local") == 0)
        return local(argv[2], argv[3]);
    if (argc == 4 && strcmp(argv[1], "send") == 0)
        return send_to(argv[2], argv[3]);
    fprintf(stderr, "bench_upload local FILE TARGET | send PORT FILE\n");
    return 2;
}
