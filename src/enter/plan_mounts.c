/* What is mounted for the program alone: --mount-proc, --mount-sys, --dns, and what a name of ip-netns(8)
 * brings. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/array.h"
#include "base/bounded_file.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"
#include "target/target.h"

#define COPY_LIMIT ((size_t)1 << 20)

/* Whether the program has this side's directories. */
static bool keeps_directories(const struct plan *plan)
{
	return !(plan->types & (1U << NS_MNT)) && plan->root_fd < 0;
}

static const char *find_netns_name(const struct enter_request *request)
{
	for (size_t i = 0; i < request->target_count; i++) {
		struct target target;
		struct error ignored; /* plan_namespaces() has opened them all */

		if (target_parse(request->targets[i], &target, &ignored) == 0 &&
		    target.kind == TARGET_NETNS_NAME)
			return target.name;
	}
	return NULL;
}

/* Whether /etc has something of this name that a mount can cover: a file for a file, a directory for a
 * directory. */
static bool has_counterpart(int dir_fd, const char *name)
{
	char path[PATH_MAX];
	struct stat source;
	struct stat place;

	return (size_t)snprintf(path, sizeof(path), "/etc/%s", name) < sizeof(path) &&
	       fstatat(dir_fd, name, &source, 0) == 0 && stat(path, &place) == 0 &&
	       S_ISDIR(source.st_mode) == S_ISDIR(place.st_mode);
}

static int add_name(struct mounts *mounts, const char *name, size_t *capacity)
{
	char **names = array_reserve(mounts->names, capacity, mounts->name_count, sizeof(*names));

	if (!names)
		return -ENOMEM;
	mounts->names = names;
	names[mounts->name_count] = strdup(name);
	if (!names[mounts->name_count])
		return -ENOMEM;
	mounts->name_count++;
	return 0;
}

static int list_names(struct mounts *mounts, DIR *directory)
{
	struct dirent *entry;
	size_t capacity = 0;
	int ret = 0;

	while (ret == 0 && (entry = readdir(directory))) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		if (has_counterpart(dirfd(directory), entry->d_name))
			ret = add_name(mounts, entry->d_name, &capacity);
		else if (!mounts->skipped_name)
			mounts->skipped_name = strdup(entry->d_name);
	}
	return ret;
}

/* Most names have no such directory. */
static int plan_netns_name(struct mounts *mounts, struct error *err)
{
	char path[PATH_MAX];
	AUTO_CLOSEDIR DIR *directory = NULL;
	int ret;

	snprintf(path, sizeof(path), MOUNTS_NETNS_DIRECTORY "/%s", mounts->netns_name);
	directory = opendir(path);
	if (!directory && errno == ENOENT)
		return 0;
	ret = directory ? list_names(mounts, directory) : -errno;
	return ret < 0 ? error_set_errno(err, -ret, "cannot read '%.400s'", path) : 0;
}

/* A file that the target does not have is empty for it. */
static int copy_file(const struct plan *plan, int root_fd, const char *path, struct copied_file *file,
		     struct error *err)
{
	ssize_t length;

	file->text = malloc(COPY_LIMIT + 1);
	if (!file->text)
		return error_set_errno(err, ENOMEM, "cannot copy '%s' of process %d", path,
				       plan->process.pid);
	length = bounded_read_in_root(root_fd, path, file->text, COPY_LIMIT + 1);
	if (length == (ssize_t)COPY_LIMIT)
		length = -EFBIG;
	if (length < 0 && length != -ENOENT)
		return error_set_errno(err, (int)-length, "cannot copy '%s' of process %d", path,
				       plan->process.pid);
	file->length = length < 0 ? 0 : (size_t)length;
	return 0;
}

static int check_place(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) == 0)
		return 0;
	error_set_errno(err, errno, "--dns: cannot find '%s'", path);
	return error_hint(err, "the target's is mounted over it: make an empty file");
}

static int plan_dns(const struct enter_request *request, struct plan *plan, struct error *err)
{
	AUTO_CLOSE int root = -1;
	int ret;

	if (!request->dns || !keeps_directories(plan))
		return 0;
	if (plan->process.dir_fd < 0) {
		error_set(err, EINVAL, "--dns needs a process");
		return error_hint(err, "give one with -t PID");
	}
	root = openat(plan->process.dir_fd, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root < 0)
		return error_set_errno(err, errno, "cannot open the root directory of process %d",
				       plan->process.pid);
	plan->mounts.dns = true;
	ret = copy_file(plan, root, "/etc/resolv.conf", &plan->mounts.resolv_conf, err);
	if (ret == 0)
		ret = copy_file(plan, root, "/etc/hosts", &plan->mounts.hosts, err);
	if (ret == 0)
		ret = check_place("/etc/resolv.conf", err);
	return ret < 0 ? ret : check_place("/etc/hosts", err);
}

int plan_mounts(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct mounts *mounts = &plan->mounts;
	bool enters_net = plan->types & (1U << NS_NET);
	int ret = plan_dns(request, plan, err);

	mounts->proc = request->mount_proc;
	mounts->sys = request->mount_sys;
	if (ret < 0 || request->as_nsenter || !enters_net || !keeps_directories(plan))
		return ret;
	mounts->netns_name = find_netns_name(request);
	mounts->sys |= mounts->netns_name != NULL;
	plan->net_will_lie = !mounts->sys && !mounts->dns;
	return mounts->netns_name ? plan_netns_name(mounts, err) : 0;
}
