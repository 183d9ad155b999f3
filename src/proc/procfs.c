#include "proc/procfs.h"

#include <errno.h>
#include <fcntl.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "proc/status.h"

/* More than a status ever has: 65,536 groups (NGROUPS_MAX). */
#define STATUS_LIMIT (1U << 20)

/*
 * The caller has a number in each pid namespace from that of /proc down to its
 * own (NSpid, Linux 4.1).  One number alone may be alike in two of them.
 */
int procfs_check_own(void)
{
	AUTO_STATUS struct process_status status = {0};
	AUTO_FREE char *text = NULL;
	ssize_t length = file_load_at(AT_FDCWD, "/proc/self/status", STATUS_LIMIT, &text);
	int ret = length < 0 ? (int)length : process_parse_status(text, &status);

	if (ret < 0)
		return ret;
	return status.nspid_count == 1 ? 0 : -EXDEV;
}
