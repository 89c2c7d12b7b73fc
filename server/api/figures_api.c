/* Figures of what was promised: per customer and month, and promise by promise. */
#include "model/permission.h"
#include "model/service_figures.h"
#include "server/api/routes.h"

static const struct route rows[] = {
    { GET, "/service-figures", CAN_READ(TICKETS), "Count what was kept and missed, per month, severity and promise",
      .in = &figures_ask_shape, .out = &figures_row_shape, .list = &service_figures },
    { GET, "/service-trend", CAN_READ(TICKETS), "Count the same of all customers together, month by month",
      .in = &figures_ask_shape, .out = &trend_row_shape, .list = &service_trend },
    { GET, "/promises", CAN_READ(TICKETS), "List promises with what came of each", .out = &promise_row_shape,
      .list = &promise_listing },
};

const struct routes figures_routes = ROUTES(rows);
