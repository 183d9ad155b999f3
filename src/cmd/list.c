/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl list [NS]...: one row for each namespace. */
#include "cmd/list.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "cmd/list_columns.h"
#include "proc/process.h"
#include "target/target.h"

static int take_self(struct list_options *list, struct error *err)
{
	AUTO_PROCESS struct process self;
	int ret = process_open(getpid(), &self, err);

	list->task = self.pid;
	return ret;
}

bool list_parse_number(const struct list_options *options, const char *text, uint64_t max, uint64_t *number)
{
	return options->common.table.as_lsns ? text_parse_number_as_strtoul(text, max, number)
					     : text_parse_number(text, max, number);
}

int list_take_task(void *options, const char *value, struct error *err)
{
	struct list_options *list = options;
	uint64_t number;

	if (!list->common.table.as_lsns && strcmp(value, "self") == 0)
		return take_self(list, err);
	if (!list_parse_number(list, value, PROCESS_PID_MAX, &number) || number == 0)
		return error_set(err, EINVAL, "invalid PID argument: '%.256s'", value);
	list->task = (pid_t)number;
	return 0;
}

int list_take_tree(void *options, const char *value, struct error *err)
{
	struct list_options *list = options;

	/* -T=owner, as people write it. */
	if (value && value[0] == '=')
		value++;
	if (!value || strcmp(value, "owner") == 0)
		list->tree = TREE_OWNER;
	else if (strcmp(value, "parent") == 0)
		list->tree = TREE_PARENT;
	else if (strcmp(value, "process") == 0)
		list->tree = TREE_PROCESS;
	else {
		error_set(err, EINVAL, "unknown tree type: '%.256s'", value);
		return error_hint(err, "process, parent or owner");
	}
	list->common.table.tree_column = list->tree == TREE_PROCESS ? "COMMAND" : "NS";
	return 0;
}

static int take_list_types(void *options, const char *value, struct error *err)
{
	struct list_options *list = options;

	return ns_type_parse_list(value, &list->types, err);
}

static const struct command_option list_options[] = {
    {"type", 't', "LIST", "of the types cgroup, ipc, mnt, net, pid, time, user, uts", .take = take_list_types,
     .kind = VALUE_TYPES},
    {"task", 'p', "PID", "of this process", .take = list_take_task, .kind = VALUE_PROCESS},
    {"persistent", 'P', NULL, "without processes", .flag = NOTED_IN(persistent), .excludes = "task"},
    {"tree", 'T', "[=BY]", "as a tree by owner, parent or process", .take = list_take_tree,
     .choices = "owner,parent,process"},
    {"list", 'l', NULL, "as a list (default)", .flag = NOTED_IN(is_list), .excludes = "tree"},
    {"nowrap", 'W', NULL, "several mount points in one line", .flag = NOTED_IN(common.table.no_wrap)},
    {0},
};

static const struct table_layout layout = {.groups = {list_columns, count_columns, task_columns},
					   .usual = "NS,TYPE,NPROCS,PID,USER,HOLDERS,COMMAND"};

/* KEPT only if there is a name. */
#define PERSISTENT_COLUMNS "NS,TYPE,NPROCS,PID,USER,HOLDERS,KEPT,COMMAND"

static int run_list(const struct invocation *invocation, void *options, struct error *err)
{
	struct list_options *list = options;
	AUTO_TABLE struct table *table = NULL;
	struct target container;

	list->common.table.no_wrap |= list->common.table.raw;
	/* For scripts the usual columns are always the same. */
	if (list->persistent && !list->common.table.raw)
		list->common.table.usual = PERSISTENT_COLUMNS;
	table = table_new(&layout, &list->common.table, err);
	if (!table ||
	    command_check_targets((const char *const *)invocation->words, invocation->count, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	if (list->common.container && target_parse_container(list->common.container, &container, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	if (list->task && invocation->count > 0) {
		error_set(err, EINVAL, "--task cannot be used with NS");
		return command_report(invocation, err, EXIT_USAGE);
	}
	return list_run(invocation, list, table, err);
}

const struct command command_list = {
    .name = "list",
    .summary = "every namespace, whatever holds it",
    .usage = "[OPTION]... [NS]...",
    .help = "List the namespaces of this machine, whatever holds them; or only those named.\n",
    .examples = "  nsctl list -t net,mnt            network and mount namespaces\n"
		"  nsctl list -P                    those that no process is in\n"
		"  nsctl list --container web       those of a container\n"
		"  nsctl list -J | jq '.namespaces[] | select(.nprocs > 10) | .ns'\n",
    .tables = {list_options, common_container_options, common_filter_options, common_table_options,
	       common_look_options},
    .options_size = sizeof(struct list_options),
    .word = "NS",
    .most = SIZE_MAX,
    .layout = &layout,
    .failed = EXIT_NO,
    .run = run_list,
};
