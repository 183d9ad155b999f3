/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl keep NAME TARGET: a name that outlives the processes; without arguments, the names. */
#include <errno.h>
#include <signal.h>

#include "base/cleanup.h"
#include "cmd/command.h"
#include "cmd/deadline.h"
#include "cmd/keep_columns.h"
#include "keep/keep.h"
#include "target/target.h"

struct keep_options {
	struct common_options common;
	ns_type_set types; /* 0: none asked for */
	bool for_ip_netns;
};

static int take_kept_types(void *options, const char *value, struct error *err)
{
	struct keep_options *keep = options;

	return ns_type_parse_list(value, &keep->types, err);
}

static const struct command_option keep_options[] = {
    {"type", 't', "LIST", "of these types: cgroup, ipc, mnt, net, pid, time, user, uts",
     .take = take_kept_types, .kind = VALUE_TYPES},
    {"ip-netns", 0, NULL, "the net namespace is NAME for ip netns as well",
     .flag = offsetof(struct keep_options, for_ip_netns)},
    {0},
};

static const struct table_layout layout = {.groups = {keep_columns}, .usual = KEEP_USUAL_COLUMNS};

static int list_kept(const struct keep_options *options, struct table *table, struct error *err)
{
	AUTO_KEPT struct kept_list list = {0};
	int ret = keep_list(&list, err);

	for (size_t i = 0; i < list.count && ret == 0; i++)
		ret = table_add_row(table, &list.items[i], err);
	if (ret == 0)
		ret = table_arrange(table, err);
	return ret < 0 ? ret : keep_columns_print(table, &options->common.table, err);
}

/* Takes over the opened namespaces that are to be kept. */
static int take_given(struct opened_target *opened, ns_type_set types, const char *word,
		      struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	ns_type_set taken = 0;

	for (size_t i = 0; i < opened->ns_count; i++) {
		struct ns *ns = &opened->ns[i];

		if (types != 0 && !(types & 1U << ns->type))
			continue;
		taken |= 1U << ns->type;
		namespaces[ns->type] = *ns;
		*ns = NS_CLOSED;
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if ((types & ~taken) & 1U << type)
			return error_set(err, EINVAL, "'%.256s' has no %s namespace", word,
					 ns_type_name(type));
	}
	return 0;
}

static int open_chosen(const struct target *target, const struct keep_options *options,
		       struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	AUTO_TARGET struct opened_target opened;
	struct deadline deadline = {0};
	int ret;

	deadline_set(&deadline);
	ret = target_open(target, options->common.engine, &opened, err);
	if (ret == 0)
		ret = opened.is_process
			  ? keep_open_of_process(&opened.process, options->types, namespaces, err)
			  : take_given(&opened, options->types, target->text, namespaces, err);
	deadline_clear(&deadline);
	return ret;
}

/* setns(2) leads there all the same, but no process can be started in it. */
static void warn_of_dead_pid_ns(const struct invocation *invocation, const struct ns *ns)
{
	struct error warning;

	if (ns->fd < 0 || ns_check_init(ns) != -ESRCH)
		return;
	error_set(&warning, ESRCH, "warning: pid namespace %ju has no process 1 that is seen from here",
		  (uintmax_t)ns->ino);
	error_hint(&warning, "a name keeps it, but once its process 1 has ended it cannot be entered");
	command_report(invocation, &warning, 0);
}

static int keep_target(const struct invocation *invocation, const struct target *target,
		       const struct keep_options *options, struct error *err)
{
	struct ns namespaces[NS_TYPE_COUNT];
	int ret;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	ret = open_chosen(target, options, namespaces, err);
	if (ret == 0)
		ret = keep_make(invocation->words[0], namespaces, options->for_ip_netns, err);
	if (ret == 0)
		warn_of_dead_pid_ns(invocation, &namespaces[NS_PID]);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		ns_close(&namespaces[type]);
	return ret;
}

static int run_keep(const struct invocation *invocation, void *data, struct error *err)
{
	const struct keep_options *options = data;
	AUTO_TABLE struct table *table = NULL;
	struct target target;

	/* A limit of file sizes is then an error with a reason (setrlimit(2)). */
	signal(SIGXFSZ, SIG_IGN);
	if (invocation->count == 1) {
		command_refuse(invocation, err, "missing TARGET");
		return command_report(invocation, err, EXIT_USAGE);
	}
	if (invocation->count == 0) {
		table = table_new(&layout, &options->common.table, err);
		return table ? list_kept(options, table, err) : command_report(invocation, err, EXIT_USAGE);
	}
	if (keep_check_name(invocation->words[0], err) < 0 ||
	    target_parse(invocation->words[1], &target, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	return keep_target(invocation, &target, options, err);
}

const struct command command_keep = {
    .name = "keep",
    .summary = "give namespaces a name that outlives their processes",
    .usage = "[OPTION]... [NAME TARGET]",
    .help = "Keep the namespaces of TARGET by a NAME, whether or not a process is in them; of\n"
	    "a process, those that differ from the caller's.  Without arguments, list the\n"
	    "names.\n",
    .examples = "  nsctl keep web 1234                what process 1234 has of its own\n"
		"  nsctl keep web 1234 --type net     only its network\n"
		"  nsctl enter web                    a shell in what is kept\n"
		"  nsctl drop web                     take the name away\n",
    .tables = {keep_options, common_filter_options, common_table_options, common_look_options},
    .options_size = sizeof(struct keep_options),
    .word = "TARGET",
    .most = 2,
    .arguments = ARGUMENT_NEW_NAME,
    .layout = &layout,
    .failed = EXIT_NO,
    .run = run_keep,
};
