/* nsctl compare TARGET TARGET: which namespaces they share. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/cmd.h"
#include "cmd/deadline.h"
#include "query/compare.h"
#include "view/facts.h"
#include "view/json.h"
#include "view/table.h"

static const char help[] =
    "Usage: nsctl compare [OPTION]... TARGET TARGET...\n"
    "Show which namespaces two or more targets share.\n"
    "\n"
    " -q, --quiet          print nothing but errors: the exit status is the answer\n"
    " -t, --type LIST      only these types: cgroup, ipc, mnt, net, pid, time, user, uts\n" CMD_ENGINE_HELP
	VIEW_HELP " -h, --help           this help\n"
    "\n"
    "Exit status: 0 all the same, 1 some differ, 2 not known, it failed, or bad usage.\n"
    "For more see nsctl-compare(1).\n";

/* TYPE and RESULT; then a column for each target, named as the user wrote it. */
enum { COMPARE_TYPE, COMPARE_RESULT, COMPARE_FIRST_TARGET };

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

static int to_exit_status(enum verdict verdict)
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

static int add_row(struct table *table, const struct comparison *comparison, enum ns_type type,
		   struct error *err)
{
	enum verdict verdict = verdict_of(comparison, type);
	int ret = table_add_row(table, err);

	if (ret == 0)
		ret = table_set_text(table, COMPARE_TYPE, ns_type_name(type), err);
	if (ret == 0)
		ret = table_set_text(table, COMPARE_RESULT, verdict_words[verdict], err);
	for (size_t i = 0; i < comparison->count && ret == 0; i++) {
		const struct compared *target = &comparison->targets[i];

		if (target->reason[type] != 0)
			ret = table_set_note(table, COMPARE_FIRST_TARGET + i,
					     facts_reason(target->reason[type]), err);
		else
			ret = table_set_number(table, COMPARE_FIRST_TARGET + i, target->ino[type], err);
	}
	return ret;
}

static json_t *type_to_json(const struct comparison *comparison, enum ns_type type)
{
	enum verdict verdict = verdict_of(comparison, type);
	json_t *inodes = json_array();

	for (size_t i = 0; inodes && i < comparison->count; i++) {
		ino_t ino = comparison->targets[i].ino[type];

		json_array_append_new(inodes, ino ? json_integer((json_int_t)ino) : json_null());
	}
	return json_pack("{s:s, s:s, s:o}", "type", ns_type_name(type), "result", verdict_words[verdict],
			 "ns", inodes);
}

/* The first of a target's namespaces that could not be read; false where all could. */
static bool explain_unreadable(const struct comparison *comparison, size_t index, struct error *warning)
{
	const struct compared *target = &comparison->targets[index];

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		int reason = target->reason[type];

		if (!(comparison->types & (1U << type)) || reason == 0)
			continue;
		error_set_errno(warning, reason, "cannot read the %s namespace of '%.400s'",
				ns_type_name(type), target->text);
		if (facts_is_denied(reason))
			process_hint_at_permission(warning);
		else
			error_hint(warning, "it may be a zombie");
		return true;
	}
	return false;
}

static json_t *warnings_to_json(const struct comparison *comparison)
{
	json_t *warnings = json_array();

	for (size_t i = 0; warnings && i < comparison->count; i++) {
		struct error warning;

		if (explain_unreadable(comparison, i, &warning))
			json_array_append_new(warnings, json_safe_string(warning.message));
	}
	return warnings;
}

static json_t *different_to_json(const struct comparison *comparison)
{
	ns_type_set types = types_with(comparison, VERDICT_DIFFERENT);
	json_t *names = json_array();

	for (enum ns_type type = 0; names && type < NS_TYPE_COUNT; type++) {
		if (types & (1U << type))
			json_array_append_new(names, json_string(ns_type_name(type)));
	}
	return names;
}

static int print_json(const struct comparison *comparison, struct error *err)
{
	json_t *targets = json_array();
	json_t *types = json_array();

	for (size_t i = 0; i < comparison->count; i++)
		json_array_append_new(targets, json_safe_string(comparison->targets[i].text));
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (comparison->types & (1U << type))
			json_array_append_new(types, type_to_json(comparison, type));
	}
	return json_print(json_pack("{s:s, s:o, s:o, s:o, s:o}", "result", verdict_words[overall(comparison)],
				    "different", different_to_json(comparison), "targets", targets, "types",
				    types, "warnings", warnings_to_json(comparison)),
			  err);
}

static struct column *make_columns(const struct compared *targets, size_t count)
{
	struct column *columns = calloc(COMPARE_FIRST_TARGET + count, sizeof(*columns));

	if (!columns)
		return NULL;
	columns[COMPARE_TYPE] = (struct column){"TYPE", "type of the namespaces", COLUMN_TEXT, true};
	columns[COMPARE_RESULT] = (struct column){"RESULT", "same, different or unknown", COLUMN_TEXT, true};
	for (size_t i = 0; i < count; i++)
		columns[COMPARE_FIRST_TARGET + i] =
		    (struct column){targets[i].text, "inode of this target's namespace", COLUMN_NUMBER, true};
	return columns;
}

