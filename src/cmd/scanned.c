#include "cmd/scanned.h"

#include <errno.h>

#include "cmd/cmd.h"
#include "proc/process.h"
#include "view/facts.h"
#include "view/json.h"

#define UNREADABLE "%zu of %zu processes could not be read"

static int print_json(const struct table *table, const char *key, const struct snapshot *snapshot,
		      struct error *err)
{
	json_t *object = json_pack("{s:o}", key, table_to_json(table));

	if (object && snapshot->unreadable > 0 &&
	    facts_add_warning(object, UNREADABLE, snapshot->unreadable, snapshot->processes) < 0) {
		json_decref(object);
		object = NULL;
	}
	return json_print(object, err);
}

static void warn(const struct snapshot *snapshot, char **argv)
{
	struct error warning;

	if (snapshot->unreadable == 0)
		return;
	error_set(&warning, EACCES, UNREADABLE, snapshot->unreadable, snapshot->processes);
	process_hint_at_permission(&warning);
	cmd_fail(argv, &warning, 0);
}

int scanned_print(struct table *table, const struct view_options *options, const char *key,
		  const struct snapshot *snapshot, char **argv, struct error *err)
{
	int ret = table_arrange(table, err);

	if (ret < 0)
		return ret;
	if (options->json && !options->as_lsns)
		ret = print_json(table, key, snapshot, err);
	else
		ret = table_print(table, err);
	/* lsns(8) says nothing of it. */
	if (ret == 0 && !options->as_lsns)
		warn(snapshot, argv);
	return ret;
}
