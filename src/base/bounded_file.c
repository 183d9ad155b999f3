/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/bounded_file.h"

#include <errno.h>
#include <string.h>

#include "base/bounded.h"
#include "base/cleanup.h"
#include "base/file.h"

struct wanted_file {
	int root_fd;
	const char *path;
	char *buffer; /* each helper has a copy of it; NULL: only whether the file is there */
	size_t size;
};

static int read_file_in_helper(size_t item, struct bounded_reply *reply, void *context)
{
	const struct wanted_file *wanted = context;
	ssize_t length;

	(void)item;
	if (!wanted->buffer) {
		AUTO_CLOSE int fd = file_open_in_root(wanted->root_fd, wanted->path);

		return fd < 0 ? fd : 0;
	}
	length = file_read_in_root(wanted->root_fd, wanted->path, wanted->buffer, wanted->size);
	if (length < 0)
		return (int)length;
	return bounded_store(reply, wanted->buffer, (size_t)length + 1) ? 0 : -ENOMEM;
}

/* Returns the status of the only item. */
static int run(struct wanted_file *wanted, struct bounded *answers)
{
	const struct bounded_job job = {
	    .count = 1,
	    .limit = wanted->size,
	    .items_per_helper = 1,
	    .work = read_file_in_helper,
	    .context = wanted,
	    .keep = &wanted->root_fd,
	    .keep_count = 1,
	};
	long ret = bounded_run(&job, NULL, answers);
	int status = ret < 0 ? (int)ret : bounded_status(answers, 0);

	return status == BOUNDED_NO_ANSWER ? -ETIMEDOUT : status;
}

ssize_t bounded_read_in_root(int root_fd, const char *path, char *buffer, size_t size)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct wanted_file wanted = {.root_fd = root_fd, .path = path, .buffer = buffer, .size = size};
	int ret = run(&wanted, &answers);
	const char *text;
	size_t length;

	buffer[0] = '\0';
	if (ret < 0)
		return ret;
	text = bounded_data(&answers, 0, &length);
	if (!text || length == 0 || length > size)
		return -EIO;
	memcpy(buffer, text, length);
	return (ssize_t)length - 1;
}

bool bounded_exists_in_root(int root_fd, const char *path)
{
	AUTO_BOUNDED struct bounded answers = {0};
	struct wanted_file wanted = {.root_fd = root_fd, .path = path, .size = 1};

	return run(&wanted, &answers) == 0;
}
