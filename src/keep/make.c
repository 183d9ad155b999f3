/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A new name. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/base_directory.h"
#include "keep/drop.h"
#include "keep/hidden.h"
#include "keep/ip_netns.h"
#include "keep/keep.h"
#include "keep/pin.h"
#include "keep/record.h"

static int set_name_in_use(const char *name, struct error *err)
{
	error_set(err, EEXIST, "the name '%s' is in use", name);
	return error_hint(err, "nsctl list keep:%s shows its namespaces, nsctl drop %s removes it", name,
			  name);
}

static int set_not_mounted(const struct ns *ns, int number, struct error *err)
{
	if (number == EPERM)
		return keep_base_refuse_mount(number, err);
	if (number == EINVAL && pin_explain_loop(ns, err))
		return -number;
	return error_set_errno(err, number, "cannot mount %s namespace %ju", ns_type_name(ns->type),
			       (uintmax_t)ns->ino);
}

static int pin_all(int dir_fd, const struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		int ret = namespaces[type].fd >= 0 ? pin_make(dir_fd, &namespaces[type]) : 0;

		if (ret < 0)
			return set_not_mounted(&namespaces[type], -ret, err);
	}
	return 0;
}

static int write_record(int dir_fd, const struct ns namespaces[NS_TYPE_COUNT], const struct ip_netns *file,
			struct error *err)
{
	struct record record;
	int ret = record_make(namespaces, &record);

	record.ip_netns = file->ino;
	if (ret == 0)
		ret = record_write(dir_fd, &record);
	return ret < 0 ? error_set_errno(err, -ret, "cannot write the record") : 0;
}

/* The name exists with the last step. */
static int fill_hidden(const struct keep_base *base, const struct hidden *hidden, const char *name,
		       const struct ns namespaces[NS_TYPE_COUNT], bool for_ip_netns, struct error *err)
{
	AUTO_IP_NETNS struct ip_netns file = IP_NETNS_NONE;
	int ret = for_ip_netns ? ip_netns_prepare(base, name, &file, err) : 0;

	if (ret == 0)
		ret = write_record(hidden->fd, namespaces, &file, err);
	if (ret == 0)
		ret = pin_all(hidden->fd, namespaces, err);
	if (ret == 0 && for_ip_netns)
		ret = ip_netns_attach(&file, name, &namespaces[NS_NET], err);
	if (ret < 0)
		return ret;
	ret = hidden_publish(base, hidden, name);
	if (ret == -EEXIST)
		return set_name_in_use(name, err);
	return ret < 0 ? error_set_errno(err, -ret, "cannot make '%s/%s'", base->path, name) : 0;
}

/* The namespaces of an earlier boot are gone; their names are still there where /run is on a disk. */
static bool is_past(int dir_fd)
{
	struct record record;

	return record_read(dir_fd, &record) == 0 && !record_is_of_this_boot(&record);
}

/* Whether the directory has the name.  can_replace: of an earlier boot, and the caller can remove it. */
static bool has_name(const struct keep_base *base, const char *name, bool *can_replace)
{
	AUTO_CLOSE int fd = openat(base->fd, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	*can_replace = fd >= 0 && is_past(fd) && faccessat(base->fd, ".", W_OK, AT_EACCESS) == 0;
	return fd >= 0;
}

int keep_check_free(const char *name, struct error *err)
{
	int ret = keep_check_name(name, err);

	for (unsigned int i = 0; i < KEEP_BASE_COUNT && ret == 0; i++) {
		AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
		bool can_replace;

		if (keep_base_open(i, &base) == 0 && has_name(&base, name, &can_replace) && !can_replace)
			ret = set_name_in_use(name, err);
	}
	return ret;
}

/* Any directory: a name in the first would be found in place of the new one in the second. */
static int replace_past(const char *name, struct error *err)
{
	int ret = 0;

	for (unsigned int i = 0; i < KEEP_BASE_COUNT && ret == 0; i++) {
		AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
		AUTO_DROPPED struct keep_dropped dropped;
		bool can_replace;

		keep_dropped_init(&dropped);
		if (keep_base_open(i, &base) == 0 && has_name(&base, name, &can_replace) && can_replace)
			ret = keep_drop_from(&base, name, &dropped, err);
	}
	return ret;
}

int keep_make(const char *name, const struct ns namespaces[NS_TYPE_COUNT], bool for_ip_netns,
	      struct error *err)
{
	AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
	AUTO_HIDDEN struct hidden hidden = HIDDEN_CLOSED;
	struct error ignored; /* err has why nothing was made */
	int ret = keep_check_free(name, err);

	if (ret == 0 && for_ip_netns && namespaces[NS_NET].fd < 0)
		ret = error_set(err, EINVAL, "there is no net namespace for ip netns among those to keep");
	if (ret == 0)
		ret = keep_base_make(&base, err);
	if (ret < 0)
		return ret;
	hidden_sweep(&base);
	ret = replace_past(name, err);
	if (ret < 0)
		return ret;
	ret = hidden_make(&base, name, &hidden);
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot make a directory in '%s'", base.path);
	ret = fill_hidden(&base, &hidden, name, namespaces, for_ip_netns, err);
	if (ret < 0)
		hidden_remove(&base, &hidden, &ignored);
	return ret;
}
