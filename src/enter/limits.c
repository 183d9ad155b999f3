/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"
#include "proc/capabilities.h"

#define OOM_FILE "/proc/self/oom_score_adj"

/* setrlimit(2) checks it against the initial user namespace. */
static bool may_raise(void)
{
	return capabilities_have(1ULL << CAP_SYS_RESOURCE) && capabilities_check_initial_user_ns() == 0;
}

static void format_limit(rlim_t limit, char *text, size_t size)
{
	if (limit == RLIM_INFINITY)
		snprintf(text, size, "unlimited");
	else
		snprintf(text, size, "%ju", (uintmax_t)limit);
}

static int note_limit(struct plan *plan, unsigned int resource, rlim_t hard, rlim_t own, struct error *err)
{
	char wanted_text[32];
	char own_text[32];

	format_limit(hard, wanted_text, sizeof(wanted_text));
	format_limit(own, own_text, sizeof(own_text));
	error_set(err, EPERM, "cannot raise the hard limit '%s' from %s to %s: it requires CAP_SYS_RESOURCE",
		  limit_name(resource), own_text, wanted_text);
	return missing_note(&plan->missing, err);
}

static int decide_limit(struct plan *plan, unsigned int resource, struct error *err)
{
	struct limits *limits = &plan->limits;
	struct rlimit *wanted = &limits->wanted[resource].limit;
	struct rlimit own;

	if (getrlimit((int)resource, &own) < 0)
		return error_set_errno(err, errno, "cannot read the limit '%s'", limit_name(resource));
	limits->own_soft[resource] = own.rlim_cur;
	limits->wanted[resource].is_set =
	    own.rlim_cur != wanted->rlim_cur || own.rlim_max != wanted->rlim_max;
	if (wanted->rlim_max <= own.rlim_max)
		return 0;
	limits->is_raised[resource] = may_raise();
	if (limits->is_raised[resource])
		return 0;
	if (!limits->wanted[resource].may_be_lower &&
	    note_limit(plan, resource, wanted->rlim_max, own.rlim_max, err) < 0)
		return -err->number;
	wanted->rlim_max = own.rlim_max;
	if (wanted->rlim_cur > own.rlim_max)
		wanted->rlim_cur = own.rlim_max;
	return 0;
}

/*
 * Without CAP_SYS_RESOURCE it can be lowered down to a value that cannot be read
 * (oom_score_adj in proc(5)): then lowering it counts as impossible.
 */
static int decide_oom_score_adj(struct plan *plan, struct error *err)
{
	const struct settings *settings = &plan->settings;
	char text[16];
	int own;

	if (!settings->has_oom_score_adj)
		return 0;
	if (file_read_at(AT_FDCWD, OOM_FILE, text, sizeof(text)) < 0 || sscanf(text, "%d", &own) != 1)
		return error_set(err, EIO, "cannot read " OOM_FILE);
	if (own == settings->oom_score_adj)
		return 0;
	if (settings->oom_score_adj < own && !may_raise()) {
		error_set(err, EACCES,
			  "cannot lower oom_score_adj from %d to %d: it requires CAP_SYS_RESOURCE", own,
			  settings->oom_score_adj);
		return missing_note(&plan->missing, err);
	}
	plan->limits.oom_score_adj = settings->oom_score_adj;
	plan->limits.own_oom_score_adj = own;
	plan->limits.oom_fd = open(OOM_FILE, O_WRONLY | O_CLOEXEC);
	return plan->limits.oom_fd < 0 ? error_set_errno(err, errno, "cannot open " OOM_FILE) : 0;
}

int limits_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	(void)request;
	memcpy(plan->limits.wanted, plan->settings.limits, sizeof(plan->limits.wanted));
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++) {
		if (plan->limits.wanted[i].is_set && decide_limit(plan, i, err) < 0)
			return -err->number;
	}
	return decide_oom_score_adj(plan, err);
}

void limits_free(struct limits *limits)
{
	cleanup_close(&limits->oom_fd);
	limits->oom_fd = -1;
}

static int set_limit(unsigned int resource, const struct rlimit *limit, struct error *err)
{
	char text[32];

	if (setrlimit((int)resource, limit) == 0)
		return 0;
	format_limit(limit->rlim_max, text, sizeof(text));
	error_set_errno(err, errno, "cannot set the hard limit '%s' to %s", limit_name(resource), text);
	if (resource == RLIMIT_NOFILE && err->number == EPERM)
		return error_hint(err, "the sysctl fs.nr_open limits it");
	return -err->number;
}

static bool write_oom_score_adj(const struct limits *limits, int value)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%d", value);

	return write(limits->oom_fd, text, (size_t)length) == length;
}

int limits_prepare(const struct plan *plan, struct error *err)
{
	const struct limits *limits = &plan->limits;

	for (unsigned int i = 0; i < RLIM_NLIMITS; i++) {
		struct rlimit raised = {.rlim_cur = limits->own_soft[i],
					.rlim_max = limits->wanted[i].limit.rlim_max};

		if (limits->is_raised[i] && set_limit(i, &raised, err) < 0)
			return -err->number;
	}
	if (limits->oom_fd >= 0 && !write_oom_score_adj(limits, limits->oom_score_adj))
		return error_set_errno(err, errno, "cannot set oom_score_adj to %d", limits->oom_score_adj);
	return 0;
}

void limits_take_back(const struct plan *plan)
{
	if (plan->limits.oom_fd >= 0)
		write_oom_score_adj(&plan->limits, plan->limits.own_oom_score_adj);
}

int limits_apply(const struct plan *plan, struct error *err)
{
	for (unsigned int i = 0; i < RLIM_NLIMITS; i++) {
		const struct settings_limit *limit = &plan->limits.wanted[i];

		if (limit->is_set && set_limit(i, &limit->limit, err) < 0)
			return -err->number;
	}
	if (plan->settings.has_umask)
		umask(plan->settings.umask);
	return 0;
}
