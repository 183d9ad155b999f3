/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that many commands have. */
#include <errno.h>
#include <string.h>

#include "cmd/command.h"

#define NOTED_IN(field) offsetof(struct common_options, field)

const struct command_option common_table_options[] = {
    {"json", 'J', NULL, "JSON", .flag = NOTED_IN(table.json), .excludes = "raw"},
    {"raw", 'r', NULL, "columns separated by one space, for scripts", .flag = NOTED_IN(table.raw)},
    {"noheadings", 'n', NULL, "no headings", .flag = NOTED_IN(table.no_headings)},
    {"output", 'o', "LIST", "these columns; +LIST adds to the default ones", .text = NOTED_IN(table.output),
     .kind = VALUE_COLUMNS},
    {"output-all", 0, NULL, "all columns", .flag = NOTED_IN(table.all_columns)},
    {"notruncate", 'u', NULL, "do not truncate", .flag = NOTED_IN(table.no_truncate)},
    {"list-columns", 'H', NULL, "list the available columns", .flag = NOTED_IN(table.list_columns)},
    {0},
};

const struct command_option common_filter_options[] = {
    {"filter", 'Q', "EXPR", "rows for which EXPR is true; see scols-filter(5)",
     .text = NOTED_IN(table.filter)},
    {"sort", 0, "COLUMN", "sort by it, smallest first; -COLUMN: largest first", .text = NOTED_IN(table.sort),
     .kind = VALUE_SORT_COLUMN},
    {0},
};

const struct command_option common_container_options[] = {
    {"container", 0, "NAME", "what belongs to this container only", .text = NOTED_IN(container),
     .excludes = "persistent", .kind = VALUE_CONTAINER},
    {0},
};

static int take_color(void *options, const char *value, struct error *err)
{
	static const char *const choices[] = {
	    [COLOR_AUTO] = "auto", [COLOR_ALWAYS] = "always", [COLOR_NEVER] = "never"};
	struct common_options *common = options;

	for (enum color_choice choice = COLOR_AUTO; value && choice <= COLOR_NEVER; choice++) {
		if (strcmp(value, choices[choice]) == 0) {
			common->color = choice;
			return 0;
		}
	}
	if (value) {
		error_set(err, EINVAL, "unknown color mode: '%.256s'", value);
		return error_hint(err, "auto, always or never");
	}
	common->color = COLOR_ALWAYS;
	return 0;
}

static int take_engine(void *options, const char *name, struct error *err)
{
	struct common_options *common = options;

	return command_check_engine(name, "", &common->engine, err);
}

const struct command_option common_look_options[] = {
    {"color", 0, "[=WHEN]", "auto (default), always or never", .take = take_color,
     .choices = "auto,always,never"},
    {"engine", 0, "NAME", "read tasks by bpf or procfs; auto (default)", .take = take_engine,
     .choices = "auto,bpf,procfs"},
    {0},
};

int command_check_engine(const char *name, const char *where, enum engine *engine, struct error *err)
{
	if (engine_from_name(name, engine))
		return 0;
	error_set(err, EINVAL, "unknown engine%s: '%.256s'", where, name);
	return error_hint(err, "auto, bpf or procfs");
}
