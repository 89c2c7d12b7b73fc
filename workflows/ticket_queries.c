#include "workflows/ticket_queries.h"

static const struct shape word_shape = SHAPE(query_word_told,
    FIELD(query_word_told, word, "As it is written", .required = true),
    FIELD(query_word_told, ja, "The same in Japanese"));

static const struct shape field_told_shape = SHAPE(query_field_told,
    FIELD(query_field_told, name, "As it is written", .required = true),
    FIELD(query_field_told, ja, "The same in Japanese", .required = true),
    FIELD(query_field_told, hint, "What it asks for", .required = true),
    FIELD(query_field_told, example, "How it is used", .required = true),
    FIELD(query_field_told, kind, "What it takes: choice, parts of texts, exact texts, number, times ahead or back",
          .of = &query_kind_domain, .required = true),
    FIELD(query_field_told, words, "The words it knows", .items = &word_shape, .required = true));

const struct shape query_fields_told_shape = SHAPE(query_fields_told,
    FIELD(query_fields_told, items, "What can be asked", .items = &field_told_shape, .required = true));

const struct shape query_ask_shape = SHAPE(query_ask,
    FIELD(query_ask, text, "What somebody has written so far", .max = QUERY_TEXT_MAX));

static const struct shape fault_shape = SHAPE(query_fault_told,
    FIELD(query_fault_told, at, "Where it begins, in characters from 0"),
    FIELD(query_fault_told, length, "How many characters it takes"),
    FIELD(query_fault_told, message, "What is wrong, as a sentence", .required = true),
    FIELD(query_fault_told, suggestion, "What was probably meant in its place"));

const struct shape query_checked_shape = SHAPE(query_checked,
    FIELD(query_checked, understood, "It can be asked as it stands"),
    FIELD(query_checked, terms, "How many terms it has"),
    FIELD(query_checked, fault, "The first thing that is not understood", .items = &fault_shape, .single = true));

static struct rows
words_told(struct scope *s, const struct query_field *f)
{
    struct query_word_told *items = arena_array_of(s->arena, f->word_count + 1, struct query_word_told);
    for (size_t i = 0; i < f->word_count; i++)
        items[i] = (struct query_word_told){ str_of(f->words[i].word), str_of(f->words[i].ja) };
    return (struct rows){ items, f->word_count };
}

bool
ticket_query_fields(struct scope *s, struct query_fields_told *out)
{
    const struct query_language *l = &ticket_query_language;
    struct query_field_told *items = arena_array_of(s->arena, l->count, struct query_field_told);
    for (size_t i = 0; i < l->count; i++) {
        const struct query_field *f = &l->fields[i];
        items[i] = (struct query_field_told){
            str_of(f->name), str_of(f->ja), str_of(bilingual_in(f->hint, s->language)), str_of(f->example), f->kind,
            words_told(s, f) };
    }
    out->items = (struct rows){ items, l->count };
    return true;
}

bool
ticket_query_check(struct scope *s, const struct query_ask *in, struct query_checked *out)
{
    struct query_reading *reading = arena_new_of(s->arena, struct query_reading);
    query_text_read(s->arena, &ticket_query_language, in->text, reading);
    *out = (struct query_checked){ .understood = reading->understood, .terms = (int64_t)reading->count };
    if (reading->understood)
        return true;
    const struct query_fault *f = &reading->fault;
    struct query_fault_told *told = arena_new_of(s->arena, struct query_fault_told);
    *told = (struct query_fault_told){ (int64_t)f->at, (int64_t)f->len, s->language == LANGUAGE_JA ? f->ja : f->en,
                                       f->suggestion };
    out->fault = (struct rows){ told, 1 };
    return true;
}
