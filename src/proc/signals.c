/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/numbers.h"
#include "proc/process.h"
#include "proc/status.h"

#define TERM_BIT (UINT64_C(1) << (SIGTERM - 1))

static bool has_term(const char *status, const char *key)
{
	uint64_t signals;

	return process_parse_mask(status, key, &signals) && signals & TERM_BIT;
}

static bool blocks_term(int dir_fd, const char *name)
{
	AUTO_FREE char *status = NULL;

	return process_load_status(dir_fd, name, &status) == 0 && has_term(status, "SigBlk");
}

/* A signal to the process goes to any thread that does not block it. */
static bool all_threads_block_term(int dir_fd)
{
	AUTO_NUMBERS struct numbers tids;
	uint32_t tid;
	int next;

	if (numbers_open(&tids, dir_fd, "task") < 0)
		return false;
	while ((next = numbers_next(&tids, &tid)) == 1) {
		char name[64];

		snprintf(name, sizeof(name), "task/%u/status", tid);
		if (!blocks_term(dir_fd, name))
			return false;
	}
	return next == 0;
}

static bool withstands_term(int dir_fd, const char *text, const struct process_status *status)
{
	if (status->nspid_count > 1 && status->nspid[status->nspid_count - 1] == 1)
		return true;
	if (status->state == 'T' || status->state == 't' || has_term(text, "SigIgn"))
		return true;
	return has_term(text, "SigBlk") && all_threads_block_term(dir_fd);
}

enum ending process_ending(pid_t pid)
{
	AUTO_PROCESS struct process process = {.pid = pid, .dir_fd = -1, .pidfd = -1};
	AUTO_STATUS struct process_status status = {0};
	AUTO_FREE char *text = NULL;

	if (pid == 1)
		return ENDING_NEVER;
	if (kill(pid, 0) < 0 && errno == EPERM)
		return ENDING_REFUSED;
	process.dir_fd = process_open_directory(pid);
	if (process.dir_fd < 0 || process_load_status(process.dir_fd, "status", &text) < 0 ||
	    process_parse_status(text, &status) < 0)
		return ENDING_TERM;
	return withstands_term(process.dir_fd, text, &status) ? ENDING_KILL : ENDING_TERM;
}
