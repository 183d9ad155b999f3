/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "enter/label.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "enter/plan.h"

static bool selinux_is_enabled(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 && (unsigned long)fs.f_type == SELINUX_MAGIC;
}

int label_plan(const struct enter_request *request, struct plan *plan, struct error *err)
{
	if (!request->follow_context || !selinux_is_enabled())
		return 0;
	if (plan_need_process(plan, "--follow-context", err) < 0)
		return -err->number;
	if (!plan->seen.label || !plan->seen.label[0])
		return error_set_errno(err, ENODATA, "cannot read the SELinux context of process %d",
				       plan->process.pid);
	plan->label.exec_fd = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
	return plan->label.exec_fd < 0
		   ? error_set_errno(err, errno, "cannot open /proc/thread-self/attr/exec")
		   : 0;
}

void label_free(struct label *label)
{
	cleanup_close(&label->exec_fd);
}

int label_apply(const struct plan *plan, struct error *err)
{
	const char *label = plan->seen.label;

	if (plan->label.exec_fd >= 0 && write(plan->label.exec_fd, label, strlen(label)) < 0)
		return error_set_errno(err, errno, "cannot set the SELinux context '%.400s'", label);
	return 0;
}
