/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "snapshot/unanswered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
	const char *before;
	const char *one;
	const char *many;
} nouns[UNANSWERED_COUNT] = {
    [UNANSWERED_PROCESS] = {"", "process", "processes"},
    [UNANSWERED_FILES] = {"the open files of ", "process", "processes"},
    [UNANSWERED_COMMAND] = {"", "command line", "command lines"},
    [UNANSWERED_MOUNTS] = {"the mounts of ", "mnt namespace", "mnt namespaces"},
    [UNANSWERED_NS] = {"", "namespace", "namespaces"},
    [UNANSWERED_USER] = {"", "user name", "user names"},
};

struct unanswered *unanswered_new(void)
{
	struct unanswered *unanswered = calloc(1, sizeof(*unanswered));

	if (unanswered)
		unanswered->patience = PATIENCE;
	return unanswered;
}

struct patience *unanswered_patience(struct unanswered *unanswered)
{
	return unanswered ? &unanswered->patience : NULL;
}

void unanswered_add(struct unanswered *unanswered, enum unanswered_kind kind, size_t count)
{
	if (unanswered)
		unanswered->counts[kind] += count;
}

long unanswered_run(struct unanswered *unanswered, enum unanswered_kind kind, const struct bounded_job *job,
		    struct bounded *answers)
{
	long blocked = bounded_run(job, unanswered_patience(unanswered), answers);

	unanswered_add(unanswered, kind, blocked < 0 ? job->count : (size_t)blocked);
	return blocked;
}

static void append(char *text, size_t size, enum unanswered_kind kind, size_t count)
{
	size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s%zu %s",
		 used ? ", " : "no answer in time: ", nouns[kind].before, count,
		 count == 1 ? nouns[kind].one : nouns[kind].many);
}

bool unanswered_describe(const struct unanswered *unanswered, char *text, size_t size)
{
	text[0] = '\0';
	for (enum unanswered_kind kind = 0; unanswered && kind < UNANSWERED_COUNT; kind++) {
		if (unanswered->counts[kind] > 0)
			append(text, size, kind, unanswered->counts[kind]);
	}
	return text[0] != '\0';
}
