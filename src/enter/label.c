/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/label.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "enter/plan.h"

#define LABEL_LIMIT ((size_t)1 << 16)

static bool selinux_is_enabled(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 && (unsigned long)fs.f_type == SELINUX_MAGIC;
}

/* As aa_is_enabled(2) asks it. */
static bool apparmor_is_enabled(void)
{
	char text[2];

	return file_read_at(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", text, sizeof(text)) > 0 &&
	       text[0] == 'Y';
}

static int open_exec(const char *path, struct label *label, struct error *err)
{
	label->exec_fd = open(path, O_WRONLY | O_CLOEXEC);
	return label->exec_fd < 0 ? error_set_errno(err, errno, "cannot open %s", path) : 0;
}

static bool is_callers(const char *label)
{
	AUTO_FREE char *own = NULL;

	return file_load_at(AT_FDCWD, "/proc/thread-self/attr/current", LABEL_LIMIT, &own) >= 0 &&
	       strcmp(own, label) == 0;
}

/* attr/apparmor is available since Linux 5.8; with several security modules, attr/exec can be another's. */
static int choose_profile(const char *profile, struct label *label, struct error *err)
{
	static const char of_apparmor[] = "/proc/thread-self/attr/apparmor/exec";

	if (asprintf(&label->owned, "exec %s", profile) < 0) {
		label->owned = NULL;
		return error_set_errno(err, ENOMEM, "cannot set the AppArmor profile");
	}
	label->text = label->owned;
	return open_exec(access(of_apparmor, F_OK) == 0 ? of_apparmor : "/proc/thread-self/attr/exec", label,
			 err);
}

static int choose_context(const char *context, struct label *label, struct error *err)
{
	label->text = context;
	return open_exec("/proc/thread-self/attr/exec", label, err);
}

/* The label of a process: "PROFILE (MODE)" and a newline of AppArmor, the context of SELinux. */
static int choose_of_process(struct plan *plan, struct error *err)
{
	const char *seen = plan->seen.label;
	AUTO_FREE char *profile = NULL;
	char *mode;

	if (!seen || !seen[0] || is_callers(seen))
		return 0;
	if (selinux_is_enabled())
		return choose_context(seen, &plan->label, err);
	if (!apparmor_is_enabled()) {
		error_set(err, EOPNOTSUPP,
			  "process %d has the security label '%.256s', of a module that nsctl does not know",
			  plan->process.pid, seen);
		return missing_note(&plan->missing, err);
	}
	profile = strdup(seen);
	if (!profile)
		return error_set_errno(err, ENOMEM, "cannot set the AppArmor profile");
	profile[strcspn(profile, "\n")] = '\0';
	mode = strrchr(profile, '(');
	if (mode && mode > profile && mode[-1] == ' ')
		mode[-1] = '\0';
	return choose_profile(profile, &plan->label, err);
}

static int note_disabled(struct plan *plan, const char *module, const char *noun, const char *label,
			 struct error *err)
{
	error_set(err, EOPNOTSUPP, "cannot set the %s '%.256s': %s is not enabled here", noun, label, module);
	return missing_note(&plan->missing, err);
}

/*
 * The label in another user's configuration is ignored: that user may lack permission for
 * it, which the caller has.  The label of the first process is used.
 */
static int plan_confined(const struct enter_request *request, struct plan *plan, struct error *err)
{
	const struct settings *settings = &plan->settings;

	if (request->privileged)
		return 0;
	if (plan->configuration.is_of_other)
		return choose_of_process(plan, err);
	if (settings->selinux && !selinux_is_enabled())
		return note_disabled(plan, "SELinux", "context", settings->selinux, err);
	if (settings->selinux)
		return choose_context(settings->selinux, &plan->label, err);
	if (settings->apparmor && !apparmor_is_enabled())
		return note_disabled(plan, "AppArmor", "profile", settings->apparmor, err);
	if (settings->apparmor)
		return choose_profile(settings->apparmor, &plan->label, err);
	return plan->configuration.fd >= 0 ? 0 : choose_of_process(plan, err);
}

int label_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	if (request->confined)
		return plan_confined(request, plan, err);
	if (!request->follow_context || !selinux_is_enabled())
		return 0;
	if (plan_need_process(plan, "--follow-context", err) < 0)
		return -err->number;
	if (!plan->seen.label || !plan->seen.label[0])
		return error_set_errno(err, ENODATA, "cannot read the SELinux context of process %d",
				       plan->process.pid);
	return choose_context(plan->seen.label, &plan->label, err);
}

void label_free(struct label *label)
{
	cleanup_close(&label->exec_fd);
	free(label->owned);
}

int label_apply(const struct plan *plan, struct error *err)
{
	const char *label = plan->label.text;

	if (plan->label.exec_fd >= 0 && write(plan->label.exec_fd, label, strlen(label)) < 0)
		return error_set_errno(err, errno, "cannot set the security label '%.400s'", label);
	return 0;
}
