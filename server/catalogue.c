#include "server/catalogue.h"

#include "model/api_key.h"
#include "model/attachment.h"
#include "model/audit.h"
#include "model/business_calendar.h"
#include "model/canned_answer.h"
#include "model/call_task.h"
#include "model/contact_drill.h"
#include "model/checklist.h"
#include "model/credential.h"
#include "model/entitlement.h"
#include "model/detection.h"
#include "model/detection_rule.h"
#include "model/detection_settle.h"
#include "model/exclusion.h"
#include "model/exclusion_replay.h"
#include "model/group_now.h"
#include "model/handover.h"
#include "model/hunt.h"
#include "model/identity_provider.h"
#include "model/job.h"
#include "model/ingest_key.h"
#include "model/mail.h"
#include "model/mail_arrival.h"
#include "model/notice.h"
#include "model/observation.h"
#include "model/permission.h"
#include "model/permission_set.h"
#include "model/person.h"
#include "model/principal.h"
#include "model/promise.h"
#include "model/retention.h"
#include "model/promise_dispute.h"
#include "model/rule_text_then.h"
#include "model/saved_view.h"
#include "model/computer_group.h"
#include "model/dashboard.h"
#include "model/detection_hour.h"
#include "model/executable.h"
#include "model/incident_rule.h"
#include "model/incident_view.h"
#include "model/incident_work.h"
#include "model/inventory_sweep.h"
#include "model/search.h"
#include "model/segment.h"
#include "model/service_contact.h"
#include "model/service_target.h"
#include "model/severity_wish.h"
#include "model/tenant.h"
#include "model/ticket_brief.h"
#include "model/ticket_chatter.h"
#include "model/ticket_document.h"
#include "model/ticket_post.h"
#include "model/webhook.h"
#include "model/ticket_snooze.h"
#include "model/ticket_work.h"
#include "model/upload_link.h"
#include "core/db/change.h"
#include "server/api/session_state.h"
#include "server/http/http.h"
#include "server/http/idempotency.h"
#include "workflows/attachments.h"
#include "workflows/correlating.h"
#include "workflows/dashboard.h"
#include "workflows/detections.h"
#include "workflows/drills.h"
#include "workflows/hunts.h"
#include "workflows/incident_gather.h"
#include "workflows/inventory_sweep.h"
#include "workflows/reputations.h"
#include "workflows/escalations.h"
#include "workflows/mail_in.h"
#include "workflows/exclusions.h"
#include "workflows/group_members.h"
#include "workflows/mail_send.h"
#include "workflows/notices.h"
#include "workflows/promise_upkeep.h"
#include "workflows/promises.h"
#include "workflows/storage.h"
#include "workflows/status_facts.h"
#include "workflows/status_probe.h"
#include "workflows/ticket_news.h"
#include "workflows/upkeep.h"
#include "workflows/uploads.h"
#include "workflows/what_if.h"
#include "workflows/webhooks.h"

