#include "cmd/scanned.h"

#include <errno.h>

#include "cmd/cmd.h"
#include "proc/process.h"
#include "proc/procfs.h"
#include "view/facts.h"
#include "view/json.h"

#define UNREADABLE "%zu of %zu processes could not be read"
#define HIDDEN "the processes of other users are hidden"

/* Who is hidden is not even counted. */
static int add_warning(json_t *object, const struct snapshot *snapshot)
{
	if (snapshot->has_hidden)
		return facts_add_warning(object, HIDDEN);
	if (snapshot->unreadable > 0)
		return facts_add_warning(object, UNREADABLE, snapshot->unreadable, snapshot->processes);
	return 0;
}

static int print_json(const struct table *table, const char *key, const struct snapshot *snapshot,
		      struct error *err)
{
	json_t *object = json_pack("{s:o}", key, table_to_json(table));

	if (object && add_warning(object, snapshot) < 0) {
		json_decref(object);
		object = NULL;
	}
	return json_print(object, err);
}

static void warn(const struct snapshot *snapshot, char **argv)
{
	struct error warning;

	if (snapshot->has_hidden) {
		error_set(&warning, EACCES, HIDDEN);
		procfs_hint_at_hidepid(&warning);
		cmd_fail(argv, &warning, 0);
		return;
	}
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
