/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Called as lsns, nsctl is lsns(8) of util-linux 2.42: its options, its columns, its exit status. */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include "cmd/list.h"
#include "cmd/list_columns.h"

static const char help[] =
    "\n"
    "Usage:\n"
    " lsns [options] [<namespace>]\n"
    "\n"
    "List namespaces.\n"
    "\n"
    "Options:\n"
    " -J, --json             JSON\n"
    " -l, --list             as a list\n"
    " -n, --noheadings       no headings\n"
    " -o, --output <list>    these columns; +<list> adds to the default ones\n"
    "     --output-all       all columns\n"
    " -P, --persistent       namespaces without processes\n"
    " -p, --task <pid>       namespaces of this process\n"
    " -Q, --filter <expr>    namespaces for which the expression is true\n"
    " -r, --raw              columns separated by one space\n"
    " -u, --notruncate       do not truncate\n"
    " -W, --nowrap           several mount points in one line\n"
    " -t, --type <name>      of this type: mnt, net, ipc, user, pid, uts, cgroup, time\n"
    " -T, --tree[=<rel>]     as a tree: parent, owner or process\n"
    " -H, --list-columns     list the columns there are\n"
    "\n"
    " -h, --help             this help\n"
    " -V, --version          version\n"
    "\n"
    "This is nsctl, called as lsns; see nsctl-list(1).\n";

/* One type, by the name that the kernel uses. */
static int take_lsns_type(void *options, const char *value, struct error *err)
{
	struct list_options *list = options;
	enum ns_type type;

	if (!ns_type_from_name(value, strlen(value), &type))
		return ns_type_refuse(value, strlen(value), err);
	list->types |= 1U << type;
	return 0;
}

/* In the order of lsns(8). */
static const struct command_option lsns_options[] = {
    {"task", 'p', "PID", "", .take = list_take_task},
    {"persistent", 'P', NULL, "", .flag = NOTED_IN(persistent), .excludes = "task"},
    {"filter", 'Q', "EXPR", "", .text = NOTED_IN(common.table.filter)},
    {"nowrap", 'W', NULL, "", .flag = NOTED_IN(common.table.no_wrap)},
    {"list", 'l', NULL, "", .flag = NOTED_IN(is_list)},
    {"type", 't', "TYPE", "", .take = take_lsns_type},
    {"tree", 'T', "[=BY]", "", .take = list_take_tree},
    {0},
};

/* Where nothing else is asked for; a tree only beside lsns's own columns. */
static void choose_defaults(struct list_options *list, bool has_inode)
{
	struct table_options *table = &list->common.table;

	table->no_wrap |= table->raw;
	table->usual = "NS,TYPE,NPROCS,PID,USER,COMMAND";
	if (list->types & 1U << NS_NET)
		table->usual = "NS,TYPE,NPROCS,PID,USER,NETNSID,NSFS,COMMAND";
	if (has_inode)
		table->usual = "PID,PPID,USER,COMMAND";
	if (list->tree != TREE_NONE || list->is_list || (table->all_columns && !has_inode))
		return;
	list->tree = TREE_PROCESS;
	table->tree_column = "COMMAND";
}

static const struct table_layout layout = {
    .groups = {list_columns, count_columns, task_columns},
    .all = "NS,TYPE,PATH,NPROCS,PID,PPID,COMMAND,UID,USER,NETNSID,NSFS,PNS,ONS",
};

static void prepare_lsns(void *options)
{
	struct list_options *list = options;

	list->common.table.as_lsns = true;
}

static int run_lsns(const struct invocation *invocation, void *options, struct error *err)
{
	struct list_options *list = options;
	AUTO_TABLE struct table *table = NULL;

	if (list->task && invocation->count > 0)
		return error_set(err, EINVAL, "--task is mutually exclusive with <namespace>");
	choose_defaults(list, invocation->count > 0);
	table = table_new(&layout, &list->common.table, err);
	if (!table)
		return -err->number;
	if (access("/proc/self/mountinfo", R_OK) < 0) {
		error_set_errno(err, errno, "cannot read /proc/self/mountinfo");
		error_hint(err, "is /proc mounted? mount -t proc proc /proc");
		return command_report(invocation, err, EXIT_LSNS_NO_PROC);
	}
	return list_run(invocation, list, table, err);
}

const struct command command_lsns = {
    .name = "lsns",
    .tables = {lsns_options, common_table_options},
    .options_size = sizeof(struct list_options),
    .prepare = prepare_lsns,
    .most = SIZE_MAX,
    .layout = &layout,
    .columns_variable = "LSNS_COLUMNS",
    .failed = EXIT_NO,
    .util_linux_help = help,
    .run = run_lsns,
};
