/* What is said where a scan could not read everything. */
#ifndef NSCTL_CMD_WARN_H
#define NSCTL_CMD_WARN_H

#include <jansson.h>

#include "snapshot/snapshot.h"

/* The last line on standard error: how many processes could not be read, and what would help. */
void warn_of_unreadable(const struct snapshot *snapshot, char **argv);

/* The same in the warnings of a JSON object.  Returns 0 or -ENOMEM. */
int warn_add_unreadable(json_t *object, const struct snapshot *snapshot);

#endif
