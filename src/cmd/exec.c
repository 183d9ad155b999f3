/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl exec TARGET [PROGRAM...]: run a program as the target's own do. */
#include <stdint.h>
#include <string.h>

#include "cmd/enter_options.h"
#include "cmd/exec_options.h"
#include "target/target.h"

/* Splits the words behind the options into the target and the program. */
static int take_words(const struct invocation *invocation, struct enter_request *request, struct error *err)
{
	if (invocation->count == 0)
		return command_refuse(invocation, err, "missing TARGET");
	request->target_count = 1;
	request->argv = invocation->words + 1;
	if (!request->argv[0])
		return 0;
	if (strcmp(request->argv[0], "--") == 0)
		request->argv++;
	else if (request->argv[0][0] == '-')
		return command_refuse(invocation, err,
				      "'%.256s' stands after the TARGET: options go before it",
				      request->argv[0]);
	return 0;
}

static int run_with_options(const struct invocation *invocation, struct exec_options *options,
			    struct error *err)
{
	struct enter_request *request = &options->request;
	struct target target;

	if (take_words(invocation, request, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	if (target_parse_unseen(invocation->words[0], &target, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	request->targets = &target;
	request->engine = options->common.engine;
	if (request->detach) {
		request->child_signal = 0;
		request->terminal = TERMINAL_NONE;
	}
	return enter_run(invocation, request, err);
}

static int run_exec(const struct invocation *invocation, void *options, struct error *err)
{
	int ret = run_with_options(invocation, options, err);

	exec_options_free(options);
	return ret;
}

static size_t count_targets(const char *const *words, size_t count)
{
	(void)words;
	return count > 0;
}

const struct command command_exec = {
    .name = "exec",
    .summary = "run a program, confined as the target's own are",
    .usage = "[OPTION]... TARGET [PROGRAM [ARGUMENT]...]",
    .help = "Run a program, or else the user's shell, as the programs of TARGET run: in its\n"
	    "namespaces and cgroups, with its user, groups, capabilities, seccomp filters,\n"
	    "limits and environment.\n"
	    "\n"
	    "If one of these cannot be had, nothing runs: see --permit-missing.\n",
    .more = "Exit status: the program's; 128+N when signal N ended it; 125 nsctl failed,\n"
	    "126 the program could not be executed, 127 it was not found; 2 bad usage.\n",
    .examples = "  nsctl exec web                       a shell in a container\n"
		"  nsctl exec -u root -w /srv web id    as another user, in another directory\n"
		"  tar c . | nsctl exec -i web tar x    with standard input\n"
		"  nsctl exec unit:nginx.service id     as a service runs\n",
    .tables = {exec_options},
    .options_size = sizeof(struct exec_options),
    .prepare = exec_options_prepare,
    .word = "TARGET",
    .most = SIZE_MAX,
    .stops_at_word = true,
    .count_arguments = count_targets,
    .failed = EXIT_ENTER_FAILED,
    .run = run_exec,
};
