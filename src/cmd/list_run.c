/* list and lsns: from what was asked for to what has to be read, and to the table. */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/text.h"
#include "cmd/cmd.h"
#include "cmd/list_options.h"
#include "cmd/scanned.h"
#include "proc/process.h"
#include "scan/scan.h"
#include "target/target.h"
#include "view/list.h"

static bool wants_any(const struct table *table, const enum list_column *columns, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (table_wants(table, columns[i]))
			return true;
	}
	return false;
}

/* Whether the table can be filled from one process alone. */
static bool wants_other_processes(const struct table *table)
{
	static const enum list_column columns[] = {LIST_NPROCS,  LIST_NTASKS, LIST_PID,  LIST_PPID,
						   LIST_COMMAND, LIST_UID,    LIST_USER, LIST_AGE,
						   LIST_STATE,   LIST_PATH,   LIST_NSFS, LIST_HOLDERS};

	return wants_any(table, columns, sizeof(columns) / sizeof(columns[0]));
}

static bool wants_relations(const struct table *table, const struct list_options *options)
{
	static const enum list_column columns[] = {LIST_PNS, LIST_ONS, LIST_NSID, LIST_NETNSID};

	return options->tree == TREE_OWNER || options->tree == TREE_PARENT ||
	       wants_any(table, columns, sizeof(columns) / sizeof(columns[0]));
}

/*
 * What has to be read.  With a process or namespaces named, what has no
 * process is looked for only where tasks alone do not bring them all.
 */
static struct scan_request choose_request(const struct table *table, const struct list_options *options)
{
	const ns_type_set parents = 1U << NS_PID | 1U << NS_USER;
	ns_type_set types = options->types ? options->types : NS_TYPE_SET_ALL;
	bool finds_all = options->task == 0 && options->word_count == 0;
	bool is_related = options->tree == TREE_OWNER || options->tree == TREE_PARENT;
	/* Of a namespace without processes the user is who made its owner. */
	bool wants_user = table_wants(table, LIST_UID) || table_wants(table, LIST_USER);
	struct scan_request request = {
	    .types = types,
	    .engine = cmd_engine(),
	    .complete = finds_all || table_wants(table, LIST_REFS),
	    .files = finds_all,
	    .mounts = finds_all || table_wants(table, LIST_NSFS),
	    .listed = finds_all || table_wants(table, LIST_REFS),
	    .taskless_only = !table_wants(table, LIST_NSFS),
	    .relations = wants_relations(table, options) || (finds_all && (wants_user || types & parents)),
	    .netnsids = table_wants(table, LIST_NETNSID),
	};

	/* An owner or a parent may be known by what it owns alone, or be shown above what was asked for. */
	if (request.relations && (types & parents || is_related))
		request.types = NS_TYPE_SET_ALL;
	if (options->task != 0 && !wants_other_processes(table)) {
		request.process = options->task;
		request.leaders_only = true;
	}
	return request;
}

static unsigned int choose_details(const struct table *table, const struct list_options *options)
{
	unsigned int details = 0;

	if (options->tree == TREE_PROCESS || table_wants(table, LIST_PPID) || table_wants(table, LIST_AGE))
		details |= DETAIL_STAT;
	if (table_wants(table, LIST_STATE))
		details |= DETAIL_STATE;
	if (table_wants(table, LIST_UID) || table_wants(table, LIST_USER))
		details |= DETAIL_USER;
	if (table_wants(table, LIST_COMMAND))
		details |= options->as_lsns ? DETAIL_COMMAND | DETAIL_PLAIN : DETAIL_COMMAND;
	return details;
}

/* All that the options let through; lsns has no …_for_children. */
static int choose_of_task(const struct snapshot *snapshot, const struct list_options *options, bool *chosen,
			  struct error *err)
{
	uint32_t task = snapshot_find_task(snapshot, options->task);

	if (task == SNAPSHOT_NONE && options->as_lsns)
		return 0;
	if (task == SNAPSHOT_NONE) {
		error_set(err, ESRCH, "no process %d whose namespaces could be read", options->task);
		return error_hint(err, "`nsctl show %d` tells more", options->task);
	}
	for (enum ns_link link = 0; link < NS_LINK_COUNT; link++) {
		uint32_t ns = snapshot->sets[snapshot->tasks[task].set].ns[link];

		if (ns != SNAPSHOT_NONE && (!options->as_lsns || link == ns_type_link(ns_link_type(link))))
			chosen[ns] = true;
	}
	return 0;
}

/* lsns has numbers of its own, and no other targets. */
static int parse_word(const struct list_options *options, const char *word, struct target *target,
		      struct error *err)
{
	uint64_t inode;

	if (!options->as_lsns)
		return target_parse(word, target, err);
	if (!list_parse_number(options, word, UINT64_MAX, &inode))
		return error_set(err, EINVAL, "invalid namespace argument: '%.256s'", word);
	*target = (struct target){.kind = TARGET_NS_INODE,
				  .types = options->types ? options->types : NS_TYPE_SET_ALL,
				  .ino = inode,
				  .text = word};
	return 0;
}

static int scan_for(const struct list_options *options, const struct table *table, struct snapshot *snapshot,
		    struct found_target *found, struct error *err)
{
	/* lsns takes the first word, and ignores what follows. */
	size_t count = options->as_lsns && options->word_count > 1 ? 1 : options->word_count;
	AUTO_FREE struct target *targets = calloc(count + 1, sizeof(*targets));
	struct scan_request request = choose_request(table, options);
	int ret = 0;

