/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/numbers.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"

int numbers_open(struct numbers *numbers, int dir_fd, const char *name)
{
	numbers->length = 0;
	numbers->next = 0;
	numbers->fd = openat(dir_fd, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return numbers->fd < 0 ? -errno : 0;
}

/* Only nothing is the end: a signal, even a stop, makes the kernel return with room left. */
static int refill(struct numbers *numbers)
{
	long got = syscall(SYS_getdents64, numbers->fd, numbers->buffer, sizeof(numbers->buffer));

	if (got < 0)
		return -errno;
	numbers->next = 0;
	numbers->length = (size_t)got;
	return got > 0;
}

int numbers_next(struct numbers *numbers, uint32_t *number)
{
	for (;;) {
		const struct dirent64 *entry;
		uint64_t value;

		if (numbers->next == numbers->length) {
			int ret = refill(numbers);

			if (ret <= 0)
				return ret;
		}
		entry = (const struct dirent64 *)(numbers->buffer + numbers->next);
		numbers->next += entry->d_reclen;
		if (text_parse_number(entry->d_name, UINT32_MAX, &value)) {
			*number = (uint32_t)value;
			numbers->name = entry->d_name;
			return 1;
		}
	}
}

void numbers_close(struct numbers *numbers)
{
	if (numbers->fd >= 0)
		close(numbers->fd);
	numbers->fd = -1;
}
