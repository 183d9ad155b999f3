/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "query/features.h"

#include <unistd.h>

#include "query/features_probe.h"

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
    [FEATURE_NEW_USER] = {"new user namespaces", "3.8"},
    [FEATURE_NEW_OTHERS] = {"new namespaces of other types", "3.8"},
    [FEATURE_MAP_RANGES] = {"id maps of several ids", "3.8"},
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
    [QUESTION_NEW] = {"new", "new namespaces"},
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

static bool has_feature(const struct features *features, enum feature feature)
{
	return features->answers[feature].state == FEATURE_PRESENT;
}

/* Holders that nsctl cannot find. */
static const char *choose_missed(const struct features *features)
{
	if (has_feature(features, FEATURE_LISTS))
		return "nothing";
	if (geteuid() != 0)
		return "what only processes of other users hold, and what no process shows";
	if (features->walks_some && has_feature(features, FEATURE_MNT_NEXT))
		return "but for net, ipc and mnt: what only a message under way (SCM_RIGHTS) or an io_uring "
		       "holds";
	if (features->walks_some)
		return "but for net and ipc: what only a message under way (SCM_RIGHTS) or an io_uring holds";
	if (has_feature(features, FEATURE_LISTNS))
		return "what only a socket without a descriptor, a file of /proc/net or shared memory holds";
	return "what only a message under way (SCM_RIGHTS), an io_uring, a detached mount, a socket without "
	       "a descriptor, a file of /proc/net or shared memory holds";
}

/* The namespaces that the caller may create, and with which ids. */
static const char *choose_new(const struct features *features)
{
	bool has_user = has_feature(features, FEATURE_NEW_USER);
	bool has_ranges = has_feature(features, FEATURE_MAP_RANGES);

	if (!has_feature(features, FEATURE_NEW_OTHERS))
		return has_user ? "user namespaces alone" : "none";
	if (!has_user)
		return "all types but user";
	if (!features->answers[FEATURE_NEW_OTHERS].note)
		return has_ranges ? "all types, and any id maps" : "all types, and a map of the caller alone";
	return has_ranges ? "all types within a new user namespace, and a map of several ids"
			  : "all types within a new user namespace, and a map of the caller alone";
}

static void choose_sources(enum engine engine, struct features *features)
{
	bool uses_bpf = has_feature(features, FEATURE_BPF_ITER) && engine != ENGINE_PROCFS;
	const char *tasks =
	    uses_bpf ? "BPF iterators; /proc for one process, or one type among few processes" : "/proc";
	const char **sources = features->sources;

	sources[QUESTION_TASKS] = tasks;
	sources[QUESTION_FILES] = uses_bpf ? "BPF iterators; /proc for one process" : "/proc";
	sources[QUESTION_RELATIONS] = uses_bpf ? "with the tasks; ioctl_ns(2) for the rest" : "ioctl_ns(2)";
	sources[QUESTION_MOUNTS] = has_feature(features, FEATURE_LISTMOUNT)
				       ? "listmount(2), in every mnt namespace"
				       : "/proc/PID/mountinfo, of a process in each mnt namespace";
	sources[QUESTION_TASKLESS] = "whatever holds them";
	if (has_feature(features, FEATURE_MNT_NEXT))
		sources[QUESTION_TASKLESS] = "whatever holds them; of mnt namespaces, NS_MNT_GET_NEXT";
	if (has_feature(features, FEATURE_LISTNS))
		sources[QUESTION_TASKLESS] = "listns(2)";
	if (features->walks_some)
		sources[QUESTION_TASKLESS] =
		    "the kernel's own lists of net and ipc namespaces, and of all mounts";
	if (has_feature(features, FEATURE_LISTS))
		sources[QUESTION_TASKLESS] = "the kernel's own lists of all namespaces";
	sources[QUESTION_MISSED] = choose_missed(features);
	sources[QUESTION_ID] = "none";
	if (has_feature(features, FEATURE_NS_ID))
		sources[QUESTION_ID] = "a search";
	if (has_feature(features, FEATURE_NS_HANDLE) && !features->answers[FEATURE_NS_HANDLE].note)
		sources[QUESTION_ID] = "nsfs file handle";
	sources[QUESTION_ENTER] = features->answers[FEATURE_SETNS_PIDFD].state != FEATURE_ABSENT
				      ? "setns(2) with a pidfd, all namespaces at once, where it is permitted"
				      : "setns(2) with a namespace file each";
	sources[QUESTION_NEW] = choose_new(features);
}

void features_probe(enum engine engine, struct features *features)
{
	*features = (struct features){0};
	probe_calls(features);
	probe_new(features);
	probe_bpf(features);
	choose_sources(engine, features);
}
