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
	int ret;

	if (!request->follow_context || !selinux_is_enabled())
		return 0;
	ret = plan_need_process(plan, "--follow-context", err);
	if (ret < 0)
		return ret;
	if (!plan->seen.label || !plan->seen.label[0])
		return error_set_errno(err, ENODATA, "cannot read the SELinux context of process %d",
				       plan->process.pid);
	plan->label.exec_fd = open("/proc/thread-self/attr/exec", O_WRONLY | O_CLOEXEC);
	if (plan->label.exec_fd < 0)
		return error_set_errno(err, errno, "cannot open /proc/thread-self/attr/exec");
	return 0;
}

void label_free(struct label *label)
{
	cleanup_close(&label->exec_fd);
}

int label_apply(const struct plan *plan, struct error *err)
{
	if (plan->label.exec_fd >= 0 &&
	    write(plan->label.exec_fd, plan->seen.label, strlen(plan->seen.label)) < 0)
		return error_set_errno(err, errno, "cannot set the SELinux context '%.400s'",
				       plan->seen.label);
	return 0;
}
