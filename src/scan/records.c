/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "scan/records.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"

/* The kernel's own buffer has 32 KiB: no read brings more. */
#define BUFFER_SIZE 65536

/* A read never ends within a record: each was written in one. */
static int take_all(const char *records, size_t length, record_fn *take, void *context)
{
	size_t at = 0;

	while (at < length) {
		uint32_t kind;
		long size;

		if (length - at < sizeof(kind))
			return -EPROTO;
		memcpy(&kind, records + at, sizeof(kind));
		size = take(kind, records + at, length - at, context);
		if (size < 0)
			return (int)size;
		at += (size_t)size;
	}
	return 0;
}

int records_read(int iterator_fd, record_fn *take, void *context)
{
	AUTO_FREE char *buffer = malloc(BUFFER_SIZE);

	if (!buffer)
		return -ENOMEM;
	for (;;) {
		ssize_t length = read(iterator_fd, buffer, BUFFER_SIZE);
		int ret;

		if (length < 0 && (errno == EINTR || errno == EAGAIN))
			continue;
		if (length <= 0)
			return length < 0 ? -errno : 0;
		ret = take_all(buffer, (size_t)length, take, context);
		if (ret < 0)
			return ret;
	}
}