/* Queries that no route names: those of verbs, jobs and the door itself. */
static const struct query *const queries[] = {
    &principal_open, &session_tenant,
    &api_key_by_id, &my_api_key_by_id, &api_key_insert, &api_key_revoke,
    &attachment_lock, &attachment_for_work, &attachment_insert, &attachment_save, &attachment_same,
    &content_hold, &content_users, &custody_insert, &upload_link_insert, &upload_link_revoke,
    &upload_link_note_open, &upload_link_add_file,
    &upload_visit_open, &upload_link_under_way,
    &audit_insert, &audit_ends, &audit_slice_read,
    &hunt_for_work, &hunt_insert, &hunt_progress, &hunt_end, &hunt_delete, &hunt_hits_delete, &hunts_old, &hunt_begin,
    &hunt_hits_insert, &segments_total, &segments_before, &segments_probed, &segment_body_of, &segment_batches_of,
    &login_lookup, &attempt_failed, &attempt_succeeded, &attempts_unlock, &password_read, &password_write,
    &session_start, &session_advance, &session_code_failed, &session_act, &session_end, &totp_read,
    &totp_propose, &totp_take_step, &totp_enrol, &recovery_replace, &recovery_use, &device_remember,
    &device_touch, &person_token_issue, &person_token_open, &person_token_use, &person_complete,
    &session_owner,
    &sender_open, &sender_note, &ingest_key_by_id, &ingest_key_insert, &ingest_key_revoke,
    &segment_insert, &day_begin, &ingest_batch_lock, &ingest_batch_known, &ingest_batch_insert, &event_place_of,
    &evidence_of_event, &evidence_insert, &days_expire, &events_expiring, &segments_small,
    &segment_batches_move, &segment_delete, &retention_set,
    &identity_provider_by_id, &identity_provider_insert, &identity_provider_update, &identity_provider_delete,
    &oidc_choose, &oidc_open, &oidc_remember, &oidc_take, &oidc_find_person,
    &permission_set_by_id, &permission_set_insert, &permission_set_update, &permission_set_delete,
    &permission_sets_together,
    &person_by_id, &person_insert, &person_update, &person_set_status, &person_enable, &person_holding,
    &person_sets_clear, &person_sets_add, &person_tenants_clear, &person_tenants_add, &tenant_administrators,
    &me_read, &me_update,
    &saved_view_by_id, &saved_view_insert, &saved_view_update, &saved_view_delete,
    &search_everything,
    &tenant_by_id, &tenant_insert, &tenant_update, &tenant_set_status, &tenant_lock,
    &mail_by_id, &mail_letter_lock, &mail_insert, &mail_begin_attempt, &mail_end_attempt, &mail_set_kept,
    &mail_queue_again, &mail_count, &mail_arrival_by_id, &mail_arrival_claim, &mail_arrival_save, &mail_sender_find,
    &mail_act, &mail_case_of, &mail_category_for, &mail_in_sweep, &mail_told_lately,
    &job_by_id, &job_summary, &job_revive, &job_discard,
    &change_record_query, &change_record_many_query,
    &database_facts, &job_facts, &people_facts, &object_facts, &status_probe_rows, &status_probe_write,
    &api_keys_to_remind, &mail_sweep,
    &service_contact_by_id, &service_contact_of_person, &service_contact_insert, &service_contact_delete,
    &service_contact_update, &service_contacts_order, &service_contacts_of_tenant,
    &call_task_by_id, &call_task_insert, &call_task_end, &call_attempt_insert,
    &contact_drill_by_id, &contact_drill_insert, &drill_line_insert, &drill_line_call, &drill_contacts,
    &contact_drill_settle, &contact_drill_answer, &drills_to_start, &drills_overdue, &contact_drill_of_quarter,
    &drill_customer,
    &handover_by_id, &handover_insert, &handover_item_insert, &handover_accept, &handover_now,
    &entitlement_left, &entitlement_use_insert, &entitlement_use_by_id, &entitlement_use_of_ticket,
    &entitlement_use_save,
    &ticket_snooze_put, &ticket_snooze_drop, &ticket_snooze_warned,
    &ticket_newest, &ticket_saying, &ticket_titled, &ticket_owners,
    &ticket_category_by_id, &ticket_lock, &ticket_insert, &ticket_save, &ticket_add_words, &ticket_move_find,
    &ticket_post_by_id, &ticket_post_insert, &ticket_notes_insert, &ticket_questions_answer, &ticket_read_mark,
    &ticket_posts_chosen, &ticket_posts_move, &ticket_posts_open, &ticket_by_reference, &ticket_recount,
    &ticket_merged_follow, &ticket_link_by_id, &ticket_link_insert, &ticket_link_delete, &ticket_link_end,
    &ticket_link_would_circle, &ticket_watcher_add, &ticket_watcher_remove, &ticket_watchers_join,
    &ticket_computer_by_id, &ticket_computer_insert, &ticket_computer_delete, &ticket_check_by_id,
    &ticket_check_insert, &ticket_check_tick_row, &ticket_check_delete, &ticket_checks_begin, &ticket_checks_add,
    &ticket_time_by_id, &ticket_time_insert, &ticket_time_delete, &ticket_tags_remember,
    &checklist_template_insert, &checklist_template_update,
    &ticket_form_save, &ticket_document_lock, &ticket_document_insert, &ticket_document_end, &document_person_insert,
    &document_answer_insert, &customer_administrators, &document_file_by_id, &document_completion,
    &ticket_post_edit_insert, &ticket_post_change, &ticket_post_mark_revealed, &ticket_mention_insert,
    &ticket_writer_tell, &ticket_writer_end,
    &promise_dispute_insert, &promise_dispute_decide,
    &canned_answer_insert, &canned_answer_update, &canned_answer_delete, &canned_answers_for,
    &promises_of_cycle, &promises_of_ticket, &promise_by_id, &promise_lock_ticket, &promise_insert, &promise_save,
    &promises_lock_free, &promises_running, &promise_lines_of_many, &promises_save_marks,
    &promise_lines, &promise_lines_of_ticket, &promise_line_insert, &targets_for,
    &business_calendar_by_id, &business_calendar_versions, &business_calendar_of_tenant,
    &calendar_row_by_id, &calendar_use_of_tenant, &calendar_use_set, &calendar_use_clear, &calendar_insert,
    &calendar_rename, &calendar_touch, &calendar_version_put, &calendar_version_delete,
    &service_target_by_id, &service_target_insert, &service_target_delete, &service_targets_of_metric,
    &promises_open_of_calendar, &promises_open_of_target, &promises_unsettled, &promise_settle, &ticket_set_due,
    &ticket_hold_row,
    &severity_wish_by_id, &severity_wish_insert, &severity_wish_end, &severity_wishes_overtake,
    &notice_tell_query, &notice_take_mails, &notice_mark_read, &notice_unread, &notice_preferences_mine,
    &notice_preference_set, &notice_preference_clear, &notice_setting_of, &notice_setting_set, &ticket_people,
    &provider_holders, &notice_sweep, &ticket_brief_by_id, &open_question_by_id,
    &upload_find, &upload_insert, &upload_mark, &upload_complete, &upload_delete, &upload_usage_lock,
    &upload_usage_read, &upload_expired, &upload_unknown,
    &tenant_holders, &escalation_chain_by_id,
    &escalation_chain_insert, &escalation_chain_update, &escalation_chain_delete,
    &escalation_lowest_mark, &escalation_latest_start, &escalations_begin, &escalation_lock, &escalation_save,
    &escalation_call_insert, &escalation_calls, &escalation_acknowledge,
    &webhook_by_id, &webhook_insert, &webhook_update, &webhook_delete, &webhook_set_state, &webhook_rotate,
    &webhook_enqueue, &webhook_delivery_by_id, &webhook_test, &webhook_replay, &webhook_lock, &webhook_take,
    &webhook_release, &delivery_head, &delivery_begin, &delivery_end, &webhook_failing, &webhook_disable,
    &webhook_waiting, &webhook_as_customer, &webhook_as_service, &webhook_incident, &webhook_ticket,
    &webhook_post, &webhook_escalation,
    &webhook_sweep,
    &computer_lock, &computer_save, &computer_by_name, &computers_seen, &computer_users_seen, &computers_hold,
    &computers_hold_any, &computers_recount, &computer_group_insert, &computer_group_update, &computer_group_delete,
    &computer_group_add, &computer_group_take, &computer_group_static_members, &computer_group_is_above,
    &executable_lock, &executable_by_hash, &executable_save, &executables_seen, &executable_places_seen, &scripts_seen,
    &script_places_seen, &scripts_sweep, &executables_sweep, &computer_users_sweep, &detection_hours_fill,
    &incident_lock, &incident_save, &incident_entry_by_id, &incident_entry_insert, &gather_try_lock, &gather_lock,
    &gather_rules,
    &gather_detections, &gather_chosen, &gather_incidents, &incident_begin_row, &incident_objects_add,
    &detections_gather, &incident_objects_clear, &incident_detections, &incident_profile_row, &incident_recount,
    &incident_worst_of, &incident_is_related, &incident_muted, &incident_rename, &incident_summary_set,
    &incident_by_reference, &incident_resolve, &incident_layout_set, &incident_count_of, &incidents_of_detections,
    &incident_computer_names, &incident_category, &incident_level_by_id, &incident_level_of, &incident_level_set,
    &incident_rule_insert, &incident_rule_update, &incident_rule_delete, &graph_detections, &graph_layout,
    &dashboard_incidents, &dashboard_incident_days, &dashboard_top_rules, &dashboard_times, &dashboard_files,
    &dashboard_files_at, &dashboard_executables, &dashboard_computer_figures, &dashboard_computers, &dashboard_today,
    &file_figures_forget, &file_figures_count,
    &reputation_source_insert, &reputation_source_update, &reputation_source_rekey, &reputation_source_delete,
    &reputation_link_by_id, &reputation_link_insert, &reputation_link_delete, &reputation_begin,
    &reputation_hold_by_id, &reputation_take_turn, &reputation_keep, &reputation_source_tell, &reputation_judge,
    &idempotency_claim, &idempotency_read, &idempotency_fill,
    &detection_lock, &detections_lock, &detection_save, &detection_ungroup, &detection_groups_lock,
    &detection_marks, &detection_elsewhere,
    &settle_groups, &settle_new, &settle_repeats, &settle_occurrences, &settle_counts, &settle_observations,
    &settle_changes, &tally_counts, &tally_hits, &tally_computers, &tally_groups,
    &observations_waiting, &observations_around, &observations_take, &observations_drop,
    &detection_rule_by_key, &detection_rule_insert, &detection_rule_save, &detection_rule_version_insert,
    &rule_setting_put, &rule_setting_find, &rule_setting_delete, &rule_text_then,
    &rule_world_rules, &rule_world_settings, &rule_world_generation, &rules_there,
    &exclusion_insert, &exclusion_save, &exclusion_delete, &exclusion_world, &exclusions_expired,
    &group_now_take, &group_now_put, &groups_asked, &groups_asked_no_more, &computer_keys,
    &replay_page, &replay_true_places, &learn_candidates, &learning_of, &learning_set, &learning_now,
    &feed_rows, &feed_head,
};

