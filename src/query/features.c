#include "query/features.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "bpf/iterator.h"
#include "bpf/walker.h"
#include "ns/ns.h"
#include "ns/uapi.h"
#include "proc/capabilities.h"
#include "proc/process.h"
#include "scan/engine.h"

#define LOCKDOWN_PATH "/sys/kernel/security/lockdown"

static const struct {
	const char *name;
	const char *since;
} names[FEATURE_COUNT] = {
    [FEATURE_PIDFD] = {"pidfd_open", "5.3"},
    [FEATURE_PIDFD_GETFD] = {"pidfd_getfd", "5.6"},
    [FEATURE_TIME_NS] = {"time namespaces", "5.6"},
    [FEATURE_OPENAT2] = {"openat2", "5.6"},
    [FEATURE_SETNS_PIDFD] = {"setns with a pidfd", "5.8"},
    [FEATURE_BTF] = {"BTF", "5.4"},
    [FEATURE_BPF_ITER] = {"BPF iterators", "5.8"},
    [FEATURE_CLOSE_RANGE] = {"close_range", "5.9"},
    [FEATURE_PIDFD_INODE] = {"pidfd inodes", "6.9"},
    [FEATURE_PIDFD_NS] = {"pidfd ioctls for namespaces", "6.11"},
    [FEATURE_LISTMOUNT] = {"listmount of any mnt namespace", "6.11"},
    [FEATURE_MNT_NEXT] = {"NS_MNT_GET_NEXT", "6.12"},
    [FEATURE_NS_ID] = {"namespace ids", "6.18"},
    [FEATURE_NS_HANDLE] = {"nsfs file handles", "6.18"},
    [FEATURE_LISTNS] = {"listns", "6.19"},
    [FEATURE_LISTS] = {"lists of all namespaces", "6.18"},
    [FEATURE_CGROUP2] = {"cgroup v2", "4.5"},
};

static const struct {
	const char *key;
	const char *title;
} questions[QUESTION_COUNT] = {
    [QUESTION_TASKS] = {"tasks", "tasks and their namespaces"},
    [QUESTION_FILES] = {"files", "open files and sockets"},
    [QUESTION_RELATIONS] = {"relations", "owners and parents"},
    [QUESTION_MOUNTS] = {"mounts", "bind mounts"},
    [QUESTION_TASKLESS] = {"taskless", "namespaces without tasks"},
    [QUESTION_MISSED] = {"missed", "what can be missed"},
    [QUESTION_ID] = {"id", "a namespace by its id"},
    [QUESTION_ENTER] = {"enter", "entering"},
};

const char *feature_name(enum feature feature)
{
	return names[feature].name;
}

const char *feature_since(enum feature feature)
{
	return names[feature].since;
}

const char *question_key(enum question question)
{
	return questions[question].key;
}

const char *question_title(enum question question)
{
	return questions[question].title;
}

/* What a call answered: ret is what it returned or a negative errno. */
static struct feature_answer answer_of(int ret)
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

/* Like answer_of(), of a call that returns a descriptor, which is closed. */
static struct feature_answer answer_of_fd(long fd)
{
	int ret = fd < 0 ? -errno : 0;

	if (fd >= 0)
		close((int)fd);
	return answer_of(ret);
}

/* A child joins the uts namespace that it is in: who may not is told so, who cannot something else. */
static int try_setns(int pidfd)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		return -errno;
	if (child == 0)
		_exit(setns(pidfd, CLONE_NEWUTS) < 0 ? errno : 0);
	while (waitpid(child, &status, 0) < 0) {
		if (errno != EINTR)
			return -errno;
	}
	return WIFEXITED(status) ? -WEXITSTATUS(status) : -EIO;
}

static void probe_pidfd(struct features *features)
{
	AUTO_CLOSE int pidfd = open_own_pidfd();
	struct process self = {.pid = getpid(), .dir_fd = -1, .pidfd = pidfd};
	uint64_t inode;

	features->answers[FEATURE_PIDFD] = answer_of(pidfd);
	if (pidfd < 0)
		return;
	features->answers[FEATURE_PIDFD_GETFD] = answer_of_fd(syscall(SYS_pidfd_getfd, pidfd, pidfd, 0));
	features->answers[FEATURE_SETNS_PIDFD] = answer_of(try_setns(pidfd));
	if (features->answers[FEATURE_SETNS_PIDFD].state == FEATURE_DENIED)
		features->answers[FEATURE_SETNS_PIDFD].note = "takes CAP_SYS_ADMIN over the namespaces";
	features->answers[FEATURE_PIDFD_INODE] = answer_of(process_read_pidfd_inode(&self, &inode));
	features->answers[FEATURE_PIDFD_NS] = answer_of_fd(ioctl(pidfd, PIDFD_GET_USER_NAMESPACE, 0));
}

