/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "proc/answers.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "proc/status.h"

static int read_answers_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct process *process = context;
	struct process_stat stat;
	ino_t ino;

	(void)item;
	(void)reply;
	/* Failures do not matter, as long as these calls return. */
	process_read_link(process->dir_fd, NS_LINK_USER, &ino);
	process_read_stat(process, &stat);
	return 0;
}

int process_check_answers(const struct process *process, struct error *err)
{
	AUTO_BOUNDED struct bounded answers = {0};
	const struct bounded_job job = {
	    .count = 1,
	    .items_per_helper = 1,
	    .work = read_answers_in_helper,
	    .context = (void *)process,
	    .keep = &process->dir_fd,
	    .keep_count = 1,
	};

	/* Without a helper nothing is known. */
	if (process->pid == getpid() || bounded_run(&job, NULL, &answers) < 0 ||
	    bounded_status(&answers, 0) != BOUNDED_NO_ANSWER)
		return 0;
	error_set(err, ETIMEDOUT, "process %d does not answer", process->pid);
	return error_hint(err, "it executes a program, and a file server keeps that from going on");
}

bool process_may_be_executing(const struct process *process)
{
	char text[128];
	unsigned long pages;
	unsigned long code;

	return file_read_at_once(process->dir_fd, "statm", text, sizeof(text)) > 0 &&
	       sscanf(text, "%lu %*u %*u %lu", &pages, &code) == 2 && pages != 0 && code == 0;
}
