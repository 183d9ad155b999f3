/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "ns/type.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "base/text.h"
#include "ns/uapi.h"

static const struct {
	const char *name;
	int clone_flag;
	enum ns_link link;
	const char *alias; /* what unshare(1), ip(8) and others call it; NULL: the same */
} types[NS_TYPE_COUNT] = {
    [NS_CGROUP] = {"cgroup", CLONE_NEWCGROUP, NS_LINK_CGROUP, NULL},
    [NS_IPC] = {"ipc", CLONE_NEWIPC, NS_LINK_IPC, NULL},
    [NS_MNT] = {"mnt", CLONE_NEWNS, NS_LINK_MNT, "mount"},
    [NS_NET] = {"net", CLONE_NEWNET, NS_LINK_NET, "network"},
    [NS_PID] = {"pid", CLONE_NEWPID, NS_LINK_PID, NULL},
    [NS_TIME] = {"time", CLONE_NEWTIME, NS_LINK_TIME, NULL},
    [NS_USER] = {"user", CLONE_NEWUSER, NS_LINK_USER, NULL},
    [NS_UTS] = {"uts", CLONE_NEWUTS, NS_LINK_UTS, "hostname"},
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

static bool find_type(const char *name, size_t length, bool by_alias, enum ns_type *type)
{
	for (enum ns_type t = 0; t < NS_TYPE_COUNT; t++) {
		const char *alias = by_alias ? types[t].alias : NULL;

		if (!text_is_word(name, length, types[t].name) &&
		    !(alias && text_is_word(name, length, alias)))
			continue;
		*type = t;
		return true;
	}
	return false;
}

bool ns_type_from_name(const char *name, size_t length, enum ns_type *type)
{
	return find_type(name, length, false, type);
}

bool ns_type_from_any_name(const char *name, size_t length, enum ns_type *type)
{
	if (ns_type_from_name(name, length, type))
		return true;
	if (length > 2 && memcmp(name + length - 2, "ns", 2) == 0)
		length -= 2;
	return find_type(name, length, true, type);
}

int ns_type_refuse(const char *name, size_t length, struct error *err)
{
	const char *names[2 * NS_TYPE_COUNT + 1];
	char word[64];
	size_t count = 0;
	enum ns_type type;

	for (enum ns_type t = 0; t < NS_TYPE_COUNT; t++) {
		names[count++] = types[t].name;
		if (types[t].alias)
			names[count++] = types[t].alias;
	}
	names[count] = NULL;
	error_set(err, EINVAL, "unknown namespace type: '%.*s'", (int)(length < 256 ? length : 256), name);
	/* Where the name is an alias, the caller does not accept aliases. */
	if (ns_type_from_any_name(name, length, &type))
		return error_hint(err, "did you mean '%s'?", types[type].name);
	if (length >= sizeof(word))
		return error_hint(err, NS_TYPE_HINT);
	memcpy(word, name, length);
	word[length] = '\0';
	return error_suggest(err, word, names, NS_TYPE_HINT);
}

int ns_type_parse_list(const char *list, ns_type_set *set, struct error *err)
{
	const char *word = list;

	do {
		size_t length = strcspn(word, ",");
		enum ns_type type;

		if (length == 0) {
			error_set(err, EINVAL, "a namespace type is missing in '%.256s'", list);
			return error_hint(err, NS_TYPE_HINT);
		}
		if (!ns_type_from_any_name(word, length, &type))
			return ns_type_refuse(word, length, err);
		*set |= 1U << type;
		word += length;
	} while (*word++ == ',');
	return 0;
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