static void probe_calls(struct features *features)
{
	const struct open_how how = {.flags = O_PATH | O_CLOEXEC, .resolve = RESOLVE_IN_ROOT};
	struct stat st;

	features->answers[FEATURE_OPENAT2] =
	    answer_of_fd(syscall(SYS_openat2, AT_FDCWD, ".", &how, sizeof(how)));
	/* No descriptor has such a number. */
	features->answers[FEATURE_CLOSE_RANGE] =
	    answer_of(syscall(SYS_close_range, ~0U, ~0U, 0) < 0 ? -errno : 0);
	features->answers[FEATURE_TIME_NS] = answer_of(stat("/proc/self/ns/time", &st) < 0 ? -errno : 0);
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

/* The caller's own mnt namespace may be the last of the list: that it has a previous one will do. */
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
		return answer_of(ret);
	answer = answer_of(ns_open_handle(id, own->type, own->ino, &again));
	if (answer.state == FEATURE_PRESENT)
		answer.note = "this kernel wants the type and the inode beside the id";
	return answer;
}

/* Everyone may list his own. */
static void probe_listmount(struct features *features, const struct ns *own)
{
	struct feature_answer *answer = &features->answers[FEATURE_LISTMOUNT];

	*answer = answer_of(list_own_mounts(ns_read_id(own)));
	if (answer->state == FEATURE_PRESENT && !capabilities_have(1ULL << CAP_SYS_ADMIN))
		*answer = (struct feature_answer){
		    .state = FEATURE_DENIED,
		    .reason = EPERM,
		    .note = "of another mnt namespace than the caller's it takes CAP_SYS_ADMIN over it",
		};
}

static void probe_namespaces(struct features *features)
{
	AUTO_NS struct ns own = NS_CLOSED;

	if (ns_open_at(AT_FDCWD, "/proc/self/ns/mnt", &own) < 0)
		return;
	features->answers[FEATURE_NS_ID] = answer_of(ns_kernel_has_ids(&own) ? 0 : -ENOTTY);
	if (ns_kernel_has_ids(&own))
		features->answers[FEATURE_NS_HANDLE] = probe_handle(&own);
	if (ns_read_id(&own) != 0)
		probe_listmount(features, &own);
	features->answers[FEATURE_MNT_NEXT] = answer_of(list_mnt_namespaces(&own));
	if (features->answers[FEATURE_MNT_NEXT].state == FEATURE_DENIED)
		features->answers[FEATURE_MNT_NEXT].note =
		    "takes CAP_SYS_ADMIN, in the first user and pid namespace";
	features->answers[FEATURE_LISTNS] = answer_of(list_any_ns());
}

/* "none integrity [confidentiality]": only in this mode no program may read the kernel's memory. */
static bool is_confidential(void)
{
	char modes[128];

	return file_read_at(AT_FDCWD, LOCKDOWN_PATH, modes, sizeof(modes)) > 0 &&
	       strstr(modes, "[confidentiality]");
}

/* Why BPF cannot be used, after the check that cost nothing. */
static const char *refusal_note(int check)
{
	if (check == -EXDEV)
		return "/proc is of another pid namespace than the caller";
	if (check == -EPERM)
		return "takes CAP_BPF and CAP_PERFMON, or CAP_SYS_ADMIN, in the first user namespace";
	return NULL;
}

/* The same after it was tried: EINVAL is what a program gets that asks for what is locked down. */
static const char *failure_note(int opened)
{
	if ((opened == -EPERM || opened == -EINVAL) && is_confidential())
		return "the kernel is locked down: confidentiality";
	if (opened == -EPERM)
		return "seccomp or a security module refuses bpf(2)";
	if (opened == -EACCES)
		return "the kernel's verifier refuses the program";
	return NULL;
}

static int try_iterators(const struct kernel_types *types)
{
	for (enum program program = PROGRAM_TASKS; program <= PROGRAM_FILES; program++) {
		AUTO_CLOSE int fd = iterator_open(types, program, NULL);

		if (fd < 0)
			return fd;
	}
	return 0;
}

/* Before Linux 6.18 net and ipc namespaces can be walked, and every mount of a namespace. */
static void probe_lists(const struct kernel_types *types, struct features *features)
{
	struct feature_answer *answer = &features->answers[FEATURE_LISTS];
	AUTO_WALKER struct walker walker = WALKER_CLOSED;
	int ret = walker_open(types, WALK_OF_TYPES, 1, &walker);

	*answer = answer_of(ret);
	features->walks_some = ret == 0;
	if (ret == 0 && walker.wanted != NS_TYPE_SET_ALL) {
		answer->state = FEATURE_ABSENT;
		answer->note = "net and ipc namespaces and all mounts can be walked";
	}
}

