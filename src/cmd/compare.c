/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl compare TARGET TARGET...: which namespaces they share. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "cmd/deadline.h"
#include "cmd/reason.h"
#include "query/compare.h"
#include "table/json.h"

static const char *const verdict_words[] = {
    [VERDICT_SAME] = "same",
    [VERDICT_DIFFERENT] = "different",
    [VERDICT_UNKNOWN] = "unknown",
};

struct comparison {
	const struct compared *targets;
	size_t count;
	ns_type_set types;
};

static enum verdict verdict_of(const struct comparison *comparison, enum ns_type type)
{
	return compare_type(comparison->targets, comparison->count, type);
}

/* The types that are compared and have this verdict. */
static ns_type_set types_with(const struct comparison *comparison, enum verdict verdict)
{
	ns_type_set types = 0;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (comparison->types & (1U << type) && verdict_of(comparison, type) == verdict)
			types |= 1U << type;
	}
	return types;
}

static enum verdict overall(const struct comparison *comparison)
{
	if (types_with(comparison, VERDICT_DIFFERENT))
		return VERDICT_DIFFERENT;
	return types_with(comparison, VERDICT_UNKNOWN) ? VERDICT_UNKNOWN : VERDICT_SAME;
}

static int verdict_exit_status(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_SAME:
		return 0;
	case VERDICT_DIFFERENT:
		return EXIT_NO;
	case VERDICT_UNKNOWN:
		break;
	}
	return EXIT_COMPARE_UNKNOWN;
}

/* A row: one type of all targets. */
struct compared_type {
	const struct comparison *comparison;
	enum ns_type type;
};

static int fill_compared_type(struct cell *cell, const void *data)
{
	const struct compared_type *row = data;

	return cell_set_text(cell, ns_type_name(row->type));
}

static int fill_result(struct cell *cell, const void *data)
{
	const struct compared_type *row = data;

	return cell_set_text(cell, verdict_words[verdict_of(row->comparison, row->type)]);
}

static int fill_target(struct cell *cell, const void *data)
{
	const struct compared_type *row = data;
	const struct compared *target = &row->comparison->targets[cell_number(cell)];

	if (target->reason[row->type] != 0)
		return cell_set_note(cell, reason_word(target->reason[row->type]));
	return cell_set_number(cell, target->ino[row->type]);
}

static const struct column columns[] = {
    {"TYPE", "type of the namespaces", COLUMN_TEXT, 0, fill_compared_type},
    {"RESULT", "same, different or unknown", COLUMN_TEXT, 0, fill_result},
    {0},
};

/* For --list-columns; a table has one for each target, with the target as its heading. */
static const struct column target_column[] = {
    {"TARGET", "inode of the target's namespace: a column for each target", COLUMN_NUMBER, 0, fill_target},
    {0},
};

static const struct table_layout layout = {.groups = {columns, target_column}};

static struct column *make_target_columns(const struct compared *targets, size_t count)
{
	struct column *made = calloc(count + 1, sizeof(*made));

	for (size_t i = 0; made && i < count; i++) {
		made[i] = target_column[0];
		made[i].name = targets[i].text;
		made[i].number = i;
	}
	return made;
}

static int print_comparison_table(const struct comparison *comparison, const struct table_options *options,
				  struct error *err)
{
	AUTO_FREE struct column *of_targets = make_target_columns(comparison->targets, comparison->count);
	const struct table_layout shown = {.groups = {columns, of_targets}};
	AUTO_TABLE struct table *table = of_targets ? table_new(&shown, options, err) : NULL;
	int ret = 0;

	if (!of_targets)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	if (!table)
		return -err->number;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		const struct compared_type row = {comparison, type};

		if (comparison->types & (1U << type))
			ret = table_add_row(table, &row, err);
	}
	return ret < 0 ? ret : table_print(table, err);
}

/* The first of a target's namespaces that could not be read; false where all could. */
static bool explain_unread_target(const struct comparison *comparison, size_t index, struct error *warning)
{
	const struct compared *target = &comparison->targets[index];

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		int reason = target->reason[type];

		if (!(comparison->types & (1U << type)) || reason == 0)
			continue;
		error_set_errno(warning, reason, "cannot read the %s namespace of '%.400s'",
				ns_type_name(type), target->text);
		if (reason_is_denial(reason))
			process_hint_at_permission(warning);
		else
			error_hint(warning, "it may be a zombie");
		return true;
	}
	return false;
}

static void write_type(struct json *json, const struct comparison *comparison, enum ns_type type)
{
	json_open_object(json, NULL);
	json_add_text(json, "type", ns_type_name(type));
	json_add_text(json, "result", verdict_words[verdict_of(comparison, type)]);
	json_open_array(json, "ns");
	for (size_t i = 0; i < comparison->count; i++) {
		ino_t ino = comparison->targets[i].ino[type];

		json_add_number_or_null(json, NULL, ino != 0, ino);
	}
	json_close(json);
	json_close(json);
}

static void write_types(struct json *json, const struct comparison *comparison)
{
	ns_type_set different = types_with(comparison, VERDICT_DIFFERENT);

	json_open_array(json, "different");
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (different & (1U << type))
			json_add_text(json, NULL, ns_type_name(type));
	}
	json_close(json);
	json_open_array(json, "types");
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (comparison->types & (1U << type))
			write_type(json, comparison, type);
	}
	json_close(json);
}

