// The limit the engine chases: simdjson's whole parse of each line, every value read into its own form.
#include <cstddef>

#include <simdjson.h>

extern "C" size_t
bench_parse_line(void *parser, const char *text, size_t len)
{
    simdjson::dom::element event;
    auto error = static_cast<simdjson::dom::parser *>(parser)->parse(text, len, false).get(event);
    return error ? 0 : 1;
}

extern "C" void *
bench_parser_new(void)
{
    return new simdjson::dom::parser;
}
