/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl why NS: what keeps a namespace alive. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "cmd/container_option.h"
#include "cmd/report.h"
#include "cmd/why_columns.h"
#include "proc/process.h"
#include "query/place.h"
#include "scan/scan.h"
#include "target/target.h"

struct why_options {
	struct common_options common;
	bool with_copies;
};

static const struct command_option why_options[] = {
    {"all", 'a', NULL, "also copies of a mount in other mnt namespaces",
     .flag = offsetof(struct why_options, with_copies)},
    {0},
};

static const struct table_layout layout = {.groups = {why_columns, task_columns}, .usual = "HOLDER,PID,WHAT"};

/* nsctl itself is in it, or has it open. */
static int set_held_by_none(const struct snapshot *snapshot, const char *word, struct error *err)
{
	error_set(err, ENOENT, "nothing but nsctl itself is seen to hold namespace %.400s", word);
	if (snapshot->unreadable > 0)
		error_hint(err, "%zu of %zu processes could not be read", snapshot->unreadable,
			   snapshot->processes);
	return -ENOENT;
}

static int set_gone(const char *word, struct error *err)
{
	return error_set(err, ENOENT,
			 "namespace %.400s no longer exists: its last holder released it just now", word);
}

/* Whether what was named may be a mount elsewhere, of whatever file system. */
static bool is_path(const struct target *target)
{
	return target->kind == TARGET_FILE || target->kind == TARGET_NETNS_NAME;
}

static char *join_path(const char *directory, const char *name)
{
	char *path;

	return asprintf(&path, "%s/%s", strcmp(directory, "/") == 0 ? "" : directory, name) < 0 ? NULL : path;
}

/*
 * The path as mountinfo has it, which the caller frees.  What is mounted
 * elsewhere may not exist here, nor may its directory: it is as written then.
 */
static char *resolve_path(const struct target *target)
{
	bool is_name = target->kind == TARGET_NETNS_NAME;
	AUTO_FREE char *path = join_path(is_name ? TARGET_NETNS_DIRECTORY : "", target->name);
	AUTO_FREE char *directory = NULL;
	const char *written = is_name ? path : target->name;
	char *real = path ? realpath(written, NULL) : NULL;
	char *slash;

	if (real || !path)
		return real;
	slash = strrchr(path, '/');
	*slash = '\0';
	directory = realpath(is_name ? path : path + 1, NULL);
	*slash = '/';
	if (directory)
		return join_path(directory, slash + 1);
	return strdup(is_name ? path : target->name);
}

static bool is_callers(const struct snapshot_ns *ns, const struct process_links *own)
{
	return own->ino[ns_type_link(ns->type)] == ns->ino;
}

/* Whether a row above has the same release. */
static bool is_repeated(const struct why_rows *rows, size_t index)
{
	for (size_t i = 0; i < index; i++) {
		if (rows->rows[i].release && strcmp(rows->rows[i].release, rows->rows[index].release) == 0)
			return true;
	}
	return false;
}

/*
 * For people: each command line alone in its line, whole, to be copied.  In a
 * table a terminal could cut it, and "kill 123" is not "kill 1234".
 */
static void print_releases(const struct why_rows *rows, const struct table_options *options)
{
	bool has_heading = false;

	if (options->json || options->raw || options->output || options->all_columns || options->no_headings)
		return;
	for (size_t i = 0; i < rows->count; i++) {
		if (!rows->rows[i].release || is_repeated(rows, i))
			continue;
		printf("%s  %s\n", has_heading ? "" : "\nTo release it:\n", rows->rows[i].release);
		has_heading = true;
	}
}

static int print_holders(const struct invocation *invocation, const struct snapshot *snapshot,
			 const struct why_rows *rows, const struct table_options *options,
			 struct table *table, uint32_t own_mnt, struct error *err)
{
	int ret = why_columns_fill(table, snapshot, rows, own_mnt, err);

	return ret < 0 ? ret : report_print(invocation, table, options, "holders", snapshot, err);
}

/* The answer for a container that does not hold it. */
static int set_not_held_by(const struct pointed *pointed, struct error *err)
{
	error_set(err, ENOENT, "no process of container '%.256s' holds '%.256s'", pointed->container->text,
		  pointed->target->text);
	return error_hint(err, "without --container all holders are shown");
}

/* For people: more than the rows can be the container's. */
static void note_unlisted(const struct invocation *invocation, const struct why_rows *rows)
{
	struct error note;

	if (rows->unlisted == 0)
		return;
	error_set(&note, ENOENT, "%ju more holders are counted, not listed: some may be the container's",
		  (uintmax_t)rows->unlisted);
	command_report(invocation, &note, 0);
}

/* Reads the snapshot: for use after the scan. */
static struct why_request make_request(const struct snapshot *snapshot, const struct pointed *pointed,
				       const struct why_options *options, const struct table *table)
{
	struct process_links own;

	process_read_own_links(&own);
	return (struct why_request){
	    .own_mnt = snapshot_find_ns(snapshot, NS_MNT, own.ino[NS_LINK_MNT]),
	    /* JSON is for programs, which count for themselves; of a container no mount may lack its row. */
	    .with_copies = options->with_copies || options->common.table.json || pointed->container,
	    .tasks = pointed->members ? pointed->members->tasks : NULL,
	    .details = table_needs(table) & NEEDS_OF_DETAILS,
	};
}