static void probe_bpf(struct features *features)
{
	struct feature_answer *btf = &features->answers[FEATURE_BTF];
	struct feature_answer *iterators = &features->answers[FEATURE_BPF_ITER];
	struct kernel_types types;
	int check = engine_check_bpf();
	bool has_btf = access(BTF_PATH, F_OK) == 0;
	int ret = btf_read(&types);

	*btf = answer_of(has_btf ? (ret == -EACCES ? ret : 0) : -ENOENT);
	if (ret < 0 && has_btf)
		btf->note = "it lacks what is looked for";
	if (ret < 0)
		return;
	if (check == 0)
		ret = try_iterators(&types);
	if (check == 0 && ret == 0)
		probe_lists(&types, features);
	else
		features->answers[FEATURE_LISTS] =
		    (struct feature_answer){.state = FEATURE_DENIED, .reason = EPERM, .note = "requires BPF"};
	*iterators = answer_of(check < 0 ? -EPERM : ret);
	iterators->note = check < 0 ? refusal_note(check) : failure_note(ret);
	if (ret == -EINVAL && iterators->note)
		iterators->state = FEATURE_DENIED;
}

static void probe_cgroup(struct features *features)
{
	char types[8192];
	bool is_there = file_read_at(AT_FDCWD, "/proc/filesystems", types, sizeof(types)) > 0 &&
			strstr(types, "\tcgroup2\n");

	features->answers[FEATURE_CGROUP2] = answer_of(is_there ? 0 : -ENOENT);
}

static bool has(const struct features *features, enum feature feature)
{
	return features->answers[feature].state == FEATURE_PRESENT;
}

/* Which kinds of thing can hold a namespace that no list of nsctl's then has. */
static const char *choose_missed(const struct features *features)
{
	if (has(features, FEATURE_LISTS))
		return "nothing";
	if (geteuid() != 0)
		return "what only processes of other users hold, and what no process shows";
	if (features->walks_some && has(features, FEATURE_MNT_NEXT))
		return "but for net, ipc and mnt: what only a message under way (SCM_RIGHTS) or an io_uring "
		       "holds";
	if (features->walks_some)
		return "but for net and ipc: what only a message under way (SCM_RIGHTS) or an io_uring holds";
	if (has(features, FEATURE_LISTNS))
		return "what only a socket without a descriptor, a file of /proc/net or shared memory holds";
	return "what only a message under way (SCM_RIGHTS), an io_uring, a detached mount, a socket without "
	       "a "
	       "descriptor, a file of /proc/net or shared memory holds";
}

static void choose_sources(enum engine engine, struct features *features)
{
	bool uses_bpf = has(features, FEATURE_BPF_ITER) && engine != ENGINE_PROCFS;
	const char *tasks =
	    uses_bpf ? "BPF iterators; /proc for one process, or one type among few processes" : "/proc";
	const char **sources = features->sources;

	sources[QUESTION_TASKS] = tasks;
	sources[QUESTION_FILES] = uses_bpf ? "BPF iterators; /proc for one process" : "/proc";
	sources[QUESTION_RELATIONS] = uses_bpf ? "with the tasks; ioctl_ns(2) for the rest" : "ioctl_ns(2)";
	sources[QUESTION_MOUNTS] = has(features, FEATURE_LISTMOUNT)
				       ? "listmount(2), in every mnt namespace"
				       : "/proc/PID/mountinfo, of a process in each mnt namespace";
	sources[QUESTION_TASKLESS] = "whatever holds them";
	if (has(features, FEATURE_MNT_NEXT))
		sources[QUESTION_TASKLESS] = "whatever holds them; of mnt namespaces, NS_MNT_GET_NEXT";
	if (has(features, FEATURE_LISTNS))
		sources[QUESTION_TASKLESS] = "listns(2)";
	if (features->walks_some)
		sources[QUESTION_TASKLESS] =
		    "the kernel's own lists of net and ipc namespaces, and of all mounts";
	if (has(features, FEATURE_LISTS))
		sources[QUESTION_TASKLESS] = "the kernel's own lists of all namespaces";
	sources[QUESTION_MISSED] = choose_missed(features);
	sources[QUESTION_ID] = "none";
	if (has(features, FEATURE_NS_ID))
		sources[QUESTION_ID] = "a search";
	if (has(features, FEATURE_NS_HANDLE) && !features->answers[FEATURE_NS_HANDLE].note)
		sources[QUESTION_ID] = "nsfs file handle";
	sources[QUESTION_ENTER] = features->answers[FEATURE_SETNS_PIDFD].state != FEATURE_ABSENT
				      ? "setns(2) with a pidfd, all namespaces at once, where it is permitted"
				      : "setns(2) with a namespace file each";
}

void features_probe(enum engine engine, struct features *features)
{
	*features = (struct features){0};
	probe_pidfd(features);
	probe_calls(features);
	probe_bpf(features);
	probe_namespaces(features);
	probe_cgroup(features);
	choose_sources(engine, features);
}