static int print_comparison_json(const struct comparison *comparison, struct error *err)
{
	struct error warning;
	struct json json;

	json_begin(&json);
	json_add_text(&json, "result", verdict_words[overall(comparison)]);
	json_open_array(&json, "targets");
	for (size_t i = 0; i < comparison->count; i++)
		json_add_text(&json, NULL, comparison->targets[i].text);
	json_close(&json);
	write_types(&json, comparison);
	for (size_t i = 0; i < comparison->count; i++) {
		if (explain_unread_target(comparison, i, &warning))
			json_warn(&json, "%s", warning.message);
	}
	return json_finish(&json, err);
}

static bool print_types(const struct comparison *comparison, enum verdict verdict, const char *before)
{
	ns_type_set types = types_with(comparison, verdict);

	if (types)
		printf("%s%s:", before, verdict_words[verdict]);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (types & (1U << type))
			printf(" %s", ns_type_name(type));
	}
	return types != 0;
}

/* The last line is for people: nothing where all are the same. */
static void print_summary(const struct comparison *comparison)
{
	bool differs = print_types(comparison, VERDICT_DIFFERENT, "");

	if (print_types(comparison, VERDICT_UNKNOWN, differs ? "; " : "") || differs)
		putchar('\n');
}

static int print_comparison(const struct comparison *comparison, const struct table_options *options,
			    struct error *err)
{
	int ret;

	if (options->json)
		return print_comparison_json(comparison, err);
	ret = print_comparison_table(comparison, options, err);
	if (ret == 0 && !options->raw && !options->no_headings)
		print_summary(comparison);
	return ret;
}

static void warn_of_unreadable(const struct invocation *invocation, const struct comparison *comparison)
{
	for (size_t i = 0; i < comparison->count; i++) {
		struct error warning;

		if (explain_unread_target(comparison, i, &warning))
			command_report(invocation, &warning, EXIT_NO);
	}
}

struct compare_options {
	struct common_options common;
	ns_type_set types; /* none asked for: all */
	bool quiet;
};

static int take_compared_types(void *options, const char *value, struct error *err)
{
	struct compare_options *compare = options;

	return ns_type_parse_list(value, &compare->types, err);
}

static const struct command_option compare_options[] = {
    {"quiet", 'q', NULL, "print nothing but errors: the exit status is the answer",
     .flag = offsetof(struct compare_options, quiet)},
    {"type", 't', "LIST", "these types: cgroup, ipc, mnt, net, pid, time, user, uts",
     .take = take_compared_types, .kind = VALUE_TYPES},
    {0},
};

static int read_targets(const struct invocation *invocation, enum engine engine, struct compared *targets,
			struct comparison *comparison, struct error *err)
{
	struct deadline deadline = {0};

	for (size_t i = 0; i < invocation->count; i++) {
		int ret;

		deadline_set(&deadline);
		ret = compared_read(invocation->words[i], engine, &targets[i], err);
		deadline_clear(&deadline);
		if (ret < 0)
			return ret;
		comparison->types &= targets[i].types;
	}
	return 0;
}

/* Main reports output that was lost; it must not end as if something differed. */
static int finish_compare(int status)
{
	bool is_lost = (fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE;

	return is_lost ? EXIT_COMPARE_UNKNOWN : status;
}

static int run_compare(const struct invocation *invocation, void *options, struct error *err)
{
	const struct compare_options *compare = options;
	AUTO_FREE struct compared *targets = calloc(invocation->count, sizeof(*targets));
	struct comparison comparison = {.targets = targets,
					.count = invocation->count,
					.types = compare->types ? compare->types : NS_TYPE_SET_ALL};

	if (!targets)
		return error_set_errno(err, ENOMEM, "cannot compare so many targets");
	if (command_check_targets((const char *const *)invocation->words, invocation->count, err) < 0 ||
	    read_targets(invocation, compare->common.engine, targets, &comparison, err) < 0)
		return -err->number;
	if (comparison.types == 0)
		return command_refuse(invocation, err, "the targets have no type of namespace in common");
	if (!compare->quiet && print_comparison(&comparison, &compare->common.table, err) < 0)
		return -err->number;
	if (!compare->quiet || overall(&comparison) == VERDICT_UNKNOWN)
		warn_of_unreadable(invocation, &comparison);
	return finish_compare(verdict_exit_status(overall(&comparison)));
}

const struct command command_compare = {
    .name = "compare",
    .summary = "which namespaces two or more processes share",
    .usage = "[OPTION]... TARGET TARGET...",
    .help = "Show which namespaces two or more targets share.\n",
    .more = "Exit status: 0 all the same, 1 some differ, 2 not known, failure or bad usage.\n",
    .examples = "  nsctl compare 1234 self             what process 1234 has of its own\n"
		"  nsctl compare -qt net 1234 5678     whether they share a network, for scripts\n",
    .tables = {compare_options, common_table_options, common_look_options},
    .options_size = sizeof(struct compare_options),
    .word = "TARGET",
    .least = 2,
    .most = SIZE_MAX,
    .layout = &layout,
    .failed = EXIT_COMPARE_UNKNOWN,
    .run = run_compare,
};