	if (!targets || !found) {
		error_set_errno(err, ENOMEM, "cannot list the namespaces");
		return -ENOMEM;
	}
	for (size_t i = 0; i < count && ret == 0; i++)
		ret = parse_word(options, options->words[i], &targets[i], err);
	if (ret < 0)
		return ret;
	ret = target_scan(targets, count, &request, snapshot, found, err);
	if (ret == -ENOENT && options->as_lsns && snapshot->ns_count > 0)
		return error_set(err, ENOENT, "not found namespace: %.256s", options->words[0]);
	return ret;
}

static int choose_found(const struct found_target *found, const char *word, bool *chosen, struct error *err)
{
	if (found->is_process) {
		error_set(err, EINVAL, "'%.256s' is a process, not a namespace", word);
		return error_hint(err, "nsctl list --task %.256s lists its namespaces", word);
	}
	chosen[found->ns] = true;
	return 0;
}

static int choose(const struct snapshot *snapshot, const struct list_options *options,
		  const struct found_target *found, bool *chosen, struct error *err)
{
	ns_type_set types = options->types ? options->types : NS_TYPE_SET_ALL;
	int ret = 0;

	if (options->task)
		ret = choose_of_task(snapshot, options, chosen, err);
	for (size_t i = 0; i < options->word_count && ret == 0; i++)
		ret = choose_found(&found[i], options->words[i], chosen, err);
	for (size_t i = 0; i < snapshot->ns_count; i++) {
		const struct snapshot_ns *ns = &snapshot->namespaces[i];

		if (!options->task && options->word_count == 0)
			chosen[i] = true;
		/* lsns(8) knows threads not: a namespace of theirs alone is none of its rows. */
		if (!(types & 1U << ns->type) || (options->persistent && ns->process_count > 0))
			chosen[i] = false;
	}
	return ret;
}

static int make_rows(const struct snapshot *snapshot, const struct list_options *options,
		     const struct found_target *found, const struct table *table, struct rows *rows,
		     struct error *err)
{
	AUTO_FREE bool *chosen = calloc(snapshot->ns_count + 1, sizeof(*chosen));
	struct rows_request request = {
	    .chosen = chosen,
	    .tree = options->tree,
	    .details = choose_details(table, options),
	    .as_lsns = options->as_lsns,
	};
	int ret;

	if (!chosen)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	if (options->as_lsns && options->word_count > 0) {
		ret = rows_of_processes(snapshot, found[0].ns, &request, rows);
		return ret < 0 ? error_set_errno(err, ENOMEM, "cannot list the processes") : 0;
	}
	ret = choose(snapshot, options, found, chosen, err);
	if (ret < 0)
		return ret;
	if (rows_of_namespaces(snapshot, &request, rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot list the namespaces");
	return 0;
}

/* For people: what keeps those alive that no process is in. */
static void hint_at_why(const struct list_options *options, char **argv)
{
	struct error note;

	if (!options->persistent || options->as_lsns || options->view.json || options->view.raw)
		return;
	error_set(&note, ENOENT, "no process is in these");
	error_hint(&note, "`nsctl why NS` shows what keeps one");
	cmd_fail(argv, &note, 0);
}

static int list(const struct list_options *options, struct table *table, char **argv, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	AUTO_ROWS struct rows rows = {0};
	AUTO_FREE struct mount_path *paths = NULL;
	struct list_view view = {.snapshot = &snapshot,
				 .table = table,
				 .as_lsns = options->as_lsns,
				 .as_json = options->view.json};
	AUTO_FREE struct found_target *found = calloc(options->word_count + 1, sizeof(*found));
	struct process_links own;
	int ret = scan_for(options, table, &snapshot, found, err);

	if (ret == 0)
		ret = make_rows(&snapshot, options, found, table, &rows, err);
	if (ret < 0)
		return ret;
	process_read_own_links(&own);
	view.own_mnt = snapshot_find_ns(&snapshot, NS_MNT, own.ino[NS_LINK_MNT]);
	if (!options->as_lsns && table_wants(table, LIST_NSFS)) {
		view.paths = paths = mount_paths_of_holders(&snapshot, view.own_mnt);
		if (!paths)
			return error_set_errno(err, ENOMEM, "cannot make a table");
	}
	ret = list_fill(&view, &rows, err);
	user_names_free(&view.names);
	if (ret == 0)
		ret = scanned_print(table, &options->view, "namespaces", &snapshot, argv, err);
	if (ret == 0 && rows.count > 0)
		hint_at_why(options, argv);
	return ret;
}

int list_run(const struct list_options *options, char **argv)
{
	struct error err;
	AUTO_TABLE struct table *table =
	    table_new(list_columns, options->as_lsns ? LIST_LSNS_COUNT : LIST_COUNT, &options->view, &err);

	if (!table)
		return cmd_fail(argv, &err, options->as_lsns ? EXIT_NO : EXIT_USAGE);
	if (options->as_lsns && access("/proc/self/mountinfo", R_OK) < 0) {
		error_set_errno(&err, errno, "cannot read /proc/self/mountinfo");
		error_hint(&err, "is /proc mounted? mount -t proc proc /proc");
		return cmd_fail(argv, &err, EXIT_LSNS_NO_PROC);
	}
	return list(options, table, argv, &err) < 0 ? cmd_fail(argv, &err, EXIT_NO) : 0;
}