static int print_table(const struct comparison *comparison, const struct view_options *options,
		       struct error *err)
{
	AUTO_FREE struct column *columns = make_columns(comparison->targets, comparison->count);
	AUTO_TABLE struct table *table = NULL;

	if (!columns)
		return error_set_errno(err, ENOMEM, "cannot make a table");
	table = table_new(columns, COMPARE_FIRST_TARGET + comparison->count, options, err);
	if (!table)
		return -err->number;
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		int ret = comparison->types & (1U << type) ? add_row(table, comparison, type, err) : 0;

		if (ret < 0)
			return ret;
	}
	return table_print(table, err);
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

static int print(const struct comparison *comparison, const struct view_options *options, struct error *err)
{
	int ret;

	if (options->json)
		return print_json(comparison, err);
	ret = print_table(comparison, options, err);
	if (ret == 0 && !options->raw && !options->no_headings)
		print_summary(comparison);
	return ret;
}

static void warn_of_unreadable(const struct comparison *comparison, char **argv)
{
	for (size_t i = 0; i < comparison->count; i++) {
		struct error warning;

		if (explain_unreadable(comparison, i, &warning))
			cmd_fail(argv, &warning, EXIT_NO);
	}
}

struct compare_options {
	struct view_options view;
	ns_type_set types; /* none asked for: all */
	bool quiet;
};

static int read_targets(char **texts, size_t count, struct compared *targets, struct comparison *comparison,
			struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct deadline deadline;
		int ret;

		deadline_set(&deadline);
		ret = compared_read(texts[i], cmd_engine(), &targets[i], err);
		deadline_clear(&deadline);
		if (ret < 0)
			return ret;
		comparison->types &= targets[i].types;
	}
	return 0;
}

/* Main reports output that was lost; it must not end as if something differed. */
static int finish(int status)
{
	bool is_lost = (fflush(stdout) != 0 || ferror(stdout)) && errno != EPIPE;

	return is_lost ? EXIT_COMPARE_UNKNOWN : status;
}

static int compare(char **texts, size_t count, const struct compare_options *options, char **argv)
{
	AUTO_FREE struct compared *targets = calloc(count, sizeof(*targets));
	struct comparison comparison = {
	    .targets = targets, .count = count, .types = options->types ? options->types : NS_TYPE_SET_ALL};
	enum verdict verdict;
	struct error err;

	if (!targets)
		return cmd_refuse(argv, "too many targets");
	if (cmd_check_targets(argv, (const char *const *)texts, count) != 0)
		return EXIT_USAGE;
	if (read_targets(texts, count, targets, &comparison, &err) < 0)
		return cmd_fail(argv, &err, EXIT_COMPARE_UNKNOWN);
	if (comparison.types == 0)
		return cmd_refuse(argv, "the targets have no type of namespace in common");
	if (!options->quiet && print(&comparison, &options->view, &err) < 0)
		return cmd_fail(argv, &err, EXIT_COMPARE_UNKNOWN);
	verdict = overall(&comparison);
	if (!options->quiet || verdict == VERDICT_UNKNOWN)
		warn_of_unreadable(&comparison, argv);
	return finish(to_exit_status(verdict));
}

int cmd_compare(int argc, char **argv)
{
	static const struct option long_options[] = {
	    VIEW_LONG_OPTIONS, {"quiet", no_argument, NULL, 'q'}, {"type", required_argument, NULL, 't'},
	    CMD_ENGINE_OPTION, {"help", no_argument, NULL, 'h'},  {0},
	};
	struct compare_options options = {0};
	struct error err;
	int option;

	opterr = 0;
	while ((option = getopt_long(argc, argv, ":hqt:" VIEW_SHORT_OPTIONS, long_options, NULL)) != -1) {
		switch (option) {
		case 'h':
			fputs(help, stdout);
			return 0;
		case 'q':
			options.quiet = true;
			break;
		case CMD_OPTION_ENGINE:
			if (cmd_take_engine(optarg, &err) < 0)
				return cmd_fail(argv, &err, EXIT_USAGE);
			break;
		case 't':
			if (ns_type_parse_list(optarg, &options.types, &err) < 0)
				return cmd_fail(argv, &err, EXIT_USAGE);
			break;
		default:
			if (!view_options_take(&options.view, option, optarg))
				return cmd_other_option(argv, option, long_options);
		}
	}
	if (options.view.list_columns) {
		puts("TYPE       type of the namespaces\n"
		     "RESULT     same, different or unknown\n"
		     "TARGET     a column for each target, named as it was written");
		return 0;
	}
	if (argc - optind < 2)
		return cmd_refuse(argv, "two targets are needed to compare");
	return compare(argv + optind, (size_t)(argc - optind), &options, argv);
}
