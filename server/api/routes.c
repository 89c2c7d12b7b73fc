#include "server/api/routes.h"

const struct routes *const api_routes[] = {
    &changes_routes,
    &job_routes,
    &mail_routes,
    &platform_routes,
    &template_routes,
    &api_key_routes,
    &attachment_routes,
    &audit_routes,
    &calendar_routes,
    &desk_routes,
    &detection_routes,
    &exclusion_routes,
    &rule_routes,
    &figures_routes,
    &entitlement_routes,
    &escalation_routes,
    &identity_provider_routes,
    &ingest_routes,
    &elastic_routes,
    &ingest_key_routes,
    &event_routes,
    &me_routes,
    &notice_routes,
    &people_routes,
    &permission_set_routes,
    &saved_view_routes,
    &search_routes,
    &service_contact_routes,
    &session_routes,
    &hunt_routes,
    &incident_routes,
    &reputation_routes,
    &computer_routes,
    &target_routes,
    &tenant_routes,
    &dispute_routes,
    &ticket_chatter_routes,
    &ticket_query_routes,
    &ticket_routes,
    &ticket_document_routes,
    &severity_routes,
    &ticket_work_routes,
    &upload_link_routes,
    &upload_routes,
    &version_routes,
    &webhook_routes,
};

const size_t api_routes_count = COUNT_OF(api_routes);

const struct routes *const ingest_only_routes[] = {
    &ingest_routes,
    &elastic_routes,
};

const size_t ingest_only_routes_count = COUNT_OF(ingest_only_routes);
