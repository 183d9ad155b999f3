/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/text.h"

#define RECORD_HEAD "nsctl-keep 1\n"
#define RECORD_BOOT "boot "
#define RECORD_IP_NETNS "ip-netns "

int record_read_boot(char boot[RECORD_BOOT_SIZE])
{
	ssize_t length = file_read_at(AT_FDCWD, "/proc/sys/kernel/random/boot_id", boot, RECORD_BOOT_SIZE);

	if (length < 0)
		return (int)length;
	return length == RECORD_BOOT_SIZE - 1 ? 0 : -EPROTO;
}

int record_make(const struct ns namespaces[NS_TYPE_COUNT], struct record *record)
{
	*record = (struct record){0};
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		const struct ns *ns = &namespaces[type];

		if (ns->fd >= 0)
			record->ns[type] = (struct record_ns){.ino = ns->ino, .id = ns_read_id(ns)};
	}
	return record_read_boot(record->boot);
}

bool record_is_of_this_boot(const struct record *record)
{
	char boot[RECORD_BOOT_SIZE];

	return record_read_boot(boot) == 0 && strcmp(boot, record->boot) == 0;
}

size_t record_format(const struct record *record, char text[RECORD_SIZE])
{
	size_t used = (size_t)snprintf(text, RECORD_SIZE, RECORD_HEAD RECORD_BOOT "%s\n", record->boot);

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		const struct record_ns *ns = &record->ns[type];

		if (ns->ino != 0)
			used += (size_t)snprintf(text + used, RECORD_SIZE - used, "%s %ju %ju\n",
						 ns_type_name(type), (uintmax_t)ns->ino, (uintmax_t)ns->id);
	}
	if (record->ip_netns != 0)
		used += (size_t)snprintf(text + used, RECORD_SIZE - used, RECORD_IP_NETNS "%ju\n",
					 (uintmax_t)record->ip_netns);
	return used;
}

static bool is_boot_id(const char *text, size_t length)
{
	return length == RECORD_BOOT_SIZE - 1 && strspn(text, "0123456789abcdef-") >= length;
}

/* "net 4026532281 412" */
static bool parse_record_ns(const char *line, size_t length, struct record *record)
{
	const char *ino = memchr(line, ' ', length);
	const char *id = ino ? memchr(ino + 1, ' ', length - (size_t)(ino + 1 - line)) : NULL;
	enum ns_type type;
	uint64_t number;

	if (!id || !ns_type_from_name(line, (size_t)(ino - line), &type) || record->ns[type].ino != 0)
		return false;
	if (!text_parse_digits(ino + 1, (size_t)(id - ino) - 1, UINT32_MAX, &number) || number == 0)
		return false;
	record->ns[type].ino = number;
	return text_parse_digits(id + 1, length - (size_t)(id + 1 - line), UINT64_MAX, &record->ns[type].id);
}

static bool parse_ip_netns(const char *line, size_t length, struct record *record)
{
	size_t prefix = strlen(RECORD_IP_NETNS);
	uint64_t number;

	if (length <= prefix || memcmp(line, RECORD_IP_NETNS, prefix) != 0 || record->ns[NS_NET].ino == 0 ||
	    !text_parse_digits(line + prefix, length - prefix, UINT64_MAX, &number) || number == 0)
		return false;
	record->ip_netns = number;
	return true;
}

/* Behind the head: the boot, the namespaces, and perhaps the file of ip-netns(8), which ends it. */
static int parse_lines(const char *text, struct record *record)
{
	const char *line = text + strlen(RECORD_HEAD);
	size_t count = 0;

	if (strncmp(text, RECORD_HEAD, strlen(RECORD_HEAD)) != 0 ||
	    strncmp(line, RECORD_BOOT, strlen(RECORD_BOOT)) != 0)
		return -EPROTO;
	line += strlen(RECORD_BOOT);
	if (!is_boot_id(line, strcspn(line, "\n")))
		return -EPROTO;
	memcpy(record->boot, line, RECORD_BOOT_SIZE - 1);
	for (line += RECORD_BOOT_SIZE - 1; line[0] == '\n' && line[1]; count++) {
		size_t length = strcspn(++line, "\n");

		if (!parse_record_ns(line, length, record) && !parse_ip_netns(line, length, record))
			return -EPROTO;
		line += length;
	}
	return count > 0 ? 0 : -EPROTO;
}

int record_parse(const char *text, struct record *record)
{
	char again[RECORD_SIZE];
	int ret;

	*record = (struct record){0};
	ret = parse_lines(text, record);
	if (ret < 0)
		return ret;
	record_format(record, again);
	return strcmp(text, again) == 0 ? 0 : -EPROTO;
}

int record_write(int dir_fd, const struct record *record)
{
	AUTO_CLOSE int fd =
	    openat(dir_fd, RECORD_FILE, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	char text[RECORD_SIZE];
	size_t length = record_format(record, text);
	ssize_t written;

	if (fd < 0)
		return -errno;
	written = write(fd, text, length);
	if (written < 0)
		return -errno;
	if ((size_t)written < length)
		return -ENOSPC;
	/* For users who look a name up, whatever the caller's umask. */
	return fchmod(fd, 0644) < 0 ? -errno : 0;
}

/* Whatever lies there: a reader of a FIFO would wait. */
static ssize_t read_regular_file(int dir_fd, char text[RECORD_SIZE])
{
	AUTO_CLOSE int fd = openat(dir_fd, RECORD_FILE, O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	ssize_t length;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EPROTO;
	length = pread(fd, text, RECORD_SIZE - 1, 0);
	text[length < 0 ? 0 : length] = '\0';
	return length < 0 ? -errno : length;
}

int record_read(int dir_fd, struct record *record)
{
	char text[RECORD_SIZE] = "";
	ssize_t length = read_regular_file(dir_fd, text);

	if (length < 0)
		return length == -ENOENT ? -EPROTO : (int)length;
	return strlen(text) == (size_t)length ? record_parse(text, record) : -EPROTO;
}
