/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cmd/report.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "proc/process.h"
#include "proc/procfs.h"

void report_set_parents(struct table *table, const struct rows *rows)
{
	for (size_t i = 0; i < rows->count; i++) {
		if (rows->rows[i].parent != ROW_NONE)
			table_set_parent(table, i, rows->rows[i].parent);
	}
}

/* One of each kind. */
struct warnings {
	struct error items[4];
	size_t count;
};

static struct error *add_warning(struct warnings *warnings)
{
	return &warnings->items[warnings->count++];
}

/* Hidden processes are not even counted.  A caller that cannot read the processes cannot read their mounts
 * either: one line is enough. */
static void warn_of_denied_reads(const struct snapshot *snapshot, struct warnings *warnings)
{
	struct error *warning;

	if (!snapshot->has_hidden && snapshot->unreadable == 0 && snapshot->unreadable_mounts == 0)
		return;
	warning = add_warning(warnings);
	if (snapshot->has_hidden) {
		error_set(warning, EACCES, "the processes of other users are hidden");
		procfs_hint_at_hidepid(warning);
		return;
	}
	if (snapshot->unreadable > 0)
		error_set(warning, EACCES, "%zu of %zu processes could not be read", snapshot->unreadable,
			  snapshot->processes);
	else
		error_set(warning, EACCES, "the mounts of %zu mnt namespace%s could not be read",
			  snapshot->unreadable_mounts, snapshot->unreadable_mounts == 1 ? "" : "s");
	process_hint_at_permission(warning);
}

static void collect_warnings(const struct snapshot *snapshot, struct warnings *warnings)
{
	struct error *warning;
	char text[256];

	warn_of_denied_reads(snapshot, warnings);
	/* Where the kernel listed its namespaces itself, none is missing. */
	if (snapshot->vanished > 0 && !snapshot->is_complete) {
		warning = add_warning(warnings);
		error_set(warning, EAGAIN,
			  "processes start and end too quickly to be read: %zu of them were missed",
			  snapshot->vanished);
		error_hint(warning, "try again; as root BPF can be used, which misses none");
	}
	if (snapshot->has_broken_list) {
		warning = add_warning(warnings);
		error_set(warning, EAGAIN,
			  "the kernel's list of namespaces changed too quickly to be read to its end");
		error_hint(warning, "try again: namespaces without processes may be missing");
	}
	if (unanswered_describe(snapshot->unanswered, text, sizeof(text))) {
		warning = add_warning(warnings);
		error_set(warning, ETIMEDOUT, "%s", text);
		error_hint(warning, "a process or a file server is blocking it");
	}
}

static uint64_t count_unlisted(const struct snapshot *snapshot, enum holder_kind kind)
{
	uint64_t count = 0;

	for (size_t i = 0; i < snapshot->ns_count; i++)
		count += snapshot_count_more(&snapshot->namespaces[i], kind);
	return count;
}

static void warn_of_unlisted(struct json *json, const struct snapshot *snapshot)
{
	for (enum holder_kind kind = 0; kind < HOLDER_KIND_COUNT; kind++) {
		uint64_t count = count_unlisted(snapshot, kind);

		if (count > 0)
			json_warn(json, "holders that are counted, not listed: %ju %s", (uintmax_t)count,
				  holder_kind_name(kind));
	}
}

static int print_report_json(const struct table *table, const char *key, const struct snapshot *snapshot,
			     const struct warnings *warnings, struct error *err)
{
	struct json json;

	json_begin(&json);
	table_write_json(table, &json, key);
	for (size_t i = 0; i < warnings->count; i++)
		json_warn(&json, "%s", warnings->items[i].message);
	/* The rows of why say it themselves. */
	if (strcmp(key, "namespaces") == 0)
		warn_of_unlisted(&json, snapshot);
	return json_finish(&json, err);
}

/* For people: why there is nothing to see. */
static void report_no_match(const struct invocation *invocation, const char *filter)
{
	struct error note;

	error_set(&note, ENOENT, "the filter '%.256s' is true of no row", filter);
	error_hint(&note, "without -Q all rows are shown; -H lists the columns");
	command_report(invocation, &note, 0);
}

int report_print(const struct invocation *invocation, struct table *table,
		 const struct table_options *options, const char *key, const struct snapshot *snapshot,
		 struct error *err)
{
	struct warnings warnings = {.count = 0};
	int ret = table_arrange(table, err);

	if (ret < 0)
		return ret;
	/* lsns(8) has none. */
	if (!options->as_lsns)
		collect_warnings(snapshot, &warnings);
	if (options->json)
		ret = options->as_lsns ? table_print_lsns_json(table, err)
				       : print_report_json(table, key, snapshot, &warnings, err);
	else
		ret = table_print(table, err);
	for (size_t i = 0; i < warnings.count && ret == 0; i++)
		command_report(invocation, &warnings.items[i], 0);
	if (ret == 0 && options->filter && !options->json && !options->raw && table_is_empty(table))
		report_no_match(invocation, options->filter);
	return ret;
}

void report_no_process(const struct invocation *invocation, const struct snapshot *snapshot,
		       const struct found_target *found, const char *word)
{
	const char *type = ns_type_name(snapshot->namespaces[found->ns[0]].type);
	uintmax_t ino = snapshot->namespaces[found->ns[0]].ino;
	const char *that_can_be_read =
	    snapshot->unreadable > 0 || snapshot->has_hidden ? " that can be read" : "";
	struct error note;

	if (found->ns_count > 1)
		error_set(&note, ENOENT, "no process%s is in any of the %zu namespaces of '%.256s'",
			  that_can_be_read, found->ns_count, word);
	else
		error_set(&note, ENOENT, "no process%s is in %s:[%ju]", that_can_be_read, type, ino);
	if (found->ns_count > 1)
		error_hint(&note, "`nsctl list %.256s` shows what keeps them", word);
	else if (text_is_shell_word(word))
		error_hint(&note, "`nsctl why %s` shows what keeps it", word);
	else
		error_hint(&note, "`nsctl why '%s:[%ju]'` shows what keeps it", type, ino);
	command_report(invocation, &note, 0);
}
