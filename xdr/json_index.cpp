#include "xdr/json_index.h"

#include <memory>

#include <simdjson.h>

struct json_index {
    std::unique_ptr<simdjson::internal::dom_parser_implementation> parser;
};

namespace {

constexpr size_t FIRST_CAPACITY = 64 * 1024;
constexpr size_t DEPTH = 1; /* of the second stage, which is never run */

const char *
reason(simdjson::error_code code)
{
    switch (code) {
    case simdjson::UTF8_ERROR:
        return "it is not UTF-8";
    case simdjson::UNCLOSED_STRING:
        return "a string is not closed";
    case simdjson::UNESCAPED_CHARS:
        return "a string holds a raw control character";
    case simdjson::EMPTY:
        return "it is empty";
    default:
        return "it is no JSON";
    }
}

} // namespace

extern "C" struct json_index *
json_index_new(void)
{
    auto index = std::make_unique<json_index>();
    auto code = simdjson::get_active_implementation()->create_dom_parser_implementation(FIRST_CAPACITY, DEPTH,
                                                                                        index->parser);
    return code == simdjson::SUCCESS ? index.release() : nullptr;
}

extern "C" void
json_index_free(void *index)
{
    delete static_cast<json_index *>(index);
}

extern "C" const char *
json_index_run(struct json_index *index, const char *text, size_t len, const uint32_t **positions, size_t *count)
{
    auto &parser = *index->parser;
    *count = 0;
    if (len > parser.capacity() && parser.set_capacity(len * 2) != simdjson::SUCCESS)
        return "it is too long";
    auto code = parser.stage1(reinterpret_cast<const uint8_t *>(text), len, simdjson::stage1_mode::regular);
    if (code != simdjson::SUCCESS)
        return reason(code);
    *positions = parser.structural_indexes.get();
    *count = parser.n_structural_indexes;
    return nullptr;
}
