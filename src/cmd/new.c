/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl new [PROGRAM...]: run a program in new namespaces. */
#include <stdint.h>
#include <stdlib.h>

#include "cmd/new_options.h"
#include "keep/keep.h"

/* Whether nsctl has to stay while the program runs. */
static bool needs_child(const struct new_options *options)
{
	const struct create_request *request = &options->request;

	return request->fork || request->is_init || request->limit_sec > 0 || request->keep_name ||
	       create_request_has_file(request) || request->network == NETWORK_PASTA ||
	       options->status_fd >= 0;
}

static bool is_empty(const struct create_request *request)
{
	return request->types == 0 && !request->everything && !request->like;
}

static int check_new(const struct invocation *invocation, const struct new_options *options,
		     struct error *err)
{
	const struct create_request *request = &options->request;

	if (is_empty(request) && request->keep_name)
		return command_refuse(invocation, err, "--name without a namespace to keep");
	if ((request->monotonic.is_set || request->boottime.is_set) && !(request->types & 1U << NS_TIME) &&
	    !request->everything)
		return command_refuse(invocation, err,
				      "--monotonic and --boottime need a time namespace: -T");
	if (request->kept_variables && !request->clear_env)
		return command_refuse(invocation, err, "--whitelist-env without --clear-env");
	if (request->no_fork && needs_child(options))
		return command_refuse(invocation, err, "--no-fork contradicts an option that needs a child");
	if (request->ids.setgroups == SETGROUPS_ALLOW && request->ids.of[ID_GROUPS].has_single &&
	    request->ids.of[ID_GROUPS].count == 0)
		return command_refuse(invocation, err,
				      "--setgroups=allow contradicts the map of a single group (-r, -c, "
				      "--map-group): the kernel permits that only without setgroups(2)");
	if (request->like && command_check_targets(&request->like, 1, err) < 0)
		return error_wrap(err, "--like");
	return request->keep_name ? keep_check_name(request->keep_name, err) : 0;
}

static int run_new(const struct invocation *invocation, void *data, struct error *err)
{
	struct new_options *options = data;
	struct create_request *request = &options->request;

	if (check_new(invocation, options, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	request->fork = needs_child(options);
	if (request->dies_with_parent)
		request->child_signal = SIGKILL;
	request->engine = options->common.engine;
	request->argv = invocation->words;
	request->shell = getenv("SHELL");
	return new_run(invocation, options, err);
}

const struct command command_new = {
    .name = "new",
    .summary = "run a program in new namespaces",
    .usage = "[OPTION]... [PROGRAM [ARGUMENT]...]",
    .help = "Run a program, or else a shell, in new namespaces.\n",
    .more = "Exit status: the program's; 128+N when signal N ended it; 124 time limit;\n"
	    "125 nsctl failed, 126 the program could not be executed, 127 it was not found;\n"
	    "2 bad usage.\n",
    .examples = "  nsctl new --all                      a shell with a namespace of each type\n"
		"  nsctl new -n --name web true         a net namespace that lasts: keep:web\n"
		"  nsctl new -rn --net=up ./test        as root, with only a loopback interface\n",
    .tables = {new_unshare_options, new_own_options},
    .options_size = sizeof(struct new_options),
    .prepare = new_options_prepare,
    .take_equals = new_options_take_equals,
    .most = SIZE_MAX,
    .stops_at_word = true,
    .failed = EXIT_ENTER_FAILED,
    .run = run_new,
};
