#include "ns/type.h"

#include <sched.h>
#include <string.h>

#include "ns/uapi.h"

static const struct {
	const char *name;
	int clone_flag;
	enum ns_link link;
} types[NS_TYPE_COUNT] = {
    [NS_CGROUP] = {"cgroup", CLONE_NEWCGROUP, NS_LINK_CGROUP},
    [NS_IPC] = {"ipc", CLONE_NEWIPC, NS_LINK_IPC},
    [NS_MNT] = {"mnt", CLONE_NEWNS, NS_LINK_MNT},
    [NS_NET] = {"net", CLONE_NEWNET, NS_LINK_NET},
    [NS_PID] = {"pid", CLONE_NEWPID, NS_LINK_PID},
    [NS_TIME] = {"time", CLONE_NEWTIME, NS_LINK_TIME},
    [NS_USER] = {"user", CLONE_NEWUSER, NS_LINK_USER},
    [NS_UTS] = {"uts", CLONE_NEWUTS, NS_LINK_UTS},
};

static const struct {
	const char *name;
	enum ns_type type;
} links[NS_LINK_COUNT] = {
    [NS_LINK_CGROUP] = {"cgroup", NS_CGROUP}, [NS_LINK_IPC] = {"ipc", NS_IPC},
    [NS_LINK_MNT] = {"mnt", NS_MNT},          [NS_LINK_NET] = {"net", NS_NET},
    [NS_LINK_PID] = {"pid", NS_PID},          [NS_LINK_PID_FOR_CHILDREN] = {"pid_for_children", NS_PID},
    [NS_LINK_TIME] = {"time", NS_TIME},       [NS_LINK_TIME_FOR_CHILDREN] = {"time_for_children", NS_TIME},
    [NS_LINK_USER] = {"user", NS_USER},       [NS_LINK_UTS] = {"uts", NS_UTS},
};

const char *ns_type_name(enum ns_type type)
{
	return types[type].name;
}

int ns_type_clone_flag(enum ns_type type)
{
	return types[type].clone_flag;
}

bool ns_type_from_name(const char *name, size_t length, enum ns_type *type)
{
	for (enum ns_type t = 0; t < NS_TYPE_COUNT; t++) {
		if (strlen(types[t].name) == length && memcmp(types[t].name, name, length) == 0) {
			*type = t;
			return true;
		}
	}
	return false;
}

bool ns_type_from_clone_flag(int flag, enum ns_type *type)
{
	for (enum ns_type t = 0; t < NS_TYPE_COUNT; t++) {
		if (types[t].clone_flag == flag) {
			*type = t;
			return true;
		}
	}
	return false;
}

int ns_type_set_clone_flags(ns_type_set set)
{
	int flags = 0;

	for (enum ns_type t = 0; t < NS_TYPE_COUNT; t++) {
		if (set & (1U << t))
			flags |= types[t].clone_flag;
	}
	return flags;
}

const char *ns_link_name(enum ns_link link)
{
	return links[link].name;
}

enum ns_type ns_link_type(enum ns_link link)
{
	return links[link].type;
}

enum ns_link ns_type_link(enum ns_type type)
{
	return types[type].link;
}
