/* SPDX-License-Identifier: GPL-2.0-or-later */
/* nsctl enter TARGET [PROGRAM...]: run a program in a target's namespaces. */
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "cmd/enter_habits.h"
#include "cmd/enter_options.h"
#include "target/target.h"

static bool is_namespace_word(const char *word)
{
	struct target target;
	struct error ignored; /* then it is a word of the program's */
	AUTO_NS struct ns ns = NS_CLOSED;

	if (target_parse(word, &target, &ignored) < 0)
		return false;
	/* Without its prefix, a kept name may be the program's as well. */
	if (target.kind == TARGET_KEPT && target.name == target.text)
		return false;
	return target.kind != TARGET_FILE || ns_open_path(target.name, &ns, &ignored) == 0;
}

/*
 * How many of the words are targets.  Several are, where a "--" ends them;
 * but a "--" that comes after a word that is no target is the program's own.
 */
static size_t count_targets(const char *const *words, size_t count)
{
	size_t end = 0;

	while (end < count && strcmp(words[end], "--") != 0)
		end++;
	if (end == count || end == 0)
		return 1;
	for (size_t i = 1; i < end; i++) {
		if (!is_namespace_word(words[i]))
			return 1;
	}
	return end;
}

/* Splits the words behind the options into targets and program. */
static int take_words(const struct invocation *invocation, struct enter_options *options, struct error *err)
{
	struct enter_request *request = &options->request;
	const char *const *words = (const char *const *)invocation->words;
	size_t count = invocation->count;
	size_t targets;

	if (options->target || options->has_file) {
		options->words = &options->target;
		request->target_count = options->target != NULL;
		request->argv = invocation->words;
		return 0;
	}
	if (count == 0)
		return command_refuse(invocation, err, "missing TARGET");
	targets = count_targets(words, count);
	options->words = words;
	request->target_count = targets;
	request->argv = invocation->words + targets;
	if (targets < count && strcmp(words[targets], "--") == 0)
		request->argv++;
	else if (request->argv[0] && request->argv[0][0] == '-')
		return command_refuse(invocation, err,
				      "'%.256s' stands after the TARGET: options go before it",
				      request->argv[0]);
	return 0;
}

static int run_enter(const struct invocation *invocation, void *data, struct error *err)
{
	struct enter_options *options = data;
	AUTO_FREE struct target *targets = NULL;

	if (enter_check_habits(options, invocation->words, err) < 0 ||
	    take_words(invocation, options, err) < 0)
		return command_report(invocation, err, EXIT_USAGE);
	targets = command_parse_targets(options->words, options->request.target_count, err);
	if (!targets)
		return command_report(invocation, err, EXIT_USAGE);
	options->request.targets = targets;
	options->request.engine = options->common.engine;
	options->request.everything = !enter_options_have_type(options);
	return enter_run(invocation, &options->request, err);
}

const struct command command_enter = {
    .name = "enter",
    .summary = "run a program in the target's namespaces",
    .usage = "[OPTION]... TARGET [PROGRAM [ARGUMENT]...]\n"
	     "       nsctl enter [OPTION]... FILE... -- [PROGRAM [ARGUMENT]...]\n"
	     "       nsctl enter -t PID [OPTION]... [PROGRAM [ARGUMENT]...]",
    .help = "Run a program, or else the user's shell, in the namespaces of TARGET.\n"
	    "\n"
	    "Of a process, without an option that names a namespace: all namespaces that\n"
	    "differ from the caller's, the root and the working directory.\n",
    .more = "Exit status: the program's; 128+N when signal N ended it; 125 nsctl failed,\n"
	    "126 the program could not be executed, 127 it was not found; 2 bad usage.\n",
    .examples = "  nsctl enter web                      a shell in a container, as root\n"
		"  nsctl enter 1234                     a shell beside process 1234\n"
		"  nsctl enter -n -t web ss -tlnp       the host's ss in its network\n"
		"  nsctl enter netns:blue ip addr       in a name of ip netns\n",
    .tables = {enter_nsenter_options, enter_own_options},
    .options_size = sizeof(struct enter_options),
    .prepare = enter_options_prepare,
    .word = "TARGET",
    .most = SIZE_MAX,
    .stops_at_word = true,
    .count_arguments = count_targets,
    .failed = EXIT_ENTER_FAILED,
    .run = run_enter,
};
