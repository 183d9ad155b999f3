/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "keep/hidden.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "keep/ip_netns.h"
#include "keep/lock.h"
#include "keep/pin.h"
#include "keep/record.h"

#define DIRECTORY_FLAGS (O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)

/*
 * Others may look a name up, but not open its directory: whoever can open it can
 * lock it, for as long as he likes.
 */
#define DIRECTORY_MODE 0711

#define SUFFIX_LENGTH 16

/* A sweep may lock a new directory before its maker does, and remove it. */
#define MAKE_TRIES 100

void hidden_close(struct hidden *hidden)
{
	cleanup_close(&hidden->fd);
	hidden->fd = -1;
}

static int choose_name(const char *name, char hidden[NAME_MAX + 1])
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
		return -errno;
	if (snprintf(hidden, NAME_MAX + 1, ".%s.%016jx", name, (uintmax_t)number) > NAME_MAX)
		return -ENAMETOOLONG;
	return 0;
}

/* Returns 0; -EAGAIN where somebody swept it away; or another negative errno. */
static int make_once(const struct keep_base *base, const char *name, struct hidden *hidden)
{
	int ret = choose_name(name, hidden->name);

	if (ret < 0)
		return ret;
	if (mkdirat(base->fd, hidden->name, DIRECTORY_MODE) < 0)
		return -errno;
	hidden->fd = openat(base->fd, hidden->name, DIRECTORY_FLAGS);
	if (hidden->fd < 0)
		return errno == ENOENT ? -EAGAIN : -errno;
	if (!lock_try(hidden->fd) || !keep_base_has(base, hidden->name, hidden->fd))
		ret = -EAGAIN;
	/* mkdir(2) applied the caller's umask. */
	else if (fchmod(hidden->fd, DIRECTORY_MODE) < 0)
		ret = -errno;
	if (ret < 0)
		hidden_close(hidden);
	return ret;
}

int hidden_make(const struct keep_base *base, const char *name, struct hidden *hidden)
{
	int ret = -EAGAIN;

	for (int i = 0; i < MAKE_TRIES && ret == -EAGAIN; i++)
		ret = make_once(base, name, hidden);
	return ret;
}

int hidden_publish(const struct keep_base *base, const struct hidden *hidden, const char *name)
{
	return renameat2(base->fd, hidden->name, base->fd, name, RENAME_NOREPLACE) < 0 ? -errno : 0;
}

int hidden_take(const struct keep_base *base, const char *name, void (*look)(int dir_fd, void *context),
		void *context, struct hidden *hidden)
{
	int ret = choose_name(name, hidden->name);

	if (ret < 0)
		return ret;
	hidden->fd = openat(base->fd, name, DIRECTORY_FLAGS);
	if (hidden->fd < 0)
		return -errno;
	ret = lock_wait(hidden->fd);
	if (ret < 0)
		return ret;
	if (!keep_base_has(base, name, hidden->fd))
		return -ENOENT;
	look(hidden->fd, context);
	if (renameat2(base->fd, name, base->fd, hidden->name, RENAME_NOREPLACE) < 0)
		return -errno;
	return 0;
}

static int remove_files(int dir_fd)
{
	AUTO_CLOSEDIR DIR *directory = NULL;
	const struct dirent *entry;
	int result = file_open_entries(dir_fd, &directory);

	if (result < 0)
		return result;
	while ((entry = readdir(directory))) {
		int ret;

		/* It says what else there is to remove, and goes last. */
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
		    strcmp(entry->d_name, RECORD_FILE) == 0)
			continue;
		ret = pin_remove(dir_fd, entry->d_name);
		if (ret < 0)
			result = ret;
	}
	return result;
}

/* ".NAME.0123456789abcdef"; false where it is none. */
static bool parse_name(const char *hidden, char name[NAME_MAX + 1])
{
	size_t length = strlen(hidden);
	const char *suffix = hidden + length - SUFFIX_LENGTH;

	if (length < SUFFIX_LENGTH + 3 || length > NAME_MAX || hidden[0] != '.' || suffix[-1] != '.' ||
	    strspn(suffix, "0123456789abcdef") != SUFFIX_LENGTH)
		return false;
	snprintf(name, NAME_MAX + 1, "%.*s", (int)(length - SUFFIX_LENGTH - 2), hidden + 1);
	return true;
}

static int remove_of_ip_netns(const struct hidden *hidden, struct error *err)
{
	char name[NAME_MAX + 1];
	struct record record;
	int ret;

	if (!parse_name(hidden->name, name) || record_read(hidden->fd, &record) < 0 || record.ip_netns == 0)
		return 0;
	ret = ip_netns_remove(name, &record);
	if (ret < 0 && ret != -ESTALE) {
		error_set_errno(err, -ret, "cannot remove " IP_NETNS_DIRECTORY "/%s", name);
		return error_hint(err, "the next nsctl keep or nsctl drop tries it again");
	}
	return ret;
}

static int remove_record_and_directory(const struct keep_base *base, const struct hidden *hidden)
{
	int ret = pin_remove(hidden->fd, RECORD_FILE);

	if (ret == 0 && unlinkat(base->fd, hidden->name, AT_REMOVEDIR) < 0 && errno != ENOENT)
		ret = -errno;
	return ret;
}

int hidden_remove(const struct keep_base *base, const struct hidden *hidden, struct error *err)
{
	int of_ip_netns = remove_of_ip_netns(hidden, err);
	int ret = remove_files(hidden->fd);

	/* Without the record nothing would know that the name of ip-netns(8) is left to remove. */
	if (of_ip_netns < 0 && of_ip_netns != -ESTALE)
		return of_ip_netns;
	if (ret == 0)
		ret = remove_record_and_directory(base, hidden);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot remove all of '%s/%s'", base->path, hidden->name);
	return of_ip_netns;
}

static void sweep_one(const struct keep_base *base, const char *entry)
{
	AUTO_HIDDEN struct hidden hidden = HIDDEN_CLOSED;
	char name[NAME_MAX + 1];
	struct error ignored; /* the next sweep tries again */

	if (!parse_name(entry, name))
		return;
	snprintf(hidden.name, sizeof(hidden.name), "%s", entry);
	hidden.fd = openat(base->fd, entry, DIRECTORY_FLAGS);
	if (hidden.fd >= 0 && lock_try(hidden.fd) && keep_base_has(base, entry, hidden.fd))
		hidden_remove(base, &hidden, &ignored);
}

void hidden_sweep(const struct keep_base *base)
{
	AUTO_CLOSEDIR DIR *directory = NULL;
	const struct dirent *entry;

	if (file_open_entries(base->fd, &directory) < 0)
		return;
	while ((entry = readdir(directory))) {
		if (entry->d_name[0] == '.')
			sweep_one(base, entry->d_name);
	}
}
