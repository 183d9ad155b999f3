/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One file, read in a helper. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"

struct loading {
	int dir_fd;
	const char *name;
	size_t limit;
};

static int load_and_store(size_t item, struct bounded_reply *reply, void *context)
{
	const struct loading *loading = context;
	AUTO_FREE char *contents = NULL;
	ssize_t length = file_load_at(loading->dir_fd, loading->name, loading->limit, &contents);

	(void)item;
	if (length < 0)
		return (int)length;
	return bounded_store(reply, contents, (size_t)length) ? 0 : -ENOMEM;
}

static ssize_t copy_answer(const struct bounded *answers, char **contents)
{
	size_t length;
	const char *answer = bounded_data(answers, 0, &length);
	int status = bounded_status(answers, 0);

	if (status != 0)
		return status == BOUNDED_NO_ANSWER ? -ETIMEDOUT : status;
	*contents = malloc(length + 1);
	if (!*contents)
		return -ENOMEM;
	if (answer)
		memcpy(*contents, answer, length);
	(*contents)[length] = '\0';
	return (ssize_t)length;
}

ssize_t bounded_load_at(int dir_fd, const char *name, size_t limit, char **contents,
			struct patience *patience)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct loading loading = {.dir_fd = dir_fd, .name = name, .limit = limit};
	const struct bounded_job job = {
	    .count = 1,
	    .limit = limit,
	    .items_per_helper = 1,
	    .work = load_and_store,
	    .context = &loading,
	    .keep = &dir_fd,
	    .keep_count = 1,
	};
	long ret = bounded_run(&job, patience, &answers);

	return ret < 0 ? ret : copy_answer(&answers, contents);
}
