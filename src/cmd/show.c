/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl show TARGET: all about one process or one namespace. */
#include "cmd/show.h"

#include <errno.h>

#include "cmd/command.h"
#include "cmd/deadline.h"
#include "cmd/fact_columns.h"
#include "target/target.h"

/* The last line on standard error, where not all could be read. */
static void warn_of_denied_links(const struct invocation *invocation,
				 const struct process_description *description)
{
	size_t denied = process_description_denied(description);
	struct error warning;

	if (denied == 0)
		return;
	error_set(&warning, EACCES, "%zu of %d links of process %d could not be read", denied, NS_LINK_COUNT,
		  description->pid);
	process_hint_at_permission(&warning);
	command_report(invocation, &warning, 0);
}

static int run_process(const struct invocation *invocation, const struct process *process,
		       const struct table_options *options, struct error *err)
{
	AUTO_PROCESS_DESCRIPTION struct process_description description;
	struct deadline deadline = {0};
	int ret;

	deadline_set(&deadline);
	ret = describe_process(process, &description, err);
	deadline_clear(&deadline);
	if (ret == 0)
		ret = show_process(&description, options, err);
	if (ret == 0)
		warn_of_denied_links(invocation, &description);
	return ret;
}

static int run_ns(const struct ns *ns, const struct common_options *options, struct error *err)
{
	struct ns_description description;
	struct deadline deadline = {0};

	deadline_set(&deadline);
	describe_ns(ns, options->engine, &description);
	deadline_clear(&deadline);
	return show_ns(&description, &options->table, err);
}

/* Whether the columns that the options name exist. */
static int check_columns(const struct table_options *options, struct error *err)
{
	AUTO_TABLE struct table *table = table_new(&fact_layout, options, err);

	return table ? 0 : -err->number;
}

static int run_show(const struct invocation *invocation, void *options, struct error *err)
{
	const struct common_options *common = options;
	AUTO_TARGET struct opened_target opened = TARGET_CLOSED;
	struct target target;
	int ret;

	if (check_columns(&common->table, err) < 0 ||
	    target_parse(invocation->count > 0 ? invocation->words[0] : "self", &target, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	ret = target_open_one(&target, common->engine, &opened, err);
	if (ret < 0)
		return ret;
	return opened.is_process ? run_process(invocation, &opened.process, &common->table, err)
				 : run_ns(&opened.ns[0], common, err);
}

const struct command command_show = {
    .name = "show",
    .summary = "all about one process or one namespace",
    .usage = "[OPTION]... [TARGET]",
    .help = "Show all about one process or one namespace; without TARGET, about the caller.\n",
    .examples = "  nsctl show 1234                    owner, parent and id of each namespace\n"
		"  nsctl show net:[4026532281]        one namespace\n",
    .tables = {common_table_options, common_look_options},
    .options_size = sizeof(struct common_options),
    .word = "TARGET",
    .most = 1,
    .layout = &fact_layout,
    .failed = EXIT_NO,
    .run = run_show,
};
