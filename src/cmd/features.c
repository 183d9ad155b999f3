/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl features: what this kernel and these privileges allow. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cmd/command.h"
#include "cmd/wrap.h"
#include "query/features.h"
#include "table/json.h"

struct feature_row {
	enum feature feature;
	const struct feature_answer *answer;
};

static int fill_interface(struct cell *cell, const void *data)
{
	const struct feature_row *row = data;

	return cell_set_text(cell, feature_name(row->feature));
}

static int fill_since(struct cell *cell, const void *data)
{
	const struct feature_row *row = data;

	return cell_set_text(cell, feature_since(row->feature));
}

static int fill_present(struct cell *cell, const void *data)
{
	const struct feature_row *row = data;

	return cell_set_answer(cell, row->answer->state != FEATURE_ABSENT);
}

/* Unknown of what does not exist. */
static int fill_permitted(struct cell *cell, const void *data)
{
	const struct feature_row *row = data;

	if (row->answer->state == FEATURE_ABSENT)
		return 0;
	return cell_set_answer(cell, row->answer->state == FEATURE_PRESENT);
}

static int fill_note(struct cell *cell, const void *data)
{
	const struct feature_row *row = data;

	if (row->answer->note)
		return cell_set_text(cell, row->answer->note);
	return row->answer->state == FEATURE_DENIED ? cell_set_text(cell, strerror(row->answer->reason)) : 0;
}

static const struct column columns[] = {
    {"INTERFACE", "an interface of the kernel", COLUMN_TEXT, 0, fill_interface},
    {"SINCE", "the first Linux that has it", COLUMN_TEXT, 0, fill_since},
    {"PRESENT", "whether this kernel has it", COLUMN_ANSWER, 0, fill_present},
    {"PERMITTED", "whether this caller may use it", COLUMN_ANSWER, 0, fill_permitted},
    {"NOTE", "why not, or what to know of it", COLUMN_LONG, 0, fill_note},
    {0},
};

static const struct table_layout layout = {.groups = {columns}};

static int print_features_json(const struct features *features, const struct table *table,
			       const char *release, struct error *err)
{
	struct json json;

	json_begin(&json);
	json_add_text(&json, "kernel", release);
	table_write_json(table, &json, "interfaces");
	json_open_object(&json, "sources");
	for (enum question question = 0; question < QUESTION_COUNT; question++)
		json_add_text(&json, question_key(question), features->sources[question]);
	json_close(&json);
	return json_finish(&json, err);
}

/* The width of the terminal; without one that of no terminal. */
static size_t terminal_width(void)
{
	struct winsize size;

	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : SIZE_MAX;
}

#define TITLE_WIDTH 28

static void print_answer(const char *title, const char *text)
{
	printf("%-*s", TITLE_WIDTH - 1, title);
	wrap_print(text, TITLE_WIDTH - 1, TITLE_WIDTH, terminal_width());
	putchar('\n');
}

/* Scripts want the table alone. */
static int print_features_text(const struct features *features, const struct table *table,
			       const struct table_options *options, const char *release, struct error *err)
{
	bool is_bare = options->raw || options->no_headings || options->output;
	int ret;

	if (!is_bare)
		printf("Linux %s\n\n", release);
	ret = table_print(table, err);
	if (ret < 0 || is_bare)
		return ret;
	putchar('\n');
	for (enum question question = 0; question < QUESTION_COUNT; question++)
		print_answer(question_title(question), features->sources[question]);
	return 0;
}

static int run_features(const struct invocation *invocation, void *options, struct error *err)
{
	const struct table_options *shown = &((struct common_options *)options)->table;
	AUTO_TABLE struct table *table = table_new(&layout, shown, err);
	struct features features;
	struct utsname names;
	int ret = 0;

	if (!table)
		return command_report(invocation, err, EXIT_USAGE);
	if (access("/proc/self/ns", F_OK) < 0) {
		error_set_errno(err, errno, "cannot open '/proc/self/ns'");
		return error_hint(err, "is /proc mounted? mount -t proc proc /proc");
	}
	if (uname(&names) < 0)
		return error_set_errno(err, errno, "cannot read the kernel's release");
	features_probe(((struct common_options *)options)->engine, &features);
	for (enum feature feature = 0; feature < FEATURE_COUNT && ret == 0; feature++) {
		const struct feature_row row = {feature, &features.answers[feature]};

		ret = table_add_row(table, &row, err);
	}
	if (ret == 0)
		ret = table_arrange(table, err);
	if (ret < 0)
		return ret;
	return shown->json ? print_features_json(&features, table, names.release, err)
			   : print_features_text(&features, table, shown, names.release, err);
}

const struct command command_features = {
    .name = "features",
    .summary = "what this kernel and these privileges allow",
    .usage = "[OPTION]...",
    .help = "Show which of the kernel's interfaces for namespaces there are, which of them\n"
	    "this caller may use, and what answers each question as a result.\n",
    .examples = "  nsctl features          what can be missed here, and why\n"
		"  nsctl features -J | jq .sources\n",
    .tables = {common_table_options},
    .options_size = sizeof(struct common_options),
    .layout = &layout,
    .failed = EXIT_NO,
    .run = run_features,
};
