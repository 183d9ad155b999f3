/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl drop NAME...: takes kept names away, and shows what still holds the namespaces; or --holders NS. */
#include <errno.h>
#include <stdint.h>

#include "cmd/command.h"
#include "cmd/drop_holders.h"
#include "cmd/dropped.h"
#include "keep/keep.h"

struct drop_options {
	struct common_options common;
	bool quiet;
	bool holders;
	bool dry_run;
};

static const struct command_option drop_options[] = {
    {"quiet", 'q', NULL, "do not look for what still holds the namespaces",
     .flag = offsetof(struct drop_options, quiet), .excludes = "holders"},
    {"holders", 0, NULL, "unmount every mount that holds the namespace NS",
     .flag = offsetof(struct drop_options, holders)},
    {"dry-run", 0, NULL, "with --holders: only show what holds it",
     .flag = offsetof(struct drop_options, dry_run)},
    {0},
};

/* Each name is dropped, whatever became of those before it.  Returns the exit status. */
static int drop_names(const struct invocation *invocation, struct dropped_list *list)
{
	int status = 0;

	for (size_t i = 0; i < invocation->count; i++) {
		AUTO_DROPPED struct keep_dropped dropped;
		struct error err;

		if (keep_drop(invocation->words[i], &dropped, &err) < 0)
			status = command_report(invocation, &err, EXIT_NO);
		else
			dropped_report_remark(invocation, invocation->words[i], &dropped);
		dropped_list_take(list, &dropped);
	}
	return status;
}

/* The name of an option that is given, of those for tables; NULL: none is. */
static const char *find_table_option(const struct table_options *options)
{
	const struct {
		bool is_given;
		const char *name;
	} all[] = {
	    {options->json, "json"},
	    {options->raw, "raw"},
	    {options->no_headings, "noheadings"},
	    {options->output, "output"},
	    {options->all_columns, "output-all"},
	    {options->no_truncate, "notruncate"},
	};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (all[i].is_given)
			return all[i].name;
	}
	return NULL;
}

static int run_holders(const struct invocation *invocation, const struct drop_options *options,
		       struct error *err)
{
	const char *table_option = find_table_option(&options->common.table);
	const struct drop_holders_request request = {
	    .engine = options->common.engine, .dry_run = options->dry_run, .word = invocation->words[0]};

	if (table_option) {
		command_refuse(invocation, err, "mutually exclusive arguments: --holders --%s", table_option);
		return command_report(invocation, err, EXIT_USAGE);
	}
	if (invocation->count > 1) {
		command_refuse(invocation, err, "unexpected argument '%.256s'", invocation->words[1]);
		return command_report(invocation, err, EXIT_USAGE);
	}
	return drop_holders(invocation, &request, err);
}

static int run_names(const struct invocation *invocation, const struct drop_options *options,
		     struct error *err)
{
	AUTO_TABLE struct table *table = table_new(&dropped_layout, &options->common.table, err);
	AUTO_DROPPED_LIST struct dropped_list list = {0};
	int status;
	int ret = 0;

	if (!table)
		return command_report(invocation, err, EXIT_USAGE);
	for (size_t i = 0; i < invocation->count; i++) {
		if (keep_check_name(invocation->words[i], err) < 0)
			return command_report(invocation, err, EXIT_USAGE);
	}
	status = drop_names(invocation, &list);
	if (!options->quiet)
		ret = dropped_list_show(invocation, &list, &options->common, table, err);
	return ret < 0 ? ret : status;
}

static int run_drop(const struct invocation *invocation, void *data, struct error *err)
{
	const struct drop_options *options = data;

	if (options->holders)
		return run_holders(invocation, options, err);
	if (options->dry_run) {
		command_refuse(invocation, err, "--dry-run without --holders");
		return command_report(invocation, err, EXIT_USAGE);
	}
	return run_names(invocation, options, err);
}

const struct command command_drop = {
    .name = "drop",
    .summary = "take a kept name away",
    .usage = "[OPTION]... NAME...\n"
	     "       nsctl drop --holders [OPTION]... NS",
    .help = "Take away names that nsctl keep has given, and show what still holds the\n"
	    "namespaces, as nsctl why does; nothing if nothing does.\n"
	    "\n"
	    "Or show what keeps a namespace alive, and unmount every mount among it, in\n"
	    "whatever mnt namespace it is.  No process is ended, and no open file closed.\n",
    .examples = "  nsctl drop web        and what still holds the namespaces of web\n"
		"  nsctl keep            the names there are\n"
		"  nsctl drop --holders 'net:[4026532281]'   unmount it everywhere\n",
    .tables = {drop_options, common_table_options, common_look_options},
    .options_size = sizeof(struct drop_options),
    .word = "NAME",
    .least = 1,
    .most = SIZE_MAX,
    .arguments = ARGUMENT_KEPT_NAME,
    .layout = &dropped_layout,
    .failed = EXIT_NO,
    .run = run_drop,
};
