/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The namespaces of a name, opened and proved. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/base_directory.h"
#include "keep/drop.h"
#include "keep/keep.h"
#include "keep/record.h"

bool keep_exists(const char *name)
{
	AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
	AUTO_CLOSE int fd = -1;
	struct error ignored; /* then no name is written so */

	if (keep_check_name(name, &ignored) < 0)
		return false;
	fd = keep_base_find_name(name, &base);
	return fd >= 0;
}

static int hint_at_drop(const char *name, struct error *err)
{
	return error_hint(err, "nsctl drop %s removes the name", name);
}

static int read_record(int dir_fd, const char *name, struct record *record, struct error *err)
{
	int ret = record_read(dir_fd, record);

	if (ret == -EPROTO) {
		error_set(err, EPROTO, "the record of the kept name '%s' is damaged", name);
		return hint_at_drop(name, err);
	}
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot read the record of the kept name '%s'", name);
	if (record_is_of_this_boot(record))
		return 0;
	error_set(err, ESTALE,
		  "the namespaces of '%s' are gone: they were kept before the machine was booted", name);
	return hint_at_drop(name, err);
}

static int open_one(int dir_fd, const char *name, enum ns_type type, const struct record_ns *recorded,
		    struct ns *ns, struct error *err)
{
	int ret = ns_open_at(dir_fd, ns_type_name(type), ns);

	if (ret == -EINVAL || ret == -ENOENT) {
		error_set(err, ESTALE,
			  "the %s namespace of '%s' is not mounted here: its mount was removed, or is in "
			  "another mnt namespace",
			  ns_type_name(type), name);
		return hint_at_drop(name, err);
	}
	if (ret < 0)
		return error_set_errno(err, -ret, "cannot open the %s namespace of '%s'", ns_type_name(type),
				       name);
	if (ns->type == type && ns->ino == recorded->ino && ns_read_id(ns) == recorded->id)
		return 0;
	error_set(err, ESTALE,
		  "the %s namespace of '%s' is not the one that was kept: another is mounted there",
		  ns_type_name(type), name);
	return hint_at_drop(name, err);
}

static int set_none_of_types(const char *name, ns_type_set types, const struct record *record,
			     struct error *err)
{
	char wanted[64] = "";
	char kept[64] = "";

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++) {
		char *list = record->ns[type].ino != 0 ? kept : wanted;
		size_t used = strlen(list);

		if (record->ns[type].ino != 0 || types & 1U << type)
			snprintf(list + used, sizeof(kept) - used, "%s%s", used ? ", " : "",
				 ns_type_name(type));
	}
	error_set(err, ENOENT, "'%s' keeps no %s namespace", name, wanted);
	return error_hint(err, "it keeps %s", kept);
}

int keep_open(const char *name, ns_type_set types, struct ns namespaces[NS_TYPE_COUNT], struct error *err)
{
	AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
	AUTO_CLOSE int dir_fd = -1;
	struct record record;
	bool has_any = false;
	int ret = keep_check_name(name, err);

	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		namespaces[type] = NS_CLOSED;
	if (ret < 0)
		return ret;
	dir_fd = keep_base_find_name(name, &base);
	if (dir_fd < 0)
		return keep_set_unknown(name, err);
	ret = read_record(dir_fd, name, &record, err);
	for (enum ns_type type = 0; type < NS_TYPE_COUNT && ret == 0; type++) {
		if (!(types & 1U << type) || record.ns[type].ino == 0)
			continue;
		has_any = true;
		ret = open_one(dir_fd, name, type, &record.ns[type], &namespaces[type], err);
	}
	return ret == 0 && !has_any ? set_none_of_types(name, types, &record, err) : ret;
}
