/* saved_views: how people keep the lists they look at often. Only the owner changes a view; sharing shows it to
 * everybody of the same organisation. */
#ifndef YAGURA_WORKFLOWS_SAVED_VIEWS_H
#define YAGURA_WORKFLOWS_SAVED_VIEWS_H

#include "core/db/db.h"
#include "model/saved_view.h"

must_check bool saved_view_create(struct scope *s, const struct saved_view_write *in, struct saved_view *out);
must_check bool saved_view_change(struct scope *s, const struct saved_view_write *in, struct saved_view *out);
must_check bool saved_view_remove(struct scope *s, struct uuid id);

#endif