/* Shows the mounts at a path; if there are none, err stays as it is.  Returns 0 or a negative errno. */
static int show_place(const struct snapshot *snapshot, struct pointed *pointed,
		      const struct invocation *invocation, const struct why_options *options,
		      struct table *table, struct error *err)
{
	struct why_request request = make_request(snapshot, pointed, options, table);
	AUTO_WHY_ROWS struct why_rows rows = {0};
	AUTO_FREE char *path = resolve_path(pointed->target);
	struct error note;
	int ret;

	if (!path || place_make_rows(snapshot, path, request.own_mnt, &rows) < 0 || rows.count == 0)
		return -err->number;
	/* The scan ended its search at the path. */
	if (pointed->container && target_find(pointed->container, snapshot, &pointed->found[1], err) < 0)
		return -err->number;
	request.tasks = pointed->members ? pointed->members->tasks : NULL;
	if (why_rows_finish(snapshot, &request, &rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	if (rows.count == 0)
		return set_not_held_by(pointed, err);
	ret = print_holders(invocation, snapshot, &rows, &options->common.table, table, request.own_mnt, err);
	if (ret < 0)
		return ret;
	print_releases(&rows, &options->common.table);
	error_set(&note, EINVAL, "'%.400s' is not a namespace here", pointed->target->text);
	error_hint(&note, "these are the mounts at that path, in every mnt namespace");
	command_report(invocation, &note, 0);
	note_unlisted(invocation, &rows);
	return 0;
}

static int show_rows(const struct invocation *invocation, const struct snapshot *snapshot,
		     const struct pointed *pointed, const struct why_options *options, struct table *table,
		     struct error *err)
{
	const struct why_request request = make_request(snapshot, pointed, options, table);
	AUTO_WHY_ROWS struct why_rows rows = {0};
	uint32_t ns = pointed->at_target->ns[0];
	struct process_links own;
	bool is_own;
	int ret;

	process_read_own_links(&own);
	is_own = is_callers(&snapshot->namespaces[ns], &own);
	if (why_make_rows(snapshot, ns, &request, &rows) < 0)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	if (rows.count == 0 && pointed->container)
		return set_not_held_by(pointed, err);
	if (rows.count == 0)
		return is_own ? set_held_by_none(snapshot, pointed->target->text, err)
			      : set_gone(pointed->target->text, err);
	ret = print_holders(invocation, snapshot, &rows, &options->common.table, table, request.own_mnt, err);
	/* To release the caller's own namespace would end the caller. */
	if (ret == 0 && !is_own)
		print_releases(&rows, &options->common.table);
	if (ret == 0)
		note_unlisted(invocation, &rows);
	return ret;
}

static bool is_found(const struct found_target *found)
{
	return found->ns_count > 0 && !found_target_has_ns(found, SNAPSHOT_NONE);
}

static int show_holders(const struct invocation *invocation, struct pointed *pointed,
			const struct why_options *options, struct table *table, struct error *err)
{
	AUTO_SNAPSHOT struct snapshot snapshot = {0};
	struct scan_request everything = SCAN_EVERYTHING;
	int ret;

	everything.engine = options->common.engine;
	ret = pointed_scan(pointed, &everything, &snapshot, err);
	if (ret < 0 && snapshot.ns_count > 0 && is_path(pointed->target) && !is_found(pointed->at_target))
		return show_place(&snapshot, pointed, invocation, options, table, err);
	if (ret < 0)
		return ret;
	if (pointed->at_target->ns_count > 1)
		return found_target_refuse_several(&snapshot, pointed->target, pointed->at_target, err);
	return show_rows(invocation, &snapshot, pointed, options, table, err);
}

static int run_why(const struct invocation *invocation, void *options, struct error *err)
{
	const struct why_options *why = options;
	AUTO_TABLE struct table *table = table_new(&layout, &why->common.table, err);
	AUTO_POINTED struct pointed pointed = {.count = 0};
	const char *word = invocation->words[0];

	if (!table || pointed_parse(word, &why->common, &pointed, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	if (pointed.target->kind == TARGET_PROCESS) {
		error_set(err, EINVAL, "'%.256s' is a process, not a namespace", word);
		error_hint(err, "nsctl sets %.256s shows its namespaces", word);
		return command_report(invocation, err, EXIT_USAGE);
	}
	return show_holders(invocation, &pointed, why, table, err);
}

const struct command command_why = {
    .name = "why",
    .summary = "what keeps a namespace alive",
    .usage = "[OPTION]... NS",
    .help = "Show what keeps a namespace alive, one holder a line, and the command line that\n"
	    "releases it.\n",
    .examples = "  nsctl list -P                    the namespaces without processes\n"
		"  nsctl why 'net:[4026532281]'     what keeps one of them\n"
		"  nsctl why netns:blue             what keeps a name of ip netns\n"
		"  nsctl why -o +CONTAINER NS       with the containers of the holders\n",
    .tables = {why_options, common_container_options, common_table_options, common_look_options},
    .options_size = sizeof(struct why_options),
    .word = "NS",
    .least = 1,
    .most = 1,
    .layout = &layout,
    .failed = EXIT_NO,
    .run = run_why,
};
