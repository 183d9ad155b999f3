/* Cells about a task that several tables have. */
#ifndef NSCTL_VIEW_TASK_CELLS_H
#define NSCTL_VIEW_TASK_CELLS_H

#include "snapshot/details.h"
#include "view/table.h"

/* All leave the cell unknown where the details do not have it, and return 0 or a negative errno. */
int cell_set_user(struct table *table, size_t column, const struct task_details *details, struct error *err);
int cell_set_age(struct table *table, size_t column, const struct task_details *details, struct error *err);
int cell_set_state(struct table *table, size_t column, const struct task_details *details, struct error *err);
int cell_set_command(struct table *table, size_t column, const struct task_details *details,
		     struct error *err);

#endif