static const struct listing *const listings[] = {
    NULL,
};

static const struct job_kind *const kinds[] = {
    &attachment_scan_job,
    &attachment_seal_job,
    &attachment_sweep_job,
    &contact_drill_job,
    &correlate_job,
    &detection_tally_job,
    &escalation_step_job,
    &hunt_slice_job,
    &incident_gather_job,
    &inventory_sweep_job,
    &file_figures_job,
    &exclusion_groups_job,
    &exclusion_upkeep_job,
    &mail_send_job,
    &notice_mail_job,
    &promise_mark_job,
    &question_reminder_job,
    &promise_recount_job,
    &promise_retarget_job,
    &promise_settle_job,
    &segment_merge_job,
    &storage_upkeep_job,
    &reputation_ask_job,
    &status_probe_job,
    &upkeep_job,
    &upload_sweep_job,
    &webhook_send_job,
};
const struct job_catalogue job_catalogue = { kinds, COUNT_OF(kinds) };

static const struct query job_gauge = {
    .name = "job_gauge",
    .sql = "SELECT 'yagura_jobs' AS name, format('kind=\"%s\",state=\"%s\"', kind, state) AS labels, count AS value"
           " FROM job_counts() ORDER BY 2",
    .args = &gauge_ask_shape, .row = &gauge_row_shape,
};

