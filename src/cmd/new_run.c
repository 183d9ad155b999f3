/* SPDX-License-Identifier: GPL-2.0-or-later */
/* From the options to the exit status, for nsctl new and unshare. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/deadline.h"
#include "cmd/memlock.h"
#include "cmd/new_options.h"
#include "cmd/new_status.h"
#include "cmd/program_status.h"
#include "create/create.h"
#include "ns/ns.h"

/* As timeout(1). */
#define EXIT_TIME_IS_OVER 124

static int run_and_report(struct creation *creation, int status_fd, struct create_result *result,
			  struct error *err)
{
	struct new_status status = {.fd = status_fd};
	const struct create_observer observer = {.created = new_status_write_created, .context = &status};
	int ret = create_run(creation, status_fd >= 0 ? &observer : NULL, result, err);

	if (ret == 0 && status_fd >= 0)
		new_status_write_ended(&status, result->status);
	return ret;
}

static void print_types(const struct creation *creation)
{
	fputs("namespaces", stdout);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (creation_has(creation, type))
			printf(" %s", ns_type_name(type));
	}
	putchar('\n');
}

static void print_map(const char *title, const struct id_map_plan *plan)
{
	static const char *const writers[] = {
	    [ID_MAP_INSIDE] = "nsctl, inside",
	    [ID_MAP_OUTSIDE] = "nsctl, outside",
	    [ID_MAP_PROGRAM] = "",
	};

	for (size_t i = 0; i < plan->map.count && plan->writer != ID_MAP_UNWRITTEN; i++) {
		const struct id_range *range = &plan->map.ranges[i];

		printf("%s    %u %u %u (written by %s)\n", title, range->inside, range->outside, range->count,
		       plan->writer == ID_MAP_PROGRAM ? plan->program : writers[plan->writer]);
	}
}

static void print_lasting(const struct creation *creation)
{
	const struct create_request *request = creation->request;

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		if (request->files[type])
			printf("mounted    %s on %s\n", ns_type_name(type), request->files[type]);
	}
	if (request->keep_name)
		printf("kept as    keep:%s\n", request->keep_name);
}

static int print_trial(struct creation *creation, struct error *err)
{
	int ret;

	print_types(creation);
	print_map("uid map", &creation->maps.of[ID_USERS]);
	print_map("gid map", &creation->maps.of[ID_GROUPS]);
	print_lasting(creation);
	printf("program    %s%s\n", creation->path,
	       creation->request->is_init                                      ? ", below an init"
	       : creation_has(creation, NS_PID) && creation->supervisor.wanted ? ", as process 1"
									       : "");
	fflush(stdout); /* a copy of the buffer would be written by each child */
	ret = create_try(creation, err);
	if (ret == 0)
		puts("permitted  yes");
	return ret;
}

/* A map that is chosen is reported where somebody reads it. */
static void report_map(const struct invocation *invocation, const struct creation *creation)
{
	struct error note;

	if (!creation->map_sentence[0] || !isatty(STDERR_FILENO))
		return;
	error_set(&note, 0, "%s", creation->map_sentence);
	command_report(invocation, &note, 0);
}

static int run_creation(const struct invocation *invocation, const struct new_options *options,
			struct creation *creation, struct error *err)
{
	bool as_unshare = options->request.as_unshare;
	struct create_result result;
	int ret;

	report_map(invocation, creation);
	if (options->dry_run)
		return print_trial(creation, err);
	ret = run_and_report(creation, options->status_fd, &result, err);
	if (ret < 0 && result.exec_failed)
		return command_report(invocation, err, program_refused_status(err->number));
	if (ret < 0)
		return ret;
	return result.is_over ? EXIT_TIME_IS_OVER : program_exit_status(result.status, as_unshare);
}

/* A target may be found by BPF, and may block its readers while it is read. */
static int plan_like(const struct create_request *request, struct creation *creation, struct error *err)
{
	struct deadline deadline = {0};
	struct rlimit memlock;
	bool is_raised = memlock_raise(&memlock);
	int ret;

	deadline_set(&deadline);
	ret = creation_plan(request, creation, err);
	if (deadline_clear(&deadline) < 0 && ret == 0)
		ret = error_set_errno(err, errno, "cannot lift the deadline");
	if (is_raised && ret == 0)
		ret = memlock_restore(&memlock, err);
	return ret;
}

int new_run(const struct invocation *invocation, const struct new_options *options, struct error *err)
{
	AUTO_CREATION struct creation creation;
	int ret = options->request.like ? plan_like(&options->request, &creation, err)
					: creation_plan(&options->request, &creation, err);

	return ret < 0 ? ret : run_creation(invocation, options, &creation, err);
}
