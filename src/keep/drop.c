/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A name removed. */
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "keep/drop.h"
#include "keep/hidden.h"
#include "keep/record.h"

void keep_dropped_init(struct keep_dropped *dropped)
{
	*dropped = (struct keep_dropped){0};
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		dropped->namespaces[type] = NS_CLOSED;
}

void keep_dropped_close(struct keep_dropped *dropped)
{
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		ns_close(&dropped->namespaces[type]);
}

static void __attribute__((format(printf, 2, 3)))
add_remark(struct keep_dropped *dropped, const char *format, ...)
{
	size_t used = strlen(dropped->remark);
	va_list arguments;

	used +=
	    (size_t)snprintf(dropped->remark + used, sizeof(dropped->remark) - used, "%s", used ? "; " : "");
	va_start(arguments, format);
	if (used < sizeof(dropped->remark))
		vsnprintf(dropped->remark + used, sizeof(dropped->remark) - used, format, arguments);
	va_end(arguments);
}

static void look_at_type(int dir_fd, enum ns_type type, const struct record_ns *recorded,
			 struct keep_dropped *dropped)
{
	struct ns *ns = &dropped->namespaces[type];
	bool is_mounted = ns_open_at(dir_fd, ns_type_name(type), ns) == 0;

	if (recorded->ino == 0)
		return;
	if (!is_mounted)
		add_remark(dropped, "its %s namespace was no longer mounted", ns_type_name(type));
	else if (ns->type != type || ns->ino != recorded->ino || ns_read_id(ns) != recorded->id)
		add_remark(dropped, "its %s namespace was another one", ns_type_name(type));
}

/* Opens what is mounted before it is unmounted. */
static void look_at_name(int dir_fd, void *context)
{
	struct keep_dropped *dropped = context;
	struct record record;

	if (record_read(dir_fd, &record) < 0) {
		record = (struct record){0};
		add_remark(dropped, "its record was damaged");
	} else if (!record_is_of_this_boot(&record)) {
		record = (struct record){0};
		add_remark(dropped, "it was kept before the machine was booted");
	}
	for (enum ns_type type = 0; type < NS_TYPE_COUNT; type++)
		look_at_type(dir_fd, type, &record.ns[type], dropped);
}

static int set_not_dropped(const struct keep_base *base, const char *name, int number, struct error *err)
{
	if (number == ENOENT || number == ENOTDIR)
		return keep_set_unknown(name, err);
	if (number == ETIMEDOUT) {
		error_set(err, number, "another nsctl works on '%s/%s', and does not end", base->path, name);
		return error_hint(err, "it may be stopped");
	}
	error_set_errno(err, number, "cannot remove '%s/%s'", base->path, name);
	return number == EACCES && geteuid() != 0 ? error_hint(err, "run as root") : -number;
}

int keep_drop_from(const struct keep_base *base, const char *name, struct keep_dropped *dropped,
		   struct error *err)
{
	AUTO_HIDDEN struct hidden hidden = HIDDEN_CLOSED;
	int ret;

	hidden_sweep(base);
	ret = hidden_take(base, name, look_at_name, dropped, &hidden);
	if (ret < 0)
		return set_not_dropped(base, name, -ret, err);
	ret = hidden_remove(base, &hidden, err);
	if (ret != -ESTALE)
		return ret;
	add_remark(dropped, "ip netns has another namespace by this name, which stays");
	return 0;
}

int keep_drop(const char *name, struct keep_dropped *dropped, struct error *err)
{
	AUTO_BASE struct keep_base base = KEEP_BASE_CLOSED;
	AUTO_CLOSE int fd = -1;
	int ret;

	keep_dropped_init(dropped);
	ret = keep_check_name(name, err);
	if (ret < 0)
		return ret;
	fd = keep_base_find_name(name, &base);
	return fd < 0 ? keep_set_unknown(name, err) : keep_drop_from(&base, name, dropped, err);
}