static const struct query job_delay_gauge = {
    .name = "job_delay_gauge",
    .sql = "SELECT 'yagura_job_delay_seconds' AS name, NULL::text AS labels,"
           " greatest(0, coalesce(extract(epoch FROM :at - min(oldest_at)), 0))::bigint AS value"
           " FROM job_counts() WHERE state = 'ready'",
    .args = &gauge_ask_shape, .row = &gauge_row_shape,
};

static const struct query mail_gauge = {
    .name = "mail_gauge",
    .sql = "SELECT 'yagura_mails' AS name, format('state=\"%s\"', state) AS labels, value"
           " FROM mail_counts(:at - interval '1 hour', :at),"
           " LATERAL (VALUES ('queued', queued), ('late', late), ('failed', failed), ('kept', kept))"
           " AS g (state, value)",
    .args = &gauge_ask_shape, .row = &gauge_row_shape,
};

const struct query *const gauge_queries[] = {
    &job_gauge,
    &job_delay_gauge,
    &mail_gauge,
};
const size_t gauge_queries_count = COUNT_OF(gauge_queries);

static const struct change_noun nouns[] = {
    { "tenant", CAN_READ(TENANTS) },
    { "person", CAN_READ(PEOPLE) },
    { "session", CAN_READ(PEOPLE) },
    { "hunt", CAN_READ(HUNTS) },
    { "permission_set", CAN_READ(PERMISSIONS) },
    { "api_key", CAN_READ(API_KEYS) },
    { "identity_provider", CAN_READ(SIGN_IN) },
    { "ingest_key", CAN_READ(TELEMETRY) },
    { "attachment", CAN_READ(TICKETS) },
    { "upload_link", CAN_READ(TICKETS) },
    { "audit", CAN_READ(AUDIT) },
    { "mail", CAN_READ(MAIL) },
    { "mail_arrival", CAN_READ(MAIL) },
    { "job", CAN_READ(JOBS) },
    { "saved_view", SIGNED_IN },
    { "ticket", CAN_READ(TICKETS) },
    { "ticket_note", CAN_READ(TENANTS) }, /* a permission that only people of the provider hold */
    { "ticket_writer", CAN_READ(TICKETS) },
    { "ticket_note_writer", CAN_READ(TENANTS) },
    { "canned_answer", CAN_READ(TENANTS) },
    { "service_contact", CAN_READ(TICKETS) },
    { "business_calendar", CAN_READ(CALENDARS) },
    { "call_task", CAN_READ(TICKETS) },
    { "entitlement", CAN_READ(TICKETS) },
    { "contact_drill", CAN_READ(TICKETS) },
    { "handover", CAN_READ(TENANTS) },
    { "promise_target", CAN_READ(CALENDARS) },
    { "notice", SIGNED_IN }, /* the object is the person who was told */
    { "detection", CAN_READ(DETECTIONS) },
    { "rule", CAN_READ(RULES) },
    { "exclusion", CAN_READ(RULES) },
    { "escalation", CAN_READ(TENANTS) }, /* the object is the case */
    { "escalation_chain", CAN_READ(CALENDARS) },
    { "webhook", CAN_READ(API_KEYS) },
    { "notice_setting", CAN_WRITE(PEOPLE) },
    { "checklist_template", CAN_READ(TENANTS) },
    { "case_form", CAN_READ(TENANTS) },
    { "incident", CAN_READ(INCIDENTS) },
    { "incident_note", CAN_READ(TENANTS) }, /* the object is the incident */
    { "incident_rule", CAN_READ(INCIDENTS) },
    { "incident_level", CAN_READ(INCIDENTS) },
    { "computer", CAN_READ(COMPUTERS) },
    { "computer_group", CAN_READ(COMPUTERS) },
    { "executable", CAN_READ(COMPUTERS) },
    { "reputation_source", CAN_READ(API_KEYS) },
    { "reputation_answer", CAN_READ(COMPUTERS) },
    { "reputation_link", CAN_READ(COMPUTERS) },
};
const struct change_nouns change_nouns = { nouns, COUNT_OF(nouns) };

