/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/filters.h"

#include <errno.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "enter/filters_copy.h"
#include "enter/plan.h"
#include "proc/capabilities.h"

/* Flags of seccomp(2) that are no part of the filter: one thread needs no TSYNC, and nobody listens. */
#define KEPT_FLAGS (SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW)

static int note_unread(struct plan *plan, struct error *err)
{
	error_set(err, EACCES, "process %d has seccomp filters, which cannot be read while it runs",
		  plan->process.pid);
	error_hint(err, "--copy-seccomp stops it for a moment, and copies them");
	return missing_note(&plan->missing, err);
}

/* Whether the caller can load one. */
static int check_privilege(struct plan *plan, struct error *err)
{
	struct settings *settings = &plan->settings;

	if (settings->filter_count == 0 || settings->no_new_privs)
		return 0;
	if (plan_enters(plan, NS_USER) || capabilities_have(1ULL << CAP_SYS_ADMIN)) {
		plan->capability_sets.keeps_admin = true;
		return 0;
	}
	error_set(err, EACCES,
		  "cannot load the seccomp filter: without no_new_privs it requires CAP_SYS_ADMIN");
	settings_drop_filters(settings);
	return missing_note(&plan->missing, err);
}

int filters_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	struct settings *settings = &plan->settings;
	int ret = 0;

	plan->filters.no_new_privs = settings->no_new_privs;
	if (settings->filters_unread > 0 && request->copy_seccomp)
		ret = filters_copy(&plan->process, settings, err);
	else if (settings->filters_unread > 0)
		ret = note_unread(plan, err);
	return ret < 0 ? ret : check_privilege(plan, err);
}

int filters_apply(const struct plan *plan, struct error *err)
{
	const struct settings *settings = &plan->settings;

	if (plan->filters.no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set_errno(err, errno, "cannot set no_new_privs");
	for (size_t i = 0; i < settings->filter_count; i++) {
		const struct seccomp_filter *filter = &settings->filters[i];
		struct sock_fprog program = {.len = filter->count, .filter = filter->instructions};

		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags & KEPT_FLAGS, &program) < 0)
			return error_set_errno(err, errno, "cannot load the seccomp filter");
	}
	return 0;
}
