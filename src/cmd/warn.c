#include "cmd/warn.h"

#include <errno.h>

#include "cmd/cmd.h"
#include "proc/process.h"
#include "view/facts.h"

#define UNREADABLE "%zu of %zu processes could not be read"

void warn_of_unreadable(const struct snapshot *snapshot, char **argv)
{
	struct error warning;

	if (snapshot->unreadable == 0)
		return;
	error_set(&warning, EACCES, UNREADABLE, snapshot->unreadable, snapshot->processes);
	process_hint_at_permission(&warning);
	cmd_fail(argv, &warning, 0);
}

int warn_add_unreadable(json_t *object, const struct snapshot *snapshot)
{
	if (snapshot->unreadable == 0)
		return 0;
	return facts_add_warning(object, UNREADABLE, snapshot->unreadable, snapshot->processes);
}