struct db_catalogue
catalogue_collect(struct arena *a, const struct routes *const *tables, size_t count)
{
    size_t most_queries = COUNT_OF(queries) + COUNT_OF(gauge_queries) + job_query_count + what_if_query_count;
    size_t most_listings = COUNT_OF(listings);
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            most_queries += tables[i]->items[k].one != NULL;
            most_listings += tables[i]->items[k].list != NULL;
        }
    const struct query **all = arena_array(a, most_queries, sizeof *all);
    const struct listing **lists = arena_array(a, most_listings, sizeof *lists);
    struct db_catalogue c = { .queries = all, .listings = lists };
    for (size_t i = 0; i < COUNT_OF(queries); i++)
        all[c.query_count++] = queries[i];
    for (size_t i = 0; i < COUNT_OF(gauge_queries); i++)
        all[c.query_count++] = gauge_queries[i];
    for (size_t i = 0; i < job_query_count; i++)
        all[c.query_count++] = job_queries[i];
    for (size_t i = 0; i < what_if_query_count; i++)
        all[c.query_count++] = what_if_queries[i];
    for (size_t i = 0; i < COUNT_OF(listings); i++)
        if (listings[i])
            lists[c.listing_count++] = listings[i];
    for (size_t i = 0; i < count; i++)
        for (size_t k = 0; k < tables[i]->count; k++) {
            if (tables[i]->items[k].one)
                all[c.query_count++] = tables[i]->items[k].one;
            if (tables[i]->items[k].list)
                lists[c.listing_count++] = tables[i]->items[k].list;
        }
    return c;
}
