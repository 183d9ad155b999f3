/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The system calls and ioctls of this kernel, and whether the caller may use them. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/child.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "ns/ns.h"
#include "ns/uapi.h"
#include "proc/capabilities.h"
#include "proc/process.h"
#include "query/features_probe.h"

struct feature_answer probe_answer(int ret)
{
	if (ret >= 0)
		return (struct feature_answer){.state = FEATURE_PRESENT};
	switch (ret) {
	case -ENOSYS:
	case -ENOTTY:
	case -EINVAL:
	case -ENOENT:
	case -EOPNOTSUPP:
		return (struct feature_answer){.state = FEATURE_ABSENT};
	default:
		return (struct feature_answer){.state = FEATURE_DENIED, .reason = -ret};
	}
}

static int open_own_pidfd(void)
{
	long fd = syscall(SYS_pidfd_open, getpid(), 0);

	return fd < 0 ? -errno : (int)fd;
}

/* The same for a call that returns a descriptor, which is closed. */
static struct feature_answer answer_of_fd(long fd)
{
	int ret = fd < 0 ? -errno : 0;

	if (fd >= 0)
		close((int)fd);
	return probe_answer(ret);
}

/* A child joins its own uts namespace: EPERM means that the caller may not, another error that it cannot. */
static int join_own_uts_ns(void *context)
{
	const int *pidfd = context;

	return setns(*pidfd, CLONE_NEWUTS) < 0 ? errno : 0;
}

static int try_setns(int pidfd)
{
	int ret = child_run(join_own_uts_ns, &pidfd);

	return ret > 0 ? -ret : ret;
}

static void probe_pidfd(struct features *features)
{
	AUTO_CLOSE int pidfd = open_own_pidfd();
	struct process self = {.pid = getpid(), .dir_fd = -1, .pidfd = pidfd};
	uint64_t inode;

	features->answers[FEATURE_PIDFD] = probe_answer(pidfd);
	if (pidfd < 0)
		return;
	features->answers[FEATURE_PIDFD_GETFD] = answer_of_fd(syscall(SYS_pidfd_getfd, pidfd, pidfd, 0));
	features->answers[FEATURE_SETNS_PIDFD] = probe_answer(try_setns(pidfd));
	if (features->answers[FEATURE_SETNS_PIDFD].state == FEATURE_DENIED)
		features->answers[FEATURE_SETNS_PIDFD].note = "requires CAP_SYS_ADMIN over the namespaces";
	features->answers[FEATURE_PIDFD_INODE] = probe_answer(process_read_pidfd_inode(&self, &inode));
	features->answers[FEATURE_PIDFD_NS] = answer_of_fd(ioctl(pidfd, PIDFD_GET_USER_NAMESPACE, 0));
}

static void probe_paths(struct features *features)
{
	const struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
	struct stat st;

	features->answers[FEATURE_OPENAT2] =
	    answer_of_fd(syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof(how)));
	/* No descriptor has this number. */
	features->answers[FEATURE_CLOSE_RANGE] =
	    probe_answer(syscall(SYS_close_range, ~0U, ~0U, 0) < 0 ? -errno : 0);
	features->answers[FEATURE_TIME_NS] = probe_answer(stat("/proc/self/ns/time", &st) < 0 ? -errno : 0);
}

static int list_own_mounts(uint64_t mnt_ns_id)
{
	uint64_t id;
	struct nsctl_mnt_id_req query = {
	    .size = sizeof(query), .mnt_id = NSCTL_LSMT_ROOT, .mnt_ns_id = mnt_ns_id};

	return syscall(NSCTL_SYS_LISTMOUNT, &query, &id, 1, 0) < 0 ? -errno : 0;
}

static int list_any_ns(void)
{
	struct nsctl_ns_id_req query = {.size = sizeof(query)};
	uint64_t id;

	return syscall(NSCTL_SYS_LISTNS, &query, &id, 1, 0) < 0 ? -errno : 0;
}

/* The caller's own mnt namespace may be the last of the list: then the previous one is enough. */
static int list_mnt_namespaces(const struct ns *own)
{
	const unsigned long directions[] = {NS_MNT_GET_NEXT, NS_MNT_GET_PREV};
	struct mnt_ns_info info = {.size = sizeof(info)};
	int ret = -ENOTTY;

	for (size_t i = 0; i < sizeof(directions) / sizeof(directions[0]); i++) {
		AUTO_CLOSE int fd = ioctl(own->fd, directions[i], &info);

		ret = fd < 0 ? -errno : 0;
		if (ret == 0 || ret == -ENOTTY)
			break;
	}
	return ret == -ENOENT ? 0 : ret;
}

static struct feature_answer probe_handle(const struct ns *own)
{
	AUTO_NS struct ns again = NS_CLOSED;
	uint64_t id = ns_read_id(own);
	struct feature_answer answer;
	int ret = ns_open_id(id, &again);

	if (ret != -ESTALE)
		return probe_answer(ret);
	answer = probe_answer(ns_open_handle(id, own->type, own->ino, &again));
	if (answer.state == FEATURE_PRESENT)
		answer.note = "this kernel requires the type and the inode too";
	return answer;
}

/* Every caller may list its own mounts. */
static void probe_listmount(struct features *features, const struct ns *own)
{
	struct feature_answer *answer = &features->answers[FEATURE_LISTMOUNT];

	*answer = probe_answer(list_own_mounts(ns_read_id(own)));
	if (answer->state == FEATURE_PRESENT && !capabilities_have(1ULL << CAP_SYS_ADMIN))
		*answer = (struct feature_answer){
		    .state = FEATURE_DENIED,
		    .reason = EPERM,
		    .note = "for another mnt namespace it requires CAP_SYS_ADMIN over it",
		};
}

static void probe_namespaces(struct features *features)
{
	AUTO_NS struct ns own = NS_CLOSED;

	if (ns_open_at(AT_FDCWD, "/proc/self/ns/mnt", &own) < 0)
		return;
	features->answers[FEATURE_NS_ID] = probe_answer(ns_kernel_has_ids(&own) ? 0 : -ENOTTY);
	if (ns_kernel_has_ids(&own))
		features->answers[FEATURE_NS_HANDLE] = probe_handle(&own);
	if (ns_read_id(&own) != 0)
		probe_listmount(features, &own);
	features->answers[FEATURE_MNT_NEXT] = probe_answer(list_mnt_namespaces(&own));
	if (features->answers[FEATURE_MNT_NEXT].state == FEATURE_DENIED)
		features->answers[FEATURE_MNT_NEXT].note =
		    "requires CAP_SYS_ADMIN in the initial user and pid namespaces";
	features->answers[FEATURE_LISTNS] = probe_answer(list_any_ns());
}

static void probe_cgroup(struct features *features)
{
	char types[8192];
	bool is_there = file_read_at(AT_FDCWD, "/proc/filesystems", types, sizeof(types)) > 0 &&
			strstr(types, "\tcgroup2\n");

	features->answers[FEATURE_CGROUP2] = probe_answer(is_there ? 0 : -ENOENT);
}

void probe_calls(struct features *features)
{
	probe_pidfd(features);
	probe_paths(features);
	probe_namespaces(features);
	probe_cgroup(features);
}
