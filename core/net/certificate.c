#include "core/net/certificate.h"

#include <openssl/pem.h>
#include <openssl/x509.h>

enum { SUBJECT_MAX = 300 };

static void
close_file(FILE **f)
{
    if (*f)
        fclose(*f);
}

static void
free_certificate(X509 **certificate)
{
    X509_free(*certificate);
}

static struct instant
instant_of(const ASN1_TIME *time)
{
    struct tm parts;
    if (!time || !ASN1_TIME_to_tm(time, &parts))
        return (struct instant){ 0 };
    return (struct instant){ SECONDS(timegm(&parts)) };
}

bool
certificate_read(struct scope *s, struct str file, struct certificate *out)
{
    scoped(close_file) FILE *f = fopen(str_c(s->arena, file), "re");
    scoped(free_certificate) X509 *certificate = f ? PEM_read_X509(f, NULL, NULL, NULL) : NULL;
    char subject[SUBJECT_MAX];
    if (!certificate)
        return fail(s, &problem_invalid, STR_FMT ": there is no PEM certificate in it", STR_ARG(file));
    X509_NAME_oneline(X509_get_subject_name(certificate), subject, sizeof subject);
    *out = (struct certificate){
        .subject = str_copy(s->arena, str_of(subject)),
        .not_before = instant_of(X509_get0_notBefore(certificate)),
        .not_after = instant_of(X509_get0_notAfter(certificate)),
    };
    return out->not_after.us != 0 || fail(s, &problem_invalid, STR_FMT ": its end cannot be read", STR_ARG(file));
}
