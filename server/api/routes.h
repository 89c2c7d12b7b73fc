/* routes: every table of routes, in plain sight. A new noun adds its file server/api/<noun>_api.c, a line here and a
 * line in routes.c; the order means nothing. */
#ifndef YAGURA_SERVER_API_ROUTES_H
#define YAGURA_SERVER_API_ROUTES_H

#include "server/http/route.h"

extern const struct routes changes_routes;
extern const struct routes api_key_routes;
extern const struct routes attachment_routes;
extern const struct routes audit_routes;
extern const struct routes calendar_routes;
extern const struct routes desk_routes;
extern const struct routes detection_routes, exclusion_routes, rule_routes;
extern const struct routes figures_routes;
extern const struct routes escalation_routes;
extern const struct routes identity_provider_routes;
extern const struct routes ingest_routes, elastic_routes, ingest_key_routes, event_routes, retention_routes;
extern const struct routes me_routes;
extern const struct routes notice_routes;
extern const struct routes people_routes;
extern const struct routes permission_set_routes;
extern const struct routes saved_view_routes;
extern const struct routes search_routes;
extern const struct routes service_contact_routes;
extern const struct routes entitlement_routes;
extern const struct routes session_routes;
extern const struct routes hunt_routes;
extern const struct routes incident_routes;
extern const struct routes reputation_routes;
extern const struct routes computer_routes;
extern const struct routes target_routes;
extern const struct routes tenant_routes;
extern const struct routes dispute_routes;
extern const struct routes ticket_chatter_routes;
extern const struct routes ticket_query_routes;
extern const struct routes ticket_routes;
extern const struct routes ticket_document_routes;
extern const struct routes severity_routes;
extern const struct routes ticket_work_routes;
extern const struct routes upload_link_routes;
extern const struct routes upload_routes;
extern const struct routes version_routes;
extern const struct routes webhook_routes;
extern const struct routes mail_routes, template_routes, job_routes, platform_routes;

extern const struct routes *const api_routes[];
extern const size_t api_routes_count;

/* Of a process that only takes telemetry in. */
extern const struct routes *const ingest_only_routes[];
extern const size_t ingest_only_routes_count;

#endif
