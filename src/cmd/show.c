/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl show TARGET: all about one process, one namespace or one container. */
#include "cmd/show.h"

#include <errno.h>

#include "cmd/command.h"
#include "cmd/deadline.h"
#include "cmd/fact_columns.h"
#include "proc/cgroup.h"
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

/* Finds what the process is in; of a container target it is known.  Returns 0 or -ENOMEM. */
static int find_membership(struct containers *containers, const struct opened_target *opened,
			   struct show_membership *membership, struct error *err)
{
	char path[COMMAND_SIZE];
	int ret = containers_open("/", containers);

	*membership = (struct show_membership){.container = opened->container};
	if (process_read_cgroup(opened->process.dir_fd, path, sizeof(path)) < 0 ||
	    !unit_of_cgroup(path, membership->unit, sizeof(membership->unit)))
		membership->unit[0] = '\0';
	if (ret == 0 && !membership->container)
		ret = container_of_process(containers, &opened->process, &membership->container);
	return ret == -ENOMEM ? error_set_errno(err, ENOMEM, "cannot look for containers") : 0;
}

static void report_gap(const char *sentence, void *invocation)
{
	struct error warning;

	error_set(&warning, ENODATA, "%s", sentence);
	command_report(invocation, &warning, 0);
}

/* Describes within the deadline what show_process() prints. */
static int run_described(const struct invocation *invocation, const struct opened_target *opened,
			 struct process_description *description, const struct table_options *options,
			 struct error *err)
{
	AUTO_CONTAINERS struct containers containers = {.root_fd = -1};
	AUTO_CONTAINER_DESCRIPTION struct container_description details = {0};
	struct show_membership membership;
	struct deadline deadline = {0};
	int ret;

	deadline_set(&deadline);
	ret = describe_process(&opened->process, description, err);
	if (ret == 0)
		ret = find_membership(&containers, opened, &membership, err);
	if (ret == 0 && opened->container)
		ret = describe_container(&opened->process, opened->container, &containers, &details, err);
	deadline_clear(&deadline);
	if (ret < 0)
		return ret;
	ret = show_process(description, &membership, opened->container ? &details : NULL, options, err);
	if (ret == 0 && opened->container)
		show_each_gap(&details, report_gap, (void *)invocation);
	return ret;
}

static int run_process(const struct invocation *invocation, const struct opened_target *opened,
		       const struct table_options *options, struct error *err)
{
	AUTO_PROCESS_DESCRIPTION struct process_description description = {0};
	int ret = run_described(invocation, opened, &description, options, err);

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
	return opened.is_process ? run_process(invocation, &opened, &common->table, err)
				 : run_ns(&opened.ns[0], common, err);
}

const struct command command_show = {
    .name = "show",
    .summary = "all about one process, namespace or container",
    .usage = "[OPTION]... [TARGET]",
    .help = "Show all about one process, namespace or container; without TARGET, about the\n"
	    "caller.\n",
    .examples = "  nsctl show 1234                    owner, parent and id of each namespace\n"
		"  nsctl show 'net:[4026532281]'      one namespace\n"
		"  nsctl show web                     state, limits, confinement and mounts of a\n"
		"                                     container\n",
    .tables = {common_table_options, common_look_options},
    .options_size = sizeof(struct common_options),
    .word = "TARGET",
    .most = 1,
    .layout = &fact_layout,
    .failed = EXIT_NO,
    .run = run_show,
};
